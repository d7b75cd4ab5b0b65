//! One automaton for all literals: it says which lines are worth looking at.

use crate::mark::{MARKS, Mark};
use crate::signature::{Form, signatures};
use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::nfa::{contiguous, noncontiguous};
use aho_corasick::{Anchored, MatchKind, StartKind};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a literal may mean.
#[derive(Clone, Copy)]
enum Meaning {
    Signature(usize),
    Mark(Mark),
}

/// The same automaton in two forms: one is ready in a third of the time, one reads a long log in
/// half of it.
enum Machine {
    Early(contiguous::NFA),
    Fast(DFA),
}

/// Words to look for, and what each may mean.
pub(crate) struct Literals {
    automaton: Machine,
    start: StateID,
    meanings: Vec<Meanings>,
}

/// What one line may mean.
#[derive(Clone, Copy, Default)]
pub(crate) struct Meanings {
    signatures: [u64; 4],
    marks: u64,
}

impl Meanings {
    fn add(&mut self, other: &Meanings) {
        for (set, more) in self.signatures.iter_mut().zip(other.signatures) {
            *set |= more;
        }
        self.marks |= other.marks;
    }

    fn put(&mut self, meaning: Meaning) {
        match meaning {
            Meaning::Mark(mark) => self.marks |= 1 << mark as u64,
            Meaning::Signature(index) => {
                if let Some(set) = self.signatures.get_mut(index / 64) {
                    *set |= 1 << (index % 64);
                }
            }
        }
    }

    /// Whether it holds this mark's word.
    pub(crate) fn has(&self, mark: Mark) -> bool {
        self.marks & (1 << mark as u64) != 0
    }

    /// These and others.
    pub(crate) fn with(mut self, other: &Meanings) -> Meanings {
        self.add(other);
        self
    }

    /// Signatures to try, in their order.
    pub(crate) fn signatures(&self) -> impl Iterator<Item = usize> {
        self.signatures.into_iter().enumerate().flat_map(|(at, mut set)| {
            std::iter::from_fn(move || {
                let bit = set.trailing_zeros() as usize;
                set &= set.checked_sub(1)?;
                Some(at * 64 + bit)
            })
        })
    }
}

impl Literals {
    /// Of whole lines, and the marks: for the beginning of a log, which is all there is of most.
    pub(crate) fn of_lines() -> Option<&'static Literals> {
        static LITERALS: OnceLock<Option<Literals>> = OnceLock::new();
        LITERALS.get_or_init(|| Literals::new(words_of_lines(), false)).as_ref()
    }

    /// The same, for the rest of a long one.
    pub(crate) fn of_long_logs() -> Option<&'static Literals> {
        static LITERALS: OnceLock<Option<Literals>> = OnceLock::new();
        LITERALS.get_or_init(|| Literals::new(words_of_lines(), true)).as_ref()
    }

    /// Of what comes after a position in a file.
    fn of_diagnostics() -> Option<&'static Literals> {
        static LITERALS: OnceLock<Option<Literals>> = OnceLock::new();
        LITERALS.get_or_init(|| Literals::new(of_form(Form::Diagnostic), false)).as_ref()
    }

    fn new(words: impl Iterator<Item = (&'static str, Meaning)>, fast: bool) -> Option<Literals> {
        let mut by_word: BTreeMap<&str, Meanings> = BTreeMap::new();
        for (word, meaning) in words {
            by_word.entry(word).or_default().put(meaning);
        }
        let nfa = noncontiguous::NFA::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .prefilter(false)
            .build(by_word.keys())
            .ok()?;
        let (automaton, start) = if fast {
            let mut builder = DFA::builder();
            let dfa =
                builder.start_kind(StartKind::Unanchored).build_from_noncontiguous(&nfa).ok()?;
            let start = dfa.start_state(Anchored::No).ok()?;
            (Machine::Fast(dfa), start)
        } else {
            let nfa = contiguous::NFA::builder().build_from_noncontiguous(&nfa).ok()?;
            let start = nfa.start_state(Anchored::No).ok()?;
            (Machine::Early(nfa), start)
        };
        Some(Literals { automaton, start, meanings: by_word.into_values().collect() })
    }

    /// Where the next word ends, and the automaton's state there.
    pub(crate) fn next(&self, text: &[u8]) -> Option<(usize, StateID)> {
        match &self.automaton {
            Machine::Early(machine) => next(machine, self.start, text),
            Machine::Fast(machine) => next(machine, self.start, text),
        }
    }

    /// All that a line may mean.
    pub(crate) fn within(&self, line: &[u8]) -> Meanings {
        self.rest(self.start, line)
    }

    /// All that a line may mean whose beginning led to this state, in which a word may have ended.
    pub(crate) fn rest(&self, state: StateID, line: &[u8]) -> Meanings {
        match &self.automaton {
            Machine::Early(machine) => rest(machine, &self.meanings, state, line),
            Machine::Fast(machine) => rest(machine, &self.meanings, state, line),
        }
    }
}

fn next(machine: &impl Automaton, mut state: StateID, text: &[u8]) -> Option<(usize, StateID)> {
    for (at, byte) in text.iter().enumerate() {
        state = machine.next_state(Anchored::No, state, *byte);
        if machine.is_special(state) && machine.is_match(state) {
            return Some((at, state));
        }
    }
    None
}

fn rest(
    machine: &impl Automaton,
    meanings: &[Meanings],
    mut state: StateID,
    line: &[u8],
) -> Meanings {
    let mut all = Meanings::default();
    collect(machine, meanings, state, &mut all);
    for byte in line {
        state = machine.next_state(Anchored::No, state, *byte);
        if machine.is_special(state) {
            collect(machine, meanings, state, &mut all);
        }
    }
    all
}

fn collect(machine: &impl Automaton, meanings: &[Meanings], state: StateID, all: &mut Meanings) {
    if machine.is_match(state) {
        for at in 0..machine.match_len(state) {
            if let Some(more) = meanings.get(machine.match_pattern(state, at).as_usize()) {
                all.add(more);
            }
        }
    }
}

fn words_of_lines() -> impl Iterator<Item = (&'static str, Meaning)> {
    let marks = MARKS.iter().map(|(word, mark)| (*word, Meaning::Mark(*mark)));
    of_form(Form::Line).chain(marks)
}

/// What a line may mean.
pub(crate) fn of_line(line: &[u8]) -> Meanings {
    Literals::of_lines().map_or_else(Meanings::default, |literals| literals.within(line))
}

/// What a message may mean.
pub(crate) fn of_message(message: &[u8]) -> Meanings {
    Literals::of_diagnostics().map_or_else(Meanings::default, |literals| literals.within(message))
}

fn of_form(form: Form) -> impl Iterator<Item = (&'static str, Meaning)> {
    let of_form = signatures().iter().enumerate().filter(move |(_, s)| s.form == form);
    of_form.flat_map(|(index, s)| {
        s.literals.iter().map(move |word| (*word, Meaning::Signature(index)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_every_signature_and_mark() {
        assert!(signatures().len() <= 256);
        assert!(MARKS.iter().all(|(_, mark)| (*mark as u64) < 64));
        assert!(Literals::of_lines().is_some());
        assert!(Literals::of_diagnostics().is_some());
    }
}
