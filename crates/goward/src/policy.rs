//! Finds the policy's files and puts its layers together.
#![expect(clippy::disallowed_methods, reason = "the composition root reads the user's own files")]

use anyhow::{Context as _, bail};
use goward_config::{Policy, PolicyText, Sources, load};
use std::path::{Path, PathBuf};

/// A policy file is written by people.
const LIMIT: u64 = 1 << 20;
/// Folders above the target that are looked at.
const MAX_DEPTH: usize = 40;

/// What the command line says about the policy.
#[derive(Default)]
pub(crate) struct Asked<'a> {
    /// `--policy`.
    pub(crate) file: Option<&'a Path>,
    /// `--set KEY=VALUE`.
    pub(crate) set: &'a [String],
    /// Other flags: how they are written, the key they set, the value.
    pub(crate) flags: Vec<(String, String, String)>,
}

/// Loads the policy of the target at `dir`; all mistakes at once.
pub(crate) fn of(dir: &Path, asked: &Asked<'_>) -> anyhow::Result<Policy> {
    let organisation = match std::env::var("GOWARD_POLICY") {
        // A variable that a CI job meant to set, and did not, must not take the policy away.
        Ok(path) if path.is_empty() => bail!(
            "GOWARD_POLICY is set but empty: name the organisation's policy file, or unset it"
        ),
        Ok(path) => {
            let read =
                read(Path::new(&path)).context("the organisation's policy (GOWARD_POLICY)")?;
            Some(PolicyText { path, text: read })
        }
        _ => None,
    };
    let repository = match asked.file {
        Some(file) => Some((file.display().to_string(), file.to_owned())),
        None => find(dir),
    };
    let repository = repository
        .map(|(path, file)| Ok::<_, anyhow::Error>(PolicyText { path, text: read(&file)? }))
        .transpose()?;
    let mut flags = asked.flags.clone();
    for pair in asked.set {
        let Some((key, value)) = pair.split_once('=') else {
            bail!("--set {pair}: write --set KEY=VALUE");
        };
        flags.push((format!("--set {pair}"), key.trim().to_owned(), value.trim().to_owned()));
    }
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    load(&Sources { organisation, repository, environment, flags }).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{}", lines.join("\n"))
    })
}

/// The folder of the nearest `goward.toml`.
pub(crate) fn folder(dir: &Path) -> Option<PathBuf> {
    let (_, file) = find(dir)?;
    Some(overlay::cleaned(file.parent()?))
}

/// The nearest `goward.toml` at `dir` or above, within the repository; with its path relative to
/// `dir`, as findings name it.
fn find(dir: &Path) -> Option<(String, PathBuf)> {
    let mut above = String::new();
    for _ in 0..MAX_DEPTH {
        let name = format!("{above}goward.toml");
        let file = dir.join(&name);
        if file.is_file() {
            return Some((name, file));
        }
        if dir.join(&above).join(".git").exists() {
            return None;
        }
        above.push_str("../");
    }
    None
}

fn read(file: &Path) -> anyhow::Result<String> {
    let name = file.display();
    let size = std::fs::metadata(file).with_context(|| format!("{name}"))?.len();
    if size > LIMIT {
        bail!("{name}: {size} bytes are more than a policy may have ({LIMIT})");
    }
    let bytes = std::fs::read(file).with_context(|| format!("{name}"))?;
    String::from_utf8(bytes).map_err(|err| {
        let before = &err.as_bytes()[..err.utf8_error().valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        anyhow::anyhow!("{name}:{line}: not valid UTF-8; save the file as UTF-8")
    })
}
