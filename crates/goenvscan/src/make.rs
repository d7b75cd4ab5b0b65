//! Makefiles: variables, and the shell lines of recipes.

use crate::place::Raw;
use crate::{Assignment, Via, is_go_variable, shell};

/// The assignments of a Makefile.
pub(crate) fn scan(text: &str) -> Vec<Assignment> {
    let mut found = vec![];
    let mut at = 0;
    while at < text.len() {
        let line = logical_line(text, at);
        if line.starts_with('\t') {
            found.extend(recipe(text, line, at));
        } else if let Some(raw) = variable(line, at) {
            found.push(raw);
        }
        at += line.len() + 1;
    }
    found.into_iter().map(|raw| raw.place(text)).collect()
}

/// The line at `at` with the lines that backslashes join to it.
fn logical_line(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    let mut end = 0;
    loop {
        let line = rest.get(end..).unwrap_or_default().split('\n').next().unwrap_or_default();
        end += line.len();
        if !line.trim_end_matches('\r').ends_with('\\') || end >= rest.len() {
            return rest.get(..end).unwrap_or(rest);
        }
        end += 1;
    }
}

/// A recipe line for the shell, with make's own expansions out of the way at equal length.
fn recipe(text: &str, line: &str, at: usize) -> Vec<Raw> {
    let mut script = String::with_capacity(line.len());
    let mut chars = line.char_indices().peekable();
    while let Some((index, ch)) = chars.next() {
        match (ch, chars.peek().map(|(_, next)| *next)) {
            // `$$` is the shell's dollar; a blank in front keeps the length.
            ('$', Some('$')) => {
                chars.next();
                script.push_str(" $");
            }
            // `$(X)` is make's: the shell's `${X}` is as unknown and as long.
            ('$', Some('(')) if make_reference(line, index) => {
                chars.next();
                script.push_str("${");
                for (_, inner) in chars.by_ref() {
                    if inner == ')' {
                        script.push('}');
                        break;
                    }
                    script.push(inner);
                }
            }
            (ch, _) => script.push(ch),
        }
    }
    let trimmed = script.trim_start_matches(['\t', '@', '-', '+', ' ']);
    let skipped = script.len() - trimmed.len();
    let raws = shell::scan(trimmed, at + skipped);
    raws.into_iter()
        .map(|mut raw| {
            raw.range.end = raw.range.end.min(text.len());
            raw
        })
        .collect()
}

/// Whether `$(` at `index` names a variable, and not a function with blanks or more parentheses.
fn make_reference(line: &str, index: usize) -> bool {
    let inner = line.get(index + 2..).unwrap_or_default();
    let name = inner.split(')').next().unwrap_or_default();
    inner.contains(')') && !name.contains(['(', ' ', '\t', '{'])
}

/// `NAME = value`, `export NAME := value`, `target: NAME ?= value`.
fn variable(line: &str, at: usize) -> Option<Raw> {
    let code = comment_free(line);
    let (left, value) = code.split_once('=')?;
    let name_part = left.trim_end_matches([':', '?', '+', '!']).trim_end();
    let name_start =
        name_part.rfind(|ch: char| ch.is_whitespace() || ch == ':').map_or(0, |i| i + 1);
    let name = name_part.get(name_start..)?;
    if !is_go_variable(name) {
        return None;
    }
    let value = value.trim();
    let is_literal = !value.contains('$');
    let end = at + code.trim_end().len();
    Some(Raw {
        name: name.to_owned(),
        value: without_references(value),
        is_literal,
        range: at + name_start..end,
        via: Via::Make,
    })
}

/// A `#` begins a comment unless a backslash stands in front of it.
fn comment_free(line: &str) -> &str {
    let mut before = ' ';
    for (index, ch) in line.char_indices() {
        if ch == '#' && before != '\\' {
            return line.get(..index).unwrap_or(line);
        }
        before = ch;
    }
    line
}

/// The value without `$(X)`, `${X}` and `$X`; nested references go with the outermost.
fn without_references(value: &str) -> String {
    let mut out = String::new();
    let mut chars = value.chars().peekable();
    while let Some(ch) = chars.next() {
        if ch != '$' {
            out.push(ch);
            continue;
        }
        if chars.next_if(|next| matches!(next, '(' | '{')).is_some() {
            let mut depth = 1_usize;
            for inner in chars.by_ref() {
                match inner {
                    '(' | '{' => depth += 1,
                    ')' | '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            chars.next();
        }
    }
    out
}
