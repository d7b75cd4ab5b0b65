//! Differences as outcomes, graded by policy: pure.

use gosnapshot::{Comparison, Difference, Gap, RULES, Risk, Rule};
use goward_config::{DiffSettings, FailOn, RiskLevel};
use goward_model::{Finding, Findings, Gate, Location, Outcome, SlaTier, Text, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// What the policy says of differences.
pub(super) struct Policy {
    /// The least risk that closes the gate; none where nothing does.
    pub(super) fail_on: Option<Risk>,
    regraded: BTreeMap<String, Risk>,
    accepted: BTreeSet<String>,
}

impl Policy {
    pub(super) fn of(settings: &DiffSettings) -> Self {
        let risk = |level: &RiskLevel| match level {
            RiskLevel::Low => Risk::Low,
            RiskLevel::Medium => Risk::Medium,
            RiskLevel::High => Risk::High,
            RiskLevel::Extreme => Risk::Extreme,
        };
        let fail_on = match settings.fail_on {
            FailOn::Low => Some(Risk::Low),
            FailOn::Medium => Some(Risk::Medium),
            FailOn::High => Some(Risk::High),
            FailOn::Extreme => Some(Risk::Extreme),
            FailOn::Never => None,
        };
        Self {
            fail_on,
            regraded: settings.regrade.iter().map(|(id, it)| (id.clone(), risk(it))).collect(),
            accepted: settings.accept_unknown.iter().cloned().collect(),
        }
    }

    /// The risk of a kind of difference here.
    pub(super) fn risk(&self, rule: &Rule) -> Risk {
        self.regraded.get(rule.id).copied().unwrap_or(rule.risk)
    }

    /// Whether a kind of difference may stay unknown.
    pub(super) fn accepts_unknown(&self, rule: &str) -> bool {
        self.accepted.contains(rule)
    }

    /// Whether a risk closes the gate.
    pub(super) fn closes(&self, risk: Risk) -> bool {
        self.fail_on.is_some_and(|least| risk >= least)
    }
}

/// `a → b` with what is not there in words.
pub(super) fn change(difference: &Difference) -> Text {
    let word = |it: &Option<String>, zh: bool| match it.as_deref() {
        None | Some("") => if zh { "无" } else { "none" }.to_owned(),
        Some(text) if zh => gosnapshot::word_in_chinese(text).to_owned(),
        Some(text) => text.to_owned(),
    };
    let text = |zh| format!("{} → {}", word(&difference.a, zh), word(&difference.b, zh));
    match (&difference.a, &difference.b) {
        (None, None) => Text::default(),
        _ => Text::new(text(false), text(true)),
    }
}

/// What differs, and in which of several programs.
pub(super) fn subject(difference: &Difference) -> Text {
    let zh = gosnapshot::word_in_chinese(&difference.subject);
    of_part(&difference.part, &difference.subject, zh)
}

/// Why it is not known, and of which of several programs.
pub(super) fn why(gap: &Gap) -> Text {
    of_part(&gap.part, &gap.why.en, &gap.why.zh)
}

fn of_part(part: &str, en: &str, zh: &str) -> Text {
    match part {
        "" => Text::new(en, zh),
        part => Text::new(format!("{part}: {en}"), format!("{part}:{zh}")),
    }
}

/// An outcome per rule, the worst first, and the gate.
pub(super) fn judge(comparison: &Comparison, policy: &Policy, place: &str) -> (Vec<Outcome>, Gate) {
    let mut rules: Vec<&Rule> = RULES.iter().collect();
    // Stable: within a risk the order of the rules.
    rules.sort_by_key(|rule| std::cmp::Reverse(policy.risk(rule)));
    let mut gate = Gate::Open;
    let mut outcomes = vec![];
    for rule in rules {
        let outcome = outcome(rule, comparison, policy, place);
        let closes = policy.closes(policy.risk(rule));
        let own = match &outcome.verdict {
            Verdict::Fail(_) if closes => Gate::Closed,
            Verdict::Inconclusive(_) if closes => Gate::Inconclusive,
            _ => Gate::Open,
        };
        gate = gate.max(own);
        outcomes.push(outcome);
    }
    (outcomes, gate)
}

fn outcome(rule: &Rule, comparison: &Comparison, policy: &Policy, place: &str) -> Outcome {
    let mut findings = Findings::default();
    let [consequence_en, consequence_zh] = rule.consequence;
    for difference in comparison.differences.iter().filter(|it| it.rule == rule.id) {
        let change = change(difference);
        let (subject, sep) = (subject(difference), if change.en.is_empty() { "" } else { " " });
        let message = Text::new(
            format!("{}{sep}{}: {consequence_en}", subject.en, change.en),
            format!("{}{sep}{}:{consequence_zh}", subject.zh, change.zh),
        );
        let evidence = format!("{} {}", subject.en, change.en);
        let [en, zh] = rule.fix;
        let location = Location::whole(place.to_owned());
        findings.report(Finding::at(location, evidence, message, Text::new(en, zh)));
    }
    let accepted = policy.accepts_unknown(rule.id);
    let gaps: Vec<_> = comparison.gaps.iter().filter(|it| it.rule == rule.id).collect();
    let words = |it: &gosnapshot::Words| Text::new(it.en.clone(), it.zh.clone());
    for gap in gaps.iter().filter(|_| !accepted) {
        findings.unknown(why(gap));
    }
    if accepted && let Some(gap) = gaps.first() {
        let why = why(gap);
        findings.note(Text::new(
            format!("unknown, which the policy accepts: {}", why.en),
            format!("未知,策略接受:{}", why.zh),
        ));
    }
    if let Some(why) = comparison.skipped.get(rule.id) {
        findings.not_applicable(words(why));
    } else if !comparison.compared.contains(rule.id) {
        findings.not_applicable(Text::new(
            "it does not apply, or neither side tells it",
            "不适用,或两侧均未记录",
        ));
    }
    let risk = policy.risk(rule);
    let [en, zh] = rule.title;
    let tier = match risk {
        Risk::Extreme => SlaTier::P0,
        Risk::High => SlaTier::P1,
        Risk::Medium => SlaTier::P2,
        Risk::Low => SlaTier::P3,
    };
    Outcome::of(rule.id, risk.as_str(), Text::new(en, zh), tier, findings)
}
