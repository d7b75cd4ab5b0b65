//! What the checks of verification bypasses have in common: where Go's variables are set.

use crate::Words;
use goenv::Assignment;
use goenv::bypass::{Bypass, judge};
use goward_facts::{AssigningFile, GoAssignments, GoEnv, GoEnvFile};
use goward_model::{Finding, Findings, Location, Text};

/// Everywhere a variable can be set.
pub(super) struct Seen<'a> {
    /// The target's files.
    pub(super) files: &'a GoAssignments,
    /// The real environment, as Go sees it.
    pub(super) go_env: &'a GoEnv,
    /// The file that `go env -w` writes.
    pub(super) env_file: &'a GoEnvFile,
}

/// What GOROOT's own defaults could bypass; the others follow from variables of their own.
const DEFAULTS: &[&str] = &["GOFLAGS", "GOINSECURE", "GOPROXY", "GOSUMDB"];

/// Reports the bypasses that `wording` has words for.
pub(super) fn report(
    seen: &Seen<'_>,
    help: Words,
    findings: &mut Findings,
    wording: impl Fn(&Bypass) -> Option<Text>,
) {
    for (path, err) in &seen.files.unreadable {
        findings.unknown(Text::new(format!("{path}: {err}"), format!("{path}：{}", err.zh())));
    }
    let files = seen.files.files.iter().chain(&seen.env_file.file);
    for file in files {
        for assignment in &file.assignments {
            for bypass in judge(&assignment.name, &assignment.value) {
                if let Some(message) = wording(&bypass) {
                    findings.report(in_file(file, assignment, &bypass, message, help));
                }
            }
        }
    }
    for (name, value, origin) in environment(seen) {
        for bypass in judge(name, value) {
            if let Some(message) = wording(&bypass) {
                let message = Text::new(
                    format!("{} ({})", message.en, origin.en),
                    format!("{}（{}）", message.zh, origin.zh),
                );
                // The environment has no line; the module stands for what is built in it.
                let evidence = format!("{} {bypass:?}", origin.en);
                let location = Location::whole("go.mod");
                findings.report(Finding::at(location, evidence, message, help.into()));
            }
        }
    }
}

fn in_file(
    file: &AssigningFile,
    assignment: &Assignment,
    bypass: &Bypass,
    message: Text,
    help: Words,
) -> Finding {
    let span = assignment.span;
    let location = Location::span(
        &*file.path,
        (span.start.line, span.start.column),
        (span.end.line, span.end.column),
    );
    let evidence = format!("{} {bypass:?}", assignment.name);
    Finding::at(location, evidence, message, help.into()).quoting(&file.source)
}

/// The variables of the real environment, with where they come from.
fn environment<'a>(seen: &Seen<'a>) -> Vec<(&'a str, &'a str, Text)> {
    let mut all: Vec<_> = seen
        .go_env
        .process()
        .map(|(name, value)| {
            let origin = Text::new(format!("the environment's {name}"), format!("环境变量 {name}"));
            (name, value, origin)
        })
        .collect();
    let in_file = |name: &str| {
        let assignments = seen.env_file.file.iter().flat_map(|file| &file.assignments);
        assignments.into_iter().any(|assignment| assignment.name == name)
    };
    for name in DEFAULTS {
        if seen.go_env.from_process(name).is_none() && !in_file(name) {
            let origin =
                Text::new(format!("the Go installation's {name}"), format!("Go 安装的默认 {name}"));
            all.push((name, seen.go_env.get(name), origin));
        }
    }
    all
}
