//! Loads the graph: reads go.mod files, several at a time, as far as pruning asks for them (`readModGraph`).

use crate::error::{Error, GraphError, LoadError};
use crate::graph::Graph;
use crate::input::{GoMods, MainModule};
use crate::replacements::Replacements;
use crate::summary::{Job, Summary, is_pruned, is_strict};
use crate::table::{ModuleId, NONE, PathId, Table, compare, is_toolchain};
use foldhash::HashSet;
use gomod::{GoMod, ModuleVersion, go_version};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// How far the requirements of a module are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pruning {
    /// Its own, and no further if it is pruned itself.
    Pruned,
    /// All of them, and theirs.
    Unpruned,
    /// Those of the modules of a workspace.
    Workspace,
}

impl Pruning {
    const ALL: [Self; 3] = [Self::Pruned, Self::Unpruned, Self::Workspace];

    fn bit(self) -> u8 {
        match self {
            Self::Pruned => 1,
            Self::Unpruned => 2,
            Self::Workspace => 4,
        }
    }

    pub(crate) fn of(go_version: &str) -> Self {
        if is_pruned(go_version) { Self::Pruned } else { Self::Unpruned }
    }
}

/// What is known of a module's go.mod file.
#[derive(Debug, Clone, Default)]
enum Slot {
    #[default]
    Unread,
    Reading,
    Read(Arc<Summary>),
    Wrong(Arc<LoadError>),
}

/// Loads graphs; a go.mod file is read once, whatever the number of graphs.
pub(crate) struct Loader<'w, W> {
    pub(crate) table: Table,
    pub(crate) replacements: Replacements,
    world: &'w W,
    excluded: HashSet<ModuleId>,
    running: Option<String>,
    threads: usize,
    slots: Vec<Slot>,
    /// By module, for the graph that is being loaded: the prunings with which it was met.
    met: Vec<u8>,
    graph: Graph,
    queue: VecDeque<Job>,
    /// How many jobs threads are working on.
    busy: usize,
}

impl<'w, W: GoMods> Loader<'w, W> {
    pub(crate) fn new(world: &'w W, replacements: Replacements, threads: usize) -> Self {
        Self {
            table: Table::default(),
            replacements,
            world,
            excluded: HashSet::default(),
            running: None,
            threads,
            slots: Vec::new(),
            met: Vec::new(),
            graph: Graph::default(),
            queue: VecDeque::new(),
            busy: 0,
        }
    }

    /// Refuses modules that need a later Go than this.
    pub(crate) fn running(&mut self, go_version: Option<String>) {
        self.running = go_version;
    }

    /// Drops requirements on these.
    pub(crate) fn exclude(&mut self, main: &[MainModule]) {
        for exclude in main.iter().flat_map(|main| &main.go_mod.exclude) {
            self.excluded.insert(self.table.id(&exclude.path, &exclude.version));
        }
    }

    pub(crate) fn is_excluded(&self, module: ModuleId) -> bool {
        self.excluded.contains(&module)
    }

    /// Tells the requirements of a workspace's module, which are not read but known.
    pub(crate) fn know(&mut self, module: ModuleId, file: &GoMod) {
        let summary = self.summarize(file, None);
        self.set(module, Slot::Read(Arc::new(summary)));
    }

    /// Loads the graph of some roots, which are those of `main`, or in a workspace the modules themselves.
    ///
    /// # Errors
    /// A go.mod file that the graph needs is missing or wrong.
    pub(crate) fn load(
        &mut self,
        pruning: Pruning,
        roots: &[ModuleId],
        main: Option<ModuleId>,
    ) -> Result<Graph, Error> {
        self.met.clear();
        self.graph = match main {
            None => Graph::new(&self.table, roots),
            Some(main) => {
                let mut graph = Graph::new(&self.table, &[main]);
                graph.require(&self.table, main, roots.into());
                graph
            }
        };
        for root in roots {
            self.meet(*root, pruning);
        }
        self.read();
        if pruning == Pruning::Workspace {
            self.reload_selected(roots);
        }
        let graph = std::mem::take(&mut self.graph);
        let wrong = graph.chain(|module| matches!(self.slot(module), Slot::Wrong(_)));
        match wrong.last().map(|module| self.slot(*module)) {
            Some(Slot::Wrong(cause)) => Err(self.graph_error(&graph, &wrong, &cause)),
            _ => Ok(graph),
        }
    }

    fn graph_error(&self, graph: &Graph, chain: &[ModuleId], cause: &LoadError) -> Error {
        let names = |modules: &[ModuleId]| -> Vec<ModuleVersion> {
            modules.iter().map(|module| self.table.module_version(*module)).collect()
        };
        let is_other = |module: &ModuleId| {
            matches!(self.slot(*module), Slot::Wrong(_)) && chain.last() != Some(module)
        };
        let mut others: Vec<ModuleId> =
            graph.walk().into_iter().map(|(module, _)| module).filter(is_other).collect();
        self.table.sort(&mut others);
        let (chain, cause) = (names(chain), cause.clone());
        Error::Graph(Box::new(GraphError { chain, cause, others: names(&others) }))
    }

    /// In a workspace, the modules that were raised above what some module of it asks for have to be looked into.
    fn reload_selected(&mut self, roots: &[ModuleId]) {
        let mut relevant: BTreeSet<PathId> =
            roots.iter().map(|root| self.table.path_of(*root)).collect();
        let mut seen = HashSet::default();
        loop {
            let mut raised = BTreeSet::new();
            for path in &relevant {
                let Some(module) = self.graph.selected(*path) else { continue };
                if !seen.contains(&module) {
                    raised.insert(module);
                    continue;
                }
                for required in self.graph.required_by(module).unwrap_or_default() {
                    let selected = self.graph.selected(self.table.path_of(*required));
                    let higher = |selected: &ModuleId| {
                        let (high, low) =
                            (self.table.version(*selected), self.table.version(*required));
                        compare(self.table.path(*required), high, low).is_gt()
                    };
                    raised.extend(selected.filter(higher).filter(|one| !seen.contains(one)));
                }
            }
            if raised.is_empty() {
                return;
            }
            for module in raised {
                self.meet(module, Pruning::Workspace);
                seen.insert(module);
                relevant.insert(self.table.path_of(module));
            }
            self.read();
        }
    }

    fn slot(&self, module: ModuleId) -> Slot {
        self.slots.get(module.index()).cloned().unwrap_or_default()
    }

    fn set(&mut self, module: ModuleId, slot: Slot) {
        if self.slots.len() <= module.index() {
            self.slots.resize(module.index().saturating_add(1), Slot::Unread);
        }
        if let Some(place) = self.slots.get_mut(module.index()) {
            *place = slot;
        }
    }

    /// What is known of a module after a graph was loaded.
    pub(crate) fn summary(&self, module: ModuleId) -> Option<Arc<Summary>> {
        match self.slot(module) {
            Slot::Read(summary) => Some(summary),
            _ => None,
        }
    }

    /// Follows the requirements of a module as far as they are known, and queues what has to be read.
    fn meet(&mut self, module: ModuleId, pruning: Pruning) {
        let mut stack = vec![(module, pruning)];
        while let Some((module, pruning)) = stack.pop() {
            if self.table.version(module) == NONE {
                continue;
            }
            if self.met.len() <= module.index() {
                self.met.resize(module.index().saturating_add(1), 0);
            }
            let Some(met) = self.met.get_mut(module.index()) else { continue };
            if *met & pruning.bit() != 0 {
                continue;
            }
            *met |= pruning.bit();
            match self.slot(module) {
                Slot::Read(summary) => self.follow(module, &summary, pruning, &mut stack),
                Slot::Unread => self.enqueue(module, &mut stack, pruning),
                Slot::Reading | Slot::Wrong(_) => {}
            }
        }
    }

    fn follow(
        &mut self,
        module: ModuleId,
        summary: &Summary,
        pruning: Pruning,
        stack: &mut Vec<(ModuleId, Pruning)>,
    ) {
        if self.graph.required_by(module).is_none() {
            self.graph.require(&self.table, module, Arc::clone(&summary.requires));
        }
        if pruning == Pruning::Pruned && summary.pruned {
            return;
        }
        let next = if pruning == Pruning::Unpruned || !summary.pruned {
            Pruning::Unpruned
        } else {
            Pruning::Pruned
        };
        stack.extend(summary.requires.iter().map(|required| (*required, next)));
    }

    fn enqueue(
        &mut self,
        module: ModuleId,
        stack: &mut Vec<(ModuleId, Pruning)>,
        pruning: Pruning,
    ) {
        let Some(key) = self.table.key(module) else { return };
        if is_toolchain(key.path()) {
            let summary = Arc::new(self.pseudo(key.path(), key.version()));
            self.set(module, Slot::Read(Arc::clone(&summary)));
            self.follow(module, &summary, pruning, stack);
            return;
        }
        let replaced = match self.replacements.find(key.path(), key.version()) {
            Ok(replaced) => replaced,
            Err(_) => {
                let module_version = self.table.module_version(module);
                let cause = LoadError::ConflictingReplacements { module: module_version };
                self.set(module, Slot::Wrong(Arc::new(cause)));
                return;
            }
        };
        self.set(module, Slot::Reading);
        self.queue.push_back(Job { module, key, replaced });
    }

    /// Go 1.21 and later come with a toolchain of that version.
    fn pseudo(&mut self, path: &str, version: &str) -> Summary {
        let mut requires = Vec::new();
        if path == "go" && is_strict(version) {
            requires.push(self.table.id("toolchain", &format!("go{version}")));
        }
        Summary { pruned: true, requires: requires.into(), go_version: None, read: None }
    }

    fn summarize(&mut self, file: &GoMod, read: Option<ModuleVersion>) -> Summary {
        let mut requires = Vec::with_capacity(file.require.len().saturating_add(1));
        for require in &file.require {
            let id = self.table.id(&require.path, &require.version);
            if !self.excluded.contains(&id) {
                requires.push(id);
            }
        }
        let go_version = file.go.as_ref().map(|go| go.version.clone());
        if let Some(version) = go_version.as_deref().filter(|version| is_strict(version)) {
            requires.push(self.table.id("go", version));
        }
        let pruned = go_version.as_deref().is_some_and(is_pruned);
        Summary { pruned, requires: requires.into(), go_version, read }
    }

    /// Takes in what a thread has read.
    fn arrived(&mut self, job: &Job, file: Result<GoMod, LoadError>) {
        let module = job.module;
        let file = match file.and_then(|file| self.check_go(job, file)) {
            Ok(file) => file,
            Err(error) => return self.set(module, Slot::Wrong(Arc::new(error))),
        };
        let actual = job.actual();
        let read = (!actual.version.is_empty()).then_some(actual);
        let summary = Arc::new(self.summarize(&file, read));
        self.set(module, Slot::Read(Arc::clone(&summary)));
        let met = self.met.get(module.index()).copied().unwrap_or_default();
        let mut stack = Vec::new();
        for pruning in Pruning::ALL {
            if met & pruning.bit() != 0 {
                self.follow(module, &summary, pruning, &mut stack);
            }
        }
        for (module, pruning) in stack {
            self.meet(module, pruning);
        }
    }

    fn check_go(&self, job: &Job, file: GoMod) -> Result<GoMod, LoadError> {
        if let (Some(running), Some(go)) = (&self.running, &file.go)
            && is_strict(&go.version)
            && go_version::compare(&go.version, running).is_gt()
        {
            let (needed, running) = (go.version.clone(), running.clone());
            return Err(LoadError::TooNew { module: job.actual(), needed, running });
        }
        Ok(file)
    }

    /// Works until the queue is empty and nothing is under way that could fill it.
    fn read(&mut self) {
        let (world, threads) = (self.world, self.threads);
        if self.queue.is_empty() {
            return;
        }
        let state = Mutex::new(self);
        let changed = Condvar::new();
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| work(world, &state, &changed));
            }
            work(world, &state, &changed);
        });
    }
}

/// The loop of a thread.
fn work<W: GoMods>(world: &W, state: &Mutex<&mut Loader<'_, W>>, changed: &Condvar) {
    let mut loader = locked(state);
    loop {
        if let Some(job) = loader.queue.pop_front() {
            loader.busy = loader.busy.saturating_add(1);
            drop(loader);
            let file = job.read(world);
            loader = locked(state);
            loader.busy = loader.busy.saturating_sub(1);
            loader.arrived(&job, file);
            changed.notify_all();
        } else if loader.busy == 0 {
            return;
        } else {
            loader = changed.wait(loader).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn locked<'a, 'l, T>(state: &'a Mutex<&'l mut T>) -> MutexGuard<'a, &'l mut T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
