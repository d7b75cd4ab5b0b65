//! What an answer rests on: everything that was looked at on the disk, and whether it is still the same.

use crate::index::Index;
use buildlist::Stamp;
use foldhash::HashMap;
use overlay::Overlay;
use rustix::fs::{CWD, Mode, OFlags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Fewer places are not worth a thread.
const LEAST: usize = 250;

/// What a run looked at beside the files of packages.
#[derive(Debug, Default)]
pub(crate) struct Looked {
    places: Mutex<HashMap<PathBuf, Option<Stamp>>>,
    /// Something was looked at of which no stamp tells, or nobody will keep the answer: nothing more is noted.
    is_spoilt: AtomicBool,
}

impl Looked {
    /// Something is about to be asked about a path; links are followed.
    pub(crate) fn note(&self, path: &Path) {
        // What changes after the first look is another thing for the next run, too.
        if !self.is_spoilt() && !self.lock().contains_key(path) {
            self.note_as(path, Stamp::of_path(path));
        }
    }

    /// The same where the stamp is known, from before what is asked was: `None` for nothing.
    pub(crate) fn note_as(&self, path: &Path, stamp: Option<Stamp>) {
        if !self.is_spoilt() && *self.lock().entry(path.to_owned()).or_insert(stamp) != stamp {
            self.spoil();
        }
    }

    /// The same of what was there a moment ago: that it is counts.
    pub(crate) fn note_existing(&self, path: &Path) {
        self.note(path);
        if self.lock().get(path) == Some(&None) {
            self.spoil();
        }
    }

    /// The answer of this run may not be kept.
    pub(crate) fn spoil(&self) {
        self.is_spoilt.store(true, Ordering::Relaxed);
    }

    fn is_spoilt(&self) -> bool {
        self.is_spoilt.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, Option<Stamp>>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How the disk is asked: with what stands in for files, and noted for who keeps the answer.
#[derive(Clone, Copy)]
pub(crate) struct Looks<'a> {
    pub(crate) overlay: &'a Overlay,
    pub(crate) index: Option<&'a Index>,
}

impl Looks<'_> {
    pub(crate) fn note(self, path: &Path) {
        if let Some(index) = self.index {
            index.looked.note(path);
        }
    }

    /// Of what a link is made, and not where it leads: the folder tells that.
    pub(crate) fn note_itself(self, path: &Path) {
        self.note(path);
        if let Some(parent) = path.parent() {
            self.note(parent);
        }
    }

    pub(crate) fn is_file(self, path: &Path) -> bool {
        self.note(path);
        self.overlay.is_file(path)
    }

    pub(crate) fn is_dir(self, path: &Path) -> bool {
        self.note(path);
        self.overlay.is_dir(path)
    }

    pub(crate) fn read(self, path: &Path) -> io::Result<Vec<u8>> {
        self.note(path);
        self.overlay.read(path)
    }
}

/// Places below a folder: the way there is gone once.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Witnessed<'a> {
    /// Absolute; empty where the places are.
    below: &'a str,
    #[serde(borrow)]
    places: Vec<Place<'a>>,
}

/// A path, what it named, and files in it.
#[derive(Debug, Serialize, Deserialize)]
struct Place<'a> {
    path: &'a str,
    stamp: Option<Stamp>,
    #[serde(borrow)]
    files: Vec<(&'a str, Option<Stamp>)>,
}

const FOLDER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

impl Witnessed<'_> {
    /// Whether all is as it was; the places are parted among threads.
    pub(crate) fn still_holds(&self, threads: usize) -> bool {
        let opened;
        let dir = match self.below {
            "" => CWD,
            below => match rustix::fs::open(below, FOLDER, Mode::empty()) {
                Ok(dir) => {
                    opened = dir;
                    opened.as_fd()
                }
                // Nothing is below nothing.
                Err(_) => return self.places.iter().all(|place| place.stamp.is_none()),
            },
        };
        let holds = |places: &[Place<'_>]| places.iter().all(|place| place.still_holds(dir));
        let size = self.places.len().div_ceil(threads.max(1)).max(LEAST);
        std::thread::scope(|scope| {
            let mut parts = self.places.chunks(size);
            let first = parts.next().unwrap_or_default();
            let others: Vec<_> = parts.map(|part| scope.spawn(move || holds(part))).collect();
            let is_same = holds(first);
            others.into_iter().all(|part| part.join().unwrap_or(false)) && is_same
        })
    }
}

impl Place<'_> {
    fn still_holds(&self, dir: BorrowedFd<'_>) -> bool {
        if self.files.is_empty() {
            return Stamp::of_name(dir, self.path) == self.stamp;
        }
        let Ok(open) = rustix::fs::openat(dir, self.path, FOLDER, Mode::empty()) else {
            return false;
        };
        let same =
            |(name, stamp): &(&str, Option<Stamp>)| Stamp::of_name(open.as_fd(), *name) == *stamp;
        Stamp::of_open(open.as_fd()) == self.stamp && self.files.iter().all(same)
    }
}

type Files = BTreeMap<String, Option<Stamp>>;

/// All that a run looked at, each path once.
#[derive(Default)]
pub(crate) struct Collected(BTreeMap<PathBuf, (Option<Stamp>, Files)>);

impl Collected {
    /// All that the packages of a run rest on; `None` where that cannot be said, or where something was two things in
    /// the course of it.
    pub(crate) fn of(
        index: &Index,
        modules: &buildlist::Evidence,
        ahead: Duration,
    ) -> Option<Self> {
        if index.looked.is_spoilt() {
            return None;
        }
        let mut all = Self::default();
        let mut is_one = true;
        let looked = index.looked.lock();
        for (path, stamp) in looked.iter().chain(modules.iter().map(|(path, stamp)| (path, stamp)))
        {
            is_one &= all.add(path, *stamp, vec![]);
        }
        index.stamped(|path, stamp, files| is_one &= all.add(path, Some(stamp), files))?;
        let stamps =
            all.0.values().flat_map(|(dir, files)| dir.iter().chain(files.values().flatten()));
        let is_old = is_one && stamps.into_iter().all(|stamp| !stamp.is_racy(ahead));
        is_old.then_some(all)
    }

    /// Whatever becomes of tests below a folder, it is the same answer.
    pub(crate) fn forget_tests(&mut self, below: &Path) {
        let inside =
            self.0.range_mut(below.to_owned()..).take_while(|(at, _)| at.starts_with(below));
        for (_, (_, files)) in inside {
            files.retain(|name, _| !name.ends_with("_test.go"));
        }
    }

    /// Of a module in the module cache its folder counts: what is in it Go never writes again, and the go command believes
    /// its own index of it by the folder's name alone (`modindex.openIndexModule`).
    pub(crate) fn forget_inside_modules(&mut self, gomodcache: &Path, ahead: Duration) {
        let downloads = gomodcache.join("cache");
        let inside: Vec<(PathBuf, PathBuf)> = self
            .0
            .range(gomodcache.to_owned()..)
            .take_while(|(path, _)| path.starts_with(gomodcache))
            .filter(|(path, _)| !path.starts_with(&downloads))
            .filter_map(|(path, _)| Some((module_root(gomodcache, path)?, path.clone())))
            .collect();
        for (root, path) in inside {
            let stamp = |root: &PathBuf| (Stamp::of_path(root), Files::new());
            let (stamp, _) = self.0.entry(root).or_insert_with_key(stamp);
            // A folder that is gone, or changes just now, tells nothing of what is in it.
            if stamp.is_some_and(|stamp| !stamp.is_racy(ahead)) {
                self.0.remove(&path);
            }
        }
    }

    fn add(
        &mut self,
        path: &Path,
        stamp: Option<Stamp>,
        files: Vec<(String, Option<Stamp>)>,
    ) -> bool {
        let (known, all) = self.0.entry(path.to_owned()).or_insert_with(|| (stamp, Files::new()));
        let is_same =
            |(name, stamp): (String, Option<Stamp>)| *all.entry(name).or_insert(stamp) == stamp;
        *known == stamp && files.into_iter().all(is_same)
    }

    /// Parted: what lies below the first of these folders that it lies below, and at the end what lies below none.
    /// `None` where a path is no text.
    pub(crate) fn parted<'a>(&'a self, folders: &[&'a Path]) -> Option<Vec<Witnessed<'a>>> {
        let below = folders.iter().map(|folder| folder.to_str()).chain([Some("")]);
        let part = |below: Option<&'a str>| Some(Witnessed { below: below?, places: vec![] });
        let mut parts: Vec<Witnessed<'_>> = below.map(part).collect::<Option<_>>()?;
        for (path, (stamp, files)) in &self.0 {
            let part = folders.iter().position(|dir| path.starts_with(dir));
            let path = match part.and_then(|part| path.strip_prefix(folders.get(part)?).ok()) {
                Some(rest) if rest.as_os_str().is_empty() => Path::new("."),
                Some(rest) => rest,
                None => path,
            };
            let files = files.iter().map(|(name, stamp)| (name.as_str(), *stamp)).collect();
            let place = Place { path: path.to_str()?, stamp: *stamp, files };
            parts.get_mut(part.unwrap_or(folders.len()))?.places.push(place);
        }
        parts.retain(|part| !part.places.is_empty());
        Some(parts)
    }
}

/// The folder of the module in the module cache that a path lies in: the name of it has the version.
fn module_root(gomodcache: &Path, path: &Path) -> Option<PathBuf> {
    let root =
        |dir: &&Path| dir.file_name().is_some_and(|name| name.as_encoded_bytes().contains(&b'@'));
    // The outermost: a folder within a module may have any name.
    let above = path.ancestors().skip(1).take_while(|dir| *dir != gomodcache);
    above.filter(root).last().map(Path::to_owned)
}
