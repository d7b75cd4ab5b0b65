//! Where things are: a port of `token.File`, with the `//line` comments that change the answer.

use crate::text::{lossy, slice, tail};
use std::sync::Arc;

/// A place in a source file as `token.Position` has it: what `//line` comments say, where there are any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Position {
    /// The file that a `//line` comment names, cleaned; None for the file itself.
    pub file: Option<Arc<str>>,
    /// 1-based.
    pub line: usize,
    /// 1-based, in bytes; 0 where a `//line` comment leaves it unknown.
    pub column: usize,
}

/// What a `//line` comment says.
struct LineInfo {
    /// From where on.
    offset: usize,
    file: Option<Arc<str>>,
    line: usize,
    column: usize,
}

/// The lines of a file.
pub(crate) struct File {
    size: usize,
    /// Where each line starts.
    lines: Vec<usize>,
    infos: Vec<LineInfo>,
}

impl File {
    pub(crate) fn new(text: &[u8]) -> Self {
        let mut lines = Vec::with_capacity(1 + text.len() / 32);
        lines.push(0);
        // No line starts at the end of the file: `File.AddLine`.
        let starts = memchr::memchr_iter(b'\n', text).map(|at| at + 1);
        lines.extend(starts.filter(|start| *start < text.len()));
        Self { size: text.len(), lines, infos: Vec::new() }
    }

    /// The 1-based line, whatever `//line` comments say.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset)
    }

    /// `File.Position`
    pub(crate) fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.size);
        let line = self.line(offset);
        let start = self.lines.get(line.wrapping_sub(1)).copied().unwrap_or_default();
        let column = offset - start + 1;
        let after = self.infos.partition_point(|info| info.offset <= offset);
        let Some(info) = after.checked_sub(1).and_then(|index| self.infos.get(index)) else {
            return Position { file: None, line, column };
        };
        let distance = line - self.line(info.offset);
        let column = match (info.column, distance) {
            (0, _) => 0,
            (base, 0) => base + offset - info.offset,
            _ => column,
        };
        Position { file: info.file.clone(), line: info.line + distance, column }
    }

    /// `File.AddLineColumnInfo`
    fn add(&mut self, info: LineInfo) {
        let later = self.infos.last().is_none_or(|last| last.offset < info.offset);
        if later && info.offset < self.size {
            self.infos.push(info);
        }
    }

    /// `Scanner.updateLineInfo` and what scanComment asks before it: the comment, without a last carriage return,
    /// starts at `start`, and its text applies from `next` on. What is wrong with it, and where, comes back.
    pub(crate) fn line_comment(
        &mut self,
        comment: &[u8],
        start: usize,
        next: usize,
        at_line_start: bool,
    ) -> Option<(usize, String)> {
        let long = comment.get(1) == Some(&b'*');
        if !(long || at_line_start) || !tail(comment, 2).starts_with(b"line ") {
            return None;
        }
        let text = slice(comment, 7, comment.len() - if long { 2 } else { 0 });
        let start = start + 7;
        let (at, number) = trailing_digits(text)?;
        let wrong = |text: &[u8], what: &str, at: usize| {
            Some((start + at, format!("invalid {what} number: {}", lossy(tail(text, at)))))
        };
        let Some(number) = number else { return wrong(text, "line", at) };
        let before = slice(text, 0, at - 1);
        let (line, column, end) = match trailing_digits(before) {
            Some((_, Some(_))) if number == 0 || number > MAX => return wrong(text, "column", at),
            Some((line_at, Some(line))) => (line, Some(number), line_at),
            _ => (number, None, at),
        };
        if line == 0 || line > MAX {
            return wrong(if column.is_some() { before } else { text }, "line", end);
        }
        let name = slice(text, 0, end - 1);
        let file = match (name, column) {
            (b"", Some(_)) => self.position(start).file,
            (b"", None) => Some(Arc::default()),
            (name, _) => Some(clean(&lossy(name)).into()),
        };
        let small = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let (line, column) = (small(line), small(column.unwrap_or(0)));
        self.add(LineInfo { offset: next, file, line, column });
        None
    }
}

/// The highest line and column that a comment may name.
const MAX: u64 = 1 << 30;

/// Where the number behind the last colon starts, and the number if it is one.
fn trailing_digits(text: &[u8]) -> Option<(usize, Option<u64>)> {
    let at = memchr::memrchr(b':', text)? + 1;
    let digits = tail(text, at);
    // Unlike Rust's, Go's `ParseUint` takes no sign.
    let plain = digits.iter().all(u8::is_ascii_digit);
    let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
    Some((at, number.filter(|_| plain)))
}

/// `filepath.Clean` of a name that is not empty.
fn clean(name: &str) -> String {
    let rooted = name.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if rooted => {}
            part => kept.push(part),
        }
    }
    let joined = kept.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}
