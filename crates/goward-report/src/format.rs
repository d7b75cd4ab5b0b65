//! The formats and their names.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// What a report can be rendered as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For a person at a terminal.
    Human,
    /// Report JSON v1: all there is.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test panes of CI systems.
    Junit,
    /// Workflow commands of GitHub Actions: annotations in the diff.
    Github,
    /// GitHub-flavoured Markdown, for comments and job summaries.
    Markdown,
}

/// A name that no format has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no report format: expected human, json, sarif, junit, github or markdown")]
pub struct UnknownFormat(String);

impl Format {
    /// All formats.
    pub const ALL: [Self; 6] =
        [Self::Human, Self::Json, Self::Sarif, Self::Junit, Self::Github, Self::Markdown];

    /// The format's name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Markdown => "markdown",
        }
    }

    /// The format that a file's name asks for, whatever the case: `.sarif` and `.sarif.json` →
    /// SARIF, `.json`, `.xml` → JUnit, `.md`, `.txt` → human. `None` for any other name.
    pub fn of_extension(path: &str) -> Option<Self> {
        let path = Path::new(path);
        let lower = |part: Option<&std::ffi::OsStr>| Some(part?.to_str()?.to_ascii_lowercase());
        match lower(path.extension())?.as_str() {
            "json" if lower(path.file_stem())?.ends_with(".sarif") => Some(Self::Sarif),
            "json" => Some(Self::Json),
            "sarif" => Some(Self::Sarif),
            "xml" => Some(Self::Junit),
            "md" => Some(Self::Markdown),
            "txt" => Some(Self::Human),
            _ => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let named = |format: &Self| format.as_str() == name;
        Self::ALL.into_iter().find(named).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_decides() {
        for (path, format) in [
            ("r.sarif", Some(Format::Sarif)),
            ("out/r.sarif.json", Some(Format::Sarif)),
            ("R.SARIF.JSON", Some(Format::Sarif)),
            ("r.json", Some(Format::Json)),
            ("r.v1.json", Some(Format::Json)),
            ("sarif.json", Some(Format::Json)),
            ("junit.xml", Some(Format::Junit)),
            ("r.md", Some(Format::Markdown)),
            ("r.TXT", Some(Format::Human)),
            ("报告.md", Some(Format::Markdown)),
            ("r.github", None),
            ("r.html", None),
            ("json", None),
            (".json", None),
            ("r.", None),
            ("a.json/r", None),
            ("", None),
        ] {
            assert_eq!(Format::of_extension(path), format, "{path}");
        }
    }

    #[test]
    fn names_are_read_back() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        let error = "html\u{1b}".parse::<Format>().unwrap_err().to_string();
        assert!(error.contains("markdown") && !error.contains('\u{1b}'), "{error}");
    }
}
