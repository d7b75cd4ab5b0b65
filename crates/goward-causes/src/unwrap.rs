//! A text that somebody wrapped: a mail, a terminal that was copied, PowerShell. Its lines are put together again.

use crate::prose::unquoted;

/// Nobody wraps at fewer letters.
const NARROWEST: usize = 70;

/// Nobody wraps at more.
const WIDEST: usize = 132;

/// The place of a line that was put together.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// 1-based, of its first part.
    pub(crate) line: u64,
    /// In bytes from the beginning.
    pub(crate) offset: u64,
    /// How long the first part is.
    pub(crate) length: usize,
}

/// The text with its lines put together, and where each was; none if there is nothing to put together.
pub(crate) fn unwrapped(text: &[u8]) -> Option<(Vec<u8>, Vec<Place>)> {
    let mut out = Vec::with_capacity(text.len());
    let mut places = vec![];
    let mut offset = 0;
    let mut before: Option<&[u8]> = None;
    let mut joined = false;
    for (raw, line) in text.split(|byte| *byte == b'\n').zip(1..) {
        let part = unquoted(raw.strip_suffix(b"\r").unwrap_or(raw));
        if before.is_some_and(|before| goes_on(before, part)) {
            joined = true;
            if out.last() != Some(&b' ') {
                out.push(b' ');
            }
            out.extend_from_slice(part.trim_ascii_start());
        } else {
            if before.is_some() {
                out.push(b'\n');
            }
            places.push(Place { line, offset, length: raw.len() });
            out.extend_from_slice(part);
        }
        offset += raw.len() as u64 + 1;
        before = Some(part);
    }
    joined.then_some((out, places))
}

/// What PowerShell wrote of a program's errors, put together: it tells them as records and wraps
/// those as wide as its window is; none if it wrapped nothing.
///
/// `    + CategoryInfo : …` fills the window where it is wrapped, and what follows of it is
/// indented (`ErrorRecord`'s view in Windows PowerShell 5.1). A word that is too long is cut; the
/// blank behind one that is not stays.
pub(crate) fn console(text: &[u8]) -> Option<(Vec<u8>, Vec<Place>)> {
    const INFO: &[u8] = b"    + CategoryInfo ";
    let at = memchr::memmem::find(text, INFO)
        .filter(|at| at.checked_sub(1).is_none_or(|at| text.get(at) == Some(&b'\n')))?;
    let mut lines = text.get(at..)?.split(|byte| *byte == b'\n');
    let bare = |line: &'_ [u8]| line.strip_suffix(b"\r").unwrap_or(line).len();
    let width = bare(lines.next()?);
    let more = lines.next()?;
    if !more.starts_with(b"  ") || more.starts_with(b"    + ") || width > WIDEST {
        return None;
    }
    let mut out = Vec::with_capacity(text.len());
    let mut places = vec![];
    let mut offset = 0;
    let mut goes_on = false;
    for (raw, line) in text.split(|byte| *byte == b'\n').zip(1..) {
        let part = raw.strip_suffix(b"\r").unwrap_or(raw);
        if !goes_on {
            if line > 1 {
                out.push(b'\n');
            }
            places.push(Place { line, offset, length: raw.len() });
        }
        out.extend_from_slice(part);
        goes_on = part.len() == width
            || part.len() < width && part.ends_with(b" ") && !part.trim_ascii().is_empty();
        offset += raw.len() as u64 + 1;
    }
    Some((out, places))
}

/// Whether the second line goes on with what the first says.
fn goes_on(first: &[u8], second: &[u8]) -> bool {
    let end = first.trim_ascii_end();
    // No tool tells a place alone.
    if is_place(end) && !second.trim_ascii().is_empty() {
        return true;
    }
    // What misses something tells what it is, in parentheses; an address has another behind it.
    let rest = second.trim_ascii_start();
    if end.ends_with(b" undefined") && rest.starts_with(b"(type ")
        || end.ends_with(b"\":") && rest.starts_with(b"dial ")
    {
        return true;
    }
    // Both are indented: they are quoted.
    let indent = first.iter().position(|byte| *byte != b' ').unwrap_or(0);
    let second = match second.get(..indent) {
        Some(blank) if blank.iter().all(|byte| *byte == b' ') => {
            second.get(indent..).unwrap_or(second)
        }
        _ => second,
    };
    // The next word had no room.
    let word = second.split(|byte| *byte == b' ').next().unwrap_or_default();
    // Nobody wraps inside of a word, however long it is.
    let narrow = first.len() <= WIDEST || !end.contains(&b' ');
    let full = first.len() >= 20 && narrow && first.len() + word.len() >= NARROWEST;
    // What a tool adds in a line of its own is indented: `have (int)`.
    let words = second.first().is_some_and(|byte| {
        byte.is_ascii_lowercase() || matches!(byte, b'"' | b'\'' | b'-' | b'(' | b'/' | b'=')
    });
    let other = second.first().is_some_and(u8::is_ascii_alphanumeric);
    let told = full && (words || other && end.last().is_some_and(|byte| !b".:;!?".contains(byte)))
        || end.ends_with(b":") && end.len() > 20 && words;
    told && !begins(second) && !is_same_column(first, second)
}

/// `x.go:12:3:`
fn is_place(line: &[u8]) -> bool {
    let Some(at) = memchr::memmem::rfind(line, b".go:") else { return false };
    let place = line.get(at + 4..).unwrap_or_default();
    place.len() > 2
        && place.ends_with(b":")
        && place.iter().all(|byte| byte.is_ascii_digit() || *byte == b':')
        && !line.trim_ascii().contains(&b' ')
}

/// Whether both begin with the same word: a CI puts it there.
fn is_same_column<'a>(first: &'a [u8], second: &'a [u8]) -> bool {
    let word = |line: &'a [u8]| line.split(|byte| *byte == b' ').next().unwrap_or_default();
    word(second).len() > 1 && word(first) == word(second)
}

/// Whether a tool begins a message here.
fn begins(line: &[u8]) -> bool {
    let word = line.split(|byte| *byte == b' ').next().unwrap_or_default();
    let positioned = word.windows(4).any(|part| part == b".go:")
        || word.starts_with(b"go.mod:") && word.len() > 7
        || word.starts_with(b"go.work:") && word.len() > 8;
    // `make[1]:`, `error:`, but no path and no address.
    let name = word.strip_suffix(b":").unwrap_or_default();
    let named = name.first().is_some_and(u8::is_ascii_alphabetic)
        && name.len() < 20
        && !name.iter().any(|byte| matches!(byte, b'/' | b'.' | b'@'));
    let dated = matches!(word, [a, b, b':' | b'-' | b'/', d, ..] if [a, b, d].iter().all(|x| x.is_ascii_digit()))
        || matches!(word, [a, _, _, d, b'-' | b'/', f, ..] if [a, d, f].iter().all(|x| x.is_ascii_digit()));
    // gh's columns.
    let columns = memchr::memchr(b'\t', line.get(..80).unwrap_or(line)).is_some();
    positioned || named || dated || columns || line.starts_with(b"- ") || line.starts_with(b"---")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<(String, Vec<(u64, u64)>)> {
        let (out, places) = unwrapped(text.as_bytes())?;
        let places = places.iter().map(|place| (place.line, place.offset)).collect();
        Some((String::from_utf8(out).unwrap(), places))
    }

    #[test]
    fn what_powershell_wrapped_is_put_together() {
        let wrapped = "go : # example.com/a\r\npp/internal\r\nAt line:1 char:1\r\n    + CategoryInfo  \r\n     \
            : NotSpecified \r\n \r\ninternal\\user_servic\r\ne.go:5:2: \r\n\"fmt\" imported \r\n\
            and not used\r\n# example.com/app\r\n";
        let (out, places) = console(wrapped.as_bytes()).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.starts_with("go : # example.com/app/internal\nAt line:1 char:1\n"), "{out}");
        assert!(
            out.ends_with(
                "\ninternal\\user_service.go:5:2: \"fmt\" imported and not used\n# example.com/app\n"
            ),
            "{out}"
        );
        let lines: Vec<u64> = places.iter().map(|place| place.line).collect();
        assert_eq!(lines, [1, 3, 4, 7, 11, 12]);
        for whole in [
            "    + CategoryInfo          : NotSpecified: (# example.com/app:String) [], RemoteException\r\n    + FullyQualifiedErrorId\r\n",
            "# m\n./a.go:1:2: undefined: x\n",
        ] {
            assert!(console(whole.as_bytes()).is_none(), "{whole}");
        }
    }

    #[test]
    fn what_was_wrapped_is_put_together() {
        let wrapped = "> go: x\n\
            > go build github.com/mattn/go-sqlite3: C:\\Go\\pkg\\tool\\windows_amd64\\cgo.exe: exit\n\
            > status 2\n> make: *** x\n";
        let (text, places) = of(wrapped).unwrap();
        assert_eq!(
            text,
            "go: x\ngo build github.com/mattn/go-sqlite3: C:\\Go\\pkg\\tool\\windows_amd64\\cgo.exe: \
             exit status 2\nmake: *** x\n"
        );
        assert_eq!(places, [(1, 0), (2, 8), (4, 102), (5, 116)]);
        assert_eq!(
            of("go get x: module x: Get \"https://y\": \ndial tcp 1.2.3.4:443: i/o timeout")
                .unwrap()
                .0,
            "go get x: module x: Get \"https://y\": dial tcp 1.2.3.4:443: i/o timeout"
        );
        for (parts, wanted) in [
            (
                "./a.go:1:2: x.B undefined\n  (type T has no field or method B)",
                "./a.go:1:2: x.B undefined (type T has no field or method B)",
            ),
            (
                "Get \"https://y\":\n   dial tcp 1.2.3.4:443: i/o timeout",
                "Get \"https://y\": dial tcp 1.2.3.4:443: i/o timeout",
            ),
        ] {
            assert_eq!(of(parts).unwrap().0, wanted);
        }
        for whole in [
            "# m\n./a.go:1:2: cannot use x (variable of type int) as string value\n\thave (int)\n",
            "./a.go:1:2: cannot use x (variable of type int) as string value in f\nb.go:2:3: undefined: y\n",
            "Output:\nundefined\n",
            "",
        ] {
            assert!(of(whole).is_none(), "{whole}");
        }
    }
}
