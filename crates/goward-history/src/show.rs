//! One run, by name.

use crate::{History, HistoryError, Query};
use goward_model::{REPORT_SCHEMA, Report};
use rusqlite::OptionalExtension as _;

/// The newest run of all.
const LATEST: &str = "latest";

/// So many candidates are named when a prefix means several runs.
const CANDIDATES: usize = 8;

/// Sorts after every name that begins with what precedes it.
const LAST: char = char::MAX;

impl History {
    /// The report of one run: by its whole name, by the beginning of its name if no other run's
    /// begins so, or the newest by `latest`.
    ///
    /// # Errors
    /// [`HistoryError::NoSuchRun`], [`HistoryError::Ambiguous`]; [`HistoryError::Unreadable`]
    /// where the stored report cannot be read, which says nothing about other runs;
    /// [`HistoryError::Corrupt`], [`HistoryError::Busy`], [`HistoryError::Io`].
    pub fn show(&self, selector: &str) -> Result<Report, HistoryError> {
        let run_id = if selector == LATEST { self.latest()? } else { selector.to_owned() };
        if let Some(stored) = self.stored(&run_id)? {
            return self.read(run_id, &stored);
        }
        let run_id = self.only_one(selector)?;
        let stored = self.stored(&run_id)?.ok_or_else(|| self.no_such_run(selector))?;
        self.read(run_id, &stored)
    }

    fn latest(&self) -> Result<String, HistoryError> {
        let newest = self.list(&Query { limit: 1, ..Query::default() })?;
        newest.into_iter().next().map(|run| run.run_id).ok_or_else(|| self.no_such_run(LATEST))
    }

    /// The stored report in bytes, whatever they are.
    fn stored(&self, run_id: &str) -> Result<Option<Vec<u8>>, HistoryError> {
        let read = || {
            self.conn
                .prepare_cached("SELECT CAST(report AS BLOB) FROM runs WHERE run_id = ?")?
                .query_row((run_id,), |row| {
                    Ok(row.get::<_, Option<Vec<u8>>>(0)?.unwrap_or_default())
                })
                .optional()
        };
        read().map_err(|err| self.error(err))
    }

    /// The only run whose name begins with `prefix`.
    fn only_one(&self, prefix: &str) -> Result<String, HistoryError> {
        if prefix.is_empty() {
            return Err(self.no_such_run(prefix));
        }
        const STARTING_WITH: &str =
            "SELECT run_id FROM runs WHERE run_id >= ? AND run_id < ? ORDER BY run_id LIMIT 9";
        let read = || {
            self.conn
                .prepare_cached(STARTING_WITH)?
                .query_map((prefix, format!("{prefix}{LAST}")), |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()
        };
        let mut found = read().map_err(|err| self.error(err))?;
        match found.len() {
            0 => Err(self.no_such_run(prefix)),
            1 => Ok(found.remove(0)),
            many => {
                found.truncate(CANDIDATES);
                Err(HistoryError::Ambiguous {
                    path: self.path.clone(),
                    selector: prefix.to_owned(),
                    candidates: found,
                    more: many > CANDIDATES,
                })
            }
        }
    }

    fn read(&self, run_id: String, stored: &[u8]) -> Result<Report, HistoryError> {
        let reason = match serde_json::from_slice::<Report>(stored) {
            Ok(report) if report.schema == REPORT_SCHEMA => return Ok(report),
            Ok(report) => format!("it is {:?}, not {REPORT_SCHEMA:?}", report.schema),
            Err(err) => err.to_string(),
        };
        Err(HistoryError::Unreadable { path: self.path.clone(), run_id, reason })
    }

    fn no_such_run(&self, selector: &str) -> HistoryError {
        HistoryError::NoSuchRun { path: self.path.clone(), selector: selector.to_owned() }
    }
}
