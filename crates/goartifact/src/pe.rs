//! What only a Windows image has: the PDB it names, its sections by number, where its functions begin.

use crate::container::Format;
use crate::pdb::{CodeView, Place, guid};
use crate::{Container, Error};
use object::read::pe::{ImageNtHeaders, PeFile};
use object::{LittleEndian as LE, Object as _, ObjectSection as _, ReadRef, SectionFlags, pe};
use serde::Serialize;

/// `UNW_FLAG_CHAININFO`: a part of a function, and not its beginning.
const CHAINED: u8 = 4;

/// Windows loads no more.
const MAX_SECTIONS: usize = 96;

/// Of a Windows image.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Image {
    /// `IMAGE_FILE_MACHINE_…`.
    pub machine: u16,
    /// Whether it has a symbol table of its own; `lld` writes none.
    pub coff_symbols: bool,
    /// The PDB that it names.
    pub code_view: Option<CodeView>,
    /// Where functions begin by its exports and `.pdata`; sorted, each once.
    #[serde(skip)]
    pub function_starts: Vec<u64>,
    /// Addresses and lengths of sections, the first of number 1.
    #[serde(skip)]
    sections: Vec<(u64, u64)>,
}

impl Image {
    /// The place of an address, as a PDB has it.
    pub fn place(&self, address: u64) -> Option<Place> {
        let holds = |(start, size): &(u64, u64)| address >= *start && address - *start < *size;
        let index = self.sections.iter().position(holds)?;
        let (start, _) = self.sections.get(index)?;
        Some(Place {
            segment: u16::try_from(index + 1).ok()?,
            offset: u32::try_from(address - start).ok()?,
        })
    }
}

/// Reads it; none of another format. What cannot be read is named in `gaps`.
pub(crate) fn read<'a, R: ReadRef<'a>>(
    container: &Container<'a, R>,
    gaps: &mut Vec<String>,
) -> Option<Image> {
    if container.format() != Format::Pe {
        return None;
    }
    let mut image = match &container.file {
        object::File::Pe32(file) => headers(file),
        object::File::Pe64(file) => headers(file),
        _ => return None,
    };
    let sections = container.file.sections();
    if sections.count() > MAX_SECTIONS {
        gaps.push(format!("more than {MAX_SECTIONS} sections"));
        return Some(image);
    }
    let sections = container.file.sections();
    image.sections = sections.map(|section| (section.address(), section.size())).collect();
    match container.file.pdb_info() {
        Ok(Some(named)) => {
            image.code_view = Some(CodeView {
                guid: guid(&named.guid()),
                age: named.age(),
                path: String::from_utf8_lossy(named.path()).into_owned(),
            });
        }
        Ok(None) => {}
        Err(err) => gaps.push(format!("debug directory: {}", Error::from(err))),
    }
    match starts(container, image.machine) {
        Ok(starts) => image.function_starts = starts,
        Err(err) => gaps.push(format!("exports: {err}")),
    }
    Some(image)
}

fn headers<'a, Pe: ImageNtHeaders, R: ReadRef<'a>>(file: &PeFile<'a, Pe, R>) -> Image {
    let header = file.nt_headers().file_header();
    Image {
        machine: header.machine.get(LE).0,
        coff_symbols: header.number_of_symbols.get(LE) > 0,
        ..Image::default()
    }
}

/// Exports that are code, and beginnings of functions that can be unwound.
fn starts<'a, R: ReadRef<'a>>(
    container: &Container<'a, R>,
    machine: u16,
) -> Result<Vec<u64>, Error> {
    let file = &container.file;
    let is_code = |section: &object::Section<'a, '_, R>| matches!(section.flags(), SectionFlags::Coff { characteristics } if characteristics.0 & pe::IMAGE_SCN_MEM_EXECUTE.0 != 0);
    let code: Vec<(u64, u64)> = file
        .sections()
        .filter(is_code)
        .map(|section| (section.address(), section.address().saturating_add(section.size())))
        .collect();
    let in_code = |address: &u64| code.iter().any(|(start, end)| (start..end).contains(&address));
    let mut starts: Vec<u64> = vec![];
    for export in file.exports()? {
        if let Ok(export) = export
            && let object::ExportTarget::Address { address } = export.target()
        {
            starts.push(address);
        }
    }
    if let Ok(Some(section)) = container.section(&[".pdata"]) {
        unwound(container, &section.data, machine, &mut starts);
    }
    starts.retain(in_code);
    starts.sort_unstable();
    starts.dedup();
    Ok(starts)
}

/// `RUNTIME_FUNCTION`s: on amd64 beginning, end, place of the unwind information; on arm64 beginning and either that
/// place or the information itself.
fn unwound<'a, R: ReadRef<'a>>(
    container: &Container<'a, R>,
    data: &[u8],
    machine: u16,
    starts: &mut Vec<u64>,
) {
    let base = container.file.relative_address_base();
    let word = |entry: &[u8], at: usize| {
        entry.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_le_bytes)
    };
    match machine {
        machine if machine == pe::IMAGE_FILE_MACHINE_AMD64.0 => {
            for entry in data.chunks_exact(12) {
                let (start, info) = (word(entry, 0), word(entry, 8));
                let flags = container.at(base.saturating_add(info.into()), 1);
                let chained = info & 1 == 1
                    || flags
                        .and_then(|flags| flags.first())
                        .is_some_and(|it| it >> 3 & CHAINED != 0);
                if start != 0 && !chained {
                    starts.push(base.saturating_add(start.into()));
                }
            }
        }
        machine if machine == pe::IMAGE_FILE_MACHINE_ARM64.0 => {
            // Two bits: 2 is a part of a function.
            let whole = |entry: &&[u8]| word(entry, 4) & 3 != 2 && word(entry, 0) != 0;
            let entries = data.chunks_exact(8).filter(whole);
            starts.extend(entries.map(|entry| base.saturating_add(word(entry, 0).into())));
        }
        _ => {}
    }
}
