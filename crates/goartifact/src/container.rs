//! The file around the program: sections by name or address, whatever the format.

use crate::Error;
use object::read::elf::{FileHeader, SectionHeader as _};
use object::read::macho::{
    FatArch as _, MachHeader as _, MachOFatFile32, MachOFatFile64, Segment as _,
};
use object::{
    Architecture, BinaryFormat, Endianness, File, FileKind, Object as _, ObjectSection as _,
    ObjectSegment as _, ReadRef, SectionKind, elf, macho,
};
use serde::Serialize;
use std::borrow::Cow;

/// What is unpacked may be so many times as large as the file, and a bit.
const MAX_RATIO: u64 = 8;
const MAX_EXTRA: u64 = 64 << 20;
/// Sections do not share bytes; where they claim so many times the file together, reading each has no end.
const MAX_SHARED: u64 = 4;

/// The container's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Linux and most others.
    Elf,
    /// macOS, iOS.
    MachO,
    /// Windows.
    Pe,
}

/// The processor, by Go's name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Arch(pub &'static str);

/// A parsed container.
pub struct Container<'a, R: ReadRef<'a>> {
    pub(crate) file: File<'a, R>,
    pub(crate) data: R,
    size: u64,
    format: Format,
    /// What a section may be as long as once it is unpacked.
    pub(crate) unpacked: u64,
}

/// A section that was found.
#[derive(Clone, Debug)]
pub(crate) struct Section<'a> {
    pub(crate) address: u64,
    pub(crate) data: Cow<'a, [u8]>,
}

/// Where the programs of a file are: the whole of it, or one part per architecture.
pub(crate) fn parts<'a, R: ReadRef<'a>>(data: R, size: u64) -> Result<Vec<(u64, u64)>, Error> {
    /// No fat file has more.
    const MAX: usize = 16;
    let kind = FileKind::parse(data).map_err(|_| Error::NoExecutable(what(data)))?;
    let fat: Vec<(u64, u64)> = match kind {
        FileKind::MachOFat32 => {
            let file = MachOFatFile32::parse(data)?;
            file.arches()
                .iter()
                .take(MAX)
                .map(|arch| (arch.offset().into(), arch.size().into()))
                .collect()
        }
        FileKind::MachOFat64 => {
            let file = MachOFatFile64::parse(data)?;
            file.arches().iter().take(MAX).map(|arch| (arch.offset(), arch.size())).collect()
        }
        _ => return Ok(vec![(0, size)]),
    };
    for (offset, length) in &fat {
        if offset.checked_add(*length).is_none_or(|end| end > size) {
            return Err(Error::malformed(
                "an architecture of the universal file lies outside of it",
            ));
        }
    }
    Ok(fat)
}

/// A section's bytes, and how they are packed. Where the format has no flag for it, Go writes `.zdebug_…`
/// sections that begin with `ZLIB` and the size (`debug/pe`, `debug/macho`).
fn zlib<'a, R: ReadRef<'a>>(
    section: &object::Section<'a, '_, R>,
) -> Result<object::CompressedData<'a>, Error> {
    let packed = section.compressed_data()?;
    let named = section
        .name()
        .is_ok_and(|name| name.starts_with(".zdebug_") || name.starts_with("__zdebug_"));
    let size = packed.data.get(4..12).and_then(|size| <[u8; 8]>::try_from(size).ok());
    match (packed.data.get(12..), size) {
        (Some(data), Some(size))
            if named
                && packed.format == object::CompressionFormat::None
                && packed.data.starts_with(b"ZLIB") =>
        {
            let format = object::CompressionFormat::Zlib;
            Ok(object::CompressedData { format, data, uncompressed_size: u64::from_be_bytes(size) })
        }
        _ => Ok(packed),
    }
}

/// A word about a file that is no executable.
fn what<'a, R: ReadRef<'a>>(data: R) -> String {
    let head = data.read_bytes_at(0, 8).or_else(|()| data.read_bytes_at(0, 2)).unwrap_or_default();
    match head {
        [] => "it is empty".into(),
        [b'#', b'!', ..] => "it is a script".into(),
        [b'!', b'<', b'a', b'r', b'c', b'h', ..] => {
            "it is an archive; name a linked program".into()
        }
        [0x1f, 0x8b, ..] => "it is gzip data; unpack it first".into(),
        [b'P', b'K', ..] => "it is a zip file; unpack it first".into(),
        [0, b'a', b's', b'm', ..] => "WebAssembly holds none of this".into(),
        _ => "neither ELF nor Mach-O nor PE".into(),
    }
}

/// Behind a part of the file.
fn end((offset, length): (u64, u64)) -> u64 {
    offset.saturating_add(length)
}

/// The processor that a file is for.
pub(crate) fn arch_of<'a, R: ReadRef<'a>>(file: &File<'a, R>) -> Arch {
    let little = file.is_little_endian();
    Arch(match file.architecture() {
        Architecture::X86_64 => "amd64",
        Architecture::I386 => "386",
        Architecture::Aarch64 => "arm64",
        Architecture::Arm => "arm",
        Architecture::Riscv64 => "riscv64",
        Architecture::S390x => "s390x",
        Architecture::PowerPc64 if little => "ppc64le",
        Architecture::PowerPc64 => "ppc64",
        Architecture::LoongArch64 => "loong64",
        Architecture::Mips if little => "mipsle",
        Architecture::Mips => "mips",
        Architecture::Mips64 if little => "mips64le",
        Architecture::Mips64 => "mips64",
        _ => "unknown",
    })
}

/// The end of what the headers of an ELF or Mach-O file tell of, where they are there themselves.
fn reach<'a, R: ReadRef<'a>>(data: R) -> Option<u64> {
    match FileKind::parse(data).ok()? {
        FileKind::Elf32 => reach_of_elf::<elf::FileHeader32<Endianness>, R>(data),
        FileKind::Elf64 => reach_of_elf::<elf::FileHeader64<Endianness>, R>(data),
        FileKind::MachO64 => {
            let header = macho::MachHeader64::<Endianness>::parse(data, 0).ok()?;
            let endian = header.endian().ok()?;
            let mut commands = header.load_commands(endian, data, 0).ok()?;
            let mut reach = None;
            while let Ok(Some(command)) = commands.next() {
                if let Ok(Some((segment, _))) = command.segment_64() {
                    let range = (segment.fileoff(endian), segment.filesize(endian));
                    reach = reach.max(Some(end(range)));
                }
            }
            reach
        }
        _ => None,
    }
}

fn reach_of_elf<'a, H: FileHeader<Endian = Endianness>, R: ReadRef<'a>>(data: R) -> Option<u64> {
    let header = H::parse(data).ok()?;
    let endian = header.endian().ok()?;
    // A table of sections may be large, and may lie behind all else.
    let count = u64::from(header.e_shnum(endian));
    let table = count.saturating_mul(u64::from(header.e_shentsize(endian)));
    let table: u64 = header.e_shoff(endian).into().checked_add(table)?;
    let Ok(sections) = header.section_headers(endian, data) else { return Some(table) };
    let ends = sections
        .iter()
        .filter_map(|section| section.file_range(endian))
        .map(|(offset, length)| offset.saturating_add(length));
    Some(ends.fold(table, u64::max))
}

impl<'a, R: ReadRef<'a>> Container<'a, R> {
    /// What is missing at the end of a file that could be parsed all the same: what its segments (Mach-O) or sections
    /// (ELF, PE) have in the file.
    pub(crate) fn cut_off(&self) -> Option<Error> {
        let ends: Option<u64> = match self.format {
            Format::MachO => self.file.segments().map(|it| it.file_range()).map(end).max(),
            // A debug file has segments that are not there.
            Format::Elf | Format::Pe => {
                self.file.sections().filter_map(|it| it.file_range()).map(end).max()
            }
        };
        let wanted = ends.filter(|end| *end > self.size)?;
        Some(Error::CutOff { there: self.size, wanted })
    }

    /// Parses the headers.
    ///
    /// # Errors
    /// It is no linked ELF, Mach-O or PE file, is cut off, or its sections lie over each other.
    pub fn parse(data: R, size: u64) -> Result<Self, Error> {
        let file = File::parse(data).map_err(|err| match reach(data) {
            Some(end) if end > size => Error::CutOff { there: size, wanted: end },
            _ => Error::NoExecutable(err.to_string().to_lowercase()),
        })?;
        let format = match file.format() {
            BinaryFormat::Elf => Format::Elf,
            BinaryFormat::MachO => Format::MachO,
            BinaryFormat::Pe => Format::Pe,
            other => return Err(Error::NoExecutable(format!("{other:?} is not read"))),
        };
        if file.kind() == object::ObjectKind::Core {
            return Err(Error::NoExecutable(
                "it is a core file; name the program that dumped it".into(),
            ));
        }
        if file.kind() == object::ObjectKind::Relocatable {
            return Err(Error::NoExecutable(
                "it is an object file, not yet linked; name a linked program".into(),
            ));
        }
        let lengths = file.sections().filter_map(|section| section.file_range());
        let claimed = lengths.fold(0_u64, |sum, (_, length)| sum.saturating_add(length.min(size)));
        let unpacked = size.saturating_mul(MAX_RATIO).saturating_add(MAX_EXTRA);
        let container = Self { file, data, size, format, unpacked };
        if claimed > size.saturating_mul(MAX_SHARED) {
            let over = || Error::malformed("its sections lie over each other");
            return Err(container.cut_off().unwrap_or_else(over));
        }
        Ok(container)
    }

    /// The format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The processor.
    pub fn arch(&self) -> Arch {
        arch_of(&self.file)
    }

    /// Whether the least significant byte comes first.
    pub(crate) fn is_little_endian(&self) -> bool {
        self.file.is_little_endian()
    }

    /// Bytes of the file itself.
    pub(crate) fn bytes(&self, offset: u64, length: u64) -> Option<&'a [u8]> {
        self.data.read_bytes_at(offset, length).ok()
    }

    /// The first of these sections that is there, unpacked where it is packed.
    pub(crate) fn section(&self, names: &[&str]) -> Result<Option<Section<'a>>, Error> {
        for name in names {
            if let Some(section) = self.file.section_by_name(name) {
                return Ok(Some(Section {
                    address: section.address(),
                    data: self.unpack(&section)?,
                }));
            }
        }
        Ok(None)
    }

    /// A section's bytes; what is packed is unpacked, up to a limit.
    pub(crate) fn unpack(
        &self,
        section: &object::Section<'a, '_, R>,
    ) -> Result<Cow<'a, [u8]>, Error> {
        let packed = zlib(section)?;
        let limit = self.unpacked;
        if packed.format != object::CompressionFormat::None && packed.uncompressed_size > limit {
            return Err(Error::TooLarge {
                section: section.name().unwrap_or_default().to_owned(),
                claimed: packed.uncompressed_size,
                limit,
            });
        }
        Ok(packed.decompress()?)
    }

    /// Sections that hold data and no code, with their names.
    pub(crate) fn data_sections(
        &self,
    ) -> impl Iterator<Item = (String, object::Section<'a, '_, R>)> {
        let kinds = |kind| {
            matches!(
                kind,
                SectionKind::Data
                    | SectionKind::ReadOnlyData
                    | SectionKind::ReadOnlyDataWithRel
                    | SectionKind::ReadOnlyString
            )
        };
        let sections = self.file.sections().filter(move |section| kinds(section.kind()));
        sections.map(|section| (section.name().unwrap_or_default().to_owned(), section))
    }

    /// Bytes at an address.
    pub(crate) fn at(&self, address: u64, length: u64) -> Option<&'a [u8]> {
        let holds = |section: &object::Section<'a, '_, R>| {
            address >= section.address() && address - section.address() < section.size()
        };
        let section = self.file.sections().find(holds)?;
        section.data_range(address, length).ok().flatten()
    }

    /// The address of the code.
    pub(crate) fn text(&self) -> Option<(u64, u64)> {
        let names = [".text", "__text"];
        let section = names.iter().find_map(|name| self.file.section_by_name(name))?;
        Some((section.address(), section.size()))
    }
}
