//! `goward config`: explains, publishes the schema, creates.

use crate::cli::{ConfigArgs, ConfigCommand};
use crate::console::Console;
use crate::policy::{self, Asked};
use anyhow::Context as _;
use goward_config::{Policy, TEMPLATE, schema};
use goward_model::ExitStatus;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

pub(crate) fn run(args: &ConfigArgs, console: &Console) -> anyhow::Result<ExitStatus> {
    match &args.command {
        ConfigCommand::Explain { key, dir, set } => {
            anyhow::ensure!(dir.is_dir(), "{}: no such folder", dir.display());
            let policy = policy::of(dir, &Asked { set, ..Asked::default() })?;
            let text = explain(&policy, key.as_deref().unwrap_or_default());
            anyhow::ensure!(
                !text.is_empty(),
                "no key begins with {:?}",
                key.as_deref().unwrap_or_default()
            );
            console.print(&text)?;
        }
        ConfigCommand::Schema => {
            console.print(&(serde_json::to_string_pretty(&schema())? + "\n"))?;
        }
        ConfigCommand::Init { dir } => {
            init(dir)?;
            console.print(&format!("{}\n", dir.join("goward.toml").display()))?;
        }
    }
    Ok(ExitStatus::Open)
}

/// Keys that nobody set and that have no value of their own; those of single checks only where
/// somebody asks for them.
fn unset(policy: &Policy, prefix: &str) -> Vec<(String, String)> {
    let none = "(not set)";
    let optional =
        ["audit.pid", "history.path", "integrity.since", "metadata.from_list", "tls.root"];
    let mut all: Vec<(String, String)> = optional.map(|key| (key.into(), none.into())).into();
    if prefix.starts_with("checks") {
        for check in goward_checks::CATALOGUE {
            let key = |name: &str| format!("checks.{}.{name}", check.id);
            all.push((key("critical_threshold"), none.into()));
            all.push((key("enabled"), "true".into()));
            all.push((key("tier"), format!("{:?}", check.tier.as_str())));
            let slow = check.judge.needs().iter().any(|fact| fact.slow);
            let run = &policy.file.run;
            let timeout = if slow { run.slow_timeout_ms } else { run.timeout_ms };
            all.push((key("timeout_ms"), timeout.to_string()));
        }
    }
    let set = |key: &String| policy.explained.iter().any(|explained| explained.key == *key);
    all.retain(|(key, _)| key.starts_with(prefix) && !set(key));
    all
}

/// `key = value    # origin`, and below it what was overridden.
fn explain(policy: &Policy, prefix: &str) -> String {
    let mut text = String::new();
    for explained in policy.explained.iter().filter(|explained| explained.key.starts_with(prefix)) {
        let locked = explained.locked.as_ref();
        let locked = locked.map_or_else(String::new, |by| format!(", locked by {by}"));
        let layer = explained.origin.layer.as_str();
        let origin = explained.origin.to_string();
        let origin = if origin == layer { origin } else { format!("{layer}: {origin}") };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} = {}    # {origin}{locked}", explained.key, explained.value);
        for (origin, value) in explained.overridden.iter().rev() {
            let _ = writeln!(text, "    overrides {value}    # {origin}");
        }
    }
    for (key, value) in unset(policy, prefix) {
        let _ = writeln!(text, "{key} = {value}    # default");
    }
    for (kind, ids) in [
        (
            "custom",
            policy
                .custom
                .iter()
                .map(|c| (c.spec.id.clone(), c.declared.location.to_string()))
                .collect::<Vec<_>>(),
        ),
        (
            "waiver",
            policy
                .waivers
                .iter()
                .map(|w| {
                    (format!("{} {}", w.waiver.check, w.waiver.fingerprint), w.origin.to_string())
                })
                .collect(),
        ),
    ] {
        for (id, origin) in ids.into_iter().filter(|_| kind.starts_with(prefix)) {
            let _ = writeln!(text, "[[{kind}]] {id}    # {origin}");
        }
    }
    text
}

/// Never overwrites.
fn init(dir: &Path) -> anyhow::Result<()> {
    let file = dir.join("goward.toml");
    let mut new = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&file)
        .with_context(|| format!("creating {}", file.display()))?;
    new.write_all(TEMPLATE.as_bytes()).with_context(|| format!("writing {}", file.display()))
}
