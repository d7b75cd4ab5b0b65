//! What was looked at on the disk, and whether it is still the same: so that an answer may be kept.

use rustix::fs::{AtFlags, CWD, StatxFlags};
use serde::{Deserialize, Serialize};
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What changed later than so long before it was looked at is not believed: a second change would show in no time
/// stamp. Clocks of file servers differ by less.
const RACY: Duration = Duration::from_secs(2);

/// What says that a file or directory is the one it was: the change time, which no program sets, is part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
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
    pub fn of_open(file: BorrowedFd<'_>) -> Option<Self> {
        let found = rustix::fs::statx(file, c"", AtFlags::EMPTY_PATH, Self::wanted()).ok()?;
        Some(Self::of(&found))
    }

    /// That of a file of an open directory; links are followed.
    pub fn of_name(dir: BorrowedFd<'_>, name: impl rustix::path::Arg) -> Option<Self> {
        let found = rustix::fs::statx(dir, name, AtFlags::empty(), Self::wanted()).ok()?;
        Some(Self::of(&found))
    }

    /// That of what a path names; links are followed.
    pub fn of_path(path: &Path) -> Option<Self> {
        Self::of_name(CWD, path)
    }

    /// Whether a second change could look like this one, if the clock is `ahead`.
    #[expect(clippy::disallowed_methods, reason = "file systems stamp by this clock")]
    pub fn is_racy(&self, ahead: Duration) -> bool {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + ahead;
        let limit = i64::try_from(since.saturating_sub(RACY).as_nanos()).unwrap_or(i64::MAX);
        self.modified.max(self.changed) > limit
    }
}

/// Paths and what they named; `None` for nothing.
pub type Evidence = Vec<(PathBuf, Option<Stamp>)>;

/// Notes what is looked at, before it is.
#[derive(Debug, Default)]
pub struct Witness(Mutex<Evidence>);

impl Witness {
    pub(crate) fn note(&self, path: &Path) {
        let seen = (path.to_owned(), Stamp::of_path(path));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }

    /// What was seen; `None` where some of it had only just changed.
    pub fn evidence(&self, ahead: Duration) -> Option<Evidence> {
        let seen = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let is_old = |stamp: &Option<Stamp>| stamp.is_none_or(|stamp| !stamp.is_racy(ahead));
        seen.iter().all(|(_, stamp)| is_old(stamp)).then_some(seen)
    }
}

/// Whether all is as it was.
pub fn still_holds(evidence: &Evidence) -> bool {
    evidence.iter().all(|(path, stamp)| Stamp::of_path(path) == *stamp)
}
