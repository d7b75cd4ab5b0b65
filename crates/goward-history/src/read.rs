//! Lists: runs, and one check over time.

use crate::row::{flag, integer, maybe_flag, maybe_real, maybe_text, real, text, to_sql};
use crate::{History, HistoryError};
use goward_model::{Measured, Summary};
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use serde::Serialize;

/// Which runs to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// At most so many, the newest; 20 unless said otherwise.
    pub limit: usize,
    /// Only runs of this target, by the name it was kept under.
    pub target: Option<String>,
    /// Only runs of this main module.
    pub module: Option<String>,
    /// Only runs that this check took part in.
    pub check: Option<String>,
    /// Only runs that started at this time or later, in seconds since 1970, UTC.
    pub since: Option<i64>,
}

impl Default for Query {
    fn default() -> Self {
        Self { limit: 20, target: None, module: None, check: None, since: None }
    }
}

/// A run without its outcomes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunSummary {
    /// Names the run.
    pub run_id: String,
    /// RFC 3339, as the report has it.
    pub started_at: String,
    /// The target, by the name it was kept under.
    pub target: String,
    /// The main module's path.
    pub module: Option<String>,
    /// The commit that was checked out.
    pub commit: Option<String>,
    /// Whether the worktree differed from the commit.
    pub dirty: Option<bool>,
    /// `open`, `inconclusive` or `closed`.
    pub gate: String,
    /// The exit status.
    pub exit_status: u8,
    /// Whether the run was cut short by the user.
    pub interrupted: bool,
    /// How long the run took, in milliseconds.
    pub latency_ms: f64,
    /// goward's version then.
    pub goward_version: String,
    /// `go version` then.
    pub go_version: Option<String>,
    /// How many outcomes of each kind.
    pub summary: Summary,
}

/// One check in one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckPoint {
    /// The run.
    pub run_id: String,
    /// RFC 3339, as the report has it.
    pub started_at: String,
    /// The commit that was checked out.
    pub commit: Option<String>,
    /// Whether the worktree differed from the commit.
    pub dirty: Option<bool>,
    /// `P0` … `P3`, by the policy of that run.
    pub tier: String,
    /// `pass`, `fail`, `skip` or `inconclusive`.
    pub verdict: String,
    /// Whether the item was fine: passed, not applicable, or all that it found was waived.
    pub status: bool,
    /// How long it took, in milliseconds.
    pub latency_ms: f64,
    /// The time it was allowed, in milliseconds.
    pub timeout_ms: u64,
    /// The value over which it failed.
    pub critical_threshold: Option<f64>,
    /// What the threshold was compared with.
    pub measured: Option<Measured>,
    /// The check whose failure kept this one from being judged.
    pub blocked_by: Option<String>,
    /// How many findings, waived or not.
    pub findings: usize,
}

const SUMMARY: &str = "
    SELECT run_id, started_at, target, module, commit_id, dirty, gate, exit_status, interrupted,
           latency_ms, goward_version, go_version, passed, failed, waived, skipped, inconclusive
    FROM runs";

const NEWEST_FIRST: &str = "ORDER BY started_us DESC, seq DESC LIMIT ?";

/// The newest runs of the target first, and in each the check: no sorting, and no more rows than
/// asked for. CROSS JOIN fixes that order in SQLite and means the same as JOIN elsewhere.
const CHECK_OVER_TIME: &str = "
    SELECT runs.run_id, runs.started_at, runs.commit_id, runs.dirty, outcomes.tier,
           outcomes.verdict, outcomes.status, outcomes.latency_ms, outcomes.timeout_ms,
           outcomes.critical_threshold, outcomes.measured_name, outcomes.measured_value,
           outcomes.blocked_by, outcomes.findings
    FROM runs CROSS JOIN outcomes
    WHERE outcomes.run_id = runs.run_id AND runs.target = ? AND outcomes.check_id = ?
    ORDER BY runs.started_us DESC, runs.seq DESC LIMIT ?";

impl History {
    /// The runs that `query` asks for, newest first: by the time they started, within one instant
    /// by the order in which they were kept.
    ///
    /// # Errors
    /// [`HistoryError::Corrupt`], [`HistoryError::Busy`], [`HistoryError::Io`].
    pub fn list(&self, query: &Query) -> Result<Vec<RunSummary>, HistoryError> {
        let (sql, values) = select(query);
        let read = || {
            self.conn
                .prepare_cached(&sql)?
                .query_map(params_from_iter(values), run_summary)?
                .collect::<rusqlite::Result<_>>()
        };
        read().map_err(|err| self.error(err))
    }

    /// One check in the runs of one target, newest first.
    ///
    /// # Errors
    /// [`HistoryError::Corrupt`], [`HistoryError::Busy`], [`HistoryError::Io`].
    pub fn check_over_time(
        &self,
        check: &str,
        target: &str,
        at_most: usize,
    ) -> Result<Vec<CheckPoint>, HistoryError> {
        let read = || {
            self.conn
                .prepare_cached(CHECK_OVER_TIME)?
                .query_map((target, check, to_sql(at_most)), check_point)?
                .collect::<rusqlite::Result<_>>()
        };
        read().map_err(|err| self.error(err))
    }

    /// Forgets all but the newest `keep` runs, and returns how many it forgot. The space is used
    /// again by later runs; the file does not shrink.
    ///
    /// # Errors
    /// [`HistoryError::Full`], [`HistoryError::Busy`], [`HistoryError::ReadOnly`],
    /// [`HistoryError::Corrupt`], [`HistoryError::Io`].
    pub fn prune(&mut self, keep: usize) -> Result<usize, HistoryError> {
        let sql = format!(
            "DELETE FROM runs WHERE run_id NOT IN (SELECT run_id FROM runs {NEWEST_FIRST})"
        );
        self.conn.execute(&sql, (to_sql(keep),)).map_err(|err| self.error(err))
    }
}

/// The statement and its values: whatever a value looks like, it is never part of the statement.
fn select(query: &Query) -> (String, Vec<Value>) {
    let mut wanted: Vec<&str> = vec![];
    let mut values = vec![];
    let mut only = |clause, value| {
        wanted.push(clause);
        values.push(value);
    };
    if let Some(target) = &query.target {
        only("target = ?", Value::Text(target.clone()));
    }
    if let Some(module) = &query.module {
        only("module = ?", Value::Text(module.clone()));
    }
    if let Some(check) = &query.check {
        const TOOK_PART: &str = "EXISTS (SELECT 1 FROM outcomes
            WHERE outcomes.run_id = runs.run_id AND outcomes.check_id = ?)";
        only(TOOK_PART, Value::Text(check.clone()));
    }
    if let Some(since) = query.since {
        only("started_us >= ?", Value::Integer(since.saturating_mul(1_000_000)));
    }
    values.push(Value::Integer(to_sql(query.limit)));
    let condition = if wanted.is_empty() { "" } else { "WHERE" };
    (format!("{SUMMARY} {condition} {} {NEWEST_FIRST}", wanted.join(" AND ")), values)
}

fn run_summary(row: &Row<'_>) -> rusqlite::Result<RunSummary> {
    Ok(RunSummary {
        run_id: text(row, "run_id")?,
        started_at: text(row, "started_at")?,
        target: text(row, "target")?,
        module: maybe_text(row, "module")?,
        commit: maybe_text(row, "commit_id")?,
        dirty: maybe_flag(row, "dirty")?,
        gate: text(row, "gate")?,
        exit_status: integer(row, "exit_status")?,
        interrupted: flag(row, "interrupted")?,
        latency_ms: real(row, "latency_ms")?,
        goward_version: text(row, "goward_version")?,
        go_version: maybe_text(row, "go_version")?,
        summary: Summary {
            pass: integer(row, "passed")?,
            fail: integer(row, "failed")?,
            waived: integer(row, "waived")?,
            skip: integer(row, "skipped")?,
            inconclusive: integer(row, "inconclusive")?,
        },
    })
}

fn check_point(row: &Row<'_>) -> rusqlite::Result<CheckPoint> {
    let measured = maybe_text(row, "measured_name")?.zip(maybe_real(row, "measured_value")?);
    Ok(CheckPoint {
        run_id: text(row, "run_id")?,
        started_at: text(row, "started_at")?,
        commit: maybe_text(row, "commit_id")?,
        dirty: maybe_flag(row, "dirty")?,
        tier: text(row, "tier")?,
        verdict: text(row, "verdict")?,
        status: flag(row, "status")?,
        latency_ms: real(row, "latency_ms")?,
        timeout_ms: integer(row, "timeout_ms")?,
        critical_threshold: maybe_real(row, "critical_threshold")?,
        measured: measured.map(|(name, value)| Measured { name, value }),
        blocked_by: maybe_text(row, "blocked_by")?,
        findings: integer(row, "findings")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How SQLite means to find the rows.
    fn plan(history: &History, sql: &str) -> String {
        let mut explain = history.conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        // What is not bound is NULL; the plan is the same.
        let steps = explain.raw_query().mapped(|row| row.get::<_, String>(3));
        steps.map(Result::unwrap).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn every_question_is_answered_by_an_index_and_without_sorting() {
        let dir = tempfile::TempDir::new().unwrap();
        let history = History::open(dir.path().join("history.db")).unwrap();
        let (all, some) = (Query::default(), Some("x".to_owned()));
        for (name, query, index) in [
            ("all", all.clone(), "runs_by_time"),
            ("since", Query { since: Some(1), ..all.clone() }, "runs_by_time (started_us>"),
            (
                "target",
                Query { target: some.clone(), since: Some(1), ..all.clone() },
                "runs_by_target (target=? AND started_us>",
            ),
            ("check", Query { check: some, ..all }, "outcomes_by_check (check_id=? AND run_id=?)"),
        ] {
            let plan = plan(&history, &select(&query).0);
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{name}: {plan}");
        }
        let plan = plan(&history, CHECK_OVER_TIME);
        for index in ["runs_by_target (target=?)", "outcomes_by_check (check_id=? AND run_id=?)"] {
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
