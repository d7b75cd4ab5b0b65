//! Submodules: repositories within the worktree, each with commits of its own.

use crate::change::{self, Change};
use crate::repo::{GitError, Repo};
use std::path::PathBuf;

impl Repo<'_> {
    /// The repository of a submodule, by its path; `None` where it is not checked out.
    ///
    /// # Errors
    /// What git says.
    pub(crate) fn submodule(&self, path: &str) -> Result<Option<Self>, GitError> {
        let top = self.top.join(path);
        if top.join(".git").symlink_metadata().is_err() {
            return Ok(None);
        }
        let none = PathBuf::new();
        let mut other = Self { top, index: None, is_submodule: true, hooks: none, ..self.clone() };
        let printed = other.ask(&["rev-parse", "--absolute-git-dir", "--git-common-dir"])?;
        let mut lines = printed.lines().map(|line| other.top.join(line));
        let (Some(git_dir), Some(common_dir)) = (lines.next(), lines.next()) else {
            return Ok(None);
        };
        (other.git_dir, other.common_dir) = (git_dir, common_dir);
        Ok(Some(other))
    }

    /// The files that another commit of a submodule changes, as paths of this repository, and those of submodules within it;
    /// none where a commit is not here.
    ///
    /// # Errors
    /// What git says.
    pub fn submodule_files(&self, changes: &[Change]) -> Result<Vec<String>, GitError> {
        let mut all = vec![];
        for change in changes.iter().filter(|change| change.is_submodule()) {
            let Some(inner) = self.submodule(&change.path)? else { continue };
            // A worktree that is at no known commit is at its HEAD.
            let is_none = |object: &str| object.bytes().all(|byte| byte == b'0');
            let new = if is_none(&change.new) { "HEAD" } else { &change.new };
            let Some(new) = inner.commit_of(new)? else { continue };
            let old = match is_none(&change.old) {
                true => inner.empty_tree()?,
                false if inner.commit_of(&change.old)?.is_some() => change.old.clone(),
                false => continue,
            };
            let args =
                ["diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", &old, &new];
            let (within, files): (Vec<_>, Vec<_>) =
                change::parse(&inner.ask(&args)?).into_iter().partition(Change::is_submodule);
            let within = inner.submodule_files(&within)?;
            let files = files.into_iter().map(|file| file.path).chain(within);
            all.extend(files.map(|file| format!("{}/{file}", change.path)));
        }
        Ok(all)
    }
}
