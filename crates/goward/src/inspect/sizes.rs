//! Where the bytes of a program come from, as tables, and as a change from another program.

use super::chinese;
use crate::printable::printable;
use crate::units::{change, human};
use goartifact::size::{Kind, Sizes};
use goward_model::Lang;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Rows of a table of the screen; the page and `plumbing artifact --sizes` have all.
const ROWS: usize = 15;

/// A name, and its bytes before and after.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) before: u64,
    pub(super) after: u64,
}

/// Both sides by name: the largest first; with an old side, what changed most first.
pub(super) fn rows<S: Into<String>>(
    old: Option<impl Iterator<Item = (S, u64)>>,
    new: impl Iterator<Item = (S, u64)>,
) -> Vec<Row> {
    let mut all: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (name, bytes) in new {
        all.entry(name.into()).or_default().1 += bytes;
    }
    let compared = old.is_some();
    for (name, bytes) in old.into_iter().flatten() {
        all.entry(name.into()).or_default().0 += bytes;
    }
    let mut rows: Vec<Row> =
        all.into_iter().map(|(name, (before, after))| Row { name, before, after }).collect();
    let weight = |row: &Row| if compared { row.before.abs_diff(row.after) } else { row.after };
    rows.retain(|row| weight(row) > 0);
    rows.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.name.cmp(&b.name)));
    rows
}

fn kinds(sizes: &Sizes) -> impl Iterator<Item = (String, u64)> {
    let kinds = sizes.kinds();
    Kind::ALL.into_iter().map(move |kind| (kind.as_str().to_owned(), kinds.of(kind)))
}

fn sections(sizes: &Sizes) -> impl Iterator<Item = (String, u64)> {
    sizes.sections.iter().map(|section| (section.name.clone(), section.file))
}

fn modules(sizes: &Sizes) -> impl Iterator<Item = (String, u64)> {
    sizes.modules().into_iter().map(|(name, bytes)| (name.to_owned(), bytes.total()))
}

fn packages(sizes: &Sizes) -> impl Iterator<Item = (String, u64)> {
    sizes.packages.iter().map(|package| (package.package.clone(), package.bytes.total()))
}

fn embedded(sizes: &Sizes) -> impl Iterator<Item = (String, u64)> {
    sizes.embedded.iter().map(|owned| {
        let package = owned.package.as_deref().map(|package| format!("{package}: "));
        (package.unwrap_or_default() + &owned.file.name, owned.file.bytes)
    })
}

/// The five tables, with their titles.
pub(super) fn tables(
    new: &Sizes,
    old: Option<&Sizes>,
    lang: Lang,
) -> Vec<(&'static str, Vec<Row>)> {
    let mut tables = vec![
        (lang.pick("kinds", "类别"), rows(old.map(kinds), kinds(new))),
        (lang.pick("sections", "节"), rows(old.map(sections), sections(new))),
        (lang.pick("modules", "模块"), rows(old.map(modules), modules(new))),
        (lang.pick("packages", "包"), rows(old.map(packages), packages(new))),
        (lang.pick("embedded files", "嵌入的文件"), rows(old.map(embedded), embedded(new))),
    ];
    for (title, rows) in tables.iter_mut().filter(|_| lang == Lang::Zh) {
        // A module may be called `data`; sections have names of their own.
        let is_kind = *title == "类别";
        for row in rows.iter_mut().filter(|row| is_kind || row.name.starts_with('(')) {
            row.name = chinese::group(&row.name).to_owned();
        }
    }
    tables
}

/// For the screen.
pub(super) fn text(new: &Sizes, old: Option<&Sizes>, lang: Lang) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = match old {
        Some(old) => writeln!(
            out,
            "{} → {}  {} ({})",
            human(old.file),
            human(new.file),
            change(old.file, new.file),
            percent(old.file, new.file)
        ),
        None => writeln!(out, "{}", human(new.file)),
    };
    for (title, rows) in tables(new, old, lang) {
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{title}");
        for row in rows.iter().take(ROWS) {
            let _ = match old {
                Some(_) => writeln!(
                    out,
                    "  {:>11}  {:>10}  {}",
                    change(row.before, row.after),
                    human(row.after),
                    printable(&row.name)
                ),
                None => writeln!(
                    out,
                    "  {:>10}  {:>5.1} %  {}",
                    human(row.after),
                    share(row.after, new.file),
                    printable(&row.name)
                ),
            };
        }
        if let Some(more) = rows.len().checked_sub(ROWS).filter(|more| *more > 0) {
            let _ = match lang {
                Lang::En => writeln!(out, "  … and {more} more"),
                Lang::Zh => writeln!(out, "  ……另有 {more} 项"),
            };
        }
    }
    if !new.data_is_named {
        let _ = writeln!(
            out,
            "{}",
            lang.pick(
                "without a symbol table nobody can tell whose the data is",
                "没有符号表,无法得知数据属于谁"
            )
        );
    }
    for gap in &new.gaps {
        let gap = lang.pick(gap, &chinese::reason(gap)).to_owned();
        let _ = writeln!(out, "{}: {}", lang.pick("not read", "未能读取"), printable(&gap));
    }
    out.push('\n');
    out
}

pub(super) fn share(part: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { part as f64 * 100.0 / all as f64 }
}

/// By how much it grew, in hundredths of the old one.
pub(super) fn growth(old: u64, new: u64) -> f64 {
    if old == 0 { 0.0 } else { (new as f64 - old as f64) * 100.0 / old as f64 }
}

fn percent(old: u64, new: u64) -> String {
    format!("{:+.2} %", growth(old, new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_most_comes_first() {
        let old = [("a", 10), ("b", 5), ("same", 7)];
        let new = [("a", 12), ("c", 9), ("same", 7)];
        let row = |name: &str, before, after| Row { name: name.to_owned(), before, after };
        assert_eq!(
            rows(Some(old.into_iter()), new.into_iter()),
            [row("c", 0, 9), row("b", 5, 0), row("a", 10, 12)]
        );
        let alone = rows(None::<std::iter::Empty<(&str, u64)>>, new.into_iter());
        assert_eq!(alone.first(), Some(&row("a", 0, 12)));
        assert_eq!(growth(200, 210), 5.0);
    }
}
