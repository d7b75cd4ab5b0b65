//! The sizes as a page without dependencies: modules and the packages in them as areas, and tables.

use super::sizes::{share, tables};
use crate::build::page::escape as as_html;
use crate::printable::printable;
use crate::units::{change, human};
use goartifact::size::{Kind, PackageSize, Sizes};
use goward_model::Lang;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// The map's size in its own units.
const WIDTH: f64 = 1200.0;
const HEIGHT: f64 = 720.0;
/// Room for a module's name above its packages.
const TITLE: f64 = 16.0;

/// Foreign text, without what acts on a terminal in which the page is read.
fn escape(text: &str) -> String {
    as_html(&printable(text))
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Area {
    /// Without a border, and without a title above.
    fn inner(self, border: f64, title: f64) -> Self {
        Self {
            x: self.x + border,
            y: self.y + border + title,
            width: (self.width - 2.0 * border).max(0.0),
            height: (self.height - 2.0 * border - title).max(0.0),
        }
    }
}

/// Areas as large as their weights, close to squares: each row along the shorter side takes weights as
/// long as its worst aspect gets better (Bruls, Huizing, van Wijk: Squarified Treemaps, 2000). The
/// weights are sorted, the largest first, and not zero.
fn squarified(weights: &[f64], area: Area) -> Vec<Area> {
    let sum: f64 = weights.iter().sum();
    let scale = area.width * area.height / sum.max(f64::MIN_POSITIVE);
    let (mut left, mut rest, mut out) = (weights, area, Vec::with_capacity(weights.len()));
    while !left.is_empty() {
        let side = rest.width.min(rest.height);
        let worst = |row: &[f64]| {
            let total: f64 = row.iter().sum::<f64>() * scale;
            let depth = total / side.max(f64::MIN_POSITIVE);
            let aspect = |weight: &f64| {
                let length = weight * scale / depth.max(f64::MIN_POSITIVE);
                (length / depth).max(depth / length)
            };
            row.iter().map(aspect).fold(0.0, f64::max)
        };
        let mut count = 1;
        while count < left.len() {
            let (now, then) = (left.get(..count), left.get(..=count));
            if then.map(worst) > now.map(worst) {
                break;
            }
            count += 1;
        }
        let (row, others) = left.split_at(count);
        let depth = row.iter().sum::<f64>() * scale / side.max(f64::MIN_POSITIVE);
        let mut along = 0.0;
        for weight in row {
            let length = weight * scale / depth.max(f64::MIN_POSITIVE);
            out.push(if rest.width >= rest.height {
                Area { x: rest.x, y: rest.y + along, width: depth, height: length }
            } else {
                Area { x: rest.x + along, y: rest.y, width: length, height: depth }
            });
            along += length;
        }
        if rest.width >= rest.height {
            rest = Area { x: rest.x + depth, width: (rest.width - depth).max(0.0), ..rest };
        } else {
            rest = Area { y: rest.y + depth, height: (rest.height - depth).max(0.0), ..rest };
        }
        left = others;
    }
    out
}

/// The whole page.
pub(super) fn page(file: &Path, new: &Sizes, old: Option<&Sizes>, lang: Lang) -> String {
    let title = escape(&file.display().to_string());
    let mut facts = human(new.file);
    if let Some(old) = old {
        facts = format!("{} → {facts} ({})", human(old.file), change(old.file, new.file));
    }
    let legend: String = Kind::ALL
        .iter()
        .map(|kind| {
            let bytes = new.kinds().of(*kind);
            format!(
                "<span class=\"k {}\">{} {}</span> ",
                kind.as_str(),
                word(kind.as_str(), lang),
                human(bytes)
            )
        })
        .collect();
    let hint = lang.pick(
        "an area is as large as its bytes; its colour is what it has most of; point at one for all of it",
        "面积即字节数;颜色为其中最多的类别;指向某块可看全部",
    );
    let mut list = String::new();
    for (title, rows) in tables(new, old, lang) {
        if rows.is_empty() {
            continue;
        }
        let open = if rows.len() <= 30 { " open" } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(list, "<details{open}><summary>{title} ({})</summary><table>", rows.len());
        for row in rows {
            let delta = match old {
                Some(_) => format!("<td>{}</td>", change(row.before, row.after)),
                None => format!("<td>{:.1} %</td>", share(row.after, new.file)),
            };
            let _ = writeln!(
                list,
                "<tr>{delta}<td>{}</td><th>{}</th></tr>",
                human(row.after),
                escape(&row.name)
            );
        }
        list += "</table></details>\n";
    }
    format!(
        "<!doctype html>\n<html lang=\"{}\"><meta charset=\"utf-8\"><title>{title}</title>\n<style>{STYLE}</style>\n\
         <header><b>{title}</b> {facts}<br>{legend}<small>{hint}</small></header>\n\
         <svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\">\n{}</svg>\n<main>{list}</main></html>\n",
        lang.pick("en", "zh-CN"),
        map(new, lang)
    )
}

/// A kind or a group in the language of the page.
fn word(name: &str, lang: Lang) -> &str {
    lang.pick(name, super::chinese::group(name))
}

/// A group's name; modules and packages are called as they are.
fn named(name: &str, lang: Lang) -> &str {
    if name.starts_with('(') { word(name, lang) } else { name }
}

/// Modules, and packages in them.
fn map(sizes: &Sizes, lang: Lang) -> String {
    let mut modules: BTreeMap<&str, Vec<&PackageSize>> = BTreeMap::new();
    for package in sizes.packages.iter().filter(|package| package.bytes.total() > 0) {
        let module = if package.module.is_empty() { &package.package } else { &package.module };
        modules.entry(module).or_default().push(package);
    }
    let weight = |packages: &[&PackageSize]| {
        packages.iter().map(|package| package.bytes.total()).fold(0, u64::saturating_add) as f64
    };
    let mut modules: Vec<(&str, Vec<&PackageSize>)> = modules.into_iter().collect();
    modules.sort_by(|(_, a), (_, b)| weight(b).total_cmp(&weight(a)));
    let weights: Vec<f64> = modules.iter().map(|(_, packages)| weight(packages)).collect();
    let whole = Area { x: 0.0, y: 0.0, width: WIDTH, height: HEIGHT };
    let mut out = String::new();
    for ((module, packages), area) in modules.iter().zip(squarified(&weights, whole)) {
        let titled = packages.len() > 1 && area.height > 3.0 * TITLE && area.width > 60.0;
        let inner = area.inner(1.0, if titled { TITLE } else { 0.0 });
        if titled {
            let bytes = human(weight(packages) as u64);
            let label = format!("{} {bytes}", named(module, lang));
            let _ = writeln!(
                out,
                "<g class=m><title>{0}</title><rect x=\"{1:.1}\" y=\"{2:.1}\" width=\"{3:.1}\" height=\"{4:.1}\"/>{5}</g>",
                escape(&label),
                area.x,
                area.y,
                area.width,
                area.height,
                text(&label, area, 12.0)
            );
        }
        let weights: Vec<f64> = packages.iter().map(|it| it.bytes.total() as f64).collect();
        for (package, area) in packages.iter().zip(squarified(&weights, inner)) {
            out += &leaf(package, module, area, lang);
        }
    }
    out
}

fn leaf(package: &PackageSize, module: &str, area: Area, lang: Lang) -> String {
    let bytes = package.bytes;
    let most = Kind::ALL.into_iter().max_by_key(|kind| bytes.of(*kind)).unwrap_or(Kind::Other);
    let parts: Vec<String> = Kind::ALL
        .iter()
        .filter(|kind| bytes.of(**kind) > 0)
        .map(|kind| format!("{} {}", word(kind.as_str(), lang), human(bytes.of(*kind))))
        .collect();
    let short = package.package.strip_prefix(module).and_then(|rest| rest.strip_prefix('/'));
    let label = match short {
        Some(short) => short,
        None => named(&package.package, lang),
    };
    format!(
        "<g class={}><title>{}\n{}\n{}</title><rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>{}</g>\n",
        most.as_str(),
        escape(named(&package.package, lang)),
        human(bytes.total()),
        parts.join(" · "),
        area.x,
        area.y,
        area.width,
        area.height,
        text(label, area, 12.0)
    )
}

/// A label where there is room for some of it.
fn text(label: &str, area: Area, height: f64) -> String {
    /// Width of a letter.
    const LETTER: f64 = 6.2;
    let room = ((area.width - 6.0) / LETTER).max(0.0) as usize;
    if area.height < height + 2.0 || room < 3 {
        return String::new();
    }
    let cut: String = match label.chars().count() > room {
        true => label.chars().take(room - 1).chain(['…']).collect(),
        false => label.to_owned(),
    };
    format!("<text x=\"{:.1}\" y=\"{:.1}\">{}</text>", area.x + 3.0, area.y + height, escape(&cut))
}

const STYLE: &str = "body{margin:0;font:12px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:#1f2328;background:#fff}\
header{padding:8px 12px;background:#f6f8fa;border-bottom:1px solid #d0d7de}small{color:#59636e}\
svg{display:block;width:100%;height:auto}rect{stroke:#fff;stroke-width:.7}text{font-size:10px;pointer-events:none;fill:#1f2328}\
.k{padding:0 6px;border-radius:3px;color:#1f2328}g:hover rect{stroke:#1f2328;stroke-width:1.5}.m rect{fill:#d0d7de}.m text{font-weight:600}\
.code rect{fill:#9ec5fe}.k.code{background:#9ec5fe}.pclntab rect{fill:#b7ebc6}.k.pclntab{background:#b7ebc6}\
.data rect{fill:#ffe69c}.k.data{background:#ffe69c}.embedded rect{fill:#f7b5c4}.k.embedded{background:#f7b5c4}\
.debug rect{fill:#d8c7f5}.k.debug{background:#d8c7f5}.other rect{fill:#e2e6ea}.k.other{background:#e2e6ea}\
main{padding:8px 12px}td{text-align:right;padding-right:12px;white-space:nowrap}th{text-align:left;font-weight:400;overflow-wrap:anywhere}\
@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}header{background:#161b22;border-color:#30363d}small{color:#9198a1}rect{stroke:#0d1117}}";

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn areas_are_as_large_as_their_weights_and_inside(mut weights in proptest::collection::vec(1.0_f64..1e6, 1..60)) {
            weights.sort_by(|a, b| b.total_cmp(a));
            let whole = Area { x: 3.0, y: 5.0, width: 400.0, height: 300.0 };
            let areas = squarified(&weights, whole);
            prop_assert_eq!(areas.len(), weights.len());
            let sum: f64 = weights.iter().sum();
            for (weight, area) in weights.iter().zip(areas) {
                let wanted = weight / sum * 400.0 * 300.0;
                prop_assert!((area.width * area.height - wanted).abs() < 1e-6 * 120_000.0);
                prop_assert!(area.x >= 2.999 && area.x + area.width <= 403.001);
                prop_assert!(area.y >= 4.999 && area.y + area.height <= 305.001);
            }
        }
    }

    #[test]
    fn what_is_in_a_program_cannot_write_into_the_page() {
        let package = PackageSize {
            package: "<img src=x>".into(),
            module: "</title><script>".into(),
            bytes: goartifact::size::Bytes { code: 5, ..Default::default() },
            zero: 0,
        };
        let sizes = Sizes { file: 5, packages: vec![package], ..Sizes::default() };
        let page = page(Path::new("<b>"), &sizes, None, Lang::En);
        assert!(!page.contains("<img") && !page.contains("<script") && !page.contains("<b><"));
    }
}
