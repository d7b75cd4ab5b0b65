//! The tokens of a file: a port of go/scanner.

use crate::errors::Errors;
use crate::position::File;
use crate::text::{REPLACEMENT, decode, slice, tail};
use crate::token::{Kind, OPERATORS, SEMICOLON, Token, keyword};
use crate::unicode::{is_digit, is_letter, is_print};
use memchr::{memchr, memmem};
use std::borrow::Cow;

const BOM: char = '\u{feff}';

/// `scanner.Scanner`
pub(crate) struct Scanner<'a> {
    pub(crate) src: &'a [u8],
    pub(crate) file: File,
    pub(crate) errors: Errors,
    /// The current character, None at the end.
    pub(crate) ch: Option<char>,
    /// Its offset.
    pub(crate) offset: usize,
    /// The offset behind it.
    next_offset: usize,
    /// Whether a newline is a semicolon here.
    insert_semicolon: bool,
    /// The first newline within the comment scanned last, where it stands for a semicolon.
    newline: Option<usize>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(src: &'a [u8]) -> Self {
        let file = File::new(src);
        let mut scanner = Self {
            src,
            file,
            errors: Errors::default(),
            ch: Some(' '),
            offset: 0,
            next_offset: 0,
            insert_semicolon: false,
            newline: None,
        };
        scanner.next();
        if scanner.ch == Some(BOM) {
            scanner.next();
        }
        scanner
    }

    pub(crate) fn error(&mut self, offset: usize, message: impl Into<String>) {
        self.errors.add(&self.file, offset, message);
    }

    /// Reads the next character.
    pub(crate) fn next(&mut self) {
        let rest = tail(self.src, self.next_offset);
        let Some((c, width)) = decode(rest) else {
            self.offset = self.src.len();
            self.ch = None;
            return;
        };
        self.offset = self.next_offset;
        self.next_offset += width;
        self.ch = Some(c);
        match c {
            '\0' => self.error(self.offset, "illegal character NUL"),
            REPLACEMENT if width == 1 => {
                let utf16 = rest.starts_with(b"\xff\xfe") || rest.starts_with(b"\xfe\xff");
                if self.offset == 0 && utf16 {
                    self.error(0, "illegal UTF-8 encoding (got UTF-16)");
                    self.next_offset = self.src.len();
                } else {
                    self.error(self.offset, "illegal UTF-8 encoding");
                }
            }
            BOM if self.offset > 0 => self.error(self.offset, "illegal byte order mark"),
            _ => {}
        }
    }

    /// Goes to an offset that begins a character, past text without errors.
    pub(crate) fn jump(&mut self, offset: usize) {
        self.next_offset = offset;
        self.next();
    }

    /// The byte behind the current character.
    fn peek(&self) -> u8 {
        self.src.get(self.next_offset).copied().unwrap_or_default()
    }

    /// `Scanner.Scan`
    pub(crate) fn scan(&mut self) -> Token<'a> {
        if let Some(at) = self.newline.take() {
            return semicolon(at);
        }
        while matches!(self.ch, Some(' ' | '\t' | '\r'))
            || self.ch == Some('\n') && !self.insert_semicolon
        {
            self.next();
        }
        let at = self.offset;
        let Some(ch) = self.ch else {
            if std::mem::take(&mut self.insert_semicolon) {
                return semicolon(at);
            }
            return Token { kind: Kind::End, at, text: Cow::Borrowed(b"") };
        };
        if matches!(ch, '/') && matches!(self.peek(), b'/' | b'*') {
            return self.comment();
        }
        if ch == '\n' {
            self.next();
            self.insert_semicolon = false;
            return semicolon(at);
        }
        let (kind, text) = self.token(ch);
        self.insert_semicolon =
            kind.ends_statement() || kind == Kind::Illegal && self.insert_semicolon;
        Token { kind, at, text }
    }

    fn token(&mut self, ch: char) -> (Kind, Cow<'a, [u8]>) {
        let at = self.offset;
        let kind = if ch == '_' || is_letter(ch) {
            let name = self.name();
            return (keyword(name).unwrap_or(Kind::Name), Cow::Borrowed(name));
        } else if ch.is_ascii_digit() || ch == '.' && self.peek().is_ascii_digit() {
            self.number();
            Kind::Literal
        } else {
            match ch {
                '"' => self.string(),
                '\'' => self.rune(),
                '`' => return (Kind::String, self.raw_string()),
                _ => return self.operator(ch),
            }
        };
        (kind, Cow::Borrowed(slice(self.src, at, self.offset)))
    }

    fn operator(&mut self, ch: char) -> (Kind, Cow<'a, [u8]>) {
        let at = self.offset;
        let Some(operator) = operator(tail(self.src, at)) else {
            self.next();
            self.illegal(ch, at);
            return (Kind::Illegal, Cow::Borrowed(b""));
        };
        operator.bytes().for_each(|_| self.next());
        let text: &[u8] = if operator == ";" { b";" } else { b"" };
        (Kind::Operator(operator), Cow::Borrowed(text))
    }

    fn illegal(&mut self, ch: char, at: usize) {
        match ch {
            // It was reported already.
            BOM => {}
            '“' | '”' => {
                self.error(at, format!("curly quotation mark '{ch}' (use neutral '\"')"));
            }
            _ => self.error(at, format!("illegal character {}", code_point(ch))),
        }
    }

    fn name(&mut self) -> &'a [u8] {
        let start = self.offset;
        let rest = tail(self.src, start);
        let ascii = rest.iter().position(|b| !b.is_ascii_alphanumeric() && *b != b'_');
        self.jump(start + ascii.unwrap_or(rest.len()));
        while self.ch.is_some_and(|c| c == '_' || is_letter(c) || is_digit(c)) {
            self.next();
        }
        slice(self.src, start, self.offset)
    }

    /// `Scanner.scanComment` and what Scan does with its answer.
    fn comment(&mut self) -> Token<'a> {
        let start = self.offset;
        self.next();
        let (first_newline, next) = if self.ch == Some('/') {
            (None, Some(self.line_comment()))
        } else {
            self.long_comment(start)
        };
        let mut text = slice(self.src, start, self.offset);
        let long = text.get(1) == Some(&b'*');
        if !long {
            text = text.strip_suffix(b"\r").unwrap_or(text);
        }
        if let Some(next) = next {
            let at_line_start =
                start.checked_sub(1).is_none_or(|before| self.src.get(before) == Some(&b'\n'));
            if let Some((at, message)) = self.file.line_comment(text, start, next, at_line_start) {
                self.error(at, message);
            }
        }
        if self.insert_semicolon && first_newline.is_some() {
            self.newline = first_newline;
            self.insert_semicolon = false;
        }
        Token { kind: Kind::Comment, at: start, text: strip_returns(text, long) }
    }

    /// Reads to the newline; the offset behind it.
    fn line_comment(&mut self) -> usize {
        let start = self.offset + 1;
        let end = memchr(b'\n', tail(self.src, start)).map_or(self.src.len(), |at| start + at);
        if is_clean(slice(self.src, start, end)) {
            self.jump(end);
        } else {
            self.next();
            while self.ch.is_some_and(|c| c != '\n') {
                self.next();
            }
        }
        self.offset + usize::from(self.ch == Some('\n'))
    }

    /// Reads to the end of the comment; where its first newline is, and the offset behind the comment.
    fn long_comment(&mut self, start: usize) -> (Option<usize>, Option<usize>) {
        let body = self.offset + 1;
        let rest = tail(self.src, body);
        let end = memmem::find(rest, b"*/");
        let inside = slice(rest, 0, end.unwrap_or(rest.len()));
        let newline = memchr(b'\n', inside).map(|at| body + at);
        let stop = body + inside.len();
        if is_clean(inside) {
            self.jump(stop);
        } else {
            while self.offset < stop {
                self.next();
            }
        }
        if end.is_none() {
            self.error(start, "comment not terminated");
            return (newline, None);
        }
        self.next(); // `*`
        self.next(); // `/`
        (newline, Some(self.offset))
    }
}

/// Whether text holds nothing that the scanner complains about wherever it is.
fn is_clean(text: &[u8]) -> bool {
    // Without branches, and so many bytes at a time.
    let (bits, zero) =
        text.iter().fold((0, false), |(bits, zero), byte| (bits | byte, zero | (*byte == 0)));
    let utf8 = || std::str::from_utf8(text).is_ok();
    let marked = || memmem::find(text, "\u{feff}".as_bytes()).is_some();
    !zero && (bits.is_ascii() || utf8() && !marked())
}

fn semicolon(at: usize) -> Token<'static> {
    Token { kind: SEMICOLON, at, text: Cow::Borrowed(b"\n") }
}

fn operator(text: &[u8]) -> Option<&'static str> {
    // The first byte tells most of them apart, without a call.
    let mut candidates = OPERATORS.iter().filter(|one| one.as_bytes().first() == text.first());
    candidates.find(|operator| text.starts_with(operator.as_bytes())).copied()
}

/// `%#U`
pub(crate) fn code_point(ch: char) -> String {
    let number = format!("U+{:04X}", u32::from(ch));
    if is_print(ch) { format!("{number} '{ch}'") } else { number }
}

/// `stripCR`: text without carriage returns, but for one that keeps a long comment from ending.
pub(crate) fn strip_returns(text: &[u8], long: bool) -> Cow<'_, [u8]> {
    if memchr(b'\r', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut kept: Vec<u8> = Vec::with_capacity(text.len());
    for (index, byte) in text.iter().enumerate() {
        let keeps =
            || kept.len() > 2 && kept.last() == Some(&b'*') && text.get(index + 1) == Some(&b'/');
        if *byte != b'\r' || long && keeps() {
            kept.push(*byte);
        }
    }
    Cow::Owned(kept)
}
