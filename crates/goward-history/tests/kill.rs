//! `kill -9` at any moment loses no acknowledged run, and any number of processes may write.
#![expect(clippy::unwrap_used, reason = "a test that cannot run must say so")]

mod intact;
mod process;

use goward_history::History;
use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

#[expect(clippy::disallowed_methods, reason = "a test that ends processes must start them")]
fn start(mode: &str, db: &Path, prefix: &str, count: usize, padding: usize) -> Child {
    Command::new(process::appender())
        .args([mode, db.to_str().unwrap(), prefix, &count.to_string(), &padding.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Everything a process still has to say.
fn rest(child: &mut Child) -> (Vec<String>, String) {
    let (mut out, mut err) = (vec![], String::new());
    child.stdout.take().unwrap().read_to_end(&mut out).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    (process::lines(&out), err)
}

/// Below `end`, another one each time.
fn random(end: u64) -> u64 {
    RandomState::new().build_hasher().finish() % end
}

/// One writer or two, with small and large reports, with one open history or many, on a database
/// that is new (so that creation and migration are hit) or has been killed before.
#[test]
fn kill_9_loses_no_acknowledged_run() {
    const ROUNDS: u64 = 80;
    let dir = TempDir::new().unwrap();
    let mut path = PathBuf::new();
    let mut acknowledged = BTreeSet::new();
    let mut total = 0;
    for round in 0..ROUNDS {
        if round % 8 == 0 {
            path = dir.path().join(format!("{round}/state/goward/history.db"));
            acknowledged.clear();
        }
        let writers = 1 + u64::from(round % 5 == 4);
        let mut children: Vec<Child> = (0..writers)
            .map(|writer| {
                let mode = if random(2) == 0 { "hold" } else { "reopen" };
                let padding = if random(3) == 0 { 150_000 } else { 2_000 };
                start(mode, &path, &format!("r{round}w{writer}"), 1_000_000, padding)
            })
            .collect();
        let most = if round % 8 == 0 { 12_000 } else { 60_000 };
        std::thread::sleep(Duration::from_micros(random(most)));
        for child in &mut children {
            child.kill().unwrap();
        }
        for mut child in children {
            let (runs, err) = rest(&mut child);
            assert_eq!(child.wait().unwrap().code(), None, "round {round} ended by itself: {err}");
            total += runs.len();
            acknowledged.extend(runs);
        }
        intact::assert_intact(&path, &acknowledged);
    }
    for run in &acknowledged {
        assert_eq!(History::open(&path).unwrap().show(run).unwrap().identity.run_id, *run);
    }
    assert!(total >= 20, "the kills came too early to prove anything: {total} runs");
}

#[test]
fn eight_processes_that_meet_at_a_new_database_all_get_in() {
    for (mode, padding) in [("hold", 2_000), ("reopen", 2_000), ("reopen", 100_000)] {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("goward/history.db");
        let children: Vec<Child> =
            (0..8).map(|n| start(mode, &path, &format!("w{n}"), 25, padding)).collect();
        let mut acknowledged = vec![];
        for mut child in children {
            let (runs, err) = rest(&mut child);
            assert!(child.wait().unwrap().success(), "{mode}: {err}");
            acknowledged.extend(runs);
        }
        assert_eq!(acknowledged.len(), 8 * 25, "{mode}");
        intact::assert_intact(&path, &acknowledged);
        assert_eq!(intact::run_ids(&path).len(), 8 * 25, "{mode}");
    }
}

/// The same creation race many times over: eight openers, one new file.
#[test]
fn the_first_runs_of_all_may_come_at_once() {
    let dir = TempDir::new().unwrap();
    for round in 0..12 {
        let path = dir.path().join(format!("{round}/history.db"));
        let children: Vec<Child> =
            (0..8).map(|n| start("hold", &path, &format!("w{n}"), 1, 1_000)).collect();
        for mut child in children {
            let (_, err) = rest(&mut child);
            assert!(child.wait().unwrap().success(), "round {round}: {err}");
        }
        assert_eq!(intact::run_ids(&path).len(), 8, "round {round}");
    }
}

/// Two processes deliver the same runs: each is stored once, and both are told that it is.
#[test]
fn the_same_run_from_two_processes_is_stored_once() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("history.db");
    let children: Vec<Child> = (0..2).map(|_| start("hold", &path, "same", 40, 1_000)).collect();
    for mut child in children {
        let (runs, err) = rest(&mut child);
        assert_eq!(runs.len(), 40, "{err}");
        child.wait().unwrap();
    }
    assert_eq!(intact::run_ids(&path).len(), 40);
    intact::assert_intact(&path, []);
}
