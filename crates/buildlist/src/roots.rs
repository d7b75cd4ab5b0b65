//! The roots of the graph, and whether they agree with it (`updateRoots` and `expandGraph`).

use crate::error::{Error, Update};
use crate::graph::Graph;
use crate::input::{GoMods, MainModule, Mode, Work};
use crate::loader::{Loader, Pruning};
use crate::minimal;
use crate::summary::is_strict;
use crate::table::{ModuleId, NONE, PathId, Table, is_toolchain};
use gomod::{ModuleVersion, go_version};
use std::collections::HashSet;
use std::sync::Arc;

/// What the build asks for.
#[derive(Debug, Clone)]
pub(crate) struct Requirements {
    pub(crate) pruning: Pruning,
    /// Sorted. In a workspace its modules, else what the main module requires; and `go` and `toolchain`.
    pub(crate) roots: Vec<ModuleId>,
    /// The paths that some main module requires without `// indirect`.
    pub(crate) direct: HashSet<PathId>,
}

impl Requirements {
    /// `requirementsFromModFiles`.
    pub(crate) fn new<W: GoMods>(
        loader: &mut Loader<'_, W>,
        main: &[MainModule],
        work: Option<&Work>,
    ) -> Self {
        let mut roots = Vec::new();
        let mut direct = HashSet::new();
        for module in main {
            for require in &module.go_mod.require {
                let id = loader.table.id(&require.path, &require.version);
                let dropped = work.is_none() && loader.is_excluded(id);
                if !require.indirect && !dropped {
                    direct.insert(loader.table.path_of(id));
                }
                if work.is_none() && !dropped {
                    roots.push(id);
                }
            }
            if work.is_some() {
                roots.push(loader.table.id(module.path(), ""));
            }
        }
        let (go, toolchain) = match (work, main.first()) {
            (Some(work), _) => {
                (work.go_version(), work.go_work.toolchain.as_ref().map(|one| one.name.as_str()))
            }
            (None, Some(main)) => {
                (main.go_version(), main.go_mod.toolchain.as_ref().map(|one| one.name.as_str()))
            }
            (None, None) => ("", None),
        };
        let go_root = loader.table.id("go", go);
        roots.push(go_root);
        if work.is_none() {
            // Every module uses the language, so an updated go.mod file always says which.
            direct.insert(loader.table.path_of(go_root));
        }
        roots.extend(toolchain.map(|name| loader.table.id("toolchain", name)));
        loader.table.sort(&mut roots);
        let pruning = if work.is_some() { Pruning::Workspace } else { Pruning::of(go) };
        Self { pruning, roots, direct }
    }
}

/// Brings the roots of a single main module into agreement with the graph, or refuses to.
pub(crate) struct Roots<'l, 'w, W> {
    pub(crate) loader: &'l mut Loader<'w, W>,
    pub(crate) main: ModuleId,
    pub(crate) mode: Mode,
}

type Agreed = (Requirements, Option<Graph>);

impl<W: GoMods> Roots<'_, '_, W> {
    /// Loads the graph (unless `graph` is it: that of a vendor directory) and makes the roots agree with it.
    pub(crate) fn agree(
        &mut self,
        requirements: Requirements,
        graph: Option<Graph>,
    ) -> Result<(Requirements, Graph), Error> {
        let (mut requirements, mut graph) = (requirements, graph);
        if self.has_redundant(&requirements) {
            (requirements, graph) = self.update(requirements, graph)?;
        }
        let loaded = match graph {
            Some(graph) => graph,
            None => self.load(&requirements)?,
        };
        if self.all_selected(&loaded) {
            return Ok((requirements, loaded));
        }
        let (requirements, graph) = self.update(requirements, Some(loaded))?;
        match graph {
            Some(graph) => Ok((requirements, graph)),
            None => self.load(&requirements).map(|graph| (requirements, graph)),
        }
    }

    fn load(&mut self, requirements: &Requirements) -> Result<Graph, Error> {
        self.loader.load(requirements.pruning, &requirements.roots, Some(self.main))
    }

    fn is_selected(&self, graph: &Graph, module: ModuleId) -> bool {
        graph.selected(self.loader.table.path_of(module)) == Some(module)
    }

    /// The selected version of a module's path: "none" if there is none.
    fn selected(&mut self, graph: &Graph, module: ModuleId) -> ModuleId {
        let table = &mut self.loader.table;
        graph.selected(table.path_of(module)).unwrap_or_else(|| {
            let path = table.path(module).to_owned();
            table.id(&path, NONE)
        })
    }

    fn is_main(&self, module: ModuleId) -> bool {
        self.loader.table.path_of(module) == self.loader.table.path_of(self.main)
    }

    fn has_redundant(&self, requirements: &Requirements) -> bool {
        let table = &self.loader.table;
        let repeated = requirements.roots.windows(2).any(|pair| match pair {
            [left, right] => table.path_of(*left) == table.path_of(*right),
            _ => false,
        });
        repeated || requirements.roots.iter().any(|root| self.is_main(*root))
    }

    fn all_selected(&self, graph: &Graph) -> bool {
        let roots = graph.required_by(self.main).unwrap_or_default();
        roots.iter().all(|root| self.is_selected(graph, *root))
    }

    fn update(
        &mut self,
        requirements: Requirements,
        graph: Option<Graph>,
    ) -> Result<Agreed, Error> {
        match requirements.pruning {
            Pruning::Unpruned => self.update_unpruned(requirements, graph),
            _ => self.update_pruned(requirements, graph),
        }
    }

    /// `updatePrunedRoots`, without packages: raising a root may bring new modules into the graph, so it takes rounds.
    fn update_pruned(
        &mut self,
        mut requirements: Requirements,
        mut graph: Option<Graph>,
    ) -> Result<Agreed, Error> {
        loop {
            let (raised, changed) = self.raise(&requirements, graph.as_ref());
            if !changed {
                // Nothing is raised; at most, what is redundant is gone, which alone is no reason to refuse a file.
                if self.mode == Mode::Mod && raised != requirements.roots {
                    requirements.roots = raised;
                    graph = None;
                }
                return Ok((requirements, graph));
            }
            if self.mode != Mode::Mod {
                return Err(self.needs_update(&requirements, graph.as_ref()));
            }
            requirements.roots = raised;
            graph = Some(self.load(&requirements)?);
        }
    }

    /// Every path once, at the version that is selected; before there is a graph, at the highest that is listed. And
    /// whether a version changed.
    fn raise(
        &mut self,
        requirements: &Requirements,
        graph: Option<&Graph>,
    ) -> (Vec<ModuleId>, bool) {
        let mut raised: Vec<ModuleId> = Vec::with_capacity(requirements.roots.len());
        let mut changed = false;
        for root in &requirements.roots {
            if self.is_main(*root) {
                continue;
            }
            let version = graph.map_or(*root, |graph| self.selected(graph, *root));
            let table = &self.loader.table;
            match raised.last_mut() {
                // The roots are sorted, so the last of a path is its highest.
                Some(last) if table.path_of(*last) == table.path_of(*root) => {
                    changed |= graph.is_none() && *last != *root;
                    if graph.is_none() {
                        *last = version;
                    }
                }
                _ => {
                    changed |= version != *root;
                    raised.push(version);
                }
            }
        }
        (raised, changed)
    }

    fn update_unpruned(
        &mut self,
        requirements: Requirements,
        graph: Option<Graph>,
    ) -> Result<Agreed, Error> {
        let graph = match graph {
            Some(graph) => graph,
            None => self.load(&requirements)?,
        };
        let agrees = |root: &ModuleId| self.is_selected(&graph, *root);
        if self.mode != Mode::Mod {
            if requirements.roots.iter().all(agrees) {
                return Ok((requirements, Some(graph)));
            }
            return Err(self.needs_update(&requirements, Some(&graph)));
        }
        let table = &self.loader.table;
        let mut base: Vec<PathId> = requirements
            .roots
            .iter()
            .filter(|root| agrees(root))
            .map(|root| table.path_of(*root))
            .collect();
        let list = graph.build_list(table);
        let list = list.split_first().map(|(_, others)| others).unwrap_or_default();
        let paths = list.iter().map(|module| table.path_of(*module));
        base.extend(paths.filter(|path| requirements.direct.contains(path)));
        let main = self.main;
        let required = |module: ModuleId| {
            let known = (module != main).then(|| self.loader.summary(module)).flatten();
            known.map(|summary| Arc::clone(&summary.requires))
        };
        let roots = minimal::requirements(table, list, &base, &required);
        if roots == requirements.roots {
            return Ok((requirements, Some(graph)));
        }
        Ok((Requirements { roots, ..requirements }, None))
    }

    fn needs_update(&self, requirements: &Requirements, graph: Option<&Graph>) -> Error {
        let table = &self.loader.table;
        let mut updates = Vec::new();
        for (index, root) in requirements.roots.iter().enumerate() {
            let listed = table.module_version(*root);
            if self.is_main(*root) {
                if requirements.pruning == Pruning::Unpruned {
                    updates.push(Update::Itself { listed });
                }
                continue;
            }
            let next = requirements.roots.get(index.saturating_add(1));
            let higher = next.filter(|next| table.path_of(**next) == table.path_of(*root));
            if let Some(higher) = higher.filter(|higher| *higher != root) {
                let selected = table.version(*higher).to_owned();
                updates.push(Update::Repeated { listed, selected });
                continue;
            }
            let Some(graph) = graph else { continue };
            if !self.is_selected(graph, *root) {
                let explain = updates.len() < MAX_EXPLAINED;
                updates.push(too_low(table, graph, listed, explain));
            }
        }
        Error::GoModNeedsUpdate { mode: self.mode, updates }
    }
}

/// How many updates say why: each costs a walk over the graph.
const MAX_EXPLAINED: usize = 100;

fn too_low(table: &Table, graph: &Graph, listed: ModuleVersion, explain: bool) -> Update {
    let selected = table.find_path(&listed.path).and_then(|path| graph.selected(path));
    let selected = selected.map_or(NONE, |module| table.version(module)).to_owned();
    let chain = if explain { graph.why(table, &listed.path) } else { Vec::new() };
    let chain: Vec<ModuleVersion> =
        chain.into_iter().map(|one| table.module_version(one)).collect();
    if selected == NONE && listed.path == "toolchain" {
        return Update::Toolchain { listed: listed.version };
    }
    Update::TooLow { listed, selected, chain }
}

/// What would be rewritten though all versions agree (`UpdateGoModFromReqs` and `modFileIsDirty`).
pub(crate) fn cosmetic_updates<W: GoMods>(
    loader: &mut Loader<'_, W>,
    main: &MainModule,
) -> Vec<Update> {
    let mut updates = Vec::new();
    for require in &main.go_mod.require {
        let id = loader.table.id(&require.path, &require.version);
        if loader.is_excluded(id) && !is_toolchain(&require.path) {
            updates.push(Update::Excluded { listed: loader.table.module_version(id) });
        }
    }
    // One requirement of the main module on itself is let through; of several versions, one line would be left.
    let mut own = main.go_mod.require.iter().filter(|one| one.path == main.path());
    if let Some(first) = own.next()
        && let Some(other) = own.find(|other| other.version != first.version)
    {
        let (path, version) = (other.path.clone(), other.version.clone());
        updates.push(Update::Itself { listed: ModuleVersion { path, version } });
    }
    if let Some(toolchain) = &main.go_mod.toolchain {
        let version = go_version::of_toolchain(&toolchain.name).unwrap_or_default();
        let implied = toolchain.name.strip_prefix("go") == Some(main.go_version());
        if implied || !is_strict(version) {
            updates.push(Update::Toolchain { listed: toolchain.name.clone() });
        }
    }
    updates
}
