//! What is wrong inside of a go.sum file, though the go command reads it.

use crate::sum::{GoSum, SumLine};
use std::collections::HashMap;

/// The length of base64 for 32 bytes.
const LENGTH: usize = 44;

/// A line of a go.sum file that a reviewer should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumFinding<'a> {
    /// The line.
    pub line: &'a SumLine,
    /// What is wrong with it.
    pub problem: SumProblem,
}

/// What is wrong with a line of a go.sum file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SumProblem {
    /// An earlier line has another `h1:` hash for the same module, version and kind. The go command believes the first
    /// (`checkModSum` in `cmd/go/internal/modfetch/fetch.go`), so this one does not count.
    #[error("contradicts line {0}")]
    Contradiction(usize),
    /// The same as an earlier line.
    #[error("repeats line {0}")]
    Duplicate(usize),
    /// The hash can be that of nothing.
    #[error(transparent)]
    Hash(HashProblem),
}

/// Why a hash is none: it should be `h1:` and the base64 form of 32 bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashProblem {
    /// Another algorithm, or none: the go command passes the line over.
    #[error("no h1 hash, which the go command passes over")]
    Algorithm,
    /// The number of characters behind `h1:`.
    #[error("a hash of {0} instead of 44 characters")]
    Length(usize),
    /// A character that base64 does not have, or not there.
    #[error("the character {} in a hash", crate::text::quote_char(*.0))]
    Character(char),
    /// The last digit has bits that belong to no byte: no encoder writes it.
    #[error("a hash with bits behind its last byte")]
    TrailingBits,
}

/// Why `hash` can be the hash of no module, if so.
pub fn hash_problem(hash: &str) -> Option<HashProblem> {
    let Some(digits) = hash.strip_prefix("h1:") else { return Some(HashProblem::Algorithm) };
    let count = digits.chars().count();
    if count != LENGTH {
        return Some(HashProblem::Length(count));
    }
    let digit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
    let (head, end) =
        digits.char_indices().nth(LENGTH - 1).map_or((digits, ""), |(at, _)| digits.split_at(at));
    if let Some(bad) = head.chars().find(|c| !digit(*c)) {
        return Some(HashProblem::Character(bad));
    }
    if let Some(bad) = end.chars().find(|c| *c != '=') {
        return Some(HashProblem::Character(bad));
    }
    // 43 digits are 258 bits: the lowest two of the last one are in no byte, and zero.
    let even = head.ends_with(|c| "AEIMQUYcgkosw048".contains(c));
    (!even).then_some(HashProblem::TrailingBits)
}

impl GoSum {
    /// What is wrong inside of the file, in the order of lines: contradictory and repeated lines, and malformed hashes.
    /// The order of lines has no meaning and is not looked at.
    pub fn problems(&self) -> Vec<SumFinding<'_>> {
        let mut findings = Vec::new();
        // The first line of each module, version and kind; and of each hash of these.
        let mut first: HashMap<(&str, &str, bool), &SumLine> = HashMap::new();
        let mut same: HashMap<(&str, &str, bool, &str), usize> = HashMap::new();
        for line in self.lines() {
            let (path, version) = (line.path.as_str(), line.version.as_str());
            let mut add = |problem| findings.push(SumFinding { line, problem });
            if line.hash.starts_with("h1:") {
                let first = *first.entry((path, version, line.go_mod)).or_insert(line);
                if first.hash != line.hash {
                    add(SumProblem::Contradiction(first.line));
                }
            }
            let earlier =
                *same.entry((path, version, line.go_mod, &line.hash)).or_insert(line.line);
            if earlier != line.line {
                add(SumProblem::Duplicate(earlier));
            }
            if let Some(problem) = hash_problem(&line.hash) {
                add(SumProblem::Hash(problem));
            }
        }
        findings
    }
}
