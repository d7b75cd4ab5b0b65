//! Whether a program was changed after Go linked it.
//!
//! The last of the four parts of a program's build ID is a hash of the program with that ID taken for zeros. Who changes
//! a program later seldom writes a new one.
//!
//! Source: `updateBuildID` of `cmd/go/internal/work/buildid.go`, and `cmd/internal/buildid/rewrite.go`: left out are a
//! Mach-O file's code signature and, from Go 1.24 on, what a linker wrote as its own ID (`.note.gnu.build-id`, `LC_UUID`).

use crate::linker_flags::LinkerFlags;
use crate::zeroed::{Piece, Stream};
use crate::{BuildInfo, Container, layout, layout::Layout};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use object::ReadRef;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::io::{self, Read};
use std::ops::Range;

/// Larger is no program that Go links (code and data are reached by 32 bits); it is not read.
pub const MAX_PROGRAM: u64 = 8 << 30;

/// Whether a program is as Go linked it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum AfterLink {
    /// It is, to the last byte.
    Intact,
    /// What Go linked is whole, and something was put to it.
    Added {
        /// What.
        what: Vec<Added>,
    },
    /// It is not.
    Changed {
        /// What tells who did it; empty where it leaves no trace.
        signs: Vec<Change>,
    },
    /// It cannot be told.
    Unknown {
        /// Why.
        why: WhyUnknown,
    },
}

/// What was put to a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Added {
    /// Windows' Authenticode: a certificate behind the program, its place and a checksum in the headers.
    Signature,
    /// So many bytes behind it.
    Bytes {
        /// How many.
        count: u64,
    },
}

/// A trace of what changed a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// `.gnu_debuglink`: `objcopy --add-gnu-debuglink` wrote it.
    DebugLink,
    /// No symbol table, and the build info tells no `-ldflags=-s`.
    Stripped,
    /// A symbol table and no debug information, and the build info tells neither `-s` nor `-w`.
    DebugRemoved,
    /// strip, objcopy, patchelf and the like write the file anew. Of an ELF file: the section headers stand at the end,
    /// where Go's own linker puts them at the beginning.
    WrittenAnew,
    /// A code signature that no linker made: it was signed with a certificate.
    SignedAnew,
    /// Bytes behind the program, and it is changed, too.
    Appended,
    /// All else is as Go's own linker puts it in an ELF file, and what writes such a file anew does not: only bytes were
    /// changed. What a C linker wrote, and Mach-O and PE files, do not tell it.
    InPlace,
}

/// Why it cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyUnknown {
    /// It has no build ID: `-ldflags=-buildid=`, or another tool than the go command.
    NoBuildId,
    /// Its build ID is not of the four parts that the go command writes: `-ldflags=-buildid=…`, Bazel, garble.
    OtherBuildId,
    /// A Windows program with C code was signed: the checksum that its own linker wrote is overwritten, and the hash is
    /// over that, too.
    Signed,
    /// Larger than [`MAX_PROGRAM`], or nearly all of it is holes.
    TooLarge,
    /// It could not be read to its end.
    Unreadable,
}

impl Added {
    /// As a person says it.
    pub fn text(self) -> String {
        match self {
            Self::Signature => "signed (Authenticode)".into(),
            Self::Bytes { count } => format!("{count} bytes behind it"),
        }
    }
}

impl Change {
    /// As a person says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DebugLink => "a link to a debug file was added (objcopy --add-gnu-debuglink)",
            Self::Stripped => "its symbol table was removed (strip)",
            Self::DebugRemoved => "its debug information was removed (strip -g)",
            Self::WrittenAnew => "the file was written anew (strip, objcopy, patchelf)",
            Self::SignedAnew => "it was signed anew (codesign)",
            Self::Appended => "bytes were put behind it",
            Self::InPlace => {
                "in place: no bytes came or went, so it was no strip, objcopy or signature"
            }
        }
    }
}

impl WhyUnknown {
    /// As a person says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoBuildId => "it has no build ID",
            Self::OtherBuildId => "its build ID is not of the go command's",
            Self::Signed => {
                "a signature overwrote the checksum that its own linker had written, and the hash covers that"
            }
            Self::TooLarge => "it is too large",
            Self::Unreadable => "it could not be read to its end",
        }
    }
}

impl<'a, R: ReadRef<'a>> Container<'a, R> {
    /// Whether it was changed after Go linked it; reads all bytes, piece by piece.
    pub fn after_link(&self) -> AfterLink {
        after_link(self, MAX_PROGRAM, || Ok(Bytes { of: self, at: 0 }))
    }
}

/// The same, of bytes that are read from elsewhere: what is read through a cache stays in memory.
pub(crate) fn after_link<'a, R: ReadRef<'a>, From: Read>(
    container: &Container<'a, R>,
    limit: u64,
    open: impl Fn() -> io::Result<From>,
) -> AfterLink {
    let unknown = |why| AfterLink::Unknown { why };
    let Some(id) = container.build_id().filter(|id| !id.is_empty()) else {
        return unknown(WhyUnknown::NoBuildId);
    };
    let Some(content) = content_part(&id) else { return unknown(WhyUnknown::OtherBuildId) };
    if container.size() > limit.min(MAX_PROGRAM) {
        return unknown(WhyUnknown::TooLarge);
    }
    let layout = layout::of(container);
    let matches = |view: &View| Ok::<_, io::Error>(view.hash(open()?, &id)? == content);
    let judged = || {
        // One time is enough for an untouched program; the others are of older Gos, and of what was put to it.
        for (view, added) in views(&layout, container.size()) {
            if matches(&view)? {
                return Ok(if added.is_empty() {
                    AfterLink::Intact
                } else {
                    AfterLink::Added { what: added }
                });
            }
        }
        if layout.authenticode.is_some() && layout.linked_outside {
            return Ok(unknown(WhyUnknown::Signed));
        }
        if container.cut_off().is_some() {
            return Ok(unknown(WhyUnknown::Unreadable));
        }
        Ok::<_, io::Error>(AfterLink::Changed { signs: signs(container, &layout) })
    };
    judged().unwrap_or(unknown(WhyUnknown::Unreadable))
}

/// The hash that the go command wrote: the last of four parts of 20 letters each (`buildid.HashToString`).
fn content_part(id: &str) -> Option<&str> {
    let parts: Vec<&str> = id.split('/').collect();
    let of_hash = |part: &&str| part.len() == 20 && URL_SAFE_NO_PAD.decode(part).is_ok();
    (parts.len() == 4 && parts.iter().all(of_hash)).then(|| parts.last().copied()).flatten()
}

/// A file as it may have been when it was hashed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct View {
    /// Bytes that count as zeros.
    zero: Vec<Range<u64>>,
    /// Bytes from here on do not count.
    length: u64,
}

impl View {
    fn hash(&self, from: impl Read, id: &str) -> io::Result<String> {
        let mut sha = Sha256::new();
        let zeros = vec![0; id.len()];
        let source = Blanked { from: from.take(self.length), view: self, at: 0 };
        let read = Stream::begin(source)?.pieces(id, |piece| match piece {
            Piece::Bytes(bytes) => sha.update(bytes),
            Piece::Id(_) => sha.update(&zeros),
        })?;
        if read < self.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let hash: [u8; 32] = sha.finalize().into();
        Ok(URL_SAFE_NO_PAD.encode(&hash[..15]))
    }
}

/// All ways in which it may have been hashed, with what must have been put to it since.
fn views(layout: &Layout, size: u64) -> Vec<(View, Vec<Added>)> {
    let signature: Vec<Range<u64>> = layout.code_signature.clone().into_iter().collect();
    let with_host: Vec<Range<u64>> =
        layout.host_id.clone().into_iter().chain(signature.clone()).collect();
    let mut zero = vec![with_host];
    if layout.host_id.is_some() {
        // Before Go 1.24.
        zero.push(signature);
    }
    let mut all: Vec<(View, Vec<Added>)> =
        zero.iter().map(|zero| (View { zero: zero.clone(), length: size }, vec![])).collect();
    if let Some(signed) = layout.authenticode.as_ref().filter(|it| it.certificate <= size) {
        let mut fields = signed.fields.to_vec();
        fields.extend(zero.first().cloned().unwrap_or_default());
        // The signer pads to eight bytes.
        let ends = [signed.certificate, layout.end.min(signed.certificate)];
        for length in ends {
            let mut added = vec![Added::Signature];
            // Before the certificate, and behind it: there it is not signed.
            let before = signed.certificate.saturating_sub(length);
            let behind = size.saturating_sub(signed.end);
            for count in [before, behind].into_iter().filter(|count| *count >= 8) {
                added.push(Added::Bytes { count });
            }
            all.push((View { zero: fields.clone(), length }, added));
        }
    } else if layout.end < size {
        let count = size - layout.end;
        for zero in zero {
            all.push((View { zero, length: layout.end }, vec![Added::Bytes { count }]));
        }
    }
    all
}

/// What tells who changed it.
fn signs<'a, R: ReadRef<'a>>(container: &Container<'a, R>, layout: &Layout) -> Vec<Change> {
    let info = container.build_info().ok().flatten();
    let told = info.as_ref().is_some_and(BuildInfo::tells_linker_flags);
    let flags = info.as_ref().and_then(|info| info.setting("-ldflags"));
    let flags = flags.map(LinkerFlags::of).unwrap_or_default();
    let lost_symbols = told && !flags.drop_symbols() && !layout.symbol_table;
    let lost_debug = told && !flags.drop_debug() && !flags.c_linker_strips() && !layout.debug;
    let signs = [
        (layout.debug_link, Change::DebugLink),
        (lost_symbols, Change::Stripped),
        (lost_debug && layout.symbol_table, Change::DebugRemoved),
        (layout.written_anew, Change::WrittenAnew),
        (layout.signed_anew, Change::SignedAnew),
        (layout.end < container.size(), Change::Appended),
    ];
    let mut signs: Vec<Change> =
        signs.into_iter().filter_map(|(holds, sign)| holds.then_some(sign)).collect();
    if signs.is_empty() && layout.as_go_lays_out {
        signs.push(Change::InPlace);
    }
    signs
}

/// A stream, some bytes of which are zeros.
struct Blanked<'a, From> {
    from: From,
    view: &'a View,
    at: u64,
}

impl<From: Read> Read for Blanked<'_, From> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        let (start, end) = (self.at, self.at + read as u64);
        for zero in &self.view.zero {
            let within = zero.start.clamp(start, end)..zero.end.clamp(start, end);
            let place = |at: u64| usize::try_from(at - start).unwrap_or(read);
            if let Some(bytes) = buffer.get_mut(place(within.start)..place(within.end)) {
                bytes.fill(0);
            }
        }
        self.at = end;
        Ok(read)
    }
}

/// A container's bytes as a stream.
struct Bytes<'c, 'a, R: ReadRef<'a>> {
    of: &'c Container<'a, R>,
    at: u64,
}

impl<'a, R: ReadRef<'a>> Read for Bytes<'_, 'a, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.of.size().saturating_sub(self.at).min(buffer.len() as u64);
        if left == 0 {
            return Ok(0);
        }
        let bytes = self.of.bytes(self.at, left).ok_or(io::ErrorKind::UnexpectedEof)?;
        let count = bytes.len().min(buffer.len());
        buffer[..count].copy_from_slice(&bytes[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_is_the_last_of_four_hashes() {
        let hash = "up5zMRkh2CJrmW8y9mh-";
        let id = format!("{hash}/{hash}/{hash}/Se2E7EGKAe5DgVJweMHc");
        assert_eq!(content_part(&id), Some("Se2E7EGKAe5DgVJweMHc"));
        for other in ["redacted", "a/b/c/d", &format!("{hash}/{hash}"), &id[..id.len() - 1]] {
            assert_eq!(content_part(other), None, "{other}");
        }
    }

    #[test]
    fn a_view_has_zeros_where_it_says() {
        let view = View { zero: vec![2..4, 90..95], length: 6 };
        let mut bytes = vec![];
        let mut blanked = Blanked { from: &b"abcdefgh"[..], view: &view, at: 0 };
        blanked.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, b"ab\0\0efgh");
    }
}
