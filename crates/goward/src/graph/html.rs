//! `goward graph html`: the graph as one page without dependencies. Programs stand on the left, each package to the right
//! of all that import it; other modules are one node each.

use super::GoTree;
use super::export::collapsed;
use crate::console::Console;
use goward_model::{ExitStatus, Lang};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// Pixels: the height of a row, the width of two letters, the gap between columns, the margin.
const ROW: usize = 18;
const TWO_LETTERS: usize = 15;
const GAP: usize = 70;
const MARGIN: usize = 12;
/// Sweeps over the columns; more move next to nothing.
const SWEEPS: usize = 4;

/// A node and its place.
struct Node {
    name: String,
    own: bool,
    column: usize,
    row: usize,
}

pub(super) fn run(tree: &GoTree, console: &Console) -> anyhow::Result<ExitStatus> {
    let own: HashMap<String, bool> = tree
        .packages
        .iter()
        .filter(|(_, package)| tree.is_own(package))
        .map(|(_, package)| (package.id(), true))
        .collect();
    let edges = collapsed(tree);
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for name in edges.iter().flat_map(|(from, all)| std::iter::once(from).chain(all)) {
        let next = numbers.len();
        numbers.entry(name).or_insert(next);
    }
    let mut nodes: Vec<Node> = vec![];
    let mut names: Vec<(&str, usize)> = numbers.iter().map(|(name, at)| (*name, *at)).collect();
    names.sort_by_key(|(_, at)| *at);
    for (name, _) in names {
        nodes.push(Node { name: name.to_owned(), own: own.contains_key(name), column: 0, row: 0 });
    }
    let number = |name: &String| numbers.get(name.as_str()).copied();
    let all: Vec<(usize, usize)> = edges
        .iter()
        .flat_map(|(from, to)| to.iter().filter_map(move |to| Some((number(from)?, number(to)?))))
        .collect();
    place(&mut nodes, &all);
    console.print(&page(tree, &nodes, &all, console.lang))?;
    Ok(ExitStatus::Open)
}

/// Gives each node its column (longest way from whatever nobody imports) and its row (near those that import it).
fn place(nodes: &mut [Node], edges: &[(usize, usize)]) {
    let mut to: Vec<Vec<usize>> = vec![vec![]; nodes.len()];
    let mut from: Vec<Vec<usize>> = vec![vec![]; nodes.len()];
    for (importer, imported) in edges {
        if let (Some(to), Some(from)) = (to.get_mut(*importer), from.get_mut(*imported)) {
            to.push(*imported);
            from.push(*importer);
        }
    }
    let order = topological(&to);
    let mut position = vec![0; nodes.len()];
    for (at, id) in order.iter().enumerate() {
        if let Some(place) = position.get_mut(*id) {
            *place = at;
        }
    }
    let before = |one: usize, other: usize| position.get(one) < position.get(other);
    let mut columns: Vec<Vec<usize>> = vec![];
    for id in order {
        let column = from.get(id).into_iter().flatten().filter(|importer| before(**importer, id));
        let column = column.filter_map(|importer| Some(nodes.get(*importer)?.column + 1)).max();
        let column = column.unwrap_or_default();
        if columns.len() <= column {
            columns.resize(column + 1, vec![]);
        }
        if let (Some(node), Some(all)) = (nodes.get_mut(id), columns.get_mut(column)) {
            node.column = column;
            all.push(id);
        }
    }
    for column in &mut columns {
        column.sort_unstable();
        for (row, id) in column.iter().enumerate() {
            if let Some(node) = nodes.get_mut(*id) {
                node.row = row;
            }
        }
    }
    for _ in 0..SWEEPS {
        for column in &mut columns {
            let near = |id: &usize| -> f64 {
                let rows: Vec<f64> = from
                    .get(*id)
                    .into_iter()
                    .flatten()
                    .filter_map(|importer| {
                        Some(f64::from(u32::try_from(nodes.get(*importer)?.row).ok()?))
                    })
                    .collect();
                let count = f64::from(u32::try_from(rows.len().max(1)).unwrap_or(1));
                rows.iter().sum::<f64>() / count
            };
            let mut keyed: Vec<(f64, usize)> = column.iter().map(|id| (near(id), *id)).collect();
            keyed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
            *column = keyed.into_iter().map(|(_, id)| id).collect();
            for (row, id) in column.iter().enumerate() {
                if let Some(node) = nodes.get_mut(*id) {
                    node.row = row;
                }
            }
        }
    }
}

/// Importers before what they import; where modules import each other in a circle, somebody is first.
fn topological(to: &[Vec<usize>]) -> Vec<usize> {
    let (mut seen, mut done) = (vec![false; to.len()], vec![]);
    for start in 0..to.len() {
        let mut open = vec![(start, 0_usize)];
        if std::mem::replace(seen.get_mut(start).unwrap_or(&mut true), true) {
            continue;
        }
        while let Some((id, next)) = open.last_mut() {
            match to.get(*id).and_then(|all| all.get(*next)) {
                Some(child) => {
                    *next += 1;
                    if !std::mem::replace(seen.get_mut(*child).unwrap_or(&mut true), true) {
                        open.push((*child, 0));
                    }
                }
                None => {
                    done.push(*id);
                    open.pop();
                }
            }
        }
    }
    done.reverse();
    done
}

fn page(tree: &GoTree, nodes: &[Node], edges: &[(usize, usize)], lang: Lang) -> String {
    let count = nodes.iter().map(|node| node.column + 1).max().unwrap_or_default();
    let mut widths = vec![0_usize; count];
    for node in nodes {
        if let Some(width) = widths.get_mut(node.column) {
            *width = (*width).max(short(tree, &node.name).chars().count() * TWO_LETTERS / 2 + 10);
        }
    }
    let left: Vec<usize> = widths
        .iter()
        .scan(MARGIN, |at, width| {
            let here = *at;
            *at += width + GAP;
            Some(here)
        })
        .collect();
    let x = |column: usize| left.get(column).copied().unwrap_or_default();
    let width_of = |column: usize| widths.get(column).copied().unwrap_or_default();
    let y = |row: usize| MARGIN + row * ROW;
    let width = x(count.saturating_sub(1)) + width_of(count.saturating_sub(1)) + MARGIN;
    let height = y(nodes.iter().map(|node| node.row + 1).max().unwrap_or_default()) + MARGIN;
    let mut svg = String::new();
    for (from, to) in edges {
        let (Some(a), Some(b)) = (nodes.get(*from), nodes.get(*to)) else { continue };
        let (x1, y1) = (x(a.column) + width_of(a.column), y(a.row) + ROW / 2);
        let (x2, y2) = (x(b.column), y(b.row) + ROW / 2);
        let half = GAP / 2;
        // Writing to a string cannot fail.
        let _ = writeln!(
            svg,
            "<path data-a=\"{from}\" data-b=\"{to}\" d=\"M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}\"/>",
            x1 + half,
            x2.saturating_sub(half),
        );
    }
    for (at, node) in nodes.iter().enumerate() {
        let (x, y, width) = (x(node.column), y(node.row), width_of(node.column));
        let class = if node.own { "own" } else { "other" };
        let (name, label) = (escaped(&node.name), escaped(short(tree, &node.name)));
        let _ = writeln!(
            svg,
            "<g class=\"{class}\" data-n=\"{at}\" data-name=\"{name}\"><title>{name}</title>\
             <rect x=\"{x}\" y=\"{}\" width=\"{width}\" height=\"{}\" rx=\"3\"/><text x=\"{}\" y=\"{}\">{label}</text></g>",
            y + 1,
            ROW - 2,
            x + 5,
            y + 13,
        );
    }
    let own = nodes.iter().filter(|node| node.own).count();
    let others = nodes.len() - own;
    let (title, hint, find) = match lang {
        Lang::En => (
            format!("{own} packages and {others} other modules"),
            "point at one: what imports it is orange, what it imports is green; click to keep it",
            "find",
        ),
        Lang::Zh => (
            format!("{own} 个包与 {others} 个其他模块"),
            "指向一个节点：导入它的为橙色，它导入的为绿色；点击可固定",
            "查找",
        ),
    };
    let language = lang.pick("en", "zh-CN");
    format!(
        "<!doctype html>\n<html lang=\"{language}\"><meta charset=\"utf-8\"><title>{title}</title>\n<style>{STYLE}</style>\n\
         <header><b>{title}</b> <input id=\"find\" placeholder=\"{find}\" aria-label=\"{find}\"> <span>{hint}</span></header>\n\
         <main><svg width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{title}\">\n{svg}</svg></main>\n\
         <script>{SCRIPT}</script>\n</html>\n"
    )
}

/// The path without the module that is looked at, which is the same everywhere.
fn short<'n>(tree: &GoTree, name: &'n str) -> &'n str {
    let mains = tree.build_list().iter().filter(|module| module.is_main());
    let below = mains.filter_map(|module| name.strip_prefix(&module.path)?.strip_prefix('/'));
    below.min_by_key(|below| below.len()).unwrap_or(name)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const STYLE: &str = "body{margin:0;font:12px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:#1f2328;background:#fff}\
header{position:sticky;top:0;left:0;padding:8px 12px;background:#f6f8fa;border-bottom:1px solid #d0d7de}\
header span{color:#59636e}main{overflow:auto;height:calc(100vh - 42px)}input{font:inherit;padding:2px 6px}\
path{fill:none;stroke:#8c959f;stroke-opacity:.3}rect{fill:#eef1f4}.own rect{fill:#dbe9fd}g{cursor:pointer}\
svg.on path{stroke-opacity:.05}svg.on g{opacity:.3}svg.on g.is,svg.on g.up,svg.on g.down{opacity:1}\
g.is rect{fill:#1f6feb}g.is text{fill:#fff}g.up rect{fill:#ffd8a8}g.down rect{fill:#b7ebc6}\
path.up{stroke:#e8730c;stroke-opacity:.9!important}path.down{stroke:#1a9e4b;stroke-opacity:.9!important}\
@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}header{background:#161b22;border-color:#30363d}\
header span{color:#9198a1}rect{fill:#21262d}.own rect{fill:#0c2d6b}text{fill:#e6edf3}g.up rect{fill:#7a3e00}g.down rect{fill:#0f5a2b}}";

const SCRIPT: &str = "(()=>{const s=document.querySelector('svg'),g=[...s.querySelectorAll('g')],p=[...s.querySelectorAll('path')];\
let kept=null;const clear=()=>{s.classList.remove('on');[...g,...p].forEach(e=>e.classList.remove('is','up','down'))};\
const show=n=>{clear();s.classList.add('on');g[n].classList.add('is');p.forEach(e=>{if(e.dataset.b==n){e.classList.add('up');\
g[e.dataset.a].classList.add('up')}if(e.dataset.a==n){e.classList.add('down');g[e.dataset.b].classList.add('down')}})};\
g.forEach((e,n)=>{e.onmouseenter=()=>{if(kept===null)show(n)};e.onmouseleave=()=>{if(kept===null)clear()};\
e.onclick=()=>{kept=kept===n?null:n;kept===null?clear():show(n)}});\
document.getElementById('find').oninput=e=>{const t=e.target.value.trim();kept=null;clear();if(!t)return;s.classList.add('on');\
const hit=g.filter(x=>x.dataset.name.includes(t));hit.forEach(x=>x.classList.add('is'));\
if(hit[0])hit[0].scrollIntoView({block:'center',inline:'center'})}})();";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn importers_stand_to_the_left_also_around_a_circle() {
        let node = |name: &str| Node { name: name.to_owned(), own: true, column: 0, row: 0 };
        let mut nodes: Vec<Node> = ["main", "a", "b", "c"].map(node).into_iter().collect();
        // main imports a and b, a imports b; b and c are modules that import each other.
        place(&mut nodes, &[(0, 1), (0, 2), (1, 2), (2, 3), (3, 2)]);
        let columns: Vec<usize> = nodes.iter().map(|node| node.column).collect();
        assert_eq!(columns, [0, 1, 2, 3]);
        let mut alone = vec![node("x"), node("y")];
        place(&mut alone, &[]);
        assert_eq!((alone[0].row, alone[1].row, alone[1].column), (0, 1, 0));
    }

    #[test]
    fn names_are_escaped() {
        assert_eq!(escaped("a<b>&\"c"), "a&lt;b&gt;&amp;&quot;c");
    }
}
