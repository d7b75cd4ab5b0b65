//! The build as a report: an outcome per stage, so that it gets every format that a check gets.

use goward_build::{Build, Failure};
use goward_causes::cause_of;
use goward_model::{Finding, Findings, Gate, Identity, Location, Outcome, Report, SlaTier, Text};

/// The stages and what each makes sure of.
const STAGES: &[(&str, &str, &str)] = &[
    ("list", "the packages are found and parsed", "找到并解析所有包"),
    ("resolve", "the modules are downloaded and verified", "模块已下载并校验"),
    ("compile", "the packages compile", "所有包编译通过"),
    ("link", "the programs link", "程序链接通过"),
    ("vet", "vet finds nothing", "vet 无发现"),
    ("test", "the tests pass", "测试通过"),
    ("run", "the program runs", "程序运行成功"),
    ("output", "what was built is written", "产物已写出"),
];

/// What a stage makes sure of; what has no name of its own comes before all.
pub(crate) fn stage_title(stage: &str) -> Text {
    let known = STAGES.iter().find(|(name, ..)| *name == stage);
    known.map_or_else(
        || Text::new("the build can begin, and ends well", "构建可以开始并正常结束"),
        |(_, en, zh)| Text::new(*en, *zh),
    )
}

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
        .map(|(stage, ..)| outcome(build, stage))
        .collect();
    // Flags and environment have no time of their own, and an unknown failure has no stage.
    let placed = failure.is_none_or(|it| STAGES.iter().any(|(stage, ..)| it.stage == *stage));
    if !placed {
        outcomes.insert(0, outcome(build, failure.map_or("env", |it| it.stage.as_str())));
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

fn outcome(build: &Build, stage: &str) -> Outcome {
    let check = format!("build.{}", if stage.is_empty() { "env" } else { stage });
    let failure = build.failure.as_ref().filter(|it| it.stage == stage);
    let mut findings = Findings::default();
    if let Some(failure) = failure {
        findings.report(finding(failure, &build.dir));
    }
    let tier = failure.and_then(|it| it.tier.parse().ok()).unwrap_or(SlaTier::P2);
    let latency_ms = build.stage_ms(stage).unwrap_or(0.0);
    Outcome { latency_ms, ..Outcome::of(&check, "build", stage_title(stage), tier, findings) }
}

fn finding(failure: &Failure, dir: &str) -> Finding {
    let cause = cause_of(&failure.cause);
    let first = failure.evidence.first().map(String::as_str).unwrap_or_default();
    let (meaning, fix) = cause.map_or_else(
        || (Text::default(), Text::default()),
        |cause| {
            (Text::new(cause.meaning.en, cause.meaning.zh), Text::new(cause.fix.en, cause.fix.zh))
        },
    );
    let said = |text: &str| match first.trim() {
        "" => format!("{}: {text}", failure.cause),
        line => format!("{}: {text}: {line}", failure.cause),
    };
    let message = Text::new(said(&meaning.en), said(&meaning.zh));
    // The first line often only announces: `go: errors parsing go.mod:`.
    let place = failure.evidence.iter().find_map(|line| place(line, dir));
    let place = place.unwrap_or_else(|| Location::whole("go.mod"));
    Finding::at(place, failure.cause.clone(), message, fix)
}

/// `./main.go:5:2: …` is a place; what has none is the module's. A path of another folder than the build's is none.
pub(crate) fn place(line: &str, dir: &str) -> Option<Location> {
    let line = line.trim();
    let line = line.strip_prefix("vet: ").unwrap_or(line);
    let inside = line.strip_prefix(dir).and_then(|rest| rest.strip_prefix('/'));
    let mut parts = inside.filter(|_| !dir.is_empty()).unwrap_or(line).splitn(4, ':');
    let path = parts.next().unwrap_or_default();
    let path = path.strip_prefix("./").unwrap_or(path);
    let number = parts.next().and_then(|part| part.parse().ok())?;
    let column = parts.next().and_then(|part| part.parse().ok()).unwrap_or(1);
    let is_file =
        !path.is_empty() && !path.contains(char::is_whitespace) && !path.starts_with(['/', '.']);
    is_file.then(|| Location::point(path, number, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_has_a_place() {
        let place = |line| place(line, "/src/m");
        let at = |path, line, column| Some(Location::point(path, line, column));
        assert_eq!(place("./cmd/main.go:5:2: undefined: x"), at("cmd/main.go", 5, 2));
        assert_eq!(place("vet: a/a.go:7:1: x"), at("a/a.go", 7, 1));
        assert_eq!(place("/src/m/a.go:7:1: x"), at("a.go", 7, 1));
        assert_eq!(place("go.mod:3: unknown directive"), at("go.mod", 3, 1));
        for nowhere in ["go: no module provides it", "../up.go:1:1: x", "/src/mm/a.go:1:1: x", ""] {
            assert_eq!(place(nowhere), None, "{nowhere}");
        }
    }

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
