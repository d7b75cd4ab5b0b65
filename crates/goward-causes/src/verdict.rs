//! What a log says.

use crate::{Cause, Owner, Retry, Stage, Tier, cause_of};
use serde::Serialize;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Outcome {
    /// A Go build failed, and this is why.
    #[serde(rename = "failed")]
    Failed,
    /// Nothing failed.
    #[serde(rename = "none.success")]
    Success,
    /// Something failed, and it was no Go build.
    #[serde(rename = "none.other-failure")]
    OtherFailure,
    /// A build failed, and nothing explains it.
    #[serde(rename = "unknown")]
    Unknown,
}

impl Outcome {
    /// The identifier of the contract; none for a failure, which has causes.
    pub fn id(self) -> Option<&'static str> {
        match self {
            Outcome::Failed => None,
            Outcome::Success => Some("none.success"),
            Outcome::OtherFailure => Some("none.other-failure"),
            Outcome::Unknown => Some("unknown"),
        }
    }
}

/// A line that proves something, or a fact from outside the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// 1-based; none for a fact.
    pub line: Option<u64>,
    /// Of the line's first byte.
    pub offset: Option<u64>,
    /// As it is in the log.
    pub text: String,
    /// The declaration that matched.
    pub signature: &'static str,
}

/// A cause that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// Its identifier.
    pub id: &'static str,
    /// Where it struck.
    pub stage: Stage,
    /// Between 0 and 1.
    pub confidence: f64,
    /// Who can do something about it.
    pub owner: Owner,
    /// Whether a retry helps.
    pub retry: Retry,
    /// How urgent it is.
    pub tier: Tier,
    /// How many lines say so.
    pub count: u64,
    /// The cause that this one only follows from.
    pub follows: Option<&'static str>,
    /// The first lines that say so.
    pub evidence: Vec<Evidence>,
}

impl Found {
    /// Its page.
    pub fn cause(&self) -> Option<&'static Cause> {
        cause_of(self.id)
    }
}

/// What a log says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// What happened.
    pub outcome: Outcome,
    /// The most basic first; those that follow from it are at the end.
    pub causes: Vec<Found>,
    /// How many error lines there are.
    pub errors: u64,
    /// How many of them follow from the first cause.
    pub followers: u64,
    /// For an outcome without causes: the line that decided.
    pub evidence: Vec<Evidence>,
    /// Length of the log.
    pub lines: u64,
    /// Size of the log.
    pub bytes: u64,
    /// Whether a person could read it.
    pub text: bool,
}

impl Verdict {
    /// The identifier of the first cause, or of the outcome.
    pub fn id(&self) -> &'static str {
        let first = self.causes.first().map(|found| found.id);
        self.outcome.id().or(first).unwrap_or("unknown")
    }

    /// Whether something can be said: what is unknown is not explained.
    pub fn is_explained(&self) -> bool {
        self.outcome != Outcome::Unknown
    }

    /// One step more urgent, as on a release branch.
    #[must_use]
    pub fn on_release_branch(mut self) -> Verdict {
        for found in &mut self.causes {
            found.tier = found.tier.up();
        }
        self
    }
}
