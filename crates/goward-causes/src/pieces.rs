//! Lines inside of a line: what a command wrote, printed by another program as one string.
//!
//! Ansible, docker's JSON log files, HTTP APIs and loggers leave the ends of lines escaped, and put
//! the whole into quotes.

use std::ops::Range;

/// Whether the text holds other lines.
pub(crate) fn holds_lines(text: &[u8]) -> bool {
    text.starts_with(b"{\"")
        || memchr::memchr_iter(b'\\', text).any(|at| text.get(at + 1) == Some(&b'n'))
}

/// Gives each line inside of the text, with its escapes undone, and where it stands in the text.
pub(crate) fn pieces(text: &[u8], each: &mut dyn FnMut(Range<usize>, &[u8])) {
    let mut piece = Vec::with_capacity(text.len());
    let quoted = holds_fields(text);
    let (mut start, mut at) = (0, 0);
    let mut give = |piece: &mut Vec<u8>, end: usize, next: usize| {
        // What is between two values tells nothing.
        if piece.len() > 3 && !(quoted && matches!(piece.first(), Some(b':' | b','))) {
            each(start..end, piece);
        }
        piece.clear();
        start = next;
    };
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = memchr::memchr2(b'\\', if quoted { b'"' } else { b'\\' }, rest);
        let plain = plain.unwrap_or(rest.len());
        piece.extend_from_slice(rest.get(..plain).unwrap_or_default());
        at += plain;
        match rest.get(plain..).unwrap_or_default() {
            [b'"', ..] => {
                give(&mut piece, at, at + 1);
                at += 1;
            }
            [b'\\', b'n', ..] => {
                give(&mut piece, at, at + 2);
                at += 2;
            }
            // A string inside of a string is escaped twice.
            [b'\\', b'\\', b'n', ..] => {
                give(&mut piece, at, at + 3);
                at += 3;
            }
            [b'\\', b'u', digits @ ..] => match unicode(digits) {
                Some(letter) => {
                    piece.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                    at += 6;
                }
                None => {
                    piece.extend(*b"\\u");
                    at += 2;
                }
            },
            [b'\\', letter, ..] => {
                match letter {
                    b't' => piece.push(b'\t'),
                    b'r' => {}
                    b'"' | b'\'' | b'\\' | b'/' => piece.push(*letter),
                    // A path of Windows that nobody escaped.
                    _ => piece.extend([b'\\', *letter]),
                }
                at += 2;
            }
            [_, ..] => at += 1,
            [] => {}
        }
    }
    give(&mut piece, text.len(), text.len());
}

/// Whether quotes end a value: `{"stderr": "…"}`, `msg="…"`.
fn holds_fields(text: &[u8]) -> bool {
    memchr::memchr_iter(b'"', text).any(|at| {
        let before = text.get(at.saturating_sub(3)..at).unwrap_or_default();
        [&b"\": "[..], b"\":", b"=", b"\", "].iter().any(|word| before.ends_with(word))
    })
}

/// `\u001b`: the letter of the four digits.
fn unicode(digits: &[u8]) -> Option<char> {
    let digits = std::str::from_utf8(digits.get(..4)?).ok()?;
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        assert!(holds_lines(text.as_bytes()), "{text}");
        let mut all = vec![];
        pieces(text.as_bytes(), &mut |at, piece| {
            let piece = String::from_utf8_lossy(piece).into_owned();
            assert!(
                !text[at.clone()].contains("\\n")
                    && (text[at].contains('\\') || text.contains(&piece))
            );
            all.push(piece);
        });
        all
    }

    #[test]
    fn a_string_is_cut_at_the_ends_of_its_lines() {
        assert_eq!(
            of(r##"{"stderr": "\u001b[31m# m\n./a.go:1:2: x\t\"y\"", "rc": 1}"##),
            ["stderr", "\u{1b}[31m# m", "./a.go:1:2: x\t\"y\""]
        );
        assert_eq!(of(r#"{"log":"go: x","stream":"stderr"}"#)[0], "go: x");
        assert_eq!(of(r##"level=error msg="# m\ngo: x""##)[1], "go: x");
        assert_eq!(of(r"err: exec: \n\u12 D:\src\x \"), ["err: exec: ", r"\u12 D:\src\x "]);
        assert_eq!(of(r##"b"# m\ngcc: error: 'x'""##), ["b\"# m", "gcc: error: 'x'\""]);
    }
}
