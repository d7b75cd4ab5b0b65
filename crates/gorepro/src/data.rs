//! Variables and tables, symbol by symbol: values that differ, with pointers taken out.

use crate::classify::{Look, is_epoch, look_of, shown};
use crate::embed;
use crate::found::Causes;
use crate::image::{Image, package};
use crate::stripped;
use crate::variable::{Change, Reader};
use foldhash::{HashMap, HashMapExt as _, HashSet};
use goartifact::RawSymbol;
use std::collections::BTreeMap;
use std::ops::Range;

/// Longer values are contents of files rather than strings.
const MAX_STRING: usize = 4 << 10;

/// What the linker or the compiler makes of other things: it follows from them.
pub(crate) fn follows(name: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "go:",
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
        "local.moduledata",
        "local.pluginmoduledata",
        "local.dso_init",
        "_cgo_",
        "$f",
        "$i",
        "_rt0",
        "__",
        "_DYNAMIC",
        "_GLOBAL",
    ];
    // Of Go before 1.20, which has names like those of packages of go.example.com.
    const OF_GO: &[&str] = &[
        ".",
        "buildid",
        "builtin",
        "constinfo",
        "cuinfo.",
        "fipsinfo",
        "func.",
        "importpath.",
        "info.",
        "itab",
        "link.",
        "map.",
        "shape.",
        "string.",
        "type.",
        "typelink",
    ];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || name
            .strip_prefix("go.")
            .is_some_and(|rest| OF_GO.iter().any(|word| rest.starts_with(word)))
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
    /// Strings of the first and of the second program that are told of already.
    pub(crate) told: [HashSet<Vec<u8>>; 2],
}

impl Compared {
    fn is_told(&self, old: &[u8], new: &[u8]) -> bool {
        self.told[0].contains(old) || self.told[1].contains(new)
    }

    fn tell_of(&mut self, old: &[u8], new: &[u8]) {
        self.told[0].insert(old.to_vec());
        self.told[1].insert(new.to_vec());
    }
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
///
/// `told`: where values are that were told of already, of each.
pub(crate) fn compare(
    images: [&Image<'_>; 2],
    known: Known,
    told: &[Vec<Range<u64>>; 2],
    causes: &mut Causes,
) -> Compared {
    let mut compared = Compared::default();
    let [first, second] = images;
    let (in_a, in_b) = (named(first), named(second));
    let linked = |name: &str| {
        let string = format!("{name}.str").into_bytes();
        [in_a.contains_key(&(&string[..], 0)), in_b.contains_key(&(&string[..], 0))]
    };
    let mut counts: HashMap<&[u8], usize> = HashMap::new();
    let mut contents = vec![];
    let reader = Reader::of(images);
    for symbol in &first.data_symbols {
        let nth = counts.entry(symbol.name).or_insert(0);
        let key = (symbol.name, *nth);
        *nth += 1;
        let Ok(name) = std::str::from_utf8(symbol.name) else { continue };
        let Some(other) = in_b.get(&key) else { continue };
        if follows(name) || name.ends_with(".str") || name.ends_with(".files") || symbol.size == 0 {
            continue;
        }
        let changes = reader.changes(symbol, other);
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
        if old != new && !compared.is_told(old, new) {
            compared.tell_of(old, new);
            embed::content(name, old, new, "embedded-file", causes);
        }
    }
    if !first.has_symbols() || !second.has_symbols() {
        if !known.everywhere {
            stripped::compare(images, told, &mut compared, causes);
        }
    } else if known.same_code && !known.everywhere && !known.same_sources {
        unnamed(&reader, &mut compared, causes);
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
    if reader.is_exhausted() {
        compared.unexplained += 1;
        compared.names.push("variables that lie over each other".into());
    }
    compared.names.sort_unstable();
    compared
}

/// Values that have no symbol, behind one that has: where they are as many bytes in both.
fn unnamed(reader: &Reader<'_, '_>, compared: &mut Compared, causes: &mut Causes) {
    let gaps = reader.images.map(gaps);
    for (key, Gap { start, size, between }) in &gaps[0] {
        // The linker orders by size: what became larger has other neighbours.
        let like = gaps[1].get(key).filter(|other| other.between == *between);
        let Some(Gap { start: other, size: length, .. }) = like else { continue };
        let symbol = |address: u64, size: u64| RawSymbol { name: b"", address, size, code: false };
        let size = (*size).min(*length);
        let changes = reader.changes(&symbol(*start, size), &symbol(*other, size));
        let fresh: Vec<Change<'_>> = changes
            .into_iter()
            .filter(|change| match change {
                Change::Text(x, y) => !compared.is_told(x, y),
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

type Gaps<'i> = BTreeMap<(&'i [u8], usize), Gap<'i>>;

/// What lies between two symbols.
struct Gap<'i> {
    start: u64,
    size: u64,
    /// The size of the symbol before it, and the name of the one behind it.
    between: (u64, &'i [u8]),
}

/// Loaded data between symbols, by the symbol before it.
fn gaps<'i>(image: &'i Image<'_>) -> Gaps<'i> {
    let mut counts: HashMap<&[u8], usize> = HashMap::new();
    let mut out = BTreeMap::new();
    for (symbol, next) in image.data_symbols.iter().zip(image.data_symbols.iter().skip(1)) {
        let between = (symbol.size, next.name);
        let next = next.address;
        let nth = counts.entry(symbol.name).or_insert(0);
        let key = (symbol.name, *nth);
        *nth += 1;
        let align = image.pointer as u64 - 1;
        let end = symbol.address.saturating_add(symbol.size).saturating_add(align) & !align;
        let Some(section) = image.section_at(symbol.address) else { continue };
        let next = next.min(section.address.saturating_add(section.data.len() as u64));
        // Among the constants, a symbol without a size begins a region that is compared otherwise.
        let variables = section.name.trim_start_matches(['.', '_']);
        let region = !matches!(variables, "data" | "noptrdata")
            && (symbol.size == 0 || std::str::from_utf8(symbol.name).is_ok_and(follows));
        if !region && end < next {
            out.insert(key, Gap { start: end, size: next - end, between });
        }
    }
    out
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
        compared.tell_of(old, new);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_linker_makes_has_names_of_its_own() {
        for name in [
            "go.string.*",
            "go.itab.*os.File,io.Writer",
            "go.buildid",
            "go.func.*",
            "go:itab.*os.File,io.Writer",
            "go.map.zero",
            "type..hash.x",
            "local.moduledata",
        ] {
            assert!(follows(name), "{name}");
        }
        for name in [
            "go.etcd.io/etcd/api/v3/version.GitSHA",
            "go.uber.org/zap.L",
            "local.example/x.V",
            "main.version",
        ] {
            assert!(!follows(name), "{name}");
        }
    }
}
