//! `goward graph why` and `cycles`.

use super::GoTree;
use crate::console::Console;
use crate::printable;
use gopackages::{ErrorKind, PackageId};
use goward_model::{ExitStatus, Lang};
use std::collections::{HashMap, VecDeque};

/// Why a package is in the build. Exit status 1 where it is not.
pub(super) fn run(
    tree: &GoTree,
    package: &str,
    all: bool,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let wanted = named(tree, package);
    let roots: Vec<PackageId> = tree
        .packages
        .iter()
        .filter(|(_, one)| one.is_match && !one.is_test_main)
        .map(|(id, _)| id)
        .collect();
    let chains: Vec<Vec<PackageId>> = match all {
        true => roots.iter().filter_map(|root| shortest(tree, &[*root], &wanted)).collect(),
        false => shortest(tree, &roots, &wanted).into_iter().collect(),
    };
    if chains.is_empty() {
        console.refuse(&match console.lang {
            Lang::En => format!("no package of {} imports {package}", tree.dir.display()),
            Lang::Zh => format!("{} 中没有包导入 {package}", tree.dir.display()),
        });
        return Ok(ExitStatus::Closed);
    }
    let texts: Vec<String> = chains.iter().map(|chain| told(tree, chain)).collect();
    console.print(&printable::lines(&texts.join("\n")))?;
    Ok(ExitStatus::Open)
}

/// The packages that a name means: an import path, a folder as `./a`, or else all that lie in a module.
fn named(tree: &GoTree, name: &str) -> Vec<PackageId> {
    let those = |is: &dyn Fn(&gopackages::Package) -> bool| -> Vec<PackageId> {
        tree.packages.iter().filter(|(_, one)| is(one)).map(|(id, _)| id).collect()
    };
    let is_folder = matches!(name, "." | "..") || name.starts_with("./") || name.starts_with("../");
    if is_folder || name.starts_with('/') {
        let folder = overlay::cleaned(&tree.dir.join(name));
        return those(&|one| one.dir.as_deref().is_some_and(|dir| *dir == folder));
    }
    let packages = those(&|one| &*one.import_path == name);
    match packages.is_empty() {
        true => those(&|one| tree.module(one) == name && !tree.is_own(one)),
        false => packages,
    }
}

/// A package a line, and where it imports the next.
fn told(tree: &GoTree, chain: &[PackageId]) -> String {
    let mut text = String::new();
    for (at, id) in chain.iter().enumerate() {
        let name = tree.packages.get(*id).map(gopackages::Package::id).unwrap_or_default();
        let place = chain.get(at + 1).map_or_else(String::new, |next| tree.place(*id, *next));
        text += format!("{name}  {place}").trim_end();
        text.push('\n');
    }
    text
}

/// The shortest way from any of the roots to any of the wanted packages.
fn shortest(tree: &GoTree, roots: &[PackageId], wanted: &[PackageId]) -> Option<Vec<PackageId>> {
    let mut from: HashMap<PackageId, Option<PackageId>> = HashMap::new();
    let mut queue = VecDeque::new();
    for root in roots {
        from.insert(*root, None);
        queue.push_back(*root);
    }
    while let Some(id) = queue.pop_front() {
        if wanted.contains(&id) {
            let mut chain = vec![id];
            let mut at = id;
            while let Some(Some(previous)) = from.get(&at) {
                chain.push(*previous);
                at = *previous;
            }
            chain.reverse();
            return Some(chain);
        }
        for next in tree.packages.get(id).map_or(&[][..], |package| &package.dependencies) {
            if !from.contains_key(next) {
                from.insert(*next, Some(id));
                queue.push_back(*next);
            }
        }
    }
    None
}

/// The shortest cycle through each package that is in one, each cycle once.
pub(super) fn cycles(tree: &GoTree, console: &Console) -> anyhow::Result<ExitStatus> {
    let mut text = String::new();
    let mut seen: Vec<Vec<PackageId>> = vec![];
    for (id, package) in tree.packages.iter() {
        let in_cycle = package.error.as_ref().is_some_and(|error| error.kind == ErrorKind::Cycle);
        if !in_cycle {
            continue;
        }
        let ways = package.dependencies.iter().filter_map(|next| shortest(tree, &[*next], &[id]));
        let Some(way) = ways.min_by_key(Vec::len) else { continue };
        let mut members = way.clone();
        members.sort_unstable();
        if seen.contains(&members) {
            continue;
        }
        seen.push(members);
        let chain = [&[id][..], &way].concat();
        text += &told(tree, &chain);
        text.push('\n');
    }
    console.print(&printable::lines(text.strip_suffix('\n').unwrap_or_default()))?;
    Ok(if seen.is_empty() { ExitStatus::Open } else { ExitStatus::Closed })
}
