//! One automaton for all literals: it says which lines are worth looking at.
//!
//! It is Aho's and Corasick's, as one table. Letters are folded to the few that words are made of
//! and states are numbered in two bytes, so that the table is made in a millisecond and its busy
//! part stays in the processor's cache: that is what the speed of reading a log depends on.

use crate::mark::{MARKS, Mark};
use crate::signature::{Form, signatures};
use crate::tree::{Table, Tree};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a literal may mean.
#[derive(Clone, Copy)]
enum Meaning {
    Signature(usize),
    Mark(Mark),
}

/// No words have more different letters, and every other letter counts as one.
pub(crate) const CLASSES: usize = 64;

/// So many parts of a text are looked through at once.
pub(crate) const LANES: usize = 4;

/// Where in the words the text has led.
pub(crate) type State = u16;

/// Words to look for, and what each may mean.
pub(crate) struct Literals {
    /// Which of the classes a letter is in; both cases of one are in the same.
    classes: [u8; 256],
    /// For each state and class the next state. The first state is the beginning.
    steps: Vec<State>,
    /// In states from here on a word has ended.
    ended: State,
    /// What the words mean that have ended there, longest and shorter.
    meanings: Vec<Meanings>,
    /// What means nothing unless another word stands before it in the line: that of a position.
    behind: Meanings,
}

/// A word ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    /// The place of its last letter.
    pub(crate) at: usize,
    state: State,
}

/// What one line may mean.
#[derive(Clone, Copy, Default)]
pub(crate) struct Meanings {
    signatures: [u64; 4],
    marks: u64,
}

impl Meanings {
    /// Takes in others, too.
    pub(crate) fn add(&mut self, other: &Meanings) {
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

    pub(crate) fn is_empty(&self) -> bool {
        self.marks == 0 && self.signatures == [0; 4]
    }

    /// Of these the marks that stand in what a CI puts before a line.
    pub(crate) fn of_prefix(&self) -> Meanings {
        let marks = [Mark::Step, Mark::Error, Mark::Warning];
        let kept = marks.into_iter().map(|mark| 1 << mark as u64).sum::<u64>();
        Meanings { signatures: [0; 4], marks: self.marks & kept }
    }

    /// These and others.
    pub(crate) fn with(mut self, other: &Meanings) -> Meanings {
        self.add(other);
        self
    }

    fn within(&self, others: &Meanings) -> bool {
        self.marks & !others.marks == 0
            && self.signatures.iter().zip(others.signatures).all(|(set, other)| set & !other == 0)
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
    /// Those of all signatures, and the marks.
    pub(crate) fn all() -> &'static Literals {
        static LITERALS: OnceLock<Literals> = OnceLock::new();
        LITERALS.get_or_init(|| {
            let words = signatures().iter().enumerate().flat_map(|(index, s)| {
                s.literals.iter().map(move |word| (*word, Meaning::Signature(index)))
            });
            let marks = MARKS.iter().map(|(word, mark)| (*word, Meaning::Mark(*mark)));
            let mut literals = Literals::new(words.chain(marks));
            for (index, _) in
                signatures().iter().enumerate().filter(|(_, s)| s.form == Form::Diagnostic)
            {
                literals.behind.put(Meaning::Signature(index));
            }
            literals
        })
    }

    fn new(words: impl Iterator<Item = (&'static str, Meaning)>) -> Literals {
        let mut by_word: BTreeMap<&str, Meanings> = BTreeMap::new();
        for (word, meaning) in words {
            by_word.entry(word).or_default().put(meaning);
        }
        let classes = classes(by_word.keys());
        let class = |letter: u8| classes.get(usize::from(letter)).copied().unwrap_or(0);
        let mut tree = Tree::default();
        for (word, meanings) in by_word {
            tree.put(word.bytes().map(class), meanings);
        }
        let Table { steps, ended, meanings } = tree.table();
        Literals { classes, steps, ended, meanings, behind: Meanings::default() }
    }

    /// Where words end in the text, which is whole lines.
    ///
    /// Each step waits for the one before; so four parts of the text take their steps side by side.
    pub(crate) fn find(&self, text: &[u8], hits: &mut [Vec<Hit>; LANES]) {
        let cuts = cuts(text);
        let lane = |at: usize| text.get(cuts[at]..cuts[at + 1]).unwrap_or_default();
        let (one, two, three, four) = (lane(0), lane(1), lane(2), lane(3));
        let mut states = [0; LANES];
        let mut done = 0;
        for (((one, two), three), four) in one.iter().zip(two).zip(three).zip(four) {
            states = [
                self.step(states[0], *one),
                self.step(states[1], *two),
                self.step(states[2], *three),
                self.step(states[3], *four),
            ];
            if states.iter().any(|state| *state >= self.ended) {
                for ((hits, state), from) in hits.iter_mut().zip(states).zip(cuts) {
                    if state >= self.ended {
                        hits.push(Hit { at: from + done, state });
                    }
                }
            }
            done += 1;
        }
        for (((hits, mut state), from), part) in
            hits.iter_mut().zip(states).zip(cuts).zip([one, two, three, four])
        {
            for (at, byte) in part.iter().enumerate().skip(done) {
                state = self.step(state, *byte);
                if state >= self.ended {
                    hits.push(Hit { at: from + at, state });
                }
            }
        }
    }

    /// Whether a line is worth looking at for this word alone.
    pub(crate) fn opens(&self, hit: Hit) -> bool {
        !self.meanings(hit).within(&self.behind)
    }

    /// What a word means that ended there.
    pub(crate) fn meanings(&self, hit: Hit) -> Meanings {
        let at = hit.state.checked_sub(self.ended).map(usize::from);
        at.and_then(|at| self.meanings.get(at)).copied().unwrap_or_default()
    }

    /// All that a line may mean.
    pub(crate) fn within(&self, line: &[u8]) -> Meanings {
        let mut all = Meanings::default();
        let mut state = 0;
        for byte in line {
            state = self.step(state, *byte);
            if state >= self.ended {
                all.add(&self.meanings(Hit { at: 0, state }));
            }
        }
        all
    }

    fn step(&self, state: State, byte: u8) -> State {
        let class = self.classes.get(usize::from(byte)).copied().unwrap_or(0);
        let at = usize::from(state) * CLASSES + usize::from(class);
        self.steps.get(at).copied().unwrap_or(0)
    }
}

/// Where four parts of about the same length begin, at beginnings of lines; and the end.
fn cuts(text: &[u8]) -> [usize; LANES + 1] {
    let mut cuts = [0; LANES + 1];
    let mut before = 0;
    for (at, cut) in (0..).zip(&mut cuts).skip(1) {
        let from = (text.len() * at / LANES).max(before);
        let line = text.get(from..).and_then(|rest| memchr::memchr(b'\n', rest));
        before = if at == LANES { text.len() } else { line.map_or(text.len(), |n| from + n + 1) };
        *cut = before;
    }
    cuts
}

/// A class for each letter of the words, as lower case; 0 is for all others. All bytes of letters
/// that are not ASCII are in one: a word of another script says where to look, the pattern what is there.
fn classes<'a>(words: impl Iterator<Item = &'a &'a str>) -> [u8; 256] {
    let mut classes = [0_u8; 256];
    let mut count = 0;
    for letter in words.flat_map(|word| word.bytes()) {
        let (lower, upper) = (letter.to_ascii_lowercase(), letter.to_ascii_uppercase());
        if classes.get(usize::from(lower)) == Some(&0) && count + 1 < CLASSES {
            count += 1;
            if !letter.is_ascii() {
                for class in classes.iter_mut().skip(0x80) {
                    *class = u8::try_from(count).unwrap_or(0);
                }
                continue;
            }
            for letter in [lower, upper] {
                if let Some(class) = classes.get_mut(usize::from(letter)) {
                    *class = u8::try_from(count).unwrap_or(0);
                }
            }
        }
    }
    classes
}

/// What a line may mean.
pub(crate) fn of_line(line: &[u8]) -> Meanings {
    Literals::all().within(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// What the automaton finds is what is there.
    #[test]
    fn every_word_is_found_wherever_it_ends() {
        let words = ["go: ", "go", "ogo", "undefined", "fine"];
        let literals = Literals::new(
            words.iter().enumerate().map(|(at, word)| (*word, Meaning::Signature(at))),
        );
        let long = "go\nx\nundefined go: \n".repeat(9);
        for text in ["xGo: y", "logo", "undeFined", "refine go", "", "goundefined: ogo: ", &long] {
            let lower = text.to_lowercase();
            let wanted: Vec<usize> =
                (0..words.len()).filter(|at| lower.contains(words[*at])).collect();
            let found: Vec<usize> = literals.within(text.as_bytes()).signatures().collect();
            assert_eq!(found, wanted, "{text}");
            let mut hits = Default::default();
            literals.find(text.as_bytes(), &mut hits);
            let ends: Vec<usize> = hits.iter().flatten().map(|hit| hit.at + 1).collect();
            let is_end = |to: &usize| words.iter().any(|word| lower[..*to].ends_with(word));
            assert_eq!(ends, (1..=text.len()).filter(is_end).collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn there_is_room_for_every_signature_and_mark() {
        assert!(signatures().len() <= 256);
        assert!(MARKS.iter().all(|(_, mark)| (*mark as u64) < 64));
        let words =
            signatures().iter().flat_map(|s| s.literals).chain(MARKS.iter().map(|(w, _)| w));
        let letters: HashSet<u8> =
            words.flat_map(|word| word.bytes().map(|b| b.min(0x80))).collect();
        assert!(letters.len() < CLASSES, "{} different letters", letters.len());
        let lines = Literals::all();
        assert!(lines.steps.len() / CLASSES < usize::from(u16::MAX));
    }
}
