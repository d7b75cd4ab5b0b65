//! Documents of `conftree`, their scalars as words that know their place.

mod indent;

use std::borrow::Cow;

use conftree::{ErrorKind, Format, Node, Pos, Style, Value};

use crate::argv::Finding;
use crate::place::{Place, Position, Span, Word};
use crate::verdict::Why;

/// A parsed text.
pub(crate) struct Tree<'t> {
    text: Cow<'t, str>,
    /// By how many spaces each line was moved to the right for the parser's sake.
    moved: Vec<usize>,
    /// Its documents; a format other than YAML has one.
    pub(crate) documents: Vec<Node>,
}

impl<'t> Tree<'t> {
    /// Reads JSON or YAML; or tells why the text cannot be judged. A key given twice in one map is such a reason, because
    /// parsers do not agree on which one counts.
    pub(crate) fn parse(text: &'t str) -> Result<Self, Finding> {
        let json = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
        let parsed = match json {
            true => {
                conftree::parse(text, Format::Json).or_else(|_| conftree::parse(text, Format::Yaml))
            }
            false => conftree::parse(text, Format::Yaml),
        };
        let tree = match parsed {
            Ok(documents) => Self { text: Cow::Borrowed(text), moved: Vec::new(), documents },
            Err(error) => Self::moved_in(text).ok_or_else(|| refused(text, error))?,
        };
        match tree.documents.iter().find_map(duplicate) {
            Some(key) => {
                let key = tree.word(key);
                Err(Finding::without(Why::Duplicate(key.text.clone()), Some(&key)))
            }
            None => Ok(tree),
        }
    }

    /// Reads YAML of which only the indentation of continuation lines is wrong.
    fn moved_in(text: &'t str) -> Option<Self> {
        let (text, moved) = indent::indent(text)?;
        let documents = conftree::parse(&text, Format::Yaml).ok()?;
        Some(Self { text: Cow::Owned(text), moved, documents })
    }

    /// Reads TOML; `None` if it is none.
    pub(crate) fn toml(text: &'t str) -> Option<Self> {
        let documents = conftree::parse(text, Format::Toml).ok()?;
        Some(Self { text: Cow::Borrowed(text), moved: Vec::new(), documents })
    }

    /// A place in the text as it was given to us.
    fn position(&self, at: Pos) -> Position {
        let at = position(at);
        let moved =
            at.line.checked_sub(1).and_then(|line| self.moved.get(line)).copied().unwrap_or(0);
        Position { line: at.line, column: at.column.saturating_sub(moved).max(1) }
    }

    /// A scalar as a word; what a template decides is a hole. Lists and maps give an empty word at their place.
    pub(crate) fn word(&self, node: &Node) -> Word {
        let text = node.scalar_text().unwrap_or_default();
        if !text.contains("{{") {
            return Word::known(text, self.place(node));
        }
        let mut holes = String::new();
        let mut rest: &str = &text;
        while let Some((before, behind)) = rest.split_once("{{") {
            holes.push_str(before);
            Word::push_hole(&mut holes, "{{ … }}");
            rest = behind.split_once("}}").map_or("", |(_, rest)| rest);
        }
        holes.push_str(rest);
        Word::with_holes(holes, self.place(node))
    }

    /// Where each character of a scalar stands, if the source shows it as it is.
    fn place(&self, node: &Node) -> Place {
        let (start, end) = (self.position(node.span.start), self.position(node.span.end));
        let whole = Place::Whole(Span { start, end });
        let Some(text) = node.as_str() else { return whole };
        let written =
            self.text.get(node.span.start.offset..node.span.end.offset).unwrap_or_default();
        match node.style {
            Style::Literal => self.block(text, node.span.start).unwrap_or(whole),
            Style::Quoted if written.get(1..written.len().saturating_sub(1)) == Some(text) => {
                let end = Position { column: end.column.saturating_sub(1), ..end };
                Place::Runs(vec![(0, Position { column: start.column + 1, ..start })], end)
            }
            Style::Plain if written == text => Place::Runs(vec![(0, start)], end),
            _ => whole,
        }
    }

    /// The place of a literal block: its span begins at the `|`, or at the first line of the text.
    fn block(&self, text: &str, start: Pos) -> Option<Place> {
        let line_start = self.text.get(..start.offset)?.rfind('\n').map_or(0, |at| at + 1);
        let first = self.position(start).line;
        let lines = || self.text.get(line_start..).unwrap_or_default().lines();
        (0..2).find_map(|skip| {
            let mut runs = Vec::new();
            let mut offset = 0;
            let mut end = None;
            let pairs = text.split_inclusive('\n').zip(lines().skip(skip));
            for (row, (content, line)) in pairs.enumerate() {
                let bare = content.trim_end_matches('\n');
                let indent = line.strip_suffix(bare)?.chars().count();
                let place = Position { line: first + skip + row, column: indent + 1 };
                runs.push((offset, place));
                offset += content.len();
                end = Some(Position { column: place.column + bare.chars().count(), ..place });
            }
            (offset == text.len()).then_some(Place::Runs(runs, end?))
        })
    }

    /// The span in the file of a span within a text value: exact in literal blocks, otherwise that of the whole value.
    pub(crate) fn inner_span(&self, node: &Node, inner: Option<Span>) -> Option<Span> {
        let place = self.place(node);
        let whole = place.span();
        let (Place::Runs(runs, _), Some(inner)) = (&place, inner) else { return whole };
        let at = |place: Position| {
            let (_, start) = runs.get(place.line.checked_sub(1)?)?;
            Some(Position { line: start.line, column: start.column + place.column - 1 })
        };
        let mapped = at(inner.start).zip(at(inner.end)).map(|(start, end)| Span { start, end });
        mapped.or(whole)
    }
}

/// Why a text cannot be judged.
fn refused(text: &str, error: conftree::ParseError) -> Finding {
    let why = match error.kind {
        // Helm's actions rarely leave valid YAML behind.
        ErrorKind::Syntax if text.contains("{{") => Why::Template,
        ErrorKind::Syntax => Why::Syntax(error.message),
        _ => Why::TooLarge,
    };
    let start = position(error.pos);
    Finding::without(why, Some(&Word::known("", Place::Whole(Span { start, end: start }))))
}

fn position(at: Pos) -> Position {
    let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    Position { line: number(at.line), column: number(at.column) }
}

/// A key that stands twice in one map, merged entries aside. The depth is bounded by parsing.
fn duplicate(node: &Node) -> Option<&Node> {
    match &node.value {
        Value::List(items) => items.iter().find_map(duplicate),
        Value::Map(entries) => {
            let mut names = std::collections::HashSet::new();
            let own = entries.iter().filter(|entry| !entry.merged);
            let twice = own.clone().find(|entry| !names.insert(entry.key.as_str()));
            twice
                .map(|entry| &entry.key)
                .or_else(|| own.map(|entry| &entry.value).find_map(duplicate))
        }
        _ => None,
    }
}

/// The value of `key`, unless it is nothing.
pub(crate) fn given<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.get(key).filter(|value| value.value != Value::Null)
}

/// Whether the value still has to be rendered: `{{ … }}` in a text, or the map of a map that YAML makes of a bare one.
pub(crate) fn is_template(node: &Node) -> bool {
    match &node.value {
        Value::String(text) => text.contains("{{"),
        Value::Map(entries) => entries.iter().any(|entry| entry.key.as_str() == Some("(map)")),
        _ => false,
    }
}
