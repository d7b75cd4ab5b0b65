//! What a program says of itself: toolchain and main module
//! ([`debug/buildinfo`](https://go.dev/src/debug/buildinfo/buildinfo.go), the form of Go 1.18 and later).

use crate::file;
use memchr::memmem::Finder;
use std::io::Read as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// What stands before it.
const MAGIC: &[u8] = b"\xff Go buildinf:";
/// The magic, the size of a pointer, flags, and room.
const HEADER: usize = 32;
/// The flag: the texts follow, no pointers.
const INLINE: u8 = 2;
/// It lies on addresses that this divides.
const ALIGN: u64 = 16;
/// Sixteen bytes on each side of the modules, which linkers and shells do not print.
const SENTINEL: usize = 16;
/// So much is read of a program; the information lies in its data, after its code.
const MAX_READ: u64 = 512 << 20;
/// The texts are not longer.
const MAX_TEXT: usize = 1 << 20;
/// What is read at once.
const CHUNK: usize = 1 << 20;

/// What a program says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildInfo {
    /// The toolchain: `go1.26.8`.
    pub version: String,
    /// The import path of its main package; the toolchain's own begin with `cmd/`.
    pub path: Option<String>,
    /// The main module, `path@version`.
    pub module: Option<String>,
}

/// Looks for it in a file; none where it is no Go program, or one from before Go 1.18.
pub fn build_info(path: &Path) -> Option<BuildInfo> {
    let (file, _) = file::open(path).ok()?;
    let at = find(&file)?;
    let mut texts = vec![0; HEADER + MAX_TEXT];
    let read = file.read_at(&mut texts, at).ok()?;
    parse_build_info(&texts[..read])
}

/// Where it begins.
fn find(file: &std::fs::File) -> Option<u64> {
    let finder = Finder::new(MAGIC);
    let mut buffer = vec![0; CHUNK + MAGIC.len()];
    let (mut held, mut offset) = (0, 0);
    let mut from = file.take(MAX_READ);
    loop {
        let read = from.read(&mut buffer[held..]).ok()?;
        if read == 0 {
            return None;
        }
        let filled = held + read;
        for at in finder.find_iter(&buffer[..filled]) {
            let at = offset + at as u64;
            // The text in the code that looks for it lies elsewhere.
            if at.is_multiple_of(ALIGN) {
                return Some(at);
            }
        }
        held = filled.min(MAGIC.len() - 1);
        buffer.copy_within(filled - held..filled, 0);
        offset += (filled - held) as u64;
    }
}

/// Reads it from where it begins.
pub fn parse_build_info(bytes: &[u8]) -> Option<BuildInfo> {
    let flags = *bytes.strip_prefix(MAGIC)?.get(1)?;
    if flags & INLINE == 0 {
        return None;
    }
    let (version, rest) = text(bytes.get(HEADER..)?)?;
    let version = std::str::from_utf8(version).ok()?.to_owned();
    let modules = text(rest).and_then(|(modules, _)| {
        let inside = SENTINEL..modules.len().checked_sub(SENTINEL)?;
        std::str::from_utf8(modules.get(inside)?).ok()
    });
    let mut info = BuildInfo { version, ..BuildInfo::default() };
    for line in modules.unwrap_or_default().lines() {
        let mut words = line.split('\t');
        match (words.next(), words.next(), words.next()) {
            (Some("path"), Some(path), _) => info.path = Some(path.to_owned()),
            (Some("mod"), Some(path), Some(version)) => {
                info.module = Some(format!("{path}@{version}"))
            }
            _ => {}
        }
    }
    Some(info)
}

/// A text after its length, a varint (`binary.Uvarint`).
fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut length = 0_usize;
    for (i, byte) in bytes.iter().take(4).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return bytes.get(i + 1..)?.split_at_checked(length);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_the_linker_writes_is_read() {
        let mut bytes = [MAGIC, &[8, 2]].concat();
        bytes.resize(HEADER, 0);
        bytes.push(8);
        bytes.extend_from_slice(b"go1.26.8");
        let modules =
            "path\texample.com/m/cmd/x\nmod\texample.com/m\tv1.2.3\th1:abc=\ndep\tx\tv1\n";
        let length = modules.len() + 2 * SENTINEL;
        bytes.extend_from_slice(&[
            u8::try_from(length & 0x7f).unwrap() | 0x80,
            u8::try_from(length >> 7).unwrap(),
        ]);
        bytes.extend_from_slice(&[0xee; SENTINEL]);
        bytes.extend_from_slice(modules.as_bytes());
        bytes.extend_from_slice(&[0xee; SENTINEL]);
        let info = parse_build_info(&bytes).unwrap();
        assert_eq!(info.version, "go1.26.8");
        assert_eq!(info.path.as_deref(), Some("example.com/m/cmd/x"));
        assert_eq!(info.module.as_deref(), Some("example.com/m@v1.2.3"));
        bytes[MAGIC.len() + 1] = 0;
        assert_eq!(parse_build_info(&bytes), None);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes: Vec<u8>) {
            let mut all = [MAGIC, &[8, 2]].concat();
            all.resize(HEADER, 0);
            all.extend_from_slice(&bytes);
            let _ = parse_build_info(&all);
            let _ = parse_build_info(&bytes);
        }
    }
}
