//! The packages that a change reaches, and what is wrong with them before anything is compiled.

use super::go_settings::{self, Variables};
use super::subject::Subject;
use super::targets::Target;
use super::unloaded::{At, Lacks, title};
use super::{outcome, roots};
use crate::graph::{Before, Changed, Early, GoContext, changed, is_deciding};
use buildlist::BuildList;
use gopackages::{ErrorKind, Package, PackageId, Reason, affected, is_source};
use goward_facts::GoPackages;
use goward_git::Repo;
use goward_model::{Outcome, Text};
use overlay::cleaned;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

/// A module or workspace whose packages a change reaches.
pub(super) struct Reached {
    /// Where its go.mod or go.work is.
    pub(super) root: PathBuf,
    /// The packages, as loaded.
    pub(super) changed: Changed,
    /// Import paths of own packages that are to be compiled, with their tests.
    pub(super) compile: BTreeSet<String>,
    /// Own packages that the change reaches, however far.
    pub(super) all: HashSet<String>,
    /// What the go command is told for it.
    pub(super) variables: Variables,
    /// Submodules in which imported packages lie, and that are not checked out, or whose staged commit is not here.
    pub(super) lacking: BTreeSet<PathBuf>,
}

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
        !is_source(name) && !is_deciding(path)
    };
    let is_same = subject.submodules.is_empty() && files.iter().all(is_document);
    let mut more = roots::neighbours(repo, subject, targets);
    more.extend(roots::including(repo, subject, targets)?);
    let (left, stay) = roots::of_workspaces(repo, subject)?;
    let joined = roots::joined(repo, subject);
    let mut early_context = subject.early.take();
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
        // What git ignores and nobody imports nobody else has.
        compile.retain(|path| is_somebody_s(repo, subject, &changed, path));
        for path in below(&changed, &joined) {
            compile.insert(path.clone());
            reached.insert(path);
        }
        let mut one = Reached {
            root: root.clone(),
            changed,
            compile,
            all: reached,
            variables,
            lacking: BTreeSet::new(),
        };
        one.lacking = one.lacking(&absent, &moved);
        all.reached.push(one);
    }
    Ok(all)
}

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
            "packages of the submodule {list} are imported, and it is not checked out, or lacks the commit that is staged: `git submodule update --init {all}`"
        ),
        format!(
            "导入了子模块 {list} 的包，而它未检出，或缺少暂存的提交：请执行 `git submodule update --init {all}`"
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

/// Whether git knows any of a package's files, or may come to.
fn is_somebody_s(repo: &Repo<'_>, subject: &Subject, changed: &Changed, path: &str) -> bool {
    let packages = changed.tree.packages.iter().map(|(_, package)| package);
    let mut own =
        packages.filter(|package| package.for_test.is_none() && &*package.import_path == path);
    let Some((dir, files)) = own.next().and_then(|one| Some((one.dir.clone()?, &one.files))) else {
        return true;
    };
    let Ok(below) = cleaned(&dir).strip_prefix(&repo.top).map(Path::to_owned) else { return true };
    let kinds = [&files.go, &files.cgo, &files.test_go, &files.xtest_go, &files.invalid_go];
    let mut names = kinds.into_iter().flatten().peekable();
    let is_known = |name: &String| {
        let file = below.join(name);
        subject.knows(&file.to_string_lossy())
    };
    !subject.is_staged() || names.peek().is_none() || names.any(is_known)
}

/// The own packages in or below some folders.
fn below(changed: &Changed, dirs: &[PathBuf]) -> Vec<String> {
    if dirs.is_empty() {
        return vec![];
    }
    let (own, _) = all_own(changed);
    let packages = changed.tree.packages.iter().map(|(_, package)| package);
    let all = packages.filter(|package| {
        let dir = package.dir.as_deref().map(|dir| cleaned(dir));
        dir.is_some_and(|dir| dirs.iter().any(|root| dir.starts_with(root)))
    });
    let paths = all.map(|package| package.import_path.to_string());
    paths.filter(|path| own.contains(path)).collect()
}

/// All own packages: to be compiled, and reached.
fn all_own(changed: &Changed) -> (BTreeSet<String>, HashSet<String>) {
    let packages = changed.tree.packages.iter().map(|(_, package)| package);
    let own = packages.filter(|package| {
        changed.tree.is_own(package)
            && package.dir.is_some()
            && package.for_test.is_none()
            && !package.is_test_main
    });
    let own: BTreeSet<String> = own.map(|package| package.import_path.to_string()).collect();
    let all = own.iter().cloned().collect();
    (own, all)
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

impl Reached {
    /// The submodules among `absent` in which packages lie that are missing for what is to be compiled, and those among
    /// `moved` that have such packages.
    fn lacking(&self, absent: &[PathBuf], moved: &[PathBuf]) -> BTreeSet<PathBuf> {
        let mut lacking = BTreeSet::new();
        for package in self.needed() {
            if let Some(dir) = &package.dir {
                let dir = cleaned(dir);
                lacking.extend(moved.iter().filter(|root| dir.starts_with(root)).cloned());
                continue;
            }
            let folders = self.folders_of(&package.import_path);
            let has = |root: &&PathBuf| folders.iter().any(|folder| folder.starts_with(root));
            lacking.extend(absent.iter().filter(has).cloned());
        }
        lacking
    }

    /// What is to be compiled, with its tests, and all that these import.
    pub(super) fn needed(&self) -> Vec<&Package> {
        let packages = &self.changed.tree.packages;
        let compiled = packages.iter().filter(|(_, package)| {
            let tested = package.for_test.as_deref().unwrap_or(&package.import_path);
            self.compile.contains(tested) || self.compile.contains(&*package.import_path)
        });
        let mut waiting: Vec<PackageId> = compiled.map(|(id, _)| id).collect();
        let mut seen: HashSet<PackageId> = waiting.iter().copied().collect();
        let mut needed = vec![];
        while let Some(package) = waiting.pop().and_then(|id| packages.get(id)) {
            waiting.extend(package.dependencies.iter().filter(|next| seen.insert(**next)));
            needed.push(package);
        }
        needed
    }

    /// Where a package of a main module would lie.
    fn folders_of(&self, path: &str) -> Vec<PathBuf> {
        // Those that replace others, too: a submodule may be one.
        let folder = |module: &buildlist::Module| {
            let below = path.strip_prefix(module.path.as_str())?;
            let is_below = below.is_empty() || below.starts_with('/');
            let dir = module.dir.as_ref().filter(|_| is_below)?;
            Some(cleaned(&dir.join(below.trim_start_matches('/'))))
        };
        self.changed.tree.build_list().iter().filter_map(folder).collect()
    }

    /// Leaves what lies below a folder to be compiled.
    pub(super) fn keep_below(&mut self, dir: &Path) {
        let all = std::mem::take(&mut self.compile);
        let is_below =
            |path: &String| self.dir_of(path).is_none_or(|it| cleaned(&it).starts_with(dir));
        self.compile = all.into_iter().filter(is_below).collect();
    }

    /// Whether a package of a folder was loaded.
    pub(super) fn has_folder(&self, dir: &Path) -> bool {
        let packages = self.changed.tree.packages.iter();
        let mut dirs = packages.filter_map(|(_, package)| package.dir.as_deref());
        dirs.any(|one| cleaned(one) == dir)
    }

    /// The folder of a package.
    pub(super) fn dir_of(&self, path: &str) -> Option<PathBuf> {
        Some(self.package(path)?.dir.as_ref()?.to_path_buf())
    }

    /// The first Go file of a package.
    pub(super) fn first_file(&self, path: &str) -> Option<PathBuf> {
        let package = self.package(path)?;
        let files = &package.files;
        let own = [&files.go, &files.cgo, &files.test_go, &files.xtest_go];
        let name = own.into_iter().flatten().next()?;
        Some(package.dir.as_ref()?.join(name))
    }

    fn package(&self, path: &str) -> Option<&Package> {
        let packages = self.changed.tree.packages.iter().map(|(_, package)| package);
        let mut own =
            packages.filter(|package| package.for_test.is_none() && !package.is_test_main);
        own.find(|package| *package.import_path == *path)
    }

    /// What is wrong with the packages that the change reaches; what is wrong elsewhere was so before.
    pub(super) fn packages(&self) -> GoPackages {
        let tree = &self.changed.tree;
        let Some(loaded) = tree.loaded() else { return GoPackages::default() };
        let mut packages = GoPackages::of(&tree.packages, &loaded.options, &|_| false);
        // What nobody of these imports need not be there.
        let absent = self.needed().into_iter().filter_map(|package| package.error.as_ref());
        let absent = absent.filter(|error| error.kind == ErrorKind::NotDownloaded);
        packages.absent = absent
            .map(|error| error.message.lines().next().unwrap_or_default().to_owned())
            .collect();
        packages.faults.retain(|fault| {
            let name = fault.package.split(' ').next().unwrap_or_default();
            let tested =
                fault.package.split_once(" [").and_then(|(_, rest)| rest.strip_suffix(".test]"));
            let near = fault
                .chain
                .iter()
                .any(|(step, _)| self.all.contains(step.split(' ').next().unwrap_or(step)));
            let in_absent =
                |folder: &PathBuf| self.lacking.iter().any(|root| folder.starts_with(root));
            // Nobody knows what a submodule that is not there has.
            if self.dir_of(name).is_some_and(|dir| in_absent(&cleaned(&dir))) {
                return false;
            }
            if fault.kind == ErrorKind::Missing && self.folders_of(name).iter().any(in_absent) {
                return false;
            }
            self.all.contains(name)
                || tested.is_some_and(|tested| self.all.contains(tested))
                || near
        });
        packages
    }

    /// The files that the packages embed.
    pub(super) fn embedded(&self) -> HashSet<PathBuf> {
        let packages = self.changed.tree.packages.iter().map(|(_, package)| package);
        let files = packages.flat_map(|package| {
            let dir = package.dir.clone();
            package.embed_files.iter().filter_map(move |file| Some(dir.as_ref()?.join(file)))
        });
        files.collect()
    }
}
