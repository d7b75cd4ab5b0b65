//! Files that stand in for those on the disk, as the go command's `-overlay` has them (`cmd/go/internal/fsys`).
//!
//! An [`Overlay`] says of some paths that another file stands there, or nothing. Paths are absolute and compared as
//! they are written: links are not resolved.
//!
//! ```
//! let mut overlay = overlay::Overlay::default();
//! overlay.replace("/src/a.go", "/tmp/staged-a.go");
//! overlay.hide("/src/b.go");
//! assert_eq!(overlay.to_json().to_string(), r#"{"Replace":{"/src/a.go":"/tmp/staged-a.go","/src/b.go":""}}"#);
//! ```

#![expect(
    clippy::disallowed_methods,
    reason = "it stands between libraries that read disks and the disk"
)]

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Component, Path, PathBuf};

/// What stands at a path instead of what is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Another file.
    File(PathBuf),
    /// Nothing.
    Hidden,
    /// A folder in which files were put; what the disk has there stays.
    Folder,
}

/// Files that stand in for those on the disk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overlay {
    folders: HashMap<PathBuf, BTreeMap<String, Entry>>,
}

impl Overlay {
    /// Puts a file in place of whatever is at a path.
    pub fn replace(&mut self, path: impl AsRef<Path>, by: impl Into<PathBuf>) {
        let path = path.as_ref();
        self.put(path, Entry::File(by.into()));
        let mut at = path;
        while let Some(parent) = at.parent().filter(|parent| parent.parent().is_some()) {
            let (Some(above), Some(name)) = (parent.parent(), parent.file_name()) else { break };
            let names = self.folders.entry(above.to_owned()).or_default();
            let entry = names.entry(name.to_string_lossy().into_owned()).or_insert(Entry::Folder);
            match entry {
                Entry::Folder => {}
                // A file that was there is none any more: a folder took its name.
                Entry::Hidden => *entry = Entry::Folder,
                Entry::File(_) => break,
            }
            at = parent;
        }
    }

    /// Says that nothing is at a path.
    pub fn hide(&mut self, path: impl AsRef<Path>) {
        let path = path.as_ref();
        if self.entry(path) != Some(&Entry::Folder) {
            self.put(path, Entry::Hidden);
        }
    }

    fn put(&mut self, path: &Path, entry: Entry) {
        if let (Some(parent), Some(name)) = (path.parent(), path.file_name()) {
            let names = self.folders.entry(parent.to_owned()).or_default();
            names.insert(name.to_string_lossy().into_owned(), entry);
        }
    }

    /// Whether the disk is as it is.
    pub fn is_empty(&self) -> bool {
        self.folders.is_empty()
    }

    /// What is different in a folder, by name.
    pub fn names(&self, dir: &Path) -> Option<&BTreeMap<String, Entry>> {
        if self.is_empty() { None } else { self.folders.get(&*clean(dir)) }
    }

    fn entry(&self, path: &Path) -> Option<&Entry> {
        self.folders.get(path.parent()?)?.get(path.file_name()?.to_str()?)
    }

    /// What stands at a path; `None` where that is what the disk has.
    pub fn find(&self, path: &Path) -> Option<&Entry> {
        if self.is_empty() {
            return None;
        }
        let path = &*clean(path);
        if let Some(entry) = self.entry(path) {
            return Some(entry);
        }
        // Below a file is nothing.
        let above = path.ancestors().skip(1).filter_map(|above| self.entry(above));
        above.into_iter().any(|entry| *entry != Entry::Folder).then_some(&Entry::Hidden)
    }

    /// The file on the disk that is read for a path.
    ///
    /// # Errors
    /// `NotFound` where nothing is.
    pub fn actual<'p>(&'p self, path: &'p Path) -> io::Result<Cow<'p, Path>> {
        match self.find(path) {
            None | Some(Entry::Folder) => Ok(Cow::Borrowed(path)),
            Some(Entry::File(other)) => Ok(Cow::Borrowed(other)),
            Some(Entry::Hidden) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Whether a path names a folder; links are followed.
    pub fn is_dir(&self, path: &Path) -> bool {
        match self.find(path) {
            None => path.is_dir(),
            Some(entry) => *entry == Entry::Folder,
        }
    }

    /// Whether a path names something else than a folder; links are followed.
    pub fn is_file(&self, path: &Path) -> bool {
        match self.find(path) {
            None => path.metadata().is_ok_and(|found| !found.is_dir()),
            Some(entry) => matches!(entry, Entry::File(_)),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(self.actual(path)?)
    }

    /// The files that are put somewhere or hidden: where, and what stands there (`None`: nothing); sorted.
    pub fn files(&self) -> BTreeMap<PathBuf, Option<&Path>> {
        let all = self.folders.iter().flat_map(|(dir, names)| {
            names.iter().filter_map(|(name, entry)| match entry {
                Entry::File(file) => Some((dir.join(name), Some(file.as_path()))),
                Entry::Hidden => Some((dir.join(name), None)),
                Entry::Folder => None,
            })
        });
        all.collect()
    }

    /// In the form of `go build -overlay`.
    pub fn to_json(&self) -> serde_json::Value {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let files = self.files().into_iter();
        let replace: serde_json::Map<String, serde_json::Value> = files
            .map(|(path, by)| (text(&path), by.map_or_else(String::new, text).into()))
            .collect();
        serde_json::json!({ "Replace": replace })
    }
}

/// What a file of `-overlay` puts where: a file by a file, or by nothing (empty, as the go command writes and reads it;
/// keys in whatever case, as Go reads JSON).
///
/// # Errors
/// Text that is no overlay.
pub fn replacements(json: &[u8]) -> serde_json::Result<BTreeMap<String, String>> {
    let mut all: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(json)?;
    let key = all.keys().find(|key| key.eq_ignore_ascii_case("Replace")).cloned();
    let files = key.and_then(|key| all.remove(&key)).unwrap_or_default();
    let files: Option<BTreeMap<String, Option<String>>> = serde_json::from_value(files)?;
    let files = files.unwrap_or_default().into_iter();
    Ok(files.map(|(from, to)| (from, to.unwrap_or_default())).collect())
}

/// The path as it is kept here: `m2/../m1`, as a replacement may be written, is `m1` (Go's package fsys does the same).
fn clean(path: &Path) -> Cow<'_, Path> {
    match path.components().any(|part| part == Component::ParentDir) {
        true => Cow::Owned(cleaned(path)),
        false => Cow::Borrowed(path),
    }
}

/// A path without `.` and `..`, as it is written; no link is followed (`filepath.Clean`). The paths of an overlay have
/// this form.
pub fn cleaned(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_go_overlay_is_read() {
        let read = |text: &str| replacements(text.as_bytes()).map(|it| it.into_iter().collect());
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let all: Vec<_> = read(r#"{"replace": {"a": "b", "c": "", "d": null}, "x": 1}"#).unwrap();
        assert_eq!(all, [pair("a", "b"), pair("c", ""), pair("d", "")]);
        assert_eq!(read("{}").unwrap(), []);
        assert_eq!(read(r#"{"Replace": null}"#).unwrap(), []);
        assert!(read("[]").is_err() && read(r#"{"Replace": {"a": 1}}"#).is_err());
    }

    #[test]
    fn folders_appear_and_files_go() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        std::fs::create_dir(root.join("real")).unwrap();
        std::fs::write(root.join("real/a.go"), "a").unwrap();
        std::fs::write(root.join("file"), "f").unwrap();
        std::fs::write(root.join("staged"), "s").unwrap();
        let mut overlay = Overlay::default();
        overlay.replace(root.join("new/deep/b.go"), root.join("staged"));
        overlay.hide(root.join("real/a.go"));
        overlay.hide(root.join("file"));
        overlay.replace(root.join("file/c.go"), root.join("staged"));
        assert!(overlay.is_dir(&root.join("new")) && overlay.is_dir(&root.join("new/deep")));
        assert!(overlay.is_dir(&root.join("real")) && overlay.is_dir(&root.join("file")));
        assert!(!overlay.is_file(&root.join("real/a.go")));
        assert_eq!(overlay.read(&root.join("new/deep/b.go")).unwrap(), b"s");
        assert_eq!(overlay.find(&root.join("new/deep/b.go/x")), Some(&Entry::Hidden));
        let around = root.join("real/../new/deep/../deep/b.go");
        assert_eq!(overlay.read(&around).unwrap(), b"s");
        assert!(overlay.names(&root.join("real/../new/deep")).unwrap().contains_key("b.go"));
        let missing = overlay.read(&root.join("real/a.go")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        assert_eq!(overlay.files().len(), 3, "the hidden file became a folder");
        // The order does not matter.
        let mut other = Overlay::default();
        other.replace(root.join("file/c.go"), root.join("staged"));
        other.hide(root.join("file"));
        assert!(other.is_dir(&root.join("file")));
    }
}
