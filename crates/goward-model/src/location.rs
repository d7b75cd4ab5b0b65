//! Where something is. A finding without a location cannot be built.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

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

    /// The lines of `location`, the first of which `text` begins with; `None` where they are absent
    /// or too long.
    fn cut(text: &str, location: &Location) -> Option<Self> {
        let wanted = location.end_line.saturating_sub(location.line);
        let wanted = usize::try_from(wanted).ok()?.saturating_add(1).min(Self::MAX_LINES);
        let mut lines = vec![];
        for line in text.split('\n').take(wanted) {
            let line = line.trim_end_matches('\r');
            // A character has four bytes at most.
            if line.len() > Self::MAX_COLUMNS * 4 || line.chars().count() > Self::MAX_COLUMNS {
                return None;
            }
            // Whatever points there, a report carries no private key.
            if line.contains("PRIVATE KEY-----") || line.contains("LS0tLS1CRUdJTi") {
                return None;
            }
            lines.push(redact(line));
        }
        Some(Self { first_line: location.line, text: lines.join("\n") })
    }
}

/// Cuts snippets out of texts. Asked in the order of the lines, it reads each text once, however
/// many findings point into it.
#[derive(Debug, Default)]
pub(crate) struct Quotes {
    source: Arc<str>,
    /// A line of `source`, 1-based, and where it begins.
    line: u32,
    offset: usize,
}

impl Quotes {
    /// The lines of `location`; `None` where they are absent or too long.
    pub(crate) fn cut(&mut self, source: Arc<str>, location: &Location) -> Option<Snippet> {
        if !Arc::ptr_eq(&self.source, &source) || location.line < self.line || self.line == 0 {
            *self = Self { source, line: 1, offset: 0 };
        }
        while self.line < location.line {
            let rest = self.source.get(self.offset..)?;
            self.offset += rest.find('\n')? + 1;
            self.line += 1;
        }
        if location.line == 0 {
            return None;
        }
        Snippet::cut(self.source.get(self.offset..)?, location)
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

    fn quote(text: &str, location: &Location) -> Option<Snippet> {
        Quotes::default().cut(text.into(), location)
    }

    #[test]
    fn a_snippet_hides_passwords_in_urls() {
        let cut = |line: &str| quote(line, &Location::whole("x")).map(|s| s.text);
        let shown = cut("GOPROXY=https://bob:hunter2@proxy.example.com,direct").unwrap();
        assert_eq!(shown, "GOPROXY=https://bob:*******@proxy.example.com,direct");
        assert_eq!(cut("a://b@c d").unwrap(), "a://b@c d");
        assert_eq!(cut("x://u:密码@h x://u:p@h").unwrap(), "x://u:**@h x://u:*@h");
    }

    #[test]
    fn a_snippet_outside_its_file_is_none() {
        assert_eq!(quote("one\ntwo", &Location::point("x", 3, 1)), None);
        assert_eq!(quote(&"x".repeat(401), &Location::whole("x")), None);
    }

    #[test]
    fn lines_are_found_in_any_order() {
        let (text, other): (Arc<str>, Arc<str>) = ("one\r\ntwo\nthree".into(), "eins".into());
        let mut quotes = Quotes::default();
        let mut line = |text: &Arc<str>, line| {
            quotes.cut(Arc::clone(text), &Location::point("x", line, 1)).map(|s| s.text)
        };
        for (text, number, wanted) in [
            (&text, 1, Some("one")),
            (&text, 3, Some("three")),
            (&text, 3, Some("three")),
            (&text, 4, None),
            (&text, 2, Some("two")),
            (&other, 1, Some("eins")),
            (&text, 2, Some("two")),
        ] {
            assert_eq!(line(text, number).as_deref(), wanted, "{number}");
        }
    }

    proptest::proptest! {
        #[test]
        fn cutting_never_panics(text: String, line: u32, column: u32, end: u32) {
            let _ = quote(&text, &Location::span("x", (line, column), (end, column)));
        }

        #[test]
        fn redaction_keeps_every_column(text in "([a-z:/@ é]|://)*") {
            proptest::prop_assert_eq!(redact(&text).chars().count(), text.chars().count());
        }
    }
}
