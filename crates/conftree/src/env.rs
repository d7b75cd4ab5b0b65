//! Env files: `KEY=VALUE`, `export KEY=VALUE`, comments, quotes (docker, systemd, godotenv).

use crate::place::Places;
use crate::{Entry, ErrorKind, Limits, Node, ParseError, Style, Value};

pub(crate) fn parse(text: &str, limits: &Limits, lenient: bool) -> (Vec<Node>, Option<ParseError>) {
    let places = Places::new(text);
    let mut entries = vec![];
    let mut error = None;
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    while at < text.len() {
        let line = text.get(at..).unwrap_or_default().split('\n').next().unwrap_or_default();
        match entry(text, at, line, &places) {
            Ok((found, length)) => {
                entries.extend(found);
                at += length;
            }
            Err(wrong) if lenient => {
                error.get_or_insert(wrong);
                at += line.len();
            }
            Err(wrong) => return (vec![], Some(wrong)),
        }
        at += 1;
        if entries.len() > limits.max_nodes {
            let wrong = ParseError::limit(places.at(at), ErrorKind::TooManyNodes);
            return (vec![], Some(wrong));
        }
    }
    let span = places.span(0, text.len());
    (vec![Node { span, value: Value::Map(entries), style: Style::Plain }], error)
}

/// The entry of the line at `at`, if it has one, and how many bytes it takes without its end.
fn entry(
    text: &str,
    at: usize,
    line: &str,
    places: &Places<'_>,
) -> Result<(Option<Entry>, usize), ParseError> {
    let bare = line.trim_start();
    let mut start = at + line.len() - bare.len();
    if bare.trim_end().is_empty() || bare.starts_with(['#', ';']) {
        return Ok((None, line.len()));
    }
    let mut bare = bare;
    if let Some(rest) = bare.strip_prefix("export ") {
        let trimmed = rest.trim_start();
        start += bare.len() - trimmed.len();
        bare = trimmed;
    }
    let wrong = || ParseError::syntax(places.at(start), "a line without KEY=VALUE");
    let (name, value) = bare.split_once('=').ok_or_else(wrong)?;
    let key = name.trim_end();
    if key.is_empty() || key.contains(char::is_whitespace) {
        return Err(wrong());
    }
    let key_node = Node {
        span: places.span(start, start + key.len()),
        value: Value::String(key.to_owned()),
        style: Style::Plain,
    };
    let value_at = start + name.len() + 1;
    let blank = value.len() - value.trim_start().len();
    let (node, end) = value_node(text, value_at + blank, value.trim_start(), places);
    Ok((Some(Entry { key: key_node, value: node, merged: false }), end - at))
}

/// A value and the offset behind its line's last character. Quoted values may span lines.
fn value_node(text: &str, at: usize, line: &str, places: &Places<'_>) -> (Node, usize) {
    let quote = line.chars().next().filter(|ch| matches!(ch, '"' | '\''));
    if let Some(quote) = quote
        && let Some((value, end)) = quoted(text, at, quote)
    {
        let rest = text.get(end..).unwrap_or_default();
        let line_end = end + rest.find('\n').unwrap_or(rest.len());
        let value = Value::String(value);
        return (Node { span: places.span(at, end), value, style: Style::Quoted }, line_end);
    }
    // A comment needs a blank in front, as in the shell.
    let comment = line
        .char_indices()
        .zip(line.chars().skip(1))
        .find_map(|((i, ch), next)| (ch.is_whitespace() && next == '#').then_some(i));
    let value = line.get(..comment.unwrap_or(line.len())).unwrap_or(line).trim_end();
    let value = if line.starts_with('#') { "" } else { value };
    let node = Node {
        span: places.span(at, at + value.len()),
        value: Value::String(value.to_owned()),
        style: Style::Plain,
    };
    (node, at + line.len())
}

/// The text between quotes and the offset behind the closing one.
fn quoted(text: &str, at: usize, quote: char) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut escaped = false;
    for (i, ch) in text.get(at + 1..)?.char_indices() {
        if escaped {
            match ch {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                '"' | '\\' | '$' | '`' => out.push(ch),
                other => out.extend(['\\', other]),
            }
            escaped = false;
        } else if ch == '\\' && quote == '"' {
            escaped = true;
        } else if ch == quote {
            return Some((out, at + 1 + i + 1));
        } else {
            out.push(ch);
        }
    }
    None
}
