//! TOML, from the `toml` crate's spanned document.

use crate::place::Places;
use crate::{Entry, ErrorKind, Limits, Node, ParseError, Pos, Style, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(crate) fn parse(text: &str, limits: &Limits) -> Result<Node, ParseError> {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let shift = text.len() - bare.len();
    let places = Places::new(text);
    let table = DeTable::parse(bare).map_err(|err| {
        let at = err.span().map_or(0, |span| span.start + shift);
        let message = err.message().lines().next().unwrap_or_default().to_owned();
        ParseError::syntax(places.at(at), message)
    })?;
    let mut builder = Builder { places, shift, source: bare, limits, nodes: 0 };
    let value = builder.table(table.get_ref(), 0)?;
    let span = builder.places.span(shift, text.len());
    Ok(Node { span, value, style: Style::Plain })
}

struct Builder<'a> {
    places: Places<'a>,
    shift: usize,
    source: &'a str,
    limits: &'a Limits,
    nodes: usize,
}

impl Builder<'_> {
    fn table(&mut self, table: &DeTable<'_>, depth: usize) -> Result<Value, ParseError> {
        if depth > self.limits.max_depth {
            return Err(ParseError::limit(Pos::START, ErrorKind::TooDeep));
        }
        let mut entries = vec![];
        for (key, value) in table {
            let span = self.places.span(key.span().start + self.shift, key.span().end + self.shift);
            let name = Value::String(key.get_ref().to_string());
            let key = Node { span, value: name, style: Style::Plain };
            entries.push(Entry { key, value: self.node(value, depth + 1)?, merged: false });
        }
        entries.sort_by_key(|entry| entry.key.span.start);
        Ok(Value::Map(entries))
    }

    fn node(&mut self, node: &Spanned<DeValue<'_>>, depth: usize) -> Result<Node, ParseError> {
        let range = node.span();
        let span = self.places.span(range.start + self.shift, range.end + self.shift);
        self.nodes += 1;
        if self.nodes > self.limits.max_nodes {
            return Err(ParseError::limit(span.start, ErrorKind::TooManyNodes));
        }
        let mut style = Style::Plain;
        let value = match node.get_ref() {
            DeValue::String(text) => {
                style = Style::Quoted;
                Value::String(text.to_string())
            }
            DeValue::Integer(_) | DeValue::Float(_) => {
                Value::Number(self.source.get(range).unwrap_or_default().to_owned())
            }
            DeValue::Boolean(value) => Value::Bool(*value),
            DeValue::Datetime(date) => Value::String(date.to_string()),
            DeValue::Array(items) => {
                let items: Result<Vec<_>, _> =
                    items.iter().map(|item| self.node(item, depth + 1)).collect();
                Value::List(items?)
            }
            DeValue::Table(table) => self.table(table, depth)?,
        };
        Ok(Node { span, value, style })
    }
}
