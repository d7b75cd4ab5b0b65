//! `cargo xtask fuzz`: each fuzz target for some time. What it finds is in `fuzz/artifacts`, and gets a test of its own.

mod seeds;

use crate::shell::{command, root, step};
use anyhow::{Context as _, Result, bail, ensure};

/// How long each target runs, unless told.
const SECONDS: u32 = 60;

/// Targets whose input is edits of whole programs. To note each comparison of megabytes costs more than half of a run,
/// and what is compared says nothing about edits.
const WHOLE_PROGRAMS: [&str; 1] = ["repro_programs"];

fn run_targets(seconds: u32, only: Option<&str>) -> Result<()> {
    let installed = command("cargo", &["fuzz", "--version"]).output()?.status.success();
    if !installed {
        step("cargo", &["install", "--locked", "cargo-fuzz@0.13.2"])?;
    }
    let all = targets()?;
    let chosen: Vec<&String> =
        all.iter().filter(|name| only.is_none_or(|only| only == name.as_str())).collect();
    ensure!(!chosen.is_empty(), "no such target; there are {}", all.join(", "));
    seeds::make()?;
    let time = format!("-max_total_time={seconds}");
    let mut broken = vec![];
    for name in chosen {
        // A target that holds a file in memory needs no more; what asks for more is a finding.
        let limits = ["-rss_limit_mb=2048", "-timeout=20", "-print_final_stats=1"];
        let mut cargo = vec!["+nightly", "fuzz", "run"];
        if WHOLE_PROGRAMS.contains(&name.as_str()) {
            cargo.push("--no-trace-compares");
        }
        cargo.extend([name, "--", &time]);
        if let Err(err) = step("cargo", &[&cargo[..], &limits].concat()) {
            println!("{err:#}");
            broken.push(name.as_str());
        }
    }
    ensure!(broken.is_empty(), "found something: {}; see fuzz/artifacts", broken.join(", "));
    Ok(())
}

/// `[--seconds N] [TARGET]`.
pub fn run(args: &[&str]) -> Result<()> {
    match args {
        [] => run_targets(SECONDS, None),
        ["--seconds", seconds] => run_targets(seconds.parse().context("N is a number")?, None),
        ["--seconds", seconds, target] => {
            run_targets(seconds.parse().context("N is a number")?, Some(target))
        }
        [target] if !target.starts_with('-') => run_targets(SECONDS, Some(target)),
        _ => bail!("cargo xtask fuzz [--seconds N] [TARGET]"),
    }
}

/// By their files.
fn targets() -> Result<Vec<String>> {
    let folder = root().join("fuzz/fuzz_targets");
    let files = std::fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
    let mut names: Vec<String> = vec![];
    for file in files {
        let path = file?.path();
        if path.extension().is_some_and(|end| end == "rs") {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}
