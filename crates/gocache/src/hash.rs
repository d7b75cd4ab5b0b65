//! An object's hashes: of its bytes, and of a package's bytes with its build ID zeroed.

use crate::judge::Object;
use crate::{Id, Kind, file, parse_archive, program};
use goartifact::{Piece, Stream};
use sha2::{Digest as _, Sha256};
use std::io::{self, Read};
use std::path::Path;

/// Larger is no output of a build; it is not read.
pub const MAX_OBJECT: u64 = 16 << 30;
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
fn hash(from: impl Read, is_program: bool) -> io::Result<Object> {
    let stream = Stream::begin(from)?;
    let mut object = Object::default();
    object.look(stream.head(), is_program);
    let archive = object.archive.as_ref();
    let id = archive.and_then(|head| head.build_id.as_ref()).map(|id| id.0.clone());
    let id = id.unwrap_or_default();
    let mut whole = Sha256::new();
    if id.is_empty() {
        object.size = stream.pieces("", |piece| match piece {
            Piece::Bytes(bytes) | Piece::Id(bytes) => whole.update(bytes),
        })?;
    } else {
        let mut both = Both { whole, ..Both::default() };
        object.size = stream.pieces(&id, |piece| both.update(piece))?;
        object.content = Some(Id(both.zeroed.finalize().into()).short());
        whole = both.whole;
    }
    object.sha256 = Some(Id(whole.finalize().into()));
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

/// So many bytes go into one hash and then into the other: two blocks. A processor with instructions for SHA-256
/// waits for each one's result; within its reach, what it does next for the other hash fills the wait, and both together
/// take one and a half times as long as one.
const STEP: usize = 128;

/// The hash of the bytes, and that with the build ID taken for zeros
/// ([`FindAndHash`](https://go.dev/src/cmd/internal/buildid/rewrite.go)).
#[derive(Default)]
struct Both {
    whole: Sha256,
    zeroed: Sha256,
    /// Bytes so far: steps shall end where blocks end.
    length: usize,
}

impl Both {
    fn update(&mut self, piece: Piece<'_>) {
        let bytes = match piece {
            Piece::Bytes(bytes) => bytes,
            Piece::Id(id) => {
                self.whole.update(id);
                self.zeroed.update(vec![0; id.len()]);
                self.length += id.len();
                return;
            }
        };
        let first = (STEP - self.length % STEP).min(bytes.len());
        let (first, rest) = bytes.split_at(first);
        for step in std::iter::once(first).chain(rest.chunks(STEP)) {
            self.whole.update(step);
            self.zeroed.update(step);
        }
        self.length += bytes.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use memchr::memmem::Finder;
    use proptest::prelude::*;

    /// What is read at once.
    const CHUNK: usize = 128 << 10;

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
