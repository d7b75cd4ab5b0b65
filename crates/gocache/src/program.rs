//! The build ID of a linked program
//! ([`readBinary`](https://go.dev/src/cmd/internal/buildid/buildid.go)).

use crate::BuildId;
use memchr::memmem;

/// Go looks for it in so many bytes.
pub(crate) const HEAD: usize = 32 << 10;
/// In the text of Windows and other programs.
const RAW: &[u8] = b"\xff Go build ID: \"";
const RAW_END: &[u8] = b"\"\n \xff";
/// In a note of ELF: the type 4, then the name.
const NOTE: &[u8] = b"\x04\0\0\0Go\0\0";

/// The build ID in the first bytes of a program; none where it is not among them. Mach-O programs
/// have the raw form, as far down as their first segment, which is often beyond.
pub fn program_build_id(head: &[u8]) -> Option<BuildId> {
    let head = &head[..head.len().min(HEAD)];
    let text = if head.starts_with(b"\x7fELF") {
        let at = memmem::find(head, NOTE)?;
        let length = u32::from_le_bytes(head.get(at.checked_sub(4)?..at)?.try_into().ok()?);
        let from = at + NOTE.len();
        head.get(from..from.checked_add(usize::try_from(length).ok()?)?)?
    } else {
        let from = memmem::find(head, RAW)? + RAW.len();
        let length = memmem::find(&head[from..], RAW_END)?;
        &head[from..from + length]
    };
    BuildId::of_go(std::str::from_utf8(text).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ID: &str =
        "aaaaaaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbbbbbb/cccccccccccccccccccc/dddddddddddddddddddd";

    #[test]
    fn both_forms_are_found() {
        let raw = "MZ..\0".to_owned();
        let mut windows = raw.into_bytes();
        windows.extend_from_slice(RAW);
        windows.extend_from_slice(ID.as_bytes());
        windows.extend_from_slice(RAW_END);
        assert_eq!(program_build_id(&windows).unwrap().0, ID);
        let mut elf = b"\x7fELF......\x04\0\0\0".to_vec();
        elf.extend_from_slice(&u32::try_from(ID.len()).unwrap().to_le_bytes());
        elf.extend_from_slice(NOTE);
        elf.extend_from_slice(ID.as_bytes());
        assert_eq!(program_build_id(&elf).unwrap().0, ID);
        assert_eq!(program_build_id(&elf[..elf.len() - 1]), None);
        assert_eq!(program_build_id(b"#!/bin/sh"), None);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(before: Vec<u8>, length: u32, after: Vec<u8>) {
            for head in [&b"\x7fELF"[..], b"MZ"] {
                let mut bytes = [head, &before].concat();
                bytes.extend_from_slice(&length.to_le_bytes());
                bytes.extend_from_slice(NOTE);
                bytes.extend_from_slice(RAW);
                bytes.extend_from_slice(&after);
                let _ = program_build_id(&bytes);
            }
        }
    }
}
