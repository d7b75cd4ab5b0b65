//! Modules as numbers: each path, and each path at a version, is kept once.

use foldhash::HashMap;
use gomod::{go_version, semver};
use std::cmp::Ordering;
use std::sync::Arc;

/// A module at a version; the main modules have the empty version.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub(crate) struct ModuleId(u32);

/// A module path.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub(crate) struct PathId(u32);

impl ModuleId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl PathId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A module at a version as text, cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    /// The path, a NUL, the version.
    text: Arc<str>,
    split: usize,
}

impl Key {
    pub(crate) fn path(&self) -> &str {
        self.text.get(..self.split).unwrap_or_default()
    }

    pub(crate) fn version(&self) -> &str {
        self.text.get(self.split.saturating_add(1)..).unwrap_or_default()
    }
}

/// The version that stands for no version.
pub(crate) const NONE: &str = "none";

#[derive(Debug, Clone)]
struct Entry {
    key: Key,
    path: PathId,
}

/// All modules seen so far. As data, their paths and versions in order: numbers follow from these.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(into = "Vec<(String, String)>", from = "Vec<(String, String)>")]
pub(crate) struct Table {
    entries: Vec<Entry>,
    by_key: HashMap<Arc<str>, ModuleId>,
    paths: HashMap<Arc<str>, PathId>,
    buffer: String,
}

impl From<Table> for Vec<(String, String)> {
    fn from(table: Table) -> Self {
        let texts = table.entries.into_iter();
        texts.map(|one| (one.key.path().to_owned(), one.key.version().to_owned())).collect()
    }
}

impl From<Vec<(String, String)>> for Table {
    fn from(modules: Vec<(String, String)>) -> Self {
        let mut table = Self::default();
        for (path, version) in modules {
            table.id(&path, &version);
        }
        table
    }
}

/// Beyond this many modules (which no memory holds), new ones are taken for the last: identifiers never wrap.
const LAST: u32 = u32::MAX;

impl Table {
    /// The number of a module at a version.
    pub(crate) fn id(&mut self, path: &str, version: &str) -> ModuleId {
        self.buffer.clear();
        self.buffer.push_str(path);
        self.buffer.push('\0');
        self.buffer.push_str(version);
        if let Some(id) = self.by_key.get(self.buffer.as_str()) {
            return *id;
        }
        let id = ModuleId(u32::try_from(self.entries.len()).unwrap_or(LAST));
        let text: Arc<str> = Arc::from(self.buffer.as_str());
        self.by_key.insert(Arc::clone(&text), id);
        let path_id = self.path_id(path);
        self.entries.push(Entry { key: Key { text, split: path.len() }, path: path_id });
        id
    }

    fn path_id(&mut self, path: &str) -> PathId {
        if let Some(id) = self.paths.get(path) {
            return *id;
        }
        let id = PathId(u32::try_from(self.paths.len()).unwrap_or(LAST));
        self.paths.insert(Arc::from(path), id);
        id
    }

    /// The number of a path that some module has.
    pub(crate) fn find_path(&self, path: &str) -> Option<PathId> {
        self.paths.get(path).copied()
    }

    fn entry(&self, id: ModuleId) -> Option<&Entry> {
        self.entries.get(id.index())
    }

    /// The path's number.
    pub(crate) fn path_of(&self, id: ModuleId) -> PathId {
        self.entry(id).map_or(PathId(LAST), |entry| entry.path)
    }

    /// The module path.
    pub(crate) fn path(&self, id: ModuleId) -> &str {
        self.entry(id).map_or("", |entry| entry.key.path())
    }

    /// The version; empty for a main module.
    pub(crate) fn version(&self, id: ModuleId) -> &str {
        self.entry(id).map_or("", |entry| entry.key.version())
    }

    /// Path and version, to be kept while the table grows.
    pub(crate) fn key(&self, id: ModuleId) -> Option<Key> {
        self.entry(id).map(|entry| entry.key.clone())
    }

    /// Path and version, owned.
    pub(crate) fn module_version(&self, id: ModuleId) -> gomod::ModuleVersion {
        gomod::ModuleVersion {
            path: self.path(id).to_owned(),
            version: self.version(id).to_owned(),
        }
    }

    /// Which of two versions of one module is selected: the empty one, of a main module, over all others.
    pub(crate) fn precedence(&self, left: ModuleId, right: ModuleId) -> Ordering {
        if left == right {
            return Ordering::Equal;
        }
        let (a, b) = (self.version(left), self.version(right));
        match (a.is_empty(), b.is_empty()) {
            // Equal precedence, as of v1.0.0 and v1.0.0+incompatible: go takes whichever it saw first.
            (false, false) => compare(self.path(left), a, b).then_with(|| a.cmp(b)),
            (a, b) => a.cmp(&b),
        }
    }

    /// The order of lists: by path, then by version (`gover.ModSort`).
    pub(crate) fn sort(&self, modules: &mut [ModuleId]) {
        modules.sort_by(|left, right| {
            let path = self.path(*left);
            path.cmp(self.path(*right)).then_with(|| {
                compare(path, self.version(*left), self.version(*right))
                    .then_with(|| self.version(*left).cmp(self.version(*right)))
            })
        });
    }
}

/// `gover.ModCompare`: `go` and `toolchain` have versions of their own kind; what is malformed is the least.
pub(crate) fn compare(path: &str, left: &str, right: &str) -> Ordering {
    match path {
        "go" => go_version::compare(left, right),
        "toolchain" => go_version::compare_toolchains(left, right),
        _ => semver::compare(left, right),
    }
}

/// Whether a path is that of a pseudo-module, which no list shows (`gover.IsToolchain`).
pub(crate) fn is_toolchain(path: &str) -> bool {
    matches!(path, "go" | "toolchain")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_modules_have_equal_numbers() {
        let mut table = Table::default();
        let a = table.id("example.com/a", "v1.0.0");
        assert_eq!(table.id("example.com/a", "v1.0.0"), a);
        let b = table.id("example.com/a", "v1.1.0");
        assert_ne!(a, b);
        assert_eq!(table.path_of(a), table.path_of(b));
        assert_eq!((table.path(b), table.version(b)), ("example.com/a", "v1.1.0"));
    }

    #[test]
    fn precedence_is_that_of_the_kind_of_module() {
        let cases = [
            ("example.com/a", "v1.9.0", "v1.10.0"),
            ("example.com/a", "v1.0.0-rc.1", "v1.0.0"),
            ("example.com/a", "v1.99.0", ""),
            ("go", "1.21", "1.21rc1"),
            ("go", "1.21rc1", "1.21.0"),
            ("go", "v1.2.3", "1.1"),
            ("toolchain", "go1.9", "go1.21.0-corp"),
            ("toolchain", "default", "go1.1"),
        ];
        for (path, low, high) in cases {
            let mut table = Table::default();
            let (low, high) = (table.id(path, low), table.id(path, high));
            assert_eq!(table.precedence(low, high), Ordering::Less, "{path} {low:?} {high:?}");
            assert_eq!(table.precedence(high, low), Ordering::Greater, "{path}");
        }
    }
}
