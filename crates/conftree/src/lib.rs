//! YAML, JSON, TOML and env files as one tree whose every node knows its line and column.
//!
//! For files of other people: bounded in size, nodes (aliases expanded) and depth, so that a bomb
//! costs nothing. Duplicate keys are kept in order and the last one counts, as in most loaders.

mod embedded;
mod env;
mod json;
mod node;
mod place;
mod toml;
mod yaml;

pub use node::{Entry, Node, Style, Value};
pub use place::{Pos, Span};

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// YAML 1.2, core schema, with merge keys.
    Yaml,
    /// JSON; comments and trailing commas only where parsing is lenient.
    Json,
    /// TOML 1.
    Toml,
    /// `KEY=VALUE` lines, as docker and systemd read them.
    Env,
}

impl Format {
    /// By the file's name.
    pub fn of_path(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
        let ends = |extension: &str| name.ends_with(extension);
        match () {
            () if ends(".yaml") || ends(".yml") => Some(Self::Yaml),
            () if ends(".json") || ends(".jsonc") => Some(Self::Json),
            () if ends(".toml") => Some(Self::Toml),
            () if ends(".env") || name.starts_with(".env") => Some(Self::Env),
            () => None,
        }
    }
}

/// What is not exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text.
    pub max_bytes: usize,
    /// Nodes, those of expanded aliases included.
    pub max_nodes: usize,
    /// Levels of maps and lists.
    pub max_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_bytes: 16 << 20, max_nodes: 250_000, max_depth: 128 }
    }
}

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// It is not of the format.
    Syntax,
    /// More bytes than allowed.
    TooLarge,
    /// More nodes than allowed.
    TooManyNodes,
    /// More levels than allowed.
    TooDeep,
}

/// Why a text was refused, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}:{}: {message}", pos.line, pos.column)]
pub struct ParseError {
    /// Where.
    pub pos: Pos,
    /// Why, as a lowercase fragment.
    pub message: String,
    /// What kind of reason.
    pub kind: ErrorKind,
}

impl ParseError {
    pub(crate) fn syntax(pos: Pos, message: impl Into<String>) -> Self {
        Self { pos, message: message.into(), kind: ErrorKind::Syntax }
    }

    pub(crate) fn limit(pos: Pos, kind: ErrorKind) -> Self {
        let message = match kind {
            ErrorKind::TooLarge => "larger than is read",
            ErrorKind::TooManyNodes => "more values than are read (aliases count as often as used)",
            ErrorKind::TooDeep => "nested more deeply than is read",
            ErrorKind::Syntax => "cannot be read",
        };
        Self { pos, message: message.into(), kind }
    }
}

/// Parses a text; one node a document.
pub fn parse(text: &str, format: Format) -> Result<Vec<Node>, ParseError> {
    parse_with(text, format, &Limits::default())
}

/// Parses a text within limits.
pub fn parse_with(text: &str, format: Format, limits: &Limits) -> Result<Vec<Node>, ParseError> {
    match run(text, format, limits, false) {
        (documents, None) => Ok(documents),
        (_, Some(error)) => Err(error),
    }
}

/// Parses as far as it goes: the documents before the first mistake, and the mistake. JSON may
/// have comments and trailing commas.
pub fn parse_lenient(text: &str, format: Format) -> (Vec<Node>, Option<ParseError>) {
    run(text, format, &Limits::default(), true)
}

fn run(
    text: &str,
    format: Format,
    limits: &Limits,
    lenient: bool,
) -> (Vec<Node>, Option<ParseError>) {
    if text.len() > limits.max_bytes {
        let error = ParseError::limit(Pos::START, ErrorKind::TooLarge);
        return (vec![], Some(error));
    }
    let one = |parsed: Result<Node, ParseError>| match parsed {
        Ok(node) => (vec![node], None),
        Err(error) => (vec![], Some(error)),
    };
    match format {
        Format::Yaml => yaml::parse(text, limits),
        Format::Json => one(json::parse(text, limits, lenient)),
        Format::Toml => one(toml::parse(text, limits)),
        Format::Env => env::parse(text, limits, lenient),
    }
}
