//! Reads all packages that are reached, in parallel; judgement comes later, in [`crate::load`].

use crate::embed::{self, EmbedError};
use crate::folder::{Folder, FolderProblem, Scratch};
use crate::ignore::IgnorePatterns;
use crate::listing::Listing;
use crate::pool::run;
use crate::resolve::{ImportProblem, Place, Resolver, Seen};
use goheader::Tags;
use overlay::Overlay;
use foldhash::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What the generated main program of a test imports (`load.TestMainDeps`).
pub(crate) const TEST_MAIN: [&str; 4] = ["os", "reflect", "testing", "testing/internal/testdeps"];

/// A package as it lies on the disk.
#[derive(Debug)]
pub(crate) struct Data {
    pub(crate) dir: Option<Arc<PathBuf>>,
    pub(crate) module: Option<usize>,
    pub(crate) standard: bool,
    pub(crate) folder: Arc<Folder>,
    pub(crate) problem: Option<ImportProblem>,
    /// The files that the `//go:embed` patterns match: of the package, and of its two tests.
    pub(crate) embeds: [Result<Vec<String>, EmbedError>; 3],
}

/// A folder that a pattern matches.
#[derive(Debug)]
pub(crate) struct Matched {
    pub(crate) path: Arc<str>,
    pub(crate) place: Place,
}

/// A module of which folders are searched.
pub(crate) struct Tree<'m> {
    pub(crate) module: usize,
    pub(crate) module_path: &'m str,
    pub(crate) root: &'m Path,
    /// Where the search begins, relative to the root; empty for the root.
    pub(crate) below: String,
    pub(crate) ignore: IgnorePatterns,
    pub(crate) overlay: &'m Overlay,
    /// Whether the folders' stamps are asked for.
    pub(crate) stamped: bool,
}

/// The folders with Go files in a module, as `./...` matches them (`search.Match.MatchDirs`), in
/// Go's order.
pub(crate) fn walk(tree: &Tree<'_>, threads: usize) -> Vec<Matched> {
    let found = Mutex::new(vec![]);
    run(
        threads,
        vec![tree.below.clone()],
        || (),
        |below, (), more| {
            let dir = join(tree.root, &below);
            let Ok(Some(mut listing)) = Listing::read(&dir, tree.overlay, tree.stamped) else { return };
            if below != tree.below && listing.is_module() {
                return;
            }
            // There may be more folders than files can be open.
            listing.folder = None;
            for name in &listing.folders {
                if name.starts_with(['.', '_']) || matches!(name.as_str(), "testdata" | "vendor") {
                    continue;
                }
                let child = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
                if !tree.ignore.matches(&child) {
                    more.push(child);
                }
            }
            if listing.has_go() {
                let path = match (below.as_str(), tree.module_path) {
                    ("", module) => Arc::from(module),
                    (below, "") => Arc::from(below),
                    (below, module) => Arc::from(format!("{module}/{below}")),
                };
                let seen = Seen::Listing(Arc::new(listing));
                let place = Place { dir, module: Some(tree.module), seen };
                lock(&found).push((below, Matched { path, place }));
            }
        },
    );
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by(|(a, _), (b, _)| a.split('/').cmp(b.split('/')));
    found.into_iter().map(|(_, matched)| matched).collect()
}

fn join(root: &Path, below: &str) -> PathBuf {
    if below.is_empty() { root.to_owned() } else { root.join(below) }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a thread has at hand, and what it has read.
#[derive(Default)]
struct Reader {
    scratch: Scratch,
    imports: Vec<Arc<str>>,
    read: Vec<(Arc<str>, Data)>,
}

/// Reads the matched packages and all they import; of the matched ones also what their tests import.
pub(crate) fn gather(
    resolver: &Resolver<'_>,
    tags: &Tags,
    matched: Vec<Matched>,
    tests: bool,
    threads: usize,
) -> HashMap<Arc<str>, Data> {
    let roots: HashSet<Arc<str>> = matched.iter().map(|one| Arc::clone(&one.path)).collect();
    let seen: Mutex<HashSet<Arc<str>>> = Mutex::new(roots.clone());
    let mut first: Vec<(Arc<str>, Option<Place>)> =
        matched.into_iter().map(|one| (one.path, Some(one.place))).collect();
    // What is taken last is begun first.
    first.reverse();
    let extra: &[&str] = if tests && !first.is_empty() { &TEST_MAIN } else { &[] };
    for path in extra {
        let path: Arc<str> = Arc::from(*path);
        if lock(&seen).insert(Arc::clone(&path)) {
            first.push((path, None));
        }
    }
    let readers = run(threads, first, Reader::default, |(path, place), reader, more| {
        let data = read(resolver, tags, &path, place, &mut reader.scratch);
        let is_root = roots.contains(&path);
        let places = [
            Some(&*data.folder.imports),
            (is_root && tests).then_some(&data.folder.test_imports),
            (is_root && tests).then_some(&data.folder.xtest_imports),
        ];
        for (import, _) in places.into_iter().flatten().flatten() {
            match (&**import, data.standard) {
                ("C", _) => {}
                (_, true) => reader.imports.push(resolver.std_vendor(&path, import)),
                (_, false) => reader.imports.push(Arc::clone(import)),
            }
        }
        reader.imports.extend(implied(&data).into_iter().map(Arc::from));
        let mut seen = lock(&seen);
        for import in reader.imports.drain(..) {
            if !seen.contains(&import) {
                seen.insert(Arc::clone(&import));
                more.push((import, None));
            }
        }
        drop(seen);
        reader.read.push((path, data));
    });
    // A folder that a pattern matched and in which nothing is left was not matched.
    readers.into_iter().flat_map(|reader| reader.read).collect()
}

/// Imports that no file writes: cgo's, SWIG's and the linker's (`load.Package.load`).
pub(crate) fn implied(data: &Data) -> Vec<&'static str> {
    let mut paths = vec![];
    let files = &data.folder.files;
    let swig = !files.swig.is_empty() || !files.swigcxx.is_empty();
    if !files.cgo.is_empty() || swig {
        paths.extend(["unsafe", "runtime/cgo", "syscall"]);
    }
    if swig {
        paths.push("sync");
    }
    // Tests are programs, too.
    if data.folder.name == "main" || !files.test_go.is_empty() || !files.xtest_go.is_empty() {
        paths.push("runtime");
    }
    paths
}

fn read(
    resolver: &Resolver<'_>,
    tags: &Tags,
    path: &str,
    place: Option<Place>,
    scratch: &mut Scratch,
) -> Data {
    match place.map_or_else(|| resolver.find(path), Ok) {
        Ok(place) => {
            let folder = match &place.seen {
                Seen::Indexed(folder) => Arc::clone(folder),
                Seen::Listing(listing) => {
                    let index = resolver.index.as_deref();
                    let known = index.filter(|_| !listing.is_changed);
                    let keeps = resolver.keeps(&place);
                    match known.and_then(|index| index.get(&place.dir, keeps)) {
                        Some(folder) => folder,
                        None => Folder::read(&place.dir, listing, tags, scratch, index, keeps),
                    }
                }
            };
            let standard = place.dir.starts_with(&resolver.std);
            let patterns = [&folder.embeds, &folder.test_embeds, &folder.xtest_embeds];
            let embeds = patterns.map(|places| {
                embed::resolve(
                    &place.dir,
                    &resolver.overlay,
                    places.iter().map(|(pattern, _)| pattern),
                )
            });
            let dir = Some(Arc::new(place.dir));
            Data { dir, module: place.module, standard, folder, problem: None, embeds }
        }
        Err(problem) => Data {
            dir: None,
            module: None,
            standard: false,
            folder: Arc::default(),
            problem: Some(problem),
            embeds: [Ok(vec![]), Ok(vec![]), Ok(vec![])],
        },
    }
}

impl Data {
    /// Whether nothing of a directory that a pattern matched is left for this build.
    pub(crate) fn is_nothing(&self) -> bool {
        self.folder.problem == Some(FolderProblem::NoGo) && self.folder.files.invalid_go.is_empty()
    }
}
