//! Semantic versions with a leading `v` (`golang.org/x/mod/semver`).
//!
//! `v1` and `v1.2` are valid and mean `v1.0.0` and `v1.2.0`. Build metadata (`+incompatible`) does not take part in
//! comparisons. Numbers are compared as decimal strings, so none is too large.

use std::cmp::Ordering;

/// The parts of a valid version.
#[derive(Debug, Clone, Copy)]
struct Parts<'a> {
    major: &'a str,
    minor: &'a str,
    patch: &'a str,
    /// What is missing to the full form: `.0.0`, `.0` or nothing.
    short: &'a str,
    /// With its `-`.
    prerelease: &'a str,
    /// With its `+`.
    build: &'a str,
}

/// Whether `version` is `vMAJOR[.MINOR[.PATCH[-PRERELEASE][+BUILD]]]`.
pub fn is_valid(version: &str) -> bool {
    parse(version).is_some()
}

/// The full form without build metadata: `v1.2` → `v1.2.0`, `v2.0.0+incompatible` → `v2.0.0`.
pub fn canonical(version: &str) -> Option<String> {
    let parts = parse(version)?;
    let bare = version.strip_suffix(parts.build).unwrap_or(version);
    Some(format!("{bare}{}", parts.short))
}

/// `v1` of `v1.2.3`.
pub fn major(version: &str) -> Option<&str> {
    let parts = parse(version)?;
    version.get(..parts.major.len().saturating_add(1))
}

/// `v1.2` of `v1.2.3`, and `v1.0` of `v1`.
pub fn major_minor(version: &str) -> Option<String> {
    parse(version).map(|parts| format!("v{}.{}", parts.major, parts.minor))
}

/// The pre-release with its hyphen: `-rc.1` of `v1.2.3-rc.1`; empty when there is none.
pub fn prerelease(version: &str) -> Option<&str> {
    parse(version).map(|parts| parts.prerelease)
}

/// The build metadata with its plus sign: `+incompatible`; empty when there is none.
pub fn build(version: &str) -> Option<&str> {
    parse(version).map(|parts| parts.build)
}

/// Precedence. An invalid version is less than a valid one, and equal to another invalid one.
pub fn compare(left: &str, right: &str) -> Ordering {
    let (left, right) = match (parse(left), parse(right)) {
        (Some(left), Some(right)) => (left, right),
        (left, right) => return left.is_some().cmp(&right.is_some()),
    };
    compare_number(left.major, right.major)
        .then_with(|| compare_number(left.minor, right.minor))
        .then_with(|| compare_number(left.patch, right.patch))
        .then_with(|| compare_prerelease(left.prerelease, right.prerelease))
}

/// Decimal numbers without leading zeros, of any length.
pub(crate) fn compare_number(left: &str, right: &str) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// A decimal number without leading zeros, and what is behind it.
pub(crate) fn number(text: &str) -> Option<(&str, &str)> {
    let (number, rest) = split_while(text, |b| b.is_ascii_digit());
    let padded = number.len() > 1 && number.starts_with('0');
    (!number.is_empty() && !padded).then_some((number, rest))
}

fn split_while(text: &str, keep: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|b| !keep(b)).unwrap_or(text.len());
    // A byte that ends the run may be the middle of no character: `keep` accepts ASCII only.
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn parse(version: &str) -> Option<Parts<'_>> {
    let (major, rest) = number(version.strip_prefix('v')?)?;
    let mut parts =
        Parts { major, minor: "0", patch: "0", short: ".0.0", prerelease: "", build: "" };
    if rest.is_empty() {
        return Some(parts);
    }
    let (minor, rest) = number(rest.strip_prefix('.')?)?;
    (parts.minor, parts.short) = (minor, ".0");
    if rest.is_empty() {
        return Some(parts);
    }
    let (patch, rest) = number(rest.strip_prefix('.')?)?;
    (parts.patch, parts.short) = (patch, "");
    let plus = rest.find('+').unwrap_or(rest.len());
    (parts.prerelease, parts.build) = rest.split_at_checked(plus)?;
    if !parts.prerelease.is_empty() {
        let identifiers = parts.prerelease.strip_prefix('-')?;
        if !identifiers.split('.').all(|id| is_identifier(id) && !is_padded(id)) {
            return None;
        }
    }
    if !parts.build.is_empty() && !parts.build.strip_prefix('+')?.split('.').all(is_identifier) {
        return None;
    }
    Some(parts)
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn is_padded(text: &str) -> bool {
    is_number(text) && text.len() > 1 && text.starts_with('0')
}

/// Rule 11 of semver.org: a release is above its pre-releases; numbers are below words; more identifiers are above.
fn compare_prerelease(left: &str, right: &str) -> Ordering {
    match (left.strip_prefix('-'), right.strip_prefix('-')) {
        (Some(left), Some(right)) => {
            let (mut left, mut right) = (left.split('.'), right.split('.'));
            loop {
                let order = match (left.next(), right.next()) {
                    (None, None) => return Ordering::Equal,
                    (Some(left), Some(right)) => compare_identifier(left, right),
                    (left, right) => left.is_some().cmp(&right.is_some()),
                };
                if order.is_ne() {
                    return order;
                }
            }
        }
        (left, right) => right.is_some().cmp(&left.is_some()),
    }
}

fn compare_identifier(left: &str, right: &str) -> Ordering {
    match (is_number(left), is_number(right)) {
        (true, true) => compare_number(left, right),
        (false, false) => left.cmp(right),
        (left, right) => right.cmp(&left),
    }
}
