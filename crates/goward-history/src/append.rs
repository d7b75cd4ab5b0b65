//! Keeping a run.

use crate::row::to_sql;
use crate::{History, HistoryError};
use goward_model::{Outcome, Report};
use rusqlite::{Transaction, TransactionBehavior, named_params};

const INSERT_RUN: &str = "
    INSERT INTO runs (
        run_id, seq, started_at, started_us, target, prefix, module, commit_id, dirty, gate,
        exit_status, interrupted, latency_ms, goward_version, go_version, passed, failed, waived,
        skipped, inconclusive, report
    ) VALUES (
        :run_id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM runs), :started_at, :started_us, :target,
        :prefix, :module, :commit_id, :dirty, :gate, :exit_status, :interrupted, :latency_ms,
        :goward_version, :go_version, :passed, :failed, :waived, :skipped, :inconclusive, :report
    ) ON CONFLICT (run_id) DO NOTHING";

const INSERT_OUTCOME: &str = "
    INSERT INTO outcomes (
        run_id, position, check_id, grp, tier, verdict, status, latency_ms, timeout_ms,
        critical_threshold, measured_name, measured_value, blocked_by, findings
    ) VALUES (
        :run_id, :position, :check_id, :grp, :tier, :verdict, :status, :latency_ms, :timeout_ms,
        :critical_threshold, :measured_name, :measured_value, :blocked_by, :findings
    )";

impl History {
    /// Keeps a run, whole or not at all; when this returns, it is on the disk.
    ///
    /// A run is known by its `run_id`: appending it again changes nothing, so a caller may try
    /// again after any error, and a delivery that comes twice counts once.
    ///
    /// # Errors
    /// [`HistoryError::Full`], [`HistoryError::Busy`], [`HistoryError::ReadOnly`],
    /// [`HistoryError::Corrupt`], [`HistoryError::Io`]; [`HistoryError::Unstorable`] for a report
    /// without a name, or with numbers that report JSON v1 cannot hold.
    pub fn append(&mut self, report: &Report) -> Result<(), HistoryError> {
        self.append_of(&report.identity.target, report)
    }

    /// Keeps a run as [`History::append`] does, under another name of its target: a report says
    /// what its user said (`.`), a list wants to tell targets apart.
    ///
    /// # Errors
    /// As [`History::append`].
    pub fn append_of(&mut self, target: &str, report: &Report) -> Result<(), HistoryError> {
        let text = self.text_of(report)?;
        let keep = || {
            let tx = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)?;
            if insert_run(&tx, target, report, &text)? {
                let mut insert = tx.prepare_cached(INSERT_OUTCOME)?;
                for (position, outcome) in report.outcomes.iter().enumerate() {
                    insert_outcome(&mut insert, &report.identity.run_id, position, outcome)?;
                }
            }
            tx.commit()
        };
        keep().map_err(|err| self.error(err))
    }

    /// The report as it is stored; only what can be read back is.
    fn text_of(&self, report: &Report) -> Result<String, HistoryError> {
        let refuse = |reason: String| HistoryError::Unstorable {
            path: self.path.clone(),
            run_id: report.identity.run_id.clone(),
            reason,
        };
        if report.identity.run_id.is_empty() {
            return Err(refuse("it has no run id".into()));
        }
        // JSON has no infinity and no NaN; serde_json writes `null`, which is no number to read.
        if !report.latency_ms.is_finite() {
            return Err(refuse("the latency of the run is not a finite number".into()));
        }
        for outcome in &report.outcomes {
            let measured = outcome.measured.as_ref().map_or(0.0, |measured| measured.value);
            if !outcome.latency_ms.is_finite() || !measured.is_finite() {
                return Err(refuse(format!("{} measured no finite number", outcome.check)));
            }
        }
        serde_json::to_string(report).map_err(|err| refuse(err.to_string()))
    }
}

/// Whether the run is new.
fn insert_run(
    tx: &Transaction<'_>,
    target: &str,
    report: &Report,
    text: &str,
) -> rusqlite::Result<bool> {
    let (identity, summary) = (&report.identity, &report.summary);
    let inserted = tx.prepare_cached(INSERT_RUN)?.execute(named_params! {
        ":run_id": identity.run_id,
        ":started_at": identity.started_at,
        ":started_us": microseconds(&identity.started_at),
        ":target": target,
        ":prefix": identity.prefix,
        ":module": identity.module,
        ":commit_id": identity.commit,
        ":dirty": identity.dirty,
        ":gate": report.gate.as_str(),
        ":exit_status": report.exit_status,
        ":interrupted": report.interrupted,
        ":latency_ms": report.latency_ms,
        ":goward_version": identity.goward_version,
        ":go_version": identity.go_version,
        ":passed": to_sql(summary.pass),
        ":failed": to_sql(summary.fail),
        ":waived": to_sql(summary.waived),
        ":skipped": to_sql(summary.skip),
        ":inconclusive": to_sql(summary.inconclusive),
        ":report": text,
    })?;
    Ok(inserted > 0)
}

fn insert_outcome(
    insert: &mut rusqlite::Statement<'_>,
    run_id: &str,
    position: usize,
    outcome: &Outcome,
) -> rusqlite::Result<()> {
    insert.execute(named_params! {
        ":run_id": run_id,
        ":position": to_sql(position),
        ":check_id": outcome.check,
        ":grp": outcome.group,
        ":tier": outcome.tier.as_str(),
        ":verdict": outcome.verdict.as_str(),
        ":status": outcome.status(),
        ":latency_ms": outcome.latency_ms,
        ":timeout_ms": to_sql(outcome.timeout_ms),
        // As in report JSON v1, an infinite threshold is none.
        ":critical_threshold": outcome.critical_threshold.filter(|value| value.is_finite()),
        ":measured_name": outcome.measured.as_ref().map(|measured| &measured.name),
        ":measured_value": outcome.measured.as_ref().map(|measured| measured.value),
        ":blocked_by": outcome.blocked_by,
        ":findings": to_sql(outcome.findings().len()),
    })?;
    Ok(())
}

/// Microseconds since 1970. A time that cannot be read is the beginning of time: the run is kept
/// and listed last, rather than lost.
pub(crate) fn microseconds(started_at: &str) -> i64 {
    started_at.parse::<jiff::Timestamp>().map_or(i64::MIN, |time| time.as_microsecond())
}
