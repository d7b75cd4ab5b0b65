//! What the container shows: sections of one side, the linker's and the C compiler's marks, headers.

use crate::found::Causes;
use crate::image::Image;
use goartifact::{AfterLink, Format, Purpose};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, VecDeque};

/// A section that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectionDiff {
    /// Its name.
    pub name: String,
    /// Bytes in the file of each; none where it is not there.
    pub bytes: [Option<u64>; 2],
    /// Bytes that differ, place by place, the longer one's rest included.
    pub differing: u64,
}

/// Bytes that differ, place by place.
pub(crate) fn differing(a: &[u8], b: &[u8]) -> u64 {
    let rest = a.len().abs_diff(b.len()) as u64;
    let block = |(x, y): (&[u8], &[u8])| {
        if x == y { 0 } else { x.iter().zip(y).filter(|(x, y)| x != y).count() as u64 }
    };
    a.chunks(4096).zip(b.chunks(4096)).map(block).sum::<u64>() + rest
}

/// Sections that differ, in the order of the first program, then what only the second has.
pub(crate) fn sections(a: &Image<'_>, b: &Image<'_>) -> Vec<SectionDiff> {
    let mut out = vec![];
    // Several may have one name; they are paired in their order.
    let mut others: HashMap<&str, VecDeque<usize>> = HashMap::new();
    for (place, section) in b.sections.iter().enumerate() {
        others.entry(&section.name).or_default().push_back(place);
    }
    for section in &a.sections {
        let other = others.get_mut(section.name.as_str()).and_then(VecDeque::pop_front);
        let other = other.and_then(|place| b.sections.get(place));
        let bytes = [Some(section.data.len() as u64), other.map(|other| other.data.len() as u64)];
        let differing = differing(section.data, other.map_or(&[], |other| other.data));
        if differing > 0 || other.is_none() && section.purpose != Purpose::Zero {
            out.push(SectionDiff { name: section.name.clone(), bytes, differing });
        }
    }
    let rest: BTreeSet<usize> = others.into_values().flatten().collect();
    for section in rest.into_iter().filter_map(|place| b.sections.get(place)) {
        let size = section.data.len() as u64;
        if section.purpose != Purpose::Zero {
            let bytes = [None, Some(size)];
            out.push(SectionDiff { name: section.name.clone(), bytes, differing: size });
        }
    }
    out
}

/// A number in a file's header.
fn at(image: &Image<'_>, offset: u64, bytes: u64) -> Option<u64> {
    image.container.file_bytes(offset, bytes).map(|bytes| image.number(bytes))
}

/// Whether the table of sections stands at the file's end, where every linker but Go's puts it.
fn headers_at_end(image: &Image<'_>) -> bool {
    let place = match (image.format, image.pointer) {
        (Format::Elf, 8) => at(image, 0x28, 8),
        (Format::Elf, _) => at(image, 0x20, 4),
        _ => None,
    };
    place.is_some_and(|place| place > image.file.len() as u64 / 2)
}

/// Whether the machine's linker made it.
fn linked_outside(image: &Image<'_>) -> bool {
    match image.format {
        Format::Elf => [".init", ".fini", ".init_array", ".eh_frame_hdr"]
            .iter()
            .any(|name| image.section(name).is_some()),
        Format::MachO => image.section("__unwind_info").is_some(),
        Format::Pe => image.section(".CRT").is_some() || image.section(".tls").is_some(),
    }
}

/// Names causes by what is there on one side.
pub(crate) fn marks(images: [&Image<'_>; 2], causes: &mut Causes) {
    stripped(images, causes);
    let [a, b] = images;
    let outside = images.map(linked_outside);
    if outside[0] != outside[1]
        && !causes.any(&["cgo-enabled", "buildmode", "race", "sanitizer", "platform", "linkmode"])
    {
        let word = |outside: bool| if outside { "external" } else { "internal" };
        causes.add("linkmode", format!("{} → {}", word(outside[0]), word(outside[1])));
    }
    if outside == [true; 2] {
        outside_tools(a, b, causes);
    }
    pe(a, b, causes);
    run_path(a, b, causes);
}

fn stripped(images: [&Image<'_>; 2], causes: &mut Causes) {
    let (symbols, debug) = (images.map(Image::has_symbols), images.map(Image::has_debug));
    if symbols[0] == symbols[1] && debug[0] == debug[1] || causes.has("strip-at-link") {
        return;
    }
    let what = match (symbols[0] != symbols[1], debug[0] != debug[1]) {
        (true, true) => "symbol table and DWARF",
        (true, false) => "symbol table",
        _ => "DWARF",
    };
    let less = usize::from(symbols[0] && !symbols[1] || debug[0] && !debug[1]);
    let line =
        format!("{what}: only in the {} program", if less == 1 { "first" } else { "second" });
    // The linker's flags are inputs of the build, and so in its ID; strip keeps the ID.
    let [Some(a), Some(b)] =
        images.map(|image| image.build_id.as_deref().filter(|id| !id.is_empty()))
    else {
        causes.add("strip-at-link", line);
        return;
    };
    let id = match images[less].after_link {
        AfterLink::Changed { .. } => Some("strip-after-link"),
        AfterLink::Intact | AfterLink::Added { .. } => Some("strip-at-link"),
        AfterLink::Unknown { .. } => None,
    };
    if let Some(id) = id {
        causes.add(id, line);
        return;
    }
    // Build info tells the linker's flags, unless -trimpath hides them.
    let told = images[less].info.as_ref().filter(|info| info.setting("-trimpath").is_none());
    let asked = told.map(|info| crate::info::strips(info.setting("-ldflags").unwrap_or_default()));
    if let Some(asked) = asked {
        causes.add(if asked { "strip-at-link" } else { "strip-after-link" }, line);
        return;
    }
    let moved = headers_at_end(images[less]) && !linked_outside(images[less]);
    causes.add(if a == b || moved { "strip-after-link" } else { "strip-at-link" }, line);
}

/// Texts that end with a zero.
fn texts(data: &[u8]) -> BTreeSet<&[u8]> {
    data.split(|byte| *byte == 0).filter(|text| text.len() > 3).collect()
}

fn lossy(text: &[u8]) -> String {
    const MAX: usize = 120;
    String::from_utf8_lossy(text.get(..MAX).unwrap_or(text)).escape_debug().to_string()
}

/// C compilers, assemblers and linkers leave their names; C sources their folders.
fn outside_tools(a: &Image<'_>, b: &Image<'_>, causes: &mut Causes) {
    let comment = |image: &Image<'_>| {
        image.section(".comment").map(|section| section.data.to_vec()).unwrap_or_default()
    };
    let (old, new) = (comment(a), comment(b));
    let linker = |text: &&[u8]| text.starts_with(b"Linker:") || text.starts_with(b"mold");
    let gold = |image: &Image<'_>| image.section(".note.gnu.gold-version").is_some();
    let names = |data: &[u8], gold: bool| -> Vec<String> {
        let mut names: Vec<String> =
            texts(data).into_iter().filter(|text| linker(text)).map(lossy).collect();
        if gold {
            names.push("GNU gold".into());
        }
        names
    };
    let name =
        |names: &[String]| if names.is_empty() { "GNU ld".to_owned() } else { names.join(", ") };
    let linkers = (names(&old, gold(a)), names(&new, gold(b)));
    if linkers.0 != linkers.1 {
        causes.add("c-linker", format!("{} → {}", name(&linkers.0), name(&linkers.1)));
    }
    let compilers = |data: &[u8]| -> BTreeSet<String> {
        texts(data).into_iter().filter(|text| !linker(text)).map(lossy).collect()
    };
    let (mut compilers_a, mut compilers_b) = (compilers(&old), compilers(&new));
    // The race detector and sanitizers come compiled, by one compiler that need not be the build's
    // (`runtime/race/*.syso`, `libasan`).
    let brought = causes.any(&["race", "sanitizer"]);
    if brought {
        own(&mut compilers_a, &mut compilers_b);
    }
    differ("c-compiler", ".comment", &compilers_a, &compilers_b, causes);
    // The debug information says it for each unit, and where it was.
    let strings = |image: &Image<'_>, name: &str| {
        image.debug(name).map(std::borrow::Cow::into_owned).unwrap_or_default()
    };
    let (old, new) = (strings(a, "str"), strings(b, "str"));
    let producers = |data: &[u8]| -> BTreeSet<String> {
        let producer = |text: &&[u8]| {
            text.starts_with(b"GNU C") || memchr::memmem::find(text, b"clang version").is_some()
        };
        texts(data).into_iter().filter(producer).map(lossy).collect()
    };
    let version = |names: BTreeSet<String>| -> BTreeSet<String> {
        // Flags behind the version are flags, not the compiler.
        names.iter().map(|name| name.split(" -").next().unwrap_or_default().to_owned()).collect()
    };
    let (mut flags_a, mut flags_b) = (producers(&old), producers(&new));
    if brought {
        own(&mut flags_a, &mut flags_b);
    }
    if !old.is_empty() && !new.is_empty() {
        let (a, b) = (version(flags_a.clone()), version(flags_b.clone()));
        differ("c-compiler", "DWARF producer", &a, &b, causes);
        if a == b && flags_a != flags_b && !causes.has("cgo-flags") {
            differ("cgo-flags", "DWARF producer", &flags_a, &flags_b, causes);
        }
    }
    for (part, name) in [("str", ".debug_str"), ("line_str", ".debug_line_str")] {
        let (old, new) = (strings(a, part), strings(b, part));
        if old != new && !old.is_empty() && !new.is_empty() && !causes.has("c-compiler") {
            c_folders(name, &old, &new, causes);
        }
    }
}

/// Takes a text away that is all that one of them has more.
fn own(first: &mut BTreeSet<String>, second: &mut BTreeSet<String>) {
    let fewer = [first.clone(), second.clone()];
    for (few, many) in fewer.iter().zip([second, first]) {
        if few.is_subset(many) && many.len() == few.len() + 1 {
            many.clone_from(few);
        }
    }
}

/// One line of what only one has.
fn differ(id: &str, what: &str, a: &BTreeSet<String>, b: &BTreeSet<String>, causes: &mut Causes) {
    let only = |x: &BTreeSet<String>, y: &BTreeSet<String>| {
        x.difference(y).cloned().collect::<Vec<_>>().join("; ")
    };
    if a != b {
        let (old, new) = (only(a, b), only(b, a));
        let dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
        causes.add(id, format!("{what}: {} → {}", dash(old), dash(new)));
    }
}

/// Folders in the strings of the debug information.
fn c_folders(section: &str, a: &[u8], b: &[u8], causes: &mut Causes) {
    let paths = |data| -> BTreeSet<&[u8]> {
        let path = |text: &&[u8]| text.starts_with(b"/") || text.get(1..3) == Some(b":\\");
        texts(data).into_iter().filter(path).collect()
    };
    let (a, b) = (paths(a), paths(b));
    let (old, new): (Vec<&[u8]>, Vec<&[u8]>) =
        (a.difference(&b).copied().collect(), b.difference(&a).copied().collect());
    // Where -trimpath put its own names, other paths are other packages.
    let trimmed = |paths: &[&[u8]]| paths.iter().all(|path| path.starts_with(b"/_/"));
    if trimmed(&old) && trimmed(&new) {
        return;
    }
    let id = if causes.has("trimpath") { "trimpath" } else { "build-path" };
    let mut told = false;
    for (from, to, _) in crate::tables::folders(&old, &new) {
        causes.add(id, format!("{section}: {from} → {to}"));
        told = true;
    }
    if !told && let (Some(from), Some(to)) = (old.first(), new.first()) {
        causes.add(id, format!("{section}: {} → {}", lossy(from), lossy(to)));
    }
}

/// The run path of the loader, from `CGO_LDFLAGS`.
fn run_path(a: &Image<'_>, b: &Image<'_>, causes: &mut Causes) {
    let paths = |image: &Image<'_>| -> BTreeSet<String> {
        let data =
            image.section(".dynstr").map(|section| section.data.to_vec()).unwrap_or_default();
        texts(&data)
            .into_iter()
            .filter(|text| text.starts_with(b"/") || text.starts_with(b"$ORIGIN"))
            .map(lossy)
            .collect()
    };
    let (old, new) = (paths(a), paths(b));
    if old != new && !causes.any(&["cgo-enabled", "cgo-flags", "buildmode"]) {
        differ("cgo-flags", "run path", &old, &new, causes);
    }
}

/// The time stamp of the COFF header, and the PDB's identity in the debug directory.
fn pe(a: &Image<'_>, b: &Image<'_>, causes: &mut Causes) {
    if a.format != Format::Pe || b.format != Format::Pe {
        return;
    }
    let stamp = |image: &Image<'_>| at(image, at(image, 0x3c, 4)?.checked_add(8)?, 4);
    if let (Some(old), Some(new)) = (stamp(a), stamp(b))
        && old != new
    {
        causes.add("pe-timestamp", format!("TimeDateStamp: {old} → {new}"));
    }
    let identity = |image: &Image<'_>| -> Option<String> {
        let data = image.loaded().find_map(|section| {
            let at = memchr::memmem::find(section.data, b"RSDS")?;
            section.data.get(at + 4..)
        })?;
        let guid: String = data.get(..16)?.iter().map(|byte| format!("{byte:02x}")).collect();
        let path = data.get(20..)?.split(|byte| *byte == 0).next().unwrap_or_default();
        Some(format!("{guid} {}", lossy(path)))
    };
    let (old, new) = (identity(a), identity(b));
    if old != new {
        let text = |value: Option<String>| value.unwrap_or_else(|| "-".into());
        causes.add("pdb", format!("{} → {}", text(old), text(new)));
    }
}

/// `__DATE__` and `__TIME__` in the constants of C.
pub(crate) fn c_dates(a: &Image<'_>, b: &Image<'_>, causes: &mut Causes) {
    let (old, new) = (stamps(a), stamps(b));
    differ("c-date", "text", &old, &new, causes);
}

fn stamps(image: &Image<'_>) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let digits =
        |bytes: Option<&[u8]>| bytes.is_some_and(|bytes| bytes.iter().all(u8::is_ascii_digit));
    let named = [".rodata", ".data", ".rdata", "__cstring", "__const"];
    for section in image.loaded().filter(|section| named.contains(&section.name.as_str())) {
        let data = section.data;
        for at in memchr::memchr_iter(b':', data) {
            // hh:mm:ss, then a zero.
            let Some(text) = at.checked_sub(2).and_then(|start| data.get(start..start + 9)) else {
                continue;
            };
            let time = text.get(5) == Some(&b':') && text.get(8) == Some(&0);
            if time && digits(text.get(..2)) && digits(text.get(3..5)) && digits(text.get(6..8)) {
                out.insert(lossy(text.get(..8).unwrap_or_default()));
            }
        }
        for at in memchr::memmem::find_iter(data, b" 20") {
            // Mmm dd yyyy, then a zero.
            let Some(text) = at.checked_sub(6).and_then(|start| data.get(start..start + 12)) else {
                continue;
            };
            let month =
                text.first().is_some_and(u8::is_ascii_uppercase) && text.get(3) == Some(&b' ');
            if month
                && text.get(11) == Some(&0)
                && digits(text.get(5..6))
                && digits(text.get(9..11))
            {
                out.insert(lossy(text.get(..11).unwrap_or_default()));
            }
        }
    }
    out
}
