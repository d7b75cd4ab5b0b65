//! The function table's source files and lines: folders of the build, and declarations that changed places.
//!
//! Source: `runtime/symtab.go` (`pcHeader`, `_func`; `startLine` since Go 1.20), `cmd/link/internal/ld/pcln.go`.

use crate::code::{Code, Fate};
use crate::found::Causes;
use crate::image::{Func, Image, package};
use foldhash::{HashMap, HashMapExt as _, HashSet};
use std::collections::BTreeMap;

/// Since Go 1.20.
const WITH_LINES: [u8; 4] = [0xf1, 0xff, 0xff, 0xff];
/// Files that are paired with another of the same name; more of one name no program has.
const MAX_PAIRED: usize = 200_000;

/// The table, ready to be asked.
pub(crate) struct Tables<'a> {
    data: &'a [u8],
    little: bool,
    wide: bool,
}

impl<'a> Tables<'a> {
    pub(crate) fn of(image: &Image<'a>) -> Option<Self> {
        let table = image.table.as_ref()?;
        let data = image.bytes(table.address, table.size)?;
        let little = data.get(1..4)? == [0xff; 3];
        Some(Self { data, little, wide: data.get(7) == Some(&8) })
    }

    fn number(&self, at: usize, bytes: usize) -> Option<usize> {
        let bytes = self.data.get(at..at.checked_add(bytes)?)?;
        let add = |sum: usize, byte: &u8| sum << 8 | usize::from(*byte);
        Some(if self.little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) })
    }

    fn header(&self, index: usize) -> Option<usize> {
        let width = if self.wide { 8 } else { 4 };
        self.number(8 + index * width, width)
    }

    /// Names of all source files, as they are written.
    pub(crate) fn files(&self) -> Vec<&'a [u8]> {
        let range = self.header(5).zip(self.header(6));
        let names = range.and_then(|(from, to)| self.data.get(from..to)).unwrap_or_default();
        names.split(|byte| *byte == 0).filter(|name| !name.is_empty()).collect()
    }

    /// The line a function begins at, and its file; the nth by address.
    fn start(&self, nth: usize) -> Option<(usize, &'a [u8])> {
        if self.data.get(..4)? != WITH_LINES && self.data.get(..4)? != [0xff, 0xff, 0xff, 0xf1] {
            return None;
        }
        let table = self.header(7)?;
        let function = table.checked_add(
            self.number(table.checked_add(nth.checked_mul(8)?)?.checked_add(4)?, 4)?,
        )?;
        let line = self.number(function.checked_add(36)?, 4)?;
        let (counter, unit) = (
            self.number(function.checked_add(20)?, 4)?,
            self.number(function.checked_add(32)?, 4)?,
        );
        let counters = self.data.get(self.header(6)?.checked_add(counter)?..)?;
        let mut difference: u32 = 0;
        for (byte, shift) in counters.iter().zip((0..28).step_by(7)) {
            difference |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let index = usize::try_from((difference >> 1).cast_signed() - 1).ok()?;
        let file =
            self.number(self.header(4)?.checked_add(unit.checked_add(index)?.checked_mul(4)?)?, 4)?;
        let name = self.data.get(self.header(5)?.checked_add(file)?..)?;
        let end = memchr::memchr(0, name)?;
        Some((line, name.get(..end)?))
    }
}

fn base(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or(path)
}

/// How the names of files differ: `old folder → new folder`, with how many files.
pub(crate) fn folders(a: &[&[u8]], b: &[&[u8]]) -> Vec<(String, String, usize)> {
    let (in_a, in_b): (HashSet<&[u8]>, HashSet<&[u8]>) =
        (a.iter().copied().collect(), b.iter().copied().collect());
    let mut by_name: HashMap<&[u8], Vec<&[u8]>> = HashMap::new();
    for file in b.iter().filter(|file| !in_a.contains(*file)).take(MAX_PAIRED) {
        by_name.entry(base(file)).or_default().push(file);
    }
    // Read from their ends, those with the longest common end stand side by side.
    for files in by_name.values_mut() {
        files.sort_unstable_by(|x, y| x.iter().rev().cmp(y.iter().rev()));
    }
    let mut out: BTreeMap<(String, String), usize> = BTreeMap::new();
    for file in a.iter().filter(|file| !in_b.contains(*file)).take(MAX_PAIRED) {
        let Some(others) = by_name.get(base(file)) else { continue };
        let common = |other: &&&[u8]| {
            let pairs = file.iter().rev().zip(other.iter().rev());
            let same = pairs.take_while(|(x, y)| x == y).count();
            // Whole components only.
            let tail = file.get(file.len() - same..).unwrap_or_default();
            let whole = tail.iter().position(|byte| matches!(byte, b'/' | b'\\'));
            if same == file.len() || same == other.len() {
                same
            } else {
                whole.map_or(0, |at| same - at)
            }
        };
        let place = others.partition_point(|other| other.iter().rev().lt(file.iter().rev()));
        let near = others.get(place.saturating_sub(1)..others.len().min(place + 1));
        let Some(other) = near.unwrap_or_default().iter().max_by_key(common) else { continue };
        let same = common(&other);
        let head = |path: &[u8]| {
            String::from_utf8_lossy(path.get(..path.len() - same).unwrap_or_default())
                .escape_debug()
                .to_string()
        };
        *out.entry((head(file), head(other))).or_default() += 1;
    }
    let mut out: Vec<(String, String, usize)> =
        out.into_iter().map(|((a, b), n)| (a, b, n)).collect();
    out.sort_by(|x, y| y.2.cmp(&x.2).then_with(|| x.cmp(y)));
    out
}

/// Where the toolchain was, as `runtime.GOROOT` tells it: from the path of a file that every program has.
pub(crate) fn goroot(image: &Image<'_>) -> Option<Vec<u8>> {
    let files = Tables::of(image)?.files();
    let folder = files.iter().find_map(|file| file.strip_suffix(b"/src/runtime/proc.go"))?;
    Some(folder.to_vec())
}

/// Names folders that differ.
pub(crate) fn paths(images: [&Image<'_>; 2], causes: &mut Causes) {
    let [Some(a), Some(b)] = images.map(Tables::of) else { return };
    let (a, b) = (a.files(), b.files());
    let id = if causes.has("trimpath") { "trimpath" } else { "build-path" };
    let modules = causes.any(&["vendor", "workspace", "replace", "module-version", "module-sum"]);
    for (old, new, count) in folders(&a, &b) {
        // The folder of another version or of the vendor tree says nothing new.
        let versioned = old.contains('@')
            || new.contains('@')
            || old.contains("vendor/")
            || new.contains("vendor/");
        let follows = modules && versioned
            || causes.has("toolchain")
                && (versioned || old.ends_with("src/") || !old.starts_with('/'));
        if !follows || id == "trimpath" {
            let files = if count == 1 { "file" } else { "files" };
            let shown = |folder: String| if folder.is_empty() { "-".to_owned() } else { folder };
            causes.add(id, format!("{} → {} ({count} {files})", shown(old), shown(new)));
        }
    }
}

/// A package and the name of a file of it.
type File<'n, 'f> = (&'n str, &'f [u8]);

/// Names packages whose functions come in another order, and files whose functions are at other lines.
pub(crate) fn lines(
    images: [&Image<'_>; 2],
    functions: [&[Func<'_>]; 2],
    code: &Code,
    causes: &mut Causes,
) {
    let [Some(a), Some(b)] = images.map(Tables::of) else { return };
    // C functions are between Go's in the list; the table counts Go's alone.
    let ranks = functions.map(|functions| {
        let mut next = 0;
        let rank = |function: &Func<'_>| {
            let rank = next;
            next += usize::from(function.go);
            rank
        };
        functions.iter().map(rank).collect::<Vec<usize>>()
    });
    let mut files: BTreeMap<File<'_, '_>, Vec<(usize, usize)>> = BTreeMap::new();
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for pair in &code.pairs {
        let (one, two) = pair.places;
        let Some(function) = functions[0].get(one).filter(|it| it.go) else { continue };
        let name = package(function.name);
        places.entry(name).or_default().push(two);
        // What is within another function moves with it.
        let closure = function.name.contains(".func") || function.name.contains(".gowrap");
        if closure || matches!(pair.fate, Fate::Changed(_) | Fate::Untold(_)) {
            continue;
        }
        let start = |side: usize, tables: &Tables<'_>, place: usize| {
            let rank = ranks[side].get(place)?;
            tables.start(*rank).map(|(line, file)| (line, file.to_vec()))
        };
        let (Some(first), Some(second)) = (start(0, &a, one), start(1, &b, two)) else { continue };
        if first.0 == 0 || base(&first.1) != base(&second.1) {
            continue;
        }
        let Some((_, file)) = ranks[0].get(one).and_then(|rank| a.start(*rank)) else { continue };
        files.entry((name, base(file))).or_default().push((first.0, second.0));
    }
    let mut ordered: HashSet<&str> = HashSet::default();
    for (name, places) in &places {
        if !places.is_sorted() && ordered.insert(name) {
            causes.add("order", format!("{name}: functions"));
        }
    }
    for ((name, file), mut starts) in files {
        starts.sort_unstable();
        let moved = starts.iter().filter(|(old, new)| old != new).count();
        let file = String::from_utf8_lossy(file).escape_debug().to_string();
        if !starts.iter().map(|(_, new)| new).is_sorted() {
            causes.add("order", format!("{name}: declarations of {file}"));
            ordered.insert(name);
        } else if moved > 0 && !ordered.contains(name) {
            causes.add("lines", format!("{name}: {file}: {moved} of {} functions", starts.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_what_is_before_the_common_end() {
        let a: [&[u8]; 3] =
            [b"/home/a/m/main.go", b"/home/a/m/x/y.go", b"/usr/lib/go/src/fmt/print.go"];
        let b: [&[u8]; 3] = [b"/tmp/b/main.go", b"/tmp/b/x/y.go", b"/usr/lib/go/src/fmt/print.go"];
        assert_eq!(folders(&a, &b), [("/home/a/m".into(), "/tmp/b".into(), 2)]);
        assert_eq!(folders(&a, &a), []);
        assert_eq!(folders(&[b"main.go"], &[b"/x/main.go"]), [(String::new(), "/x/".into(), 1)]);
        assert_eq!(folders(&[b"/x/aa.go"], &[b"/y/ba.go"]), []);
    }
}
