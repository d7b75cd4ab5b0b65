//! The whole run, and the decision that follows from it.

use crate::{Finding, Outcome, SlaTier, Text, Verdict};
use serde::{Deserialize, Serialize};

/// The name and version of the report's JSON.
pub const REPORT_SCHEMA: &str = "goward.report/v1";

/// What was judged, by whom, when: enough to compare two reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Identity {
    /// Names the run; sorts by time.
    pub run_id: String,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// goward's version.
    pub goward_version: String,
    /// The target as it was named on the command line.
    pub target: String,
    /// The target's folder in its repository, with a trailing slash; empty at the root.
    #[serde(default)]
    pub prefix: String,
    /// The main module's path.
    pub module: Option<String>,
    /// The commit that is checked out.
    pub commit: Option<String>,
    /// Whether the worktree differs from the commit.
    pub dirty: Option<bool>,
    /// `go version` of the toolchain in use.
    pub go_version: Option<String>,
    /// `GOFLAGS` as Go sees it.
    pub goflags: Option<String>,
    /// The policy files that took part, lowest layer first.
    #[serde(default)]
    pub policy: Vec<String>,
    /// The flags that left checks out (`--skip ID`); empty where the whole checklist ran.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub selection: Vec<String>,
}

/// A failure of tier P0 or P1: somebody has to act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Alert {
    /// The tier.
    pub tier: SlaTier,
    /// The check.
    pub check: String,
    /// What happened.
    pub message: Text,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// Outcomes that passed.
    pub pass: usize,
    /// Outcomes that failed.
    pub fail: usize,
    /// Outcomes that failed, but all they found is waived.
    pub waived: usize,
    /// Outcomes that do not apply.
    pub skip: usize,
    /// Outcomes that could not be judged.
    pub inconclusive: usize,
}

/// Everything goward knows at the end of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// [`REPORT_SCHEMA`].
    pub schema: String,
    /// What was judged.
    pub identity: Identity,
    /// The decision.
    pub gate: Gate,
    /// The exit status that follows from it.
    pub exit_status: u8,
    /// Whether the run was interrupted: outcomes are missing or inconclusive because of it.
    #[serde(default)]
    pub interrupted: bool,
    /// How many of each.
    pub summary: Summary,
    /// How long the run took, in milliseconds.
    pub latency_ms: f64,
    /// P0 and P1 failures.
    pub alerts: Vec<Alert>,
    /// One outcome per planned check, in the order of the plan.
    pub outcomes: Vec<Outcome>,
}

/// Whether the release may go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Gate {
    /// Nothing blocks.
    Open,
    /// We could not find out. Not the same as open.
    Inconclusive,
    /// At least one blocking check failed.
    Closed,
}

impl Gate {
    /// The worst that outcomes mean; of none nobody knows anything.
    pub fn of<'o>(outcomes: impl IntoIterator<Item = &'o Outcome>) -> Self {
        let gates = outcomes.into_iter().map(|outcome| outcome.verdict.gate());
        gates.max().unwrap_or(Self::Inconclusive)
    }

    /// `open`, `inconclusive` or `closed`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Inconclusive => "inconclusive",
            Self::Closed => "closed",
        }
    }
}

impl Report {
    /// Puts a report together. `gate` is the grading's decision.
    pub fn new(identity: Identity, outcomes: Vec<Outcome>, gate: Gate, latency_ms: f64) -> Self {
        Self {
            schema: REPORT_SCHEMA.into(),
            identity,
            gate,
            exit_status: ExitStatus::from(gate) as u8,
            interrupted: false,
            summary: summarise(&outcomes),
            latency_ms: (latency_ms * 1e3).round() / 1e3,
            alerts: alerts(&outcomes),
            outcomes,
        }
    }

    /// Marks the run as cut short by the user.
    pub fn interrupted(mut self) -> Self {
        self.interrupted = true;
        self.exit_status = ExitStatus::Interrupted as u8;
        self
    }

    /// All findings with their outcomes, in order.
    pub fn findings(&self) -> impl Iterator<Item = (&Outcome, &Finding)> {
        self.outcomes.iter().flat_map(|o| o.findings().iter().map(move |finding| (o, finding)))
    }
}

fn summarise(outcomes: &[Outcome]) -> Summary {
    let mut summary = Summary::default();
    for outcome in outcomes {
        let count = match outcome.verdict {
            Verdict::Pass => &mut summary.pass,
            Verdict::Fail(_) if outcome.status() => &mut summary.waived,
            Verdict::Fail(_) => &mut summary.fail,
            Verdict::Skip(_) => &mut summary.skip,
            Verdict::Inconclusive(_) => &mut summary.inconclusive,
        };
        *count += 1;
    }
    summary
}

fn alerts(outcomes: &[Outcome]) -> Vec<Alert> {
    let failed =
        |o: &&Outcome| o.tier.alerts() && matches!(o.verdict, Verdict::Fail(_)) && !o.status();
    let alert = |o: &Outcome| Alert { tier: o.tier, check: o.check.clone(), message: o.error() };
    outcomes.iter().filter(failed).map(alert).collect()
}

/// The process's exit status, the same for every command and format. Documented, stable, tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    /// The gate is open.
    Open = 0,
    /// The gate is closed: a blocking check failed.
    Closed = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// A blocking check could not be decided.
    Inconclusive = 3,
    /// A bug in goward.
    Internal = 101,
    /// Interrupted by a signal.
    Interrupted = 130,
}

impl From<Gate> for ExitStatus {
    fn from(gate: Gate) -> Self {
        match gate {
            Gate::Open => Self::Open,
            Gate::Inconclusive => Self::Inconclusive,
            Gate::Closed => Self::Closed,
        }
    }
}
