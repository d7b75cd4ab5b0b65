//! A file that is read piece by piece, and no more of it than such a file can need. What is read stays in memory until
//! the end, and a sparse file of a few blocks may claim parts of gigabytes.

use crate::{Container, Error};
use object::{ReadCache, ReadRef};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::fs::{File, Metadata};
use std::ops::Range;
use std::path::Path;

/// So many bytes may be read of any file.
pub const MIN_READ: u64 = 512 << 20;
/// Of what a file takes on the disk so many times may be read: file systems that compress take less than it has.
const MAX_RATIO: u64 = 8;
/// A block, as `stat` counts.
const BLOCK: u64 = 512;

/// Bytes that are read of such a file at most: eight times what it takes on the disk, and 512 MiB in any case.
pub(crate) fn limit(meta: &Metadata) -> u64 {
    #[cfg(unix)]
    let taken = std::os::unix::fs::MetadataExt::blocks(meta).saturating_mul(BLOCK);
    #[cfg(not(unix))]
    let taken = meta.len();
    taken.saturating_mul(MAX_RATIO).max(MIN_READ)
}

/// A file, with what was read of it.
#[derive(Debug)]
pub(crate) struct Source {
    cache: ReadCache<File>,
    limit: u64,
    spent: Cell<u64>,
    seen: RefCell<HashSet<(u64, u64)>>,
    /// The longest part that was not read.
    refused: Cell<Option<u64>>,
}

/// A part of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    source: &'a Source,
    offset: u64,
    size: u64,
}

impl Source {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|err| Error::io(path, &err))?;
        let meta = file.metadata().map_err(|err| Error::io(path, &err))?;
        Ok(Self {
            cache: ReadCache::new(file),
            limit: limit(&meta),
            spent: Cell::new(0),
            seen: RefCell::default(),
            refused: Cell::new(None),
        })
    }

    pub(crate) fn range(&self, offset: u64, size: u64) -> Part<'_> {
        Part { source: self, offset, size }
    }

    /// A program in it.
    pub(crate) fn container(
        &self,
        offset: u64,
        size: u64,
    ) -> Result<Container<'_, Part<'_>>, Error> {
        let mut container = Container::parse(self.range(offset, size), size)?;
        container.unpacked = container.unpacked.min(self.limit);
        Ok(container)
    }

    /// What is read of it at most.
    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// The error of a file of which not all was read that something asked for.
    pub(crate) fn refused(&self) -> Option<Error> {
        let claimed = self.refused.get()?;
        Some(Error::TooLong { claimed, limit: self.limit })
    }

    /// Whether so many bytes more may be read at this place. What is in memory already costs nothing.
    fn allows(&self, offset: u64, size: u64) -> bool {
        let Ok(mut seen) = self.seen.try_borrow_mut() else { return false };
        if seen.contains(&(offset, size)) {
            return true;
        }
        let spent = self.spent.get().saturating_add(size);
        if spent > self.limit {
            self.refused.set(self.refused.get().max(Some(size)));
            return false;
        }
        self.spent.set(spent);
        seen.insert((offset, size));
        true
    }
}

impl<'a> ReadRef<'a> for Part<'a> {
    fn len(self) -> Result<u64, ()> {
        Ok(self.size)
    }

    fn read_bytes_at(self, offset: u64, size: u64) -> Result<&'a [u8], ()> {
        let end = offset.checked_add(size).ok_or(())?;
        let start = self.offset.checked_add(offset).ok_or(())?;
        if end > self.size || !self.source.allows(start, size) {
            return Err(());
        }
        (&self.source.cache).read_bytes_at(start, size)
    }

    fn read_bytes_at_until(self, range: Range<u64>, delimiter: u8) -> Result<&'a [u8], ()> {
        if range.end > self.size {
            return Err(());
        }
        let start = self.offset.checked_add(range.start).ok_or(())?;
        let end = self.offset.checked_add(range.end).ok_or(())?;
        (&self.source.cache).read_bytes_at_until(start..end, delimiter)
    }
}
