//! One automaton for all literals: it says which lines are worth looking at.

use crate::mark::{MARKS, Mark};
use crate::signature::{Form, signatures};
use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, MatchKind, StartKind};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a literal may mean.
#[derive(Clone, Copy)]
enum Meaning {
    Signature(usize),
    Mark(Mark),
}

/// Words to look for, and what each may mean.
pub(crate) struct Literals {
    automaton: DFA,
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
    /// Of whole lines, and the marks.
    pub(crate) fn of_lines() -> Option<&'static Literals> {
        static LITERALS: OnceLock<Option<Literals>> = OnceLock::new();
        let literals = LITERALS.get_or_init(|| {
            let marks = MARKS.iter().map(|(word, mark)| (*word, Meaning::Mark(*mark)));
            Literals::new(of_form(Form::Line).chain(marks))
        });
        literals.as_ref()
    }

    /// Of what comes after a position in a file.
    fn of_diagnostics() -> Option<&'static Literals> {
        static LITERALS: OnceLock<Option<Literals>> = OnceLock::new();
        LITERALS.get_or_init(|| Literals::new(of_form(Form::Diagnostic))).as_ref()
    }

    fn new(words: impl Iterator<Item = (&'static str, Meaning)>) -> Option<Literals> {
        let mut by_word: BTreeMap<&str, Meanings> = BTreeMap::new();
        for (word, meaning) in words {
            by_word.entry(word).or_default().put(meaning);
        }
        let automaton = DFA::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .start_kind(StartKind::Unanchored)
            .prefilter(false)
            .build(by_word.keys())
            .ok()?;
        let start = automaton.start_state(Anchored::No).ok()?;
        Some(Literals { automaton, start, meanings: by_word.into_values().collect() })
    }

    /// Where the next word ends.
    pub(crate) fn next(&self, text: &[u8]) -> Option<usize> {
        let mut state = self.start;
        for (at, byte) in text.iter().enumerate() {
            state = self.automaton.next_state(Anchored::No, state, *byte);
            if self.automaton.is_special(state) && self.automaton.is_match(state) {
                return Some(at);
            }
        }
        None
    }

    /// All that a line may mean.
    pub(crate) fn within(&self, line: &[u8]) -> Meanings {
        let mut all = Meanings::default();
        let mut state = self.start;
        for byte in line {
            state = self.automaton.next_state(Anchored::No, state, *byte);
            if self.automaton.is_special(state) && self.automaton.is_match(state) {
                for at in 0..self.automaton.match_len(state) {
                    let pattern = self.automaton.match_pattern(state, at);
                    if let Some(more) = self.meanings.get(pattern.as_usize()) {
                        all.add(more);
                    }
                }
            }
        }
        all
    }
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
