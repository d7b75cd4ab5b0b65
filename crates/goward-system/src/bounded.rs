//! Any system, until a deadline: how a probe that takes too long comes to its end.

use crate::{
    Command, Connection, HttpAnswer, Output, Stat, System, SystemError, Tree, TreeOptions,
};
use overlay::Overlay;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Passes every question on until the deadline, and refuses afterwards. A probe that asks the
/// world for anything ends at its next question; commands and connections get what time is left.
pub struct Bounded<'a> {
    inner: &'a dyn System,
    deadline: Instant,
    limit: Duration,
}

impl<'a> Bounded<'a> {
    /// Bounds `inner` to `limit` from now.
    pub fn new(inner: &'a dyn System, limit: Duration) -> Self {
        let deadline = inner.now().checked_add(limit).unwrap_or_else(|| inner.now());
        Self { inner, deadline, limit }
    }

    /// The time that is left, or the error that there is none.
    fn left(&self) -> Result<Duration, SystemError> {
        match self.deadline.saturating_duration_since(self.inner.now()) {
            Duration::ZERO => Err(SystemError::TimedOut(self.limit)),
            left => Ok(left),
        }
    }
}

impl System for Bounded<'_> {
    fn read_into(&self, path: &str, limit: u64, into: &mut Vec<u8>) -> Result<(), SystemError> {
        self.left()?;
        self.inner.read_into(path, limit, into)
    }

    fn stat(&self, path: &str) -> Result<Stat, SystemError> {
        self.left()?;
        self.inner.stat(path)
    }

    fn in_root(&self, root: &str, path: &str) -> Result<String, SystemError> {
        self.left()?;
        self.inner.in_root(root, path)
    }

    fn on_disk(&self, path: &str) -> Result<PathBuf, SystemError> {
        self.left()?;
        self.inner.on_disk(path)
    }

    fn overlay(&self) -> Arc<Overlay> {
        self.inner.overlay()
    }

    fn list(&self, path: &str, limit: usize) -> Result<Vec<String>, SystemError> {
        self.left()?;
        self.inner.list(path, limit)
    }

    fn check_time(&self) -> Result<(), SystemError> {
        self.left()?;
        self.inner.check_time()
    }

    fn tree(&self, options: &TreeOptions) -> Result<Tree, SystemError> {
        self.left()?;
        self.inner.tree(options)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.inner.env(name)
    }

    fn run(&self, command: &Command) -> Result<Output, SystemError> {
        let limit = command.limit.min(self.left()?);
        self.inner.run(&Command { limit, ..command.clone() })
    }

    fn connect(&self, address: &str, limit: Duration) -> Result<Box<dyn Connection>, SystemError> {
        self.inner.connect(address, limit.min(self.left()?))
    }

    fn http_get(&self, url: &str, limit: Duration) -> Result<HttpAnswer, SystemError> {
        self.inner.http_get(url, limit.min(self.left()?))
    }

    fn download(
        &self,
        url: &str,
        into: &mut dyn std::io::Write,
        bytes: u64,
        limit: Duration,
    ) -> Result<(), SystemError> {
        self.inner.download(url, into, bytes, limit.min(self.left()?))
    }

    fn kept(&self, name: &str) -> Option<Vec<u8>> {
        self.inner.kept(name)
    }

    fn keep(&self, name: &str, bytes: &[u8]) {
        self.inner.keep(name, bytes);
    }

    fn keeps(&self) -> bool {
        self.inner.keeps()
    }

    fn now(&self) -> Instant {
        self.inner.now()
    }

    fn unix_time(&self) -> i64 {
        self.inner.unix_time()
    }

    fn root(&self) -> String {
        self.inner.root()
    }
}
