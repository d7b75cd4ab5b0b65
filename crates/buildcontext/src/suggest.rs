//! Lines for a `.dockerignore` file that keep leaks out, and keep what the Dockerfile needs in.

use std::collections::{BTreeMap, HashSet};

use crate::dockerignore::Pattern;
use crate::filter::Filter;
use crate::leaks::Leak;
use crate::matcher::Matcher;

/// A line to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The line.
    pub line: String,
    /// The paths of the leaks that it keeps out; none for an exception.
    pub leaks: Vec<String>,
}

/// Lines to add behind the lines of `present` so that the leaks are not sent any more; as few as possible.
///
/// A leak with [`Leak::wants_content`] is passed over: whoever has asked its content clears that mark.
///
/// `named` are the paths that the Dockerfile names, from [`crate::Source::path`]. None of them is excluded: a leak that
/// is named is left alone, and what is named within a leak is taken back by an exception. Every line is tried out, so
/// what cannot be said in a `.dockerignore` is left out.
pub fn suggest(leaks: &[Leak], named: &[String], present: &[Pattern]) -> Vec<Suggestion> {
    let Ok(before) = Matcher::new(present).map(Filter::new) else { return Vec::new() };
    // What is not sent now need not be kept.
    let named = named.iter().map(|path| path.trim_matches('/'));
    let named: Vec<&str> =
        named.filter(|path| !path.is_empty() && !ignored(&before, path, false)).collect();
    // Directories first: what they cover needs no line of its own.
    let mut groups: BTreeMap<(bool, &str), Vec<&Leak>> = BTreeMap::new();
    let wanted = |leak: &&Leak| !leak.wants_content && !named.contains(&leak.path.as_str());
    for leak in leaks.iter().filter(wanted) {
        let name = leak.path.rsplit('/').next().unwrap_or_default();
        groups.entry((!leak.is_folder, name)).or_default().push(leak);
    }
    let mut lines: Vec<Suggestion> = Vec::new();
    for ((_, name), mut leaks) in groups {
        let covered: HashSet<&str> =
            lines.iter().flat_map(|line| &line.leaks).map(String::as_str).collect();
        leaks.retain(|leak| {
            let mut above = leak.path.match_indices('/').filter_map(|(at, _)| leak.path.get(..at));
            !above.any(|folder| covered.contains(folder))
        });
        let everywhere = format!("**/{}", escape(name));
        if leaks.len() > 1 && holds(std::slice::from_ref(&everywhere), &leaks, &named) {
            let leaks = leaks.iter().map(|leak| leak.path.clone()).collect();
            lines.push(Suggestion { line: everywhere, leaks });
            continue;
        }
        for leak in leaks {
            lines.extend(alone(leak, &named));
        }
    }
    without_failures(lines, leaks, present)
}

/// The lines that keep one leak out: its path, and exceptions for what is named in it.
fn alone(leak: &Leak, named: &[&str]) -> Vec<Suggestion> {
    let inside = |path: &&&str| {
        path.strip_prefix(leak.path.as_str()).is_some_and(|rest| rest.starts_with('/'))
    };
    let exceptions = named.iter().filter(inside).map(|path| format!("!{path}"));
    let lines: Vec<String> = [escape(&leak.path)].into_iter().chain(exceptions).collect();
    if !holds(&lines, &[leak], named) {
        return Vec::new();
    }
    let leaks = |at| if at == 0 { vec![leak.path.clone()] } else { Vec::new() };
    lines.into_iter().enumerate().map(|(at, line)| Suggestion { line, leaks: leaks(at) }).collect()
}

/// Whether lines keep the leaks out and the named paths in, as far as it depends on them. They come last, so it does.
fn holds(lines: &[String], leaks: &[&Leak], named: &[&str]) -> bool {
    let Some(filter) = filter(&[], lines.iter()) else { return false };
    leaks.iter().all(|leak| ignored(&filter, &leak.path, leak.is_folder))
        && named.iter().all(|path| !ignored(&filter, path, true) && !ignored(&filter, path, false))
}

/// Leaves out the lines that do not help behind the lines that are there: an exception in these may be stronger, since
/// a pattern that could not change the answer for a directory is not carried into it.
fn without_failures(
    lines: Vec<Suggestion>,
    leaks: &[Leak],
    present: &[Pattern],
) -> Vec<Suggestion> {
    let Some(after) = filter(present, lines.iter().map(|one| &one.line)) else { return Vec::new() };
    let folders: HashSet<&str> =
        leaks.iter().filter(|leak| leak.is_folder).map(|leak| leak.path.as_str()).collect();
    let mut kept: Vec<Suggestion> = Vec::new();
    let mut dropped = false;
    for mut line in lines {
        let is_exception = line.leaks.is_empty();
        line.leaks.retain(|path| ignored(&after, path, folders.contains(path.as_str())));
        dropped = if is_exception { dropped } else { line.leaks.is_empty() };
        if !dropped {
            kept.push(line);
        }
    }
    kept
}

fn filter<'l>(present: &[Pattern], lines: impl Iterator<Item = &'l String>) -> Option<Filter> {
    let text: String = lines.flat_map(|line| [line.as_str(), "\n"]).collect();
    let mut patterns = present.to_vec();
    patterns.extend(crate::parse(text).ok()?);
    Some(Filter::new(Matcher::new(&patterns).ok()?))
}

/// What docker build refuses counts as ignored: it is sent by no build.
fn ignored(filter: &Filter, path: &str, is_dir: bool) -> bool {
    filter.decide(path, is_dir).map_or(true, |decision| decision.ignored)
}

/// A pattern that matches this path. What cannot be escaped becomes `?`.
fn escape(path: &str) -> String {
    let plain = !path.contains(['*', '?', '[', ']', '\\']) && !path.starts_with(['!', '#']);
    let mut text = String::new();
    let last = path.chars().count().saturating_sub(1);
    for (at, ch) in path.chars().enumerate() {
        let at_end = at == 0 || at == last;
        match ch {
            '\n' | '\u{fffd}' => text.push('?'),
            _ if ch.is_whitespace() && at_end => text.push('?'),
            _ if !plain && ch.is_ascii_punctuation() && ch != '/' => text.extend(['\\', ch]),
            _ => text.push(ch),
        }
    }
    text
}
