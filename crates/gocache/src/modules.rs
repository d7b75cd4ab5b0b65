//! The module cache: how large it is, what in it can be written, and its deletion.

use std::fs::{DirEntry, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// No module is deeper.
const MAX_DEPTH: usize = 200;
/// More writable modules are only counted.
const MAX_NAMES: usize = 100;

/// A module cache (`GOMODCACHE`).
#[derive(Clone, Debug)]
pub struct Modules {
    dir: PathBuf,
}

/// What lies in a module cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Unpacked modules.
    pub modules: usize,
    /// All files, downloads too.
    pub files: usize,
    /// Their size.
    pub bytes: u64,
    /// Unpacked modules of which a file or folder can be written: Go makes them read-only, unless
    /// `-modcacherw` was set.
    pub writable: usize,
    /// The first of these, by name.
    pub writable_names: Vec<String>,
    /// What could not be read.
    pub unreadable: usize,
}

impl Modules {
    /// Opens a module cache: a folder with `cache/download` in it.
    ///
    /// # Errors
    /// Where it is none, or cannot be looked at.
    pub fn open(dir: &Path) -> io::Result<Self> {
        let dir = dir.canonicalize()?;
        let download = std::fs::symlink_metadata(dir.join("cache/download"))?;
        match download.is_dir() {
            true => Ok(Self { dir }),
            false => Err(io::Error::new(io::ErrorKind::InvalidInput, "no module cache")),
        }
    }

    /// The folder, with no link in it.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Looks at all that lies in it; links are not followed.
    pub fn survey(&self) -> Survey {
        let mut survey = Survey::default();
        survey.walk(&self.dir, None, 0);
        survey.writable_names.sort();
        survey
    }

    /// Deletes all that is in it, as `go clean -modcache` does. Links are deleted, not followed.
    ///
    /// # Errors
    /// The first thing that could not be deleted.
    pub fn delete(&self) -> io::Result<()> {
        for entry in std::fs::read_dir(&self.dir)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                unlock(&entry.path(), 0);
                std::fs::remove_dir_all(entry.path())?;
            } else {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// Makes folders writable: Go makes them read-only, and then nothing in them can be deleted.
fn unlock(dir: &Path, depth: usize) {
    // Where that fails, so does the deletion, which says why.
    let _ = std::fs::set_permissions(dir, Permissions::from_mode(0o755));
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
        if depth < MAX_DEPTH {
            unlock(&entry.path(), depth + 1);
        }
    }
}

impl Survey {
    /// `module` is whether something in the module around can be written, once there is one around.
    fn walk(&mut self, dir: &Path, mut module: Option<&mut bool>, depth: usize) {
        let entries = match std::fs::read_dir(dir) {
            Ok(entries) if depth < MAX_DEPTH => entries,
            _ => return self.unreadable += 1,
        };
        for entry in entries {
            let looked = entry.and_then(|entry| Ok((entry.metadata()?, entry)));
            let Ok((found, entry)) = looked else {
                self.unreadable += 1;
                continue;
            };
            if found.is_symlink() {
                continue;
            }
            let can_write = found.permissions().mode() & 0o222 != 0;
            if found.is_file() {
                self.files += 1;
                self.bytes += found.len();
            }
            match &mut module {
                Some(writable) => **writable |= can_write,
                None if found.is_dir() && is_module(dir, &entry, depth) => {
                    self.module(&entry, can_write, depth);
                    continue;
                }
                None => {}
            }
            if found.is_dir() {
                self.walk(&entry.path(), module.as_deref_mut(), depth + 1);
            }
        }
    }

    fn module(&mut self, entry: &DirEntry, can_write: bool, depth: usize) {
        let mut writable = can_write;
        self.walk(&entry.path(), Some(&mut writable), depth + 1);
        self.modules += 1;
        self.writable += usize::from(writable);
        if writable && self.writable_names.len() < MAX_NAMES {
            self.writable_names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
}

/// `name@version`, and not below `cache`, where downloads lie.
fn is_module(dir: &Path, entry: &DirEntry, depth: usize) -> bool {
    let in_cache = depth > 0
        && dir.components().rev().nth(depth - 1).is_some_and(|it| it.as_os_str() == "cache");
    !in_cache && entry.file_name().to_string_lossy().contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_surveyed_and_deleted_and_links_are_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let at = |path: &str| dir.path().join(path);
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("kept"), "x").unwrap();
        for folder in [
            "mod/cache/download/example.com/a/@v",
            "mod/example.com/a@v1.0.0/in",
            "mod/example.com/b@v1.0.0",
        ] {
            std::fs::create_dir_all(at(folder)).unwrap();
        }
        assert!(Modules::open(&at("mod/example.com")).is_err());
        std::fs::write(at("mod/cache/download/example.com/a/@v/v1.0.0.zip"), "zip").unwrap();
        std::fs::write(at("mod/example.com/a@v1.0.0/in/a.go"), "package a").unwrap();
        std::fs::write(at("mod/example.com/b@v1.0.0/b.go"), "package b").unwrap();
        std::os::unix::fs::symlink(outside.path(), at("mod/example.com/link")).unwrap();
        let lock = |path: &str, mode| {
            std::fs::set_permissions(at(path), Permissions::from_mode(mode)).unwrap()
        };
        lock("mod/example.com/a@v1.0.0/in/a.go", 0o444);
        lock("mod/example.com/a@v1.0.0/in", 0o555);
        lock("mod/example.com/a@v1.0.0", 0o555);
        let modules = Modules::open(&at("mod")).unwrap();
        let survey = modules.survey();
        assert_eq!((survey.modules, survey.files, survey.bytes), (2, 3, 3 + 9 + 9));
        assert_eq!(survey.writable_names, ["b@v1.0.0"]);
        modules.delete().unwrap();
        assert_eq!(std::fs::read_dir(at("mod")).unwrap().count(), 0);
        assert!(outside.path().join("kept").exists());
    }
}
