//! A report of several programs, or of the several programs of a universal file.

use goartifact::Artifact;
use goward_model::{Gate, Identity, Outcome, Report};

/// Outcomes of one of several programs: each says which one.
pub(super) fn name(outcomes: &mut [Outcome], program: &str) {
    for outcome in outcomes {
        outcome.group = format!("{} {program}", outcome.group);
        for text in [&mut outcome.title.en, &mut outcome.title.zh] {
            *text += &format!(" ({program})");
        }
    }
}

/// Which of the programs in a file this is; empty where there is one.
pub(super) fn part(artifact: &Artifact, of: usize) -> &'static str {
    if of > 1 { artifact.arch.0 } else { "" }
}

/// One report of all; of one file it is that file's.
pub(super) fn together(mut reports: Vec<Report>) -> Option<Report> {
    if reports.len() < 2 {
        return reports.pop();
    }
    let first = reports.first().map(|report| report.identity.clone())?;
    let same = |of: fn(&Identity) -> Option<&String>| {
        let value = of(&first);
        value.filter(|_| reports.iter().all(|report| of(&report.identity) == value)).cloned()
    };
    let targets: Vec<&str> = reports.iter().map(|report| report.identity.target.as_str()).collect();
    let identity = Identity {
        target: targets.join(", "),
        module: same(|it| it.module.as_ref()),
        commit: same(|it| it.commit.as_ref()),
        go_version: same(|it| it.go_version.as_ref()),
        dirty: first
            .dirty
            .filter(|dirty| reports.iter().all(|report| report.identity.dirty == Some(*dirty))),
        ..first.clone()
    };
    let latency = reports.iter().map(|report| report.latency_ms).sum();
    let mut outcomes = vec![];
    for report in reports {
        let mut of_one = report.outcomes;
        name(&mut of_one, &report.identity.target);
        outcomes.extend(of_one);
    }
    let gate = Gate::of(&outcomes);
    Some(Report::new(identity, outcomes, gate, latency))
}
