//! The exec form: a JSON array of strings, each of which keeps its place.
//!
//! Rules: `parseJSON` of BuildKit's `line_parsers.go`, which uses Go's `encoding/json`. What is no JSON array at all is
//! the shell form; a JSON array that holds anything but strings is an error.

use std::ops::Range;

/// One string of the array.
pub(crate) struct Item {
    /// The string without its quotes, in the file's spelling.
    pub(crate) range: Range<usize>,
    /// The decoded string.
    pub(crate) text: String,
    /// Where runs of unescaped characters begin: byte offset in `text`, byte offset in the line.
    pub(crate) runs: Vec<(usize, usize)>,
}

/// What the arguments of an instruction are.
pub(crate) enum Array {
    /// An array of strings: the exec form.
    Strings(Vec<Item>),
    /// A JSON array with something else in it.
    NotStrings,
    /// No JSON array.
    NotJson,
}

/// Reads `range` of `line` as an array of strings.
pub(crate) fn array(line: &str, range: Range<usize>) -> Array {
    let text = line.get(range.clone()).unwrap_or_default();
    if !text.trim_start().starts_with('[') {
        return Array::NotJson;
    }
    let mut reader = Reader { text, at: 0, base: range.start };
    match reader.strings() {
        Some(items) => Array::Strings(items),
        None if serde_json::from_str::<Vec<serde::de::IgnoredAny>>(text.trim_start()).is_ok() => {
            Array::NotStrings
        }
        None => Array::NotJson,
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    base: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// Skips JSON's white space, and then `byte` if it comes next.
    fn eat(&mut self, byte: u8) -> bool {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn strings(&mut self) -> Option<Vec<Item>> {
        self.at = self.text.len() - self.text.trim_start().len();
        let mut items = Vec::new();
        if !self.eat(b'[') {
            return None;
        }
        if !self.eat(b']') {
            loop {
                if !self.eat(b'"') {
                    return None;
                }
                items.push(self.string()?);
                if self.eat(b']') {
                    break;
                }
                if !self.eat(b',') {
                    return None;
                }
            }
        }
        self.text.get(self.at..)?.trim_matches([' ', '\t', '\r', '\n']).is_empty().then_some(items)
    }

    /// The rest of a string behind its opening quote.
    fn string(&mut self) -> Option<Item> {
        let start = self.at;
        let mut text = String::new();
        let mut runs = vec![(0, self.base + start)];
        let mut from = start;
        loop {
            match self.next()? {
                b'"' => {
                    text.push_str(self.text.get(from..self.at - 1)?);
                    let range = self.base + start..self.base + self.at - 1;
                    return Some(Item { range, text, runs });
                }
                b'\\' => {
                    text.push_str(self.text.get(from..self.at - 1)?);
                    runs.push((text.len(), self.base + self.at - 1));
                    text.push(self.escape()?);
                    from = self.at;
                    runs.push((text.len(), self.base + from));
                }
                0..=0x1f => return None,
                _ => {}
            }
        }
    }

    /// The character that an escape behind its backslash stands for. Like Go, a lone surrogate becomes U+FFFD.
    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            plain @ (b'"' | b'\\' | b'/') => char::from(plain),
            _ => return None,
        })
    }

    fn unicode(&mut self) -> Option<char> {
        let unit = self.hex4()?;
        if let 0xd800..=0xdbff = unit {
            let before = self.at;
            if self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u")) {
                self.at += 2;
                let low = self.hex4()?;
                if let 0xdc00..=0xdfff = low {
                    return char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
                }
                self.at = before;
            }
        }
        Some(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex4(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at.checked_add(4)?)?;
        let valid = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        self.at += 4;
        if valid { u32::from_str_radix(digits, 16).ok() } else { None }
    }
}
