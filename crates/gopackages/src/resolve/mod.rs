//! Which module and directory offer an import path (`modload.importFromModules`).

mod find;

use crate::building::Reads;
use crate::evidence::Looks;
use crate::folder::Folder;
use crate::go_index::{GoIndex, GoModule};
use crate::index::{Index, Keeps};
use crate::listing::Listing;
use buildlist::{BuildList, Mode, Module, ModuleVersion, Stamp};
use foldhash::{HashMap, HashMapExt as _};
use overlay::Overlay;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

/// Since this version of Go, vendored packages must stand in modules.txt to be imported
/// (`gover.ExplicitModulesTxtImportVersion`).
const EXPLICIT_MODULES_TXT: &str = "1.23";

/// Where a package lies.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) dir: PathBuf,
    /// The module, by its place in the build list; `None` in the standard library.
    pub(crate) module: Option<usize>,
    pub(crate) seen: Seen,
}

/// What is known of a package's directory.
#[derive(Debug, Clone)]
pub(crate) enum Seen {
    /// Its entries.
    Listing(Arc<Listing>),
    /// What an earlier run read there, which still holds.
    Indexed(Arc<Folder>),
    /// What the go command read there: where in its index; and the directory's stamp, where somebody keeps it.
    OfGo(Arc<GoModule>, usize, Option<Stamp>),
}

/// Why an import path cannot be resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportProblem {
    /// Nothing offers it.
    Missing {
        /// Its first element has no dot, so that it would be in the standard library.
        is_std: bool,
    },
    /// More than one module, or directory, offers it: as Go words it.
    Ambiguous(String),
    /// It is no import path.
    Invalid(String),
    /// No module that go.mod requires offers it, and the graph below is not known.
    Unknown,
    /// A module that may offer it is not in the module cache.
    NotDownloaded(ModuleVersion),
    /// A folder that replaces a module that may offer it is not there: as Go words it.
    NoReplacement(String),
    /// The disk.
    Io(String),
}

/// The standard library and the modules of a build.
pub(crate) struct Resolver<'a> {
    /// `GOROOT/src`
    pub(crate) std: PathBuf,
    /// Files that stand in for those of main modules, replacement directories and the vendor folder.
    pub(crate) overlay: Arc<Overlay>,
    /// Import paths in the standard library's vendor folders, and whether they are there.
    std_vendored: Mutex<HashMap<Arc<str>, bool>>,
    /// What is known of directories already.
    pub(crate) index: Option<Arc<Index>>,
    /// Whether tests that no build of the main modules compiles may be left out.
    pub(crate) spares_tests: bool,
    /// Where the go command keeps what it knows of modules.
    go_index: Option<GoIndex>,
    list: &'a BuildList,
    by_path: HashMap<&'a str, usize>,
    /// The folder of each module, `None` for what the standard library's `go` stands for.
    dirs: Vec<Option<Dir>>,
    /// Whether a module is a root of the requirements: those are searched first.
    is_root: Vec<bool>,
    vendor: Option<Vendor>,
    /// Modules whose content was searched for a package, in vain or not: go.sum must know them.
    searched: Mutex<BTreeSet<usize>>,
    /// Whether some package was not in the roots, so that the whole requirement graph was needed.
    needs_graph: AtomicBool,
}

/// Where a module's files are.
#[derive(Debug)]
struct Dir {
    path: PathBuf,
    /// Not unpacked by Go, so that other modules may lie within.
    is_local: bool,
    /// Asked once, and only of modules in which somebody looks.
    exists: OnceLock<bool>,
    /// What the go command keeps of it.
    of_go: OnceLock<Option<Arc<GoModule>>>,
}

/// The vendor folder.
#[derive(Debug)]
struct Vendor {
    dir: PathBuf,
    /// The module of each package in modules.txt.
    packages: HashMap<String, Option<usize>>,
    /// Whether only those count.
    explicit: bool,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(
        goroot: &Path,
        gomodcache: &Path,
        list: &'a BuildList,
        overlay: &Arc<Overlay>,
    ) -> Self {
        let modules = list.modules();
        let by_path: HashMap<&str, usize> = modules
            .iter()
            .enumerate()
            .map(|(index, module)| (module.path.as_str(), index))
            .collect();
        let dirs = modules.iter().map(|module| dir_of(gomodcache, module)).collect();
        let in_workspace = list.work().is_some();
        let is_root = modules
            .iter()
            .map(|module| module.is_main() || (!in_workspace && !module.requirements.is_empty()));
        let mut resolver = Self {
            std: goroot.join("src"),
            overlay: Arc::clone(overlay),
            std_vendored: Mutex::default(),
            index: None,
            spares_tests: false,
            go_index: None,
            list,
            is_root: is_root.collect(),
            by_path,
            dirs,
            vendor: None,
            searched: Mutex::default(),
            needs_graph: AtomicBool::new(in_workspace || !is_pruned(list)),
        };
        if list.mode() == Mode::Vendor {
            resolver.vendor = resolver.read_vendor();
        }
        resolver
    }

    /// Uses what an earlier run found.
    pub(crate) fn remember(&mut self, index: &Arc<Index>) {
        self.index = Some(Arc::clone(index));
    }

    /// Uses what the go command found in the module cache. With vendoring, it does not itself.
    pub(crate) fn believe(&mut self, index: Option<&GoIndex>) {
        self.go_index = index.filter(|_| self.vendor.is_none()).cloned();
    }

    /// The disk, with what stands in for files, noted for the index.
    pub(crate) fn looks<'l>(&'l self, overlay: &'l Overlay) -> Looks<'l> {
        Looks { overlay, index: self.index.as_deref() }
    }

    /// A path is about to be asked about, past what stands in for files.
    pub(crate) fn note(&self, path: &Path) {
        self.looks(&self.overlay).note(path);
    }

    /// What Go adds where no flag says that only what is vendored counts (`cfg.BuildModReason`).
    pub(crate) fn vendor_reason(&self) -> &'static str {
        match self.list.work() {
            _ if self.list.is_told() => "",
            None => "\n\t(Go version in go.mod is at least 1.14 and vendor directory exists.)",
            Some(_) => "\n\t(Go version in go.work is at least 1.22 and vendor directory exists.)",
        }
    }

    /// Whether only what is vendored counts.
    pub(crate) fn is_vendored(&self) -> bool {
        self.vendor.is_some()
    }

    /// The modules that were searched, replacements applied.
    pub(crate) fn searched(&self) -> BTreeSet<ModuleVersion> {
        let searched = self.searched.lock().unwrap_or_else(PoisonError::into_inner);
        let modules = searched.iter().filter_map(|index| self.list.modules().get(*index));
        modules.filter_map(Module::content).collect()
    }

    /// Whether the go command would read the whole requirement graph.
    pub(crate) fn needs_graph(&self) -> bool {
        self.needs_graph.load(Ordering::Relaxed)
    }

    /// The module of a package that a package of a workspace's module imports, if none of the workspace's modules
    /// requires it closely enough (`modload.DirectImportFromImplicitDependencyError`).
    pub(crate) fn implicit(&self, importer: usize, imported: usize) -> Option<&'a Module> {
        let modules = self.list.modules();
        let importer = modules.get(importer)?;
        let imported = modules.get(imported)?;
        let counts = self.list.work().is_some()
            && self.list.mode() != Mode::Vendor
            && importer.is_main()
            && !imported.is_main();
        (counts && !self.list.is_read(&imported.path)).then_some(imported)
    }

    /// The whole graph counts from here on.
    pub(crate) fn wants_graph(&self) {
        self.needs_graph.store(true, Ordering::Relaxed);
    }

    /// The folder of a module.
    pub(crate) fn dir(&self, index: usize) -> Option<&Path> {
        self.dirs.get(index)?.as_ref().map(|dir| dir.path.as_path())
    }

    /// Whether the folder of a module is there.
    pub(crate) fn is_there(&self, index: usize) -> bool {
        self.dirs.get(index).and_then(Option::as_ref).is_some_and(|dir| self.exists(dir))
    }

    fn exists(&self, dir: &Dir) -> bool {
        *dir.exists.get_or_init(|| match dir.is_local {
            true => self.looks(&self.overlay).is_dir(&dir.path),
            // Whoever finds a package in it notes more.
            false => dir.path.is_dir(),
        })
    }

    /// Whether other modules may lie within a module.
    pub(crate) fn is_local(&self, index: usize) -> bool {
        self.dirs.get(index).and_then(Option::as_ref).is_some_and(|dir| dir.is_local)
    }

    /// The vendor folder, where only what it has counts.
    pub(crate) fn vendor_dir(&self) -> Option<&Path> {
        self.vendor.as_ref().map(|vendor| vendor.dir.as_path())
    }

    /// Whether a main module is the standard library or the commands of the toolchain itself.
    pub(crate) fn is_goroot(&self, index: usize) -> bool {
        let module = self.list.modules().get(index).filter(|module| module.is_main());
        module
            .and_then(|module| module.dir.as_deref())
            .is_some_and(|dir| dir.starts_with(&self.std))
    }

    /// The main modules but for those of GOROOT, whose packages are found there anyhow.
    fn main(&self) -> impl Iterator<Item = (usize, &'a Module)> {
        let modules = self.list.modules().iter().enumerate();
        modules.filter(|(index, module)| module.is_main() && !self.is_goroot(*index))
    }

    fn read_vendor(&self) -> Option<Vendor> {
        let main = self.list.modules().iter().find(|module| module.is_main())?;
        let root = match self.list.work() {
            Some(work) => work.parent()?.to_owned(),
            None => main.dir.clone()?,
        };
        let dir = root.join("vendor");
        let text = self.looks(&self.overlay).read(&dir.join("modules.txt")).unwrap_or_default();
        let mut packages = HashMap::new();
        for module in gomod::parse_vendor_modules(&text).modules {
            let index = self.by_path.get(module.module.path.as_str()).copied();
            packages.extend(module.packages.into_iter().map(|package| (package.path, index)));
        }
        let mains = self.list.modules().iter().filter(|module| module.is_main());
        let versions = mains.map(|module| module.go_version.as_deref().unwrap_or("1.16"));
        let go = versions.max_by(|a, b| gomod::go_version::compare(a, b)).unwrap_or("1.16");
        let explicit = gomod::go_version::compare(go, EXPLICIT_MODULES_TXT).is_ge();
        Some(Vendor { dir, packages, explicit })
    }

    /// The standard library's own imports go to its vendor folder (`modload.stdVendor`).
    pub(crate) fn std_vendor(&self, parent: &str, path: &Arc<str>) -> Arc<str> {
        if is_std_path(path) {
            return Arc::clone(path);
        }
        let prefix = if has_prefix(parent, "cmd") { "cmd/vendor" } else { "vendor" };
        let vendored: Arc<str> = Arc::from(format!("{prefix}/{path}"));
        let mut known = self.std_vendored.lock().unwrap_or_else(PoisonError::into_inner);
        let is_there = *known
            .entry(Arc::clone(&vendored))
            .or_insert_with(|| self.looks(&NONE).is_dir(&self.std.join(&*vendored)));
        if is_there { vendored } else { Arc::clone(path) }
    }

    /// Whether the files where a package lies change.
    pub(crate) fn keeps(&self, place: &Place) -> Keeps {
        let dir = place.module.and_then(|index| self.dirs.get(index)?.as_ref());
        match dir {
            Some(dir) if !dir.is_local && self.vendor.is_none() => Keeps::Files,
            _ => Keeps::Nothing,
        }
    }

    /// Which files of a package that is only imported are read.
    pub(crate) fn reads(&self, place: &Place) -> Reads {
        let is_ours = match place.module {
            Some(index) => self.is_local(index),
            None => !place.dir.starts_with(&self.std),
        };
        if self.spares_tests && !is_ours { Reads::NoTests } else { Reads::All }
    }
}

/// Since Go 1.17 go.mod names all modules that its packages need (`gover.ExplicitIndirectVersion`).
fn is_pruned(list: &BuildList) -> bool {
    let main = list.modules().iter().filter(|module| module.is_main());
    let mut versions = main.map(|module| module.go_version.as_deref().unwrap_or("1.16"));
    versions.all(|version| gomod::go_version::compare(version, "1.17").is_ge())
}

/// The disk as it is.
static NONE: LazyLock<Overlay> = LazyLock::new(Overlay::default);

fn dir_of(gomodcache: &Path, module: &Module) -> Option<Dir> {
    let of = |path: PathBuf, is_local| {
        Some(Dir { path, is_local, exists: OnceLock::new(), of_go: OnceLock::new() })
    };
    if let Some(dir) = &module.dir {
        return of(overlay::cleaned(dir), true);
    }
    let content = module.content()?;
    let path = gomod::module_path::escape(&content.path).ok()?;
    let version = gomod::module_path::escape_version(&content.version)?;
    of(gomodcache.join(format!("{path}@{version}")), false)
}

/// Whether the first element has no dot (`search.IsStandardImportPath`).
pub(crate) fn is_std_path(path: &str) -> bool {
    !path.split('/').next().unwrap_or_default().contains('.')
}

/// `str.HasPathPrefix`
pub(crate) fn has_prefix(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
