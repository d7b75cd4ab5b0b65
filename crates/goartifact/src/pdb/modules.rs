//! What a PDB says of each object file: procedures, lines, source files, the linker's command line.
//!
//! Source: LLVM's `docs/PDB/ModiStream.rst`, `DbiStream.rst`; Microsoft's `cvinfo.h`.

use super::msf::{u16_at, u32_at};
use super::{PathKind, Place};
use std::collections::{BTreeSet, HashSet};

const S_OBJNAME: u16 = 0x1101;
const S_PROCEDURES: [u16; 4] = [0x110f, 0x1110, 0x1146, 0x1147];
const S_ENVBLOCK: u16 = 0x113d;
const DEBUG_S_LINES: u32 = 0xf2;
const DEBUG_S_FILECHKSMS: u32 = 0xf4;
/// The linker sets this where a section of the object is to be skipped.
const DEBUG_S_IGNORE: u32 = 0x8000_0000;

/// An object file in the list of the DBI stream.
pub(super) struct Listed<'a> {
    pub(super) module: &'a [u8],
    pub(super) object: &'a [u8],
    pub(super) stream: Option<u16>,
    pub(super) symbols: usize,
    pub(super) c11: usize,
    pub(super) c13: usize,
}

impl Listed<'_> {
    /// Whether it came compiled, without debug information, as C's libraries and start-up objects do: a member of an
    /// archive goes by another name than its file.
    pub(super) fn is_prebuilt(&self) -> bool {
        let name =
            self.object.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or_default();
        let start_up = name.starts_with(b"crt") || name.starts_with(b"dllcrt");
        let empty = self.stream.is_none() || self.symbols <= 4 && self.c13 == 0;
        empty && (self.module != self.object || start_up)
    }
}

/// The list; it ends early where it is damaged, which the second value says.
pub(super) fn list(mut data: &[u8]) -> (Vec<Listed<'_>>, bool) {
    let mut all = vec![];
    while !data.is_empty() {
        let Some((one, rest)) = listed(data) else { return (all, true) };
        all.push(one);
        data = rest;
    }
    (all, false)
}

/// `ModInfo`: 64 bytes, two names, filled up to a multiple of four.
fn listed(data: &[u8]) -> Option<(Listed<'_>, &[u8])> {
    let word = |at| u32_at(data, at).map(|word| word as usize);
    let names = data.get(64..)?;
    let (module, behind) = c_string(names)?;
    let (object, behind) = c_string(behind)?;
    let used = data.len() - behind.len();
    let one = Listed {
        module,
        object,
        stream: u16_at(data, 34).filter(|stream| *stream != u16::MAX),
        symbols: word(36)?,
        c11: word(40)?,
        c13: word(44)?,
    };
    Some((one, data.get(used.next_multiple_of(4)..).unwrap_or_default()))
}

/// Up to the zero, and what is behind it.
pub(super) fn c_string(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = data.iter().position(|byte| *byte == 0)?;
    Some((data.get(..end)?, data.get(end + 1..)?))
}

/// What was found in modules.
#[derive(Default)]
pub(super) struct Found {
    pub(super) procedures: Vec<Place>,
    /// Code that has lines, with its length.
    pub(super) lines: Vec<(Place, u32)>,
    pub(super) paths: BTreeSet<(PathKind, String)>,
    /// Places of names that were looked up; headers are listed by each object file.
    names: HashSet<u32>,
    /// Bytes of such names: in a damaged file they overlap.
    read: usize,
}

/// A path of Windows has at most 32,767 letters.
const MAX_PATH: usize = 32 << 10;
/// No PDB has so much of source files' names.
const MAX_NAMES: usize = 64 << 20;

impl Found {
    pub(super) fn path(&mut self, kind: PathKind, text: &[u8]) {
        if !text.is_empty() {
            self.paths.insert((kind, String::from_utf8_lossy(text).into_owned()));
        }
    }

    /// A module's stream; none where it contradicts itself.
    pub(super) fn module(&mut self, listed: &Listed<'_>, data: &[u8], names: &[u8]) -> Option<()> {
        let lines_at = listed.symbols.checked_add(listed.c11)?;
        // The first word is a version.
        self.symbols(data.get(4.min(listed.symbols)..listed.symbols)?)?;
        self.subsections(data.get(lines_at..lines_at.checked_add(listed.c13)?)?, names)
    }

    fn symbols(&mut self, data: &[u8]) -> Option<()> {
        let mut records = Records(data);
        for (kind, record) in records.by_ref() {
            match kind {
                S_OBJNAME => {
                    self.path(PathKind::Object, c_string(record.get(4..)?)?.0);
                }
                S_ENVBLOCK => {
                    let mut rest = record.get(1..)?;
                    while let Some((text, behind)) = c_string(rest).filter(|it| !it.0.is_empty()) {
                        self.path(PathKind::Linker, text);
                        rest = behind;
                    }
                }
                // Parent, end, next, length, start and end of the body, type; offset, segment.
                kind if S_PROCEDURES.contains(&kind) => self
                    .procedures
                    .push(Place { offset: u32_at(record, 28)?, segment: u16_at(record, 32)? }),
                _ => {}
            }
        }
        records.0.is_empty().then_some(())
    }

    fn subsections(&mut self, mut data: &[u8], names: &[u8]) -> Option<()> {
        while !data.is_empty() {
            let (kind, length) = (u32_at(data, 0)?, u32_at(data, 4)? as usize);
            let end = length.checked_add(8)?;
            let body = data.get(8..end)?;
            match kind {
                kind if kind & DEBUG_S_IGNORE != 0 => {}
                DEBUG_S_LINES => self.lines(body)?,
                DEBUG_S_FILECHKSMS => self.files(body, names)?,
                _ => {}
            }
            data = data.get(end.next_multiple_of(4)..).unwrap_or_default();
        }
        Some(())
    }

    /// Offset, segment, flags, length; then per file its checksum's place, lines, bytes.
    fn lines(&mut self, body: &[u8]) -> Option<()> {
        let place = Place { offset: u32_at(body, 0)?, segment: u16_at(body, 4)? };
        let length = u32_at(body, 8)?;
        let mut rest = body.get(12..)?;
        let mut any = false;
        while !rest.is_empty() {
            any |= u32_at(rest, 4)? > 0;
            let size = u32_at(rest, 8)? as usize;
            rest = rest.get(size.max(12)..)?;
        }
        if any {
            self.lines.push((place, length));
        }
        Some(())
    }

    /// Per file the place of its name, the length of its checksum, the kind.
    fn files(&mut self, mut body: &[u8], names: &[u8]) -> Option<()> {
        while !body.is_empty() {
            let (at, length) = (u32_at(body, 0)?, usize::from(*body.get(4)?));
            if self.names.insert(at) {
                let name = names.get(at as usize..)?;
                let (name, _) = c_string(name.get(..MAX_PATH).unwrap_or(name))?;
                self.read += name.len();
                if self.read > MAX_NAMES {
                    return None;
                }
                self.path(PathKind::Source, name);
            }
            body = body.get((6 + length).next_multiple_of(4)..).unwrap_or_default();
        }
        Some(())
    }
}

/// Records: length without itself, kind, data. What is left is not empty where one is damaged.
pub(super) struct Records<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, record, length) = record(self.0, 0)?;
        self.0 = self.0.get(length..)?;
        Some((kind, record))
    }
}

/// The record here: its kind, its data, and how long it is in all.
pub(super) fn record(data: &[u8], at: usize) -> Option<(u16, &[u8], usize)> {
    let length = usize::from(u16_at(data, at)?);
    let kind = u16_at(data, at.checked_add(2)?)?;
    let record = data.get(at + 4..(at + 2).checked_add(length)?)?;
    Some((kind, record, length + 2))
}
