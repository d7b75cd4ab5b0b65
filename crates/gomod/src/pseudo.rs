//! Pseudo-versions: names for commits without a tag (`module/pseudo.go`).
//!
//! There are three forms: `v0.0.0-TIME-REV` without an earlier tag, `v1.2.4-0.TIME-REV` behind the tag `v1.2.3`, and
//! `v1.2.3-pre.0.TIME-REV` behind `v1.2.3-pre`. The last two may have `+incompatible`.

use crate::semver;
use crate::text::quote;

/// The parts of a pseudo-version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pseudo<'a> {
    /// In front of the time, without the separator: `v0.0.0`, `v1.2.4-0` or `v1.2.3-pre.0`.
    stem: &'a str,
    /// When the commit was made, in UTC, as 14 digits: `20240102150405`. See [`Pseudo::time`].
    pub timestamp: &'a str,
    /// The revision, usually the first 12 digits of a commit hash.
    pub rev: &'a str,
    /// `+incompatible` or nothing.
    pub build: &'a str,
}

/// A time in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// 0 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

/// RFC 3339: `2024-01-02T15:04:05Z`.
impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { year, month, day, hour, minute, second } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// Why a pseudo-version cannot be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("pseudo-version {} invalid: {problem}", quote(.version))]
pub struct PseudoError {
    /// The version.
    pub version: String,
    /// What is wrong with it.
    pub problem: PseudoProblem,
}

/// What is wrong with a pseudo-version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PseudoProblem {
    /// It is none.
    #[error("syntax error")]
    Syntax,
    /// The time does not exist: the 30th of February.
    #[error("malformed time {}", quote(.0))]
    Time(String),
    /// `v2.0.0-TIME-REV+incompatible`
    #[error("lacks base version, but has build metadata {}", quote(.0))]
    NoBase(String),
    /// `v1.0.0-0.TIME-REV`: there is no tag before v1.0.0.
    #[error("version before {0} would have negative patch number")]
    NegativePatch(String),
}

/// Whether `version` is a pseudo-version (`module.IsPseudoVersion`).
pub fn is_pseudo(version: &str) -> bool {
    parse(version).is_some()
}

/// The parts of a pseudo-version; `None` if it is none.
pub fn parse(version: &str) -> Option<Pseudo<'_>> {
    let build = semver::build(version)?;
    let bare = version.strip_suffix(build)?;
    let (head, rev) = bare.rsplit_once('-')?;
    if rev.is_empty() || !rev.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let (front, timestamp) = head.split_at_checked(head.len().checked_sub(14)?)?;
    if !timestamp.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // What is in front of the first hyphen is `vMAJOR.MINOR.PATCH`, as the version is valid.
    let (numbers, between) = front.split_once('-')?;
    let good = match between {
        "" => numbers.ends_with(".0.0"),
        "0." => true,
        _ => between.ends_with(".0."),
    };
    let stem = front.strip_suffix(['-', '.'])?;
    good.then_some(Pseudo { stem, timestamp, rev, build })
}

impl Pseudo<'_> {
    /// The time of the commit; `None` if there is no such day or hour (`module.PseudoVersionTime`).
    pub fn time(&self) -> Option<Timestamp> {
        let part = |from: usize, to: usize| self.timestamp.get(from..to)?.parse::<u8>().ok();
        let time = Timestamp {
            year: self.timestamp.get(..4)?.parse().ok()?,
            month: part(4, 6)?,
            day: part(6, 8)?,
            hour: part(8, 10)?,
            minute: part(10, 12)?,
            second: part(12, 14)?,
        };
        let every = |years: u16| time.year.is_multiple_of(years);
        let leap = every(4) && (!every(100) || every(400));
        let days = match time.month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => 0,
        };
        let good = (1..=days).contains(&time.day)
            && time.hour < 24
            && time.minute < 60
            && time.second < 60;
        good.then_some(time)
    }
}

/// The time of a pseudo-version (`module.PseudoVersionTime`).
///
/// # Errors
/// It is no pseudo-version, or there is no such time.
pub fn time(version: &str) -> Result<Timestamp, PseudoError> {
    let pseudo = parse(version).ok_or_else(|| error(version, PseudoProblem::Syntax))?;
    let malformed = || PseudoProblem::Time(pseudo.timestamp.to_owned());
    pseudo.time().ok_or_else(|| error(version, malformed()))
}

/// The revision of a pseudo-version (`module.PseudoVersionRev`).
///
/// # Errors
/// It is no pseudo-version.
pub fn rev(version: &str) -> Result<&str, PseudoError> {
    parse(version).map(|one| one.rev).ok_or_else(|| error(version, PseudoProblem::Syntax))
}

/// The tag before the commit; empty if there is none (`module.PseudoVersionBase`).
///
/// # Errors
/// It is no pseudo-version, or there can be no such tag.
pub fn base(version: &str) -> Result<String, PseudoError> {
    let Some(Pseudo { stem, build, .. }) = parse(version) else {
        return Err(error(version, PseudoProblem::Syntax));
    };
    match stem.split_once('-') {
        None if build.is_empty() => Ok(String::new()),
        None => Err(error(version, PseudoProblem::NoBase(build.to_owned()))),
        Some((numbers, "0")) => {
            let (front, patch) = numbers.rsplit_once('.').unwrap_or_default();
            let patch = decrement(patch)
                .ok_or_else(|| error(version, PseudoProblem::NegativePatch(numbers.to_owned())))?;
            Ok(format!("{front}.{patch}{build}"))
        }
        Some(_) => Ok(format!("{}{build}", stem.strip_suffix(".0").unwrap_or(stem))),
    }
}

fn error(version: &str, problem: PseudoProblem) -> PseudoError {
    PseudoError { version: version.to_owned(), problem }
}

/// The pseudo-version of a commit (`module.PseudoVersion`): `major` is `v1`, or empty for `v0`; `older` is the tag before
/// it, or empty; `timestamp` is 14 digits.
pub fn of(major: &str, older: &str, timestamp: &str, rev: &str) -> String {
    let build = semver::build(older).unwrap_or_default();
    let Some(older) = semver::canonical(older) else {
        let major = if major.is_empty() { "v0" } else { major };
        return format!("{major}.0.0-{timestamp}-{rev}");
    };
    if older.contains('-') {
        return format!("{older}.0.{timestamp}-{rev}{build}");
    }
    let (front, patch) = older.rsplit_once('.').unwrap_or_default();
    format!("{front}.{}-0.{timestamp}-{rev}{build}", increment(patch))
}

/// A placeholder, without time and revision (`module.ZeroPseudoVersion`).
pub fn zero(major: &str) -> String {
    of(major, "", "00010101000000", "000000000000")
}

/// Whether it is such a placeholder (`module.IsZeroPseudoVersion`).
pub fn is_zero(version: &str) -> bool {
    version == zero(semver::major(version).unwrap_or_default())
}

/// A decimal number of any length, plus one.
fn increment(decimal: &str) -> String {
    let bare = decimal.trim_end_matches('9');
    let zeros = "0".repeat(decimal.len() - bare.len());
    match bare.as_bytes().split_last() {
        Some((last, front)) => {
            let front = std::str::from_utf8(front).unwrap_or_default();
            format!("{front}{}{zeros}", char::from(last.saturating_add(1)))
        }
        None => format!("1{zeros}"),
    }
}

/// A decimal number of any length, minus one; `None` for zero.
fn decrement(decimal: &str) -> Option<String> {
    let bare = decimal.trim_end_matches('0');
    let nines = "9".repeat(decimal.len() - bare.len());
    let (last, front) = bare.as_bytes().split_last()?;
    let front = std::str::from_utf8(front).ok()?;
    let digit = match char::from(last.saturating_sub(1)) {
        '0' if front.is_empty() && !nines.is_empty() => String::new(),
        digit => digit.to_string(),
    };
    Some(format!("{front}{digit}{nines}"))
}
