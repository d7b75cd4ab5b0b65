//! The first sentence of a doc comment: `Package.Synopsis` of go/doc/synopsis.go.

use crate::doc_text::first_paragraph;
use crate::unicode::is_upper;

/// How much of a sentence counts, in bytes: Go's search for links takes quadratic time.
const MOST: usize = 16 << 10;

/// What `go list` has as `Doc` for a doc comment with this text.
pub(crate) fn synopsis(text: &str) -> String {
    let text = first_sentence(text);
    if ["copyright", "all rights", "author"].iter().any(|prefix| starts_with(text, prefix)) {
        return String::new();
    }
    let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= MOST);
    first_paragraph(end.and_then(|end| text.get(..end)).unwrap_or(text))
}

/// `firstSentence`: it ends with a period that a space follows, unless that is behind a single capital letter.
fn first_sentence(text: &str) -> &str {
    let (mut third, mut second, mut last) = ('\0', '\0', '\0');
    for (at, c) in text.char_indices() {
        let space = matches!(c, '\n' | '\r' | '\t' | ' ');
        let ends = space && last == '.' && (!is_upper(second) || is_upper(third));
        if ends || matches!(last, '。' | '．') {
            return text.get(..at).unwrap_or_default();
        }
        (third, second, last) = (second, last, if space { ' ' } else { c });
    }
    text
}

/// Whether the text in lower case starts with this.
fn starts_with(text: &str, prefix: &str) -> bool {
    // Of the characters that Go lowers to a letter of the prefixes, one is not ASCII.
    let lower = |c: char| if c == 'İ' { 'i' } else { c.to_ascii_lowercase() };
    let mut chars = text.chars().map(lower);
    prefix.chars().all(|expected| chars.next() == Some(expected))
}
