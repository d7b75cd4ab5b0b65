//! The folder: the layout of Go's own build cache, with `<action>-s`, a signed entry, beside each `<action>-a`.
//!
//! `goward cache verify`, `status` and `clean` understand it, and so would go itself, which reads no `-s`. We read
//! nothing but `-s` and `-d`.

use crate::memory::Stamp;
use crate::{MAX_SIGNED, Signed};
use gocache::{Cache, Choice, Id, place};
use rustix::fs::{AtFlags, FileType, statat};
use std::collections::HashSet;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tempfile::{NamedTempFile, TempPath};

/// Go's own words, by which it and [`Cache::open`] know a build cache.
const README: &str = "This directory holds cached build artifacts from the Go build system.\n\
Run \"go clean -cache\" if the directory is getting too large.\n\
Run \"go clean -fuzzcache\" to delete the fuzz cache.\n\
See go.dev to learn more about Go.\n";
/// Where files are written before they are renamed: what a killed session leaves is found there.
const UNFINISHED: &str = "tmp";
/// So the names of what is there begin.
const PUT: &str = "put-";
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Uses are noted to the hour, as Go does.
const HOUR: Duration = Duration::from_secs(3600);

/// Why a file did not get its name, and the file under its old one; without it, it has its name but may not stay.
pub(crate) type Unkept = (io::Error, Option<TempPath>);

/// A store.
#[derive(Clone, Debug)]
pub struct Store {
    dir: PathBuf,
    /// The folder itself: from here on its place in the tree is not looked up again.
    root: Arc<OwnedFd>,
    /// Whether a write is acknowledged only when it is on the disk.
    durable: bool,
}

impl Store {
    /// Opens a folder to write to it; makes it where it is not there.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn create(dir: &Path, durable: bool) -> io::Result<Self> {
        // Writable for its owner alone, whatever the umask: what others can write is not verified for long.
        std::fs::DirBuilder::new().recursive(true).mode(0o755).create(dir)?;
        let store = Self::of(dir, durable)?;
        let readme = store.dir.join("README");
        if std::fs::symlink_metadata(&readme).is_err() {
            // Old objects are deleted here, so that it must be nobody's folder yet.
            let is_foreign = |entry: io::Result<std::fs::DirEntry>| {
                // A file system of its own begins with one.
                entry.map_or(true, |entry| entry.file_name() != "lost+found")
            };
            if std::fs::read_dir(&store.dir)?.any(is_foreign) {
                let why = "it is not empty and no cache (it has no README of one); name an empty or a new folder";
                return Err(io::Error::new(ErrorKind::AlreadyExists, why));
            }
            std::fs::write(&readme, README)?;
        }
        // One listing tells of all that are there: this is the beginning of every build.
        let mut real = HashSet::new();
        for entry in std::fs::read_dir(&store.dir)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                real.extend(entry.file_name().into_string());
            }
        }
        let folders = (0..256).map(|number| format!("{number:02x}"));
        for name in folders.chain([UNFINISHED.to_owned()]) {
            if !real.contains(&name) {
                store.folder(&name)?;
            }
        }
        Ok(store)
    }

    /// Opens a folder to read it.
    ///
    /// # Errors
    /// Where it is not there.
    pub fn open(dir: &Path) -> io::Result<Self> {
        Self::of(dir, false)
    }

    fn of(dir: &Path, durable: bool) -> io::Result<Self> {
        let dir = dir.canonicalize()?;
        let root = Arc::new(OwnedFd::from(File::open(&dir)?));
        Ok(Self { dir, root, durable })
    }

    /// What the kernel says of a file, if it is one and no link.
    pub(crate) fn stamp(&self, id: &Id, suffix: char) -> Option<Stamp> {
        let found = statat(&self.root, place(id, suffix), AtFlags::SYMLINK_NOFOLLOW).ok()?;
        FileType::from_raw_mode(found.st_mode).is_file().then(|| Stamp::of_stat(&found))
    }

    /// A real folder: what is written into a link, or deleted there, would be somebody else's.
    fn folder(&self, name: &str) -> io::Result<()> {
        let path = self.dir.join(name);
        match std::fs::DirBuilder::new().mode(0o755).create(&path) {
            Err(err) if err.kind() != ErrorKind::AlreadyExists => Err(err),
            Err(_) if !std::fs::symlink_metadata(&path)?.is_dir() => {
                let why =
                    format!("{} is a link or a file and no folder; remove it", path.display());
                Err(io::Error::new(ErrorKind::NotADirectory, why))
            }
            _ => Ok(()),
        }
    }

    /// The folder, with no link in it.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether others than its owner may write to it.
    pub fn is_shared(&self) -> bool {
        std::fs::metadata(&self.dir).is_ok_and(|found| !crate::memory::is_ours(&found))
    }

    pub(crate) fn path(&self, id: &Id, suffix: char) -> PathBuf {
        self.dir.join(place(id, suffix))
    }

    /// The bytes of an entry; a byte more than an entry has shows that it is too long.
    pub(crate) fn entry(&self, action: &Id) -> io::Result<(Vec<u8>, File, Metadata)> {
        let (mut file, found) = gocache::open_regular(&self.path(action, 's'))?;
        let mut bytes = Vec::with_capacity(MAX_SIGNED + 1);
        (&mut file).take(MAX_SIGNED as u64 + 1).read_to_end(&mut bytes)?;
        Ok((bytes, file, found))
    }

    pub(crate) fn object(&self, output: &Id) -> io::Result<(File, Metadata)> {
        gocache::open_regular(&self.path(output, 'd'))
    }

    /// A file of no name yet.
    pub(crate) fn unfinished(&self) -> io::Result<NamedTempFile> {
        tempfile::Builder::new().prefix(PUT).tempfile_in(self.dir.join(UNFINISHED))
    }

    /// Gives a whole file its name. Where that fails the file is still there, under its old one.
    pub(crate) fn keep_object(&self, file: TempPath, output: &Id) -> Result<PathBuf, Unkept> {
        let path = self.path(output, 'd');
        match self.keep(file, &path) {
            Ok(()) => Ok(path),
            Err(failed) => Err(failed),
        }
    }

    fn keep(&self, file: TempPath, path: &Path) -> Result<(), Unkept> {
        let settle = || {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o444))?;
            if self.durable { File::open(&file)?.sync_all() } else { Ok(()) }
        };
        if let Err(err) = settle() {
            return Err((err, Some(file)));
        }
        file.persist(path).map_err(|failed| (failed.error, Some(failed.path)))?;
        if self.durable
            && let Some(folder) = path.parent()
            && let Err(err) = File::open(folder).and_then(|folder| folder.sync_all())
        {
            // It is there, but may not stay.
            return Err((err, None));
        }
        Ok(())
    }

    /// Writes an entry: Go's own first, ours last.
    pub(crate) fn keep_entry(&self, signed: &Signed) -> io::Result<()> {
        let it = &signed.statement;
        let index = format!("v1 {} {} {:>20} {:>20}\n", it.action, it.output, it.size, it.time);
        for (suffix, text) in [('a', index), ('s', signed.text())] {
            let mut file = self.unfinished()?;
            file.write_all(text.as_bytes())?;
            let path = self.path(&it.action, suffix);
            self.keep(file.into_temp_path(), &path).map_err(|(err, _)| err)?;
        }
        Ok(())
    }

    /// Notes that an entry and its object are in use, if that is an hour old. Where it cannot be noted, it is not.
    pub(crate) fn note_use(&self, action: &Id, files: [&File; 2], now: SystemTime) {
        let is_old = |file: &File| {
            let used = file.metadata().and_then(|found| found.modified());
            used.is_ok_and(|used| now.duration_since(used).is_ok_and(|age| age > HOUR))
        };
        let mut noted = false;
        for file in files {
            noted |= is_old(file) && file.set_modified(now).is_ok();
        }
        if noted && let Ok((index, _)) = gocache::open_regular(&self.path(action, 'a')) {
            let _ = index.set_modified(now);
        }
    }

    /// Once a day: deletes what was not used for so long, and what killed sessions left.
    ///
    /// # Errors
    /// Where the folder cannot be read or written.
    pub fn trim(&self, unused: Duration, now: SystemTime) -> io::Result<()> {
        let seconds = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        // A time to come is a clock that was wrong.
        let trimmed = gocache::trimmed(&self.dir);
        if trimmed.is_some_and(|at| at <= seconds && seconds - at < DAY.as_secs()) {
            return Ok(());
        }
        let cache = Cache::open(&self.dir).map_err(io::Error::other)?;
        // Beside it and renamed: a link in its place is replaced and not followed.
        let beside = self.dir.join(UNFINISHED).join(format!("{PUT}trim-{}", std::process::id()));
        std::fs::write(&beside, seconds.to_string())?;
        std::fs::rename(&beside, self.dir.join("trim.txt"))?;
        let Some(before) = now.checked_sub(unused) else { return Ok(()) };
        let listing = cache.list();
        gocache::plan(&cache, &listing, Choice::UnusedSince(before)).carry_out(&cache)?;
        self.folder(UNFINISHED)?;
        for entry in std::fs::read_dir(self.dir.join(UNFINISHED))? {
            let entry = entry?;
            if !entry.file_name().to_string_lossy().starts_with(PUT) {
                continue;
            }
            let found = entry.metadata()?;
            let age = found.modified().ok().and_then(|at| now.duration_since(at).ok());
            if found.is_file() && age.is_some_and(|age| age > DAY) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
        Ok(())
    }
}
