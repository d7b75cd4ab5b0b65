//! Reading `.dockerignore` files.
//!
//! Rules: `ReadAll` of `github.com/moby/patternmatcher/ignorefile`, which both BuildKit's frontend and the classic
//! builder use. What it returns is not yet judged: `!` alone and malformed patterns are refused by [`crate::Matcher`].

use crate::go_path::{clean, decode_all};

/// Lines of this many bytes or more are refused: the limit of Go's `bufio.Scanner`.
pub const MAX_LINE: usize = 64 << 10;
/// A larger file is not read. Our own bound.
pub const MAX_SIZE: usize = 64 << 20;

/// A line of a `.dockerignore` file that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The pattern after cleaning, with its `!` if there is one: exactly what `ReadAll` returns. Bytes that are not
    /// UTF-8 have become U+FFFD, as on their way to the builder.
    pub text: String,
    /// Whether it begins with `!`: an exception, which takes back what earlier lines exclude.
    pub negated: bool,
    /// 1-based line.
    pub line: usize,
    /// The line as it is written, without the blanks around it.
    pub written: String,
    /// 1-based column of its first character, in code points.
    pub column: usize,
}

/// Why a `.dockerignore` file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// `bufio.Scanner: token too long`: the build stops, whatever else the file says.
    #[error("line {line}: token too long: docker build refuses lines of 65,536 bytes and more")]
    LineTooLong {
        /// 1-based line.
        line: usize,
    },
    /// Our own bound.
    #[error("file larger than 64 MiB")]
    TooLarge,
}

impl ParseError {
    /// 1-based line; the first for the file as a whole.
    pub fn line(&self) -> usize {
        match self {
            Self::LineTooLong { line } => *line,
            Self::TooLarge => 1,
        }
    }
}

/// Reads a `.dockerignore` file. Order and duplicates are kept.
///
/// - A UTF-8 byte order mark is dropped from the first line.
/// - A line is a comment if `#` is its very first character; blanks before it make it a pattern.
/// - Blanks around the pattern, and between `!` and the pattern, do not count.
/// - The path is cleaned; a slash in front is dropped. `!` on its own stays.
///
/// # Errors
/// See [`ParseError`].
///
/// ```
/// let patterns = buildcontext::parse("# secrets\n /.env*/ \n! ./a//b\n")?;
/// let texts: Vec<&str> = patterns.iter().map(|pattern| pattern.text.as_str()).collect();
/// assert_eq!(texts, [".env*", "!a/b"]);
/// assert_eq!((patterns[1].line, patterns[1].negated), (3, true));
/// # Ok::<(), buildcontext::ParseError>(())
/// ```
pub fn parse(text: impl AsRef<[u8]>) -> Result<Vec<Pattern>, ParseError> {
    let text = text.as_ref();
    if text.len() > MAX_SIZE {
        return Err(ParseError::TooLarge);
    }
    let mut patterns = Vec::new();
    for (index, bytes) in text.split(|byte| *byte == b'\n').enumerate() {
        let line = index + 1;
        if bytes.len() >= MAX_LINE {
            return Err(ParseError::LineTooLong { line });
        }
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let bytes = match line {
            1 => bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes),
            _ => bytes,
        };
        patterns.extend(read_line(&decode_all(bytes), line));
    }
    Ok(patterns)
}

fn read_line(text: &str, line: usize) -> Option<Pattern> {
    let written = text.trim();
    if text.starts_with('#') || written.is_empty() {
        return None;
    }
    let exception = written.strip_prefix('!');
    let mut path = exception.map_or(written, str::trim).to_owned();
    if !path.is_empty() {
        path = clean(&path);
        if path.len() > 1 && path.starts_with('/') {
            path.remove(0);
        }
    }
    let negated = exception.is_some();
    let leading = text.chars().take_while(|ch| ch.is_whitespace()).count();
    Some(Pattern {
        text: if negated { format!("!{path}") } else { path },
        negated,
        line,
        written: written.to_owned(),
        column: leading + 1,
    })
}
