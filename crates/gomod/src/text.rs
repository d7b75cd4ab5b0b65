//! Text as Go sees it: UTF-8 decoding, printable characters, and quoted strings (`unicode/utf8`, `strconv`).

use crate::{letter_table, print_table::EDGES};
use std::borrow::Cow;

/// Decodes as Go's `range` over a string does: each byte that is no part of a valid sequence becomes one U+FFFD.
///
/// (`String::from_utf8_lossy` makes one U+FFFD of a truncated sequence of several bytes, so its columns would differ.)
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    Cow::Owned(text)
}

/// `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols, and the ASCII space.
pub(crate) fn is_print(c: char) -> bool {
    if c.is_ascii() {
        return c == ' ' || c.is_ascii_graphic();
    }
    EDGES.partition_point(|edge| *edge <= u32::from(c)) % 2 == 1
}

/// `unicode.IsLetter`.
pub(crate) fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    letter_table::EDGES.partition_point(|edge| *edge <= u32::from(c)) % 2 == 1
}

/// `strconv.Quote`.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('"');
    for c in text.chars() {
        push_quoted(&mut out, c, '"');
    }
    out.push('"');
    out
}

/// `strconv.QuoteRune`.
pub(crate) fn quote_char(c: char) -> String {
    let mut out = String::from('\'');
    push_quoted(&mut out, c, '\'');
    out.push('\'');
    out
}

fn push_quoted(out: &mut String, c: char, delimiter: char) {
    let short = match c {
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{b}' => 'v',
        _ if c == delimiter || c == '\\' => c,
        _ if is_print(c) => return out.push(c),
        _ => {
            let code = u32::from(c);
            out.push_str(&match code {
                0..0x20 | 0x7f => format!("\\x{code:02x}"),
                ..0x1_0000 => format!("\\u{code:04x}"),
                _ => format!("\\U{code:08x}"),
            });
            return;
        }
    };
    out.push('\\');
    out.push(short);
}

/// [`unquote_bytes`], with U+FFFD for each byte that is no UTF-8, as in Go's JSON.
pub(crate) fn unquote(quoted: &str) -> Option<String> {
    let bytes = unquote_bytes(quoted)?;
    Some(String::from_utf8(bytes).unwrap_or_else(|err| decode(err.as_bytes()).into_owned()))
}

/// `strconv.Unquote` for a double-quoted string; `None` is its "invalid syntax".
///
/// Escapes may spell bytes that are no UTF-8.
pub(crate) fn unquote_bytes(quoted: &str) -> Option<Vec<u8>> {
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains(['\\', '"', '\n']) {
        return Some(inner.as_bytes().to_vec());
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' | '\n' => return None,
            '\\' => unescape(&mut rest, &mut bytes)?,
            _ => push_char(&mut bytes, c),
        }
    }
    Some(bytes)
}

/// `modfile.AutoQuote`: quoted, if it could not stand in a file as one word.
pub(crate) fn auto_quote(bytes: Vec<u8>) -> Vec<u8> {
    let text = decode(&bytes);
    let one = bytes.len() == 1;
    let splits = |c: char| match c {
        ' ' | '"' | '\'' | '`' => true,
        '(' | ')' | '[' | ']' | '{' | '}' | ',' => !one,
        _ => !is_print(c),
    };
    if !text.is_empty() && !text.contains(splits) && !text.contains("//") && !text.contains("/*") {
        return bytes;
    }
    let mut out = String::from('"');
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|c| push_quoted(&mut out, c, '"'));
        out.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    out.push('"');
    out.into_bytes()
}

fn push_char(bytes: &mut Vec<u8>, c: char) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// What follows a backslash (`strconv.UnquoteChar` with `"` as the quote, so `\'` is refused).
fn unescape(rest: &mut std::str::Chars<'_>, bytes: &mut Vec<u8>) -> Option<()> {
    let c = rest.next()?;
    match c {
        'a' => bytes.push(7),
        'b' => bytes.push(8),
        'f' => bytes.push(0xc),
        'n' => bytes.push(b'\n'),
        'r' => bytes.push(b'\r'),
        't' => bytes.push(b'\t'),
        'v' => bytes.push(0xb),
        '\\' | '"' => push_char(bytes, c),
        'x' => bytes.push(u8::try_from(digits(rest, 0, 2, 16)?).ok()?),
        'u' => push_char(bytes, char::from_u32(digits(rest, 0, 4, 16)?)?),
        'U' => push_char(bytes, char::from_u32(digits(rest, 0, 8, 16)?)?),
        '0'..='7' => bytes.push(u8::try_from(digits(rest, c.to_digit(8)?, 2, 8)?).ok()?),
        _ => return None,
    }
    Some(())
}

fn digits(rest: &mut std::str::Chars<'_>, first: u32, count: usize, radix: u32) -> Option<u32> {
    let mut value = first;
    for _ in 0..count {
        value = value.checked_mul(radix)?.checked_add(rest.next()?.to_digit(radix)?)?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_utf8_become_one_replacement_each() {
        assert_eq!(decode(b"a\xe4\xb8b\xff"), "a\u{fffd}\u{fffd}b\u{fffd}");
        assert_eq!(decode("中".as_bytes()), "中");
    }

    #[test]
    fn strings_unquote_as_in_go() {
        let cases: &[(&str, Option<&str>)] = &[
            (r#""""#, Some("")),
            (r#""a b""#, Some("a b")),
            (r#""\x41\102\u0043\U00000044""#, Some("ABCD")),
            (r#""\a\b\f\n\r\t\v\\\"""#, Some("\u{7}\u{8}\u{c}\n\r\t\u{b}\\\"")),
            (r#""\xe4\xb8\xad""#, Some("中")),
            (r#""\xff""#, Some("\u{fffd}")),
            (r#""\'""#, None),
            (r#""\400""#, None),
            (r#""\ud800""#, None),
            (r#""\U00110000""#, None),
            (r#""\x4""#, None),
            (r#""a"b""#, None),
            (r#"""#, None),
            ("\"a\\\nb\"", None),
        ];
        for (quoted, want) in cases {
            assert_eq!(unquote(quoted).as_deref(), *want, "{quoted}");
        }
    }

    #[test]
    fn quoting_escapes_what_go_escapes() {
        assert_eq!(
            quote("a\"\\\n\u{1}\u{7f}\u{feff}\u{e0001}é"),
            r#""a\"\\\n\x01\x7f\ufeff\U000e0001é""#
        );
        assert_eq!(quote_char('\''), r"'\''");
        assert_eq!(quote_char('"'), "'\"'");
    }
}
