//! Strings, numbers and variables of both programs, and which of them some cause tells of.

use crate::classify::{Look, is_epoch, look_of, shown};
use crate::code::{self, Code, Fate};
use crate::data::{self, Compared, Known};
use crate::embed;
use crate::found::Causes;
use crate::image::{Func, Image, package};
use crate::referred;
use crate::strings::{self, OneSided};
use foldhash::{HashMap, HashMapExt as _, HashSet};

/// Compares; names constants, variables, `-X` and what embedded strings hold.
pub(crate) fn compare(
    images: [&Image<'_>; 2],
    functions: [&[Func<'_>]; 2],
    code: &Code,
    tables: &[Vec<embed::Table<'_>>; 2],
    known: Known,
    causes: &mut Causes,
) -> Compared {
    // Values that code refers to without a name are the compiler's: of the same sources they are the same.
    let referred = match known.everywhere || known.same_sources {
        true => [vec![], vec![]],
        false => {
            let told = embed::told(images, tables);
            referred::compare(images, functions, code, told, causes)
        }
    };
    let compared = data::compare(images, known, &referred, causes);
    if known.everywhere {
        return compared;
    }
    let stripped = images.iter().any(|image| !image.has_symbols());
    let linked = stripped && known.same_sources;
    let mut only = strings::one_sided(images, functions, linked);
    let told = told(&compared, tables, images);
    let changed = changed(code);
    // What looks like a reference into the middle of an embedded file cuts it; the file is told of whole.
    let embedded = tables.each_ref().map(|tables| embed::Places::of(tables));
    let only = [(0, &changed[0]), (1, &changed[1])].map(|(side, changed)| {
        // What other code refers to follows from it; a date or a path is worth a line all the same.
        let follows = |string: &OneSided<'_>| {
            string.user.is_some_and(|user| changed.contains(&(user as usize)))
                && look_of(string.value, string.value) == Look::Text
        };
        let strings: Vec<OneSided<'_>> = std::mem::take(&mut only[side]);
        let is_fresh =
            |string: &OneSided<'_>| !follows(string) && !embedded[side].contains(string.address);
        strings.into_iter().filter(is_fresh).collect()
    });
    of_strings(images, only, functions, &told, linked, causes);
    if !known.same_sources {
        numbers(functions, code, causes);
    }
    compared
}

/// Functions with other code, or of one side, of each.
fn changed(code: &Code) -> [HashSet<usize>; 2] {
    let mut out = [HashSet::default(), HashSet::default()];
    for pair in code.pairs.iter().filter(|pair| matches!(pair.fate, Fate::Changed(_))) {
        out[0].insert(pair.places.0);
        out[1].insert(pair.places.1);
    }
    out[0].extend(&code.only[0]);
    out[1].extend(&code.only[1]);
    out
}

/// Texts that a cause tells of already, and what the toolchain writes itself.
fn told(
    compared: &Compared,
    tables: &[Vec<embed::Table<'_>>; 2],
    images: [&Image<'_>; 2],
) -> HashSet<Vec<u8>> {
    let mut told: HashSet<Vec<u8>> = HashSet::default();
    // As strings are cut: without zeros behind.
    let cut = |text: &[u8]| {
        let end = text.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
        text.get(..end).unwrap_or(text).to_vec()
    };
    told.extend(compared.told.iter().flatten().map(|text| cut(text)));
    for table in tables.iter().flatten() {
        for (name, content) in &table.files {
            told.insert(cut(name.as_bytes()));
            told.insert(cut(content));
        }
    }
    for info in images.iter().filter_map(|image| image.info.as_ref()) {
        told.insert(info.go_version.clone().into_bytes());
        told.insert(info.setting("DefaultGODEBUG").unwrap_or_default().into());
        told.extend(crate::info::set_by_linker(info).into_iter().map(String::into_bytes));
    }
    told.extend(images.iter().filter_map(|image| crate::tables::goroot(image)));
    told
}

/// What belongs to build info or to the linker, wherever it is.
fn is_toolchains(value: &[u8]) -> bool {
    // The marks around build info (`cmd/go/internal/modload`, `infoStart`).
    const INFO: &[u8] = &[
        0x30, 0x77, 0xaf, 0x0c, 0x92, 0x74, 0x08, 0x02, 0x41, 0xe1, 0xc1, 0x07, 0xe6, 0xd6, 0x18,
        0xe6,
    ];
    value.starts_with(INFO)
        || value.starts_with(b"path\t")
        || memchr::memmem::find(value, b"\nbuild\t-").is_some()
}

fn of_strings(
    images: [&Image<'_>; 2],
    [only_a, only_b]: [Vec<OneSided<'_>>; 2],
    functions: [&[Func<'_>]; 2],
    told: &HashSet<Vec<u8>>,
    linked: bool,
    causes: &mut Causes,
) {
    let fresh = |strings: Vec<OneSided<'_>>, side: usize| -> Vec<Text> {
        let name = |string: &OneSided<'_>| {
            let function = string.user.and_then(|user| functions[side].get(user as usize));
            function.map(|function| function.name.to_owned()).unwrap_or_default()
        };
        strings
            .iter()
            .filter(|string| !told.contains(string.value) && !is_toolchains(string.value))
            .map(|string| Text {
                user: name(string),
                value: string.value.to_vec(),
                address: string.address,
                of_data: string.user.is_none(),
            })
            .collect()
    };
    let (old, new) = (fresh(only_a, 0), fresh(only_b, 1));
    let (old, new) =
        (with_owners(images[0], functions[0], old), with_owners(images[1], functions[1], new));
    // Of one function, in the order of their places.
    let mut by_user: HashMap<String, Vec<Text>> = HashMap::new();
    for string in new {
        by_user.entry(string.user.clone()).or_default().push(string);
    }
    for string in old {
        let others = by_user.get_mut(&string.user).filter(|others| !others.is_empty());
        // The nearest in length is the likeliest.
        let nearest = others.and_then(|others| {
            let far = |other: &Text| other.value.len().abs_diff(string.value.len());
            let best = others.iter().enumerate().min_by_key(|(_, other)| far(other))?.0;
            Some(others.remove(best))
        });
        let linked = linked && string.of_data;
        line(
            &string.user,
            Some(&string.value),
            nearest.as_ref().map(|it| &it.value[..]),
            linked,
            causes,
        );
    }
    let mut rest: Vec<Text> = by_user.into_values().flatten().collect();
    rest.sort_by(|x, y| (&x.user, &x.value).cmp(&(&y.user, &y.value)));
    for string in rest {
        line(&string.user, None, Some(&string.value), linked && string.of_data, causes);
    }
}

/// A string of one side.
#[derive(Debug)]
struct Text {
    user: String,
    value: Vec<u8>,
    address: u64,
    /// Whether a variable refers to it, and no function.
    of_data: bool,
}

/// Names the variable that refers to a string that no function does; where it has no name, the function that
/// refers to that.
fn with_owners(image: &Image<'_>, functions: &[Func<'_>], mut strings: Vec<Text>) -> Vec<Text> {
    /// Each is looked for in all of the data.
    const MAX: usize = 50;
    let mut unnamed: HashMap<u64, usize> = HashMap::new();
    for (place, Text { user, address, of_data, .. }) in strings.iter_mut().enumerate().take(MAX) {
        if !*of_data {
            continue;
        }
        for section in image.loaded().filter(|section| section.purpose == goartifact::Purpose::Data)
        {
            if section.name.contains("pclntab") {
                continue;
            }
            let mut words = section.data.chunks_exact(image.pointer);
            let Some(at) = words.position(|word| image.number(word) == *address) else { continue };
            let at = section.address.wrapping_add((at * image.pointer) as u64);
            let symbol =
                image.data_symbol(at).and_then(|symbol| std::str::from_utf8(symbol.name).ok());
            // Without sizes a name reaches too far; only Go's own variables are named.
            match symbol.filter(|name| package(name) != *name && !data::follows(name)) {
                Some(name) => *user = name.to_owned(),
                None => {
                    unnamed.insert(at, place);
                }
            }
            break;
        }
    }
    if unnamed.is_empty() {
        return strings;
    }
    for function in functions {
        code::references(image, function, |to| {
            if let Some(place) = unnamed.remove(&to)
                && let Some(string) = strings.get_mut(place)
            {
                function.name.clone_into(&mut string.user);
            }
        });
        if unnamed.is_empty() {
            break;
        }
    }
    strings
}

fn line(user: &str, old: Option<&[u8]>, new: Option<&[u8]>, linked: bool, causes: &mut Causes) {
    let name = if user.is_empty() { "data" } else { user };
    let (x, y) = (old.unwrap_or_default(), new.unwrap_or_default());
    let content = |value: &[u8]| value.len() > 4096 || std::str::from_utf8(value).is_err();
    if (content(x) || content(y)) && old.is_some() && new.is_some() {
        embed::content(name, x, y, "embedded-file", causes);
        return;
    }
    let value = |value: Option<&[u8]>| value.map_or_else(|| "-".into(), shown);
    // What is set when linking is referred to by a variable alone.
    let id = if linked { "ldflags-x" } else { "constant" };
    let look = look_of(x, y).as_str();
    causes.add(id, format!("{name}: {} → {} ({look})", value(old), value(new)));
}

/// Numbers in the code.
fn numbers(functions: [&[Func<'_>]; 2], code: &Code, causes: &mut Causes) {
    let mut lengths: HashMap<&str, usize> = HashMap::new();
    for pair in &code.pairs {
        let Fate::Numbers(numbers) = &pair.fate else { continue };
        let Some(function) = functions[0].get(pair.places.0) else { continue };
        let count = lengths.entry(package(function.name)).or_insert(0);
        *count += 1;
        for (old, new) in numbers.iter().take(4) {
            let look = if is_epoch(*old) && is_epoch(*new) { "epoch" } else { "number" };
            causes.add("constant", format!("{}: {old} → {new} ({look})", function.name));
        }
    }
}
