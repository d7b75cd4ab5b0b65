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
    #[serde(rename = "ImportStack")]
    pub(super) import_stack: Option<Vec<String>>,
}

/// Where relative files are.
pub(super) struct Places<'a> {
    /// Where the go command ran.
    pub(super) dir: &'a Path,
    /// The folder of a package.
    pub(super) of: &'a dyn Fn(&str) -> Option<PathBuf>,
    /// Whether a file is there.
    pub(super) is_file: &'a dyn Fn(&Path) -> bool,
}

/// A line of the compiler, and the lines that belong to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Diagnostic {
    /// The file, absolute; `None` where the line names none.
    pub(super) file: Option<PathBuf>,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) message: String,
    /// The import path of the package that it is about, where that is known.
    pub(super) package: Option<String>,
}

/// All that is said of the packages, each once, by file and line.
pub(super) fn all(packages: &[Listed], places: &Places<'_>) -> Vec<Diagnostic> {
    let mut all = BTreeSet::new();
    for package in packages {
        if let Some(error) = &package.error {
            all.extend(of_error(error, Some(&package.import_path), places));
        }
        for error in package.deps_errors.iter().flatten() {
            let of = error.import_stack.as_ref().and_then(|stack| stack.last());
            all.extend(of_error(error, of.map(String::as_str), places));
        }
    }
    all.into_iter().collect()
}

fn of_error(error: &ListedError, package: Option<&str>, places: &Places<'_>) -> Vec<Diagnostic> {
    let mut found = lines(&error.err, package, places);
    // `asm: assembly of x.s failed` beside the lines that say why.
    if found.iter().any(|one| one.file.is_some()) {
        found.retain(|one| one.file.is_some());
    }
    if found.is_empty() || found.iter().all(|one| one.file.is_none()) {
        let message =
            error.err.lines().filter(|line| !line.starts_with("# ")).collect::<Vec<_>>().join("\n");
        let (file, line, column) =
            place(&error.pos, None, places).unwrap_or((PathBuf::new(), 1, 1));
        let file = (!file.as_os_str().is_empty()).then_some(file);
        let package = package.map(plain).map(str::to_owned);
        return vec![Diagnostic {
            file,
            line,
            column,
            message: message.trim().to_owned(),
            package,
        }];
    }
    found
}

/// The lines `file:line:column: message`; what is indented belongs to the line before, and `# package` says whose the
/// next ones are.
pub(super) fn lines(text: &str, package: Option<&str>, places: &Places<'_>) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = vec![];
    let mut package = package.map(plain);
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(named) = line.strip_prefix("# ") {
            package = Some(plain(named));
            continue;
        }
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
        let said = line.strip_prefix("go: ").unwrap_or(line);
        let found = said.match_indices(": ").find_map(|(at, _)| {
            let (file, row, column) = place(said.get(..at)?, package, places)?;
            Some((file, row, column, said.get(at + 2..)?))
        });
        let package = package.map(str::to_owned);
        all.push(match found {
            Some((file, line, column, message)) => {
                Diagnostic { file: Some(file), line, column, message: message.to_owned(), package }
            }
            None => {
                Diagnostic { file: None, line: 1, column: 1, message: line.to_owned(), package }
            }
        });
    }
    all
}

/// `example.com/m/a [example.com/m/a.test]` is a package with its tests; C's errors stand below `[example.com/m/a]`.
fn plain(package: &str) -> &str {
    let first = package.split(' ').next().unwrap_or(package);
    first.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(first)
}

/// `file:line:column` or `file:line`. Compilers of C and the assembler run in the package's folder, or a copy of it.
fn place(text: &str, package: Option<&str>, places: &Places<'_>) -> Option<(PathBuf, u32, u32)> {
    let (rest, last) = text.rsplit_once(':')?;
    let last: u32 = last.parse().ok()?;
    let (file, line, column) = match rest.rsplit_once(':').map(|(file, line)| (file, line.parse()))
    {
        Some((file, Ok(line))) => (file, line, last),
        _ => (rest, last, 1),
    };
    if file.is_empty() {
        return None;
    }
    let copied = file.strip_prefix("$WORK/").and_then(|rest| rest.split_once('/'));
    let below = copied.map_or(file, |(_, below)| below);
    let path = overlay::cleaned(&places.dir.join(file));
    let own = package.and_then(|package| (places.of)(package));
    let own = own.map(|dir| overlay::cleaned(&dir.join(below)));
    let own = own.filter(|own| !(places.is_file)(&path) && (places.is_file)(own));
    Some((own.unwrap_or(path), line, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiler_lines_are_read() {
        let text = "# example.com/m/a [example.com/m/a.test]\n../ov/x.go:3:19: too many return values\n\thave (number)\n\twant ()\n\
                    a/b.go:5: x: y: z\nvet: something\na/b.go:9:1: too many errors\n";
        let places = Places { dir: Path::new("/w/m"), of: &|_| None, is_file: &|_| true };
        let all = lines(text, None, &places);
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].file.as_deref(), Some(Path::new("/w/ov/x.go")));
        assert_eq!((all[0].line, all[0].column), (3, 19));
        assert_eq!(all[0].message, "too many return values\nhave (number)\nwant ()");
        assert_eq!((all[1].line, all[1].message.as_str()), (5, "x: y: z"));
        assert_eq!(all[2].file, None);
    }
    #[test]
    fn lines_of_c_are_of_the_package_s_folder() {
        let text = "# example.com/m/a\n# [example.com/m/a]\nf.c:1:22: error: x\n$WORK/b001/h.h:2:5: error: y\na/a.go:1:1: z\n\
                    f_amd64.s:3: w\n";
        let of = |package: &str| (package == "example.com/m/a").then(|| PathBuf::from("/w/m/a"));
        let is_file = |path: &Path| path.starts_with("/w/m/a");
        let places = Places { dir: Path::new("/w/m"), of: &of, is_file: &is_file };
        let all = lines(text, None, &places);
        let files: Vec<_> =
            all.iter().map(|one| one.file.as_deref().unwrap_or(Path::new(""))).collect();
        let expected =
            ["/w/m/a/f.c", "/w/m/a/h.h", "/w/m/a/a.go", "/w/m/a/f_amd64.s"].map(Path::new);
        assert_eq!(files, expected);
        assert_eq!(all[0].package.as_deref(), Some("example.com/m/a"));
    }
}
