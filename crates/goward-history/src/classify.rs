//! Tells the errors of SQLite and of the system apart.

use crate::HistoryError;
use crate::file;
use rusqlite::ffi;
use rusqlite::{Error, ErrorCode};
use std::io::ErrorKind;
use std::path::Path;

/// What SQLite's error means for the history at `path`.
/// Source: [result codes](https://sqlite.org/rescode.html).
pub(crate) fn error(path: &Path, err: Error) -> HistoryError {
    let path = path.to_owned();
    let Error::SqliteFailure(failure, ref said) = err else {
        // A column of the wrong type, text that is not UTF-8, a row that is not there.
        return HistoryError::Corrupt { path, reason: err.to_string() };
    };
    let reason = said.clone().unwrap_or_else(|| failure.to_string());
    match failure.code {
        ErrorCode::NotADatabase => HistoryError::NotADatabase { path },
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::FileLockingProtocolFailed => HistoryError::Busy { path },
        ErrorCode::DiskFull => HistoryError::Full { path, reason },
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => {
            HistoryError::ReadOnly { path, reason }
        }
        ErrorCode::CannotOpen => match file::probe(&path) {
            Some(why) => system(&path, &why),
            None => HistoryError::ReadOnly { path, reason },
        },
        // SQLITE_ERROR is a table or column that is not there: not the schema the stamp promises.
        ErrorCode::DatabaseCorrupt | ErrorCode::Unknown => HistoryError::Corrupt { path, reason },
        ErrorCode::SystemIoFailure => io_failure(&path, failure.extended_code, &reason),
        _ => HistoryError::Io { path, reason },
    }
}

/// SQLite reports only ENOSPC as SQLITE_FULL; a quota (EDQUOT) and a file size limit (EFBIG) are
/// SQLITE_IOERR_WRITE, and a full disk may show only when the data is synchronised.
fn io_failure(path: &Path, extended: i32, said: &str) -> HistoryError {
    // SQLite says "disk I/O error" of all of them; the code tells which call it was.
    let (path, reason) = (path.to_owned(), format!("{said}, SQLite code {extended}"));
    match extended {
        ffi::SQLITE_IOERR_WRITE
        | ffi::SQLITE_IOERR_FSYNC
        | ffi::SQLITE_IOERR_DIR_FSYNC
        | ffi::SQLITE_IOERR_TRUNCATE
        | ffi::SQLITE_IOERR_SHMSIZE => HistoryError::Full { path, reason },
        ffi::SQLITE_IOERR_CORRUPTFS | ffi::SQLITE_IOERR_DATA => {
            HistoryError::Corrupt { path, reason }
        }
        ffi::SQLITE_IOERR_ACCESS => HistoryError::ReadOnly { path, reason },
        _ => HistoryError::Io { path, reason },
    }
}

/// What the system's error means for the history at `path`.
pub(crate) fn system(path: &Path, err: &std::io::Error) -> HistoryError {
    let (path, reason) = (path.to_owned(), err.to_string());
    match err.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            HistoryError::ReadOnly { path, reason }
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            HistoryError::Full { path, reason }
        }
        _ => HistoryError::Io { path, reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name of the variant.
    fn kind(err: &HistoryError) -> String {
        format!("{err:?}").split([' ', '{']).next().unwrap_or_default().to_owned()
    }

    #[test]
    fn every_failure_of_sqlite_has_its_kind() {
        for (code, expected) in [
            (ffi::SQLITE_NOTADB, "NotADatabase"),
            (ffi::SQLITE_BUSY, "Busy"),
            (ffi::SQLITE_BUSY_RECOVERY, "Busy"),
            (ffi::SQLITE_BUSY_SNAPSHOT, "Busy"),
            (ffi::SQLITE_LOCKED, "Busy"),
            (ffi::SQLITE_PROTOCOL, "Busy"),
            (ffi::SQLITE_FULL, "Full"),
            (ffi::SQLITE_IOERR_WRITE, "Full"),
            (ffi::SQLITE_IOERR_FSYNC, "Full"),
            (ffi::SQLITE_IOERR_TRUNCATE, "Full"),
            (ffi::SQLITE_IOERR_SHMSIZE, "Full"),
            (ffi::SQLITE_IOERR_READ, "Io"),
            (ffi::SQLITE_IOERR_SHORT_READ, "Io"),
            (ffi::SQLITE_IOERR_LOCK, "Io"),
            (ffi::SQLITE_IOERR_CORRUPTFS, "Corrupt"),
            (ffi::SQLITE_READONLY, "ReadOnly"),
            (ffi::SQLITE_READONLY_DIRECTORY, "ReadOnly"),
            (ffi::SQLITE_READONLY_CANTINIT, "ReadOnly"),
            (ffi::SQLITE_PERM, "ReadOnly"),
            (ffi::SQLITE_CORRUPT, "Corrupt"),
            (ffi::SQLITE_CORRUPT_INDEX, "Corrupt"),
            (ffi::SQLITE_ERROR, "Corrupt"),
            (ffi::SQLITE_NOMEM, "Io"),
            (ffi::SQLITE_TOOBIG, "Io"),
        ] {
            let err = Error::SqliteFailure(ffi::Error::new(code), None);
            assert_eq!(kind(&error(Path::new("/h.db"), err)), expected, "{code}");
        }
        let err = error(Path::new("/h.db"), Error::QueryReturnedNoRows);
        assert_eq!(kind(&err), "Corrupt");
    }

    #[test]
    fn every_failure_of_the_system_has_its_kind() {
        for (failure, expected) in [
            (ErrorKind::PermissionDenied, "ReadOnly"),
            (ErrorKind::ReadOnlyFilesystem, "ReadOnly"),
            (ErrorKind::StorageFull, "Full"),
            (ErrorKind::QuotaExceeded, "Full"),
            (ErrorKind::NotADirectory, "Io"),
        ] {
            assert_eq!(kind(&system(Path::new("/h.db"), &failure.into())), expected, "{failure}");
        }
    }
}
