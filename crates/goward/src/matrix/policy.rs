//! What the command line does not say, the policy does.

use crate::cli::{Cgo, MatrixArgs};
use crate::policy::{self, Asked};
use anyhow::Context as _;
use goward_config::{CgoCells, Layer, Policy};
use std::path::Path;

/// The flags, completed, and who said what.
pub(super) struct Completed {
    /// With nothing left open.
    pub(super) args: MatrixArgs,
    policy: Policy,
}

impl Completed {
    /// What a mistake is of: the flag, or the key and where it was written.
    pub(super) fn label(&self, flag: &str, key: &str) -> String {
        let origin = self.policy.origin(key);
        match origin.layer {
            Layer::Flag | Layer::Default => flag.to_owned(),
            _ => format!("{origin}: {key}"),
        }
    }

    /// A mistake with where it was written, if the policy has it.
    pub(super) fn blame(&self, key: &str, err: anyhow::Error) -> anyhow::Error {
        let origin = self.policy.origin(key);
        match origin.layer {
            Layer::Flag | Layer::Default => err,
            _ => err.context(format!("{origin}: {key}")),
        }
    }
}

/// Flags are the policy's highest layer: what it locks, they do not change.
pub(super) fn complete(args: &MatrixArgs, dir: &Path) -> anyhow::Result<Completed> {
    let flags = flags(args)?;
    let policy = policy::of(dir, &Asked { flags, ..Asked::default() })?;
    let settings = &policy.file.matrix;
    let mut args = args.clone();
    args.go.clone_from(&settings.go);
    args.platform.clone_from(&settings.platforms);
    args.allow.clone_from(&settings.allow);
    args.cgo = Some(match settings.cgo {
        CgoCells::On => Cgo::On,
        CgoCells::Off => Cgo::Off,
        CgoCells::Both => Cgo::Both,
    });
    // What is written in no such form is judged as it was written.
    args.cc.retain(|text| !text.contains('='));
    args.cc.extend(settings.cc.iter().map(|(platform, program)| format!("{platform}={program}")));
    args.jobs = args.jobs.or_else(|| Some(settings.jobs).filter(|jobs| *jobs > 0));
    let memory = settings.max_memory.as_deref().and_then(goward_config::size);
    args.max_memory = args.max_memory.or(memory);
    Ok(Completed { args, policy })
}

/// Those that were given: how each is written, the key it sets, the value as TOML.
fn flags(args: &MatrixArgs) -> anyhow::Result<Vec<(String, String, String)>> {
    let mut all = vec![];
    let lists = [
        ("--go", "matrix.go", &args.go),
        ("--platform", "matrix.platforms", &args.platform),
        ("--allow", "matrix.allow", &args.allow),
    ];
    for (flag, key, list) in lists.into_iter().filter(|(_, _, list)| !list.is_empty()) {
        // JSON's texts are TOML's, too.
        let value = serde_json::to_string(list).context("a list of flags")?;
        all.push((format!("{flag} {}", list.join(",")), key.to_owned(), value));
    }
    if let Some(cgo) = args.cgo {
        let value = match cgo {
            Cgo::On => "on",
            Cgo::Off => "off",
            Cgo::Both => "both",
        };
        all.push((format!("--cgo {value}"), "matrix.cgo".into(), value.into()));
    }
    for text in &args.cc {
        if let Some((platform, program)) = text.split_once('=') {
            let value = serde_json::to_string(program).context("a flag")?;
            all.push((format!("--cc {text}"), format!("matrix.cc.{platform}"), value));
        }
    }
    if let Some(jobs) = args.jobs {
        all.push((format!("--jobs {jobs}"), "matrix.jobs".into(), jobs.to_string()));
    }
    if let Some(bytes) = args.max_memory {
        let value = format!("\"{bytes}\"");
        all.push((format!("--max-memory {bytes}"), "matrix.max_memory".into(), value));
    }
    Ok(all)
}
