//! The build as a report: an outcome per stage, so that it gets every format that a check gets.

use crate::explain::{STAGES, finding, outcome_id};
use goward_build::Build;
use goward_model::{Findings, Gate, Identity, Location, Outcome, Report, SlaTier, Text};

/// Report v1 with one key more: `build`, the whole document.
pub(super) fn json(report: &Report, build: &Build) -> String {
    goward_report::render_json_with(report, "build", serde_json::json!(build))
}

pub(super) fn report(build: &Build) -> Report {
    let failure = build.failure.as_ref();
    let mut outcomes: Vec<Outcome> = STAGES
        .iter()
        .filter(|(stage, ..)| {
            build.stage_ms(stage).is_some() || failure.is_some_and(|it| it.stage == *stage)
        })
        .map(|(stage, en, zh)| outcome(build, stage, Text::new(*en, *zh)))
        .collect();
    // Flags and environment have no time of their own, and an unknown failure has no stage.
    let placed = failure.is_none_or(|it| STAGES.iter().any(|(stage, ..)| it.stage == *stage));
    if !placed {
        let title = Text::new("the build can begin, and ends well", "构建可以开始并正常结束");
        outcomes.insert(0, outcome(build, failure.map_or("env", |it| it.stage.as_str()), title));
    }
    let gate = if build.succeeded() { Gate::Open } else { Gate::Closed };
    let identity = Identity {
        run_id: build.run_id.clone(),
        started_at: build.started_at.clone(),
        goward_version: build.goward_version.clone(),
        target: build.dir.clone(),
        commit: build.commit.clone(),
        dirty: build.dirty,
        go_version: build.go_version.clone(),
        ..Identity::default()
    };
    Report::new(identity, outcomes, gate, build.wall_ms)
}

fn outcome(build: &Build, stage: &str, title: Text) -> Outcome {
    let check = outcome_id(stage);
    let failure = build.failure.as_ref().filter(|it| it.stage == stage);
    let mut findings = Findings::default();
    if let Some(failure) = failure {
        let lines = failure.evidence.iter().map(String::as_str);
        findings.report(finding(&failure.cause, lines, &build.dir, Location::whole("go.mod")));
    }
    let tier = failure.and_then(|it| it.tier.parse().ok()).unwrap_or(SlaTier::P2);
    let latency_ms = build.stage_ms(stage).unwrap_or(0.0);
    Outcome { latency_ms, ..Outcome::of(&check, "build", title, tier, findings) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goward_build::Failure;

    #[test]
    fn a_failure_closes_the_gate_at_its_stage() {
        let build = Build {
            exit_status: Some(1),
            failure: Some(Failure {
                cause: "source.undefined".into(),
                stage: "compile".into(),
                tier: "P2".into(),
                evidence: vec!["./main.go:5:2: undefined: x".into()],
                ..Failure::default()
            }),
            ..Build::default()
        };
        let report = report(&build);
        assert_eq!(report.gate, Gate::Closed);
        let finding = report.outcomes[0].findings().first().unwrap();
        assert_eq!(
            (report.outcomes[0].check.as_str(), finding.location.line),
            ("build.compile", 5)
        );
        let unknown = Build {
            exit_status: Some(1),
            failure: Some(Failure {
                cause: "unknown".into(),
                tier: "P1".into(),
                ..Failure::default()
            }),
            ..Build::default()
        };
        assert_eq!(super::report(&unknown).outcomes[0].check, "build.env");
    }
}
