//! How one logical line falls into keyword, flags and arguments.
//!
//! Rules: `split_command.go` and `line_parsers.go` of BuildKit's `frontend/dockerfile/parser`. Everything here works on
//! byte ranges of the logical line, so that each word can be traced back to the file.

use std::ops::Range;

/// The blanks that separate a keyword from its arguments (BuildKit's `reWhitespace`).
fn is_blank(ch: char) -> bool {
    matches!(ch, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ')
}

/// Shrinks `range` of `text` by the white space at both ends.
pub(crate) fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}

/// The keyword and the rest of the line, both without surrounding white space.
pub(crate) fn keyword(text: &str, range: Range<usize>) -> (Range<usize>, Range<usize>) {
    let range = trim(text, range);
    let part = text.get(range.clone()).unwrap_or_default();
    let Some(end) = part.find(is_blank) else { return (range.clone(), range.end..range.end) };
    let keyword = range.start..range.start + end;
    (keyword.clone(), trim(text, keyword.end..range.end))
}

/// Words separated by blanks, quotes meaning nothing (BuildKit's `parseStringsWhitespaceDelimited`).
pub(crate) fn plain(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, ch) in text.get(range.clone()).unwrap_or_default().char_indices() {
        let at = range.start + at;
        match (is_blank(ch), start) {
            (true, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    words.extend(start.map(|from| from..range.end));
    words
}

/// A `--name=value` flag of the builder: where it stands, and its text without quotes and escapes.
pub(crate) struct Flag {
    pub(crate) range: Range<usize>,
    pub(crate) text: String,
}

/// The leading `--flags`, and what follows them (BuildKit's `extractBuilderFlags`).
pub(crate) fn flags(text: &str, range: Range<usize>, escape: char) -> (Vec<Flag>, Range<usize>) {
    let mut flags = Vec::new();
    let mut rest = range;
    loop {
        rest = trim(text, rest);
        if !text.get(rest.clone()).unwrap_or_default().starts_with("--") {
            return (flags, rest);
        }
        let (flag, end) = flag(text, rest.clone(), escape);
        rest = end..rest.end;
        if flag.text == "--" {
            return (flags, trim(text, rest));
        }
        flags.push(flag);
    }
}

/// One flag, up to the white space behind it; gives the offset where it ends.
fn flag(text: &str, range: Range<usize>, escape: char) -> (Flag, usize) {
    let mut out = String::new();
    let mut quote = None;
    let mut end = range.end;
    let mut chars = text.get(range.clone()).unwrap_or_default().char_indices();
    while let Some((at, ch)) = chars.next() {
        match quote {
            None if ch.is_whitespace() => {
                end = range.start + at;
                break;
            }
            None if ch == '\'' || ch == '"' => quote = Some(ch),
            Some(open) if ch == open => quote = None,
            _ if ch == escape => out.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => out.push(ch),
        }
    }
    (Flag { range: range.start..end, text: out }, end)
}

/// Words separated by white space outside of quotes; quotes and escapes stay in the word (BuildKit's `parseWords`).
pub(crate) fn quoted(text: &str, range: Range<usize>, escape: char) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    let mut chars = text.get(range.clone()).unwrap_or_default().char_indices();
    while let Some((at, ch)) = chars.next() {
        if start.is_none() && !ch.is_whitespace() {
            start = Some(range.start + at);
        }
        match quote {
            None if ch.is_whitespace() => {
                words.extend(start.take().map(|from| from..range.start + at));
            }
            None if ch == '\'' || ch == '"' => quote = Some(ch),
            Some(open) if ch == open => quote = None,
            // Single quotes know no escape.
            _ if ch == escape && quote != Some('\'') => {
                chars.next();
            }
            _ => {}
        }
    }
    words.extend(start.map(|from| from..range.end));
    words
}
