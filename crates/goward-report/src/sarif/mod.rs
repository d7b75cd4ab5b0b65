//! SARIF 2.1.0 (OASIS Standard), within what GitHub code scanning accepts.
//!
//! Sections are those of the standard. GitHub's own demands: "SARIF support for code scanning" in
//! its documentation: every result has a location with a start line, at most 25,000 results in a
//! run of which 5,000 are shown, at most 20 tags a rule, files of at most 10 MB when compressed.

mod result;
mod rule;

use crate::text::{self, one_line};
use crate::words::{self, Loudness};
use crate::{Options, words::Mark};
use goward_model::{Finding, Lang, Outcome, Report, Text, Verdict};
use rule::Rules;
use serde_json::{Value, json};
use std::cmp::Reverse;

/// More results than this are not written: GitHub shows no more.
const MAX_RESULTS: usize = 5_000;
/// More notifications than this are not written.
const MAX_NOTIFICATIONS: usize = 1_000;

pub(crate) fn render(report: &Report, options: &Options<'_>) -> String {
    let rules = Rules::of(report, options);
    let (results, left_out) = results(report, &rules, options.lang);
    let run = json!({
        "tool": { "driver": driver(report, &rules) },
        "language": options.lang.pick("en-US", "zh-CN"),
        "automationDetails": { "id": automation_id(report) },
        "invocations": [invocation(report, &rules, left_out, options.lang)],
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": properties(report),
    });
    let document = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    });
    text::json(&format!("{document:#}")) + "\n"
}

fn driver(report: &Report, rules: &Rules) -> Value {
    json!({
        "name": "goward",
        "version": one_line(&report.identity.goward_version),
        "rules": rules.all,
    })
}

/// GitHub takes what stands before the last slash as the category: one for each target of a
/// repository, the same in every run.
fn automation_id(report: &Report) -> String {
    let identity = &report.identity;
    let slash = if identity.prefix.is_empty() || identity.prefix.ends_with('/') { "" } else { "/" };
    one_line(&format!("goward/{}{slash}{}", identity.prefix, identity.run_id.replace('/', "-")))
}

/// The results, and how many were left out: the most severe that count come first, waived last.
fn results(report: &Report, rules: &Rules, lang: Lang) -> (Vec<Value>, usize) {
    let mut all: Vec<(&Outcome, &Finding)> = report.findings().collect();
    all.sort_by_key(|(outcome, finding)| (!finding.counts(), Reverse(outcome.tier)));
    let prefix = &report.identity.prefix;
    let written = all.iter().take(MAX_RESULTS);
    let results: Vec<Value> = written
        .map(|(outcome, finding)| result::of(outcome, finding, rules, prefix, lang))
        .collect();
    let left_out = all.len() - results.len();
    (results, left_out)
}

/// How the run went (3.20). What could not be judged is told as a notification (3.58).
fn invocation(report: &Report, rules: &Rules, left_out: usize, lang: Lang) -> Value {
    let unjudged = report.outcomes.iter().filter_map(|outcome| Some((outcome, unjudged(outcome)?)));
    let mut notes: Vec<Value> = unjudged
        .map(|(outcome, why)| {
            let level = match (Mark::of(outcome), Loudness::of(outcome.tier)) {
                (Mark::Inconclusive, Loudness::Error) => "error",
                _ => "warning",
            };
            let said = format!("{}: {}", outcome.check, why.in_lang(lang));
            let mut note = notification(level, &said);
            note["associatedRule"] = rules.reference(&outcome.check);
            note
        })
        .collect();
    if let Some(more @ 1..) = notes.len().checked_sub(MAX_NOTIFICATIONS) {
        notes.truncate(MAX_NOTIFICATIONS);
        notes.push(notification("warning", &words::more(more, lang)));
    }
    if left_out > 0 {
        notes.push(notification("warning", &words::more(left_out, lang)));
    }
    if report.interrupted {
        notes.push(notification("error", lang.pick("the run was interrupted", "运行被中断")));
    }
    let mut invocation = json!({
        "executionSuccessful": matches!(report.exit_status, 0 | 1) && !report.interrupted,
        "exitCode": report.exit_status,
        "exitCodeDescription": words::gate(report.gate, lang),
        "toolExecutionNotifications": notes,
    });
    if is_utc(&report.identity.started_at) {
        invocation["startTimeUtc"] = json!(report.identity.started_at);
    }
    invocation
}

fn unjudged(outcome: &Outcome) -> Option<&Text> {
    match &outcome.verdict {
        Verdict::Inconclusive(why) => Some(why),
        _ => outcome.unknown.as_ref(),
    }
}

fn notification(level: &str, said: &str) -> Value {
    json!({ "level": level, "message": { "text": message(said) } })
}

/// Foreign text as a plain message (3.11). `[text](target)` would become a link (3.11.6), so the
/// bracket and the parenthesis are parted. Braces stay as they are: they are placeholders (3.11.5)
/// only together with `arguments`, which are never given.
fn message(said: &str) -> String {
    match text::lines(said).replace("](", "] (") {
        empty if empty.trim().is_empty() => "-".into(),
        said => said,
    }
}

/// What was judged: not part of the standard's fields, but what an auditor asks for.
fn properties(report: &Report) -> Value {
    let id = &report.identity;
    json!({
        "runId": id.run_id,
        "target": id.target,
        "module": id.module,
        "commit": id.commit,
        "dirty": id.dirty,
        "goVersion": id.go_version,
        "goflags": id.goflags,
        "policy": id.policy,
        "gate": report.gate.as_str(),
    })
}

/// Whether a time is written as the standard wants it (3.9): `2025-01-31T23:59:59Z`, with or
/// without a fraction of the second.
pub(crate) fn is_utc(time: &str) -> bool {
    let Some(time) = time.strip_suffix('Z') else { return false };
    let (whole, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let shape: String = whole.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let number = |at: usize| whole.get(at..at + 2).and_then(|n| n.parse::<u8>().ok());
    let between = |at, low, high| number(at).is_some_and(|n| (low..=high).contains(&n));
    shape == "0000-00-00T00:00:00"
        && digits(fraction)
        && fraction.len() <= 9
        && between(5, 1, 12)
        && between(8, 1, 28.max(days(number(5), whole.get(..4))))
        && between(11, 0, 23)
        && between(14, 0, 59)
        && between(17, 0, 59)
}

/// The days of a month.
fn days(month: Option<u8>, year: Option<&str>) -> u8 {
    let year: u16 = year.and_then(|year| year.parse().ok()).unwrap_or_default();
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        Some(2) if leap => 29,
        Some(2) => 28,
        Some(4 | 6 | 9 | 11) => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_times_are_written() {
        for (time, good) in [
            ("2025-01-31T23:59:59Z", true),
            ("2025-01-31T23:59:59.123456Z", true),
            ("2024-02-29T00:00:00Z", true),
            ("2025-02-29T00:00:00Z", false),
            ("2025-04-31T00:00:00Z", false),
            ("2025-13-01T00:00:00Z", false),
            ("2025-01-31T24:00:00Z", false),
            ("2025-01-31T23:59:59+01:00", false),
            ("2025-01-31T23:59:59.Z", false),
            ("2025-01-31", false),
            ("２025-01-31T23:59:59Z", false),
            ("Z", false),
            ("", false),
        ] {
            assert_eq!(is_utc(time), good, "{time}");
        }
    }

    #[test]
    fn foreign_text_makes_no_links() {
        assert_eq!(
            message("see [this](https://evil.example.com)\n"),
            "see [this] (https://evil.example.com)"
        );
        assert_eq!(message("{0} {{x}}"), "{0} {{x}}");
        assert_eq!(message(" "), "-");
    }
}
