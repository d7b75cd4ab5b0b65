//! The rules: one for every check of the run (3.49, `reportingDescriptor`).

use super::message;
use crate::text::{lines, shorten};
use crate::words::Loudness;
use crate::{Options, RuleHelp};
use goward_model::{Outcome, Report, SlaTier};
use serde_json::{Value, json};
use std::collections::HashMap;

/// GitHub's limit for identifiers and names, in characters.
const MAX_NAME: usize = 255;
/// GitHub's limit for descriptions, in characters.
const MAX_DESCRIPTION: usize = 1_024;

/// The rules of a run, and where each stands.
pub(super) struct Rules {
    pub(super) all: Vec<Value>,
    index: HashMap<String, usize>,
}

impl Rules {
    /// A rule for each check; of two outcomes of one check the first describes it.
    pub(super) fn of(report: &Report, options: &Options<'_>) -> Self {
        let mut rules = Self { all: vec![], index: HashMap::new() };
        for outcome in &report.outcomes {
            let id = rule_id(&outcome.check);
            if !rules.index.contains_key(&id) {
                rules.all.push(rule(&id, outcome, options));
                rules.index.insert(id, rules.all.len() - 1);
            }
        }
        rules
    }

    /// A reference to the rule of a check (3.52).
    pub(super) fn reference(&self, check: &str) -> Value {
        let id = rule_id(check);
        let index = self.index(&id);
        json!({ "id": id, "index": index })
    }

    /// Where the rule stands; every outcome has one.
    pub(super) fn index(&self, id: &str) -> usize {
        self.index.get(id).copied().unwrap_or_default()
    }
}

/// A check's identifier as SARIF's: never empty, and within GitHub's limit.
pub(super) fn rule_id(check: &str) -> String {
    shorten(&message(check), MAX_NAME - 1)
}

pub(super) const fn level(tier: SlaTier) -> &'static str {
    match Loudness::of(tier) {
        Loudness::Error => "error",
        Loudness::Warning => "warning",
        Loudness::Note => "note",
    }
}

fn rule(id: &str, outcome: &Outcome, options: &Options<'_>) -> Value {
    let described = |said: &str| json!({ "text": shorten(&message(said), MAX_DESCRIPTION - 1) });
    let title = described(outcome.title.in_lang(options.lang));
    let help = (options.rule_help)(&outcome.check);
    let mut rule = json!({
        "id": id,
        "name": pascal_case(id),
        "shortDescription": title,
        "fullDescription": help.as_ref().map_or(title.clone(), |help| described(&help.why)),
        "defaultConfiguration": { "level": level(outcome.tier) },
        "properties": properties(outcome),
    });
    if let Some(help) = help {
        if let Some(url) = help.url.as_ref().filter(|url| is_web(url)) {
            rule["helpUri"] = json!(url);
        }
        rule["help"] = text_and_markdown(&help, options);
    }
    rule
}

fn text_and_markdown(help: &RuleHelp, options: &Options<'_>) -> Value {
    let (why, fix) = (lines(&help.why), lines(&help.fix));
    let heading = options.lang.pick("How to fix it", "如何修复");
    let (mut text, mut markdown) =
        (format!("{why}\n\n{heading}: {fix}"), format!("{why}\n\n**{heading}**\n\n{fix}"));
    if let Some(url) = help.url.as_ref().filter(|url| is_web(url)) {
        text += &format!("\n\n{url}");
        markdown += &format!("\n\n<{url}>");
    }
    json!({ "text": text, "markdown": markdown })
}

/// GitHub sorts alerts by `security-severity` (over 9.0 critical, from 7.0 high) where the tag
/// `security` is set, and by `problem.severity` elsewhere.
fn properties(outcome: &Outcome) -> Value {
    let tier = outcome.tier;
    let mut tags = vec![shorten(&message(&outcome.group), MAX_NAME - 1), tier.as_str().to_owned()];
    let severity = match tier {
        SlaTier::P0 => Some("9.5"),
        SlaTier::P1 => Some("8.0"),
        SlaTier::P2 | SlaTier::P3 => None,
    };
    let problem = match Loudness::of(tier) {
        Loudness::Error => "error",
        Loudness::Warning => "warning",
        Loudness::Note => "recommendation",
    };
    if severity.is_some() {
        tags.push("security".into());
    }
    // SARIF wants them unique.
    tags.sort();
    tags.dedup();
    let mut properties = json!({ "tags": tags, "problem.severity": problem });
    if let Some(severity) = severity {
        properties["security-severity"] = json!(severity);
    }
    properties
}

/// Names are in PascalCase by convention (3.49.7).
fn pascal_case(id: &str) -> String {
    let words = id.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let word = |word: &str| {
        let mut rest = word.chars();
        rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect::<String>()
    };
    match words.map(word).collect::<String>() {
        empty if empty.is_empty() => id.to_owned(),
        name => shorten(&name, MAX_NAME - 1),
    }
}

/// Whether a URL may be followed by whoever reads the report.
fn is_web(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=%".contains(&b);
        !rest.is_empty() && rest.bytes().all(plain) && !rest.contains("##")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_pascal_case() {
        for (id, name) in [
            ("go-sum-direct", "GoSumDirect"),
            ("tls13", "Tls13"),
            ("检查-x", "检查X"),
            ("--", "--"),
        ] {
            assert_eq!(pascal_case(id), name);
        }
    }

    #[test]
    fn only_web_addresses_are_linked() {
        for (url, web) in [
            ("https://go.dev/ref/mod#go-sum-files", true),
            ("http://example.com", true),
            ("javascript:alert(1)", false),
            ("https://", false),
            ("https://example.com/<script>", false),
            ("https://example.com/ x", false),
        ] {
            assert_eq!(is_web(url), web, "{url}");
        }
    }
}
