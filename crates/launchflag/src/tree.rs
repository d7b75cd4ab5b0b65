//! YAML, JSON and TOML as one tree with places.
//!
//! Anchors, aliases and merge keys are resolved; a key given twice in one mapping is an error, because parsers do not agree
//! on which one counts. Depth and the number of nodes are bounded.

mod toml;
mod yaml;

use std::rc::Rc;

use crate::argv::Finding;
use crate::place::{Place, Position, Span, Word};
use crate::verdict::Why;

pub(crate) use self::toml::toml;

/// Deeper documents are not judged.
const MAX_DEPTH: usize = 128;
/// Nor are those with more nodes, copies of merged entries included.
const MAX_NODES: usize = 1 << 20;

/// A value with its place. Cloning is cheap.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    value: Rc<Value>,
    place: Place,
}

#[derive(Debug)]
enum Value {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

/// A value that is neither list nor map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scalar {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// Text without quotes.
    Plain(String),
    /// Quoted text, a block, or a string of JSON or TOML.
    Text(String),
}

/// The documents of a YAML or JSON text; or why it cannot be judged.
pub(crate) fn documents(text: &str) -> Result<Vec<Node>, Finding> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    yaml::documents(text).map_err(|problem| {
        let place =
            problem.at.map_or(Place::Nowhere, |start| Place::Whole(Span { start, end: start }));
        let why = match problem.why {
            // Helm's actions rarely leave valid YAML behind.
            Why::Syntax(_) if text.contains("{{") => Why::Template,
            why => why,
        };
        Finding::without(why, Some(&Word::known("", place)))
    })
}

/// What is wrong, and where.
struct Problem {
    why: Why,
    at: Option<Position>,
}

/// The value of `key` in a map.
pub(crate) fn child<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Value::Map(entries) = node.value.as_ref() else { return None };
    entries.iter().find(|(name, _)| name.as_text() == Some(key)).map(|(_, value)| value)
}

/// The items of a list.
pub(crate) fn items(node: &Node) -> Option<&[Node]> {
    match node.value.as_ref() {
        Value::List(items) => Some(items),
        _ => None,
    }
}

/// The entries of a map; none for other values.
pub(crate) fn entries(node: &Node) -> Vec<(&Node, &Node)> {
    match node.value.as_ref() {
        Value::Map(entries) => entries.iter().map(|(key, value)| (key, value)).collect(),
        _ => Vec::new(),
    }
}

/// Whether the value is a map.
pub(crate) fn is_map(node: &Node) -> bool {
    matches!(node.value.as_ref(), Value::Map(_))
}

/// Whether the value is nothing.
pub(crate) fn is_null(node: &Node) -> bool {
    matches!(node.value.as_ref(), Value::Scalar(Scalar::Null))
}

/// Whether the value is a string, and not a number or a boolean.
pub(crate) fn is_text(node: &Node) -> bool {
    matches!(node.value.as_ref(), Value::Scalar(Scalar::Plain(_) | Scalar::Text(_)))
}

/// The value, if it is neither list nor map.
pub(crate) fn scalar(node: &Node) -> Option<Scalar> {
    match node.value.as_ref() {
        Value::Scalar(scalar) => Some(scalar.clone()),
        _ => None,
    }
}

/// Whether the value still has to be rendered: `{{ … }}` in a text, or what YAML makes of a bare `{{ … }}`.
pub(crate) fn is_template(node: &Node) -> bool {
    match node.value.as_ref() {
        Value::Scalar(_) => node.as_text().is_some_and(|text| text.contains("{{")),
        Value::Map(entries) => entries.iter().any(|(key, _)| is_map(key)),
        Value::List(_) => false,
    }
}

/// A scalar as a word; what a template decides is open. Lists and maps give an empty word at their place.
pub(crate) fn word(node: &Node) -> Word {
    let text = node.as_text().unwrap_or_default();
    match text.split_once("{{") {
        Some((known, _)) => Word {
            text: known.to_owned(),
            open: Some("{{ … }}".to_owned()),
            place: node.place.clone(),
        },
        None => Word::known(text, node.place.clone()),
    }
}

/// The span in the file of a span within a text value: the line is found in block scalars, otherwise it is the whole value.
pub(crate) fn inner_span(node: &Node, inner: Option<Span>) -> Option<Span> {
    let whole = node.place.span();
    let (Place::Runs(runs, _), Some(inner)) = (&node.place, inner) else { return whole };
    let at = |place: Position| {
        let (_, start) = runs.get(place.line.checked_sub(1)?)?;
        Some(Position { line: start.line, column: start.column + place.column - 1 })
    };
    let mapped = at(inner.start).zip(at(inner.end)).map(|(start, end)| Span { start, end });
    mapped.or(whole)
}

impl Node {
    fn new(value: Value, place: Place) -> Self {
        Self { value: Rc::new(value), place }
    }

    fn as_text(&self) -> Option<&str> {
        match self.value.as_ref() {
            Value::Scalar(Scalar::Plain(text) | Scalar::Text(text) | Scalar::Number(text)) => {
                Some(text)
            }
            Value::Scalar(Scalar::Bool(true)) => Some("true"),
            Value::Scalar(Scalar::Bool(false)) => Some("false"),
            _ => None,
        }
    }
}
