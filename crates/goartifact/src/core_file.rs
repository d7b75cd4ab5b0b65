//! What a core file of Linux still knows of the program that dumped it.
//!
//! Source: `fs/binfmt_elf.c` of Linux (`NT_FILE`: count, page size, then start, end and page offset of each mapping, then
//! the names) and core(5): file-backed private memory that was written is dumped, and so are the first pages of
//! mapped ELF files; read-only data and code are not. The build info stands in the data segment, the build ID's note
//! in the first page, so both are there by default.

use crate::source::Source;
use crate::{BuildInfo, Error, build_info, container};
use object::elf;
use object::read::elf::{ElfFile, FileHeader, ProgramHeader as _};
use object::{Endianness, File, FileKind, Object as _, ReadRef};
use std::fs::File as Disk;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

/// No process maps more files.
const MAX_MAPPINGS: u64 = 65_536;
/// Of a piece of memory so much is searched: the data segment of a program is smaller.
const MAX_SEARCH: u64 = 64 << 20;
/// Of all memory.
const MAX_TOTAL: u64 = 2 << 30;
/// The headers and notes of a program.
const HEAD: u64 = 16 << 10;
const NT_FILE: u32 = 0x4649_4c45;

/// A file that was mapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Its first address.
    pub start: u64,
    /// Behind its last.
    pub end: u64,
    /// Where in the file it begins, in bytes.
    pub offset: u64,
    /// The file.
    pub path: PathBuf,
}

/// What a core file knows.
#[derive(Clone, Debug, Default)]
pub struct Core {
    /// `amd64`, …
    pub arch: &'static str,
    /// The program that dumped it.
    pub program: Option<PathBuf>,
    /// The files that were mapped; none where the note is missing.
    pub mappings: Vec<Mapping>,
    /// What `go version -m` would show of the program.
    pub build_info: Option<BuildInfo>,
    /// What `go tool buildid` would show of it.
    pub build_id: Option<String>,
    /// What is not there, and why.
    pub gaps: Vec<String>,
}

/// A piece of memory that is in the file.
struct Piece {
    address: u64,
    offset: u64,
    size: u64,
}

/// Whether a file is a core file, by its header.
pub fn is_core(path: &Path) -> bool {
    // Whoever opens a pipe waits for the other end.
    if !std::fs::metadata(path).is_ok_and(|meta| meta.is_file()) {
        return false;
    }
    let mut head = [0; 18];
    let read = Disk::open(path).and_then(|mut file| file.read_exact(&mut head));
    // `e_type` stands behind the 16 bytes of `e_ident`; the sixth says the byte order.
    let kind = match head[5] {
        2 => u16::from_be_bytes([head[16], head[17]]),
        _ => u16::from_le_bytes([head[16], head[17]]),
    };
    read.is_ok() && head.starts_with(b"\x7fELF") && kind == elf::ET_CORE.0
}

/// Reads it.
///
/// # Errors
/// It cannot be opened, or is no ELF core file.
pub fn read_core(path: &Path) -> Result<Core, Error> {
    let io = |err: std::io::Error| Error::io(path, &err);
    let size = std::fs::metadata(path).map_err(io)?.len();
    let source = Source::open(path)?;
    let whole = source.range(0, size);
    let not = |_| source.refused().unwrap_or(Error::NoExecutable("no core file".into()));
    FileKind::parse(whole).map_err(not)?;
    let mut core = Core::default();
    let mut pieces = vec![];
    let file = File::parse(whole).map_err(not)?;
    if file.kind() != object::ObjectKind::Core {
        return Err(Error::NoExecutable("no core file".into()));
    }
    core.arch = container::arch_of(&file).0;
    match &file {
        File::Elf32(elf) => headers(elf, &mut core, &mut pieces),
        File::Elf64(elf) => headers(elf, &mut core, &mut pieces),
        _ => return Err(Error::NoExecutable("no core file of ELF".into())),
    }
    if pieces.iter().any(|it| it.offset.saturating_add(it.size) > size) {
        core.gaps.push("the file is cut off: memory that it names is not in it".into());
    }
    core.gaps.extend(source.refused().map(|err| err.to_string()));
    if core.mappings.is_empty() {
        core.gaps.push("it has no list of mapped files (NT_FILE)".into());
    }
    let mut disk = Disk::open(path).map_err(io)?;
    search(&mut disk, &pieces, &mut core);
    Ok(core)
}

fn headers<'a, Elf: FileHeader<Endian = Endianness>, R: ReadRef<'a>>(
    elf: &ElfFile<'a, Elf, R>,
    core: &mut Core,
    pieces: &mut Vec<Piece>,
) {
    let (endian, data) = (elf.endian(), elf.data());
    for header in elf.elf_program_headers() {
        if header.p_type(endian) == elf::PT_LOAD {
            pieces.push(Piece {
                address: header.p_vaddr(endian).into(),
                offset: header.p_offset(endian).into(),
                size: header.p_filesz(endian).into(),
            });
        }
        let Ok(Some(mut notes)) = header.notes(endian, data) else { continue };
        while let Ok(Some(note)) = notes.next() {
            if note.n_type(endian).0 == NT_FILE && note.name() == b"CORE" {
                let wide = elf.is_64();
                core.mappings = mappings(note.desc(), wide, elf.is_little_endian());
            }
        }
    }
}

fn mappings(note: &[u8], wide: bool, little: bool) -> Vec<Mapping> {
    let word = if wide { 8 } else { 4 };
    let number = |index: u64| {
        let at = usize::try_from(index).ok()?.checked_mul(word)?;
        let bytes = note.get(at..at.checked_add(word)?)?;
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Some(match little {
            true => bytes.iter().rev().fold(0, add),
            false => bytes.iter().fold(0, add),
        })
    };
    let read = || {
        let (count, page) = (number(0)?, number(1)?);
        let count = (count <= MAX_MAPPINGS).then_some(count)?;
        let names = usize::try_from((2 + count * 3) * word as u64).ok()?;
        let mut names = note.get(names..)?.split(|byte| *byte == 0);
        let mut all = vec![];
        for index in 0..count {
            let at = 2 + index * 3;
            all.push(Mapping {
                start: number(at)?,
                end: number(at + 1)?,
                offset: number(at + 2)?.saturating_mul(page),
                path: String::from_utf8_lossy(names.next()?).into_owned().into(),
            });
        }
        Some(all)
    };
    read().unwrap_or_default()
}

/// Looks for the build info in what was dumped, and for the build ID of the file it was mapped from.
fn search(disk: &mut Disk, pieces: &[Piece], core: &mut Core) {
    let mapped = |address: u64, mappings: &[Mapping]| {
        let found = mappings.iter().find(|it| (it.start..it.end).contains(&address));
        found.map(|it| it.path.clone())
    };
    let mut left = MAX_TOTAL;
    // Memory that a file was mapped to comes first: the heap may hold anything.
    let (mut files, others): (Vec<&Piece>, Vec<&Piece>) =
        pieces.iter().partition(|it| mapped(it.address, &core.mappings).is_some());
    if core.mappings.is_empty() {
        files.extend(others);
    }
    for piece in files {
        let size = piece.size.min(MAX_SEARCH).min(left);
        left -= size;
        let Some(memory) = bytes(disk, piece.offset, size) else { continue };
        let Some(found) = build_info::header(&memory) else { continue };
        let Ok(info) = build_info::parse(found) else { continue };
        // A plugin has one, too; the program is what loaded it.
        let is_plugin = info.setting("-buildmode") == Some("plugin");
        if core.build_info.is_none() || !is_plugin {
            core.program = mapped(piece.address, &core.mappings);
            core.build_info = Some(info);
            if !is_plugin {
                break;
            }
        }
    }
    if core.build_info.is_none() {
        core.gaps.push("no build info is in the memory that was dumped".into());
        core.program = core.mappings.first().map(|it| it.path.clone());
    }
    let first =
        core.mappings.iter().find(|it| it.offset == 0 && Some(&it.path) == core.program.as_ref());
    let head = match first {
        Some(first) => pieces.iter().find(|it| it.address == first.start),
        None => pieces.first(),
    };
    let head = head.and_then(|it| bytes(disk, it.offset, it.size.min(HEAD)));
    core.build_id = head.as_deref().and_then(build_id);
    if core.build_id.is_none() {
        core.gaps
            .push("the program's first page was not dumped, so its build ID is not there".into());
    }
}

fn bytes(disk: &mut Disk, offset: u64, size: u64) -> Option<Vec<u8>> {
    disk.seek(SeekFrom::Start(offset)).ok()?;
    let mut memory = vec![];
    disk.take(size).read_to_end(&mut memory).ok()?;
    Some(memory)
}

/// A note of Go's with type 4 in the first page: name size, description size, type, `Go\0\0`, the text.
fn build_id(head: &[u8]) -> Option<String> {
    for at in (12..head.len()).step_by(4) {
        if head.get(at..at + 4) != Some(b"Go\0\0") {
            continue;
        }
        let word = |at: usize| {
            let bytes: [u8; 4] = head.get(at..at + 4)?.try_into().ok()?;
            let (little, big) = (u32::from_le_bytes(bytes), u32::from_be_bytes(bytes));
            Some(little.min(big))
        };
        if (word(at - 12), word(at - 4)) == (Some(4), Some(4)) {
            let length = usize::try_from(word(at - 8)?).ok()?;
            let text = head.get(at + 4..at.checked_add(4)?.checked_add(length)?)?;
            return String::from_utf8(text.to_vec()).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A note of one mapping, as the kernel writes it.
    fn note() -> Vec<u8> {
        let words: [u64; 5] = [1, 4096, 0x40_0000, 0x40_1000, 3];
        let mut note: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        note.extend(b"/srv/payments\0");
        note
    }

    #[test]
    fn mapped_files_are_listed_with_their_places() {
        let all = mappings(&note(), true, true);
        let wanted = Mapping {
            start: 0x40_0000,
            end: 0x40_1000,
            offset: 12288,
            path: "/srv/payments".into(),
        };
        assert_eq!(all, [wanted]);
    }

    #[test]
    fn a_damaged_note_lists_nothing() {
        let whole = note();
        for length in 0..40 {
            assert_eq!(mappings(&whole[..length], true, true), []);
        }
        let mut huge = whole;
        huge[..8].copy_from_slice(&u64::MAX.to_le_bytes());
        assert_eq!(mappings(&huge, true, true), []);
    }
}
