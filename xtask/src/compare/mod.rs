//! `cargo xtask compare`: goward against its peers, both sides interleaved in one run.
//!
//! These are ratios of CPU seconds and of peak memory. Wall time is printed, but a shared machine
//! makes it swing; where the two sides do different work, the line says so.

mod build;
mod cache;
pub mod explain;
mod graph;
mod hooks;
mod inspect;
mod logs;
mod modules;
mod repro;

use crate::shell::{command, exists, root};
use anyhow::{Context as _, Result, bail, ensure};
use nix::sys::prctl::set_child_subreaper;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use nix::sys::wait::waitpid;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// How often each side runs; the medians are compared.
const ROUNDS: usize = 7;

pub fn run(what: &str, args: &[&str]) -> Result<()> {
    // Needs no release build.
    if what == "explain" {
        print!("{}", explain::report()?);
        return Ok(());
    }
    ensure!(
        command("cargo", &["build", "--release", "--quiet", "--package", "goward"])
            .status()?
            .success(),
        "the release build failed"
    );
    match (what, args) {
        ("placeholders", [dir]) => placeholders(dir),
        ("check", [dir]) => check(dir),
        ("items", []) => items(),
        ("flood", []) => flood(),
        ("startup", []) => startup(),
        ("modcache", [dir]) => modules::modcache(dir),
        ("build-list", [dir]) => modules::build_list(dir),
        ("cache", [dir]) => cache::cache(dir),
        ("serve", [dir, package]) => cache::serve(dir, package),
        ("context", []) => modules::context(),
        ("graph", [dir]) => graph::graph(dir),
        ("inspect", []) => inspect::inspect(None),
        ("inspect", [bin]) => inspect::inspect(Some(bin)),
        ("logs", []) => logs::logs(100),
        ("logs", [megabytes]) => logs::logs(megabytes.parse()?),
        ("build", [dir, package]) => build::build(dir, package),
        ("repro", args) if args.len() <= 2 => repro::repro(args),
        ("hook-cases", []) => hooks::cases(),
        ("hook", [repo, file]) => graph::hook(repo, file),
        _ => bail!(
            "compare placeholders DIR | check DIR | items | flood | startup | modcache DIR | build-list DIR | context | cache DIR | serve DIR PACKAGE | graph DIR | hook-cases | hook REPO FILE | build DIR PACKAGE | inspect [BIN] | logs [MB] | repro [REPO | A B]"
        ),
    }
}

fn goward() -> String {
    root().join("target/release/goward").display().to_string()
}

/// One side of a comparison.
struct Side {
    name: &'static str,
    argv: Vec<String>,
}

fn side(name: &'static str, argv: &[&str]) -> Side {
    Side { name, argv: argv.iter().map(|arg| (*arg).to_owned()).collect() }
}

/// What one run cost.
#[derive(Clone, Copy, Default)]
struct Cost {
    cpu: f64,
    wall: f64,
}

/// Runs a program with its output thrown away.
fn measure(side: &Side) -> Result<Cost> {
    let cpu = || -> Result<f64> {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
        let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
        Ok(micros as f64 / 1e6)
    };
    // What a side leaves running comes to us and counts: go does not wait for its cache program.
    set_child_subreaper(true)?;
    let (before, started) = (cpu()?, Instant::now());
    let status = Command::new(&side.argv[0])
        .args(&side.argv[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .with_context(|| format!("starting {}", side.argv.join(" ")))?;
    let wall = started.elapsed().as_secs_f64();
    ensure!(status.code().is_some_and(|code| code < 4), "{}: {status}", side.argv.join(" "));
    while waitpid(None, None).is_ok() {}
    Ok(Cost { cpu: cpu()? - before, wall })
}

/// Peak memory of one run in MiB, by the kernel's own account of that process alone.
fn memory(side: &Side) -> Result<f64> {
    let mut child = Command::new(&side.argv[0])
        .args(&side.argv[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0_f64;
    while child.try_wait()?.is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        peak = peak.max(kib.unwrap_or(0.0));
        std::thread::sleep(std::time::Duration::from_micros(200));
    }
    Ok(peak / 1024.0)
}

/// Runs the sides in turn and prints medians and ratios against the first.
fn compare(title: &str, sides: &[Side], note: &str) -> Result<()> {
    compare_rounds(ROUNDS, title, sides, note)
}

/// As [`compare`], where a run takes minutes.
fn compare_rounds(rounds: usize, title: &str, sides: &[Side], note: &str) -> Result<()> {
    let mut costs = vec![vec![]; sides.len()];
    for side in sides.iter().filter(|_| rounds == ROUNDS) {
        measure(side)?; // warm the disk
    }
    for _ in 0..rounds {
        for (i, side) in sides.iter().enumerate() {
            costs[i].push(measure(side)?);
        }
    }
    let median = |of: &dyn Fn(&Cost) -> f64, costs: &[Cost]| {
        let mut values: Vec<f64> = costs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let first_cpu = median(&|cost| cost.cpu, &costs[0]);
    let mut text = format!("\n{title} (median of {rounds}, interleaved)\n");
    for (side, costs) in sides.iter().zip(&costs) {
        let cpu = median(&|cost| cost.cpu, costs);
        let wall = median(&|cost| cost.wall, costs);
        writeln!(
            text,
            "  {:<28} cpu {cpu:>7.3} s   wall {wall:>7.3} s   peak {:>6.1} MiB   goward/this {:>5.2}",
            side.name,
            if rounds == ROUNDS { memory(side)? } else { f64::NAN },
            first_cpu / cpu.max(1e-6),
        )?;
    }
    println!("{text}  {note}");
    Ok(())
}

const BASE: &[&str] = &["--no-history", "--format", "json"];

fn check_side(name: &'static str, dir: &str, more: &[&str]) -> Side {
    let goward = goward();
    let mut argv = vec![goward.as_str(), "check", dir];
    argv.extend(BASE);
    argv.extend(more);
    side(name, &argv)
}

fn placeholders(dir: &str) -> Result<()> {
    ensure!(exists("rg"), "ripgrep is not installed: apt-get install ripgrep");
    let pattern = r"\{\{\s*([A-Z_]+)\s*\}\}";
    // Without the repository's own data: goward asks git for the commit, rg does not.
    let copy = tempfile::tempdir()?;
    let status =
        Command::new("cp").args(["-R", "--", dir]).arg(copy.path().join("tree")).status()?;
    ensure!(status.success(), "copying {dir} failed");
    let tree = copy.path().join("tree");
    for data in [".git", ".gitmodules"] {
        let data = tree.join(data);
        if data.is_dir() {
            std::fs::remove_dir_all(data)?;
        } else if data.exists() {
            std::fs::remove_file(data)?;
        }
    }
    let tree = tree.display().to_string();
    let sides = [
        check_side(
            "goward placeholders",
            &tree,
            &["--only", "placeholder-unknown,placeholder-lower-case,placeholder-left"],
        ),
        side("rg", &["rg", "--hidden", "--no-messages", pattern, &tree]),
    ];
    compare(
        &format!("placeholder scan of {dir}"),
        &sides,
        "different work: rg reads every file; goward reads no file whose name says that it is a program or a document, \
         but judges comments and templates, gives columns, runs `go env` and writes a report",
    )
}

fn check(dir: &str) -> Result<()> {
    compare(
        &format!("whole check of {dir}"),
        &[check_side("goward check", dir, &[])],
        "one side only",
    )
}

fn startup() -> Result<()> {
    let goward = goward();
    let sides = [side("goward --version", &[&goward, "--version"]), side("true", &["true"])];
    compare("start to first output", &sides, "`true` is the cost of a process")
}

/// A target whose policy asks for `policy`.
fn target(policy: &str) -> Result<tempfile::TempDir> {
    let dir = tempfile::tempdir()?;
    std::fs::write(dir.path().join("go.mod"), "module example.com/m\n\ngo 1.24\n")?;
    std::fs::write(dir.path().join("goward.toml"), policy)?;
    Ok(dir)
}

/// 500 commands and 2,000 files, as goss would be asked for them.
fn items() -> Result<()> {
    let (mut policy, mut gossfile) = (String::new(), String::from("command:\n"));
    for i in 0..500 {
        write!(policy, "[[custom]]\nid = \"command-{i}\"\ncommand = [\"true\"]\n")?;
        write!(
            gossfile,
            "  command-{i}:\n    exec: \"true\"\n    exit-status: 0\n    timeout: 3000\n"
        )?;
    }
    gossfile += "file:\n";
    for i in 0..2000 {
        write!(policy, "[[custom]]\nid = \"file-{i}\"\nfile = \"f/{i}\"\n")?;
    }
    let dir = target(&policy)?;
    std::fs::create_dir(dir.path().join("f"))?;
    for i in 0..2000 {
        std::fs::write(dir.path().join(format!("f/{i}")), "x")?;
        write!(gossfile, "  {}/f/{i}:\n    exists: true\n", dir.path().display())?;
    }
    std::fs::write(dir.path().join("goss.yaml"), gossfile)?;
    let path = dir.path().display().to_string();
    peers("500 commands and 2,000 files", &path, &["--group", "custom"])
}

/// A command that prints 300 MB and leaves a child behind that holds the pipe.
fn flood() -> Result<()> {
    let line = "head -c 300000000 /dev/zero; sleep 20 & true";
    let policy = format!("[[custom]]\nid = \"flood\"\ntimeout_ms = 3000\ncommand = \"{line}\"\n");
    let dir = target(&policy)?;
    let goss = format!(
        "command:\n  flood:\n    exec: \"{line}\"\n    exit-status: 0\n    timeout: 3000\n"
    );
    std::fs::write(dir.path().join("goss.yaml"), goss)?;
    let path = dir.path().display().to_string();
    let one = check_side("goward", &path, &["--group", "custom"]);
    let cost = measure(&one)?;
    println!(
        "goward: cpu {:.2} s, wall {:.2} s, peak {:.1} MiB",
        cost.cpu,
        cost.wall,
        memory(&one)?
    );
    if let Some(goss) = goss_side(&path) {
        let cost = measure(&goss)?;
        println!(
            "goss:   cpu {:.2} s, wall {:.2} s, peak {:.1} MiB",
            cost.cpu,
            cost.wall,
            memory(&goss)?
        );
    }
    Ok(())
}

fn peers(title: &str, path: &str, more: &[&str]) -> Result<()> {
    let mut sides = vec![check_side("goward", path, more)];
    sides.extend(goss_side(path));
    let note = if sides.len() == 1 {
        "goss is not on the PATH: install it from https://goss.rocks to compare"
    } else {
        "goward also finds the module, asks git and go, and applies the policy"
    };
    compare(title, &sides, note)
}

fn goss_side(path: &str) -> Option<Side> {
    let gossfile = Path::new(path).join("goss.yaml").display().to_string();
    exists("goss").then(|| {
        side("goss", &["goss", "--gossfile", &gossfile, "validate", "--max-concurrent", "50"])
    })
}
