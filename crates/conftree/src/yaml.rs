//! YAML, from the events of `saphyr-parser`.

use crate::place::Places;
use crate::{Entry, ErrorKind, Limits, Node, ParseError, Pos, Span, Style, Value};
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use std::borrow::Cow;
use std::collections::HashMap;

/// An anchored node, with what its use costs.
struct Anchored {
    node: Node,
    count: usize,
    height: usize,
}

/// A map or list that is still open.
struct Open {
    anchor: usize,
    start: Pos,
    items: Vec<Node>,
    is_map: bool,
}

struct Builder<'a> {
    limits: &'a Limits,
    places: Places<'a>,
    /// Bytes of a byte order mark, which the parser does not see.
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    nodes: usize,
    documents: Vec<Node>,
}

pub(crate) fn parse(text: &str, limits: &Limits) -> (Vec<Node>, Option<ParseError>) {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let places = Places::new(text);
    let mut builder = Builder {
        limits,
        places,
        open: vec![],
        anchors: HashMap::new(),
        nodes: 0,
        documents: vec![],
    };
    for event in Parser::new_from_str(bare) {
        let taken = match event {
            Ok((event, span)) => {
                let pos = |marker: saphyr_parser::Marker| builder.pos(marker.line(), marker.col());
                let span = Span { start: pos(span.start), end: pos(span.end) };
                builder.take(event, span)
            }
            Err(err) => {
                let marker = err.marker();
                let pos = builder.pos(marker.line(), marker.col());
                Err(ParseError::syntax(pos, err.info().to_owned()))
            }
        };
        if let Err(error) = taken {
            return (builder.documents, Some(error));
        }
    }
    (builder.documents, None)
}

impl Builder<'_> {
    fn pos(&self, line: usize, column: usize) -> Pos {
        self.places.at(self.places.offset(line.max(1), column))
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), ParseError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let node = scalar(&text, style, tag.as_deref(), span);
                self.count(1, span.start)?;
                self.anchor(anchor, &node);
                self.put(node);
            }
            Event::SequenceStart(anchor, _) => self.begin(anchor, span.start, false)?,
            Event::MappingStart(anchor, _) => self.begin(anchor, span.start, true)?,
            Event::SequenceEnd | Event::MappingEnd => self.finish(span.end),
            Event::Alias(anchor) => {
                let Some(known) = self.anchors.get(&anchor) else {
                    // An alias to a node that is still open would have no end.
                    return Err(ParseError::syntax(span.start, "an alias inside its own anchor"));
                };
                let (count, height) = (known.count, known.height);
                if self.open.len() + height > self.limits.max_depth {
                    return Err(ParseError::limit(span.start, ErrorKind::TooDeep));
                }
                self.count(count, span.start)?;
                let node = self.anchors.get(&anchor).map(|known| known.node.clone());
                if let Some(node) = node {
                    self.put(Node { span, ..node });
                }
            }
            Event::DocumentStart(_) => self.anchors.clear(),
            _ => {}
        }
        Ok(())
    }

    fn count(&mut self, nodes: usize, at: Pos) -> Result<(), ParseError> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > self.limits.max_nodes {
            return Err(ParseError::limit(at, ErrorKind::TooManyNodes));
        }
        Ok(())
    }

    fn begin(&mut self, anchor: usize, start: Pos, is_map: bool) -> Result<(), ParseError> {
        if self.open.len() >= self.limits.max_depth {
            return Err(ParseError::limit(start, ErrorKind::TooDeep));
        }
        self.count(1, start)?;
        self.open.push(Open { anchor, start, items: vec![], is_map });
        Ok(())
    }

    fn finish(&mut self, end: Pos) {
        let Some(open) = self.open.pop() else { return };
        let value = if open.is_map { map(open.items) } else { Value::List(open.items) };
        let span = Span { start: open.start, end: end.max(open.start) };
        let node = Node { span, value, style: Style::Plain };
        self.anchor(open.anchor, &node);
        self.put(node);
    }

    fn anchor(&mut self, anchor: usize, node: &Node) {
        if anchor > 0 {
            let (count, height) = (node.count(), node.height());
            self.anchors.insert(anchor, Anchored { node: node.clone(), count, height });
        }
    }

    fn put(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(open) => open.items.push(node),
            None => self.documents.push(node),
        }
    }
}

/// Keys and values in turn become entries; `<<` brings in what is not there already.
fn map(items: Vec<Node>) -> Value {
    let mut entries = vec![];
    let mut merges = vec![];
    let mut items = items.into_iter();
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        let is_merge = key.style == Style::Plain && key.as_str() == Some("<<");
        match (&value.value, is_merge) {
            (Value::Map(_) | Value::List(_), true) => merges.push(value),
            _ => entries.push(Entry { key: named(key), value, merged: false }),
        }
    }
    let mut known: std::collections::HashSet<String> =
        entries.iter().filter_map(|entry| entry.key.as_str().map(str::to_owned)).collect();
    for merge in merges {
        let sources = match merge.value {
            Value::List(sources) => sources,
            _ => vec![merge],
        };
        for source in sources {
            let Value::Map(more) = source.value else { continue };
            for entry in more {
                let name = entry.key.as_str().unwrap_or_default().to_owned();
                // Of several sources the first counts (https://yaml.org/type/merge.html).
                if known.insert(name) {
                    entries.push(Entry { merged: true, ..entry });
                }
            }
        }
    }
    Value::Map(entries)
}

/// A key as text.
fn named(key: Node) -> Node {
    let text = key.scalar_text().map_or_else(|| format!("({})", key.kind()), Cow::into_owned);
    Node { value: Value::String(text), ..key }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Node {
    let (style, plain) = match style {
        ScalarStyle::Plain => (Style::Plain, true),
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => (Style::Quoted, false),
        ScalarStyle::Literal => (Style::Literal, false),
        ScalarStyle::Folded => (Style::Folded, false),
    };
    let text_tag = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
    let value = if plain && !text_tag { resolve(text) } else { Value::String(text.to_owned()) };
    Node { span, value, style }
}

/// The core schema (YAML 1.2.2, 10.3.2): `yes` and `on` are text.
pub(crate) fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if is_number(text) => Value::Number(text.to_owned()),
        _ => Value::String(text.to_owned()),
    }
}

fn is_number(text: &str) -> bool {
    let digits =
        |text: &str, ok: fn(&char) -> bool| !text.is_empty() && text.chars().all(|ch| ok(&ch));
    if let Some(hex) = text.strip_prefix("0x") {
        return digits(hex, char::is_ascii_hexdigit);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return digits(octal, |ch| ('0'..='7').contains(ch));
    }
    let bare = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(bare, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let starts = bare.starts_with(|ch: char| ch.is_ascii_digit() || ch == '.');
    let only =
        bare.chars().all(|ch| ch.is_ascii_digit() || matches!(ch, '.' | 'e' | 'E' | '+' | '-'));
    starts && only && bare.parse::<f64>().is_ok()
}
