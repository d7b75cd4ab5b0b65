//! Lines inside of a line: what a command wrote, printed by another program as one string.
//!
//! Ansible, docker's JSON log files, HTTP APIs and loggers leave the ends of lines escaped, and put
//! the whole into quotes.

use std::ops::Range;

/// Whether the text holds other lines.
pub(crate) fn holds_lines(text: &[u8]) -> bool {
    text.starts_with(b"{\"log\":\"")
        || memchr::memchr_iter(b'\\', text).any(|at| text.get(at + 1) == Some(&b'n'))
}

/// Gives each line inside of the text, with its escapes undone, and where it stands in the text.
pub(crate) fn pieces(text: &[u8], each: &mut dyn FnMut(Range<usize>, &[u8])) {
    let mut piece = Vec::with_capacity(text.len());
    let quoted = holds_fields(text);
    let mut bytes = text.iter().copied().peekable();
    let mut start = 0;
    let mut give = |piece: &mut Vec<u8>, rest: usize, end: usize| {
        let behind = text.len() - rest;
        if !piece.is_empty() {
            each(start..behind.saturating_sub(end), piece);
        }
        piece.clear();
        start = behind;
    };
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if quoted => give(&mut piece, bytes.len(), 1),
            b'\\' => match bytes.next() {
                Some(b'n') => give(&mut piece, bytes.len(), 2),
                Some(b't') => piece.push(b'\t'),
                Some(b'r') | None => {}
                Some(b'u') => unicode(&mut bytes, &mut piece),
                // A string inside of a string is escaped twice.
                Some(b'\\') if bytes.peek() == Some(&b'n') => {
                    bytes.next();
                    give(&mut piece, bytes.len(), 3);
                }
                Some(letter @ (b'"' | b'\'' | b'\\' | b'/')) => piece.push(letter),
                // A path of Windows that nobody escaped.
                Some(other) => piece.extend([b'\\', other]),
            },
            _ => piece.push(byte),
        }
    }
    give(&mut piece, 0, 0);
}

/// Whether quotes end a value: `{"stderr": "…"}`, `msg="…"`.
fn holds_fields(text: &[u8]) -> bool {
    [b"\": \"".as_slice(), b"\":\"", b"=\"", b"\", \""]
        .iter()
        .any(|word| memchr::memmem::find(text, word).is_some())
}

/// `\u001b`: the four digits of a letter; what is none stays as it is.
fn unicode(bytes: &mut std::iter::Peekable<impl Iterator<Item = u8>>, piece: &mut Vec<u8>) {
    let mut digits = Vec::with_capacity(4);
    while digits.len() < 4
        && let Some(digit) = bytes.next_if(u8::is_ascii_hexdigit)
    {
        digits.push(digit);
    }
    let code = std::str::from_utf8(&digits).ok().filter(|digits| digits.len() == 4);
    let letter = code.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
    match letter {
        Some(letter) => piece.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        None => {
            piece.extend(*b"\\u");
            piece.extend(digits);
        }
    }
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
            ["{", "stderr", ": ", "\u{1b}[31m# m", "./a.go:1:2: x\t\"y\"", ", ", "rc", ": 1}"]
        );
        assert_eq!(of(r#"{"log":"go: x","stream":"stderr"}"#)[3], "go: x");
        assert_eq!(of(r##"level=error msg="# m\ngo: x""##)[2], "go: x");
        assert_eq!(of(r"err: exec: \n\u12 D:\src\x \"), ["err: exec: ", r"\u12 D:\src\x "]);
        assert_eq!(of(r##"b"# m\ngcc: error: 'x'""##), ["b\"# m", "gcc: error: 'x'\""]);
    }
}
