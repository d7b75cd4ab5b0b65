//! Bytes of a stream in which an ID is found: Go hashes what it built with the build ID taken for zeros.

use memchr::memmem::Finder;
use std::io::{self, ErrorKind, Read};

/// What is read at once: it stays in the processor's cache while it is hashed.
const CHUNK: usize = 128 << 10;

/// A piece of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Bytes outside of the ID.
    Bytes(&'a [u8]),
    /// The ID itself, where it stands.
    Id(&'a [u8]),
}

/// Hands on all bytes in their order, the ID by itself wherever it stands, and returns how many there were. An empty
/// ID is nowhere.
///
/// Source: `FindAndHash` of `cmd/internal/buildid`, which searches from left to right without overlap.
///
/// # Errors
/// Those of the stream.
pub fn pieces(mut from: impl Read, id: &[u8], mut take: impl FnMut(Piece<'_>)) -> io::Result<u64> {
    let finder = Finder::new(id);
    // The end of a chunk in which an ID may have begun stands before the next chunk.
    let keep = id.len().saturating_sub(1);
    let mut buffer = vec![0; keep + CHUNK];
    let (mut held, mut all) = (0, 0);
    loop {
        let read = fill(&mut from, &mut buffer[held..held + CHUNK])?;
        all += read as u64;
        let mut rest = &buffer[..held + read];
        while let Some(at) = finder.find(rest).filter(|_| !id.is_empty()) {
            take(Piece::Bytes(&rest[..at]));
            take(Piece::Id(&rest[at..at + id.len()]));
            rest = &rest[at + id.len()..];
        }
        if read < CHUNK {
            take(Piece::Bytes(rest));
            return Ok(all);
        }
        let kept = keep.min(rest.len());
        take(Piece::Bytes(&rest[..rest.len() - kept]));
        let end = held + read;
        buffer.copy_within(end - kept..end, 0);
        held = kept;
    }
}

/// Fills the buffer as far as the stream goes.
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn blanked(bytes: &[u8], id: &[u8]) -> Vec<u8> {
        let mut out = vec![];
        let read = pieces(bytes, id, |piece| match piece {
            Piece::Bytes(bytes) => out.extend_from_slice(bytes),
            Piece::Id(id) => out.extend(id.iter().map(|_| 0)),
        });
        assert_eq!(read.unwrap(), bytes.len() as u64);
        out
    }

    #[test]
    fn an_empty_id_is_nowhere() {
        assert_eq!(blanked(b"abc", b""), b"abc");
        assert_eq!(blanked(b"", b"abc"), b"");
    }

    #[test]
    fn occurrences_do_not_overlap() {
        assert_eq!(blanked(b"aaaab", b"aaa"), b"\0\0\0ab");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn it_is_found_also_across_chunks(
            near in prop::collection::vec(CHUNK - 90..CHUNK + 90, 0..3),
            far in prop::collection::vec(0usize..3 * CHUNK, 0..4),
            length in 0usize..3 * CHUNK,
        ) {
            let id = b"0123456789abcdefghij/0123456789abcdefghij";
            let mut places = [near, far].concat();
            places.sort_unstable();
            let (mut bytes, mut wanted) = (vec![7; length], vec![7; length]);
            let mut end = 0;
            for place in places {
                if place >= end && place + id.len() <= length {
                    end = place + id.len();
                    bytes[place..end].copy_from_slice(id);
                    wanted[place..end].fill(0);
                }
            }
            prop_assert_eq!(blanked(&bytes, id), wanted);
        }
    }
}
