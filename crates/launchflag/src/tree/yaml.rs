//! YAML 1.2 (and with it JSON) by `saphyr-parser`.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::{MAX_DEPTH, MAX_NODES, Node, Problem, Scalar, Value};
use crate::place::{Place, Position, Span};
use crate::verdict::Why;

/// A list or map that is not finished.
struct Open {
    anchor: usize,
    start: Position,
    items: Vec<Node>,
    /// A map: its items are keys and values in turn.
    is_map: bool,
}

/// The lines of the text with their widths, and where the last question was answered: minified JSON is one long line.
struct Lines<'t> {
    lines: Vec<(&'t str, usize)>,
    /// Line, column and byte of the last answer, all from 0.
    last: Cell<(usize, usize, usize)>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
        Self {
            lines: lines.map(|line| (line, line.chars().count())).collect(),
            last: Cell::new((0, 0, 0)),
        }
    }

    /// A marker's place, kept inside the text: a scalar at the very end may be said to end behind it.
    fn position(&self, marker: Marker) -> Position {
        let line = marker.line().clamp(1, self.lines.len().max(1));
        let width = self.lines.get(line - 1).map_or(0, |(_, width)| *width);
        Position { line, column: marker.col().min(width) + 1 }
    }

    /// A line, counted from 1.
    fn line(&self, number: usize) -> Option<&'t str> {
        self.lines.get(number.checked_sub(1)?).map(|(line, _)| *line)
    }

    /// What stands at and behind a place of its line.
    fn behind(&self, place: Position) -> Option<&'t str> {
        let line = self.line(place.line)?;
        let (row, column, byte) = self.last.get();
        let wanted = place.column.checked_sub(1)?;
        let (from, skip) = if row + 1 == place.line && column <= wanted {
            (byte, wanted - column)
        } else {
            (0, wanted)
        };
        let rest = line.get(from..)?;
        let skipped = rest.char_indices().nth(skip).map_or(rest.len(), |(at, _)| at);
        self.last.set((place.line - 1, wanted, from + skipped));
        line.get(from + skipped..)
    }
}

struct Builder<'t> {
    lines: Lines<'t>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    documents: Vec<Node>,
    nodes: usize,
}

pub(super) fn documents(text: &str) -> Result<Vec<Node>, Problem> {
    let lines = Lines::new(text);
    let mut builder = Builder {
        lines,
        open: Vec::new(),
        anchors: HashMap::new(),
        documents: Vec::new(),
        nodes: 0,
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            let at = builder.lines.position(*error.marker());
            Problem { why: Why::Syntax(error.info().to_owned()), at: Some(at) }
        })?;
        let start = builder.lines.position(span.start);
        let end = builder.lines.position(span.end).max(start);
        builder.event(event, start, end)?;
    }
    Ok(builder.documents)
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, start: Position, end: Position) -> Result<(), Problem> {
        match event {
            Event::DocumentStart(_) => self.anchors.clear(),
            Event::Alias(id) => {
                // An alias within its own anchor has no value yet.
                let known = self.anchors.get(&id).cloned();
                let node = known.ok_or_else(|| Problem {
                    why: Why::Syntax("an alias of itself".to_owned()),
                    at: Some(start),
                })?;
                self.add(node, 0, start)?;
            }
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = resolve(&text, style, tag.as_deref());
                let place = self.place(&text, style, start, end);
                self.add(Node::new(Value::Scalar(scalar), place), anchor, start)?;
            }
            Event::SequenceStart(anchor, _) => self.begin(anchor, start, false)?,
            Event::MappingStart(anchor, _) => self.begin(anchor, start, true)?,
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                let place = Place::Whole(Span { start: open.start, end: end.max(open.start) });
                let value =
                    if open.is_map { self.map(open.items)? } else { Value::List(open.items) };
                self.add(Node::new(value, place), open.anchor, start)?;
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn begin(&mut self, anchor: usize, start: Position, is_map: bool) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Problem { why: Why::TooLarge, at: Some(start) });
        }
        self.open.push(Open { anchor, start, items: Vec::new(), is_map });
        Ok(())
    }

    fn add(&mut self, node: Node, anchor: usize, start: Position) -> Result<(), Problem> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Problem { why: Why::TooLarge, at: Some(start) });
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            Some(open) => open.items.push(node),
            None => self.documents.push(node),
        }
        Ok(())
    }

    /// Pairs keys with values, and adds the entries of merge keys that are not given explicitly. The first of several
    /// merged maps wins, as the specification of `<<` says.
    fn map(&mut self, items: Vec<Node>) -> Result<Value, Problem> {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        let mut merged: Vec<Node> = Vec::new();
        let mut names: HashSet<String> = HashSet::new();
        let mut items = items.into_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            if matches!(key.value.as_ref(), Value::Scalar(Scalar::Plain(text)) if text == "<<") {
                match value.value.as_ref() {
                    Value::List(list) => merged.extend(list.iter().cloned()),
                    _ => merged.push(value),
                }
                continue;
            }
            if let Some(name) = key.as_text()
                && !names.insert(name.to_owned())
            {
                let at = key.place.span().map(|span| span.start);
                return Err(Problem { why: Why::Duplicate(name.to_owned()), at });
            }
            entries.push((key, value));
        }
        for source in &merged {
            let Value::Map(more) = source.value.as_ref() else { continue };
            self.nodes = self.nodes.saturating_add(more.len());
            if self.nodes > MAX_NODES {
                return Err(Problem { why: Why::TooLarge, at: None });
            }
            for (key, value) in more {
                if key.as_text().is_some_and(|name| names.insert(name.to_owned())) {
                    entries.push((key.clone(), value.clone()));
                }
            }
        }
        Ok(Value::Map(entries))
    }

    /// The place of a literal block whose text begins in line `first`.
    fn block(&self, text: &str, first: usize) -> Option<Place> {
        let mut runs = Vec::new();
        let mut offset = 0;
        let mut end = None;
        for (row, content) in text.split_inclusive('\n').enumerate() {
            let bare = content.trim_end_matches('\n');
            let indent = self.lines.line(first + row)?.strip_suffix(bare)?.chars().count();
            let place = Position { line: first + row, column: indent + 1 };
            runs.push((offset, place));
            offset += content.len();
            end = Some(Position { column: place.column + bare.chars().count(), ..place });
        }
        Some(Place::Runs(runs, end?))
    }

    /// Where each character of a scalar stands, if the source shows it as it is.
    fn place(&self, text: &str, style: ScalarStyle, start: Position, end: Position) -> Place {
        let whole = Place::Whole(Span { start, end });
        if style == ScalarStyle::Literal {
            // The marker stands at the first line of the text, or at the `|` in front of blank lines.
            let mut blocks = [start.line, start.line + 1].into_iter();
            return blocks.find_map(|first| self.block(text, first)).unwrap_or(whole);
        }
        let quotes =
            usize::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
        let inner = Position { line: start.line, column: start.column + quotes };
        let stop = Position { line: start.line, column: inner.column + text.chars().count() };
        let shown = self.lines.behind(inner);
        match shown.is_some_and(|shown| shown.starts_with(text)) && start.line == end.line {
            true => Place::Runs(vec![(0, inner)], stop),
            false => whole,
        }
    }
}

/// The core schema of YAML 1.2.
fn resolve(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Scalar {
    let core = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
    let plain = style == ScalarStyle::Plain;
    match (core, text) {
        (Some("str"), text) => return Scalar::Text(text.to_owned()),
        (None, text) if !plain || tag.is_some() => return Scalar::Text(text.to_owned()),
        _ => {}
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        text if is_number(text) => Scalar::Number(text.to_owned()),
        text => Scalar::Plain(text.to_owned()),
    }
}

fn is_number(text: &str) -> bool {
    let bare = text.strip_prefix(['-', '+']).unwrap_or(text);
    let based = |prefix: &str, radix: u32| {
        bare.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|ch| ch.is_digit(radix)))
    };
    let special = matches!(bare, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN");
    let decimal = bare.starts_with(|ch: char| ch.is_ascii_digit() || ch == '.')
        && bare.parse::<f64>().is_ok();
    special || decimal || based("0x", 16) || based("0o", 8)
}
