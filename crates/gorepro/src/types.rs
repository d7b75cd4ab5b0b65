//! Fields of structs, with their tags, of both programs: what reflection and encoders read. Code does not show them.
//!
//! Source: `internal/abi/type.go`, `Name` (a byte of flags, the name's length and bytes, the tag's) and `StructField`,
//! whose first word points to one.

use crate::classify::shown;
use crate::found::Causes;
use crate::image::Image;
use foldhash::{HashMap, HashMapExt as _};
use std::collections::BTreeMap;

/// Flags that a name may have, and that of a tag.
const FLAGS: u8 = 0x0f;
const TAGGED: u8 = 0x02;
/// A longer name or tag nobody writes.
const MAX: usize = 4 << 10;

/// A field's name and its tag.
type Field<'a> = (&'a str, &'a str);

/// Names fields whose tag differs; `whole`: also those that only one program has, where no other code tells of them.
pub(crate) fn compare(images: [&Image<'_>; 2], whole: bool, causes: &mut Causes) {
    let [Some(old), Some(new)] = images.map(fields) else { return };
    let mut counts: HashMap<Field<'_>, i64> = HashMap::with_capacity(old.len());
    old.iter().for_each(|field| *counts.entry(*field).or_insert(0) += 1);
    new.iter().for_each(|field| *counts.entry(*field).or_insert(0) -= 1);
    // Of a name, the tags of each program.
    let mut tags: BTreeMap<&str, [Vec<&str>; 2]> = BTreeMap::new();
    for ((name, tag), count) in counts.into_iter().filter(|(_, count)| *count != 0) {
        let sides = tags.entry(name).or_default();
        // A type that one program has more often is of other code.
        sides[usize::from(count < 0)].push(tag);
    }
    let mut rest: [Vec<&str>; 2] = [vec![], vec![]];
    for (name, [mut old, mut new]) in tags {
        old.sort_unstable();
        new.sort_unstable();
        for (old, new) in old.iter().zip(&new) {
            let [old, new] = [old, new].map(|tag| shown(tag.as_bytes()));
            causes.add("code", format!("tag of a field {name}: {old} → {new}"));
        }
        let paired = old.len().min(new.len());
        rest[0].extend(old.iter().skip(paired).map(|_| name));
        rest[1].extend(new.iter().skip(paired).map(|_| name));
    }
    if whole {
        let [old, new] = rest;
        for place in 0..old.len().max(new.len()) {
            let name =
                |names: &[&str]| names.get(place).map_or("-".to_owned(), |name| (*name).to_owned());
            causes.add("code", format!("name of a field: {} → {}", name(&old), name(&new)));
        }
    }
}

/// All fields of a program's types, each name once.
fn fields<'a>(image: &Image<'a>) -> Option<Vec<Field<'a>>> {
    let types = image.described.as_ref()?.types();
    let section = image.section_at(types.start)?;
    let length = types.end.checked_sub(types.start)?;
    let data = image.bytes(types.start, length).or_else(|| {
        let from = usize::try_from(types.start - section.address).ok()?;
        section.data.get(from..)
    })?;
    let width = image.pointer as u64;
    let places = (0..data.len() as u64 / width).map(|index| types.start + index * width);
    let mut names: Vec<u64> =
        places.filter_map(|at| image.pointer_at(at)).filter(|to| types.contains(to)).collect();
    names.sort_unstable();
    names.dedup();
    Some(
        names
            .into_iter()
            .filter_map(|at| field(data.get(usize::try_from(at - types.start).ok()?..)?))
            .collect(),
    )
}

/// The name that begins there, and its tag; none where there is something else.
fn field(data: &[u8]) -> Option<Field<'_>> {
    let (flags, rest) = data.split_first()?;
    if flags & !FLAGS != 0 {
        return None;
    }
    let (name, rest) = text(rest)?;
    let tag = if flags & TAGGED == 0 { "" } else { text(rest)?.0 };
    let printable = |text: &str| !text.is_empty() && !text.chars().any(char::is_control);
    (printable(name) && (flags & TAGGED == 0 || printable(tag))).then_some((name, tag))
}

/// A text behind its length, seven bits of which are in each byte.
fn text(data: &[u8]) -> Option<(&str, &[u8])> {
    let (mut length, mut at) = (0_usize, 0);
    loop {
        let byte = *data.get(at)?;
        length |= usize::from(byte & 0x7f) << (7 * at);
        at += 1;
        if byte & 0x80 == 0 {
            break;
        }
        if at == 3 {
            return None;
        }
    }
    let (text, rest) = data.get(at..)?.split_at_checked(length)?;
    Some((std::str::from_utf8(text).ok().filter(|text| text.len() <= MAX)?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_its_name_and_its_tag() {
        assert_eq!(field(b"\x03\x04Name\x0bjson:\"name\"rest"), Some(("Name", "json:\"name\"")));
        assert_eq!(field(b"\x00\x02db\x07"), Some(("db", "")));
        // Cut off; a size; no text.
        assert_eq!(field(b"\x03\x04Name\x0bjson"), None);
        assert_eq!(field(b"\x18\0\0\0\0\0\0\0"), None);
        assert_eq!(field(b"\x01\x02\x01\x02"), None);
    }
}
