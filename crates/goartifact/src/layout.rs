//! Where a file's headers say that it ends, and the places in it that are written after the link.

use crate::{Container, Format};
use object::macho::{LC_CODE_SIGNATURE, LC_UUID, LinkeditDataCommand};
use object::read::elf::{ElfFile, FileHeader};
use object::read::macho::{MachHeader, MachOFile};
use object::{Object as _, ObjectSection as _, ObjectSegment as _, ReadRef};
use std::ops::Range;

/// No linker writes more.
const MAX_SECTIONS: usize = 10_000;
/// Windows loads no more.
const MAX_WINDOWS: u64 = 96;
/// What the go command lets a program be called while it is linked.
const GO_IDENTIFIER: &[u8] = b"a.out\0";

/// What the headers say of the whole file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// Where it ends.
    pub(crate) end: u64,
    /// What the system's linker wrote as its ID.
    pub(crate) host_id: Option<Range<u64>>,
    /// Mach-O's code signature.
    pub(crate) code_signature: Option<Range<u64>>,
    /// Of a Windows image: a linker beside Go's wrote it (sections of C's start-up code), and a checksum with it.
    pub(crate) linked_outside: bool,
    /// Windows' signature.
    pub(crate) authenticode: Option<Authenticode>,
    /// It names a debug file (`.gnu_debuglink`).
    pub(crate) debug_link: bool,
    /// It has a symbol table; always where that is part of what the loader reads.
    pub(crate) symbol_table: bool,
    /// It has debug information.
    pub(crate) debug: bool,
    /// Of an ELF file: the section headers stand where Go's own linker puts them, and nothing else does.
    pub(crate) as_go_lays_out: bool,
    /// Of an ELF file from Go's own linker: the section headers do not stand where that puts them. Of a Mach-O file: a
    /// tool signed it in the linker's stead.
    pub(crate) written_anew: bool,
    /// Its code signature is no linker's.
    pub(crate) signed_anew: bool,
}

/// Windows' signature.
#[derive(Clone, Debug)]
pub(crate) struct Authenticode {
    /// Where the certificate begins; nothing of the program stands behind it.
    pub(crate) certificate: u64,
    /// Where it ends.
    pub(crate) end: u64,
    /// Header fields that the signer writes: the checksum, the certificate's place.
    pub(crate) fields: [Range<u64>; 2],
}

pub(crate) fn of<'a, R: ReadRef<'a>>(container: &Container<'a, R>) -> Layout {
    let mut layout = match &container.file {
        object::File::Elf32(file) => elf(file),
        object::File::Elf64(file) => elf(file),
        object::File::MachO32(file) => macho(file, container.data),
        object::File::MachO64(file) => macho(file, container.data),
        _ => pe(container),
    };
    let sections = || container.file.sections().take(MAX_SECTIONS);
    layout.debug = sections().any(|section| is_debug(section.name_bytes().unwrap_or_default()));
    let sections = sections().filter_map(|section| section.file_range());
    let segments = container.file.segments().take(MAX_SECTIONS).map(|segment| segment.file_range());
    let ends = sections.chain(segments).filter_map(|(start, size)| start.checked_add(size));
    layout.end = ends.fold(layout.end, u64::max).min(container.size());
    layout
}

/// Whether a section holds debug information, packed or not, by its name; a PE file cuts names to eight letters where it
/// has no table of strings.
fn is_debug(name: &[u8]) -> bool {
    let name = name.trim_ascii_start();
    let plain = name.strip_prefix(b".").or_else(|| name.strip_prefix(b"__")).unwrap_or_default();
    [&b"debug_"[..], b"zdebug_"].iter().any(|prefix| plain.starts_with(prefix))
}

fn elf<'a, Elf: FileHeader, R: ReadRef<'a>>(file: &ElfFile<'a, Elf, R>) -> Layout {
    let (header, endian) = (file.elf_header(), file.endian());
    let at: u64 = header.e_shoff(endian).into();
    let size = u64::from(header.e_shentsize(endian)) * u64::from(header.e_shnum(endian));
    let end = at.saturating_add(size);
    let mut layout = Layout { end, ..Layout::default() };
    let (mut foreign, mut first) = (false, u64::MAX);
    for section in file.sections().take(MAX_SECTIONS) {
        let (start, size) = section.file_range().unwrap_or_default();
        match section.name_bytes().unwrap_or_default() {
            b".note.gnu.build-id" if size > 16 => {
                // Behind the three words of a note and `GNU\0`.
                layout.host_id = start.checked_add(size).map(|end| start.saturating_add(16)..end);
            }
            b".gnu_debuglink" => layout.debug_link = true,
            b".symtab" => layout.symbol_table = true,
            // C compilers leave their name, and so does every outside linker.
            b".comment" | b".eh_frame" => foreign = true,
            _ => {}
        }
        if size > 0 {
            first = first.min(start);
        }
    }
    let of_go = !foreign && first != u64::MAX;
    layout.written_anew = of_go && at > first;
    layout.as_go_lays_out = of_go && at <= first;
    layout
}

fn macho<'a, Mach: MachHeader, R: ReadRef<'a>>(file: &MachOFile<'a, Mach, R>, data: R) -> Layout {
    let mut layout = Layout { symbol_table: true, ..Layout::default() };
    let endian = file.endian();
    let Ok(mut commands) = file.macho_load_commands() else { return layout };
    let mut at = size_of::<Mach>() as u64;
    while let Ok(Some(command)) = commands.next() {
        let size = command.raw_data().len() as u64;
        match command.cmd() {
            LC_UUID => layout.host_id = Some(at.saturating_add(8)..at.saturating_add(size)),
            LC_CODE_SIGNATURE => {
                if let Ok(found) = command.data::<LinkeditDataCommand<Mach::Endian>>() {
                    let start = u64::from(found.dataoff.get(endian));
                    let size = u64::from(found.datasize.get(endian));
                    layout.code_signature = Some(start..start + size);
                    // A program that is signed in a linker's stead is seldom still called as Go links it.
                    if let Some((by_linker, identifier)) = signer(data, start) {
                        layout.signed_anew = !by_linker;
                        layout.written_anew = by_linker && identifier != GO_IDENTIFIER;
                    }
                }
            }
            _ => {}
        }
        at = at.saturating_add(size);
    }
    layout
}

/// Whose a signature is: a linker's (`CS_LINKER_SIGNED`), and of what identifier. The first blob is the code
/// directory (`cmd/internal/codesign`, Apple's `cs_blobs.h`; the most significant byte comes first).
fn signer<'a, R: ReadRef<'a>>(data: R, at: u64) -> Option<(bool, &'a [u8])> {
    const LINKER_SIGNED: u32 = 0x2_0000;
    let number = |at: u64| {
        let bytes = data.read_bytes_at(at, 4).ok()?;
        <[u8; 4]>::try_from(bytes).ok().map(u32::from_be_bytes)
    };
    let directory = at.checked_add(number(at.checked_add(16)?)?.into())?;
    let flags = number(directory.checked_add(12)?)?;
    let identifier = directory.checked_add(number(directory.checked_add(20)?)?.into())?;
    let identifier = data.read_bytes_at(identifier, GO_IDENTIFIER.len() as u64).ok()?;
    Some((flags & LINKER_SIGNED != 0, identifier))
}

/// The optional header of a Windows image: the checksum, the fifth of the data directories.
fn pe<'a, R: ReadRef<'a>>(container: &Container<'a, R>) -> Layout {
    let mut layout = Layout::default();
    if container.format() != Format::Pe {
        return layout;
    }
    let number = |at: u64, length: u64| {
        let bytes = container.bytes(at, length)?;
        Some(bytes.iter().rev().fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte)))
    };
    let mut read = || {
        let header = number(0x3c, 4)?.checked_add(4)?;
        // The symbol table, and behind it the strings, which begin with their length.
        let (symbols, count) = (number(header + 8, 4)?, number(header + 12, 4)?);
        if symbols > 0 {
            let strings = symbols + count * 18;
            layout.end = strings + number(strings, 4).unwrap_or_default();
        }
        layout.symbol_table = count > 0;
        let (sections, optional) = (number(header + 2, 2)?, header + 20);
        let table = optional + number(header + 16, 2)?;
        for at in (0..sections.min(MAX_WINDOWS)).map(|section| table + section * 40) {
            // As many bytes as are in the file; a section may need fewer.
            layout.end = layout.end.max(number(at + 16, 4)? + number(at + 20, 4)?);
            let outside = [&b".CRT\0"[..], b".tls\0"].contains(&container.bytes(at, 5)?);
            layout.linked_outside |= outside;
            // lld writes none into a Windows image.
            layout.symbol_table |= outside;
        }
        let wide = number(optional, 2)? == 0x20b;
        let directories = optional + if wide { 112 } else { 96 };
        let security = directories + 4 * 8;
        let (place, size) = (number(security, 4)?, number(security + 4, 4)?);
        if place > 0 && size > 0 && number(directories - 4, 4)? > 4 {
            let fields = [optional + 64..optional + 68, security..security + 8];
            let end = place + size;
            layout.authenticode = Some(Authenticode { certificate: place, end, fields });
        }
        Some(())
    };
    // What is cut off has no more to say.
    let _ = read();
    layout
}
