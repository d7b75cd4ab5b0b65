//! How far `go/build` reads: a port of the `importReader` of go/build/read.go, over a slice.
//!
//! It knows just enough of Go's syntax to find the end of the imports. What it takes for a mistake is left to the real
//! parser, with the whole file.

use crate::Incomplete;
use crate::text::tail;
use memchr::{memchr, memchr2};

/// The byte order mark that may begin a file.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// What `readGoInfo` or `readComments` has read.
pub(crate) struct Read<'a> {
    /// Everything that was read, `info.header`.
    pub(crate) header: &'a [u8],
    /// The whole file behind a byte order mark, where the file is complete.
    pub(crate) all: &'a [u8],
    /// What was wrong.
    pub(crate) error: Option<ReadError>,
}

/// Why reading stopped early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("syntax error")]
    Syntax,
    #[error("unexpected NUL in input")]
    Nul,
}

struct Reader<'a> {
    data: &'a [u8],
    /// How much is read.
    at: usize,
    /// The byte read last and not yet used, 0 if none.
    peek: u8,
    error: Option<ReadError>,
    eof: bool,
}

/// `readGoInfo` as far as it reads.
pub(crate) fn read_go(data: &[u8], complete: bool) -> Result<Read<'_>, Incomplete> {
    let mut reader = Reader::new(data);
    reader.file();
    match reader.error {
        Some(ReadError::Nul) => {}
        // go/build reads on to the end of the file.
        Some(ReadError::Syntax) if !complete => return Err(Incomplete),
        Some(ReadError::Syntax) => {
            return Ok(Read { header: reader.data, all: reader.data, error: None });
        }
        None if reader.eof && !complete => return Err(Incomplete),
        None => {}
    }
    Ok(reader.finish())
}

/// `readComments`
pub(crate) fn read_comments(data: &[u8], complete: bool) -> Result<Read<'_>, Incomplete> {
    // The beginning of a byte order mark is not yet one.
    if !complete && data.len() < BOM.len() && BOM.starts_with(data) {
        return Err(Incomplete);
    }
    let mut reader = Reader::new(data);
    reader.peek_byte(true);
    if reader.eof && !complete && reader.error != Some(ReadError::Nul) {
        return Err(Incomplete);
    }
    Ok(reader.finish())
}

impl<'a> Reader<'a> {
    fn new(data: &'a [u8]) -> Self {
        let data = data.strip_prefix(BOM).unwrap_or(data);
        Self { data, at: 0, peek: 0, error: None, eof: false }
    }

    /// The byte that told that this was the end does not belong to the header.
    fn finish(self) -> Read<'a> {
        let end =
            if self.error.is_none() && !self.eof { self.at.saturating_sub(1) } else { self.at };
        let header = self.data.get(..end).unwrap_or_default();
        Read { header, all: self.data, error: self.error }
    }

    fn file(&mut self) {
        self.keyword(b"package");
        self.identifier();
        while self.peek_byte(true) == b'i' {
            self.keyword(b"import");
            if self.peek_byte(true) == b'(' {
                self.next_byte(false);
                while self.peek_byte(true) != b')' && self.error.is_none() {
                    self.import();
                }
                self.next_byte(false);
            } else {
                self.import();
            }
        }
    }

    fn syntax_error(&mut self) {
        self.error.get_or_insert(ReadError::Syntax);
    }

    fn read_byte(&mut self) -> u8 {
        let Some(byte) = self.data.get(self.at).copied() else {
            self.eof = true;
            return 0;
        };
        self.at += 1;
        if byte == 0 {
            self.error.get_or_insert(ReadError::Nul);
        }
        byte
    }

    fn going(&self) -> bool {
        self.error.is_none() && !self.eof
    }

    fn peek_byte(&mut self, skip_space: bool) -> u8 {
        if self.error.is_some() {
            return 0;
        }
        let mut byte = self.peek;
        if byte == 0 {
            byte = self.read_byte();
        }
        while self.going() && skip_space {
            match byte {
                b' ' | b'\x0c' | b'\t' | b'\r' | b'\n' | b';' => {}
                b'/' => self.comment(),
                _ => break,
            }
            byte = self.read_byte();
        }
        self.peek = byte;
        byte
    }

    /// A comment whose first slash has been read.
    fn comment(&mut self) {
        match self.read_byte() {
            b'/' => match memchr2(b'\n', 0, tail(self.data, self.at)) {
                Some(end) => {
                    self.at += end;
                    self.read_byte();
                }
                None => self.end(),
            },
            b'*' => self.long_comment(),
            _ => self.syntax_error(),
        }
    }

    /// A comment whose `/*` has been read.
    fn long_comment(&mut self) {
        let start = self.at;
        loop {
            match memchr2(b'/', 0, tail(self.data, self.at)) {
                Some(found) => {
                    self.at += found;
                    let closes = self.at > start && self.data.get(self.at - 1) == Some(&b'*');
                    if self.read_byte() == 0 || closes {
                        return;
                    }
                }
                None => {
                    self.end();
                    return self.syntax_error();
                }
            }
        }
    }

    /// Everything is read.
    fn end(&mut self) {
        self.at = self.data.len();
        self.eof = true;
    }

    fn next_byte(&mut self, skip_space: bool) -> u8 {
        let byte = self.peek_byte(skip_space);
        self.peek = 0;
        byte
    }

    fn keyword(&mut self, keyword: &[u8]) {
        self.peek_byte(true);
        for byte in keyword {
            if self.next_byte(false) != *byte {
                return self.syntax_error();
            }
        }
        if is_ident(self.peek_byte(false)) {
            self.syntax_error();
        }
    }

    fn identifier(&mut self) {
        if !is_ident(self.peek_byte(true)) {
            return self.syntax_error();
        }
        while is_ident(self.peek_byte(false)) {
            self.peek = 0;
        }
    }

    fn string(&mut self) {
        match self.next_byte(true) {
            b'`' => {
                let end = memchr2(b'`', 0, tail(self.data, self.at));
                match end {
                    Some(end) => {
                        self.at += end;
                        self.read_byte();
                    }
                    None => {
                        self.end();
                        self.syntax_error();
                    }
                }
            }
            b'"' => {
                while self.error.is_none() {
                    let byte = self.next_byte(false);
                    if byte == b'"' {
                        break;
                    }
                    if self.eof || byte == b'\n' {
                        self.syntax_error();
                    }
                    if byte == b'\\' {
                        self.next_byte(false);
                    }
                }
            }
            _ => self.syntax_error(),
        }
    }

    fn import(&mut self) {
        let byte = self.peek_byte(true);
        if byte == b'.' {
            self.peek = 0;
        } else if is_ident(byte) {
            self.identifier();
        }
        self.string();
    }
}

fn is_ident(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// Whether a file that imports "embed" may have a `//go:embed` comment at all; its place is found by scanning.
pub(crate) fn may_embed(data: &[u8]) -> bool {
    // Go drops carriage returns from comments, so they may hide the word.
    memchr::memmem::find(data, b"//go:embed").is_some() || memchr(b'\r', data).is_some()
}
