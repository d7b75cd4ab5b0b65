//! The results: one for every finding (3.27).

use super::message;
use super::rule::{Rules, level, rule_id};
use crate::place::Place;
use crate::text::one_line;
use crate::words;
use goward_model::{Finding, Lang, Location, Outcome};
use serde_json::{Value, json};

/// GitHub takes at most 1,000 locations a result; nobody reads as many.
const MAX_RELATED: usize = 100;

pub(super) fn of(
    outcome: &Outcome,
    finding: &Finding,
    rules: &Rules,
    prefix: &str,
    lang: Lang,
) -> Value {
    let id = rule_id(&outcome.check);
    let related: Vec<Value> = finding
        .related
        .iter()
        .take(MAX_RELATED)
        .enumerate()
        .map(|(at, related)| {
            let said = message(related.message.in_lang(lang));
            json!({
                "id": at + 1,
                "physicalLocation": physical(&related.location, prefix),
                "message": { "text": said },
            })
        })
        .collect();
    let mut result = json!({
        "ruleId": id,
        "ruleIndex": rules.index(&id),
        "level": level(outcome.tier),
        "message": { "text": said(finding, lang) },
        "locations": [{ "physicalLocation": physical(&finding.location, prefix) }],
        "partialFingerprints": { "gowardFingerprint/v1": one_line(&finding.fingerprint.0) },
        // Of every result or of none (3.27.23).
        "suppressions": suppressions(finding),
        "properties": { "tier": outcome.tier.as_str(), "group": outcome.group },
    });
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    result
}

/// What is wrong, what to do about it, and that a waiver has expired.
fn said(finding: &Finding, lang: Lang) -> String {
    let mut said = finding.message.in_lang(lang).to_owned();
    let help = finding.help.in_lang(lang);
    if !help.is_empty() {
        said += &format!("\n{}{help}", lang.pick("help: ", "处理："));
    }
    if let Some(note) = finding.waiver.as_ref().filter(|_| finding.counts()) {
        said += &format!("\n{}", one_line(&words::waiver(note, lang)));
    }
    message(&said)
}

/// A waiver that holds: recorded outside the source, in the policy (3.35).
fn suppressions(finding: &Finding) -> Value {
    match &finding.waiver {
        Some(note) if !finding.counts() => json!([{
            "kind": "external",
            "status": "accepted",
            "justification": note.reason,
            "properties": { "owner": note.owner, "expires": note.expires },
        }]),
        _ => json!([]),
    }
}

/// A file and a region in it (3.29). Files outside the repository have no base.
fn physical(location: &Location, prefix: &str) -> Value {
    let place = Place::of(prefix, &location.path);
    let mut artifact = json!({ "uri": place.uri() });
    if matches!(place, Place::Inside(_)) {
        artifact["uriBaseId"] = json!("%SRCROOT%");
    }
    // A report that was read from JSON may hold any numbers: put right as at the source.
    let start = (location.line, location.column);
    let end = (location.end_line, location.end_column);
    let Location { line, column, end_line, end_column, .. } = Location::span("", start, end);
    json!({
        "artifactLocation": artifact,
        "region": {
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
        },
    })
}
