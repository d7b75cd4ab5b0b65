//! What a change reaches: the packages whose files, embedded files or modules changed, and all that import them.

use crate::folder::is_source;
use crate::position::Position;
use crate::{Package, PackageId, Packages};
use goheader::Tags;
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A change, as it shows in the packages loaded after it.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Files that came, changed or went: absolute.
    pub files: BTreeSet<PathBuf>,
    /// Modules that are another version than before, by their place in the build list.
    pub modules: BTreeSet<usize>,
    /// Packages that a deletion may have left without files: import paths by directory.
    pub gone: HashMap<PathBuf, String>,
    /// Paths of modules that are in the build list no more: what imports their packages imports nothing now.
    pub gone_modules: BTreeSet<String>,
    /// Files that no build took before: they count only where one takes them now.
    pub unbuilt: BTreeSet<PathBuf>,
    /// Who includes a file of C code that changed is among the files; else it may be any package with C code.
    pub with_includers: bool,
}

/// Why a package is affected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A file of its own changed.
    File(PathBuf),
    /// Its module is another version, or is built otherwise.
    Module(usize),
    /// Its module is in the build list no more.
    Gone,
    /// It imports a package that is affected.
    Imports(PackageId),
}

/// The packages that changes reach, variants for tests and their main programs among them, in the order in which they
/// are reached; the first reason that is found for each is one of the shortest.
pub fn affected(packages: &Packages, changes: &Changes, tags: &Tags) -> Vec<(PackageId, Reason)> {
    let mut reached = Reached { seen: vec![false; packages.packages.len()], all: vec![] };
    let by_dir = by_dir(packages);
    let above: HashSet<&Path> = by_dir.keys().flat_map(|dir| dir.ancestors()).collect();
    for file in &changes.files {
        // A link to a folder, or a submodule: all that is below is another.
        if above.contains(file.as_path()) {
            for (id, package) in packages.iter().filter(|(_, package)| !package.is_test_main) {
                if package.dir.as_ref().is_some_and(|dir| dir.starts_with(file)) {
                    reached.add(id, Reason::File(file.clone()));
                }
            }
        }
        mark_file(packages, &by_dir, file, tags, changes, &mut reached);
        let path = file.parent().and_then(|dir| changes.gone.get(dir));
        for (id, package) in packages.iter() {
            if path.is_some_and(|path| *path == *package.import_path) && package.dir.is_none() {
                reached.add(id, Reason::File(file.clone()));
            }
        }
    }
    for (id, reason) in below_gone(packages, changes) {
        reached.add(id, reason);
    }
    for (id, package) in packages.iter() {
        if let Some(module) = package.module.filter(|module| changes.modules.contains(module)) {
            reached.add(id, Reason::Module(module));
        }
    }
    let left = |path: &str| {
        changes.gone_modules.iter().any(|module| {
            path.strip_prefix(&**module)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    for (id, package) in packages.iter().filter(|(_, package)| package.dir.is_none()) {
        if left(&package.import_path) {
            reached.add(id, Reason::Gone);
        }
    }
    follow(packages, &mut reached);
    reached.all
}

/// Packages that are nowhere, below a folder that went (a submodule) or that a go.mod took from its module.
fn below_gone(packages: &Packages, changes: &Changes) -> Vec<(PackageId, Reason)> {
    let folder = |file: &PathBuf| match file.file_name().is_some_and(|name| name == "go.mod") {
        true => file.parent().map(Path::to_owned),
        false => Some(file.clone()),
    };
    let taken =
        changes.files.iter().filter_map(|file| Some((file, changes.gone.get(&folder(file)?)?)));
    let taken: Vec<(&PathBuf, &String)> = taken.collect();
    let missing = packages.iter().filter(|(_, package)| package.dir.is_none() && !taken.is_empty());
    let reached = missing.filter_map(|(id, package)| {
        let is_below = |path: &str| {
            let rest = package.import_path.strip_prefix(path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let (file, _) = taken.iter().find(|(_, path)| is_below(path))?;
        Some((id, Reason::File((*file).clone())))
    });
    reached.collect()
}

struct Reached {
    seen: Vec<bool>,
    all: Vec<(PackageId, Reason)>,
}

impl Reached {
    fn add(&mut self, id: PackageId, reason: Reason) {
        if let Some(seen) = self.seen.get_mut(id).filter(|seen| !**seen) {
            *seen = true;
            self.all.push((id, reason));
        }
    }
}

type ByDir<'p> = HashMap<&'p Path, Vec<(PackageId, &'p Package)>>;

fn by_dir(packages: &Packages) -> ByDir<'_> {
    let mut all = ByDir::new();
    for (id, package) in packages.iter() {
        if let Some(dir) = &package.dir {
            all.entry(dir.as_path()).or_default().push((id, package));
        }
    }
    all
}

fn mark_file(
    packages: &Packages,
    by_dir: &ByDir<'_>,
    file: &Path,
    tags: &Tags,
    changes: &Changes,
    reached: &mut Reached,
) {
    let unbuilt = changes.unbuilt.contains(file);
    let (Some(dir), Some(name)) = (file.parent(), file.file_name().and_then(|name| name.to_str()))
    else {
        return;
    };
    let because = || Reason::File(file.to_owned());
    let here = by_dir.get(dir).map_or(&[][..], Vec::as_slice);
    if is_source(name) {
        // A file that nobody can read breaks its package whatever its name is.
        for (id, package) in here {
            let files = &package.folder.files;
            if !package.is_test_main && files.invalid_go.iter().any(|invalid| invalid == name) {
                reached.add(*id, because());
            }
        }
        // A name that this platform does not build: neither now nor before.
        if !name.starts_with(['_', '.']) && tags.file_name_matches(name) {
            for (id, package) in here {
                if !package.is_test_main && builds(package, name, unbuilt) {
                    reached.add(*id, because());
                }
            }
            // A header that lies elsewhere can only be included by C code and assembly.
            if here.is_empty() && !name.ends_with(".go") && !changes.with_includers {
                let own = packages.iter().filter(|(_, package)| !package.standard);
                for (id, _) in own.filter(|(_, package)| is_of_c(package) && package.is_match) {
                    reached.add(id, because());
                }
            }
        }
    }
    // A profile counts for the program beside it.
    if name == "default.pgo" {
        for (id, package) in here.iter().filter(|(_, package)| package.name == "main") {
            if !package.is_test_main {
                reached.add(*id, because());
            }
        }
    }
    // Embedded: in this directory or one above.
    for above in file.ancestors().skip(1) {
        for (id, package) in by_dir.get(above).map_or(&[][..], Vec::as_slice) {
            let below = file.strip_prefix(above).ok().and_then(Path::to_str).unwrap_or_default();
            if !package.is_test_main && embeds(package, below) {
                reached.add(*id, because());
            }
        }
    }
    // What lies in another module nobody embeds (`load.resolveEmbed`).
    if let ("go.mod", Some(module)) = (name, file.parent()) {
        for above in module.ancestors().skip(1) {
            let below = module.strip_prefix(above).ok().and_then(Path::to_str).unwrap_or_default();
            let is_within = |path: &str| {
                let rest = path.strip_prefix("all:").unwrap_or(path).strip_prefix(below);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            for (id, package) in by_dir.get(above).map_or(&[][..], Vec::as_slice) {
                if !package.is_test_main && places(package).any(|(pattern, _)| is_within(pattern)) {
                    reached.add(*id, because());
                }
            }
        }
    }
    // What tests read.
    let mut below = file;
    while let Some(parent) = below.parent() {
        if parent.file_name().is_some_and(|name| name == "testdata") {
            let owner = parent.parent().and_then(|owner| by_dir.get(owner));
            for (id, package) in owner.map_or(&[][..], Vec::as_slice) {
                if package.is_test_main {
                    reached.add(*id, because());
                }
            }
        }
        below = parent;
    }
}

fn is_of_c(package: &Package) -> bool {
    !package.files.cgo.is_empty() || !package.files.s.is_empty()
}

/// What a package of a directory is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The package, or its copy that is compiled anew for somebody's test.
    Package,
    /// The package with its tests.
    Test,
    /// The tests outside of it.
    Outside,
}

fn role(package: &Package) -> Role {
    match &package.for_test {
        Some(tested) if *tested == package.import_path => Role::Test,
        Some(tested) if package.import_path.strip_suffix("_test") == Some(&**tested) => {
            Role::Outside
        }
        _ => Role::Package,
    }
}

/// Whether a package is, or may have been, built from a file of its directory.
fn builds(package: &Package, name: &str, unbuilt: bool) -> bool {
    let has = |list: &[String]| list.iter().any(|other| other == name);
    let (role, files) = (role(package), &package.folder.files);
    if has(&files.test_go) {
        return role == Role::Test;
    }
    if has(&files.xtest_go) {
        return role == Role::Outside;
    }
    let is_built = files.all().any(|other| other == name)
        && !has(&files.ignored_go)
        && !has(&files.ignored_other);
    if unbuilt && !is_built {
        return false;
    }
    match name.ends_with("_test.go") && !is_built {
        // It is gone, or a constraint leaves it out now: nobody knows to which of the two tests it belonged.
        true => role != Role::Package,
        false => role != Role::Outside,
    }
}

/// The `//go:embed` patterns of a package, by what of its folder it has.
fn places(package: &Package) -> impl Iterator<Item = &(Arc<str>, Vec<Position>)> {
    let folder = &package.folder;
    let all = match role(package) {
        Role::Package => [Some(&folder.embeds), None],
        Role::Test => [Some(&folder.embeds), Some(&folder.test_embeds)],
        Role::Outside => [Some(&folder.xtest_embeds), None],
    };
    all.into_iter().flatten().flat_map(|places| places.iter())
}

fn embeds(package: &Package, below: &str) -> bool {
    if package.embed_files.iter().any(|file| file == below) {
        return true;
    }
    // What is gone stands in no list: a pattern may have matched it, or a folder above it.
    places(package).any(|(pattern, _)| {
        let (all, pattern) = match pattern.strip_prefix("all:") {
            Some(pattern) => (true, pattern),
            None => (false, &**pattern),
        };
        let is_hidden = |rest: &str| rest.split('/').any(|name| name.starts_with(['.', '_']));
        let mut at = below;
        loop {
            // Of a folder, what begins with a dot or an underscore is not embedded (https://pkg.go.dev/embed).
            let rest = below.get(at.len()..).unwrap_or_default();
            if (all || !is_hidden(rest)) && gomod::glob::matches(pattern, at) == Ok(true) {
                return true;
            }
            match at.rfind('/') {
                Some(end) => at = at.get(..end).unwrap_or_default(),
                None => return false,
            }
        }
    })
}

/// Adds all that import what is reached.
fn follow(packages: &Packages, reached: &mut Reached) {
    let mut importers: HashMap<PackageId, Vec<PackageId>> = HashMap::new();
    for (id, package) in packages.iter() {
        for dependency in &package.dependencies {
            importers.entry(*dependency).or_default().push(id);
        }
    }
    let mut queue: VecDeque<PackageId> = reached.all.iter().map(|(id, _)| *id).collect();
    while let Some(id) = queue.pop_front() {
        for importer in importers.get(&id).map_or(&[][..], Vec::as_slice) {
            if reached.seen.get(*importer) == Some(&false) {
                reached.add(*importer, Reason::Imports(id));
                queue.push_back(*importer);
            }
        }
    }
}
