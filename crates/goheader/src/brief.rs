//! The head of an ordinary file, read in one pass and without copies.
//!
//! Most files are ordinary: comments, a package clause, imports, in ASCII strings without escapes. Of those this says
//! what [`crate::read_go`] says; whatever is not ordinary is left to it. Tests hold the one against the other.

use crate::Incomplete;
use crate::build_lines::{Constraint, head};
use crate::comment::{Comment, group_text};
use crate::synopsis::synopsis;
use crate::text::{slice, tail};
use crate::token::keyword;
use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter, memchr2};
use std::borrow::Cow;
use std::sync::LazyLock;

/// What a build needs to know of an ordinary file: part of what a [`crate::Header`] has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief<'a> {
    /// The package's name.
    pub package: &'a str,
    /// In order, also repeated ones; neither "embed" nor "C" is among them.
    pub imports: Vec<BriefImport<'a>>,
    /// When the file is built.
    pub constraint: Constraint,
    /// The comments right above the package clause.
    doc: &'a [u8],
}

/// An import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BriefImport<'a> {
    /// Without quotes.
    pub path: &'a str,
    /// Of the name, or of the path where there is no name; 1-based.
    pub line: usize,
    /// 1-based, in bytes.
    pub column: usize,
}

impl Brief<'_> {
    /// The first sentence of the package's doc comment, as [`crate::Header::doc`] has it.
    pub fn doc(&self) -> String {
        let mut comments = vec![];
        let mut at = 0;
        while let Some(start) = memchr(b'/', tail(self.doc, at)).map(|found| at + found) {
            let end = comment_end(self.doc, start).unwrap_or(self.doc.len());
            comments.push(Comment { at: start, text: Cow::Borrowed(slice(self.doc, start, end)) });
            at = end;
        }
        if comments.is_empty() { String::new() } else { synopsis(&group_text(&comments)) }
    }
}

/// Why this is not the place to read a file.
enum Stop {
    Unusual,
    Incomplete,
}

/// Reads the head of an ordinary Go file; `None` for one that is not, which [`crate::read_go`] reads.
///
/// # Errors
/// The head does not end within the bytes; never when the file is `complete`.
pub fn read_brief(bytes: &[u8], complete: bool) -> Result<Option<Brief<'_>>, Incomplete> {
    let mut scan = Scan { data: bytes, complete, at: 0, line: 1, line_start: 0, group: None };
    match scan.file() {
        Ok(brief) => Ok(is_ordinary(slice(bytes, 0, scan.at)).then_some(brief)),
        Err(Stop::Incomplete) if !complete => Err(Incomplete),
        Err(_) => Ok(None),
    }
}

/// Whether Go has nothing to say about any character.
fn is_ordinary(header: &[u8]) -> bool {
    static BOM: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\xef\xbb\xbf"));
    memchr2(b'\r', 0, header).is_none()
        && (header.is_ascii() || std::str::from_utf8(header).is_ok() && BOM.find(header).is_none())
}

static LONG_END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"*/"));

/// Where a comment ends, without the newline behind it; `None` where the bytes end first.
fn comment_end(data: &[u8], start: usize) -> Option<usize> {
    let body = tail(data, start + 2);
    match data.get(start + 1)? {
        b'*' => LONG_END.find(body).map(|end| start + 2 + end + 2),
        _ => memchr(b'\n', body).map(|end| start + 2 + end),
    }
}

/// Adjacent comments.
struct Group {
    start: usize,
    end: usize,
    end_line: usize,
}

struct Scan<'a> {
    data: &'a [u8],
    complete: bool,
    at: usize,
    /// The 1-based line.
    line: usize,
    /// Where it starts.
    line_start: usize,
    /// The last comments, with no empty line between them.
    group: Option<Group>,
}

impl<'a> Scan<'a> {
    fn file(&mut self) -> Result<Brief<'a>, Stop> {
        static BUILD: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"build"));
        self.space()?;
        let above = slice(self.data, 0, self.at);
        self.word(b"package")?;
        let line = self.line;
        let doc = self.group.take().filter(|group| group.end_line + 1 == line);
        let doc = doc.map_or(&b""[..], |group| slice(self.data, group.start, group.end));
        self.blanks();
        let package = self.name()?;
        if package == "_" {
            return Err(Stop::Unusual);
        }
        self.end_of_line(b'\n')?;
        let mut imports = Vec::with_capacity(8);
        while self.space()? == Some(b'i') {
            self.word(b"import")?;
            self.blanks();
            if self.peek()? == Some(b'(') {
                self.at += 1;
                while self.space()? != Some(b')') {
                    imports.push(self.import()?);
                    self.end_of_line(b')')?;
                }
                self.at += 1;
            } else {
                imports.push(self.import()?);
            }
            self.end_of_line(b'\n')?;
        }
        // What go/build passes over, and a parser does not.
        if matches!(self.peek()?, Some(b';' | b'\x0c' | b'\r' | 0 | 0xef)) {
            return Err(Stop::Unusual);
        }
        let constraint = match BUILD.find(above) {
            Some(_) => head(slice(self.data, 0, self.at)).constraint,
            None => Constraint::default(),
        };
        Ok(Brief { package, imports, constraint, doc })
    }

    /// The next byte; `None` at the end of the file.
    fn peek(&self) -> Result<Option<u8>, Stop> {
        match self.data.get(self.at) {
            None if !self.complete => Err(Stop::Incomplete),
            byte => Ok(byte.copied()),
        }
    }

    fn blanks(&mut self) {
        while matches!(self.data.get(self.at), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    fn newline(&mut self) {
        self.at += 1;
        self.line += 1;
        self.line_start = self.at;
    }

    /// Skips spaces, newlines and comments; the byte that comes then.
    fn space(&mut self) -> Result<Option<u8>, Stop> {
        loop {
            match self.peek()? {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\n') => self.newline(),
                Some(b'/') => self.comment()?,
                byte => return Ok(byte),
            }
        }
    }

    fn comment(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let Some(second) = self.data.get(start + 1) else { return Err(self.cut()) };
        if !matches!(second, b'/' | b'*') {
            return Err(Stop::Unusual);
        }
        let end = match comment_end(self.data, start) {
            Some(end) => end,
            None if self.complete && *second == b'/' => self.data.len(),
            None => return Err(self.cut()),
        };
        if tail(self.data, start + 2).starts_with(b"line ") {
            return Err(Stop::Unusual);
        }
        let first_line = self.line;
        if *second == b'*' {
            let text = slice(self.data, start, end);
            for newline in memchr_iter(b'\n', text) {
                self.line += 1;
                self.line_start = start + newline + 1;
            }
        }
        self.at = end;
        match &mut self.group {
            Some(group) if first_line <= group.end_line + 1 => {
                (group.end, group.end_line) = (end, self.line);
            }
            group => *group = Some(Group { start, end, end_line: self.line }),
        }
        Ok(())
    }

    /// What it means that the bytes end here.
    fn cut(&self) -> Stop {
        if self.complete { Stop::Unusual } else { Stop::Incomplete }
    }

    /// A keyword, and something behind it that is no part of a name.
    fn word(&mut self, word: &[u8]) -> Result<(), Stop> {
        let rest = tail(self.data, self.at);
        if rest.len() <= word.len() {
            return Err(self.cut());
        }
        let behind = rest.get(word.len()).copied();
        if !rest.starts_with(word) || !matches!(behind, Some(b' ' | b'\t' | b'(' | b'"')) {
            return Err(Stop::Unusual);
        }
        self.at += word.len();
        Ok(())
    }

    /// A name in ASCII that is no keyword.
    fn name(&mut self) -> Result<&'a str, Stop> {
        let rest = tail(self.data, self.at);
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let Some(end) = rest.iter().position(|byte| !is_part(byte)) else {
            return Err(self.cut());
        };
        let name = slice(rest, 0, end);
        if name.first().is_none_or(u8::is_ascii_digit) || keyword(name).is_some() {
            return Err(Stop::Unusual);
        }
        self.at += end;
        std::str::from_utf8(name).map_err(|_| Stop::Unusual)
    }

    /// An import without its keyword.
    fn import(&mut self) -> Result<BriefImport<'a>, Stop> {
        let (line, column) = (self.line, self.at - self.line_start + 1);
        match self.peek()? {
            Some(b'"') => {}
            Some(b'.') => self.at += 1,
            _ => drop(self.name()?),
        }
        self.blanks();
        let path = self.path()?;
        Ok(BriefImport { path, line, column })
    }

    /// An import path in double quotes that is valid as it stands (`go/build.isValidImport`).
    fn path(&mut self) -> Result<&'a str, Stop> {
        if self.peek()? != Some(b'"') {
            return Err(Stop::Unusual);
        }
        let rest = tail(self.data, self.at + 1);
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-./@_~".contains(byte);
        let Some(end) = rest.iter().position(|byte| !is_part(byte)) else {
            return Err(self.cut());
        };
        let path = slice(rest, 0, end);
        // Of who imports "embed" the whole file is read; above "C" stands what is for cgo.
        if end == 0 || rest.get(end) != Some(&b'"') || matches!(path, b"embed" | b"C") {
            return Err(Stop::Unusual);
        }
        self.at += end + 2;
        std::str::from_utf8(path).map_err(|_| Stop::Unusual)
    }

    /// Nothing more on this line but a comment, or what may end it.
    fn end_of_line(&mut self, other: u8) -> Result<(), Stop> {
        self.blanks();
        match self.peek()? {
            None | Some(b'\n') => Ok(()),
            Some(b'/') if self.data.get(self.at + 1) == Some(&b'/') => self.comment(),
            Some(b'/') if self.data.len() == self.at + 1 => Err(self.cut()),
            Some(byte) if byte == other => Ok(()),
            _ => Err(Stop::Unusual),
        }
    }
}
