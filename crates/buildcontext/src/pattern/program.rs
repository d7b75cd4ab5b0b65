//! Running an expression: all its states advance together, so no pattern can make it backtrack.
//!
//! The time is bounded by the length of the path times that of the pattern; a path that lacks the pattern's literal
//! beginning, literal end or least length is turned away before.

use super::set::{Set, is_word};
use super::syntax::{Atom, Refused, Term};
use crate::go_path::decode;

/// All repetitions written out, a pattern may not have more states than this. Our own bound; Go's is 3,355,443.
const MAX_STATES: usize = 1 << 18;

/// One state.
#[derive(Debug, Clone)]
pub(crate) enum State {
    /// Takes one character.
    One(Set),
    /// Takes one character or none.
    Maybe(Set),
    /// Takes any number of characters.
    Star(Set),
    /// Behind here stands [`State::Inside`], which may be left out.
    Folders,
    /// Takes anything up to and including a slash, as often as possible.
    Inside,
    /// Takes nothing, but asks something.
    Ask(Question),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    Begin,
    End,
    Boundary(bool),
}

/// One alternative, from the beginning of the path to its end.
#[derive(Debug, Clone)]
struct Branch {
    states: Vec<State>,
    /// At least this many characters.
    least: usize,
}

/// A compiled expression.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    branches: Vec<Branch>,
    /// What every match begins with.
    pub(crate) prefix: Vec<u8>,
    /// What every match ends with.
    pub(crate) suffix: Vec<u8>,
}

impl Program {
    pub(crate) fn compile(alternatives: Vec<Vec<Term>>) -> Result<Self, Refused> {
        let ends = match alternatives.as_slice() {
            [terms] => (literal(terms.iter()), literal(terms.iter().rev())),
            _ => <(String, String)>::default(),
        };
        let branches: Result<Vec<Branch>, Refused> = alternatives.iter().map(branch).collect();
        let suffix = ends.1.chars().rev().collect::<String>();
        Ok(Self { branches: branches?, prefix: ends.0.into_bytes(), suffix: suffix.into_bytes() })
    }

    /// How many states there are.
    pub(crate) fn size(&self) -> usize {
        self.branches.iter().map(|branch| branch.states.len()).sum()
    }

    /// The states of each alternative, if they ask nothing but where the path begins and ends.
    pub(crate) fn branches(&self) -> Option<Vec<&[State]>> {
        let plain = |branch: &'_ Branch| -> Option<(usize, usize)> {
            let asks = |state: &State, what| matches!(state, State::Ask(asked) if *asked == what);
            let first =
                branch.states.iter().take_while(|state| asks(state, Question::Begin)).count();
            let last =
                branch.states.iter().rev().take_while(|state| asks(state, Question::End)).count();
            let end = branch.states.len().checked_sub(last).filter(|end| *end >= first)?;
            let inner = branch.states.get(first..end)?;
            (!inner.iter().any(|state| matches!(state, State::Ask(_)))).then_some((first, end))
        };
        let inner = |branch: &'_ Branch| plain(branch).map(|(first, end)| first..end);
        self.branches.iter().map(|branch| branch.states.get(inner(branch)?)).collect()
    }

    pub(crate) fn is_match(&self, path: &[u8]) -> bool {
        path.starts_with(&self.prefix)
            && path.ends_with(&self.suffix)
            && self.branches.iter().any(|branch| branch.is_match(path))
    }
}

/// The characters that stand right at the anchored end of the terms from which the iterator starts.
fn literal<'t>(terms: impl Iterator<Item = &'t Term>) -> String {
    let mut terms = terms.peekable();
    let mut anchored = false;
    while terms
        .next_if(|term| matches!(term.atom, Atom::Begin | Atom::End) && term.least > 0)
        .is_some()
    {
        anchored = true;
    }
    let single = |term: &Term| match term {
        Term { atom: Atom::One(Set::Char(ch)), least: 1, most: Some(1) } => Some(*ch),
        _ => None,
    };
    // U+FFFD stands for any byte that is no text as well.
    if anchored {
        terms.map_while(single).take_while(|ch| *ch != '\u{fffd}').collect()
    } else {
        String::new()
    }
}

fn branch(terms: &Vec<Term>) -> Result<Branch, Refused> {
    let mut states = Vec::new();
    let mut least = 0usize;
    if !matches!(terms.first(), Some(Term { atom: Atom::Begin, least: 1, .. })) {
        states.push(State::Star(Set::Any));
    }
    for term in terms {
        match &term.atom {
            Atom::One(set) => {
                least = least.saturating_add(term.least as usize);
                write_out(set, term, &mut states);
            }
            Atom::Folders => {
                // Twice in a row is the same as once.
                if !matches!(states.last(), Some(State::Inside)) {
                    states.extend([State::Folders, State::Inside]);
                }
            }
            _ if term.least == 0 => {}
            Atom::Begin => states.push(State::Ask(Question::Begin)),
            Atom::End => states.push(State::Ask(Question::End)),
            Atom::Boundary(is) => states.push(State::Ask(Question::Boundary(*is))),
        }
        if states.len() > MAX_STATES {
            return Err(Refused);
        }
    }
    if !matches!(terms.last(), Some(Term { atom: Atom::End, least: 1, .. })) {
        states.push(State::Star(Set::Any));
    }
    Ok(Branch { states, least })
}

fn write_out(set: &Set, term: &Term, states: &mut Vec<State>) {
    states.extend((0..term.least).map(|_| State::One(set.clone())));
    match term.most {
        Some(most) => {
            states.extend((term.least..most).map(|_| State::Maybe(set.clone())));
        }
        None if matches!(
            (states.last(), set),
            (Some(State::Star(Set::NotSlash)), Set::NotSlash)
        ) => {}
        None => states.push(State::Star(set.clone())),
    }
}

impl Branch {
    fn is_match(&self, path: &[u8]) -> bool {
        if path.len() < self.least {
            return false;
        }
        let words = self.states.len() / 64 + 1;
        if words == 1 {
            return self.run(path, &mut [0], &mut [0]);
        }
        self.run(path, &mut vec![0; words], &mut vec![0; words])
    }

    /// Bit `i` of `now`: what comes next is state `i`; behind the last state stands success.
    fn run(&self, path: &[u8], now: &mut [u64], then: &mut [u64]) -> bool {
        set(now, 0);
        let (mut rest, mut before) = (path, None);
        loop {
            let next = decode(rest);
            let alive = self.step(now, then, before, next.map(|(ch, _)| ch));
            let Some((ch, width)) = next else {
                return has(now, self.states.len());
            };
            if !alive {
                return false;
            }
            now.copy_from_slice(then);
            then.fill(0);
            before = Some(ch);
            rest = rest.get(width..).unwrap_or_default();
        }
    }

    /// Follows what needs no character within `now`, and with character `next` into `then`. Whether anything is left.
    /// No way leads back, so one pass in ascending order is enough.
    fn step(
        &self,
        now: &mut [u64],
        then: &mut [u64],
        before: Option<char>,
        next: Option<char>,
    ) -> bool {
        let mut alive = false;
        for word in 0..now.len() {
            let mut done = 0u64;
            loop {
                let open = now.get(word).copied().unwrap_or(0) & !done;
                if open == 0 {
                    break;
                }
                let bit = open.trailing_zeros();
                done |= 1 << bit;
                let at = word * 64 + bit as usize;
                let Some(state) = self.states.get(at) else { continue };
                let asked = matches!(state, State::Ask(question) if question.holds(before, next));
                for distance in if asked { &[1][..] } else { state.free() } {
                    set(now, at + distance);
                }
                let (stays, goes_on) = next.map_or((false, false), |ch| state.take(ch));
                if stays {
                    set(then, at);
                }
                if goes_on {
                    set(then, at + 1);
                }
                alive |= stays || goes_on;
            }
        }
        alive
    }
}

impl State {
    /// Whether both certainly do the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::One(one), Self::One(two))
            | (Self::Maybe(one), Self::Maybe(two))
            | (Self::Star(one), Self::Star(two)) => one.is_same(two),
            (Self::Folders, Self::Folders) | (Self::Inside, Self::Inside) => true,
            _ => false,
        }
    }

    /// How far it leads without a character, if nothing is to be asked.
    pub(crate) fn free(&self) -> &'static [usize] {
        match self {
            Self::One(_) | Self::Inside | Self::Ask(_) => &[],
            Self::Maybe(_) | Self::Star(_) => &[1],
            Self::Folders => &[1, 2],
        }
    }

    /// Whether `ch` leaves it active, and whether `ch` leads to the next state.
    pub(crate) fn take(&self, ch: char) -> (bool, bool) {
        match self {
            Self::One(set) | Self::Maybe(set) => (false, set.contains(ch)),
            Self::Star(set) => (set.contains(ch), false),
            Self::Inside => (ch != '\n', ch == '/'),
            Self::Folders | Self::Ask(_) => (false, false),
        }
    }
}

impl Question {
    fn holds(self, before: Option<char>, next: Option<char>) -> bool {
        let word = |ch: Option<char>| ch.and_then(|ch| u8::try_from(ch).ok()).is_some_and(is_word);
        match self {
            Self::Begin => before.is_none(),
            Self::End => next.is_none(),
            Self::Boundary(is) => (word(before) != word(next)) == is,
        }
    }
}

fn set(bits: &mut [u64], at: usize) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

fn has(bits: &[u64], at: usize) -> bool {
    bits.get(at / 64).is_some_and(|word| word & (1 << (at % 64)) != 0)
}
