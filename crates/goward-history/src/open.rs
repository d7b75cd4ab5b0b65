//! Opening: whose file it is first, everything that writes after.

use crate::schema::{self, MIGRATIONS};
use crate::{HistoryError, classify, file};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// How long we wait for somebody else's lock.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two attempts where SQLite does not wait by itself.
const PAUSE: Duration = Duration::from_millis(20);
/// Together as long as [`PATIENCE`].
const ATTEMPTS: usize = 500;

/// Opens the history at `path`, which is made absolute: `:memory:` and `file:` are file names.
pub(crate) fn open(path: &Path) -> Result<(Connection, PathBuf), HistoryError> {
    let path = std::path::absolute(path).map_err(|err| classify::system(path, &err))?;
    file::ensure(&path)?;
    let conn = match prepare(connect(&path), &path) {
        // The file may be written, but no log beside it.
        Err(HistoryError::ReadOnly { .. }) if !file::has_log(&path) => {
            prepare(open_archive(&path), &path)?
        }
        prepared => prepared?,
    };
    Ok((conn, path))
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    // Who may only read must not leave a log of his own that the owner then cannot write to.
    if conn.is_readonly("main")? && !file::has_log(path) {
        return open_archive(path);
    }
    Ok(conn)
}

/// A history that lies where nothing can be written, and that nobody has open: an archive.
/// Source: <https://sqlite.org/uri.html#uriimmutable>.
fn open_archive(path: &Path) -> rusqlite::Result<Connection> {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
            plain if plain.is_ascii_alphanumeric() => uri.push(char::from(*plain)),
            other => uri += &format!("%{other:02x}"),
        }
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(uri + "?immutable=1", flags)
}

/// Makes sure that the file is ours, and brings it and the connection up to date.
fn prepare(opened: rusqlite::Result<Connection>, path: &Path) -> Result<Connection, HistoryError> {
    let failed = |err| classify::error(path, err);
    let conn = opened.map_err(failed)?;
    // Until we know that the file is ours, closing must not tidy up a log that was there.
    let hands_off = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    conn.set_db_config(hands_off, file::has_log(path)).map_err(failed)?;
    conn.busy_timeout(PATIENCE).map_err(failed)?;
    let version = schema::known_version(&conn, path, MIGRATIONS.len())?;
    settle(&conn).map_err(failed)?;
    if version < MIGRATIONS.len() {
        schema::migrate(&conn, path, MIGRATIONS)?;
    }
    if !conn.is_readonly("main").map_err(failed)? {
        switch_to_wal(&conn).map_err(failed)?;
    }
    conn.set_db_config(hands_off, false).map_err(failed)?;
    Ok(conn)
}

/// Settings of the connection; they read the schema, so the file must be known to be ours.
fn settle(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;",
    )
}

/// From here on commits do not wait for the disk, and closing does not tidy up: SQLite does both once the log has a
/// thousand pages, and whoever opens the file next reads it. Sources: <https://sqlite.org/wal.html>,
/// <https://sqlite.org/pragma.html#pragma_synchronous>.
pub(crate) fn leave_log(conn: &Connection) -> rusqlite::Result<()> {
    let journal: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    // A rollback journal that was not synchronised can damage the file.
    if journal == "wal" {
        conn.pragma_update(None, "synchronous", "NORMAL")?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    }
    Ok(())
}

/// The switch needs the file for itself, and SQLite does not wait for that: where several
/// processes meet at a new database, each tries until it is done. A no-op ever after.
fn switch_to_wal(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(Duration::ZERO)?;
    let mut attempts = 0;
    loop {
        let switched = conn
            .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0));
        match switched {
            Err(err)
                if err.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && attempts < ATTEMPTS =>
            {
                attempts += 1;
                sleep(PAUSE);
            }
            // A file system without shared memory keeps the rollback journal, which is as safe.
            switched => {
                switched?;
                return conn.busy_timeout(PATIENCE);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::History;

    #[test]
    fn every_commit_is_synchronised_and_every_reference_checked() {
        let dir = tempfile::TempDir::new().unwrap();
        for round in ["new", "old"] {
            let history = History::open(dir.path().join("history.db")).unwrap();
            for (pragma, value) in [
                ("journal_mode", "wal"),
                ("synchronous", "2"), // FULL
                ("busy_timeout", "10000"),
                ("foreign_keys", "1"),
                ("trusted_schema", "0"),
                ("user_version", "2"),
                ("application_id", "1735358308"),
            ] {
                let sql = format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}");
                let sql = sql.replace("CAST(busy_timeout", "CAST(timeout");
                let found: String = history.conn.query_row(&sql, (), |row| row.get(0)).unwrap();
                assert_eq!(found, value, "{pragma}, {round}");
            }
        }
    }
}
