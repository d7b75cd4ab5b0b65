//! Values without a name that code refers to: tables that a map is filled from, arrays, numbers; of a program without
//! symbols, its variables.
//!
//! The same code refers to the same values in the same order, so that its references pair them. Each reaches to the
//! next place that anything refers to.

use crate::classify::{is_epoch, shown};
use crate::code::{Code, Fate, references};
use crate::found::Causes;
use crate::image::{Func, Image};
use crate::module_data::Described;
use crate::processor;
use crate::stripped::{self, Word, permuted, text, words};
use foldhash::{HashSet, HashSetExt as _};
use goartifact::{Format, Purpose};
use std::ops::Range;

/// A larger value is looked at to here.
const MAX: u64 = 1 << 20;

/// Places that code refers to, by function.
struct References {
    /// All of them.
    places: Vec<u64>,
    /// Where those of each function end.
    ends: Vec<usize>,
    /// Places that anything refers to, in order, each once.
    starts: Vec<u64>,
}

impl References {
    fn of(image: &Image<'_>, functions: &[Func<'_>]) -> Self {
        let is_data =
            |to: u64| image.section_at(to).is_some_and(|section| section.purpose == Purpose::Data);
        let (mut places, mut ends) = (vec![], Vec::with_capacity(functions.len()));
        for function in functions {
            references(image, function, |to| {
                if is_data(to) {
                    places.push(to);
                }
            });
            ends.push(places.len());
        }
        let mut starts = places.clone();
        for section in image.loaded().filter(|section| section.purpose == Purpose::Data) {
            if section.name.contains("pclntab") {
                continue;
            }
            let pointers = section.data.chunks_exact(image.pointer).map(|word| image.number(word));
            starts.extend(pointers.filter(|to| is_data(*to)));
        }
        starts.extend(image.relocations().filter(|to| is_data(*to)));
        starts.extend(image.data_symbols.iter().map(|symbol| symbol.address));
        starts.sort_unstable();
        starts.dedup();
        Self { places, ends, starts }
    }

    fn of_function(&self, place: usize) -> &[u64] {
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let end = self.ends.get(place).copied().unwrap_or_default();
        self.places.get(start.unwrap_or_default()..end).unwrap_or_default()
    }

    /// Bytes up to the next place that anything refers to, or to the end of the section; of a function's value, its
    /// pointer alone, behind which the collector's tables may lie.
    fn reach(&self, image: &Image<'_>, address: u64) -> u64 {
        let Some(section) = image.section_at(address) else { return 0 };
        let to = image.pointer_at(address).and_then(|to| image.section_at(to));
        if to.is_some_and(|to| to.purpose == Purpose::Code) {
            return image.pointer as u64;
        }
        let end = section.address.saturating_add(section.data.len() as u64);
        let next = self.starts.partition_point(|start| *start <= address);
        self.starts.get(next).map_or(end, |next| end.min(*next)) - address
    }
}

/// Names values that differ; returns where those are, of each, with what was told of before.
pub(crate) fn compare(
    images: [&Image<'_>; 2],
    functions: [&[Func<'_>]; 2],
    code: &Code,
    mut found: [Vec<Range<u64>>; 2],
    causes: &mut Causes,
) -> [Vec<Range<u64>>; 2] {
    for (side, image) in images.into_iter().enumerate() {
        found[side].extend(stripped::fips_sums(image));
    }
    let before = found.clone().map(|mut told| {
        told.sort_unstable_by_key(|range| range.start);
        told
    });
    let is_told = |side: usize, at: u64| {
        let behind = before[side].partition_point(|range| range.start <= at);
        behind
            .checked_sub(1)
            .and_then(|last| before[side].get(last))
            .is_some_and(|range| at < range.end)
    };
    let [Some(of_a), Some(of_b)] = images.map(|image| image.described.as_ref()) else {
        return found;
    };
    let described = [of_a, of_b];
    let [first, second] = std::thread::scope(|scope| {
        let other = scope.spawn(|| References::of(images[1], functions[1]));
        let first = References::of(images[0], functions[0]);
        [Some(first), other.join().ok()]
    });
    let (Some(first), Some(second)) = (first, second) else { return found };
    let references = [&first, &second];
    let mut seen: HashSet<(u64, u64)> = HashSet::new();
    let moved = Moved::of(images[0], references, code);
    let mut texts = Texts::of(images, references);
    for pair in &code.pairs {
        if !matches!(pair.fate, Fate::Same | Fate::Numbers(_)) {
            continue;
        }
        let (mine, theirs) =
            (references[0].of_function(pair.places.0), references[1].of_function(pair.places.1));
        let Some(function) = functions[0].get(pair.places.0).filter(|it| it.go) else { continue };
        if mine.len() != theirs.len() {
            continue;
        }
        let mut left: Vec<(u64, u64, bool)> =
            mine.iter().zip(theirs).map(|(a, b)| (*a, *b, true)).collect();
        while let Some((a, b, direct)) = left.pop() {
            let places = [a, b];
            if direct && a == b && moved.is_among(a) {
                continue;
            }
            if !seen.insert((a, b)) || [0, 1].iter().any(|side| is_told(*side, places[*side])) {
                continue;
            }
            if direct && let Some(line) = texts.swapped(places) {
                causes.add("constant", format!("{}: {line}", function.name));
                continue;
            }
            // What a slice points to has no name, also where the slice has one.
            if direct && let Some((a, b)) = elements(images, places) {
                left.push((a, b, false));
            }
            if [0, 1].iter().any(|side| !is_unnamed(images[*side], described[*side], places[*side]))
            {
                continue;
            }
            let size = [0, 1].map(|side| references[side].reach(images[side], places[side]));
            let size = size[0].min(size[1]).min(MAX);
            let values = [0, 1].map(|side| images[side].bytes(places[side], size));
            let [Some(old), Some(new)] = values else { continue };
            let value = Value { images, places, bytes: [old, new] };
            if let Some((id, line)) = value.difference() {
                causes.add(id, format!("{}: {line}", function.name));
                found[0].push(a..a + size);
                found[1].push(b..b + size);
            }
        }
    }
    found
}

/// Texts of programs with symbols, each as far as the next reference.
struct Texts<'i, 'a> {
    images: [&'i Image<'a>; 2],
    references: [&'i References; 2],
    /// Those that are in both.
    common: HashSet<&'a [u8]>,
}

impl<'i, 'a> Texts<'i, 'a> {
    fn of(images: [&'i Image<'a>; 2], references: [&'i References; 2]) -> Self {
        let mut out = Self { images, references, common: HashSet::new() };
        let [first, second] = [0, 1].map(|side| -> HashSet<&'a [u8]> {
            let starts = references[side].starts.iter();
            let texts = starts.filter(|at| images[side].is_string(**at));
            texts.filter_map(|at| out.text(side, *at)).collect()
        });
        out.common = first.intersection(&second).copied().collect();
        out
    }

    fn text(&self, side: usize, at: u64) -> Option<&'a [u8]> {
        let image = self.images[side];
        let bytes = image.bytes(at, self.references[side].reach(image, at))?;
        let end = bytes.iter().rposition(|byte| *byte != 0)? + 1;
        bytes.get(..end)
    }

    /// Whether code has another text that both programs have elsewhere, too: no text came or went.
    fn swapped(&mut self, [a, b]: [u64; 2]) -> Option<String> {
        if !self.images[0].is_string(a) || !self.images[1].is_string(b) {
            return None;
        }
        let (old, new) = (self.text(0, a)?, self.text(1, b)?);
        // What looks like a reference may cut one of them.
        let differs = old.iter().zip(new).any(|(x, y)| x != y);
        let known = self.common.contains(old) && self.common.contains(new);
        (differs && known).then(|| format!("{} → {} (text)", shown(old), shown(new)))
    }
}

/// Where what code refers to lies elsewhere in the other program. On processors whose code has whole addresses, a number
/// may look like one: where everything around moved, it is what stayed the same.
struct Moved(Vec<(u64, u64)>);

impl Moved {
    fn of(image: &Image<'_>, references: [&References; 2], code: &Code) -> Self {
        if !processor::has_addresses(image.arch.0) {
            return Self(vec![]);
        }
        let mut all = vec![];
        for pair in code.pairs.iter().filter(|pair| pair.fate == Fate::Same) {
            let places = [(0, pair.places.0), (1, pair.places.1)];
            let [mine, theirs] = places.map(|(side, place)| references[side].of_function(place));
            if mine.len() == theirs.len() {
                all.extend(mine.iter().copied().zip(theirs.iter().copied()));
            }
        }
        all.sort_unstable();
        all.dedup();
        Self(all)
    }

    fn is_among(&self, place: u64) -> bool {
        /// So many on each side are looked at.
        const NEAR: usize = 4;
        let at = self.0.partition_point(|(a, _)| *a < place);
        let near = self.0.get(at.saturating_sub(NEAR)..self.0.len().min(at + NEAR + 1));
        let near: Vec<_> = near.unwrap_or_default().iter().filter(|(a, _)| *a != place).collect();
        2 * near.iter().filter(|(a, b)| a != b).count() > near.len()
    }
}

/// Whether what is there has no symbol by which it is compared, and is no type, text or description of the linker's.
fn is_unnamed(image: &Image<'_>, described: &Described, address: u64) -> bool {
    const LINKERS: [&str; 8] = [
        "pclntab",
        "buildinfo",
        "fipsinfo",
        "typelink",
        "itablink",
        "module",
        "go.func",
        "go.type",
    ];
    let Some(section) = image.section_at(address) else { return false };
    let named = match image.format {
        Format::Elf => image.data_symbols_at(address).any(|symbol| !is_literal(symbol.name)),
        // Without sizes, a name is surely of its own place alone.
        _ => image
            .data_symbol(address)
            .is_some_and(|symbol| symbol.address == address && !is_literal(symbol.name)),
    };
    section.purpose == Purpose::Data
        && !named
        && !described.holds(address)
        && !image.is_string(address)
        && !LINKERS.iter().any(|name| section.name.contains(name))
}

/// Whether a name is the value itself: of a number that no instruction has room for (`$f64.3ff0000000000000`).
fn is_literal(name: &[u8]) -> bool {
    name.starts_with(b"$f") || name.starts_with(b"$i")
}

/// Where both point to, where they are slices of as many, and no texts: those are compared as such.
fn elements(images: [&Image<'_>; 2], places: [u64; 2]) -> Option<(u64, u64)> {
    let width = images[0].pointer as u64;
    let slice = |side: usize| {
        let (image, at) = (images[side], places[side]);
        let to = image.pointer_at(at).filter(|_| at.is_multiple_of(width))?;
        let length = image.number(image.bytes(at.checked_add(width)?, width)?);
        let is_slice = length > 0 && text(image, to, length).is_none();
        (is_slice && image.section_at(to).is_some()).then_some((to, length))
    };
    let (first, second) = (slice(0)?, slice(1)?);
    (first.1 == second.1).then_some((first.0, second.0))
}

/// A value of both programs, as far as both reach.
struct Value<'i, 'a> {
    images: [&'i Image<'a>; 2],
    places: [u64; 2],
    bytes: [&'a [u8]; 2],
}

impl<'a> Value<'_, 'a> {
    fn aligned(&self) -> bool {
        let width = self.images[0].pointer as u64;
        self.places.iter().all(|place| place.is_multiple_of(width))
    }

    /// Whether both begin with a pointer, which what looks like a reference may cut.
    fn are_pointers(&self) -> bool {
        [0, 1].iter().all(|side| {
            let to = self.images[*side].pointer_at(self.places[*side]);
            to.is_some_and(|to| self.images[*side].is_mapped(to))
        })
    }

    fn words(&self) -> [Vec<Word<'a>>; 2] {
        [0, 1].map(|side| words(self.images[side], self.places[side], self.bytes[side]))
    }

    /// Whether it is the length of a text, or of a slice with the capacity behind it: a pointer stands before it.
    fn is_length(&self) -> bool {
        let width = self.images[0].pointer as u64;
        [0, 1].iter().all(|side| {
            let (image, at) = (self.images[*side], self.places[*side]);
            let word = |at: u64| image.bytes(at, width).map(|word| image.number(word));
            let to = at.checked_sub(width).and_then(|at| image.pointer_at(at));
            let (Some(to), Some(length)) = (to, word(at)) else { return false };
            let slice =
                image.section_at(to).is_some() && word(at.saturating_add(width)) == Some(length);
            slice
                || text(image, to, length).is_some()
                || image.bytes(to, length).is_some_and(is_text)
        })
    }

    /// What differs with places taken out, and how it is called.
    fn difference(&self) -> Option<(&'static str, String)> {
        let [old, new] = self.bytes;
        if old == new || is_text(old) && is_text(new) {
            return None;
        }
        let width = self.images[0].pointer;
        if old.len() < width && self.aligned() && self.are_pointers() {
            return None;
        }
        if old.len() < width || !self.aligned() {
            return Some(("constant", plain(self.images[0], old, new)));
        }
        let [mut first, mut second] = self.words();
        if first.len() <= 2 && self.is_length() {
            // The capacity behind it, too.
            for word in first.iter_mut().chain(&mut second) {
                if matches!(word, Word::Value(value) if *value <= u64::from(u32::MAX)) {
                    *word = Word::Length(0);
                }
            }
        }
        let texts: Vec<(&[u8], &[u8])> = first
            .iter()
            .zip(&second)
            .filter_map(|pair| match pair {
                (Word::Text(x), Word::Text(y)) if x != y => Some((*x, *y)),
                _ => None,
            })
            .collect();
        let moved = permuted(&texts);
        if moved > 0 {
            return Some(("order", format!("{moved} values")));
        }
        let differs = |(x, y): &(&Word<'_>, &Word<'_>)| !x.agrees(y);
        let whole = first.len() * width;
        // What looks like a reference may cut a pointer in two.
        let is_cut = [0, 1].iter().all(|side| {
            let at = self.places[*side].saturating_add(whole as u64);
            let to = self.images[*side].pointer_at(at);
            to.is_some_and(|to| self.images[*side].is_mapped(to))
        });
        let rest = !is_cut && old.get(whole..) != new.get(whole..);
        let [old, new] = if is_cut {
            [old, new].map(|bytes| bytes.get(..whole).unwrap_or(bytes))
        } else {
            [old, new]
        };
        let count = first.iter().zip(&second).filter(differs).count();
        // What was zero may now point to something, and the other way round: that is told by what it points to.
        let values = first.iter().zip(&second).filter(differs);
        let plain_values = values.filter(|(x, y)| x.is_number() && y.is_number()).count();
        match (count, plain_values, rest) {
            (0, _, false) => None,
            (1, 1, false) => {
                let at = first.iter().zip(&second).position(|(x, y)| !x.agrees(y))? * width;
                let (old, new) = (old.get(at..at + width)?, new.get(at..at + width)?);
                let line = plain(self.images[0], old, new);
                Some((
                    "constant",
                    if whole == width { line } else { format!("{line}, at {at} of {whole} bytes") },
                ))
            }
            (_, 0, false) => None,
            _ if reordered(&first, &second) => Some(("order", format!("{} bytes", old.len()))),
            _ => Some(("constant", plain(self.images[0], old, new))),
        }
    }
}

/// The same words in another order.
fn reordered(first: &[Word<'_>], second: &[Word<'_>]) -> bool {
    let values = |words: &[Word<'_>]| {
        let value =
            |word: &Word<'_>| if let Word::Value(value) = word { Some(*value) } else { None };
        let mut values: Vec<u64> = words.iter().filter_map(value).collect();
        values.sort_unstable();
        values
    };
    first.len() >= 2 && values(first) == values(second)
}

fn is_text(bytes: &[u8]) -> bool {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
    let text = bytes.get(..end).unwrap_or(bytes);
    !text.is_empty()
        && std::str::from_utf8(text)
            .is_ok_and(|text| !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')))
}

fn plain(image: &Image<'_>, old: &[u8], new: &[u8]) -> String {
    if old.len() <= 8 {
        let (old, new) = (image.number(old), image.number(new));
        let look = if is_epoch(old) && is_epoch(new) { "epoch" } else { "number" };
        return format!("{old} → {new} ({look})");
    }
    if old.len() <= 32 {
        return format!("{} → {}", shown(old), shown(new));
    }
    let differ = old.iter().zip(new).filter(|(x, y)| x != y).count();
    format!("{differ} of {} bytes", old.len())
}
