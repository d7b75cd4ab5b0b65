//! Files that `//go:embed` put into a variable of type `embed.FS`, of both programs.

use crate::archive::{self, Difference};
use crate::classify::{look_of, shown};
use crate::found::Causes;
use crate::image::Image;
use foldhash::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The same bytes are looked at so often: a folder that many packages embed.
const SHARED: u64 = 16;

/// A table of embedded files.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    /// The variable's name, where there are symbols.
    pub(crate) variable: String,
    pub(crate) files: BTreeMap<String, &'a [u8]>,
    /// Where the contents are.
    pub(crate) places: Vec<Range<u64>>,
    /// Where the table itself is: names, places and hashes.
    pub(crate) own: Range<u64>,
}

/// Where the contents of all embedded files are.
pub(crate) struct Places(Vec<Range<u64>>);

impl Places {
    /// Those of these tables.
    pub(crate) fn of(tables: &[Table<'_>]) -> Self {
        let mut all: Vec<_> = tables.iter().flat_map(|table| table.places.clone()).collect();
        all.sort_unstable_by_key(|place| place.start);
        let mut joined: Vec<Range<u64>> = vec![];
        for place in all {
            match joined.last_mut().filter(|last| place.start <= last.end) {
                Some(last) => last.end = last.end.max(place.end),
                None => joined.push(place),
            }
        }
        Self(joined)
    }

    /// Whether an address is within one.
    pub(crate) fn contains(&self, address: u64) -> bool {
        let behind = self.0.partition_point(|place| place.start <= address);
        let last = behind.checked_sub(1).and_then(|last| self.0.get(last));
        last.is_some_and(|place| place.contains(&address))
    }
}

/// All tables of a program, in the order of their places.
pub(crate) fn tables<'a>(image: &Image<'a>) -> Vec<Table<'a>> {
    // One content may be of several files; tables of a hostile program may all name all of its data.
    let mut room = (image.file.len() as u64).saturating_mul(SHARED);
    let mut content = |file: &goartifact::EmbeddedFile| {
        if file.bytes == 0 {
            return Some(&b""[..]);
        }
        room = room.checked_sub(file.bytes)?;
        image.bytes(file.address, file.bytes)
    };
    let mut out = vec![];
    for table in goartifact::embedded(&image.container) {
        let symbol = image.data_symbol(table.address);
        let name = symbol.map(|symbol| String::from_utf8_lossy(symbol.name).into_owned());
        let end = |file: &goartifact::EmbeddedFile| file.address.saturating_add(file.bytes);
        // A slice, and for each file two strings and a hash (`embed.file`).
        let words = image.pointer as u64;
        let size = (3 + 4 * table.files.len() as u64) * words + 16 * table.files.len() as u64;
        let own = table.address..table.address.saturating_add(size);
        let places = table.files.iter().map(|file| file.address..end(file)).collect();
        let files = table.files.into_iter();
        out.push(Table {
            places,
            own,
            variable: name.unwrap_or_default().trim_end_matches(".files").to_owned(),
            files: files
                .filter_map(|file| Some((content(&file)?, file.name)))
                .map(|(content, name)| (name, content))
                .collect(),
        });
    }
    out
}

/// Where what is told of embedded files is, of each: the tables, and contents that differ, also where another variable
/// has them.
pub(crate) fn told(images: [&Image<'_>; 2], tables: &[Vec<Table<'_>>; 2]) -> [Vec<Range<u64>>; 2] {
    /// More files nobody looks at one by one.
    const MAX: usize = 16;
    let mut told =
        [0, 1].map(|side| tables[side].iter().map(|it| it.own.clone()).collect::<Vec<_>>());
    let files = |side: usize| tables[side].iter().flat_map(|table| &table.files);
    let others: HashMap<&String, &&[u8]> = files(1).collect();
    let changed = files(0).filter_map(|(name, old)| Some((*old, **others.get(name)?)));
    for (old, new) in
        changed.filter(|(old, new)| old != new && old.len().min(new.len()) >= 8).take(MAX)
    {
        for (side, content) in [old, new].into_iter().enumerate() {
            for section in images[side].loaded().filter(|it| {
                it.purpose == goartifact::Purpose::Data && !it.name.contains("pclntab")
            }) {
                let found = memchr::memmem::find_iter(section.data, content).take(MAX);
                let place = |at: usize| section.address + at as u64;
                told[side].extend(found.map(|at| place(at)..place(at + content.len())));
            }
        }
    }
    told
}

/// Names what differs between the tables.
pub(crate) fn compare(a: &[Table<'_>], b: &[Table<'_>], causes: &mut Causes) {
    // By name where both have symbols, else by place.
    let named = a.iter().chain(b).all(|table| !table.variable.is_empty());
    let key = |(place, table): (usize, &Table<'_>)| match named {
        true => (table.variable.clone(), 0),
        false => (String::new(), place),
    };
    let mut others: HashMap<(String, usize), usize> = HashMap::default();
    for (place, table) in b.iter().enumerate() {
        others.entry(key((place, table))).or_insert(place);
    }
    for (place, first) in a.iter().enumerate() {
        let other = others.remove(&key((place, first))).and_then(|place| b.get(place));
        let Some(second) = other else {
            causes.add(
                "embedded-file",
                format!("{}: {} files → -", first.variable, first.files.len()),
            );
            continue;
        };
        for (name, old) in &first.files {
            let shown_name = name.escape_debug().to_string();
            match second.files.get(name) {
                None => {
                    causes.add("embedded-file", format!("{shown_name}: {} bytes → -", old.len()))
                }
                Some(new) if new != old => content(&shown_name, old, new, "embedded-file", causes),
                Some(_) => {}
            }
        }
        for (name, new) in second.files.iter().filter(|(name, _)| !first.files.contains_key(*name))
        {
            let name = name.escape_debug().to_string();
            causes.add("embedded-file", format!("{name}: - → {} bytes", new.len()));
        }
    }
    let fresh: BTreeSet<usize> = others.into_values().collect();
    for second in fresh.into_iter().filter_map(|place| b.get(place)) {
        causes
            .add("embedded-file", format!("{}: - → {} files", second.variable, second.files.len()));
    }
}

/// Content that differs: times in an archive, or anything else.
pub(crate) fn content(name: &str, old: &[u8], new: &[u8], id: &str, causes: &mut Causes) {
    let line = match archive::difference(old, new) {
        Some((kind, Difference::Times(count, first))) => {
            let entry = if first.is_empty() { String::new() } else { format!(", {first}") };
            causes.add("archive-times", format!("{name}: {kind}: {count} times{entry}"));
            return;
        }
        Some((kind, Difference::Order)) => {
            causes.add("order", format!("{name}: {kind} entries"));
            return;
        }
        Some((kind, Difference::Content(count, first))) => {
            let entry = if first.is_empty() { String::new() } else { format!(", {first}") };
            match count {
                0 => format!("{name}: {kind}: packed otherwise, with the same content"),
                _ => format!("{name}: {kind}: {count} entries{entry}"),
            }
        }
        None if old.len() <= 128 && new.len() <= 128 => {
            let look = look_of(old, new);
            format!("{name}: {} → {} ({})", shown(old), shown(new), look.as_str())
        }
        None => {
            let at =
                old.iter().zip(new).position(|(x, y)| x != y).unwrap_or(old.len().min(new.len()));
            let part = |bytes: &[u8]| {
                let start = bytes
                    .get(..at)
                    .and_then(|head| memchr::memrchr(b'\n', head))
                    .map_or(0, |at| at + 1);
                let start = start.max(at.saturating_sub(40));
                let rest = bytes.get(start..).unwrap_or_default();
                let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len()).min(80);
                rest.get(..end).unwrap_or_default().to_vec()
            };
            let (first, second) = (part(old), part(new));
            format!(
                "{name}: {} bytes → {} bytes, from byte {at}: {} → {} ({})",
                old.len(),
                new.len(),
                shown(&first),
                shown(&second),
                look_of(&first, &second).as_str()
            )
        }
    };
    causes.add(id, line);
}
