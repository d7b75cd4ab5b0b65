//! Functions of both programs against each other, with addresses taken out: what only moved is no change.
//!
//! On amd64 the relative operands of instructions are masked (see `x86`), on arm64 those of branches, `ADRP`
//! and what uses its page, on all others what `processor` takes out. A call must still reach the function of the same
//! name. Of C code on the others, only functions of the same bytes are the same; the rest is counted as not told apart.

use crate::image::{Func, Image};
use crate::processor::{self, Field, Walk, arm64, code, x86};
use foldhash::{HashMap, HashMapExt as _};

/// Fewer functions are no work for a thread of their own.
pub(crate) const WORTH: usize = 512;

/// How a function fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The same bytes, or the same but for addresses.
    Same,
    /// The same but for numbers in the code; the pairs that differ.
    Numbers(Vec<(u64, u64)>),
    /// Other code; so many bytes of the larger one.
    Changed(u64),
    /// This processor's instructions are not taken apart.
    Untold(u64),
}

/// A function of both programs.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    /// Place in the list of functions of each.
    pub(crate) places: (usize, usize),
    pub(crate) fate: Fate,
}

/// All functions.
#[derive(Debug, Default)]
pub(crate) struct Code {
    /// In the order of the first program.
    pub(crate) pairs: Vec<Pair>,
    /// Places of functions that only one has.
    pub(crate) only: [Vec<usize>; 2],
    /// Functions that are at another address.
    pub(crate) moved: usize,
}

/// The how-manieth of its name each function is.
fn numbered(functions: &[Func<'_>]) -> Vec<usize> {
    let mut seen: HashMap<&str, usize> = HashMap::with_capacity(functions.len());
    let mut out = Vec::with_capacity(functions.len());
    for function in functions {
        out.push(*seen.entry(function.name).and_modify(|nth| *nth += 1).or_insert(0));
    }
    out
}

/// Whether the linker put it between, where a call does not reach: how many there are and where follows from the rest.
fn is_trampoline(name: &str) -> bool {
    let digits = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    digits.len() < name.len() && digits.ends_with("-tramp")
}

/// By name, and by order where a name comes more than once.
fn match_up(a: &[Func<'_>], b: &[Func<'_>]) -> (Vec<(usize, usize)>, [Vec<usize>; 2]) {
    let mut places: HashMap<(&str, usize), usize> = HashMap::with_capacity(b.len());
    let (numbers_a, numbers_b) = (numbered(a), numbered(b));
    for (place, (function, nth)) in b.iter().zip(&numbers_b).enumerate() {
        if is_trampoline(function.name) {
            continue;
        }
        places.insert((function.name, *nth), place);
    }
    let mut pairs = Vec::with_capacity(a.len());
    let mut only = [vec![], vec![]];
    for (place, (function, nth)) in a.iter().zip(&numbers_a).enumerate() {
        if is_trampoline(function.name) {
            continue;
        }
        match places.remove(&(function.name, *nth)) {
            Some(other) => pairs.push((place, other)),
            None => only[0].push(place),
        }
    }
    only[1].extend(places.into_values());
    only[1].sort_unstable();
    (pairs, only)
}

/// What is needed to say whether two places in the code are the same.
struct Context<'a, 'i> {
    images: [&'i Image<'a>; 2],
    functions: [&'i [Func<'i>]; 2],
    /// Where a function of the first program is in the second; `u32::MAX` where it is not.
    other: Vec<u32>,
}

/// Compares all functions, with as many threads as there are processors.
pub(crate) fn compare<'i>(images: [&'i Image<'_>; 2], functions: [&'i [Func<'i>]; 2]) -> Code {
    let (places, only) = match_up(functions[0], functions[1]);
    let mut other = vec![u32::MAX; functions[0].len()];
    for (a, b) in &places {
        if let Some(slot) = other.get_mut(*a) {
            *slot = u32::try_from(*b).unwrap_or(u32::MAX);
        }
    }
    let context = Context { images, functions, other };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let share = places.len().div_ceil(threads).max(WORTH);
    let judge = |part: &[(usize, usize)]| -> Vec<Pair> {
        let one = |(a, b): &(usize, usize)| {
            let fate = match (functions[0].get(*a), functions[1].get(*b)) {
                (Some(a), Some(b)) => context.fate(a, b),
                _ => Fate::Same,
            };
            Pair { places: (*a, *b), fate }
        };
        part.iter().map(one).collect()
    };
    let pairs: Vec<Pair> = if places.len() <= share {
        judge(&places)
    } else {
        std::thread::scope(|scope| {
            let parts: Vec<_> =
                places.chunks(share).map(|part| scope.spawn(|| judge(part))).collect();
            parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
        })
    };
    let moved = |(a, b): &&(usize, usize)| {
        functions[0].get(*a).map(|it| it.address) != functions[1].get(*b).map(|it| it.address)
    };
    let moved = places.iter().filter(moved).count();
    Code { pairs, only, moved }
}

impl Context<'_, '_> {
    fn fate(&self, a: &Func<'_>, b: &Func<'_>) -> Fate {
        let (first, second) = (code(self.images[0], a), code(self.images[1], b));
        let size = first.len().max(second.len()) as u64;
        // On Mach-O and PE the build ID stands in front of the code, as a function.
        if a.address == b.address && first == second
            || matches!(a.name, "go:buildid" | "go.buildid")
        {
            return Fate::Same;
        }
        if first.len() != second.len() {
            return Fate::Changed(size);
        }
        let numbers = match self.images[0].arch.0 {
            "amd64" => self.amd64(a, b, first, second),
            "arm64" => self.arm64(a, b, first, second),
            // Of other C code nothing says where both halves of an address are.
            arch if processor::is_known(arch) => match self.units(a, b, first, second) {
                Some(numbers) if a.go || numbers.is_empty() => Some(numbers),
                None if a.go => None,
                _ => return Fate::Untold(size),
            },
            _ if first == second => return Fate::Same,
            _ => return Fate::Untold(size),
        };
        match numbers {
            None => Fate::Changed(size),
            Some(numbers) if numbers.is_empty() => Fate::Same,
            Some(numbers) => Fate::Numbers(numbers),
        }
    }

    /// Numbers that differ; none where more than numbers does.
    fn amd64(
        &self,
        a: &Func<'_>,
        b: &Func<'_>,
        first: &[u8],
        second: &[u8],
    ) -> Option<Vec<(u64, u64)>> {
        let mut numbers = vec![];
        let mut at = 0;
        while at < first.len() {
            let (rest, other) = (first.get(at..)?, second.get(at..)?);
            let Some(inst) = x86::decode(rest) else {
                // Data within code: a jump table of C.
                return (rest == other).then_some(numbers);
            };
            let (one, two) = (rest.get(..inst.length)?, other.get(..inst.length)?);
            let moved = inst.relative.is_some();
            if one != two || moved {
                let mut masked = [false; 16];
                let mut field = |from: usize, count: usize| {
                    masked.iter_mut().skip(from).take(count).for_each(|byte| *byte = true);
                };
                if let Some(from) = inst.relative {
                    field(from, 4);
                    let target = |bytes: &[u8], function: &Func<'_>| {
                        let distance = bytes.get(from..from + 4)?.try_into().ok()?;
                        let end = function.address.wrapping_add((at + inst.length) as u64);
                        Some(end.wrapping_add_signed(i32::from_le_bytes(distance).into()))
                    };
                    let (to_a, to_b) = (target(one, a)?, target(two, b)?);
                    if !self.same_place(to_a, to_b, inst.branch) {
                        return None;
                    }
                }
                if let Some((from, count)) = inst.immediate {
                    field(from, count);
                    let value =
                        |bytes: &[u8]| Some(self.images[0].number(bytes.get(from..from + count)?));
                    let (old, new) = (value(one)?, value(two)?);
                    if old != new && !self.is_address(old, new, a.go) {
                        numbers.push((old, new));
                    }
                }
                if let Some(from) = inst.displacement.filter(|_| !a.go) {
                    let value =
                        |bytes: &[u8]| Some(self.images[0].number(bytes.get(from..from + 4)?));
                    if self.is_address(value(one)?, value(two)?, false) {
                        field(from, 4);
                    }
                }
                let differs =
                    one.iter().zip(two).zip(masked).any(|((a, b), hidden)| a != b && !hidden);
                if differs {
                    return None;
                }
            }
            at += inst.length;
        }
        Some(numbers)
    }

    fn arm64(
        &self,
        a: &Func<'_>,
        b: &Func<'_>,
        first: &[u8],
        second: &[u8],
    ) -> Option<Vec<(u64, u64)>> {
        let mut numbers = vec![];
        // The register that holds a page of each program, and how soon it must be used.
        let mut page: Option<(u32, u64, u64)> = None;
        for (index, (one, two)) in first.chunks_exact(4).zip(second.chunks_exact(4)).enumerate() {
            let word = |bytes: &[u8]| {
                bytes.iter().rev().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte))
            };
            let (one, two) = (word(one), word(two));
            let at = index as u64 * 4;
            let (here_a, here_b) = (a.address.wrapping_add(at), b.address.wrapping_add(at));
            let held = page;
            // Go has both halves of an address side by side.
            if a.go {
                page = None;
            }
            if one & 0x7c00_0000 == 0x1400_0000 && (one ^ two) & 0xfc00_0000 == 0 {
                let target = |word: u32, here: u64| {
                    here.wrapping_add_signed(i64::from((word << 6).cast_signed() >> 4))
                };
                if !self.same_place(target(one, here_a), target(two, here_b), true) {
                    return None;
                }
                continue;
            }
            if one & 0x9f00_0000 == 0x9000_0000 && (one ^ two) & 0x9f00_001f == 0 {
                let target = |word: u32, here: u64| {
                    let high = i64::from(((word << 8).cast_signed() >> 13) << 2);
                    let pages = high | i64::from(word >> 29 & 3);
                    (here & !0xfff).wrapping_add_signed(pages << 12)
                };
                page = Some((one & 31, target(one, here_a), target(two, here_b)));
                continue;
            }
            // ADD of an immediate, or a load or store at one, from the page's register.
            let uses = one & 0xffc0_0000 == 0x9100_0000 || one & 0x3b00_0000 == 0x3900_0000;
            if let Some((_, page_a, page_b)) =
                held.filter(|(register, ..)| uses && one >> 5 & 31 == *register)
            {
                let scale = if one & 0x3b00_0000 == 0x3900_0000 { one >> 30 } else { 0 };
                let low = |word: u32| u64::from(word >> 10 & 0xfff) << scale;
                let same = (one ^ two) & !0x003f_fc00 == 0
                    && self.same_place(
                        page_a.wrapping_add(low(one)),
                        page_b.wrapping_add(low(two)),
                        false,
                    );
                if !same {
                    return None;
                }
                if one & 31 == one >> 5 & 31 {
                    page = None;
                }
                continue;
            }
            if one == two {
                continue;
            }
            // MOVZ, MOVN, MOVK: the pieces of a number.
            if one & 0x1f80_0000 == 0x1280_0000 && (one ^ two) & !0x001f_ffe0 == 0 {
                numbers.push((u64::from(one >> 5 & 0xffff), u64::from(two >> 5 & 0xffff)));
                continue;
            }
            // A whole number, written as MOVZ or as ORR with the zero register.
            if (one ^ two) & 0x1f == 0
                && let (Some(old), Some(new)) = (arm64::small_number(one), arm64::small_number(two))
            {
                numbers.push((old, new));
                continue;
            }
            return None;
        }
        Some(numbers)
    }

    /// Of all other processors.
    fn units(
        &self,
        a: &Func<'_>,
        b: &Func<'_>,
        first: &[u8],
        second: &[u8],
    ) -> Option<Vec<(u64, u64)>> {
        let [one, two] = self.images;
        let mut numbers = vec![];
        let is_mapped = |a: u64, b: u64| one.is_mapped(a) && two.is_mapped(b);
        for (x, y) in Walk::of(one, a, first).zip(Walk::of(two, b, second)) {
            if (x.length, x.shape) != (y.length, y.shape) {
                return None;
            }
            for pair in x.fields.into_iter().zip(y.fields) {
                let same = match pair {
                    (Field::Branch(x), Field::Branch(y)) => {
                        let to = (processor::landing(one, x), processor::landing(two, y));
                        self.same_place(to.0, to.1, true)
                    }
                    (Field::Place(x), Field::Place(y)) => self.same_place(x, y, false),
                    // A number may look like a place.
                    (x, y) if x == y && !matches!(x, Field::Branch(_) | Field::Place(_)) => true,
                    (Field::Either(x) | Field::Offset(x), Field::Either(y) | Field::Offset(y))
                        if is_mapped(x, y) =>
                    {
                        self.same_place(x, y, false)
                    }
                    (Field::Either(x) | Field::Number(x), Field::Either(y) | Field::Number(y)) => {
                        numbers.push((x, y));
                        true
                    }
                    _ => false,
                };
                if !same {
                    return None;
                }
            }
        }
        Some(numbers)
    }

    /// Whether two places are the same but for where they lie: the same function and as far into it, or both in
    /// the data.
    fn same_place(&self, a: u64, b: u64, branch: bool) -> bool {
        let function = |side: usize, address: u64| {
            let functions = self.functions[side];
            let after = functions.partition_point(|function| function.address <= address);
            let place = after.checked_sub(1)?;
            let function = functions.get(place).filter(|function| address < function.end)?;
            Some((place, address - function.address))
        };
        match (function(0, a), function(1, b)) {
            (Some((first, into_a)), Some((second, into_b))) => {
                let paired = self.other.get(first).is_some_and(|other| *other as usize == second);
                // What only one of them has cannot be told apart from what was renamed.
                paired && into_a == into_b
            }
            // C code without symbols, the procedure linkage table, or data.
            (None, None) if branch => {
                self.images[0].section_at(a).is_some() == self.images[1].section_at(b).is_some()
            }
            (None, None) => match (self.images[0].variable_at(a), self.images[1].variable_at(b)) {
                (Some(first), Some(second)) => first == second,
                _ => true,
            },
            _ => false,
        }
    }

    /// Whether numbers are absolute addresses of one section; Go's own code on amd64 has none.
    fn is_address(&self, a: u64, b: u64, go: bool) -> bool {
        !go && match (self.images[0].section_at(a), self.images[1].section_at(b)) {
            (Some(first), Some(second)) => first.name == second.name,
            _ => false,
        }
    }
}

/// Whether `references` knows the processor's instructions.
pub(crate) fn has_references(image: &Image<'_>) -> bool {
    matches!(image.arch.0, "amd64" | "arm64") || processor::is_known(image.arch.0)
}

/// Calls `found` with each place in the data that a function's code refers to.
pub(crate) fn references(image: &Image<'_>, function: &Func<'_>, mut found: impl FnMut(u64)) {
    let bytes = code(image, function);
    match image.arch.0 {
        "amd64" => {
            let mut at = 0;
            while let Some(inst) = bytes.get(at..).and_then(x86::decode) {
                if let Some(from) = inst.relative.filter(|_| !inst.branch)
                    && let Some(field) = bytes.get(at + from..at + from + 4)
                    && let Ok(field) = field.try_into()
                {
                    let end = function.address.wrapping_add((at + inst.length) as u64);
                    found(end.wrapping_add_signed(i32::from_le_bytes(field).into()));
                }
                at += inst.length;
            }
        }
        "arm64" => {
            let mut page: Option<(u32, u64)> = None;
            for (index, bytes) in bytes.chunks_exact(4).enumerate() {
                let word = bytes.iter().rev().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
                let here = function.address.wrapping_add(index as u64 * 4);
                if word & 0x9f00_0000 == 0x9000_0000 {
                    let high = i64::from(((word << 8).cast_signed() >> 13) << 2);
                    let pages = high | i64::from(word >> 29 & 3);
                    page = Some((word & 31, (here & !0xfff).wrapping_add_signed(pages << 12)));
                    continue;
                }
                // ADD of an immediate, or a load or store at one.
                let access = word & 0x3b00_0000 == 0x3900_0000;
                if (access || word & 0xffc0_0000 == 0x9100_0000)
                    && let Some((_, start)) =
                        page.filter(|(register, _)| word >> 5 & 31 == *register)
                {
                    // Of 128 bits, the size is in two places.
                    let wide = access && word & 0x0480_0000 == 0x0480_0000;
                    let scale = if wide {
                        4
                    } else if access {
                        word >> 30
                    } else {
                        0
                    };
                    found(start.wrapping_add(u64::from(word >> 10 & 0xfff) << scale));
                }
                // Go has both halves of an address side by side (`R_ADDRARM64`); behind a load through the page its
                // register may hold anything.
                if function.go {
                    page = None;
                }
            }
        }
        _ => {
            for field in Walk::of(image, function, bytes).flat_map(|unit| unit.fields) {
                if let Field::Place(to) | Field::Either(to) | Field::Offset(to) = field {
                    found(to);
                }
            }
        }
    }
}
