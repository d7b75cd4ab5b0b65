//! What the go command says of packages that do not compile, as places in files.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A package of `go list -json`, as far as it is read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Listed {
    #[serde(rename = "ImportPath")]
    pub(super) import_path: String,
    #[serde(rename = "Error")]
    pub(super) error: Option<ListedError>,
    #[serde(rename = "DepsErrors")]
    pub(super) deps_errors: Option<Vec<ListedError>>,
}

/// What is wrong with it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListedError {
    #[serde(rename = "Pos")]
    pub(super) pos: String,
    #[serde(rename = "Err")]
    pub(super) err: String,
}

/// A line of the compiler, and the lines that belong to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Diagnostic {
    /// The file, absolute; `None` where the line names none.
    pub(super) file: Option<PathBuf>,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) message: String,
}

/// All that is said of the packages, each once, by file and line. Relative files are relative to `dir`.
pub(super) fn all(packages: &[Listed], dir: &Path) -> Vec<Diagnostic> {
    let mut all = BTreeSet::new();
    for package in packages {
        let own = package.error.iter();
        for error in own.chain(package.deps_errors.iter().flatten()) {
            all.extend(of_error(error, dir));
        }
    }
    all.into_iter().collect()
}

fn of_error(error: &ListedError, dir: &Path) -> Vec<Diagnostic> {
    let mut found = lines(&error.err, dir);
    // `asm: assembly of x.s failed` beside the lines that say why.
    if found.iter().any(|one| one.file.is_some()) {
        found.retain(|one| one.file.is_some());
    }
    if found.is_empty() || found.iter().all(|one| one.file.is_none()) {
        let message =
            error.err.lines().filter(|line| !line.starts_with("# ")).collect::<Vec<_>>().join("\n");
        let (file, line, column) = place(&error.pos, dir).unwrap_or((PathBuf::new(), 1, 1));
        let file = (!file.as_os_str().is_empty()).then_some(file);
        return vec![Diagnostic { file, line, column, message: message.trim().to_owned() }];
    }
    found
}

/// The lines `file:line:column: message`; what is indented belongs to the line before.
pub(super) fn lines(text: &str, dir: &Path) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = vec![];
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        if line.starts_with([' ', '\t']) {
            if let Some(last) = all.last_mut() {
                last.message.push('\n');
                last.message.push_str(line.trim());
            }
            continue;
        }
        if line == "too many errors" || line.ends_with(": too many errors") {
            continue;
        }
        let found = line.match_indices(": ").find_map(|(at, _)| {
            let (file, row, column) = place(line.get(..at)?, dir)?;
            Some((file, row, column, line.get(at + 2..)?))
        });
        all.push(match found {
            Some((file, line, column, message)) => {
                Diagnostic { file: Some(file), line, column, message: message.to_owned() }
            }
            None => Diagnostic { file: None, line: 1, column: 1, message: line.to_owned() },
        });
    }
    all
}

/// `file:line:column` or `file:line`
fn place(text: &str, dir: &Path) -> Option<(PathBuf, u32, u32)> {
    let (rest, last) = text.rsplit_once(':')?;
    let last: u32 = last.parse().ok()?;
    let (file, line, column) = match rest.rsplit_once(':').map(|(file, line)| (file, line.parse()))
    {
        Some((file, Ok(line))) => (file, line, last),
        _ => (rest, last, 1),
    };
    let path = overlay::cleaned(&dir.join(file));
    (!file.is_empty()).then_some((path, line, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiler_lines_are_read() {
        let text = "# example.com/m/a [example.com/m/a.test]\n../ov/x.go:3:19: too many return values\n\thave (number)\n\twant ()\n\
                    a/b.go:5: x: y: z\nvet: something\na/b.go:9:1: too many errors\n";
        let all = lines(text, Path::new("/w/m"));
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].file.as_deref(), Some(Path::new("/w/ov/x.go")));
        assert_eq!((all[0].line, all[0].column), (3, 19));
        assert_eq!(all[0].message, "too many return values\nhave (number)\nwant ()");
        assert_eq!((all[1].line, all[1].message.as_str()), (5, "x: y: z"));
        assert_eq!(all[2].file, None);
    }
}
