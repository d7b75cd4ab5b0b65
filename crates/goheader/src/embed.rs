//! `//go:embed` comments: the last part of `readGoInfo`, and the directives of go/ast.

use crate::position::{File, Position};
use crate::quote::unquote_prefix;
use crate::scanner::strip_returns;
use crate::text::{decode, lossy, slice, tail, trim_end, trim_start};
use memchr::{memchr, memmem};
use std::sync::Arc;

/// A pattern of a `//go:embed` comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embed {
    /// Without quotes. What is no UTF-8 is U+FFFD.
    pub pattern: String,
    /// The file that a `//line` comment names; None for the file itself.
    pub file: Option<Arc<str>>,
    /// 1-based.
    pub line: usize,
    /// 1-based, in bytes; 0 where a `//line` comment leaves it unknown.
    pub column: usize,
}

/// The patterns of a file's `//go:embed` comments, whether it imports "embed" or not.
///
/// go/build scans the whole file here. Only comments matter, so this looks for comments, and for the literals that may
/// hold what looks like one.
pub fn embeds(src: &[u8]) -> Vec<Embed> {
    let mut file = File::new(src);
    let mut embeds = Vec::new();
    let mut at = 0;
    let mut at_line_start = true;
    while let Some(byte) = src.get(at) {
        at = match (byte, src.get(at + 1)) {
            (b'/', Some(b'/')) => {
                let end = memchr(b'\n', tail(src, at)).map_or(src.len(), |end| at + end);
                let text = slice(src, at, end);
                let text = text.strip_suffix(b"\r").unwrap_or(text);
                // Nothing comes of what is wrong with a `//line` comment.
                let _ = file.line_comment(text, at, (end + 1).min(src.len()), at_line_start);
                let text = strip_returns(text, false);
                if text.starts_with(b"//go:embed") {
                    embeds.extend(patterns(&text, at, &file));
                }
                end
            }
            (b'/', Some(b'*')) => {
                let Some(end) = memmem::find(tail(src, at + 2), b"*/") else { break };
                let end = at + 2 + end + 2;
                let _ = file.line_comment(slice(src, at, end), at, end, at_line_start);
                end
            }
            (b'`', _) => memchr(b'`', tail(src, at + 1)).map_or(src.len(), |end| at + end + 2),
            (quote @ (b'"' | b'\''), _) => quoted_end(src, at + 1, *quote),
            _ => at + 1,
        };
        at_line_start = at.checked_sub(1).is_some_and(|before| src.get(before) == Some(&b'\n'));
    }
    embeds
}

/// Where a string or character ends: behind its quote, or before the newline that it must not hold.
fn quoted_end(src: &[u8], mut at: usize, quote: u8) -> usize {
    loop {
        match src.get(at) {
            None | Some(b'\n') => return at,
            Some(byte) if *byte == quote => return at + 1,
            // Go's scanner skips these alone; of longer escape sequences no byte is a quote.
            Some(b'\\') if matches!(src.get(at + 1), Some(next) if *next == quote || *next == b'\\') =>
            {
                at += 2;
            }
            Some(_) => at += 1,
        }
    }
}

/// `parseGoEmbed`: nothing where the comment is malformed, which is for the compiler to say.
fn patterns(comment: &[u8], at: usize, file: &File) -> Vec<Embed> {
    let Some(rest) = comment.strip_prefix(b"//go:embed") else { return Vec::new() };
    // Another directive, such as `//go:embedded`.
    if decode(rest).is_some_and(|(c, _)| !c.is_whitespace()) {
        return Vec::new();
    }
    arguments(trim_start(trim_end(rest)), comment, at, file).unwrap_or_default()
}

/// `Directive.ParseArgs`
fn arguments(mut rest: &[u8], comment: &[u8], at: usize, file: &File) -> Option<Vec<Embed>> {
    // Where the arguments end within the comment: spaces behind them are cut off.
    let end = trim_end(comment).len();
    let mut embeds = Vec::new();
    while !rest.is_empty() {
        let Position { file, line, column } = file.position(at + end - rest.len());
        let (pattern, length) = match rest.first() {
            Some(b'`' | b'"') => {
                let (value, length) = unquote_prefix(rest)?;
                if decode(tail(rest, length)).is_some_and(|(c, _)| !c.is_whitespace()) {
                    return None;
                }
                (lossy(&value), length)
            }
            _ => {
                let length = word_length(rest);
                (lossy(slice(rest, 0, length)), length)
            }
        };
        embeds.push(Embed { pattern, file, line, column });
        rest = trim_start(tail(rest, length));
    }
    Some(embeds)
}

/// How long the text is before the first space.
fn word_length(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some((c, width)) = decode(tail(text, at))
        && !c.is_whitespace()
    {
        at += width;
    }
    at
}
