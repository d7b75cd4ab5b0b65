//! What a value looks like: a date, a path, a hash, a version. For the reader, who then knows where to look.

use serde::Serialize;

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// A date, or a time of day.
    Date,
    /// Seconds or finer since 1970, of this century.
    Epoch,
    /// A path of a file.
    Path,
    /// A hexadecimal or base64 digest.
    Hash,
    /// A version.
    Version,
    /// Anything else.
    Text,
}

impl Look {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Epoch => "epoch",
            Self::Path => "path",
            Self::Hash => "hash",
            Self::Version => "version",
            Self::Text => "text",
        }
    }
}

/// Looks at both values: what both look like, else what the second does.
pub fn look_of(a: &[u8], b: &[u8]) -> Look {
    let (first, second) = (look(a), look(b));
    if second == Look::Text || a == b { first } else { second }
}

fn look(value: &[u8]) -> Look {
    let Ok(text) = std::str::from_utf8(value) else { return Look::Text };
    let text = text.trim();
    if text.is_empty() || text.len() > 4096 {
        return Look::Text;
    }
    if has_date(text) {
        return Look::Date;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse().is_ok_and(is_epoch) {
        return Look::Epoch;
    }
    let hex = text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    if hex && digits && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        || text.starts_with("sha256:")
        || text.starts_with("h1:")
    {
        return Look::Hash;
    }
    let windows = text.as_bytes().get(1..3) == Some(b":\\");
    if (text.starts_with('/') && text.len() > 1 || windows) && !text.contains(['\n', ' ']) {
        return Look::Path;
    }
    let version = text.strip_prefix("go").unwrap_or(text);
    let version = version.strip_prefix('v').unwrap_or(version);
    if version.split('.').count() >= 2
        && version.len() < 64
        && version.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
        && !version.contains(' ')
    {
        return Look::Version;
    }
    Look::Text
}

/// Whether a number may be a time of 2001 to 2099: in seconds, milliseconds, microseconds or nanoseconds.
pub(crate) fn is_epoch(number: u64) -> bool {
    const SECONDS: std::ops::Range<u64> = 978_307_200..4_102_444_800;
    [1, 1_000, 1_000_000, 1_000_000_000].iter().any(|unit| {
        SECONDS.contains(&(number / unit)) && (*unit == 1 || number / unit >= SECONDS.start)
    })
}

/// `2026-01-02`, `15:04:05`, `Jan  2 2026`, `Mon Jan  2`.
fn has_date(text: &str) -> bool {
    const MONTHS: &[&str] =
        &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let bytes = text.as_bytes();
    let shaped = |window: &[u8], shape: &[u8]| {
        window.iter().zip(shape).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            other => byte == other,
        })
    };
    let any = |shape: &[u8]| bytes.windows(shape.len()).any(|window| shaped(window, shape));
    if any(b"0000-00-00") || any(b"00:00:00") || any(b"0000/00/00") {
        return true;
    }
    MONTHS.iter().any(|month| {
        text.find(month).is_some_and(|at| {
            let day = text.get(at + 3..at + 6).map(str::trim).unwrap_or_default();
            !day.is_empty() && day.bytes().all(|byte| byte.is_ascii_digit())
        })
    })
}

/// A value for a line of evidence: in quotes where it is text, short, and without a terminal's control characters.
pub(crate) fn shown(value: &[u8]) -> String {
    const MAX: usize = 80;
    let text = String::from_utf8_lossy(value.get(..MAX * 4).unwrap_or(value));
    let printable =
        text.chars().filter(|letter| letter.is_control() || *letter == '\u{fffd}').count();
    if printable * 4 > text.chars().count() {
        return format!("{} bytes", value.len());
    }
    let mut short: String = text.escape_debug().take(MAX).collect();
    if text.escape_debug().count() > MAX || value.len() > MAX * 4 {
        short.push('…');
    }
    format!("\"{short}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_recognised() {
        for (value, expected) in [
            ("2026-01-02T03:04:05Z", Look::Date),
            ("Jan  2 2026", Look::Date),
            ("Mon Jan 2 15:04:05 UTC 2026", Look::Date),
            ("1767323045", Look::Epoch),
            ("1767323045123", Look::Epoch),
            ("12", Look::Text),
            ("/home/x/src", Look::Path),
            ("C:\\src\\x", Look::Path),
            ("9fceb02d0ae598e95dc970b74767f19372d61af8", Look::Hash),
            ("v1.2.3-rc1", Look::Version),
            ("go1.26.8", Look::Version),
            ("hello", Look::Text),
            ("", Look::Text),
        ] {
            assert_eq!(look(value.as_bytes()), expected, "{value}");
        }
    }

    #[test]
    fn what_is_shown_cannot_harm_a_terminal() {
        assert_eq!(shown(b"a\x1b[31m"), "\"a\\u{1b}[31m\"");
        assert_eq!(shown(&[0; 9]), "9 bytes");
        assert!(shown("x".repeat(1000).as_bytes()).len() < 120);
    }
}
