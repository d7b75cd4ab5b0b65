//! One word of a script: quotes taken off, expansions replaced by their defaults.

use std::ops::Range;

/// A word.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    /// What is known of it.
    pub(super) text: String,
    /// Whether there is no expansion in it.
    pub(super) is_literal: bool,
    /// Where it stands.
    pub(super) range: Range<usize>,
}

impl Word {
    /// `NAME=value`, `NAME+=value`.
    pub(super) fn assignment(&self) -> Option<(&str, &str)> {
        let (name, value) = self.text.split_once('=')?;
        let name = name.strip_suffix('+').unwrap_or(name);
        let first = name.bytes().next()?;
        let rest = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        (rest && !first.is_ascii_digit()).then_some((name, value))
    }
}

/// Expansions inside expansions, at most.
const MAX_DEPTH: usize = 16;

/// Reads the word that begins at `at`; gives it and the offset behind it.
pub(super) fn word(text: &str, at: usize) -> (Word, usize) {
    let mut reader = Reader { text, at, word: Word { is_literal: true, ..Word::default() } };
    reader.bare();
    let end = reader.at;
    reader.word.range = at..end;
    (reader.word, end)
}

/// Whether a byte ends a bare word.
pub(super) fn ends_word(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>')
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    word: Word,
}

impl Reader<'_> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// Takes one character as it is.
    fn take(&mut self) {
        if let Some(ch) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            self.word.text.push(ch);
            self.at += ch.len_utf8();
        } else {
            self.at += 1;
        }
    }

    fn bare(&mut self) {
        while let Some(byte) = self.byte(0) {
            match byte {
                _ if ends_word(byte) => break,
                b'\'' => self.single(),
                b'"' => self.double(),
                b'\\' if self.byte(1) == Some(b'\n') => self.at += 2,
                b'\\' => {
                    self.at += 1;
                    self.take();
                }
                b'$' => self.expansion(0),
                b'`' => self.backquotes(),
                _ => self.take(),
            }
        }
    }

    fn single(&mut self) {
        self.at += 1;
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.find('\'').unwrap_or(rest.len());
        self.word.text.push_str(rest.get(..end).unwrap_or_default());
        self.at = (self.at + end + 1).min(self.text.len());
    }

    fn double(&mut self) {
        self.at += 1;
        while let Some(byte) = self.byte(0) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' if self.byte(1) == Some(b'\n') => self.at += 2,
                b'\\' if matches!(self.byte(1), Some(b'"' | b'\\' | b'$' | b'`')) => {
                    self.at += 1;
                    self.take();
                }
                b'$' => self.expansion(0),
                b'`' => self.backquotes(),
                _ => self.take(),
            }
        }
    }

    fn backquotes(&mut self) {
        self.word.is_literal = false;
        self.at += 1;
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at = (self.at + rest.find('`').unwrap_or(rest.len()) + 1).min(self.text.len());
    }

    /// `$X`, `${X}`, `${X:-default}`, `$(command)`, `$((sum))`.
    fn expansion(&mut self, depth: usize) {
        match self.byte(1) {
            Some(b'{') => self.braces(depth),
            Some(b'(') => {
                self.word.is_literal = false;
                self.at = balanced(self.text, self.at + 1);
            }
            Some(byte) if byte.is_ascii_alphanumeric() || b"_@*#?$!-".contains(&byte) => {
                self.word.is_literal = false;
                self.at += 1;
                let name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
                if name(byte) && !byte.is_ascii_digit() {
                    while self.byte(0).is_some_and(name) {
                        self.at += 1;
                    }
                } else {
                    self.at += 1;
                }
            }
            _ => self.take(),
        }
    }

    fn braces(&mut self, depth: usize) {
        self.word.is_literal = false;
        self.at += 2;
        while self
            .byte(0)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_#!@*?".contains(&byte))
        {
            self.at += 1;
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        // A default is what is used where nobody set the variable.
        let default = [":-", "-", ":=", "="].iter().find(|operator| rest.starts_with(**operator));
        let Some(operator) = default.filter(|_| depth < MAX_DEPTH) else {
            self.at = (self.at + rest.find('}').unwrap_or(rest.len()) + 1).min(self.text.len());
            return;
        };
        self.at += operator.len();
        while let Some(byte) = self.byte(0) {
            match byte {
                b'}' => {
                    self.at += 1;
                    return;
                }
                b'$' => self.expansion(depth + 1),
                b'\'' => self.single(),
                b'"' => self.at += 1,
                b'\n' => return,
                _ => self.take(),
            }
        }
    }
}

/// The offset behind the parenthesis that closes the one at `at`.
fn balanced(text: &str, at: usize) -> usize {
    let mut depth = 0_usize;
    let bytes = text.as_bytes();
    let mut index = at;
    while let Some(byte) = bytes.get(index) {
        match byte {
            b'(' => depth += 1,
            b')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return index + 1;
                }
            }
            b'\\' => index += 1,
            b'\'' => {
                let quoted = bytes.get(index + 1..).unwrap_or_default();
                index += quoted.iter().position(|byte| *byte == b'\'').map_or(0, |end| end + 1);
            }
            _ => {}
        }
        index += 1;
    }
    // Inside a character no word may end.
    text.len()
}
