//! The folders that changes belong to: modules, and folders with a policy of their own.

use super::go_settings::{self, Variables};
use super::outcome;
use super::subject::{Subject, go_work, is_odd};
use crate::graph::is_deciding;
use crate::policy::{self, Asked};
use goward_config::Policy;
use goward_git::{Change, ChangeKind, GitError, Repo};
use goward_model::{Finding, Findings, Gate, Location, Outcome, Text};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A folder that is judged by itself.
pub(super) struct Target {
    /// The folder.
    pub(super) root: PathBuf,
    /// Its path below the top, with a slash at its end; empty at the top.
    pub(super) prefix: String,
    /// What is asked of it.
    pub(super) policy: Policy,
    /// The files that changed and are there, relative to the folder.
    pub(super) files: Vec<String>,
    /// Whether a file that decides about modules changed.
    pub(super) modules_changed: bool,
    /// Whether something that is vendored changed.
    pub(super) vendor_changed: bool,
    /// Whether it is a module.
    pub(super) is_module: bool,
    /// Whether its go.mod is what a generator makes one of.
    pub(super) is_template: bool,
    /// What the go command is told for it.
    pub(super) variables: Variables,
}

/// The targets of the changes, in the order of their paths.
pub(super) fn of(
    repo: &Repo<'_>,
    subject: &Subject,
    asked: &Asked<'_>,
) -> anyhow::Result<Vec<Target>> {
    let mut found: BTreeMap<PathBuf, Target> = BTreeMap::new();
    for path in &subject.paths() {
        let root = root_of(repo, subject, path);
        for root in modules_of(repo, subject, path).into_iter().chain([root.clone()]) {
            if !found.contains_key(&root) {
                found.insert(root.clone(), Target::new(repo, subject, root, asked)?);
            }
        }
        let Some(target) = found.get_mut(&root) else { continue };
        let path = path.strip_prefix(&target.prefix).unwrap_or(path);
        target.modules_changed |= is_deciding(path);
        target.vendor_changed |= path.starts_with("vendor/");
        if subject.overlay.is_file(&root.join(path)) {
            target.files.push(path.to_owned());
        }
    }
    Ok(found.into_values().collect())
}

impl Target {
    fn new(
        repo: &Repo<'_>,
        subject: &Subject,
        root: PathBuf,
        asked: &Asked<'_>,
    ) -> anyhow::Result<Self> {
        let below = root.strip_prefix(&repo.top).unwrap_or(Path::new("")).to_string_lossy();
        let is_template = is_template(repo, subject, &root);
        let prefix = if below.is_empty() { String::new() } else { format!("{below}/") };
        Ok(Self {
            policy: policy::of(&root, asked)?,
            is_module: subject.overlay.is_file(&root.join("go.mod"))
                && !is_passed_over(repo, subject, &root)
                && !is_fence(repo, subject, &root)
                && !is_template
                && !is_part(repo, subject, &root)?,
            is_template,
            variables: go_settings::of(repo, subject, &root),
            root,
            prefix,
            files: vec![],
            modules_changed: false,
            vendor_changed: false,
        })
    }
}

/// The folders whose packages a file may be of: the nearest module or workspace, and of a go.mod also the one around it,
/// from which it takes its folder.
pub(super) fn modules_of(repo: &Repo<'_>, subject: &Subject, path: &str) -> Vec<PathBuf> {
    let is_root = |dir: &Path| {
        subject.overlay.is_file(&dir.join("go.mod"))
            || go_work(&repo.top, dir, &subject.overlay).is_some()
    };
    let file = repo.top.join(path);
    // Fixtures of somebody's tests, and often broken on purpose.
    if file.parent().is_some_and(|dir| is_passed_over(repo, subject, dir))
        && !path.ends_with("/go.mod")
    {
        return vec![];
    }
    let skipped = if path.ends_with("/go.mod") { 2 } else { 1 };
    let above = |skipped| {
        let within = file.ancestors().skip(skipped).take_while(|dir| dir.starts_with(&repo.top));
        within.into_iter().find(|dir| is_root(dir)).map(Path::to_owned)
    };
    let all = above(1).into_iter().chain(above(skipped));
    all.filter(|dir| !is_passed_over(repo, subject, dir)).collect()
}

/// Whether a file is of some module; a go.work alone has no packages.
pub(super) fn in_module(repo: &Repo<'_>, subject: &Subject, path: &str) -> bool {
    let file = repo.top.join(path);
    let mut above = file.ancestors().skip(1).take_while(|dir| dir.starts_with(&repo.top));
    above.any(|dir| subject.overlay.is_file(&dir.join("go.mod")))
}

/// Whether Go passes over a folder of the repository (`go help packages`), and nobody names it.
pub(super) fn is_passed_over(repo: &Repo<'_>, subject: &Subject, dir: &Path) -> bool {
    let below = dir.strip_prefix(&repo.top).unwrap_or(Path::new(""));
    // Of what somebody names only what is below it is looked at.
    let named = subject.named_folders(&repo.top);
    let mut named = named.filter_map(|named| dir.strip_prefix(named).ok());
    is_odd(below) && named.all(is_odd)
}

/// The nearest folder above a file that is a module or has a policy; else the top.
pub(super) fn root_of(repo: &Repo<'_>, subject: &Subject, path: &str) -> PathBuf {
    let file = repo.top.join(path);
    let within = file.ancestors().skip(1).take_while(|dir| dir.starts_with(&repo.top));
    let is_root = |dir: &&Path| {
        ["go.mod", "goward.toml"].iter().any(|name| subject.overlay.is_file(&dir.join(name)))
            || go_work(&repo.top, dir, &subject.overlay).is_some()
    };
    within.into_iter().find(is_root).unwrap_or(&repo.top).to_owned()
}

/// Go files that belong to no module any more, because their go.mod goes.
pub(super) fn orphans(repo: &Repo<'_>, subject: &Subject) -> Option<Outcome> {
    let is_gone = |change: &&Change| {
        change.kind == ChangeKind::Deleted
            && (change.path == "go.mod" || change.path.ends_with("/go.mod"))
    };
    let mut findings = Findings::default();
    for change in subject.changes.iter().filter(is_gone) {
        let dir = repo.top.join(&change.path);
        let dir = dir.parent()?;
        // What no build of the module had is nobody's.
        let files = subject.files.iter().filter(|path| {
            let file = repo.top.join(path);
            let below = file.strip_prefix(dir).unwrap_or(Path::new(""));
            path.ends_with(".go")
                && file.starts_with(dir)
                && subject.overlay.is_file(&file)
                && !is_odd(below)
                && !below.iter().any(|part| part == "vendor")
                && !is_ignored(&subject.overlay.read(&file).unwrap_or_default())
        });
        let count = files.filter(|path| !in_module(repo, subject, path)).count();
        if count > 0 {
            let message = Text::new(
                format!("go.mod goes, and {count} Go files belong to no module any more"),
                format!("go.mod 被删除，{count} 个 Go 文件不再属于任何模块"),
            );
            let help = Text::new(
                "keep go.mod, or delete the files, too",
                "保留 go.mod，或一并删除这些文件",
            );
            findings.report(Finding::at(Location::whole(&change.path), "go.mod", message, help));
        }
    }
    let title = Text::new("no Go file loses its module", "没有 Go 文件失去其模块");
    let outcome = outcome::of("module-gone", title, findings);
    (outcome.verdict.gate() == Gate::Closed).then_some(outcome)
}

/// Whether a Go file is for `go run` only: `//go:build ignore`.
fn is_ignored(text: &[u8]) -> bool {
    let head = String::from_utf8_lossy(text.get(..text.len().min(4096)).unwrap_or_default());
    let mut lines = head.lines().map(str::trim);
    lines.any(|line| matches!(line, "//go:build ignore" | "// +build ignore"))
}

/// Those whose go.mod is a template: nothing of them is compiled.
pub(super) fn templates(targets: &[Target]) -> Option<Outcome> {
    let all = targets.iter().filter(|target| target.is_template);
    let names: Vec<&str> = all.map(|target| target.prefix.trim_end_matches('/')).collect();
    let (title, names) = (Text::new("go.mod can be read", "go.mod 可读取"), names.join(", "));
    let why = Text::new(
        format!("{names} is not compiled: its go.mod is a template"),
        format!("{names} 未编译：其 go.mod 是模板"),
    );
    (!names.is_empty()).then(|| outcome::skipped("module-template", title, why))
}

/// Whether a go.mod says nothing, and only keeps a folder without Go files out of `./...` (`node_modules`).
fn is_fence(repo: &Repo<'_>, subject: &Subject, root: &Path) -> bool {
    let text = subject.overlay.read(&root.join("go.mod")).unwrap_or_default();
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let is_go = |path: &String| {
        let file = repo.top.join(path);
        path.ends_with(".go") && file.starts_with(root) && subject.overlay.is_file(&file)
    };
    root != repo.top
        && lines.all(|line| line.is_empty() || line.starts_with(b"//"))
        && !subject.files.iter().any(is_go)
}

/// Whether a go.mod below the top is what a generator makes one of: Go reads none that has `{{` in it.
fn is_template(repo: &Repo<'_>, subject: &Subject, root: &Path) -> bool {
    let text = subject.overlay.read(&root.join("go.mod")).unwrap_or_default();
    root != repo.top
        && text.windows(2).any(|two| two == b"{{")
        && gomod::parse_go_mod(&text).is_err()
}

/// Whether a module is built as a part of others only: they put it in the place of a module, and it has no sums of its own
/// for what it requires, nor had it before the change: what the change takes away it lacks.
pub(super) fn is_part(repo: &Repo<'_>, subject: &Subject, root: &Path) -> Result<bool, GitError> {
    if root == repo.top || !subject.is_replacement(&repo.top, root) {
        return Ok(false);
    }
    let now = |name: &str| subject.overlay.read(&root.join(name)).unwrap_or_default();
    let before = |name: &str| -> Result<Option<String>, GitError> {
        let file = root.join(name);
        let path = file.strip_prefix(&repo.top).unwrap_or(&file).to_string_lossy();
        repo.show(&subject.before, &path)
    };
    let (sums, old) = (root.join("go.sum"), before("go.mod")?);
    // Of a new module one on the disk was forgotten.
    let is_forgotten = old.is_none() && sums.is_file();
    let has_sums = is_forgotten || subject.overlay.is_file(&sums) || before("go.sum")?.is_some();
    let text = old.map_or_else(|| now("go.mod"), String::into_bytes);
    let needs_sums = gomod::parse_go_mod(&text).is_ok_and(|file| {
        let is_folder = |require: &gomod::Require| {
            file.replace.iter().any(|one| {
                one.path == require.path && matches!(one.new, gomod::Replacement::Directory(_))
            })
        };
        file.require.iter().any(|require| !is_folder(require))
    });
    Ok(needs_sums && !has_sums)
}
