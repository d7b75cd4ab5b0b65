//! What git says of the vendor folder.

use crate::{Fact, ProbeError, Repository, World};
use goward_system::{Command, SystemError};
use std::time::Duration;

/// Files below `vendor` that differ from the commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VendorChanges {
    /// Whether there is a vendor folder with a modules.txt.
    pub vendored: bool,
    /// Whether git knows the folder's history.
    pub in_git: bool,
    /// git's two letters (`git status`, "Short Format") and the path.
    pub changed: Vec<(String, String)>,
}

impl Fact for VendorChanges {
    const NAME: &'static str = "git status of vendor";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        match world.system.stat("vendor/modules.txt") {
            Ok(_) => {}
            Err(SystemError::NotFound(_)) => return Ok(Self::default()),
            Err(err) => return Err(err.into()),
        }
        let mut changes = Self { vendored: true, ..Self::default() };
        if world.fact::<Repository>()?.depth.is_none() {
            return Ok(changes);
        }
        changes.in_git = true;
        // Ignored files count: a .gitignore must not hide what is compiled.
        let args = "--no-optional-locks -c core.quotePath=false status --porcelain=v1 --untracked-files=all --ignored=matching --no-renames -- vendor";
        let command =
            Command::new("git", args.split(' ')).limit(Duration::from_secs(20)).keep(16 << 20);
        let printed = world.system.run(&command)?.success(&command)?;
        let line = |line: &str| {
            let (state, path) = line.split_at_checked(2)?;
            Some((state.to_owned(), path.trim_start().trim_matches('"').to_owned()))
        };
        changes.changed = printed.lines().filter_map(line).collect();
        Ok(changes)
    }
}
