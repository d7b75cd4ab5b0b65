//! One program, laid out so that addresses, names and bytes can be asked for.

use crate::module_data::Described;
use core::hash::BuildHasher as _;
use goartifact::{AfterLink, Arch, BuildInfo, Container, Format, Purpose, RawSection, RawSymbol};

/// A function of the function table, or a C function of the symbol table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Func<'a> {
    pub(crate) address: u64,
    /// Behind its last byte, padding included.
    pub(crate) end: u64,
    pub(crate) name: &'a str,
    /// Whether the function table has it.
    pub(crate) go: bool,
}

/// A program.
pub(crate) struct Image<'a> {
    pub(crate) file: &'a [u8],
    pub(crate) container: Container<'a, &'a [u8]>,
    pub(crate) sections: Vec<RawSection<'a>>,
    /// Places of sections that are loaded and have bytes, by address.
    loaded: Vec<usize>,
    /// Symbols of data, by address.
    pub(crate) data_symbols: Vec<RawSymbol<'a>>,
    /// Symbols of code, by address.
    pub(crate) code_symbols: Vec<RawSymbol<'a>>,
    pub(crate) info: Option<BuildInfo>,
    pub(crate) build_id: Option<String>,
    pub(crate) table: Option<goartifact::Pclntab>,
    /// Where the linker put all string constants.
    text: std::ops::Range<u64>,
    /// What the runtime knows of it.
    pub(crate) described: Option<Described>,
    /// What the loader writes, by address.
    relocated: Vec<(u64, u64)>,
    pub(crate) arch: Arch,
    pub(crate) format: Format,
    pub(crate) pointer: usize,
    little: bool,
    /// Whether it is as Go linked it.
    pub(crate) after_link: AfterLink,
    /// What could not be read.
    pub(crate) gaps: Vec<String>,
}

impl<'a> Image<'a> {
    /// Reads headers and tables; what is damaged beside them is a gap.
    pub(crate) fn read(file: &'a [u8]) -> Result<Self, goartifact::Error> {
        let container = Container::parse(file, file.len() as u64)?;
        let mut gaps = vec![];
        let mut kept = |what: &str, err: goartifact::Error| gaps.push(format!("{what}: {err}"));
        let info = container.build_info().unwrap_or_else(|err| {
            kept("build info", err);
            None
        });
        let table = container.functions().unwrap_or_else(|err| {
            kept("function table", err);
            None
        });
        let sections = container.sections();
        let mut loaded: Vec<usize> = sections
            .iter()
            .enumerate()
            .filter(|(_, section)| {
                section.address != 0
                    && !section.data.is_empty()
                    && section.purpose != Purpose::Debug
            })
            .map(|(place, _)| place)
            .collect();
        loaded.sort_by_key(|place| sections.get(*place).map_or(0, |section| section.address));
        let (mut code_symbols, mut data_symbols): (Vec<_>, Vec<_>) =
            container.raw_symbols().into_iter().partition(|symbol| symbol.code);
        if container.format() != Format::Elf {
            reach_to_next(&mut data_symbols, &sections);
        }
        code_symbols.sort_by_key(|symbol| (symbol.address, std::cmp::Reverse(symbol.size)));
        if container.format() == Format::Elf {
            data_symbols.sort_by_key(|symbol| (symbol.address, std::cmp::Reverse(symbol.size)));
        }
        let mut relocated = container.relative_relocations();
        relocated.sort_unstable();
        let arch = container.arch();
        let pointer = if matches!(arch.0, "386" | "arm" | "mips" | "mipsle") { 4 } else { 8 };
        let mut image = Self {
            file,
            text: 0..0,
            described: None,
            after_link: container.after_link(),
            build_id: container.build_id(),
            format: container.format(),
            little: container.little_endian(),
            container,
            sections,
            loaded,
            data_symbols,
            code_symbols,
            info,
            table,
            relocated,
            arch,
            pointer,
            gaps,
        };
        if let Some((start, bytes)) = image.strings() {
            image.text = start..start + bytes.len() as u64;
        }
        image.described = Described::of(&image);
        Ok(image)
    }

    /// Whether an address is of a variable without pointers, in which a number may look like one.
    pub(crate) fn is_plain(&self, address: u64) -> bool {
        self.section_at(address).is_some_and(|section| section.name.contains("noptrdata"))
            || self.described.as_ref().is_some_and(|described| described.is_plain(address))
    }

    /// Whether an address is among the string constants.
    pub(crate) fn is_string(&self, address: u64) -> bool {
        self.text.contains(&address)
    }

    /// The functions by address: Go's by the function table, C's by the symbol table.
    pub(crate) fn functions(&self) -> Vec<Func<'_>> {
        let mut functions = vec![];
        let (mut start, mut end) = (0, 0);
        if let Some(table) = &self.table {
            start = table.functions.first().map_or(0, |function| function.address);
            end = table.end;
            let nexts = table.functions.iter().skip(1).map(|function| function.address);
            for (function, next) in table.functions.iter().zip(nexts.chain([table.end])) {
                functions.push(Func {
                    address: function.address,
                    end: next,
                    name: table.name(function),
                    go: true,
                });
            }
        }
        let mut last = u64::MAX;
        for symbol in &self.code_symbols {
            let inside = (start..end).contains(&symbol.address);
            let name = std::str::from_utf8(symbol.name).unwrap_or_default();
            if inside || symbol.size == 0 || symbol.address == last || name == "runtime.text" {
                continue;
            }
            last = symbol.address;
            functions.push(Func {
                address: symbol.address,
                end: symbol.address.saturating_add(symbol.size),
                name,
                go: false,
            });
        }
        functions.sort_by_key(|function| function.address);
        // Symbols of a hostile program may all reach to the end; each place of the code is looked at once.
        let mut next = u64::MAX;
        for function in functions.iter_mut().rev() {
            function.end = function.end.min(next).max(function.address);
            next = function.address;
        }
        functions
    }

    /// The loaded section that an address is in.
    pub(crate) fn section_at(&self, address: u64) -> Option<&RawSection<'a>> {
        let after = self.loaded.partition_point(|place| {
            self.sections.get(*place).is_some_and(|s| s.address <= address)
        });
        let place = self.loaded.get(after.checked_sub(1)?)?;
        let section = self.sections.get(*place)?;
        (address - section.address < section.data.len() as u64).then_some(section)
    }

    /// Whether an address is in the loaded program, bytes in the file or not: of PE, zeros stand behind the bytes of a
    /// section.
    pub(crate) fn is_mapped(&self, address: u64) -> bool {
        let reaches = |section: &RawSection<'_>| {
            section.address != 0 && address.wrapping_sub(section.address) < section.size
        };
        address != 0 && (self.section_at(address).is_some() || self.sections.iter().any(reaches))
    }

    /// A hash of the name of the function that an address is in and how far, where that is not its beginning.
    pub(crate) fn inside_function(&self, address: u64) -> Option<u64> {
        let table = self.table.as_ref()?;
        let after = table.functions.partition_point(|function| function.address <= address);
        let function = table.functions.get(after.checked_sub(1)?)?;
        let far = address - function.address;
        if far == 0 || address >= table.end {
            return None;
        }
        Some(foldhash::fast::FixedState::default().hash_one((table.name(function), far)))
    }

    /// Sections that are loaded, with bytes, by address.
    pub(crate) fn loaded(&self) -> impl Iterator<Item = &RawSection<'a>> {
        self.loaded.iter().filter_map(|place| self.sections.get(*place))
    }

    /// The section by its name.
    pub(crate) fn section(&self, name: &str) -> Option<&RawSection<'a>> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// Bytes of the loaded program.
    pub(crate) fn bytes(&self, address: u64, length: u64) -> Option<&'a [u8]> {
        let section = self.section_at(address)?;
        let start = usize::try_from(address - section.address).ok()?;
        section.data.get(start..start.checked_add(usize::try_from(length).ok()?)?)
    }

    /// A number of the program's own byte order.
    pub(crate) fn number(&self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        if self.little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) }
    }

    /// The pointer at an address, also where only the loader writes it.
    pub(crate) fn pointer_at(&self, address: u64) -> Option<u64> {
        let stored = self.number(self.bytes(address, self.pointer as u64)?);
        if stored != 0 || self.relocated.is_empty() {
            return Some(stored);
        }
        let place = self.relocated.binary_search_by_key(&address, |(at, _)| *at);
        Some(place.ok().and_then(|place| self.relocated.get(place)).map_or(0, |(_, to)| *to))
    }

    /// Addresses that the loader writes.
    pub(crate) fn relocations(&self) -> impl Iterator<Item = u64> {
        self.relocated.iter().map(|(_, to)| *to)
    }

    /// What the loader writes: where, and which address.
    pub(crate) fn relocated(&self) -> impl Iterator<Item = (u64, u64)> {
        self.relocated.iter().copied()
    }

    /// The symbol of data that an address is in. One without a size reaches to the next.
    pub(crate) fn data_symbol(&self, address: u64) -> Option<&RawSymbol<'a>> {
        let last = self.before(address).last();
        self.data_symbols_at(address).next().or(last.filter(|symbol| symbol.size == 0))
    }

    /// The symbols with a size that an address is in: one place may have several names.
    pub(crate) fn data_symbols_at(&self, address: u64) -> impl Iterator<Item = &RawSymbol<'a>> {
        /// So many names one place may have.
        const NAMES: usize = 8;
        let near = self.before(address).iter().rev().take(NAMES);
        near.filter(move |symbol| address - symbol.address < symbol.size)
    }

    /// The variable that begins at an address, by its name; none where the name says nothing: it is counted or made of
    /// the value, there are several, or the format has no sizes.
    pub(crate) fn variable_at(&self, address: u64) -> Option<&[u8]> {
        let mut all = self.data_symbols_at(address);
        let symbol = all.next().filter(|_| self.format == Format::Elf)?;
        let name = std::str::from_utf8(symbol.name).ok()?;
        let says = package(name) != name
            && !crate::data::follows(name)
            && ![".stmp_", "..", ".func"].iter().any(|part| name.contains(part));
        (symbol.address == address && all.next().is_none() && says).then_some(symbol.name)
    }

    fn before(&self, address: u64) -> &[RawSymbol<'a>] {
        let after = self.data_symbols.partition_point(|symbol| symbol.address <= address);
        self.data_symbols.get(..after).unwrap_or_default()
    }

    /// Where the linker put all string constants, if its symbol is there.
    pub(crate) fn strings(&self) -> Option<(u64, &'a [u8])> {
        let symbol = self.data_symbols.iter().position(|symbol| symbol.name == b"go:string.*");
        let symbol =
            symbol.or_else(|| self.data_symbols.iter().position(|s| s.name == b"go.string.*"))?;
        let start = self.data_symbols.get(symbol)?.address;
        let next = self.data_symbols.get(symbol + 1..)?.iter().find(|s| s.address > start);
        let section = self.section_at(start)?;
        let end = section.address.saturating_add(section.data.len() as u64);
        let end = next.map_or(end, |next| next.address.min(end));
        Some((start, self.bytes(start, end - start)?))
    }

    /// The DWARF section by its name, packed or not.
    pub(crate) fn debug(&self, name: &str) -> Option<std::borrow::Cow<'a, [u8]>> {
        let names = [
            format!(".debug_{name}"),
            format!(".zdebug_{name}"),
            format!("__debug_{name}"),
            format!("__zdebug_{name}"),
        ];
        names.iter().find_map(|name| self.container.unpacked(name).ok().flatten())
    }

    /// Whether there is any DWARF.
    pub(crate) fn has_debug(&self) -> bool {
        self.sections
            .iter()
            .any(|section| section.purpose == Purpose::Debug && section.name.contains("debug_info"))
    }

    /// Whether there is a symbol table with symbols.
    pub(crate) fn has_symbols(&self) -> bool {
        !self.code_symbols.is_empty() || !self.data_symbols.is_empty()
    }
}

/// Where the format has no sizes, a symbol reaches to the next one or to the end of its section.
fn reach_to_next(symbols: &mut [RawSymbol<'_>], sections: &[RawSection<'_>]) {
    symbols.sort_by_key(|symbol| symbol.address);
    let ends = |address: u64| {
        let holds =
            |section: &&RawSection<'_>| address.wrapping_sub(section.address) < section.size;
        sections
            .iter()
            .find(holds)
            .map_or(address, |section| section.address.saturating_add(section.size))
    };
    let mut next = u64::MAX;
    let mut end = (u64::MAX, u64::MAX);
    for symbol in symbols.iter_mut().rev() {
        if !(end.0..end.1).contains(&symbol.address) {
            end = (symbol.address, ends(symbol.address));
        }
        end.0 = symbol.address;
        let until = next.min(end.1);
        // Several names of one place all reach as far.
        symbol.size = until.saturating_sub(symbol.address);
        next = symbol.address;
    }
    let mut last: Option<(u64, u64)> = None;
    for symbol in symbols.iter_mut().rev() {
        match last {
            Some((address, size)) if address == symbol.address => symbol.size = size,
            _ => last = Some((symbol.address, symbol.size)),
        }
    }
}

/// The package of a symbol or function by its name: `a.com/b.(*T).M` is of `a.com/b`.
pub(crate) fn package(name: &str) -> &str {
    let bracket = name.find('[').unwrap_or(name.len());
    let head = name.get(..bracket).unwrap_or(name);
    let slash = head.rfind('/').map_or(0, |at| at + 1);
    let dot = head.get(slash..).and_then(|rest| rest.find('.')).map(|dot| slash + dot);
    dot.and_then(|dot| name.get(..dot)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::package;

    #[test]
    fn packages_of_names() {
        for (name, expected) in [
            ("main.main", "main"),
            ("a.com/b.(*T).M", "a.com/b"),
            ("a.com/b.F[go.shape.int]", "a.com/b"),
            ("a.com/b.F[c.com/d.T]", "a.com/b"),
            ("gopkg.in/yaml%2ev3.X", "gopkg.in/yaml%2ev3"),
            ("x_cgo_init", "x_cgo_init"),
        ] {
            assert_eq!(package(name), expected);
        }
    }
}
