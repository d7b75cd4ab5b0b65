//! Text that knows where in a file each of its characters stands, through any nesting: a script in a string in YAML.

use std::ops::Range;

/// A place in a file. Lines and columns are 1-based; columns count Unicode code points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// 1-based line.
    pub line: usize,
    /// 1-based column in Unicode code points. A byte order mark has no column.
    pub column: usize,
}

/// A stretch of a file; `end` is the place just behind the last character.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// Just behind the last character.
    pub end: Position,
}

/// Stands for what is not known: an expansion, a substitution. A file that holds this character itself loses nothing
/// but that character.
pub(crate) const UNKNOWN: char = '\u{fffc}';

/// Columns of long lines are remembered every so many characters, so that looking one up takes bounded time.
const STEP: usize = 256;

/// Text with, for each unbroken run of characters, its byte offset and its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text {
    text: String,
    runs: Vec<(usize, Position)>,
}

impl Text {
    /// A whole file. A byte order mark is left out.
    pub(crate) fn file(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut whole = Self::default();
        whole.push_at(text, Position { line: 1, column: 1 });
        whole
    }

    /// Text of which only the beginning has a known place.
    pub(crate) fn fixed(text: &str, at: Position) -> Self {
        Self {
            text: text.to_owned(),
            runs: text.char_indices().map(|(index, _)| (index, at)).collect(),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The part between two byte offsets; empty if these are none.
    pub(crate) fn get(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// The place of the character at a byte offset; at the end, the place behind the last character.
    pub(crate) fn at(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let behind = offset == self.text.len() && !self.text.is_empty();
        // The end belongs to the last character: what follows it in the file is no part of this text.
        let known = if behind { offset - 1 } else { offset };
        let index = self.runs.partition_point(|(start, _)| *start <= known);
        let Some((start, place)) = index.checked_sub(1).and_then(|index| self.runs.get(index))
        else {
            return Position { line: 1, column: 1 };
        };
        let passed = self.get(*start..offset);
        if passed.ends_with('\n') {
            return Position { line: place.line + 1, column: 1 };
        }
        Position { line: place.line, column: place.column.saturating_add(passed.chars().count()) }
    }

    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        let start = self.at(range.start);
        // The end of a part is just behind its last character, even if the next one stands elsewhere.
        let last = self.get(range.clone()).chars().next_back();
        let end = match last {
            None => self.at(range.end),
            // A line end has no column of its own, and there may be no line behind it.
            Some('\n') => self.at_inside(range.end - 1),
            Some(UNKNOWN) if range.end < self.len() => self.behind_unknown(range.end),
            Some(c) => {
                let at = self.at(range.end.saturating_sub(c.len_utf8()));
                Position { line: at.line, column: at.column.saturating_add(1) }
            }
        };
        Span { start, end: end.max(start) }
    }

    /// What is not known may be long in the file: it reaches to what follows, if that is on the same line.
    fn behind_unknown(&self, end: usize) -> Position {
        let at = self.at(end - UNKNOWN.len_utf8());
        let next = self.at_inside(end);
        if next.line == at.line && next > at {
            return next;
        }
        Position { line: at.line, column: at.column + 1 }
    }

    /// Adds text whose characters follow each other in the file from a place on.
    pub(crate) fn push_at(&mut self, text: &str, at: Position) {
        let mut here = at;
        let mut since = STEP;
        for (index, c) in text.char_indices() {
            if since == STEP {
                self.runs.push((self.text.len() + index, here));
                since = 0;
            }
            since += 1;
            if c == '\n' {
                here = Position { line: here.line + 1, column: 1 };
                since = STEP;
            } else {
                here.column += 1;
            }
        }
        self.text.push_str(text);
    }

    /// Adds one character that stands for what begins at a place.
    pub(crate) fn push_char(&mut self, c: char, at: Position) {
        self.runs.push((self.text.len(), at));
        self.text.push(c);
    }

    /// Adds a part of another text, with its places.
    pub(crate) fn push_part(&mut self, other: &Self, range: Range<usize>) {
        let part = other.get(range.clone());
        if part.is_empty() {
            return;
        }
        let base = self.text.len();
        self.runs.push((base, other.at_inside(range.start)));
        let first = other.runs.partition_point(|(start, _)| *start <= range.start);
        let inner = other.runs.iter().skip(first).take_while(|(start, _)| *start < range.end);
        self.runs.extend(inner.map(|(start, place)| (base + (start - range.start), *place)));
        self.text.push_str(part);
    }

    pub(crate) fn push(&mut self, other: &Self) {
        self.push_part(other, 0..other.len());
    }

    /// A part with its places.
    pub(crate) fn part(&self, range: Range<usize>) -> Self {
        let mut part = Self::default();
        part.push_part(self, range);
        part
    }

    /// The place of a character that is not the end.
    fn at_inside(&self, offset: usize) -> Position {
        let index = self.runs.partition_point(|(start, _)| *start <= offset);
        match index.checked_sub(1).and_then(|index| self.runs.get(index)) {
            Some((start, place)) => {
                let passed = self.get(*start..offset).chars().count();
                Position { line: place.line, column: place.column.saturating_add(passed) }
            }
            None => Position { line: 1, column: 1 },
        }
    }

    /// The byte ranges of the lines, without their ends.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        self.text.split_inclusive('\n').map(move |line| {
            let from = start;
            start += line.len();
            let bare = line.strip_suffix('\n').unwrap_or(line);
            let bare = bare.strip_suffix('\r').unwrap_or(bare);
            from..from + bare.len()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_cutting_and_joining() {
        let file = Text::file("\u{feff}ab\ncdé f\n");
        assert_eq!(file.at(0), Position { line: 1, column: 1 });
        assert_eq!(file.at(3), Position { line: 2, column: 1 });
        let mut part = file.part(4..8);
        part.push_part(&file, 0..2);
        assert_eq!(part.as_str(), "dé ab");
        assert_eq!(part.at(1), Position { line: 2, column: 3 });
        assert_eq!(part.at(4), Position { line: 1, column: 1 });
        let end = Position { line: 2, column: 5 };
        assert_eq!(part.span(0..4), Span { start: Position { line: 2, column: 2 }, end });
        assert_eq!(part.at(6), Position { line: 1, column: 3 });
    }

    #[test]
    fn long_lines_have_columns() {
        let file = Text::file(&"é".repeat(1000));
        assert_eq!(file.at(2 * 700), Position { line: 1, column: 701 });
        assert_eq!(file.part(1000..1400).at(200), Position { line: 1, column: 601 });
    }
}
