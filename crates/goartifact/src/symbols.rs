//! The symbol table: what `nm`, `perf` and uprobes know functions by.

use crate::{Container, Format};
use object::{Object as _, ObjectSymbol as _, ReadRef, SymbolKind, SymbolSection};

/// More symbols no linker writes.
const MAX: usize = 20_000_000;

/// Of a name so much is kept, for the list of what is missing.
const MAX_NAME: usize = 120;
/// So many bytes of names are read in any case.
const MIN_NAMES: u64 = 64 << 20;
/// What a name costs that has no end.
const ENDLESS: u64 = 1 << 20;

/// Reads names until as many bytes were read as the file has: names that overlap would take forever.
struct Names(u64);

impl Names {
    fn of<'a, R: ReadRef<'a>>(&mut self, symbol: &object::Symbol<'a, '_, R>) -> Option<&'a [u8]> {
        if self.0 == 0 {
            return None;
        }
        let name = symbol.name_bytes().ok();
        self.0 = self.0.saturating_sub(name.map_or(ENDLESS, |name| name.len() as u64));
        name
    }
}

/// The functions of the symbol table.
#[derive(Debug, Clone, Default)]
pub struct Symbols {
    /// Whether there is a table at all.
    pub present: bool,
    /// Addresses of symbols in the code, sorted, each once.
    pub code: Vec<u64>,
    /// Functions outside of Go's code, by address: C that an outside linker put there. None where the table does
    /// not say where Go's code is.
    pub c: Vec<(u64, Box<str>)>,
    /// Where Go's code begins.
    pub(crate) runtime_text: Option<u64>,
    /// Where it ends.
    pub(crate) runtime_etext: Option<u64>,
}

impl Symbols {
    /// Whether a symbol begins here.
    pub fn has(&self, address: u64) -> bool {
        self.code.binary_search(&address).is_ok()
    }
}

pub(crate) fn read<'a, R: ReadRef<'a>>(container: &Container<'a, R>) -> Symbols {
    let mut symbols = Symbols::default();
    let text = [".text", "__text"].iter().find_map(|name| container.file.section_by_name(name));
    let text = text.map(|section| object::ObjectSection::index(&section));
    let in_text = |symbol: &object::Symbol<'a, '_, R>| matches!(symbol.section(), SymbolSection::Section(index) if Some(index) == text);
    let mut names = Names(container.size().max(MIN_NAMES));
    for symbol in container.file.symbols().take(MAX) {
        symbols.present = true;
        if !in_text(&symbol) {
            continue;
        }
        symbols.code.push(symbol.address());
        if let Some(name) = names.of(&symbol) {
            match name.strip_prefix(b"_").unwrap_or(name) {
                b"runtime.text" => symbols.runtime_text = Some(symbol.address()),
                b"runtime.etext" => symbols.runtime_etext = Some(symbol.address()),
                _ => {}
            }
        }
    }
    symbols.code.sort_unstable();
    symbols.code.dedup();
    let Some(go) = symbols.runtime_text.zip(symbols.runtime_etext) else { return symbols };
    // Only ELF tells sizes; what has none there is a label.
    let sized = container.format() == Format::Elf;
    let mut names = Names(container.size().max(MIN_NAMES));
    for symbol in container.file.symbols().take(MAX) {
        let outside = !(go.0..go.1).contains(&symbol.address());
        let function = symbol.kind() == SymbolKind::Text && (!sized || symbol.size() > 0);
        if outside
            && function
            && in_text(&symbol)
            && let Some(name) = names.of(&symbol)
            // A piece of a function, and the mark itself.
            && !name.ends_with(b".cold")
            && !name.ends_with(b"runtime.etext")
        {
            let name = name.get(..MAX_NAME).unwrap_or(name);
            symbols.c.push((symbol.address(), String::from_utf8_lossy(name).into()));
        }
    }
    symbols.c.sort_unstable();
    symbols.c.dedup_by_key(|(address, _)| *address);
    symbols
}
