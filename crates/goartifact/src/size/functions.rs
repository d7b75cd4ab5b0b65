//! Code and function table, by the function table itself: it is there in a stripped program, too.

use super::Kind;
use super::package::{ASSEMBLY, C, Packages, package_of};
use crate::Pclntab;
use crate::container::Section;
use crate::pclntab::Words;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// The package of a function; one of a file of assembly need not name it, and is no C.
fn owner(name: &str, assembly: bool) -> Cow<'_, str> {
    match package_of(name) {
        package if package == C && assembly => Cow::Borrowed(ASSEMBLY),
        package => package,
    }
}

/// The code of one section, by function; what no function has is C's.
pub(super) fn code(start: u64, end: u64, table: Option<&Pclntab>, packages: &mut Packages) {
    let mut told = 0_u64;
    if let Some(table) = table {
        let from = table.functions.partition_point(|function| function.address < start);
        let functions = table.functions.iter().skip(from);
        let nexts = functions.clone().skip(1).map(|function| function.address).chain([table.end]);
        let functions = functions.take_while(|function| function.address < end);
        for (function, next) in functions.zip(nexts) {
            let bytes = next.clamp(function.address, end) - function.address;
            told = told.saturating_add(bytes);
            packages.add(&owner(table.name(function), function.assembly), Kind::Code, bytes);
        }
    }
    packages.add(C, Kind::Code, end.saturating_sub(start).saturating_sub(told));
}

/// What a function has in the function table (`runtime/runtime2.go`, `_func`).
struct Record {
    name: u32,
    /// With the words of pcdata and funcdata behind it.
    length: u64,
    end: u64,
    /// Where its tables from code to line, file, stack map begin.
    counters: Vec<u32>,
}

/// No function has so many tables.
const MAX_TABLES: u32 = 64;

fn record(words: &Words<'_>, at: usize) -> Option<Record> {
    // Go 1.20 put the line of the function's first statement into it.
    let later = if words.data.first().is_some_and(|first| *first == 0xf1)
        || words.data.get(3) == Some(&0xf1)
    {
        4
    } else {
        0
    };
    let own = 36 + later + 4;
    let tables = words.u32(at + 28)?.min(MAX_TABLES);
    let data = u32::from(*words.data.get(at + own - 1)?).min(MAX_TABLES);
    let mut counters: Vec<u32> =
        [16, 20, 24].iter().filter_map(|field| words.u32(at + field)).collect();
    let behind = (0..tables as usize).filter_map(|index| words.u32(at + own + 4 * index));
    counters.extend(behind);
    // 0 is no table.
    counters.retain(|counter| *counter != 0);
    let length = own as u64 + 4 * u64::from(tables + data);
    Some(Record { name: words.u32(at + 4)?, length, end: at as u64 + length, counters })
}

/// The function table: each record, name and line table to the package of the first function that has
/// it; the rest is shared. The answer is the length of the table.
pub(super) fn table(section: &Section<'_>, table: &Pclntab, packages: &mut Packages) -> u64 {
    let data = &*section.data;
    let little = matches!(data.get(3), Some(0xff));
    let words = Words { data, little, wide: data.get(7) == Some(&8) };
    let place =
        |index| words.word(index).filter(|offset| *offset <= data.len() as u64).unwrap_or(0);
    // `pcHeader`: function names, units, files, counters, functions.
    let [names, units, _, counters, functions] = [3, 4, 5, 6, 7].map(place);
    let assembly = table.of_assembly();
    let mut owners: Vec<String> = vec![];
    let mut indexes: HashMap<String, usize> = HashMap::new();
    // Where something begins, and whose it is: it reaches to where the next begins.
    let (mut counter_starts, mut name_starts) = (BTreeMap::new(), BTreeMap::new());
    let mut sums: Vec<u64> = vec![];
    let mut end = functions;
    for index in 0..table.functions.len() {
        let entry = usize::try_from(functions).unwrap_or(usize::MAX).saturating_add(index * 8 + 4);
        let at = words.u32(entry).map(|offset| functions.saturating_add(offset.into()));
        let at = at.and_then(|at| usize::try_from(at).ok());
        let Some(record) = at.and_then(|at| record(&words, at)) else { continue };
        let name = table.name_at(record.name);
        let package = owner(name, assembly.contains(&record.name)).into_owned();
        let owner = *indexes.entry(package).or_insert_with_key(|package| {
            owners.push(package.clone());
            sums.push(0);
            owners.len() - 1
        });
        if let Some(sum) = sums.get_mut(owner) {
            // Its entry in the index from code to function has two words of four bytes.
            *sum += record.length + 8;
        }
        end = end.max(record.end);
        name_starts.entry(u64::from(record.name)).or_insert(owner);
        for counter in record.counters {
            counter_starts.entry(u64::from(counter)).or_insert(owner);
        }
    }
    for (starts, limit) in [
        (&counter_starts, functions.saturating_sub(counters)),
        (&name_starts, units.saturating_sub(names)),
    ] {
        let nexts = starts.keys().skip(1).copied().chain([limit]);
        for ((start, owner), next) in starts.iter().zip(nexts) {
            if let Some(sum) = sums.get_mut(*owner) {
                *sum += next.min(limit).saturating_sub(*start);
            }
        }
    }
    let end = end.min(data.len() as u64);
    let mut left = end;
    for (owner, bytes) in owners.iter().zip(sums) {
        let bytes = bytes.min(left);
        left -= bytes;
        packages.add(owner, Kind::Pclntab, bytes);
    }
    packages.add("(function table)", Kind::Pclntab, left);
    end
}
