//! What a log says as a report, so that it gets every format that a check gets: an outcome per stage, a finding per cause.

use crate::build::outcome::{place, stage_title};
use crate::printable::printable;
use goward_causes::{Found, Outcome as Said, Verdict, cause_of};
use goward_model::{Finding, Findings, Gate, Identity, Location, Outcome, Report, SlaTier, Text};

/// Of a line so many letters are looked at: the rest of a longer one says no place.
const MAX_SHOWN: usize = 2000;

/// What a diagnostic of a build is in.
const SOURCES: &[&str] = &[
    ".go", ".mod", ".sum", ".work", ".s", ".S", ".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp",
    ".m", ".mm", ".f", ".swig", ".swigcxx",
];

/// The report of a log that is called `log`. Its gate is the gate of the build that the log is of.
pub(super) fn report(verdict: &Verdict, log: &str, identity: Identity) -> Report {
    let roots: Vec<&Found> =
        verdict.causes.iter().filter(|found| found.follows.is_none()).collect();
    let mut outcomes: Vec<Outcome> = vec![];
    for (at, root) in roots.iter().enumerate() {
        let stage = root.stage.as_str();
        if roots.iter().take(at).any(|before| before.stage == root.stage) {
            continue;
        }
        let mut findings = Findings::default();
        let of_stage = roots.iter().filter(|found| found.stage == root.stage);
        let mut tier = SlaTier::P2;
        for found in of_stage {
            tier = found.tier.as_str().parse().map_or(tier, |it: SlaTier| it.min(tier));
            findings.report(of_cause(found, log));
        }
        outcomes.push(Outcome::of(
            &format!("build.{stage}"),
            "build",
            stage_title(stage),
            tier,
            findings,
        ));
    }
    if outcomes.is_empty() {
        outcomes.push(without_cause(verdict, log));
    }
    let gate = Gate::of(&outcomes);
    Report::new(identity, outcomes, gate, 0.0)
}

fn of_cause(found: &Found, log: &str) -> Finding {
    let shown = |text: &str| printable(&text.chars().take(MAX_SHOWN).collect::<String>());
    let lines: Vec<String> = found.evidence.iter().map(|line| shown(&line.text)).collect();
    let first = lines.first().map(|line| diagnostic(line).0).unwrap_or_default();
    let meaning = found.cause().map(|cause| Text::new(cause.meaning.en, cause.meaning.zh));
    let fix = found.cause().map(|cause| Text::new(cause.fix.en, cause.fix.zh));
    let meaning = meaning.unwrap_or_default();
    let said = |text: &str| match first {
        "" => format!("{}: {text}", found.id),
        line => format!("{}: {text}: {line}", found.id),
    };
    let message = Text::new(said(&meaning.en), said(&meaning.zh));
    let at = lines.iter().find_map(|line| diagnostic(line).1);
    let at =
        at.unwrap_or_else(|| in_the_log(log, found.evidence.iter().find_map(|line| line.line)));
    Finding::at(at, found.id, message, fix.unwrap_or_default())
}

/// Where nothing failed, it was no Go build that did, or nothing explains it.
fn without_cause(verdict: &Verdict, log: &str) -> Outcome {
    let cause = cause_of(verdict.id());
    let meaning = cause.map(|cause| Text::new(cause.meaning.en, cause.meaning.zh));
    let meaning = meaning.unwrap_or_default();
    let mut findings = Findings::default();
    match verdict.outcome {
        Said::Success => {}
        Said::OtherFailure => {
            let fix = cause.map(|cause| Text::new(cause.fix.en, cause.fix.zh)).unwrap_or_default();
            let line = verdict.evidence.iter().find_map(|line| line.line);
            findings.report(Finding::at(in_the_log(log, line), verdict.id(), meaning, fix));
        }
        Said::Failed | Said::Unknown => findings.unknown(meaning),
    }
    let tier = cause.and_then(|cause| cause.tier.as_str().parse().ok()).unwrap_or(SlaTier::P2);
    let title = Text::new("the log is of a build that went well", "日志来自成功的构建");
    Outcome::of("build.log", "build", title, tier, findings)
}

/// A line from where its diagnostic begins, and the diagnostic's place: before it a CI may have put a time or a step.
fn diagnostic(line: &str) -> (&str, Option<Location>) {
    let line = line.trim();
    let begins = line.match_indices(' ').map(|(at, _)| at + 1);
    for at in std::iter::once(0).chain(begins) {
        let rest = line.get(at..).unwrap_or_default();
        let found = place(rest, "").filter(|it| SOURCES.iter().any(|end| it.path.ends_with(end)));
        if found.is_some() {
            return (rest, found);
        }
    }
    (line, None)
}

fn in_the_log(log: &str, line: Option<u64>) -> Location {
    let line = line.and_then(|line| u32::try_from(line).ok()).unwrap_or(1);
    Location::point(if log == "-" { "stdin" } else { log }, line, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_ci_puts_before_a_line_is_no_place() {
        for before in ["", "2024-05-01T12:00:09.0000000Z ", "#12 4.101 ", "[build 3:7] ", "vet: "] {
            let line = format!("{before}./cmd/a.go:5:2: undefined: x");
            let (_, place) = diagnostic(&line);
            assert_eq!(place, Some(Location::point("cmd/a.go", 5, 2)), "{line}");
        }
        let (said, place) = diagnostic("12:00:09 go: no module provides it\n");
        assert_eq!((said, place), ("12:00:09 go: no module provides it", None));
    }
}
