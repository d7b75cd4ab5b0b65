//! Outcomes of checks that only the hook knows.

use goward_model::{Findings, Outcome, SlaTier, Text};

/// What they are called together.
pub(super) const GROUP: &str = "hook";

/// What was found.
pub(super) fn of(id: &str, title: Text, findings: Findings) -> Outcome {
    Outcome::of(id, GROUP, title, SlaTier::P1, findings)
}

/// Nobody could find out.
pub(super) fn unknown(id: &str, title: Text, why: Text) -> Outcome {
    let mut findings = Findings::default();
    findings.unknown(why);
    of(id, title, findings)
}

/// It was not looked at, and that is said.
pub(super) fn skipped(id: &str, title: Text, why: Text) -> Outcome {
    let mut findings = Findings::default();
    findings.not_applicable(why);
    of(id, title, findings)
}
