//! `cargo xtask semconv`: the names that traces use are names of OpenTelemetry's semantic conventions.
//!
//! The published list is npm's `@opentelemetry/semantic-conventions`, which is generated from the
//! conventions themselves.

use crate::shell::run;
use anyhow::{Context as _, Result, ensure};
use std::process::Command;

/// A version, so that a run of tomorrow checks what a run of today did.
const PACKAGE: &str = "@opentelemetry/semantic-conventions@1.45.0";

pub fn check() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
    run({
        npm.arg(dir.path()).arg(PACKAGE);
        npm
    })?;
    let folder = dir.path().join("node_modules/@opentelemetry/semantic-conventions");
    let mut published = String::new();
    for entry in std::fs::read_dir(folder.join("dist")).context("the package has another shape")? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "mjs") {
            published += &std::fs::read_to_string(path)?;
        }
    }
    let unknown: Vec<&str> = goward_sinks::otlp::NAMES
        .iter()
        .copied()
        .filter(|name| !published.contains(&format!("\"{name}\"")))
        .collect();
    ensure!(unknown.is_empty(), "{PACKAGE} knows no {}", unknown.join(", "));
    // What is published is looked for, and not merely any text.
    ensure!(!published.contains("\"go.build.package\""), "the list holds what it cannot hold");
    println!("==> {} names are in {PACKAGE}", goward_sinks::otlp::NAMES.len());
    Ok(())
}
