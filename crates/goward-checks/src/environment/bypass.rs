//! What the checks of verification bypasses have in common: where Go's variables are set.

use crate::Words;
use goenvscan::bypass::{Bypass, BypassKind, judge_all};
use goenvscan::{Assignment, FileKind, Via, scan};
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
    for (_, err) in &seen.files.unreadable {
        findings.unknown(Text::new(err.to_string(), err.zh()));
    }
    let files = seen.files.files.iter().chain(&seen.env_file.file);
    for file in files {
        if let Some(unread) = &file.unread {
            findings.unknown(Text::new(unread.clone(), format!("{unread}（读取中止）")));
        }
        for assignment in file.assignments.iter().filter(|assignment| !only_asks(assignment)) {
            for bypass in judge_all(assignment) {
                if let Some(message) = wording(&bypass) {
                    findings.report(in_file(file, assignment, &bypass, message, help));
                }
            }
        }
    }
    for (name, value, origin) in environment(seen) {
        // The environment is judged by the rules of the file that stands in for it.
        let assignments = scan(FileKind::GoEnvFile, &format!("{name}={value}\n")).assignments;
        for bypass in assignments.iter().flat_map(judge_all) {
            if let Some(message) = wording(&bypass) {
                let message = Text::new(
                    format!("{} ({})", message.en, origin.en),
                    format!("{}（{}）", message.zh, origin.zh),
                );
                // The environment has no line; the module stands for what is built in it.
                let evidence = format!("{} {:?} {}", origin.en, bypass.kind, bypass.pattern);
                let location = Location::whole("go.mod");
                findings.report(Finding::at(location, evidence, message, help.into()));
            }
        }
    }
}

/// Whether -mod=mod only serves a question: what `go list` or `go run` prints is not released, and
/// it is how generators and go.mod itself are kept up to date.
fn only_asks(assignment: &Assignment) -> bool {
    let (Via::GoFlag(command) | Via::Inline(Some(command))) = &assignment.via else { return false };
    let builds = ["", "build", "install", "test", "vet"];
    let is_mod_mod = judge_all(assignment).iter().any(|b| b.kind == BypassKind::ModMod);
    is_mod_mod && !builds.contains(&command.subcommand.as_str())
}

fn in_file(
    file: &AssigningFile,
    assignment: &Assignment,
    bypass: &Bypass,
    message: Text,
    help: Words,
) -> Finding {
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let at = |place: goenvscan::Position| (small(place.line), small(place.column));
    let location = Location::span(&*file.path, at(assignment.span.start), at(assignment.span.end));
    let evidence = format!("{} {:?} {}", assignment.name, bypass.kind, bypass.pattern);
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
