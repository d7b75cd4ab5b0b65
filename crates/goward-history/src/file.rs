//! The file itself, before SQLite sees it.

use crate::{HistoryError, classify};
use std::ffi::OsString;
use std::io::{Error, ErrorKind, Result as IoResult};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// SQLite's own limit, with room for `-journal`; beyond it SQLite says only "unable to open".
const MAX_PATH_BYTES: usize = 504;

/// One thread at a time creates files. Closing *any* handle of a file drops all locks that the
/// process holds on it (POSIX), so ours must be closed before another thread's SQLite opens it.
/// Source: <https://sqlite.org/howtocorrupt.html>, 2.2.
static CREATING: Mutex<()> = Mutex::new(());

/// Makes sure that a regular file is at `path`: creates an empty one, for its owner alone, where
/// nothing is. Links are followed; a link to nothing is refused.
pub(crate) fn ensure(path: &Path) -> Result<(), HistoryError> {
    let refuse =
        |reason: &str| Err(HistoryError::Io { path: path.to_owned(), reason: reason.to_owned() });
    if path.as_os_str().len() > MAX_PATH_BYTES {
        return refuse("the path is longer than the 504 bytes that SQLite takes");
    }
    let _alone = CREATING.lock().unwrap_or_else(PoisonError::into_inner);
    let found = match path.metadata() {
        Err(err) if err.kind() == ErrorKind::NotFound => {
            create(path).and_then(|()| path.metadata())
        }
        found => found,
    };
    match found {
        // SQLite takes one byte for none, and would write over it.
        Ok(file) if file.is_file() && file.len() == 1 => {
            Err(HistoryError::NotADatabase { path: path.to_owned() })
        }
        Ok(file) if file.is_file() => Ok(()),
        Ok(file) if file.is_dir() => refuse("it is a directory"),
        Ok(_) => refuse("it is not a regular file"),
        Err(err) if err.kind() == ErrorKind::NotFound && path.is_symlink() => {
            refuse("it is a symbolic link to nothing")
        }
        Err(err) => Err(classify::system(path, &err)),
    }
}

fn create(path: &Path) -> IoResult<()> {
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    match create_new(path) {
        // Another process was first, or a link is there.
        Err(err) if err.kind() == ErrorKind::AlreadyExists => Ok(()),
        created => created,
    }
}

fn create_folder(folder: &Path) -> IoResult<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn create_new(path: &Path) -> IoResult<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Why no file can be created beside `path`, if none can: SQLite does not say. For messages only.
pub(crate) fn probe(path: &Path) -> Option<Error> {
    let probe = beside(path, &format!("-probe-{}", std::process::id()));
    let created = create_new(&probe);
    // What was not created cannot be removed, and what cannot be removed is empty.
    let _ = std::fs::remove_file(&probe);
    created.err()
}

/// Whether a log lies beside `path`: somebody has the file open, or did not close it.
pub(crate) fn has_log(path: &Path) -> bool {
    ["-wal", "-journal"].iter().any(|suffix| beside(path, suffix).exists())
}

/// SQLite's companion files lie beside the file itself, not beside a link to it.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.canonicalize().map_or_else(|_| OsString::from(path), OsString::from);
    name.push(suffix);
    PathBuf::from(name)
}
