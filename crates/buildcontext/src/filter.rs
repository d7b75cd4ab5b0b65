//! What BuildKit sends: the patterns applied directory by directory.
//!
//! Rules: `NewFilterFS` and `filterFS.Walk` of `github.com/tonistiigi/fsutil`, which the client side of `docker build`
//! and `docker buildx build` runs with the patterns of the `.dockerignore` file as `ExcludePatterns`.
//!
//! This is not what `MatchesOrParentMatches` says. What matched a directory is carried into it, and a pattern that was
//! not asked about the directory, because it could not have changed the answer there, counts as not matching it. So
//! with `foo/bar` and `!foo` the file `foo/bar` is *not* sent: `!foo` is never asked about `foo`. And a directory that
//! is excluded is not even read, unless an exception could match something below it; where all exceptions are plain
//! paths, only their text is compared.

use crate::automaton::Memory;
use crate::dockerignore::Pattern;
use crate::go_path::clean_bytes;
use crate::matcher::{Matcher, MatcherError, PatternError, Ruling};

/// Patterns with the knowledge of which directories need not be read.
#[derive(Debug, Clone)]
struct Side {
    matcher: Matcher,
    /// No pattern that could change the answer below a directory has wildcards, but for a trailing one.
    only_prefixes: bool,
    /// Their texts, a slash added, sorted.
    below: Vec<String>,
}

impl Side {
    fn new(matcher: Matcher, exceptions: bool) -> Self {
        let relevant = matcher.rules().iter().filter(|rule| rule.negated == exceptions);
        let mut below: Vec<String> =
            relevant.map(|rule| without_trailing_glob(&rule.text).to_owned()).collect();
        let only_prefixes =
            !below.iter().any(|text| text.contains(['*', '[', ']', '?', '^', '\\']));
        below.iter_mut().for_each(|text| text.push('/'));
        below.sort_unstable();
        Self { matcher, only_prefixes, below }
    }

    /// Whether something below the directory could get another answer than the directory itself.
    fn may_change_below(&self, folder: &[u8]) -> bool {
        if !self.only_prefixes {
            return true;
        }
        let start = [folder, b"/"].concat();
        let first = self.below.partition_point(|text| text.as_bytes() < start.as_slice());
        self.below.get(first).is_some_and(|text| text.as_bytes().starts_with(&start))
    }
}

/// `patternWithoutTrailingGlob`
fn without_trailing_glob(text: &str) -> &str {
    let text = text.strip_suffix("/**").unwrap_or(text);
    text.strip_suffix("/*").unwrap_or(text)
}

/// What is sent of a build context.
#[derive(Debug, Clone)]
pub struct Filter {
    exclude: Side,
    include: Option<Side>,
}

/// What is known about a directory when its entries are judged. The default is the root.
#[derive(Debug, Clone, Default)]
pub(crate) struct FolderState {
    exclude: Vec<u32>,
    include: Vec<u32>,
}

/// What makes judging fast; one for each thread.
#[derive(Debug, Default)]
pub(crate) struct Memories {
    exclude: Memory,
    include: Memory,
}

/// What is to be done with an entry.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    /// It is sent.
    pub(crate) kept: bool,
    /// It is a directory, and it is read.
    pub(crate) descend: bool,
    /// It is not asked for.
    pub(crate) unneeded: bool,
    /// What the `.dockerignore` says.
    pub(crate) ruling: Ruling,
    /// For what is in it.
    pub(crate) state: FolderState,
}

/// Whether a path is sent, and which line says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<'f> {
    /// It does not become a part of the build context. A directory that is ignored is sent nevertheless when something
    /// below it is kept.
    pub ignored: bool,
    /// The last pattern that had a say; an exception if it was taken back in. `None` if no pattern did.
    pub pattern: Option<&'f Pattern>,
    /// The path at which it was decided: the path itself, or an excluded directory above it that is not even read.
    pub at: String,
    /// No `COPY`, `ADD` or mount asks for it (only if the filter knows them, see [`Filter::needing`]).
    pub unneeded: bool,
}

impl Filter {
    /// The filter for the patterns of a `.dockerignore` file.
    pub fn new(exclude: Matcher) -> Self {
        Self { exclude: Side::new(exclude, true), include: None }
    }

    /// Everything is sent: there is no `.dockerignore` file.
    pub fn everything() -> Self {
        Self::new(Matcher::empty())
    }

    /// Sends only what is asked for: BuildKit names the sources of `COPY`, `ADD` and bind mounts, links in them
    /// resolved (`FollowPaths`), and the client sends nothing else. An empty list asks for everything.
    ///
    /// # Errors
    /// Paths that are malformed patterns.
    pub fn needing<S: AsRef<str>>(self, paths: &[S]) -> Result<Self, MatcherError> {
        if paths.is_empty() {
            return Ok(Self { include: None, ..self });
        }
        let include = Side::new(Matcher::of(paths)?, false);
        Ok(Self { include: Some(include), ..self })
    }

    /// The patterns of the `.dockerignore` file.
    pub fn matcher(&self) -> &Matcher {
        &self.exclude.matcher
    }

    /// Whether a path is sent, given that everything above it is a directory.
    ///
    /// The path is relative to the root of the context (a slash in front or behind does not count). The root itself is
    /// never ignored; what lies outside of it always is.
    ///
    /// # Errors
    /// A pattern that docker build refuses when it comes to it.
    ///
    /// ```
    /// use buildcontext::{Filter, Matcher};
    ///
    /// let filter = Filter::new(Matcher::of(&["foo/bar", "!foo"])?);
    /// let decision = filter.decide("foo/bar", false)?;
    /// assert!(decision.ignored);
    /// assert_eq!(decision.pattern.map(|pattern| pattern.text.as_str()), Some("foo/bar"));
    /// assert!(!filter.matcher().matches_or_parent_matches("foo/bar")?, "the obvious call is wrong");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide(
        &self,
        path: impl AsRef<[u8]>,
        is_dir: bool,
    ) -> Result<Decision<'_>, PatternError> {
        let trimmed = path.as_ref();
        let slashes = trimmed.iter().take_while(|byte| **byte == b'/').count();
        let path = clean_bytes(trimmed.get(slashes..).unwrap_or_default());
        let outside = path.starts_with(b"../") || path == b"..";
        if path == b"." || outside {
            let at = String::from_utf8_lossy(&path).into_owned();
            return Ok(Decision { ignored: outside, pattern: None, at, unneeded: false });
        }
        self.exclude.matcher.with_memory(|exclude| {
            let mut memory = Memories { exclude: std::mem::take(exclude), ..Memories::default() };
            let decision = self.decide_clean(&path, is_dir, &mut memory);
            *exclude = memory.exclude;
            decision
        })
    }

    fn decide_clean(
        &self,
        path: &[u8],
        is_dir: bool,
        memory: &mut Memories,
    ) -> Result<Decision<'_>, PatternError> {
        let mut state = FolderState::default();
        let folders = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
        for end in folders {
            let folder = path.get(..end).unwrap_or_default();
            let judged = self.judge(folder, true, &state, memory)?;
            if !judged.descend {
                return Ok(self.decision(folder, &judged, true));
            }
            state = judged.state;
        }
        let judged = self.judge(path, is_dir, &state, memory)?;
        Ok(self.decision(path, &judged, !judged.kept))
    }

    fn decision(&self, at: &[u8], judged: &Judged, ignored: bool) -> Decision<'_> {
        Decision {
            ignored,
            pattern: judged.ruling.by.and_then(|by| self.exclude.matcher.pattern(by)),
            at: String::from_utf8_lossy(at).into_owned(),
            unneeded: judged.unneeded,
        }
    }

    /// One step of `filterFS.Walk`.
    pub(crate) fn judge(
        &self,
        path: &[u8],
        is_dir: bool,
        parent: &FolderState,
        memory: &mut Memories,
    ) -> Result<Judged, PatternError> {
        let mut state = FolderState::default();
        let (mut unneeded, mut descend) = (false, is_dir);
        if let Some(include) = &self.include {
            let ruling = include.matcher.rule(
                path,
                &parent.include,
                &mut memory.include,
                &mut state.include,
            )?;
            unneeded = !ruling.matched;
            if unneeded && is_dir {
                descend = include.may_change_below(path);
            }
        }
        if unneeded && is_dir && !descend {
            // Go does not ask the other patterns any more.
            return Ok(Judged { kept: false, descend, unneeded, ruling: Ruling::default(), state });
        }
        let exclude = &self.exclude;
        let ruling =
            exclude.matcher.rule(path, &parent.exclude, &mut memory.exclude, &mut state.exclude)?;
        if ruling.matched && is_dir {
            descend = descend && exclude.may_change_below(path);
        }
        Ok(Judged { kept: !unneeded && !ruling.matched, descend, unneeded, ruling, state })
    }
}
