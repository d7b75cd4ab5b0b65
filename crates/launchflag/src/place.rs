//! Places in the text, and words that know theirs.

use std::ops::Range;

/// A place in a file. Lines and columns are 1-based; columns count Unicode code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// 1-based line.
    pub line: usize,
    /// 1-based column in Unicode code points.
    pub column: usize,
}

/// A stretch of a file; `end` is just behind the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// Just behind the last character.
    pub end: Position,
}

/// Where a text comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Place {
    /// Not from a file with lines.
    #[default]
    Nowhere,
    /// Somewhere in this span; how the text's characters map to the file's is not known.
    Whole(Span),
    /// For each unbroken run of characters: its byte offset in the text and its place; then the end of the text.
    Runs(Vec<(usize, Position)>, Position),
}

impl Place {
    /// The span of the whole text.
    pub(crate) fn span(&self) -> Option<Span> {
        match self {
            Self::Nowhere => None,
            Self::Whole(span) => Some(*span),
            Self::Runs(runs, end) => {
                runs.first().map(|(_, start)| Span { start: *start, end: *end })
            }
        }
    }

    /// The span of a part of `text`, which is the text of this place.
    pub(crate) fn part(&self, text: &str, range: Range<usize>) -> Self {
        let Self::Runs(runs, end) = self else { return self.clone() };
        let at = |offset: usize| {
            let index = runs.partition_point(|(start, _)| *start <= offset);
            let (start, place) = runs.get(index.checked_sub(1)?)?;
            let skipped = text.get(*start..offset)?.chars().count();
            Some(Position { line: place.line, column: place.column.saturating_add(skipped) })
        };
        // The end belongs to the last character of the part, not to the first one of the next run.
        let last = text.get(range.clone()).and_then(|part| part.char_indices().next_back());
        let last = last.and_then(|(offset, _)| at(range.start + offset));
        let stop = if range.end >= text.len() { Some(*end) } else { last };
        let stop = stop.map(|place| match range.end >= text.len() {
            true => place,
            false => Position { line: place.line, column: place.column.saturating_add(1) },
        });
        match (at(range.start), stop) {
            (Some(start), Some(end)) => Self::Whole(Span { start, end }),
            _ => self.span().map_or(Self::Nowhere, Self::Whole),
        }
    }
}

/// A word of a command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Word {
    /// The text, as far as it is known.
    pub(crate) text: String,
    /// The name of the variable (or `command substitution`) that decides what follows `text`.
    pub(crate) open: Option<String>,
    /// Where it stands.
    pub(crate) place: Place,
}

impl Word {
    /// A word that is known entirely.
    pub(crate) fn known(text: impl Into<String>, place: Place) -> Self {
        Self { text: text.into(), open: None, place }
    }

    /// The text, if it is known entirely.
    pub(crate) fn as_known(&self) -> Option<&str> {
        self.open.is_none().then_some(self.text.as_str())
    }

    /// The word as it is quoted in reasons.
    pub(crate) fn shown(&self) -> String {
        match &self.open {
            Some(name) => format!("{}{}", self.text, shown_variable(name)),
            None => self.text.clone(),
        }
    }
}

/// A variable as it is quoted in reasons.
pub(crate) fn shown_variable(name: &str) -> String {
    let plain = name.chars().all(|ch| ch.is_alphanumeric() || matches!(ch, '_' | '@' | '*'));
    if plain { format!("${name}") } else { name.to_owned() }
}
