//! `//go:embed` directives, anywhere in a file.

use crate::cursor::Cursor;
use crate::header::Embed;
use crate::unquote::{quoted_prefix, unquote};

/// All patterns below a place. Comments within literals are none, so literals are passed over.
pub(crate) fn find(cursor: &mut Cursor<'_>) -> Vec<Embed> {
    let mut embeds = vec![];
    while let Some(byte) = cursor.peek() {
        match (byte, cursor.peek_at(1)) {
            (b'/', Some(b'/')) => {
                let start = cursor.at;
                cursor.skip_line();
                let line = cursor.bytes.get(start..cursor.at).unwrap_or_default();
                take(cursor, start, line, &mut embeds);
            }
            (b'/', Some(b'*')) => {
                cursor.skip_comment();
            }
            (b'"' | b'\'', _) => skip_quoted(cursor, byte),
            (b'`', _) => {
                let rest = cursor.rest().get(1..).unwrap_or_default();
                match memchr::memchr(b'`', rest) {
                    Some(end) => cursor.at += end + 2,
                    None => {
                        cursor.at = cursor.bytes.len();
                        cursor.hit_end = true;
                    }
                }
            }
            _ => cursor.at += 1,
        }
    }
    embeds
}

fn skip_quoted(cursor: &mut Cursor<'_>, quote: u8) {
    cursor.at += 1;
    while let Some(byte) = cursor.peek() {
        match byte {
            b'\\' => cursor.at += 2,
            // Not closed: the compiler says so.
            b'\n' => return,
            _ => cursor.at += 1,
        }
        if byte == quote {
            return;
        }
    }
}

/// `go/build.parseGoEmbed`: a line that is none is passed over.
fn take(cursor: &mut Cursor<'_>, start: usize, line: &[u8], embeds: &mut Vec<Embed>) {
    const MARKER: &[u8] = b"//go:embed";
    let Some(rest) = line.strip_prefix(MARKER) else { return };
    let text = String::from_utf8_lossy(rest);
    let text = text.trim_end();
    if !text.starts_with(char::is_whitespace) {
        return;
    }
    let mut found = vec![];
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        if trimmed.is_empty() {
            break;
        }
        let (length, pattern) = if trimmed.starts_with(['"', '`']) {
            let quoted = quoted_prefix(trimmed.as_bytes());
            let parsed =
                quoted.and_then(|end| Some((end, unquote(trimmed.as_bytes().get(..end)?)?)));
            let Some((end, pattern)) = parsed else { return };
            let behind = trimmed.get(end..).unwrap_or_default();
            if !behind.is_empty() && !behind.starts_with(char::is_whitespace) {
                return;
            }
            (end, pattern)
        } else {
            let end = trimmed.find(char::is_whitespace).unwrap_or(trimmed.len());
            (end, trimmed.get(..end).unwrap_or_default().to_owned())
        };
        found.push((start + MARKER.len() + at, pattern));
        at += length;
    }
    for (place, pattern) in found {
        let (line, column) = cursor.position(place);
        embeds.push(Embed { pattern, line, column });
    }
}
