//! `cargo xtask test`: everything, in the order in which mistakes are cheapest to hear of.

use crate::shell::{command, line, step};
use crate::{docs, guards, layers, semconv, setup};
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
    semconv::check()?;
    docs::checks(true)?;
    docs::causes(true)?;
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

/// The example is a real service: its own tests pass, too. All its modules are there for the checks that come behind.
fn example() -> Result<()> {
    for args in [&["mod", "download"][..], &["vet", "./..."], &["test", "./..."]] {
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

/// The seed of the property tests: a change is judged by its own texts, the same ones here and in CI. Other texts are
/// what [`explore`] is for.
const SEED: (&str, &str) = ("PROPTEST_RNG_SEED", "20261123");

/// Runs the property tests with texts that nobody saw before, round after round. What fails becomes a test of its own.
pub fn explore(rounds: u32) -> Result<()> {
    for round in 1..=rounds {
        let since =
            std::time::SystemTime::UNIX_EPOCH.elapsed().context("the clock is before 1970")?;
        let seed = since.as_nanos() as u64;
        println!("==> round {round} of {rounds}: {}={seed}", SEED.0);
        for package in with_properties()? {
            let mut cargo = command("cargo", &["test", "--quiet", "--package", &package]);
            cargo.env(SEED.0, seed.to_string());
            crate::shell::run(cargo)?;
        }
    }
    Ok(())
}

/// The crates that hold property tests.
fn with_properties() -> Result<Vec<String>> {
    let listed = command("git", &["grep", "-l", "proptest!", "--", "crates"]).output()?;
    ensure!(listed.status.success(), "git grep failed: {}", listed.status);
    let files = String::from_utf8(listed.stdout)?;
    let crates = files.lines().filter_map(|file| file.split('/').nth(1));
    Ok(crates.map(str::to_owned).collect::<std::collections::BTreeSet<_>>().into_iter().collect())
}

/// Runs all tests and adds up what each test binary says in its last line.
fn tests() -> Result<Tally> {
    let mut cargo = command("cargo", &["test", "--workspace", "--no-fail-fast"]);
    if std::env::var_os(SEED.0).is_none() {
        cargo.env(SEED.0, SEED.1);
    }
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
