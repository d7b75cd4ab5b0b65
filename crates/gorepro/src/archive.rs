//! Archives inside of embedded files: what is in them, and when it says it was changed.
//!
//! Sources: PKWARE's APPNOTE (local headers, central directory), POSIX ustar, RFC 1952.

use std::collections::BTreeMap;

/// More entries nobody lists.
const MAX_ENTRIES: usize = 200_000;

/// An archive by its entries.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Archive<'a> {
    /// `zip`, `tar` or `gzip`.
    pub(crate) kind: &'static str,
    /// Content's checksum or bytes, and the time, by the entry's name.
    pub(crate) entries: BTreeMap<&'a [u8], Entry<'a>>,
    /// Names in the order in which they come.
    pub(crate) order: Vec<&'a [u8]>,
}

/// An entry.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    /// The time as it is written.
    time: u64,
    /// What stands for its content.
    content: (&'a [u8], u64),
}

/// How two archives differ.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// In times alone; so many entries, and the first of them.
    Times(usize, String),
    /// In the order of entries alone.
    Order,
    /// In what is in them, or in what is beside names, contents and times: so many entries, and the first.
    Content(usize, String),
}

/// Compares; none where either is no archive or they are of different kinds.
pub(crate) fn difference(a: &[u8], b: &[u8]) -> Option<(&'static str, Difference)> {
    if let Some(difference) = unpacked(a, b) {
        return Some(("gzip", difference));
    }
    let (a, b) = (read(a)?, read(b)?);
    (a.kind == b.kind).then(|| (a.kind, entries(&a, &b)))
}

fn entries(a: &Archive<'_>, b: &Archive<'_>) -> Difference {
    let name = |name: &[u8]| String::from_utf8_lossy(name).escape_debug().to_string();
    let mut changed: Vec<&[u8]> = vec![];
    let mut times: Vec<&[u8]> = vec![];
    for (key, entry) in &a.entries {
        match b.entries.get(key) {
            Some(other) if other.content == entry.content => {
                if other.time != entry.time {
                    times.push(key);
                }
            }
            _ => changed.push(key),
        }
    }
    changed.extend(b.entries.keys().filter(|key| !a.entries.contains_key(*key)));
    if let Some(first) = changed.first() {
        Difference::Content(changed.len(), name(first))
    } else if let Some(first) = times.first() {
        Difference::Times(times.len(), name(first))
    } else if a.order != b.order {
        Difference::Order
    } else {
        Difference::Content(0, String::new())
    }
}

/// How gzip files differ in what is in them, where that is a tar file or the same; none where one is too large or
/// damaged.
fn unpacked(a: &[u8], b: &[u8]) -> Option<Difference> {
    use std::io::Read as _;
    /// Both are in memory; what is larger is compared as it is packed.
    const MAX: u64 = 64 << 20;
    let (first, second) = (gzip(a)?, gzip(b)?);
    let content = |data: &[u8]| {
        let mut out = vec![];
        let read =
            flate2::read::MultiGzDecoder::new(data).take(MAX + 1).read_to_end(&mut out).ok()?;
        (read as u64 <= MAX).then_some(out)
    };
    let (old, new) = (content(a)?, content(b)?);
    let times = |archive: &Archive<'_>| archive.entries.values().map(|it| it.time).max();
    if old != new {
        // One within the other is not opened.
        let (old, new) = (tar(&old)?, tar(&new)?);
        return Some(entries(&old, &new));
    }
    Some(match times(&first) == times(&second) {
        true => Difference::Content(0, String::new()),
        false => Difference::Times(1, String::new()),
    })
}

fn read(data: &[u8]) -> Option<Archive<'_>> {
    if data.starts_with(b"PK\x03\x04") {
        return zip(data);
    }
    if data.starts_with(&[0x1f, 0x8b, 8]) {
        return gzip(data);
    }
    tar(data)
}

fn number(data: &[u8], at: usize, bytes: usize) -> Option<usize> {
    let bytes = data.get(at..at.checked_add(bytes)?)?;
    Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
}

/// By the central directory, which has sizes also where local headers do not.
fn zip(data: &[u8]) -> Option<Archive<'_>> {
    let end = memchr::memmem::rfind(data, b"PK\x05\x06")?;
    let mut at = number(data, end + 16, 4)?;
    let mut archive = Archive { kind: "zip", entries: BTreeMap::new(), order: vec![] };
    while data.get(at..at + 4)? == b"PK\x01\x02" && archive.order.len() < MAX_ENTRIES {
        let (name_length, extra, comment) =
            (number(data, at + 28, 2)?, number(data, at + 30, 2)?, number(data, at + 32, 2)?);
        let name = data.get(at + 46..at + 46 + name_length)?;
        let extra_field = data.get(at + 46 + name_length..at + 46 + name_length + extra)?;
        // Dates may be repeated in an extra field (extended timestamp).
        let time = (number(data, at + 12, 4)? as u64) ^ (checksum(extra_field) << 32);
        let content = (data.get(at + 16..at + 20)?, number(data, at + 24, 4)? as u64);
        archive.entries.insert(name, Entry { time, content });
        archive.order.push(name);
        at += 46 + name_length + extra + comment;
    }
    Some(archive)
}

fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(5381_u64, |sum, byte| sum.wrapping_mul(33) ^ u64::from(*byte))
}

fn gzip(data: &[u8]) -> Option<Archive<'_>> {
    let time = number(data, 4, 4)? as u64;
    let rest = data.get(8..)?;
    let entry = Entry { time, content: (rest, rest.len() as u64) };
    Some(Archive { kind: "gzip", entries: [(&b""[..], entry)].into(), order: vec![b""] })
}

fn tar(data: &[u8]) -> Option<Archive<'_>> {
    if data.get(257..262)? != b"ustar" {
        return None;
    }
    let octal = |field: &[u8]| {
        let digits = field.iter().filter(|byte| (b'0'..=b'7').contains(*byte));
        digits.fold(0_u64, |sum, digit| sum.wrapping_mul(8).wrapping_add(u64::from(digit - b'0')))
    };
    let mut archive = Archive { kind: "tar", entries: BTreeMap::new(), order: vec![] };
    let mut at = 0_usize;
    while let Some(header) = data.get(at..at.checked_add(512)?) {
        let name = header.split(|byte| *byte == 0).next().unwrap_or_default();
        let name = name.get(..100).unwrap_or(name);
        if name.is_empty() || archive.order.len() >= MAX_ENTRIES {
            break;
        }
        let size = octal(header.get(124..136)?);
        let time = octal(header.get(136..148)?);
        let bytes = usize::try_from(size).ok()?;
        let start = at + 512;
        let content = data.get(start..start.checked_add(bytes)?)?;
        archive.entries.insert(name, Entry { time, content: (content, size) });
        archive.order.push(name);
        at = start.checked_add(bytes.div_ceil(512).checked_mul(512)?)?;
    }
    Some(archive)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tar_of(entries: &[(&str, &str, u64)]) -> Vec<u8> {
        let mut out = vec![];
        for (name, content, time) in entries {
            let mut header = vec![0_u8; 512];
            header[..name.len()].copy_from_slice(name.as_bytes());
            header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
            header[136..147].copy_from_slice(format!("{time:011o}").as_bytes());
            header[257..262].copy_from_slice(b"ustar");
            out.extend(header);
            let mut body = content.as_bytes().to_vec();
            body.resize(512, 0);
            out.extend(body);
        }
        out.extend([0; 1024]);
        out
    }

    #[test]
    fn times_order_and_content_are_told_apart() {
        let one = tar_of(&[("a", "x", 1), ("b", "y", 1)]);
        let of = |other: &[(&str, &str, u64)]| difference(&one, &tar_of(other)).unwrap().1;
        assert_eq!(of(&[("a", "x", 2), ("b", "y", 1)]), Difference::Times(1, "a".into()));
        assert_eq!(of(&[("b", "y", 1), ("a", "x", 1)]), Difference::Order);
        assert_eq!(of(&[("a", "z", 1), ("b", "y", 1)]), Difference::Content(1, "a".into()));
        assert_eq!(of(&[("a", "x", 1)]), Difference::Content(1, "b".into()));
    }

    #[test]
    fn a_tar_in_gzip_is_compared_by_its_entries() {
        use std::io::Write as _;
        let pack = |content: &[u8], level: u32| {
            let mut writer = flate2::write::GzEncoder::new(vec![], flate2::Compression::new(level));
            writer.write_all(content).unwrap();
            writer.finish().unwrap()
        };
        let of = |content: &str, time| pack(&tar_of(&[("a", content, time)]), 6);
        let found = |a: &[u8], b: &[u8]| difference(a, b).unwrap();
        assert_eq!(found(&of("x", 1), &of("x", 2)), ("gzip", Difference::Times(1, "a".into())));
        assert_eq!(found(&of("x", 1), &of("y", 1)), ("gzip", Difference::Content(1, "a".into())));
        let text = "the same, packed otherwise ".repeat(90);
        let levels = (pack(text.as_bytes(), 1), pack(text.as_bytes(), 9));
        assert_eq!(found(&levels.0, &levels.1), ("gzip", Difference::Content(0, String::new())));
    }

    #[test]
    fn a_gzip_header_has_a_time() {
        let of = |time: u8| [&[0x1f, 0x8b, 8, 0, time, 0, 0, 0, 0, 3][..], b"data"].concat();
        let (kind, found) = difference(&of(1), &of(2)).unwrap();
        assert_eq!((kind, found), ("gzip", Difference::Times(1, String::new())));
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(mut a: Vec<u8>, b: Vec<u8>, kind in 0..3_u8) {
            match kind {
                0 => a.splice(0..0, *b"PK\x03\x04").for_each(drop),
                1 => a.splice(0..0, [0x1f, 0x8b, 8]).for_each(drop),
                _ => { a.resize(900, 7); a[257..262].copy_from_slice(b"ustar"); }
            }
            let _ = difference(&a, &b);
            let _ = difference(&a, &a);
        }
    }
}
