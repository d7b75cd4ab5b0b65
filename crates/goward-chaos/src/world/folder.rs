//! A folder that goes when it is dropped, whatever rights are on what is in it.

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

pub(super) struct Folder(PathBuf);

impl Folder {
    /// A new one below the system's temporary folder, with its real path.
    pub(super) fn new() -> io::Result<Self> {
        let made = tempfile::Builder::new().prefix("goward-chaos-").tempdir()?;
        let real = made.path().canonicalize()?;
        let _ = made.keep();
        Ok(Self(real))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// A folder in it.
    pub(super) fn make(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.0.join(name);
        std::fs::create_dir_all(&path)?;
        Ok(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What was killed a moment ago may still write.
        for _ in 0..5 {
            if std::fs::remove_dir_all(&self.0).is_ok() || !self.0.exists() {
                return;
            }
            each(&self.0, &|path, is_dir| {
                if is_dir {
                    let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700));
                }
            });
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}

/// Does something to a path and all below it; links are not followed.
pub(super) fn each(path: &Path, act: &dyn Fn(&Path, bool)) {
    let is_dir = std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir());
    act(path, is_dir);
    if is_dir {
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            each(&entry.path(), act);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_with_what_cannot_be_written() {
        let folder = Folder::new().unwrap();
        let path = folder.path().to_owned();
        let inner = folder.make("a/b").unwrap();
        std::fs::write(inner.join("c"), "x").unwrap();
        std::fs::set_permissions(&inner, std::fs::Permissions::from_mode(0o500)).unwrap();
        drop(folder);
        assert!(!path.exists());
    }
}
