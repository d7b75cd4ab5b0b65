//! Go's string literals.

/// The text of a literal with its quotes (`strconv.Unquote`); `None` where it is none.
pub(crate) fn unquote(literal: &[u8]) -> Option<String> {
    let (quote, inner) = (literal.first()?, literal.get(1..literal.len().checked_sub(1)?)?);
    if literal.len() < 2 || literal.last() != Some(quote) {
        return None;
    }
    match quote {
        b'`' => {
            let bytes: Vec<u8> = inner.iter().copied().filter(|byte| *byte != b'\r').collect();
            (!inner.contains(&b'`')).then(|| String::from_utf8_lossy(&bytes).into_owned())
        }
        b'"' => {
            if inner.contains(&b'\n') {
                return None;
            }
            if !inner.contains(&b'\\') {
                return (!inner.contains(&b'"'))
                    .then(|| String::from_utf8_lossy(inner).into_owned());
            }
            unescape(inner)
        }
        _ => None,
    }
}

/// The length of the literal that a text begins with (`strconv.QuotedPrefix`).
pub(crate) fn quoted_prefix(text: &[u8]) -> Option<usize> {
    let quote = *text.first()?;
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        match *byte {
            byte if byte == quote => return Some(at + 1),
            b'\\' if quote == b'"' => at += 2,
            b'\n' if quote == b'"' => return None,
            _ => at += 1,
        }
    }
    None
}

fn unescape(inner: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((byte, after)) = rest.split_first() {
        if *byte == b'"' {
            return None;
        }
        if *byte != b'\\' {
            bytes.push(*byte);
            rest = after;
            continue;
        }
        let (kind, after) = after.split_first()?;
        rest = after;
        let simple = match kind {
            b'a' => 7,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 11,
            b'\\' | b'"' => *kind,
            b'x' => {
                let (value, after) = number(rest, 2, 16)?;
                rest = after;
                u8::try_from(value).ok()?
            }
            b'0'..=b'7' => {
                let from = inner.len() - rest.len() - 1;
                let (value, after) = number(inner.get(from..)?, 3, 8)?;
                rest = after;
                u8::try_from(value).ok()?
            }
            b'u' | b'U' => {
                let digits = if *kind == b'u' { 4 } else { 8 };
                let (value, after) = number(rest, digits, 16)?;
                rest = after;
                let c = char::from_u32(value)?;
                bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            _ => return None,
        };
        bytes.push(simple);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn number(text: &[u8], digits: usize, radix: u32) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_at_checked(digits)?;
    let digits = std::str::from_utf8(digits).ok()?;
    let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    Some((u32::from_str_radix(digits, radix).ok().filter(|_| plain)?, rest))
}
