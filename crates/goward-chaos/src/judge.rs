//! Whether what was said of a broken build is what must be said. Pure.

use crate::record::Untried;
use crate::{Attempt, Record, Scenario};
use goward_model::{Finding, Findings, Location, Measured, Outcome, SlaTier, Text, Verdict};
use std::sync::Arc;

/// The outcome of a scenario.
pub fn judge(scenario: &Scenario, record: &Record, latency_ms: f64, timeout_ms: u64) -> Outcome {
    let mut findings = Findings::default();
    match &record.untried {
        Some(Untried::NotAllowed(why)) => findings.not_applicable(why.clone()),
        Some(Untried::Failed(why)) => findings.unknown(why.clone()),
        None => attempts(scenario, record, &mut findings),
    }
    let (verdict, unknown) = Verdict::of(scenario.id, findings);
    let detected = record.shown().filter(|attempt| !attempt.succeeded);
    Outcome {
        check: scenario.id.to_owned(),
        group: format!("chaos-{}", scenario.stage.as_str()),
        title: Text::new(scenario.does.en, scenario.does.zh),
        tier: SlaTier::P1,
        verdict,
        unknown,
        note: note(record),
        latency_ms,
        timeout_ms,
        critical_threshold: None,
        measured: detected.map(|attempt| Measured {
            name: "time_to_detect_ms".to_owned(),
            value: attempt.time_to_detect_ms.round(),
        }),
        blocked_by: None,
    }
}

fn attempts(scenario: &Scenario, record: &Record, findings: &mut Findings) {
    if record.attempts().any(|attempt| attempt.interrupted) {
        findings.unknown(Text::new("interrupted", "已中断"));
        return;
    }
    let mut wrong: Vec<&Attempt> = vec![];
    for attempt in record.attempts() {
        if attempt.reader_status == Some(0) {
            findings.report(finding(
                scenario,
                attempt,
                "reader",
                Text::new(
                    "goward read a spoilt listing and said nothing",
                    "goward 读取了损坏的列表却没有报错",
                ),
            ));
        } else if attempt.succeeded {
            continue;
        } else if attempt.strikes == 0 {
            findings.unknown(Text::new(
                format!("the build failed before the fault struck: {}", attempt.detected),
                format!("故障尚未发生构建就已失败：{}", attempt.detected),
            ));
        } else if !scenario.expected.contains(&attempt.detected.as_str())
            && wrong.iter().all(|known| known.detected != attempt.detected)
        {
            wrong.push(attempt);
        }
    }
    for attempt in wrong {
        let (expected, detected) = (scenario.expected.join(", "), &attempt.detected);
        let message = Text::new(
            format!("reported as {detected}, not as {expected}"),
            format!("报告为 {detected}，而应为 {expected}"),
        );
        findings.report(finding(scenario, attempt, detected, message));
    }
    let struck = record.attempts().any(|attempt| attempt.strikes > 0);
    let failed = record.attempts().any(|attempt| !attempt.succeeded);
    if !struck && !failed {
        findings.unknown(Text::new(
            "the fault never struck; raise --probability, or give a build that gets there",
            "故障从未发生；请提高 --probability，或给出会经过该阶段的构建",
        ));
    } else if struck
        && !failed
        && let Some(attempt) = record.shown()
    {
        let message =
            Text::new("the build succeeded although the fault struck", "故障已发生，构建却成功了");
        findings.report(finding(scenario, attempt, "survived", message));
    }
}

/// A finding that quotes what the build said.
pub fn finding(scenario: &Scenario, attempt: &Attempt, evidence: &str, message: Text) -> Finding {
    let transcript: Arc<str> = String::from_utf8_lossy(&attempt.transcript).into();
    let lines = u32::try_from(transcript.lines().count()).unwrap_or(u32::MAX).max(1);
    let first = lines.saturating_sub(2).max(1);
    let location = Location::span(format!("chaos/{}.log", scenario.id), (first, 1), (lines, 1));
    let help = Text::new(
        format!(
            "run `goward chaos run {} --logs DIR` and `goward explain DIR/{}.log`; the signature of the cause lacks these words",
            scenario.id, scenario.id
        ),
        format!(
            "运行 `goward chaos run {} --logs DIR` 与 `goward explain DIR/{}.log`；该原因的特征缺少这些措辞",
            scenario.id, scenario.id
        ),
    );
    Finding::at(location, evidence, message, help).quoting(&transcript)
}

/// Expected, detected, and what the builds came to.
fn note(record: &Record) -> Option<Text> {
    let shown = record.shown()?;
    let expected = record.expected.join(" | ");
    let mut en = format!("expected {expected}, detected {}", shown.detected);
    let mut zh = format!("应为 {expected}，检测到 {}", shown.detected);
    if !shown.succeeded {
        let seconds = shown.time_to_detect_ms / 1e3;
        en += &format!(" in {seconds:.1} s");
        zh += &format!("，用时 {seconds:.1} 秒");
    }
    if record.score.runs > 1 || record.attempts().count() > 1 {
        let score = record.score;
        let percent = |share: f64| (share * 100.0).round();
        let (off, on) = (percent(score.without_retries), percent(score.with_retries));
        en += &format!("; {} runs: {off} % succeeded without retries, {on} % with", score.runs);
        zh += &format!("；共 {} 次：无重试成功 {off} %，有重试 {on} %", score.runs);
    }
    Some(Text::new(en, zh))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Run, find};

    fn verdict(attempts: Vec<Attempt>) -> String {
        let scenario = find("compile-killed").unwrap();
        let mut record = Record::new(scenario, 1.0, 1);
        record.runs = attempts.into_iter().map(|a| Run { attempts: vec![a] }).collect();
        let outcome = judge(scenario, &record, 1.0, 1);
        format!("{}: {}", outcome.verdict.as_str(), outcome.error().en)
    }

    fn failed(detected: &str) -> Attempt {
        Attempt { detected: detected.to_owned(), strikes: 1, ..Attempt::default() }
    }

    #[test]
    fn only_the_expected_cause_passes() {
        assert_eq!(verdict(vec![failed("resource.killed")]), "pass: ");
        assert_eq!(
            verdict(vec![failed("resource.killed"), failed("source.type"), failed("source.type")]),
            "fail: reported as source.type, not as resource.killed"
        );
    }

    #[test]
    fn a_fault_that_did_not_strike_proves_nothing() {
        let fine = Attempt { succeeded: true, ..Attempt::default() };
        assert!(verdict(vec![fine.clone()]).starts_with("inconclusive: the fault never struck"));
        let before = Attempt { strikes: 0, ..failed("source.type") };
        assert!(verdict(vec![before]).starts_with("inconclusive: the build failed before"));
        let survived = Attempt { strikes: 2, ..fine.clone() };
        assert!(verdict(vec![survived.clone()]).starts_with("fail: the build succeeded"));
        // A retry that succeeds is what retries are for.
        assert_eq!(verdict(vec![failed("resource.killed"), fine]), "pass: ");
        let cut = Attempt { interrupted: true, ..survived };
        assert!(verdict(vec![cut]).starts_with("inconclusive: interrupted"));
    }

    #[test]
    fn what_the_machine_forbids_is_skipped_with_the_reason() {
        let scenario = find("link-disk-full").unwrap();
        let mut record = Record::new(scenario, 1.0, 1);
        record.untried = Some(Untried::NotAllowed(Text::same("no namespaces")));
        let outcome = judge(scenario, &record, 1.0, 1);
        assert!(matches!(outcome.verdict, Verdict::Skip(why) if why.en == "no namespaces"));
        assert_eq!(outcome.measured, None);
    }
}
