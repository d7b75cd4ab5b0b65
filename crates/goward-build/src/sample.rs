//! Looking at a running build from outside, again and again: memory of all its processes, and what is
//! left on the disks.

use crate::tree;
use rustix::fs::{StatVfsMountFlags, statvfs};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often; a look takes some thousandths of it, and the memory of single tools comes from the kernel.
pub(crate) const EVERY: Duration = Duration::from_millis(250);
/// The first comes sooner: many builds are short.
pub(crate) const FIRST: Duration = Duration::from_millis(15);
/// So many points of the curve are kept; then every second one goes.
const MAX_POINTS: usize = 2048;

/// A point of the memory curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Milliseconds from the start.
    pub at_ms: u64,
    /// Resident bytes of all processes; pages that they share count for each.
    pub rss: u64,
    /// How many processes.
    pub processes: u32,
}

/// A disk that the build writes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// What is there: `temp` or `cache`.
    pub what: String,
    /// Bytes free before.
    pub free_before: u64,
    /// The least that was seen free.
    pub free_least: u64,
    /// Bytes free after.
    pub free_after: u64,
}

/// What was seen so far.
pub(crate) struct Sampler {
    started: Instant,
    page: u64,
    every: Duration,
    keep_every: usize,
    seen: usize,
    pub(crate) points: Vec<Point>,
    pub(crate) peak: u64,
    disks: Vec<(PathBuf, Disk)>,
    /// The go command itself, after it has switched to the toolchain that it needs.
    pub(crate) program: Option<PathBuf>,
}

impl Sampler {
    pub(crate) fn new(started: Instant, disks: &[(&str, Option<PathBuf>)]) -> Self {
        let mut seen = vec![];
        for (what, path) in disks {
            let Some(place) = path.as_deref().and_then(existing) else { continue };
            if let Some(free) = free(&place) {
                let disk = Disk {
                    what: (*what).into(),
                    free_before: free,
                    free_least: free,
                    free_after: free,
                };
                seen.push((place, disk));
            }
        }
        Self {
            started,
            page: rustix::param::page_size() as u64,
            every: EVERY,
            keep_every: 1,
            seen: 0,
            points: vec![],
            peak: 0,
            disks: seen,
            program: None,
        }
    }

    /// Looks once; gives when to look again.
    pub(crate) fn look(&mut self, go: u32) -> Duration {
        let begun = Instant::now();
        let mut all = tree::below(go);
        all.push(go);
        let rss: u64 = all.iter().map(|pid| tree::resident(*pid, self.page)).sum();
        self.peak = self.peak.max(rss);
        if self.seen.is_multiple_of(self.keep_every) {
            let at_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.points.push(Point {
                at_ms,
                rss,
                processes: u32::try_from(all.len()).unwrap_or(u32::MAX),
            });
        }
        self.seen += 1;
        if self.points.len() >= MAX_POINTS {
            let mut keep = false;
            self.points.retain(|_| {
                keep = !keep;
                keep
            });
            self.keep_every *= 2;
        }
        for (place, disk) in &mut self.disks {
            disk.free_least = free(place).unwrap_or(u64::MAX).min(disk.free_least);
        }
        self.program =
            std::fs::read_link(format!("/proc/{go}/exe")).ok().or_else(|| self.program.take());
        // On a machine with very many threads a look may be dear.
        self.every = EVERY.max(begun.elapsed() * 100);
        self.every
    }

    pub(crate) fn disks(mut self) -> Vec<Disk> {
        for (place, disk) in &mut self.disks {
            disk.free_after = free(place).unwrap_or(disk.free_least);
            disk.free_least = disk.free_least.min(disk.free_after);
        }
        self.disks.into_iter().map(|(_, disk)| disk).collect()
    }
}

/// The nearest folder above that is there: a cache is made by its first user.
fn existing(path: &Path) -> Option<PathBuf> {
    path.ancestors().find(|at| at.is_dir()).map(Path::to_owned)
}

/// Bytes that a user may still write; none where nobody may write: that disk is not full.
pub(crate) fn free(path: &Path) -> Option<u64> {
    let stat =
        statvfs(path).ok().filter(|stat| !stat.f_flag.contains(StatVfsMountFlags::RDONLY))?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}
