//! What was there before a change.

use super::module_changes::is_deciding;
use goward_git::{GitError, Repo, Scratch};
use overlay::Overlay;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// A change, and the revision before it. What git is asked it is asked once, however many modules the change reaches.
pub(crate) struct Before<'c> {
    repo: Option<&'c Repo<'c>>,
    revision: &'c str,
    /// The files that changed, relative to the repository's top.
    pub(super) files: &'c [String],
    /// The state after it.
    pub(crate) overlay: &'c Arc<Overlay>,
    shown: RefCell<HashMap<String, Option<Arc<str>>>>,
    modules: OnceCell<(Arc<Overlay>, Scratch)>,
}

impl<'c> Before<'c> {
    /// Without a repository nothing was there before, as far as anybody knows.
    pub(crate) fn new(
        repo: Option<&'c Repo<'c>>,
        revision: &'c str,
        files: &'c [String],
        overlay: &'c Arc<Overlay>,
    ) -> Self {
        let (shown, modules) = (RefCell::default(), OnceCell::new());
        Self { repo, revision, files, overlay, shown, modules }
    }

    /// The repository's top, else a folder.
    pub(super) fn top<'p>(&'p self, dir: &'p Path) -> &'p Path {
        self.repo.map_or(dir, |repo| repo.top.as_path())
    }

    /// Whether there is a history.
    pub(super) const fn is_known(&self) -> bool {
        self.repo.is_some()
    }

    /// A file; `None` where there was none.
    ///
    /// # Errors
    /// What git says.
    pub(super) fn show(&self, path: &str) -> Result<Option<Arc<str>>, GitError> {
        let Some(repo) = self.repo else { return Ok(None) };
        if let Some(known) = self.shown.borrow().get(path) {
            return Ok(known.clone());
        }
        let text = repo.show(self.revision, path)?.map(Arc::from);
        self.shown.borrow_mut().insert(path.to_owned(), text.clone());
        Ok(text)
    }

    /// The changed files that decide about modules.
    pub(super) fn deciding(&self) -> impl Iterator<Item = &'c String> {
        self.files.iter().filter(|path| is_deciding(path))
    }

    /// The present state, but for the files that decide about modules.
    ///
    /// # Errors
    /// What git or the disk says.
    pub(super) fn modules(&self) -> anyhow::Result<Arc<Overlay>> {
        if let Some((overlay, _)) = self.modules.get() {
            return Ok(Arc::clone(overlay));
        }
        let scratch = Scratch::new()?;
        let mut old = Overlay::clone(self.overlay);
        let top = self.top(Path::new("")).to_owned();
        for (index, path) in self.deciding().enumerate() {
            match self.show(path)? {
                Some(text) => {
                    let file = scratch.path().join(index.to_string());
                    write(&file, &text)?;
                    old.replace(top.join(path), file);
                }
                None => old.hide(top.join(path)),
            }
        }
        let (old, _) = self.modules.get_or_init(|| (Arc::new(old), scratch));
        Ok(Arc::clone(old))
    }
}

#[expect(clippy::disallowed_methods, reason = "a temporary file")]
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(file, text)
}
