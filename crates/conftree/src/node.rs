//! The tree.

use crate::Span;
use std::borrow::Cow;

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// Text.
    String(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file.
    Map(Vec<Entry>),
}

/// How a value was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Style {
    /// Bare.
    #[default]
    Plain,
    /// In single or double quotes.
    Quoted,
    /// YAML's `|`.
    Literal,
    /// YAML's `>`.
    Folded,
}

/// A value and where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it is; of an alias, where it is used.
    pub span: Span,
    /// What it is.
    pub value: Value,
    /// How it was written.
    pub style: Style,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key; always text, as every format can write it.
    pub key: Node,
    /// The value.
    pub value: Node,
    /// Whether it came from a YAML `<<`.
    pub merged: bool,
}

impl Node {
    /// The value of a key: the last one, where a key stands twice.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Value::Map(entries) = &self.value else { return None };
        let of = |merged: bool| {
            let same = |entry: &&Entry| entry.merged == merged && entry.key.as_str() == Some(key);
            entries.iter().rev().find(same)
        };
        of(false).or_else(|| of(true)).map(|entry| &entry.value)
    }

    /// The value at `spec.containers[0].name`.
    pub fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |node, segment| {
            let (key, indices) = segment.split_at(segment.find('[').unwrap_or(segment.len()));
            let node = if key.is_empty() { node } else { node.get(key)? };
            indices.split('[').filter(|index| !index.is_empty()).try_fold(node, |node, index| {
                node.as_list()?.get(index.strip_suffix(']')?.parse::<usize>().ok()?)
            })
        })
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a map.
    pub fn as_map(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// A boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// A scalar as text: what `$(VAR)` or a command line would see.
    pub fn scalar_text(&self) -> Option<Cow<'_, str>> {
        match &self.value {
            Value::Null => Some(Cow::Borrowed("")),
            Value::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
            Value::Number(text) | Value::String(text) => Some(Cow::Borrowed(text)),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// `null`, `boolean`, `number`, `string`, `list` or `map`.
    pub const fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::List(_) => "list",
            Value::Map(_) => "map",
        }
    }

    /// Every node with its path (`a.b[0]`), parents before children. Depth is bounded by parsing.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&str, &'a Self)) {
        self.walk_from(&mut String::new(), visit);
    }

    fn walk_from<'a>(&'a self, path: &mut String, visit: &mut dyn FnMut(&str, &'a Self)) {
        visit(path, self);
        let length = path.len();
        match &self.value {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    path.push_str(&format!("[{index}]"));
                    item.walk_from(path, visit);
                    path.truncate(length);
                }
            }
            Value::Map(entries) => {
                for entry in entries {
                    if length > 0 {
                        path.push('.');
                    }
                    path.push_str(entry.key.as_str().unwrap_or_default());
                    entry.value.walk_from(path, visit);
                    path.truncate(length);
                }
            }
            _ => {}
        }
    }

    /// How many nodes the tree has, keys included.
    pub(crate) fn count(&self) -> usize {
        1 + match &self.value {
            Value::List(items) => items.iter().map(Self::count).sum(),
            Value::Map(entries) => entries.iter().map(|entry| 1 + entry.value.count()).sum(),
            _ => 0,
        }
    }

    /// How many levels of maps and lists.
    pub(crate) fn height(&self) -> usize {
        match &self.value {
            Value::List(items) => 1 + items.iter().map(Self::height).max().unwrap_or(0),
            Value::Map(entries) => {
                1 + entries.iter().map(|entry| entry.value.height()).max().unwrap_or(0)
            }
            _ => 0,
        }
    }
}
