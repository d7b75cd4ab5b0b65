//! Where values come from.

use crate::ConfigError;
use goward_model::Location;
use std::collections::BTreeMap;
use std::fmt;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

/// The layers, lowest first: a higher one wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Built in.
    #[default]
    Default,
    /// The file that `GOWARD_POLICY` names.
    Organisation,
    /// `goward.toml`.
    Repository,
    /// `GOWARD_SECTION__KEY`.
    Environment,
    /// The command line.
    Flag,
}

impl Layer {
    /// The layer's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Organisation => "organisation",
            Self::Repository => "repository",
            Self::Environment => "environment",
            Self::Flag => "flag",
        }
    }
}

/// Where a value was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The layer.
    pub layer: Layer,
    /// The file, variable or flag.
    pub source: String,
    /// The one-based line and column, for files.
    pub place: Option<(u32, u32)>,
}

impl Origin {
    /// The place as a location; the first line where it is not in a file.
    pub fn location(&self) -> Location {
        let (line, column) = self.place.unwrap_or((1, 1));
        Location::point(self.source.clone(), line, column)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) => write!(f, "{}:{line}:{column}", self.source),
            None if self.source.is_empty() => f.write_str(self.layer.as_str()),
            None => f.write_str(&self.source),
        }
    }
}

/// A value with its origin.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) value: Value,
    pub(crate) origin: Origin,
}

/// What one layer says: plain keys, and the lists to which every layer adds.
#[derive(Debug, Default)]
pub(crate) struct LayerValues {
    /// Dotted key → value. Segments that hold dots do not occur: check ids have none.
    pub(crate) values: BTreeMap<String, Placed>,
    /// The elements of `[[custom]]`.
    pub(crate) custom: Vec<Placed>,
    /// The elements of `[[waiver]]`.
    pub(crate) waivers: Vec<Placed>,
}

/// Turns byte offsets of a text into lines and columns.
pub(crate) struct Places<'a> {
    text: &'a str,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        Self { text, lines: lines.collect() }
    }

    pub(crate) fn at(&self, offset: usize) -> (u32, u32) {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let line = self.lines.partition_point(|start| *start <= end);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = self.text.get(start..end).map_or(0, |before| before.chars().count()) + 1;
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (small(line), small(column))
    }
}

/// Reads a policy file into keys with origins. The text has been found to be a policy file.
pub(crate) fn of_file(layer: Layer, path: &str, text: &str) -> Result<LayerValues, ConfigError> {
    let places = Places::new(text);
    let origin =
        |offset: usize| Origin { layer, source: path.into(), place: Some(places.at(offset)) };
    let table = DeTable::parse(text).map_err(|err| {
        let at = origin(err.span().map_or(0, |span| span.start));
        ConfigError::at(&at, err.message().to_owned())
    })?;
    let mut values = LayerValues::default();
    collect(String::new(), table.get_ref(), &origin, &mut values);
    Ok(values)
}

fn collect(
    prefix: String,
    table: &DeTable<'_>,
    origin: &impl Fn(usize) -> Origin,
    into: &mut LayerValues,
) {
    for (key, value) in table {
        let name = key.get_ref();
        let path = if prefix.is_empty() { name.to_string() } else { format!("{prefix}.{name}") };
        match value.get_ref() {
            DeValue::Table(inner) if path != "custom" => collect(path, inner, origin, into),
            DeValue::Array(items) if path == "custom" || path == "waiver" => {
                let placed = items
                    .iter()
                    .map(|item| Placed { value: plain(item), origin: origin(item.span().start) });
                if path == "custom" {
                    into.custom.extend(placed);
                } else {
                    into.waivers.extend(placed);
                }
            }
            _ => {
                let placed = Placed { value: plain(value), origin: origin(key.span().start) };
                into.values.insert(path, placed);
            }
        }
    }
}

/// The value without its spans.
fn plain(value: &Spanned<DeValue<'_>>) -> Value {
    match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => {
            i64::from_str_radix(&number.as_str().replace('_', ""), number.radix())
                .map_or_else(|_| Value::String(number.to_string()), Value::Integer)
        }
        DeValue::Float(number) => {
            let text = number.as_str().replace('_', "");
            text.parse().map_or(Value::String(text), Value::Float)
        }
        DeValue::Boolean(value) => Value::Boolean(*value),
        DeValue::Datetime(date) => Value::Datetime(*date),
        DeValue::Array(items) => Value::Array(items.iter().map(plain).collect()),
        DeValue::Table(table) => Value::Table(
            table.iter().map(|(key, value)| (key.get_ref().to_string(), plain(value))).collect(),
        ),
    }
}

/// Reads `key=value` pairs of the environment or the command line.
pub(crate) fn of_pairs(
    layer: Layer,
    pairs: impl IntoIterator<Item = (String, String, String)>,
) -> LayerValues {
    let mut values = LayerValues::default();
    for (source, key, text) in pairs {
        let origin = Origin { layer, source, place: None };
        values.values.insert(key, Placed { value: scalar(&text), origin });
    }
    values
}

/// A TOML value, or else the text itself: nobody quotes in the environment.
fn scalar(text: &str) -> Value {
    let document = format!("value = {text}");
    match document.parse::<Table>() {
        Ok(mut table) if table.len() == 1 => {
            table.remove("value").unwrap_or_else(|| Value::String(text.into()))
        }
        _ => Value::String(text.into()),
    }
}

/// Puts a value at a dotted key.
pub(crate) fn insert(table: &mut Table, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            table.insert(key.into(), value);
        }
        Some((first, rest)) => {
            let inner = table.entry(first).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

/// Dotted keys of all leaves of a table.
pub(crate) fn flatten(prefix: &str, table: &Table, into: &mut BTreeMap<String, Value>) {
    for (key, value) in table {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Value::Table(inner) => flatten(&path, inner, into),
            _ => {
                into.insert(path, value.clone());
            }
        }
    }
}
