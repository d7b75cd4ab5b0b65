//! Files that `//go:embed` put into a variable of type `embed.FS`.
//!
//! Source: `cmd/compile/internal/staticdata/embed.go`: a slice header that points behind itself, and entries
//! of name, data and hash. The pattern is found without symbols.

use crate::archive::{self, Difference};
use crate::classify::{look_of, shown};
use crate::found::Causes;
use crate::image::Image;
use goartifact::Purpose;
use std::collections::BTreeMap;

/// No program embeds more.
const MAX_FILES: u64 = 1_000_000;

/// A table of embedded files.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    /// The variable's name, where there are symbols.
    pub(crate) variable: String,
    pub(crate) files: BTreeMap<&'a [u8], &'a [u8]>,
}

/// All tables of a program, in the order of their places.
pub(crate) fn tables<'a>(image: &Image<'a>) -> Vec<Table<'a>> {
    let mut tables = vec![];
    let width = image.pointer;
    let step = width as u64;
    for section in image.loaded().filter(|section| section.purpose == Purpose::Data) {
        if section.name.contains("pclntab") || !section.address.is_multiple_of(step) {
            continue;
        }
        let words = section.data.chunks_exact(width);
        for (index, word) in words.enumerate() {
            let at = section.address.wrapping_add(index as u64 * step);
            let behind = at.wrapping_add(3 * step);
            // Where only the loader writes pointers, the word is zero until then.
            let found = image.number(word);
            let points = found == behind || found == 0 && image.pointer_at(at) == Some(behind);
            if points && let Some(files) = files(image, at) {
                let name = image
                    .data_symbol(at)
                    .map(|symbol| String::from_utf8_lossy(symbol.name).into_owned());
                let variable = name.unwrap_or_default().trim_end_matches(".files").to_owned();
                tables.push(Table { variable, files });
            }
        }
    }
    tables
}

fn files<'a>(image: &Image<'a>, at: u64) -> Option<BTreeMap<&'a [u8], &'a [u8]>> {
    let step = image.pointer as u64;
    let count = image.pointer_at(at.wrapping_add(step))?;
    if count == 0 || count > MAX_FILES || image.pointer_at(at.wrapping_add(2 * step))? != count {
        return None;
    }
    let size = 4 * step + 16;
    // Before anything is read of it: all of it is there.
    image.bytes(at, count.checked_mul(size)?.checked_add(3 * step)?)?;
    let mut files = BTreeMap::new();
    for index in 0..count {
        let entry = at.wrapping_add(3 * step + index * size);
        let text = |from: u64| {
            let (start, length) =
                (image.pointer_at(from)?, image.pointer_at(from.wrapping_add(step))?);
            if length == 0 { Some(&b""[..]) } else { image.bytes(start, length) }
        };
        let name =
            text(entry).filter(|name| !name.is_empty() && std::str::from_utf8(name).is_ok())?;
        files.insert(name, text(entry.wrapping_add(2 * step))?);
    }
    Some(files)
}

/// Names what differs between the tables.
pub(crate) fn compare(a: &[Table<'_>], b: &[Table<'_>], causes: &mut Causes) {
    // By name where both have symbols, else by place.
    let named = a.iter().chain(b).all(|table| !table.variable.is_empty());
    for (place, first) in a.iter().enumerate() {
        let by_name = b.iter().find(|other| named && other.variable == first.variable);
        let by_place = || b.get(place).filter(|_| !named);
        let Some(second) = by_name.or_else(by_place) else {
            causes.add(
                "embedded-file",
                format!("{}: {} files → -", first.variable, first.files.len()),
            );
            continue;
        };
        for (name, old) in &first.files {
            let shown_name = String::from_utf8_lossy(name).escape_debug().to_string();
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
            let name = String::from_utf8_lossy(name).escape_debug().to_string();
            causes.add("embedded-file", format!("{name}: - → {} bytes", new.len()));
        }
    }
    let fresh = |(place, second): &(usize, &Table<'_>)| match named {
        true => a.iter().all(|first| first.variable != second.variable),
        false => *place >= a.len(),
    };
    for (_, second) in b.iter().enumerate().filter(fresh) {
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
            format!("{name}: {kind}: {count} entries, {first}")
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
