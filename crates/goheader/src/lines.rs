//! The lines that say for what a file is built (`go/build.Context.shouldBuild`).

use crate::constraint::{Expr, SyntaxError, parse, plus_build};
use std::borrow::Cow;

/// What `//go:build` or, where there is none, the lines `// +build` say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Constraint {
    expressions: Vec<Expr>,
    error: Option<ConstraintError>,
}

/// Why a constraint cannot be read; the text is Go's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConstraintError {
    /// There is more than one.
    #[error("multiple //go:build comments")]
    Multiple,
    /// It is none.
    #[error("parsing //go:build line: {0}")]
    Syntax(SyntaxError),
}

impl Constraint {
    /// Whether a file with it is built.
    ///
    /// # Errors
    /// It cannot be read: then nothing of the package is built.
    pub fn matches(&self, has: &dyn Fn(&str) -> bool) -> Result<bool, ConstraintError> {
        match &self.error {
            Some(err) => Err(err.clone()),
            None => Ok(self.expressions.iter().all(|expression| expression.eval(has))),
        }
    }

    /// The expressions, all of which must hold.
    pub fn expressions(&self) -> &[Expr] {
        &self.expressions
    }

    /// Reads them above a file's first line of code.
    pub(crate) fn read(content: &[u8]) -> Self {
        let found = match find(content) {
            Ok(found) => found,
            Err(error) => return Self { expressions: vec![], error: Some(error) },
        };
        if let Some(line) = found.go_build {
            return match parse(&text(line)) {
                Ok(expression) => Self { expressions: vec![expression], error: None },
                Err(err) => Self { expressions: vec![], error: Some(ConstraintError::Syntax(err)) },
            };
        }
        let old = content.get(..found.end).unwrap_or_default();
        let lines = old.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        let lines = lines.filter(|line| line.starts_with(b"//"));
        let lines = lines.map(text).filter(|line| plus_build(line).is_some());
        Self { expressions: lines.filter_map(|line| parse(&line).ok()).collect(), error: None }
    }
}

fn text(line: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(line)
}

/// Where constraints may stand.
struct Found<'c> {
    go_build: Option<&'c [u8]>,
    /// The end of the last blank line above code: `// +build` counts only above it.
    end: usize,
}

/// `go/build.parseFileHeader`
fn find(content: &[u8]) -> Result<Found<'_>, ConstraintError> {
    let mut found = Found { go_build: None, end: 0 };
    let (mut ended, mut in_comment) = (false, false);
    let mut at = 0;
    while at < content.len() {
        let rest = content.get(at..).unwrap_or_default();
        let (line, next) = match memchr::memchr(b'\n', rest) {
            Some(end) => (rest.get(..end).unwrap_or_default(), at + end + 1),
            None => (rest, content.len()),
        };
        at = next;
        let mut line = line.trim_ascii();
        if line.is_empty() && !ended {
            found.end = at;
            continue;
        }
        ended |= !line.starts_with(b"//");
        if !in_comment && is_go_build(line) && found.go_build.replace(line).is_some() {
            return Err(ConstraintError::Multiple);
        }
        while !line.is_empty() {
            if in_comment {
                let Some(end) = memchr::memmem::find(line, b"*/") else { break };
                in_comment = false;
                line = line.get(end + 2..).unwrap_or_default().trim_ascii();
            } else if line.starts_with(b"//") {
                break;
            } else if line.starts_with(b"/*") {
                in_comment = true;
                line = line.get(2..).unwrap_or_default().trim_ascii();
            } else {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

/// `go/build.isGoBuildComment`
fn is_go_build(line: &[u8]) -> bool {
    line.strip_prefix(b"//go:build")
        .is_some_and(|rest| rest.is_empty() || rest.trim_ascii().len() < rest.len())
}
