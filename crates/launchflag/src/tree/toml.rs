//! TOML by the `toml` crate.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::{Node, Scalar, Value};
use crate::place::{Place, Position, Span};

/// The root of a TOML document; `None` if it is none.
pub(crate) fn toml(text: &str) -> Option<Node> {
    let root = DeTable::parse(text).ok()?;
    let places = Places::new(text);
    Some(places.table(root.get_ref(), root.span()))
}

/// After how many bytes the number of characters so far is noted, so that long lines stay cheap.
const STEP: usize = 256;

struct Places<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// How many characters begin before byte 0, `STEP`, 2 × `STEP` …
    counts: Vec<usize>,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        let mut starts = vec![0];
        let mut counts = Vec::new();
        let mut count = 0;
        for (at, byte) in text.bytes().enumerate() {
            if at % STEP == 0 {
                counts.push(count);
            }
            // Continuation bytes begin no character.
            count += usize::from(byte & 0xc0 != 0x80);
            if byte == b'\n' {
                starts.push(at + 1);
            }
        }
        Self { text, starts, counts }
    }

    /// How many characters begin before `offset`.
    fn count(&self, offset: usize) -> usize {
        let known = (offset / STEP).min(self.counts.len().saturating_sub(1));
        let bytes = self.text.as_bytes().get(known * STEP..offset).unwrap_or_default();
        let more = bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        self.counts.get(known).copied().unwrap_or(0) + more
    }

    fn position(&self, offset: usize) -> Position {
        let row = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(row).copied().unwrap_or(0);
        Position { line: row + 1, column: self.count(offset) - self.count(start) + 1 }
    }

    fn place(&self, range: std::ops::Range<usize>) -> Place {
        Place::Whole(Span { start: self.position(range.start), end: self.position(range.end) })
    }

    /// The depth is bounded by the `toml` crate itself.
    fn table(&self, table: &DeTable<'_>, range: std::ops::Range<usize>) -> Node {
        let entries = table.iter().map(|(key, value)| {
            let name = Value::Scalar(Scalar::Plain(key.get_ref().to_string()));
            (Node::new(name, self.place(key.span())), self.value(value))
        });
        Node::new(Value::Map(entries.collect()), self.place(range))
    }

    fn value(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let scalar = match value.get_ref() {
            DeValue::Table(table) => return self.table(table, value.span()),
            DeValue::Array(items) => {
                let items = items.iter().map(|item| self.value(item)).collect();
                return Node::new(Value::List(items), self.place(value.span()));
            }
            DeValue::Boolean(value) => Scalar::Bool(*value),
            DeValue::String(text) => Scalar::Text(text.to_string()),
            DeValue::Integer(number) => Scalar::Number(number.as_str().to_owned()),
            DeValue::Float(number) => Scalar::Number(number.as_str().to_owned()),
            DeValue::Datetime(time) => Scalar::Number(time.to_string()),
        };
        Node::new(Value::Scalar(scalar), self.place(value.span()))
    }
}
