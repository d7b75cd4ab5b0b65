//! The requirement graph and what it selects (`cmd/go/internal/mvs/graph.go`).

use crate::table::{ModuleId, NONE, PathId, Table, compare, is_toolchain};
use std::collections::VecDeque;
use std::sync::Arc;

/// Modules with their requirements; of every path that can be reached, the highest version is selected.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Graph {
    roots: Vec<ModuleId>,
    /// By module: what it requires, if its go.mod file was considered.
    required: Vec<Option<Arc<[ModuleId]>>>,
    /// By module.
    reachable: Vec<bool>,
    /// By path.
    selected: Vec<Option<ModuleId>>,
    /// The paths of `selected`, in the order in which they came.
    paths: Vec<PathId>,
}

impl Graph {
    pub(crate) fn new(table: &Table, roots: &[ModuleId]) -> Self {
        let mut graph = Self { roots: roots.to_vec(), ..Self::default() };
        for root in roots {
            graph.reach(table, *root);
        }
        graph
    }

    fn reach(&mut self, table: &Table, module: ModuleId) {
        let index = module.index();
        if self.reachable.len() <= index {
            self.reachable.resize(index.saturating_add(1), false);
        }
        match self.reachable.get_mut(index) {
            Some(reached) if !*reached => *reached = true,
            _ => return,
        }
        let path = table.path_of(module);
        if self.selected.len() <= path.index() {
            self.selected.resize(path.index().saturating_add(1), None);
        }
        let Some(selected) = self.selected.get_mut(path.index()) else { return };
        match selected {
            Some(old) if table.precedence(*old, module).is_ge() => {}
            Some(old) => *old = module,
            // What is no version at all is not above none: only `go` and `toolchain` lines can say such things.
            None if compare(table.path(module), NONE, table.version(module)).is_eq()
                && !table.version(module).is_empty() => {}
            None => {
                *selected = Some(module);
                self.paths.push(path);
            }
        }
    }

    /// Adds what a module requires.
    pub(crate) fn require(
        &mut self,
        table: &Table,
        module: ModuleId,
        requirements: Arc<[ModuleId]>,
    ) {
        for requirement in requirements.iter() {
            self.reach(table, *requirement);
        }
        if self.required.len() <= module.index() {
            self.required.resize(module.index().saturating_add(1), None);
        }
        if let Some(slot) = self.required.get_mut(module.index()) {
            *slot = Some(requirements);
        }
    }

    /// What a module requires; `None` if its go.mod file is pruned out.
    pub(crate) fn required_by(&self, module: ModuleId) -> Option<&[ModuleId]> {
        self.required.get(module.index())?.as_deref()
    }

    /// The version of a path that is selected.
    pub(crate) fn selected(&self, path: PathId) -> Option<ModuleId> {
        self.selected.get(path.index()).copied().flatten()
    }

    /// The selected modules: those of the roots first, the others sorted.
    pub(crate) fn build_list(&self, table: &Table) -> Vec<ModuleId> {
        let mut listed = vec![false; self.selected.len()];
        let mut list = |path: PathId| {
            let listed = listed.get_mut(path.index())?;
            let first = !std::mem::replace(listed, true);
            if first { self.selected(path) } else { None }
        };
        let mut modules: Vec<ModuleId> =
            self.roots.iter().filter_map(|root| list(table.path_of(*root))).collect();
        let mut others: Vec<ModuleId> = self.paths.iter().filter_map(|path| list(*path)).collect();
        table.sort(&mut others);
        modules.append(&mut others);
        modules
    }

    /// Every module that can be reached, breadth first, with the one that first required it.
    pub(crate) fn walk(&self) -> Vec<(ModuleId, Option<ModuleId>)> {
        let mut seen = vec![false; self.reachable.len()];
        let mut queue = VecDeque::new();
        let mut order = Vec::new();
        let mut enqueue = |queue: &mut VecDeque<_>, module: ModuleId, from| {
            let slot = seen.get_mut(module.index());
            if slot.is_some_and(|seen| !std::mem::replace(seen, true)) {
                queue.push_back((module, from));
            }
        };
        for root in &self.roots {
            enqueue(&mut queue, *root, None);
        }
        while let Some((module, from)) = queue.pop_front() {
            order.push((module, from));
            for requirement in self.required_by(module).unwrap_or_default() {
                enqueue(&mut queue, *requirement, Some(module));
            }
        }
        order
    }

    /// A shortest chain of requirements from a root to the first module that is wanted.
    pub(crate) fn chain(&self, wanted: impl Fn(ModuleId) -> bool) -> Vec<ModuleId> {
        let walk = self.walk();
        let Some((end, from)) = walk.iter().find(|(module, _)| wanted(*module)) else {
            return Vec::new();
        };
        let mut parents = vec![None; self.reachable.len()];
        for (module, from) in &walk {
            if let Some(slot) = parents.get_mut(module.index()) {
                *slot = *from;
            }
        }
        let mut chain = vec![*end];
        let mut next = *from;
        // A parent was always walked before its child, so this ends.
        while let Some(module) = next {
            chain.push(module);
            next = parents.get(module.index()).copied().flatten();
        }
        chain.reverse();
        chain
    }

    /// The chain to the selected version of a path.
    pub(crate) fn why(&self, table: &Table, path: &str) -> Vec<ModuleId> {
        let selected = table.find_path(path).and_then(|path| self.selected(path));
        selected.map(|module| self.chain(|other| other == module)).unwrap_or_default()
    }

    /// Whether a module belongs in lists for people.
    pub(crate) fn is_listed(table: &Table, module: ModuleId) -> bool {
        !is_toolchain(table.path(module))
    }
}
