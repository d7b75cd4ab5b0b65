//! Bytes that may be text, taken as Go takes them: every byte that is no UTF-8 is a character U+FFFD of its own.

/// What Go has for a byte that is no UTF-8: `utf8.RuneError`.
pub(crate) const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// The first character and its width, as `utf8.DecodeRune` has them; a width of 1 with [`REPLACEMENT`] means a byte
/// that is no UTF-8. None at the end.
pub(crate) fn decode(bytes: &[u8]) -> Option<(char, usize)> {
    let first = *bytes.first()?;
    let width = match first {
        ..0x80 => return Some((char::from(first), 1)),
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Some((REPLACEMENT, 1)),
    };
    let text = bytes.get(..width).and_then(|bytes| std::str::from_utf8(bytes).ok());
    Some(text.and_then(|text| text.chars().next()).map_or((REPLACEMENT, 1), |c| (c, width)))
}

/// The last character and its width, as `utf8.DecodeLastRune` has them.
pub(crate) fn decode_last(bytes: &[u8]) -> Option<(char, usize)> {
    bytes.last()?;
    (2..=4)
        .filter_map(|width| bytes.get(bytes.len().checked_sub(width)?..))
        .find_map(|tail| decode(tail).filter(|(_, width)| *width == tail.len()))
        .or_else(|| {
            bytes
                .last()
                .map(|last| if last.is_ascii() { char::from(*last) } else { REPLACEMENT })
                .map(|c| (c, 1))
        })
}

/// The text, with U+FFFD for every byte that is no UTF-8, as a loop over a Go string sees it.
pub(crate) fn lossy(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n(REPLACEMENT, chunk.invalid().len()));
    }
    text
}

/// `bytes.TrimSpace`
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    trim_start(trim_end(bytes))
}

/// `bytes.TrimLeftFunc(bytes, unicode.IsSpace)`; Unicode's White_Space is what Go takes for spaces.
pub(crate) fn trim_start(mut bytes: &[u8]) -> &[u8] {
    while let Some((c, width)) = decode(bytes)
        && c.is_whitespace()
    {
        bytes = bytes.get(width..).unwrap_or_default();
    }
    bytes
}

/// `bytes.TrimRightFunc(bytes, unicode.IsSpace)`
pub(crate) fn trim_end(mut bytes: &[u8]) -> &[u8] {
    while let Some((c, width)) = decode_last(bytes)
        && c.is_whitespace()
    {
        bytes = bytes.get(..bytes.len() - width).unwrap_or_default();
    }
    bytes
}

/// `bytes[from..to]`, or nothing where that is out of bounds.
pub(crate) fn slice(bytes: &[u8], from: usize, to: usize) -> &[u8] {
    bytes.get(from..to).unwrap_or_default()
}

/// `bytes[from..]`, or nothing where that is out of bounds.
pub(crate) fn tail(bytes: &[u8], from: usize) -> &[u8] {
    bytes.get(from..).unwrap_or_default()
}

/// The lines, without their newlines and without what would be an empty line behind the last one; and where each ends,
/// its newline included.
pub(crate) fn lines(bytes: &[u8]) -> impl Iterator<Item = (&[u8], usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = tail(bytes, at);
        let (line, step) = match memchr::memchr(b'\n', rest) {
            Some(end) => (slice(rest, 0, end), end + 1),
            None if rest.is_empty() => return None,
            None => (rest, rest.len()),
        };
        at += step;
        Some((line, at))
    })
}
