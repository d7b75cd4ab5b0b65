//! Many expressions at once: one pass over a path tells which of them match.
//!
//! A deterministic automaton that is built as far as the paths need it. Its size is bounded: when it has grown too
//! large it is forgotten and built anew.

use std::collections::HashMap;

use crate::go_path::decode;
use crate::pattern::{Rule, State};

/// At most this many states of expressions are joined in one automaton.
const MAX_NODES: usize = 20_000;
/// Among more branches than this no equal one is looked for.
const MAX_SEARCHED: usize = 512;
/// States that are remembered by all automata together, and at least by each.
const REMEMBERED: (usize, usize) = (8192, 64);
/// The sum of their sizes, likewise.
const WEIGHT: (usize, usize) = (1 << 21, 1 << 15);

/// All expressions, in as many automata as are needed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Automata(Vec<Automaton>);

/// What automata remember; one for each of them.
#[derive(Debug, Default)]
pub(crate) struct Memory(Vec<OneMemory>);

impl Automata {
    /// Joins the expressions that can be joined; tells which rules these are.
    pub(crate) fn new(rules: &[Rule]) -> (Self, Vec<bool>) {
        let mut automata: Vec<Automaton> = Vec::new();
        let mut joined = vec![false; rules.len()];
        for (at, (rule, joined)) in (0u32..).zip(rules.iter().zip(&mut joined)) {
            let Some(branches) = rule.branches() else { continue };
            *joined = automata.last_mut().is_some_and(|last| last.join(at, &branches));
            if !*joined {
                let mut next = Automaton::default();
                *joined = next.join(at, &branches);
                automata.extend(joined.then_some(next));
            }
        }
        (Self(automata), joined)
    }

    /// Adds the rules that match the path; one may come twice.
    pub(crate) fn hits(&self, path: &[u8], memory: &mut Memory, hits: &mut Vec<u32>) {
        let count = self.0.len();
        memory.0.resize_with(count, OneMemory::default);
        let share = |(total, least): (usize, usize)| least.max(total / count.max(1));
        let limits = (share(REMEMBERED), share(WEIGHT));
        for (automaton, memory) in self.0.iter().zip(&mut memory.0) {
            automaton.hits(path, limits, memory, hits);
        }
    }
}

/// Expressions that are joined: a tree, since many begin alike. What follows a node has a higher number.
#[derive(Debug, Clone, Default)]
struct Automaton {
    nodes: Vec<Node>,
    /// Where expressions begin.
    roots: Vec<usize>,
}

#[derive(Debug, Clone)]
struct Node {
    step: Step,
    next: Vec<usize>,
}

/// A state of an expression, or its end.
#[derive(Debug, Clone)]
enum Step {
    Through(State),
    /// The rule with this index matches.
    Accept(u32),
}

/// What an automaton remembers.
#[derive(Debug, Default)]
struct OneMemory {
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
    /// Takes in the alternatives of a rule, if there is room for them.
    fn join(&mut self, rule: u32, branches: &[&[State]]) -> bool {
        let size: usize = branches.iter().map(|branch| branch.len() + 1).sum();
        if self.nodes.len() + size > MAX_NODES {
            return false;
        }
        for branch in branches {
            let mut last = None;
            for state in *branch {
                let known = self.following(last).iter().take(MAX_SEARCHED).copied().find(|at| {
                    let node = self.nodes.get(*at);
                    node.is_some_and(
                        |node| matches!(&node.step, Step::Through(one) if one.is_same(state)),
                    )
                });
                last = Some(known.unwrap_or_else(|| self.grow(last, Step::Through(state.clone()))));
            }
            self.grow(last, Step::Accept(rule));
        }
        true
    }

    /// What follows a node, or what expressions begin with.
    fn following(&self, at: Option<usize>) -> &[usize] {
        match at {
            Some(at) => self.nodes.get(at).map_or(&[], |node| &node.next),
            None => &self.roots,
        }
    }

    fn grow(&mut self, last: Option<usize>, step: Step) -> usize {
        let at = self.nodes.len();
        self.nodes.push(Node { step, next: Vec::new() });
        match last.and_then(|last| self.nodes.get_mut(last)) {
            Some(node) => node.next.push(at),
            None => self.roots.push(at),
        }
        at
    }

    /// Adds the rules that match the path.
    fn hits(
        &self,
        path: &[u8],
        limits: (usize, usize),
        memory: &mut OneMemory,
        hits: &mut Vec<u32>,
    ) {
        let mut state = self.start(memory);
        let mut rest = path;
        while let Some((ch, width)) = decode(rest) {
            state = self.follow(state, ch, limits, memory);
            rest = rest.get(width..).unwrap_or_default();
        }
        if let Some(end) = memory.states.get(state as usize) {
            hits.extend_from_slice(&end.accepts);
        }
    }

    /// The state before the first character; it is always number 0.
    fn start(&self, memory: &mut OneMemory) -> u32 {
        if memory.states.is_empty() {
            memory.next = vec![0; self.nodes.len() / 64 + 1];
            self.roots.iter().for_each(|at| set(&mut memory.next, *at));
            return self.remember(memory);
        }
        0
    }

    fn follow(&self, from: u32, ch: char, limits: (usize, usize), memory: &mut OneMemory) -> u32 {
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
            let Some(Node { step: Step::Through(through), next }) = self.nodes.get(at) else {
                continue;
            };
            let (stays, goes_on) = through.take(ch);
            if stays {
                set(&mut memory.next, at);
            }
            if goes_on {
                next.iter().for_each(|at| set(&mut memory.next, *at));
            }
        }
        if memory.states.len() >= limits.0 || memory.weight > limits.1 {
            // Everything is forgotten but for where we are.
            let next = std::mem::take(&mut memory.next);
            *memory = OneMemory::default();
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
    fn remember(&self, memory: &mut OneMemory) -> u32 {
        let (mut active, mut accepts) = (Vec::new(), Vec::new());
        let next = &mut memory.next;
        for word in 0..next.len() {
            // What follows stands behind, so it is come to.
            while let Some(bits) = next.get_mut(word).filter(|bits| **bits != 0) {
                let bit = bits.trailing_zeros();
                *bits &= *bits - 1;
                let at = word * 64 + bit as usize;
                let Some(node) = self.nodes.get(at) else { continue };
                match &node.step {
                    Step::Through(state) if !state.free().is_empty() => {
                        node.next.iter().for_each(|at| set(next, *at));
                        if state.free().len() > 1 {
                            for inside in &node.next {
                                self.following(Some(*inside)).iter().for_each(|at| set(next, *at));
                            }
                        }
                    }
                    Step::Through(_) => {}
                    Step::Accept(rule) => accepts.push(*rule),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// However little is remembered, the answer is that of the expressions alone.
    #[test]
    fn joined_expressions_match_as_each_alone() {
        let texts = [
            "*a",
            "**/a*",
            "**/*a*b",
            "a*/**/b",
            "[ab]*",
            "**/[^a]b*",
            "é*",
            "a|b*",
            "**/é?",
            "a{2,3}*",
            "*/*/a",
            "**/a*/**",
            "*b",
            "x*",
            "**/**/b*",
            "a\\*b",
            "*.{a,b}",
            "**/a.[ab]",
        ];
        let rules: Vec<Rule> = texts.iter().map(|text| Rule::new(text, false)).collect();
        let (automata, joined) = Automata::new(&rules);
        assert!(joined.iter().all(|joined| *joined));
        let automaton = &automata.0[0];
        let names = ["a", "b", "ab", "aab", "é", "éa", "x\n", "a*b", "a.b", "c.a", "\u{fffd}"];
        let paths: Vec<String> = names
            .iter()
            .flat_map(|one| names.iter().map(move |two| format!("{one}/{two}")))
            .flat_map(|two| names.iter().map(move |three| format!("{two}/{three}")))
            .chain(names.iter().map(ToString::to_string))
            .collect();
        for limits in [(1, 1), (3, 1 << 20), (1000, 500), (1 << 20, 1 << 20)] {
            let mut memory = OneMemory::default();
            for path in &paths {
                let mut hits = Vec::new();
                automaton.hits(path.as_bytes(), limits, &mut memory, &mut hits);
                hits.sort_unstable();
                // Two alternatives of one rule may match.
                hits.dedup();
                let alone = (0u32..).zip(&rules).filter(|(_, rule)| rule.matches(path.as_bytes()));
                let alone: Vec<u32> = alone.map(|(at, _)| at).collect();
                assert_eq!(hits, alone, "{path:?} with {limits:?}");
            }
        }
    }

    #[test]
    fn many_expressions_take_several_automata() {
        let rules: Vec<Rule> =
            (0..9000).map(|number| Rule::new(&format!("{number}*/**/x?"), false)).collect();
        let (automata, joined) = Automata::new(&rules);
        assert!(automata.0.len() > 1 && joined.iter().all(|joined| *joined));
        let (mut memory, mut hits) = (Memory::default(), Vec::new());
        automata.hits(b"8123/a/b/xy", &mut memory, &mut hits);
        hits.sort_unstable();
        assert_eq!(hits, [8, 81, 812, 8123]);
    }
}
