//! Finds the patterns that match a path without asking each of them.
//!
//! Every pattern is filed under something that a path must have for it to match: the whole path, the last name, the
//! extension, the first name, the first byte. What remains is asked every time.

use std::collections::HashMap;

use crate::automaton::{Automata, Memory};
use crate::pattern::{Kind, Rule};

type Drawer = HashMap<Box<[u8]>, Vec<u32>>;

/// Where each pattern is filed. Values are indices of rules.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    /// By the whole path: these match without being asked.
    exact: Drawer,
    /// By the last name of the path.
    last_name: Drawer,
    /// By what follows the last dot of the path.
    extension: Drawer,
    /// By the first name of a path with several.
    first_name: Drawer,
    /// By the first byte of the path.
    first_byte: HashMap<u8, Vec<u32>>,
    /// Expressions, all at once.
    automata: Automata,
    /// The others.
    rest: Vec<u32>,
}

impl Index {
    pub(crate) fn new(rules: &[Rule]) -> Self {
        let (automata, joined) = Automata::new(rules);
        let mut index = Self { automata, ..Self::default() };
        for ((at, rule), joined) in (0u32..).zip(rules).zip(joined) {
            if !joined {
                index.file(rule, at);
            }
        }
        index
    }

    fn file(&mut self, rule: &Rule, at: u32) {
        let put = |drawer: &mut Drawer, key: &[u8]| drawer.entry(key.into()).or_default().push(at);
        if matches!(rule.kind, Kind::Exact) {
            return put(&mut self.exact, rule.text.as_bytes());
        }
        let (prefix, suffix) = (rule.prefix(), rule.suffix());
        if let Some(slash) = suffix.iter().rposition(|byte| *byte == b'/') {
            return put(&mut self.last_name, suffix.get(slash + 1..).unwrap_or_default());
        }
        if let Some(dot) = suffix.iter().rposition(|byte| *byte == b'.') {
            return put(&mut self.extension, suffix.get(dot + 1..).unwrap_or_default());
        }
        if let Some(slash) = prefix.iter().position(|byte| *byte == b'/') {
            return put(&mut self.first_name, prefix.get(..slash).unwrap_or_default());
        }
        match prefix.first() {
            Some(byte) => self.first_byte.entry(*byte).or_default().push(at),
            None => self.rest.push(at),
        }
    }

    /// Adds the rules that match the path itself, and those that are broken. In no order.
    pub(crate) fn hits(
        &self,
        rules: &[Rule],
        path: &[u8],
        memory: &mut Memory,
        hits: &mut Vec<u32>,
    ) {
        self.automata.hits(path, memory, hits);
        let whole = look_up(&self.exact, path);
        hits.extend_from_slice(whole);
        let last_name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
        let dot = last_name.iter().rposition(|byte| *byte == b'.');
        let extension = dot.and_then(|dot| last_name.get(dot + 1..));
        let slash = path.iter().position(|byte| *byte == b'/');
        let first_name = slash.and_then(|slash| path.get(..slash));
        let of_first_byte = path.first().and_then(|byte| self.first_byte.get(byte));
        let candidates = [
            look_up(&self.last_name, last_name),
            extension.map_or(&[][..], |extension| look_up(&self.extension, extension)),
            first_name.map_or(&[][..], |name| look_up(&self.first_name, name)),
            of_first_byte.map_or(&[][..], Vec::as_slice),
            &self.rest,
        ];
        for at in candidates.into_iter().flatten() {
            let Some(rule) = rules.get(*at as usize) else { continue };
            if matches!(rule.kind, Kind::Broken) || rule.matches(path) {
                hits.push(*at);
            }
        }
    }
}

fn look_up<'d>(drawer: &'d Drawer, key: &[u8]) -> &'d [u32] {
    if drawer.is_empty() {
        return &[];
    }
    drawer.get(key).map_or(&[], Vec::as_slice)
}
