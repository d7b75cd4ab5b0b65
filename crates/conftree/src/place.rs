//! Places in a text.

/// A place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pos {
    /// 1-based line.
    pub line: u32,
    /// 1-based column in Unicode code points.
    pub column: u32,
    /// Bytes before it.
    pub offset: usize,
}

impl Pos {
    /// The first character.
    pub const START: Self = Self { line: 1, column: 1, offset: 0 };
}

/// A stretch of a text; the end is exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first character.
    pub start: Pos,
    /// Behind the last character.
    pub end: Pos,
}

/// How many lines lie between two remembered columns of one long line.
const STEP: usize = 256;

/// Finds places by byte offset in logarithmic time, in long lines too.
pub(crate) struct Places<'a> {
    text: &'a str,
    /// Places at line starts, and every [`STEP`] characters of a long line.
    known: Vec<Pos>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut known = vec![Pos::START];
        let mut here = Pos::START;
        let mut since = 0;
        for (offset, ch) in text.char_indices() {
            since += 1;
            let next = offset + ch.len_utf8();
            if ch == '\n' {
                here = Pos { line: here.line.saturating_add(1), column: 1, offset: next };
                known.push(here);
                since = 0;
            } else {
                here.column = here.column.saturating_add(u32::from(ch != '\u{feff}' || offset > 0));
                here.offset = next;
                if since == STEP {
                    known.push(here);
                    since = 0;
                }
            }
        }
        Self { text, known }
    }

    /// The place of a byte offset; offsets inside a character belong to its beginning.
    pub(crate) fn at(&self, offset: usize) -> Pos {
        let index = self.known.partition_point(|pos| pos.offset <= offset).saturating_sub(1);
        let base = self.known.get(index).copied().unwrap_or(Pos::START);
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let between = self.text.get(base.offset..end).unwrap_or_default();
        let mark = base.offset == 0 && between.starts_with('\u{feff}');
        let passed = between.chars().count() - usize::from(mark);
        let passed = u32::try_from(passed).unwrap_or(u32::MAX);
        Pos { line: base.line, column: base.column.saturating_add(passed), offset: end }
    }

    /// The byte offset of a 1-based line and a 0-based column in characters.
    pub(crate) fn offset(&self, line: usize, column: usize) -> usize {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let wanted = (line, u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1));
        let index = self.known.partition_point(|pos| (pos.line, pos.column) <= wanted);
        let base = self.known.get(index.saturating_sub(1)).copied().unwrap_or(Pos::START);
        if base.line != line {
            return self.text.len();
        }
        let rest = self.text.get(base.offset..).unwrap_or_default();
        let skip = usize::try_from(wanted.1 - base.column).unwrap_or(usize::MAX);
        let mark = base.offset == 0 && rest.starts_with('\u{feff}');
        let skip = skip.saturating_add(usize::from(mark));
        base.offset + rest.char_indices().nth(skip).map_or(rest.len(), |(at, _)| at)
    }

    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        Span { start: self.at(start), end: self.at(end.max(start)) }
    }
}
