//! What a sentence quotes is not said here: `code` in Markdown.

use std::borrow::Cow;

/// A name in quotes is shorter.
const SHORT: usize = 10;

/// The line without what its words quote between backticks.
pub(crate) fn without_quotes(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'`', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut parts = text.split(|byte| *byte == b'`');
    out.extend_from_slice(parts.next().unwrap_or_default());
    let mut removed = false;
    while let Some(inside) = parts.next() {
        let Some(behind) = parts.next() else {
            out.push(b'`');
            out.extend_from_slice(inside);
            break;
        };
        // GNU's tools quote `so'.
        let quotes = inside.len() >= SHORT && !inside.contains(&b'\'') && tells(&out, behind);
        out.push(b'`');
        if quotes {
            removed = true;
        } else {
            out.extend_from_slice(inside);
        }
        out.push(b'`');
        out.extend_from_slice(behind);
    }
    if removed { Cow::Owned(out) } else { Cow::Borrowed(text) }
}

/// Whether words around it tell about what is between.
fn tells(before: &[u8], behind: &[u8]) -> bool {
    let before = before.trim_ascii_start();
    let marked = matches!(before, [b'-' | b'*' | b'|' | b'#', ..]);
    let words = |text: &[u8]| {
        let all = text.split(|byte| matches!(byte, b' ' | b'\t'));
        all.filter(|word| word.len() > 1 && word.iter().take(3).all(u8::is_ascii_alphabetic))
            .count()
    };
    let around = words(before);
    // The cell of a table.
    let cell = behind.trim_ascii_start().starts_with(b"|");
    marked || cell || around >= 4 || around > 0 && words(behind) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_left_out() {
        for (text, wanted) in [
            ("Fixing `exec: \"gcc\": not there` on Alpine", "Fixing `` on Alpine"),
            ("| `go: go.mod file not found` | wrong folder |", "| `` | wrong folder |"),
            ("`go: go.mod file not found` | wrong folder |", "`` | wrong folder |"),
            ("**Error:** `undefined: SomeFunc`", "**Error:** ``"),
            ("`go: updates to go.mod needed`", "`go: updates to go.mod needed`"),
            ("a.go:1:2: undeclared name: `yaml`", "a.go:1:2: undeclared name: `yaml`"),
            (
                "/usr/bin/ld: a.o: in function `main.something': undefined reference to `deflate_it'",
                "/usr/bin/ld: a.o: in function `main.something': undefined reference to `deflate_it'",
            ),
            ("go: x `y", "go: x `y"),
        ] {
            assert_eq!(String::from_utf8_lossy(&without_quotes(text.as_bytes())), wanted);
        }
    }
}
