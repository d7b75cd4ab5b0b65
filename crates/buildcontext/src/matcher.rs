//! A list of patterns, and what it says about a path.
//!
//! Rules: `PatternMatcher` of `github.com/moby/patternmatcher` v0.6.1, differences between its methods included. A path
//! is relative to the root of the context, with slashes; its bytes need not be UTF-8. Case matters.

use std::sync::{Mutex, PoisonError};

use crate::automaton::Memory;
use crate::dockerignore::Pattern;
use crate::go_path::{clean, clean_bytes, shell_match};
use crate::index::Index;
use crate::pattern::{Kind, Rule};

/// All patterns together may not have more states than this. Our own bound: it takes 80 MB to reach it.
const MAX_STATES: usize = 2 << 20;

/// Why docker build refuses a list of patterns before it sends anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MatcherError {
    /// `!` without a pattern.
    #[error("line {line}: illegal exclusion pattern: \"!\"")]
    IllegalExclusion {
        /// 1-based line, or place in the list.
        line: usize,
    },
    /// `filepath.ErrBadPattern`
    #[error("line {line}: syntax error in pattern {pattern:?}")]
    BadPattern {
        /// 1-based line, or place in the list.
        line: usize,
        /// The pattern without its `!`.
        pattern: String,
    },
    /// Our own bound.
    #[error("line {line}: patterns too large")]
    TooLarge {
        /// 1-based line, or place in the list.
        line: usize,
    },
}

impl MatcherError {
    /// 1-based line, or place in the list.
    pub fn line(&self) -> usize {
        match self {
            Self::IllegalExclusion { line }
            | Self::BadPattern { line, .. }
            | Self::TooLarge { line } => *line,
        }
    }
}

/// A pattern that docker build refuses when it comes to using it, and not before: the build stops in the middle of the
/// walk. `filepath.Match` accepts the pattern, but not the expression that is made of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: syntax error in pattern {pattern:?}")]
pub struct PatternError {
    /// 1-based line, or place in the list.
    pub line: usize,
    /// The pattern as it was given.
    pub pattern: String,
}

/// Which patterns matched a directory: what `MatchesUsingParentResults` needs for what is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MatchInfo {
    /// Ascending; `None` is Go's zero value: nothing is known about the parents.
    matched: Option<Vec<u32>>,
}

/// A compiled list of patterns.
#[derive(Debug, Clone)]
pub struct Matcher {
    patterns: Vec<Pattern>,
    rules: Vec<Rule>,
    index: Index,
    exclusions: bool,
    pool: Pool,
}

/// Memories that wait for their next use; a clone begins without any.
#[derive(Debug, Default)]
struct Pool(Mutex<Vec<Memory>>);

impl Clone for Pool {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Pool {
    /// Lends a memory for as long as `work` lasts.
    fn lend<T>(&self, work: impl FnOnce(&mut Memory) -> T) -> T {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut memory = lock().pop().unwrap_or_default();
        let done = work(&mut memory);
        lock().push(memory);
        done
    }
}

/// What the patterns say about a path: whether they match, and the index of the last one that had a say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Ruling {
    pub(crate) matched: bool,
    pub(crate) by: Option<u32>,
}

impl Matcher {
    /// Compiles the patterns of a `.dockerignore` file.
    ///
    /// # Errors
    /// What `patternmatcher.New` refuses: an empty exception, and what `filepath.Match` cannot read.
    pub fn new(patterns: &[Pattern]) -> Result<Self, MatcherError> {
        let mut kept = Vec::new();
        let mut rules = Vec::new();
        let mut states = 0usize;
        for pattern in patterns {
            let line = pattern.line;
            let trimmed = pattern.text.trim();
            if trimmed.is_empty() {
                continue;
            }
            let cleaned = clean(trimmed);
            let exception = cleaned.strip_prefix('!');
            let text = exception.unwrap_or(&cleaned);
            if text.is_empty() {
                return Err(MatcherError::IllegalExclusion { line });
            }
            if shell_match(text, ".").is_err() {
                return Err(MatcherError::BadPattern { line, pattern: text.to_owned() });
            }
            let rule = Rule::new(text, exception.is_some());
            states = states.saturating_add(rule.size());
            if states > MAX_STATES {
                return Err(MatcherError::TooLarge { line });
            }
            rules.push(rule);
            kept.push(pattern.clone());
        }
        let index = Index::new(&rules);
        let exclusions = rules.iter().any(|rule| rule.negated);
        Ok(Self { patterns: kept, rules, index, exclusions, pool: Pool::default() })
    }

    /// No patterns at all: nothing matches.
    pub fn empty() -> Self {
        Self {
            patterns: Vec::new(),
            rules: Vec::new(),
            index: Index::default(),
            exclusions: false,
            pool: Pool::default(),
        }
    }

    /// Compiles patterns that come from somewhere else; `line` is then their place in the list, from 1.
    ///
    /// # Errors
    /// See [`Matcher::new`].
    pub fn of<S: AsRef<str>>(patterns: &[S]) -> Result<Self, MatcherError> {
        let numbered = patterns.iter().enumerate().map(|(at, text)| {
            let text = text.as_ref();
            Pattern {
                text: text.to_owned(),
                negated: text.trim_start().starts_with('!'),
                line: at + 1,
                written: text.to_owned(),
                column: 1,
            }
        });
        Self::new(&numbered.collect::<Vec<_>>())
    }

    /// The patterns in force, blank ones left out.
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Whether any pattern is an exception.
    pub fn has_exclusions(&self) -> bool {
        self.exclusions
    }

    /// The pattern with this index.
    pub(crate) fn pattern(&self, at: u32) -> Option<&Pattern> {
        self.patterns.get(at as usize)
    }

    /// Lends what makes matching fast for as long as `work` lasts.
    pub(crate) fn with_memory<T>(&self, work: impl FnOnce(&mut Memory) -> T) -> T {
        self.pool.lend(work)
    }

    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Whether the path, or a parent of it, matches: `MatchesOrParentMatches`. BuildKit's linter uses it, and so does
    /// the classic builder; it is *not* what decides what BuildKit sends (that is [`crate::Filter::decide`]).
    ///
    /// # Errors
    /// See [`PatternError`].
    pub fn matches_or_parent_matches(&self, path: impl AsRef<[u8]>) -> Result<bool, PatternError> {
        Ok(self.rule_with_parents(path.as_ref(), &mut Vec::new())?.matched)
    }

    /// The method `Matches`, which Go deprecates: of the parents it asks only the one as deep as the pattern.
    ///
    /// # Errors
    /// See [`PatternError`].
    pub fn matches(&self, path: impl AsRef<[u8]>) -> Result<bool, PatternError> {
        let path = path.as_ref();
        let parents = parents(path);
        let mut matched = false;
        for (at, rule) in self.rules.iter().enumerate() {
            if rule.negated != matched {
                continue;
            }
            self.refuse_broken(at, rule)?;
            let depth = rule.text.split('/').count();
            let parent = || depth.checked_sub(1).and_then(|index| parents.get(index));
            if rule.matches(path) || parent().is_some_and(|parent| rule.matches(parent)) {
                matched = !rule.negated;
            }
        }
        Ok(matched)
    }

    /// What the patterns say about a path, given what they said about its directory: `MatchesUsingParentResults`. With
    /// the default [`MatchInfo`], the parents are looked at instead.
    ///
    /// # Errors
    /// See [`PatternError`].
    pub fn matches_using_parent_results(
        &self,
        path: impl AsRef<[u8]>,
        parent: &MatchInfo,
    ) -> Result<(bool, MatchInfo), PatternError> {
        let mut matched = Vec::new();
        let ruling = match &parent.matched {
            Some(known) => {
                self.pool.lend(|memory| self.rule(path.as_ref(), known, memory, &mut matched))?
            }
            None => self.rule_with_parents(path.as_ref(), &mut matched)?,
        };
        Ok((ruling.matched, MatchInfo { matched: Some(matched) }))
    }

    /// As above; `matched` receives the patterns that matched, in ascending order.
    pub(crate) fn rule(
        &self,
        path: &[u8],
        parent: &[u32],
        memory: &mut Memory,
        matched: &mut Vec<u32>,
    ) -> Result<Ruling, PatternError> {
        let mut hits = Vec::new();
        self.index.hits(&self.rules, path, memory, &mut hits);
        self.settle(hits, parent, matched)
    }

    fn rule_with_parents(
        &self,
        path: &[u8],
        matched: &mut Vec<u32>,
    ) -> Result<Ruling, PatternError> {
        let mut hits = Vec::new();
        self.pool.lend(|memory| {
            for path in std::iter::once(path.to_vec()).chain(parents(path)) {
                self.index.hits(&self.rules, &path, memory, &mut hits);
            }
        });
        self.settle(hits, &[], matched)
    }

    /// Goes through the patterns that have something to say, in order. Any other one would change nothing.
    fn settle(
        &self,
        mut hits: Vec<u32>,
        parent: &[u32],
        matched: &mut Vec<u32>,
    ) -> Result<Ruling, PatternError> {
        hits.extend_from_slice(parent);
        hits.sort_unstable();
        hits.dedup();
        let mut ruling = Ruling::default();
        for at in hits {
            let Some(rule) = self.rules.get(at as usize) else { continue };
            // What matched the parent is not asked again; the others only if they could change the answer.
            if parent.binary_search(&at).is_err() {
                if rule.negated != ruling.matched {
                    continue;
                }
                self.refuse_broken(at as usize, rule)?;
            }
            matched.push(at);
            ruling = Ruling { matched: !rule.negated, by: Some(at) };
        }
        Ok(ruling)
    }

    fn refuse_broken(&self, at: usize, rule: &Rule) -> Result<(), PatternError> {
        if !matches!(rule.kind, Kind::Broken) {
            return Ok(());
        }
        let line = self.patterns.get(at).map_or(0, |pattern| pattern.line);
        Err(PatternError { line, pattern: rule.text.to_string() })
    }
}

/// The directories above a path, the highest first, as `strings.Split(filepath.Dir(path), "/")` gives them.
fn parents(path: &[u8]) -> Vec<Vec<u8>> {
    let Some(slash) = path.iter().rposition(|byte| *byte == b'/') else { return Vec::new() };
    let folder = clean_bytes(path.get(..=slash).unwrap_or_default());
    if folder == b"." {
        return Vec::new();
    }
    let ends = (0..folder.len()).filter(|at| folder.get(*at) == Some(&b'/'));
    let ends: Vec<usize> = ends.chain([folder.len()]).collect();
    ends.into_iter().filter_map(|end| Some(folder.get(..end)?.to_vec())).collect()
}
