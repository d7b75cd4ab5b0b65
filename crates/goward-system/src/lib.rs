//! The only door to the world: files, environment, processes, network, clock.
//!
//! Everything else in goward is pure, or asks a [`System`]. [`OsSystem`] is the real one,
//! [`FakeSystem`] one made of text, [`Bounded`] any of them until a deadline.

mod bounded;
mod command;
mod error;
mod fake;
mod os;
mod overlaid;
mod tree;
pub mod txtar;

pub use bounded::Bounded;
pub use command::{Captured, Command, Ended, Output, go_program};
pub use error::SystemError;
pub use fake::FakeSystem;
pub use os::{CancelToken, OsSystem};
pub use overlaid::Overlaid;
pub use tree::{Excludes, Tree, TreeOptions};

use overlay::Overlay;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What kind of thing a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Dir,
    /// A pipe, socket or device.
    Other,
}

/// What is known of a path without reading it. Symbolic links are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub kind: FileKind,
    /// Size in bytes.
    pub size: u64,
    /// Permission bits (`0o777`); 0o644 where the platform has none.
    pub mode: u32,
    /// What another content would not have: when the file was changed, in nanoseconds since 1970 (the change time, where
    /// the platform has one), and its inode. Zeros where that is not known.
    pub stamp: (i64, u64),
}

/// An open connection.
pub trait Connection: Read + Write + Send {}
impl<T: Read + Write + Send> Connection for T {}

/// The answer to an HTTP request.
#[derive(Clone, Debug)]
pub struct HttpAnswer {
    /// The status code.
    pub status: u16,
    /// The first 64 KiB of the body.
    pub body: String,
}

/// The world as goward sees it. Relative paths are relative to the target's root.
pub trait System: Send + Sync {
    /// Reads a regular file of at most `limit` bytes into `into`, which is cleared first.
    fn read_into(&self, path: &str, limit: u64, into: &mut Vec<u8>) -> Result<(), SystemError>;

    /// What a path names, links followed.
    fn stat(&self, path: &str) -> Result<Stat, SystemError>;

    /// What `path` names where `root` is the root of all paths, as a container sees it: links are
    /// followed, and none leads out of `root`.
    fn in_root(&self, root: &str, path: &str) -> Result<String, SystemError> {
        Ok(format!("{}/{}", root.trim_end_matches('/'), path.trim_start_matches('/')))
    }

    /// Where a path lies on a disk of this machine, for the libraries that read a hundred thousand
    /// files themselves, because speed is their point: the module cache, the build context.
    fn on_disk(&self, path: &str) -> Result<PathBuf, SystemError>;

    /// Files that stand in for those on the disk, for the same libraries.
    fn overlay(&self) -> Arc<Overlay> {
        Arc::default()
    }

    /// The names in a folder, sorted; at most `limit`.
    fn list(&self, path: &str, limit: usize) -> Result<Vec<String>, SystemError>;

    /// Why work that asks nothing of the system for long should stop: its time is up, or somebody
    /// interrupted it. To be asked now and then.
    fn check_time(&self) -> Result<(), SystemError> {
        Ok(())
    }

    /// The files below the root, sorted; links are not followed, what git ignores is left out.
    fn tree(&self, options: &TreeOptions) -> Result<Tree, SystemError>;

    /// An environment variable; `None` also where it is not UTF-8.
    fn env(&self, name: &str) -> Option<String>;

    /// All environment variables whose name and value are UTF-8, sorted; `None` where nobody can say.
    fn envs(&self) -> Option<Vec<(String, String)>> {
        None
    }

    /// Runs a command to its end, or ends it, with all it started, at its limit.
    fn run(&self, command: &Command) -> Result<Output, SystemError>;

    /// Opens a TCP connection to `host:port`.
    fn connect(&self, address: &str, limit: Duration) -> Result<Box<dyn Connection>, SystemError>;

    /// Asks for a URL with GET; redirects are not followed.
    fn http_get(&self, url: &str, limit: Duration) -> Result<HttpAnswer, SystemError>;

    /// Downloads a URL, at most `bytes` of it; redirects are followed, proxies and the machine's own
    /// certificates are used, as by other tools of the host. The status is 2xx, or it is an error,
    /// and then `into` may have got a part.
    fn download(
        &self,
        url: &str,
        into: &mut dyn Write,
        bytes: u64,
        limit: Duration,
    ) -> Result<(), SystemError>;

    /// What [`System::keep`] kept under a name; `None` if nothing is there, whatever the reason.
    fn kept(&self, _name: &str) -> Option<Vec<u8>> {
        None
    }

    /// Keeps verified bytes in the user's cache folder, for the next run. Failing is no error.
    fn keep(&self, _name: &str, _bytes: &[u8]) {}

    /// Whether the user's cache folder takes anything: where it does not, nothing need be got ready for it.
    fn keeps(&self) -> bool {
        false
    }

    /// The monotonic clock.
    fn now(&self) -> Instant;

    /// Seconds since 1970, UTC.
    fn unix_time(&self) -> i64;

    /// Where relative paths start, for messages only.
    fn root(&self) -> String;

    /// Reads a regular file of at most `limit` bytes.
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, SystemError> {
        let mut bytes = vec![];
        self.read_into(path, limit, &mut bytes)?;
        Ok(bytes)
    }

    /// Reads a text file; invalid UTF-8 is an error that names the line.
    fn read_text(&self, path: &str, limit: u64) -> Result<String, SystemError> {
        let bytes = self.read(path, limit)?;
        String::from_utf8(bytes).map_err(|err| {
            let before = &err.as_bytes()[..err.utf8_error().valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            SystemError::NotUtf8 { path: path.into(), line }
        })
    }
}
