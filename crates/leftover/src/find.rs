//! What looks like a placeholder, on one line.

use crate::{FileKind, Syntax};

/// Something that looks like one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<'a> {
    pub(crate) name: &'a str,
    pub(crate) syntax: Syntax,
    /// Byte offsets in the line.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// How far to look for the end of something: further than anybody writes a default value.
const FAR: usize = 4096;

/// The part of a line behind an offset that is worth looking at.
fn window(line: &str, from: usize) -> &str {
    let mut to = from.saturating_add(FAR).min(line.len());
    while !line.is_char_boundary(to) {
        to += 1;
    }
    line.get(from..to).unwrap_or_default()
}

/// The part of a text before its end that is worth looking at.
fn window_before(text: &str) -> &str {
    let mut from = text.len().saturating_sub(FAR);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..).unwrap_or_default()
}

/// `{{NAME}}` with blanks around the name. `${{NAME}}` is GitHub's own.
pub(crate) fn braces(line: &str) -> Vec<Candidate<'_>> {
    let bytes = line.as_bytes();
    let mut found = vec![];
    let mut at = 0;
    while let Some(next) = bytes.get(at..).and_then(|rest| memchr::memmem::find(rest, b"{{")) {
        let opened = at + next;
        let run = bytes[opened..].iter().take_while(|byte| **byte == b'{').count();
        // Of `{{{NAME}}}` the inner pair counts.
        let start = opened + run - 2;
        at = start + 2;
        let Some((from, to)) = name_behind(bytes, at) else { continue };
        let close = skip_blanks(bytes, to);
        if bytes.get(close..close + 2) != Some(b"}}") {
            continue;
        }
        at = close + 2;
        let dollar = opened.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'$');
        let name = line.get(from..to).unwrap_or_default();
        let meant = name.bytes().any(|byte| !byte.is_ascii_digit());
        if !dollar && meant {
            found.push(Candidate { name, syntax: Syntax::DoubleBrace, start, end: at });
        }
    }
    found
}

/// Whether the line looks for the placeholder to replace it, as in `sed s/{{NAME}}/$NAME/`.
pub(crate) fn is_replaced(line: &str, candidate: &Candidate<'_>) -> bool {
    let before = line.get(..candidate.start).unwrap_or_default();
    let tool = ["sed", "perl", "-e"];
    if !window_before(before)
        .split([' ', '\t', '(', '|', ';', '`'])
        .any(|word| tool.contains(&word))
    {
        return false;
    }
    let Some(delimiter) = before.chars().next_back().filter(char::is_ascii_punctuation) else {
        return false;
    };
    let command = before.strip_suffix(delimiter).and_then(|before| before.strip_suffix('s'));
    let begins = command.is_some_and(|rest| !rest.ends_with(|ch: char| ch.is_ascii_alphanumeric()));
    // A look at what follows is enough: a line may be as long as the file.
    begins && window(line, candidate.end).matches(delimiter).nth(1).is_some()
}

fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t')) {
        at += 1;
    }
    at
}

/// The word behind blanks.
fn name_behind(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let from = skip_blanks(bytes, at);
    let length = bytes.get(from..)?.iter().take_while(|byte| is_word(**byte)).count();
    (length > 0).then_some((from, from + length))
}

/// What counts only in rendered files.
pub(crate) fn others(line: &str, kind: FileKind) -> Vec<Candidate<'_>> {
    let mut found = vec![];
    if kind != FileKind::Unit {
        dollars(line, kind, &mut found);
    }
    underscores(line, &mut found);
    if !kind.is_markup() {
        angles(line, &mut found);
    }
    found
}

/// `${NAME}`, `${NAME:-default}`; `$${NAME}` is an escaped dollar, `${a.b}` another engine's.
fn dollars<'a>(line: &'a str, kind: FileKind, found: &mut Vec<Candidate<'a>>) {
    let bytes = line.as_bytes();
    for start in memchr::memmem::find_iter(bytes, b"${") {
        let dollars = bytes[..start].iter().rev().take_while(|byte| **byte == b'$').count();
        if dollars % 2 == 1 || bytes.get(start + 2) == Some(&b'{') {
            continue;
        }
        let from = start + 2;
        let length =
            bytes.get(from..).unwrap_or_default().iter().take_while(|byte| is_word(**byte)).count();
        let to = from + length;
        let name = line.get(from..to).unwrap_or_default();
        if name.is_empty() || name.starts_with(|ch: char| ch.is_ascii_digit()) {
            continue;
        }
        // nginx's own variables are lower case and are read at run time.
        if kind == FileKind::Conf && !crate::is_upper(name) {
            continue;
        }
        let rest = line.get(to..).unwrap_or_default();
        let operator = rest.starts_with('}')
            || [":-", "-", ":=", "=", ":?", "?", ":+", "+", ":"]
                .iter()
                .any(|op| rest.starts_with(op));
        if !operator {
            continue;
        }
        let Some(close) = window(rest, 0).find('}') else { continue };
        found.push(Candidate { name, syntax: Syntax::Dollar, start, end: to + close + 1 });
    }
}

/// `__NAME__` in upper case, standing alone or behind lower case: `v__VERSION__`.
fn underscores<'a>(line: &'a str, found: &mut Vec<Candidate<'a>>) {
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !is_word(bytes[at]) {
            at += 1;
            continue;
        }
        let length = bytes[at..].iter().take_while(|byte| is_word(**byte)).count();
        let (start, end) = (at, at + length);
        at = end;
        let word = line.get(start..end).unwrap_or_default();
        let Some((before, name)) = word.strip_suffix("__").and_then(|word| word.rsplit_once("__"))
        else {
            continue;
        };
        let behind = |ch: char| ch.is_ascii_lowercase() || ch.is_ascii_digit();
        if !before.is_empty() && !before.ends_with(behind) {
            continue;
        }
        let start = start + before.len();
        let first = name.starts_with(|ch: char| ch.is_ascii_uppercase());
        if first && crate::is_upper(name) && !name.ends_with('_') {
            found.push(Candidate { name, syntax: Syntax::Underscore, start, end });
        }
    }
}

/// Words with which people mark what is to be filled in.
const FILL_IN: &[&str] = &[
    "change",
    "enter",
    "fill",
    "fixme",
    "insert",
    "placeholder",
    "replace",
    "set-me",
    "todo",
    "your",
];

/// `<CHANGE_ME>`, `<your-api-key>`.
fn angles<'a>(line: &'a str, found: &mut Vec<Candidate<'a>>) {
    for (start, _) in line.match_indices('<') {
        let rest = line.get(start + 1..).unwrap_or_default();
        let inner = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '-');
        let length = rest.find(|ch| !inner(ch)).unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or_default();
        if !rest.get(length..).unwrap_or_default().starts_with('>') || name.len() < 3 {
            continue;
        }
        let letter = name.starts_with(|ch: char| ch.is_ascii_alphabetic());
        let upper = name.chars().all(|ch| !ch.is_ascii_lowercase());
        let lower = name.to_ascii_lowercase();
        if letter && (upper || FILL_IN.iter().any(|word| lower.starts_with(word))) {
            found.push(Candidate { name, syntax: Syntax::Angle, start, end: start + length + 2 });
        }
    }
}
