//! Which entries of a context a source takes.
//!
//! Rules: `docopy` of BuildKit's file operations, `ResolveWildcards` and `copier` of `fsutil/copy`. Links in the path of
//! a source are followed within the context.

use std::collections::HashMap;
use std::ops::Range;

use crate::copies::{Need, Origin, Source};
use crate::entry::{Entry, EntryKind, Fate, walk_order};
use crate::go_path::{has_wildcards, shell_match, within_root};
use crate::matcher::{MatchInfo, Matcher};

/// So many links are followed in one path.
const MAX_LINKS: usize = 255;

/// What a source takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// These entries, as indices; directories come with all that is sent of them. Perhaps none: an empty directory, or
    /// everything in it is excluded by `--exclude`.
    Taken(Vec<usize>),
    /// The source is not of the context.
    Elsewhere,
    /// What it names depends on something that the file does not tell.
    Unresolved,
    /// It is on the disk, but is not sent: the build fails. The path is the source, or a directory above it.
    Excluded {
        /// What is excluded.
        path: String,
        /// The pattern's index in [`crate::Matcher::patterns`]; `None` if it is not asked for (see [`Fate::Unneeded`]).
        pattern: Option<u32>,
    },
    /// It is not there: the build fails.
    Absent {
        /// Cleaned, within the context.
        path: String,
    },
    /// A source with wildcards that match nothing that is sent; the build goes on without it. The entries that would
    /// match, if they were sent, as indices.
    NoMatch(Vec<usize>),
    /// A malformed `--exclude` or `--parents` pattern: the build fails.
    BadPattern(String),
}

/// The entries of a walk, by path.
#[derive(Debug)]
pub struct Tree<'e> {
    entries: &'e [Entry],
    by_path: HashMap<&'e str, usize>,
}

impl<'e> Tree<'e> {
    /// `entries` must be in the order in which [`crate::walk`] gives them. With [`crate::Options::list_excluded`] it can
    /// be told what is excluded from what does not exist.
    pub fn new(entries: &'e [Entry]) -> Self {
        let by_path = entries.iter().enumerate().map(|(at, entry)| (entry.path.as_str(), at));
        Self { entries, by_path: by_path.collect() }
    }

    /// The entry at `path`, sent or not.
    pub fn get(&self, path: &str) -> Option<&'e Entry> {
        self.by_path.get(path).and_then(|at| self.entries.get(*at))
    }

    /// All entries.
    pub fn entries(&self) -> &'e [Entry] {
        self.entries
    }

    /// What `source` of `need` takes.
    pub fn resolve(&self, need: &Need, source: &Source) -> Resolution {
        if source.origin != Origin::Context {
            return Resolution::Elsewhere;
        }
        let Some(text) = &source.text else { return Resolution::Unresolved };
        let taken = if need.parents { self.parents(text, need) } else { self.plain(text, need) };
        taken.unwrap_or_else(|other| other)
    }

    fn plain(&self, text: &str, need: &Need) -> Result<Resolution, Resolution> {
        let path = within_root(text);
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let fixed = parts.iter().take_while(|part| !has_wildcards(part)).count();
        let (base, wild) = parts.split_at(fixed);
        let base = self.locate(&base.join("/"))?;
        let exclude = matcher(&need.exclude)?;
        if wild.is_empty() || need.verb == super::Verb::Mount {
            let whole = if wild.is_empty() { base } else { self.locate(&path)? };
            return Ok(Resolution::Taken(self.copied(&whole, None, exclude.as_ref())?));
        }
        let wild = wild.join("/");
        let (mut taken, mut missed) = (Vec::new(), Vec::new());
        let mut covered = 0;
        for at in self.below(&base) {
            let Some(entry) = self.entries.get(at) else { continue };
            let relative = relative(&entry.path, &base);
            if at < covered || relative.is_empty() || shell_match(&wild, relative) != Ok(true) {
                continue;
            }
            if !entry.is_sent() {
                missed.push(at);
                continue;
            }
            // What a matched directory contains is not matched again.
            covered = self.below(&entry.path).end;
            let followed = self.locate(&entry.path).unwrap_or_else(|_| entry.path.clone());
            taken.push(at);
            taken.extend(self.copied(&followed, None, exclude.as_ref())?);
        }
        taken.sort_unstable();
        taken.dedup();
        Ok(if taken.is_empty() { Resolution::NoMatch(missed) } else { Resolution::Taken(taken) })
    }

    /// `COPY --parents`: what stands behind `/./` is a pattern, relative to what stands before.
    fn parents(&self, text: &str, need: &Need) -> Result<Resolution, Resolution> {
        let (base, pattern) = text.split_once("/./").unwrap_or(("", text));
        let pattern = within_root(pattern);
        let base = within_root(base);
        let required = !has_wildcards(&base) && !has_wildcards(&pattern);
        if required {
            let whole = [base.as_str(), pattern.as_str()].join("/");
            self.locate(&within_root(&whole))?;
        }
        let base = self.locate(&base)?;
        let include = if pattern.is_empty() { None } else { matcher(&[pattern])? };
        let taken = self.copied(&base, include.as_ref(), matcher(&need.exclude)?.as_ref())?;
        Ok(if taken.is_empty() && !required {
            Resolution::NoMatch(Vec::new())
        } else {
            Resolution::Taken(taken)
        })
    }

    /// The entries from `path` downwards that are sent, match `include` and do not match `exclude`. The patterns are
    /// relative to `path`; they are not asked about `path` itself.
    fn copied(
        &self,
        path: &str,
        include: Option<&Matcher>,
        exclude: Option<&Matcher>,
    ) -> Result<Vec<usize>, Resolution> {
        let range = self.below(path);
        let sent = |at: &usize| self.entries.get(*at).is_some_and(Entry::is_sent);
        if include.is_none() && exclude.is_none() {
            return Ok(range.filter(sent).collect());
        }
        let mut taken = Vec::new();
        let mut folders: Vec<(&str, [MatchInfo; 2])> = Vec::new();
        for at in range {
            let Some(entry) = self.entries.get(at).filter(|entry| entry.is_sent()) else {
                continue;
            };
            let relative = relative(&entry.path, path);
            if relative.is_empty() {
                taken.extend(include.is_none().then_some(at));
                continue;
            }
            while folders.last().is_some_and(|(folder, _)| !is_below(relative, folder)) {
                folders.pop();
            }
            let unknown = <[MatchInfo; 2]>::default();
            let known = folders.last().map_or(&unknown, |(_, known)| known);
            let ask = |matcher: Option<&Matcher>, known: &MatchInfo, otherwise: bool| match matcher
            {
                Some(matcher) => matcher
                    .matches_using_parent_results(relative, known)
                    .map_err(|error| Resolution::BadPattern(error.to_string())),
                None => Ok((otherwise, MatchInfo::default())),
            };
            let (included, of_include) = ask(include, &known[0], true)?;
            let (excluded, of_exclude) = ask(exclude, &known[1], false)?;
            if included && !excluded {
                taken.push(at);
            }
            if entry.kind == EntryKind::Folder {
                folders.push((relative, [of_include, of_exclude]));
            }
        }
        Ok(taken)
    }

    /// The indices of `path` and of what is below it.
    fn below(&self, path: &str) -> Range<usize> {
        if path.is_empty() {
            return 0..self.entries.len();
        }
        let behind = format!("{path}\u{1}");
        let first =
            |path: &str| self.entries.partition_point(|one| walk_order(&one.path, path).is_lt());
        first(path)..first(&behind)
    }

    /// The real path of something that is sent, links resolved within the context.
    fn locate(&self, path: &str) -> Result<String, Resolution> {
        let mut pending: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let mut real = String::new();
        let mut links = 0;
        while let Some(part) = pending.pop() {
            match part.as_str() {
                "" | "." => continue,
                ".." => {
                    real.truncate(real.rfind('/').unwrap_or(0));
                    continue;
                }
                _ => {}
            }
            let next = if real.is_empty() { part } else { format!("{real}/{part}") };
            let Some(entry) = self.get(&next) else {
                return Err(Resolution::Absent { path: path.to_owned() });
            };
            match entry.fate {
                Fate::Excluded(pattern) => {
                    return Err(Resolution::Excluded { path: next, pattern: Some(pattern) });
                }
                Fate::Unneeded => return Err(Resolution::Excluded { path: next, pattern: None }),
                Fate::Sent | Fate::Parent => {}
            }
            let link = entry.target.as_deref().filter(|_| entry.kind == EntryKind::Link);
            let Some(target) = link else {
                real = next;
                continue;
            };
            links += 1;
            if links > MAX_LINKS {
                return Err(Resolution::Absent { path: path.to_owned() });
            }
            if target.starts_with('/') {
                real.clear();
            }
            pending.extend(target.split('/').rev().map(str::to_owned));
        }
        Ok(real)
    }
}

fn matcher(patterns: &[String]) -> Result<Option<Matcher>, Resolution> {
    if patterns.is_empty() {
        return Ok(None);
    }
    Matcher::of(patterns).map(Some).map_err(|error| Resolution::BadPattern(error.to_string()))
}

fn relative<'p>(path: &'p str, base: &str) -> &'p str {
    path.get(base.len()..).unwrap_or_default().trim_start_matches('/')
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
