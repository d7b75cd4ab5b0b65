//! Who says it: a service that logs tells how grave each record is.

use crate::says::find;

/// How grave a record of a structured log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// It warns at most.
    Quiet,
    /// It is an error, and the service goes on.
    Loud,
    /// The service ends.
    Last,
}

/// The level of a record in JSON, in logfmt, of klog, or behind a time; none for any other line.
pub(crate) fn level(line: &[u8]) -> Option<Level> {
    let head = line.get(..1000).unwrap_or(line);
    json(head).or_else(|| logfmt(head)).or_else(|| klog(head)).or_else(|| dated(head))
}

fn json(line: &[u8]) -> Option<Level> {
    const KEYS: [&[u8]; 4] = [b"level", b"severity", b"lvl", b"log.level"];
    let start = memchr::memchr_iter(b'{', line).find(|at| line.get(at + 1) == Some(&b'"'))?;
    let mut parts = line.get(start..)?.split(|byte| *byte == b'"');
    let mut before = parts.next()?;
    while let Some(part) = parts.next() {
        if KEYS.contains(&before) && part.trim_ascii() == b":" {
            return named(parts.next()?);
        }
        before = part;
    }
    None
}

fn logfmt(line: &[u8]) -> Option<Level> {
    memchr::memchr(b'=', line)?;
    find(line, b"msg=").or_else(|| find(line, b"message=")).or_else(|| find(line, b"err="))?;
    [&b"level="[..], b"lvl="].iter().find_map(|key| {
        let at = find(line, key)?;
        let before = at.checked_sub(1).and_then(|at| line.get(at));
        let value = line.get(at + key.len()..)?;
        let free = before.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        if free { named(value.strip_prefix(b"\"").unwrap_or(value)) } else { None }
    })
}

/// `E0515 09:31:28.106372       1 kubelet.go:58] text`.
fn klog(line: &[u8]) -> Option<Level> {
    let close = memchr::memchr(b']', line.get(..200).unwrap_or(line))?;
    let head = line.get(..close)?;
    find(head, b".go:")?;
    let is_stamp = |part: &[u8]| {
        matches!(part, [b'I' | b'W' | b'E' | b'F', a, b, c, d, b' ', h, ..]
            if [a, b, c, d, h].iter().all(|byte| byte.is_ascii_digit()))
    };
    let at = head.windows(7).position(is_stamp)?;
    head.get(at..at + 1).and_then(named)
}

/// `2021-05-24T20:16:35.651Z<TAB>ERROR<TAB>text`, `2024-05-01 00:00:01 ERROR text`.
fn dated(line: &[u8]) -> Option<Level> {
    let window = line.get(..80).unwrap_or(line);
    let mut words =
        window.split(|byte| matches!(byte, b'\t' | b' ')).filter(|word| !word.is_empty());
    let mut times = 0;
    loop {
        let word = words.next()?;
        // No time begins as a path or a mark of a CI does.
        let other = matches!(word.first(), Some(b'#' | b'.' | b'/'));
        if !other && word.iter().filter(|byte| byte.is_ascii_digit()).count() >= 6 {
            times += 1;
        } else if times > 0 && word.iter().all(u8::is_ascii_uppercase)
            || times > 1 && word.ends_with(b":") && has_fields(line)
        {
            return named(word);
        } else {
            return None;
        }
    }
}

/// `… kind=NotFound module=x`: words with values, as services end a record with.
fn has_fields(line: &[u8]) -> bool {
    let is_field = |word: &&[u8]| {
        let name = memchr::memchr(b'=', word).and_then(|at| word.get(..at));
        name.is_some_and(|name| {
            name.first().is_some_and(u8::is_ascii_lowercase)
                && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte))
        })
    };
    line.split(|byte| *byte == b' ').filter(is_field).take(2).count() == 2
}

fn named(value: &[u8]) -> Option<Level> {
    let end = value.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(value.len());
    let name = value.get(..end)?.to_ascii_lowercase();
    match name.as_slice() {
        b"trace" | b"debug" | b"info" | b"notice" | b"warn" | b"warning" | b"d" | b"i" | b"w"
        | b"trc" | b"dbg" | b"inf" | b"wrn" => Some(Level::Quiet),
        b"error" | b"err" | b"critical" | b"crit" | b"alert" | b"e" => Some(Level::Loud),
        b"fatal" | b"panic" | b"dpanic" | b"f" | b"ftl" | b"pnc" => Some(Level::Last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_have_levels() {
        for (line, wanted) in [
            ("{\"time\":\"x\",\"level\":\"warn\",\"msg\":\"y\"}", Some(Level::Quiet)),
            ("app-1 | {\"severity\": \"ERROR\", \"message\":\"y\"}", Some(Level::Loud)),
            ("time=\"x\" level=error msg=\"y\"", Some(Level::Loud)),
            ("ts=2020 lvl=info msg=\"y\"", Some(Level::Quiet)),
            ("E0515 09:31:28.106372       1 kubelet.go:58] y", Some(Level::Loud)),
            (
                "2022-02-01T00:00:31Z stderr F W0201 00:00:31.2 1 clientconn.go:1331] y",
                Some(Level::Quiet),
            ),
            ("2021-05-24T20:16:35.651Z\tERROR\tcontroller\ty", Some(Level::Loud)),
            ("2024-05-01 00:00:01 FATAL y", Some(Level::Last)),
            ("2026/04/02 09:11:00 ERROR: y kind=z module=m", Some(Level::Loud)),
            ("2026/04/02 09:11:00 ERROR: y", None),
            ("12:10:05 ERROR: y", None),
            ("level=error is not known", None),
            ("./main.go:5:2: undefined: x", None),
            ("{\"Action\":\"output\",\"Output\":\"x\"}", None),
        ] {
            assert_eq!(level(line.as_bytes()), wanted, "{line}");
        }
    }
}
