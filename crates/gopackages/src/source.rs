//! Files, read as far as their headers need.

use buildlist::Stamp;
use rustix::fs::{Mode, OFlags};
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::path::Path;

/// The header of most files lies within.
const FIRST_READ: usize = 4 << 10;
/// No header is longer; Go itself would read on.
const MAX_HEADER: usize = 64 << 20;

/// The stamps of files that are read, if somebody wants them; `None` where nothing is.
pub(crate) type Stamps = Option<Vec<(usize, Option<Stamp>)>>;

/// Where a file is read.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) folder: BorrowedFd<'a>,
    /// Its name in the folder, or the whole path of what stands in for it.
    pub(crate) place: &'a Path,
    /// Its place among the folder's names.
    pub(crate) file: usize,
}

/// Reads as much of a file as its header needs.
pub(crate) fn read_constraint(
    source: Source<'_>,
    buffer: &mut Vec<u8>,
    stamps: &mut Stamps,
) -> io::Result<goheader::Constraint> {
    read_enough(source, buffer, stamps, goheader::read_other)
}

pub(crate) fn read_enough<T>(
    source: Source<'_>,
    buffer: &mut Vec<u8>,
    stamps: &mut Stamps,
    mut parse: impl FnMut(&[u8], bool) -> Result<T, goheader::Incomplete>,
) -> io::Result<T> {
    // Relative to the folder: its path is long, and its files are many.
    // A pipe without a writer would keep us waiting; a regular file is read the same either way.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let opened = rustix::fs::openat(source.folder, source.place, flags, Mode::empty());
    if let Some(stamps) = stamps {
        // A link that leads nowhere may lead somewhere tomorrow: that nothing is there counts, too.
        let stamp = match &opened {
            Ok(file) => Stamp::of_open(file.as_fd()),
            Err(_) => Stamp::of_name(source.folder, source.place),
        };
        stamps.push((source.file, stamp));
    }
    let mut file = File::from(opened?);
    let mut filled = 0_usize;
    loop {
        let room = if filled == 0 { FIRST_READ } else { filled.saturating_mul(7) };
        if buffer.len() < filled + room {
            buffer.resize(filled + room, 0);
        }
        let read = file.read(buffer.get_mut(filled..filled + room).unwrap_or_default())?;
        filled += read;
        if filled == 0 && !file.metadata()?.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        let complete = read == 0 || filled >= MAX_HEADER;
        match parse(buffer.get(..filled).unwrap_or_default(), complete) {
            Ok(found) => return Ok(found),
            Err(_) if complete => return Err(io::Error::other("the header does not end")),
            Err(_) => {}
        }
    }
}
