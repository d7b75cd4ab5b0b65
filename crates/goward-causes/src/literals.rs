//! One automaton for all literals: it says which lines are worth looking at.

use crate::mark::{MARKS, Mark};
use crate::signature::{Form, signatures};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
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
    automaton: Option<AhoCorasick>,
    meanings: Vec<Vec<Meaning>>,
}

/// What one line may mean.
#[derive(Default)]
pub(crate) struct Meanings {
    signatures: [u64; 4],
    marks: u64,
}

impl Meanings {
    /// Whether it holds this mark's word.
    pub(crate) fn has(&self, mark: Mark) -> bool {
        self.marks & (1 << mark as u64) != 0
    }

    /// Signatures to try, in their order.
    pub(crate) fn signatures(&self) -> impl Iterator<Item = usize> {
        let sets = self.signatures;
        (0..256).filter(move |index| sets.get(index / 64).is_some_and(|set| set >> (index % 64) & 1 == 1))
    }
}

impl Literals {
    /// Of whole lines, and the marks.
    pub(crate) fn of_lines() -> &'static Literals {
        static LITERALS: OnceLock<Literals> = OnceLock::new();
        LITERALS.get_or_init(|| {
            let marks = MARKS.iter().map(|(word, mark)| (*word, Meaning::Mark(*mark)));
            Literals::new(of_form(Form::Line).chain(marks))
        })
    }

    /// Of what comes after a position in a file.
    pub(crate) fn of_diagnostics() -> &'static Literals {
        static LITERALS: OnceLock<Literals> = OnceLock::new();
        LITERALS.get_or_init(|| Literals::new(of_form(Form::Diagnostic)))
    }

    fn new(words: impl Iterator<Item = (&'static str, Meaning)>) -> Literals {
        let mut by_word: BTreeMap<&str, Vec<Meaning>> = BTreeMap::new();
        for (word, meaning) in words {
            by_word.entry(word).or_default().push(meaning);
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(by_word.keys());
        Literals { automaton: automaton.ok(), meanings: by_word.into_values().collect() }
    }

    /// Where the next word ends.
    pub(crate) fn next(&self, text: &[u8]) -> Option<usize> {
        let found = self.automaton.as_ref()?.find(text)?;
        Some(found.start())
    }

    /// All that a line may mean.
    pub(crate) fn within(&self, line: &[u8]) -> Meanings {
        let mut all = Meanings::default();
        let Some(automaton) = &self.automaton else { return all };
        for found in automaton.find_overlapping_iter(line) {
            for meaning in self.meanings.get(found.pattern().as_usize()).into_iter().flatten() {
                match meaning {
                    Meaning::Mark(mark) => all.marks |= 1 << *mark as u64,
                    Meaning::Signature(index) => {
                        if let Some(set) = all.signatures.get_mut(index / 64) {
                            *set |= 1 << (index % 64);
                        }
                    }
                }
            }
        }
        all
    }
}

fn of_form(form: Form) -> impl Iterator<Item = (&'static str, Meaning)> {
    let of_form = signatures().iter().enumerate().filter(move |(_, s)| s.form == form);
    of_form.flat_map(|(index, s)| s.literals.iter().map(move |word| (*word, Meaning::Signature(index))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_every_signature_and_mark() {
        assert!(signatures().len() <= 256);
        assert!(MARKS.iter().all(|(_, mark)| (*mark as u64) < 64));
        assert!(Literals::of_lines().automaton.is_some());
        assert!(Literals::of_diagnostics().automaton.is_some());
    }
}
