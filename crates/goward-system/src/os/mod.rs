//! The real world.
#![allow(clippy::disallowed_methods, reason = "this module is the door")]

mod cache;
mod chroot;
mod net;
mod process;
mod resolve;
mod walk;

use crate::{
    Command, Connection, FileKind, HttpAnswer, Output, Stat, System, SystemError, Tree, TreeOptions,
};
use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Set once, from a signal or a caller: running commands are ended, nothing new is begun.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Interrupts everything that holds this token.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether the run was interrupted.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// The flag itself, for a signal to set.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}

/// The operating system, rooted at a target.
#[derive(Clone, Debug)]
pub struct OsSystem {
    root: PathBuf,
    cancel: CancelToken,
}

impl OsSystem {
    /// Roots the world at `root`.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), cancel: CancelToken::default() }
    }

    /// The same system rooted elsewhere: what interrupts one interrupts the other.
    pub fn rooted(&self, root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), cancel: self.cancel.clone() }
    }

    /// The token that interrupts it.
    pub fn cancel_token(&self) -> CancelToken {
        self.cancel.clone()
    }

    fn check(&self) -> Result<(), SystemError> {
        if self.cancel.is_cancelled() { Err(SystemError::Cancelled) } else { Ok(()) }
    }

    /// Opens a regular file. A pipe or a device must not hold us up, so it is opened without
    /// blocking and then refused.
    fn open(&self, path: &str) -> Result<(File, u64), SystemError> {
        let mut options = OpenOptions::new();
        options.read(true);
        #[cfg(unix)]
        {
            use rustix::fs::OFlags;
            use std::os::unix::fs::OpenOptionsExt as _;
            options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
        }
        let file =
            options.open(self.root.join(path)).map_err(|err| SystemError::of_io(path, &err))?;
        let meta = file.metadata().map_err(|err| SystemError::of_io(path, &err))?;
        if meta.is_file() {
            Ok((file, meta.len()))
        } else {
            Err(SystemError::NotAFile(path.into()))
        }
    }
}

impl System for OsSystem {
    fn read_into(&self, path: &str, limit: u64, into: &mut Vec<u8>) -> Result<(), SystemError> {
        self.check()?;
        let (file, size) = self.open(path)?;
        let too_large = || SystemError::TooLarge { path: path.into(), limit };
        if size > limit {
            return Err(too_large());
        }
        into.clear();
        // One byte more, so that a file of the size it says is read in two calls.
        into.reserve(usize::try_from(size).unwrap_or(usize::MAX).saturating_add(1));
        // A file may grow while it is read, and /proc says 0: the limit holds all the same.
        let read = file.take(limit.saturating_add(1)).read_to_end(into);
        read.map_err(|err| SystemError::of_io(path, &err))?;
        if into.len() as u64 > limit { Err(too_large()) } else { Ok(()) }
    }

    fn stat(&self, path: &str) -> Result<Stat, SystemError> {
        self.check()?;
        let meta = std::fs::metadata(self.root.join(path))
            .map_err(|err| SystemError::of_io(path, &err))?;
        let kind = match (meta.is_file(), meta.is_dir()) {
            (true, _) => FileKind::File,
            (_, true) => FileKind::Dir,
            _ => FileKind::Other,
        };
        #[cfg(unix)]
        let mode = std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o7777;
        #[cfg(not(unix))]
        let mode = 0o644;
        #[cfg(unix)]
        let stamp = {
            use std::os::unix::fs::MetadataExt as _;
            let seconds = meta.ctime().saturating_mul(1_000_000_000);
            (seconds.saturating_add(meta.ctime_nsec()), meta.ino())
        };
        #[cfg(not(unix))]
        let stamp = (0, 0);
        Ok(Stat { kind, size: meta.len(), mode, stamp })
    }

    fn in_root(&self, root: &str, path: &str) -> Result<String, SystemError> {
        self.check()?;
        chroot::resolve(&self.root.join(root), path)
    }

    fn on_disk(&self, path: &str) -> Result<PathBuf, SystemError> {
        self.check()?;
        Ok(self.root.join(path))
    }

    fn list(&self, path: &str, limit: usize) -> Result<Vec<String>, SystemError> {
        self.check()?;
        let wrong = |err| SystemError::of_io(path, &err);
        let mut names = vec![];
        for entry in std::fs::read_dir(self.root.join(path)).map_err(wrong)? {
            if names.len() == limit {
                return Err(SystemError::TooManyFiles(limit));
            }
            names.extend(entry.map_err(wrong)?.file_name().into_string());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn check_time(&self) -> Result<(), SystemError> {
        self.check()
    }

    fn tree(&self, options: &TreeOptions) -> Result<Tree, SystemError> {
        walk::tree(&self.root, options, &self.cancel)
    }

    fn env(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn envs(&self) -> Option<Vec<(String, String)>> {
        let all = std::env::vars_os();
        let texts = all.filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        let mut all: Vec<_> = texts.collect();
        all.sort_unstable();
        Some(all)
    }

    fn run(&self, command: &Command) -> Result<Output, SystemError> {
        self.check()?;
        process::run(command, &self.root, &self.cancel)
    }

    fn connect(&self, address: &str, limit: Duration) -> Result<Box<dyn Connection>, SystemError> {
        self.check()?;
        net::connect(address, limit)
    }

    fn http_get(&self, url: &str, limit: Duration) -> Result<HttpAnswer, SystemError> {
        self.check()?;
        net::http_get(url, limit)
    }

    fn download(
        &self,
        url: &str,
        into: &mut dyn std::io::Write,
        bytes: u64,
        limit: Duration,
    ) -> Result<(), SystemError> {
        self.check()?;
        net::download(url, into, bytes, limit)
    }

    fn kept(&self, name: &str) -> Option<Vec<u8>> {
        cache::read(name)
    }

    fn keep(&self, name: &str, bytes: &[u8]) {
        cache::write(name, bytes);
    }

    fn keeps(&self) -> bool {
        cache::is_writable()
    }

    fn now(&self) -> Instant {
        Instant::now()
    }

    fn unix_time(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }

    fn root(&self) -> String {
        self.root.display().to_string()
    }
}
