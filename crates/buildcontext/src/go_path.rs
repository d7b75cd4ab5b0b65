//! Paths and shell patterns as Go's `path/filepath` treats them on Linux and macOS.
//!
//! Rules: `internal/filepathlite.Clean`, `path/filepath.Match` and `unicode/utf8.DecodeRune` of Go 1.26. Paths are bytes:
//! a file's name need not be UTF-8.

/// A pattern that `filepath.Match` refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("syntax error in pattern")]
pub struct BadPattern;

/// The shortest equivalent of a path (`filepath.Clean`): no `.`, no doubled or trailing slashes, `..` resolved.
///
/// ```
/// assert_eq!(buildcontext::clean("/a//b/../c/."), "/a/c");
/// assert_eq!(buildcontext::clean(""), ".");
/// ```
pub fn clean(path: &str) -> String {
    // Cutting at slashes and dots leaves valid UTF-8 valid.
    String::from_utf8(clean_bytes(path.as_bytes())).unwrap_or_default()
}

/// As [`clean`], for a path that need not be text.
pub(crate) fn clean_bytes(path: &[u8]) -> Vec<u8> {
    let rooted = path.first() == Some(&b'/');
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                if parts.last().is_some_and(|last| *last != b"..") {
                    parts.pop();
                } else if !rooted {
                    parts.push(part);
                }
            }
            _ => parts.push(part),
        }
    }
    let joined = parts.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/", joined.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}

/// A path within the build context: cleaned as if it stood at the root, so that it cannot leave it. The root is empty.
pub(crate) fn within_root(path: &str) -> String {
    clean(&format!("/{path}")).trim_start_matches('/').to_owned()
}

/// The first code point and its length. A byte that is not part of valid UTF-8 stands for U+FFFD, as in Go.
pub(crate) fn decode(bytes: &[u8]) -> Option<(char, usize)> {
    let first = *bytes.first()?;
    let width = match first {
        0..0x80 => return Some((char::from(first), 1)),
        0xc2..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0..0xf5 => 4,
        _ => return Some(('\u{fffd}', 1)),
    };
    let text = bytes.get(..width).and_then(|bytes| std::str::from_utf8(bytes).ok());
    Some(text.and_then(|text| text.chars().next()).map_or(('\u{fffd}', 1), |ch| (ch, width)))
}

/// The text that Go's `encoding/json` makes of these bytes: each invalid one becomes U+FFFD. The patterns of a
/// `.dockerignore` reach the builder through JSON.
pub(crate) fn decode_all(mut bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut text = String::with_capacity(bytes.len());
    while let Some((ch, width)) = decode(bytes) {
        text.push(ch);
        bytes = bytes.get(width..).unwrap_or_default();
    }
    text
}

/// Whether `name` matches the shell pattern (`filepath.Match`): `*` and `?` stop at `/`, `[^a-z]` negates, `\` escapes.
///
/// # Errors
/// A malformed pattern, whether or not the matching came that far.
///
/// ```
/// assert_eq!(buildcontext::shell_match("*.go", "main.go"), Ok(true));
/// assert_eq!(buildcontext::shell_match("*", "cmd/main.go"), Ok(false));
/// assert!(buildcontext::shell_match("[a", "b").is_err());
/// ```
pub fn shell_match(pattern: impl AsRef<[u8]>, name: impl AsRef<[u8]>) -> Result<bool, BadPattern> {
    let (mut pattern, mut name) = (pattern.as_ref(), name.as_ref());
    while !pattern.is_empty() {
        let (star, chunk, rest) = scan_chunk(pattern);
        pattern = rest;
        if star && chunk.is_empty() {
            return Ok(!name.contains(&b'/'));
        }
        let last = pattern.is_empty();
        if let Some(left) = match_chunk(chunk, name)?.filter(|left| left.is_empty() || !last) {
            name = left;
            continue;
        }
        if !star {
            return Ok(false);
        }
        match skip(chunk, name, last)? {
            Some(left) => name = left,
            None => return Ok(false),
        }
    }
    Ok(name.is_empty())
}

/// Lets a star swallow as few bytes as needed, none of them a slash, until `chunk` matches.
fn skip<'n>(chunk: &[u8], name: &'n [u8], last: bool) -> Result<Option<&'n [u8]>, BadPattern> {
    let mut left = name;
    while let Some((first, tail)) = left.split_first() {
        if *first == b'/' {
            break;
        }
        if let Some(end) = match_chunk(chunk, tail)?.filter(|end| end.is_empty() || !last) {
            return Ok(Some(end));
        }
        left = tail;
    }
    Ok(None)
}

/// Whether a star leads, the text up to the next star, and what follows.
fn scan_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|byte| **byte == b'*').count();
    let rest = pattern.get(stars..).unwrap_or_default();
    let (mut in_range, mut escaped) = (false, false);
    for (at, byte) in rest.iter().enumerate() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match byte {
            b'\\' => escaped = true,
            b'[' => in_range = true,
            b']' => in_range = false,
            b'*' if !in_range => {
                let (chunk, rest) = rest.split_at(at);
                return (stars > 0, chunk, rest);
            }
            _ => {}
        }
    }
    (stars > 0, rest, &[])
}

/// What is left of `name` behind a match of `chunk`. The whole chunk is checked even after a mismatch.
fn match_chunk<'n>(mut chunk: &[u8], mut name: &'n [u8]) -> Result<Option<&'n [u8]>, BadPattern> {
    let mut failed = false;
    while let Some((first, mut rest)) = chunk.split_first() {
        failed |= name.is_empty();
        let (ch, width) = decode(name).unwrap_or(('\u{fffd}', 0));
        let mut taken = width;
        match first {
            b'[' => {
                let (hit, behind) = match_class(rest, ch)?;
                rest = behind;
                failed |= !hit;
            }
            b'?' => failed |= ch == '/',
            _ => {
                let mut literal = first;
                if *first == b'\\' {
                    (literal, rest) = rest.split_first().ok_or(BadPattern)?;
                }
                failed |= name.first() != Some(literal);
                taken = 1;
            }
        }
        chunk = rest;
        if !failed {
            name = name.get(taken..).unwrap_or_default();
        }
    }
    Ok((!failed).then_some(name))
}

/// Whether `ch` is in the class whose inside begins here, and what follows the class.
fn match_class(chunk: &[u8], ch: char) -> Result<(bool, &[u8]), BadPattern> {
    let negated = chunk.first() == Some(&b'^');
    let mut rest = chunk.get(usize::from(negated)..).unwrap_or_default();
    let (mut hit, mut ranges) = (false, 0);
    loop {
        if ranges > 0 && rest.first() == Some(&b']') {
            return Ok((hit != negated, rest.get(1..).unwrap_or_default()));
        }
        let (low, behind) = class_char(rest)?;
        let mut high = low;
        rest = behind;
        if rest.first() == Some(&b'-') {
            (high, rest) = class_char(rest.get(1..).unwrap_or_default())?;
        }
        hit |= low <= ch && ch <= high;
        ranges += 1;
    }
}

/// A perhaps escaped character of a class. Something must follow it.
fn class_char(chunk: &[u8]) -> Result<(char, &[u8]), BadPattern> {
    let text = match chunk.first() {
        None | Some(b'-' | b']') => return Err(BadPattern),
        Some(b'\\') => chunk.get(1..).unwrap_or_default(),
        Some(_) => chunk,
    };
    let (ch, width) = decode(text).ok_or(BadPattern)?;
    let rest = text.get(width..).unwrap_or_default();
    if rest.is_empty() || (ch == '\u{fffd}' && width == 1) {
        return Err(BadPattern);
    }
    Ok((ch, rest))
}

/// Whether a name contains an unescaped `*`, `?` or `[` (`containsWildcards` of fsutil).
pub(crate) fn has_wildcards(name: &str) -> bool {
    let mut escaped = false;
    name.bytes().any(|byte| match byte {
        _ if std::mem::take(&mut escaped) => false,
        b'\\' => {
            escaped = true;
            false
        }
        _ => matches!(byte, b'*' | b'?' | b'['),
    })
}
