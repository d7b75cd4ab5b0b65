//! The shortest list of requirements that keeps a build list (`mvs.Req`): what Go would write into an unpruned go.mod.

use crate::table::{ModuleId, PathId, Table};
use foldhash::{HashMap, HashSet};
use std::sync::Arc;

/// Requirements of modules; none for those that are unknown.
type Required<'a> = &'a dyn Fn(ModuleId) -> Option<Arc<[ModuleId]>>;

/// Of the modules of a build list (without the main module), those that are in `base` and those that nothing else in
/// the result implies, sorted by path.
pub(crate) fn requirements(
    table: &Table,
    list: &[ModuleId],
    base: &[PathId],
    required: Required<'_>,
) -> Vec<ModuleId> {
    let selected: HashMap<PathId, ModuleId> =
        list.iter().map(|module| (table.path_of(*module), *module)).collect();
    let order = postorder(list, required);
    let mut implied = HashSet::default();
    let mut minimal = Vec::new();
    let mut seen = HashSet::default();
    for path in base {
        if let Some(module) = selected.get(path).filter(|_| seen.insert(*path)) {
            minimal.push(*module);
            imply(*module, &mut implied, required);
        }
    }
    for module in order.into_iter().rev() {
        let is_selected = selected.get(&table.path_of(module)) == Some(&module);
        if is_selected && !implied.contains(&module) {
            minimal.push(module);
            imply(module, &mut implied, required);
        }
    }
    table.sort(&mut minimal);
    minimal
}

/// Every module after all that it requires, where there is no cycle.
fn postorder(list: &[ModuleId], required: Required<'_>) -> Vec<ModuleId> {
    let mut seen = HashSet::default();
    let mut order = Vec::new();
    let mut stack: Vec<(ModuleId, Arc<[ModuleId]>, usize)> = Vec::new();
    for root in list {
        if seen.insert(*root) {
            stack.push((*root, required(*root).unwrap_or_default(), 0));
        }
        while let Some((module, requirements, next)) = stack.last_mut() {
            match requirements.get(*next).copied() {
                Some(requirement) => {
                    *next = next.saturating_add(1);
                    if seen.insert(requirement) {
                        stack.push((requirement, required(requirement).unwrap_or_default(), 0));
                    }
                }
                None => {
                    order.push(*module);
                    stack.pop();
                }
            }
        }
    }
    order
}

fn imply(module: ModuleId, implied: &mut HashSet<ModuleId>, required: Required<'_>) {
    let mut stack = vec![module];
    while let Some(module) = stack.pop() {
        if implied.insert(module) {
            stack.extend(required(module).unwrap_or_default().iter());
        }
    }
}
