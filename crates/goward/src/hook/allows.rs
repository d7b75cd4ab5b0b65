//! Where secrets may be.

use super::subject::Subject;
use super::targets::root_of;
use crate::policy::{self, Asked};
use goward_git::Repo;
use goward_system::Excludes;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};

/// What policies allow secrets in: each file by that of its own folder.
pub(super) struct Allows<'a> {
    repo: &'a Repo<'a>,
    subject: &'a Subject,
    asked: &'a Asked<'a>,
    known: RefCell<BTreeMap<PathBuf, Allowed>>,
}

/// What one policy allows.
struct Allowed {
    patterns: Excludes,
    /// The folder of the policy.
    of: PathBuf,
}

impl<'a> Allows<'a> {
    pub(super) const fn new(
        repo: &'a Repo<'a>,
        subject: &'a Subject,
        asked: &'a Asked<'a>,
    ) -> Self {
        Self { repo, subject, asked, known: RefCell::new(BTreeMap::new()) }
    }

    /// Whether a file may hold one; its path is relative to the top. Patterns are relative to the module, or to the folder
    /// of the policy.
    pub(super) fn allow(&self, path: &str) -> anyhow::Result<bool> {
        let root = root_of(self.repo, self.subject, path);
        let mut known = self.known.borrow_mut();
        let allowed = match known.entry(root.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(Allowed {
                patterns: Excludes::new(&policy::of(&root, self.asked)?.file.hook.allow)?,
                of: policy::folder(&root).unwrap_or_else(|| root.clone()),
            }),
        };
        let file = self.repo.top.join(path);
        let below = |dir: &Path| Some(file.strip_prefix(dir).ok()?.to_string_lossy().into_owned());
        let mut all = [&root, &allowed.of].into_iter().filter_map(|dir| below(dir));
        Ok(all.any(|path| allowed.patterns.matches(&path)))
    }
}
