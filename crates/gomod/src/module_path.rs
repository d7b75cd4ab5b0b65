//! Module paths: what is one, how it is escaped in the module cache, and which versions go with it
//! (`golang.org/x/mod/module`).

use crate::semver;
use crate::text::{is_letter, quote};

/// A path that is no module or import path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("malformed {kind} path {}: {problem}", quote(.path))]
pub struct PathError {
    /// What the path was meant to be.
    pub kind: PathKind,
    /// The path.
    pub path: String,
    /// What is wrong with it.
    pub problem: PathProblem,
}

/// Which rules a path has to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PathKind {
    /// A module path that can be downloaded.
    Module,
    /// The import path of a package.
    Import,
    /// The path of a file in a module zip.
    File,
    /// The package of a `tool` directive, which is an import path.
    Tool,
}

impl std::fmt::Display for PathKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Module => "module",
            Self::Import => "import",
            Self::File => "file",
            Self::Tool => "tool",
        })
    }
}

/// What is wrong with a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathProblem {
    /// ``
    #[error("empty string")]
    Empty,
    /// `-x`
    #[error("leading dash")]
    LeadingDash,
    /// `a//b`
    #[error("double slash")]
    DoubleSlash,
    /// `a/`
    #[error("trailing slash")]
    TrailingSlash,
    /// `/a`
    #[error("empty path element")]
    EmptyElement,
    /// `a/..`
    #[error("invalid path element {}", quote(.0))]
    Dots(String),
    /// `a/.b`, in module paths.
    #[error("leading dot in path element")]
    LeadingDot,
    /// `a/b.`
    #[error("trailing dot in path element")]
    TrailingDot,
    /// `a@b`
    #[error("invalid char {}", crate::text::quote_char(*.0))]
    Character(char),
    /// `a/con.go`
    #[error("{} disallowed as path element component on Windows", quote(.0))]
    WindowsName(String),
    /// `a/b~1`
    #[error("trailing tilde and digits in path element")]
    ShortName,
    /// `net/http`, as a module path.
    #[error("missing dot in first path element")]
    NoDot,
    /// `Example.com`
    #[error("invalid char {} in first path element", crate::text::quote_char(*.0))]
    HostCharacter(char),
    /// `example.com/a/v1`
    #[error("invalid version")]
    MajorSuffix,
}

/// Whether `path` is a module path that can be downloaded (`module.CheckPath`).
///
/// # Errors
/// The first rule that it breaks.
pub fn check(path: &str) -> Result<(), PathError> {
    check_module(path).map_err(|problem| PathError {
        kind: PathKind::Module,
        path: path.to_owned(),
        problem,
    })
}

/// Whether `path` is an import path (`module.CheckImportPath`).
///
/// # Errors
/// The first rule that it breaks.
pub fn check_import(path: &str) -> Result<(), PathError> {
    check_elements(path, PathKind::Import).map_err(|problem| PathError {
        kind: PathKind::Import,
        path: path.to_owned(),
        problem,
    })
}

/// Whether `path` is the slash-separated path of a file that may be in a module zip (`module.CheckFilePath`).
///
/// # Errors
/// The first rule that it breaks.
pub fn check_file(path: &str) -> Result<(), PathError> {
    check_elements(path, PathKind::File).map_err(|problem| PathError {
        kind: PathKind::File,
        path: path.to_owned(),
        problem,
    })
}

/// Whether a module of this path can have this version (`module.Check`): both are well-formed, and the major versions
/// agree. The version need not be canonical.
///
/// # Errors
/// The first rule that they break.
pub fn check_version(path: &str, version: &str) -> Result<(), ModuleVersionError> {
    check(path)?;
    let wrong = |problem| ModuleVersionError::Version {
        path: path.to_owned(),
        version: version.to_owned(),
        problem,
    };
    if !semver::is_valid(version) {
        return Err(wrong("not a semantic version".to_owned()));
    }
    let (_, major) = split_path_version(path).unwrap_or((path, ""));
    check_path_major(version, major).map_err(|error| {
        let MajorError { wanted, major, .. } = error;
        wrong(format!("should be {wanted}, not {major}"))
    })
}

/// A module path, or a version that does not go with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModuleVersionError {
    /// The path.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The version.
    #[error("{path}@{version}: invalid version: {problem}")]
    Version {
        /// The module path.
        path: String,
        /// The version.
        version: String,
        /// What is wrong with it.
        problem: String,
    },
}

fn check_module(path: &str) -> Result<(), PathProblem> {
    check_elements(path, PathKind::Module)?;
    let host = path.split('/').next().unwrap_or_default();
    if !host.contains('.') {
        return Err(PathProblem::NoDot);
    }
    let bad = host.chars().find(|c| !matches!(c, '-' | '.' | '0'..='9' | 'a'..='z'));
    if let Some(bad) = bad {
        return Err(PathProblem::HostCharacter(bad));
    }
    split_path_version(path).map(|_| ()).ok_or(PathProblem::MajorSuffix)
}

fn check_elements(path: &str, kind: PathKind) -> Result<(), PathProblem> {
    if path.is_empty() {
        return Err(PathProblem::Empty);
    }
    if path.starts_with('-') && kind != PathKind::File {
        return Err(PathProblem::LeadingDash);
    }
    if path.contains("//") {
        return Err(PathProblem::DoubleSlash);
    }
    if path.ends_with('/') {
        return Err(PathProblem::TrailingSlash);
    }
    path.split('/').try_for_each(|element| check_element(element, kind))
}

/// What file names may hold beside letters, digits, and what import paths may hold.
const FILE_PUNCTUATION: &str = "!#$%&(),=@[]^{} ";

fn check_element(element: &str, kind: PathKind) -> Result<(), PathProblem> {
    if element.is_empty() {
        return Err(PathProblem::EmptyElement);
    }
    if element.bytes().all(|b| b == b'.') {
        return Err(PathProblem::Dots(element.to_owned()));
    }
    if element.starts_with('.') && kind == PathKind::Module {
        return Err(PathProblem::LeadingDot);
    }
    if element.ends_with('.') {
        return Err(PathProblem::TrailingDot);
    }
    let allowed = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '-' | '.' | '_' | '~')
            || (c == '+' && kind != PathKind::Module)
            || (kind == PathKind::File && (is_letter(c) || FILE_PUNCTUATION.contains(c)))
    };
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    let bad = match element.bytes().all(is_plain) {
        true => None,
        false => element.chars().find(|c| !allowed(*c)),
    };
    if let Some(bad) = bad {
        return Err(PathProblem::Character(bad));
    }
    let stem = element.split('.').next().unwrap_or_default();
    if is_windows_name(stem) {
        return Err(PathProblem::WindowsName(stem.to_owned()));
    }
    if kind == PathKind::File {
        // Windows' short names matter only in import paths.
        return Ok(());
    }
    let digits = stem.rsplit_once('~').map(|(_, digits)| digits);
    if digits.is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit())) {
        return Err(PathProblem::ShortName);
    }
    Ok(())
}

/// Names that Windows keeps for devices, in any case.
fn is_windows_name(stem: &str) -> bool {
    // They have three or four letters.
    if !matches!(stem.len(), 3 | 4) {
        return false;
    }
    let upper = stem.to_ascii_uppercase();
    match upper.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" => true,
        _ => {
            let port = upper.strip_prefix("COM").or_else(|| upper.strip_prefix("LPT"));
            matches!(port, Some("1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9"))
        }
    }
}

/// Splits `example.com/a/v2` into (`example.com/a`, `/v2`) and `gopkg.in/yaml.v3` into (`gopkg.in/yaml`, `.v3`); the
/// second part is empty where there is no major version (`module.SplitPathVersion`).
///
/// `None` for suffixes that no module may have: `/v1`, `/v0`, `/v02`, `/v1.2`, and `gopkg.in` paths without `.vN`.
pub fn split_path_version(path: &str) -> Option<(&str, &str)> {
    if path.starts_with("gopkg.in/") {
        let stable = path.strip_suffix("-unstable").unwrap_or(path);
        let bare = stable.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = stable.get(bare.len()..)?;
        let prefix = bare.strip_suffix(".v")?;
        // Go looks at the whole ".v2-unstable": so ".v0-unstable" is not the ".v0" that may begin with a zero, and
        // ".v-unstable" is long enough.
        let good = if stable.len() == path.len() {
            digits == "0" || !(digits.is_empty() || digits.starts_with('0'))
        } else {
            !digits.starts_with('0')
        };
        return if good { path.split_at_checked(prefix.len()) } else { None };
    }
    let bare = path.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let digits = path.get(bare.len()..)?;
    let Some(prefix) = bare.strip_suffix("/v") else { return Some((path, "")) };
    if digits.is_empty() {
        return Some((path, ""));
    }
    let bad = digits.contains('.') || digits.starts_with('0') || digits == "1";
    if bad { None } else { path.split_at_checked(prefix.len()) }
}

/// Whether a version may be one of a module whose path has this major version part: `""`, `/v2` or `.v2`
/// (`module.MatchPathMajor`).
pub fn match_path_major(version: &str, path_major: &str) -> bool {
    check_path_major(version, path_major).is_ok()
}

/// Like [`match_path_major`].
///
/// # Errors
/// What the version should be.
pub fn check_path_major(version: &str, path_major: &str) -> Result<(), MajorError> {
    let mut path_major = path_major;
    if path_major.starts_with(".v") {
        path_major = path_major.strip_suffix("-unstable").unwrap_or(path_major);
    }
    // An old bug made such pseudo-versions for gopkg.in/check.v1.
    if version.starts_with("v0.0.0-") && path_major == ".v1" {
        return Ok(());
    }
    let major = semver::major(version).unwrap_or_default();
    let wanted = path_major.strip_prefix(['/', '.']).unwrap_or(path_major);
    let good = if path_major.is_empty() {
        matches!(major, "v0" | "v1") || semver::build(version) == Some("+incompatible")
    } else {
        major == wanted && wanted.len() < path_major.len()
    };
    if good {
        return Ok(());
    }
    let wanted = if wanted.is_empty() { "v0 or v1" } else { wanted };
    Err(MajorError {
        version: version.to_owned(),
        wanted: wanted.to_owned(),
        major: major.to_owned(),
    })
}

/// A version that does not go with its module path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("version {} invalid: should be {wanted}, not {major}", quote(.version))]
pub struct MajorError {
    /// The version.
    pub version: String,
    /// What the path asks for: `v2`, or `v0 or v1`.
    pub wanted: String,
    /// The major version of `version`.
    pub major: String,
}

/// The canonical form of a version, with `+incompatible` kept (`module.CanonicalVersion`).
pub fn canonical_version(version: &str) -> Option<String> {
    let canonical = semver::canonical(version)?;
    let build = semver::build(version).filter(|build| *build == "+incompatible");
    Some(format!("{canonical}{}", build.unwrap_or_default()))
}

/// The name of the module in the module cache and on proxies: `github.com/Azure` → `github.com/!azure`.
///
/// # Errors
/// It is no module path.
pub fn escape(path: &str) -> Result<String, PathError> {
    check(path)?;
    Ok(escape_upper(path))
}

/// The module path of an escaped one; `None` if there is none (`module.UnescapePath`).
pub fn unescape(escaped: &str) -> Option<String> {
    let path = unescape_upper(escaped)?;
    check(&path).is_ok().then_some(path)
}

/// The name of a version in the module cache and on proxies; `None` if no file could have it (`module.EscapeVersion`).
pub fn escape_version(version: &str) -> Option<String> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"#$%&()+,-.=@[]^_{}~ ".contains(&b);
    let dots = version.bytes().all(|b| b == b'.');
    let stem = version.split('.').next().unwrap_or_default();
    let good = !version.is_empty()
        && !dots
        && !version.ends_with('.')
        && version.bytes().all(allowed)
        && !is_windows_name(stem);
    good.then(|| escape_upper(version))
}

fn escape_upper(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_uppercase() {
            escaped.push('!');
        }
        escaped.push(c.to_ascii_lowercase());
    }
    escaped
}

fn unescape_upper(escaped: &str) -> Option<String> {
    let mut text = String::with_capacity(escaped.len());
    let mut chars = escaped.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '!' => chars.next().filter(char::is_ascii_lowercase)?.to_ascii_uppercase(),
            _ if c.is_ascii_uppercase() || !c.is_ascii() => return None,
            _ => c,
        });
    }
    Some(text)
}

/// Whether a module is covered by a list such as `GOPRIVATE` (`module.MatchPrefixPatterns`).
///
/// Each comma-separated pattern is matched ([`crate::glob`]) against as many leading elements of the path as it has
/// itself, so `example.com/a` covers `example.com/a/b`. Empty and malformed patterns are passed over.
pub fn match_prefix_patterns(patterns: &str, path: &str) -> bool {
    patterns.split(',').any(|pattern| match_prefix(pattern, path))
}

fn match_prefix(pattern: &str, path: &str) -> bool {
    let pattern = pattern.strip_suffix('/').unwrap_or(pattern);
    if pattern.is_empty() {
        return false;
    }
    let slashes = pattern.matches('/').count();
    let prefix = match path.match_indices('/').nth(slashes) {
        Some((end, _)) => path.get(..end).unwrap_or(path),
        None if path.matches('/').count() < slashes => return false,
        None => path,
    };
    crate::glob::matches(pattern, prefix).unwrap_or(false)
}
