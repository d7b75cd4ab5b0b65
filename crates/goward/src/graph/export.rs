//! `goward graph dot` and `mermaid`: own packages, and of other modules one node each.

use super::GoTree;
use crate::console::Console;
use gopackages::Package;
use goward_model::ExitStatus;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Node → the nodes it imports. The standard library is left out: everything imports it.
pub(super) fn collapsed(tree: &GoTree) -> BTreeMap<String, BTreeSet<String>> {
    let node = |package: &Package| match tree.is_own(package) {
        true => package.id(),
        false => tree.module(package).to_owned(),
    };
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let shown = |package: &&Package| {
        !package.standard && !package.is_test_main && !node(package).is_empty()
    };
    for (_, package) in tree.packages.iter().filter(|(_, package)| shown(package)) {
        let from = node(package);
        let to = package.dependencies.iter().filter_map(|id| tree.packages.get(*id)).filter(shown);
        let to: Vec<String> = to.map(node).filter(|to| *to != from).collect();
        edges.entry(from).or_default().extend(to);
    }
    edges
}

pub(super) fn dot(tree: &GoTree, console: &Console) -> anyhow::Result<ExitStatus> {
    let mut text = String::from("digraph packages {\n  rankdir=LR;\n  node [shape=box];\n");
    for (from, all) in collapsed(tree) {
        let from = dot_text(&from);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  \"{from}\";");
        for to in all.iter().map(|to| dot_text(to)) {
            let _ = writeln!(text, "  \"{from}\" -> \"{to}\";");
        }
    }
    text += "}\n";
    console.print(&text)?;
    Ok(ExitStatus::Open)
}

pub(super) fn mermaid(tree: &GoTree, console: &Console) -> anyhow::Result<ExitStatus> {
    let edges = collapsed(tree);
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for name in edges.iter().flat_map(|(from, all)| std::iter::once(from).chain(all)) {
        let next = numbers.len();
        numbers.entry(name).or_insert(next);
    }
    let mut text = String::from("graph LR\n");
    for (name, number) in &numbers {
        let _ = writeln!(text, "  p{number}[\"{}\"]", mermaid_text(name));
    }
    for (from, all) in &edges {
        for to in all {
            if let (Some(from), Some(to)) = (numbers.get(from.as_str()), numbers.get(to.as_str())) {
                let _ = writeln!(text, "  p{from} --> p{to}");
            }
        }
    }
    console.print(&text)?;
    Ok(ExitStatus::Open)
}

/// What may stand in a string of Graphviz, which knows `\"`, and takes `\\` and a letter for something else
/// (<https://graphviz.org/doc/info/lang.html>). Paths of a listing, or of a package that cannot be, hold anything.
fn dot_text(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c.is_control() => text.push('\u{fffd}'),
            c => text.push(c),
        }
    }
    text
}

/// What may stand in a quoted label of Mermaid, which has HTML entities, without `&`, and Markdown in it
/// (<https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters>).
fn mermaid_text(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '"' | '#' | '<' | '>' | '&' | '`' | '\\' => {
                let _ = write!(text, "#{};", u32::from(c));
            }
            c if c.is_control() => text.push('\u{fffd}'),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_a_string() {
        assert_eq!(dot_text("a\"];x\\\n"), "a\\\"];x\\\\\u{fffd}");
        assert_eq!(mermaid_text("a\"]<b>#"), "a#34;]#60;b#62;#35;");
        assert_eq!(
            (dot_text("example.com/m"), mermaid_text("x")),
            ("example.com/m".into(), "x".into())
        );
    }
}
