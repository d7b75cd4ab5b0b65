//! The packages that a change reaches, and what is wrong with them before anything is compiled.

use super::go_settings::{self, Variables};
use super::reached::Reached;
use super::subject::Subject;
use super::targets::Target;
use super::unloaded::{At, Lacks, title};
use super::{outcome, roots};
use crate::graph::{Before, Changed, Early, GoContext, changed, is_deciding};
use buildlist::BuildList;
use gopackages::{Package, PackageId, Reason, affected, is_source};
use goward_git::Repo;
use goward_model::{Outcome, Text};
use overlay::cleaned;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

/// What was loaded.
#[derive(Default)]
pub(super) struct Loaded {
    /// The modules and workspaces.
    pub(super) reached: Vec<Reached>,
    /// Modules that the change reaches, and that could not be loaded before it either: the folder, and why.
    pub(super) stale: Vec<(PathBuf, String)>,
    /// Whether the time was over before all of them were.
    pub(super) is_cut: bool,
}

/// Loads each module in which something changed, and who of the repository replaces a module by one of these.
pub(super) fn load(
    repo: &Repo<'_>,
    subject: &mut Subject,
    targets: &[&Target],
    deep: bool,
    is_over: &dyn Fn() -> bool,
) -> anyhow::Result<Loaded> {
    let mut covered: BTreeSet<PathBuf> = BTreeSet::new();
    let mut all = Loaded::default();
    let mut files = subject.paths();
    files.extend(subject.submodule_files.iter().cloned());
    let absent = roots::absent_submodules(repo, subject);
    let moved: Vec<PathBuf> =
        subject.moved_submodules.iter().map(|path| repo.top.join(path)).collect();
    // Documents change neither modules nor packages: what cannot be loaded could not be before.
    let is_document = |path: &String| {
        let name = path.rsplit('/').next().unwrap_or(path);
        !is_source(name) && !is_deciding(path) && name != ".gitmodules"
    };
    // Folders may be named by a link.
    let has_links = subject.changes.iter().any(|one| one.new_mode == LINK || one.old_mode == LINK);
    let is_same = subject.submodules.is_empty() && !has_links && files.iter().all(is_document);
    let mut more = roots::neighbours(repo, subject, targets);
    more.extend(roots::including(repo, subject, targets));
    if !subject.included(repo).is_empty() {
        subject.mentions(&repo.top).add_includers(&repo.top, &mut files);
    }
    let (left, stay) = roots::of_workspaces(repo, subject)?;
    let joined = roots::joined(repo, subject);
    let mut early_context = subject.early.take();
    let roots = targets.iter().map(|target| &target.root);
    let roots: BTreeSet<&PathBuf> = roots.chain(&more).chain(&left).chain(&stay).collect();
    roots::write(repo, subject, &roots)?;
    let subject = &*subject;
    let before = Before::new(Some(repo), &subject.before, &files, &subject.overlay);
    let own = targets.iter().map(|target| &target.root);
    for root in own.chain(&more).chain(&left).chain(&stay) {
        if covered.contains(root) {
            continue;
        }
        if is_over() {
            all.is_cut = true;
            break;
        }
        let early = early_context.take().filter(|early| early.dir == *root);
        let target = targets.iter().find(|target| target.root == *root);
        let variables = target.map(|target| target.variables.clone());
        let variables = variables.unwrap_or_else(|| go_settings::of(repo, subject, root));
        let changed = match of_root(repo, &before, root, (early, &variables)) {
            Err(err)
                if (is_same && is_known(&err))
                    || more.contains(root)
                    || is_none_of_go(repo, subject, root, &err) =>
            {
                // Of a sparse checkout, or broken before.
                if !is_same && root.is_dir() && !was_broken(&before, root, &variables)? {
                    return Err(err.context(At(root.clone())));
                }
                all.stale.push((root.clone(), err.to_string()));
                covered.insert(root.clone());
                continue;
            }
            done => done.map_err(|err| err.context(At(root.clone())))?,
        };
        let mains = changed.tree.build_list().iter().filter(|module| module.is_main());
        covered.extend(mains.filter_map(|module| module.dir.clone()));
        covered.extend(changed.tree.work().and_then(Path::parent).map(Path::to_owned));
        covered.insert(root.clone());
        // Without the workspace everything in it is built otherwise.
        let (mut compile, mut reached) = match left.contains(root) {
            true => all_own(&changed),
            false => choose(&changed, deep),
        };
        for path in below(&changed, &joined) {
            compile.insert(path.clone());
            reached.insert(path);
        }
        // What git ignores and nobody imports nobody else has.
        let unknown = unknown(repo, subject, &changed);
        compile.retain(|path| !unknown.contains(path));
        let mut one = Reached {
            root: root.clone(),
            changed,
            compile,
            all: reached,
            variables,
            lacking: BTreeSet::new(),
        };
        one.lacking = one.lacking(&subject.overlay, &absent, &moved);
        all.reached.push(one);
    }
    Ok(all)
}

/// The mode of a symbolic link in git.
const LINK: &str = "120000";

/// Whether an error is about modules, or what is not on this machine.
fn is_known(err: &anyhow::Error) -> bool {
    err.is::<Lacks>() || err.is::<buildlist::Error>()
}

/// Whether a go.mod below the top that the change does not touch cannot be read at all: a template.
fn is_none_of_go(repo: &Repo<'_>, subject: &Subject, root: &Path, err: &anyhow::Error) -> bool {
    let file = root.join("go.mod");
    let is_touched = subject.changes.iter().any(|change| repo.top.join(&change.path) == file);
    let is_unread = matches!(
        err.downcast_ref(),
        Some(buildlist::Error::Parse { .. } | buildlist::Error::MainModule { .. })
    );
    root != repo.top && !is_touched && is_unread
}

/// Loads one module or workspace, as Go would of a checkout.
fn of_root(
    repo: &Repo<'_>,
    before: &Before<'_>,
    root: &Path,
    (early, variables): (Option<GoContext>, &Variables),
) -> anyhow::Result<Changed> {
    if !root.is_dir() {
        let below = root.strip_prefix(&repo.top).unwrap_or(root).display();
        let why = format!("{below}: the module's folder is not on the disk, where go would run");
        let command = match repo.is_sparse()? {
            true => format!("git sparse-checkout add {below}"),
            false => format!("git checkout -- {below}"),
        };
        return Err(Lacks(format!("{why}; check it out (`{command}`), or judge it in CI")).into());
    }
    let patterns = |list: &BuildList| mains(list, &repo.top);
    let context = match early {
        Some(early) if variables.is_empty() => early,
        // It was asked of the disk's go.mod.
        _ => GoContext::ask(root, before.overlay)?.with(variables),
    };
    if let Some(why) = context.lacks() {
        // One that is no toolchain's name nobody gets.
        let help = if why.starts_with("invalid") { "" } else { ": `go version` gets it" };
        return Err(Lacks(format!("{why}{help}")).into());
    }
    let early = Some(Early::Context(context));
    let changed = changed(before, root, &patterns, early)?;
    let mains = changed.tree.build_list().iter().filter(|module| module.is_main());
    let dirs: Vec<&Path> = mains.filter_map(|module| module.dir.as_deref()).collect();
    // The go command takes paths as they are written: nothing would be of this module, and all would be well.
    let is_here = |dir: &&&Path| dir.canonicalize().is_ok_and(|real| real == *root);
    if let (false, Some(dir)) = (dirs.contains(&root), dirs.iter().find(is_here)) {
        let why =
            format!("GOWORK or go.work names {} by a link, {}", root.display(), dir.display());
        return Err(Lacks(format!("{why}: name the folder itself")).into());
    }
    Ok(changed)
}

/// Whether the module of a folder could not be loaded before the change either.
fn was_broken(before: &Before<'_>, root: &Path, variables: &Variables) -> anyhow::Result<bool> {
    let context = GoContext::ask(root, before.overlay)?.with(variables);
    crate::graph::was_broken(before, &context)
}

/// Packages of submodules that are not checked out are imported: nobody knows whether that compiles.
pub(super) fn lacks(repo: &Repo<'_>, reached: &Reached) -> Option<Outcome> {
    let names = reached.lacking.iter().filter_map(|dir| dir.strip_prefix(&repo.top).ok());
    let names: Vec<String> = names.map(|dir| dir.to_string_lossy().into_owned()).collect();
    if names.is_empty() {
        return None;
    }
    let (list, all) = (names.join(", "), names.join(" "));
    let why = Text::new(
        format!(
            "packages or files of the submodule {list} are needed, and it is not checked out, or lacks the commit that is staged: `git submodule update --init {all}`"
        ),
        format!(
            "需要子模块 {list} 的包或文件，而它未检出，或缺少暂存的提交：请执行 `git submodule update --init {all}`"
        ),
    );
    Some(outcome::unknown("packages", title(), why))
}

/// All main modules that lie in the repository.
fn mains(list: &BuildList, top: &Path) -> Vec<String> {
    let dirs = list
        .modules()
        .iter()
        .filter(|module| module.is_main())
        .filter_map(|one| one.dir.as_deref());
    let dirs = dirs.filter(|dir| dir.starts_with(top));
    dirs.map(|dir| format!("{}/...", dir.display())).collect()
}

/// The own packages of which git knows no file: nobody else has them.
fn unknown(repo: &Repo<'_>, subject: &Subject, changed: &Changed) -> HashSet<String> {
    let is_unknown = |package: &&Package| {
        let dir = package.dir.as_deref().map(|dir| cleaned(dir)).unwrap_or_default();
        let Ok(below) = dir.strip_prefix(&repo.top) else { return false };
        let files = &package.files;
        let kinds = [&files.go, &files.cgo, &files.test_go, &files.xtest_go, &files.invalid_go];
        let mut names = kinds.into_iter().flatten().peekable();
        let is_known = |name: &String| subject.knows(&below.join(name).to_string_lossy());
        names.peek().is_some() && !names.any(is_known)
    };
    let own = own(changed).filter(|_| subject.is_staged());
    own.filter(is_unknown).map(|package| package.import_path.to_string()).collect()
}

/// The own packages in or below some folders.
fn below(changed: &Changed, dirs: &[PathBuf]) -> Vec<String> {
    let is_below = |package: &&Package| {
        let dir = package.dir.as_deref().map(|dir| cleaned(dir));
        dir.is_some_and(|dir| dirs.iter().any(|root| dir.starts_with(root)))
    };
    let own = own(changed).filter(|_| !dirs.is_empty());
    own.filter(is_below).map(|package| package.import_path.to_string()).collect()
}

/// All own packages: to be compiled, and reached.
fn all_own(changed: &Changed) -> (BTreeSet<String>, HashSet<String>) {
    let own = own(changed).map(|package| package.import_path.to_string());
    let own: BTreeSet<String> = own.collect();
    let all = own.iter().cloned().collect();
    (own, all)
}

/// The packages of the main modules themselves.
fn own(changed: &Changed) -> impl Iterator<Item = &Package> {
    let packages = changed.tree.packages.iter().map(|(_, package)| package);
    packages.filter(|package| {
        changed.tree.is_own(package)
            && package.dir.is_some()
            && package.for_test.is_none()
            && !package.is_test_main
    })
}

/// What is to be compiled, and all that is reached: what changed, and who imports it directly; packages of other
/// modules in between do not count.
fn choose(changed: &Changed, deep: bool) -> (BTreeSet<String>, HashSet<String>) {
    let tree = &changed.tree;
    let (mut compile, mut all) = (BTreeSet::new(), HashSet::new());
    let mut distance: HashMap<PackageId, usize> = HashMap::new();
    for (id, reason) in affected(&tree.packages, &changed.changes, &changed.tags) {
        let Some(package) = tree.packages.get(id) else { continue };
        let own = tree.is_own(package);
        let before = match reason {
            Reason::Imports(other) => distance.get(&other).copied().unwrap_or_default(),
            Reason::File(_) | Reason::Module(_) | Reason::Gone => 0,
        };
        let step = usize::from(own && !package.is_test_main);
        distance.insert(id, before + step);
        let tested = package.for_test.as_deref().unwrap_or(&package.import_path);
        let path = match package.is_test_main {
            true => tested.strip_suffix(".test").unwrap_or(tested),
            false => tested,
        };
        // A package that is gone has no directory, and what imports it has an error of its own.
        if !own || package.dir.is_none() {
            continue;
        }
        all.insert(path.to_owned());
        if deep || before + step <= 2 {
            compile.insert(path.to_owned());
        }
    }
    (compile, all)
}
