//! One variable of both programs: what differs in it, with pointers taken out.
//!
//! A pointer differs whenever anything before its target changed size; what it points to is compared where it
//! is a string: the header of pointer and length is followed.

use crate::image::Image;
use crate::stripped;
use goartifact::{Purpose, RawSymbol};
use std::cell::Cell;

/// Variables and the strings that they point to are so many times both programs: no string is pointed to from
/// everywhere, but those of a hostile program.
const SHARED: u64 = 8;

/// Alignments are at most so much.
const GAP: u64 = 64;

/// A difference within a variable.
pub(crate) enum Change<'a> {
    Text(&'a [u8], &'a [u8]),
    Number(u64, u64),
    /// Raw bytes, of a table or an array.
    Bytes(&'a [u8], &'a [u8]),
    Size(u64, u64),
}

/// Reads variables of both programs.
pub(crate) struct Reader<'i, 'a> {
    pub(crate) images: [&'i Image<'a>; 2],
    /// Bytes that may still be looked at.
    room: Cell<u64>,
}

impl<'i, 'a> Reader<'i, 'a> {
    pub(crate) fn of(images: [&'i Image<'a>; 2]) -> Self {
        let bytes = images[0].file.len() as u64 + images[1].file.len() as u64;
        Self { images, room: Cell::new(bytes.saturating_mul(SHARED)) }
    }

    /// Whether not everything was looked at.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.room.get() == 0
    }

    fn takes(&self, bytes: u64) -> bool {
        self.room.set(self.room.get().saturating_sub(bytes));
        !self.is_exhausted()
    }

    pub(crate) fn changes(&self, a: &RawSymbol<'_>, b: &RawSymbol<'_>) -> Vec<Change<'a>> {
        let [first, second] = self.images;
        if !self.takes(a.size.min(first.file.len() as u64)) {
            return vec![];
        }
        if let Some(size) = self.without_padding((a, b)) {
            return self.changes(&RawSymbol { size, ..*a }, &RawSymbol { size, ..*b });
        }
        if a.size != b.size {
            let padded = self.only_padding((a, b));
            return if padded { vec![] } else { vec![Change::Size(a.size, b.size)] };
        }
        let (old, new) = match (first.bytes(a.address, a.size), second.bytes(b.address, b.size)) {
            (Some(old), Some(new)) => (old, new),
            (Some(old), None) if second.is_mapped(b.address) => (old, zeros(old)),
            (None, Some(new)) if first.is_mapped(a.address) => (zeros(new), new),
            _ => return vec![],
        };
        let width = first.pointer;
        let aligned =
            a.address.is_multiple_of(width as u64) && b.address.is_multiple_of(width as u64);
        // There a number may look like an address; the linker writes some into the runtime's own.
        let named = !a.name.is_empty() && !a.name.starts_with(b"runtime.");
        let plain = named && first.is_plain(a.address);
        if plain || !aligned || old.len() < width {
            return if old == new { vec![] } else { number_or_bytes(first, old, new) };
        }
        let mut out = vec![];
        let mut raw = false;
        let words = old.chunks(width).zip(new.chunks(width)).enumerate();
        for (index, (one, two)) in words {
            let at = (index * width) as u64;
            if one.len() < width {
                raw |= one != two;
                continue;
            }
            let (to_a, to_b) = if one == two && first.number(one) != 0 {
                (first.number(one), first.number(one))
            } else {
                (
                    first.pointer_at(a.address.wrapping_add(at)).unwrap_or(0),
                    second.pointer_at(b.address.wrapping_add(at)).unwrap_or(0),
                )
            };
            let slots = ((a.address.wrapping_add(at), to_a), (b.address.wrapping_add(at), to_b));
            match self.target(slots) {
                Target::Same => {}
                Target::Differs(changes) => out.extend(changes),
                Target::None => raw |= one != two && !is_length(first, out.last(), one, two),
            }
        }
        // The capacity of a slice beside its length is told with it.
        let told = out.iter().any(|change| matches!(change, Change::Text(..)));
        if raw && !(told && old.len() <= 3 * width) {
            out.extend(number_or_bytes(first, old, new));
        }
        out
    }

    /// How long both are without the zeros that one has more, where symbols end where the next one begins.
    fn without_padding(&self, (a, b): (&RawSymbol<'_>, &RawSymbol<'_>)) -> Option<u64> {
        let [first, second] = self.images;
        if first.format == goartifact::Format::Elf || a.size.abs_diff(b.size) >= GAP {
            return None;
        }
        let size = a.size.min(b.size);
        let (image, long) = if a.size > size { (first, a) } else { (second, b) };
        let rest = image.bytes(long.address.checked_add(size)?, long.size - size)?;
        (size > 0 && !rest.is_empty() && rest.iter().all(|byte| *byte == 0)).then_some(size)
    }

    /// Whether only what lies behind a variable differs. Symbols of Mach-O and PE have no size and end where the next
    /// one begins: with what has no name there, and with zeros that are aligned anew when anything before changes.
    fn only_padding(&self, (a, b): (&RawSymbol<'_>, &RawSymbol<'_>)) -> bool {
        let [first, second] = self.images;
        let bytes = (first.bytes(a.address, a.size), second.bytes(b.address, b.size));
        let (Some(old), Some(new)) = bytes else {
            // Zeros, which reach to whatever comes next.
            return first.format != goartifact::Format::Elf && bytes == (None, None);
        };
        if first.format == goartifact::Format::Elf || !self.takes(b.size) {
            return false;
        }
        // What has no name behind it moved by an alignment.
        let places = [a.address, b.address];
        if a.size.abs_diff(b.size) < GAP
            && places.iter().all(|place| place.is_multiple_of(first.pointer as u64))
            && stripped::same_values(self.images, places, [old, new])
        {
            return true;
        }
        let written = |bytes: &'a [u8]| bytes.iter().filter(|byte| **byte != 0);
        let next = |image: &'i Image<'a>, symbol: &RawSymbol<'_>| {
            let end = symbol.address.wrapping_add(symbol.size);
            image.data_symbols_at(end).find(|it| it.address == end).map(|it| it.name)
        };
        if next(first, a) == next(second, b) {
            return a.size.abs_diff(b.size) < GAP && written(old).eq(written(new));
        }
        // Something new begins within what had no name, as a string of -X does.
        let [short, long] = if a.size < b.size { [old, new] } else { [new, old] };
        let mut rest = written(long);
        written(short).all(|byte| rest.next() == Some(byte))
    }

    /// Follows pointers of both programs; each is where it stands, and where it points to.
    fn target(&self, (a, b): ((u64, u64), (u64, u64))) -> Target<'a> {
        let [first, second] = self.images;
        let step = first.pointer as u64;
        let length = |image: &Image<'a>, at: u64| {
            image.bytes(at.wrapping_add(step), step).map(|word| image.number(word))
        };
        let data = |image: &Image<'a>, to: u64| {
            image.section_at(to).is_some_and(|section| section.purpose == Purpose::Data)
        };
        // A string that was empty has no pointer.
        let texts = [(first, a.1), (second, b.1)].map(|(image, to)| to != 0 && is_text(image, to));
        if texts == [true; 2] || texts != [false; 2] && (a.1 == 0 || b.1 == 0) {
            let text = |image: &Image<'a>, (at, to): (u64, u64)| match to {
                0 => Some(&b""[..]),
                to => image.bytes(to, length(image, at)?),
            };
            return match (text(first, a), text(second, b)) {
                (Some(x), Some(y)) if self.takes(x.len().min(y.len()) as u64) && x != y => {
                    Target::Differs(vec![Change::Text(x, y)])
                }
                _ => Target::Same,
            };
        }
        if data(first, a.1) && data(second, b.1) {
            return match (length(first, a.0), length(second, b.0)) {
                (Some(x), Some(y)) if x == y => Target::Differs(self.elements((a.1, b.1), x)),
                _ => Target::Same,
            };
        }
        // A number may look like a place in the code.
        let inside = [first.inside_function(a.1), second.inside_function(b.1)];
        let is_place =
            first.is_mapped(a.1) && second.is_mapped(b.1) && (a.1 == b.1 || inside[0] == inside[1]);
        if is_place { Target::Same } else { Target::None }
    }

    /// Strings that differ in an array that has no symbol of its own: what a slice of strings points to.
    fn elements(&self, at: (u64, u64), count: u64) -> Vec<Change<'a>> {
        /// Longer lists are data rather than a list of names.
        const MAX: u64 = 100_000;
        let [first, second] = self.images;
        let width = first.pointer as u64;
        let covered = |image: &Image<'a>, address: u64| {
            image.format == goartifact::Format::Elf && image.data_symbol(address).is_some()
        };
        if count == 0 || count > MAX || covered(first, at.0) || covered(second, at.1) {
            return vec![];
        }
        let mut out = vec![];
        for index in 0..count {
            let header = |image: &Image<'a>, start: u64| -> Option<&'a [u8]> {
                let at = start.wrapping_add(index * 2 * width);
                let (to, length) =
                    (image.pointer_at(at)?, image.pointer_at(at.wrapping_add(width))?);
                (is_text(image, to)).then(|| image.bytes(to, length)).flatten()
            };
            // Something else than strings.
            let (Some(old), Some(new)) = (header(first, at.0), header(second, at.1)) else {
                return vec![];
            };
            if !self.takes(2 * width + old.len().min(new.len()) as u64) {
                break;
            }
            if old != new {
                out.push(Change::Text(old, new));
            }
        }
        out
    }
}

/// As many as a value has bytes that was given one on one side alone: without one it has no bytes in the file.
/// Of a long one, as many as there are.
fn zeros(value: &[u8]) -> &'static [u8] {
    static ZEROS: [u8; 4096] = [0; 4096];
    ZEROS.get(..value.len()).unwrap_or(&ZEROS)
}

/// Whether two words are the lengths of strings that were told of just before.
fn is_length(image: &Image<'_>, last: Option<&Change<'_>>, one: &[u8], two: &[u8]) -> bool {
    let Some(Change::Text(x, y)) = last else { return false };
    x.len() as u64 == image.number(one) && y.len() as u64 == image.number(two)
}

/// What pointers of both programs point to.
enum Target<'a> {
    /// They are no pointers.
    None,
    /// The same, or what is compared elsewhere.
    Same,
    /// Strings that differ.
    Differs(Vec<Change<'a>>),
}

fn number_or_bytes<'a>(image: &Image<'_>, old: &'a [u8], new: &'a [u8]) -> Vec<Change<'a>> {
    if old.len() <= 8 {
        return vec![Change::Number(image.number(old), image.number(new))];
    }
    vec![Change::Bytes(old, new)]
}

/// Whether an address is where strings and contents are kept.
fn is_text(image: &Image<'_>, address: u64) -> bool {
    if image.is_string(address) {
        return true;
    }
    image.data_symbols_at(address).any(|symbol| {
        symbol.name.ends_with(b".str") || memchr::memmem::find(symbol.name, b".gobytes.").is_some()
    })
}
