//! What was found, as it is found.

use crate::cause::{CAUSES, Cause, Reach, cause};
use serde::{Serialize, Serializer};

/// Lines of evidence that are kept of a cause; more are counted.
const MAX_EVIDENCE: usize = 20;

/// A cause that was found, with what shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Which.
    #[serde(serialize_with = "by_id")]
    pub cause: &'static Cause,
    /// What shows it, `old → new`; names, values and numbers, the same in every language.
    pub evidence: Vec<String>,
    /// Evidence that is not listed.
    pub more: usize,
}

fn by_id<S: Serializer>(cause: &&'static Cause, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(cause.id)
}

/// Collects causes.
#[derive(Debug, Default)]
pub(crate) struct Causes {
    found: Vec<Found>,
}

impl Causes {
    /// Adds evidence of a cause.
    pub(crate) fn add(&mut self, id: &str, evidence: String) {
        let Some(cause) = cause(id) else { return };
        let found = match self.found.iter_mut().find(|found| found.cause == cause) {
            Some(found) => found,
            None => {
                self.found.push(Found { cause, evidence: vec![], more: 0 });
                let Some(last) = self.found.last_mut() else { return };
                last
            }
        };
        if found.evidence.contains(&evidence) {
            return;
        }
        if found.evidence.len() < MAX_EVIDENCE {
            found.evidence.push(evidence);
        } else {
            found.more += 1;
        }
    }

    /// Whether a cause was found.
    pub(crate) fn has(&self, id: &str) -> bool {
        cause(id).is_some_and(|cause| self.found.iter().any(|found| found.cause == cause))
    }

    /// Whether one of these was found.
    pub(crate) fn any(&self, ids: &[&str]) -> bool {
        ids.iter().any(|id| self.has(id))
    }

    /// Whether there is one that changes code everywhere.
    pub(crate) fn everywhere(&self) -> bool {
        self.found.iter().any(|found| found.cause.reach == Reach::All)
    }

    /// Whether none was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// In the order of the catalogue.
    pub(crate) fn finish(mut self) -> Vec<Found> {
        self.found.sort_by_key(|found| CAUSES.iter().position(|cause| cause == found.cause));
        self.found
    }
}
