//! The answer: which modules a build uses, and why.

use crate::error::Error;
use crate::graph::Graph;
use crate::input::{GoMods, MainModule, Mode};
use crate::loader::Loader;
use crate::roots::Requirements;
use crate::table::{ModuleId, Table};
use gomod::{ModuleVersion, Replacement, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// A module of a build list. [`fmt::Display`] gives the line of `go list -m all`: `path`, `path version`, or
/// `path version => replacement`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// The module path.
    pub path: String,
    /// The selected version; `None` for main modules.
    pub version: Option<String>,
    /// What is used in its place.
    pub replacement: Option<Replaced>,
    /// Whether some main module requires it without `// indirect`. Not set for main modules.
    pub direct: bool,
    /// The directory of a main module, or that of the replacement.
    pub dir: Option<PathBuf>,
    /// The `go` version of its go.mod file: `None` if it has none or was not read, being pruned out.
    pub go_version: Option<String>,
    /// Where the main modules require it, at whatever version: of a workspace, in the order of go.work.
    pub requirements: Vec<Requirement>,
}

/// What is used in place of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// Another module, or a directory as Go prints it: relative to go.mod, in a workspace to go.work.
    pub new: Replacement,
    /// The go.mod or go.work file that says so.
    pub file: PathBuf,
}

/// A `require` directive of a main module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The go.mod file.
    pub file: PathBuf,
    /// The version that it asks for.
    pub version: String,
    /// Whether it says `// indirect`.
    pub indirect: bool,
    /// The directive.
    pub span: Span,
}

impl Module {
    /// Whether it is a main module.
    pub fn is_main(&self) -> bool {
        self.version.is_none()
    }

    /// The module whose content is built and whose hashes go.sum has: the replacement if there is one. `None` for main
    /// modules and directories.
    pub fn content(&self) -> Option<ModuleVersion> {
        match (&self.replacement, &self.version) {
            (Some(Replaced { new: Replacement::Module(new), .. }), _) => Some(new.clone()),
            (Some(Replaced { new: Replacement::Directory(_), .. }), _) | (None, None) => None,
            (None, Some(version)) => {
                Some(ModuleVersion { path: self.path.clone(), version: version.clone() })
            }
        }
    }
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(version) = &self.version {
            write!(f, " {version}")?;
        }
        match self.replacement.as_ref().map(|one| &one.new) {
            Some(Replacement::Module(new)) => write!(f, " => {} {}", new.path, new.version),
            Some(Replacement::Directory(dir)) => write!(f, " => {dir}"),
            None => Ok(()),
        }
    }
}

/// A requirement in the graph. [`fmt::Display`] gives the line of `go mod graph`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge<'a> {
    /// The path of the module that requires.
    pub from: &'a str,
    /// Its version; empty for a main module.
    pub from_version: &'a str,
    /// The path of the module that is required: `go` and `toolchain` too.
    pub to: &'a str,
    /// The version that is required.
    pub to_version: &'a str,
}

impl fmt::Display for Edge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.from)?;
        if !self.from_version.is_empty() {
            write!(f, "@{}", self.from_version)?;
        }
        write!(f, " {}", self.to)?;
        if !self.to_version.is_empty() {
            write!(f, "@{}", self.to_version)?;
        }
        Ok(())
    }
}

/// Which versions of which modules a build uses. What is serialised is for the same version of this library.
#[derive(Debug, Serialize, Deserialize)]
pub struct BuildList {
    table: Table,
    graph: Graph,
    modules: Vec<Module>,
    go_mods_read: Vec<ModuleVersion>,
    mode: Mode,
    work: Option<PathBuf>,
    partial: bool,
    told: bool,
}

/// The module that stands for modules.txt in the graph of a vendor directory; no list shows it.
pub(crate) const VENDOR_MODULE: &str = "vendor/modules.txt";

impl BuildList {
    pub(crate) fn new<W: GoMods>(
        loader: Loader<'_, W>,
        graph: Graph,
        requirements: &Requirements,
        main: &[MainModule],
        mode: Mode,
    ) -> (Self, Option<Error>) {
        let table = &loader.table;
        let listed = |module: &ModuleId| {
            Graph::is_listed(table, *module) && table.path(*module) != VENDOR_MODULE
        };
        let mut modules = Vec::new();
        let mut conflict = None;
        let mut places = foldhash::HashMap::<&str, Vec<Requirement>>::default();
        for module in main {
            for one in &module.go_mod.require {
                let (version, file) = (one.version.clone(), module.file.clone());
                let (indirect, span) = (one.indirect, one.span);
                let place = Requirement { file, version, indirect, span };
                places.entry(&one.path).or_default().push(place);
            }
        }
        for id in graph.build_list(table).into_iter().filter(listed) {
            let found = match loader.replacements.find(table.path(id), table.version(id)) {
                Ok(found) => found,
                Err(error) => {
                    conflict.get_or_insert(error);
                    None
                }
            };
            let version = (!table.version(id).is_empty()).then(|| table.version(id).to_owned());
            let this = main.iter().find(|one| version.is_none() && one.path() == table.path(id));
            let dir = match (&found, this) {
                (Some(found), _) => found.dir.clone(),
                (None, this) => this.map(|this| this.dir.clone()),
            };
            let go_version = match this {
                Some(this) => this.go_mod.go.as_ref().map(|go| go.version.clone()),
                None => loader.summary(id).and_then(|summary| summary.go_version.clone()),
            };
            modules.push(Module {
                path: table.path(id).to_owned(),
                direct: version.is_some() && requirements.direct.contains(&table.path_of(id)),
                version,
                replacement: found.map(|found| Replaced { new: found.new, file: found.file }),
                dir,
                go_version,
                requirements: places.get(table.path(id)).cloned().unwrap_or_default(),
            });
        }
        let in_graph =
            graph.walk().into_iter().filter(|(one, _)| graph.required_by(*one).is_some());
        let read: BTreeSet<ModuleVersion> =
            in_graph.filter_map(|(module, _)| loader.summary(module)?.read.clone()).collect();
        let go_mods_read = read.into_iter().collect();
        let list = Self {
            table: loader.table,
            graph,
            modules,
            go_mods_read,
            mode,
            work: None,
            partial: false,
            told: false,
        };
        (list, conflict)
    }

    pub(crate) fn partial(mut self) -> Self {
        self.partial = true;
        self
    }

    pub(crate) fn told(mut self, told: bool) -> Self {
        self.told = told;
        self
    }

    /// Whether [`BuildList::mode`] was asked for, and not chosen by the folder.
    pub fn is_told(&self) -> bool {
        self.told
    }

    /// Whether only what go.mod itself requires is known, and not the graph below ([`crate::roots`]).
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    pub(crate) fn in_workspace(mut self, work: Option<PathBuf>) -> Self {
        self.work = work;
        self
    }

    /// The modules in the order of `go list -m all`: the main modules (of a workspace sorted by path), then the others
    /// sorted by path.
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// The module with this path.
    pub fn module(&self, path: &str) -> Option<&Module> {
        self.modules.iter().find(|module| module.path == path)
    }

    /// The selected version of a path; empty for main modules. `go` and `toolchain` are paths too.
    pub fn selected(&self, path: &str) -> Option<&str> {
        let module = self.graph.selected(self.table.find_path(path)?)?;
        Some(self.table.version(module))
    }

    /// Whether the go.mod file of the selected version of a path was read for the graph, and not pruned out: in a
    /// workspace only such modules may be imported by its own packages.
    pub fn is_read(&self, path: &str) -> bool {
        let module = self.table.find_path(path).and_then(|path| self.graph.selected(path));
        module.is_some_and(|module| self.graph.required_by(module).is_some())
    }

    /// The mode that was in force.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The go.work file, in workspace mode.
    pub fn work(&self) -> Option<&Path> {
        self.work.as_deref()
    }

    /// A shortest chain of requirements from a main module (with the empty version) to the selected version of a path;
    /// empty if there is no such module.
    pub fn why(&self, path: &str) -> Vec<ModuleVersion> {
        let chain = self.graph.why(&self.table, path);
        chain.into_iter().map(|module| self.table.module_version(module)).collect()
    }

    /// The requirements in the graph, as `go mod graph` prints them. (For exactly its answer where Go would have to
    /// change go.mod, and beside a vendor directory, see [`crate::graph`].)
    pub fn edges(&self) -> impl Iterator<Item = Edge<'_>> {
        self.graph.walk().into_iter().flat_map(move |(from, _)| {
            let required = self.graph.required_by(from).unwrap_or_default();
            required.iter().map(move |to| self.edge(from, *to))
        })
    }

    fn edge(&self, from: ModuleId, to: ModuleId) -> Edge<'_> {
        Edge {
            from: self.table.path(from),
            from_version: self.table.version(from),
            to: self.table.path(to),
            to_version: self.table.version(to),
        }
    }

    /// The modules whose go.mod file was read, replacements applied, sorted: go.sum must have a `/go.mod` line for each
    /// (`modload.keepSums`). Files in replacement directories need none.
    pub fn go_mods_read(&self) -> &[ModuleVersion] {
        &self.go_mods_read
    }

    /// The modules whose content the build may use, replacements applied, sorted: those of them that provide a package
    /// that is built, or could, need a line in go.sum.
    pub fn contents(&self) -> Vec<ModuleVersion> {
        let contents: BTreeSet<ModuleVersion> =
            self.modules.iter().filter_map(Module::content).collect();
        contents.into_iter().collect()
    }
}
