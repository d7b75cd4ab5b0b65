//! One thing that is wrong: where, what, and how to fix it.

use crate::location::Quotes;
use crate::{Location, Snippet, Text, WaiverNote, WaiverState};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Names a finding across runs: the rule, the file and the normalised evidence, but not the line,
/// so that unrelated edits do not change it. 16 hexadecimal digits.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fingerprint(pub String);

impl Fingerprint {
    /// The fingerprint of the `nth` (from 0) finding with this evidence in this file.
    pub fn of(rule: &str, path: &str, evidence: &str, nth: usize) -> Self {
        let mut hash = Sha256::new();
        for part in [rule, path, evidence, &nth.to_string()] {
            // Length first, so that no two lists of parts run together.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let hex = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self(hex)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A second place that helps to understand a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Related {
    /// Where.
    pub location: Location,
    /// What it has to do with the finding.
    pub message: Text,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// Names the finding across runs; empty until the check's findings are sealed.
    pub fingerprint: Fingerprint,
    /// Where.
    pub location: Location,
    /// What is wrong, as a lowercase fragment.
    pub message: Text,
    /// What to do about it.
    pub help: Text,
    /// What identifies the finding, free of line numbers, wording and secrets.
    pub evidence: String,
    /// Other places that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// The lines pointed at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Snippet>,
    /// The waiver that covers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<WaiverNote>,
    /// The text to quote, until the check's findings are sealed.
    #[serde(skip)]
    source: Option<Arc<str>>,
}

impl Finding {
    /// A finding at `location`.
    pub fn at(location: Location, evidence: impl Into<String>, message: Text, help: Text) -> Self {
        Self {
            fingerprint: Fingerprint::default(),
            location,
            message,
            help,
            evidence: evidence.into(),
            related: vec![],
            snippet: None,
            waiver: None,
            source: None,
        }
    }

    /// Quotes the lines it points at. Not for files that hold secrets.
    pub fn quoting(mut self, source: &Arc<str>) -> Self {
        self.source = Some(Arc::clone(source));
        self
    }

    /// Adds another place.
    pub fn related(mut self, location: Location, message: Text) -> Self {
        self.related.push(Related { location, message });
        self
    }

    /// Whether it counts: not covered by a waiver that holds.
    pub fn counts(&self) -> bool {
        !matches!(&self.waiver, Some(note) if note.state == WaiverState::Active)
    }
}

/// Collects what one check has to say.
#[derive(Debug, Default)]
pub struct Findings {
    found: Vec<Finding>,
    unknown: Vec<Text>,
    skipped: Option<Text>,
    note: Option<Text>,
    /// Findings beyond [`MAX_FINDINGS`]: only counted.
    more: usize,
}

/// Nobody reads more findings of one check; a hostile file shall not fill the memory with them.
const MAX_FINDINGS: usize = 10_000;

/// What a check said, in order; see [`crate::Verdict`].
#[derive(Debug, Default)]
pub(crate) struct Sealed {
    pub(crate) found: Vec<Finding>,
    pub(crate) unknown: Vec<Text>,
    pub(crate) skipped: Option<Text>,
}

impl Findings {
    /// Something is wrong.
    pub fn report(&mut self, finding: Finding) {
        match self.found.len() < MAX_FINDINGS {
            true => self.found.push(finding),
            false => self.more += 1,
        }
    }

    /// Something could not be judged: the check cannot pass any more.
    pub fn unknown(&mut self, why: Text) {
        self.unknown.push(why);
    }

    /// What the judgement rests on, where the reader should know: how much was looked at, and what
    /// is by its nature beyond the check. No judgement by itself.
    pub fn note(&mut self, what: Text) {
        self.note = Some(what);
    }

    /// Takes the note out, for the outcome.
    pub fn take_note(&mut self) -> Option<Text> {
        self.note.take()
    }

    /// The check does not apply to this target. Ignored where anything was found or is unknown.
    pub fn not_applicable(&mut self, why: Text) {
        self.skipped = Some(why);
    }

    /// Orders the findings by place and gives each its fingerprint.
    pub(crate) fn seal(mut self, rule: &str) -> Sealed {
        if self.more > 0 {
            // Waivers for what is listed must not open the gate for what is not.
            let more = self.more;
            self.unknown.push(Text::new(
                format!("{more} findings more than the {MAX_FINDINGS} that are listed"),
                format!("除列出的 {MAX_FINDINGS} 条外还有 {more} 条问题"),
            ));
        }
        self.found.sort_by(|a, b| (&a.location, &a.evidence).cmp(&(&b.location, &b.evidence)));
        self.found.dedup_by(|a, b| a.location == b.location && a.evidence == b.evidence);
        let mut seen: HashMap<(String, String), usize> = HashMap::new();
        let mut quotes = Quotes::default();
        for finding in &mut self.found {
            if let Some(source) = finding.source.take() {
                finding.snippet = quotes.cut(source, &finding.location);
            }
            let key = (finding.location.path.clone(), finding.evidence.clone());
            let nth = seen.entry(key).and_modify(|n| *n += 1).or_insert(0);
            finding.fingerprint =
                Fingerprint::of(rule, &finding.location.path, &finding.evidence, *nth);
        }
        self.unknown.dedup();
        Sealed { found: self.found, unknown: self.unknown, skipped: self.skipped }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(line: u32, evidence: &str) -> Finding {
        Finding::at(Location::point("a.yaml", line, 1), evidence, Text::same("m"), Text::same("h"))
    }

    fn prints(findings: Vec<Finding>) -> Vec<Fingerprint> {
        let mut all = Findings::default();
        findings.into_iter().for_each(|f| all.report(f));
        all.seal("rule").found.into_iter().map(|f| f.fingerprint).collect()
    }

    #[test]
    fn an_edit_elsewhere_in_the_file_keeps_the_fingerprint() {
        assert_eq!(prints(vec![finding(3, "x")]), prints(vec![finding(90, "x")]));
    }

    #[test]
    fn the_same_evidence_twice_has_two_fingerprints() {
        let both = prints(vec![finding(9, "x"), finding(3, "x")]);
        assert_ne!(both[0], both[1]);
        assert_eq!(both[0], prints(vec![finding(3, "x")])[0]);
    }

    #[test]
    fn findings_without_end_are_counted_but_not_kept() {
        let mut all = Findings::default();
        (0..20_000).for_each(|n| all.report(finding(n + 1, "x")));
        let sealed = all.seal("rule");
        assert_eq!(sealed.found.len(), MAX_FINDINGS);
        assert_eq!(sealed.unknown[0].en, "10000 findings more than the 10000 that are listed");
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(Fingerprint::of("ab", "c", "", 0), Fingerprint::of("a", "bc", "", 0));
    }
}
