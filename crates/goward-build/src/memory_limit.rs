//! The memory that the kernel grants this process and those below it, and whether it killed one.
//!
//! Sources: cgroup v2 `memory.max` and `memory.events` (kernel's cgroup-v2.rst), v1
//! `memory.limit_in_bytes` and `memory.oom_control`, and `oom_kill` of `/proc/vmstat` for the host.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders of our cgroup and those above it, of either version.
#[derive(Debug, Clone, Default)]
pub(crate) struct MemoryLimit {
    folders: Vec<PathBuf>,
    kills_before: u64,
}

impl MemoryLimit {
    /// Looks where this process is, and how many were killed so far.
    pub(crate) fn here() -> Self {
        let text = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        let mut folders = vec![];
        for line in text.lines() {
            let mut parts = line.splitn(3, ':');
            let (_, kind, path) = (parts.next(), parts.next(), parts.next());
            let (Some(kind), Some(path)) = (kind, path) else { continue };
            let root = match kind {
                "" => "/sys/fs/cgroup",
                kind if kind.split(',').any(|kind| kind == "memory") => "/sys/fs/cgroup/memory",
                _ => continue,
            };
            let whole = Path::new(root).join(path.trim_start_matches('/'));
            folders.extend(
                whole.ancestors().take_while(|at| at.starts_with(root)).map(Path::to_owned),
            );
        }
        let mut limit = Self { folders, kills_before: 0 };
        limit.kills_before = limit.kills();
        limit
    }

    /// The tightest limit in bytes.
    pub(crate) fn bytes(&self) -> Option<u64> {
        let files = self.folders.iter().flat_map(|folder| {
            ["memory.max", "memory.high", "memory.limit_in_bytes"].map(|name| folder.join(name))
        });
        let limits =
            files.filter_map(|file| fs::read_to_string(file).ok()?.trim().parse::<u64>().ok());
        // Version 1 says "no limit" with a number near 2^63.
        limits.filter(|bytes| *bytes < 1 << 60).min()
    }

    /// How often the kernel killed for memory since [`MemoryLimit::here`].
    pub(crate) fn new_kills(&self) -> u64 {
        self.kills().saturating_sub(self.kills_before)
    }

    fn kills(&self) -> u64 {
        let of = |file: PathBuf, name: &str| {
            let text = fs::read_to_string(file).unwrap_or_default();
            let value =
                text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok());
            value.unwrap_or(0)
        };
        let host = of("/proc/vmstat".into(), "oom_kill ");
        let own = self.folders.first().map_or(0, |folder| {
            of(folder.join("memory.events"), "oom_kill ")
                .max(of(folder.join("memory.oom_control"), "oom_kill "))
        });
        host.max(own)
    }
}
