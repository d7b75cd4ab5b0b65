//! The package clause and the imports: a port of go/parser with `ImportsOnly|ParseComments`.

use crate::comment::{Comment, Group};
use crate::errors::{Bailout, Errors};
use crate::position::File;
use crate::scanner::Scanner;
use crate::text::lossy;
use crate::token::{CLOSE, COMMA, IMPORT, Kind, OPEN, PACKAGE, PERIOD, SEMICOLON, Token};
use std::borrow::Cow;

/// The text of a token, and its offset.
type Placed<'a> = (usize, Cow<'a, [u8]>);

/// `ast.File`, and what is wrong with it.
pub(crate) struct Parsed<'a> {
    /// Offset and name, if the package clause could be read.
    pub(crate) package: Option<Placed<'a>>,
    /// Where the keyword `package` is.
    pub(crate) keyword: usize,
    /// The package's doc comment.
    pub(crate) doc: Option<Group>,
    pub(crate) imports: Vec<Spec<'a>>,
    pub(crate) comments: Vec<Comment<'a>>,
    pub(crate) groups: Vec<Group>,
    pub(crate) file: File,
    pub(crate) errors: Errors,
}

/// `ast.ImportSpec`
pub(crate) struct Spec<'a> {
    pub(crate) name: Option<Placed<'a>>,
    /// Offset and literal.
    pub(crate) path: Placed<'a>,
    /// Its doc comment, or that of a declaration of it alone.
    pub(crate) doc: Option<Group>,
}

struct Parser<'a> {
    scanner: Scanner<'a>,
    token: Token<'a>,
    /// The last lead comment.
    lead: Option<Group>,
    comments: Vec<Comment<'a>>,
    groups: Vec<Group>,
    /// The last position that `advance` stopped at, and how often without progress.
    stopped: (usize, usize),
    imports: Vec<Spec<'a>>,
}

/// `parser.ParseFile`
pub(crate) fn parse(text: &[u8]) -> Parsed<'_> {
    let mut parser = Parser {
        scanner: Scanner::new(text),
        // Go's first token has no position; nothing is on its line.
        token: Token { kind: Kind::Illegal, at: usize::MAX, text: Cow::Borrowed(b"") },
        lead: None,
        comments: Vec::new(),
        groups: Vec::new(),
        stopped: (0, 0),
        imports: Vec::new(),
    };
    parser.next();
    let doc = parser.lead.clone();
    let keyword = parser.token.at;
    // After too many errors go/parser forgets the file.
    let package = parser.parse_file().unwrap_or_default();
    let doc = doc.filter(|_| package.is_some());
    let Parser { scanner, comments, groups, imports, .. } = parser;
    let Scanner { file, errors, .. } = scanner;
    Parsed { package, keyword, doc, imports, comments, groups, file, errors }
}

/// `stmtStart`
fn starts_statement(kind: Kind) -> bool {
    let Kind::Keyword(word) = kind else { return false };
    let words = [
        "break",
        "const",
        "continue",
        "defer",
        "fallthrough",
        "for",
        "go",
        "goto",
        "if",
        "return",
        "select",
        "switch",
        "type",
        "var",
    ];
    words.contains(&word)
}

/// `exprEnd`
fn ends_expression(kind: Kind) -> bool {
    matches!(kind, Kind::Operator("," | ":" | ";" | ")" | "]" | "}"))
}

impl<'a> Parser<'a> {
    /// `parser.parseFile`: the package's name.
    fn parse_file(&mut self) -> Result<Option<Placed<'a>>, Bailout> {
        if !self.scanner.errors.is_empty() {
            return Ok(None);
        }
        self.expect(PACKAGE)?;
        let name = self.name()?;
        self.expect_semicolon()?;
        if !self.scanner.errors.is_empty() {
            return Ok(None);
        }
        while self.token.kind == IMPORT {
            self.imports()?;
        }
        Ok(Some(name))
    }

    /// `parser.parseGenDecl` of imports.
    fn imports(&mut self) -> Result<(), Bailout> {
        let doc = self.lead.clone();
        let first = self.imports.len();
        self.expect(IMPORT)?;
        if self.token.kind == OPEN {
            self.next();
            while !matches!(self.token.kind, CLOSE | Kind::End) {
                let doc = self.lead.clone();
                self.import(doc)?;
            }
            self.expect(CLOSE)?;
            self.expect_semicolon()?;
        } else {
            self.import(None)?;
        }
        if let Some([only]) = self.imports.get_mut(first..)
            && only.doc.is_none()
        {
            only.doc = doc;
        }
        Ok(())
    }

    /// `parser.parseImportSpec`
    fn import(&mut self, doc: Option<Group>) -> Result<(), Bailout> {
        let name = match self.token.kind {
            Kind::Name => Some(self.name()?),
            PERIOD => {
                let at = self.token.at;
                self.next();
                Some((at, Cow::Borrowed(&b"."[..])))
            }
            _ => None,
        };
        let at = self.token.at;
        let mut path = Cow::Borrowed(&b""[..]);
        match self.token.kind {
            Kind::String => {
                path = std::mem::take(&mut self.token.text);
                self.next();
            }
            kind if kind.is_literal() => {
                self.error(at, "import path must be a string".to_owned())?;
                self.next();
            }
            _ => {
                self.error(at, "missing import path".to_owned())?;
                self.advance(ends_expression);
            }
        }
        self.expect_semicolon()?;
        self.imports.push(Spec { name, path: (at, path), doc });
        Ok(())
    }

    /// `parser.parseIdent`
    fn name(&mut self) -> Result<Placed<'a>, Bailout> {
        let at = self.token.at;
        if self.token.kind == Kind::Name {
            let name = std::mem::take(&mut self.token.text);
            self.next();
            return Ok((at, name));
        }
        self.expect(Kind::Name)?;
        Ok((at, Cow::Borrowed(b"_")))
    }

    fn expect(&mut self, kind: Kind) -> Result<(), Bailout> {
        if self.token.kind != kind {
            self.error_expected(kind.name())?;
        }
        self.next();
        Ok(())
    }

    /// `parser.expectSemi`
    fn expect_semicolon(&mut self) -> Result<(), Bailout> {
        match self.token.kind {
            CLOSE | Kind::Operator("}") => {}
            SEMICOLON => self.next(),
            COMMA => {
                self.error_expected(";")?;
                self.next();
            }
            _ => {
                self.error_expected(";")?;
                self.advance(starts_statement);
            }
        }
        Ok(())
    }

    fn error(&mut self, at: usize, message: String) -> Result<(), Bailout> {
        let Scanner { errors, file, .. } = &mut self.scanner;
        errors.add_parser(file, at, message)
    }

    /// `parser.errorExpected` at the current token.
    fn error_expected(&mut self, what: &str) -> Result<(), Bailout> {
        let Token { kind, at, text } = &self.token;
        let found = match kind {
            &SEMICOLON if **text == *b"\n" => "newline".to_owned(),
            kind if kind.is_literal() => lossy(text),
            kind => format!("'{}'", kind.name()),
        };
        self.error(*at, format!("expected '{what}', found {found}"))
    }

    /// `parser.advance`: to a token that is in the set, for error recovery.
    fn advance(&mut self, to: fn(Kind) -> bool) {
        while self.token.kind != Kind::End {
            if to(self.token.kind) {
                let at = self.token.at;
                if at == self.stopped.0 && self.stopped.1 < 10 {
                    self.stopped.1 += 1;
                    return;
                }
                if at > self.stopped.0 {
                    self.stopped = (at, 0);
                    return;
                }
            }
            self.next();
        }
    }

    /// `parser.next`: the next token that is no comment; groups of comments on the way are kept.
    fn next(&mut self) {
        self.lead = None;
        let before = self.token.at;
        self.token = self.scanner.scan();
        if self.token.kind != Kind::Comment {
            return;
        }
        if before != usize::MAX && self.line() == self.scanner.file.line(before) {
            self.comment_group(0);
        }
        let mut end = None;
        while self.token.kind == Kind::Comment {
            end = Some(self.comment_group(1));
        }
        if end.is_some_and(|end| end + 1 == self.line()) {
            self.lead = self.groups.last().cloned();
        }
    }

    /// The line of the current token.
    fn line(&self) -> usize {
        self.scanner.file.line(self.token.at)
    }

    /// `parser.consumeCommentGroup`: comments with fewer than `gap` empty lines between them; the line of their end.
    fn comment_group(&mut self, gap: usize) -> usize {
        let first = self.comments.len();
        let mut line = self.line();
        let mut end = line;
        while self.token.kind == Kind::Comment && line <= end + gap {
            let Token { at, text, .. } = std::mem::replace(&mut self.token, self.scanner.scan());
            end = line;
            if text.get(1) == Some(&b'*') {
                end += memchr::memchr_iter(b'\n', &text).count();
            }
            self.comments.push(Comment { at, text });
            line = self.line();
        }
        self.groups.push(first..self.comments.len());
        end
    }
}
