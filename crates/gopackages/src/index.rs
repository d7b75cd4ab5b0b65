//! What is known of directories from an earlier run, and whether it still holds.
//!
//! A directory's entry is believed if the directory itself and each of its files that was read have the size, times and
//! inode that they had: the change time, which no program sets, is among them. What was changed within two seconds of
//! being read is not kept at all, as in git's index: a second change would show in no time stamp.
//!
//! Of a directory in the module cache only the directory counts, not its files, which Go makes read-only, and for a whole
//! answer only the module's directory: the go command itself believes its own index of the module cache for ever, by path
//! (`modindex.openIndexModule`). Of the standard
//! library the files count, as they do for go, since people do put a line into it now and then.

use crate::evidence::Looked;
use crate::folder::Folder;
use crate::lazy::Shelf;
use crate::packed::{Numbering, PackedFolder, pack_folder, unpack_folder};
use buildlist::{BuildList, Evidence, Stamp, still_holds};
use foldhash::HashMap;
use goheader::Tags;
use rustix::fs::{CWD, Mode, OFlags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Of the bytes, not of the meaning: who changes [`Folder`] or how it is read counts one up.
const FORMAT: &str = "goward packages 10";
/// More than any project has.
const MAX_ENTRIES: usize = 200_000;
/// With so many names the table is made anew: what nobody uses any more is not dropped otherwise.
const MAX_NAMES: usize = 400_000;

/// Whether the files of a directory change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeps {
    /// They are somebody's work.
    Nothing,
    /// They are Go's, in the module cache or in GOROOT.
    Files,
}

/// The stamps of the files that were read, by their place among [`Folder::names`]; `None` of a link that leads nowhere.
pub(crate) type FileStamps = Vec<(u32, Option<Stamp>)>;

/// What is known of a directory.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    dir: Stamp,
    /// `None` where only the directory counts.
    files: Option<FileStamps>,
    #[serde(borrow)]
    folder: PackedFolder<'a>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    key: String,
    names: Vec<Arc<str>>,
    /// The directories, and how many bytes of what follows are theirs.
    dirs: Vec<(PathBuf, u32)>,
    /// How many bytes behind them are [`Modules`].
    modules: u32,
}

/// The modules that an earlier run chose.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Modules {
    /// What was asked.
    pub(crate) asked: String,
    /// What was looked at.
    pub(crate) evidence: Evidence,
    pub(crate) list: BuildList,
    /// The modules of a list that is partial of which it is known that it is enough for their packages.
    pub(crate) used: BTreeSet<usize>,
}

/// What an earlier run found in directories, for the next one. See [`Index::open`].
#[derive(Debug, Default)]
pub struct Index {
    pub(crate) key: String,
    shelf: Arc<Shelf>,
    /// Where in the bytes each directory is.
    known: HashMap<OsString, std::ops::Range<usize>>,
    /// Where the modules are.
    modules: std::ops::Range<usize>,
    /// How far the clock is ahead.
    ahead: Duration,
    /// What this run found or confirmed.
    seen: Mutex<Seen>,
    /// What this run looked at beside.
    pub(crate) looked: Looked,
}

#[derive(Debug, Default)]
struct Seen {
    confirmed: Vec<PathBuf>,
    found: Vec<Found>,
    modules: Option<Vec<u8>>,
    answer: Option<Vec<u8>>,
}

#[derive(Debug)]
struct Found {
    path: PathBuf,
    dir: Stamp,
    files: Option<FileStamps>,
    folder: Arc<Folder>,
}

/// What is kept for the next run; of either, `None` where it would be as before, or may not be kept.
#[derive(Debug, Default)]
pub struct Kept {
    /// For [`Index::open`].
    pub index: Option<Vec<u8>>,
    /// For [`crate::Answer::open`].
    pub answer: Option<Vec<u8>>,
}

/// What an index is good for.
pub(crate) fn key(goroot: &Path, version: &str, tags: &Tags) -> String {
    format!("{FORMAT}\n{}\n{version}\n{tags:?}", goroot.display())
}

/// What stands behind its checksum; `None` if it is another one.
pub(crate) fn checked(bytes: &[u8]) -> Option<&[u8]> {
    let (sum, rest) = bytes.split_first_chunk()?;
    (crc32fast::hash(rest).to_le_bytes() == *sum).then_some(rest)
}

/// With the checksum before it.
pub(crate) fn with_sum(rest: &[u8]) -> Vec<u8> {
    [&crc32fast::hash(rest).to_le_bytes()[..], rest].concat()
}

impl Index {
    /// Opens what [`Index::close`] gave. Bytes that are damaged, of another version, or of another build (`GOOS`, tags,
    /// `GOROOT`) are an empty index.
    pub fn open(bytes: Vec<u8>, goroot: &Path, version: &str, tags: &Tags) -> Self {
        let mut index = Self { key: key(goroot, version, tags), ..Self::default() };
        index.looked.spoil();
        let Some(rest) = checked(&bytes) else { return index };
        let Ok((head, body)) = postcard::take_from_bytes::<Head>(rest) else { return index };
        if head.key != index.key {
            return index;
        }
        let mut at = bytes.len().saturating_sub(body.len());
        for (dir, length) in head.dirs {
            let end = at.saturating_add(length as usize);
            index.known.insert(dir.into_os_string(), at..end);
            at = end;
        }
        index.looked = Looked::default();
        index.modules = at..at.saturating_add(head.modules as usize);
        index.shelf = Arc::new(Shelf { names: head.names, bytes });
        index
    }

    /// The same, but no whole answer is kept: for questions that are hardly asked twice.
    #[must_use]
    pub fn without_answer(self) -> Self {
        self.looked.spoil();
        self
    }

    /// The same as if the clock were ahead: for tests, which cannot wait.
    #[must_use]
    pub fn later(mut self, by: Duration) -> Self {
        self.ahead = by;
        self
    }

    /// The bytes for the next run.
    pub fn close(mut self) -> Kept {
        let mut seen =
            std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        let answer = seen.answer.take();
        // What nobody asked for any more is dropped now and then, when something is written anyhow.
        if seen.found.is_empty() && seen.modules.is_none() {
            return Kept { index: None, answer };
        }
        Kept { index: self.bytes(seen), answer }
    }

    fn bytes(&mut self, seen: Seen) -> Option<Vec<u8>> {
        if self.shelf.names.len() > MAX_NAMES {
            return None;
        }
        let mut numbering = Numbering::of(self.shelf.names.clone());
        let (mut dirs, mut body) = (vec![], vec![]);
        let mut add = |dir: PathBuf, bytes: &[u8]| {
            if let (Ok(length), true) = (u32::try_from(bytes.len()), dirs.len() < MAX_ENTRIES) {
                dirs.push((dir, length));
                body.extend_from_slice(bytes);
            }
        };
        for dir in seen.confirmed {
            // Two import paths may lead to one directory.
            let Some(range) = self.known.remove(dir.as_os_str()) else { continue };
            add(dir, self.shelf.bytes.get(range).unwrap_or_default());
        }
        for found in seen.found {
            let Found { path, dir, files, folder } = found;
            let bytes = pack_folder(&folder, &mut numbering, |folder| {
                postcard::to_stdvec(&Entry { dir, files, folder }).ok()
            });
            if let Some(bytes) = bytes {
                add(path, &bytes);
            }
        }
        let known = || self.shelf.bytes.get(self.modules.clone()).unwrap_or_default().to_vec();
        let modules = seen.modules.unwrap_or_else(known);
        let length = u32::try_from(modules.len()).ok()?;
        let key = std::mem::take(&mut self.key);
        let head = Head { key, names: numbering.names, dirs, modules: length };
        let mut rest = postcard::to_stdvec(&head).ok()?;
        rest.append(&mut body);
        rest.extend(modules);
        Some(with_sum(&rest))
    }

    fn entry(&self, dir: &Path) -> Option<&[u8]> {
        let range = self.known.get(dir.as_os_str())?.clone();
        self.shelf.bytes.get(range)
    }

    /// The package in a directory, if nothing of what was read has changed since.
    pub(crate) fn get(&self, dir: &Path, keeps: Keeps) -> Option<Arc<Folder>> {
        let bytes = self.entry(dir)?;
        let entry: Entry<'_> = match keeps {
            // One question, and no file is opened.
            Keeps::Files => {
                let now = Stamp::of_path(dir)?;
                let entry: Entry<'_> = postcard::from_bytes(bytes).ok()?;
                (entry.dir == now).then_some(entry)?
            }
            Keeps::Nothing => {
                let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
                let open = rustix::fs::openat(CWD, dir, flags, Mode::empty()).ok()?;
                let entry: Entry<'_> = postcard::from_bytes(bytes).ok()?;
                let names: Vec<&str> = postcard::from_bytes(entry.folder.names).ok()?;
                let same = |(file, stamp): &(u32, Option<Stamp>)| {
                    let name = names.get(*file as usize);
                    name.and_then(|name| Stamp::of_name(open.as_fd(), *name)) == *stamp
                };
                let is_same = Stamp::of_open(open.as_fd())? == entry.dir;
                // What was believed without its files is not believed where they count.
                let files_are = entry.files.as_ref().is_some_and(|files| files.iter().all(same));
                (is_same && files_are).then_some(entry)?
            }
        };
        let folder = unpack_folder(&self.shelf, entry.folder)?;
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).confirmed.push(dir.to_owned());
        Some(Arc::new(folder))
    }

    /// The directories that were believed in this run, each with the stamps that say so.
    pub(crate) fn stamped(
        &self,
        mut take: impl FnMut(&Path, Stamp, Vec<(String, Option<Stamp>)>),
    ) -> Option<()> {
        let named = |names: &[String], files: &FileStamps| -> Option<Vec<_>> {
            let named =
                files.iter().map(|(at, stamp)| Some((names.get(*at as usize)?.clone(), *stamp)));
            named.collect()
        };
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for dir in &seen.confirmed {
            let entry: Entry<'_> = postcard::from_bytes(self.entry(dir)?).ok()?;
            let names: Vec<String> = postcard::from_bytes(entry.folder.names).ok()?;
            take(dir, entry.dir, named(&names, &entry.files.unwrap_or_default())?);
        }
        Some(())
    }

    /// The modules that an earlier run chose, if all that it looked at is as it was.
    pub(crate) fn modules(&self, asked: &str) -> Option<Modules> {
        let bytes = self.shelf.bytes.get(self.modules.clone())?;
        let modules: Modules = postcard::from_bytes(bytes).ok()?;
        (modules.asked == asked && still_holds(&modules.evidence)).then_some(modules)
    }

    /// How far the clock is ahead.
    pub(crate) fn ahead(&self) -> Duration {
        self.ahead
    }

    /// Keeps the modules that this run chose.
    pub(crate) fn put_modules(&self, modules: &Modules) {
        if let Ok(bytes) = postcard::to_stdvec(modules) {
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).modules = Some(bytes);
        }
    }

    /// How many bytes an earlier run kept.
    pub(crate) fn size(&self) -> usize {
        self.shelf.bytes.len()
    }

    /// Keeps the whole answer of this run.
    pub(crate) fn put_answer(&self, answer: Vec<u8>) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).answer = Some(answer);
    }

    /// Keeps what was found in a directory: the stamps are from before its content was read.
    pub(crate) fn put(
        &self,
        path: &Path,
        dir: Stamp,
        files: Option<FileStamps>,
        folder: &Arc<Folder>,
    ) {
        // Where something is new, something will be new again: the whole answer is kept by a run that finds nothing.
        self.looked.spoil();
        let is_racy = |stamp: &Stamp| stamp.is_racy(self.ahead);
        let mut stamps = files.iter().flatten().filter_map(|(_, stamp)| stamp.as_ref());
        if is_racy(&dir) || stamps.any(is_racy) {
            return;
        }
        let found = Found { path: path.to_owned(), dir, files, folder: Arc::clone(folder) };
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).found.push(found);
    }
}
