//! Where secrets may be.

use super::subject::Subject;
use super::targets::root_of;
use crate::policy::{self, Asked};
use goward_git::Repo;
use goward_system::Excludes;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What policies allow secrets in: each file by that of its own folder.
pub(super) struct Allows<'a> {
    repo: &'a Repo<'a>,
    subject: &'a Subject,
    asked: &'a Asked<'a>,
    known: RefCell<BTreeMap<PathBuf, Excludes>>,
}

impl<'a> Allows<'a> {
    pub(super) const fn new(
        repo: &'a Repo<'a>,
        subject: &'a Subject,
        asked: &'a Asked<'a>,
    ) -> Self {
        Self { repo, subject, asked, known: RefCell::new(BTreeMap::new()) }
    }

    /// Whether a file may hold one; its path is relative to the top.
    pub(super) fn allow(&self, path: &str) -> anyhow::Result<bool> {
        let root = root_of(self.repo, self.subject, path);
        let below = self.repo.top.join(path);
        let below = below.strip_prefix(&root).unwrap_or(Path::new(path)).to_string_lossy();
        if let Some(known) = self.known.borrow().get(&root) {
            return Ok(known.matches(&below));
        }
        let excludes = Excludes::new(&policy::of(&root, self.asked)?.file.hook.allow)?;
        let allowed = excludes.matches(&below);
        self.known.borrow_mut().insert(root, excludes);
        Ok(allowed)
    }
}
