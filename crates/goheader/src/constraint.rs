//! Build constraint expressions (`go/build/constraint`).

use std::fmt;

/// `constraint.maxSize`
const MAX_SIZE: usize = 1000;
/// Of the old syntax.
const MAX_OLD_SIZE: usize = 100;

/// A boolean expression over tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// A tag.
    Tag(String),
    /// `!x`
    Not(Box<Expr>),
    /// `x && y`
    And(Box<Expr>, Box<Expr>),
    /// `x || y`
    Or(Box<Expr>, Box<Expr>),
}

/// Why a line is no constraint; the text is Go's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// The byte in the expression.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

impl Expr {
    /// Whether it holds.
    pub fn eval(&self, has: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::Tag(tag) => has(tag),
            Self::Not(x) => !x.eval(has),
            Self::And(x, y) => x.eval(has) && y.eval(has),
            Self::Or(x, y) => x.eval(has) || y.eval(has),
        }
    }

    /// Calls `each` with every tag.
    pub fn for_each_tag(&self, each: &mut dyn FnMut(&str)) {
        match self {
            Self::Tag(tag) => each(tag),
            Self::Not(x) => x.for_each_tag(each),
            Self::And(x, y) | Self::Or(x, y) => {
                x.for_each_tag(each);
                y.for_each_tag(each);
            }
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within = |f: &mut fmt::Formatter<'_>, x: &Self, paren: bool| {
            if paren { write!(f, "({x})") } else { write!(f, "{x}") }
        };
        match self {
            Self::Tag(tag) => f.write_str(tag),
            Self::Not(x) => {
                f.write_str("!")?;
                within(f, x, matches!(**x, Self::And(..) | Self::Or(..)))
            }
            Self::And(x, y) => {
                within(f, x, matches!(**x, Self::Or(..)))?;
                f.write_str(" && ")?;
                within(f, y, matches!(**y, Self::Or(..)))
            }
            Self::Or(x, y) => {
                within(f, x, matches!(**x, Self::And(..)))?;
                f.write_str(" || ")?;
                within(f, y, matches!(**y, Self::And(..)))
            }
        }
    }
}

/// Reads a line `//go:build …` or `// +build …`.
///
/// # Errors
/// [`SyntaxError`]; `not a build constraint` where it is neither.
pub fn parse(line: &str) -> Result<Expr, SyntaxError> {
    if let Some(text) = go_build(line) {
        return Parser::new(text).whole();
    }
    match plus_build(line) {
        Some(text) => old(text),
        None => Err(SyntaxError { offset: 0, message: "not a build constraint".to_owned() }),
    }
}

/// The expression of a line `//go:build …` (`constraint.splitGoBuild`).
pub fn go_build(line: &str) -> Option<&str> {
    let line = line.strip_suffix('\n').unwrap_or(line);
    if line.contains('\n') {
        return None;
    }
    after_marker(trim(line.strip_prefix("//go:build").map(|_| line)?), "//go:build")
}

/// The expression of a line `// +build …` (`constraint.splitPlusBuild`).
pub fn plus_build(line: &str) -> Option<&str> {
    let line = line.strip_suffix('\n').unwrap_or(line);
    if line.contains('\n') {
        return None;
    }
    after_marker(trim(line.strip_prefix("//")?), "+build")
}

/// What follows a marker, if blanks or nothing separates it.
fn after_marker<'l>(line: &'l str, marker: &str) -> Option<&'l str> {
    let rest = line.strip_prefix(marker)?;
    let trimmed = trim(rest);
    (rest.is_empty() || trimmed.len() < rest.len()).then_some(trimmed)
}

/// `strings.TrimSpace`: Unicode's white space.
fn trim(text: &str) -> &str {
    text.trim()
}

struct Parser<'t> {
    text: &'t str,
    next: usize,
    token: &'t str,
    is_tag: bool,
    at: usize,
    size: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, next: 0, token: "", is_tag: false, at: 0, size: 0 }
    }

    fn wrong<T>(offset: usize, message: impl Into<String>) -> Result<T, SyntaxError> {
        Err(SyntaxError { offset, message: message.into() })
    }

    fn whole(mut self) -> Result<Expr, SyntaxError> {
        let x = self.or()?;
        if self.token.is_empty() {
            return Ok(x);
        }
        Self::wrong(self.at, format!("unexpected token {}", self.token))
    }

    fn or(&mut self) -> Result<Expr, SyntaxError> {
        let mut x = self.and()?;
        while self.token == "||" {
            x = Expr::Or(Box::new(x), Box::new(self.and()?));
        }
        Ok(x)
    }

    fn and(&mut self) -> Result<Expr, SyntaxError> {
        let mut x = self.not()?;
        while self.token == "&&" {
            x = Expr::And(Box::new(x), Box::new(self.not()?));
        }
        Ok(x)
    }

    fn not(&mut self) -> Result<Expr, SyntaxError> {
        // Bounds the recursion, too.
        self.size += 1;
        if self.size > MAX_SIZE {
            return Self::wrong(self.at, "build expression too large");
        }
        self.lex()?;
        if self.token != "!" {
            return self.atom();
        }
        self.lex()?;
        if self.token == "!" {
            return Self::wrong(self.at, "double negation not allowed");
        }
        Ok(Expr::Not(Box::new(self.atom()?)))
    }

    fn atom(&mut self) -> Result<Expr, SyntaxError> {
        if self.token == "(" {
            let open = self.at;
            let x = self.or().map_err(|mut err| {
                if err.message == "unexpected end of expression" {
                    "missing close paren".clone_into(&mut err.message);
                }
                err
            })?;
            if self.token != ")" {
                return Self::wrong(open, "missing close paren");
            }
            self.lex()?;
            return Ok(x);
        }
        if !self.is_tag {
            return match self.token {
                "" => Self::wrong(self.at, "unexpected end of expression"),
                token => Self::wrong(self.at, format!("unexpected token {token}")),
            };
        }
        let tag = Expr::Tag(self.token.to_owned());
        self.lex()?;
        Ok(tag)
    }

    fn lex(&mut self) -> Result<(), SyntaxError> {
        self.is_tag = false;
        let rest = self.text.get(self.next..).unwrap_or_default();
        let trimmed = rest.trim_start_matches([' ', '\t']);
        self.next += rest.len() - trimmed.len();
        self.at = self.next;
        let Some(first) = trimmed.chars().next() else {
            self.token = "";
            return Ok(());
        };
        let length = match first {
            '(' | ')' | '!' => 1,
            '&' | '|' if trimmed.chars().nth(1) == Some(first) => 2,
            '&' | '|' => return Self::wrong(self.at, format!("invalid syntax at {first}")),
            _ => {
                self.is_tag = true;
                let end = trimmed.find(|c: char| !is_tag_char(c)).unwrap_or(trimmed.len());
                if end == 0 {
                    return Self::wrong(self.at, format!("invalid syntax at {first}"));
                }
                end
            }
        };
        self.token = trimmed.get(..length).unwrap_or_default();
        self.next += length;
        Ok(())
    }
}

fn is_tag_char(c: char) -> bool {
    crate::unicode::is_letter(c) || crate::unicode::is_digit(c) || matches!(c, '_' | '.')
}

/// `constraint.isValidTag`
fn is_valid_tag(tag: &str) -> bool {
    !tag.is_empty() && tag.chars().all(is_tag_char)
}

/// `// +build a,b !c`: blanks are ors, commas are ands (`constraint.parsePlusBuildExpr`).
fn old(text: &str) -> Result<Expr, SyntaxError> {
    let ignore = || Expr::Tag("ignore".to_owned());
    let mut size = 0;
    let mut too_large = |first: bool| {
        if !first {
            size += 1;
        }
        size > MAX_OLD_SIZE
    };
    let too_complex = || SyntaxError {
        offset: 0,
        message: "expression too complex for // +build lines".to_owned(),
    };
    let mut x: Option<Expr> = None;
    for clause in text.split_whitespace() {
        let mut y: Option<Expr> = None;
        for literal in clause.split(',') {
            let z = if literal.starts_with("!!") || literal == "!" {
                ignore()
            } else {
                let (negated, tag) = match literal.strip_prefix('!') {
                    Some(tag) => (true, tag),
                    None => (false, literal),
                };
                let tag = if is_valid_tag(tag) { Expr::Tag(tag.to_owned()) } else { ignore() };
                if negated { Expr::Not(Box::new(tag)) } else { tag }
            };
            if too_large(y.is_none()) {
                return Err(too_complex());
            }
            y = Some(match y {
                None => z,
                Some(y) => Expr::And(Box::new(y), Box::new(z)),
            });
        }
        if too_large(x.is_none()) {
            return Err(too_complex());
        }
        x = match (x, y) {
            (None, y) => y,
            (Some(x), Some(y)) => Some(Expr::Or(Box::new(x), Box::new(y))),
            (x, None) => x,
        };
    }
    Ok(x.unwrap_or_else(ignore))
}
