//! The module cache held against committed sums.
//!
//! `go mod verify` compares the cache with the `.ziphash` files beside the zips: whoever rewrites a
//! folder, its zip and its hash passes. Here the sums that were committed decide.
#![expect(
    clippy::disallowed_methods,
    reason = "this library reads the module cache itself, because speed is its point"
)]

use crate::compare::{Change, compare_folder};
use crate::sum::hash_go_mod;
use crate::tree::{Root, Tree, TreeError, hash_dirs};
use crate::zip::{ModuleZip, ZipError};
use gomod::module_path::{escape, escape_version};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// A module whose sums were committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The module path.
    pub path: String,
    /// The version.
    pub version: String,
    /// The sum of its content, if there is one.
    pub h1: Option<String>,
    /// The sum of its go.mod file, if there is one.
    pub go_mod: Option<String>,
}

/// What was found of one part of a module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Part {
    /// It was not looked at, or no sum was committed for it.
    #[default]
    Unjudged,
    /// It is not there: Go would download it and verify it then.
    Absent,
    /// It is what was committed.
    Good,
    /// It is not; this is its sum.
    Bad(String),
    /// It cannot be read, and why.
    Unreadable(String),
}

/// What was found of a module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// The folder that Go compiles.
    pub dir: Part,
    /// The zip; looked at where the folder is absent or wrong, or all zips are asked for.
    pub zip: Part,
    /// The hash beside the zip, which Go believes.
    pub ziphash: Part,
    /// The go.mod file that decides about versions.
    pub go_mod: Part,
    /// Go was interrupted while it made the folder; it will make it anew.
    pub partial: bool,
    /// Files in the folder.
    pub files: usize,
    /// Bytes in the folder.
    pub bytes: u64,
    /// Files that are symbolic links.
    pub links: Vec<String>,
    /// What differs between a wrong folder and a zip that is right; empty where there is none.
    pub changes: Vec<Change>,
}

/// Where a module's parts lie.
struct Places {
    dir: PathBuf,
    /// `cache/download/PATH/@v/VERSION`, without an extension.
    download: String,
}

impl Places {
    /// `None` for what no module cache can hold.
    fn of(cache: &Path, path: &str, version: &str) -> Option<Self> {
        let (escaped, version) = (escape(path).ok()?, escape_version(version)?);
        let download = cache.join(format!("cache/download/{escaped}/@v/{version}"));
        let dir = cache.join(format!("{escaped}@{version}"));
        Some(Self { dir, download: download.to_str()?.to_owned() })
    }

    fn file(&self, extension: &str) -> PathBuf {
        PathBuf::from(format!("{}.{extension}", self.download))
    }
}

/// The zip of a module in the cache.
pub fn zip_of(cache: &Path, path: &str, version: &str) -> Option<PathBuf> {
    Some(Places::of(cache, path, version)?.file("zip"))
}

/// The folder of a module in the cache.
pub fn dir_of(cache: &Path, path: &str, version: &str) -> Option<PathBuf> {
    Some(Places::of(cache, path, version)?.dir)
}

/// Holds modules against their committed sums: one answer for each, in order. `zips` asks for every
/// zip; else only those are read that Go would unpack. Once `stop` is true nothing more is read.
pub fn verify(
    cache: &Path,
    wanted: &[Wanted],
    zips: bool,
    threads: usize,
    stop: &(dyn Fn() -> bool + Sync),
) -> Vec<Verified> {
    let places: Vec<Option<Places>> =
        wanted.iter().map(|one| Places::of(cache, &one.path, &one.version)).collect();
    let mut all: Vec<Verified> = wanted.iter().map(|_| Verified::default()).collect();
    for ((one, places), verified) in wanted.iter().zip(&places).zip(&mut all) {
        if let Some(places) = places {
            verified.small_parts(one, places);
        }
    }
    folders(wanted, &places, &mut all, threads, stop);
    let left: Vec<usize> = (0..wanted.len())
        .filter(|index| all.get(*index).is_some_and(|one| zips || one.needs_zip()))
        .collect();
    let found = Mutex::new(vec![]);
    in_parallel(left.len(), threads, &|at| {
        let Some(index) = left.get(at).copied() else { return };
        let (Some(one), Some(Some(places))) = (wanted.get(index), places.get(index)) else {
            return;
        };
        let bad = all.get(index).is_some_and(|one| matches!(one.dir, Part::Bad(_)));
        let judged = judge_zip(one, places, bad, stop);
        found.lock().unwrap_or_else(PoisonError::into_inner).push((index, judged));
    });
    for (index, (part, changes)) in found.into_inner().unwrap_or_else(PoisonError::into_inner) {
        if let Some(verified) = all.get_mut(index) {
            (verified.zip, verified.changes) = (part, changes);
        }
    }
    all
}

impl Verified {
    /// What is only a small file each.
    fn small_parts(&mut self, wanted: &Wanted, places: &Places) {
        if let Some(sum) = &wanted.go_mod {
            self.go_mod = match std::fs::read(places.file("mod")) {
                Ok(content) => judged(hash_go_mod(&content), sum),
                Err(err) => unread(&err),
            };
        }
        if let Some(sum) = &wanted.h1 {
            self.ziphash = match std::fs::read(places.file("ziphash")) {
                Ok(content) => judged(String::from_utf8_lossy(&content).trim().to_owned(), sum),
                Err(err) => unread(&err),
            };
        }
        self.partial = places.file("partial").exists();
    }

    /// Whether the zip is what Go would build from, or what tells where a folder is wrong.
    fn needs_zip(&self) -> bool {
        matches!(self.dir, Part::Absent | Part::Bad(_))
            || (self.partial && self.dir != Part::Unjudged)
    }

    /// Whether anything that Go would use is not what was committed.
    pub fn is_bad(&self) -> bool {
        let bad = |part: &Part| matches!(part, Part::Bad(_));
        bad(&self.dir)
            || bad(&self.zip)
            || bad(&self.ziphash)
            || bad(&self.go_mod)
            || !self.links.is_empty()
    }
}

fn judged(found: String, committed: &str) -> Part {
    if found == committed { Part::Good } else { Part::Bad(found) }
}

fn unread(err: &std::io::Error) -> Part {
    match err.kind() {
        std::io::ErrorKind::NotFound => Part::Absent,
        _ => Part::Unreadable(err.to_string()),
    }
}

/// Sums the folders of all modules whose content has a committed sum.
fn folders(
    wanted: &[Wanted],
    places: &[Option<Places>],
    all: &mut [Verified],
    threads: usize,
    stop: &(dyn Fn() -> bool + Sync),
) {
    let summed = wanted.iter().zip(places).enumerate().filter_map(|(index, (one, places))| {
        let (sum, places) = (one.h1.as_deref()?, places.as_ref()?);
        let prefix = format!("{}@{}", one.path, one.version);
        Some((index, sum, Root { path: places.dir.clone(), prefix }))
    });
    let (mut indices, mut sums, mut roots) = (vec![], vec![], vec![]);
    for (index, sum, root) in summed {
        indices.push(index);
        sums.push(sum);
        roots.push(root);
    }
    let trees: Mutex<Vec<(usize, Result<Tree, TreeError>)>> = Mutex::default();
    hash_dirs(&roots, threads, stop, &|at, tree| {
        trees.lock().unwrap_or_else(PoisonError::into_inner).push((at, tree));
    });
    for (at, tree) in trees.into_inner().unwrap_or_else(PoisonError::into_inner) {
        let (Some(index), Some(sum), Some(root)) = (indices.get(at), sums.get(at), roots.get(at))
        else {
            continue;
        };
        let Some(verified) = all.get_mut(*index) else { continue };
        verified.dir = match tree {
            Ok(tree) => {
                (verified.files, verified.bytes, verified.links) =
                    (tree.files, tree.bytes, tree.links);
                judged(tree.h1, sum)
            }
            Err(TreeError::Missing(path)) if Path::new(&path) == root.path => Part::Absent,
            Err(err) => Part::Unreadable(err.to_string()),
        };
    }
}

/// The zip against its sum, and what differs in the folder where the zip is right.
fn judge_zip(
    wanted: &Wanted,
    places: &Places,
    folder_is_bad: bool,
    stop: &(dyn Fn() -> bool + Sync),
) -> (Part, Vec<Change>) {
    let Some(sum) = &wanted.h1 else { return (Part::Unjudged, vec![]) };
    let zip = match ModuleZip::open(&places.file("zip")) {
        Ok(zip) => zip,
        Err(ZipError::Io(err)) => return (unread(&err), vec![]),
        Err(err) => return (Part::Unreadable(err.to_string()), vec![]),
    };
    let part = match zip.hash(stop) {
        Ok(found) => judged(found, sum),
        Err(err) => return (Part::Unreadable(err.to_string()), vec![]),
    };
    let mut changes = vec![];
    if folder_is_bad && part == Part::Good {
        let prefix = format!("{}@{}", wanted.path, wanted.version);
        // Where a folder cannot be read to its end, its sum has said what matters.
        changes = compare_folder(&places.dir, &zip, &prefix).unwrap_or_default();
    }
    (part, changes)
}

/// Calls `work` with 0, 1, … on several threads.
pub(crate) fn in_parallel(count: usize, threads: usize, work: &(dyn Fn(usize) + Sync)) {
    let threads = match threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let next = AtomicUsize::new(0);
    let run = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                break;
            }
            work(at);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(count) {
            scope.spawn(run);
        }
        run();
    });
}
