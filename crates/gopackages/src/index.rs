//! What is known of directories from an earlier run, and whether it still holds.
//!
//! A directory's entry is believed if the directory itself and each of its files that was read have the size, times and
//! inode that they had: the change time, which no program sets, is among them. What was changed within two seconds of
//! being read is not kept at all, as in git's index: a second change would show in no time stamp.
//!
//! Of a directory in the module cache only the directory counts, not its files, which Go makes read-only: the go command
//! itself believes its own index of the module cache for ever, by path (`modindex.openIndexModule`).

use crate::folder::{Files, Folder, FolderProblem};
use crate::position::{Places, Position};
use foldhash::{HashMap, HashMapExt as _};
use goheader::Tags;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, StatxFlags};
use serde::{Deserialize, Serialize};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Of the bytes, not of the meaning: who changes [`Folder`] or how it is read counts one up.
const FORMAT: &str = "goward packages 2";
/// What changed later than so long before it was read is not kept. Clocks of file servers differ by less.
const RACY_NS: i64 = 2_000_000_000;
/// More than any project has.
const MAX_ENTRIES: usize = 200_000;
/// With so many names the table is made anew: what nobody uses any more is not dropped otherwise.
const MAX_NAMES: usize = 400_000;

/// What says that a file or directory is the one it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    size: u64,
    inode: u64,
    /// Nanoseconds since 1970, as far as these go (2262); before and behind, the nearest.
    modified: i64,
    changed: i64,
}

impl Stamp {
    fn of(found: &rustix::fs::Statx) -> Self {
        let nanos = |time: &rustix::fs::StatxTimestamp| {
            time.tv_sec.saturating_mul(1_000_000_000).saturating_add(i64::from(time.tv_nsec))
        };
        Self {
            size: found.stx_size,
            inode: found.stx_ino,
            modified: nanos(&found.stx_mtime),
            changed: nanos(&found.stx_ctime),
        }
    }

    fn wanted() -> StatxFlags {
        StatxFlags::SIZE | StatxFlags::INO | StatxFlags::MTIME | StatxFlags::CTIME
    }

    /// That of an open file or directory.
    pub(crate) fn of_open(file: BorrowedFd<'_>) -> Option<Self> {
        let found = rustix::fs::statx(file, c"", AtFlags::EMPTY_PATH, Self::wanted()).ok()?;
        Some(Self::of(&found))
    }

    /// That of a file of an open directory; links are followed.
    fn of_name(dir: BorrowedFd<'_>, name: impl rustix::path::Arg) -> Option<Self> {
        let found = rustix::fs::statx(dir, name, AtFlags::empty(), Self::wanted()).ok()?;
        Some(Self::of(&found))
    }

    /// Whether a second change could look like this one.
    fn is_racy(&self, now: i64) -> bool {
        self.modified.max(self.changed) > now.saturating_sub(RACY_NS)
    }
}

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

/// [`Folder`] with numbers for names that many have.
#[derive(Serialize, Deserialize)]
struct Packed<'a> {
    dir: Stamp,
    files: FileStamps,
    names: Vec<String>,
    #[serde(borrow)]
    name: &'a str,
    #[serde(borrow)]
    doc: &'a str,
    kinds: Files,
    places: [PackedPlaces; 6],
    problem: Option<FolderProblem>,
}

type PackedPlaces = Vec<(u32, Vec<Position>)>;

#[derive(Serialize, Deserialize)]
struct Head {
    key: String,
    names: Vec<Arc<str>>,
    /// The directories, and how many bytes of what follows are theirs.
    dirs: Vec<(PathBuf, u32)>,
}

/// What an earlier run found in directories, for the next one. See [`Index::open`].
#[derive(Debug, Default)]
pub struct Index {
    key: String,
    names: Vec<Arc<str>>,
    bytes: Vec<u8>,
    /// Where in the bytes each directory is.
    known: HashMap<PathBuf, std::ops::Range<usize>>,
    /// How far the clock is ahead, in nanoseconds.
    ahead: i64,
    /// What this run found or confirmed.
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    confirmed: Vec<PathBuf>,
    found: Vec<Found>,
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
            index.known.insert(dir, at..end);
            at = end;
        }
        index.names = head.names;
        index.bytes = bytes;
        index
    }

    /// The same as if the clock were ahead: for tests, which cannot wait.
    #[must_use]
    pub fn later(mut self, by: Duration) -> Self {
        self.ahead = i64::try_from(by.as_nanos()).unwrap_or_default();
        self
    }

    /// The bytes for the next run; `None` where they would be the same as before.
    pub fn close(mut self) -> Option<Vec<u8>> {
        let seen = std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        // What nobody asked for any more is dropped now and then, when something is written anyhow.
        if seen.found.is_empty() {
            return None;
        }
        let mut names = std::mem::take(&mut self.names);
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
            let Some(range) = self.known.remove(&dir) else { continue };
            add(dir, self.bytes.get(range).unwrap_or_default());
        }
        for found in seen.found {
            let packed = pack(&found, &mut names, &mut numbers);
            if let Ok(bytes) = postcard::to_stdvec(&packed) {
                add(found.path, &bytes);
            }
        }
        let mut rest = postcard::to_stdvec(&Head { key: self.key, names, dirs }).ok()?;
        rest.append(&mut body);
        Some([&crc32fast::hash(&rest).to_le_bytes()[..], &rest].concat())
    }

    /// The package in a directory, if nothing of what was read has changed since.
    pub(crate) fn get(&self, dir: &Path, keeps: Keeps) -> Option<Arc<Folder>> {
        let bytes = self.bytes.get(self.known.get(dir)?.clone())?;
        let packed: Packed<'_> = match keeps {
            // One question, and no file is opened.
            Keeps::Files => {
                let now = Stamp::of_name(CWD, dir)?;
                let packed: Packed<'_> = postcard::from_bytes(bytes).ok()?;
                (packed.dir == now).then_some(packed)?
            }
            Keeps::Nothing => {
                let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
                let open = rustix::fs::openat(CWD, dir, flags, Mode::empty()).ok()?;
                let packed: Packed<'_> = postcard::from_bytes(bytes).ok()?;
                let same = |(file, stamp): &(u32, Stamp)| {
                    let name = packed.names.get(*file as usize);
                    name.and_then(|name| Stamp::of_name(open.as_fd(), name)) == Some(*stamp)
                };
                let is_same = Stamp::of_open(open.as_fd())? == packed.dir;
                (is_same && packed.files.iter().all(same)).then_some(packed)?
            }
        };
        let folder = self.unpack(packed)?;
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).confirmed.push(dir.to_owned());
        Some(Arc::new(folder))
    }

    fn unpack(&self, packed: Packed<'_>) -> Option<Folder> {
        let places = |packed: PackedPlaces| -> Option<Places> {
            let named = packed
                .into_iter()
                .map(|(name, at)| Some((Arc::clone(self.names.get(name as usize)?), at)));
            named.collect()
        };
        let [imports, test_imports, xtest_imports, embeds, test_embeds, xtest_embeds] =
            packed.places;
        Some(Folder {
            names: packed.names,
            name: packed.name.to_owned(),
            doc: packed.doc.to_owned(),
            files: Arc::new(packed.kinds),
            imports: Arc::new(places(imports)?),
            test_imports: places(test_imports)?,
            xtest_imports: places(xtest_imports)?,
            embeds: places(embeds)?,
            test_embeds: places(test_embeds)?,
            xtest_embeds: places(xtest_embeds)?,
            problem: packed.problem,
        })
    }

    /// Keeps what was found in a directory: the stamps are from before its content was read.
    pub(crate) fn put(&self, path: &Path, dir: Stamp, files: FileStamps, folder: &Arc<Folder>) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(since.as_nanos()).unwrap_or(i64::MAX).saturating_add(self.ahead);
        if dir.is_racy(now) || files.iter().any(|(_, stamp)| stamp.is_racy(now)) {
            return;
        }
        let found = Found { path: path.to_owned(), dir, files, folder: Arc::clone(folder) };
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).found.push(found);
    }
}

fn pack<'f>(
    found: &'f Found,
    names: &mut Vec<Arc<str>>,
    numbers: &mut HashMap<Arc<str>, u32>,
) -> Packed<'f> {
    let folder = &*found.folder;
    let mut number = |name: &Arc<str>| {
        *numbers.entry(Arc::clone(name)).or_insert_with(|| {
            names.push(Arc::clone(name));
            u32::try_from(names.len() - 1).unwrap_or(u32::MAX)
        })
    };
    let mut places = |places: &Places| -> PackedPlaces {
        places.iter().map(|(name, at)| (number(name), at.clone())).collect()
    };
    Packed {
        dir: found.dir,
        files: found.files.clone(),
        names: folder.names.clone(),
        name: &folder.name,
        doc: &folder.doc,
        kinds: (*folder.files).clone(),
        places: [
            places(&folder.imports),
            places(&folder.test_imports),
            places(&folder.xtest_imports),
            places(&folder.embeds),
            places(&folder.test_embeds),
            places(&folder.xtest_embeds),
        ],
        problem: folder.problem.clone(),
    }
}
