//! How much memory a process group has, over time, as /proc tells.

use nix::unistd::Pid;
use serde::Serialize;
use std::time::{Duration, Instant};

/// The shortest time between samples.
const EVERY: Duration = Duration::from_millis(50);
/// A longer curve is thinned.
const MAX_SAMPLES: usize = 240;
/// Looking at all processes may take so much of the time.
const SHARE: u32 = 20;

/// The memory of a process group at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Milliseconds since its start.
    pub ms: u64,
    /// Resident memory of all its processes; what they share counts for each.
    pub bytes: u64,
    /// How many processes.
    pub processes: u32,
}

pub(super) struct Curve {
    group: i32,
    started: Instant,
    next: Instant,
    every: Duration,
    page: u64,
    samples: Vec<Sample>,
}

impl Curve {
    pub(super) fn new(group: Pid, started: Instant) -> Self {
        let page = nix::unistd::sysconf(nix::unistd::SysconfVar::PAGE_SIZE);
        let page = page.ok().flatten().and_then(|page| u64::try_from(page).ok()).unwrap_or(4096);
        let group = group.as_raw();
        Self { group, started, next: started, every: EVERY, page, samples: vec![] }
    }

    /// Looks, if it is time to.
    pub(super) fn sample(&mut self) {
        let now = Instant::now();
        if now < self.next {
            return;
        }
        let ms = u64::try_from((now - self.started).as_millis()).unwrap_or(u64::MAX);
        let mut sample = Sample { ms, ..Sample::default() };
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let name = entry.file_name();
            let Some(pid) = name.to_str().filter(|n| n.bytes().all(|b| b.is_ascii_digit())) else {
                continue;
            };
            let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
            if let Some((group, pages)) = group_and_pages(&stat)
                && group == self.group
            {
                sample.bytes += pages * self.page;
                sample.processes += 1;
            }
        }
        self.samples.push(sample);
        if self.samples.len() >= MAX_SAMPLES {
            self.every *= 2;
            let mut nth = 0;
            self.samples.retain(|_| {
                nth += 1;
                nth % 2 == 1
            });
        }
        self.next = now + self.every.max(now.elapsed() * SHARE);
    }

    pub(super) fn into_samples(self) -> Vec<Sample> {
        self.samples
    }
}

/// The process group and the resident pages in a line of /proc/PID/stat. A program's name may hold anything.
fn group_and_pages(stat: &str) -> Option<(i32, u64)> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ');
    // state, ppid, pgrp; rss is the 24th of the line, the 22nd after the name.
    let group = fields.nth(2)?.parse().ok()?;
    let pages = fields.nth(18)?.parse().ok()?;
    Some((group, pages))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stat_line_is_read_whatever_the_name() {
        let line = "7 (a) b (c) S 1 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 5 1000 77 184 0";
        assert_eq!(group_and_pages(line), Some((42, 77)));
        assert_eq!(group_and_pages("7 (x"), None);
    }
}
