//! The build ID that `go tool buildid` prints.
//!
//! Source: `cmd/internal/buildid`: on ELF a note, else a marked text near the beginning of the code.

use crate::Container;
use object::ReadRef;

/// `buildid.readSize`: the linker puts it at the beginning of the code.
const NEAR: u64 = 32 << 10;
const BEFORE: &[u8] = b"\xff Go build ID: \"";
const BEHIND: &[u8] = b"\"\n \xff";

pub(crate) fn read<'a, R: ReadRef<'a>>(container: &Container<'a, R>) -> Option<String> {
    if let Ok(Some(section)) = container.section(&[".note.go.buildid"]) {
        return note(&section.data, container.is_little_endian());
    }
    let head = container.bytes(0, NEAR.min(container.size()))?;
    let start = find(head, BEFORE)? + BEFORE.len();
    let rest = head.get(start..)?;
    let text = rest.get(..find(rest, BEHIND)?)?;
    String::from_utf8(text.to_vec()).ok()
}

/// Name size, description size, type (4), `Go\0\0`, the text.
fn note(data: &[u8], little: bool) -> Option<String> {
    let word = |at: usize| {
        let bytes: [u8; 4] = data.get(at..at + 4)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let length = usize::try_from(word(4)?).ok()?;
    if word(0)? != 4 || word(8)? != 4 || data.get(12..16)? != b"Go\0\0" {
        return None;
    }
    String::from_utf8(data.get(16..16_usize.checked_add(length)?)?.to_vec()).ok()
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|window| window == needle)
}
