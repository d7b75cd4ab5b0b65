//! Build constraint expressions: go/build/constraint.
//!
//! ```
//! use goheader::constraint;
//!
//! let expr = constraint::parse("//go:build linux && !(arm || go1.22)")?;
//! assert_eq!(expr.to_string(), "linux && !(arm || go1.22)");
//! assert!(expr.eval(&mut |tag| tag == "linux"));
//!
//! let error = constraint::parse("//go:build linux &&").unwrap_err();
//! assert_eq!(error.to_string(), "unexpected end of expression");
//! # Ok::<(), constraint::SyntaxError>(())
//! ```

mod parse;
mod version;

pub use parse::{is_go_build, is_plus_build, parse};

use std::fmt;

/// A build constraint: `constraint.Expr`. Those from [`parse`] are at most about a thousand levels deep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// Whether a tag is set.
    Tag(String),
    /// `!X`
    Not(Box<Self>),
    /// `X && Y`
    And(Box<Self>, Box<Self>),
    /// `X || Y`
    Or(Box<Self>, Box<Self>),
}

/// What is wrong with a build constraint: `constraint.SyntaxError`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// Where in the expression, in bytes; 0 where Go names no place.
    pub offset: usize,
    /// In the words of Go.
    pub message: String,
}

impl Expr {
    /// Whether it holds when `has` tells what tags are set: `Expr.Eval`. Every tag is asked for, in order.
    pub fn eval(&self, has: &mut dyn FnMut(&str) -> bool) -> bool {
        match self {
            Self::Tag(tag) => has(tag),
            Self::Not(x) => !x.eval(has),
            // No short circuit: the tags that matter to a package are those that are asked for.
            Self::And(x, y) => x.eval(has) & y.eval(has),
            Self::Or(x, y) => x.eval(has) | y.eval(has),
        }
    }

    /// Whether it holds for some build, as `go mod tidy` sees it: every tag but `ignore` is both set and not set
    /// (`eval` and `matchTag` of cmd/go/internal/imports/build.go with the tag `*`).
    pub fn may_hold(&self) -> bool {
        self.wanted(true)
    }

    fn wanted(&self, prefer: bool) -> bool {
        match self {
            Self::Tag(tag) => tag != "ignore" && prefer,
            Self::Not(x) => !x.wanted(!prefer),
            Self::And(x, y) => x.wanted(prefer) && y.wanted(prefer),
            Self::Or(x, y) => x.wanted(prefer) || y.wanted(prefer),
        }
    }

    /// Every tag, in order, also repeated ones.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        let mut pending = vec![self];
        std::iter::from_fn(move || {
            loop {
                match pending.pop()? {
                    Self::Tag(tag) => return Some(tag.as_str()),
                    Self::Not(x) => pending.push(x),
                    Self::And(x, y) | Self::Or(x, y) => pending.extend([&**y, &**x]),
                }
            }
        })
    }
}

/// `Expr.String`
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let argument = |f: &mut fmt::Formatter<'_>, x: &Self, grouped: bool| {
            if grouped { write!(f, "({x})") } else { write!(f, "{x}") }
        };
        match self {
            Self::Tag(tag) => f.write_str(tag),
            Self::Not(x) => {
                f.write_str("!")?;
                argument(f, x, matches!(**x, Self::And(..) | Self::Or(..)))
            }
            Self::And(x, y) => {
                argument(f, x, matches!(**x, Self::Or(..)))?;
                f.write_str(" && ")?;
                argument(f, y, matches!(**y, Self::Or(..)))
            }
            Self::Or(x, y) => {
                argument(f, x, matches!(**x, Self::And(..)))?;
                f.write_str(" || ")?;
                argument(f, y, matches!(**y, Self::And(..)))
            }
        }
    }
}
