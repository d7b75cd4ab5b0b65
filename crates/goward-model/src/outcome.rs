//! What a single check had to say.

use crate::{Finding, Findings, Gate, SlaTier, Text};
use serde::{Deserialize, Serialize};

/// The four things a check can say. Never two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The facts were gathered and nothing is wrong.
    Pass,
    /// The facts were gathered and something is wrong.
    Fail(Vec<Finding>),
    /// The check does not apply to this target.
    Skip(Text),
    /// A fact could not be gathered, so we do not know.
    Inconclusive(Text),
}

impl Verdict {
    /// `pass`, `fail`, `skip` or `inconclusive`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail(_) => "fail",
            Self::Skip(_) => "skip",
            Self::Inconclusive(_) => "inconclusive",
        }
    }

    /// What it means for a gate that every outcome blocks.
    pub const fn gate(&self) -> Gate {
        match self {
            Self::Pass | Self::Skip(_) => Gate::Open,
            Self::Fail(_) => Gate::Closed,
            Self::Inconclusive(_) => Gate::Inconclusive,
        }
    }

    /// Seals what the check `rule` said. Anything wrong is a failure even when something else is
    /// unknown; what is unknown is never a pass. The second value is what stayed unknown beside
    /// the findings.
    pub fn of(rule: &str, findings: Findings) -> (Self, Option<Text>) {
        let sealed = findings.seal(rule);
        let unknown = join(&sealed.unknown);
        match (sealed.found.is_empty(), unknown, sealed.skipped) {
            (false, unknown, _) => (Self::Fail(sealed.found), unknown),
            (true, Some(why), _) => (Self::Inconclusive(why), None),
            (true, None, Some(why)) => (Self::Skip(why), None),
            (true, None, None) => (Self::Pass, None),
        }
    }
}

/// At most three reasons in words, and how many more there are.
fn join(reasons: &[Text]) -> Option<Text> {
    const SHOWN: usize = 3;
    let pick =
        |of: fn(&Text) -> &str| reasons.iter().take(SHOWN).map(of).collect::<Vec<_>>().join("; ");
    let mut all = Text::new(pick(|t| &t.en), pick(|t| &t.zh));
    match reasons.len() {
        0 => return None,
        n if n > SHOWN => {
            all.en += &format!("; and {} more", n - SHOWN);
            all.zh += &format!("；另有 {} 项", n - SHOWN);
        }
        _ => {}
    }
    Some(all)
}

/// A measured value against its critical threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Measured {
    /// What was measured: `latency_ms` unless the item names something else.
    pub name: String,
    /// The value.
    pub value: f64,
}

/// The outcome of one check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "Wire", try_from = "Wire")]
pub struct Outcome {
    /// The check's identifier.
    pub check: String,
    /// The group the check belongs to.
    pub group: String,
    /// One line: what the check makes sure of.
    pub title: Text,
    /// The tier a failure falls under, after policy.
    pub tier: SlaTier,
    /// What the check said.
    pub verdict: Verdict,
    /// What could not be judged beside the findings of a failure.
    pub unknown: Option<Text>,
    /// What the judgement rests on: how much was looked at.
    pub note: Option<Text>,
    /// How long it took to gather its facts and to judge them, in milliseconds.
    pub latency_ms: f64,
    /// The time it may take, in milliseconds.
    pub timeout_ms: u64,
    /// The value over which the check fails, if policy sets one.
    pub critical_threshold: Option<f64>,
    /// What the threshold was compared with.
    pub measured: Option<Measured>,
    /// The check whose failure kept this one from being judged.
    pub blocked_by: Option<String>,
}

impl Outcome {
    /// What one look says that is no check of the catalogue: without a time limit, a threshold or a measure.
    pub fn of(id: &str, group: &str, title: Text, tier: SlaTier, mut findings: Findings) -> Self {
        let note = findings.take_note();
        let (verdict, unknown) = Verdict::of(id, findings);
        Self {
            check: id.to_owned(),
            group: group.to_owned(),
            title,
            tier,
            verdict,
            unknown,
            note,
            latency_ms: 0.0,
            timeout_ms: 0,
            critical_threshold: None,
            measured: None,
            blocked_by: None,
        }
    }

    /// The findings, whether they count or are waived.
    pub fn findings(&self) -> &[Finding] {
        match &self.verdict {
            Verdict::Fail(findings) => findings,
            _ => &[],
        }
    }

    /// Whether the check passed or does not apply, or all that it found is waived.
    pub fn status(&self) -> bool {
        match &self.verdict {
            Verdict::Pass | Verdict::Skip(_) => true,
            Verdict::Inconclusive(_) => false,
            Verdict::Fail(findings) => {
                self.unknown.is_none() && !findings.iter().any(Finding::counts)
            }
        }
    }

    /// Why the status is not good; empty where it is.
    pub fn error(&self) -> Text {
        match &self.verdict {
            Verdict::Inconclusive(why) => why.clone(),
            Verdict::Fail(findings) if !self.status() => {
                let counting: Vec<_> = findings.iter().filter(|f| f.counts()).collect();
                match counting.as_slice() {
                    [] => self.unknown.clone().unwrap_or_default(),
                    [one] => one.message.clone(),
                    [first, rest @ ..] => Text::new(
                        format!("{} (and {} more)", first.message.en, rest.len()),
                        format!("{}（另有 {} 项）", first.message.zh, rest.len()),
                    ),
                }
            }
            _ => Text::default(),
        }
    }
}

/// The outcome as it stands in report JSON v1.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Outcome"))]
struct Wire {
    /// The check's identifier.
    check: String,
    /// The group the check belongs to.
    group: String,
    /// What the check makes sure of.
    title: Text,
    /// `P0` … `P3`.
    tier: SlaTier,
    /// `true` where the item is fine: it passed, does not apply, or all it found is waived.
    status: bool,
    /// `pass`, `fail`, `skip` or `inconclusive`.
    verdict: String,
    /// Milliseconds.
    latency_ms: f64,
    /// Why the status is not good, in English; empty where it is.
    error: String,
    /// The same in Chinese.
    #[serde(default)]
    error_zh: String,
    /// Milliseconds.
    timeout_ms: u64,
    /// The value over which the item fails.
    #[serde(default)]
    critical_threshold: Option<f64>,
    /// What the threshold was compared with.
    #[serde(default)]
    measured: Option<Measured>,
    /// The item whose failure kept this one from being judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    blocked_by: Option<String>,
    /// Why it was skipped or could not be judged; beside findings: what stayed unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<Text>,
    /// What the judgement rests on: how much was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Text>,
    /// What is wrong, waived or not.
    #[serde(default)]
    findings: Vec<Finding>,
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Outcome {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Outcome".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Wire::json_schema(generator)
    }
}

impl From<Outcome> for Wire {
    fn from(outcome: Outcome) -> Self {
        let (status, error) = (outcome.status(), outcome.error());
        let verdict = outcome.verdict.as_str().to_owned();
        let (reason, findings) = match outcome.verdict {
            Verdict::Pass => (None, vec![]),
            Verdict::Fail(findings) => (outcome.unknown, findings),
            Verdict::Skip(why) | Verdict::Inconclusive(why) => (Some(why), vec![]),
        };
        Self {
            check: outcome.check,
            group: outcome.group,
            title: outcome.title,
            tier: outcome.tier,
            status,
            verdict,
            // JSON knows no NaN: what was not measured is 0.
            latency_ms: if outcome.latency_ms.is_finite() {
                (outcome.latency_ms * 1e3).round() / 1e3
            } else {
                0.0
            },
            error: error.en,
            error_zh: error.zh,
            timeout_ms: outcome.timeout_ms,
            critical_threshold: outcome.critical_threshold,
            measured: outcome.measured.filter(|measured| measured.value.is_finite()),
            blocked_by: outcome.blocked_by,
            reason,
            note: outcome.note,
            findings,
        }
    }
}

impl TryFrom<Wire> for Outcome {
    type Error = String;

    fn try_from(wire: Wire) -> Result<Self, String> {
        let mut unknown = None;
        let verdict = match wire.verdict.as_str() {
            "pass" => Verdict::Pass,
            "fail" => {
                unknown = wire.reason;
                Verdict::Fail(wire.findings)
            }
            "skip" => Verdict::Skip(wire.reason.unwrap_or_default()),
            "inconclusive" => Verdict::Inconclusive(wire.reason.unwrap_or_default()),
            other => return Err(format!("{other:?} is no verdict of report v1")),
        };
        Ok(Self {
            check: wire.check,
            group: wire.group,
            title: wire.title,
            tier: wire.tier,
            verdict,
            unknown,
            note: wire.note,
            latency_ms: wire.latency_ms,
            timeout_ms: wire.timeout_ms,
            critical_threshold: wire.critical_threshold,
            measured: wire.measured,
            blocked_by: wire.blocked_by,
        })
    }
}
