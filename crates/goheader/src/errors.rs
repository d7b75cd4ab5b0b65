//! What is wrong with a file: a port of `scanner.ErrorList`.

use crate::position::{File, Position};
use std::sync::Arc;

/// What go/build or go/parser says about a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct HeaderError {
    /// What kind of error it is.
    pub kind: ErrorKind,
    /// The file that a `//line` comment names; None for the file itself.
    pub file: Option<Arc<str>>,
    /// 1-based; 0 where Go names no place.
    pub line: usize,
    /// 1-based, in bytes; 0 where Go names no column.
    pub column: usize,
    /// Without file and place.
    pub message: String,
}

/// Who complains about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The reader of go/build: `read FILE: MESSAGE`. Nothing else is known of the file then.
    Read,
    /// go/parser. The package's name and doc may be known, and the constraint is; the imports are not.
    Syntax,
    /// go/build, about an import path. As with a syntax error, the imports are not known.
    Import,
}

impl HeaderError {
    pub(crate) fn new(kind: ErrorKind, at: Position, message: String) -> Self {
        let Position { file, line, column } = at;
        Self { kind, file, line, column, message }
    }

    /// `ErrorList.Less`
    fn key(&self) -> (&str, usize, usize, &str) {
        (self.file.as_deref().unwrap_or_default(), self.line, self.column, &self.message)
    }
}

/// The parser gave up: it found more than ten errors.
pub(crate) struct Bailout;

/// The errors of scanner and parser.
#[derive(Default)]
pub(crate) struct Errors {
    list: Vec<HeaderError>,
    last_line: usize,
}

impl Errors {
    /// A file of nothing but errors does not need all of them.
    const MOST: usize = 1000;

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// `ErrorList.Add`
    pub(crate) fn add(&mut self, file: &File, offset: usize, message: impl Into<String>) {
        let at = file.position(offset);
        self.last_line = at.line;
        if self.list.len() < Self::MOST {
            self.list.push(HeaderError::new(ErrorKind::Syntax, at, message.into()));
        }
    }

    /// `parser.error`: one error a line, and not many.
    pub(crate) fn add_parser(
        &mut self,
        file: &File,
        offset: usize,
        message: String,
    ) -> Result<(), Bailout> {
        if !self.list.is_empty() && self.last_line == file.position(offset).line {
            return Ok(());
        }
        if self.list.len() > 10 {
            return Err(Bailout);
        }
        self.add(file, offset, message);
        Ok(())
    }

    /// In Go's order.
    pub(crate) fn sorted(mut self) -> Vec<HeaderError> {
        self.list.sort_by(|a, b| a.key().cmp(&b.key()));
        self.list
    }
}
