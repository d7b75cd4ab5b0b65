//! Strings of YAML files with the places of their characters.

use crate::assignment::{Found, Via};
use crate::files::Unread;
use crate::shell;
use crate::text::{Position, Span, Text};
use crate::value::Value;
use conftree::{Entry, Format, Node, ParseError, Pos, Style};

/// The documents up to the first mistake, and the mistake.
pub(crate) fn parse(source: &str) -> (Vec<Node>, Option<Unread>) {
    let (documents, error) = conftree::parse_lenient(source, Format::Yaml);
    (documents, error.map(|ParseError { pos, message, .. }| Unread { at: position(pos), message }))
}

pub(crate) fn position(pos: Pos) -> Position {
    let number = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    Position { line: number(pos.line), column: number(pos.column) }
}

/// The decoded text of a scalar. Each character is looked for in the file, from the last one on; where that fails, as
/// with aliases, everything stands where the scalar does.
pub(crate) fn text(node: &Node, source: &str) -> Option<Text> {
    let decoded = node.scalar_text()?;
    let start = position(node.span.start);
    let raw = source.get(node.span.start.offset..node.span.end.offset).unwrap_or_default();
    Some(align(&decoded, raw, node.style, start).unwrap_or_else(|| Text::fixed(&decoded, start)))
}

/// A place in the file that moves along.
struct Cursor<'a> {
    rest: &'a str,
    at: Position,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
        if c == '\n' {
            self.at = Position { line: self.at.line + 1, column: 1 };
        } else {
            self.at.column += 1;
        }
        Some(c)
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.bump();
        }
    }
}

fn align(decoded: &str, raw: &str, style: Style, start: Position) -> Option<Text> {
    let mut cursor = Cursor { rest: raw, at: start };
    let quote = raw.chars().next().filter(|c| style == Style::Quoted && matches!(c, '"' | '\''));
    if quote.is_some() {
        cursor.bump();
    }
    if matches!(style, Style::Literal | Style::Folded) && raw.starts_with(['|', '>']) {
        while cursor.bump().is_some_and(|c| c != '\n') {}
    }
    let mut text = Text::default();
    let mut run = String::new();
    let mut run_at = cursor.at;
    let mut next = cursor.at;
    let mut expected = cursor.at;
    for c in decoded.chars() {
        if c.is_whitespace() {
            if quote == Some('"') && cursor.rest.starts_with('\\') {
                escape(&mut cursor, c)?;
            } else if cursor.peek() == Some(c) {
                next = cursor.at;
                cursor.bump();
            }
        } else {
            cursor.skip_blanks();
            while quote == Some('"') && cursor.rest.starts_with("\\\n") {
                cursor.bump();
                cursor.skip_blanks();
            }
            next = cursor.at;
            match cursor.peek()? {
                '\\' if quote == Some('"') => escape(&mut cursor, c)?,
                '\'' if quote == Some('\'') => {
                    cursor.bump();
                    (cursor.bump()? == c).then_some(())?;
                }
                same if same == c => drop(cursor.bump()),
                _ => return None,
            }
        }
        if next != expected && !run.is_empty() {
            text.push_at(&std::mem::take(&mut run), run_at);
        }
        if run.is_empty() {
            run_at = next;
        }
        run.push(c);
        expected = Position { line: next.line, column: next.column + 1 };
        if c == '\n' {
            text.push_at(&std::mem::take(&mut run), run_at);
            run_at = cursor.at;
        }
        next = cursor.at;
    }
    text.push_at(&run, run_at);
    Some(text)
}

/// An escape of a double-quoted scalar, which stands for `c`.
fn escape(cursor: &mut Cursor<'_>, c: char) -> Option<()> {
    cursor.bump();
    let digits = match cursor.bump()? {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        same => {
            let known = matches!(
                same,
                'n' | 't' | 'r' | '0' | 'a' | 'b' | 'e' | 'f' | 'v' | 'N' | '_' | 'L' | 'P'
            );
            return (known || same == c).then_some(());
        }
    };
    for _ in 0..digits {
        cursor.bump()?;
    }
    Some(())
}

/// The value of a scalar in which `$NAME` and `${{ … }}` are expanded by the CI.
pub(crate) fn value(node: &Node, source: &str) -> Option<Value> {
    Some(shell::expand(&text(node, source)?))
}

/// Notes a map's entries as variables.
pub(crate) fn variables(map: Option<&Node>, source: &str, via: &Via, found: &mut Found) {
    for entry in map.and_then(Node::as_map).unwrap_or_default() {
        let Some(value) = value(&entry.value, source) else { continue };
        variable(entry, &value, via, found);
    }
}

pub(crate) fn variable(entry: &Entry, value: &Value, via: &Via, found: &mut Found) {
    let end = entry.value.span.end.max(entry.key.span.end);
    let span = Span { start: position(entry.key.span.start), end: position(end) };
    let name = entry.key.scalar_text().unwrap_or_default();
    found.add(&name, value, trim(span, value), via.clone());
}

/// A block scalar's span may end in the next line: the text is what counts.
fn trim(span: Span, value: &Value) -> Span {
    let shown = value.shown();
    let bare = shown.as_str().trim_end().len();
    if span.end.line == span.start.line || bare == 0 {
        return span;
    }
    Span { start: span.start, end: shown.span(0..bare).end }
}

/// The text of a string, or of all strings in a list.
pub(crate) fn strings(node: Option<&Node>, source: &str) -> Vec<Text> {
    let mut texts = Vec::new();
    let mut pending: Vec<&Node> = node.into_iter().collect();
    while let Some(node) = pending.pop() {
        match node.as_list() {
            Some(items) => pending.extend(items.iter().rev()),
            None => texts.extend(text(node, source)),
        }
    }
    texts
}
