//! Go versions: `1.21`, `1.21rc2`, `1.21.0`, and toolchain names like `go1.24.11` (`internal/gover`, `go/version`,
//! `cmd/go/internal/gover`).
//!
//! From Go 1.21 on, `1.21` is the language, and it is less than `1.21rc1`, which is less than `1.21.0`. Before, `1.20`
//! was the first release itself: `1.20` equals `1.20.0`.

use crate::semver::{compare_number, number};
use std::cmp::Ordering;

/// The parts of a Go version, as decimal strings of any length.
///
/// The order of values is the order of versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GoVersion<'a> {
    /// The `1` of `1.21rc2`.
    pub major: &'a str,
    /// The `21` of `1.21rc2`.
    pub minor: &'a str,
    /// The `3` of `1.21.3`. `None` for a language version from 1.21 on and for pre-releases; "0" for `1.20` and older.
    pub patch: Option<&'a str>,
    /// `alpha`, `beta`, `rc` or another word; empty for a release.
    pub kind: &'a str,
    /// The `2` of `1.21rc2`; empty when there is none.
    pub pre: &'a str,
}

impl GoVersion<'_> {
    /// Whether this is the language (`1.21`) rather than a release.
    pub fn is_lang(&self) -> bool {
        self.patch.is_none() && self.kind.is_empty() && self.pre.is_empty()
    }
}

impl Ord for GoVersion<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        compare_number(self.major, other.major)
            .then_with(|| compare_number(self.minor, other.minor))
            .then_with(|| {
                compare_number(self.patch.unwrap_or_default(), other.patch.unwrap_or_default())
            })
            .then_with(|| self.kind.cmp(other.kind))
            .then_with(|| compare_number(self.pre, other.pre))
    }
}

impl PartialOrd for GoVersion<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Reads a version without `go`: `1`, `1.21`, `1.21.3`, `1.21rc2`. There are no pre-releases of patches.
pub fn parse(version: &str) -> Option<GoVersion<'_>> {
    let (major, rest) = number(version)?;
    let mut parts = GoVersion { major, minor: "0", patch: Some("0"), kind: "", pre: "" };
    if rest.is_empty() {
        return Some(parts);
    }
    let (minor, rest) = number(rest.strip_prefix('.')?)?;
    parts.minor = minor;
    if rest.is_empty() {
        parts.patch = compare_number(minor, "21").is_lt().then_some("0");
        return Some(parts);
    }
    if let Some(patch) = rest.strip_prefix('.') {
        let (patch, rest) = number(patch)?;
        parts.patch = Some(patch);
        return rest.is_empty().then_some(parts);
    }
    parts.patch = None;
    let end = rest.bytes().position(|b| b.is_ascii_digit()).unwrap_or(rest.len());
    let (kind, pre) = rest.split_at_checked(end)?;
    if kind.is_empty() || !kind.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    parts.kind = kind;
    if !pre.is_empty() {
        let (pre, rest) = number(pre)?;
        parts.pre = pre;
        return rest.is_empty().then_some(parts);
    }
    Some(parts)
}

/// Whether [`parse`] reads it.
pub fn is_valid(version: &str) -> bool {
    parse(version).is_some()
}

/// Compares versions without `go`. A malformed one is less than any other, and equal to another malformed one.
pub fn compare(left: &str, right: &str) -> Ordering {
    parse(left).cmp(&parse(right))
}

/// The language of a version: `1.21` of `1.21.3` and of `1.21rc2`, `1` of `1.0`.
pub fn lang(version: &str) -> Option<String> {
    let parts = parse(version)?;
    Some(match (parts.major, parts.minor) {
        ("1", "0") => "1".to_owned(),
        (major, minor) => format!("{major}.{minor}"),
    })
}

/// Whether `version` names a language rather than a release: `1.21`, but not `1.20` or `1.21.0`.
pub fn is_lang(version: &str) -> bool {
    parse(version).is_some_and(|parts| parts.is_lang())
}

/// The version of a toolchain's name: `1.24.11` of `go1.24.11` and of `go1.24.11-bigcorp`.
///
/// `None` for `default`, `local` and for whatever holds a path separator, which the go command refuses to look up.
pub fn of_toolchain(name: &str) -> Option<&str> {
    if name.contains(['/', '\\']) {
        return None;
    }
    let version = name.strip_prefix("go")?;
    let version = version.split([' ', '\t', '-']).next()?;
    is_valid(version).then_some(version)
}

/// Compares what a `go` or `toolchain` directive may say: `1.24.0` with `go1.24.11`. What is neither is the least.
pub fn compare_toolchains(left: &str, right: &str) -> Ordering {
    let version = |name| if is_valid(name) { Some(name) } else { of_toolchain(name) };
    version(left).and_then(parse).cmp(&version(right).and_then(parse))
}

/// What a `go` directive may hold: the regular expression `GoVersionRE` of `modfile`, looser than [`parse`].
pub(crate) fn is_directive(version: &str) -> bool {
    directive(version).is_some()
}

fn directive(version: &str) -> Option<()> {
    let (major, rest) = number(version)?;
    let (_, mut rest) = number(rest.strip_prefix('.')?)?;
    if let Some(patch) = rest.strip_prefix('.') {
        (_, rest) = number(patch)?;
    }
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let pre_release = digits.len() < rest.len()
        && !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit());
    (major != "0" && (rest.is_empty() || pre_release)).then_some(())
}

/// What the go command makes of a dependency's malformed `go` directive: `1.20` of `v1.20.x` (`laxGoVersionRE`).
pub(crate) fn lax_directive(version: &str) -> Option<&str> {
    let bare = version.strip_prefix('v').unwrap_or(version);
    let (major, rest) = number(bare)?;
    let (_, rest) = number(rest.strip_prefix('.')?)?;
    let good = major != "0" && !rest.is_empty();
    if good { bare.strip_suffix(rest) } else { None }
}

/// What a `toolchain` directive may hold (`ToolchainRE` of `modfile`).
pub(crate) fn is_toolchain_directive(name: &str) -> bool {
    let rest = name.strip_prefix("go1");
    name == "default" || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
