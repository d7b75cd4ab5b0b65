//! The lines above the package clause that say when a file is built: `parseFileHeader` and `shouldBuild` of
//! go/build/build.go, `getConstraints` of cmd/go/internal/modindex/build.go.

use crate::constraint::{Expr, SyntaxError, is_plus_build, parse};
use crate::text::{lines, lossy, slice, tail, trim};
use memchr::memmem;

/// When a file is built: its `//go:build` line, or its `// +build` lines where it has no other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Constraint {
    rule: Rule,
    read_error: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Rule {
    /// Always.
    #[default]
    None,
    GoBuild(Result<Expr, SyntaxError>),
    /// All of them have to hold.
    PlusBuild(Vec<Expr>),
    /// More than one `//go:build` line.
    Multiple,
}

/// Why it cannot be said whether a file is built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConstraintError {
    /// More than one line.
    #[error("multiple //go:build comments")]
    Multiple,
    /// A line that cannot be read.
    #[error("parsing //go:build line: {0}")]
    Syntax(SyntaxError),
}

impl Constraint {
    /// Whether the file is built when `tags` tells what tags are set: `Context.shouldBuild`.
    ///
    /// # Errors
    /// The message of Go, which it prints behind `FILE: `.
    pub fn matches(&self, tags: &dyn Fn(&str) -> bool) -> Result<bool, ConstraintError> {
        match &self.rule {
            Rule::None => Ok(true),
            Rule::GoBuild(Ok(expr)) => Ok(expr.eval(&mut |tag| tags(tag))),
            Rule::GoBuild(Err(error)) => Err(ConstraintError::Syntax(error.clone())),
            // No short circuit, as in `Expr::eval`.
            Rule::PlusBuild(all) => {
                Ok(all.iter().fold(true, |built, expr| built & expr.eval(&mut |tag| tags(tag))))
            }
            Rule::Multiple => Err(ConstraintError::Multiple),
        }
    }

    /// Every tag that matters, in order, also repeated ones: what `shouldBuild` adds to `Package.AllTags`.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.expressions().iter().flat_map(Expr::tags)
    }

    /// The expressions that all have to hold: one of a `//go:build` line, or any number of `// +build` lines.
    pub fn expressions(&self) -> &[Expr] {
        match &self.rule {
            Rule::GoBuild(Ok(expr)) => std::slice::from_ref(expr),
            Rule::PlusBuild(all) => all,
            Rule::None | Rule::GoBuild(Err(_)) | Rule::Multiple => &[],
        }
    }

    /// What Go says of a file that is no Go file and whose comments cannot be read, `syntax error` or `unexpected NUL
    /// in input`. The go command passes over it: such a file has no constraint.
    pub fn read_error(&self) -> Option<&str> {
        self.read_error.as_deref()
    }

    /// That of a file that could not be read.
    pub(crate) fn unread(error: impl ToString) -> Self {
        Self { rule: Rule::None, read_error: Some(error.to_string()) }
    }
}

/// What the head of a file says.
#[derive(Default)]
pub(crate) struct Head {
    pub(crate) constraint: Constraint,
    /// `//go:binary-only-package` is there.
    pub(crate) binary_only: bool,
}

/// `parseFileHeader` and the first half of `shouldBuild`
pub(crate) fn head(content: &[u8]) -> Head {
    let mut scan = Scan::default();
    for (line, end) in lines(content) {
        let line = trim(line);
        if line.is_empty() && !scan.ended {
            // What is above this line may be `// +build` lines.
            scan.end = end;
            continue;
        }
        if scan.line(line) {
            break;
        }
    }
    if scan.multiple {
        let constraint = Constraint { rule: Rule::Multiple, read_error: None };
        return Head { constraint, binary_only: false };
    }
    let rule = match scan.go_build {
        Some(line) => Rule::GoBuild(parse(&lossy(line))),
        None => plus_build(slice(content, 0, scan.end)),
    };
    Head { constraint: Constraint { rule, read_error: None }, binary_only: scan.binary_only }
}

#[derive(Default)]
struct Scan<'a> {
    /// Where the last empty line ends before anything but `//` comments.
    end: usize,
    /// Something else than `//` comments was there.
    ended: bool,
    in_comment: bool,
    go_build: Option<&'a [u8]>,
    multiple: bool,
    binary_only: bool,
}

impl<'a> Scan<'a> {
    /// Takes a trimmed line; whether it is the last one that counts.
    fn line(&mut self, mut line: &'a [u8]) -> bool {
        self.ended |= !line.starts_with(b"//");
        if !self.in_comment {
            if is_go_build_comment(line) {
                self.multiple = self.go_build.is_some();
                self.go_build = Some(line);
            }
            self.binary_only |= line == b"//go:binary-only-package";
        }
        while !line.is_empty() && !self.multiple {
            if self.in_comment {
                let Some(end) = memmem::find(line, b"*/") else { return false };
                self.in_comment = false;
                line = trim(tail(line, end + 2));
            } else if line.starts_with(b"//") {
                return false;
            } else if line.starts_with(b"/*") {
                self.in_comment = true;
                line = trim(tail(line, 2));
            } else {
                return true;
            }
        }
        self.multiple
    }
}

/// `isGoBuildComment` of a trimmed line
fn is_go_build_comment(line: &[u8]) -> bool {
    line.strip_prefix(b"//go:build")
        .is_some_and(|rest| rest.is_empty() || trim(rest).len() < rest.len())
}

fn plus_build(content: &[u8]) -> Rule {
    if memmem::find(content, b"+build").is_none() {
        return Rule::None;
    }
    let lines = lines(content).map(|(line, _)| trim(line));
    let commented =
        lines.filter(|line| line.starts_with(b"//") && memmem::find(line, b"+build").is_some());
    let texts = commented.map(lossy).filter(|text| is_plus_build(text));
    // Go passes over lines that are too complex.
    let all: Vec<Expr> = texts.filter_map(|text| parse(&text).ok()).collect();
    if all.is_empty() { Rule::None } else { Rule::PlusBuild(all) }
}
