//! Stages 2 and 3 for one item: its facts are gathered, or its question asked; then it is judged.

use crate::{Item, Work};
use goward_checks::{Check, custom};
use goward_config::PlacedCustom;
use goward_facts::{Facts, ProbeError, item};
use goward_model::{Findings, Measured, Outcome, Text, Verdict};
use goward_system::{CancelToken, SystemError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often an interruption is looked for while a fact is waited for.
const TICK: Duration = Duration::from_millis(50);

/// Tries one item.
pub(crate) fn attempt(item: &Item, facts: &Arc<Facts>, cancel: &CancelToken) -> Outcome {
    if cancel.is_cancelled() {
        return outcome(item, inconclusive(&SystemError::Cancelled.into()), 0.0, None);
    }
    match &item.work {
        Work::Check(check) => attempt_check(item, check, facts, cancel),
        Work::Custom(custom) => attempt_custom(item, custom, facts),
    }
}

/// What an item whose requirement did not pass has to say.
pub(crate) fn blocked(item: &Item, by: &Outcome) -> Outcome {
    let chain = by.blocked_by.as_ref();
    let why = Text::new(
        format!(
            "blocked by {}{}",
            by.check,
            chain.map_or(String::new(), |by| format!(", itself blocked by {by}"))
        ),
        format!(
            "被 {} 阻塞{}",
            by.check,
            chain.map_or(String::new(), |by| format!("（后者又被 {by} 阻塞）"))
        ),
    );
    let mut outcome = outcome(item, (Verdict::Inconclusive(why), None), 0.0, None);
    outcome.blocked_by = Some(by.check.clone());
    outcome
}

fn attempt_check(
    item: &Item,
    check: &'static Check,
    facts: &Arc<Facts>,
    cancel: &CancelToken,
) -> Outcome {
    let started = facts.system().now();
    let needs = check.judge.needs();
    needs.iter().for_each(|key| facts.start(*key));
    let mut gathering = Duration::ZERO;
    for key in needs {
        let left = || item.timeout.saturating_sub(elapsed(facts, started));
        let gathered = loop {
            let slice = left().min(TICK);
            match facts.wait(key, slice) {
                Err(ProbeError::TimedOut(_)) if cancel.is_cancelled() => {
                    break Err(SystemError::Cancelled.into());
                }
                Err(ProbeError::TimedOut(_)) if !left().is_zero() => {}
                Err(ProbeError::TimedOut(_)) => {
                    break Err(ProbeError::TimedOut(item.timeout.as_millis()));
                }
                gathered => break gathered,
            }
        };
        match gathered {
            // Facts are gathered side by side.
            Ok(latency) => gathering = gathering.max(latency),
            Err(why) => {
                return outcome(item, inconclusive(&why), millis(elapsed(facts, started)), None);
            }
        }
    }
    let judging = facts.system().now();
    let mut findings = Findings::default();
    let mut note = None;
    // A judgement that panics is our bug; it must not take the other checks with it.
    let judged = catch_unwind(AssertUnwindSafe(|| check.judge.judge(facts, &mut findings)));
    let verdict = match judged {
        Ok(Ok(())) => {
            note = findings.take_note();
            Verdict::of(&item.id, findings)
        }
        Ok(Err(why)) => inconclusive(&why),
        Err(_) => inconclusive(&ProbeError::Panicked(check.id)),
    };
    let latency = millis(gathering + elapsed(facts, judging));
    let measured = Measured { name: "latency_ms".into(), value: latency };
    Outcome { note, ..outcome(item, verdict, latency, Some(measured)) }
}

fn attempt_custom(item: &Item, placed: &PlacedCustom, facts: &Arc<Facts>) -> Outcome {
    let system = facts.system();
    let started = system.now();
    let probed = catch_unwind(AssertUnwindSafe(|| item::probe(&placed.kind, system, item.timeout)))
        .unwrap_or(Err(ProbeError::Panicked("custom item")));
    let latency = millis(elapsed(facts, started));
    match probed {
        Err(why) => outcome(item, inconclusive(&why), latency, None),
        Ok(evidence) => {
            let mut findings = Findings::default();
            let measured = custom::judge(
                &placed.spec,
                &placed.kind,
                &evidence,
                &placed.declared,
                &mut findings,
            );
            let measured = measured.map(|(name, value)| Measured { name, value });
            outcome(item, Verdict::of(&item.id, findings), latency, measured)
        }
    }
}

fn inconclusive(why: &ProbeError) -> (Verdict, Option<Text>) {
    (Verdict::Inconclusive(why.text()), None)
}

fn elapsed(facts: &Facts, since: Instant) -> Duration {
    facts.system().now().duration_since(since)
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn outcome(
    item: &Item,
    (verdict, unknown): (Verdict, Option<Text>),
    latency_ms: f64,
    measured: Option<Measured>,
) -> Outcome {
    Outcome {
        check: item.id.clone(),
        group: item.group.clone(),
        title: item.title.clone(),
        tier: item.tier,
        verdict,
        unknown,
        note: None,
        latency_ms,
        timeout_ms: u64::try_from(item.timeout.as_millis()).unwrap_or(u64::MAX),
        critical_threshold: item.critical_threshold,
        measured,
        blocked_by: None,
    }
}
