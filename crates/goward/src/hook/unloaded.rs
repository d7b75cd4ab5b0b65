//! Why packages could not be loaded: the commit's fault, or something that is not on this machine.

use super::outcome;
use super::reached::Reached;
use super::subject::{self, Subject};
use buildlist::Error;
use goward_git::Repo;
use goward_model::{Finding, Findings, Location, Outcome, Text};
use overlay::{Entry, cleaned};
use std::path::{Path, PathBuf};

/// What keeps go from being asked: a toolchain or a folder is not on this machine.
#[derive(Debug)]
pub(super) struct Lacks(pub(super) String);

impl std::fmt::Display for Lacks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Lacks {}

/// The module or workspace that could not be loaded.
#[derive(Debug, Clone)]
pub(super) struct At(pub(super) PathBuf);

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.display())
    }
}

/// What keeps the packages from being loaded, as an outcome; an error that is not about modules stays one.
pub(super) fn judge(
    repo: &Repo<'_>,
    subject: &Subject,
    err: anyhow::Error,
) -> anyhow::Result<Outcome> {
    let root = err.downcast_ref().map_or_else(|| repo.top.clone(), |At(root)| root.clone());
    let err = match err.downcast::<Lacks>() {
        Ok(lacks) => {
            return Ok(outcome::unknown("packages", title(), Text::same(lacks.to_string())));
        }
        Err(err) => err,
    };
    let error: Error = err.downcast()?;
    // The machine's own paths are of no use in a report.
    let message = error.to_string().replace(&format!("{}/", repo.top.display()), "");
    let mut findings = Findings::default();
    match submodule(repo, subject, &error) {
        // No clone can check it out; whose fault that is depends on when it came in.
        Some(path) if subject.unnamed.contains(&path) => {
            let why = Text::new(
                format!("{path} is an empty folder in every clone: {message}"),
                format!("{path} 在每个克隆中都是空目录：{message}"),
            );
            if subject.submodules.contains(&path) {
                let help = Text::new("git submodule add", "git submodule add");
                findings.report(Finding::at(Location::whole(".gitmodules"), path, why, help));
            } else {
                return Ok(outcome::skipped("module-stale", title(), why));
            }
        }
        // It is there, as it is staged.
        Some(path) if is_here(repo, subject, &path) => {
            let own = error.file().map(cleaned).filter(|file| file.is_file());
            let help = match own {
                Some(_) => super::words::add(std::slice::from_ref(&path)),
                None => Text::new("correct it and `git add` the file", "更正后 `git add` 该文件"),
            };
            let message = Text::same(message);
            let file = Location::whole(mentioning(repo, subject, &root));
            findings.report(Finding::at(file, path, message, help));
        }
        Some(path) => findings.unknown(Text::new(
            format!(
                "the submodule {path} is not checked out (`git submodule update --init {path}`): {message}"
            ),
            format!("子模块 {path} 未检出（`git submodule update --init {path}`）：{message}"),
        )),
        None if is_of_settings(&error) => findings.unknown(Text::new(
            format!("{message}: see `go env GOFLAGS GOWORK`"),
            format!("{message}：见 `go env GOFLAGS GOWORK`"),
        )),
        None if error.is_inconclusive() && !is_unstaged(subject, &error) => {
            findings.unknown(Text::same(message))
        }
        None => {
            let help = Text::new("correct it and `git add` the file", "更正后 `git add` 该文件");
            // A workspace need not have a module at its top.
            let go_mod = root.join("go.mod");
            let work = || subject::go_work(&repo.top, &root, &subject.overlay);
            let own = if subject.overlay.is_file(&go_mod) { None } else { work() };
            let file = error.file().map(Path::to_owned).or(own).unwrap_or(go_mod);
            let file = cleaned(&file);
            let file = file.strip_prefix(&repo.top).unwrap_or(Path::new("go.mod")).to_string_lossy();
            findings.report(Finding::at(
                Location::whole(file),
                "modules",
                Text::same(message),
                help,
            ));
        }
    }
    Ok(outcome::of("packages", title(), findings))
}

/// Whether a submodule is checked out, and its staged commit is known.
fn is_here(repo: &Repo<'_>, subject: &Subject, path: &str) -> bool {
    let dir = repo.top.join(path);
    !subject.moved_submodules.iter().any(|moved| moved == path)
        && !super::roots::absent_submodules(repo, subject).contains(&dir)
}

/// The file that names folders for a module or workspace.
fn mentioning(repo: &Repo<'_>, subject: &Subject, root: &Path) -> String {
    let work = subject::go_work(&repo.top, root, &subject.overlay);
    let file = work.unwrap_or_else(|| root.join("go.mod"));
    file.strip_prefix(&repo.top).unwrap_or(&file).to_string_lossy().into_owned()
}

/// Modules that were broken before: who imports there what changed is not compiled, and that is said.
pub(super) fn stale(repo: &Repo<'_>, all: &[(PathBuf, String)]) -> Option<Outcome> {
    let told = all.iter().map(|(dir, why)| {
        let dir = match dir.strip_prefix(&repo.top).unwrap_or(dir).to_string_lossy() {
            top if top.is_empty() => ".".into(),
            below => below,
        };
        let why = why.lines().next().unwrap_or_default().trim_end_matches(':');
        let why = why.replace(&format!("{}/", repo.top.display()), "");
        (
            format!("{dir} is not compiled, as before this change: {why}"),
            format!("{dir} 未编译，与此改动之前一样：{why}"),
        )
    });
    let (en, zh): (Vec<String>, Vec<String>) = told.unzip();
    let title = Text::new("modules around it can be loaded", "周围的模块可以加载");
    let why = Text::new(en.join("; "), zh.join("；"));
    (!en.is_empty()).then(|| outcome::skipped("module-stale", title, why))
}

/// A go.work that is not of the repository: whoever checks the commit out may have none, or another.
pub(super) fn outside(repo: &Repo<'_>, reached: &[Reached]) -> Option<Outcome> {
    let mut works = reached.iter().filter_map(|one| one.changed.tree.work());
    let work = works.find(|work| !work.starts_with(&repo.top))?.display();
    let title = Text::new("the workspace is the repository's", "工作区属于本仓库");
    let why = Text::new(
        format!("judged with {work}, which the commit has not (GOWORK=off judges without it)"),
        format!("按 {work} 评判，而提交中没有它（GOWORK=off 则不使用）"),
    );
    Some(outcome::skipped("workspace", title, why))
}

/// What is asked.
pub(super) fn title() -> Text {
    Text::new("the packages can be loaded", "包可以加载")
}

/// Whether the environment is at fault, and nothing that is committed.
const fn is_of_settings(error: &Error) -> bool {
    matches!(
        error,
        Error::ModInWorkspace
            | Error::ModFileInWorkspace
            | Error::UnknownMode(_)
            | Error::RelativeGoWork(_)
    )
}

/// Whether what could not be read is on the disk, and is not staged.
fn is_unstaged(subject: &Subject, error: &Error) -> bool {
    error.file().is_some_and(|file| subject.overlay.find(file) == Some(&Entry::Hidden))
}

/// The submodule that has what could not be read.
fn submodule(repo: &Repo<'_>, subject: &Subject, error: &Error) -> Option<String> {
    let file = match error {
        Error::UsedModuleMissing { dir, .. } => cleaned(dir),
        error => cleaned(error.file()?),
    };
    subject.gitlinks.iter().find(|path| file.starts_with(repo.top.join(path))).cloned()
}
