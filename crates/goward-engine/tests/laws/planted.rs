//! Checks that break the laws, and the proof that each law catches its own.

use goward_checks::{Check, Group, Words};
use goward_facts::SourceTree;
use goward_facts::settings::AuditSettings;
use goward_model::{Finding, Findings, Location, SlaTier, Text};
use std::sync::atomic::{AtomicU32, Ordering};

const WORLD: &str = "-- go.mod --\nmodule example.com/m\n";

/// A check that obeys every law but those a test breaks: it fails where a file `bad` exists.
const GOOD: Check = Check {
    id: "planted",
    group: Group::Integrity,
    title: Words { en: "planted", zh: "植入" },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words { en: "why", zh: "为什么" },
    fix: Words { en: "fix", zh: "修复" },
    references: &[],
    closes: &["-- go.mod --\nmodule example.com/m\n-- bad --\n"],
    opens: &[WORLD],
    judge: &(judge as fn(&SourceTree, &mut Findings)),
};

fn judge(tree: &SourceTree, findings: &mut Findings) {
    if tree.tree.paths.iter().any(|path| path == "bad") {
        findings.report(finding(Location::whole("bad"), "evidence"));
    }
}

fn finding(location: Location, evidence: &str) -> Finding {
    Finding::at(location, evidence, Text::new("bad", "坏"), Text::new("fix", "修复"))
}

#[test]
fn the_good_check_obeys() {
    static CHECK: Check = GOOD;
    for law in [
        super::closing_examples_fail,
        super::opening_examples_pass,
        super::a_broken_world_is_never_a_pass,
        super::a_command_that_fails_is_never_a_pass,
        super::same_facts_same_outcome,
        super::spans_lie_inside_their_files,
        super::every_finding_says_how_to_fix_it_in_both_languages,
        super::a_waiver_covers_what_it_names_and_nothing_else,
        super::the_identifier_is_the_file_name,
    ] {
        law(&CHECK).unwrap();
    }
}

#[test]
fn a_check_that_never_fails_is_caught() {
    static CHECK: Check = Check { judge: &(silent as fn(&SourceTree, &mut Findings)), ..GOOD };
    fn silent(_: &SourceTree, _: &mut Findings) {}
    super::closing_examples_fail(&CHECK).unwrap_err();
}

#[test]
fn a_check_that_always_fails_is_caught() {
    static CHECK: Check = Check { opens: GOOD.closes, ..GOOD };
    super::opening_examples_pass(&CHECK).unwrap_err();
}

#[test]
fn a_check_without_examples_is_caught() {
    static CHECK: Check = Check { opens: &[], closes: &[], ..GOOD };
    super::closing_examples_fail(&CHECK).unwrap_err();
    super::opening_examples_pass(&CHECK).unwrap_err();
}

#[test]
fn a_check_that_passes_without_looking_is_caught() {
    static CHECK: Check = Check { judge: &(blind as fn(&AuditSettings, &mut Findings)), ..GOOD };
    fn blind(_: &AuditSettings, _: &mut Findings) {}
    super::a_broken_world_is_never_a_pass(&CHECK).unwrap_err();
}

#[test]
fn a_check_that_passes_although_its_command_fails_is_caught() {
    static CHECK: Check = Check { opens: &["-- go.mod --\n-- $ go version --\n"], ..GOOD };
    super::a_command_that_fails_is_never_a_pass(&CHECK).unwrap_err();
}

#[test]
fn a_check_that_remembers_is_caught() {
    static CHECK: Check = Check { judge: &(counting as fn(&SourceTree, &mut Findings)), ..GOOD };
    static COUNT: AtomicU32 = AtomicU32::new(0);
    fn counting(_: &SourceTree, findings: &mut Findings) {
        let nth = COUNT.fetch_add(1, Ordering::SeqCst);
        findings.report(finding(Location::whole("bad"), &nth.to_string()));
    }
    super::same_facts_same_outcome(&CHECK).unwrap_err();
}

#[test]
fn a_span_outside_its_file_is_caught() {
    static CHECK: Check = Check { judge: &(astray as fn(&SourceTree, &mut Findings)), ..GOOD };
    fn astray(_: &SourceTree, findings: &mut Findings) {
        findings.report(finding(Location::point("go.mod", 1, 99), "evidence"));
    }
    super::spans_lie_inside_their_files(&CHECK).unwrap_err();
}

#[test]
fn a_finding_in_one_language_is_caught() {
    static CHECK: Check = Check { fix: Words { en: "fix", zh: "fix" }, ..GOOD };
    super::every_finding_says_how_to_fix_it_in_both_languages(&CHECK).unwrap_err();
    static MUTE: Check = Check { judge: &(mute as fn(&SourceTree, &mut Findings)), ..GOOD };
    fn mute(_: &SourceTree, findings: &mut Findings) {
        let (message, help) = (Text::same("bad"), Text::new("fix", "修复"));
        findings.report(Finding::at(Location::whole("bad"), "evidence", message, help));
    }
    super::every_finding_says_how_to_fix_it_in_both_languages(&MUTE).unwrap_err();
}

#[test]
fn evidence_that_changes_with_every_run_is_caught() {
    static CHECK: Check = Check { judge: &(fickle as fn(&SourceTree, &mut Findings)), ..GOOD };
    static COUNT: AtomicU32 = AtomicU32::new(0);
    fn fickle(_: &SourceTree, findings: &mut Findings) {
        let nth = COUNT.fetch_add(1, Ordering::SeqCst);
        findings.report(finding(Location::whole("bad"), &nth.to_string()));
    }
    super::a_waiver_covers_what_it_names_and_nothing_else(&CHECK).unwrap_err();
}

#[test]
fn a_misnamed_file_is_caught() {
    static CHECK: Check = Check { id: "other", ..GOOD };
    super::the_identifier_is_the_file_name(&CHECK).unwrap_err();
}
