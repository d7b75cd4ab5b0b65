//! Many expressions at once: one pass over a path tells which of them match.
//!
//! A deterministic automaton that is built as far as the paths need it. Its size is bounded: when it has grown too
//! large it is forgotten and built anew.

use std::collections::HashMap;

use crate::go_path::decode;
use crate::pattern::{Rule, State};

/// At most this many alternatives are joined; more of them would make the states too large.
const MAX_STARTS: usize = 1000;
/// And at most this many states of theirs.
const MAX_FLOW: usize = 20_000;
/// States that are remembered.
const MAX_REMEMBERED: usize = 4096;
/// The sum of their sizes.
const MAX_WEIGHT: usize = 1 << 20;

/// The expressions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Automaton {
    /// The states of all expressions, one after the other.
    flow: Vec<Flow>,
    /// Where each alternative begins.
    starts: Vec<usize>,
}

/// A state of one expression, or its end.
#[derive(Debug, Clone)]
enum Flow {
    Through(State),
    /// The rule with this index matches.
    Accept(u32),
}

/// What an automaton remembers.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    states: Vec<Remembered>,
    numbers: HashMap<Box<[u32]>, u32>,
    /// Where characters beyond ASCII lead.
    beyond: HashMap<(u32, char), u32>,
    weight: usize,
    /// A set of states in the making: one bit each.
    next: Vec<u64>,
}

#[derive(Debug)]
struct Remembered {
    /// The states of the expressions that are active, in ascending order.
    active: Box<[u32]>,
    /// The rules that match a path that ends here.
    accepts: Box<[u32]>,
    /// Where ASCII characters lead; [`UNKNOWN`] if that was not asked yet.
    ascii: Box<[u32; 128]>,
}

const UNKNOWN: u32 = u32::MAX;

impl Automaton {
    /// Joins the expressions that can be joined; tells which rules these are.
    pub(crate) fn new(rules: &[Rule]) -> (Self, Vec<bool>) {
        let mut automaton = Self::default();
        let mut joined = vec![false; rules.len()];
        for (at, (rule, joined)) in (0u32..).zip(rules.iter().zip(&mut joined)) {
            let Some(branches) = rule.branches() else { continue };
            let size: usize = branches.iter().map(|branch| branch.len() + 1).sum();
            let starts = automaton.starts.len() + branches.len();
            if starts > MAX_STARTS || automaton.flow.len() + size > MAX_FLOW {
                continue;
            }
            *joined = true;
            for branch in branches {
                automaton.starts.push(automaton.flow.len());
                automaton.flow.extend(branch.iter().cloned().map(Flow::Through));
                automaton.flow.push(Flow::Accept(at));
            }
        }
        (automaton, joined)
    }

    /// Adds the rules that match the path.
    pub(crate) fn hits(&self, path: &[u8], memory: &mut Memory, hits: &mut Vec<u32>) {
        if self.starts.is_empty() {
            return;
        }
        let mut state = self.start(memory);
        let mut rest = path;
        while let Some((ch, width)) = decode(rest) {
            state = self.follow(state, ch, memory);
            rest = rest.get(width..).unwrap_or_default();
        }
        if let Some(end) = memory.states.get(state as usize) {
            hits.extend_from_slice(&end.accepts);
        }
    }

    /// The state before the first character; it is always number 0.
    fn start(&self, memory: &mut Memory) -> u32 {
        if memory.states.is_empty() {
            memory.next = vec![0; self.flow.len() / 64 + 1];
            self.starts.iter().for_each(|at| set(&mut memory.next, *at));
            return self.remember(memory);
        }
        0
    }

    fn follow(&self, from: u32, ch: char, memory: &mut Memory) -> u32 {
        let Some(state) = memory.states.get(from as usize) else { return 0 };
        let ascii = u8::try_from(ch).ok().filter(u8::is_ascii).map(usize::from);
        let known = match ascii {
            Some(byte) => state.ascii.get(byte).copied().filter(|to| *to != UNKNOWN),
            None => memory.beyond.get(&(from, ch)).copied(),
        };
        if let Some(to) = known {
            return to;
        }
        for at in &state.active {
            let at = *at as usize;
            let Some(Flow::Through(through)) = self.flow.get(at) else { continue };
            let (stays, goes_on) = through.take(ch);
            if stays {
                set(&mut memory.next, at);
            }
            if goes_on {
                set(&mut memory.next, at + 1);
            }
        }
        if memory.states.len() >= MAX_REMEMBERED || memory.weight > MAX_WEIGHT {
            let next = std::mem::take(&mut memory.next);
            *memory = Memory::default();
            self.start(memory);
            memory.next = next;
            return self.remember(memory);
        }
        let to = self.remember(memory);
        match (ascii, memory.states.get_mut(from as usize)) {
            (Some(byte), Some(state)) => {
                if let Some(slot) = state.ascii.get_mut(byte) {
                    *slot = to;
                }
            }
            _ => {
                memory.beyond.insert((from, ch), to);
                memory.weight += 4;
            }
        }
        to
    }

    /// The number of the state that consists of `memory.next` and what follows from it without a character. Leaves
    /// `memory.next` empty.
    fn remember(&self, memory: &mut Memory) -> u32 {
        let (mut active, mut accepts) = (Vec::new(), Vec::new());
        let next = &mut memory.next;
        for word in 0..next.len() {
            // What follows stands behind, so it is come to.
            while let Some(bits) = next.get_mut(word).filter(|bits| **bits != 0) {
                let bit = bits.trailing_zeros();
                *bits &= *bits - 1;
                let at = word * 64 + bit as usize;
                match self.flow.get(at) {
                    Some(Flow::Through(state)) => {
                        state.free().iter().for_each(|distance| set(next, at + distance));
                    }
                    Some(Flow::Accept(rule)) => accepts.push(*rule),
                    None => {}
                }
                active.push(u32::try_from(at).unwrap_or(UNKNOWN));
            }
        }
        if let Some(number) = memory.numbers.get(active.as_slice()) {
            return *number;
        }
        let number = u32::try_from(memory.states.len()).unwrap_or(UNKNOWN);
        memory.weight += 2 * active.len() + 128;
        memory.numbers.insert(active.as_slice().into(), number);
        let ascii = Box::new([UNKNOWN; 128]);
        memory.states.push(Remembered { active: active.into(), accepts: accepts.into(), ascii });
        number
    }
}

fn set(bits: &mut [u64], at: usize) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}
