//! What is told of and did not happen here: by a person, a document, a program.

use crate::state::State;
use crate::tally::Tally;
use crate::weigh::{END, Weight};

/// So many headings make a document.
const HEADINGS: u64 = 3;

/// Whether a person tells what is in it, or a document, or a step whose failure did not matter.
pub(crate) fn is_only_told<'a>(state: &State, weights: impl Iterator<Item = &'a Weight>) -> bool {
    let failed_at = state.failed.as_ref().and_then(|evidence| evidence.line).unwrap_or(0);
    let headed = state.headings >= HEADINGS;
    let document = headed && (state.failed.is_none() || failed_at + END <= state.done.lines);
    let lines = weights.flat_map(|weight| &weight.evidence).filter_map(|e| e.line);
    let quotes: Vec<u64> = lines.collect();
    let said = state.failed.is_some() || state.build_failed > 0;
    // Who answers quotes what was said.
    let answers = state.manner.letter || state.manner.answers && !said;
    let mut all = state.tallies.values().chain(&state.unnamed).flat_map(|tally| &tally.evidence);
    if answers && !quotes.is_empty() && all.all(|e| e.text.starts_with('>')) {
        return true;
    }
    // A service that builds for others tells how that ended, and goes on.
    let mut tallies = state.tallies.values().chain(&state.unnamed);
    let recorded = !quotes.is_empty() && tallies.all(Tally::is_recorded);
    if recorded && state.go_command == 0 && state.manner.records > 1 {
        return true;
    }
    let mut tallies = state.tallies.values().chain(&state.unnamed);
    let fails = state.packages_failed + state.build_failed > 0;
    if state.manner.is_file() || state.manner.is_archive() && !fails {
        return true;
    }
    if state.manner.is_code() && !state.plain && tallies.all(Tally::is_embedded) {
        return true;
    }
    // A step that failed was tried again, or was allowed to.
    state.manner.is_told(&quotes, said, headed || !said && state.headings > 1)
        || document
        || state.ended && !state.job_failed
        || is_shown(state)
}

/// Whether everything that says of an error stands in the blocks of a page that goes on behind them: it shows them.
fn is_shown(state: &State) -> bool {
    let mut lines = vec![];
    for tally in state.tallies.values().chain(&state.unnamed) {
        if tally.count > tally.evidence.len() as u64 {
            return false;
        }
        lines.extend(tally.evidence.iter().filter_map(|evidence| evidence.line));
    }
    let signs = [&state.failed, &state.error, &state.unknown, &state.build_failed_at];
    lines.extend(signs.into_iter().flatten().filter_map(|evidence| evidence.line));
    state.manner.shows(&lines)
}
