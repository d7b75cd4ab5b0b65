//! What a CI puts around a line is taken off: time stamps, step names, colours, progress.
//!
//! Nothing here allocates for a line without escape sequences.

use std::borrow::Cow;

/// A line as a tool wrote it.
pub(crate) struct Clean<'a> {
    /// Without what the CI added.
    pub(crate) text: Cow<'a, [u8]>,
    /// It is the output of a test, says `go test -json`.
    pub(crate) of_test: bool,
}

/// More layers than this are not a CI's.
const MAX_PREFIXES: usize = 8;

pub(crate) fn clean(line: &[u8]) -> Clean<'_> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let plain = without_escapes(line);
    match plain {
        Cow::Borrowed(text) => within(text, Cow::Borrowed),
        Cow::Owned(text) => {
            let clean = within(&text, Cow::Borrowed);
            Clean { of_test: clean.of_test, text: Cow::Owned(clean.text.into_owned()) }
        }
    }
}

fn within<'a>(text: &'a [u8], keep: fn(&'a [u8]) -> Cow<'a, [u8]>) -> Clean<'a> {
    let text = without_prefixes(text);
    match json_output(text) {
        Some((output, of_test)) => Clean { text: Cow::Owned(output), of_test },
        None => match json_failure(text) {
            Some(told) => Clean { text: Cow::Owned(told), of_test: false },
            None => Clean { text: keep(text), of_test: false },
        },
    }
}

/// The event of `go test -json` that a package, or a test of it, failed, and not for its build: in words of ours.
fn json_failure(text: &[u8]) -> Option<Vec<u8>> {
    const FAIL: &[u8] = b"\"Action\":\"fail\"";
    if !is_event(text) || memchr::memmem::find(text, b"\"FailedBuild\":").is_some() {
        return None;
    }
    let rest = text.get(memchr::memmem::find(text, FAIL)? + FAIL.len()..)?;
    let name = rest.strip_prefix(b",\"Package\":\"")?;
    let name = name.get(..memchr::memchr(b'"', name)?)?;
    Some([FAIL, b" ", name].concat())
}

/// Colours and cursor movements go; of what a carriage return overwrote, the last text stays.
fn without_escapes(line: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr2(0x1b, b'\r', line).is_none() {
        return Cow::Borrowed(line);
    }
    let mut out = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some((byte, tail)) = rest.split_first() {
        match byte {
            0x1b => rest = behind_escape(tail),
            b'\r' => {
                if tail.iter().any(|byte| !byte.is_ascii_whitespace()) {
                    out.clear();
                }
                rest = tail;
            }
            _ => {
                out.push(*byte);
                rest = tail;
            }
        }
    }
    Cow::Owned(out)
}

fn behind_escape(text: &[u8]) -> &[u8] {
    let end = match text.first() {
        Some(b'[') => text.iter().skip(1).position(|b| (0x40..=0x7e).contains(b)).map(|at| at + 2),
        // Strings, as Buildkite's `ESC _bk;t=… BEL`; the standard ends them in `ESC \`.
        Some(b']' | b'_' | b'P' | b'^') => {
            text.iter().position(|b| matches!(b, 7 | 0x1b)).map(|at| match text.get(at..at + 2) {
                Some(b"\x1b\\") => at + 2,
                Some([0x1b, ..]) => at,
                _ => at + 1,
            })
        }
        // A set of letters is chosen.
        Some(b'(' | b')' | b'#' | b'%') => Some(2),
        Some(_) => Some(1),
        None => None,
    };
    end.and_then(|end| text.get(end..)).unwrap_or_default()
}

fn without_prefixes(mut text: &[u8]) -> &[u8] {
    for _ in 0..MAX_PREFIXES {
        let Some(rest) = one_prefix(text) else { break };
        text = rest;
    }
    text
}

/// What is behind one prefix, if there is one.
fn one_prefix(text: &[u8]) -> Option<&[u8]> {
    let trimmed = text.trim_ascii_start();
    let first = *trimmed.first()?;
    match first {
        b'0'..=b'9' => digits(trimmed),
        b'[' => bracket(trimmed),
        b'#' => buildkit(trimmed).or_else(|| command(trimmed)),
        b':' => workflow_command(trimmed),
        0xef => trimmed.strip_prefix(b"\xef\xbb\xbf"),
        b'I' | b'W' | b'E' => prow(trimmed).or_else(|| named(trimmed)),
        b'S' => step(trimmed).or_else(|| named(trimmed)),
        b'>' => trimmed.strip_prefix(b"> "),
        b'|' => trimmed.strip_prefix(b"| "),
        b'-' => trimmed.strip_prefix(b"-----> "),
        b'@' => task(trimmed),
        b'r' => trimmed.strip_prefix(b"remote: ").or_else(|| named(trimmed)),
        _ if first.is_ascii_alphabetic() => named(trimmed),
        _ => None,
    }
}

/// `2024-05-01T12:00:00.0000000Z `, `2024/05/01 12:00:00 `, `12:00:00 `, `3.456 `.
fn digits(text: &[u8]) -> Option<&[u8]> {
    let head = |pattern: &[u8]| {
        text.len() >= pattern.len()
            && text.iter().zip(pattern).all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                b'-' => matches!(byte, b'-' | b'/'),
                b'T' => matches!(byte, b'T' | b' '),
                _ => byte == wanted,
            })
    };
    // GitHub's: one space, and what is behind it may be indented as the output of a test is.
    if head(b"0000-00-00T00:00:00.0000000Z ") {
        return text.get(29..);
    }
    let behind = if head(b"0000-00-00T00:00:00") {
        text.get(19..)?
    } else if head(b"00:00:00") {
        text.get(8..)?
    } else {
        // Seconds, as BuildKit prints them; `12.5 GB` is none.
        let end = text.iter().position(|byte| !byte.is_ascii_digit())?;
        let behind = text.get(end..)?.strip_prefix(b".")?;
        let end = behind.iter().position(|byte| !byte.is_ascii_digit())?;
        return if (1..=4).contains(&end) { behind.get(end..)?.strip_prefix(b" ") } else { None };
    };
    let end = behind.iter().position(|byte| {
        !(byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'Z' | b'+' | b'-' | b':'))
    })?;
    let behind = behind.get(end..)?;
    let behind = behind.strip_prefix(b"]").unwrap_or(behind);
    let behind = match behind.first()? {
        b' ' | b'\t' => behind.trim_ascii_start(),
        _ => return None,
    };
    // GitLab adds the stream: `00O `, `01E+`.
    match behind {
        [
            b'0'..=b'9' | b'a'..=b'f',
            b'0'..=b'9' | b'a'..=b'f',
            b'O' | b'E',
            b' ' | b'+',
            rest @ ..,
        ] => Some(rest),
        _ => Some(behind),
    }
}

/// `[12:00:00] `, `[build] `, `[CI/build]   | `.
fn bracket(text: &[u8]) -> Option<&[u8]> {
    let window = text.get(..90).unwrap_or(text);
    let close = memchr::memchr(b']', window)?;
    let inside = text.get(1..close)?;
    // Words that go and its test runners put into brackets themselves.
    if inside.is_empty()
        || inside.starts_with(b"FAIL")
        || inside.starts_with(b"PANICKED")
        || inside.starts_with(b"no ")
    {
        return None;
    }
    let behind = text.get(close + 1..)?;
    let behind = match behind {
        // TeamCity: `[12:00:00]W:	 text`.
        [b'A'..=b'Z', b':', rest @ ..] | [b':', rest @ ..] => rest,
        _ => behind,
    };
    match behind.first()? {
        b' ' | b'\t' => Some(behind.trim_ascii_start()),
        _ => None,
    }
}

/// `#12 3.456 text`, `#12 text`.
fn buildkit(text: &[u8]) -> Option<&[u8]> {
    let behind = text.strip_prefix(b"#")?;
    let end = behind.iter().position(|byte| !byte.is_ascii_digit())?;
    if end == 0 { None } else { behind.get(end..)?.strip_prefix(b" ") }
}

/// `##[error]text`.
fn command(text: &[u8]) -> Option<&[u8]> {
    let behind = text.strip_prefix(b"##[")?;
    let close = memchr::memchr(b']', behind.get(..40).unwrap_or(behind))?;
    behind.get(close + 1..)
}

/// `::error file=x::text`.
fn workflow_command(text: &[u8]) -> Option<&[u8]> {
    let behind = text.strip_prefix(b"::")?;
    let end = memchr::memmem::find(behind.get(..400).unwrap_or(behind), b"::")?;
    behind.get(end + 2..)
}

/// `Step #0 - "name": text`.
fn step(text: &[u8]) -> Option<&[u8]> {
    let behind = text.strip_prefix(b"Step #")?;
    let end = memchr::memmem::find(behind.get(..120).unwrap_or(behind), b": ")?;
    behind.get(end + 2..)
}

/// `I0328 16:45:14.315] text`, as Prow's older runner tells it; a service of Kubernetes tells its file, too.
fn prow(text: &[u8]) -> Option<&[u8]> {
    let (head, behind) = (text.get(1..20)?, text.get(20..)?);
    let is_time = head.iter().zip(b"0000 00:00:00.000] ").all(|(byte, wanted)| match wanted {
        b'0' => byte.is_ascii_digit(),
        _ => byte == wanted,
    });
    is_time.then_some(behind)
}

/// `@scope/package:task: text` of a task runner for many packages.
fn task(text: &[u8]) -> Option<&[u8]> {
    let end = memchr::memchr(b' ', text.get(..120).unwrap_or(text))?;
    let (word, behind) = text.split_at_checked(end)?;
    (word.ends_with(b":") && word.contains(&b'/')).then(|| behind.trim_ascii_start())
}

/// `service-1  | text` of docker compose, `name> text` of nix, `job<TAB>step<TAB>2024-… text` of gh.
fn named(text: &[u8]) -> Option<&[u8]> {
    let is_word =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/');
    let end = text.iter().position(|byte| !is_word(byte))?;
    let behind = text.get(end..)?;
    // A place in a file is nobody's name.
    if behind.first() == Some(&b':') && text.get(..end).is_some_and(|name| name.ends_with(b".go")) {
        return None;
    }
    if let Some(rest) = behind.strip_prefix(b"> ") {
        return Some(rest);
    }
    if let Some(rest) = behind.trim_ascii_start().strip_prefix(b"| ")
        && behind.starts_with(b" ")
    {
        return Some(rest);
    }
    // gh: two fields, then a time.
    let window = text.get(..200).unwrap_or(text);
    let mut tabs = memchr::memchr_iter(b'\t', window);
    let (_, second) = (tabs.next()?, tabs.next()?);
    let behind = text.get(second + 1..)?;
    let behind = behind.strip_prefix(b"\xef\xbb\xbf").unwrap_or(behind);
    if behind.starts_with(b"20") { digits(behind) } else { None }
}

/// Whether the go command tells an event: its keys come in this order, or sorted.
fn is_event(text: &[u8]) -> bool {
    [&b"{\"Time\":"[..], b"{\"Action\":", b"{\"ImportPath\":"]
        .iter()
        .any(|key| text.starts_with(key))
}

/// The output that an event of `go test -json` or `go build -json` carries.
fn json_output(text: &[u8]) -> Option<(Vec<u8>, bool)> {
    if !is_event(text) {
        return None;
    }
    let at = memchr::memmem::find(text, b"\"Output\":\"")?;
    memchr::memmem::find(text.get(..at)?, b"\"Action\":\"")?;
    let of_test = memchr::memmem::find(text.get(..at)?, b"\"Test\":\"").is_some();
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.get(at + 10..)?.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => break,
            b'\\' => match bytes.next() {
                Some(b'n') | None => {}
                Some(b't') => out.push(b'\t'),
                Some(b'u') => {
                    let hex: Vec<u8> = bytes.by_ref().take(4).copied().collect();
                    let code = std::str::from_utf8(&hex)
                        .ok()
                        .and_then(|hex| u32::from_str_radix(hex, 16).ok());
                    let character = code.and_then(char::from_u32).unwrap_or('\u{fffd}');
                    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(other) => out.push(*other),
            },
            _ => out.push(*byte),
        }
    }
    Some((out, of_test))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_ci_adds_is_taken_off() {
        for (line, wanted) in [
            ("2024-05-01T12:00:00.0000000Z ./a.go:1:2: x", "./a.go:1:2: x"),
            ("@app/api:build: ./a.go:1:2: x", "./a.go:1:2: x"),
            ("build\tRun go build\t2024-05-01T12:00:00.0000000Z go: x", "go: x"),
            ("2024-05-01T12:00:00.000000Z 01E go: x", "go: x"),
            ("#12 3.456 go: x", "go: x"),
            ("#12 go: x", "go: x"),
            ("3.456 go: x", "go: x"),
            ("[2024-05-01T12:00:00.000Z] go: x", "go: x"),
            ("[12:00:00]W:\t [Step 1/1] go: x", "go: x"),
            ("12:00:00  go: x", "go: x"),
            ("[CI/build]   | go: x", "go: x"),
            ("Step #0 - \"build\": go: x", "go: x"),
            ("app-1  | go: x", "go: x"),
            ("       > go: x", "go: x"),
            ("hello> go: x", "go: x"),
            ("I0328 16:45:14.315] WARNING: DATA RACE", "WARNING: DATA RACE"),
            (
                "I0328 16:45:14.315123       1 main.go:77] x",
                "I0328 16:45:14.315123       1 main.go:77] x",
            ),
            ("##[error]./a.go:1:2: x", "./a.go:1:2: x"),
            ("::error file=a.go,line=1::go: x", "go: x"),
            ("\x1b[0K\x1b[31;1mgo: x\x1b[0m", "go: x"),
            ("section_start:1:a\r\x1b[0Kgo: x", "go: x"),
            ("\x1b_bk;t=17\x07go: x\r", "go: x"),
            ("\x1b(B\x1b[mgo: x", "go: x"),
            ("\x1b]8;;https://x.test\x1b\\go: x\x1b]8;;\x1b\\", "go: x"),
            ("\x1b[1A\x1b[2Kgo: x", "go: x"),
            ("# example.com/x", "# example.com/x"),
            ("# [example.com/x]", "# [example.com/x]"),
            ("\tserver response: x", "\tserver response: x"),
            ("[FAIL] Suite", "[FAIL] Suite"),
            ("FAIL\texample.com/x [build failed]", "FAIL\texample.com/x [build failed]"),
            (
                r#"{"Action":"output","Package":"p","Output":"FAIL\tp [build failed]\n"}"#,
                "FAIL\tp [build failed]",
            ),
            (r#"{"Action":"fail","Package":"a/p","Test":"TestX"}"#, r#""Action":"fail" a/p"#),
            (
                r#"{"Action":"fail","Package":"p","FailedBuild":"p"}"#,
                r#"{"Action":"fail","Package":"p","FailedBuild":"p"}"#,
            ),
        ] {
            assert_eq!(String::from_utf8_lossy(&clean(line.as_bytes()).text), wanted, "{line:?}");
        }
    }
}
