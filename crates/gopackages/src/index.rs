//! What is known of directories from an earlier run, and whether it still holds.
//!
//! A directory's entry is believed if the directory itself and each of its files that was read have the size, times and
//! inode that they had: the change time, which no program sets, is among them. What was changed within two seconds of
//! being read is not kept at all, as in git's index: a second change would show in no time stamp.
//!
//! Of a directory in the module cache only the directory counts, not its files, which Go makes read-only: the go command
//! itself believes its own index of the module cache for ever, by path (`modindex.openIndexModule`).

use crate::folder::{Folder, FolderProblem, Has};
use crate::lazy::{Lazy, Shelf};
use crate::position::{Places, Position};
use buildlist::{BuildList, Evidence, Stamp, still_holds};
use foldhash::{HashMap, HashMapExt as _};
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
const FORMAT: &str = "goward packages 4";
/// More than any project has.
const MAX_ENTRIES: usize = 200_000;
/// With so many names the table is made anew: what nobody uses any more is not dropped otherwise.
const MAX_NAMES: usize = 400_000;

/// Whether the files of a directory change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeps {
    /// They are somebody's work.
    Nothing,
    /// They are Go's, in the module cache.
    Files,
}

/// The stamps of the files that were read, by their place among [`Folder::names`].
pub(crate) type FileStamps = Vec<(u32, Stamp)>;

/// [`Folder`] with numbers for names that many have. What few ask for is packed once more.
#[derive(Serialize, Deserialize)]
struct Packed<'a> {
    dir: Stamp,
    files: FileStamps,
    #[serde(borrow)]
    name: &'a str,
    has: Has,
    imported: [Vec<u32>; 3],
    problem: Option<FolderProblem>,
    names: &'a [u8],
    doc: &'a [u8],
    kinds: &'a [u8],
    places: [&'a [u8]; 6],
}

type PackedPlaces = Vec<(u32, Vec<Position>)>;

fn unpack<T: serde::de::DeserializeOwned>(_: &Shelf, bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

fn unpack_places(shelf: &Shelf, bytes: &[u8]) -> Option<Places> {
    let packed: PackedPlaces = postcard::from_bytes(bytes).ok()?;
    let named = packed.into_iter().map(|(name, at)| Some((shelf.name(name)?, at)));
    named.collect()
}

impl Shelf {
    fn name(&self, number: u32) -> Option<Arc<str>> {
        self.names.get(number as usize).cloned()
    }
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
    key: String,
    shelf: Arc<Shelf>,
    /// Where in the bytes each directory is.
    known: HashMap<OsString, std::ops::Range<usize>>,
    /// Where the modules are.
    modules: std::ops::Range<usize>,
    /// How far the clock is ahead.
    ahead: Duration,
    /// What this run found or confirmed.
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    confirmed: Vec<PathBuf>,
    found: Vec<Found>,
    modules: Option<Vec<u8>>,
}

#[derive(Debug)]
struct Found {
    path: PathBuf,
    dir: Stamp,
    files: FileStamps,
    folder: Arc<Folder>,
}

impl Index {
    /// Opens what [`Index::close`] gave. Bytes that are damaged, of another version, or of another build (`GOOS`, tags,
    /// `GOROOT`) are an empty index.
    pub fn open(bytes: Vec<u8>, goroot: &Path, version: &str, tags: &Tags) -> Self {
        let key = format!("{FORMAT}\n{}\n{version}\n{tags:?}", goroot.display());
        let mut index = Self { key, ..Self::default() };
        let Some((sum, rest)) = bytes.split_first_chunk() else { return index };
        if crc32fast::hash(rest).to_le_bytes() != *sum {
            return index;
        }
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
        index.modules = at..at.saturating_add(head.modules as usize);
        index.shelf = Arc::new(Shelf { names: head.names, bytes });
        index
    }

    /// The same as if the clock were ahead: for tests, which cannot wait.
    #[must_use]
    pub fn later(mut self, by: Duration) -> Self {
        self.ahead = by;
        self
    }

    /// The bytes for the next run; `None` where they would be the same as before.
    pub fn close(mut self) -> Option<Vec<u8>> {
        let seen = std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        // What nobody asked for any more is dropped now and then, when something is written anyhow.
        if seen.found.is_empty() && seen.modules.is_none() {
            return None;
        }
        let mut names = self.shelf.names.clone();
        if names.len() > MAX_NAMES {
            return None;
        }
        let mut numbers: HashMap<Arc<str>, u32> = HashMap::with_capacity(names.len());
        for (number, name) in (0..).zip(&names) {
            numbers.insert(Arc::clone(name), number);
        }
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
            if let Some(bytes) = pack(&found, &mut names, &mut numbers) {
                add(found.path, &bytes);
            }
        }
        let known = || self.shelf.bytes.get(self.modules.clone()).unwrap_or_default().to_vec();
        let modules = seen.modules.unwrap_or_else(known);
        let length = u32::try_from(modules.len()).ok()?;
        let head = Head { key: self.key, names, dirs, modules: length };
        let mut rest = postcard::to_stdvec(&head).ok()?;
        rest.append(&mut body);
        rest.extend(modules);
        Some([&crc32fast::hash(&rest).to_le_bytes()[..], &rest].concat())
    }

    /// The package in a directory, if nothing of what was read has changed since.
    pub(crate) fn get(&self, dir: &Path, keeps: Keeps) -> Option<Arc<Folder>> {
        let range = self.known.get(dir.as_os_str())?.clone();
        let bytes = self.shelf.bytes.get(range)?;
        let packed: Packed<'_> = match keeps {
            // One question, and no file is opened.
            Keeps::Files => {
                let now = Stamp::of_path(dir)?;
                let packed: Packed<'_> = postcard::from_bytes(bytes).ok()?;
                (packed.dir == now).then_some(packed)?
            }
            Keeps::Nothing => {
                let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
                let open = rustix::fs::openat(CWD, dir, flags, Mode::empty()).ok()?;
                let packed: Packed<'_> = postcard::from_bytes(bytes).ok()?;
                let names: Vec<&str> = postcard::from_bytes(packed.names).ok()?;
                let same = |(file, stamp): &(u32, Stamp)| {
                    let name = names.get(*file as usize);
                    name.and_then(|name| Stamp::of_name(open.as_fd(), *name)) == Some(*stamp)
                };
                let is_same = Stamp::of_open(open.as_fd())? == packed.dir;
                (is_same && packed.files.iter().all(same)).then_some(packed)?
            }
        };
        let folder = self.folder(packed)?;
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).confirmed.push(dir.to_owned());
        Some(Arc::new(folder))
    }

    fn folder(&self, packed: Packed<'_>) -> Option<Folder> {
        let shelf = &self.shelf;
        let start = shelf.bytes.as_ptr().addr();
        // What is borrowed lies within the shelf's bytes.
        let range = |bytes: &[u8]| {
            let at = bytes.as_ptr().addr().saturating_sub(start);
            at..at.saturating_add(bytes.len())
        };
        let names = |numbers: Vec<u32>| -> Option<Vec<Arc<str>>> {
            numbers.into_iter().map(|number| shelf.name(number)).collect()
        };
        let places = |bytes: &[u8]| Lazy::packed(shelf, range(bytes), unpack_places);
        let [imported, test_imported, xtest_imported] = packed.imported;
        let [imports, test_imports, xtest_imports, embeds, test_embeds, xtest_embeds] =
            packed.places.map(places);
        Some(Folder {
            names: Lazy::packed(shelf, range(packed.names), unpack),
            name: packed.name.to_owned(),
            doc: Arc::new(Lazy::packed(shelf, range(packed.doc), unpack)),
            files: Arc::new(Lazy::packed(shelf, range(packed.kinds), unpack)),
            has: packed.has,
            imported: [names(imported)?, names(test_imported)?, names(xtest_imported)?],
            imports: Arc::new(imports),
            test_imports,
            xtest_imports,
            embeds,
            test_embeds,
            xtest_embeds,
            problem: packed.problem,
        })
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

    /// Keeps what was found in a directory: the stamps are from before its content was read.
    pub(crate) fn put(&self, path: &Path, dir: Stamp, files: FileStamps, folder: &Arc<Folder>) {
        if dir.is_racy(self.ahead) || files.iter().any(|(_, stamp)| stamp.is_racy(self.ahead)) {
            return;
        }
        let found = Found { path: path.to_owned(), dir, files, folder: Arc::clone(folder) };
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).found.push(found);
    }
}

fn pack(
    found: &Found,
    names: &mut Vec<Arc<str>>,
    numbers: &mut HashMap<Arc<str>, u32>,
) -> Option<Vec<u8>> {
    let folder = &*found.folder;
    let mut number = |name: &Arc<str>| {
        *numbers.entry(Arc::clone(name)).or_insert_with(|| {
            names.push(Arc::clone(name));
            u32::try_from(names.len() - 1).unwrap_or(u32::MAX)
        })
    };
    let imported = folder.imported.each_ref().map(|all| all.iter().map(&mut number).collect());
    let mut places = |places: &Places| {
        let packed: PackedPlaces =
            places.iter().map(|(name, at)| (number(name), at.clone())).collect();
        postcard::to_stdvec(&packed).ok()
    };
    let places = [
        places(&folder.imports)?,
        places(&folder.test_imports)?,
        places(&folder.xtest_imports)?,
        places(&folder.embeds)?,
        places(&folder.test_embeds)?,
        places(&folder.xtest_embeds)?,
    ];
    let packed = Packed {
        dir: found.dir,
        files: found.files.clone(),
        name: &folder.name,
        has: folder.has,
        imported,
        problem: folder.problem.clone(),
        names: &postcard::to_stdvec(&*folder.names).ok()?,
        doc: &postcard::to_stdvec(&**folder.doc).ok()?,
        kinds: &postcard::to_stdvec(&**folder.files).ok()?,
        places: places.each_ref().map(Vec::as_slice),
    };
    postcard::to_stdvec(&packed).ok()
}
