//! What is asked of a program: the policy, and the flags as its topmost layer, which a lock refuses.

use crate::cli::InspectArgs;
use crate::policy::{self, Asked};
use std::path::Path;
use toml::Value;

/// The arguments with what the policy says, and the files that it was read from.
pub(super) fn with_policy(args: &InspectArgs) -> anyhow::Result<(InspectArgs, Vec<String>)> {
    let asked = Asked { file: args.policy.as_deref(), set: &args.set, flags: as_policy(args)? };
    let policy = policy::of(Path::new("."), &asked)?;
    let settings = policy.file.inspect;
    let mut args = args.clone();
    args.need = settings.need.iter().map(|profile| (*profile).into()).collect();
    args.min_percent = Some(settings.min_percent);
    args.max_growth = settings.max_growth_percent.filter(|_| args.against.is_some());
    args.require_source_prefix = settings.require_source_prefix;
    args.forbid_source_prefix = settings.forbid_source_prefix;
    // Each path begins with nothing: required it passes all, forbidden it fails all.
    for (what, prefixes) in [
        ("--require-source-prefix", &args.require_source_prefix),
        ("--forbid-source-prefix", &args.forbid_source_prefix),
    ] {
        let empty = prefixes.iter().any(|prefix| prefix.trim().is_empty());
        anyhow::ensure!(
            !empty,
            "{what}: the prefix is empty (a variable that is not set?); write one, as in /src/"
        );
    }
    Ok((args, policy.files))
}

/// The flags that are policy in another spelling: as they are written, their key, the value.
fn as_policy(args: &InspectArgs) -> anyhow::Result<Vec<(String, String, String)>> {
    if let Some(percent) = args.min_percent {
        anyhow::ensure!(
            (0.0..=100.0).contains(&percent),
            "--min-percent {percent}: write a number from 0 to 100"
        );
    }
    if let Some(growth) = args.max_growth {
        anyhow::ensure!(
            growth >= 0.0 && growth.is_finite(),
            "--max-growth: write a number from 0 upwards"
        );
    }
    let list = |flag: &str, key: &str, values: Vec<String>| {
        let written: Vec<String> = values.iter().map(|value| format!("{flag} {value}")).collect();
        let values = Value::Array(values.into_iter().map(Value::String).collect());
        (!written.is_empty()).then(|| (written.join(" "), key.to_owned(), values.to_string()))
    };
    let number = |flag: &str, key: &str, value: Option<f64>| {
        value.map(|it| (format!("{flag} {it}"), key.to_owned(), Value::Float(it).to_string()))
    };
    let need = args.need.iter().map(|need| need.as_str().to_owned()).collect();
    let all = [
        list("--need", "inspect.need", need),
        number("--min-percent", "inspect.min_percent", args.min_percent),
        number("--max-growth", "inspect.max_growth_percent", args.max_growth),
        list(
            "--require-source-prefix",
            "inspect.require_source_prefix",
            args.require_source_prefix.clone(),
        ),
        list(
            "--forbid-source-prefix",
            "inspect.forbid_source_prefix",
            args.forbid_source_prefix.clone(),
        ),
    ];
    Ok(all.into_iter().flatten().collect())
}
