//! What the go command refuses when it loads a workspace whose files it can read (`LoadWorkFile`, `loadModFile` and
//! `makeMainModules` in `cmd/go/internal/modload/init.go`).

use crate::go_mod::{GoMod, MainModuleError, ModuleVersion, Replace, Replacement};
use crate::go_work::GoWork;
use crate::godebug::{self, GodebugError};
use crate::module_path::{self, PathError, PathKind};
use crate::{go_version, path};
use std::collections::{HashMap, HashSet};

/// The Go version of a go.work file that says none.
const DEFAULT_GO: &str = "1.18";
/// Before this version, `go` directives of modules were no more than advice.
const STRICT_GO: &str = "1.21";

/// A workspace.
#[derive(Debug, Clone, Copy)]
pub struct Workspace<'a> {
    /// The directory of the go.work file: rooted, so that paths like those of Go come out.
    pub dir: &'a str,
    /// The go.work file.
    pub work: &'a GoWork,
    /// The go.mod files of its modules, one for each `use` directive, in the same order.
    pub members: &'a [&'a GoMod],
}

impl Workspace<'_> {
    /// The directory of a member.
    pub(crate) fn member_dir(&self, index: usize) -> String {
        let used = self.work.uses.get(index).map_or("", |one| &one.path);
        path::resolve(self.dir, used)
    }

    /// The go.mod file of a member, as the go command names it when it runs in the workspace's directory.
    pub(crate) fn member_file(&self, index: usize) -> String {
        path::short(self.dir, &path::clean(&format!("{}/go.mod", self.member_dir(index))))
    }
}

/// Which file a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceFile {
    /// vendor/modules.txt
    ModulesTxt,
    /// The go.mod file of a main module: its index in [`Workspace::members`], or 0 outside of workspaces.
    GoMod(usize),
    /// go.work
    GoWork,
}

/// A line of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Anchor {
    /// The file.
    pub file: SourceFile,
    /// 1-based line.
    pub line: usize,
}

impl Anchor {
    pub(crate) fn new(file: SourceFile, line: usize) -> Self {
        Self { file, line }
    }
}

/// Something that the go command refuses in a workspace, in its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceError {
    /// What is wrong.
    pub problem: WorkspaceProblem,
    /// Where.
    pub at: Anchor,
}

impl std::fmt::Display for WorkspaceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.problem.fmt(f)
    }
}

impl std::error::Error for WorkspaceError {}

/// What is wrong with a workspace. The text is Go's, without `go: ` in front.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkspaceProblem {
    /// The go.work file asks for a later Go. (The go command would try to get that toolchain, unless `GOTOOLCHAIN`
    /// forbids it.)
    #[error("go.work requires go >= {needed} (running go {running})")]
    TooNew {
        /// The version of the `go` directive.
        needed: String,
        /// The version that runs.
        running: String,
    },
    /// Two `use` directives for one directory.
    #[error("path {0} appears multiple times in workspace")]
    RepeatedUse(String),
    /// A `godebug` directive.
    #[error(transparent)]
    Godebug(GodebugError),
    /// There is no `use` directive.
    #[error("no modules were found in the current workspace; see 'go help work'")]
    NoModules,
    /// The go.mod file of a member has no usable `module` directive.
    #[error("cannot load module {dir} listed in go.work file: error reading {file}: {problem}{}", advice(.problem))]
    Module {
        /// The directory of the member.
        dir: String,
        /// Its go.mod file.
        file: String,
        /// What is wrong.
        problem: MainModuleError,
    },
    /// A member wants a later Go than go.work.
    #[error("module {dir} listed in go.work file requires go >= {needed}, but go.work {} go {listed}; to update it:\n\tgo work use", if *.implicit { "implicitly requires" } else { "lists" })]
    TooOld {
        /// The directory of the member.
        dir: String,
        /// What the member asks for.
        needed: String,
        /// What go.work says, or 1.18.
        listed: String,
        /// Whether go.work has no `go` directive.
        implicit: bool,
    },
    /// The module path of a member, or the path of a tool.
    #[error(transparent)]
    Path(PathError),
    /// Two `replace` directives for the same module in one file.
    #[error("conflicting replacements for {}:\n\t{}\n\t{}", shown(.module), shown_new(.first), shown_new(.second))]
    ConflictingReplacements {
        /// The module, with a version if only that is replaced.
        module: ModuleVersion,
        /// By what first.
        first: Replacement,
        /// By what then.
        second: Replacement,
    },
    /// `replace` directives of two members for the same module.
    #[error("conflicting replacements for {}:\n\t{}\n\t{}\nuse \"go work edit -replace {}=[override]\" to resolve", shown(.module), shown_new(.first), shown_new(.second), shown(.module))]
    ConflictingMembers {
        /// The module, with a version if only that is replaced.
        module: ModuleVersion,
        /// By what first; directories are rooted.
        first: Replacement,
        /// By what then.
        second: Replacement,
    },
    /// Two members have the same module path.
    #[error("module {0} appears multiple times in workspace")]
    RepeatedModule(String),
    /// The go.work file replaces a member.
    #[error(
        "workspace module {0} is replaced at all versions in the go.work file. To fix, remove the replacement from the go.work file or specify the version at which to replace the module."
    )]
    ReplacedMember(String),
}

fn advice(problem: &MainModuleError) -> &'static str {
    match problem {
        MainModuleError::Missing => {
            ". To specify the module path:\n\tgo mod edit -module=example.com/mod"
        }
        MainModuleError::Reserved(_) => "",
    }
}

/// `path@version`, as Go shows a module.
pub(crate) fn shown(module: &ModuleVersion) -> String {
    if module.version.is_empty() {
        module.path.clone()
    } else {
        format!("{}@{}", module.path, module.version)
    }
}

/// The right side of a `replace`, as Go shows it.
pub(crate) fn shown_new(new: &Replacement) -> String {
    match new {
        Replacement::Module(module) => shown(module),
        Replacement::Directory(dir) => dir.clone(),
    }
}

/// The left side of a `replace`.
pub(crate) fn old(replace: &Replace) -> ModuleVersion {
    let version = replace.version.clone().unwrap_or_default();
    ModuleVersion { path: replace.path.clone(), version }
}

impl GoWork {
    /// What the go command of version `running`, such as `1.26.1`, refuses in a go.work file itself, before it reads
    /// the go.mod files (`modload.LoadWorkFile`). `dir` is the file's directory, rooted.
    ///
    /// The go command prints the first of them, as `go: error loading go.work:\ngo.work:LINE: …`.
    pub fn check(&self, dir: &str, running: &str) -> Vec<WorkspaceError> {
        let at = |line| Anchor::new(SourceFile::GoWork, line);
        let mut errors = Vec::new();
        let mut add = |problem, line| errors.push(WorkspaceError { problem, at: at(line) });
        if let Some(go) = &self.go
            && go_version::compare(&go.version, running).is_gt()
        {
            let (needed, running) = (go.version.clone(), running.to_owned());
            add(WorkspaceProblem::TooNew { needed, running }, go.span.start.line);
        }
        let mut seen = HashSet::new();
        for one in &self.uses {
            let dir = path::resolve(dir, &one.path);
            if !seen.insert(dir.clone()) {
                add(WorkspaceProblem::RepeatedUse(dir), one.span.start.line);
            }
        }
        for one in &self.godebug {
            if let Err(problem) = godebug::check(&one.key, &one.value, running) {
                add(WorkspaceProblem::Godebug(problem), one.span.start.line);
            }
        }
        errors
    }
}

/// What the go command of version `running` refuses in a workspace, in its order; it stops after a few. Begins with
/// [`GoWork::check`].
pub fn check_workspace(workspace: &Workspace<'_>, running: &str) -> Vec<WorkspaceError> {
    let mut errors = workspace.work.check(workspace.dir, running);
    if workspace.members.is_empty() {
        let at = Anchor::new(SourceFile::GoWork, 1);
        errors.push(WorkspaceError { problem: WorkspaceProblem::NoModules, at });
    }
    for (index, member) in workspace.members.iter().enumerate() {
        member_errors(workspace, index, member, &mut errors);
    }
    same_file(&workspace.work.replace, SourceFile::GoWork, &mut errors);
    same_module(workspace, &mut errors);
    across_members(workspace, &mut errors);
    errors
}

fn member_errors(
    workspace: &Workspace<'_>,
    index: usize,
    member: &GoMod,
    errors: &mut Vec<WorkspaceError>,
) {
    let at = |line| Anchor::new(SourceFile::GoMod(index), line);
    let dir = || path::short(workspace.dir, &path::clean(&workspace.member_dir(index)));
    let mut add = |problem, line| errors.push(WorkspaceError { problem, at: at(line) });
    let module = match member.main_module() {
        Ok(module) => module,
        Err(problem) => {
            let line = member.module.as_ref().map_or(1, |module| module.span.start.line);
            let file = workspace.member_file(index);
            return add(WorkspaceProblem::Module { dir: dir(), file, problem }, line);
        }
    };
    if let Some(go) = &member.go {
        let listed = workspace.work.go.as_ref().map_or(DEFAULT_GO, |go| &go.version);
        if go_version::compare(&go.version, listed).is_gt()
            && go_version::compare(&go.version, STRICT_GO).is_ge()
        {
            let (needed, listed) = (go.version.clone(), listed.to_owned());
            let implicit = workspace.work.go.is_none();
            let problem = WorkspaceProblem::TooOld { dir: dir(), needed, listed, implicit };
            add(problem, go.span.start.line);
        }
    }
    if let Err(error) = module_path::check_import(&module.path) {
        let error = PathError { kind: PathKind::Module, ..error };
        add(WorkspaceProblem::Path(error), module.span.start.line);
    }
    for tool in &member.tool {
        if let Err(error) = module_path::check_import(&tool.path) {
            let error = PathError { kind: PathKind::Tool, ..error };
            add(WorkspaceProblem::Path(error), tool.span.start.line);
        }
    }
    same_file(&member.replace, SourceFile::GoMod(index), errors);
}

/// `toReplaceMap`.
fn same_file(replace: &[Replace], file: SourceFile, errors: &mut Vec<WorkspaceError>) {
    let mut known: HashMap<ModuleVersion, &Replacement> = HashMap::new();
    for one in replace {
        let module = old(one);
        if let Some(first) = known.insert(module.clone(), &one.new)
            && *first != one.new
        {
            let (first, second) = (first.clone(), one.new.clone());
            let problem = WorkspaceProblem::ConflictingReplacements { module, first, second };
            errors.push(WorkspaceError { problem, at: Anchor::new(file, one.span.start.line) });
        }
    }
}

fn same_module(workspace: &Workspace<'_>, errors: &mut Vec<WorkspaceError>) {
    let mut paths = HashSet::new();
    for (index, module) in workspace.members.iter().map(|member| &member.module).enumerate() {
        let Some(module) = module else { continue };
        if !paths.insert(module.path.as_str()) {
            let problem = WorkspaceProblem::RepeatedModule(module.path.clone());
            let at = Anchor::new(SourceFile::GoMod(index), module.span.start.line);
            errors.push(WorkspaceError { problem, at });
        }
    }
    for one in &workspace.work.replace {
        if one.version.is_none() && paths.contains(one.path.as_str()) {
            let problem = WorkspaceProblem::ReplacedMember(one.path.clone());
            let at = Anchor::new(SourceFile::GoWork, one.span.start.line);
            errors.push(WorkspaceError { problem, at });
        }
    }
}

/// Members that replace the same module by different things, which the go.work file does not replace.
fn across_members(workspace: &Workspace<'_>, errors: &mut Vec<WorkspaceError>) {
    let of_work: HashSet<&str> =
        workspace.work.replace.iter().map(|one| one.path.as_str()).collect();
    // What is replaced, by what, and by which member.
    let mut known: HashMap<ModuleVersion, (Replacement, usize)> = HashMap::new();
    for (index, member) in workspace.members.iter().enumerate() {
        for one in &member.replace {
            if of_work.contains(one.path.as_str()) {
                continue;
            }
            let module = old(one);
            let new = match &one.new {
                Replacement::Directory(dir) => {
                    Replacement::Directory(path::resolve(&workspace.member_dir(index), dir))
                }
                other => other.clone(),
            };
            let before = known.insert(module.clone(), (new.clone(), index));
            if let Some((first, by)) = before
                && by != index
                && first != new
            {
                let problem = WorkspaceProblem::ConflictingMembers { module, first, second: new };
                let at = Anchor::new(SourceFile::GoMod(index), one.span.start.line);
                errors.push(WorkspaceError { problem, at });
            }
        }
    }
}
