//! From go.mod files to a build list (`loadModFile` and `expandGraph`).

use crate::build_list::{BuildList, VENDOR_MODULE};
use crate::error::{Error, Update};
use crate::graph::Graph;
use crate::input::{GoMods, Input, MainModule, Mode, Work};
use crate::loader::{Loader, Pruning};
use crate::replacements::Replacements;
use crate::roots::{Requirements, Roots, cosmetic_updates};
use crate::summary::is_strict;
use crate::table::ModuleId;
use crate::vendor::Vendored;
use gomod::go_version;
use std::collections::HashSet;
use std::path::Path;

/// Computes the build list.
///
/// # Errors
/// Whatever the go command refuses: see [`Error`].
pub fn resolve(input: Input, world: &impl GoMods) -> Result<BuildList, Error> {
    let (list, conflict) = compute(input, world)?;
    conflict.map_or(Ok(list), Err)
}

/// Computes what `go mod graph` prints: as [`resolve`] in [`Mode::Mod`], but nobody looks at the replacements of modules
/// whose requirements are pruned out, so the modules of a workspace may disagree on those.
///
/// # Errors
/// As there.
pub fn resolve_graph(input: Input, world: &impl GoMods) -> Result<BuildList, Error> {
    compute(Input { mode: Mode::Mod, ..input }, world).map(|(list, _)| list)
}

/// What go.mod itself requires, without reading any dependency: all that most builds need, since Go 1.17 (lazy loading,
/// <https://go.dev/ref/mod#lazy-loading>). `None` in a workspace, for a module that is older, and where Go would have to change
/// go.mod.
///
/// # Errors
/// What is wrong with the main module.
pub fn resolve_roots(input: Input, world: &impl GoMods) -> Result<Option<BuildList>, Error> {
    check(&input)?;
    let [main] = input.main.as_slice() else { return Ok(None) };
    let replacements = Replacements::new(&input.main, input.work.as_ref())?;
    let mut loader = Loader::new(world, replacements, input.threads.max(1));
    loader.exclude(&input.main);
    let id = loader.table.id(main.path(), "");
    let requirements = Requirements::new(&mut loader, &input.main, None);
    if input.work.is_some()
        || requirements.pruning != Pruning::Pruned
        || !cosmetic_updates(&mut loader, main).is_empty()
    {
        return Ok(None);
    }
    let mut graph = Graph::new(&loader.table, &[id]);
    graph.require(&loader.table, id, requirements.roots.as_slice().into());
    let (list, conflict) = BuildList::new(loader, graph, &requirements, &input.main, input.mode);
    conflict.map_or(Ok(Some(list.partial())), Err)
}

/// The list, and an error that concerns no requirement.
fn compute(input: Input, world: &impl GoMods) -> Result<(BuildList, Option<Error>), Error> {
    let work = input.work.as_ref();
    check(&input)?;
    let Some(first) = input.main.first() else {
        let work = work.map(|work| work.file.clone()).unwrap_or_default();
        return Err(Error::EmptyWorkspace { work });
    };
    let replacements = Replacements::new(&input.main, work)?;
    let mut loader = Loader::new(world, replacements, input.threads.max(1));
    loader.running(input.go_version.clone());
    loader.exclude(&input.main);
    let main: Vec<ModuleId> =
        input.main.iter().map(|module| loader.table.id(module.path(), "")).collect();
    if work.is_some() {
        for (id, module) in main.iter().zip(&input.main) {
            loader.know(*id, &module.go_mod);
        }
    }
    let requirements = Requirements::new(&mut loader, &input.main, work);
    let mut vendored = None;
    if input.mode == Mode::Vendor {
        let dir = work.map_or(first.dir.as_path(), Work::dir);
        vendored = Some(vendor_graph(&mut loader, &input, dir, &main, &requirements)?);
    }
    let single = loader.table.id(first.path(), "");
    let (requirements, graph) = match (work, vendored) {
        (Some(_), Some(graph)) => (requirements, graph),
        (Some(_), None) => {
            let graph = loader.load(Pruning::Workspace, &requirements.roots, None)?;
            (requirements, graph)
        }
        (None, vendored) => {
            let mut roots = Roots { loader: &mut loader, main: single, mode: input.mode };
            roots.agree(requirements, vendored)?
        }
    };
    if work.is_none() && input.mode != Mode::Mod {
        let updates = cosmetic_updates(&mut loader, first);
        if !updates.is_empty() {
            return Err(Error::GoModNeedsUpdate { mode: input.mode, updates });
        }
    }
    let (list, conflict) = BuildList::new(loader, graph, &requirements, &input.main, input.mode);
    Ok((list.in_workspace(input.work.map(|work| work.file)), conflict))
}

/// What is refused before any dependency is read.
fn check(input: &Input) -> Result<(), Error> {
    let running = input.go_version.as_deref();
    let too_new = |go: &str| running.filter(|running| go_version::compare(go, running).is_gt());
    if let Some(work) = &input.work
        && let Some(running) = too_new(work.go_version())
    {
        let (file, needed) = (work.file.clone(), work.go_version().to_owned());
        return Err(Error::TooNew { file, needed, running: running.to_owned() });
    }
    let mut paths = HashSet::new();
    let mut too_old = None;
    for main in &input.main {
        let go = main.go_version();
        if let Some(work) = &input.work
            && go_version::compare(go, work.go_version()).is_gt()
            && is_strict(go)
        {
            let (needed, listed) = (go.to_owned(), work.go_version().to_owned());
            too_old.get_or_insert(Error::WorkTooOld { dir: main.dir.clone(), needed, listed });
            continue;
        }
        Replacements::check(main)?;
        if let Some(running) = too_new(go) {
            let (file, needed) = (main.file.clone(), go.to_owned());
            return Err(Error::TooNew { file, needed, running: running.to_owned() });
        }
        if let Some(line) = main.not_canonical {
            return Err(Error::NotCanonical { file: main.file.clone(), line });
        }
        if !paths.insert(main.path()) {
            return Err(Error::RepeatedModule { path: main.path().to_owned() });
        }
    }
    too_old.map_or(Ok(()), Err)
}

/// The graph of a vendor directory (`initVendor`): what modules.txt lists stands for all that is not in go.mod.
fn vendor_graph<W: GoMods>(
    loader: &mut Loader<'_, W>,
    input: &Input,
    dir: &Path,
    main: &[ModuleId],
    requirements: &Requirements,
) -> Result<Graph, Error> {
    let vendored = Vendored::parse(&input.modules_txt);
    vendored.check_go(dir, input.go_version.as_deref())?;
    vendored.check(dir, &input.main, input.work.as_ref(), &loader.replacements)?;
    let list: Vec<ModuleId> =
        vendored.list.iter().map(|one| loader.table.id(&one.path, &one.version)).collect();
    if requirements.pruning == Pruning::Pruned {
        let listed: HashSet<&ModuleId> = requirements.roots.iter().collect();
        let unlisted = list.iter().zip(&vendored.list).filter(|(id, _)| !listed.contains(id));
        let updates: Vec<Update> =
            unlisted.map(|(_, module)| Update::Vendored { module: module.clone() }).collect();
        if !updates.is_empty() {
            return Err(Error::GoModNeedsUpdate { mode: Mode::Vendor, updates });
        }
        let mut graph = Graph::new(&loader.table, main);
        if let [main] = main {
            graph.require(&loader.table, *main, requirements.roots.as_slice().into());
        }
        return Ok(graph);
    }
    let stand_in = loader.table.id(VENDOR_MODULE, "");
    let workspace = input.work.is_some();
    let roots = if workspace { requirements.roots.as_slice() } else { main };
    let mut graph = Graph::new(&loader.table, roots);
    for (id, module) in main.iter().zip(&input.main) {
        let mut required = if workspace {
            required_in_workspace(loader, module)
        } else {
            requirements.roots.clone()
        };
        required.push(stand_in);
        graph.require(&loader.table, *id, required.into());
    }
    graph.require(&loader.table, stand_in, list.into());
    Ok(graph)
}

/// `rootsFromModFile`, without the toolchain.
fn required_in_workspace<W: GoMods>(
    loader: &mut Loader<'_, W>,
    main: &MainModule,
) -> Vec<ModuleId> {
    let mut required = Vec::new();
    for require in &main.go_mod.require {
        let id = loader.table.id(&require.path, &require.version);
        let own = |one: &gomod::Exclude| one.path == require.path && one.version == require.version;
        if !main.go_mod.exclude.iter().any(own) {
            required.push(id);
        }
    }
    required.push(loader.table.id("go", main.go_version()));
    required
}
