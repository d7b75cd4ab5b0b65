//! The steps of a hook, and what they come to.

use goward_model::{Gate, Lang, Outcome};
use std::collections::BTreeSet;

/// What the steps came to.
pub(super) struct Hooked {
    /// What each check said.
    pub(super) outcomes: Vec<Outcome>,
    /// The decision.
    pub(super) gate: Gate,
    /// Steps for which the time was not enough.
    pub(super) left: Vec<Step>,
    /// How many packages were compiled.
    pub(super) compiled: usize,
    /// Checks that never close the gate.
    pub(super) beside: BTreeSet<String>,
}

impl Hooked {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        let (outcomes, left, beside) = (vec![], vec![], BTreeSet::new());
        Self { outcomes, gate: Gate::Open, left, compiled: 0, beside }
    }

    /// An outcome that decides.
    pub(super) fn add(&mut self, outcome: Outcome) {
        self.gate = self.gate.max(outcome.verdict.gate());
        self.outcomes.push(outcome);
    }
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Modules,
    Files,
    Packages,
    Compile,
}

impl Step {
    pub(super) const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Modules => lang.pick("modules", "模块"),
            Self::Files => lang.pick("files", "文件"),
            Self::Packages => lang.pick("packages", "包"),
            Self::Compile => lang.pick("compile", "编译"),
        }
    }
}
