//! The packages of a Go module or workspace, and how they import each other, without running `go list`.
//!
//! [`load`] finds the packages that patterns match, reads the header of each of their files and of all that they
//! import, and judges them as the go command does: `go list -e -deps -test -json` says the same. The rules are those of
//! Go 1.26: `go/build` (in the form of `cmd/go/internal/modindex`), `cmd/go/internal/modload` for where an import path
//! lies, and `cmd/go/internal/load` for what is wrong with a package. Which modules there are comes from [`buildlist`],
//! what stands in a file from [`goheader`].
//!
//! Nothing here runs a program or reaches the network. A module that is not in the module cache is an error of the
//! packages that may lie in it ([`ErrorKind::NotDownloaded`]).

#![expect(clippy::disallowed_methods, reason = "reading files fast is the point of this library")]

mod affected;
mod allowed;
mod answer;
mod building;
mod cgo;
mod embed;
mod entries;
mod errors;
mod evidence;
mod folder;
mod from_list;
mod gather;
mod glob;
mod go_index;
mod ignore;
mod index;
mod indexed;
mod json;
mod lazily;
mod lazy;
mod linker;
mod listing;
mod load;
mod needs;
mod nested;
mod package;
mod packed;
mod packed_packages;
mod pattern;
mod pool;
mod position;
mod profile;
mod resolve;
mod source;
mod sums;
mod unreached;
mod variants;
mod walk;
mod wildcard;

pub use affected::{Changes, Reason, affected};
pub use answer::Answer;
pub use folder::{Files, Folder, FolderProblem, is_source};
pub use from_list::{ListError, ListedModule, MAX_LIST, from_list, whole_list};
pub use go_index::GoIndex;
pub use goheader::Tags;
pub use index::{Index, Kept};
pub use lazily::{LoadError, load_lazily};
pub use lazy::Lazy;
pub use needs::{Need, Needs, needs};
pub use package::{ErrorKind, Names, Package, PackageError, PackageId};
pub use pattern::PatternError;
pub use position::{Places, Position};
pub use profile::Profile;
pub use resolve::ImportProblem;
pub use sums::SumGap;
pub use unreached::{Unreached, unreached};

use buildlist::{BuildList, ModuleVersion};
use foldhash::{HashSet, HashSetExt as _};
use gather::{Asked, Kind};
use load::Loader;
use overlay::Overlay;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// Enough for chains of a hundred thousand imports; only touched pages cost memory.
const STACK: usize = 512 << 20;

/// Where and for what packages are loaded.
#[derive(Debug, Clone)]
pub struct Options {
    /// `GOROOT`
    pub goroot: PathBuf,
    /// `GOMODCACHE`
    pub gomodcache: PathBuf,
    /// The working directory: relative patterns begin there, and paths in messages are relative to it. Absolute.
    pub cwd: PathBuf,
    /// `GOOS`, `GOARCH`, cgo and build tags.
    pub tags: Tags,
    /// Whether the tests of matched packages are loaded, too (`go list -test`).
    pub tests: bool,
    /// Whether the tests of packages in the module cache and the standard library may be left out, if they are not
    /// matched. Nothing that a build imports depends on them; with an index they are read all the same, for others.
    pub spares_tests: bool,
    /// How many threads read; 0 means one for each processor, up to 8.
    pub threads: usize,
    /// Where profiles for the compiler come from.
    pub profile: Profile,
    /// Files that stand in for those on the disk, as with `-overlay`; not in the module cache.
    pub overlay: Arc<Overlay>,
    /// What an earlier run found, and this one adds to.
    pub index: Option<Arc<Index>>,
    /// What the go command keeps of the module cache; none: the files are read.
    pub go_index: Option<GoIndex>,
}

impl Options {
    fn threads(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from).min(8),
            threads => threads,
        }
    }
}

/// The packages that patterns match, and all that they import.
#[derive(Debug)]
pub struct Packages {
    packages: Vec<Package>,
    /// As `go list -deps` orders them.
    order: Vec<PackageId>,
    searched: BTreeSet<ModuleVersion>,
    needs_graph: bool,
    sum_gaps: Vec<SumGap>,
}

/// Loads the packages that `patterns` match, and all that they import.
///
/// # Errors
/// A pattern that cannot be understood. What is wrong with a package is said of the package.
pub fn load(
    list: &BuildList,
    patterns: &[&str],
    options: &Options,
) -> Result<Packages, PatternError> {
    let threads = options.threads();
    let mut resolver =
        resolve::Resolver::new(&options.goroot, &options.gomodcache, list, &options.overlay);
    if let Some(index) = &options.index {
        resolver.remember(index);
    }
    resolver.believe(options.go_index.as_ref());
    resolver.spares_tests = options.spares_tests && options.index.is_none();
    let patterns_of = pattern::Patterns { list, resolver: &resolver, options, threads };
    let matched = patterns_of.matched(patterns)?;
    let paths: Vec<(Arc<str>, Kind)> =
        matched.iter().map(|one| (Arc::clone(&one.path), one.kind.clone())).collect();
    let asked = if options.tests { Asked::Tests } else { Asked::Build };
    let data = gather::gather(&resolver, &options.tags, matched, asked, threads);
    let judge = || {
        let mut loader = Loader::new(&resolver, &data, &options.tags, &options.cwd);
        let mut roots = vec![];
        for (path, kind) in &paths {
            if let Kind::Nowhere(why, dir) = kind {
                roots.push(loader.nowhere(path, why, dir.clone()));
                continue;
            }
            let is_out = |one: &gather::Data| match kind {
                Kind::Literal | Kind::Nowhere(..) => false,
                Kind::Wildcard => one.is_nothing(),
                Kind::NoProgram => one.is_nothing() || one.folder.name == "main",
            };
            if data.get(path).is_some_and(is_out) {
                continue;
            }
            let (id, _) = loader.import(path, None);
            if let Some(package) = loader.packages.get_mut(id) {
                package.is_match = true;
            }
            roots.push(id);
        }
        profile::attach(&mut loader, &roots, options.profile);
        if options.tests {
            variants::add_tests(&mut loader, &mut roots);
        }
        let order = in_order(&loader.packages, &roots);
        let (searched, needs_graph) = (resolver.searched(), resolver.needs_graph());
        Packages { packages: loader.packages, order, searched, needs_graph, sum_gaps: vec![] }
    };
    // Imports are followed by recursion, as deep as a hostile tree makes them.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, judge);
        thread.ok().and_then(|thread| thread.join().ok()).ok_or(PatternError::NoThread)
    })
}

/// The packages in depth-first post-order (`load.PackageList`).
pub(crate) fn in_order(packages: &[Package], roots: &[PackageId]) -> Vec<PackageId> {
    let mut seen = HashSet::new();
    let mut order = vec![];
    // Each with the place of the dependency that is next.
    let mut open: Vec<(PackageId, usize)> = vec![];
    for root in roots {
        if seen.insert(*root) {
            open.push((*root, 0));
        }
        while let Some((id, next)) = open.last_mut() {
            let dependency = packages.get(*id).and_then(|package| package.dependencies.get(*next));
            match dependency {
                Some(dependency) => {
                    *next += 1;
                    if seen.insert(*dependency) {
                        open.push((*dependency, 0));
                    }
                }
                None => {
                    order.push(*id);
                    open.pop();
                }
            }
        }
    }
    order
}

impl Packages {
    /// The packages as `go list -deps` orders them: each behind those that it imports.
    pub fn iter(&self) -> impl Iterator<Item = (PackageId, &Package)> {
        self.order.iter().filter_map(|id| Some((*id, self.packages.get(*id)?)))
    }

    /// A package.
    pub fn get(&self, id: PackageId) -> Option<&Package> {
        self.packages.get(id)
    }

    /// The file in which a package imports another, and where; `None` where it is implied.
    pub fn import_place(
        &self,
        importer: PackageId,
        imported: PackageId,
    ) -> Option<(PathBuf, Position)> {
        let (importer, imported) = (self.get(importer)?, self.get(imported)?);
        let at = importer.names.imports.iter().position(|path| *path == imported.import_path)?;
        let written = importer.names.raw_imports.get(at)?;
        let (_, places) = importer.import_places.iter().find(|(path, _)| path == written)?;
        let place = *places.first()?;
        let name = importer.folder.names.get(place.file as usize)?;
        Some((importer.dir.as_deref()?.join(name), place))
    }

    /// The modules in which packages were looked for, replacements applied. Without a line in go.sum for each, the go
    /// command refuses (`modload.ImportMissingSumError`).
    pub fn searched(&self) -> &BTreeSet<ModuleVersion> {
        &self.searched
    }

    /// Whether the go command reads the whole requirement graph for this, and not only the go.mod files of the modules
    /// that go.mod requires (lazy loading, <https://go.dev/ref/mod#lazy-loading>).
    pub fn needs_graph(&self) -> bool {
        self.needs_graph
    }
}
