//! What happened, as it is kept and reported.

use crate::{Execs, Sample, Scenario, Stage};
use goward_causes::Text;
use serde::Serialize;

/// One go command, from its start to what is said of it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Attempt {
    /// 0 for the first; retries follow.
    pub number: u32,
    /// Whether the command succeeded.
    pub succeeded: bool,
    /// Its exit status.
    pub exit_status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Its deadline ended it.
    pub deadline_passed: bool,
    /// The user ended it.
    pub interrupted: bool,
    /// How often the fault struck.
    pub strikes: u64,
    /// The cause that is reported first.
    pub detected: String,
    /// All causes that are reported.
    pub causes: Vec<String>,
    /// The lines that prove it.
    pub evidence: Vec<String>,
    /// From the first strike, or from the start where the fault was there from the start, to the cause.
    pub time_to_detect_ms: f64,
    /// How long the command took.
    pub elapsed_ms: f64,
    /// The most memory that the process group had.
    pub peak_bytes: u64,
    /// The memory of the process group over time.
    pub memory: Vec<Sample>,
    /// What strace saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub execs: Option<Execs>,
    /// How goward's own reader took a spoilt listing: its exit status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reader_status: Option<i32>,
    /// What the command said.
    #[serde(skip)]
    pub transcript: Vec<u8>,
}

/// A build and its retries.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Run {
    /// The first attempt, and a retry for each failure whose cause a retry helps.
    pub attempts: Vec<Attempt>,
}

impl Run {
    /// Whether the first attempt succeeded.
    pub fn succeeded(&self) -> bool {
        self.attempts.first().is_some_and(|attempt| attempt.succeeded)
    }

    /// Whether the last attempt succeeded.
    pub fn recovered(&self) -> bool {
        self.attempts.last().is_some_and(|attempt| attempt.succeeded)
    }
}

/// Why a scenario was not tried to the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Untried {
    /// The machine does not allow it.
    NotAllowed(goward_model::Text),
    /// Something else failed.
    Failed(goward_model::Text),
}

/// Everything that is known of a scenario after it was tried.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// The scenario.
    pub id: &'static str,
    /// Where the fault was put.
    pub stage: Stage,
    /// What was done.
    pub does: Text,
    /// The causes one of which must be reported.
    pub expected: &'static [&'static str],
    /// How likely the fault struck when it could.
    pub probability: f64,
    /// What chance grew from.
    pub seed: u64,
    /// The builds.
    pub runs: Vec<Run>,
    /// Why there are none.
    #[serde(skip)]
    pub untried: Option<Untried>,
    /// The share of builds that succeeded.
    pub score: Score,
}

/// The share of builds that succeeded although a fault was put into them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Score {
    /// How many builds.
    pub runs: usize,
    /// With retries off.
    pub without_retries: f64,
    /// With retries on.
    pub with_retries: f64,
}

impl Score {
    /// Of these builds.
    pub fn of<'a>(runs: impl Iterator<Item = &'a Run> + Clone) -> Self {
        let count = runs.clone().count();
        let share = |of: fn(&Run) -> bool| match count {
            0 => 0.0,
            _ => runs.clone().filter(|run| of(run)).count() as f64 / count as f64,
        };
        Self {
            runs: count,
            without_retries: share(Run::succeeded),
            with_retries: share(Run::recovered),
        }
    }
}

impl Record {
    /// Of a scenario that was not tried yet.
    pub fn new(scenario: &'static Scenario, probability: f64, seed: u64) -> Self {
        Self {
            id: scenario.id,
            stage: scenario.stage,
            does: scenario.does,
            expected: scenario.expected,
            probability,
            seed,
            runs: vec![],
            untried: None,
            score: Score::default(),
        }
    }

    /// All attempts, in order.
    pub fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.runs.iter().flat_map(|run| &run.attempts)
    }

    /// The attempt that is shown: the first that failed, else the first.
    pub fn shown(&self) -> Option<&Attempt> {
        self.attempts().find(|attempt| !attempt.succeeded).or_else(|| self.attempts().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_tells_retries_on_from_off() {
        let attempt = |succeeded| Attempt { succeeded, ..Attempt::default() };
        let run = |ends: &[bool]| Run { attempts: ends.iter().map(|end| attempt(*end)).collect() };
        let runs = [run(&[true]), run(&[false, true]), run(&[false, false]), run(&[false])];
        let score = Score::of(runs.iter());
        assert_eq!(score, Score { runs: 4, without_retries: 0.25, with_retries: 0.5 });
        assert_eq!(Score::of([].iter()), Score::default());
    }
}
