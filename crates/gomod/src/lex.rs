//! Tokens of a go.mod file (`modfile/read.go`, the lexer).

use crate::span::Position;
use crate::text::{is_print, quote_char};

/// A position with its byte offset, which decides what a comment belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) byte: usize,
}

impl Mark {
    pub(crate) fn position(self) -> Position {
        Position { line: self.line, column: self.column }
    }
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The end of the file.
    Eof,
    /// A comment behind something on its line; its line end is part of it.
    EolComment,
    /// A comment alone on its line; its line end is part of it.
    Comment,
    /// A line end.
    Newline,
    /// `(`
    Open,
    /// `)`
    Close,
    /// An identifier, a quoted string, or one of `[ ] { } ,`.
    Word,
}

impl Kind {
    /// Whether it ends a statement.
    pub(crate) fn is_eol(self) -> bool {
        matches!(self, Self::Eof | Self::EolComment | Self::Newline)
    }
}

/// A token; the text of a comment is without its line end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
    pub(crate) start: Mark,
    pub(crate) end: Mark,
}

/// A syntax error: nothing after it is read.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) at: Position,
    pub(crate) message: String,
}

/// The lexer, one token ahead of the parser, as Go's is: so errors come at the same place.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: Mark,
    line_start: usize,
    next: Token<'a>,
    /// The comments at line ends, which the syntax tree is given afterwards.
    pub(crate) suffixes: Vec<(Mark, &'a str)>,
}

const START: Mark = Mark { line: 1, column: 1, byte: 0 };
const BLOCK_COMMENT: &str = "mod files must use // comments (not /* */ comments)";

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str) -> Result<Self, SyntaxError> {
        let next = Token { kind: Kind::Eof, text: "", start: START, end: START };
        let mut lexer = Self { text, at: START, line_start: 0, next, suffixes: Vec::new() };
        lexer.read()?;
        Ok(lexer)
    }

    /// The kind of the token that [`Lexer::lex`] will return.
    pub(crate) fn peek(&self) -> Kind {
        self.next.kind
    }

    pub(crate) fn lex(&mut self) -> Result<Token<'a>, SyntaxError> {
        let token = self.next;
        self.read()?;
        Ok(token)
    }

    /// An error at the place that the lexer has reached.
    pub(crate) fn error<T>(&self, message: impl Into<String>) -> Result<T, SyntaxError> {
        Err(SyntaxError { at: self.at.position(), message: message.into() })
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at.byte..).unwrap_or_default()
    }

    fn peek_char(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek_char()?;
        self.at.byte += c.len_utf8();
        if c == '\n' {
            self.at.line += 1;
            self.at.column = 1;
            self.line_start = self.at.byte;
        } else {
            self.at.column += 1;
        }
        Some(c)
    }

    fn end(&mut self, kind: Kind, start: Mark) {
        let text = self.text.get(start.byte..self.at.byte).unwrap_or_default();
        self.next = Token { kind, text, start, end: self.at };
    }

    fn read(&mut self) -> Result<(), SyntaxError> {
        while matches!(self.peek_char(), Some(' ' | '\t' | '\r')) {
            self.bump();
        }
        if self.rest().starts_with("//") {
            self.comment();
            return Ok(());
        }
        if self.rest().starts_with("/*") {
            return self.error(BLOCK_COMMENT);
        }
        let start = self.at;
        let kind = match self.peek_char() {
            None => Kind::Eof,
            Some('\n') => self.punctuation(Kind::Newline),
            Some('(') => self.punctuation(Kind::Open),
            Some(')') => self.punctuation(Kind::Close),
            Some('[' | ']' | '{' | '}' | ',') => self.punctuation(Kind::Word),
            Some(quote @ ('"' | '`')) => self.string(quote)?,
            Some(c) if is_ident(c) => self.ident()?,
            Some(c) => {
                return self.error(format!("unexpected input character {}", quote_char(c)));
            }
        };
        self.end(kind, start);
        Ok(())
    }

    fn punctuation(&mut self, kind: Kind) -> Kind {
        self.bump();
        kind
    }

    fn comment(&mut self) {
        let start = self.at;
        let before = self.text.get(self.line_start..start.byte).unwrap_or_default();
        let alone = before.trim().is_empty();
        while self.bump().is_some_and(|c| c != '\n') {}
        self.end(if alone { Kind::Comment } else { Kind::EolComment }, start);
        // Like Go, one line end: of `// x\r\r\n` a `\r` stays.
        let text = self.next.text;
        let text = text.strip_suffix("\r\n").or_else(|| text.strip_suffix('\n')).unwrap_or(text);
        self.next.text = text;
        if !alone {
            self.suffixes.push((start, text));
        }
    }

    fn string(&mut self, quote: char) -> Result<Kind, SyntaxError> {
        let start = self.at;
        self.bump();
        loop {
            if self.peek_char() == Some('\n') {
                return self.error("unexpected newline in string");
            }
            let escaped = match self.bump() {
                Some(c) if c == quote => return Ok(Kind::Word),
                // An escaped line end is let through here; unquoting refuses it.
                Some('\\') if quote != '`' => self.bump(),
                other => other,
            };
            if escaped.is_none() {
                self.at = start;
                return self.error("unexpected EOF in string");
            }
        }
    }

    fn ident(&mut self) -> Result<Kind, SyntaxError> {
        while let Some(c) = self.peek_char().filter(|c| is_ident(*c)) {
            // Most words are of such characters, each a byte and a column.
            let plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
            let run = self.rest().bytes().take_while(plain).count();
            if run > 0 {
                self.at.byte += run;
                self.at.column += run;
                continue;
            }
            if c == '/' && self.rest().starts_with("//") {
                break;
            }
            if c == '/' && self.rest().starts_with("/*") {
                return self.error(BLOCK_COMMENT);
            }
            self.bump();
        }
        Ok(Kind::Word)
    }
}

fn is_ident(c: char) -> bool {
    !matches!(c, ' ' | '(' | ')' | '[' | ']' | '{' | '}' | ',') && is_print(c)
}
