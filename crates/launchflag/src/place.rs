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

/// Stands on both sides of a hole's name. A word of a command line cannot contain it.
pub(crate) const HOLE: char = '\0';

/// A word of a command line.
///
/// What is set elsewhere, by a variable for example, is a hole: the word is known up to its first one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Word {
    /// The text, as far as it is known.
    pub(crate) text: String,
    /// What decides how the word goes on behind `text`: a variable's name, `command substitution`, …
    pub(crate) open: Option<String>,
    /// With a hole: the whole text, each hole as a name between two NULs.
    full: Option<String>,
    /// Where it stands.
    pub(crate) place: Place,
}

impl Word {
    /// A word that is known entirely.
    pub(crate) fn known(text: impl Into<String>, place: Place) -> Self {
        Self { text: text.into(), open: None, full: None, place }
    }

    /// A word that is known up to the end of `text`, and then decided by `name`.
    pub(crate) fn open(text: impl Into<String>, name: &str, place: Place) -> Self {
        let mut full = text.into();
        Self::push_hole(&mut full, name);
        Self::with_holes(full, place)
    }

    /// A word out of a text in which [`Word::push_hole`] has put holes.
    pub(crate) fn with_holes(full: String, place: Place) -> Self {
        match full.split_once(HOLE) {
            None => Self::known(full, place),
            Some((text, rest)) => {
                let name = rest.split(HOLE).next().unwrap_or_default().to_owned();
                Self { text: text.to_owned(), open: Some(name), full: Some(full), place }
            }
        }
    }

    /// Puts a hole at the end of `text`.
    pub(crate) fn push_hole(text: &mut String, name: &str) {
        text.push(HOLE);
        text.extend(name.chars().filter(|ch| *ch != HOLE));
        text.push(HOLE);
    }

    /// The whole text, holes included.
    pub(crate) fn with_its_holes(&self) -> &str {
        self.full.as_deref().unwrap_or(&self.text)
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
