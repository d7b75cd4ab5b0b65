//! Documents inside strings: a ConfigMap's `config.yaml: |`.

use crate::place::Places;
use crate::{Format, Node, ParseError, Pos, Span, Style, Value, parse};

/// How places of the inner text become places of the outer one.
enum Shift<'a> {
    /// Line by line, behind an indentation.
    Lines { first: u32, indent: u32, places: Places<'a> },
    /// On one line, behind a prefix.
    Line { start: Pos },
    /// Not known: everything is where the string is.
    Whole { span: Span },
}

impl Node {
    /// Parses a string as a document of its own; its places are those of `source`, the text this
    /// node came from. `None` where this is no string.
    pub fn embedded(&self, source: &str, format: Format) -> Option<Result<Vec<Self>, ParseError>> {
        let text = self.as_str()?;
        let shift = self.shift(text, source);
        Some(match parse(text, format) {
            Ok(mut documents) => {
                documents.iter_mut().for_each(|node| shift.node(node));
                Ok(documents)
            }
            Err(error) => Err(ParseError { pos: shift.pos(error.pos), ..error }),
        })
    }

    fn shift<'a>(&self, text: &str, source: &'a str) -> Shift<'a> {
        let whole = Shift::Whole { span: self.span };
        let written = source.get(self.span.start.offset..self.span.end.offset);
        match self.style {
            Style::Literal => {
                let after = source.get(self.span.start.offset..).unwrap_or_default();
                let mut lines = after.split('\n').skip(1);
                let first = lines.find(|line| !line.trim().is_empty()).unwrap_or_default();
                let blank = first.len() - first.trim_start_matches(' ').len();
                let Some(own) = text.lines().find(|line| !line.trim().is_empty()) else {
                    return whole;
                };
                let own = own.len() - own.trim_start_matches(' ').len();
                let indent = u32::try_from(blank.saturating_sub(own)).unwrap_or(0);
                // The span of a block scalar may begin at its indicator or at its content.
                let indicator = source
                    .get(..self.span.start.offset)
                    .and_then(|before| before.rsplit('\n').next())
                    .is_some_and(|before| before.trim().is_empty());
                let first = self.span.start.line + u32::from(!indicator);
                Shift::Lines { first, indent, places: Places::new(source) }
            }
            Style::Quoted
                if written.is_some_and(|w| w.get(1..w.len().saturating_sub(1)) == Some(text)) =>
            {
                let start = self.span.start;
                Shift::Line {
                    start: Pos { column: start.column + 1, offset: start.offset + 1, ..start },
                }
            }
            Style::Plain if written.is_some_and(|w| w.trim_end() == text) => {
                Shift::Line { start: self.span.start }
            }
            _ => whole,
        }
    }
}

impl Shift<'_> {
    fn pos(&self, inner: Pos) -> Pos {
        match self {
            Self::Whole { span } => span.start,
            Self::Line { start } => Pos {
                line: start.line,
                column: start.column.saturating_add(inner.column - 1),
                offset: start.offset + inner.offset,
            },
            Self::Lines { first, indent, places } => {
                let line = first.saturating_add(inner.line - 1);
                let column = usize::try_from(indent + inner.column - 1).unwrap_or(0);
                places.at(places.offset(usize::try_from(line).unwrap_or(0), column))
            }
        }
    }

    /// Depth is bounded by parsing.
    fn node(&self, node: &mut Node) {
        node.span = match self {
            Self::Whole { span } => *span,
            _ => Span { start: self.pos(node.span.start), end: self.pos(node.span.end) },
        };
        match &mut node.value {
            Value::List(items) => items.iter_mut().for_each(|item| self.node(item)),
            Value::Map(entries) => entries.iter_mut().for_each(|entry| {
                self.node(&mut entry.key);
                self.node(&mut entry.value);
            }),
            _ => {}
        }
    }
}
