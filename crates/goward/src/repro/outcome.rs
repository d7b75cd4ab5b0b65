//! A comparison as a report: an outcome for each cause, so that it gets every format that a check gets.

use super::Reproduction;
use super::prove::Proof;
use gorepro::Found;
use goward_model::{Finding, Findings, Gate, Identity, Location, Outcome, Report, SlaTier, Text};
use goward_report::render_json_with;
use serde_json::json;

/// Evidence that a message quotes.
const QUOTED: usize = 3;

pub(super) fn report(made: &Reproduction, identity: Identity, wall_ms: f64) -> Report {
    let outcomes = outcomes(made);
    let gate = Gate::of(&outcomes);
    Report::new(identity, outcomes, gate, wall_ms)
}

/// Report v1 with one key more: `repro`.
pub(super) fn json(report: &Report, made: &Reproduction) -> String {
    let value = json!({
        "programs": made.names,
        "sha256": made.hashes,
        "comparison": made.found,
        "proofs": made.proofs,
    });
    render_json_with(report, "repro", value)
}

fn outcomes(made: &Reproduction) -> Vec<Outcome> {
    let place = Location::whole(made.names.last().cloned().unwrap_or_default());
    let title = Text::new("both programs are the same, bit for bit", "两个程序逐位相同");
    let mut first = Findings::default();
    if let Some(why) = &made.unknown {
        first.unknown(Text::same(why.clone()));
        return vec![outcome("repro.bit-for-bit", title, first)];
    }
    let Some(found) = &made.found else {
        first.unknown(Text::new("nothing was compared", "未进行比较"));
        return vec![outcome("repro.bit-for-bit", title, first)];
    };
    if found.same {
        let hash = made.hashes.first().cloned().unwrap_or_default();
        first.note(Text::same(format!("sha256 {hash}")));
        return vec![outcome("repro.bit-for-bit", title, first)];
    }
    let one = |cause: &Found| {
        let mut findings = Findings::default();
        let proof = made.proofs.iter().find(|proof| proof.cause == cause.cause.id);
        let evidence = evidence(cause);
        let [en, zh] = cause.cause.title;
        let proved = proof.map(proved).unwrap_or_default();
        findings.report(Finding::at(
            place.clone(),
            // One finding for each cause of a program, whatever the values are this time.
            cause.cause.id,
            Text::new(
                format!("{en}: {evidence}{}", proved.en),
                format!("{zh}：{evidence}{}", proved.zh),
            ),
            Text::new(cause.cause.fix[0], cause.cause.fix[1]),
        ));
        outcome(
            cause.cause.id,
            Text::new(format!("no difference by: {en}"), format!("没有由此引起的差异：{zh}")),
            findings,
        )
    };
    found.causes.iter().map(one).collect()
}

/// The first lines, and how many more there are.
fn evidence(cause: &Found) -> String {
    let mut text = cause.evidence.iter().take(QUOTED).cloned().collect::<Vec<_>>().join("; ");
    let more = cause.evidence.len().saturating_sub(QUOTED) + cause.more;
    if more > 0 {
        text += &format!(" (+{more})");
    }
    text
}

/// What the builds without it showed.
fn proved(proof: &Proof) -> Text {
    let knob = &proof.knob;
    match (proof.gone, proof.same) {
        (true, true) => Text::new(
            format!("; proved: with {knob} both are the same"),
            format!("；已证实：使用 {knob} 后两者相同"),
        ),
        (true, false) => Text::new(
            format!("; proved: with {knob} this goes away"),
            format!("；已证实：使用 {knob} 后此差异消失"),
        ),
        (false, _) => Text::new(
            format!("; not proved: with {knob} it stays"),
            format!("；未证实：使用 {knob} 后仍存在"),
        ),
    }
}

fn outcome(id: &str, title: Text, findings: Findings) -> Outcome {
    Outcome::of(id, "repro", title, SlaTier::P1, findings)
}
