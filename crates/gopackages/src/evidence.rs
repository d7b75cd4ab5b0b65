//! What an answer rests on: everything that was looked at on the disk, and whether it is still the same.

use crate::index::Index;
use buildlist::Stamp;
use foldhash::HashMap;
use overlay::Overlay;
use rustix::fs::{CWD, Mode, OFlags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

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

/// A path, what it named, and files in it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Witnessed<'a> {
    #[serde(borrow)]
    path: &'a str,
    stamp: Option<Stamp>,
    files: Vec<(&'a str, Stamp)>,
}

impl Witnessed<'_> {
    pub(crate) fn still_holds(&self) -> bool {
        if self.files.is_empty() {
            return Stamp::of_path(Path::new(self.path)) == self.stamp;
        }
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let Ok(open) = rustix::fs::openat(CWD, self.path, flags, Mode::empty()) else {
            return false;
        };
        let same =
            |(name, stamp): &(&str, Stamp)| Stamp::of_name(open.as_fd(), *name) == Some(*stamp);
        Stamp::of_open(open.as_fd()) == self.stamp && self.files.iter().all(same)
    }
}

type Files = BTreeMap<String, Stamp>;

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
        let stamps = all.0.values().flat_map(|(dir, files)| dir.iter().chain(files.values()));
        let is_old = is_one && stamps.into_iter().all(|stamp| !stamp.is_racy(ahead));
        is_old.then_some(all)
    }

    fn add(&mut self, path: &Path, stamp: Option<Stamp>, files: Vec<(String, Stamp)>) -> bool {
        let (known, all) = self.0.entry(path.to_owned()).or_insert_with(|| (stamp, Files::new()));
        let is_same = |(name, stamp): (String, Stamp)| *all.entry(name).or_insert(stamp) == stamp;
        *known == stamp && files.into_iter().all(is_same)
    }

    /// What is somebody's work, and what hardly ever changes: below `kept`. `None` where a path is no text.
    pub(crate) fn parted(&self, kept: &[&Path]) -> Option<[Vec<Witnessed<'_>>; 2]> {
        let mut parts = [vec![], vec![]];
        for (path, (stamp, files)) in &self.0 {
            let part = usize::from(kept.iter().any(|dir| path.starts_with(dir)));
            let files = files.iter().map(|(name, stamp)| (name.as_str(), *stamp)).collect();
            let one = Witnessed { path: path.to_str()?, stamp: *stamp, files };
            parts.get_mut(part)?.push(one);
        }
        Some(parts)
    }
}
