//! Why a Go build failed, from the log of any CI.
//!
//! A log is read as a stream. Literals of all [signatures] are looked for in one pass; the lines
//! that hold one are freed from what the CI put around them and held against the patterns. What
//! matched is weighed: what a finished test printed counts for nothing, the most basic cause comes
//! first, and what only follows from it is told apart.
//!
//! ```
//! let log = "# example.com/hello\n./main.go:5:2: undefined: greet\n";
//! let verdict = goward_causes::classify(log.as_bytes());
//! assert_eq!(verdict.id(), "source.undefined");
//! ```

mod cause;
mod clean;
mod code;
mod ending;
mod forget;
mod hands;
mod heard;
mod hold;
mod level;
mod line;
mod lines;
mod literals;
mod manner;
mod mark;
mod others;
mod page;
mod pieces;
mod prose;
mod quote;
mod recode;
mod relate;
mod rules;
mod sample;
mod says;
mod signature;
mod state;
mod tally;
mod told;
mod tree;
mod unwrap;
mod verdict;
mod weigh;

pub use cause::{Cause, Owner, Retry, Stage, Text, Tier, cause_of, causes};
pub use page::page;
pub use signature::{Form, Signature, Strength, signatures};
pub use verdict::{Evidence, Found, Outcome, Verdict};

use std::io::{self, Read};

/// What is known besides the text. It beats the text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// The command's exit status.
    pub exit_status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Where it was when it ended.
    pub stage: Option<Stage>,
    /// The kernel or the cgroup reports an out-of-memory kill during the build.
    pub out_of_memory: bool,
    /// The memory in use came near its limit.
    pub memory_near_limit: bool,
    /// A tool's write failed with ENOSPC or EDQUOT.
    pub no_space: bool,
    /// The build's own deadline ended it.
    pub deadline_passed: bool,
    /// The build's own memory limit ended it.
    pub memory_limit_passed: bool,
    /// Whoever runs the build was asked to end, by this signal.
    pub cancelled: Option<i32>,
}

/// Classifies a text.
pub fn classify(log: &[u8]) -> Verdict {
    classify_with(log, &Facts::default())
}

/// Classifies a text, given what else is known.
pub fn classify_with(log: &[u8], facts: &Facts) -> Verdict {
    let mut input = log;
    // A slice does not fail to be read.
    read(&mut input, facts).unwrap_or_else(|_| weigh::weigh(&state::State::default(), facts))
}

/// Reads a log to its end and classifies it; memory does not grow with it.
pub fn read(input: &mut dyn Read, facts: &Facts) -> io::Result<Verdict> {
    Ok(see(input)?.verdict(facts))
}

/// What is remembered of a log that was read.
#[derive(Default)]
pub struct Seen(state::State);

impl Seen {
    /// What it says, given what else became known meanwhile.
    pub fn verdict(&self, facts: &Facts) -> Verdict {
        weigh::weigh(&self.0, facts)
    }
}

/// Reads a log to its end, while it is written, before the facts are known.
pub fn see(input: &mut dyn Read) -> io::Result<Seen> {
    let mut state = state::State::default();
    let literals = literals::Literals::all();
    let mut input = recode::Recoded::new(input);
    let mut sampled = sample::Sampled::new(&mut input);
    let done = lines::read(&mut sampled, literals, &mut |line| state.see(line))?;
    let console = sampled.whole().and_then(unwrap::console);
    if let Some(second) = console.and_then(|put| see_unwrapped(sampled.whole()?, put, literals))
        && second.proves()
    {
        state = second;
    } else if !state.proves()
        && !state.linted
        && let Some(text) = sampled.whole()
        && let Some(second) =
            unwrap::unwrapped(text).and_then(|put| see_unwrapped(text, put, literals))
        && (second.proves() || second.failed.is_some() && state.failed.is_none())
    {
        state = second;
    }
    state.manner = manner::Manner::of(sampled.head(), sampled.tail());
    state.end(done, input.recoded());
    Ok(Seen(state))
}

/// A second look at a short text, with its lines put together.
fn see_unwrapped(
    text: &[u8],
    (unwrapped, places): (Vec<u8>, Vec<unwrap::Place>),
    literals: &literals::Literals,
) -> Option<state::State> {
    let mut state = state::State::default();
    let mut input = unwrapped.as_slice();
    let read = lines::read(&mut input, literals, &mut |line| {
        let at = usize::try_from(line.line).ok().and_then(|line| places.get(line.checked_sub(1)?));
        let first = at.and_then(|place| {
            let from = usize::try_from(place.offset).ok()?;
            Some((place, text.get(from..from + place.length)?))
        });
        if let Some((place, first)) = first {
            let told =
                lines::Candidate { text: first, line: place.line, offset: place.offset, ..*line };
            state.see_as(&told, line.text);
        }
    });
    read.is_ok().then_some(state)
}

/// A line as a tool printed it: without the times, names of steps and colours that a CI adds.
pub fn without_wrapping(line: &str) -> String {
    String::from_utf8_lossy(&clean::clean(line.as_bytes()).text).into_owned()
}

/// The names of all signatures that a log exercises, for tests of the table.
pub fn exercised(log: &[u8]) -> Vec<&'static str> {
    let mut state = state::State::default();
    let mut input = log;
    let literals = literals::Literals::all();
    let read = lines::read(&mut input, literals, &mut |line| state.see(line));
    read.map_or_else(|_| vec![], |_| state.exercised())
}
