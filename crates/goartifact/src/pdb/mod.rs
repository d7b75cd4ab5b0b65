//! Program databases: what Windows' debuggers know functions, lines and source files by.
//!
//! A reader of our own: what is read is small (two headers, the list of modules, public symbols, procedures,
//! file names), and a file may be hostile, so that each list is held against the file before memory is taken.
//! Source of the format: LLVM's `docs/PDB`, Microsoft's `microsoft-pdb`.

mod find;
mod modules;
mod msf;
mod pair;
mod paths;

pub use find::{Found, find, symbol_folders};
pub use pair::{Against, Coverage, Mismatch, coverage, mismatches};
pub use paths::{Broken, Rules, is_machine_local};

use crate::Error;
use modules::Records;
use msf::{Msf, u16_at, u32_at};
use serde::Serialize;
use std::io::{Read, Seek};

/// Numbers of streams that are the same in every PDB.
const INFO: u32 = 1;
const DBI: u32 = 3;
const IPI: u32 = 4;
/// The header of the DBI stream.
const DBI_HEADER: usize = 64;
/// Named streams are some ten, of short names; one per natvis file and source that was put in.
const MAX_NAMED: usize = 1 << 16;
const MAX_STREAM_NAME: usize = 1 << 10;
const S_PUB32: u16 = 0x110e;
const LF_STRING_ID: u16 = 0x1605;

/// What ties an image to its PDB: written into both by the linker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeView {
    /// As debuggers write it: `{C3E51690-9463-A2F4-4C4C-44205044422E}`.
    pub guid: String,
    /// How often the linker wrote it.
    pub age: u32,
    /// Where the PDB was when it was linked.
    pub path: String,
}

/// A place in a section of the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// From 1 on.
    pub segment: u16,
    /// From the section's beginning.
    pub offset: u32,
}

/// What a path in a PDB is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PathKind {
    /// The PDB's own, in the image.
    PdbFile,
    /// A source file that lines refer to.
    Source,
    /// An object file or library.
    Object,
    /// The linker's folder, program or command line.
    Linker,
    /// The compiler's folder, program, command line or main file.
    Compiler,
}

/// A PDB, read.
#[derive(Debug, Serialize)]
pub struct Pdb {
    /// As debuggers write it.
    pub guid: String,
    /// Of the info stream: how often the PDB was written.
    pub age: u32,
    /// Of the DBI stream: the one that debuggers hold against the image.
    pub dbi_age: Option<u32>,
    /// `IMAGE_FILE_MACHINE_…`; none where no linker wrote it.
    pub machine: Option<u16>,
    /// Bytes of a block.
    pub block_size: u32,
    /// Streams.
    pub streams: usize,
    /// Object files.
    pub modules: usize,
    /// Those of them that have a stream of their own.
    pub modules_with_symbols: usize,
    /// Whether private symbols were left out (`/PDBSTRIPPED`).
    pub stripped: bool,
    /// Whether sources can be fetched by what `pdbstr` wrote.
    pub srcsrv: bool,
    /// Whether sources can be fetched by source link.
    pub source_link: bool,
    /// Public symbols; several may be at one place.
    pub public_symbols: usize,
    /// Where public symbols are, sorted, each place once.
    #[serde(skip)]
    pub publics: Vec<Place>,
    /// Where procedures begin, static ones too; sorted.
    #[serde(skip)]
    pub procedures: Vec<Place>,
    /// Code that has lines, with its length in bytes; sorted.
    #[serde(skip)]
    pub lines: Vec<(Place, u32)>,
    /// What came compiled, without debug information: members of archives, and C's start-up objects. Sorted.
    #[serde(skip)]
    prebuilt: Vec<(Place, u32)>,
    /// Each once, sorted.
    #[serde(skip)]
    pub paths: Vec<(PathKind, String)>,
    /// What could not be read, and why.
    pub gaps: Vec<String>,
}

/// Sixteen bytes as a GUID is written: the first three numbers are little-endian.
pub(crate) fn guid(bytes: &[u8; 16]) -> String {
    let [a, b, c, d, e, f, g, h, rest @ ..] = *bytes;
    let number = u32::from_le_bytes([a, b, c, d]);
    let (second, third) = (u16::from_le_bytes([e, f]), u16::from_le_bytes([g, h]));
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    let (fourth, fifth) = rest.split_at(2);
    format!("{{{number:08X}-{second:04X}-{third:04X}-{}-{}}}", hex(fourth), hex(fifth))
}

impl Pdb {
    /// Reads a PDB. Streams that tell nothing of functions, lines and paths are not read.
    ///
    /// # Errors
    /// It is no PDB, it is cut off, or its header or its list of streams contradicts itself.
    pub fn read(file: impl Read + Seek) -> Result<Self, Error> {
        let mut msf = Msf::open(file)?;
        let cut_off = || Error::malformed("the info stream is cut off");
        let info = msf.stream(INFO)?.ok_or_else(cut_off)?;
        let id: &[u8; 16] =
            info.get(12..28).and_then(|id| id.try_into().ok()).ok_or_else(cut_off)?;
        let named = named_streams(info.get(28..).unwrap_or_default());
        let stream = |name: &str| {
            let known = |wanted: &str| wanted == name || wanted.starts_with(&format!("{name}$"));
            named.iter().flatten().find(|(wanted, _)| known(wanted)).map(|(_, number)| *number)
        };
        let mut pdb = Self {
            guid: guid(id),
            age: u32_at(&info, 8).ok_or_else(cut_off)?,
            dbi_age: None,
            machine: None,
            block_size: msf.block_size(),
            streams: msf.streams(),
            modules: 0,
            modules_with_symbols: 0,
            stripped: false,
            srcsrv: stream("srcsrv").is_some(),
            source_link: stream("sourcelink").is_some(),
            public_symbols: 0,
            publics: vec![],
            procedures: vec![],
            lines: vec![],
            prebuilt: vec![],
            paths: vec![],
            gaps: vec![],
        };
        if named.is_none() {
            pdb.gaps.push("the names of streams cannot be read".into());
        }
        let names = match stream("/names") {
            Some(number) => msf.stream(number)?.unwrap_or_default(),
            None => vec![],
        };
        // A signature, a version, a size; then the names.
        pdb.dbi(&mut msf, names.get(12..).unwrap_or_default())?;
        Ok(pdb)
    }

    /// The debug information: who was linked, and what is public.
    fn dbi<F: Read + Seek>(&mut self, msf: &mut Msf<F>, names: &[u8]) -> Result<(), Error> {
        let dbi = msf.stream(DBI)?.unwrap_or_default();
        if dbi.is_empty() {
            // A PDB of types alone, as the compiler makes it (`/Zi`).
            return Ok(());
        }
        let cut_off = || Error::malformed("the DBI stream is cut off");
        let word = |at: usize| u32_at(&dbi, at).ok_or_else(cut_off);
        let half = |at: usize| u16_at(&dbi, at).ok_or_else(cut_off);
        if word(0)? != u32::MAX {
            return Err(Error::malformed("the DBI stream has no header"));
        }
        self.dbi_age = Some(word(8)?);
        self.stripped = half(56)? & 2 != 0;
        self.machine = Some(half(58)?);
        let list = DBI_HEADER.checked_add(word(24)? as usize);
        let list = list.and_then(|end| dbi.get(DBI_HEADER..end)).ok_or_else(cut_off)?;
        let (hash, records) = (msf.stream(half(16)?)?, msf.stream(half(20)?)?);
        let records = records.unwrap_or_default();
        match publics(&hash.unwrap_or_default(), &records) {
            Some(publics) => self.publics = publics,
            None => self.gaps.push("the public symbols cannot be read".into()),
        }
        drop(records);
        let places = word(28)? as usize;
        let places = dbi.get(DBI_HEADER + list.len()..).and_then(|rest| rest.get(..places));
        let prebuilt = self.modules(msf, list, names)?;
        match contributions(places.ok_or_else(cut_off)?, &prebuilt) {
            Some(places) => self.prebuilt = places,
            None => self.gaps.push("what came from which object file cannot be read".into()),
        }
        for (kind, record) in Records(ids(&msf.stream(IPI)?.unwrap_or_default())) {
            if kind == LF_STRING_ID
                && let Some((text, _)) = record.get(4..).and_then(modules::c_string)
                && !text.is_empty()
            {
                self.paths.push((PathKind::Compiler, String::from_utf8_lossy(text).into_owned()));
            }
        }
        self.public_symbols = self.publics.len();
        self.publics.sort_unstable();
        self.publics.dedup();
        self.procedures.sort_unstable();
        self.procedures.dedup();
        self.lines.sort_unstable();
        self.prebuilt.sort_unstable();
        self.paths.sort_unstable();
        self.paths.dedup();
        Ok(())
    }

    /// Per object file whether it came compiled.
    fn modules<F: Read + Seek>(
        &mut self,
        msf: &mut Msf<F>,
        list: &[u8],
        names: &[u8],
    ) -> Result<Vec<bool>, Error> {
        let (listed, broken) = modules::list(list);
        if broken {
            self.gaps.push("the list of object files is damaged".into());
        }
        let mut found = modules::Found::default();
        let mut unread = 0_usize;
        let mut prebuilt = vec![];
        // Two modules have no stream in common; a list that says so would take a long time.
        let mut seen = std::collections::BTreeSet::new();
        for module in &listed {
            found.path(PathKind::Object, module.module);
            found.path(PathKind::Object, module.object);
            prebuilt.push(module.is_prebuilt());
            let Some(number) = module.stream else { continue };
            self.modules_with_symbols += 1;
            let data = if seen.insert(number) { msf.stream(number)? } else { None };
            if data.and_then(|data| found.module(module, &data, names)).is_none() {
                unread += 1;
            }
        }
        if unread > 0 {
            let all = self.modules_with_symbols;
            self.gaps.push(format!("of {all} object files with symbols, {unread} cannot be read"));
        }
        self.modules = listed.len();
        self.procedures = found.procedures;
        self.lines = found.lines;
        self.paths = found.paths.into_iter().collect();
        Ok(prebuilt)
    }

    /// Whether a public symbol is here.
    pub fn is_public(&self, place: Place) -> bool {
        self.publics.binary_search(&place).is_ok()
    }

    /// Whether a debugger names what begins here.
    pub fn names(&self, place: Place) -> bool {
        self.is_public(place) || self.procedures.binary_search(&place).is_ok()
    }

    /// Whether the code here has a line.
    pub fn has_line(&self, place: Place) -> bool {
        holds(&self.lines, place)
    }

    /// Whether the code here came compiled, without debug information.
    pub fn is_prebuilt(&self, place: Place) -> bool {
        holds(&self.prebuilt, place)
    }
}

/// Whether one of these pieces, which are sorted and apart, holds the place.
fn holds(pieces: &[(Place, u32)], place: Place) -> bool {
    let at = pieces.partition_point(|(start, _)| *start <= place);
    let before = at.checked_sub(1).and_then(|at| pieces.get(at));
    before.is_some_and(|(start, length)| {
        start.segment == place.segment && place.offset - start.offset < *length
    })
}

/// The places of these object files, from the list of what came from where: a version, then section, offset,
/// size, flags, object file, two checksums, and in the second version a word more. None where it is damaged.
fn contributions(data: &[u8], wanted: &[bool]) -> Option<Vec<(Place, u32)>> {
    if data.is_empty() {
        return Some(vec![]);
    }
    let entry = match u32_at(data, 0)? {
        0xf12e_ba2d => 28,
        0xf131_51e4 => 32,
        _ => return None,
    };
    let one = |entry: &[u8]| {
        let place = Place { offset: u32_at(entry, 4)?, segment: u16_at(entry, 0)? };
        let size = u32_at(entry, 8)?;
        let object = usize::from(u16_at(entry, 16)?);
        wanted.get(object).copied().unwrap_or(false).then_some((place, size))
    };
    Some(data.get(4..)?.chunks_exact(entry).filter_map(one).collect())
}

/// The names of streams, from a hash table: a buffer of names, then pairs of a name's place and a number.
/// None where it is damaged.
fn named_streams(data: &[u8]) -> Option<Vec<(String, u32)>> {
    let size = u32_at(data, 0)? as usize;
    let names = data.get(4..size.checked_add(4)?)?;
    let table = data.get(size + 4..)?;
    let count = u32_at(table, 0)? as usize;
    // Bits of entries that are there, and of those that were; each with their number of words in front.
    let present = u32_at(table, 8)? as usize;
    let deleted_at = present.checked_mul(4)?.checked_add(12)?;
    let deleted = u32_at(table, deleted_at)? as usize;
    let entries = table.get(deleted_at.checked_add(4)?.checked_add(deleted.checked_mul(4)?)?..)?;
    if count > (entries.len() / 8).min(MAX_NAMED) {
        return None;
    }
    let entry = |index: usize| {
        let name = names.get(u32_at(entries, index * 8)? as usize..)?;
        let name = name.get(..MAX_STREAM_NAME).unwrap_or(name);
        let text = String::from_utf8_lossy(modules::c_string(name)?.0).into_owned();
        Some((text, u32_at(entries, index * 8 + 4)?))
    };
    (0..count).map(entry).collect()
}

/// The public symbols that the hash table lists: what is in the records and not in the table is of a link
/// before this one. None where the table is damaged.
///
/// `PSGSIHDR` (28 bytes), `GSIHashHdr` (16 bytes: -1, version, bytes of records, buckets), records of
/// eight bytes: a symbol's place plus one, a count.
fn publics(hash: &[u8], records: &[u8]) -> Option<Vec<Place>> {
    if hash.is_empty() {
        return Some(vec![]);
    }
    let table = hash.get(28..)?;
    let size = u32_at(table, 8)? as usize;
    let entries = table.get(16..size.checked_add(16)?)?;
    let one = |at: usize| {
        let place = (u32_at(entries, at)? as usize).checked_sub(1)?;
        let (kind, record, _) = modules::record(records, place)?;
        let place = Place { offset: u32_at(record, 4)?, segment: u16_at(record, 8)? };
        (kind == S_PUB32).then_some(place)
    };
    (0..entries.len()).step_by(8).map(one).collect()
}

/// The records of the ID stream, behind its header, which says how long both are.
fn ids(ipi: &[u8]) -> &[u8] {
    let records = || {
        let (header, size) = (u32_at(ipi, 4)? as usize, u32_at(ipi, 16)? as usize);
        ipi.get(header..header.checked_add(size)?)
    };
    records().unwrap_or_default()
}
