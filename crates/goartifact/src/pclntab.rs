//! The table from code to functions that every Go program carries, stripped or not: what panics and
//! profiles name functions by.
//!
//! Source: `runtime/symtab.go` (`pcHeader`, `functab`, `_func`), `debug/gosym/pclntab.go`. Read are the
//! tables of Go 1.18 and newer.

use crate::container::Section;
use crate::{Container, Error, moduledata};
use object::{ObjectSection as _, ReadRef};
use std::borrow::Cow;
use std::ffi::CStr;

const GO118: u32 = 0xffff_fff0;
const GO120: u32 = 0xffff_fff1;
/// Go 1.16 and before wrote other tables.
const OLD: [u32; 2] = [0xffff_fffa, 0xffff_fffb];
/// Twenty times Kubernetes.
const MAX_FUNCTIONS: u64 = 5_000_000;

/// Names of generic functions have thousands of letters.
const MAX_NAME: usize = 8 << 10;

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Function {
    /// Where its code begins.
    pub address: u64,
    /// Where its name begins.
    name: u32,
    /// The compiler made it up: a wrapper of a method, a hash function. It has no line in any source.
    pub generated: bool,
    /// It is of a file of assembly and has no package in its name: it is of that file alone (`memeqbody<>`).
    pub(crate) assembly: bool,
}

/// All functions, by address.
#[derive(Debug, Clone)]
pub struct Pclntab {
    /// In the order of their addresses.
    pub functions: Vec<Function>,
    /// Behind the last one.
    pub end: u64,
    /// Where the table is.
    pub address: u64,
    /// Its length in bytes.
    pub size: u64,
    /// The source file that `main.main` begins in, as panics name it.
    pub main_file: Option<String>,
    names: Vec<u8>,
}

impl Pclntab {
    /// A function's name; empty where the table is damaged.
    pub fn name(&self, function: &Function) -> &str {
        self.name_at(function.name)
    }

    /// The name that begins at this offset.
    pub(crate) fn name_at(&self, offset: u32) -> &str {
        let rest = self.names.get(offset as usize..).unwrap_or_default();
        // In a damaged table a name may go on for megabytes.
        let rest = rest.get(..MAX_NAME).unwrap_or(rest);
        let name = CStr::from_bytes_until_nul(rest).map_or(rest, CStr::to_bytes);
        std::str::from_utf8(name).unwrap_or_default()
    }

    /// Names of functions that are of one file of assembly, by where they begin.
    pub(crate) fn of_assembly(&self) -> std::collections::HashSet<u32> {
        self.functions.iter().filter(|it| it.assembly).map(|it| it.name).collect()
    }

    /// Whether a function's name is this; cheaper than its name.
    pub(crate) fn is_named(&self, function: &Function, name: &str) -> bool {
        let rest = self.names.get(function.name as usize..).unwrap_or_default();
        rest.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.first() == Some(&0))
    }

    /// How many have a name: what a panic can print.
    pub fn named(&self) -> usize {
        let named = |function: &Function| {
            self.names.get(function.name as usize).is_some_and(|byte| *byte != 0)
        };
        self.functions.iter().filter(|function| named(function)).count()
    }
}

/// Numbers of the table's own byte order and width.
pub(crate) struct Words<'a> {
    pub(crate) data: &'a [u8],
    pub(crate) little: bool,
    pub(crate) wide: bool,
}

impl Words<'_> {
    pub(crate) fn u32(&self, at: usize) -> Option<u32> {
        let bytes: [u8; 4] = self.data.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn pointer(&self, at: usize) -> Option<u64> {
        if !self.wide {
            return self.u32(at).map(u64::from);
        }
        let bytes: [u8; 8] = self.data.get(at..at.checked_add(8)?)?.try_into().ok()?;
        Some(if self.little { u64::from_le_bytes(bytes) } else { u64::from_be_bytes(bytes) })
    }

    /// A word of the header.
    pub(crate) fn word(&self, index: usize) -> Option<u64> {
        self.pointer(8 + index * if self.wide { 8 } else { 4 })
    }
}

/// Where the files of functions are: `pcfile` counts within a unit's files, which `cutab` lists.
struct Files<'a> {
    words: &'a Words<'a>,
    units: usize,
    files: usize,
    counters: usize,
}

impl Files<'_> {
    /// From the name on of the file that a function's first instruction is of.
    fn first(&self, function: usize) -> Option<&[u8]> {
        let words = self.words;
        let (counter, unit) = (words.u32(function + 20)?, words.u32(function + 32)?);
        let counters = words.data.get(self.counters.checked_add(counter as usize)?..)?;
        // Values are differences in zigzag, from -1 on.
        let mut difference: u32 = 0;
        for (byte, shift) in counters.iter().zip((0..35).step_by(7)) {
            difference |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let change = (difference >> 1) as i32 ^ -((difference & 1) as i32);
        let index = usize::try_from(change.checked_sub(1)?).ok()?;
        let entry = self.units.checked_add((unit as usize).checked_add(index)?.checked_mul(4)?)?;
        let file = words.u32(entry).filter(|file| *file != u32::MAX)?;
        words.data.get(self.files.checked_add(file as usize)?..)
    }
}

/// Up to the zero byte.
fn until_zero(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.get(..MAX_NAME).unwrap_or(bytes);
    CStr::from_bytes_until_nul(bytes).map_or(bytes, CStr::to_bytes)
}

/// Finds and reads it. `text` is the address of the symbol `runtime.text`, where there is one.
pub(crate) fn read<'a, R: ReadRef<'a>>(
    container: &Container<'a, R>,
    text: Option<u64>,
) -> Result<Option<Pclntab>, Error> {
    let Some(section) = find(container)? else { return Ok(None) };
    parse(container, &section, text).map(Some)
}

/// By its name, else by its header in the data.
pub(crate) fn find<'a, R: ReadRef<'a>>(
    container: &Container<'a, R>,
) -> Result<Option<Section<'a>>, Error> {
    let names = [".gopclntab", ".data.rel.ro.gopclntab", "__gopclntab"];
    if let Some(section) = container.section(&names)? {
        return Ok(Some(section));
    }
    for (_, section) in container.data_sections() {
        let Ok(data) = section.data() else { continue };
        // The header is aligned.
        let mut at = 0;
        while let Some(rest) = data.get(at..).filter(|rest| rest.len() > 64) {
            if is_header(rest) {
                return Ok(Some(Section {
                    address: section.address() + at as u64,
                    data: Cow::Borrowed(rest),
                }));
            }
            at += 8;
        }
    }
    Ok(None)
}

fn is_header(data: &[u8]) -> bool {
    let Some(head) = data.get(..8) else { return false };
    let magic: [u8; 4] = [head[0], head[1], head[2], head[3]];
    let known = |word: u32| word == GO118 || word == GO120;
    (known(u32::from_le_bytes(magic)) || known(u32::from_be_bytes(magic))) && has_shape(data)
}

/// Behind the mark: two zeros, the smallest instruction, the width of a pointer.
fn has_shape(data: &[u8]) -> bool {
    matches!(data.get(4..8), Some([0, 0, 1 | 2 | 4, 4 | 8]))
}

pub(crate) fn parse<'a, R: ReadRef<'a>>(
    container: &Container<'a, R>,
    section: &Section<'a>,
    text: Option<u64>,
) -> Result<Pclntab, Error> {
    let data = &*section.data;
    if !is_header(data) {
        let first =
            data.get(..4).map(|magic| u32::from_le_bytes([magic[0], magic[1], magic[2], magic[3]]));
        let old = first.is_some_and(|word| OLD.contains(&word) || OLD.contains(&word.swap_bytes()));
        if !old && has_shape(data) {
            return Err(Error::UnknownMark);
        }
        let reason = if old {
            "the function table of a Go before 1.18"
        } else {
            "the function table has no header"
        };
        return Err(Error::malformed(reason));
    }
    let little = matches!(data.get(3), Some(0xff));
    let words = Words { data, little, wide: data.get(7) == Some(&8) };
    let cut_off = || Error::malformed("the function table is cut off");
    let place = |index: usize| -> Result<usize, Error> {
        let offset = words.word(index).and_then(|offset| usize::try_from(offset).ok());
        offset.filter(|offset| *offset <= data.len()).ok_or_else(cut_off)
    };
    let count = words.word(0).filter(|count| *count <= MAX_FUNCTIONS).ok_or_else(cut_off)?;
    let count = usize::try_from(count).map_err(|_| cut_off())?;
    let (names, table) = (place(3)?, place(7)?);
    let files = Files { words: &words, units: place(4)?, files: place(5)?, counters: place(6)? };
    let text = text
        .or_else(|| words.word(2).filter(|start| *start != 0))
        .or_else(|| moduledata::text(container, section.address, words.wide, little))
        .or_else(|| container.text().map(|(address, _)| address))
        .ok_or_else(|| Error::malformed("there is no code"))?;
    // Pairs of code and function, both relative; behind them the end of the code.
    let mut functions = Vec::with_capacity(count.min(data.len() / 8));
    let mut main_file = None;
    for index in 0..count {
        let entry = table + index * 8;
        let (code, function) =
            (words.u32(entry).ok_or_else(cut_off)?, words.u32(entry + 4).ok_or_else(cut_off)?);
        // `_func` begins with the code's offset and the name's.
        let function = table + function as usize;
        let name = words.u32(function + 4).ok_or_else(cut_off)?;
        let file = files.first(function);
        let generated = file.is_some_and(|file| file.starts_with(b"<autogenerated>\0"));
        let assembly = file.is_some_and(|file| until_zero(file).ends_with(b".s"))
            && data.get(names + name as usize..).is_some_and(|it| !until_zero(it).contains(&b'.'));
        let is_main = || data.get(names + name as usize..)?.strip_prefix(b"main.main\0");
        if main_file.is_none() && is_main().is_some() {
            main_file = file.map(|file| String::from_utf8_lossy(until_zero(file)).into_owned());
        }
        let address = text.wrapping_add(code.into());
        functions.push(Function { address, name, generated, assembly });
    }
    let end = words.u32(table + count * 8).ok_or_else(cut_off)?;
    let names_end = place(4)?.max(names);
    functions.sort_unstable();
    Ok(Pclntab {
        functions,
        end: text.wrapping_add(end.into()),
        address: section.address,
        size: data.len() as u64,
        main_file,
        names: data.get(names..names_end).unwrap_or_default().to_vec(),
    })
}
