//! Records: a number, some lines, a blank line.

use super::Error;

/// An answer to a lookup, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// The place of the record in the log. Go reads any `int64`, so it may be negative here.
    pub id: i64,
    /// The lines of the record, of go.sum form.
    pub text: &'a str,
    /// What follows the blank line: a signed tree head.
    pub rest: &'a [u8],
}

/// A record as the server sends it (`tlog.FormatRecord`).
///
/// # Errors
/// [`Error::MalformedRecord`]: the text holds control characters or a blank line, or does not end its last line.
pub fn format_record(id: i64, text: &str) -> Result<String, Error> {
    if is_text(text) { Ok(format!("{id}\n{text}\n")) } else { Err(Error::MalformedRecord) }
}

/// Reads a record at the start of `message` (`tlog.ParseRecord`).
///
/// # Errors
/// [`Error::MalformedRecord`]
pub fn parse_record(message: &[u8]) -> Result<Record<'_>, Error> {
    parse(message).ok_or(Error::MalformedRecord)
}

fn parse(message: &[u8]) -> Option<Record<'_>> {
    let end = message.iter().position(|b| *b == b'\n')?;
    // Both languages take a sign and leading zeros.
    let id = std::str::from_utf8(message.get(..end)?).ok()?.parse().ok()?;
    let lines = message.get(end + 1..)?;
    let end = lines.windows(2).position(|pair| pair == b"\n\n")?;
    let text = std::str::from_utf8(lines.get(..=end)?).ok()?;
    is_text(text).then_some(Record { id, text, rest: lines.get(end + 2..)? })
}

/// `tlog.isValidRecordText`; UTF-8 it is already.
fn is_text(text: &str) -> bool {
    let control = |b: u8| b < 0x20 && b != b'\n';
    text.ends_with('\n') && !text.contains("\n\n") && !text.bytes().any(control)
}
