//! Reads all packages that are reached, in parallel; judgement comes later, in [`crate::load`].

use crate::building::{Reading, Reads, Rules, Scratch};
use crate::embed::{self, EmbedError};
use crate::folder::{Folder, FolderProblem};
use crate::listing::Listing;
use crate::pool::run;
use crate::resolve::{ImportProblem, Place, Resolver, Seen};
use foldhash::{HashMap, HashSet};
use goheader::Tags;
use std::path::PathBuf;
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

/// A package that a pattern matches.
#[derive(Debug)]
pub(crate) struct Matched {
    pub(crate) path: Arc<str>,
    /// Where it lies; `None` is left to the resolver.
    pub(crate) place: Option<Place>,
    pub(crate) kind: Kind,
}

/// How a pattern names a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// By itself: it is there even if it is nothing.
    Literal,
    /// By its directory, which is none or has no Go files: why, and the directory if there is one. Nothing of it is read.
    Nowhere(String, Option<PathBuf>),
    /// Among others.
    Wildcard,
    /// Among others, and not if it is a program.
    NoProgram,
}

impl Matched {
    /// An import path.
    pub(crate) fn literal(path: &str) -> Self {
        Self { path: Arc::from(path), place: None, kind: Kind::Literal }
    }
}

/// What is read beside the packages and their imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// All that a build of the packages needs.
    Build,
    /// Also what their tests need.
    Tests,
    /// What files and the tests of the matched packages import, and nothing that is implied.
    OwnTests,
    /// The same, with the tests of all packages.
    AllTests,
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
    asked: Asked,
    threads: usize,
) -> HashMap<Arc<str>, Data> {
    let roots: HashSet<Arc<str>> = matched.iter().map(|one| Arc::clone(&one.path)).collect();
    let seen: Mutex<HashSet<Arc<str>>> = Mutex::new(roots.clone());
    let is_there = |one: &Matched| !matches!(one.kind, Kind::Nowhere(..));
    let mut first: Vec<(Arc<str>, Option<Place>)> =
        matched.into_iter().filter(is_there).map(|one| (one.path, one.place)).collect();
    // What is taken last is begun first.
    first.reverse();
    let is_build = matches!(asked, Asked::Build | Asked::Tests);
    let extra: &[&str] = if asked == Asked::Tests && !first.is_empty() { &TEST_MAIN } else { &[] };
    for path in extra {
        let path: Arc<str> = Arc::from(*path);
        if lock(&seen).insert(Arc::clone(&path)) {
            first.push((path, None));
        }
    }
    let linked: Vec<Arc<str>> =
        crate::linker::imports(tags).unwrap_or_default().into_iter().map(Arc::from).collect();
    let readers = run(threads, first, Reader::default, |(path, place), reader, more| {
        let is_whole = asked == Asked::AllTests || roots.contains(&path);
        let data = read(resolver, tags, &path, (place, is_whole), &mut reader.scratch);
        let tests = match asked {
            Asked::Build => false,
            Asked::Tests | Asked::OwnTests => roots.contains(&path),
            Asked::AllTests => true,
        };
        let [imported, test, xtest] = &data.folder.imported;
        let all = [Some(imported), tests.then_some(test), tests.then_some(xtest)];
        for import in all.into_iter().flatten().flatten() {
            match (&**import, data.standard) {
                ("C", _) => {}
                (_, true) => reader.imports.push(resolver.std_vendor(&path, import)),
                (_, false) => reader.imports.push(Arc::clone(import)),
            }
        }
        if is_build {
            reader.imports.extend(implied(&data).into_iter().map(Arc::from));
            // Tests are programs, too.
            if data.folder.name == "main" || data.folder.has.tests {
                reader.imports.extend(linked.iter().map(Arc::clone));
            }
        }
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

/// Imports that no file writes: cgo's and SWIG's (`load.Package.load`).
pub(crate) fn implied(data: &Data) -> Vec<&'static str> {
    let mut paths = vec![];
    let has = data.folder.has;
    if has.cgo || has.swig {
        paths.extend(["unsafe", "runtime/cgo", "syscall"]);
    }
    if has.swig {
        paths.push("sync");
    }
    paths
}

fn read(
    resolver: &Resolver<'_>,
    tags: &Tags,
    path: &str,
    (place, is_whole): (Option<Place>, bool),
    scratch: &mut Scratch,
) -> Data {
    match place.map_or_else(|| resolver.find(path), Ok) {
        Ok(place) => {
            let (index, keeps) = (resolver.index.as_deref(), resolver.keeps(&place));
            let reads = if is_whole { Reads::All } else { resolver.reads(&place) };
            // The standard library is Go's own: it is read file by file for every build, and none of it is broken.
            let is_std = place.dir.starts_with(&resolver.std);
            let is_indexed = is_std || !resolver.is_vendored();
            let rules = if is_indexed { Rules::Index } else { Rules::Build };
            let reading = Reading { tags, reads, rules, reads_excluded: !is_std, index, keeps };
            let folder = match &place.seen {
                Seen::Indexed(folder) => Arc::clone(folder),
                Seen::OfGo(module, package, stamp) => {
                    let of_go = Folder::of_go_index(&place.dir, module, *package, tags, scratch);
                    match (of_go, &resolver.index, stamp) {
                        (Some(folder), Some(index), Some(stamp)) => {
                            index.put(&place.dir, *stamp, None, &folder);
                            folder
                        }
                        (Some(folder), ..) => folder,
                        // The index does not tell all: the files do.
                        (None, ..) => {
                            match Listing::read(&place.dir, resolver.looks(&resolver.overlay)) {
                                Ok(Some(listing)) => {
                                    Folder::read(&place.dir, &listing, reading, scratch)
                                }
                                _ => Arc::default(),
                            }
                        }
                    }
                }
                Seen::Listing(listing) => {
                    let known = index.filter(|_| !listing.is_changed);
                    match known.and_then(|index| index.get(&place.dir, keeps)) {
                        Some(folder) => folder,
                        None => Folder::read(&place.dir, listing, reading, scratch),
                    }
                }
            };
            let standard = place.dir.starts_with(&resolver.std);
            let patterns = [&folder.embeds, &folder.test_embeds, &folder.xtest_embeds];
            let embeds = patterns.map(|places| {
                embed::resolve(
                    &place.dir,
                    resolver.looks(&resolver.overlay),
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
        let folder = &self.folder;
        let is_empty =
            || folder.problem == Some(FolderProblem::NoGo) && folder.files.invalid_go.is_empty();
        self.problem.is_none() && (!folder.has.fitting || is_empty())
    }
}
