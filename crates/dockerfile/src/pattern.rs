//! Shell patterns of `${X#pattern}` and `${X/pattern/text}`: `*`, `?` and escapes, no brackets.
//!
//! Rules: `convertShellPatternToRegex`, `trimPrefix` and `trimSuffix` of BuildKit's `lex.go`. Matching keeps the set of
//! reachable places instead of backtracking: time is value length times pattern length.

use crate::expand::ExpandError;

/// Value length times pattern length may not be more than this.
const MAX_WORK: usize = 1 << 22;

/// One element of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// `*`
    Any,
    /// `?`
    One,
    /// This character.
    Char(char),
}

fn parse(pattern: &str) -> Result<Vec<Part>, ExpandError> {
    let mut parts = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(ch) = chars.next() {
        parts.push(match ch {
            '*' => Part::Any,
            '?' => Part::One,
            // `\}` and `\/` were escaped for the sake of `${}`.
            '\\' if matches!(chars.peek(), Some('}' | '/')) => continue,
            '\\' => match chars.next() {
                Some(escaped @ ('*' | '?' | '\\')) => Part::Char(escaped),
                _ => return Err(ExpandError::Pattern(pattern.to_owned())),
            },
            ch => Part::Char(ch),
        });
    }
    Ok(parts)
}

/// How many characters from the start of `value` the pattern matches: the fewest, or the most if `greedy`.
fn prefix(value: &mut dyn Iterator<Item = char>, parts: &[Part], greedy: bool) -> Option<usize> {
    // `live[i]`: the first i parts have matched what was read so far.
    let mut live = vec![false; parts.len() + 1];
    if let Some(first) = live.first_mut() {
        *first = true;
    }
    skip_stars(&mut live, parts);
    let matched = |live: &[bool]| live.last() == Some(&true);
    let mut best = matched(&live).then_some(0);
    for (read, ch) in value.enumerate() {
        if (best.is_some() && !greedy) || !live.contains(&true) {
            break;
        }
        let mut next = vec![false; live.len()];
        for (index, part) in parts.iter().enumerate() {
            if live.get(index) == Some(&true) {
                let (target, fits) = match part {
                    Part::Any => (index, true),
                    Part::One => (index + 1, true),
                    Part::Char(want) => (index + 1, *want == ch),
                };
                if let Some(slot) = next.get_mut(target) {
                    *slot |= fits;
                }
            }
        }
        skip_stars(&mut next, parts);
        live = next;
        if matched(&live) {
            best = Some(read + 1);
        }
    }
    best
}

/// A `*` may match nothing.
fn skip_stars(live: &mut [bool], parts: &[Part]) {
    for (index, part) in parts.iter().enumerate() {
        let reached = *part == Part::Any && live.get(index) == Some(&true);
        if let Some(slot) = live.get_mut(index + 1) {
            *slot |= reached;
        }
    }
}

fn affordable(value: &str, pattern: &str, times: usize) -> Result<(), ExpandError> {
    let work =
        value.len().saturating_add(1).saturating_mul(pattern.len() + 1).saturating_mul(times);
    if work > MAX_WORK { Err(ExpandError::TooLarge) } else { Ok(()) }
}

/// `value` without the prefix (or suffix, if `at_end`) that `pattern` matches.
pub(crate) fn trim<'a>(
    value: &'a str,
    pattern: &str,
    at_end: bool,
    greedy: bool,
) -> Result<&'a str, ExpandError> {
    affordable(value, pattern, 1)?;
    let mut parts = parse(pattern)?;
    let count = if at_end {
        parts.reverse();
        prefix(&mut value.chars().rev(), &parts, greedy)
    } else {
        prefix(&mut value.chars(), &parts, greedy)
    };
    let Some(count) = count else { return Ok(value) };
    Ok(if at_end {
        let cut: usize = value.chars().rev().take(count).map(char::len_utf8).sum();
        value.get(..value.len() - cut).unwrap_or(value)
    } else {
        let cut: usize = value.chars().take(count).map(char::len_utf8).sum();
        value.get(cut..).unwrap_or(value)
    })
}

/// `value` with the first (or each) longest match of `pattern` replaced.
pub(crate) fn replace(
    value: &str,
    pattern: &str,
    with: &str,
    all: bool,
) -> Result<String, ExpandError> {
    affordable(value, pattern, value.len().max(1))?;
    affordable(value, with, 1)?;
    let parts = parse(pattern)?;
    let mut out = String::new();
    let mut rest = value;
    let mut done = false;
    loop {
        let found = if done { None } else { prefix(&mut rest.chars(), &parts, true) };
        let skip: usize =
            found.map_or(0, |count| rest.chars().take(count).map(char::len_utf8).sum());
        if found.is_some() {
            out.push_str(with);
            done = !all;
        }
        rest = rest.get(skip..).unwrap_or_default();
        if skip == 0 {
            let mut chars = rest.chars();
            match chars.next() {
                Some(ch) => out.push(ch),
                None => return Ok(out),
            }
            rest = chars.as_str();
        } else if rest.is_empty() {
            return Ok(out);
        }
    }
}
