//! The git repository the target lies in.

use crate::{Fact, ProbeError, World};
use goward_system::{Command, SystemError};
use std::time::Duration;

/// Folders above the target that are looked at for `.git`.
const MAX_DEPTH: usize = 40;

/// The git repository the target lies in; all `None` where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repository {
    /// How many folders the repository's root lies above the target.
    pub depth: Option<usize>,
    /// The target's folder in the repository, with a trailing slash; empty at the root.
    pub prefix: String,
    /// The commit that is checked out.
    pub commit: Option<String>,
    /// Whether anything below the target differs from the commit.
    pub dirty: Option<bool>,
}

impl Repository {
    /// Whether a path relative to the target leads out of the repository. Without a repository
    /// the target itself is the boundary.
    pub fn is_outside(&self, path: &str) -> bool {
        if path.starts_with('/') || path.contains(':') {
            return true;
        }
        let mut depth = i64::try_from(self.depth.unwrap_or(0)).unwrap_or(i64::MAX);
        for segment in path.split(['/', '\\']) {
            match segment {
                "" | "." => {}
                ".." => depth -= 1,
                _ => depth += 1,
            }
            if depth < 0 {
                return true;
            }
        }
        false
    }
}

impl Fact for Repository {
    const NAME: &'static str = "the git repository";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let mut above = String::new();
        let mut depth = None;
        for level in 0..MAX_DEPTH {
            // A worktree or submodule has a file of this name.
            match world.system.stat(&format!("{above}.git")) {
                Ok(_) => {
                    depth = Some(level);
                    break;
                }
                Err(SystemError::NotFound(_)) => above.push_str("../"),
                Err(err) => return Err(err.into()),
            }
        }
        if depth.is_none() {
            return Ok(Self::default());
        }
        let mut repository = Self { depth, ..Self::default() };
        // A repository that git cannot read (no git, another owner) is still a boundary.
        if let Ok(status) = status(world) {
            repository.take(&status);
        }
        if depth != Some(0)
            && let Ok(prefix) = git(world, &["rev-parse", "--show-prefix"])
        {
            repository.prefix = prefix.trim_end().to_owned();
        }
        Ok(repository)
    }
}

impl Repository {
    /// Reads `git status --porcelain=v2 --branch`.
    fn take(&mut self, status: &str) {
        let oid = status.lines().find_map(|line| line.strip_prefix("# branch.oid "));
        self.commit = oid.filter(|oid| *oid != "(initial)").map(str::to_owned);
        self.dirty = Some(status.lines().any(|line| !line.starts_with('#')));
    }
}

fn status(world: &World<'_>) -> Result<String, SystemError> {
    git(world, &["status", "--porcelain=v2", "--branch", "--untracked-files=normal", "--", "."])
}

fn git(world: &World<'_>, args: &[&str]) -> Result<String, SystemError> {
    // Reading must not take the index lock from under somebody's commit.
    let args = ["--no-optional-locks"].iter().chain(args).copied();
    let command = Command::new("git", args).limit(Duration::from_secs(5)).keep(4 << 20);
    world.system.run(&command)?.success(&command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_the_boundary() {
        let at = |depth| Repository { depth, ..Repository::default() };
        for (depth, path, outside) in [
            (Some(0), "../fork", true),
            (Some(1), "../fork", false),
            (Some(1), "../../fork", true),
            (Some(2), "./a/../../../..", true),
            (Some(0), "./a/../b", false),
            (None, "../x", true),
            (Some(5), "/abs", true),
            (Some(5), "C:\\x", true),
        ] {
            assert_eq!(at(depth).is_outside(path), outside, "{depth:?} {path}");
        }
    }

    #[test]
    fn the_status_gives_commit_and_dirt() {
        let mut repository = Repository::default();
        repository.take("# branch.oid abc\n# branch.head main\n");
        assert_eq!((repository.commit.as_deref(), repository.dirty), (Some("abc"), Some(false)));
        repository.take("# branch.oid (initial)\n? new.go\n");
        assert_eq!((repository.commit, repository.dirty), (None, Some(true)));
    }
}
