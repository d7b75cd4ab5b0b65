//! What a program asks of the system's libraries: which, and which versions of their symbols.
//!
//! Source: the System V ABI (`.dynamic`, `.interp`) and the Linux Standard Base's symbol versioning
//! (`.gnu.version_r`, `.gnu.version_d`). Mach-O and PE have no versions of symbols; only their names of
//! libraries are not read, as no verdict rests on them.

use crate::container::Section;
use crate::{Container, Error, Format};
use object::{Object as _, ReadRef};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// No program asks for more.
const MAX: usize = 4096;
const DT_NEEDED: u64 = 1;
/// A version that may be missing.
const VER_FLG_WEAK: u16 = 2;
/// The library's own name among the versions it has.
const VER_FLG_BASE: u16 = 1;

/// What a program asks of the system's libraries; empty where it is linked statically.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Links {
    /// The program that loads it: `/lib64/ld-linux-x86-64.so.2`.
    pub interpreter: Option<String>,
    /// Libraries, in the order in which they are loaded.
    pub libraries: Vec<String>,
    /// Library → versions of its symbols that must be there (`libc.so.6` → `GLIBC_2.34`).
    pub versions: BTreeMap<String, BTreeSet<String>>,
    /// Versions of symbols that it has itself: of glibc, all up to its own.
    pub provides: BTreeSet<String>,
}

/// Numbers of a section, in the file's own byte order.
struct Numbers<'a> {
    data: &'a [u8],
    little: bool,
}

impl Numbers<'_> {
    fn number(&self, at: usize, bytes: usize) -> Option<u64> {
        let found = self.data.get(at..at.checked_add(bytes)?)?;
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Some(match self.little {
            true => found.iter().rev().fold(0, add),
            false => found.iter().fold(0, add),
        })
    }

    fn half(&self, at: usize) -> Option<u16> {
        self.number(at, 2).and_then(|it| u16::try_from(it).ok())
    }

    fn word(&self, at: usize) -> Option<usize> {
        self.number(at, 4).and_then(|it| usize::try_from(it).ok())
    }
}

pub(crate) fn read<'a, R: ReadRef<'a>>(container: &Container<'a, R>) -> Result<Links, Error> {
    let mut links = Links::default();
    if container.format() != Format::Elf {
        return Ok(links);
    }
    let little = container.is_little_endian();
    if let Some(section) = container.section(&[".interp"])? {
        links.interpreter = text(&section.data, 0);
    }
    let Some(names) = container.section(&[".dynstr"])? else { return Ok(links) };
    if let Some(section) = container.section(&[".dynamic"])? {
        links.libraries = libraries(&section, &names, little, container.file.is_64());
    }
    let cut_off = || Error::malformed("the table of symbol versions is cut off");
    if let Some(section) = container.section(&[".gnu.version_r"])? {
        let numbers = Numbers { data: &section.data, little };
        links.versions = needs(&numbers, &names.data).ok_or_else(cut_off)?;
    }
    if let Some(section) = container.section(&[".gnu.version_d"])? {
        let numbers = Numbers { data: &section.data, little };
        links.provides = provides(&numbers, &names.data).ok_or_else(cut_off)?;
    }
    Ok(links)
}

/// A name that ends with a zero byte.
fn text(data: &[u8], at: usize) -> Option<String> {
    let rest = data.get(at..)?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    Some(String::from_utf8_lossy(rest.get(..end)?).into_owned())
}

fn libraries(section: &Section<'_>, names: &Section<'_>, little: bool, wide: bool) -> Vec<String> {
    let numbers = Numbers { data: &section.data, little };
    let word = if wide { 8 } else { 4 };
    let entries = (0..section.data.len()).step_by(word * 2).take(MAX);
    let needed = entries.filter(|at| numbers.number(*at, word) == Some(DT_NEEDED));
    needed
        .filter_map(|at| {
            let name = numbers.number(at + word, word)?;
            text(&names.data, usize::try_from(name).ok()?)
        })
        .collect()
}

/// `Verneed` and `Vernaux`: lists within the section, each with the distance to the next.
fn needs(table: &Numbers<'_>, names: &[u8]) -> Option<BTreeMap<String, BTreeSet<String>>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut at = 0_usize;
    for _ in 0..MAX {
        let (count, file) = (table.half(at + 2)?, text(names, table.word(at + 4)?)?);
        let mut version = at.checked_add(table.word(at + 8)?)?;
        let versions = all.entry(file).or_default();
        for _ in 0..usize::from(count).min(MAX) {
            if table.half(version + 4)? & VER_FLG_WEAK == 0 {
                versions.insert(text(names, table.word(version + 8)?)?);
            }
            match table.word(version + 12)? {
                0 => break,
                next => version = version.checked_add(next)?,
            }
        }
        match table.word(at + 12)? {
            0 => break,
            next => at = at.checked_add(next)?,
        }
    }
    Some(all)
}

/// `Verdef` and the first of each one's `Verdaux`.
fn provides(table: &Numbers<'_>, names: &[u8]) -> Option<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    let mut at = 0_usize;
    for _ in 0..MAX {
        let aux = at.checked_add(table.word(at + 12)?)?;
        if table.half(at + 2)? & VER_FLG_BASE == 0 {
            all.insert(text(names, table.word(aux)?)?);
        }
        match table.word(at + 16)? {
            0 => break,
            next => at = at.checked_add(next)?,
        }
    }
    Some(all)
}
