//! Stage 4. Pure but for the review: thresholds, waivers and the gate, all by policy.

use crate::attempt::attempt;
use crate::{Plan, Work};
use goward_config::{OnInconclusive, PlacedWaiver, Policy, Standing, today};
use goward_facts::{Facts, ReviewedWaiver, WaiverReview};
use goward_model::{
    Finding, Findings, Gate, Location, Outcome, Text, Verdict, WaiverNote, WaiverState,
};
use goward_system::CancelToken;
use std::collections::HashSet;
use std::sync::Arc;

/// What is left to put into a report.
pub struct Graded {
    /// The outcomes, in the order of the plan.
    pub outcomes: Vec<Outcome>,
    /// The decision.
    pub gate: Gate,
}

/// Applies policy to outcomes: thresholds first, then waivers; then the checks that review the
/// run itself; then the gate. `anchor` is where findings without a better place point.
pub fn grade(
    plan: &Plan,
    mut outcomes: Vec<Outcome>,
    facts: &Arc<Facts>,
    policy: &Policy,
    anchor: &Location,
) -> Graded {
    for outcome in &mut outcomes {
        threshold(plan, outcome, policy, anchor);
    }
    let now = facts.system().unix_time();
    let review = waive(&mut outcomes, policy, now);
    facts.insert(review);
    let mut reviews: Vec<Outcome> = plan
        .items
        .iter()
        .filter(|item| item.reviews())
        .map(|item| attempt(item, facts, &CancelToken::default()))
        .collect();
    // A waiver may cover what the review found, but is not reviewed again.
    waive(&mut reviews, policy, now);
    let outcomes = in_plan_order(plan, outcomes, reviews);
    let gate = gate(&outcomes, policy);
    Graded { outcomes, gate }
}

fn in_plan_order(plan: &Plan, outcomes: Vec<Outcome>, reviews: Vec<Outcome>) -> Vec<Outcome> {
    let (mut outcomes, mut reviews) = (outcomes.into_iter(), reviews.into_iter());
    let next = |reviewing: bool| if reviewing { reviews.next() } else { outcomes.next() };
    plan.items.iter().map(crate::Item::reviews).filter_map(next).collect()
}

/// Fails an outcome whose measured value is over its critical threshold.
fn threshold(plan: &Plan, outcome: &mut Outcome, policy: &Policy, anchor: &Location) {
    let (Some(limit), Some(measured)) = (outcome.critical_threshold, outcome.measured.clone())
    else {
        return;
    };
    if measured.value <= limit {
        return;
    }
    let key = format!("checks.{}.critical_threshold", outcome.check);
    let origin = policy.origin(&key);
    let item = plan.items.iter().find(|item| item.id == outcome.check);
    let (location, source) = match item.map(|item| &item.work) {
        _ if origin.place.is_some() => (origin.location(), policy.text(&origin.source)),
        Some(Work::Custom(custom)) => {
            (custom.declared.location.clone(), Arc::clone(&custom.declared.source))
        }
        _ => (anchor.clone(), "".into()),
    };
    let (name, value) = (&measured.name, measured.value);
    let message = Text::new(
        format!("{name} is {value:.1}, over the critical threshold {limit}"),
        format!("{name} 为 {value:.1}，超过临界阈值 {limit}"),
    );
    let help = Text::new(
        "find out what became slow, or raise `critical_threshold` in the policy",
        "查明变慢的原因，或在策略中调高 `critical_threshold`",
    );
    let mut findings = Findings::default();
    for earlier in outcome.findings() {
        findings.report(earlier.clone());
    }
    let finding = Finding::at(location, "critical_threshold", message, help).quoting(&source);
    // What is inconclusive or skipped stays so: its measured value says nothing.
    if matches!(outcome.verdict, Verdict::Pass | Verdict::Fail(_)) {
        findings.report(finding);
        outcome.verdict = Verdict::of(&outcome.check, findings).0;
    }
}

/// Notes on each finding the waiver that covers it; says what became of each waiver.
fn waive(outcomes: &mut [Outcome], policy: &Policy, unix_time: i64) -> WaiverReview {
    let today = today(unix_time);
    let judged: HashSet<String> = outcomes
        .iter()
        .filter(|o| matches!(o.verdict, Verdict::Pass | Verdict::Fail(_)) && o.unknown.is_none())
        .map(|o| o.check.clone())
        .collect();
    let mut review = WaiverReview::default();
    for placed in &policy.waivers {
        let standing = placed.standing(today);
        let matched = note(outcomes, placed, standing);
        let waiver = &placed.waiver;
        review.waivers.push(ReviewedWaiver {
            check: waiver.check.clone(),
            fingerprint: waiver.fingerprint.clone(),
            owner: waiver.owner.clone(),
            expires: waiver.expires.clone(),
            location: placed.origin.location(),
            source: policy.text(&placed.origin.source),
            days_left: match standing {
                Standing::Active { days_left } => Some(days_left),
                Standing::Expired | Standing::BadDate => None,
            },
            readable_date: standing != Standing::BadDate,
            matched,
            judged: judged.contains(&waiver.check),
        });
    }
    review
}

/// Notes a waiver on the finding it names; whether there is one.
fn note(outcomes: &mut [Outcome], placed: &PlacedWaiver, standing: Standing) -> bool {
    let waiver = &placed.waiver;
    let state = match standing {
        Standing::Active { .. } => WaiverState::Active,
        Standing::Expired | Standing::BadDate => WaiverState::Expired,
    };
    let mut matched = false;
    for outcome in outcomes.iter_mut().filter(|outcome| outcome.check == waiver.check) {
        let Verdict::Fail(findings) = &mut outcome.verdict else { continue };
        for finding in findings.iter_mut().filter(|f| f.fingerprint.0 == waiver.fingerprint) {
            matched = true;
            // Of two waivers the one that holds counts.
            if finding.counts() {
                finding.waiver = Some(WaiverNote {
                    reason: waiver.reason.clone(),
                    owner: waiver.owner.clone(),
                    expires: waiver.expires.clone(),
                    state,
                });
            }
        }
    }
    matched
}

/// Decides the gate. The only place where this decision is taken.
fn gate(outcomes: &[Outcome], policy: &Policy) -> Gate {
    let settings = &policy.file.gate;
    outcomes
        .iter()
        .filter(|outcome| settings.closes.contains(&outcome.tier))
        .map(|outcome| match &outcome.verdict {
            Verdict::Pass | Verdict::Skip(_) => Gate::Open,
            Verdict::Fail(findings) if findings.iter().any(Finding::counts) => Gate::Closed,
            Verdict::Fail(_) if outcome.unknown.is_none() => Gate::Open,
            Verdict::Fail(_) | Verdict::Inconclusive(_) => match settings.inconclusive {
                OnInconclusive::Closed => Gate::Inconclusive,
                OnInconclusive::Open => Gate::Open,
            },
        })
        .max()
        .unwrap_or(Gate::Open)
}
