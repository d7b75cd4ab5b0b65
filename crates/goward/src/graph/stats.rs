//! `goward graph stats`.

use super::GoTree;
use crate::console::Console;
use crate::printable;
use gopackages::PackageId;
use goward_model::{ExitStatus, Lang};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

/// How many of each ranking are shown.
const SHOWN: usize = 10;

pub(super) fn run(tree: &GoTree, console: &Console) -> anyhow::Result<ExitStatus> {
    let (mut own, mut std, mut other, mut nobody, mut edges) = (0, 0, 0, 0, 0);
    let mut modules = BTreeSet::new();
    let mut fan_in: HashMap<PackageId, usize> = HashMap::new();
    let mut depth: HashMap<PackageId, usize> = HashMap::new();
    // Each package stands behind those that it imports.
    for (id, package) in tree.packages.iter() {
        match (tree.is_own(package), package.standard) {
            (true, _) => own += 1,
            (_, true) => std += 1,
            _ if package.module.is_some() => other += 1,
            _ => nobody += 1,
        }
        if package.module.is_some() && !tree.is_own(package) {
            modules.insert(tree.module(package));
        }
        edges += package.dependencies.len();
        let mut deepest = 0;
        for dependency in &package.dependencies {
            *fan_in.entry(*dependency).or_default() += 1;
            deepest = deepest.max(depth.get(dependency).copied().unwrap_or(0) + 1);
        }
        depth.insert(id, deepest);
    }
    let own_only =
        |id: &PackageId| tree.packages.get(*id).is_some_and(|package| tree.is_own(package));
    let reached = reached(tree).map(|all| all.into_iter().filter(|(id, _)| own_only(id)).collect());
    let modules = modules.len();
    let all = own + std + other + nobody;
    let nobody = match (nobody, console.lang) {
        (0, _) => String::new(),
        (count, Lang::En) => format!(", {count} of no module"),
        (count, Lang::Zh) => format!("，不属于任何模块的 {count} 个"),
    };
    let mut text = match console.lang {
        Lang::En => format!(
            "{all} packages: {own} own, {other} of {modules} modules, {std} of the standard library{nobody}; {edges} imports\n"
        ),
        Lang::Zh => format!(
            "{all} 个包：自有 {own} 个，{modules} 个模块的 {other} 个，标准库 {std} 个{nobody}；{edges} 处导入\n"
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
    for (title, ranking) in titles.iter().zip([Some(fan_in), Some(chains), reached]) {
        let ranked = match ranking {
            Some(ranking) => top(tree, ranking),
            None => console
                .lang
                .pick("  not counted: the graph is too large\n", "  未统计：图过大\n")
                .to_owned(),
        };
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{title}\n{ranked}");
    }
    console.print(&printable::lines(&text))?;
    Ok(ExitStatus::Open)
}

/// How many packages are looked for at once: a bit each.
const AT_ONCE: usize = 512;
/// Steps of 512 bits: some seconds. The largest trees that there are take a thousandth of it.
const MAX_STEPS: usize = 2_000_000_000;

/// How many others each package pulls in; `None` where it would take too long to count. (Of packages in a cycle, those
/// that come before them.)
fn reached(tree: &GoTree) -> Option<HashMap<PackageId, usize>> {
    // Each stands behind those that it imports, so that one pass over all sees what is below each.
    let order: Vec<PackageId> = tree.packages.iter().map(|(id, _)| id).collect();
    let places: HashMap<PackageId, usize> =
        order.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    let imports: Vec<Vec<usize>> = tree
        .packages
        .iter()
        .map(|(_, one)| one.dependencies.iter().filter_map(|id| places.get(id).copied()).collect())
        .collect();
    let steps = order.len() + imports.iter().map(Vec::len).sum::<usize>();
    if (order.len() / AT_ONCE + 1).checked_mul(steps)? > MAX_STEPS {
        return None;
    }
    let mut counts = vec![0_usize; order.len()];
    let mut below = vec![[0_u64; AT_ONCE / 64]; order.len()];
    for first in (0..order.len()).step_by(AT_ONCE) {
        // What stands before the first of these imports none of them, unless in a cycle.
        for (place, imports) in imports.iter().enumerate().skip(first) {
            let mut found = [0_u64; AT_ONCE / 64];
            for other in imports {
                if *other < place && *other >= first {
                    for (word, more) in found.iter_mut().zip(below.get(*other)?) {
                        *word |= more;
                    }
                }
                let bit = other.wrapping_sub(first);
                if let Some(word) = found.get_mut(bit / 64) {
                    *word |= 1 << (bit % 64);
                }
            }
            *counts.get_mut(place)? +=
                found.iter().map(|word| word.count_ones() as usize).sum::<usize>();
            *below.get_mut(place)? = found;
        }
    }
    Some(order.into_iter().zip(counts).collect())
}

fn top(tree: &GoTree, ranking: HashMap<PackageId, usize>) -> String {
    let named =
        ranking.into_iter().filter_map(|(id, count)| Some((count, tree.packages.get(id)?.id())));
    let mut ranking: Vec<(usize, String)> = named.collect();
    ranking.sort_by(|(a, a_name), (b, b_name)| b.cmp(a).then_with(|| a_name.cmp(b_name)));
    ranking.iter().take(SHOWN).map(|(count, name)| format!("{count:>7}  {name}\n")).collect()
}
