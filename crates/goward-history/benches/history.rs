//! What a run costs: opening, keeping, listing among 10,000 runs.
#![expect(clippy::unwrap_used, reason = "a bench that cannot run must say so")]

#[path = "../tests/common/mod.rs"]
mod common;

use divan::{Bencher, black_box};
use goward_history::{History, Query};
use std::path::PathBuf;
use std::sync::Mutex;
use tempfile::TempDir;

const RUNS: i64 = 10_000;

static FULL: Mutex<Option<TempDir>> = Mutex::new(None);

fn main() {
    divan::main();
    drop(FULL.lock().unwrap().take());
}

/// 10,000 runs of 20 targets, made when first asked for.
fn full() -> PathBuf {
    let mut full = FULL.lock().unwrap();
    let path = |dir: &TempDir| dir.path().join("history.db");
    if let Some(dir) = full.as_ref() {
        return path(dir);
    }
    let dir = full.insert(TempDir::new().unwrap());
    let mut history = History::open(path(dir)).unwrap();
    for n in 0..RUNS {
        let target = format!("./svc{}", n % 20);
        history.append(&common::report(&format!("run-{n:06}"), &target, n, 8_000)).unwrap();
    }
    path(dir)
}

#[divan::bench]
fn open_new_append_close(bencher: Bencher<'_, '_>) {
    let report = common::report("run-new", "./svc", 0, 8_000);
    bencher.with_inputs(|| TempDir::new().unwrap()).bench_local_refs(|dir| {
        History::open(dir.path().join("goward/history.db")).unwrap().append(&report).unwrap();
    });
}

#[divan::bench]
fn open_append_close_among_10000(bencher: Bencher<'_, '_>) {
    let mut n = RUNS;
    let next = || {
        n += 1;
        common::report(&format!("open-{n:06}"), "./svc", n, 8_000)
    };
    bencher.with_inputs(next).bench_local_refs(|report| {
        History::open(full()).unwrap().append(report).unwrap();
    });
}

#[divan::bench]
fn open_close_among_10000(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| History::open(black_box(full())).unwrap());
}

#[divan::bench]
fn append_among_10000(bencher: Bencher<'_, '_>) {
    let mut history = History::open(full()).unwrap();
    let mut n = 2 * RUNS;
    let next = || {
        n += 1;
        common::report(&format!("held-{n:06}"), "./svc", n, 8_000)
    };
    bencher.with_inputs(next).bench_local_refs(|report| history.append(report).unwrap());
}

#[divan::bench]
fn list_20_of_10000(bencher: Bencher<'_, '_>) {
    let history = History::open(full()).unwrap();
    bencher.bench_local(|| history.list(&Query::default()).unwrap());
}

#[divan::bench]
fn list_20_of_one_target(bencher: Bencher<'_, '_>) {
    let history = History::open(full()).unwrap();
    let query = Query { target: Some("./svc7".into()), ..Query::default() };
    bencher.bench_local(|| history.list(black_box(&query)).unwrap());
}

#[divan::bench]
fn list_all_10000(bencher: Bencher<'_, '_>) {
    let history = History::open(full()).unwrap();
    let query = Query { limit: usize::MAX, ..Query::default() };
    bencher.bench_local(|| history.list(black_box(&query)).unwrap());
}

#[divan::bench]
fn check_over_time_100(bencher: Bencher<'_, '_>) {
    let history = History::open(full()).unwrap();
    bencher.bench_local(|| history.check_over_time("group/check-1", "./svc7", 100).unwrap());
}

#[divan::bench]
fn show_by_prefix(bencher: Bencher<'_, '_>) {
    let history = History::open(full()).unwrap();
    bencher.bench_local(|| history.show(black_box("run-00500")).unwrap_err());
}
