//! `${VAR}` and word splitting of compose files.
//!
//! Rules: "Interpolation" of the Compose file reference; `mattn/go-shellwords`, with which compose-go cuts strings.

use crate::place::{Place, Word};
use crate::tree::{self, Node};
use crate::verdict::Why;

/// Stands for a variable in a text. YAML allows no NUL, but a quoted scalar may escape one: it is taken out first.
const HOLE: char = '\0';

/// A text with holes where variables were.
#[derive(Default)]
pub(super) struct Text {
    text: String,
    names: Vec<String>,
    place: Place,
}

impl Text {
    /// The text up to its first hole.
    pub(super) fn into_word(self) -> Word {
        let Self { text, names, place } = self;
        cut(&text, &mut names.into_iter(), &place)
    }
}

/// A word of `text`: it is known up to its first hole.
fn cut(text: &str, names: &mut dyn Iterator<Item = String>, place: &Place) -> Word {
    let holes = text.matches(HOLE).count();
    let mut own = names.take(holes);
    let open = own.next();
    own.for_each(drop);
    let known = text.split(HOLE).next().unwrap_or_default().to_owned();
    Word { text: known, open, place: place.clone() }
}

/// Puts holes where variables are filled in.
pub(super) fn interpolate(word: &Word) -> Result<Text, Why> {
    let source: String = word.text.chars().filter(|ch| *ch != HOLE).collect();
    let mut out = Text { text: String::new(), names: Vec::new(), place: word.place.clone() };
    let mut rest = source.as_str();
    while let Some((before, behind)) = rest.split_once('$') {
        out.text.push_str(before);
        let name_end = behind
            .find(|ch: char| !(ch == '_' || ch.is_ascii_alphanumeric()))
            .unwrap_or(behind.len());
        let starts_name = behind.starts_with(|ch: char| ch == '_' || ch.is_ascii_alphabetic());
        let (name, length) = if behind.starts_with('$') {
            out.text.push('$');
            rest = behind.get(1..).unwrap_or_default();
            continue;
        } else if behind.starts_with('{') {
            let length = braces(behind)
                .ok_or_else(|| Why::Syntax("invalid interpolation format".to_owned()))?;
            let inner = behind.get(1..length - 1).unwrap_or_default();
            let end = inner
                .find(|ch: char| !(ch == '_' || ch.is_ascii_alphanumeric()))
                .unwrap_or(inner.len());
            (inner.get(..end).unwrap_or_default(), length)
        } else if starts_name {
            (behind.get(..name_end).unwrap_or_default(), name_end)
        } else {
            out.text.push('$');
            rest = behind;
            continue;
        };
        out.text.push(HOLE);
        out.names.push(name.to_owned());
        rest = behind.get(length..).unwrap_or_default();
    }
    out.text.push_str(rest);
    if let Some(name) = &word.open {
        out.text.push(HOLE);
        out.names.push(name.clone());
    }
    Ok(out)
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
pub(super) fn command(node: &Node) -> Result<Vec<Word>, Why> {
    if let Some(items) = tree::items(node) {
        let wrong = items.iter().find(|item| !tree::is_text(item));
        if wrong.is_some() {
            return Err(Why::Shape("a word of the command".to_owned()));
        }
        return items.iter().map(|item| Ok(interpolate(&tree::word(item))?.into_word())).collect();
    }
    if !tree::is_text(node) {
        let template = tree::is_template(node);
        return Err(if template { Why::Template } else { Why::Shape("the command".to_owned()) });
    }
    split(interpolate(&tree::word(node))?)
}

/// Cuts a string into words. An operator of the shell (`;`, `&`, `|`, `<`, `>`) outside of quotes ends the command: the
/// rest is dropped, as go-shellwords does it.
fn split(text: Text) -> Result<Vec<Word>, Why> {
    let mut words: Vec<String> = Vec::new();
    let mut current: Option<String> = None;
    let mut quote = None;
    let mut chars = text.text.chars();
    while let Some(ch) = chars.next() {
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
            (None, '>')
                if current
                    .as_deref()
                    .is_some_and(|word| word.starts_with(|ch: char| ch.is_ascii_digit())) =>
            {
                current = None;
                break;
            }
            (None, ';' | '&' | '|' | '<' | '>') => break,
            (None, '(' | ')' | '`') => return Err(Why::Syntax(format!("{ch} in the command"))),
            (None, ch) => current.get_or_insert_default().push(ch),
        }
    }
    if quote.is_some() {
        return Err(Why::Syntax("an open quote in the command".to_owned()));
    }
    words.extend(current);
    let mut names = text.names.into_iter();
    Ok(words.iter().map(|word| cut(word, &mut names, &text.place)).collect())
}
