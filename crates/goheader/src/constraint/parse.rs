//! Reading constraints: go/build/constraint/expr.go.

use super::{Expr, SyntaxError};
use crate::unicode::{is_digit, is_letter};

/// The most operands of a `//go:build` line: `maxSize`.
const MAX_SIZE: usize = 1000;
/// The most operators of a `// +build` line: `maxOldSize`.
const MAX_OLD_SIZE: usize = 100;

/// Reads a line such as `//go:build linux` or `// +build linux`: `constraint.Parse`.
///
/// # Errors
/// The line is neither, or the expression is malformed.
pub fn parse(line: &str) -> Result<Expr, SyntaxError> {
    if let Some(text) = split(line, "//go:build", false) {
        Parser { text, at: 0, token: Token::End, start: 0, size: 0 }.parse()
    } else if let Some(text) = split(line, "+build", true) {
        parse_plus_build(text)
    } else {
        Err(error(0, "not a build constraint"))
    }
}

/// Whether a line is a `//go:build` line, well formed or not: `constraint.IsGoBuild`.
pub fn is_go_build(line: &str) -> bool {
    split(line, "//go:build", false).is_some()
}

/// Whether a line is a `// +build` line, well formed or not: `constraint.IsPlusBuild`.
pub fn is_plus_build(line: &str) -> bool {
    split(line, "+build", true).is_some()
}

/// `splitGoBuild` and `splitPlusBuild`: what is behind the marker, if the line is a single one of the kind.
fn split<'a>(line: &'a str, marker: &str, commented: bool) -> Option<&'a str> {
    let line = line.strip_suffix('\n').unwrap_or(line);
    if line.contains('\n') {
        return None;
    }
    let line = if commented { line.strip_prefix("//")?.trim() } else { line };
    let rest = line.strip_prefix(marker)?.trim_end();
    let text = rest.trim_start();
    // Else the marker is only the start of a longer word.
    (text.len() < rest.len() || rest.is_empty()).then_some(text)
}

fn error(offset: usize, message: impl Into<String>) -> SyntaxError {
    SyntaxError { offset, message: message.into() }
}

fn in_tag(c: char) -> bool {
    is_letter(c) || is_digit(c) || c == '_' || c == '.'
}

/// `parsePlusBuildExpr`
fn parse_plus_build(text: &str) -> Result<Expr, SyntaxError> {
    let mut size = 0;
    let mut join = |left: Option<Expr>, right: Expr, operator: fn(Box<Expr>, Box<Expr>) -> Expr| {
        let Some(left) = left else { return Ok(right) };
        size += 1;
        if size > MAX_OLD_SIZE {
            return Err(error(0, "expression too complex for // +build lines"));
        }
        Ok(operator(Box::new(left), Box::new(right)))
    };
    let mut any = None;
    for clause in text.split_whitespace() {
        let mut all = None;
        for literal in clause.split(',') {
            all = Some(join(all, plus_build_literal(literal), Expr::And)?);
        }
        if let Some(all) = all {
            any = Some(join(any, all, Expr::Or)?);
        }
    }
    Ok(any.unwrap_or_else(|| Expr::Tag("ignore".to_owned())))
}

fn plus_build_literal(literal: &str) -> Expr {
    let ignore = || Expr::Tag("ignore".to_owned());
    if literal.starts_with("!!") || literal == "!" {
        return ignore();
    }
    let (negated, tag) = literal.strip_prefix('!').map_or((false, literal), |tag| (true, tag));
    let valid = !tag.is_empty() && tag.chars().all(in_tag);
    let tag = if valid { Expr::Tag(tag.to_owned()) } else { ignore() };
    if negated { Expr::Not(Box::new(tag)) } else { tag }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    End,
    Tag(&'a str),
    /// One of `(`, `)`, `!`, `&&`, `||`.
    Operator(&'a str),
}

/// `exprParser`
struct Parser<'a> {
    text: &'a str,
    /// Where the next token is looked for.
    at: usize,
    token: Token<'a>,
    /// Where the current token starts.
    start: usize,
    size: usize,
}

/// An expression that is not complete: `or || and && …`. Go has these on its stack.
#[derive(Default)]
struct Open {
    /// Where its parenthesis is.
    at: usize,
    /// Whether a `!` is before that.
    negated: bool,
    or: Option<Expr>,
    and: Option<Expr>,
}

impl<'a> Parser<'a> {
    /// `parseExpr`, without recursion: the open parentheses are on a stack.
    fn parse(mut self) -> Result<Expr, SyntaxError> {
        let mut outer: Vec<Open> = Vec::new();
        let mut open = Open::default();
        loop {
            let negated = self.operand()?;
            let mut operand = match self.token {
                Token::Operator("(") => {
                    let inner = Open { at: self.start, negated, ..Open::default() };
                    outer.push(std::mem::replace(&mut open, inner));
                    continue;
                }
                Token::Tag(tag) => negate(Expr::Tag(tag.to_owned()), negated),
                Token::End if outer.is_empty() => {
                    return Err(error(self.start, "unexpected end of expression"));
                }
                Token::End => return Err(error(self.start, "missing close paren")),
                Token::Operator(operator) => return Err(self.unexpected(operator)),
            };
            self.next()?;
            loop {
                let and = join(open.and.take(), operand, Expr::And);
                if self.token == Token::Operator("&&") {
                    open.and = Some(and);
                    break;
                }
                let or = join(open.or.take(), and, Expr::Or);
                if self.token == Token::Operator("||") {
                    open.or = Some(or);
                    break;
                }
                let Some(around) = outer.pop() else {
                    return match self.token {
                        Token::End => Ok(or),
                        Token::Tag(text) | Token::Operator(text) => Err(self.unexpected(text)),
                    };
                };
                if self.token != Token::Operator(")") {
                    return Err(error(open.at, "missing close paren"));
                }
                self.next()?;
                operand = negate(or, open.negated);
                open = around;
            }
        }
    }

    /// Goes to an operand, past a `!`; whether there is one.
    fn operand(&mut self) -> Result<bool, SyntaxError> {
        self.size += 1;
        if self.size > MAX_SIZE {
            return Err(error(self.start, "build expression too large"));
        }
        self.next()?;
        if self.token != Token::Operator("!") {
            return Ok(false);
        }
        self.next()?;
        if self.token == Token::Operator("!") {
            return Err(error(self.start, "double negation not allowed"));
        }
        Ok(true)
    }

    fn unexpected(&self, token: &str) -> SyntaxError {
        error(self.start, format!("unexpected token {token}"))
    }

    /// `exprParser.lex`
    fn next(&mut self) -> Result<(), SyntaxError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let token = rest.trim_start_matches([' ', '\t']);
        self.at += rest.len() - token.len();
        let tag = token.find(|c| !in_tag(c)).unwrap_or(token.len());
        let length = match token.chars().next() {
            None => 0,
            Some('(' | ')' | '!') => 1,
            Some('&') if token.starts_with("&&") => 2,
            Some('|') if token.starts_with("||") => 2,
            Some(c) if tag == 0 => return Err(error(self.at, format!("invalid syntax at {c}"))),
            Some(_) => tag,
        };
        self.start = self.at;
        self.at += length;
        let text = token.get(..length).unwrap_or_default();
        self.token = match length {
            0 => Token::End,
            _ if tag > 0 => Token::Tag(text),
            _ => Token::Operator(text),
        };
        Ok(())
    }
}

fn negate(x: Expr, negated: bool) -> Expr {
    if negated { Expr::Not(Box::new(x)) } else { x }
}

fn join(left: Option<Expr>, right: Expr, operator: fn(Box<Expr>, Box<Expr>) -> Expr) -> Expr {
    match left {
        Some(left) => operator(Box::new(left), Box::new(right)),
        None => right,
    }
}
