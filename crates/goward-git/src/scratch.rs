//! Temporary folders of a run: nobody else's business, and gone when the run is, however it ends.
#![expect(clippy::disallowed_methods, reason = "a temporary folder is made, locked and removed")]

use crate::repo::GitError;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// What the names of temporary folders begin with.
const PREFIX: &str = "goward-staged-";
/// A file that its run holds locked; it is empty.
const LOCK: &str = "pending";
/// A run takes its lock before its folder is so old.
const YOUNG: Duration = Duration::from_secs(2);
/// A folder without a file to lock is nobody's when it is so old: its run was killed before it made one.
const STALE: Duration = Duration::from_secs(60);
/// Entries of the temporary folder that are looked at.
const MAX_ENTRIES: usize = 200_000;

/// A temporary folder (mode 0700), removed with this value; what a killed run left goes with the next run.
#[derive(Debug)]
pub struct Scratch {
    dir: TempDir,
    /// Tells other runs that this one lives; the kernel lets it go with the process.
    _lock: fs::File,
}

impl Scratch {
    /// Makes one below `TMPDIR`, or `/tmp`.
    ///
    /// # Errors
    /// [`GitError::Failed`]: there is no such folder, or it is not to be found from everywhere.
    pub fn new() -> Result<Self, GitError> {
        let base = base()?;
        let failed = |err: std::io::Error| {
            GitError::Failed(format!("a temporary folder in {}: {err}", base.display()))
        };
        let name = format!("{PREFIX}{}-", std::process::id());
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let dir = builder.prefix(&name).tempdir_in(&base).map_err(failed)?;
        let lock = lock(dir.path()).map_err(failed)?;
        Ok(Self { dir, _lock: lock })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// An empty file in it: what stands in for files that are not written yet.
    pub(crate) fn empty_file(&self) -> PathBuf {
        self.path().join(LOCK)
    }

    /// Removes what killed runs left. That it cannot be removed is no error: it may be somebody else's.
    pub fn remove_left() {
        let Ok(entries) = base()
            .and_then(|base| fs::read_dir(base).map_err(|err| GitError::Failed(err.to_string())))
        else {
            return;
        };
        for entry in entries.flatten().take(MAX_ENTRIES) {
            if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
                continue;
            }
            let made = entry.metadata().and_then(|found| found.modified());
            let age = made.ok().and_then(|made| SystemTime::now().duration_since(made).ok());
            let lock = fs::File::open(entry.path().join(LOCK));
            let is_left = match (age, lock) {
                (Some(age), Ok(file)) => age > YOUNG && file.try_lock().is_ok(),
                (Some(age), Err(_)) => age > STALE,
                (None, _) => false,
            };
            if is_left {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}

/// As go and git have it, an empty `TMPDIR` is none.
fn base() -> Result<PathBuf, GitError> {
    let named = std::env::var_os("TMPDIR").filter(|dir| !dir.is_empty());
    let Some(dir) = named.map(PathBuf::from) else { return Ok(PathBuf::from("/tmp")) };
    let name = dir.display();
    if !dir.is_absolute() {
        return Err(GitError::Failed(format!(
            "TMPDIR={name} is relative: name the temporary folder by its whole path"
        )));
    }
    if !dir.is_dir() {
        return Err(GitError::Failed(format!(
            "TMPDIR={name}: no such folder; make it, or unset TMPDIR"
        )));
    }
    Ok(dir)
}

/// Holds a run's folder as long as the file is open.
fn lock(dir: &Path) -> std::io::Result<fs::File> {
    let file = fs::File::create(dir.join(LOCK))?;
    // A file system without locks: then nobody else takes it for a dead run's either.
    if let Err(fs::TryLockError::WouldBlock) = file.try_lock() {
        return Err(std::io::Error::other("somebody else has locked it"));
    }
    Ok(file)
}
