//! Variables and tables, symbol by symbol: values that differ, with pointers taken out.
//!
//! A pointer differs whenever anything before its target changed size; what it points to is compared where it
//! is a string: the header of pointer and length is followed.

use crate::classify::{Look, is_epoch, look_of, shown};
use crate::embed;
use crate::found::Causes;
use crate::image::{Image, package};
use foldhash::{HashMap, HashMapExt as _};
use goartifact::{Purpose, RawSymbol};
use std::collections::BTreeMap;

/// Longer values are contents of files rather than strings.
const MAX_STRING: usize = 4 << 10;

/// What the linker or the compiler makes of other things: it follows from them.
pub(crate) fn follows(name: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "go:",
        "go.",
        "type:",
        "typerel.",
        "type.",
        "gclocals",
        "runtime.pclntab",
        "runtime.firstmoduledata",
        "runtime.findfunctab",
        "runtime.modinfo",
        "runtime.buildVersion",
        "runtime.godebugDefault",
        "runtime.gcbits",
        "runtime.types",
        "runtime.rodata",
        "runtime.etypes",
        "runtime.itablink",
        "runtime.typelink",
        "runtime.symtab",
        "runtime.text",
        "runtime.functab",
        "runtime.cutab",
        "runtime.filetab",
        "runtime.pctab",
        "runtime.funcnametab",
        "runtime.defaultGOROOT",
        "runtime.e",
        "runtime.no",
        "runtime.egc",
        "runtime.gc",
        "crypto/internal/fips140/check.Linkinfo",
        "local.",
        "_cgo_",
        "$f",
        "$i",
        "_rt0",
        "__",
        "_DYNAMIC",
        "_GLOBAL",
    ];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || name.contains(".inittask")
        || name.contains("..dict.")
}

/// What was found beside causes.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    /// Variables that differ, each with its bytes.
    pub(crate) changed: u64,
    /// Of these, bytes that no cause was found for.
    pub(crate) unexplained: u64,
    /// Which they are.
    pub(crate) names: Vec<String>,
    /// Strings of the first and the second program that are told of already.
    pub(crate) told: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Sources are known to be the same: what differs was set when linking.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) same_sources: bool,
    /// No function differs but for numbers.
    pub(crate) same_code: bool,
    /// Something changes code everywhere: only what is set when linking is looked for.
    pub(crate) everywhere: bool,
}

type Named<'i, 'a> = HashMap<(&'i [u8], usize), &'i RawSymbol<'a>>;

fn named<'i, 'a>(image: &'i Image<'a>) -> Named<'i, 'a> {
    let mut counts: HashMap<&[u8], usize> = HashMap::new();
    let mut out = HashMap::with_capacity(image.data_symbols.len());
    for symbol in &image.data_symbols {
        let nth = counts.entry(symbol.name).or_insert(0);
        out.insert((symbol.name, *nth), symbol);
        *nth += 1;
    }
    out
}

/// Compares all variables that have a symbol in both.
pub(crate) fn compare(images: [&Image<'_>; 2], known: Known, causes: &mut Causes) -> Compared {
    let mut compared = Compared::default();
    let [first, second] = images;
    let (in_a, in_b) = (named(first), named(second));
    let linked = |name: &str| {
        let string = format!("{name}.str").into_bytes();
        [in_a.contains_key(&(&string[..], 0)), in_b.contains_key(&(&string[..], 0))]
    };
    let mut counts: HashMap<&[u8], usize> = HashMap::new();
    let mut contents = vec![];
    for symbol in &first.data_symbols {
        let nth = counts.entry(symbol.name).or_insert(0);
        let key = (symbol.name, *nth);
        *nth += 1;
        let Ok(name) = std::str::from_utf8(symbol.name) else { continue };
        let Some(other) = in_b.get(&key) else { continue };
        if follows(name) || name.ends_with(".str") || name.ends_with(".files") || symbol.size == 0 {
            continue;
        }
        let changes = changes(images, symbol, other);
        if changes.is_empty() {
            continue;
        }
        if name.contains(".gobytes.") {
            contents.push((name, *symbol, **other));
            continue;
        }
        let by_linker = linked(name);
        let set = by_linker != [false; 2]
            || known.same_sources && symbol.size == 2 * first.pointer as u64;
        if known.everywhere && !set {
            continue;
        }
        tell(name, symbol, changes, set, &mut compared, causes);
    }
    // What a slice of bytes points to is told by the slice, where it has a name.
    for (name, old, new) in contents.into_iter().filter(|_| !known.everywhere) {
        let bytes = (first.bytes(old.address, old.size), second.bytes(new.address, new.size));
        let (Some(old), Some(new)) = bytes else { continue };
        if old != new && !compared.told.iter().any(|(x, y)| x == old || y == new) {
            compared.told.push((old.to_vec(), new.to_vec()));
            embed::content(name, old, new, "embedded-file", causes);
        }
    }
    if !first.has_symbols() || !second.has_symbols() {
        if !known.everywhere {
            by_place(images, &mut compared);
        }
    } else if known.same_code && !known.everywhere && !known.same_sources {
        unnamed(images, &mut compared, causes);
    }
    // Constants of floating point have their value in their name.
    if !known.everywhere && first.has_symbols() && second.has_symbols() {
        let float = |name: &[u8]| name.starts_with(b"$f64.") || name.starts_with(b"$f32.");
        for (mine, theirs, arrow) in [(&in_a, &in_b, "→ -"), (&in_b, &in_a, "")] {
            for (name, nth) in mine.keys().filter(|key| float(key.0) && !theirs.contains_key(*key))
            {
                if *nth == 0 {
                    let name = String::from_utf8_lossy(name).into_owned();
                    compared.names.push(format!("{name} {arrow}").trim_end().to_owned());
                }
            }
        }
    }
    compared.names.sort_unstable();
    compared
}

/// A difference within a variable.
enum Change<'a> {
    Text(&'a [u8], &'a [u8]),
    Number(u64, u64),
    /// Raw bytes, of a table or an array.
    Bytes(&'a [u8], &'a [u8]),
    Size(u64, u64),
}

fn changes<'a>(images: [&Image<'a>; 2], a: &RawSymbol<'_>, b: &RawSymbol<'_>) -> Vec<Change<'a>> {
    let [first, second] = images;
    if a.size != b.size {
        return vec![Change::Size(a.size, b.size)];
    }
    let (Some(old), Some(new)) = (first.bytes(a.address, a.size), second.bytes(b.address, b.size))
    else {
        return vec![];
    };
    let width = first.pointer;
    let aligned = a.address.is_multiple_of(width as u64) && b.address.is_multiple_of(width as u64);
    if !aligned || old.len() < width {
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
        match target(images, slots) {
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

/// Follows pointers of both programs; each is where it stands, and where it points to.
fn target<'a>(images: [&Image<'a>; 2], (a, b): ((u64, u64), (u64, u64))) -> Target<'a> {
    let [first, second] = images;
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
            (Some(x), Some(y)) if x != y && (!x.is_empty() || !y.is_empty()) => {
                Target::Differs(vec![Change::Text(x, y)])
            }
            _ => Target::Same,
        };
    }
    if data(first, a.1) && data(second, b.1) {
        return match (length(first, a.0), length(second, b.0)) {
            (Some(x), Some(y)) if x == y => Target::Differs(elements(images, (a.1, b.1), x)),
            _ => Target::Same,
        };
    }
    if first.is_mapped(a.1) && second.is_mapped(b.1) { Target::Same } else { Target::None }
}

/// Values that have no symbol, behind one that has: where they are as many bytes in both.
fn unnamed(images: [&Image<'_>; 2], compared: &mut Compared, causes: &mut Causes) {
    let gaps = images.map(gaps);
    for (key, (start, size)) in &gaps[0] {
        let Some((other, length)) = gaps[1].get(key) else { continue };
        let symbol = |address: u64, size: u64| RawSymbol { name: b"", address, size, code: false };
        let size = (*size).min(*length);
        let changes = changes(images, &symbol(*start, size), &symbol(*other, size));
        let fresh: Vec<Change<'_>> = changes
            .into_iter()
            .filter(|change| match change {
                Change::Text(x, y) => {
                    !compared.told.iter().any(|told| told.0 == *x || told.1 == *y)
                }
                Change::Bytes(..) | Change::Number(..) | Change::Size(..) => true,
            })
            .collect();
        if !fresh.is_empty() {
            let name = format!("behind {}", String::from_utf8_lossy(key.0));
            let whole = symbol(*start, size);
            tell(&name, &whole, fresh, false, compared, causes);
        }
    }
}

type Gaps<'i> = BTreeMap<(&'i [u8], usize), (u64, u64)>;

/// Loaded data between symbols, by the symbol before it.
fn gaps<'i>(image: &'i Image<'_>) -> Gaps<'i> {
    let mut counts: HashMap<&[u8], usize> = HashMap::new();
    let mut out = BTreeMap::new();
    let nexts = image.data_symbols.iter().skip(1).map(|next| next.address);
    for (symbol, next) in image.data_symbols.iter().zip(nexts) {
        let nth = counts.entry(symbol.name).or_insert(0);
        let key = (symbol.name, *nth);
        *nth += 1;
        let end = symbol.address.saturating_add(symbol.size).saturating_add(7) & !7;
        let Some(section) = image.section_at(symbol.address) else { continue };
        let next = next.min(section.address.saturating_add(section.data.len() as u64));
        // Among the constants, a symbol without a size begins a region that is compared otherwise.
        let variables = section.name.trim_start_matches(['.', '_']);
        let region = !matches!(variables, "data" | "noptrdata")
            && (symbol.size == 0 || std::str::from_utf8(symbol.name).is_ok_and(follows));
        if !region && end < next {
            out.insert(key, (end, next - end));
        }
    }
    out
}

/// Programs without symbols: variables by their place, where their section is as large in both.
fn by_place(images: [&Image<'_>; 2], compared: &mut Compared) {
    for name in [".data", ".noptrdata", "__data", "__noptrdata"] {
        let (Some(a), Some(b)) = (images[0].section(name), images[1].section(name)) else {
            continue;
        };
        if a.data.len() != b.data.len() {
            compared.names.push(format!("{name} without symbols"));
            continue;
        }
        let symbol =
            |address: u64| RawSymbol { name: b"", address, size: a.data.len() as u64, code: false };
        let (old, new) = (symbol(a.address), symbol(b.address));
        let width = images[0].pointer;
        let words = a.data.chunks_exact(width).zip(b.data.chunks_exact(width)).enumerate();
        let differs = |(index, (one, two)): &(usize, (&[u8], &[u8]))| {
            let at = (index * width) as u64;
            let (to_a, to_b) = (images[0].number(one), images[1].number(two));
            // A length belongs to the pointer before it.
            let behind = at
                .checked_sub(width as u64)
                .and_then(|before| images[0].pointer_at(old.address.wrapping_add(before)));
            let length = behind.is_some_and(|to| images[0].is_mapped(to));
            let pointers = images[0].is_mapped(to_a) && images[1].is_mapped(to_b);
            // Imports of Windows are places from the beginning of the program.
            let imported = |image: &Image<'_>, to: u64| {
                let base = image.loaded().next().map_or(0, |section| section.address & !0xffff);
                image.format == goartifact::Format::Pe && image.is_mapped(base.wrapping_add(to))
            };
            let imports = imported(images[0], to_a) && imported(images[1], to_b);
            one != two && !pointers && !length && !imports && new.address != 0
        };
        let count = words.filter(differs).count() as u64 * width as u64;
        if count > 0 {
            compared.unexplained += count;
            compared.names.push(name.to_owned());
        }
    }
}

/// Strings that differ in an array that has no symbol of its own: what a slice of strings points to.
fn elements<'a>(images: [&Image<'a>; 2], at: (u64, u64), count: u64) -> Vec<Change<'a>> {
    /// Longer lists are data rather than a list of names.
    const MAX: u64 = 100_000;
    let [first, second] = images;
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
            let (to, length) = (image.pointer_at(at)?, image.pointer_at(at.wrapping_add(width))?);
            (is_text(image, to)).then(|| image.bytes(to, length)).flatten()
        };
        // Something else than strings.
        let (Some(old), Some(new)) = (header(first, at.0), header(second, at.1)) else {
            return vec![];
        };
        if old != new {
            out.push(Change::Text(old, new));
        }
    }
    out
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

fn tell(
    name: &str,
    symbol: &RawSymbol<'_>,
    changes: Vec<Change<'_>>,
    set: bool,
    compared: &mut Compared,
    causes: &mut Causes,
) {
    compared.changed += symbol.size;
    let texts: Vec<(&[u8], &[u8])> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Text(old, new) => Some((*old, *new)),
            _ => None,
        })
        .collect();
    for (old, new) in &texts {
        compared.told.push((old.to_vec(), new.to_vec()));
    }
    if texts.len() > 1 && same_set(&texts) {
        causes.add("order", format!("{name}: {} values", texts.len()));
        return;
    }
    for change in changes {
        match change {
            Change::Text(old, new)
                if old.len() > MAX_STRING
                    || new.len() > MAX_STRING
                    || is_content(old)
                    || is_content(new) =>
            {
                embed::content(name, old, new, "embedded-file", causes);
            }
            Change::Text(old, new) => {
                let id = if set { "ldflags-x" } else { "constant" };
                // Build info has told it by the flag.
                let look = look_of(old, new);
                causes.add(
                    id,
                    format!("{name}: {} → {} ({})", shown(old), shown(new), look.as_str()),
                );
            }
            Change::Number(old, new) => {
                let look =
                    if is_epoch(old) && is_epoch(new) { Look::Epoch.as_str() } else { "number" };
                causes.add("constant", format!("{name}: {old} → {new} ({look})"));
            }
            Change::Bytes(old, new) if permuted(old, new) => {
                causes.add("order", format!("{name}: {} bytes", old.len()));
            }
            Change::Bytes(old, new) => {
                let differ = old.iter().zip(new).filter(|(x, y)| x != y).count();
                // Packages are named by Go alone.
                if package(name) == name {
                    compared.unexplained += differ as u64;
                    compared.names.push(name.to_owned());
                } else {
                    causes.add("constant", format!("{name}: {differ} of {} bytes", old.len()));
                }
            }
            Change::Size(old, new) => {
                if package(name) == name {
                    compared.unexplained += old.max(new);
                    compared.names.push(name.to_owned());
                } else {
                    causes.add("constant", format!("{name}: {old} bytes → {new} bytes"));
                }
            }
        }
    }
}

/// Lines of text, or what is no text: more likely a file than a string of the sources.
fn is_content(value: &[u8]) -> bool {
    std::str::from_utf8(value).is_err() || value.ends_with(b"\n")
}

fn same_set(texts: &[(&[u8], &[u8])]) -> bool {
    let mut counts: BTreeMap<&[u8], i64> = BTreeMap::new();
    for (old, new) in texts {
        *counts.entry(old).or_default() += 1;
        *counts.entry(new).or_default() -= 1;
    }
    counts.values().all(|count| *count == 0)
}

/// The same words in another order.
fn permuted(old: &[u8], new: &[u8]) -> bool {
    let words = |bytes: &[u8]| {
        let mut words: Vec<Vec<u8>> = bytes.chunks(8).map(<[u8]>::to_vec).collect();
        words.sort_unstable();
        words
    };
    old.len() == new.len() && old.len() >= 16 && old.len() <= 1 << 20 && words(old) == words(new)
}
