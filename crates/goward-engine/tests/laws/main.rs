//! The laws of the catalogue. Every check obeys them, including those not written yet; and each law
//! catches the violation that is planted for it in `planted.rs`.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod planted;
mod worlds;

use goward_checks::{CATALOGUE, Check, Group};
use goward_model::{Outcome, Verdict};
use goward_system::FakeSystem;
use worlds::{Run, run, run_with};

/// What a law says of a check: nothing, or how it was broken.
type Law = Result<(), String>;

/// Holds every check of the catalogue against a law and shows all that break it.
fn hold(law: impl Fn(&'static Check) -> Law) {
    assert!(!CATALOGUE.is_empty());
    let broken: Vec<String> = CATALOGUE
        .iter()
        .filter_map(|check| law(check).err().map(|why| format!("{}: {why}", check.id)))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

fn all_worlds(check: &Check) -> impl Iterator<Item = &'static str> {
    check.closes.iter().chain(check.opens).copied()
}

fn closing_examples_fail(check: &'static Check) -> Law {
    if check.closes.is_empty() {
        return Err("no example closes the gate".into());
    }
    for world in check.closes {
        let outcome = run(check, world).outcome;
        if !matches!(outcome.verdict, Verdict::Fail(_)) {
            return Err(format!("{:?} in\n{world}", outcome.verdict));
        }
    }
    Ok(())
}

fn opening_examples_pass(check: &'static Check) -> Law {
    if check.opens.is_empty() {
        return Err("no example opens the gate".into());
    }
    for world in check.opens {
        let outcome = run(check, world).outcome;
        if outcome.verdict != Verdict::Pass {
            return Err(format!("{:?} in\n{world}", outcome.verdict));
        }
    }
    Ok(())
}

/// Whether a check judges the run itself instead of the world.
fn reviews(check: &Check) -> bool {
    check.group == Group::Policy
}

fn a_broken_world_is_never_a_pass(check: &'static Check) -> Law {
    for world in all_worlds(check).filter(|_| !reviews(check)) {
        let outcome = run_with(check, world, &FakeSystem::broken).outcome;
        if !matches!(outcome.verdict, Verdict::Inconclusive(_)) {
            return Err(format!("{:?} although nothing answered, in\n{world}", outcome.verdict));
        }
    }
    Ok(())
}

fn a_command_that_fails_is_never_a_pass(check: &'static Check) -> Law {
    for world in all_worlds(check).filter(|world| world.contains("-- $ ")) {
        let outcome = run_with(check, world, &FakeSystem::with_failing_commands).outcome;
        if matches!(outcome.verdict, Verdict::Pass | Verdict::Skip(_)) {
            return Err(format!(
                "{:?} although its command exited with 1, in\n{world}",
                outcome.verdict
            ));
        }
    }
    Ok(())
}

fn same_facts_same_outcome(check: &'static Check) -> Law {
    for world in all_worlds(check) {
        let timeless = |outcome: Outcome| Outcome { latency_ms: 0.0, measured: None, ..outcome };
        let Run { facts, outcome, .. } = run(check, world);
        if reviews(check) {
            continue;
        }
        let again = worlds::judge_again(check, &facts);
        if timeless(outcome) != timeless(again) {
            return Err(format!("two judgements of the same facts differ, in\n{world}"));
        }
    }
    Ok(())
}

fn spans_lie_inside_their_files(check: &'static Check) -> Law {
    for world in check.closes {
        let run = run(check, world);
        for finding in run.outcome.findings() {
            worlds::inside(&run.world, &finding.location)
                .map_err(|why| format!("{}: {why}, in\n{world}", finding.location))?;
        }
    }
    Ok(())
}

fn every_finding_says_how_to_fix_it_in_both_languages(check: &'static Check) -> Law {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for (what, words) in [("title", check.title), ("why", check.why), ("fix", check.fix)] {
        if words.en.trim().is_empty() || !chinese(words.zh) {
            return Err(format!("{what} is missing in a language"));
        }
    }
    for world in check.closes {
        for finding in run(check, world).outcome.findings() {
            for (what, text) in [("message", &finding.message), ("help", &finding.help)] {
                if text.en.trim().is_empty() || !chinese(&text.zh) {
                    return Err(format!("{what} is missing in a language: {text:?}"));
                }
            }
            if finding.evidence.is_empty() {
                return Err("a finding without evidence cannot be told from another".into());
            }
        }
    }
    Ok(())
}

fn a_waiver_covers_what_it_names_and_nothing_else(check: &'static Check) -> Law {
    for world in check.closes.iter().filter(|_| !reviews(check)) {
        let before = run(check, world).outcome;
        let findings = before.findings();
        let first = findings.first().ok_or("no finding")?.fingerprint.clone();
        let waived = worlds::run_waived(check, world, &first.0).outcome;
        let counting = |o: &Outcome| o.findings().iter().filter(|f| f.counts()).count();
        if counting(&waived) + 1 != counting(&before) || waived.findings().len() != findings.len() {
            return Err(format!(
                "a waiver of one finding turned {} of {} into {} of {}, in\n{world}",
                counting(&before),
                findings.len(),
                counting(&waived),
                waived.findings().len()
            ));
        }
    }
    Ok(())
}

fn the_identifier_is_the_file_name(check: &'static Check) -> Law {
    let stem = check.file.rsplit(['/', '\\']).next().and_then(|name| name.strip_suffix(".rs"));
    if stem == Some(check.id.replace('-', "_").as_str()) {
        Ok(())
    } else {
        Err(format!("the file is {}", check.file))
    }
}

#[test]
fn examples_that_close_the_gate_do() {
    hold(closing_examples_fail);
}

#[test]
fn examples_that_open_the_gate_do() {
    hold(opening_examples_pass);
}

#[test]
fn broken_worlds() {
    hold(a_broken_world_is_never_a_pass);
}

#[test]
fn failing_commands() {
    hold(a_command_that_fails_is_never_a_pass);
}

#[test]
fn judgements_are_pure() {
    hold(same_facts_same_outcome);
}

#[test]
fn spans() {
    hold(spans_lie_inside_their_files);
}

#[test]
fn wording() {
    hold(every_finding_says_how_to_fix_it_in_both_languages);
}

#[test]
fn waivers() {
    hold(a_waiver_covers_what_it_names_and_nothing_else);
}

#[test]
fn file_names() {
    hold(the_identifier_is_the_file_name);
}

#[test]
fn identifiers_are_unique_and_in_order() {
    let ids: Vec<_> = CATALOGUE.iter().map(|check| (check.group, check.id)).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "not sorted or not unique: {ids:#?}");
}

#[test]
fn requirements_exist() {
    for check in CATALOGUE {
        for required in check.requires {
            assert!(goward_checks::find(required).is_some(), "{} requires {required}", check.id);
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the law looks at our own source tree")]
fn every_check_file_is_in_the_catalogue() {
    let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../goward-checks/src");
    let mut files = 0;
    for dir in std::fs::read_dir(src).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        for file in std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
            files += usize::from(std::fs::read_to_string(&file).unwrap().contains("CHECK: Check"));
        }
    }
    assert_eq!(files, CATALOGUE.len(), "a check is written but not in the catalogue");
}
