//! The package clause and the imports, as `go/parser` reads them with `ImportsOnly`.

use crate::cursor::Cursor;
use crate::lines::Constraint;
use crate::unquote::unquote;
use crate::{embed, unicode};

/// What `go/build` reads of a Go file before it decides about it. Lines and columns count from 1, columns in bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// The package's name; `None` where it cannot be read.
    pub package: Option<Ident>,
    /// The imports, in order; none where there is an error.
    pub imports: Vec<Import>,
    /// The patterns of `//go:embed`, in files that import `embed`.
    pub embeds: Vec<Embed>,
    /// For what the file is built.
    pub constraint: Constraint,
    /// The first thing that Go refuses.
    pub error: Option<HeaderError>,
}

/// A name and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ident {
    /// The name.
    pub name: String,
    /// Its line.
    pub line: usize,
    /// Its column.
    pub column: usize,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The path, without its quotes.
    pub path: String,
    /// The name that it is given; `.` and `_` too.
    pub name: Option<String>,
    /// The line of the name, or of the path where there is none.
    pub line: usize,
    /// The column of the same.
    pub column: usize,
}

/// A pattern of `//go:embed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embed {
    /// The pattern, without its quotes.
    pub pattern: String,
    /// Its line.
    pub line: usize,
    /// Its column.
    pub column: usize,
}

/// Why Go cannot read a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderError {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// What Go says.
    pub message: String,
    /// Whether it is about an import path, which `go/build` judges after `go/parser`: the go command shows it in
    /// another way.
    pub is_import_path: bool,
}

/// The header does not end within the bytes that were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the header does not end here")]
pub struct Incomplete;

/// Reads the header of a Go file of which `bytes` is the beginning, or all if `complete`.
///
/// # Errors
/// More bytes are needed. Never if `complete`.
pub fn read_go(bytes: &[u8], complete: bool) -> Result<Header, Incomplete> {
    let mut reader = Reader::new(bytes);
    let mut header = Header::default();
    let stopped = reader.file(&mut header);
    let end = reader.cursor.at;
    let stopped = reader.first_error(stopped.err(), &mut header);
    if let Some(stopped) = stopped {
        // What the go command then reads is the whole file.
        if !complete {
            return Err(Incomplete);
        }
        let (line, column) = reader.cursor.position(stopped.at);
        let Stopped { message, is_import_path, .. } = stopped;
        header.error = Some(HeaderError { line, column, message, is_import_path });
        header.imports.clear();
    }
    if header.imports.iter().any(|import| import.path == "embed") {
        // The whole file is searched, from its beginning.
        reader.cursor.at = 0;
        header.embeds = embed::find(&mut reader.cursor);
    }
    if reader.cursor.hit_end && !complete {
        return Err(Incomplete);
    }
    header.constraint = Constraint::read(bytes.get(..end).unwrap_or(bytes));
    Ok(header)
}

/// Reads the comments at the top of a file in another language.
///
/// # Errors
/// More bytes are needed. Never if `complete`.
pub fn read_other(bytes: &[u8], complete: bool) -> Result<Constraint, Incomplete> {
    let mut reader = Reader::new(bytes);
    // A comment that does not end ends with the file.
    let _ = reader.skip();
    if reader.cursor.hit_end && !complete {
        return Err(Incomplete);
    }
    Ok(Constraint::read(bytes.get(..reader.cursor.at).unwrap_or(bytes)))
}

/// Where reading stopped, and why.
struct Stopped {
    at: usize,
    message: String,
    is_import_path: bool,
}

impl Stopped {
    fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), is_import_path: false }
    }
}

struct Reader<'b> {
    cursor: Cursor<'b>,
    /// Whether a line ended between the last token and this one: there a semicolon is implied.
    line_ended: bool,
    /// Where it is implied.
    semicolon: usize,
    /// Where the first token behind the package clause begins.
    clause_end: usize,
}

/// A token of a header.
enum Token {
    Ident(String),
    String(Vec<u8>),
    /// Another literal: as it is written.
    Literal(String),
    Byte(u8),
    End,
}

impl<'b> Reader<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        Self { cursor: Cursor::new(bytes), line_ended: false, semicolon: 0, clause_end: usize::MAX }
    }

    /// What the scanner refuses may come before what the parser does.
    fn first_error(&mut self, stopped: Option<Stopped>, header: &mut Header) -> Option<Stopped> {
        let read = self.cursor.bytes.get(..self.cursor.at).unwrap_or(self.cursor.bytes);
        let bad = std::str::from_utf8(read).err().map(|err| (err.valid_up_to(), err.error_len()));
        // Where the bytes end within a character, more of them may come.
        let bad = bad.filter(|(_, length)| length.is_some() || self.cursor.at < read.len());
        let Some((at, _)) = bad.filter(|(at, _)| {
            stopped.as_ref().is_none_or(|other| *at <= other.at || other.is_import_path)
        }) else {
            return stopped;
        };
        if at < self.clause_end {
            header.package = None;
        }
        Some(Stopped::new(at, "illegal UTF-8 encoding"))
    }

    fn file(&mut self, header: &mut Header) -> Result<(), Stopped> {
        self.skip()?;
        let start = self.cursor.at;
        match self.token()? {
            Token::Ident(word) if word == "package" => {}
            token => return self.expected(start, "'package'", &token),
        }
        self.skip()?;
        let at = self.cursor.at;
        match self.token()? {
            Token::Ident(name) if !is_keyword(&name) => {
                let (line, column) = self.cursor.position(at);
                header.package = Some(Ident { name, line, column });
            }
            token => return self.expected(at, "'IDENT'", &token),
        }
        if let Err(stopped) = self.end_of_statement() {
            header.package = None;
            return Err(stopped);
        }
        self.clause_end = self.cursor.at;
        while self.next_is(b"import")? {
            self.cursor.at += "import".len();
            self.skip()?;
            if self.cursor.peek() != Some(b'(') {
                self.import(header)?;
                continue;
            }
            self.cursor.at += 1;
            loop {
                self.skip()?;
                match self.cursor.peek() {
                    Some(b')') => {
                        self.cursor.at += 1;
                        break;
                    }
                    None => {
                        let at = self.cursor.at;
                        return self.expected(at, "')'", &Token::End);
                    }
                    Some(b';') => {
                        return Err(self.missing_path());
                    }
                    _ => self.import(header)?,
                }
            }
            self.end_of_statement()?;
        }
        Ok(())
    }

    fn missing_path(&self) -> Stopped {
        let message = "missing import path".to_owned();
        Stopped::new(self.cursor.at, message)
    }

    fn import(&mut self, header: &mut Header) -> Result<(), Stopped> {
        let start = self.cursor.at;
        let mut name = None;
        match self.cursor.peek() {
            Some(b'.') => {
                self.cursor.at += 1;
                name = Some(".".to_owned());
                self.skip()?;
            }
            Some(byte) if is_ident_start(byte) => {
                let word = self.ident();
                if is_keyword(&word) {
                    self.cursor.at = start;
                    return Err(self.missing_path());
                }
                name = Some(word);
                self.skip()?;
            }
            _ => {}
        }
        if name.is_some() && self.line_ended {
            self.cursor.at = self.semicolon;
            return Err(self.missing_path());
        }
        let at = self.cursor.at;
        let literal = match self.token()? {
            Token::String(literal) => literal,
            Token::Literal(_) => {
                let message = "import path must be a string".to_owned();
                return Err(Stopped::new(at, message));
            }
            _ => {
                self.cursor.at = at;
                return Err(self.missing_path());
            }
        };
        let path = unquote(&literal).unwrap_or_default();
        if !unicode::is_valid_import(&path) {
            return Err(Stopped {
                at: start,
                message: format!("invalid import path: {path}"),
                is_import_path: true,
            });
        }
        let (line, column) = self.cursor.position(start);
        header.imports.push(Import { path, name, line, column });
        self.end_of_statement()
    }

    /// A semicolon, a line end, a closing parenthesis or the end (`parser.expectSemi`).
    fn end_of_statement(&mut self) -> Result<(), Stopped> {
        self.skip()?;
        let at = self.cursor.at;
        if self.line_ended {
            return Ok(());
        }
        match self.cursor.peek() {
            None | Some(b')') => Ok(()),
            Some(b';') => {
                self.cursor.at += 1;
                self.skip()?;
                Ok(())
            }
            Some(_) => {
                let token = self.token()?;
                self.expected(at, "';'", &token)
            }
        }
    }

    fn expected<T>(&self, at: usize, what: &str, token: &Token) -> Result<T, Stopped> {
        let found = match token {
            Token::Ident(word) if is_keyword(word) => format!("'{word}'"),
            Token::Ident(word) | Token::Literal(word) => word.clone(),
            Token::String(literal) => String::from_utf8_lossy(literal).into_owned(),
            Token::Byte(byte) => format!("'{}'", char::from(*byte)),
            Token::End => "'EOF'".to_owned(),
        };
        Err(Stopped::new(at, format!("expected {what}, found {found}")))
    }

    /// Where a line ends first, or a comment that goes to its end, the semicolon is.
    fn imply(&mut self, implied: &mut bool, at: usize) {
        if !*implied {
            self.semicolon = at;
            *implied = true;
        }
    }

    /// Moves to the next token, over blanks and comments.
    fn skip(&mut self) -> Result<(), Stopped> {
        self.line_ended = false;
        self.semicolon = self.cursor.at;
        let mut implied = false;
        while let Some(byte) = self.cursor.peek() {
            let start = self.cursor.at;
            match (byte, byte == b'/') {
                (b'\n', _) => {
                    self.line_ended = true;
                    self.imply(&mut implied, start);
                    self.cursor.at += 1;
                }
                (b' ' | b'\t' | b'\r', _) => self.cursor.at += 1,
                (_, true) => match self.cursor.peek_at(1) {
                    Some(b'/') => {
                        self.imply(&mut implied, start);
                        self.cursor.skip_line();
                    }
                    Some(b'*') => match self.cursor.skip_comment() {
                        Some(lines) => {
                            self.line_ended |= lines;
                            if lines {
                                self.imply(&mut implied, start);
                            }
                        }
                        None => {
                            let message = "comment not terminated".to_owned();
                            return Err(Stopped::new(start, message));
                        }
                    },
                    _ => break,
                },
                (0xef, _)
                    if start == 0 && self.cursor.rest().starts_with("\u{feff}".as_bytes()) =>
                {
                    self.cursor.at += 3;
                }
                _ => break,
            }
        }
        Ok(())
    }

    /// Whether the next token is this word.
    fn next_is(&mut self, word: &[u8]) -> Result<bool, Stopped> {
        self.skip()?;
        let rest = self.cursor.rest();
        if rest.len() <= word.len() && word.starts_with(rest) {
            self.cursor.hit_end = true;
        }
        let behind = rest.get(word.len()).copied();
        Ok(rest.starts_with(word) && !behind.is_some_and(is_ident_byte))
    }

    fn ident(&mut self) -> String {
        let start = self.cursor.at;
        while self.cursor.peek().is_some_and(is_ident_byte) {
            self.cursor.at += 1;
        }
        let name = self.cursor.bytes.get(start..self.cursor.at).unwrap_or_default();
        String::from_utf8_lossy(name).into_owned()
    }

    fn token(&mut self) -> Result<Token, Stopped> {
        let start = self.cursor.at;
        let Some(byte) = self.cursor.peek() else { return Ok(Token::End) };
        let text =
            |from: usize, to: usize| self.cursor.bytes.get(from..to).unwrap_or_default().to_vec();
        match byte {
            _ if is_ident_start(byte) => Ok(Token::Ident(self.ident())),
            b'"' => {
                self.cursor.at += 1;
                loop {
                    match self.cursor.peek() {
                        Some(b'"') => break,
                        Some(b'\\') => self.cursor.at += 2,
                        Some(b'\n') | None => {
                            let message = "string literal not terminated".to_owned();
                            return Err(Stopped::new(start, message));
                        }
                        Some(_) => self.cursor.at += 1,
                    }
                }
                self.cursor.at += 1;
                let end = self.cursor.at;
                Ok(Token::String(self.cursor.bytes.get(start..end).unwrap_or_default().to_vec()))
            }
            b'`' => {
                let rest = self.cursor.rest().get(1..).unwrap_or_default();
                match memchr::memchr(b'`', rest) {
                    Some(end) => {
                        let literal = text(start, start + end + 2);
                        self.cursor.at += end + 2;
                        Ok(Token::String(literal))
                    }
                    None => {
                        self.cursor.hit_end = true;
                        let message = "raw string literal not terminated".to_owned();
                        Err(Stopped::new(start, message))
                    }
                }
            }
            b'0'..=b'9' => {
                while self.cursor.peek().is_some_and(|byte| is_ident_byte(byte) || byte == b'.') {
                    self.cursor.at += 1;
                }
                let literal = self.cursor.bytes.get(start..self.cursor.at).unwrap_or_default();
                Ok(Token::Literal(String::from_utf8_lossy(literal).into_owned()))
            }
            b'\'' => {
                self.cursor.at += 1;
                while self.cursor.peek().is_some_and(|byte| !matches!(byte, b'\'' | b'\n')) {
                    self.cursor.at += if self.cursor.peek() == Some(b'\\') { 2 } else { 1 };
                }
                if self.cursor.peek() != Some(b'\'') {
                    return Err(Stopped::new(start, "rune literal not terminated"));
                }
                self.cursor.at += 1;
                let literal = self.cursor.bytes.get(start..self.cursor.at).unwrap_or_default();
                Ok(Token::Literal(String::from_utf8_lossy(literal).into_owned()))
            }
            0 => Err(Stopped::new(start, "illegal character NUL")),
            _ => {
                self.cursor.at += 1;
                Ok(Token::Byte(byte))
            }
        }
    }
}

/// Letters beyond ASCII are taken for what they look like: parts of names.
const fn is_ident_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

const fn is_ident_byte(byte: u8) -> bool {
    is_ident_start(byte) || byte.is_ascii_digit()
}

fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 25] = [
        "break",
        "case",
        "chan",
        "const",
        "continue",
        "default",
        "defer",
        "else",
        "fallthrough",
        "for",
        "func",
        "go",
        "goto",
        "if",
        "import",
        "interface",
        "map",
        "package",
        "range",
        "return",
        "select",
        "struct",
        "switch",
        "type",
        "var",
    ];
    KEYWORDS.binary_search(&word).is_ok()
}
