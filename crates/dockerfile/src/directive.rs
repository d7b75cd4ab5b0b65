//! Parser directives: `# syntax=`, `# escape=` and `# check=` at the very top of the file.
//!
//! Rules: `directives.go` of BuildKit's `frontend/dockerfile/parser`. The first line that is no known directive, be it a
//! blank line or another comment, ends them.

/// A parser directive, such as `# syntax=docker/dockerfile:1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// `syntax`, `escape` or `check`, in lower case.
    pub name: String,
    /// The value without surrounding blanks.
    pub value: String,
    /// 1-based line.
    pub line: usize,
}

/// What a line is while directives may still come.
pub(crate) enum Seen {
    /// A directive.
    Directive(Directive),
    /// A directive that was given before.
    Repeated(String),
    /// Anything else: there are no directives from here on.
    Nothing,
}

/// Reads `line` (without leading blanks and line ending) as a directive.
pub(crate) fn read(line: &str, number: usize, earlier: &[Directive]) -> Seen {
    let Some((name, value)) = split(line) else { return Seen::Nothing };
    if earlier.iter().any(|directive| directive.name == name) {
        return Seen::Repeated(name);
    }
    Seen::Directive(Directive { name, value, line: number })
}

/// `#`, blanks, a word of letters and digits, blanks, `=`, blanks and a value that is not empty.
fn split(line: &str) -> Option<(String, String)> {
    let body = line.strip_prefix('#')?.trim_start();
    let (name, value) = body.split_once('=')?;
    let (name, value) = (name.trim_ascii_end().to_ascii_lowercase(), value.trim_ascii());
    let known = matches!(name.as_str(), "syntax" | "escape" | "check");
    (known && !value.is_empty()).then(|| (name, value.to_owned()))
}
