//! DWARF: what Delve, gdb and a core dump know functions and lines by.
//!
//! Counted are functions that have a `DW_TAG_subprogram` with code, and functions whose code has lines.

use crate::{Container, Error};
use gimli::{AttributeValue, Reader as _, Section as _};
use object::ReadRef;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A large C++ program has half of it; each byte takes some twenty in memory.
const MAX_ABBREVIATIONS: usize = 16 << 20;
/// Units that have a header of lines in common read it again.
const LINES_SLACK: usize = 64 << 20;

pub(crate) type Slice<'a> = gimli::EndianSlice<'a, gimli::RunTimeEndian>;

/// What DWARF knows of functions.
#[derive(Debug, Clone, Default)]
pub struct DebugInfo {
    /// Whether there is any.
    pub present: bool,
    /// Whether there is a table of lines.
    pub has_line_table: bool,
    /// Where described functions begin, sorted, each once.
    pub functions: Vec<u64>,
    /// Beginnings and ends of code that has lines, sorted, apart from each other.
    pub lines: Vec<(u64, u64)>,
    /// Compilation units.
    pub units: usize,
    /// Versions of DWARF that occur, as bits.
    pub versions: u32,
    /// Units that could not be read to their end.
    pub broken_units: usize,
}

impl DebugInfo {
    /// Whether a function is described that begins here.
    pub fn describes(&self, address: u64) -> bool {
        self.functions.binary_search(&address).is_ok()
    }

    /// Whether the code at this address has a line.
    pub fn has_line(&self, address: u64) -> bool {
        let at = self.lines.partition_point(|(start, _)| *start <= address);
        at.checked_sub(1).and_then(|at| self.lines.get(at)).is_some_and(|(_, end)| address < *end)
    }
}

/// Reads all units; a broken one is counted, and the others are read. Go's functions are whole; C's may be in
/// pieces, and only `with_pieces` are their lists read, which are large.
pub(crate) fn read<'a, R: ReadRef<'a>>(
    container: &Container<'a, R>,
    with_pieces: bool,
) -> Result<DebugInfo, Error> {
    let sections = load(container, with_pieces)?;
    let dwarf = sections.borrow(|data| Slice::new(data, endian(container)));
    let mut tables = Tables::new(&dwarf)?;
    // Each line program is read once; what would be read again and again is a lie.
    let mut work = dwarf.debug_line.reader().len().saturating_mul(4).saturating_add(LINES_SLACK);
    let (info, program) = (dwarf.debug_info.reader().len(), dwarf.debug_line.reader().len());
    let mut found =
        DebugInfo { present: info > 0, has_line_table: program > 0, ..DebugInfo::default() };
    let mut units = dwarf.units();
    loop {
        let header = match units.next() {
            Ok(Some(header)) => header,
            Ok(None) => break,
            Err(_) => {
                found.broken_units += 1;
                break;
            }
        };
        found.units += 1;
        found.versions |= 1_u32.checked_shl(header.version().into()).unwrap_or(0);
        match unit(&dwarf, header, &mut tables, &mut found) {
            Ok(cost) => work = work.saturating_sub(cost),
            Err(_) => found.broken_units += 1,
        }
        if work == 0 {
            return Err(Error::malformed("its line programs overlap"));
        }
    }
    found.functions.sort_unstable();
    found.functions.dedup();
    found.lines = merged(std::mem::take(&mut found.lines));
    Ok(found)
}

pub(crate) fn endian<'a, R: ReadRef<'a>>(container: &Container<'a, R>) -> gimli::RunTimeEndian {
    if container.is_little_endian() {
        gimli::RunTimeEndian::Little
    } else {
        gimli::RunTimeEndian::Big
    }
}

/// The sections that tell functions, lines and units. Places of variables and the like say nothing of
/// these, and are as large as all the rest; `with_pieces`: also the lists of code that is in pieces.
pub(crate) fn load<'a, R: ReadRef<'a>>(
    container: &Container<'a, R>,
    with_pieces: bool,
) -> Result<gimli::DwarfSections<Cow<'a, [u8]>>, Error> {
    gimli::DwarfSections::load(|id: gimli::SectionId| -> Result<Cow<'a, [u8]>, Error> {
        use gimli::SectionId as Id;
        match id {
            Id::DebugAbbrev
            | Id::DebugInfo
            | Id::DebugLine
            | Id::DebugLineStr
            | Id::DebugStr
            | Id::DebugStrOffsets
            | Id::DebugAddr => section(container, id.name()),
            Id::DebugRanges | Id::DebugRngLists if with_pieces => section(container, id.name()),
            _ => Ok(Cow::Borrowed(&[])),
        }
    })
}

/// What overlaps or touches is one.
fn merged(mut lines: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    lines.sort_unstable();
    let mut out: Vec<(u64, u64)> = Vec::with_capacity(lines.len());
    for (start, end) in lines {
        match out.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => out.push((start, end)),
        }
    }
    out
}

/// By its name; where the format has no flag for packed sections, Go marks them by another name.
fn section<'a, R: ReadRef<'a>>(
    container: &Container<'a, R>,
    name: &str,
) -> Result<Cow<'a, [u8]>, Error> {
    let packed = name.replacen(".debug_", ".zdebug_", 1);
    let found = container.section(&[name, &packed])?;
    Ok(found.map(|section| section.data).unwrap_or_default())
}

/// The tables of abbreviations that units have, each parsed once and up to where the next one begins.
struct Tables<'a> {
    section: &'a [u8],
    endian: gimli::RunTimeEndian,
    /// Where tables begin, sorted.
    starts: Vec<usize>,
    parsed: HashMap<usize, Arc<gimli::Abbreviations>>,
    lines: HashSet<usize>,
}

impl<'a> Tables<'a> {
    fn new(dwarf: &gimli::Dwarf<Slice<'a>>) -> Result<Self, Error> {
        let section = dwarf.debug_abbrev.reader();
        if section.len() > MAX_ABBREVIATIONS {
            return Err(Error::malformed("too many abbreviations"));
        }
        let mut starts = vec![];
        let mut units = dwarf.units();
        while let Ok(Some(header)) = units.next() {
            let start = header.debug_abbrev_offset().0;
            // Of Go's all units have the same.
            if starts.last() != Some(&start) {
                starts.push(start);
            }
        }
        starts.sort_unstable();
        starts.dedup();
        let (parsed, lines) = (HashMap::new(), HashSet::new());
        Ok(Self { section: section.slice(), endian: section.endian(), starts, parsed, lines })
    }

    fn get(&mut self, start: usize) -> Result<Arc<gimli::Abbreviations>, gimli::Error> {
        if let Some(table) = self.parsed.get(&start) {
            return Ok(Arc::clone(table));
        }
        let behind = self.starts.partition_point(|other| *other <= start);
        let end = self.starts.get(behind).copied().unwrap_or(self.section.len());
        let piece = self.section.get(..end).unwrap_or(self.section);
        let table = gimli::DebugAbbrev::from(Slice::new(piece, self.endian));
        let table = Arc::new(table.abbreviations(gimli::DebugAbbrevOffset(start))?);
        self.parsed.insert(start, Arc::clone(&table));
        Ok(table)
    }
}

/// How many bytes of lines were read for it.
fn unit<'a>(
    dwarf: &gimli::Dwarf<Slice<'a>>,
    header: gimli::UnitHeader<Slice<'a>>,
    tables: &mut Tables<'a>,
    found: &mut DebugInfo,
) -> Result<usize, gimli::Error> {
    let table = tables.get(header.debug_abbrev_offset().0)?;
    let whole = gimli::Unit::new_with_abbreviations(dwarf, header, Arc::clone(&table));
    // Functions are told without lines.
    let (unit, broken) = match whole {
        Ok(unit) => (unit, None),
        Err(err) => (without_lines(header, table)?, Some(err)),
    };
    let mut entries = unit.entries_raw(None)?;
    while !entries.is_empty() {
        let Some(abbreviation) = entries.read_abbreviation()? else { continue };
        if abbreviation.tag() != gimli::DW_TAG_subprogram {
            entries.skip_attributes(abbreviation.attributes())?;
            continue;
        }
        for specification in abbreviation.attributes() {
            let attribute = entries.read_attribute(*specification)?;
            match attribute.name() {
                gimli::DW_AT_low_pc => {}
                gimli::DW_AT_ranges => {
                    pieces(dwarf, &unit, attribute.value(), found);
                    continue;
                }
                _ => continue,
            }
            match attribute.value() {
                AttributeValue::Addr(address) => found.functions.push(address),
                AttributeValue::DebugAddrIndex(index) => {
                    found.functions.push(dwarf.address(&unit, index)?)
                }
                _ => {}
            }
        }
    }
    match broken {
        Some(err) if found.has_line_table => return Err(err),
        _ => {}
    }
    let Some(program) = unit.line_program.clone() else { return Ok(0) };
    let mut cost = program.header().header_length();
    if tables.lines.insert(program.header().offset().0) {
        cost = cost.saturating_add(program.header().raw_program_buf().len());
        lines(program, found)?;
    }
    Ok(cost)
}

/// A unit whose lines are damaged or not there: what its functions need, which are addresses and their lists.
fn without_lines<'a>(
    header: gimli::UnitHeader<Slice<'a>>,
    abbreviations: Arc<gimli::Abbreviations>,
) -> Result<gimli::Unit<Slice<'a>>, gimli::Error> {
    let (mut addresses, mut ranges) = (gimli::DebugAddrBase(0), gimli::DebugRngListsBase(0));
    {
        let mut cursor = header.entries(&abbreviations);
        cursor.next_dfs()?;
        for attribute in cursor.current().ok_or(gimli::Error::MissingUnitDie)?.attrs() {
            match attribute.value() {
                AttributeValue::DebugAddrBase(base) => addresses = base,
                AttributeValue::DebugRngListsBase(base) => ranges = base,
                _ => {}
            }
        }
    }
    Ok(gimli::Unit {
        header,
        abbreviations,
        name: None,
        comp_dir: None,
        low_pc: 0,
        str_offsets_base: gimli::DebugStrOffsetsBase(0),
        addr_base: addresses,
        loclists_base: gimli::DebugLocListsBase(0),
        rnglists_base: ranges,
        line_program: None,
        dwo_id: None,
    })
}

/// A function in pieces (gcc's `.cold`): what begins is counted. A list that is damaged or was not loaded tells
/// nothing.
fn pieces<'a>(
    dwarf: &gimli::Dwarf<Slice<'a>>,
    unit: &gimli::Unit<Slice<'a>>,
    value: AttributeValue<Slice<'a>>,
    found: &mut DebugInfo,
) {
    /// No function is in more.
    const MAX: usize = 64;
    let Ok(Some(mut pieces)) = dwarf.attr_ranges(unit, value) else { return };
    for _ in 0..MAX {
        let Ok(Some(piece)) = pieces.next() else { return };
        found.functions.push(piece.begin);
    }
}

/// A sequence covers code without gaps.
fn lines<'a>(
    program: gimli::IncompleteLineProgram<Slice<'a>>,
    found: &mut DebugInfo,
) -> Result<(), gimli::Error> {
    let mut rows = program.rows();
    let mut start = None;
    while let Some((_, row)) = rows.next_row()? {
        if row.end_sequence() {
            if let Some(start) = start.take().filter(|start| *start < row.address()) {
                found.lines.push((start, row.address()));
            }
        } else {
            start.get_or_insert(row.address());
        }
    }
    Ok(())
}
