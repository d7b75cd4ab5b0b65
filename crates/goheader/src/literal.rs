//! Numbers, characters and strings: the second half of go/scanner.

use crate::scanner::{Scanner, code_point, strip_returns};
use crate::text::{slice, tail};
use crate::token::Kind;
use std::borrow::Cow;

/// Digits, and underscores between them, as `Scanner.digits` saw them.
#[derive(Default, Clone, Copy)]
struct Digits {
    some: bool,
    separated: bool,
}

impl<'a> Scanner<'a> {
    /// `Scanner.scanString`, at the quote.
    pub(crate) fn string(&mut self) -> Kind {
        let start = self.offset;
        // Most strings hold nothing special.
        let plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
        let rest = tail(self.src, start + 1);
        self.jump(start + 1 + rest.iter().take_while(|byte| plain(byte)).count());
        loop {
            let ch = self.ch;
            if matches!(ch, None | Some('\n')) {
                self.error(start, "string literal not terminated");
                break;
            }
            self.next();
            match ch {
                Some('"') => break,
                Some('\\') => drop(self.escape('"')),
                _ => {}
            }
        }
        Kind::String
    }

    /// `Scanner.scanRawString`, at the quote.
    pub(crate) fn raw_string(&mut self) -> Cow<'a, [u8]> {
        let start = self.offset;
        self.next();
        loop {
            let ch = self.ch;
            if ch.is_none() {
                self.error(start, "raw string literal not terminated");
                break;
            }
            self.next();
            if ch == Some('`') {
                break;
            }
        }
        strip_returns(slice(self.src, start, self.offset), false)
    }

    /// `Scanner.scanRune`, at the quote.
    pub(crate) fn rune(&mut self) -> Kind {
        let start = self.offset;
        self.next();
        let mut valid = true;
        let mut count = 0;
        loop {
            let ch = self.ch;
            if matches!(ch, None | Some('\n')) {
                if std::mem::take(&mut valid) {
                    self.error(start, "rune literal not terminated");
                }
                break;
            }
            self.next();
            if ch == Some('\'') {
                break;
            }
            count += 1;
            if ch == Some('\\') {
                valid &= self.escape('\'');
            }
        }
        if valid && count != 1 {
            self.error(start, "illegal rune literal");
        }
        Kind::Literal
    }

    /// `Scanner.scanEscape`: whether the escape sequence is valid.
    fn escape(&mut self, quote: char) -> bool {
        let start = self.offset;
        let (count, base, max) = match self.ch {
            Some('a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\\') => {
                self.next();
                return true;
            }
            Some(ch) if ch == quote => {
                self.next();
                return true;
            }
            Some('0'..='7') => (3, 8, 255),
            Some('x') => (2, 16, 255),
            Some('u') => (4, 16, u32::from(char::MAX)),
            Some('U') => (8, 16, u32::from(char::MAX)),
            ch => {
                let message = if ch.is_some() { "unknown escape sequence" } else { NOT_TERMINATED };
                self.error(start, message);
                return false;
            }
        };
        if base == 16 {
            self.next();
        }
        let mut value: u32 = 0;
        for _ in 0..count {
            let Some(digit) = self.ch.and_then(|ch| ch.to_digit(base)) else {
                let message = match self.ch {
                    Some(ch) => format!("illegal character {} in escape sequence", code_point(ch)),
                    None => NOT_TERMINATED.to_owned(),
                };
                self.error(self.offset, message);
                return false;
            };
            value = value.wrapping_mul(base).wrapping_add(digit);
            self.next();
        }
        let valid = value <= max && (max == 255 || char::from_u32(value).is_some());
        if !valid {
            self.error(start, "escape sequence is invalid Unicode code point");
        }
        valid
    }

    /// `Scanner.scanNumber`
    pub(crate) fn number(&mut self) {
        let start = self.offset;
        let (mut base, mut prefix) = (10, ' ');
        let mut seen = Digits::default();
        let mut invalid = None;
        let mut integer = true;
        if self.ch != Some('.') {
            if self.ch == Some('0') {
                self.next();
                (base, prefix) = match self.ch.map(|ch| ch.to_ascii_lowercase()) {
                    Some('x') => (16, 'x'),
                    Some('o') => (8, 'o'),
                    Some('b') => (2, 'b'),
                    _ => (8, '0'),
                };
                if prefix == '0' {
                    seen.some = true;
                } else {
                    self.next();
                }
            }
            self.digits(base, &mut invalid, &mut seen);
        }
        if self.ch == Some('.') {
            integer = false;
            if matches!(prefix, 'o' | 'b') {
                self.error(self.offset, format!("invalid radix point in {}", literal_name(prefix)));
            }
            self.next();
            self.digits(base, &mut invalid, &mut seen);
        }
        if !seen.some {
            self.error(self.offset, format!("{} has no digits", literal_name(prefix)));
        }
        self.exponent(prefix, &mut integer, &mut seen);
        if self.ch == Some('i') {
            integer = false;
            self.next();
        }
        let text = slice(self.src, start, self.offset);
        if let Some(at) = invalid.filter(|_| integer) {
            let digit = text.get(at - start).copied().map_or(' ', char::from);
            self.error(at, format!("invalid digit '{digit}' in {}", literal_name(prefix)));
        }
        if let Some(at) = invalid_separator(text).filter(|_| seen.separated) {
            self.error(start + at, "'_' must separate successive digits");
        }
    }

    fn exponent(&mut self, prefix: char, integer: &mut bool, seen: &mut Digits) {
        let ch = self.ch.unwrap_or_default();
        let letter = ch.to_ascii_lowercase();
        if !matches!(letter, 'e' | 'p') {
            if prefix == 'x' && !*integer {
                self.error(self.offset, "hexadecimal mantissa requires a 'p' exponent");
            }
            return;
        }
        if letter == 'e' && !matches!(prefix, ' ' | '0') {
            self.error(self.offset, format!("'{ch}' exponent requires decimal mantissa"));
        } else if letter == 'p' && prefix != 'x' {
            self.error(self.offset, format!("'{ch}' exponent requires hexadecimal mantissa"));
        }
        self.next();
        *integer = false;
        if matches!(self.ch, Some('+' | '-')) {
            self.next();
        }
        let mut digits = Digits::default();
        self.digits(10, &mut None, &mut digits);
        seen.separated |= digits.separated;
        if !digits.some {
            self.error(self.offset, "exponent has no digits");
        }
    }

    /// `Scanner.digits`
    fn digits(&mut self, base: u32, invalid: &mut Option<usize>, seen: &mut Digits) {
        while let Some(ch) = self.ch {
            if ch == '_' {
                seen.separated = true;
            } else if ch.is_digit(base.max(10)) {
                seen.some = true;
                if !ch.is_digit(base) {
                    invalid.get_or_insert(self.offset);
                }
            } else {
                break;
            }
            self.next();
        }
    }
}

const NOT_TERMINATED: &str = "escape sequence not terminated";

fn literal_name(prefix: char) -> &'static str {
    match prefix {
        'x' => "hexadecimal literal",
        'o' | '0' => "octal literal",
        'b' => "binary literal",
        _ => "decimal literal",
    }
}

/// `invalidSep`: where the first `_` is that does not separate digits.
fn invalid_separator(text: &[u8]) -> Option<usize> {
    let prefix = text.get(1).map(u8::to_ascii_lowercase).filter(|_| text.first() == Some(&b'0'));
    let prefix = prefix.filter(|byte| matches!(byte, b'x' | b'o' | b'b'));
    // What is before: an underscore, a digit (`0`), or something else (`.`). A prefix counts as a digit.
    let mut before = if prefix.is_some() { b'0' } else { b'.' };
    for (index, byte) in text.iter().enumerate().skip(if prefix.is_some() { 2 } else { 0 }) {
        let now = match byte {
            b'_' if before != b'0' => return Some(index),
            b'_' => b'_',
            b'0'..=b'9' => b'0',
            b'a'..=b'f' | b'A'..=b'F' if prefix == Some(b'x') => b'0',
            _ if before == b'_' => return Some(index - 1),
            _ => b'.',
        };
        before = now;
    }
    (before == b'_').then(|| text.len() - 1)
}
