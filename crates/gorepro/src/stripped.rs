//! Variables of programs without symbols: word by word where their section is as large in both.
//!
//! A variable of one side alone moves what is behind it, so both are brought together again behind a difference.

use crate::data::Compared;
use crate::found::Causes;
use crate::image::Image;
use foldhash::{HashMap, HashSet};
use goartifact::RawSection;
use std::ops::Range;

/// Words that one side may have more, before both are brought together again.
const SHIFT: usize = 64;
/// Words that must be the same for that.
const RUN: usize = 4;

/// What the linker's FIPS information begins with, and the bytes of the sum behind it.
const FIPS_MAGIC: &[u8; 16] = b"\xff Go fipsinfo \xff\x00";
const FIPS_SUM: usize = 32;

/// A word of data, with what depends on places taken out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word<'a> {
    /// Points into the program, or is a number that looks as if it did.
    Pointer(u64),
    /// Behind a pointer: a length, and a capacity of the same value behind it.
    Length(u64),
    /// Behind a pointer to text: its length, and so the text.
    Text(&'a [u8]),
    Value(u64),
    /// A value that is an address within a function, and a hash of which and how far: a jump table has such words, and a
    /// number may be one by chance.
    Inside(u64, u64),
}

impl Word<'_> {
    /// The same but for what is compared elsewhere.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        let length = |word: &Self| matches!(word, Self::Length(_) | Self::Text(_));
        match (self, other) {
            (Self::Pointer(_), Self::Pointer(_)) => true,
            (Self::Inside(_, place), Self::Inside(_, other)) if place == other => true,
            _ => length(self) && length(other) || self.raw() == other.raw(),
        }
    }

    /// What stands there.
    const fn raw(&self) -> u64 {
        match self {
            Self::Pointer(raw) | Self::Length(raw) | Self::Value(raw) | Self::Inside(raw, _) => {
                *raw
            }
            Self::Text(text) => text.len() as u64,
        }
    }

    /// Whether it is a number, as far as one can tell.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Self::Value(_) | Self::Inside(..))
    }
}

/// Counts what differs, which has no name; names what is in another order. What is told of already is left out.
pub(crate) fn compare(
    images: [&Image<'_>; 2],
    told: &[Vec<Range<u64>>; 2],
    compared: &mut Compared,
    causes: &mut Causes,
) {
    let sums = images.map(fips_sums);
    for name in [".data", ".noptrdata", "__data", "__noptrdata"] {
        let (Some(a), Some(b)) = (images[0].section(name), images[1].section(name)) else {
            continue;
        };
        let of = |side: usize, section: &RawSection<'_>| {
            let told = [&told[side][..], &sums[side][..]].concat();
            section_words(images[side], section, &told)
        };
        let aligned = align(&of(0, a), &of(1, b));
        let values = permuted(&aligned.texts);
        if values > 0 {
            causes.add("order", format!("{name}: {values} values"));
        }
        if a.data.len() != b.data.len() {
            // What came or went has no name here, and belongs to the code that uses it.
            compared.names.push(format!("{name} without symbols"));
        } else if aligned.differing > 0 {
            compared.unexplained += (aligned.differing * images[0].pointer) as u64;
            compared.names.push(name.to_owned());
        }
    }
}

/// Where sums over FIPS code and its data are, which follow from them (`cmd/link/internal/ld/fips140.go`; of PE they have
/// no section of their own).
pub(crate) fn fips_sums(image: &Image<'_>) -> Vec<Range<u64>> {
    let data = image.loaded().filter(|section| section.purpose == goartifact::Purpose::Data);
    let sums = data.flat_map(|section| {
        let found = memchr::memmem::find_iter(section.data, FIPS_MAGIC);
        found.map(|place| section.address + (place + FIPS_MAGIC.len()) as u64)
    });
    sums.map(|start| start..start + FIPS_SUM as u64).collect()
}

/// The words of a section, without what is told of already.
fn section_words<'a>(
    image: &Image<'a>,
    section: &RawSection<'_>,
    told: &[Range<u64>],
) -> Vec<Word<'a>> {
    let width = image.pointer;
    let mut out = words(image, section.address, section.data);
    let mut pass = |from: usize, count: usize| {
        out.iter_mut().skip(from).take(count).for_each(|word| *word = Word::Pointer(0));
    };
    for range in told
        .iter()
        .filter(|range| section.data.len() as u64 > range.start.wrapping_sub(section.address))
    {
        let start = usize::try_from(range.start - section.address).unwrap_or(usize::MAX);
        let bytes = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(0);
        pass(start / width, (start % width + bytes).div_ceil(width));
    }
    // A list of a package's initialisers: how many they are, and their code (`runtime/proc.go`, `initTask`).
    for place in 1..out.len() {
        let listed = |word: &Word<'_>| matches!(word, Word::Value(value) if *value as u32 == 0 && (1..1 << 16).contains(&(value >> 32)));
        if width == 8
            && matches!(out.get(place), Some(Word::Pointer(_)))
            && out.get(place - 1).is_some_and(listed)
        {
            out.splice(place - 1..place, [Word::Length(0)]);
        }
    }
    out
}

/// The words of data that begins at an address.
pub(crate) fn words<'a>(image: &Image<'a>, address: u64, data: &[u8]) -> Vec<Word<'a>> {
    let width = image.pointer;
    // The runtime's own table holds where sections end, too.
    let reaches = |to: u64| image.is_mapped(to) || image.is_mapped(to.wrapping_sub(1));
    // Imports of Windows are places from the beginning of the program.
    let base = image.loaded().next().map_or(0, |section| section.address & !0xffff);
    let imported = |to: u64| {
        image.format == goartifact::Format::Pe
            && image.section_at(base.wrapping_add(to)).is_some_and(|it| it.name == ".idata")
    };
    let mut out: Vec<Word<'a>> = Vec::with_capacity(data.len() / width);
    let (mut length, mut target) = (None, 0);
    for (index, bytes) in data.chunks_exact(width).enumerate() {
        let value = image.number(bytes);
        let at = address.wrapping_add((index * width) as u64);
        let pointer =
            reaches(value) || image.pointer_at(at).is_some_and(reaches) || imported(value);
        let inside = pointer.then(|| image.inside_function(value)).flatten();
        let word = match out.last() {
            _ if let Some(place) = inside => Word::Inside(value, place),
            _ if pointer => Word::Pointer(value),
            Some(Word::Pointer(_)) => {
                text(image, target, value).map_or(Word::Length(value), Word::Text)
            }
            Some(Word::Length(_) | Word::Text(_)) if length == Some(value) => Word::Length(value),
            _ => Word::Value(value),
        };
        target = image.pointer_at(at).unwrap_or(value);
        length = matches!(word, Word::Length(_) | Word::Text(_)).then_some(value);
        out.push(word);
    }
    out
}

/// The text that a pointer and a length tell of; none where it is something else.
pub(crate) fn text<'a>(image: &Image<'a>, address: u64, length: u64) -> Option<&'a [u8]> {
    /// A name, a value: what lists have.
    const MAX: u64 = 256;
    let section = image.section_at(address).filter(|section| is_constants(&section.name));
    let bytes =
        section.filter(|_| (1..=MAX).contains(&length)).and(image.bytes(address, length))?;
    let printable = |text: &str| text.chars().all(|letter| !letter.is_control());
    std::str::from_utf8(bytes).is_ok_and(printable).then_some(bytes)
}

/// Whether constants are kept in a section of this name.
fn is_constants(name: &str) -> bool {
    name.contains("rodata") || name == ".rdata"
}

/// Whether both hold the same but for where what they point to lies, and zeros between.
pub(crate) fn same_values(images: [&Image<'_>; 2], places: [u64; 2], bytes: [&[u8]; 2]) -> bool {
    let of = |side: usize| words(images[side], places[side], bytes[side]);
    let aligned = align(&of(0), &of(1));
    aligned.differing == 0 && aligned.left == 0 && aligned.texts.is_empty()
}

/// How the words of both go together.
#[derive(Debug, Default)]
struct Aligned<'a> {
    /// Words that one side has and the other has not at that place.
    differing: usize,
    /// Words, not zero, that one side has more at the end.
    left: usize,
    /// Texts that stand at the same place and differ.
    texts: Vec<(&'a [u8], &'a [u8])>,
}

fn align<'a>(a: &[Word<'a>], b: &[Word<'a>]) -> Aligned<'a> {
    let (mut at, mut other) = (0, 0);
    let mut out = Aligned::default();
    while let (Some(x), Some(y)) = (a.get(at), b.get(other)) {
        if x.agrees(y) {
            if let (Word::Text(x), Word::Text(y)) = (x, y)
                && x != y
            {
                out.texts.push((x, y));
            }
            at += 1;
            other += 1;
            continue;
        }
        let meets = |shift: &(usize, usize)| {
            let (one, two) = (a.get(at + shift.0..), b.get(other + shift.1..));
            let runs = one.and_then(|one| one.get(..RUN)).zip(two.and_then(|two| two.get(..RUN)));
            runs.is_some_and(|(one, two)| one.iter().zip(two).all(|(x, y)| x.agrees(y)))
        };
        let shifts = (1..=SHIFT).flat_map(|by| [(by, by), (by, 0), (0, by)]);
        let (more, fewer) = shifts.into_iter().find(meets).unwrap_or((1, 1));
        let values = |words: Option<&[Word<'_>]>| {
            let words = words.unwrap_or_default().iter();
            words.filter(|word| word.is_number() && **word != Word::Value(0)).count()
        };
        let (gone, come) = (a.get(at..at + more), b.get(other..other + fewer));
        out.differing += values(gone).max(values(come));
        at += more;
        other += fewer;
    }
    let more = |words: &[Word<'_>], from: usize| {
        words.iter().skip(from).filter(|word| **word != Word::Value(0)).count()
    };
    out.left = more(a, at) + more(b, other);
    out
}

/// How many texts changed places among themselves: where one stood there is another, and so on until the first.
pub(crate) fn permuted(texts: &[(&[u8], &[u8])]) -> usize {
    let next: HashMap<&[u8], &[u8]> = texts.iter().copied().collect();
    let mut seen: HashSet<&[u8]> = HashSet::default();
    let mut count = 0;
    for (first, _) in texts {
        let (mut at, mut length) = (*first, 0);
        // What one side has more moves all behind it by one, which never comes back to the first.
        while seen.insert(at)
            && let Some(to) = next.get(at)
        {
            length += 1;
            at = to;
            if at == *first {
                count += length;
                break;
            }
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_side_has_more_moves_nothing_else() {
        let words = |values: &[u64]| -> Vec<Word<'_>> {
            values.iter().map(|value| Word::Value(*value)).collect()
        };
        let all: Vec<u64> = (1..40).collect();
        let mut more = all.clone();
        more.insert(9, 777);
        let mut other = all.clone();
        other[20] = 888;
        let differing = |other: &[u64]| align(&words(&all), &words(other)).differing;
        assert_eq!((differing(&all), differing(&more), differing(&other)), (0, 1, 1));
    }

    #[test]
    fn the_same_texts_in_another_order_are_known() {
        let list = |texts: &[&'static str]| -> Vec<Word<'static>> {
            texts.iter().flat_map(|text| [Word::Pointer(1), Word::Text(text.as_bytes())]).collect()
        };
        let first = list(&["a", "b", "c"]);
        let of = |other: &[&'static str]| permuted(&align(&first, &list(other)).texts);
        assert_eq!((of(&["c", "b", "a"]), of(&["c", "b", "x"])), (2, 0));
        // With a value beside them; and all moved by one that is new.
        assert_eq!((of(&["b", "a", "x"]), of(&["x", "a", "b"])), (2, 0));
    }
}
