//! One pattern, compiled: how `patternmatcher.Pattern` matches a path.
//!
//! Rules: `Pattern.compile` and `Pattern.match` of `github.com/moby/patternmatcher` v0.6.1.

mod program;
mod set;
mod syntax;

pub(crate) use program::State;

use program::Program;

/// How a pattern is matched.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// The path is the text.
    Exact,
    /// The path begins with this: `dir/**`.
    Prefix(Box<[u8]>),
    /// The path ends with this: `**/name`; if it begins with a slash, the path may also be what follows that.
    Suffix(Box<[u8]>),
    /// Everything else.
    Program(Box<Program>),
    /// Go refuses the expression that it makes of the pattern as soon as the pattern is needed.
    Broken,
}

/// A pattern without its `!`.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) negated: bool,
    /// Cleaned.
    pub(crate) text: Box<str>,
    pub(crate) kind: Kind,
}

impl Rule {
    pub(crate) fn new(text: &str, negated: bool) -> Self {
        Self { negated, text: text.into(), kind: compile(text) }
    }

    /// Whether the pattern matches the path itself; a broken one does not.
    pub(crate) fn matches(&self, path: &[u8]) -> bool {
        match &self.kind {
            Kind::Exact => path == self.text.as_bytes(),
            Kind::Prefix(prefix) => path.starts_with(prefix),
            Kind::Suffix(suffix) => {
                path.ends_with(suffix)
                    || suffix
                        .split_first()
                        .is_some_and(|(first, rest)| *first == b'/' && path == rest)
            }
            Kind::Program(program) => program.is_match(path),
            Kind::Broken => false,
        }
    }

    /// The states of its alternatives, if it can be joined with other expressions.
    pub(crate) fn branches(&self) -> Option<Vec<&[State]>> {
        if let Kind::Program(program) = &self.kind { program.branches() } else { None }
    }

    /// How many states it holds.
    pub(crate) fn size(&self) -> usize {
        if let Kind::Program(program) = &self.kind { program.size() } else { 0 }
    }

    /// The bytes with which every path that it matches begins.
    pub(crate) fn prefix(&self) -> &[u8] {
        match &self.kind {
            Kind::Prefix(prefix) => prefix,
            Kind::Program(program) => &program.prefix,
            _ => &[],
        }
    }

    /// The bytes with which every path that it matches ends, or, if they begin with a slash, perhaps what follows that.
    pub(crate) fn suffix(&self) -> &[u8] {
        match &self.kind {
            Kind::Suffix(suffix) => suffix,
            Kind::Program(program) => &program.suffix,
            _ => &[],
        }
    }
}

/// What `compile` has found the pattern to be so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Exact,
    Prefix,
    Suffix,
    Expression,
}

fn compile(text: &str) -> Kind {
    let (shape, expression) = translate(text);
    let bytes = text.as_bytes();
    match shape {
        Shape::Exact => Kind::Exact,
        Shape::Prefix => Kind::Prefix(bytes.strip_suffix(b"**").unwrap_or(bytes).into()),
        Shape::Suffix => Kind::Suffix(bytes.get(2..).unwrap_or_default().into()),
        Shape::Expression => syntax::read(&expression)
            .and_then(Program::compile)
            .map_or(Kind::Broken, |program| Kind::Program(Box::new(program))),
    }
}

/// The regular expression that Go would make, and whether it would use it.
fn translate(text: &str) -> (Shape, String) {
    let mut shape = Shape::Exact;
    let mut expression = String::from("^");
    // Go reads the pattern with a scanner that drops a byte order mark.
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable();
    let mut first = true;
    while let Some(ch) = rest.next() {
        match ch {
            '*' if rest.next_if_eq(&'*').is_some() => {
                rest.next_if_eq(&'/');
                if rest.peek().is_some() {
                    expression.push_str("(.*/)?");
                    shape = Shape::Expression;
                } else if shape == Shape::Exact {
                    shape = Shape::Prefix;
                } else {
                    expression.push_str(".*");
                    shape = Shape::Expression;
                }
                if first {
                    shape = Shape::Suffix;
                }
            }
            '*' => {
                expression.push_str("[^/]*");
                shape = Shape::Expression;
            }
            '?' => {
                expression.push_str("[^/]");
                shape = Shape::Expression;
            }
            // `{`, `|` and `}` are meant to be here too, but the bitmap they are looked up in is too small for them.
            '.' | '+' | '(' | ')' | '$' => expression.extend(['\\', ch]),
            '\\' => {
                expression.push('\\');
                if let Some(escaped) = rest.next() {
                    expression.push(escaped);
                    shape = Shape::Expression;
                }
            }
            '[' | ']' => {
                expression.push(ch);
                shape = Shape::Expression;
            }
            _ => expression.push(ch),
        }
        first = false;
    }
    expression.push('$');
    (shape, expression)
}
