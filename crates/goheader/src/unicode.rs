//! Classes of characters as Go 1.26 has them. Those of std follow a newer Unicode, and a tag or an import path may
//! hold any character.

use crate::unicode_tables::{DIGIT, LETTER, PRINT, PUNCT, UPPER};

/// Whether a code point from U+0080 on is of the class whose answers change at these edges.
fn within(edges: &[u32], c: char) -> bool {
    edges.partition_point(|edge| *edge <= u32::from(c)) % 2 == 1
}

/// `unicode.IsLetter`
pub(crate) fn is_letter(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { within(&LETTER, c) }
}

/// `unicode.IsUpper`
pub(crate) fn is_upper(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_uppercase() } else { within(&UPPER, c) }
}

/// `unicode.IsDigit`
pub(crate) fn is_digit(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { within(&DIGIT, c) }
}

/// `unicode.IsPunct`
pub(crate) fn is_punct(c: char) -> bool {
    // Of the ASCII ones, these are symbols.
    if c.is_ascii() {
        c.is_ascii_punctuation() && !"$+<=>^`|~".contains(c)
    } else {
        within(&PUNCT, c)
    }
}

/// `strconv.IsPrint`
pub(crate) fn is_print(c: char) -> bool {
    if c.is_ascii() { matches!(c, ' '..='~') } else { within(&PRINT, c) }
}
