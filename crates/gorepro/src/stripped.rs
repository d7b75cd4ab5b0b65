//! Variables of programs without symbols: word by word where their section is as large in both.
//!
//! A variable of one side alone moves what is behind it, so both are brought together again behind a difference.

use crate::data::Compared;
use crate::image::Image;
use goartifact::RawSection;

/// Words that one side may have more, before both are brought together again.
const SHIFT: usize = 64;
/// Words that must be the same for that.
const RUN: usize = 4;

/// A word of data, with what depends on places taken out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// Points into the program.
    Pointer,
    /// Behind a pointer: a length, and a capacity of the same value behind it.
    Length,
    Value(u64),
}

/// Counts what differs; what it is has no name.
pub(crate) fn compare(images: [&Image<'_>; 2], compared: &mut Compared) {
    for name in [".data", ".noptrdata", "__data", "__noptrdata"] {
        let (Some(a), Some(b)) = (images[0].section(name), images[1].section(name)) else {
            continue;
        };
        if a.data.len() != b.data.len() {
            compared.names.push(format!("{name} without symbols"));
            continue;
        }
        let count = differing(&words(images[0], a), &words(images[1], b));
        if count > 0 {
            compared.unexplained += (count * images[0].pointer) as u64;
            compared.names.push(name.to_owned());
        }
    }
}

fn words(image: &Image<'_>, section: &RawSection<'_>) -> Vec<Word> {
    let width = image.pointer;
    // The runtime's own table holds where sections end, too.
    let reaches = |to: u64| image.is_mapped(to) || image.is_mapped(to.wrapping_sub(1));
    // Imports of Windows are places from the beginning of the program.
    let base = image.loaded().next().map_or(0, |section| section.address & !0xffff);
    let imported =
        |to: u64| image.format == goartifact::Format::Pe && image.is_mapped(base.wrapping_add(to));
    let mut out: Vec<Word> = Vec::with_capacity(section.data.len() / width);
    let mut length = None;
    for (index, bytes) in section.data.chunks_exact(width).enumerate() {
        let value = image.number(bytes);
        let at = section.address.wrapping_add((index * width) as u64);
        let pointer =
            reaches(value) || image.pointer_at(at).is_some_and(reaches) || imported(value);
        let word = match out.last() {
            _ if pointer => Word::Pointer,
            Some(Word::Pointer) => Word::Length,
            Some(Word::Length) if length == Some(value) => Word::Length,
            _ => Word::Value(value),
        };
        length = (word == Word::Length).then_some(value);
        out.push(word);
    }
    out
}

/// Words that one side has and the other has not at that place.
fn differing(a: &[Word], b: &[Word]) -> usize {
    let (mut at, mut other, mut count) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(at), b.get(other)) {
        if x == y {
            at += 1;
            other += 1;
            continue;
        }
        let meets = |shift: &(usize, usize)| {
            let one = a.get(at + shift.0..).and_then(|rest| rest.get(..RUN));
            one.is_some() && one == b.get(other + shift.1..).and_then(|rest| rest.get(..RUN))
        };
        let shifts = (1..=SHIFT).flat_map(|by| [(by, by), (by, 0), (0, by)]);
        let (more, fewer) = shifts.into_iter().find(meets).unwrap_or((1, 1));
        let values = |words: Option<&[Word]>| {
            let words = words.unwrap_or_default().iter();
            words.filter(|word| matches!(word, Word::Value(value) if *value != 0)).count()
        };
        count += values(a.get(at..at + more)).max(values(b.get(other..other + fewer)));
        at += more;
        other += fewer;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_side_has_more_moves_nothing_else() {
        let words = |values: &[u64]| -> Vec<Word> {
            values.iter().map(|value| Word::Value(*value)).collect()
        };
        let all: Vec<u64> = (1..40).collect();
        let mut more = all.clone();
        more.insert(9, 777);
        let mut other = all.clone();
        other[20] = 888;
        assert_eq!(differing(&words(&all), &words(&all)), 0);
        assert_eq!(differing(&words(&all), &words(&more)), 1);
        assert_eq!(differing(&words(&all), &words(&other)), 1);
    }
}
