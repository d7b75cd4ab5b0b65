//! JSON (RFC 8259) with spans; comments and trailing commas where that is asked for.

use crate::place::Places;
use crate::{Entry, ErrorKind, Limits, Node, ParseError, Style, Value};

struct Reader<'a> {
    text: &'a str,
    at: usize,
    places: Places<'a>,
    limits: &'a Limits,
    lenient: bool,
    nodes: usize,
}

pub(crate) fn parse(text: &str, limits: &Limits, lenient: bool) -> Result<Node, ParseError> {
    let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let places = Places::new(text);
    let mut reader = Reader { text, at, places, limits, lenient, nodes: 0 };
    let node = reader.value(0)?;
    reader.blank()?;
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader.wrong("text behind the value")),
    }
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn wrong(&self, message: &str) -> ParseError {
        ParseError::syntax(self.places.at(self.at), message)
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Skips blanks, and comments where they are allowed.
    fn blank(&mut self) -> Result<(), ParseError> {
        loop {
            while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                self.at += 1;
            }
            if !self.lenient {
                return Ok(());
            }
            let rest = self.rest();
            let comment = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                let end = rest.find("*/").ok_or_else(|| self.wrong("a comment without end"))?;
                end + 2
            } else {
                return Ok(());
            };
            self.at += comment;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, ParseError> {
        self.blank()?;
        let start = self.at;
        self.nodes += 1;
        if self.nodes > self.limits.max_nodes {
            return Err(ParseError::limit(self.places.at(start), ErrorKind::TooManyNodes));
        }
        if depth > self.limits.max_depth {
            return Err(ParseError::limit(self.places.at(start), ErrorKind::TooDeep));
        }
        let (value, style) = match self.peek() {
            Some(b'{') => (self.map(depth)?, Style::Plain),
            Some(b'[') => (self.list(depth)?, Style::Plain),
            Some(b'"') => (Value::String(self.string()?), Style::Quoted),
            Some(_) => (self.word()?, Style::Plain),
            None => return Err(self.wrong("a value is missing")),
        };
        Ok(Node { span: self.places.span(start, self.at), value, style })
    }

    fn word(&mut self) -> Result<Value, ParseError> {
        let rest = self.rest();
        let in_word = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '+' | '-' | '.');
        let end = rest.find(|ch| !in_word(ch)).unwrap_or(rest.len());
        let word = &rest[..end];
        let value = match word {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ if serde_number(word) => Value::Number(word.to_owned()),
            _ => return Err(self.wrong("a value is expected")),
        };
        self.at += end;
        Ok(value)
    }

    fn list(&mut self, depth: usize) -> Result<Value, ParseError> {
        self.at += 1;
        let mut items = vec![];
        loop {
            self.blank()?;
            if self.peek() == Some(b']') && (items.is_empty() || self.lenient) {
                break;
            }
            items.push(self.value(depth + 1)?);
            self.blank()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.wrong("`,` or `]` is expected")),
            }
        }
        self.at += 1;
        Ok(Value::List(items))
    }

    fn map(&mut self, depth: usize) -> Result<Value, ParseError> {
        self.at += 1;
        let mut entries = vec![];
        loop {
            self.blank()?;
            if self.peek() == Some(b'}') && (entries.is_empty() || self.lenient) {
                break;
            }
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a key in double quotes is expected"));
            }
            let start = self.at;
            let key = Value::String(self.string()?);
            let key =
                Node { span: self.places.span(start, self.at), value: key, style: Style::Quoted };
            self.blank()?;
            if self.peek() != Some(b':') {
                return Err(self.wrong("`:` is expected"));
            }
            self.at += 1;
            let value = self.value(depth + 1)?;
            entries.push(Entry { key, value, merged: false });
            self.blank()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.wrong("`,` or `}` is expected")),
            }
        }
        self.at += 1;
        Ok(Value::Map(entries))
    }

    fn string(&mut self) -> Result<String, ParseError> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let stop =
                |ch: char| ch == '"' || ch == '\\' || ch.is_ascii_control() && ch != '\u{7f}';
            let Some(end) = rest.find(stop) else {
                return Err(self.wrong("a string without end"));
            };
            out.push_str(&rest[..end]);
            self.at += end;
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => out.push(self.escape()?),
                _ => return Err(self.wrong("a control character in a string")),
            }
        }
        self.at += 1;
        Ok(out)
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        self.at += 1;
        let ch = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.wrong("an unknown escape")),
        };
        self.at += 1;
        Ok(ch)
    }

    /// `\uXXXX`, and a pair of them for what lies beyond the basic plane.
    fn unicode(&mut self) -> Result<char, ParseError> {
        let high = self.hex()?;
        if (0xd800..0xdc00).contains(&high) && self.rest().starts_with("\\u") {
            self.at += 1;
            let low = self.hex()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return char::from_u32(code).ok_or_else(|| self.wrong("no character"));
            }
            return Err(self.wrong("half of a surrogate pair"));
        }
        char::from_u32(high).ok_or_else(|| self.wrong("half of a surrogate pair"))
    }

    /// Four digits behind the `u` that `at` points at.
    fn hex(&mut self) -> Result<u32, ParseError> {
        let digits = self.text.get(self.at + 1..self.at + 5);
        let all = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = all.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.wrong("four hexadecimal digits are expected"))?;
        self.at += 5;
        Ok(code)
    }
}

/// JSON's numbers: no leading zeros or plus signs, digits on both sides of the point.
fn serde_number(word: &str) -> bool {
    let bare = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = bare.split_once(['e', 'E']).unwrap_or((bare, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    digits(whole)
        && digits(fraction)
        && digits(exponent)
        && (whole == "0" || !whole.starts_with('0'))
}
