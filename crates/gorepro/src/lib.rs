//! Why two Go programs differ: compares two artefacts bit for bit and names the causes, without Go.
//!
//! Roots are told apart from what follows of them. Build info is compared as a map; the build ID by its four
//! parts; functions with addresses taken out, so that what only moved is no difference; variables, strings,
//! embedded files and archives by what they hold. What no cause was found for is counted in bytes.
//!
//! Both programs are hostile: every length is checked against the file, what is kept is bounded by it.

mod after_link;
mod archive;
mod build_id;
mod cause;
mod classify;
mod code;
mod container;
mod data;
mod embed;
mod found;
mod godebug;
mod image;
mod info;
mod module_data;
mod packages;
mod processor;
mod producer;
mod referred;
mod strings;
mod stripped;
mod tables;
mod texts;
mod types;
mod values;
mod variable;

pub use cause::{CAUSES, Cause, Reach, cause};
pub use classify::{Look, look_of};
pub use container::SectionDiff;
pub use found::Found;
pub use info::without_x;

use code::{Code, Fate};
use found::Causes;
use image::Image;
use serde::Serialize;

/// Why two files could not be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// One is no program.
    #[error("{source}")]
    Unread {
        /// 0 or 1: which.
        side: usize,
        /// Why.
        source: goartifact::Error,
    },
}

/// Functions of both programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Functions {
    /// In both, by name.
    pub both: usize,
    /// Of these, at another address and otherwise the same.
    pub moved: usize,
    /// Of these, the same but for numbers in the code.
    pub numbers: usize,
    /// Of these, with other code.
    pub changed: usize,
    /// Of these, not told apart: this processor's instructions are not taken apart.
    pub untold: usize,
    /// In the first alone.
    pub only_first: usize,
    /// In the second alone.
    pub only_second: usize,
}

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Bit for bit.
    pub same: bool,
    /// Bytes of each.
    pub bytes: [u64; 2],
    /// The causes, what changes most first.
    pub causes: Vec<Found>,
    /// Sections that differ, as they are.
    pub sections: Vec<SectionDiff>,
    /// Functions.
    pub functions: Functions,
    /// The four parts of the build ID that differ: `link action`, `main action`, `main content`, `program`.
    pub build_id: Vec<&'static str>,
    /// Bytes that differ, place by place, section by section.
    pub differing: u64,
    /// Of what differs with addresses taken out, bytes that no cause was found for.
    pub unexplained: u64,
    /// What these are.
    pub unexplained_in: Vec<String>,
    /// What could not be read, with the side it is of.
    pub gaps: Vec<String>,
}

/// Compares two programs; for universal files, their parts of the same processor.
///
/// # Errors
/// One is no ELF, Mach-O or PE program and they are not the same file.
pub fn compare(a: &[u8], b: &[u8]) -> Result<Comparison, Error> {
    if a == b {
        let bytes = [a.len() as u64; 2];
        return Ok(Comparison { same: true, bytes, ..Comparison::default() });
    }
    let unread = |side: usize| move |source: goartifact::Error| Error::Unread { side, source };
    let (first, second) =
        (goartifact::parts(a).map_err(unread(0))?, goartifact::parts(b).map_err(unread(1))?);
    let cut = |file: &'_ [u8], (offset, length): (u64, u64)| -> Option<std::ops::Range<usize>> {
        let start = usize::try_from(offset).ok()?;
        let end = start.checked_add(usize::try_from(length).ok()?)?;
        file.get(start..end).map(|_| start..end)
    };
    let programs = |file: &'_ [u8], parts: &[(u64, u64)]| -> Vec<std::ops::Range<usize>> {
        parts.iter().filter_map(|part| cut(file, *part)).collect()
    };
    let (ones, twos) = (programs(a, &first), programs(b, &second));
    let of = |file: &[u8], range: &std::ops::Range<usize>| arch(file.get(range.clone()));
    let pairs = pairs(
        &ones.iter().map(|range| of(a, range)).collect::<Vec<_>>(),
        &twos.iter().map(|range| of(b, range)).collect::<Vec<_>>(),
    );
    let mut whole: Option<Comparison> = None;
    for (one, two) in &pairs {
        let (Some(x), Some(y)) = (ones.get(*one), twos.get(*two)) else { continue };
        let x = a.get(x.clone()).unwrap_or_default();
        let y = b.get(y.clone()).unwrap_or_default();
        if x == y {
            continue;
        }
        let part = pair(x, y)?;
        match &mut whole {
            None => whole = Some(part),
            Some(whole) => merge(whole, part),
        }
    }
    let mut whole = whole.unwrap_or_default();
    let all_paired = pairs.len() == first.len() && pairs.len() == second.len();
    if all_paired && whole.causes.is_empty() && whole.unexplained == 0 {
        // Around the programs: `lipo` puts them in the order in which they are named.
        let header = |file: &'_ [u8], programs: &[std::ops::Range<usize>]| -> usize {
            programs.iter().map(|it| it.start).min().unwrap_or_default().min(file.len())
        };
        let (x, y) = (a.get(..header(a, &ones)), b.get(..header(b, &twos)));
        let differing = container::differing(x.unwrap_or_default(), y.unwrap_or_default());
        whole.unexplained = differing.max(1);
        whole.unexplained_in.push(UNIVERSAL.into());
    } else if !all_paired {
        whole.unexplained = whole.unexplained.max(container::differing(a, b)).max(1);
    }
    if whole.causes.is_empty() && whole.unexplained > 0 {
        whole.causes = unexplained(&whole);
    }
    whole.same = false;
    whole.bytes = [a.len() as u64, b.len() as u64];
    Ok(whole)
}

/// What differs of two files whose programs are the same.
const UNIVERSAL: &str =
    "around the programs, which are the same: the universal file's own header, their order";

/// What a program is for; none where it cannot be read.
fn arch(program: Option<&[u8]>) -> Option<&'static str> {
    let program = program?;
    let container = goartifact::Container::parse(program, program.len() as u64).ok()?;
    Some(container.arch().0)
}

/// Programs for the same processor, by their places; what is left of both is paired in its order.
fn pairs(a: &[Option<&str>], b: &[Option<&str>]) -> Vec<(usize, usize)> {
    let mut taken = vec![false; b.len()];
    let mut take = |wanted: &dyn Fn(usize) -> bool| {
        let at = (0..b.len()).find(|at| !taken.get(*at).is_some_and(|it| *it) && wanted(*at))?;
        if let Some(taken) = taken.get_mut(at) {
            *taken = true;
        }
        Some(at)
    };
    let mut of: Vec<Option<usize>> =
        a.iter().map(|arch| take(&|at| arch.is_some() && b.get(at) == Some(arch))).collect();
    for left in of.iter_mut().filter(|it| it.is_none()) {
        *left = take(&|_| true);
    }
    of.into_iter().enumerate().filter_map(|(at, other)| Some((at, other?))).collect()
}

/// The same causes of another processor's part are not told twice.
fn merge(whole: &mut Comparison, part: Comparison) {
    for found in part.causes {
        if !whole.causes.iter().any(|other| other.cause == found.cause) {
            whole.causes.push(found);
        }
    }
    whole.sections.extend(part.sections);
    whole.differing += part.differing;
    whole.unexplained += part.unexplained;
    whole.gaps.extend(part.gaps);
}

fn pair(a: &[u8], b: &[u8]) -> Result<Comparison, Error> {
    let read =
        |side: usize, file| Image::read(file).map_err(move |source| Error::Unread { side, source });
    let (first, second) = std::thread::scope(|scope| {
        let other = scope.spawn(|| read(1, b));
        let first = read(0, a);
        // A panic of a thread is our bug, and said as such by the panic itself.
        let gone = || Error::Unread {
            side: 1,
            source: goartifact::Error::Malformed("reading it failed".into()),
        };
        (first, other.join().unwrap_or_else(|_| Err(gone())))
    });
    let (first, second) = (first?, second?);
    let mut out = Comparison { bytes: [a.len() as u64, b.len() as u64], ..Comparison::default() };
    for (image, side) in [(&first, "A"), (&second, "B")] {
        out.gaps.extend(image.gaps.iter().map(|gap| format!("{side}: {gap}")));
    }
    let mut causes = Causes::default();
    if first.format != second.format || first.arch != second.arch {
        let name = |image: &Image<'_>| format!("{:?} {}", image.format, image.arch.0);
        causes.add("platform", format!("{} → {}", name(&first), name(&second)));
        out.differing = container::differing(a, b);
        out.causes = causes.finish();
        return Ok(out);
    }
    out.sections = container::sections(&first, &second);
    out.differing = out.sections.iter().map(|section| section.differing).sum();
    judge([&first, &second], causes, &mut out);
    if out.unexplained > 0 {
        let rest = unexplained(&out);
        out.causes.extend(rest);
    }
    Ok(out)
}

/// That there are bytes which no cause was found for.
fn unexplained(found: &Comparison) -> Vec<Found> {
    let mut rest = Causes::default();
    let places = found.unexplained_in.join(", ");
    rest.add("unexplained", format!("{} bytes: {places}", found.unexplained));
    rest.finish()
}

/// The order of what is looked at: what build info tells, what the container shows, then code and data, where
/// no root that changes everything stands in the way.
fn judge(images: [&Image<'_>; 2], mut causes: Causes, out: &mut Comparison) {
    let [a, b] = images;
    if let (Some(old), Some(new)) = (&a.info, &b.info) {
        info::compare(old, new, &mut causes);
    } else if a.info.is_some() != b.info.is_some() {
        out.gaps.push("build info: in one program only".into());
    }
    let ids = build_id::compare(a, b);
    out.build_id = ids.parts.clone();
    container::marks(images, &mut causes);
    tables::paths(images, &mut causes);
    let mut functions = images.map(Image::functions);
    if images.iter().any(|image| !image.has_symbols()) {
        // C functions have no name without symbols, so that none of the other's is missing.
        functions.iter_mut().for_each(|functions| functions.retain(|function| function.go));
    }
    let functions = [&functions[0][..], &functions[1][..]];
    let code = code::compare(images, functions);
    count(&code, &mut out.functions);
    if out.functions.changed + out.functions.only_first + out.functions.only_second > 0 {
        producer::hidden_flags(images, &mut causes);
    }
    if functions.iter().any(|functions| functions.iter().any(|function| !function.go))
        || a.section(".comment").is_some()
    {
        container::c_dates(a, b, &mut causes);
    }
    let tables = [embed::tables(a), embed::tables(b)];
    embed::compare(&tables[0], &tables[1], &mut causes);
    let counted = out.functions;
    let same_code =
        counted.changed + counted.untold + counted.only_first + counted.only_second == 0;
    let known =
        data::Known { same_sources: ids.same_sources, same_code, everywhere: causes.everywhere() };
    let found = values::compare(images, functions, &code, &tables, known, &mut causes);
    if !ids.same_sources {
        packages::c_flags(functions[0], &code, &mut causes);
    }
    if !known.everywhere && !ids.same_sources {
        packages::changed_code(functions, &code, &mut causes);
        tables::lines(images, functions, &code, &mut causes);
        types::compare(images, same_code, &mut causes);
    }
    let untold: u64 = code
        .pairs
        .iter()
        .map(|pair| if let Fate::Untold(bytes) = pair.fate { bytes } else { 0 })
        .sum();
    if !causes.everywhere() {
        out.unexplained += found.unexplained;
        out.unexplained_in.extend(found.names.into_iter().take(10));
        if causes.is_empty() && untold > 0 {
            out.unexplained += untold;
            out.unexplained_in.push(format!("code of {}", a.arch.0));
        }
    }
    after_link::changed(images, &mut causes);
    if ids.all_same {
        causes = after_link::instead(causes);
        out.unexplained = 0;
        out.unexplained_in.clear();
    }
    let moved_alone = same_code && counted.numbers == 0 && counted.both > 0 && found.changed == 0;
    let length = |image: &Image<'_>| image.build_id.as_ref().map_or(0, String::len);
    if causes.is_empty()
        && moved_alone
        && out.unexplained == 0
        && a.format != goartifact::Format::Elf
        && length(a) != length(b)
    {
        // There the ID stands in front of the code: a longer one moves all of it.
        let id = |image: &Image<'_>| image.build_id.clone().unwrap_or_else(|| "-".into());
        causes.add("build-id", format!("{} → {}", id(a), id(b)));
    }
    if causes.is_empty() && out.unexplained == 0 {
        alone(images, &ids, &mut causes, out);
    }
    out.causes = causes.finish();
}

/// What is left where no cause was found: the build ID alone, the debug information alone, or bytes without one.
fn alone(images: [&Image<'_>; 2], ids: &build_id::Ids, causes: &mut Causes, out: &mut Comparison) {
    let [a, b] = images;
    let name = |part: &SectionDiff| part.name.trim_start_matches(['.', '_']).to_owned();
    let debug = |name: &str| name.starts_with("debug_") || name.starts_with("zdebug_");
    let of_id =
        |name: &str| matches!(name, "note.go.buildid" | "note.gnu.build-id" | "go.fipsinfo");
    let rest: Vec<&SectionDiff> =
        out.sections.iter().filter(|part| !of_id(&name(part)) && !debug(&name(part))).collect();
    // Without a note the ID stands in the code.
    let in_code = rest.iter().all(|part| matches!(name(part).as_str(), "text" | "go.buildid"))
        && build_id::alone_in_code(images);
    // Of PE, the sections of debug information stand before the imports, which move.
    let debug_alone = ids.same_sources
        && a.format == goartifact::Format::Pe
        && out.sections.iter().any(|part| debug(&name(part)));
    if !rest.is_empty() && !in_code && !debug_alone {
        out.unexplained = rest.iter().map(|part| part.differing).sum::<u64>().max(1);
        out.unexplained_in.extend(rest.iter().map(|part| part.name.clone()).take(10));
    } else if out.sections.iter().any(|part| debug(&name(part))) {
        let names: Vec<&str> = out
            .sections
            .iter()
            .map(|part| part.name.as_str())
            .filter(|name| name.contains("debug_"))
            .collect();
        causes.add("debug-info", names.join(", "));
    } else if !ids.parts.is_empty() || !out.sections.is_empty() {
        let id = |image: &Image<'_>| image.build_id.clone().unwrap_or_else(|| "-".into());
        causes.add("build-id", format!("{} → {}", id(a), id(b)));
    } else {
        // Between sections: headers, padding, a signature at the end.
        out.unexplained = container::differing(a.file, b.file).max(1);
        out.unexplained_in.push("outside of the sections".into());
    }
}

fn count(code: &Code, functions: &mut Functions) {
    functions.both = code.pairs.len();
    functions.moved = code.moved;
    functions.only_first = code.only[0].len();
    functions.only_second = code.only[1].len();
    for pair in &code.pairs {
        match pair.fate {
            Fate::Same => {}
            Fate::Numbers(_) => functions.numbers += 1,
            Fate::Changed(_) => functions.changed += 1,
            Fate::Untold(_) => functions.untold += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn programs_of_universal_files_are_paired_by_processor_and_not_by_place() {
        let (amd, arm) = (Some("amd64"), Some("arm64"));
        assert_eq!(pairs(&[amd, arm], &[arm, amd]), [(0, 1), (1, 0)]);
        assert_eq!(pairs(&[amd, arm], &[arm]), [(1, 0)]);
        assert_eq!(pairs(&[amd], &[arm]), [(0, 0)]);
        assert_eq!(pairs(&[amd, amd], &[amd, amd]), [(0, 0), (1, 1)]);
        assert_eq!(pairs(&[None, amd], &[amd, None]), [(0, 1), (1, 0)]);
    }
}
