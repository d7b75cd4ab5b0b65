//! Formats of one setting a line: env, properties, INI.

use super::{Hit, normal, plain};
use crate::place::{Place, Position, Span, Word};

/// A line without blanks around it; `None` for blank lines and comments.
fn significant(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches('\u{feff}');
    (!line.is_empty() && !line.starts_with(['#', ';', '!']) && !line.starts_with("//"))
        .then_some(line)
}

/// `[section]`
fn section(line: &str) -> Option<&str> {
    let name = line.strip_prefix('[')?;
    let end = name.find(']')?;
    let rest = name.get(end + 1..)?.trim();
    let name = name.get(..end)?;
    let plain = !name.is_empty() && !name.contains([',', '{', ':']);
    (plain && (rest.is_empty() || rest.starts_with(['#', ';']))).then_some(name)
}

/// `key = value`; the key has no blanks within, but may follow `export`.
fn setting(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once('=')?;
    let key = key.trim();
    let key = key.strip_prefix("export ").map_or(key, str::trim_start);
    let valid = !key.is_empty()
        && key
            .chars()
            .all(|ch| ch.is_alphanumeric() || matches!(ch, '_' | '-' | '.' | '"' | '\'' | '/'));
    valid.then_some((key, value))
}

/// Whether the first line that says something is a setting or a section rather than YAML or JSON.
pub(super) fn looks_like(text: &str) -> bool {
    let mut lines = text.lines().filter_map(significant);
    lines.next().is_some_and(|line| section(line).is_some() || setting(line).is_some())
}

/// The places where the key is set. Keys of a section are below it, except in `[DEFAULT]`, `[default]` and `[global]`.
pub(super) fn hits(text: &str, wanted: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut below = String::new();
    let mut sections = false;
    let mut continued = Continued::No;
    for (row, line) in text.lines().enumerate() {
        if continued.takes(line) {
            continue;
        }
        let Some(bare) = significant(line) else { continue };
        if let Some(name) = section(bare) {
            let root = matches!(name.to_ascii_lowercase().as_str(), "default" | "global");
            sections = true;
            below = if root { String::new() } else { normal(&name.replace('"', "")) };
            continue;
        }
        let Some((key, value)) = setting(bare).or_else(|| bare.split_once(": ")) else { continue };
        let key = key.trim().trim_matches(['"', '\'']);
        let is_variable =
            key.chars().all(|ch| ch.is_ascii_uppercase() || ch == '_' || ch.is_ascii_digit());
        continued = Continued::after(value, is_variable);
        if below.clone() + &normal(key) != wanted {
            continue;
        }
        // In properties `#` begins a comment at the beginning of a line only.
        let comments = is_variable || sections;
        let value = if comments { without_comment(value.trim()) } else { value.trim() };
        // The value is the last part of the line that has this text, quotes included.
        let offset = line.rfind(value).unwrap_or(0);
        let column = line.get(..offset).unwrap_or_default().chars().count() + 1;
        let start = Position { line: row + 1, column };
        let end = Position { line: row + 1, column: column + value.chars().count() };
        let word = Word::known(unquoted(value), Place::Whole(Span { start, end }));
        let mut hit = plain(key, &word, 0);
        // Everything that reads env files lets the last one win; INI and properties readers differ.
        hit.overrides = is_variable;
        hits.push(hit);
    }
    hits
}

/// Whether a value goes on on the next line.
enum Continued {
    No,
    /// Behind a backslash, in properties.
    Line,
    /// Up to this quote, in env files.
    Quoted(char),
}

impl Continued {
    fn after(value: &str, is_variable: bool) -> Self {
        let value = value.trim();
        let backslashes = value.bytes().rev().take_while(|byte| *byte == b'\\').count();
        match value.chars().next().filter(|quote| is_variable && matches!(quote, '"' | '\'')) {
            Some(quote) if !value.get(1..).unwrap_or_default().contains(quote) => {
                Self::Quoted(quote)
            }
            _ if !is_variable && backslashes % 2 == 1 => Self::Line,
            _ => Self::No,
        }
    }

    /// Whether the line belongs to the value before it.
    fn takes(&mut self, line: &str) -> bool {
        let next = match self {
            Self::No => return false,
            Self::Line => Self::after(line, false),
            Self::Quoted(quote) if line.contains(*quote) => Self::No,
            Self::Quoted(quote) => Self::Quoted(*quote),
        };
        *self = next;
        true
    }
}

/// The value without a comment behind it.
fn without_comment(value: &str) -> &str {
    if let Some(quote) = value.chars().next().filter(|ch| matches!(ch, '"' | '\'')) {
        let inner = value.get(1..).unwrap_or_default();
        return inner.find(quote).and_then(|end| value.get(..end + 2)).unwrap_or(value);
    }
    let comment =
        value.find(" #").into_iter().chain(value.find(" ;")).chain(value.find("\t#")).min();
    value.get(..comment.unwrap_or(value.len())).unwrap_or(value).trim_end()
}

fn unquoted(value: &str) -> &str {
    let inner = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}
