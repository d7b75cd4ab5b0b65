//! `cargo xtask layers`: dependencies point downwards only.

use crate::shell::command;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// From the bottom to the top. A crate may depend on crates above it in this list only.
const LAYERS: &[&str] = &[
    "goward-model",
    "overlay",
    "goward-system",
    "goward-git",
    "gomod",
    "goheader",
    "gosumdb",
    "buildlist",
    "gopackages",
    "modcache",
    "goartifact",
    "gocache",
    "signedcache",
    "conftree",
    "dockerfile",
    "buildcontext",
    "launchflag",
    "leftover",
    "servercert",
    "goenvscan",
    "gorepro",
    "gosnapshot",
    "goward-causes",
    "toolobserver",
    "goward-build",
    "goward-chaos",
    "goward-facts",
    "goward-checks",
    "goward-config",
    "goward-engine",
    "goward-history",
    "goward-report",
    "goward-sinks",
    "goward",
    "xtask",
];

/// Libraries that are useful without goward: they know none of its types.
const FREE_STANDING: &[&str] = &[
    "gomod",
    "goheader",
    "gosumdb",
    "overlay",
    "buildlist",
    "gopackages",
    "modcache",
    "goartifact",
    "gocache",
    "signedcache",
    "conftree",
    "dockerfile",
    "buildcontext",
    "launchflag",
    "leftover",
    "servercert",
    "goenvscan",
    "gorepro",
    "gosnapshot",
    "goward-causes",
    "toolobserver",
];

/// Edges that point downwards and are forbidden all the same, and why.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    ("goward-checks", "goward-system", "checks are pure"),
    ("goward-report", "goward-system", "renderers are pure"),
    ("goward-report", "goward-checks", "renderers know only the model"),
    ("goward-system", "goward-model", "the door knows no nouns"),
    ("goward-history", "goward-system", "sinks know only the model"),
    ("goward-engine", "goward-report", "the engine knows no sinks"),
    ("goward-engine", "goward-history", "the engine knows no sinks"),
];

/// Third parties that only some crates may use.
const RESERVED: &[(&str, &[&str])] = &[
    ("clap", &["goward"]),
    ("anyhow", &["goward", "xtask"]),
    ("tokio", &["goward-sinks"]),
    ("tonic", &["goward-sinks"]),
    ("rusqlite", &["goward-history"]),
    ("ureq", &["goward-system", "goward-sinks", "signedcache"]),
    (
        "rustix",
        &[
            "toolobserver",
            "goward-system",
            "goward-build",
            "buildlist",
            "gopackages",
            "goartifact",
            "gocache",
            "signedcache",
        ],
    ),
];

/// One dependency: who, on whom.
type Edge = (String, String);

pub fn run() -> Result<()> {
    let edges = edges()?;
    let wrong = violations(&edges);
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("==> layers hold ({} dependencies)", edges.len());
    Ok(())
}

/// The workspace's own normal dependencies, from cargo itself.
fn edges() -> Result<Vec<Edge>> {
    let output = command("cargo", &["metadata", "--format-version=1", "--no-deps"]).output()?;
    ensure!(output.status.success(), "cargo metadata failed");
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    let mut edges = vec![];
    for package in packages {
        let name = package["name"].as_str().context("no name")?;
        for dependency in package["dependencies"].as_array().context("no dependencies")? {
            if dependency["kind"].is_null() {
                let on = dependency["name"].as_str().context("no name")?;
                edges.push((name.to_owned(), on.to_owned()));
            }
        }
    }
    Ok(edges)
}

/// What is wrong with these dependencies.
fn violations(edges: &[Edge]) -> Vec<String> {
    let rank = |name: &str| LAYERS.iter().position(|layer| *layer == name);
    let mut wrong = vec![];
    for (from, on) in edges {
        match (rank(from), rank(on)) {
            (None, _) => wrong.push(format!("{from} has no place in xtask/src/layers.rs")),
            (Some(a), Some(b)) if b >= a => {
                wrong.push(format!("{from} must not depend on {on}: dependencies point down"));
            }
            _ => {}
        }
        if FREE_STANDING.contains(&from.as_str()) && on.starts_with("goward") {
            wrong.push(format!("{from} must not depend on {on}: it is useful without goward"));
        }
        if let Some((.., why)) = FORBIDDEN.iter().find(|(a, b, _)| a == from && b == on) {
            wrong.push(format!("{from} must not depend on {on}: {why}"));
        }
        if let Some((_, users)) = RESERVED.iter().find(|(name, _)| name == on)
            && !users.contains(&from.as_str())
        {
            wrong.push(format!("{from} must not depend on {on}: it is for {users:?}"));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planted_violations_are_caught() {
        for (from, on) in [
            ("goward-model", "goward-system"),
            ("goward-engine", "goward"),
            ("goward-checks", "goward-system"),
            ("gomod", "goward-model"),
            ("goward-engine", "clap"),
            ("goward-facts", "tokio"),
            ("new-crate", "serde"),
        ] {
            let wrong = violations(&[(from.into(), on.into())]);
            assert!(!wrong.is_empty(), "{from} → {on} was let through");
        }
        assert!(violations(&[("goward-facts".into(), "goward-system".into())]).is_empty());
    }
}
