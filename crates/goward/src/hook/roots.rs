//! Modules of the repository that a change reaches though none of their own files changed.

use super::subject::{ModuleFile, Subject, is_vendored};
use super::targets::{self, Target};
use crate::graph::go_env;
use gopackages::is_source;
use goward_git::{ChangeKind, GitError, Repo};
use overlay::cleaned;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Modules that replace a module by a folder in which something changed, and workspaces that replace one so or use it.
pub(super) fn neighbours(repo: &Repo<'_>, subject: &Subject, targets: &[&Target]) -> Vec<PathBuf> {
    let is_root = |dir: &PathBuf| targets.iter().any(|target| target.root == *dir);
    let moved: Vec<PathBuf> = subject.paths().iter().map(|path| repo.top.join(path)).collect();
    let reaches = |to: &PathBuf| {
        // A submodule may be what is around the folder.
        is_root(to) || moved.iter().any(|path| path.starts_with(to) || to.starts_with(path))
    };
    // A workspace is loaded with each of its modules; where it has one in another place, it is none that is found above.
    let is_named = |file: &&ModuleFile| {
        let mut used = file.used.iter().filter(|dir| !dir.starts_with(&file.dir));
        !is_root(&file.dir) && (file.replaced.iter().any(reaches) || used.any(reaches))
    };
    let others = subject.module_files(&repo.top).iter().filter(is_named);
    others.map(|file| file.dir.clone()).collect()
}

/// Modules with a file that includes, however far, what changed and is not theirs.
pub(super) fn including(
    repo: &Repo<'_>,
    subject: &Subject,
    targets: &[&Target],
) -> BTreeSet<PathBuf> {
    let changed = subject.included(repo);
    if changed.is_empty() {
        return BTreeSet::new();
    }
    let files = subject.mentions(&repo.top).of_any(changed.iter().map(PathBuf::as_path));
    let paths = files.into_iter().filter_map(|file| file.strip_prefix(&repo.top).ok()?.to_str());
    let roots = paths.map(|path| targets::root_of(repo, subject, path));
    let is_other = |root: &PathBuf| {
        subject.overlay.is_file(&root.join("go.mod"))
            && !targets.iter().any(|target| target.root == *root)
            && !targets::is_passed_over(repo, subject, root)
    };
    roots.filter(is_other).collect()
}

/// Sees to it that the sources of modules that are loaded are there, also where a sparse checkout leaves them out: those of
/// the modules themselves, and of all that these name.
pub(super) fn write(
    repo: &Repo<'_>,
    subject: &mut Subject,
    roots: &BTreeSet<&PathBuf>,
) -> Result<(), GitError> {
    let files = subject.module_files(&repo.top);
    let mut needed: BTreeSet<PathBuf> = roots.iter().map(|root| (*root).clone()).collect();
    // The workspace around a module is loaded with it.
    let around = |file: &&ModuleFile| {
        !file.used.is_empty() && roots.iter().any(|root| root.starts_with(&file.dir))
    };
    needed.extend(files.iter().filter(around).map(|file| file.dir.clone()));
    loop {
        let known = needed.len();
        let named = files.iter().filter(|file| needed.contains(&file.dir));
        let named: Vec<PathBuf> =
            named.flat_map(|file| file.used.iter().chain(&file.replaced)).cloned().collect();
        needed.extend(named);
        if needed.len() == known {
            break;
        }
    }
    // One that is named from outside may have any.
    let all = go_env("GOWORK")
        .is_some_and(|work| work != "off" && !Path::new(&work).starts_with(&repo.top))
        || go_env("GOFLAGS").is_some_and(|flags| flags.contains("-modfile"));
    let modules: BTreeSet<PathBuf> = files.iter().map(|file| file.dir.clone()).collect();
    let top = repo.top.clone();
    subject.write(repo, |path| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let file = top.join(path);
        let within = || {
            let mut above = file.ancestors().skip(1).take_while(|dir| dir.starts_with(&top));
            // A folder with a go.work alone is a part of the module around it.
            above.find(|dir| needed.contains(*dir) || modules.contains(*dir)).map(Path::to_owned)
        };
        is_source(name) && (all || within().is_some_and(|dir| needed.contains(&dir)))
    })
}

/// The folders whose go.mod goes: their packages are of the module around them from now on.
pub(super) fn joined(repo: &Repo<'_>, subject: &Subject) -> Vec<PathBuf> {
    let gone = subject.changes.iter().filter(|change| change.kind == ChangeKind::Deleted);
    let folders = gone.filter_map(|change| change.path.strip_suffix("/go.mod"));
    folders.map(|folder| repo.top.join(folder)).collect()
}

/// The modules of each go.work that changed: those that are used no more, which Go builds by themselves from now on, and
/// those that are used now.
pub(super) fn of_workspaces(
    repo: &Repo<'_>,
    subject: &Subject,
) -> anyhow::Result<(BTreeSet<PathBuf>, BTreeSet<PathBuf>)> {
    let files = subject.changes.iter().map(|change| &change.path);
    let (mut left, mut stay) = (BTreeSet::new(), BTreeSet::new());
    let is_work = |path: &&String| {
        let file = repo.top.join(path);
        let dir = file.parent().unwrap_or(&repo.top);
        file.file_name().is_some_and(|name| name == "go.work")
            && !is_vendored(Path::new(path))
            && !targets::is_passed_over(repo, subject, dir)
    };
    for path in files.filter(is_work) {
        let used = |text: &[u8]| -> BTreeSet<PathBuf> {
            let dir = repo.top.join(path);
            let dir = dir.parent().unwrap_or(&repo.top);
            let file = gomod::parse_go_work(text).ok();
            let uses = file.into_iter().flat_map(|file| file.uses);
            let all = uses.map(|one| cleaned(&dir.join(one.path)));
            all.filter(|dir| {
                dir.starts_with(&repo.top) && subject.overlay.is_file(&dir.join("go.mod"))
            })
            .collect()
        };
        let old = used(repo.show(&subject.before, path)?.unwrap_or_default().as_bytes());
        let new = used(&subject.overlay.read(&repo.top.join(path)).unwrap_or_default());
        left.extend(old.difference(&new).cloned());
        stay.extend(new);
    }
    Ok((left, stay))
}

/// The folders of submodules that are not checked out: they are empty.
#[expect(clippy::disallowed_methods, reason = "whether a folder of the worktree is empty")]
pub(super) fn absent_submodules(repo: &Repo<'_>, subject: &Subject) -> Vec<PathBuf> {
    let is_empty =
        |dir: &PathBuf| std::fs::read_dir(dir).map_or(true, |mut found| found.next().is_none());
    subject.gitlinks.iter().map(|path| repo.top.join(path)).filter(is_empty).collect()
}
