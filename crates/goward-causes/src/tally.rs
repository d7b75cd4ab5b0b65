//! What is kept of the lines that a signature finds: the first of them.

use crate::Stage;
use crate::clean::clean;
use crate::code::embeds;
use crate::level::level;
use crate::lines::Candidate;
use crate::prose::is_told;
use crate::verdict::Evidence;

/// So many lines are kept of each signature.
const MAX_EVIDENCE: usize = 5;

/// Of a line, so much is kept.
const MAX_TEXT: usize = 500;

/// What a signature found.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) count: u64,
    pub(crate) first: u64,
    pub(crate) last: u64,
    pub(crate) evidence: Vec<Evidence>,
    /// Of the lines kept, those that a program's source may hold, and those in which a person tells of it.
    pub(crate) embedded: usize,
    pub(crate) told: usize,
    /// Of them, records of a service.
    recorded: usize,
    pub(crate) stage: Option<Stage>,
    /// Whether a match proves it by itself.
    pub(crate) strong: bool,
    /// Whether the compiler's header stood above.
    pub(crate) headed: bool,
    /// Only lines that other languages' tools write, too, prove it.
    pub(crate) shared: bool,
}

impl Tally {
    pub(crate) fn add(
        &mut self,
        candidate: &Candidate<'_>,
        signature: &'static str,
        strong: bool,
        headed: bool,
        stage: Stage,
    ) {
        // What proves comes before what hints.
        if strong && !self.strong {
            self.evidence.clear();
            (self.embedded, self.told, self.recorded) = (0, 0, 0);
            self.count = 0;
        } else if self.strong && !strong {
            return;
        }
        if self.count == 0 {
            self.first = candidate.line;
            self.stage = Some(stage);
        }
        self.count += 1;
        self.last = candidate.line;
        self.strong |= strong;
        self.headed |= headed;
        let again = self.evidence.last().is_some_and(|last| last.line == Some(candidate.line));
        if self.evidence.len() < MAX_EVIDENCE && !again {
            let whole = clean(candidate.whole);
            self.embedded += usize::from(embeds(&whole.text));
            self.told += usize::from(is_told(&whole.text));
            self.recorded += usize::from(level(candidate.whole).is_some());
            self.evidence.push(evidence(candidate, signature));
        }
    }
}

impl Tally {
    /// Whether all lines that were kept stand in a program's source, if the text is one.
    pub(crate) fn is_embedded(&self) -> bool {
        self.embedded == self.evidence.len()
    }

    /// Whether all lines that were kept are records of a service.
    pub(crate) fn is_recorded(&self) -> bool {
        self.recorded == self.evidence.len()
    }

    /// Whether a person tells all of it.
    pub(crate) fn is_told(&self) -> bool {
        self.told as u64 >= self.count
    }
}

pub(crate) fn evidence(candidate: &Candidate<'_>, signature: &'static str) -> Evidence {
    let text = candidate.text;
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let text = String::from_utf8_lossy(text.get(..MAX_TEXT).unwrap_or(text)).into_owned();
    Evidence { line: Some(candidate.line), offset: Some(candidate.offset), text, signature }
}

/// Keeps the last of its kind, in the place of the one before.
pub(crate) fn remember(
    slot: &mut Option<Evidence>,
    candidate: &Candidate<'_>,
    signature: &'static str,
) {
    let text = candidate.text.get(..MAX_TEXT).unwrap_or(candidate.text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let kept = slot.get_or_insert_with(|| evidence(candidate, signature));
    kept.line = Some(candidate.line);
    kept.offset = Some(candidate.offset);
    kept.text.clear();
    // Nearly every line is UTF-8: that is found out faster than what is wrong with one that is not.
    match std::str::from_utf8(text) {
        Ok(text) => kept.text.push_str(text),
        Err(_) => kept.text.push_str(&String::from_utf8_lossy(text)),
    }
}
