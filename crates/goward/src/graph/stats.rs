//! `goward graph stats`.

use super::GoTree;
use crate::console::Console;
use gopackages::PackageId;
use goward_model::{ExitStatus, Lang};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

/// How many of each ranking are shown.
const SHOWN: usize = 10;

pub(super) fn run(tree: &GoTree, console: &Console) -> anyhow::Result<ExitStatus> {
    let (mut own, mut std, mut other, mut edges) = (0, 0, 0, 0);
    let mut modules = BTreeSet::new();
    let mut fan_in: HashMap<PackageId, usize> = HashMap::new();
    let mut depth: HashMap<PackageId, usize> = HashMap::new();
    let mut reach: HashMap<PackageId, BTreeSet<PackageId>> = HashMap::new();
    // Each package stands behind those that it imports.
    for (id, package) in tree.packages.iter() {
        match (tree.is_own(package), package.standard) {
            (true, _) => own += 1,
            (_, true) => std += 1,
            _ => other += 1,
        }
        if package.module.is_some() && !tree.is_own(package) {
            modules.insert(tree.module(package));
        }
        edges += package.dependencies.len();
        let mut all = BTreeSet::new();
        let mut deepest = 0;
        for dependency in &package.dependencies {
            *fan_in.entry(*dependency).or_default() += 1;
            deepest = deepest.max(depth.get(dependency).copied().unwrap_or(0) + 1);
            all.insert(*dependency);
            all.extend(reach.get(dependency).into_iter().flatten());
        }
        depth.insert(id, deepest);
        reach.insert(id, all);
    }
    let own_only =
        |id: &PackageId| tree.packages.get(*id).is_some_and(|package| tree.is_own(package));
    let reached: HashMap<PackageId, usize> =
        reach.iter().filter(|(id, _)| own_only(id)).map(|(id, all)| (*id, all.len())).collect();
    let modules = modules.len();
    let mut text = match console.lang {
        Lang::En => format!(
            "{} packages: {own} own, {other} of {modules} modules, {std} of the standard library; {edges} imports\n",
            own + std + other
        ),
        Lang::Zh => format!(
            "{} 个包：自有 {own} 个，{modules} 个模块的 {other} 个，标准库 {std} 个；{edges} 处导入\n",
            own + std + other
        ),
    };
    let titles = match console.lang {
        Lang::En => [
            "imported by most packages",
            "own packages with the longest chain below",
            "own packages that pull in most packages",
        ],
        Lang::Zh => ["被最多包导入", "其下导入链最长的自有包", "拉入最多包的自有包"],
    };
    let chains = depth.into_iter().filter(|(id, _)| own_only(id)).collect();
    for (title, ranking) in titles.iter().zip([fan_in, chains, reached]) {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{title}\n{}", top(tree, ranking));
    }
    console.print(&text)?;
    Ok(ExitStatus::Open)
}

fn top(tree: &GoTree, ranking: HashMap<PackageId, usize>) -> String {
    let named =
        ranking.into_iter().filter_map(|(id, count)| Some((count, tree.packages.get(id)?.id())));
    let mut ranking: Vec<(usize, String)> = named.collect();
    ranking.sort_by(|(a, a_name), (b, b_name)| b.cmp(a).then_with(|| a_name.cmp(b_name)));
    ranking.iter().take(SHOWN).map(|(count, name)| format!("{count:>7}  {name}\n")).collect()
}
