//! The parts of a container as they are, for those who compare or measure whole programs.

use crate::{BuildInfo, Container, Error, Pclntab};
use object::{Object as _, ObjectSection as _, ObjectSymbol as _, ReadRef, SectionKind};
use std::borrow::Cow;

/// No linker writes more sections, symbols or relocations.
const MAX_SECTIONS: usize = 10_000;
const MAX_SYMBOLS: usize = 20_000_000;

/// What a section is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Machine code.
    Code,
    /// Data that is loaded.
    Data,
    /// Loaded, and without bytes in the file.
    Zero,
    /// Debug information.
    Debug,
    /// Symbol tables, notes, relocations, and the like.
    Other,
}

/// A section.
#[derive(Clone, Debug)]
pub struct RawSection<'a> {
    /// Its name.
    pub name: String,
    /// Where it is loaded; 0 where it is not.
    pub address: u64,
    /// Bytes when it is loaded.
    pub size: u64,
    /// Where its bytes are in the file.
    pub offset: u64,
    /// What it is for.
    pub purpose: Purpose,
    /// Its bytes in the file, packed where they are packed.
    pub data: &'a [u8],
}

/// A symbol with a place.
#[derive(Clone, Copy, Debug)]
pub struct RawSymbol<'a> {
    /// Its name, without the underscore that Mach-O puts in front.
    pub name: &'a [u8],
    /// Where it is.
    pub address: u64,
    /// Bytes; 0 where the format has no sizes.
    pub size: u64,
    /// Whether it is in a section of code.
    pub code: bool,
}

impl<'a, R: ReadRef<'a>> Container<'a, R> {
    /// All sections, in the order of their headers.
    pub fn sections(&self) -> Vec<RawSection<'a>> {
        let one = |section: object::Section<'a, '_, R>| RawSection {
            name: section.name().unwrap_or_default().to_owned(),
            address: section.address(),
            size: section.size(),
            offset: section.file_range().map_or(0, |(offset, _)| offset),
            purpose: match section.kind() {
                SectionKind::Text => Purpose::Code,
                SectionKind::Data
                | SectionKind::ReadOnlyData
                | SectionKind::ReadOnlyDataWithRel
                | SectionKind::ReadOnlyString
                | SectionKind::Tls => Purpose::Data,
                SectionKind::UninitializedData | SectionKind::UninitializedTls => Purpose::Zero,
                SectionKind::Debug | SectionKind::DebugString => Purpose::Debug,
                _ if section.name().is_ok_and(|name| {
                    name.starts_with(".debug_") || name.starts_with(".zdebug_")
                }) =>
                {
                    Purpose::Debug
                }
                // Constants beside the code of a Mach-O file have no kind of their own.
                _ if section.address() != 0 && self.format() != crate::Format::Elf => Purpose::Data,
                _ => Purpose::Other,
            },
            data: section.data().unwrap_or_default(),
        };
        self.file.sections().take(MAX_SECTIONS).map(one).collect()
    }

    /// A section's bytes by its name, unpacked where they are packed; none where it is not there.
    ///
    /// # Errors
    /// It cannot be unpacked, or claims to unpack to more than such a file can need.
    pub fn unpacked(&self, name: &str) -> Result<Option<Cow<'a, [u8]>>, Error> {
        Ok(self.section(&[name])?.map(|section| section.data))
    }

    /// The symbols that have a place, in the order of the table.
    pub fn raw_symbols(&self) -> Vec<RawSymbol<'a>> {
        let code: Vec<bool> = {
            let mut code = vec![];
            for section in self.file.sections().take(MAX_SECTIONS) {
                let index = section.index().0;
                if code.len() <= index && index < MAX_SECTIONS {
                    code.resize(index + 1, false);
                }
                if let Some(slot) = code.get_mut(index) {
                    *slot = section.kind() == SectionKind::Text;
                }
            }
            code
        };
        let macho = self.format() == crate::Format::MachO;
        let mut symbols = vec![];
        for symbol in self.file.symbols().take(MAX_SYMBOLS) {
            let Some(section) = symbol.section_index() else { continue };
            let Ok(name) = symbol.name_bytes() else { continue };
            if name.is_empty() {
                continue;
            }
            let name = if macho { name.strip_prefix(b"_").unwrap_or(name) } else { name };
            symbols.push(RawSymbol {
                name,
                address: symbol.address(),
                size: symbol.size(),
                code: code.get(section.0).copied().unwrap_or(false),
            });
        }
        symbols
    }

    /// What the loader adds the program's place to: where, and what stands there then; ELF only. Other
    /// formats hold the addresses themselves.
    pub fn relative_relocations(&self) -> Vec<(u64, u64)> {
        let Some(relocations) = self.file.dynamic_relocations() else { return vec![] };
        let relative = |(at, relocation): (u64, object::Relocation)| {
            // A relocation without a symbol is relative to the program's place.
            let plain = matches!(relocation.target(), object::RelocationTarget::Absolute);
            let to = u64::try_from(relocation.addend()).ok()?;
            (plain && to != 0).then_some((at, to))
        };
        relocations.take(MAX_SYMBOLS).filter_map(relative).collect()
    }

    /// Whether the least significant byte comes first.
    pub fn little_endian(&self) -> bool {
        self.is_little_endian()
    }

    /// The container's own format flags and stamps are read from the whole file.
    pub fn file_bytes(&self, offset: u64, length: u64) -> Option<&'a [u8]> {
        self.bytes(offset, length)
    }

    /// What `go version -m` shows.
    ///
    /// # Errors
    /// It is damaged.
    pub fn build_info(&self) -> Result<Option<BuildInfo>, Error> {
        crate::build_info::read(self)
    }

    /// What `go tool buildid` shows.
    pub fn build_id(&self) -> Option<String> {
        crate::build_id::read(self)
    }

    /// The function table.
    ///
    /// # Errors
    /// It is damaged, or of a Go before 1.18.
    pub fn functions(&self) -> Result<Option<Pclntab>, Error> {
        crate::pclntab::read(self, crate::symbols::read(self).runtime_text)
    }
}

/// Where the programs of a file are: the whole of it, or one part per architecture of a universal file, as
/// offset and length.
///
/// # Errors
/// It is no executable, or a part lies outside of it.
pub fn parts(file: &[u8]) -> Result<Vec<(u64, u64)>, Error> {
    crate::container::parts(file, file.len() as u64)
}
