//! Places in a file.

use crate::{Assignment, Via};
use std::ops::Range;

/// A place. Lines and columns are 1-based; columns count Unicode code points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// A stretch of a file; the end is exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// Behind the last character.
    pub end: Position,
}

/// An assignment that knows its bytes but not yet its lines.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) is_literal: bool,
    pub(crate) range: Range<usize>,
    pub(crate) via: Via,
}

impl Raw {
    /// Gives it its place in the text its bytes are counted in.
    pub(crate) fn place(self, text: &str) -> Assignment {
        let span = Span { start: at(text, self.range.start), end: at(text, self.range.end) };
        self.put(span)
    }

    /// Gives it a place that is known.
    pub(crate) fn put(self, span: Span) -> Assignment {
        let Self { name, value, is_literal, via, .. } = self;
        Assignment { name, value, is_literal, span, via }
    }
}

/// The place of a byte. Assignments are few, so counting from the beginning will do.
fn at(text: &str, offset: usize) -> Position {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = text.get(..end).unwrap_or_default();
    let before = before.strip_prefix('\u{feff}').unwrap_or(before);
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Position { line: small(line), column: small(column) }
}
