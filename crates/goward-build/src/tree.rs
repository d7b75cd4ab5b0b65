//! The processes below one: who they are, what memory they hold, and ending them.
//!
//! A build's processes are found by parentage, not by group: a terminal's pipeline shares its group
//! with others. As goward is their subreaper (prctl(2)), orphans stay below it.

use crate::stage;
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeSet;
use std::fs;

/// More processes than any build has; bounds the walk.
const MAX: usize = 20_000;

/// All below `root`, without it: parents before children.
pub(crate) fn below(root: u32) -> Vec<u32> {
    let mut all = vec![];
    let mut seen = BTreeSet::from([root]);
    let mut next = vec![root];
    while let Some(pid) = next.pop() {
        for child in children(pid) {
            if all.len() < MAX && seen.insert(child) {
                all.push(child);
                next.push(child);
            }
        }
    }
    all
}

/// proc(5): `/proc/PID/task/TID/children`, since Linux 3.5 where it is configured.
fn children(pid: u32) -> Vec<u32> {
    let mut found = vec![];
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return found };
    for thread in threads.flatten() {
        if let Ok(text) = fs::read_to_string(thread.path().join("children")) {
            found.extend(text.split_ascii_whitespace().filter_map(|word| word.parse::<u32>().ok()));
        }
    }
    found
}

/// Resident bytes of a process; shared pages count for each who has them.
pub(crate) fn resident(pid: u32, page: u64) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/statm")).unwrap_or_default();
    text.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * page
}

/// The stage that these processes are in: a test or a program that was built, else a tool of the go command.
pub(crate) fn at_work(pids: &[u32]) -> Option<&'static str> {
    let programs = pids.iter().filter_map(|pid| fs::read_link(format!("/proc/{pid}/exe")).ok());
    let stages = programs.filter_map(|program| stage::of_program(&program));
    stages.max_by_key(|stage| stage::STAGES.iter().position(|it| it == stage))
}

/// Sends a signal to all of them, children first, so that no parent starts a new one in between.
pub(crate) fn signal(pids: &[u32], signal: Signal) {
    for pid in pids.iter().rev() {
        if let Some(pid) = i32::try_from(*pid).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, signal);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    #[test]
    fn the_children_of_children_are_found_and_end() {
        let mut shell = Command::new("sh")
            .args(["-c", "sleep 60 & wait"])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        let mut found = vec![];
        while found.is_empty() && std::time::Instant::now() < deadline {
            found = below(shell.id());
        }
        assert_eq!(found.len(), 1);
        assert!(resident(found[0], 4096) > 0 || found.len() == 1);
        assert!(below(std::process::id()).contains(&found[0]));
        signal(&found, Signal::KILL);
        shell.wait().unwrap();
        assert!(below(shell.id()).is_empty());
    }
}
