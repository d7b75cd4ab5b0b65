//! Where something is. A finding without a location cannot be built.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A range of text in a file of the target.
///
/// Lines and columns are one-based; columns count Unicode code points (SARIF's
/// `unicodeCodePoints`); the end column is exclusive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Location {
    /// The file, relative to the target's root, with forward slashes.
    pub path: String,
    /// The first line.
    pub line: u32,
    /// The first column.
    pub column: u32,
    /// The last line.
    pub end_line: u32,
    /// The column after the last.
    pub end_column: u32,
}

impl Location {
    /// A range; what is out of order or zero is put right rather than refused.
    pub fn span(path: impl Into<String>, start: (u32, u32), end: (u32, u32)) -> Self {
        let (line, column) = (start.0.max(1), start.1.max(1));
        let end_line = end.0.max(line);
        let end_column = if end_line == line { end.1.max(column) } else { end.1.max(1) };
        Self { path: path.into(), line, column, end_line, end_column }
    }

    /// The point before one character.
    pub fn point(path: impl Into<String>, line: u32, column: u32) -> Self {
        Self::span(path, (line, column), (line, column))
    }

    /// The first character of a file: the anchor of what concerns the file as a whole.
    pub fn whole(path: impl Into<String>) -> Self {
        Self::point(path, 1, 1)
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// The lines a finding points at, so that a report can show them without reading files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Snippet {
    /// The number of the first line in `text`.
    pub first_line: u32,
    /// The lines, joined by `\n`; none longer than [`Snippet::MAX_COLUMNS`].
    pub text: String,
}

impl Snippet {
    /// Longer lines are not quoted: minified JSON helps nobody.
    pub const MAX_COLUMNS: usize = 400;
    /// More lines are not quoted.
    pub const MAX_LINES: usize = 3;

    /// Cuts the lines of `location` out of `source`; `None` where they are absent or too long.
    pub fn cut(source: &str, location: &Location) -> Option<Self> {
        let skip = usize::try_from(location.line.checked_sub(1)?).ok()?;
        let wanted = location.end_line.saturating_sub(location.line);
        let wanted = usize::try_from(wanted).ok()?.saturating_add(1);
        let lines: Vec<String> = source
            .split('\n')
            .skip(skip)
            .take(wanted.min(Self::MAX_LINES))
            .map(|line| redact(line.trim_end_matches('\r')))
            .collect();
        let long = |line: &String| line.chars().count() > Self::MAX_COLUMNS;
        if lines.is_empty() || lines.iter().any(long) {
            return None;
        }
        Some(Self { first_line: location.line, text: lines.join("\n") })
    }
}

/// Hides the password of `scheme://user:password@host`: reports travel further than files.
/// The length stays, so that spans still point at the right place.
fn redact(line: &str) -> String {
    let mut out = line.to_owned();
    let mut from = 0;
    while let Some(at) = out[from..].find("://").map(|at| from + at + 3) {
        from = at;
        let authority = &out[at..];
        let end = authority.find(['/', ' ', '"', '\'', ',', '?', '#']).unwrap_or(authority.len());
        let Some(sign) = authority[..end].rfind('@') else { continue };
        let Some(colon) = authority[..sign].find(':') else { continue };
        let secret = at + colon + 1..at + sign;
        let stars = "*".repeat(out[secret.clone()].chars().count());
        out.replace_range(secret, &stars);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_hides_passwords_in_urls() {
        let cut = |line: &str| Snippet::cut(line, &Location::whole("x")).map(|s| s.text);
        let shown = cut("GOPROXY=https://bob:hunter2@proxy.example.com,direct").unwrap();
        assert_eq!(shown, "GOPROXY=https://bob:*******@proxy.example.com,direct");
        assert_eq!(cut("a://b@c d").unwrap(), "a://b@c d");
        assert_eq!(cut("x://u:密码@h x://u:p@h").unwrap(), "x://u:**@h x://u:*@h");
    }

    #[test]
    fn a_snippet_outside_its_file_is_none() {
        assert_eq!(Snippet::cut("one\ntwo", &Location::point("x", 3, 1)), None);
        assert_eq!(Snippet::cut(&"x".repeat(401), &Location::whole("x")), None);
    }

    proptest::proptest! {
        #[test]
        fn cutting_never_panics(text: String, line: u32, column: u32, end: u32) {
            let _ = Snippet::cut(&text, &Location::span("x", (line, column), (end, column)));
        }

        #[test]
        fn redaction_keeps_every_column(text in "([a-z:/@ é]|://)*") {
            proptest::prop_assert_eq!(redact(&text).chars().count(), text.chars().count());
        }
    }
}
