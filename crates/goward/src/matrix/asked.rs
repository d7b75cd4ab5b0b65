//! What is asked for on the command line, and what is wrong with it.

use super::cell::Platform;
use super::plan::Allowed;
use super::platforms::{Ports, parse};
use super::policy::Completed;
use super::toolchains::Local;
use crate::cli::MatrixArgs;
use anyhow::{Context as _, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};

/// The flags, understood.
pub(super) struct Wanted {
    pub(super) platforms: Vec<Platform>,
    /// C compilers that are named.
    pub(super) cc: BTreeMap<Platform, String>,
    pub(super) allowed: Vec<Allowed>,
    /// The tags of `-tags`, where that is given.
    pub(super) tags: Option<BTreeSet<String>>,
}

impl Wanted {
    pub(super) fn of(asked: &Completed, local: &Local, known: &Ports) -> anyhow::Result<Self> {
        let args = &asked.args;
        let platform = |flag: &str, text: &str| parse(flag, text, &local.host, known);
        let mut platforms = vec![];
        let label = asked.label("--platform", "matrix.platforms");
        for text in &args.platform {
            let one = platform(&label, text)?;
            if !platforms.contains(&one) {
                platforms.push(one);
            }
        }
        let mut cc = BTreeMap::new();
        for text in &args.cc {
            let (name, program) = text
                .split_once('=')
                .filter(|(_, program)| !program.trim().is_empty())
                .with_context(|| format!("--cc {text}: write OS/ARCH=PROGRAM"))?;
            let label = asked.label("--cc", &format!("matrix.cc.{name}"));
            cc.insert(platform(&label, name)?, program.trim().to_owned());
        }
        let mut allowed = vec![];
        let label = asked.label("--allow", "matrix.allow");
        for text in &args.allow {
            let mut parts = text.splitn(3, '/');
            let (os, arch) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let kind = parts.next().map(str::to_owned);
            ensure!(
                kind.as_deref().is_none_or(|kind| matches!(kind, "cgo" | "nocgo")),
                "{label} {text}: write OS/ARCH, OS/ARCH/cgo or OS/ARCH/nocgo"
            );
            let name = if arch.is_empty() { os.to_owned() } else { format!("{os}/{arch}") };
            allowed.push(Allowed { platform: platform(&label, &name)?, kind });
        }
        check(args)?;
        Ok(Self { platforms, cc, allowed, tags: tags(&args.flags) })
    }
}

/// Flags of go build that go behind `--`, and patterns that go before it.
fn check(args: &MatrixArgs) -> anyhow::Result<()> {
    const OURS: [&str; 3] = ["o", "p", "C"];
    for flag in &args.flags {
        let Some(name) = flag.strip_prefix('-') else {
            bail!("{flag}: behind -- stand flags, written -name=value; packages stand before it");
        };
        let name = name.trim_start_matches('-').split('=').next().unwrap_or_default();
        ensure!(
            !OURS.contains(&name),
            "-{name} is goward's own here: nothing is written, --jobs decides, --dir is where"
        );
    }
    for pattern in &args.patterns {
        ensure!(!pattern.starts_with('-'), "{pattern}: flags of go build stand behind --");
    }
    Ok(())
}

/// The tags of the last `-tags=a,b`.
fn tags(flags: &[String]) -> Option<BTreeSet<String>> {
    let value =
        |flag: &String| Some(flag.trim_start_matches('-').strip_prefix("tags=")?.to_owned());
    let last = flags.iter().filter_map(value).next_back()?;
    Some(last.split([',', ' ']).filter(|tag| !tag.is_empty()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_tags_count() {
        let flags = ["-tags=a".to_owned(), "-trimpath".to_owned(), "--tags=b,c".to_owned()];
        assert_eq!(tags(&flags), Some(BTreeSet::from(["b".to_owned(), "c".to_owned()])));
        assert_eq!(
            tags(&["-tags=".to_owned()]),
            Some(BTreeSet::new()),
            "none, whatever GOFLAGS has"
        );
        assert_eq!(tags(&[]), None);
    }
}
