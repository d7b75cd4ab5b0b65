//! The runtime's own description of a program, where it says which of its constants are types and texts.
//!
//! Source: `runtime/symtab.go`, `moduledata`; `cmd/link/internal/sym/symkind.go` for the order within a section.

use crate::image::Image;
use goartifact::{Purpose, RawSection};
use std::ops::Range;

/// Words before `text` (function table, six slices, findfunctab, minpc, maxpc), and behind it up to `types`.
const TEXT: u64 = 1 + 6 * 3 + 1 + 2;
const TYPES: u64 = 13;
/// The linker puts code into at most so many sections.
const MAX_PARTS: u64 = 1024;
/// It has at most so many words.
const WORDS: u64 = 80;

/// What of a program's data is described elsewhere.
#[derive(Debug)]
pub(crate) struct Described {
    /// The description itself.
    own: Range<u64>,
    /// Types, with the texts behind them where both lie in one section.
    types: Range<u64>,
    /// Where code of each section begins and ends (`textsectmap`).
    code: Range<u64>,
    /// Variables without pointers.
    plain: Range<u64>,
    /// The function table.
    functions: Range<u64>,
}

impl Described {
    /// Of a program; none where its description is not found or of an unknown kind.
    pub(crate) fn of(image: &Image<'_>) -> Option<Self> {
        let info = image.info.as_ref()?;
        let minor: u32 = info
            .go_version
            .trim_start_matches("go1.")
            .split(|letter: char| !letter.is_ascii_digit())
            .next()?
            .parse()
            .ok()?;
        let start = place(image)?;
        let word = |index: u64| {
            image.pointer_at(start.checked_add(index.checked_mul(image.pointer as u64)?)?)
        };
        // Go 1.20 put two words before it; Go 1.27 made types a section of their own. Before that texts came behind
        // them, and then functions' own data (elsewhere since Go 1.26) and what the collector needs.
        let two = if minor >= 20 { 2 } else { 0 };
        let first = TEXT + TYPES + two;
        let types = word(first)?;
        let end = if minor >= 27 {
            word(first + 2)?
        } else {
            let section = image.section_at(types)?;
            let behind = [word(first + 3)?, word(first - 2)?];
            let is_behind = |at: &u64| {
                *at > types && at.wrapping_sub(section.address) < section.data.len() as u64
            };
            // Where the loader writes addresses, types have a section of their own.
            let end = section.address.saturating_add(section.data.len() as u64);
            behind.into_iter().filter(is_behind).min().unwrap_or(end)
        };
        let section = image.section_at(start)?;
        let end_of_section = section.address.saturating_add(section.data.len() as u64);
        let own = start..start.saturating_add(WORDS * image.pointer as u64).min(end_of_section);
        let table = image.table.as_ref()?;
        let functions = table.address..table.address.saturating_add(table.size);
        let plain = word(TEXT + 2)?..word(TEXT + 3)?;
        let text = word(TEXT)?;
        let width = image.pointer as u64;
        // Three words each, of which the last is an address of code.
        let code = (0..WORDS).find_map(|index| {
            let (to, count) = (word(index)?, word(index + 1)?);
            let is_it = (1..=MAX_PARTS).contains(&count)
                && word(index + 2) == Some(count)
                && image.pointer_at(to.checked_add(2 * width)?) == Some(text);
            is_it.then(|| to..to.saturating_add(3 * width * count))
        });
        let code = code.unwrap_or(0..0);
        (types <= end).then_some(Self { own, types: types..end, code, plain, functions })
    }

    /// Where types are, with the names of their fields.
    pub(crate) fn types(&self) -> Range<u64> {
        self.types.clone()
    }

    /// Whether an address is of a variable without pointers.
    pub(crate) fn is_plain(&self, address: u64) -> bool {
        self.plain.contains(&address)
    }

    /// What of a section's bytes is the description.
    pub(crate) fn own_of<'a>(&self, section: &RawSection<'a>) -> &'a [u8] {
        let place = |address: u64| {
            let offset = address.checked_sub(section.address)?;
            usize::try_from(offset).ok()
        };
        let range = place(self.own.start).zip(place(self.own.end));
        range.and_then(|(from, to)| section.data.get(from..to)).unwrap_or_default()
    }

    /// Whether an address is of what is described elsewhere.
    pub(crate) fn holds(&self, address: u64) -> bool {
        [&self.own, &self.types, &self.code, &self.functions]
            .iter()
            .any(|range| range.contains(&address))
    }
}

/// Where it is: it begins with a pointer to the function table, and says where the code is.
fn place(image: &Image<'_>) -> Option<u64> {
    let table = image.table.as_ref()?;
    let first = table.functions.first()?.address;
    let width = image.pointer;
    let is_it = |at: &u64| {
        image.pointer_at(*at) == Some(table.address)
            && at.checked_add(TEXT * width as u64).and_then(|at| image.pointer_at(at)).is_some_and(
                |text| {
                    text <= first
                        && image.section_at(text).is_some_and(|it| it.purpose == Purpose::Code)
                },
            )
    };
    let data = image.loaded().filter(|section| section.purpose == Purpose::Data);
    let stored = data.flat_map(|section| {
        let words = section.data.chunks_exact(width).enumerate();
        let pointing = words.filter(|(_, word)| image.number(word) == table.address);
        pointing.map(|(index, _)| section.address.wrapping_add((index * width) as u64))
    });
    let loaders = image.relocated().filter(|(_, to)| *to == table.address).map(|(at, _)| at);
    stored.chain(loaders).find(is_it)
}
