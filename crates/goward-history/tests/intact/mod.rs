//! What the tests ask of a database, whatever happened to it.

use goward_history::{History, Query};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::Path;

/// The names of all runs, newest first.
pub(crate) fn run_ids(path: &Path) -> Vec<String> {
    let all = Query { limit: usize::MAX, ..Query::default() };
    let runs = History::open(path).unwrap().list(&all).unwrap();
    runs.into_iter().map(|run| run.run_id).collect()
}

/// The database is whole, no run is there by halves, and all of `acknowledged` are there.
pub(crate) fn assert_intact<'a>(path: &Path, acknowledged: impl IntoIterator<Item = &'a String>) {
    let stored: BTreeSet<String> = run_ids(path).into_iter().collect();
    let lost: Vec<_> = acknowledged.into_iter().filter(|run| !stored.contains(*run)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let conn = Connection::open(path).unwrap();
    let check: String = conn.query_row("PRAGMA integrity_check", (), |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let count = |sql: &str| conn.query_row(sql, (), |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT COUNT(*) FROM pragma_foreign_key_check"), 0);
    let halves = "SELECT COUNT(*) FROM runs WHERE json_array_length(report, '$.outcomes') <>
        (SELECT COUNT(*) FROM outcomes WHERE outcomes.run_id = runs.run_id)";
    assert_eq!(count(halves), 0, "runs without all their outcomes");
}
