//! Words of shell text: literal parts, expansions and substitutions (POSIX.1-2024 chapter 2.2, 2.3 and 2.6).

use crate::text::{Text, UNKNOWN};
use crate::value::{Piece, Value};
use std::ops::Range;

/// Expansions within expansions are followed this far.
const MAX_DEPTH: usize = 16;

/// A part of a word; ranges are byte offsets of the script.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    /// Characters that stand for themselves.
    Literal { range: Range<usize>, quoted: bool },
    /// A character of `$'…'` that is written as an escape.
    Escaped { c: char, at: usize },
    /// `$NAME` or `${NAME…}`. `default` is what `${NAME:-…}`, `${NAME:=…}` or `${NAME:+…}` may give; `assigns` tells the
    /// second.
    Parameter { range: Range<usize>, name: Range<usize>, default: Option<Vec<Part>>, assigns: bool },
    /// `$(script)`, or the same in backquotes.
    Substitution { range: Range<usize>, body: Range<usize> },
    /// Anything else whose value is not known.
    Opaque { range: Range<usize> },
}

/// A word of a command.
#[derive(Debug, Clone, Default)]
pub(crate) struct Word {
    pub(crate) parts: Vec<Part>,
    /// Where it stands, quotes included.
    pub(crate) range: Range<usize>,
}

impl Word {
    /// The text of a word that is one unquoted literal: a reserved word is.
    pub(crate) fn bare<'t>(&self, text: &'t Text) -> Option<&'t str> {
        match self.parts.as_slice() {
            [Part::Literal { range, quoted: false }] => Some(text.get(range.clone())),
            _ => None,
        }
    }

    /// The name of a word that is one expansion of a variable, quoted or not.
    pub(crate) fn parameter<'t>(&self, text: &'t Text) -> Option<&'t str> {
        match self.parts.as_slice() {
            [Part::Parameter { name, .. }] => Some(text.get(name.clone())),
            _ => None,
        }
    }

    /// Whether it begins with an unquoted `NAME=` or `NAME+=`, so that it is an assignment in front of a command.
    pub(crate) fn is_assignment(&self, text: &Text) -> bool {
        let Some(Part::Literal { range, quoted: false }) = self.parts.first() else { return false };
        let name = text.get(range.clone()).split_once('=').map(|(name, _)| name);
        name.is_some_and(|name| is_name(name.strip_suffix('+').unwrap_or(name)))
    }

    pub(crate) fn value(&self, text: &Text) -> Value {
        value(&self.parts, text)
    }
}

/// Whether it is a variable's name.
pub(crate) fn is_name(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// What parts come to. Depth is bounded by reading.
pub(crate) fn value(parts: &[Part], text: &Text) -> Value {
    let mut value_of = Value::default();
    for part in parts {
        match part {
            Part::Literal { range, .. } => value_of.push_literal(text, range.clone()),
            Part::Escaped { c, at } => {
                let c = Text::fixed(c.encode_utf8(&mut [0; 4]), text.at(*at));
                value_of.push_literal(&c, 0..c.len());
            }
            Part::Parameter { range, default, .. } => value_of.0.push(Piece::Expansion {
                shown: text.part(range.clone()),
                default: default.as_ref().map(|parts| value(parts, text).assumed()),
            }),
            Part::Substitution { range, .. } | Part::Opaque { range } => {
                value_of.0.push(Piece::Expansion { shown: text.part(range.clone()), default: None })
            }
        }
    }
    value_of
}

/// Where a word ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    /// At a blank or an operator.
    Blank,
    /// At the closing double quote.
    Quote,
    /// At the closing brace of `${`; inside double quotes or not.
    Brace { quoted: bool },
    /// At the end of the text.
    Close,
    /// At the end of the text, which is taken as if in double quotes, but quotes are characters.
    End,
}

/// The parts of text outside of scripts in which only `$` means something.
pub(crate) fn expand(text: &Text) -> Value {
    value(&parts_of(text), text)
}

/// What a single word with quotes comes to: the value of `ENV` in a Dockerfile. Blanks do not end it.
pub(crate) fn word_value(text: &Text) -> Value {
    value(&Reader { text, pos: 0 }.parts(Until::Close, 0), text)
}

/// The parts of a here-document.
pub(crate) fn parts_of(text: &Text) -> Vec<Part> {
    Reader { text, pos: 0 }.parts(Until::End, 0)
}

/// Reads words.
pub(crate) struct Reader<'t> {
    pub(crate) text: &'t Text,
    pub(crate) pos: usize,
}

impl Reader<'_> {
    pub(crate) fn rest(&self) -> &str {
        self.text.get(self.pos..self.text.len())
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.pos += c.len_utf8();
        Some(c)
    }

    /// The word that begins here.
    pub(crate) fn word(&mut self) -> Word {
        let start = self.pos;
        let parts = self.parts(Until::Blank, 0);
        Word { parts, range: start..self.pos }
    }

    fn parts(&mut self, until: Until, depth: usize) -> Vec<Part> {
        let mut parts = Vec::new();
        let quoted = !matches!(until, Until::Blank | Until::Close | Until::Brace { quoted: false });
        while let Some(c) = self.peek() {
            let start = self.pos;
            match c {
                '}' if matches!(until, Until::Brace { .. }) => break,
                '"' if until == Until::Quote => break,
                _ if until == Until::Blank && ends_word(c) => {
                    if c == '(' && self.opens_list(&parts) {
                        self.pos = skip(self.text, start + 1, '(') + 1;
                        self.pos = self.pos.min(self.text.len());
                        parts.push(Part::Opaque { range: start..self.pos });
                        continue;
                    }
                    break;
                }
                '\\' if until != Until::End => self.backslash(&mut parts, quoted),
                '$' => self.dollar(&mut parts, until, depth),
                '`' if until != Until::End => self.backquoted(&mut parts),
                '\'' if !quoted => {
                    self.bump();
                    let length = self.rest().find('\'').unwrap_or(self.rest().len());
                    let range = self.pos..self.pos + length;
                    self.pos = (range.end + 1).min(self.text.len());
                    parts.push(Part::Literal { range, quoted: true });
                }
                '"' if matches!(until, Until::Blank | Until::Close | Until::Brace { .. }) => {
                    self.bump();
                    if depth < MAX_DEPTH {
                        let before = parts.len();
                        parts.extend(self.parts(Until::Quote, depth + 1));
                        self.bump();
                        if parts.len() == before {
                            parts.push(Part::Literal { range: start..start, quoted: true });
                        }
                    }
                }
                UNKNOWN => {
                    self.bump();
                    parts.push(Part::Opaque { range: start..self.pos });
                }
                _ => {
                    self.bump();
                    push_literal(&mut parts, start..self.pos, quoted);
                }
            }
        }
        parts
    }

    /// `A=(…)`, and the patterns `@(…)` of bash: their parentheses belong to the word.
    fn opens_list(&self, parts: &[Part]) -> bool {
        let Some(Part::Literal { range, quoted: false }) = parts.last() else { return false };
        range.end == self.pos
            && self.text.get(range.clone()).ends_with(['=', '@', '?', '*', '+', '!'])
    }

    fn backslash(&mut self, parts: &mut Vec<Part>, quoted: bool) {
        let start = self.pos;
        self.bump();
        match self.peek() {
            Some('\n') => {
                self.bump();
            }
            Some('\r') if self.rest().starts_with("\r\n") => {
                self.pos += 2;
            }
            Some(c) if !quoted || matches!(c, '$' | '`' | '"' | '\\') => {
                let at = self.pos;
                self.bump();
                push_literal(parts, at..self.pos, true);
            }
            _ => push_literal(parts, start..self.pos, quoted),
        }
    }

    fn backquoted(&mut self, parts: &mut Vec<Part>) {
        let start = self.pos;
        self.bump();
        let body = self.pos;
        while let Some(c) = self.bump() {
            if c == '`' {
                parts.push(Part::Substitution { range: start..self.pos, body: body..self.pos - 1 });
                return;
            }
            if c == '\\' {
                self.bump();
            }
        }
        parts.push(Part::Substitution { range: start..self.pos, body: body..self.pos });
    }

    fn dollar(&mut self, parts: &mut Vec<Part>, until: Until, depth: usize) {
        let start = self.pos;
        let opaque = |reader: &mut Self, parts: &mut Vec<Part>, end: usize| {
            reader.pos = end.min(reader.text.len());
            parts.push(Part::Opaque { range: start..reader.pos });
        };
        let rest = self.rest();
        if rest.starts_with("${{") {
            // An expression of GitHub Actions. (In shells, a bad substitution.)
            let end = rest.find("}}").map_or(rest.len(), |at| at + 2);
            opaque(self, parts, start + end);
        } else if rest.starts_with("$((") {
            let end = skip(self.text, start + 2, '(') + 1;
            opaque(self, parts, end);
        } else if rest.starts_with("$(") {
            let end = skip(self.text, start + 2, '(');
            self.pos = (end + 1).min(self.text.len());
            parts.push(Part::Substitution { range: start..self.pos, body: start + 2..end });
        } else if rest.starts_with("${") {
            if depth < MAX_DEPTH {
                self.braced(parts, until, depth);
            } else {
                let end = skip(self.text, start + 2, '{') + 1;
                opaque(self, parts, end);
            }
        } else if rest.starts_with("$'")
            && matches!(until, Until::Blank | Until::Brace { quoted: false })
        {
            self.ansi_c(parts);
        } else if rest.starts_with("$\"") && until == Until::Blank {
            self.bump();
        } else {
            self.bump();
            let name = self.rest().bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_');
            let mut length = name.count();
            match self.peek() {
                Some(c) if c.is_ascii_digit() => length = 1,
                Some('@' | '*' | '#' | '?' | '-' | '$' | '!') if until != Until::End => length = 1,
                _ if length == 0 => return push_literal(parts, start..self.pos, true),
                _ => {}
            }
            let name = self.pos..self.pos + length;
            self.pos = name.end;
            parts.push(Part::Parameter {
                range: start..self.pos,
                name,
                default: None,
                assigns: false,
            });
        }
    }

    /// `${NAME}`, `${NAME:-default}` and their like.
    fn braced(&mut self, parts: &mut Vec<Part>, until: Until, depth: usize) {
        let start = self.pos;
        self.pos += 2;
        let length =
            self.rest().bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let name = self.pos..self.pos + length;
        self.pos = name.end;
        let operator = ["}", ":-", "-", ":=", "=", ":+", "+"]
            .into_iter()
            .find(|op| self.rest().starts_with(op));
        let (Some(operator), false) = (operator, name.is_empty()) else {
            self.pos = (skip(self.text, self.pos, '{') + 1).min(self.text.len());
            return parts.push(Part::Opaque { range: start..self.pos });
        };
        let mut default = None;
        if operator == "}" {
            self.pos += 1;
        } else {
            self.pos += operator.len();
            let quoted =
                !matches!(until, Until::Blank | Until::Close | Until::Brace { quoted: false });
            default = Some(self.parts(Until::Brace { quoted }, depth + 1));
            self.bump();
        }
        let assigns = operator.ends_with('=');
        parts.push(Part::Parameter { range: start..self.pos, name, default, assigns });
    }

    /// `$'…'`
    fn ansi_c(&mut self, parts: &mut Vec<Part>) {
        self.pos += 2;
        loop {
            let at = self.pos;
            match self.bump() {
                None | Some('\'') => return,
                Some('\\') => {
                    let c = self.bump().unwrap_or('\\');
                    let c = match c {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        // The numeric escapes are nobody's way to write a Go variable.
                        _ => c,
                    };
                    parts.push(Part::Escaped { c, at });
                }
                Some(_) => push_literal(parts, at..self.pos, true),
            }
        }
    }
}

fn push_literal(parts: &mut Vec<Part>, range: Range<usize>, quoted: bool) {
    match parts.last_mut() {
        Some(Part::Literal { range: last, quoted: same })
            if last.end == range.start && *same == quoted =>
        {
            last.end = range.end;
        }
        _ => parts.push(Part::Literal { range, quoted }),
    }
}

pub(crate) fn ends_word(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | ';' | '&' | '|' | '<' | '>' | '(' | ')')
}

/// The offset of what closes `open`, which stands in front of `from`; or the end of the text. In one pass, whatever the
/// nesting.
fn skip(text: &Text, from: usize, open: char) -> usize {
    let rest = text.get(from..text.len());
    let mut stack = vec![open];
    let mut chars = rest.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let top = stack.last().copied().unwrap_or(open);
        let next = chars.peek().map(|(_, c)| *c);
        match c {
            '\\' => drop(chars.next()),
            '"' if top == '"' => drop(stack.pop()),
            '"' => stack.push('"'),
            '`' if top == '`' => drop(stack.pop()),
            '`' => stack.push('`'),
            '$' if matches!(next, Some('(' | '{')) => {
                stack.extend(chars.next().map(|(_, c)| c));
            }
            '}' if top == '{' => drop(stack.pop()),
            _ if top == '"' => {}
            '\'' if !(top == '{' && stack.iter().rev().nth(1) == Some(&'"')) => {
                chars.by_ref().find(|(_, c)| *c == '\'');
            }
            '#' if top == '(' && matches!(before, ' ' | '\t' | '\n' | ';') => {
                while chars.next_if(|(_, c)| *c != '\n').is_some() {}
            }
            '(' if top != '{' => stack.push('('),
            ')' if top == '(' => drop(stack.pop()),
            _ => {}
        }
        if stack.is_empty() {
            return from + at;
        }
        before = c;
    }
    text.len()
}
