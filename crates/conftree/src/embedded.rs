//! Documents inside strings: a ConfigMap's `config.yaml: |`.

use crate::place::Places;
use crate::{Format, Node, ParseError, Pos, Span, Style, Value, parse};

/// How places of the inner text become places of the outer one.
enum Shift<'a> {
    /// Line by line, behind an indentation: places of the lines from `start` on.
    Lines { start: Pos, indent: u32, places: Places<'a> },
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
                // The span begins at the indicator or at the content, as the parser likes.
                let line_start = source
                    .get(..self.span.start.offset)
                    .map_or(0, |before| before.rfind('\n').map_or(0, |at| at + 1));
                let before = source.get(line_start..self.span.start.offset).unwrap_or_default();
                let at_content = before.trim().is_empty();
                let mut lines = source.get(line_start..).unwrap_or_default().split('\n');
                let filled = |line: &&str| !line.trim().is_empty();
                let Some(first) = lines.by_ref().skip(usize::from(!at_content)).find(filled) else {
                    return whole;
                };
                let Some(own) = text.lines().find(filled) else { return whole };
                let blank = |line: &str| line.len() - line.trim_start_matches(' ').len();
                let indent = u32::try_from(blank(first).saturating_sub(blank(own))).unwrap_or(0);
                // Empty lines in front of the content belong to the text, not to the span.
                let empty = text.lines().take_while(|line| line.trim().is_empty()).count();
                let empty = u32::try_from(empty).unwrap_or(0);
                let first = if at_content {
                    self.span.start.line.saturating_sub(empty)
                } else {
                    self.span.start.line + 1
                };
                let mut from = line_start;
                if at_content {
                    for _ in first..self.span.start.line {
                        let before = source.get(..from.saturating_sub(1)).unwrap_or_default();
                        from = before.rfind('\n').map_or(0, |at| at + 1);
                    }
                } else {
                    let rest = source.get(from..).unwrap_or_default();
                    from += rest.find('\n').map_or(rest.len(), |at| at + 1);
                }
                // Its own lines only: a file may hold thousands of such strings.
                let rest = source.get(from..).unwrap_or_default();
                let behind = rest.match_indices('\n').nth(text.lines().count());
                let to = behind.map_or(rest.len(), |(at, _)| at);
                let own = rest.get(..to).unwrap_or_default();
                let start = Pos { line: first, column: 1, offset: from };
                Shift::Lines { start, indent, places: Places::new(own) }
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
            Self::Lines { start, indent, places } => {
                let line = usize::try_from(inner.line).unwrap_or(usize::MAX);
                let column = usize::try_from(indent + inner.column - 1).unwrap_or(0);
                let own = places.at(places.offset(line, column));
                Pos {
                    line: start.line.saturating_add(own.line - 1),
                    column: own.column,
                    offset: start.offset + own.offset,
                }
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
