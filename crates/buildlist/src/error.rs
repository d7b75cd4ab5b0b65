//! Why there is no build list.

use crate::input::Mode;
use gomod::{ModuleVersion, Replacement};
use std::fmt;
use std::path::{Path, PathBuf};

/// Why there is no build list. The words are those of the go command where it has some.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// There is no go.mod file in the directory or above it, and no go.work file.
    #[error("go.mod file not found in {} or any parent directory", .dir.display())]
    NoMainModule {
        /// Where the search began.
        dir: PathBuf,
    },
    /// The go.work file uses no module.
    #[error("no modules were found in the workspace {}", .work.display())]
    EmptyWorkspace {
        /// The go.work file.
        work: PathBuf,
    },
    /// A go.mod, go.work or modules.txt file of the main modules cannot be read.
    #[error("reading {}: {problem}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why, as the operating system says it.
        problem: String,
    },
    /// A go.mod or go.work file of the main modules is wrong.
    #[error("errors parsing {}:{}", .file.display(), lines(.errors))]
    Parse {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        errors: Vec<gomod::Error>,
    },
    /// A go.mod file names no module, or one with a reserved name.
    #[error("error reading {}: {source}", .file.display())]
    MainModule {
        /// The file.
        file: PathBuf,
        /// Why it is refused.
        source: gomod::MainModuleError,
    },
    /// A main module has a path that no import path may have.
    #[error("{}: {source}", .file.display())]
    ModulePath {
        /// The file.
        file: PathBuf,
        /// Why it is refused.
        source: gomod::module_path::PathError,
    },
    /// A main module needs a later Go.
    #[error("{} requires go >= {needed} (running go {running})", .file.display())]
    TooNew {
        /// The go.mod, go.work or modules.txt file.
        file: PathBuf,
        /// The version in it.
        needed: String,
        /// That of the toolchain.
        running: String,
    },
    /// A module of a workspace has a later `go` version than go.work.
    #[error("module {} listed in go.work file requires go >= {needed}, but go.work lists go {listed}", .dir.display())]
    WorkTooOld {
        /// The module's directory.
        dir: PathBuf,
        /// The version in its go.mod.
        needed: String,
        /// The version in go.work, or the default 1.18.
        listed: String,
    },
    /// A go.work file uses a directory twice.
    #[error("{}:{line}: path {} appears multiple times in workspace", .work.display(), .dir.display())]
    RepeatedUse {
        /// The go.work file.
        work: PathBuf,
        /// 1-based line of the second `use`.
        line: usize,
        /// The directory.
        dir: PathBuf,
    },
    /// A directory that go.work uses has no go.mod file, or is not there.
    #[error("{}:{line}: cannot load module {} listed in go.work file: no such file or directory", .work.display(), .dir.display())]
    UsedModuleMissing {
        /// The go.work file.
        work: PathBuf,
        /// 1-based line of the `use`.
        line: usize,
        /// The directory.
        dir: PathBuf,
    },
    /// Two directories of a workspace hold modules of the same path.
    #[error("module {path} appears multiple times in workspace")]
    RepeatedModule {
        /// The module path.
        path: String,
    },
    /// go.work replaces one of its own modules at all versions.
    #[error("workspace module {path} is replaced at all versions in the go.work file")]
    WorkspaceModuleReplaced {
        /// The module path.
        path: String,
    },
    /// Two `replace` directives contradict each other.
    #[error("conflicting replacements for {}:\n\t{}\n\t{}", name(.module), new(&.by[0]), new(&.by[1]))]
    ConflictingReplacements {
        /// What is replaced; an empty version stands for all.
        module: ModuleVersion,
        /// By the first directive, and by the second.
        by: Box<[Replacement; 2]>,
    },
    /// `-mod=mod` in a workspace.
    #[error(
        "-mod may only be set to readonly or vendor when in workspace mode, but it is set to \"mod\""
    )]
    ModInWorkspace,
    /// `-modfile` in a workspace.
    #[error("-modfile cannot be used in workspace mode")]
    ModFileInWorkspace,
    /// A `-mod` that Go does not know.
    #[error("-mod={0} not supported (can be '', 'mod', 'readonly', or 'vendor')")]
    UnknownMode(String),
    /// `GOWORK` names a file by a relative path.
    #[error("invalid GOWORK: not an absolute path: {}", .0.display())]
    RelativeGoWork(PathBuf),
    /// A dependency's go.mod file is missing or wrong.
    #[error(transparent)]
    Graph(Box<GraphError>),
    /// Go would have to change go.mod, which `-mod=readonly` and `-mod=vendor` forbid.
    #[error("updates to go.mod needed, disabled by -mod={mode}:{}", lines(.updates))]
    GoModNeedsUpdate {
        /// The mode.
        mode: Mode,
        /// What would change: at least one.
        updates: Vec<Update>,
    },
    /// A version in go.mod is not canonical (`v1.2`, a branch): Go would ask the network and rewrite the file.
    #[error("{}:{line}: updates to go.mod needed: the version is not canonical", .file.display())]
    NotCanonical {
        /// The go.mod file.
        file: PathBuf,
        /// 1-based line.
        line: usize,
    },
    /// vendor/modules.txt contradicts go.mod or go.work.
    #[error("inconsistent vendoring in {}:{}", .dir.display(), lines(.problems))]
    InconsistentVendoring {
        /// The directory that holds `vendor`.
        dir: PathBuf,
        /// What differs: at least one.
        problems: Vec<VendorProblem>,
    },
}

impl Error {
    /// Whether this says nothing about the project: the module cache lacks a file, or one cannot be read. A caller
    /// should then report that it could not judge, not that something is wrong.
    pub fn is_inconclusive(&self) -> bool {
        match self {
            Self::Graph(graph) => {
                matches!(graph.cause, LoadError::Missing { .. } | LoadError::Read { .. })
            }
            Self::Read { .. } => true,
            _ => false,
        }
    }

    /// Whether a folder that replaces a module is not there, or has no go.mod: who imports nothing from it builds all the
    /// same (lazy loading).
    pub fn is_replacement_gone(&self) -> bool {
        matches!(self, Self::Graph(graph) if matches!(graph.cause, LoadError::NoGoMod { .. }))
    }

    /// The file that is missing or wrong, where it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Read { path, .. } => Some(path),
            Self::Parse { file, .. }
            | Self::MainModule { file, .. }
            | Self::ModulePath { file, .. }
            | Self::TooNew { file, .. }
            | Self::NotCanonical { file, .. } => Some(file),
            Self::EmptyWorkspace { work }
            | Self::RepeatedUse { work, .. }
            | Self::UsedModuleMissing { work, .. } => Some(work),
            Self::Graph(graph) => match &graph.cause {
                LoadError::NoGoMod { path } | LoadError::Read { path, .. } => Some(path),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The first module in the graph (by distance) whose go.mod file is missing or wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}{cause}", chain_text(.chain))]
pub struct GraphError {
    /// Who requires it: from a main module (with the empty version) to the module itself.
    pub chain: Vec<ModuleVersion>,
    /// What is wrong with it. Its words are among this error's own.
    pub cause: LoadError,
    /// The other modules whose go.mod file is missing or wrong, by path and version.
    pub others: Vec<ModuleVersion>,
}

/// What is wrong with a dependency's go.mod file. The module is the one that is read: the replacement.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LoadError {
    /// It was never downloaded, or was deleted.
    #[error("{}: go.mod is not in the module cache", name(.module))]
    Missing {
        /// The module.
        module: ModuleVersion,
        /// Where it was looked for.
        looked_at: Vec<PathBuf>,
    },
    /// The directory that replaces a module has none, or is not there.
    #[error("reading {}: no such file or directory", .path.display())]
    NoGoMod {
        /// The file that should be there.
        path: PathBuf,
    },
    /// It cannot be read.
    #[error("reading {}: {problem}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why, as the operating system says it.
        problem: String,
    },
    /// No module can have this path and version.
    #[error("{}: {problem}", name(.module))]
    Malformed {
        /// The module.
        module: ModuleVersion,
        /// Why.
        problem: String,
    },
    /// It cannot be parsed.
    #[error("{}: parsing go.mod:{}", name(.module), lines(.errors))]
    Parse {
        /// The module.
        module: ModuleVersion,
        /// What is wrong.
        errors: Vec<gomod::Error>,
    },
    /// It has no `module` directive.
    #[error("{}: parsing go.mod: missing module line", name(.module))]
    NoModuleLine {
        /// The module.
        module: ModuleVersion,
    },
    /// Its `module` directive names another module.
    #[error("{}: parsing go.mod:\n\tmodule declares its path as: {declared}\n\t        but was required as: {required}", name(.module))]
    PathMismatch {
        /// The module.
        module: ModuleVersion,
        /// The path in the file.
        declared: String,
        /// The path by which it is required.
        required: String,
    },
    /// It needs a later Go.
    #[error("module {} requires go >= {needed} (running go {running})", name(.module))]
    TooNew {
        /// The module.
        module: ModuleVersion,
        /// The version in its go.mod file.
        needed: String,
        /// That of the toolchain.
        running: String,
    },
    /// The modules of a workspace replace it differently.
    #[error("conflicting replacements for {}", name(.module))]
    ConflictingReplacements {
        /// The module, not replaced.
        module: ModuleVersion,
    },
}

/// A change that go.mod needs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Update {
    /// A requirement is lower than the version that the graph selects. `go` and `toolchain` are modules here too.
    #[error("{} is listed, but {selected} is selected{}", name(.listed), because(.chain))]
    TooLow {
        /// What go.mod lists.
        listed: ModuleVersion,
        /// The version that is selected.
        selected: String,
        /// Who requires that version, from the main module on. Only the first hundred updates say it.
        chain: Vec<ModuleVersion>,
    },
    /// A module is required at two versions.
    #[error("{} is listed twice; the higher version is {selected}", name(.listed))]
    Repeated {
        /// The lower one.
        listed: ModuleVersion,
        /// The higher one.
        selected: String,
    },
    /// The main module requires itself.
    #[error("{} is the main module itself", name(.listed))]
    Itself {
        /// The requirement.
        listed: ModuleVersion,
    },
    /// A requirement that go.mod excludes.
    #[error("{} is listed and excluded", name(.listed))]
    Excluded {
        /// The requirement.
        listed: ModuleVersion,
    },
    /// A toolchain that the `go` line implies, or that Go cannot switch to.
    #[error("the toolchain line {listed} is superfluous")]
    Toolchain {
        /// The name.
        listed: String,
    },
    /// modules.txt has a module that a pruned go.mod file should list.
    #[error("vendored module {} should be required explicitly in go.mod", name(.module))]
    Vendored {
        /// The module.
        module: ModuleVersion,
    },
}

/// A difference between vendor/modules.txt and what it was made from (`checkVendorConsistency`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {problem}", name(.module))]
pub struct VendorProblem {
    /// The module; an empty version stands for a replacement of all.
    pub module: ModuleVersion,
    /// The words of the go command.
    pub problem: String,
}

/// `path@version`, or the path alone.
pub(crate) fn name(module: &ModuleVersion) -> String {
    if module.version.is_empty() {
        module.path.clone()
    } else {
        format!("{}@{}", module.path, module.version)
    }
}

/// A replacement as Go prints it.
pub(crate) fn new(replacement: &Replacement) -> String {
    match replacement {
        Replacement::Module(module) => name(module),
        Replacement::Directory(path) => path.clone(),
    }
}

fn lines(items: &[impl fmt::Display]) -> String {
    items.iter().map(|item| format!("\n\t{item}")).collect()
}

/// `a@v1 requires\n\tb@v1 requires\n\t`, as `mvs.BuildListError` begins: without the main module and the last one.
fn chain_text(chain: &[ModuleVersion]) -> String {
    let Some((_, before)) = chain.split_last() else { return String::new() };
    let before = before.iter().filter(|module| !module.version.is_empty());
    before.map(|module| format!("{} requires\n\t", name(module))).collect()
}

fn because(chain: &[ModuleVersion]) -> String {
    if chain.len() < 2 {
        return String::new();
    }
    let names: Vec<String> = chain.iter().map(name).collect();
    format!(" ({})", names.join(" requires "))
}
