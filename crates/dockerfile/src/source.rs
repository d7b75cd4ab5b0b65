//! Physical lines, logical lines, and the way back from an offset to a line and column.

use std::cell::Cell;

use crate::span::{Position, Span, Word};

/// The whole file, cut into physical lines.
pub(crate) struct Source<'a> {
    text: &'a str,
    /// Byte offset at which each line starts.
    starts: Vec<usize>,
    /// The last answer, so that neighbouring questions on a long line stay cheap: byte offset and its place.
    last: Cell<(usize, Position)>,
}

impl<'a> Source<'a> {
    /// `text` without its byte order mark.
    pub(crate) fn new(text: &'a str) -> Self {
        let mut starts = vec![0];
        starts.extend(
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1),
        );
        if starts.last() == Some(&text.len()) {
            starts.pop();
        }
        Self { text, starts, last: Cell::new((0, Position { line: 1, column: 1 })) }
    }

    /// How many lines there are; a final newline does not begin another one.
    pub(crate) fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// Line `index` (0-based) with its line ending, and the byte offset where it starts.
    pub(crate) fn line(&self, index: usize) -> Option<(usize, &'a str)> {
        let start = *self.starts.get(index)?;
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len());
        Some((start, self.text.get(start..end)?))
    }

    /// The line and column of a byte offset.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let row = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let line_start = self.starts.get(row).copied().unwrap_or(0);
        let (known, place) = self.last.get();
        let (from, column) = if known >= line_start && known <= offset {
            (known, place.column)
        } else {
            (line_start, 1)
        };
        let skipped = self.text.get(from..offset).map_or(0, |text| text.chars().count());
        let answer = Position { line: row + 1, column: column + skipped };
        self.last.set((offset, answer));
        answer
    }
}

/// One instruction's text after joining its continuation lines.
#[derive(Default)]
pub(crate) struct Logical {
    /// The joined text.
    pub(crate) text: String,
    /// For each physical line that contributed: byte offset in `text`, byte offset in the file.
    runs: Vec<(usize, usize)>,
}

impl Logical {
    /// Adds a stretch of a physical line which starts at byte `offset` of the file.
    pub(crate) fn push(&mut self, offset: usize, text: &str) {
        if !text.is_empty() || self.runs.is_empty() {
            self.runs.push((self.text.len(), offset));
            self.text.push_str(text);
        }
    }

    /// The byte offset in the file of the character at `offset` of the joined text.
    fn start(&self, offset: usize) -> usize {
        let index = self.runs.partition_point(|(at, _)| *at <= offset).saturating_sub(1);
        self.runs.get(index).map_or(0, |(at, source)| source + (offset - at.min(&offset)))
    }

    /// The byte offset in the file just behind the character that ends at `offset` of the joined text. At a fold this
    /// is the end of the upper line, where [`Logical::start`] gives the beginning of the lower one.
    fn end(&self, offset: usize) -> usize {
        offset.checked_sub(1).map_or_else(|| self.start(0), |inside| self.start(inside) + 1)
    }

    /// The span of `range` of the joined text.
    pub(crate) fn span(&self, source: &Source<'_>, range: std::ops::Range<usize>) -> Span {
        let start = self.start(range.start);
        let end = if range.is_empty() { start } else { self.end(range.end) };
        Span { start: source.position(start), end: source.position(end.max(start)) }
    }

    /// The text of `range`, as it stands, with its place.
    pub(crate) fn word(&self, source: &Source<'_>, range: std::ops::Range<usize>) -> Word {
        let text = self.text.get(range.clone()).unwrap_or_default().to_owned();
        let first = (0, source.position(self.start(range.start)));
        let from = self.runs.partition_point(|(at, _)| *at <= range.start);
        let folds =
            self.runs.get(from..).unwrap_or_default().iter().take_while(|(at, _)| *at < range.end);
        let mut runs = vec![first];
        runs.extend(folds.map(|(at, offset)| (at - range.start, source.position(*offset))));
        Word { text, span: self.span(source, range), runs }
    }

    /// The place of the character at `offset` of the joined text.
    pub(crate) fn position(&self, source: &Source<'_>, offset: usize) -> Position {
        source.position(self.start(offset))
    }
}
