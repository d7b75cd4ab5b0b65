//! Go's string literals: strconv.

use crate::text::{lossy, slice, tail};

/// `strconv.Unquote` of a prefix of the text that is a string literal, and how long that is: `strconv.QuotedPrefix`.
/// None if there is none.
pub(crate) fn unquote_prefix(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    match text.first()? {
        b'`' => {
            let end = memchr::memchr(b'`', tail(text, 1))? + 1;
            let raw = slice(text, 1, end).iter().copied().filter(|byte| *byte != b'\r');
            Some((raw.collect(), end + 1))
        }
        b'"' => interpreted(text),
        _ => None,
    }
}

/// `strconv.Unquote` of a whole string literal.
pub(crate) fn unquote(text: &[u8]) -> Option<Vec<u8>> {
    unquote_prefix(text).filter(|(_, length)| *length == text.len()).map(|(value, _)| value)
}

fn interpreted(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut value = Vec::new();
    let mut at = 1;
    loop {
        let rest = tail(text, at);
        match rest.first()? {
            b'"' => return Some((value, at + 1)),
            b'\n' => return None,
            b'\\' => at += escape(rest, &mut value)?,
            _ => {
                let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\n' | b'\\'))?;
                // A byte that is no UTF-8 becomes a whole U+FFFD.
                match slice(rest, 0, end) {
                    text if text.is_ascii() => value.extend_from_slice(text),
                    text => value.extend_from_slice(lossy(text).as_bytes()),
                }
                at += end;
            }
        }
    }
}

/// The escape sequence at the start of the text: `strconv.UnquoteChar`. How long it is.
fn escape(text: &[u8], value: &mut Vec<u8>) -> Option<usize> {
    let simple = match text.get(1)? {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        byte @ (b'\\' | b'"') => *byte,
        b'x' => {
            value.push(u8::try_from(number(text.get(2..4)?, 16)?).ok()?);
            return Some(4);
        }
        b'0'..=b'7' => {
            value.push(u8::try_from(number(text.get(1..4)?, 8)?).ok()?);
            return Some(4);
        }
        kind @ (b'u' | b'U') => {
            let length = if *kind == b'u' { 6 } else { 10 };
            let c = char::from_u32(number(text.get(2..length)?, 16)?)?;
            value.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(length);
        }
        _ => return None,
    };
    value.push(simple);
    Some(2)
}

fn number(digits: &[u8], base: u32) -> Option<u32> {
    digits.iter().try_fold(0_u32, |value, digit| {
        Some(value.wrapping_mul(base).wrapping_add(char::from(*digit).to_digit(base)?))
    })
}
