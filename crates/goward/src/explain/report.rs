//! What a log says as a report, for whoever reads a check's: annotations, a summary of a job, JUnit, SARIF.

use super::finding::{STAGES, finding, outcome_id};
use crate::printable::printable;
use goward_causes::{Evidence, Found, Outcome as Said, Verdict};
use goward_model::{
    ExitStatus, Findings, Gate, Identity, Location, Outcome, Report, SlaTier, Text,
};

/// An outcome per stage that failed, or one that tells why there is none. `log` is what the user calls the log.
///
/// The gate is that of the build; the exit status that of `goward explain`: 0 when explained, 3 when unknown.
pub(super) fn report(verdict: &Verdict, log: &str) -> Report {
    let (gate, outcomes) = match verdict.outcome {
        Said::Failed => {
            // What only follows from another cause goes with it.
            let roots = verdict.causes.iter().filter(|found| found.follows.is_none());
            let roots: Vec<&Found> = roots.collect();
            let outcome = |stage| failed(stage, &roots, log);
            (Gate::Closed, stages(&roots).into_iter().map(outcome).collect())
        }
        Said::Unknown => (Gate::Inconclusive, vec![unexplained(verdict)]),
        Said::OtherFailure => (Gate::Closed, vec![other_failure(verdict, log)]),
        Said::Success => (Gate::Open, vec![of_log(Findings::default())]),
    };
    let now = jiff::Timestamp::now();
    let identity = Identity {
        run_id: crate::check::run_id(now),
        started_at: now.to_string(),
        goward_version: env!("CARGO_PKG_VERSION").to_owned(),
        target: log.to_owned(),
        ..Identity::default()
    };
    let mut report = Report::new(identity, outcomes, gate, 0.0);
    let status = if verdict.is_explained() { ExitStatus::Open } else { ExitStatus::Inconclusive };
    report.exit_status = status as u8;
    report
}

/// The stages at which causes struck, in the order of the causes.
fn stages(causes: &[&Found]) -> Vec<&'static str> {
    let mut stages: Vec<&str> = vec![];
    for found in causes {
        if !stages.contains(&found.stage.as_str()) {
            stages.push(found.stage.as_str());
        }
    }
    stages
}

fn failed(stage: &str, causes: &[&Found], log: &str) -> Outcome {
    let known = STAGES.iter().find(|(name, ..)| *name == stage);
    let title = known.map_or_else(
        || Text::new("the build can begin, and ends well", "构建可以开始并正常结束"),
        |(_, en, zh)| Text::new(*en, *zh),
    );
    let mut findings = Findings::default();
    let mut tier = SlaTier::P3;
    for found in causes.iter().filter(|found| found.stage.as_str() == stage) {
        let lines = shown(&found.evidence);
        let lines = lines.iter().map(String::as_str);
        findings.report(finding(found.id, lines, "", place(&found.evidence, log)));
        tier = tier.max(found.tier.as_str().parse().unwrap_or(SlaTier::P2));
    }
    Outcome::of(&outcome_id(stage), "build", title, tier, findings)
}

fn unexplained(verdict: &Verdict) -> Outcome {
    let mut findings = Findings::default();
    findings.unknown(match (verdict.bytes, verdict.text) {
        (0, _) => Text::new("the log is empty", "日志为空"),
        (_, false) => Text::new("the log holds no text", "日志中没有文本"),
        _ => Text::new("the build failed, and nothing explains it", "构建失败,且没有任何解释"),
    });
    of_log(findings)
}

/// Its place is in the log: a place in a source is none of a Go build's here.
fn other_failure(verdict: &Verdict, log: &str) -> Outcome {
    let at = place(&verdict.evidence, log);
    let lines = shown(&verdict.evidence);
    let lines = lines.iter().map(String::as_str);
    let mut findings = Findings::default();
    let mut finding = finding(verdict.id(), lines, "", at.clone());
    finding.location = at;
    findings.report(finding);
    of_log(findings)
}

fn of_log(findings: Findings) -> Outcome {
    let title = Text::new("the log tells of no failure", "日志中没有失败");
    Outcome::of("build.log", "build", title, SlaTier::P1, findings)
}

/// The lines as tools printed them, with nothing that acts on a terminal.
fn shown(evidence: &[Evidence]) -> Vec<String> {
    let shown = |line: &Evidence| printable(&goward_causes::without_wrapping(&line.text));
    evidence.iter().map(shown).collect()
}

/// The first line of the log that proves it.
fn place(evidence: &[Evidence], log: &str) -> Location {
    let line = evidence.iter().find_map(|line| line.line);
    Location::point(log, line.and_then(|line| u32::try_from(line).ok()).unwrap_or(1), 1)
}
