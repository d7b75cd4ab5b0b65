//! String constants that only one program has.
//!
//! The linker lays all strings end to end, without lengths, longest last. Each is there because something
//! refers to it; so the references of the code and of the data say where each begins. Compared are the sets:
//! that all strings moved is no difference.

use crate::code::{WORTH, has_references, references};
use crate::image::{Func, Image};
use crate::texts::{self, Longer};
use foldhash::{HashMap, HashMapExt as _};
use goartifact::Purpose;
use std::cmp::Reverse;
use std::ops::Range;

/// More changed strings nobody reads.
const MAX: usize = 2_000;
/// A string of so many bytes is a file rather than a text, and so many bytes of texts are referred to often.
const LONG: u64 = 16 << 10;
/// A shorter text may be within another.
const CUT: usize = 64;
/// A string that only data refers to.
const OF_DATA: u32 = u32::MAX;

/// A string that the other program has not.
#[derive(Debug)]
pub(crate) struct OneSided<'a> {
    pub(crate) value: &'a [u8],
    /// The first function that refers to it.
    pub(crate) user: Option<u32>,
    /// Where it is.
    pub(crate) address: u64,
}

/// Where strings are.
fn region<'a>(image: &Image<'a>, named: bool) -> Option<(u64, &'a [u8], bool)> {
    if named && let Some((start, bytes)) = image.strings() {
        return Some((start, bytes, true));
    }
    // Without symbols: all of the constants; what is no text is left out later.
    let names = [".rodata", "__rodata", ".rdata"];
    let section = names.iter().find_map(|name| image.section(name))?;
    let table = image.table.as_ref().map_or(u64::MAX, |table| table.address);
    let until = table.checked_sub(section.address).and_then(|length| usize::try_from(length).ok());
    let data = until.and_then(|until| section.data.get(..until)).unwrap_or(section.data);
    Some((section.address, data, false))
}

/// Places that something refers to, with the first function that does, by place, each once; and how long data says
/// that the text at a place is.
fn starts(
    image: &Image<'_>,
    functions: &[Func<'_>],
    start: u64,
    length: u64,
) -> (Vec<(u32, u32)>, HashMap<u32, u64>) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let share = functions.len().div_ceil(threads).max(WORTH);
    let scan = |first: usize, part: &[Func<'_>]| {
        let mut out = vec![];
        for (index, function) in part.iter().enumerate() {
            let user = u32::try_from(first + index).unwrap_or(OF_DATA);
            references(image, function, |to| {
                if to.wrapping_sub(start) < length
                    && let Ok(offset) = u32::try_from(to - start)
                {
                    out.push((offset, user));
                }
            });
        }
        out
    };
    let mut out: Vec<(u32, u32)> = if functions.len() <= share {
        scan(0, functions)
    } else {
        std::thread::scope(|scope| {
            let parts: Vec<_> = functions
                .chunks(share)
                .enumerate()
                .map(|(nth, part)| scope.spawn(move || scan(nth * share, part)))
                .collect();
            parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
        })
    };
    // Where nothing tells what code refers to, texts end where data says so.
    let lumped = !has_references(image);
    let mut long: Vec<Range<u64>> = vec![];
    let mut lengths: HashMap<u32, u64> = HashMap::new();
    let mut add = |to: u64| {
        if to.wrapping_sub(start) < length
            && let Ok(offset) = u32::try_from(to - start)
        {
            out.push((offset, OF_DATA));
        }
    };
    for section in image.loaded().filter(|section| section.purpose == Purpose::Data) {
        if section.name.contains("pclntab") {
            continue;
        }
        // Of what has no pointers, only the description of the program refers to something; with symbols it is not needed.
        let data = match (section.name.contains("noptrdata"), &image.described) {
            (false, _) => section.data,
            (true, _) if image.has_symbols() => continue,
            (true, Some(described)) => described.own_of(section),
            (true, None) => section.data,
        };
        // A number may look like an address: only what has a length behind it counts.
        let words = data.chunks_exact(image.pointer);
        for (word, behind) in words.clone().zip(words.skip(1)) {
            let (to, count) = (image.number(word), image.number(behind));
            if count > 0 && to.wrapping_sub(start) < length && count <= length - (to - start) {
                add(to);
                if lumped && count < LONG {
                    add(to + count);
                }
                if count >= LONG {
                    long.push(to - start..to - start + count);
                } else if let Ok(offset) = u32::try_from(to - start) {
                    let known = lengths.entry(offset).or_insert(count);
                    *known = count.max(*known);
                }
            }
        }
    }
    image.relocations().for_each(add);
    out.sort_unstable();
    out.dedup_by_key(|(offset, _)| *offset);
    let mut out = without_cuts(out, long);
    out.dedup_by_key(|(offset, _)| *offset);
    (out, lengths)
}

/// Without what looks like a reference into the middle of a long string, whose end its length tells: there something
/// else begins. Where much is referred to, it is no string, and the number no length.
fn without_cuts(starts: Vec<(u32, u32)>, mut long: Vec<Range<u64>>) -> Vec<(u32, u32)> {
    /// Places in a long string that look like one by chance.
    const CUTS: usize = 8;
    let mut cut = vec![false; starts.len()];
    let mut ends = vec![];
    long.sort_by_key(|string| Reverse(string.end - string.start));
    for string in long {
        // By chance, too.
        let first = starts.binary_search_by_key(&string.start, |(offset, _)| u64::from(*offset));
        if first.is_ok_and(|first| cut.get(first) == Some(&true)) {
            continue;
        }
        let from = starts.partition_point(|(offset, _)| u64::from(*offset) <= string.start);
        let to = starts.partition_point(|(offset, _)| u64::from(*offset) < string.end);
        if let Some(within) = cut.get_mut(from..to)
            && within.len() <= CUTS
        {
            within.fill(true);
            ends.extend(u32::try_from(string.end).map(|end| (end, OF_DATA)));
        }
    }
    let kept = starts.into_iter().zip(cut).filter_map(|(start, cut)| (!cut).then_some(start));
    let mut kept: Vec<_> = kept.chain(ends).collect();
    kept.sort_unstable();
    kept
}

/// Texts with the first function that refers to each, and its place; `lengths`, where nothing may refer to what lies
/// behind a text.
fn segments<'a>(
    bytes: &'a [u8],
    starts: &[(u32, u32)],
    lengths: Option<&HashMap<u32, u64>>,
) -> Vec<(&'a [u8], u32, u32)> {
    let ends = starts.iter().skip(1).map(|(offset, _)| *offset as usize).chain([bytes.len()]);
    let cut = |((from, user), to): (&(u32, u32), usize)| {
        let length = lengths.and_then(|it| it.get(from)).and_then(|it| usize::try_from(*it).ok());
        let to = length.map_or(to, |length| to.min((*from as usize).saturating_add(length)));
        // Behind the last string, and between other constants, there is padding.
        let value = bytes.get(*from as usize..to)?;
        let end = value.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
        Some((value.get(..end)?, *user, *from))
    };
    starts.iter().zip(ends).filter_map(cut).collect()
}

/// The strings that only one has, of each. `of_data`: only those that no function refers to, as where code is of the
/// same sources.
pub(crate) fn one_sided<'a>(
    images: [&Image<'a>; 2],
    functions: [&[Func<'_>]; 2],
    of_data: bool,
) -> [Vec<OneSided<'a>>; 2] {
    // Where one has no symbols, both are looked at without.
    let named = images.iter().all(|image| image.strings().is_some());
    let regions = (region(images[0], named), region(images[1], named));
    let (Some(a), Some(b)) = regions else { return [vec![], vec![]] };
    if a.1 == b.1 {
        return [vec![], vec![]];
    }
    let starts = [(0, &a), (1, &b)].map(|(side, (start, bytes, _))| {
        starts(images[side], functions[side], *start, bytes.len() as u64)
    });
    let segments = |side: usize, region: &(u64, &'a [u8], bool)| {
        segments(region.1, &starts[side].0, (!named).then_some(&starts[side].1))
    };
    let (mut first, mut second) = (segments(0, &a), segments(1, &b));
    let lengths = [&starts[0].1, &starts[1].1];
    // Nothing says where the last, the longest, ends; what is behind it is no string.
    let begins =
        |segments: &[(&'a [u8], u32, u32)]| segments.last().and_then(|last| last.0.get(..16));
    if begins(&first).is_some() && begins(&first) == begins(&second) {
        first.pop();
        second.pop();
    }
    let mut counts: HashMap<&[u8], i32> = HashMap::with_capacity(first.len());
    for (value, ..) in &first {
        *counts.entry(value).or_insert(0) += 1;
    }
    for (value, ..) in &second {
        *counts.entry(value).or_insert(0) -= 1;
    }
    let exact = a.2 && b.2;
    // Among the constants are values of functions, too: pointers that may read as text, with zeros behind.
    let is_pointer = |image: &Image<'_>, address: u64| {
        let word = image.bytes(address, image.pointer as u64).map(|word| image.number(word));
        address.is_multiple_of(image.pointer as u64) && word.is_some_and(|to| image.is_mapped(to))
    };
    let lumped = !has_references(images[0]);
    let longer = [(&first, 1), (&second, -1)].map(|(segments, sign)| {
        let one_sided = segments
            .iter()
            .map(|(value, ..)| *value)
            .filter(|value| !exact && counts.get(value).is_some_and(|count| *count * sign > 0));
        Longer::of(one_sided, lumped)
    });
    let mut pick = |segments: Vec<(&'a [u8], u32, u32)>,
                    side: usize,
                    start: u64,
                    sign: i32|
     -> Vec<OneSided<'a>> {
        let mut out = vec![];
        for (value, user, offset) in segments {
            let Some(count) = counts
                .get_mut(value)
                .filter(|count| **count * sign > 0 && (!of_data || user == OF_DATA))
            else {
                continue;
            };
            *count -= sign;
            let address = start + u64::from(offset);
            let is_text = || {
                texts::is_text(value, lumped)
                    && !is_pointer(images[side], address)
                    && !longer[1 - side].begins_with(value)
            };
            // So short, numbers and pieces of addresses read as text.
            let by_chance = !exact
                && value.len() < 4
                && (lumped
                    || user == OF_DATA
                        && lengths[side].get(&offset) != Some(&(value.len() as u64)));
            if value.is_empty() || by_chance || !exact && !is_text() || out.len() >= MAX {
                continue;
            }
            out.push(OneSided { value, user: (user != OF_DATA).then_some(user), address });
        }
        out
    };
    let only_a = pick(first, 0, a.0, 1);
    let only_b = pick(second, 1, b.0, -1);
    let [mut only_a, mut only_b] = joined(only_a, only_b);
    without_pieces(&mut only_a, b.1, exact, lumped);
    without_pieces(&mut only_b, a.1, exact, lumped);
    [only_a, only_b]
}

/// What looks like a reference may cut a long text at another place: the other program, which has `bytes`, has it all
/// the same.
fn without_pieces(strings: &mut Vec<OneSided<'_>>, bytes: &[u8], exact: bool, lumped: bool) {
    let mut room = texts::MAX_SEARCHED;
    strings.retain(|string| {
        room = room.saturating_sub(bytes.len());
        exact
            || string.value.len() < CUT
            || room == 0
            || memchr::memmem::find(bytes, string.value).is_none()
    });
    if lumped {
        let mut room = texts::MAX_SEARCHED;
        strings.retain(|string| !texts::is_within(string.value, bytes, &mut room));
    }
}

/// Where something looks like a reference into the middle of a string, its pieces are put together again: what
/// is then in both is the same.
fn joined<'a>(mut a: Vec<OneSided<'a>>, mut b: Vec<OneSided<'a>>) -> [Vec<OneSided<'a>>; 2] {
    /// So many pieces a string may be in.
    const PIECES: usize = 3;
    let runs = |strings: &[OneSided<'a>]| -> Vec<(Vec<u8>, Range<usize>)> {
        let mut out = vec![];
        for first in 0..strings.len() {
            let mut whole: Vec<u8> = vec![];
            let mut next = None;
            for (place, string) in strings.iter().enumerate().skip(first).take(PIECES) {
                if next.is_some_and(|next| next != string.address) {
                    break;
                }
                whole.extend_from_slice(string.value);
                next = Some(string.address.wrapping_add(string.value.len() as u64));
                out.push((whole.clone(), first..place + 1));
            }
        }
        out
    };
    let mut of_b: HashMap<Vec<u8>, Range<usize>> = runs(&b).into_iter().collect();
    let (mut gone_a, mut gone_b) = (vec![false; a.len()], vec![false; b.len()]);
    for (whole, pieces) in runs(&a) {
        let Some(others) = of_b.get(&whole).cloned() else { continue };
        let taken = |gone: &[bool], range: &Range<usize>| {
            gone.get(range.clone()).is_none_or(|part| part.contains(&true))
        };
        if taken(&gone_a, &pieces) || taken(&gone_b, &others) {
            continue;
        }
        of_b.remove(&whole);
        gone_a.iter_mut().skip(pieces.start).take(pieces.len()).for_each(|gone| *gone = true);
        gone_b.iter_mut().skip(others.start).take(others.len()).for_each(|gone| *gone = true);
    }
    let mut keep = gone_a.into_iter();
    a.retain(|_| !keep.next().unwrap_or(false));
    let mut keep = gone_b.into_iter();
    b.retain(|_| !keep.next().unwrap_or(false));
    [a, b]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_looks_like_a_reference_cuts_no_file() {
        let starts: Vec<(u32, u32)> = [0, 10, 500_000, 1_000_010].map(|at| (at, 1)).into();
        let kept = without_cuts(starts, vec![10..1_000_000, 500_000..900_000]);
        assert_eq!(kept, [(0, 1), (10, 1), (1_000_000, OF_DATA), (1_000_010, 1)]);
        // Texts that are referred to are no single one.
        let texts: Vec<(u32, u32)> = (0..100).map(|at| (at * 200, 1)).collect();
        assert_eq!(without_cuts(texts.clone(), vec![200..19_000, 300..17_000]), texts);
    }
}
