//! What is known of directories from an earlier run, and whether it still holds.
//!
//! A directory's entry is believed if the directory itself and each of its files that was read have the size, times and
//! inode that they had: the change time, which no program sets, is among them. What was changed within two seconds of
//! being read is not kept at all, as in git's index: a second change would show in no time stamp.

use crate::folder::Folder;
use goheader::Tags;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, StatxFlags};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Of the bytes, not of the meaning: who changes [`Folder`] or how it is read counts one up.
const FORMAT: &str = "goward packages 1";
/// What changed later than so long before it was read is not kept. Clocks of file servers differ by less.
const RACY_NS: i128 = 2_000_000_000;
/// More than any project has.
const MAX_ENTRIES: usize = 200_000;

/// What says that a file or directory is the one it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    size: u64,
    inode: u64,
    modified: i128,
    changed: i128,
}

impl Stamp {
    fn of(found: &rustix::fs::Statx) -> Self {
        let nanos = |time: &rustix::fs::StatxTimestamp| {
            i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec)
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
    fn of_name(dir: BorrowedFd<'_>, name: &str) -> Option<Self> {
        let found = rustix::fs::statx(dir, name, AtFlags::empty(), Self::wanted()).ok()?;
        Some(Self::of(&found))
    }

    /// Whether a second change could look like this one.
    fn is_racy(&self, now: i128) -> bool {
        self.modified.max(self.changed) > now - RACY_NS
    }
}

/// What is known of a directory.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    dir: Stamp,
    files: Vec<(String, Stamp)>,
    /// The [`Folder`], packed.
    folder: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    key: String,
    entries: Vec<(PathBuf, Kept)>,
}

/// What an earlier run found in directories, for the next one. See [`Index::open`].
#[derive(Debug, Default)]
pub struct Index {
    key: String,
    known: HashMap<PathBuf, Kept>,
    /// How far the clock is ahead, in nanoseconds.
    ahead: i128,
    /// What this run found or confirmed.
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    confirmed: Vec<PathBuf>,
    found: Vec<(PathBuf, Kept)>,
}

impl Index {
    /// Opens what [`Index::close`] gave. Bytes that are damaged, of another version, or of another build (`GOOS`, tags,
    /// `GOROOT`) are an empty index.
    pub fn open(bytes: &[u8], goroot: &Path, version: &str, tags: &Tags) -> Self {
        let key = format!("{FORMAT}\n{}\n{version}\n{tags:?}", goroot.display());
        let mut index = Self { key, ..Self::default() };
        let Some((sum, rest)) = bytes.split_at_checked(32) else { return index };
        if Sha256::digest(rest).as_slice() != sum {
            return index;
        }
        if let Ok(stored) = postcard::from_bytes::<Stored>(rest)
            && stored.key == index.key
        {
            index.known = stored.entries.into_iter().collect();
        }
        index
    }

    /// The same as if the clock were ahead: for tests, which cannot wait.
    #[must_use]
    pub fn later(mut self, by: Duration) -> Self {
        self.ahead = i128::try_from(by.as_nanos()).unwrap_or_default();
        self
    }

    /// The bytes for the next run; `None` where they would be the same as before.
    pub fn close(mut self) -> Option<Vec<u8>> {
        let seen = std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        // What nobody asked for any more is dropped now and then, when something is written anyhow.
        if seen.found.is_empty() {
            return None;
        }
        let confirmed = seen.confirmed.into_iter();
        let mut entries: Vec<(PathBuf, Kept)> =
            confirmed.filter_map(|dir| self.known.remove_entry(&dir)).collect();
        entries.extend(seen.found);
        entries.truncate(MAX_ENTRIES);
        let rest = postcard::to_stdvec(&Stored { key: self.key, entries }).ok()?;
        Some([Sha256::digest(&rest).as_slice(), &rest].concat())
    }

    /// The package in a directory, if nothing of what was read has changed since.
    pub(crate) fn get(&self, dir: &Path) -> Option<Arc<Folder>> {
        let kept = self.known.get(dir)?;
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let open = rustix::fs::openat(CWD, dir, flags, Mode::empty()).ok()?;
        let open = std::os::fd::AsFd::as_fd(&open);
        if Stamp::of_open(open)? != kept.dir {
            return None;
        }
        let same = |(name, stamp): &(String, Stamp)| Stamp::of_name(open, name) == Some(*stamp);
        if !kept.files.iter().all(same) {
            return None;
        }
        let folder = postcard::from_bytes(&kept.folder).ok()?;
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).confirmed.push(dir.to_owned());
        Some(Arc::new(folder))
    }

    /// Keeps what was found in a directory: the stamps are from before its content was read.
    pub(crate) fn put(
        &self,
        dir: &Path,
        before: Stamp,
        files: Vec<(String, Stamp)>,
        folder: &Folder,
    ) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i128::try_from(since.as_nanos()).unwrap_or(i128::MAX) + self.ahead;
        if before.is_racy(now) || files.iter().any(|(_, stamp)| stamp.is_racy(now)) {
            return;
        }
        let Ok(folder) = postcard::to_stdvec(folder) else { return };
        let kept = Kept { dir: before, files, folder };
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).found.push((dir.to_owned(), kept));
    }
}
