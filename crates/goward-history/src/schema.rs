//! Whose database it is, of which version, and how it gets to ours.

use crate::row::to_sql;
use crate::{HistoryError, classify};
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use std::path::Path;

/// `gowd`, in the header of every history: tells ours from other people's databases.
/// Source: <https://sqlite.org/pragma.html#pragma_application_id>.
const APPLICATION_ID: i64 = 0x676f_7764;

/// From nothing to today's schema, one step per version. Each may run twice.
pub(crate) const MIGRATIONS: &[&str] =
    &[include_str!("../migrations/0001_runs.sql"), include_str!("../migrations/0002_builds.sql")];

/// The version of the history at `path`; 0 for a database with nothing in it. Changes nothing.
fn version(conn: &Connection, path: &Path) -> Result<usize, HistoryError> {
    let pragma = |name: &str| {
        conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(|err| classify::error(path, err))
    };
    let (id, version) = (pragma("application_id")?, pragma("user_version")?);
    match id {
        APPLICATION_ID => usize::try_from(version).map_err(|_| HistoryError::Corrupt {
            path: path.to_owned(),
            reason: format!("schema version {version}"),
        }),
        0 if version == 0 && is_empty(conn, path)? => Ok(0),
        _ => Err(HistoryError::NotADatabase { path: path.to_owned() }),
    }
}

/// Nobody's database may be damaged; then it is not ours to complain of.
fn is_empty(conn: &Connection, path: &Path) -> Result<bool, HistoryError> {
    match conn.query_row("SELECT COUNT(*) FROM sqlite_schema", (), |row| row.get::<_, i64>(0)) {
        Ok(count) => Ok(count == 0),
        Err(err) if err.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => Ok(false),
        Err(err) => Err(classify::error(path, err)),
    }
}

/// The version of the history at `path`, which is at most `known`. Changes nothing.
pub(crate) fn known_version(
    conn: &Connection,
    path: &Path,
    known: usize,
) -> Result<usize, HistoryError> {
    // One transaction for the whole stamp: the database may become ours while we look.
    let look = Transaction::new_unchecked(conn, TransactionBehavior::Deferred)
        .map_err(|err| classify::error(path, err))?;
    at_most(&look, path, known)
}

fn at_most(conn: &Connection, path: &Path, known: usize) -> Result<usize, HistoryError> {
    let found = version(conn, path)?;
    if found > known {
        return Err(HistoryError::Newer { path: path.to_owned(), found, known });
    }
    Ok(found)
}

/// Brings the database to the version that `migrations` lead to, in one transaction.
pub(crate) fn migrate(
    conn: &Connection,
    path: &Path,
    migrations: &[&str],
) -> Result<(), HistoryError> {
    let failed = |err| classify::error(path, err);
    let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate).map_err(failed)?;
    // Whoever held the lock before us may have done it all.
    let version = at_most(&tx, path, migrations.len())?;
    for step in migrations.iter().skip(version) {
        tx.execute_batch(step).map_err(failed)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    tx.pragma_update(None, "user_version", to_sql(migrations.len())).map_err(failed)?;
    tx.commit().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::History;
    use tempfile::TempDir;

    /// What a later goward will know.
    const LATER: &[&str] = &[
        MIGRATIONS[0],
        MIGRATIONS[1],
        "CREATE TABLE IF NOT EXISTS baselines (check_id TEXT PRIMARY KEY)",
    ];

    fn tables(conn: &Connection) -> Vec<String> {
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
        let mut select = conn.prepare(sql).unwrap();
        select.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_history_is_brought_to_the_next_version_and_no_further() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("history.db");
        let history = History::open(&path).unwrap();
        assert_eq!(tables(&history.conn), ["builds", "outcomes", "runs"]);
        for _ in 0..2 {
            migrate(&history.conn, &path, LATER).unwrap();
            assert_eq!(tables(&history.conn), ["baselines", "builds", "outcomes", "runs"]);
            assert_eq!(known_version(&history.conn, &path, 3), Ok(3));
        }
        let newer = Err(HistoryError::Newer { path: path.clone(), found: 3, known: 2 });
        assert_eq!(known_version(&history.conn, &path, 2), newer);
        assert_eq!(migrate(&history.conn, &path, MIGRATIONS).map(|()| 0), newer);
        assert_eq!(tables(&history.conn).len(), 4);
    }

    #[test]
    fn a_step_may_run_twice() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("history.db");
        let history = History::open(&path).unwrap();
        for step in MIGRATIONS {
            history.conn.execute_batch(step).unwrap();
        }
        history.conn.pragma_update(None, "user_version", 0).unwrap();
        drop(history);
        assert_eq!(tables(&History::open(&path).unwrap().conn), ["builds", "outcomes", "runs"]);
    }

    #[test]
    fn a_step_that_fails_changes_nothing() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("history.db");
        let history = History::open(&path).unwrap();
        let steps = [LATER[0], LATER[1], LATER[2], "no SQL at all"];
        assert!(migrate(&history.conn, &path, &steps).is_err());
        assert_eq!(tables(&history.conn), ["builds", "outcomes", "runs"]);
        assert_eq!(known_version(&history.conn, &path, 2), Ok(2));
    }

    /// PostgreSQL gets the same text.
    #[test]
    fn the_schema_speaks_no_dialect() {
        for word in ["WITHOUT ROWID", "STRICT", "AUTOINCREMENT", "PRAGMA", "BLOB", "INTEGER"] {
            assert!(MIGRATIONS.iter().all(|step| !step.contains(word)), "{word}");
        }
    }
}
