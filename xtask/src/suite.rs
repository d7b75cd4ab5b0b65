//! `cargo xtask test`: everything, in the order in which mistakes are cheapest to hear of.

use crate::shell::{command, line, step};
use crate::{docs, guards, layers, setup};
use anyhow::{Context as _, Result, ensure};
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

pub fn run() -> Result<()> {
    setup::run_setup()?;
    step("cargo", &["fmt", "--all", "--check"])?;
    step("cargo", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])?;
    let mut rustdoc = command("cargo", &["doc", "--workspace", "--no-deps", "--quiet"]);
    rustdoc.env("RUSTDOCFLAGS", "-D warnings");
    crate::shell::run(rustdoc)?;
    // Advisories need the RustSec repository, which no package registry serves; see CONTRIBUTING.
    step("cargo", &["deny", "--log-level", "error", "check", "bans", "licenses", "sources"])?;
    layers::run()?;
    guards::run()?;
    docs::checks(true)?;
    docs::schemas(true)?;
    example()?;
    step("cargo", &["build", "--workspace", "--all-targets", "--quiet"])?;
    let tally = tests()?;
    for reason in &tally.skipped {
        println!("{reason}");
    }
    // The harness knows no skipping at run time: to it, these passed.
    let at_run_time = u32::try_from(tally.skipped.len())?;
    let passed = tally.passed.saturating_sub(at_run_time);
    let skipped = tally.ignored + at_run_time;
    println!("total: {passed} passed, {} failed, {skipped} skipped", tally.failed);
    ensure!(tally.passed > 0 && tally.failed == 0, "the tests failed");
    Ok(())
}

/// The example is a real service: its own tests pass, too.
fn example() -> Result<()> {
    for args in [&["vet", "./..."][..], &["test", "./..."]] {
        let mut go = command("go", args);
        go.current_dir(crate::shell::root().join("examples/payments"));
        crate::shell::run(go)?;
    }
    Ok(())
}

#[derive(Default)]
struct Tally {
    passed: u32,
    failed: u32,
    ignored: u32,
    /// What the kernel or the user's rights did not allow, each with its reason.
    skipped: Vec<String>,
}

/// Runs all tests and adds up what each test binary says in its last line.
fn tests() -> Result<Tally> {
    let mut cargo = command("cargo", &["test", "--workspace", "--no-fail-fast"]);
    println!("==> {}", line(&cargo));
    let mut child = cargo.stdout(Stdio::piped()).spawn().context("starting cargo test")?;
    let mut tally = Tally::default();
    let output = child.stdout.take().context("cargo test has no output")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        if line.starts_with("skipped: ") {
            tally.skipped.push(line);
            continue;
        }
        let Some(counts) = line.strip_prefix("test result: ") else { continue };
        let count = |what: &str| -> u32 {
            let words: Vec<&str> =
                counts.split([' ', ';', '.']).filter(|w| !w.is_empty()).collect();
            let at = words.iter().position(|word| *word == what).unwrap_or(0);
            words.get(at.wrapping_sub(1)).and_then(|number| number.parse().ok()).unwrap_or(0)
        };
        tally.passed += count("passed");
        tally.failed += count("failed");
        tally.ignored += count("ignored");
    }
    let status = child.wait()?;
    ensure!(status.success() || tally.failed > 0, "cargo test failed: {status}");
    Ok(tally)
}
