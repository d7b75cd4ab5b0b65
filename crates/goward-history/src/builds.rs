//! Observed builds: kept whole, listed by what people compare.

use crate::row::{integer, maybe_text, real, text, to_sql};
use crate::{History, HistoryError};
use rusqlite::types::Value;
use rusqlite::{Row, Transaction, TransactionBehavior, named_params, params_from_iter};
use serde::Serialize;

/// A build as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct BuildRow {
    /// Names the run.
    pub run_id: String,
    /// RFC 3339.
    pub started_at: String,
    /// The folder in which go ran.
    pub target: String,
    /// The command as one would type it.
    pub command: String,
    /// The commit that was checked out.
    pub commit: Option<String>,
    /// The exit status; none where a signal ended it.
    pub exit_status: Option<i64>,
    /// The cause of a failure.
    pub cause: Option<String>,
    /// Its tier.
    pub tier: Option<String>,
    /// Attempts before the last.
    pub retries: u64,
    /// From start to end, in milliseconds.
    pub wall_ms: f64,
    /// Processor time, in milliseconds.
    pub cpu_ms: f64,
    /// Packages for which a tool ran.
    pub built: u64,
    /// Packages in the build.
    pub packages: u64,
    /// The most memory at once, in bytes.
    pub peak_rss: u64,
    /// The whole document, `goward.build/v1`.
    #[serde(skip)]
    pub document: String,
}

/// Which builds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildQuery {
    /// At most so many, the newest.
    pub limit: usize,
    /// Only those of this folder.
    pub target: Option<String>,
    /// Only those of this command.
    pub command: Option<String>,
}

const INSERT: &str = "
    INSERT INTO builds (
        run_id, started_at, started_us, target, command, commit_id, exit_status, cause, tier, retries,
        wall_ms, cpu_ms, built, packages, peak_rss, document
    ) VALUES (
        :run_id, :started_at, :started_us, :target, :command, :commit_id, :exit_status, :cause, :tier,
        :retries, :wall_ms, :cpu_ms, :built, :packages, :peak_rss, :document
    ) ON CONFLICT (run_id) DO NOTHING";

impl History {
    /// Keeps a build; when this returns, it outlives whatever becomes of this process. Keeping it again changes nothing.
    ///
    /// Builds are many, and none shall wait for a disk: the log is left for later, so a power failure may take the last
    /// of them, and nothing else. Runs of the gate wait ([`History::append`]).
    ///
    /// # Errors
    /// [`HistoryError::Full`], [`HistoryError::Busy`], [`HistoryError::ReadOnly`],
    /// [`HistoryError::Corrupt`], [`HistoryError::Io`]; [`HistoryError::Unstorable`] for a build without
    /// a name, or with times that are no finite numbers.
    pub fn append_build(&mut self, build: &BuildRow) -> Result<(), HistoryError> {
        if build.run_id.is_empty() || !build.wall_ms.is_finite() || !build.cpu_ms.is_finite() {
            return Err(HistoryError::Unstorable {
                path: self.path.clone(),
                run_id: build.run_id.clone(),
                reason: "a build needs a run id and finite times".into(),
            });
        }
        let keep = || {
            crate::open::leave_log(&self.conn)?;
            let tx = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)?;
            tx.prepare_cached(INSERT)?.execute(named_params! {
                ":run_id": build.run_id,
                ":started_at": build.started_at,
                ":started_us": crate::append::microseconds(&build.started_at),
                ":target": build.target,
                ":command": build.command,
                ":commit_id": build.commit,
                ":exit_status": build.exit_status,
                ":cause": build.cause,
                ":tier": build.tier,
                ":retries": number(build.retries),
                ":wall_ms": build.wall_ms,
                ":cpu_ms": build.cpu_ms,
                ":built": number(build.built),
                ":packages": number(build.packages),
                ":peak_rss": number(build.peak_rss),
                ":document": build.document,
            })?;
            tx.commit()
        };
        keep().map_err(|err| self.error(err))
    }

    /// Builds, newest first.
    ///
    /// # Errors
    /// [`HistoryError::Corrupt`], [`HistoryError::Busy`], [`HistoryError::Io`].
    pub fn builds(&self, query: &BuildQuery) -> Result<Vec<BuildRow>, HistoryError> {
        let mut sql = "SELECT run_id, started_at, target, command, commit_id, exit_status, cause, tier, retries,
                wall_ms, cpu_ms, built, packages, peak_rss, document FROM builds"
            .to_owned();
        let mut values = vec![];
        for (column, wanted) in [("target", &query.target), ("command", &query.command)] {
            if let Some(wanted) = wanted {
                sql += if values.is_empty() { " WHERE " } else { " AND " };
                sql += column;
                sql += " = ?";
                values.push(Value::Text(wanted.clone()));
            }
        }
        sql += " ORDER BY started_us DESC, run_id DESC LIMIT ?";
        values.push(Value::Integer(to_sql(query.limit)));
        let read = || {
            let mut select = self.conn.prepare_cached(&sql)?;
            select.query_map(params_from_iter(values.iter()), row)?.collect::<Result<Vec<_>, _>>()
        };
        read().map_err(|err| self.error(err))
    }
}

fn row(row: &Row<'_>) -> rusqlite::Result<BuildRow> {
    Ok(BuildRow {
        run_id: text(row, "run_id")?,
        started_at: text(row, "started_at")?,
        target: text(row, "target")?,
        command: text(row, "command")?,
        commit: maybe_text(row, "commit_id")?,
        exit_status: row.get("exit_status")?,
        cause: maybe_text(row, "cause")?,
        tier: maybe_text(row, "tier")?,
        retries: integer(row, "retries")?,
        wall_ms: real(row, "wall_ms")?,
        cpu_ms: real(row, "cpu_ms")?,
        built: integer(row, "built")?,
        packages: integer(row, "packages")?,
        peak_rss: integer(row, "peak_rss")?,
        document: text(row, "document")?,
    })
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_is_kept_once_and_listed_newest_first() {
        let dir = tempfile::tempdir().unwrap();
        let mut history = History::open(dir.path().join("history.db")).unwrap();
        let build = |at: u32| BuildRow {
            run_id: format!("run-{at}"),
            started_at: format!("2026-11-30T06:00:0{at}Z"),
            target: "/src".into(),
            command: "go build ./...".into(),
            cause: (at == 2).then(|| "network.timeout".into()),
            exit_status: Some(i64::from(at == 2)),
            retries: 1,
            wall_ms: 1.5,
            document: "{}".into(),
            ..BuildRow::default()
        };
        for at in [1, 2, 3, 3] {
            history.append_build(&build(at)).unwrap();
        }
        // The disk was not waited for: the log is still there, and who comes next reads it.
        drop(history);
        let log = dir.path().join("history.db-wal");
        assert!(log.metadata().unwrap().len() > 0);
        let history = History::open(dir.path().join("history.db")).unwrap();
        let query = BuildQuery { limit: 2, target: Some("/src".into()), command: None };
        assert_eq!(history.builds(&query).unwrap(), [build(3), build(2)]);
        let other = BuildQuery { limit: 2, target: None, command: Some("go test".into()) };
        assert_eq!(history.builds(&other).unwrap(), []);
        drop(history);
        assert!(!log.exists(), "who does wait tidies up");
        let mut history = History::open(dir.path().join("history.db")).unwrap();
        assert!(history.append_build(&BuildRow::default()).is_err());
    }
}
