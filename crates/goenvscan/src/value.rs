//! Values: known text, and expansions that perhaps have a default.

use crate::text::{Position, Text, UNKNOWN};

/// A part of a value.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    /// Known text.
    Literal(Text),
    /// `$X`, `$(command)`, `${{ expression }}`: how it is written, and the value if the variable is unset.
    Expansion { shown: Text, default: Option<Text> },
}

/// A value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Value(pub(crate) Vec<Piece>);

impl Value {
    pub(crate) fn literal(text: Text) -> Self {
        Self(vec![Piece::Literal(text)])
    }

    pub(crate) fn push_literal(&mut self, source: &Text, range: std::ops::Range<usize>) {
        if let Some(Piece::Literal(text)) = self.0.last_mut() {
            text.push_part(source, range);
        } else {
            self.0.push(Piece::Literal(source.part(range)));
        }
    }

    /// As written, without quotes.
    pub(crate) fn shown(&self) -> Text {
        let mut shown = Text::default();
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) | Piece::Expansion { shown: text, .. } => shown.push(text),
            }
        }
        shown
    }

    /// With the defaults taken, and [`UNKNOWN`] for every other expansion.
    pub(crate) fn assumed(&self) -> Text {
        let mut assumed = Text::default();
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) | Piece::Expansion { default: Some(text), .. } => {
                    assumed.push(text);
                }
                Piece::Expansion { shown, default: None } => {
                    assumed.push_char(UNKNOWN, shown.at(0))
                }
            }
        }
        assumed
    }

    /// Whether there is no expansion in it.
    pub(crate) fn is_known(&self) -> bool {
        self.0.iter().all(|piece| matches!(piece, Piece::Literal(_)))
    }

    /// Whether a default was taken for a part of [`Value::assumed`].
    pub(crate) fn has_default(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Expansion { default: Some(_), .. }))
    }

    /// The text, if all is known.
    pub(crate) fn known(&self) -> Option<Text> {
        self.is_known().then(|| self.shown())
    }

    /// Cuts off what is behind the first `=` of the literal beginning: `NAME` and the value.
    pub(crate) fn split_assignment(&self) -> Option<(String, Self)> {
        let (first, rest) = self.0.split_first()?;
        let Piece::Literal(text) = first else { return None };
        let at = text.as_str().find('=')?;
        let mut value = Self(vec![Piece::Literal(text.part(at + 1..text.len()))]);
        value.0.extend(rest.iter().cloned());
        Some((text.get(0..at).to_owned(), value))
    }

    /// The lines of the literal parts.
    pub(crate) fn lines(&self) -> Vec<Self> {
        let mut lines = vec![Self::default()];
        for piece in &self.0 {
            let Piece::Literal(text) = piece else {
                if let Some(line) = lines.last_mut() {
                    line.0.push(piece.clone());
                }
                continue;
            };
            for (index, range) in text.lines().enumerate() {
                if index > 0 {
                    lines.push(Self::default());
                }
                if let (Some(line), false) = (lines.last_mut(), range.is_empty()) {
                    line.push_literal(text, range);
                }
            }
            if text.as_str().ends_with('\n') {
                lines.push(Self::default());
            }
        }
        lines
    }

    /// Where it begins, if there is anything of it.
    pub(crate) fn start(&self) -> Option<Position> {
        let shown = self.shown();
        if shown.is_empty() { None } else { Some(shown.at(0)) }
    }
}
