//! Where two copies of a module differ, file by file.
#![expect(
    clippy::disallowed_methods,
    reason = "this library reads the module cache itself, because speed is its point"
)]

use crate::zip::{ModuleZip, ZipError};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// A larger file is compared, but its lines are not looked for.
const MAX_FILE: u64 = 64 << 20;
/// Characters of a line that are shown.
const SHOWN: usize = 200;
/// More changes of one module are counted, not named.
pub const MAX_CHANGES: usize = 100;

/// A file that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The file, relative to the module's root.
    pub name: String,
    /// How it differs.
    pub kind: ChangeKind,
}

/// How a file differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Another content.
    Modified {
        /// 1-based line of the first difference; 0 where the file is no text or too large.
        line: u32,
        /// The line as it should be, cut.
        expected: String,
        /// The line as it is, cut.
        found: String,
    },
    /// Not there.
    Missing,
    /// There, although the module has no such file.
    Extra,
    /// A symbolic link where the module has a file.
    Link,
}

/// What a module should be.
#[derive(Debug)]
pub enum Source {
    /// A zip, and what stands in front of its names: `module@version`.
    Zip(Box<ModuleZip>, String),
    /// A folder.
    Folder(PathBuf),
}

impl Source {
    /// A file's content, if the module has it.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, ZipError> {
        match self {
            Self::Zip(zip, prefix) => zip.read(prefix, name.as_bytes(), MAX_FILE),
            Self::Folder(root) => match read_file(&root.join(name)) {
                Ok(content) => Ok(Some(content)),
                Err(err) if is_absent(&err) => Ok(None),
                Err(err) => Err(err.into()),
            },
        }
    }

    /// The files directly in a folder of the module.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn files_in(&self, folder: &str) -> Result<Vec<String>, ZipError> {
        let mut names = vec![];
        match self {
            Self::Zip(zip, prefix) => {
                for name in zip.names(prefix) {
                    let Ok(name) = std::str::from_utf8(name) else { continue };
                    let (above, base) = name.rsplit_once('/').unwrap_or(("", name));
                    if above == folder {
                        names.push(base.to_owned());
                    }
                }
            }
            Self::Folder(root) => match root.join(folder).read_dir() {
                Err(err) if is_absent(&err) => {}
                Err(err) => return Err(err.into()),
                Ok(entries) => {
                    for entry in entries {
                        let entry = entry?;
                        if entry.file_type()?.is_file() {
                            names.extend(entry.file_name().into_string());
                        }
                    }
                }
            },
        }
        Ok(names)
    }
}

fn is_absent(err: &std::io::Error) -> bool {
    use std::io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    matches!(err.kind(), NotFound | NotADirectory | IsADirectory)
}

/// Reads a regular file of bounded size.
pub(crate) fn read_file(path: &Path) -> std::io::Result<Vec<u8>> {
    if !path.metadata()?.is_file() {
        return Err(std::io::ErrorKind::IsADirectory.into());
    }
    let mut content = vec![];
    File::open(path)?.take(MAX_FILE.saturating_add(1)).read_to_end(&mut content)?;
    if content.len() as u64 > MAX_FILE {
        return Err(std::io::Error::other("larger than 64 MiB"));
    }
    Ok(content)
}

/// What is different in a folder that should be what `zip` has below `prefix/`; at most
/// [`MAX_CHANGES`], ordered by name.
///
/// # Errors
/// Either cannot be read.
pub fn compare_folder(
    folder: &Path,
    zip: &ModuleZip,
    prefix: &str,
) -> Result<Vec<Change>, ZipError> {
    let mut changes = vec![];
    let expected: BTreeSet<&[u8]> = zip.names(prefix).collect();
    let mut there = BTreeSet::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        for entry in folder.join(&below).read_dir()? {
            let entry = entry?;
            let (kind, path) = (entry.file_type()?, below.join(entry.file_name()));
            if kind.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.as_os_str().as_bytes().to_vec();
            if !expected.contains(name.as_slice()) {
                changes.push((name, ChangeKind::Extra));
                continue;
            }
            if kind.is_symlink() {
                changes.push((name.clone(), ChangeKind::Link));
            }
            there.insert(name);
        }
    }
    for name in expected {
        if changes.len() > MAX_CHANGES {
            break;
        }
        if !there.contains(name) {
            changes.push((name.to_vec(), ChangeKind::Missing));
            continue;
        }
        let path = folder.join(std::ffi::OsStr::from_bytes(name));
        let (Some(expected), Ok(found)) = (zip.read(prefix, name, MAX_FILE)?, read_file(&path))
        else {
            continue;
        };
        if let Some(kind) = difference(&expected, &found) {
            changes.push((name.to_vec(), kind));
        }
    }
    changes.sort();
    changes.truncate(MAX_CHANGES);
    let change = |(name, kind): (Vec<u8>, _)| Change {
        name: String::from_utf8_lossy(&name).into_owned(),
        kind,
    };
    Ok(changes.into_iter().map(change).collect())
}

/// The first difference between two contents; `None` where there is none.
pub fn difference(expected: &[u8], found: &[u8]) -> Option<ChangeKind> {
    if expected == found {
        return None;
    }
    let modified = |line, expected: &[u8], found: &[u8]| ChangeKind::Modified {
        line,
        expected: shown(expected),
        found: shown(found),
    };
    // No text, as git judges: a NUL near the beginning.
    let binary = |content: &[u8]| content.iter().take(8000).any(|byte| *byte == 0);
    if binary(expected) || binary(found) {
        return Some(modified(0, b"", b""));
    }
    let mut lines = (expected.split(|byte| *byte == b'\n'), found.split(|byte| *byte == b'\n'));
    let mut number = 0_u32;
    loop {
        number = number.saturating_add(1);
        match (lines.0.next(), lines.1.next()) {
            (Some(a), Some(b)) if a == b => {}
            (a, b) => return Some(modified(number, a.unwrap_or_default(), b.unwrap_or_default())),
        }
    }
}

/// A line for people: cut, and without what a terminal would obey.
fn shown(line: &[u8]) -> String {
    let line = String::from_utf8_lossy(line.get(..line.len().min(SHOWN * 4)).unwrap_or(line));
    let clean = |c: char| if c.is_control() && c != '\t' { '\u{fffd}' } else { c };
    line.trim_end_matches('\r').chars().take(SHOWN).map(clean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_different_line_is_named() {
        let at = |a: &[u8], b: &[u8]| match difference(a, b) {
            Some(ChangeKind::Modified { line, expected, found }) => Some((line, expected, found)),
            _ => None,
        };
        let said = |line, a: &str, b: &str| Some((line, a.to_owned(), b.to_owned()));
        assert_eq!(at(b"a\nb\n", b"a\nb\n"), None);
        assert_eq!(at(b"a\nb\n", b"a\nc\n"), said(2, "b", "c"));
        assert_eq!(at(b"a\n", b"a\nb\n"), said(2, "", "b"));
        assert_eq!(at(b"a", b"a\n"), said(2, "", ""));
        assert_eq!(at(b"a\r\n", b"a\n"), said(1, "a", "a"));
        assert_eq!(at(b"a\0b", b"a\0c"), said(0, "", ""));
        assert_eq!(at(b"a\x1b[2J", b""), said(1, "a\u{fffd}[2J", ""));
    }
}
