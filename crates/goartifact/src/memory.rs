//! The data of a program as it is when it runs: by address, with the pointers that the loader fills in.

use crate::Container;
use object::{Object as _, ObjectSection as _, ReadRef};

/// Sections of data, by address.
pub(crate) struct Memory<'a> {
    sections: Vec<(u64, &'a [u8])>,
    /// Places where the loader writes a pointer that is not in the file, and the pointer.
    filled: Vec<(u64, u64)>,
    wide: bool,
    little: bool,
}

impl<'a> Memory<'a> {
    pub(crate) fn of<R: ReadRef<'a>>(container: &Container<'a, R>) -> Self {
        let mut sections: Vec<(u64, &[u8])> = container
            .data_sections()
            .filter_map(|(_, section)| Some((section.address(), section.data().ok()?)))
            .filter(|(address, data)| *address != 0 && !data.is_empty())
            // What reaches to the end of all addresses is a lie, and sums with it would wrap.
            .filter(|(address, data)| address.checked_add(data.len() as u64 + 64).is_some())
            .collect();
        sections.sort_unstable_by_key(|(address, _)| *address);
        let mut filled = container.relative_relocations();
        filled.sort_unstable();
        Self {
            sections,
            filled,
            wide: container.file.is_64(),
            little: container.is_little_endian(),
        }
    }

    /// Bytes of a pointer.
    pub(crate) fn word_size(&self) -> u64 {
        if self.wide { 8 } else { 4 }
    }

    /// In the order of their addresses.
    pub(crate) fn sections(&self) -> impl Iterator<Item = (u64, &'a [u8])> {
        self.sections.iter().copied()
    }

    /// None where not all of it is in one section.
    pub(crate) fn bytes(&self, address: u64, length: u64) -> Option<&'a [u8]> {
        let at = self.sections.partition_point(|(start, _)| *start <= address).checked_sub(1)?;
        let (start, data) = self.sections.get(at)?;
        let from = usize::try_from(address - start).ok()?;
        data.get(from..from.checked_add(usize::try_from(length).ok()?)?)
    }

    /// A number as it is in the file.
    pub(crate) fn plain_word(&self, address: u64) -> Option<u64> {
        let bytes = self.bytes(address, self.word_size())?;
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Some(if self.little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) })
    }

    /// A pointer, as the loader makes it for a program that is loaded where its file says.
    pub(crate) fn pointer(&self, address: u64) -> Option<u64> {
        let word = self.plain_word(address)?;
        if word != 0 || self.filled.is_empty() {
            return Some(word);
        }
        let at = self.filled.binary_search_by_key(&address, |(place, _)| *place).ok();
        at.and_then(|at| self.filled.get(at)).map_or(Some(0), |(_, value)| Some(*value))
    }
}
