//! DWARF, by the unit it describes: Go has one per package, C one per file.

use super::Kind;
use super::package::Packages;
use crate::debug_info::{self, Slice};
use crate::{Container, Error};
use gimli::AttributeValue;
use object::ReadRef;
use std::collections::BTreeMap;

/// What a unit describes, and its bytes before any packing.
struct Unit {
    package: String,
    info: u64,
    lines: u64,
}

/// Shares the file's bytes of each section among the packages. `.debug_info` and `.debug_line` are in
/// pieces per unit; the others are shared by all. A packed section is shared as it would be unpacked.
pub(super) fn share<'a, R: ReadRef<'a>>(
    container: &Container<'a, R>,
    sections: &[(String, u64)],
    packages: &mut Packages,
) -> Result<(), Error> {
    let units = if sections.is_empty() { Ok(vec![]) } else { units(container) };
    let known = units.as_deref().unwrap_or_default();
    for (name, file) in sections {
        let parts = match name.trim_start_matches(['.', '_']).trim_start_matches('z') {
            "debug_info" => pieces(known.iter().map(|unit| (&unit.package, unit.info))),
            "debug_line" => pieces(known.iter().map(|unit| (&unit.package, unit.lines))),
            _ => BTreeMap::new(),
        };
        let all = parts.values().fold(1, |sum: u64, bytes| sum.saturating_add(*bytes));
        let mut told = 0;
        for (package, bytes) in parts {
            // A product of two of 64 bits needs 128.
            let share = u128::from(bytes) * u128::from(*file) / u128::from(all);
            let share = u64::try_from(share).unwrap_or(0).min(file - told);
            told += share;
            packages.add(package, Kind::Debug, share);
        }
        packages.add("(debug information)", Kind::Debug, file - told);
    }
    units.map(|_| ())
}

fn pieces<'s>(units: impl Iterator<Item = (&'s String, u64)>) -> BTreeMap<&'s str, u64> {
    let mut all: BTreeMap<&str, u64> = BTreeMap::new();
    for (name, bytes) in units {
        let sum = all.entry(name).or_default();
        *sum = sum.saturating_add(bytes);
    }
    all
}

/// All units; a broken one ends them, and its bytes are then everybody's.
fn units<'a, R: ReadRef<'a>>(container: &Container<'a, R>) -> Result<Vec<Unit>, Error> {
    let sections = debug_info::load(container, false)?;
    let dwarf = sections.borrow(|data| Slice::new(data, debug_info::endian(container)));
    let mut found = vec![];
    let mut headers = dwarf.units();
    while let Ok(Some(header)) = headers.next() {
        let prefix = u64::from(header.format().initial_length_size());
        let info = prefix.saturating_add(header.unit_length() as u64);
        let (package, lines) = describe(&dwarf, header).unwrap_or_else(|_| ("(C)".to_owned(), 0));
        found.push(Unit { package, info, lines });
    }
    Ok(found)
}

fn describe<'a>(
    dwarf: &gimli::Dwarf<Slice<'a>>,
    header: gimli::UnitHeader<Slice<'a>>,
) -> Result<(String, u64), gimli::Error> {
    let unit = dwarf.unit(header)?;
    let mut entries = unit.entries();
    let root = entries.next_dfs()?;
    let language = root.and_then(|root| root.attr_value(gimli::DW_AT_language));
    let go = matches!(language, Some(AttributeValue::Language(gimli::DW_LANG_Go)));
    let package = match unit.name.and_then(|name| std::str::from_utf8(name.slice()).ok()) {
        Some(name) if go => name.to_owned(),
        _ => "(C)".to_owned(),
    };
    let lines = unit.line_program.as_ref().map_or(0, |program| {
        let header = program.header();
        u64::from(header.format().initial_length_size()).saturating_add(header.unit_length() as u64)
    });
    Ok((package, lines))
}
