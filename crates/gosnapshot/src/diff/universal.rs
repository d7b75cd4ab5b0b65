//! Files of several programs (universal Mach-O): each is held against that of the same processor.

use super::{Comparison, Difference, Gap, compare, sort};
use crate::{Program, Snapshot};

/// Compares all programs of what runs (`a`) with all of what comes (`b`); most files have one.
///
/// A difference or gap of some of them says of which ([`Difference::part`]). A processor that only A is for is a
/// difference of the platform: there B does not start. One that only B is for has nothing to be compared with.
pub fn compare_all(a: &[Snapshot], b: &[Snapshot]) -> Comparison {
    if let ([old], [new]) = (a, b) {
        return compare(old, new);
    }
    let with = |old: &Snapshot| b.iter().find(|new| arch(old).is_some() && arch(new) == arch(old));
    let mut pairs: Vec<(&Snapshot, &Snapshot)> =
        a.iter().filter_map(|old| Some((old, with(old)?))).collect();
    if pairs.is_empty() {
        // They are of other platforms, or do not tell: the comparison says it.
        pairs.extend(a.first().zip(b.first()));
    }
    let mut all = Comparison::default();
    for (old, new) in &pairs {
        let part = arch(old).or(arch(new)).unwrap_or_default();
        merge(&mut all, compare(old, new), part);
    }
    // What is so in all of them is of no single one.
    let parts = pairs.iter().map(|(old, new)| arch(old).or(arch(new)).unwrap_or_default());
    let whole = parts.collect::<Vec<_>>().join(", ");
    for difference in all.differences.iter_mut().filter(|it| it.part == whole) {
        difference.part.clear();
    }
    for gap in all.gaps.iter_mut().filter(|it| it.part == whole) {
        gap.part.clear();
    }
    one_sided(a, b, &pairs, &mut all);
    all.skipped.retain(|rule, _| !all.compared.contains(rule));
    sort(&mut all);
    all
}

/// Its processor.
fn arch(snapshot: &Snapshot) -> Option<&str> {
    snapshot.program.as_ref().and_then(|program| program.setting("GOARCH"))
}

/// Takes over what came of one pair.
fn merge(all: &mut Comparison, one: Comparison, part: &str) {
    let add = |parts: &mut String| *parts = [parts.as_str(), part].join(", ");
    for new in one.differences {
        let is_it = |it: &&mut Difference| {
            (it.rule, &it.subject, &it.a, &it.b) == (new.rule, &new.subject, &new.a, &new.b)
        };
        match all.differences.iter_mut().find(is_it) {
            Some(known) => add(&mut known.part),
            None => all.differences.push(Difference { part: part.to_owned(), ..new }),
        }
    }
    for new in one.gaps {
        let is_it = |it: &&mut Gap| it.rule == new.rule && it.why == new.why;
        match all.gaps.iter_mut().find(is_it) {
            Some(known) => add(&mut known.part),
            None => all.gaps.push(Gap { part: part.to_owned(), ..new }),
        }
    }
    all.compared.extend(one.compared);
    for (rule, why) in one.skipped {
        all.skipped.entry(rule).or_insert(why);
    }
}

/// Processors that only one side is for.
fn one_sided(
    a: &[Snapshot],
    b: &[Snapshot],
    pairs: &[(&Snapshot, &Snapshot)],
    all: &mut Comparison,
) {
    // Sources are what is built for one platform; a snapshot of a universal file is of one of its programs.
    let is_whole = |it: &Snapshot| {
        let told = it.unknown.iter().all(|it| it.part != "program");
        told && it.program.as_ref().is_some_and(|program: &Program| program.built)
    };
    let whole = b.iter().all(is_whole);
    for old in a.iter().filter(|it| !pairs.iter().any(|(old, _)| std::ptr::eq(*old, *it))) {
        let Some(arch) = arch(old) else { continue };
        if whole {
            all.differs("platform", "GOARCH", Some(arch), None);
        } else {
            all.gap(
                "platform",
                format!("A has a program for {arch}, and B does not tell whether it has one"),
                format!("A 有用于 {arch} 的程序,B 未说明是否也有"),
            );
        }
    }
    for new in b.iter().filter(|it| !pairs.iter().any(|(_, new)| std::ptr::eq(*new, *it))) {
        let Some(arch) = arch(new) else { continue };
        all.gap(
            "platform",
            format!(
                "B has a program for {arch}, and A tells of none that it could be compared with"
            ),
            format!("B 有用于 {arch} 的程序,A 未给出可与之比较的程序"),
        );
    }
}
