//! What lies in a directory.

use crate::evidence::{Looked, Looks};
use buildlist::Stamp;
use overlay::Entry;
use rustix::fs::{AtFlags, FileType, Mode, OFlags, RawDir};
use rustix::io::Errno;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::AsFd as _;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// What the system fills at once.
const BUFFER: usize = 16 << 10;

/// The entries of a directory, in the order in which Go reads them.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Everything that is no directory and no link to one.
    pub(crate) files: Vec<String>,
    /// Directories; links to them are not followed.
    pub(crate) folders: Vec<String>,
    /// The directory, still open: its files are opened relative to it. Many may not stay so.
    pub(crate) folder: Option<OwnedFd>,
    /// Files that stand in for those of the directory, by name.
    pub(crate) replaced: HashMap<String, PathBuf>,
    /// Whether it is not what the disk has.
    pub(crate) is_changed: bool,
    /// The directory's stamp from before it was read.
    pub(crate) stamp: Option<Stamp>,
    /// Whether something is neither a file nor a directory: the go command has no index of it.
    pub(crate) has_links: bool,
    /// Links, and what they led to: whether that is a directory the listing says.
    links: Vec<(String, Option<Stamp>)>,
}

impl Listing {
    /// Reads a directory, with what stands in for its files; `None` if there is none. For an index with its stamp.
    pub(crate) fn read(dir: &Path, looks: Looks<'_>) -> io::Result<Option<Self>> {
        let Looks { overlay, index } = looks;
        let stamped = index.is_some();
        if overlay.is_empty() {
            let listing = Self::of_disk(dir, stamped);
            if let Some(index) = index {
                note(&index.looked, dir, &listing);
            }
            return listing;
        }
        let mut listing = match overlay.find(dir) {
            Some(Entry::Hidden | Entry::File(_)) => return Ok(None),
            Some(Entry::Folder) => Self::of_disk(dir, stamped)?.unwrap_or_default(),
            None => match Self::of_disk(dir, stamped)? {
                Some(listing) => listing,
                None => return Ok(None),
            },
        };
        let Some(names) = overlay.names(dir) else { return Ok(Some(listing)) };
        listing.is_changed = true;
        listing.files.retain(|name| !names.contains_key(name));
        listing.folders.retain(|name| !names.contains_key(name));
        for (name, entry) in names {
            match entry {
                Entry::Hidden => {}
                Entry::Folder => listing.folders.push(name.clone()),
                Entry::File(file) => {
                    listing.files.push(name.clone());
                    listing.replaced.insert(name.clone(), file.clone());
                }
            }
        }
        listing.files.sort_unstable();
        listing.folders.sort_unstable();
        Ok(Some(listing))
    }

    fn of_disk(dir: &Path, stamped: bool) -> io::Result<Option<Self>> {
        let folder = match open(dir) {
            Ok(folder) => folder,
            Err(Errno::NOENT | Errno::NOTDIR) => return Ok(None),
            Err(err) => return Err(err.into()),
        };
        let stamp = if stamped { Stamp::of_open(folder.as_fd()) } else { None };
        let mut listing = Self { stamp, ..Self::default() };
        let mut buffer = [MaybeUninit::uninit(); BUFFER];
        let mut entries = RawDir::new(&folder, &mut buffer);
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let real = OsStr::from_bytes(entry.file_name().to_bytes());
            let name = real.to_string_lossy();
            if matches!(&*name, "." | "..") {
                continue;
            }
            let kind = match entry.file_type() {
                // Some file systems do not say.
                FileType::Unknown => kind_of(&folder, real, AtFlags::SYMLINK_NOFOLLOW),
                kind => kind,
            };
            if stamped && kind == FileType::Symlink {
                listing
                    .links
                    .push((name.clone().into_owned(), Stamp::of_name(folder.as_fd(), real)));
            }
            let target = || kind_of(&folder, real, AtFlags::empty());
            listing.has_links |= !matches!(kind, FileType::Directory | FileType::RegularFile);
            // It is shown as Go's JSON shows it, and opened as it is.
            if matches!(name, Cow::Owned(_)) {
                listing.replaced.insert(name.clone().into_owned(), real.into());
            }
            if kind == FileType::Directory {
                listing.folders.push(name.into_owned());
            } else if kind != FileType::Symlink || target() != FileType::Directory {
                listing.files.push(name.into_owned());
            }
        }
        listing.files.sort_unstable();
        listing.folders.sort_unstable();
        listing.folder = Some(folder);
        Ok(Some(listing))
    }

    /// Whether Go sees source files here (`modindex.IndexPackage.IsGoDir`).
    pub(crate) fn has_go(&self) -> bool {
        self.files.iter().any(|name| name.ends_with(".go") && !name.starts_with(['_', '.']))
    }

    /// Whether a `go.mod` makes it a module of its own.
    pub(crate) fn is_module(&self) -> bool {
        self.files.binary_search_by(|name| name.as_str().cmp("go.mod")).is_ok()
    }
}

/// Notes what a listing says.
fn note(looked: &Looked, dir: &Path, listing: &io::Result<Option<Listing>>) {
    match listing {
        Ok(None) => looked.note_as(dir, None),
        // Names that are no text are shown otherwise than they are.
        Ok(Some(listing)) if listing.stamp.is_some() && listing.replaced.is_empty() => {
            looked.note_as(dir, listing.stamp);
            for (name, stamp) in &listing.links {
                looked.note_as(&dir.join(name), *stamp);
            }
        }
        _ => looked.spoil(),
    }
}

/// Opens a directory.
pub(crate) fn open(dir: &Path) -> Result<OwnedFd, Errno> {
    rustix::fs::open(dir, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
}

fn kind_of(folder: &OwnedFd, name: &OsStr, flags: AtFlags) -> FileType {
    let found = rustix::fs::statat(folder, name, flags);
    found.map_or(FileType::Unknown, |stat| FileType::from_raw_mode(stat.st_mode))
}

/// Whether `go.mod` in a directory makes it a module of its own.
pub(crate) fn is_module(dir: &Path, looks: Looks<'_>) -> bool {
    looks.is_file(&dir.join("go.mod"))
}
