//! `${VAR}` and word splitting of compose files.
//!
//! Rules: "Interpolation" of the Compose file reference; `mattn/go-shellwords`, with which compose-go cuts strings.

use conftree::Node;

use crate::place::{HOLE, Word};
use crate::tree::{Tree, is_template};
use crate::verdict::Why;

/// Puts holes where variables are filled in.
pub(super) fn interpolate(word: &Word) -> Result<Word, Why> {
    let mut out = String::new();
    let mut rest = word.with_its_holes();
    while let Some((before, behind)) = rest.split_once('$') {
        out.push_str(before);
        rest = match behind.chars().next() {
            Some('$') => {
                out.push('$');
                behind.get(1..)
            }
            Some('{') => {
                let length = braces(behind)
                    .ok_or_else(|| Why::Syntax("invalid interpolation format".to_owned()))?;
                Word::push_hole(&mut out, name(behind.get(1..).unwrap_or_default()));
                behind.get(length..)
            }
            Some(ch) if ch == '_' || ch.is_ascii_alphabetic() => {
                let name = name(behind);
                Word::push_hole(&mut out, name);
                behind.get(name.len()..)
            }
            _ => {
                out.push('$');
                Some(behind)
            }
        }
        .unwrap_or_default();
    }
    out.push_str(rest);
    Ok(Word::with_holes(out, word.place.clone()))
}

/// The name that `text` begins with.
fn name(text: &str) -> &str {
    let end =
        text.find(|ch: char| !(ch == '_' || ch.is_ascii_alphanumeric())).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The length of a braced expression, nested ones included.
fn braces(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, ch) in text.char_indices() {
        match ch {
            '{' => depth += 1,
            '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(at + ch.len_utf8());
        }
    }
    None
}

/// The words of a `command` or `entrypoint`.
pub(super) fn command(tree: &Tree<'_>, node: &Node) -> Result<Vec<Word>, Why> {
    if let Some(items) = node.as_list() {
        // compose refuses a number or a boolean.
        if items.iter().any(|item| item.as_str().is_none()) {
            return Err(Why::Shape("a word of the command".to_owned()));
        }
        return items.iter().map(|item| interpolate(&tree.word(item))).collect();
    }
    if node.as_str().is_none() {
        return Err(if is_template(node) {
            Why::Template
        } else {
            Why::Shape("the command".to_owned())
        });
    }
    split(&interpolate(&tree.word(node))?)
}

/// Cuts a string into words. An operator of the shell (`;`, `&`, `|`, `<`, `>`) outside of quotes ends the command: the
/// rest is dropped, as go-shellwords does it.
fn split(text: &Word) -> Result<Vec<Word>, Why> {
    let mut words: Vec<String> = Vec::new();
    let mut current: Option<String> = None;
    let mut quote = None;
    let mut in_hole = false;
    let mut chars = text.with_its_holes().chars();
    while let Some(ch) = chars.next() {
        if ch == HOLE || in_hole {
            in_hole ^= ch == HOLE;
            current.get_or_insert_default().push(ch);
            continue;
        }
        match (quote, ch) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), ch) => current.get_or_insert_default().push(ch),
            (_, '\\') => match chars.next() {
                Some('t') => current.get_or_insert_default().push('\t'),
                Some('n') => current.get_or_insert_default().push('\n'),
                Some(ch) => current.get_or_insert_default().push(ch),
                None => {
                    return Err(Why::Syntax("a backslash at the end of the command".to_owned()));
                }
            },
            (Some(_), ch) => current.get_or_insert_default().push(ch),
            (None, '\'' | '"') => {
                quote = Some(ch);
                current.get_or_insert_default();
            }
            (None, ' ' | '\t' | '\r' | '\n') => words.extend(current.take()),
            (None, ';' | '&' | '|' | '<' | '>') => {
                // "2>" is a redirection's number.
                let number =
                    |word: &String| ch == '>' && word.starts_with(|ch: char| ch.is_ascii_digit());
                current = current.filter(|word| !number(word));
                break;
            }
            (None, '(' | ')' | '`') => return Err(Why::Syntax(format!("{ch} in the command"))),
            (None, ch) => current.get_or_insert_default().push(ch),
        }
    }
    if quote.is_some() {
        return Err(Why::Syntax("an open quote in the command".to_owned()));
    }
    words.extend(current);
    Ok(words.into_iter().map(|word| Word::with_holes(word, text.place.clone())).collect())
}
