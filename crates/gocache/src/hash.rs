//! An object's hashes: of its bytes, and of a package's bytes with its build ID zeroed.

use crate::judge::Object;
use crate::{Id, Kind, file, parse_archive, program};
use memchr::memmem::Finder;
use sha2::{Digest as _, Sha256};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Larger is no output of a build; it is not read.
pub const MAX_OBJECT: u64 = 16 << 30;
/// What is read at once: it stays in the processor's cache while it is hashed twice.
const CHUNK: usize = 128 << 10;
/// Room before it for the end of the chunk before: no build ID is longer.
const MARGIN: usize = 128;
/// Reads and hashes a file; or its size, where that is too large.
pub(crate) fn read_object(path: &Path, is_program: bool) -> io::Result<Result<Object, u64>> {
    let (file, found) = file::open(path)?;
    if found.len() > MAX_OBJECT {
        return Ok(Err(found.len()));
    }
    // What grows while it is read shall not keep us forever.
    hash(file.take(MAX_OBJECT), is_program).map(Ok)
}

/// Hashes an object: as it is, and a package once more with its build ID zeroed.
fn hash(mut from: impl Read, is_program: bool) -> io::Result<Object> {
    let mut buffer = vec![0; MARGIN + CHUNK];
    let mut object = Object::default();
    let mut whole = Sha256::new();
    let mut zeroed: Option<Zeroed> = None;
    loop {
        let read = fill(&mut from, &mut buffer[MARGIN..])?;
        let chunk = &buffer[MARGIN..MARGIN + read];
        if object.size == 0 {
            object.look(chunk, is_program);
            let id = object.archive.as_ref().and_then(|head| head.build_id.as_ref());
            zeroed = id.map(|id| Zeroed::new(&id.0));
        }
        whole.update(chunk);
        object.size += read as u64;
        if let Some(zeroed) = &mut zeroed {
            zeroed.update(&mut buffer, read);
        }
        if read < CHUNK {
            break;
        }
    }
    object.sha256 = Some(Id(whole.finalize().into()));
    object.content = zeroed.map(|zeroed| zeroed.finish(&buffer).short());
    Ok(object)
}

impl Object {
    /// Learns what it is from how it begins.
    fn look(&mut self, head: &[u8], is_program: bool) {
        if is_program {
            self.kind = Kind::Program;
            self.program_id = program::program_build_id(head);
        } else {
            self.kind = Kind::of(head);
            self.archive = parse_archive(head);
        }
    }
}

/// Fills the buffer as far as the file goes.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(err) if err.kind() == ErrorKind::Interrupted => {}
            Err(err) => return Err(err),
        }
    }
    Ok(filled)
}

/// A hash that takes each occurrence of a build ID for zeros
/// ([`FindAndHash`](https://go.dev/src/cmd/internal/buildid/rewrite.go)).
struct Zeroed {
    finder: Finder<'static>,
    sha: Sha256,
    /// Bytes before the chunk that are not hashed yet: an occurrence may begin in them.
    held: usize,
}

impl Zeroed {
    fn new(id: &str) -> Self {
        Self { finder: Finder::new(id.as_bytes()).into_owned(), sha: Sha256::new(), held: 0 }
    }

    /// Takes so many bytes at [`MARGIN`]; what it holds back stands before them.
    fn update(&mut self, buffer: &mut [u8], read: usize) {
        let length = self.finder.needle().len();
        let (mut from, end) = (MARGIN - self.held, MARGIN + read);
        while let Some(at) = self.finder.find(&buffer[from..end]) {
            buffer[from + at..from + at + length].fill(0);
            self.sha.update(&buffer[from..from + at + length]);
            from += at + length;
        }
        self.held = (length - 1).min(end - from);
        self.sha.update(&buffer[from..end - self.held]);
        buffer.copy_within(end - self.held..end, MARGIN - self.held);
    }

    fn finish(mut self, buffer: &[u8]) -> Id {
        self.sha.update(&buffer[MARGIN - self.held..MARGIN]);
        Id(self.sha.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A package whose build ID stands wherever it likes.
    fn package(places: &[usize], length: usize, action: &str) -> Vec<u8> {
        let id = |content: &str| format!("{action}/{content}");
        let mut bytes =
            format!("!<arch>\n{:<58}`\ngo object linux amd64 go1.26.8 X:none\n", "__.PKGDEF");
        bytes += &format!("build id \"{}\"\n", id(&"0".repeat(20)));
        let mut bytes = bytes.into_bytes();
        let head = bytes.len();
        bytes.resize(length.max(head), 7);
        let mut end = head;
        for place in places {
            let place = (*place).max(end);
            if place + 41 <= bytes.len() {
                bytes[place..place + 41].copy_from_slice(id(&"0".repeat(20)).as_bytes());
                end = place + 41;
            }
        }
        bytes
    }

    fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
        let mut out = bytes.to_vec();
        let places: Vec<usize> = Finder::new(from).find_iter(bytes).collect();
        places.iter().for_each(|at| out[*at..*at + from.len()].copy_from_slice(to));
        out
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// What Go does when it stores a package: zeros, hash, then the hash in the ID.
        #[test]
        fn the_content_id_is_found_wherever_the_build_id_stands(
            near in prop::collection::vec(CHUNK - 90..CHUNK + 90, 0..3),
            far in prop::collection::vec(0usize..3 * CHUNK, 0..4),
            length in 200usize..3 * CHUNK,
        ) {
            let action = "a".repeat(20);
            let mut places = [near, far].concat();
            places.sort_unstable();
            let bytes = package(&places, length, &action);
            let placeholder = format!("{action}/{}", "0".repeat(20));
            let zeroed = replaced(&bytes, placeholder.as_bytes(), &[0; 41]);
            let content = Id(Sha256::digest(&zeroed).into()).short();
            let stored = replaced(&bytes, placeholder.as_bytes(), format!("{action}/{content}").as_bytes());
            let object = hash(&stored[..], false).unwrap();
            prop_assert_eq!(object.sha256, Some(Id(Sha256::digest(&stored).into())));
            prop_assert_eq!(object.content.as_deref(), Some(content.as_str()));
            prop_assert_eq!(object.size, stored.len() as u64);
        }
    }
}
