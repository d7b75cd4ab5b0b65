//! Comments and their text: go/ast's `Comment` and `CommentGroup`.

use crate::text::{lossy, tail};
use std::borrow::Cow;
use std::ops::Range;

/// `ast.Comment`
pub(crate) struct Comment<'a> {
    /// Its offset.
    pub(crate) at: usize,
    /// With its marks, without carriage returns.
    pub(crate) text: Cow<'a, [u8]>,
}

/// `ast.CommentGroup`, as a range of the file's comments.
pub(crate) type Group = Range<usize>;

/// `CommentGroup.Text`
pub(crate) fn group_text(comments: &[Comment<'_>]) -> String {
    let mut text = String::new();
    // Of several empty lines one is kept, and none at the start.
    let mut empty_before = true;
    for comment in comments {
        let Some(body) = body(&comment.text) else { continue };
        for line in body.split(|byte| *byte == b'\n') {
            let end = line.iter().rposition(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
            let line = line.get(..end.map_or(0, |end| end + 1)).unwrap_or_default();
            if line.is_empty() && empty_before {
                continue;
            }
            empty_before = line.is_empty();
            match std::str::from_utf8(line) {
                Ok(line) => text.push_str(line),
                Err(_) => text.push_str(&lossy(line)),
            }
            text.push('\n');
        }
    }
    if empty_before {
        // An empty line is at the end, or there is no line at all.
        text.pop();
    }
    text
}

/// What is between the marks of a comment; None for a directive such as `//go:build`.
fn body(comment: &[u8]) -> Option<&[u8]> {
    let inner = tail(comment, 2);
    if comment.get(1) == Some(&b'*') {
        return Some(inner.strip_suffix(b"*/").unwrap_or(inner));
    }
    match inner.strip_prefix(b" ") {
        Some(inner) => Some(inner),
        None if is_directive(inner) => None,
        None => Some(inner),
    }
}

/// `isDirective`: whether this is what follows the slashes of a comment that is for tools.
fn is_directive(text: &[u8]) -> bool {
    if [&b"line "[..], b"extern ", b"export "].iter().any(|word| text.starts_with(word)) {
        return true;
    }
    let word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let colon = memchr::memchr(b':', text).filter(|colon| *colon > 0);
    colon.is_some_and(|colon| {
        text.iter().take(colon).all(word) && text.get(colon + 1).is_some_and(word)
    })
}
