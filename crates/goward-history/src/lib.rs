//! Past runs in SQLite: append-only, safe against `kill -9`, full disks and company.
//!
//! [`History::open`] creates or opens the database, [`History::append`] keeps a report,
//! [`History::list`], [`History::show`] and [`History::check_over_time`] read. A run that
//! [`History::append`] has acknowledged is on the disk: the journal is a write-ahead log and
//! every commit is synchronised ([SQLite, atomic commit](https://sqlite.org/atomiccommit.html)).
//! Only builds do not wait for that ([`History::append_build`]).
//!
//! The file is a local one. SQLite's write-ahead log needs shared memory between its users, so
//! several *machines* must not share one file over a network file system
//! ([SQLite, WAL](https://sqlite.org/wal.html)).

mod append;
mod builds;
mod classify;
mod error;
mod file;
mod location;
mod open;
mod read;
mod row;
mod schema;
mod show;

pub use builds::{BuildQuery, BuildRow};
pub use error::HistoryError;
pub use location::default_path;
pub use read::{CheckPoint, Query, RunSummary};

use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// An open history.
///
/// Any number of processes and threads may hold the same file open; each needs its own value.
#[derive(Debug)]
pub struct History {
    conn: Connection,
    path: PathBuf,
}

impl History {
    /// Opens the history at `path`; creates it, with its directories, where it is missing.
    ///
    /// What is created is for its owner alone: directories 0700, the file 0600. A file that may
    /// only be read is opened for reading; [`History::append`] then says so.
    ///
    /// # Errors
    /// Everything in [`HistoryError`] but the errors about a run. A file of somebody else is
    /// refused without changing a byte of it.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, HistoryError> {
        let (conn, path) = open::open(path.as_ref())?;
        Ok(Self { conn, path })
    }

    /// The file, as an absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Says which of our errors `err` is.
    fn error(&self, err: rusqlite::Error) -> HistoryError {
        classify::error(&self.path, err)
    }
}
