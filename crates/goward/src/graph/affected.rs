//! `goward graph affected`: what a change reaches.

use super::mentions::{Mentions, may_be_included};
use super::module_changes;
use super::{Before, GoContext, GoTree, Wanted};
use crate::cli::{AffectedArgs, AffectedKind};
use crate::console::Console;
use anyhow::Context as _;
use gopackages::{Changes, PackageId, Profile, Reason, affected, is_source};
use goward_git::{Change, ChangeKind, GitError, Ignored, Repo, Staged, StagedOptions};
use goward_model::{ExitStatus, Lang};
use goward_report::Format;
use goward_system::OsSystem;
use overlay::Overlay;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is reached of a package.
#[derive(Default)]
struct Reached {
    package: bool,
    test: bool,
    program: bool,
    why: Option<Reason>,
}

/// The graph after a change, and the change.
pub(crate) struct Changed {
    pub(crate) tree: GoTree,
    pub(crate) tags: gopackages::Tags,
    pub(crate) changes: Changes,
}

pub(super) fn run(
    args: &AffectedArgs,
    format: Format,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let dir = args.dir.canonicalize().with_context(|| format!("{}", args.dir.display()))?;
    if let Some(why) = super::fallback::driver(&dir) {
        anyhow::bail!("{why}: graph affected does not model that");
    }
    let system = OsSystem::at(&dir);
    let repo = Repo::find(&system);
    let mut staged = None;
    // While git is asked, the packages are loaded as they lie there: what is wanted unless modules changed.
    let (found, early) = std::thread::scope(|scope| {
        let early = scope.spawn(|| if args.staged { None } else { Early::load(&dir) });
        let found = changed_files(args, &dir, repo.as_ref(), &mut staged);
        (found, early.join().ok().flatten())
    });
    let (before, files) = found?;
    let mut reaching = files.clone();
    if let (true, Ok(repo)) = (files.iter().any(|path| may_be_included(Path::new(path))), &repo) {
        let overlay = staged.as_ref().map(|staged| staged.overlay.clone()).unwrap_or_default();
        Mentions::of_worktree(repo, &overlay)?.add_includers(&repo.top, &mut reaching);
    }
    let overlay =
        staged.as_ref().map(|staged| Arc::new(staged.overlay.clone())).unwrap_or_default();
    let changed = changed(
        &Before::new(repo.as_ref().ok(), &before, &reaching, &overlay),
        &dir,
        &mains,
        early,
    )?;
    // A listing of go's would not tell the files of other languages, so it cannot stand in here.
    if let Some(why) = changed.tree.refused() {
        anyhow::bail!("{why}: graph affected does not model that");
    }
    let reached = reached(&changed);
    let text = match (format, args.kind) {
        (Format::Json, _) => told_json(&changed, &before, &files, &reached),
        (_, Some(kind)) => listed(&reached, kind),
        _ => told(&changed, &reached, console.lang),
    };
    console.print(&text)?;
    if let Some(why) = changed.tree.unsummed() {
        console.warn(&anyhow::anyhow!(
            "{why}: Go refuses what is imported from there; run: go mod tidy"
        ));
    }
    let Some(why) = changed.tree.absent() else { return Ok(ExitStatus::Open) };
    console.warn(&anyhow::anyhow!(
        "{why}: what it imports is not known, and more may be reached; run: go mod download"
    ));
    Ok(ExitStatus::Inconclusive)
}

/// The tests of the main modules; those of others reach nothing.
const WITH_TESTS: Wanted<'_> =
    Wanted { patterns: &[], tests: true, profiles: false, imports_only: true };

/// What is known before the change is.
pub(crate) enum Early {
    /// What the go command says of itself.
    Context(GoContext),
    /// The packages of all main modules, as they lie on the disk.
    Tree(Box<GoTree>, gopackages::Tags),
}

impl Early {
    fn load(dir: &Path) -> Option<Self> {
        let context = GoContext::ask(dir, &Arc::default()).ok()?;
        let tags = context.tags.clone();
        let tree = context.lazily(&mains, &WITH_TESTS, Profile::Off, Some("mains")).ok()?;
        Some(Self::Tree(Box::new(tree), tags))
    }
}

/// The revision before the change, and the files that it touches.
fn changed_files(
    args: &AffectedArgs,
    dir: &Path,
    repo: Result<&Repo<'_>, &GitError>,
    staged: &mut Option<Staged>,
) -> anyhow::Result<(String, Vec<String>)> {
    Ok(if args.staged {
        let repo = repo.map_err(Clone::clone)?;
        let now = staged.insert(stage(repo, Ignored::Keep, None)?);
        now.write(repo, |path| is_source(path.rsplit('/').next().unwrap_or(path)))?;
        let files = now.changes.iter().filter(|change| !change.is_mode_only());
        let files = files.map(|change| &change.path).chain(&now.submodules);
        let files = files.chain(&now.submodule_files);
        (now.head.clone(), files.cloned().collect())
    } else if args.files.is_empty() {
        let repo = repo.map_err(Clone::clone)?;
        let (base, changes) = repo.since(args.since.as_deref().unwrap_or("HEAD"))?;
        let changes = without_stamps(repo, changes)?;
        let below = repo.submodule_files(&changes)?;
        let files = changes.into_iter().filter(|change| !change.is_mode_only());
        (base, files.map(|change| change.path).chain(below).collect())
    } else {
        let top = repo.map_or(dir, |repo| repo.top.as_path());
        let mut files = named(&args.files, top)?;
        if let Ok(repo) = &repo {
            let paths: Vec<&str> = files.iter().map(String::as_str).collect();
            files.extend(repo.links_to(&paths)?);
        }
        ("HEAD".to_owned(), files)
    })
}

/// Without the files of which only the stamps are not those of the index, as in a copy of a worktree: git tells them of a
/// diff until somebody refreshes its index, which we do not.
fn without_stamps(repo: &Repo<'_>, mut changes: Vec<Change>) -> Result<Vec<Change>, GitError> {
    let is_open = |change: &Change| {
        change.kind == ChangeKind::Modified
            && change.old_mode == change.new_mode
            && change.old_mode.starts_with("100")
            && change.new.bytes().all(|digit| digit == b'0')
            && !change.path.contains('\n')
    };
    let paths: String = changes
        .iter()
        .filter(|change| is_open(change))
        .map(|change| format!("{}\n", change.path))
        .collect();
    if paths.is_empty() {
        return Ok(changes);
    }
    let command = repo.command(&["hash-object", "--stdin-paths"]).input(paths.into_bytes());
    // What cannot be read has changed.
    let Ok(hashes) = repo.run(&command)?.success(&command) else { return Ok(changes) };
    let mut hashes = hashes.lines();
    changes.retain(|change| !is_open(change) || hashes.next() != Some(&change.old));
    // Links are told for what they lead to.
    let is_link =
        |change: &Change| change.kind == ChangeKind::Modified && change.old_mode.is_empty();
    if changes.iter().all(is_link) {
        changes.clear();
    }
    Ok(changes)
}

/// All main modules: a change in one folder reaches packages in others.
fn mains(list: &buildlist::BuildList) -> Vec<String> {
    let mains = list.modules().iter().filter(|module| module.is_main());
    mains.filter_map(|one| Some(format!("{}/...", one.dir.as_deref()?.display()))).collect()
}

/// The staged tree, with the content of what a build reads; what a sparse checkout leaves out, only of files that decide
/// about modules.
pub(crate) fn stage(
    repo: &Repo<'_>,
    ignored: Ignored,
    before: Option<&str>,
) -> Result<Staged, GitError> {
    let wanted = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        is_source(name) || module_changes::is_deciding(name) || may_be_included(Path::new(path))
    };
    let unseen = |path: &str| module_changes::is_deciding(path);
    Staged::read(repo, &StagedOptions { ignored, before, wanted: &wanted, unseen: &unseen })
}

/// The files of the command line, relative to the top of the worktree.
fn named(files: &[PathBuf], top: &Path) -> anyhow::Result<Vec<String>> {
    let one = |file: &PathBuf| {
        let file = std::path::absolute(file)?;
        // It may be gone; its folder, too.
        let real = file.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
        let file = match real {
            Some((above, real)) if above != file => {
                real.join(file.strip_prefix(above).unwrap_or(Path::new("")))
            }
            // A link is named, not what it leads to; its folder is where it really is.
            Some(_) => {
                let folder = file.parent().and_then(|dir| dir.canonicalize().ok());
                folder.zip(file.file_name()).map_or(file.clone(), |(dir, name)| dir.join(name))
            }
            None => file.clone(),
        };
        let below = file.strip_prefix(top);
        let below = below
            .map_err(|_| anyhow::anyhow!("{} is not below {}", file.display(), top.display()))?;
        Ok(below.to_string_lossy().into_owned())
    };
    files.iter().map(one).collect()
}

/// Loads the packages as they are now, and finds what changed in their terms.
pub(crate) fn changed(
    before: &Before<'_>,
    dir: &Path,
    patterns: &dyn Fn(&buildlist::BuildList) -> Vec<String>,
    early: Option<Early>,
) -> anyhow::Result<Changed> {
    let overlay = before.overlay;
    let is_deciding = before.deciding().next().is_some();
    let (early, known) = match early {
        Some(Early::Tree(tree, tags)) if !is_deciding => (None, Some((*tree, tags))),
        Some(Early::Context(context)) => (Some(context), None),
        _ => (None, None),
    };
    let context = || match early {
        Some(context) => Ok(context.over(overlay)),
        None => GoContext::ask(dir, overlay),
    };
    let (tree, tags, modules) = if let Some((tree, tags)) = known {
        (tree, tags, module_changes::Changed::default())
    } else if is_deciding {
        let context = context()?;
        let tags = context.tags.clone();
        // Without staged files, those of `-overlay` in GOFLAGS.
        let list = context.list(&context.overlay())?;
        let modules = module_changes::modules(before, dir, &context, &list)?;
        let patterns = patterns(&list);
        (context.packages(list, &patterns, true)?, tags, modules)
    } else {
        let context = context()?;
        let tags = context.tags.clone();
        let tree = context.lazily(patterns, &WITH_TESTS, Profile::Off, None)?;
        (tree, tags, module_changes::Changed::default())
    };
    let top = before.top(dir);
    let files: BTreeSet<PathBuf> = before.files.iter().map(|path| top.join(path)).collect();
    let gone =
        tree.loaded().map(|loaded| import_paths(&loaded.list, &files, overlay)).unwrap_or_default();
    let unbuilt = match before.is_known() {
        true => unbuilt(before, top, &files, &tree, &tags)?,
        false => BTreeSet::new(),
    };
    let (modules, gone_modules) = (modules.modules, modules.gone);
    let with_includers = before.is_known();
    let changes = Changes { files, modules, gone, unbuilt, gone_modules, with_includers };
    Ok(Changed { tree, tags, changes })
}

/// The files that no build took before. Only those are asked after that none takes now.
fn unbuilt(
    before: &Before<'_>,
    top: &Path,
    files: &BTreeSet<PathBuf>,
    tree: &GoTree,
    tags: &gopackages::Tags,
) -> Result<BTreeSet<PathBuf>, GitError> {
    let mut all = BTreeSet::new();
    let packages = tree.packages.iter().map(|(_, package)| package);
    for package in packages.filter(|package| package.for_test.is_none() && tree.is_own(package)) {
        let Some(dir) = &package.dir else { continue };
        let ignored = package.files.ignored_go.iter().chain(&package.files.ignored_other);
        for file in ignored.map(|name| dir.join(name)).filter(|file| files.contains(file)) {
            let path = file.strip_prefix(top).unwrap_or(&file).to_string_lossy();
            let old = before.show(&path)?;
            if old.is_none_or(|old| !is_built(old.as_bytes(), path.ends_with(".go"), tags)) {
                all.insert(file);
            }
        }
    }
    Ok(all)
}

/// Whether a build takes a Go file of this path and content.
pub(crate) fn builds(path: &str, text: &[u8], tags: &gopackages::Tags) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    tags.file_name_matches(name) && is_built(text, true, tags)
}

/// Whether a build may take a file of this content; its name may.
fn is_built(text: &[u8], is_go: bool, tags: &gopackages::Tags) -> bool {
    let holds = |constraint: &goheader::Constraint| tags.builds(constraint).unwrap_or(true);
    if !is_go {
        return goheader::read_other(text, true).map_or(true, |constraint| holds(&constraint));
    }
    goheader::read_go(text, true).map_or(true, |header| {
        let needs_cgo = header.imports.iter().any(|import| import.path == "C");
        holds(&header.constraint) && (tags.cgo || !needs_cgo)
    })
}

/// The import path of each directory in which a file changed, or that went.
fn import_paths(
    list: &buildlist::BuildList,
    files: &BTreeSet<PathBuf>,
    overlay: &Overlay,
) -> HashMap<PathBuf, String> {
    let mut paths = HashMap::new();
    // What is vendored lies there by its own path.
    let main = || list.modules().iter().find(|module| module.is_main())?.dir.as_deref();
    let root = list.work().and_then(Path::parent).or_else(main);
    let vendor =
        root.filter(|_| list.mode() == buildlist::Mode::Vendor).map(|it| it.join("vendor"));
    // A folder of the module cache changes with its version, and with nothing else.
    // That of a replacement is written as go.mod has it: `/w/m2/../m1`.
    let folders: Vec<(PathBuf, &String)> = list
        .modules()
        .iter()
        .filter(|module| module.content().is_none())
        .filter_map(|module| Some((overlay::cleaned(module.dir.as_deref()?), &module.path)))
        .collect();
    // What went may be a folder: a submodule.
    let gone = files.iter().filter(|file| !overlay.is_file(file)).map(PathBuf::as_path);
    for dir in files.iter().filter_map(|file| file.parent()).chain(gone) {
        if paths.contains_key(dir) {
            continue;
        }
        if let Some(below) = vendor.as_ref().and_then(|vendor| dir.strip_prefix(vendor).ok()) {
            paths.insert(dir.to_owned(), below.to_string_lossy().into_owned());
            continue;
        }
        let within = folders
            .iter()
            .filter_map(|(root, path)| Some((root, dir.strip_prefix(root).ok()?, *path)));
        if let Some((_, below, path)) = within.max_by_key(|(root, ..)| root.components().count()) {
            let below = below.to_string_lossy();
            let path = if below.is_empty() { path.clone() } else { format!("{path}/{below}") };
            paths.insert(dir.to_owned(), path);
        }
    }
    paths
}

/// The own packages that are reached, by import path.
fn reached(changed: &Changed) -> BTreeMap<String, Reached> {
    let tree = &changed.tree;
    let mut all: BTreeMap<String, Reached> = BTreeMap::new();
    for (id, reason) in affected(&tree.packages, &changed.changes, &changed.tags) {
        let Some(package) = tree.packages.get(id) else { continue };
        if package.is_test_main {
            let path = package.import_path.strip_suffix(".test").unwrap_or(&package.import_path);
            let one = all.entry(path.to_owned()).or_default();
            one.test = true;
            one.why.get_or_insert(reason);
        } else if package.for_test.is_none() && tree.is_own(package) && package.dir.is_some() {
            let one = all.entry(package.import_path.to_string()).or_default();
            one.package = true;
            one.program = package.name == "main";
            one.why = Some(reason);
        }
    }
    all
}

fn listed(reached: &BTreeMap<String, Reached>, kind: AffectedKind) -> String {
    let wanted = |one: &Reached| match kind {
        AffectedKind::Packages => one.package,
        AffectedKind::Tests => one.test,
        AffectedKind::Programs => one.program,
    };
    let paths = reached.iter().filter(|(_, one)| wanted(one)).map(|(path, _)| format!("{path}\n"));
    paths.collect()
}

/// A package a line: what is reached, and why.
fn told(changed: &Changed, reached: &BTreeMap<String, Reached>, lang: Lang) -> String {
    let width = reached.keys().map(String::len).max().unwrap_or_default();
    let mut text = String::new();
    for (path, one) in reached {
        let words = [
            (one.package && !one.program, lang.pick("package", "包")),
            (one.program, lang.pick("program", "程序")),
            (one.test, lang.pick("test", "测试")),
        ];
        let words: Vec<&str> = words.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
        let why = one.why.as_ref().map(|why| said(changed, why, lang)).unwrap_or_default();
        text += &format!("{path:width$}  {:13}  {why}\n", words.join("+"));
    }
    text
}

fn said(changed: &Changed, why: &Reason, lang: Lang) -> String {
    let tree = &changed.tree;
    match why {
        Reason::File(file) => tree.short(file),
        Reason::Gone => lang.pick("its module is gone", "其模块已不在").to_owned(),
        Reason::Module(index) => {
            tree.build_list().get(*index).map(ToString::to_string).unwrap_or_default()
        }
        Reason::Imports(id) => {
            let name = tree.packages.get(*id).map(gopackages::Package::id).unwrap_or_default();
            format!("{} {name}", lang.pick("imports", "导入"))
        }
    }
}

fn told_json(
    changed: &Changed,
    before: &str,
    files: &[String],
    reached: &BTreeMap<String, Reached>,
) -> String {
    let tree = &changed.tree;
    let name = |id: &PackageId| tree.packages.get(*id).map(gopackages::Package::id);
    let module = |index: &usize| tree.build_list().get(*index).map(ToString::to_string);
    let why = |reason: &Reason| match reason {
        Reason::File(file) => json!({ "file": tree.short(file) }),
        Reason::Gone => json!({ "module": null }),
        Reason::Module(index) => json!({ "module": module(index) }),
        Reason::Imports(id) => json!({ "imports": name(id) }),
    };
    let packages: Vec<_> = reached
        .iter()
        .map(|(path, one)| {
            json!({
                "import_path": path,
                "package": one.package,
                "test": one.test,
                "program": one.program,
                "why": one.why.as_ref().map(why),
            })
        })
        .collect();
    let modules: Vec<_> = changed.changes.modules.iter().filter_map(module).collect();
    let all = json!({
        "version": 1,
        "before": before,
        "files": files,
        "modules": modules,
        "packages": packages,
    });
    format!("{all}\n")
}
