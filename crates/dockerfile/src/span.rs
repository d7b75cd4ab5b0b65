//! Positions in the source, and words that know where they stand.

/// A place in a file. Lines and columns are 1-based; columns count Unicode code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// 1-based line.
    pub line: usize,
    /// 1-based column in Unicode code points. A byte order mark has no column.
    pub column: usize,
}

/// A stretch of a file; `end` is the place just behind the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// Just behind the last character.
    pub end: Position,
}

/// The lines that an instruction occupies, both 1-based and inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lines {
    /// The first line.
    pub first: usize,
    /// The last line, terminators of here-documents included.
    pub last: usize,
}

/// A piece of text with its place in the file.
///
/// The text is what BuildKit's parser sees: line continuations and the comments between them are gone, quotes are kept
/// except in the exec (JSON) form, where the string is decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The text.
    pub text: String,
    /// Where it stands in the file.
    pub span: Span,
    /// For each unbroken run of source characters: its byte offset in `text` and its place in the file.
    pub(crate) runs: Vec<(usize, Position)>,
}

impl Word {
    /// The place of the character at byte `offset` of [`Word::text`].
    ///
    /// A word may be folded over several lines, and an exec-form string may contain escapes: both are accounted for.
    /// An offset behind the end gives the end of the word.
    pub fn position_at(&self, offset: usize) -> Position {
        if offset >= self.text.len() {
            return self.span.end;
        }
        let run = self.runs.partition_point(|(start, _)| *start <= offset);
        let Some((start, place)) = run.checked_sub(1).and_then(|index| self.runs.get(index)) else {
            return self.span.start;
        };
        let skipped = self.text.get(*start..offset).map_or(0, |text| text.chars().count());
        Position { line: place.line, column: place.column.saturating_add(skipped) }
    }

    /// For each unbroken run of source characters: its byte offset in [`Word::text`] and its place in the file.
    pub fn runs(&self) -> &[(usize, Position)] {
        &self.runs
    }
}

impl AsRef<str> for Word {
    fn as_ref(&self) -> &str {
        &self.text
    }
}
