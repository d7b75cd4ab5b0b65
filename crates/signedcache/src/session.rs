//! What the go command put and the folder could not or must not keep: in a folder of the session, gone at its end.

use crate::Statement;
use gocache::Id;
use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use tempfile::{NamedTempFile, TempDir, TempPath};

/// The session's own outputs.
#[derive(Default)]
pub(crate) struct Session {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// One for each room that was needed.
    folders: HashMap<PathBuf, TempDir>,
    outputs: HashMap<Id, (Statement, PathBuf)>,
    /// Deleted at the end; before the folders.
    held: Vec<TempPath>,
}

impl Session {
    /// Where such folders may be, in turn: the second is memory, for when the disk is full.
    pub(crate) fn rooms() -> [PathBuf; 2] {
        [std::env::temp_dir(), PathBuf::from("/dev/shm")]
    }

    pub(crate) fn unfinished(&self, room: &PathBuf) -> io::Result<NamedTempFile> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = match inner.folders.get(room) {
            Some(folder) => folder,
            None => {
                let folder = tempfile::Builder::new().prefix("goward-cache-").tempdir_in(room)?;
                inner.folders.entry(room.clone()).or_insert(folder)
            }
        };
        tempfile::Builder::new().prefix("put-").tempfile_in(folder.path())
    }

    /// Keeps an output until the end.
    pub(crate) fn keep(&self, statement: Statement, file: TempPath) -> PathBuf {
        let path = file.to_path_buf();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.held.push(file);
        inner.outputs.insert(statement.action, (statement, path.clone()));
        path
    }

    /// Notes an output that lies elsewhere.
    pub(crate) fn know(&self, statement: Statement, path: PathBuf) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.outputs.insert(statement.action, (statement, path));
    }

    pub(crate) fn get(&self, action: &Id) -> Option<(Statement, PathBuf)> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.outputs.get(action).cloned()
    }
}
