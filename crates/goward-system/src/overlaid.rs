//! The real world with files that stand in for others: how what is staged is judged by the checks that judge a worktree.

use crate::{
    Command, Connection, FileKind, HttpAnswer, OsSystem, Output, Stat, System, SystemError, Tree,
    TreeOptions,
};
use overlay::{Entry, Overlay, cleaned};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// An [`OsSystem`] over which an [`Overlay`] lies, and of which only some files count as the target's.
pub struct Overlaid {
    inner: OsSystem,
    root: PathBuf,
    overlay: Arc<Overlay>,
    /// `None`: those of the disk, and what the overlay puts there.
    files: Option<Vec<String>>,
    variables: Vec<(&'static str, String)>,
}

impl Overlaid {
    /// Lays an overlay over the world at `root`, an absolute path. `files` are the target's: relative to the root.
    pub fn new(
        inner: OsSystem,
        root: PathBuf,
        overlay: Arc<Overlay>,
        mut files: Vec<String>,
    ) -> Self {
        files.sort_unstable();
        Self { inner, root, overlay, files: Some(files), variables: vec![] }
    }

    /// The same over all files of the worktree.
    pub fn whole(inner: OsSystem, root: PathBuf, overlay: Arc<Overlay>) -> Self {
        Self { inner, root, overlay, files: None, variables: vec![] }
    }

    /// The same world with other variables of the environment, for its commands too.
    #[must_use]
    pub fn with(mut self, variables: &[(&'static str, String)]) -> Self {
        self.variables.extend_from_slice(variables);
        self
    }

    /// The file that is read for a path.
    fn actual(&self, path: &str) -> Result<String, SystemError> {
        let place = cleaned(&self.root.join(path));
        match self.overlay.actual(&place) {
            Ok(file) => Ok(file.to_string_lossy().into_owned()),
            Err(_) => Err(SystemError::NotFound(path.to_owned())),
        }
    }

    fn entry(&self, path: &str) -> Option<&Entry> {
        self.overlay.find(&cleaned(&self.root.join(path)))
    }
}

impl System for Overlaid {
    fn read_into(&self, path: &str, limit: u64, into: &mut Vec<u8>) -> Result<(), SystemError> {
        self.inner.read_into(&self.actual(path)?, limit, into)
    }

    fn stat(&self, path: &str) -> Result<Stat, SystemError> {
        match self.entry(path) {
            Some(Entry::Folder) => {
                Ok(Stat { kind: FileKind::Dir, size: 0, mode: 0o755, stamp: (0, 0) })
            }
            _ => self.inner.stat(&self.actual(path)?),
        }
    }

    fn in_root(&self, root: &str, path: &str) -> Result<String, SystemError> {
        self.inner.in_root(root, path)
    }

    fn on_disk(&self, path: &str) -> Result<PathBuf, SystemError> {
        Ok(PathBuf::from(self.actual(path)?))
    }

    fn list(&self, path: &str, limit: usize) -> Result<Vec<String>, SystemError> {
        let entry = self.entry(path);
        let mut names = match (self.inner.list(path, limit), entry) {
            (_, Some(Entry::Hidden | Entry::File(_))) => {
                return Err(SystemError::NotFound(path.to_owned()));
            }
            (Err(SystemError::NotFound(_)), Some(Entry::Folder)) => vec![],
            (names, _) => names?,
        };
        if let Some(over) = self.overlay.names(&cleaned(&self.root.join(path))) {
            names.retain(|name| !over.contains_key(name));
            let here = over.iter().filter(|(_, entry)| **entry != Entry::Hidden);
            names.extend(here.map(|(name, _)| name.clone()));
            names.sort_unstable();
        }
        Ok(names)
    }

    fn overlay(&self) -> Arc<Overlay> {
        Arc::clone(&self.overlay)
    }

    fn check_time(&self) -> Result<(), SystemError> {
        self.inner.check_time()
    }

    fn tree(&self, options: &TreeOptions) -> Result<Tree, SystemError> {
        if let Some(files) = &self.files {
            let paths = files.iter().filter(|path| !options.excludes.matches(path));
            return Ok(Tree { paths: paths.cloned().collect(), unreadable: vec![] });
        }
        let mut tree = self.inner.tree(options)?;
        tree.paths.retain(|path| !matches!(self.entry(path), Some(Entry::Hidden)));
        let added = self.overlay.files().into_iter().filter(|(_, by)| by.is_some());
        let added = added
            .filter_map(|(path, _)| Some(path.strip_prefix(&self.root).ok()?.to_str()?.to_owned()));
        tree.paths.extend(added.filter(|path| !options.excludes.matches(path)));
        tree.paths.sort_unstable();
        tree.paths.dedup();
        Ok(tree)
    }

    fn env(&self, name: &str) -> Option<String> {
        let own = self.variables.iter().find(|(own, _)| *own == name);
        own.map_or_else(|| self.inner.env(name), |(_, value)| Some(value.clone()))
    }

    fn run(&self, command: &Command) -> Result<Output, SystemError> {
        if self.variables.is_empty() {
            return self.inner.run(command);
        }
        let set =
            |command: Command, (name, value): &(&'static str, String)| command.env(name, value);
        self.inner.run(&self.variables.iter().fold(command.clone(), set))
    }

    fn connect(&self, address: &str, limit: Duration) -> Result<Box<dyn Connection>, SystemError> {
        self.inner.connect(address, limit)
    }

    fn http_get(&self, url: &str, limit: Duration) -> Result<HttpAnswer, SystemError> {
        self.inner.http_get(url, limit)
    }

    fn download(
        &self,
        url: &str,
        into: &mut dyn std::io::Write,
        bytes: u64,
        limit: Duration,
    ) -> Result<(), SystemError> {
        self.inner.download(url, into, bytes, limit)
    }

    fn kept(&self, name: &str) -> Option<Vec<u8>> {
        self.inner.kept(name)
    }

    fn keep(&self, name: &str, bytes: &[u8]) {
        self.inner.keep(name, bytes);
    }

    fn keeps(&self) -> bool {
        self.inner.keeps()
    }

    fn now(&self) -> Instant {
        self.inner.now()
    }

    fn unix_time(&self) -> i64 {
        self.inner.unix_time()
    }

    fn root(&self) -> String {
        self.inner.root()
    }
}
