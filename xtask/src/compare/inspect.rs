//! What it costs to read a program, beside those who read parts of it.

use super::{compare, goward, side};
use crate::shell::{command, exists, root, run};
use anyhow::{Context as _, Result, ensure};

const GO: &str = include_str!("inspect.go.txt");

/// `BIN` is an ELF program that Go built, with debug information; without one, the example service is built.
pub fn inspect(bin: Option<&str>) -> Result<()> {
    const DWARFDUMP: &str = "llvm-dwarfdump-19";
    ensure!(exists(DWARFDUMP), "{DWARFDUMP} is not installed: apt-get install llvm-19");
    let dir = tempfile::tempdir()?;
    let place = |name: &str| dir.path().join(name).display().to_string();
    std::fs::write(place("main.go"), GO)?;
    let (reader, example) = (place("reader"), place("payments"));
    run(command("go", &["build", "-o", &reader, &place("main.go")]))?;
    let bin = match bin {
        Some(bin) => bin.to_owned(),
        None => {
            let mut go = command("go", &["build", "-o", &example, "./cmd/payments"]);
            go.current_dir(root().join("examples/payments"));
            run(go)?;
            example
        }
    };
    // nm ships as source with newer toolchains: the go command builds it at its first use, and is not counted.
    let nm = place("nm");
    run(command("go", &["build", "-o", &nm, "cmd/nm"]))?;
    let size = std::fs::metadata(&bin).with_context(|| bin.clone())?.len();
    let goward = goward();
    let levels = [&goward, "inspect", "--no-history", "--format", "json", &bin];
    let profile = [&goward, "inspect", "--no-history", "--need", "trace", &bin];
    compare(
        &format!("reading {bin}, {:.1} MiB", size as f64 / f64::from(1 << 20)),
        &[
            side("goward inspect", &levels),
            side("goward inspect --need trace", &profile),
            side("go tool nm", &[&nm, &bin]),
            side("llvm-dwarfdump --statistics", &[DWARFDUMP, "--statistics", &bin]),
            side("debug/gosym + debug/dwarf", &[&reader, &bin]),
        ],
        "different work: nm reads the symbol table alone, dwarfdump DWARF alone (all of it); the Go program counts \
         what goward does, and judges nothing",
    )
}
