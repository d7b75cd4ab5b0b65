//! Data, by the symbol table.

use super::Kind;
use super::package::{Packages, package_of};
use super::ranges::Ranges;
use crate::{Container, Format};
use object::{Object as _, ObjectSymbol as _, ReadRef, SymbolKind, SymbolSection};

/// More symbols no linker writes.
const MAX: usize = 20_000_000;

/// Where data begins, and whose it is, by address.
pub(super) struct Owners(Vec<(u64, String)>);

impl Owners {
    /// Each piece of these addresses and its owner; what begins before the first symbol has none.
    fn pieces(&self, start: u64, end: u64) -> impl Iterator<Item = (u64, u64, Option<&str>)> {
        let from = self.0.partition_point(|(address, _)| *address <= start);
        let first = from.checked_sub(1).and_then(|at| self.0.get(at));
        let begins = [(start, first.map(|(_, name)| name.as_str()))];
        let inside = self.0.iter().skip(from).take_while(move |(address, _)| *address < end);
        let inside = inside.map(|(address, name)| (*address, Some(name.as_str())));
        let ends = self
            .0
            .iter()
            .skip(from)
            .map(|(address, _)| *address)
            .take_while(move |address| *address < end);
        let ends: Vec<u64> = ends.chain([end]).collect();
        begins.into_iter().chain(inside).zip(ends).map(|((start, name), end)| (start, end, name))
    }

    /// The name of what begins here.
    pub(super) fn at(&self, address: u64) -> Option<&str> {
        let at = self.0.binary_search_by_key(&address, |(address, _)| *address).ok()?;
        self.0.get(at).map(|(_, name)| name.as_str())
    }
}

/// Of the whole symbol table; and whether there is one.
pub(super) fn owners<'a, R: ReadRef<'a>>(container: &Container<'a, R>) -> (Owners, bool) {
    let mut all: Vec<(u64, u8, String)> = vec![];
    for symbol in container.file.symbols().take(MAX) {
        let in_section = matches!(symbol.section(), SymbolSection::Section(_));
        if !in_section || matches!(symbol.kind(), SymbolKind::File | SymbolKind::Section) {
            continue;
        }
        let Ok(name) = symbol.name() else { continue };
        let name = match container.format() {
            Format::MachO => name.strip_prefix('_').unwrap_or(name),
            _ => name,
        };
        if name.is_empty() {
            continue;
        }
        // Of those that begin at one place: what gathers many (`type:*`), then what has a size, then the
        // linker's marks (`runtime.etext`).
        let rank = match symbol.size() {
            _ if name.ends_with(".*") || name == "type:*" => 0,
            1.. => 1,
            0 => 2,
        };
        all.push((symbol.address(), rank, name.to_owned()));
    }
    all.sort();
    all.dedup_by_key(|(address, _, _)| *address);
    let named = !all.is_empty();
    (Owners(all.into_iter().map(|(address, _, name)| (address, name)).collect()), named)
}

/// The bytes of a section, without what is told elsewhere.
pub(super) fn section(
    start: u64,
    end: u64,
    owners: &Owners,
    taken: &Ranges,
    packages: &mut Packages,
) {
    for (start, end, name) in owners.pieces(start, end) {
        let bytes = (end - start).saturating_sub(taken.overlap(start, end));
        packages.add(&owner(name), Kind::Data, bytes);
    }
}

/// A section that is only in memory.
pub(super) fn zero(start: u64, length: u64, owners: &Owners, packages: &mut Packages) {
    for (start, end, name) in owners.pieces(start, start.saturating_add(length)) {
        packages.add_zero(&owner(name), end - start);
    }
}

fn owner(name: Option<&str>) -> std::borrow::Cow<'_, str> {
    name.map_or(std::borrow::Cow::Borrowed("(data without names)"), package_of)
}
