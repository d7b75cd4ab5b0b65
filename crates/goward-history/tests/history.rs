//! What is kept comes back: whole, once, newest first, by name.
#![expect(clippy::unwrap_used, reason = "a test that cannot run must say so")]

mod common;
mod intact;

use common::{OUTCOMES, report};
use goward_history::{History, HistoryError, Query};
use goward_model::{Gate, Measured, Report};
use proptest::prelude::*;
use tempfile::TempDir;

fn new() -> (TempDir, History) {
    let dir = TempDir::new().unwrap();
    let history = History::open(dir.path().join("history.db")).unwrap();
    (dir, history)
}

fn ids(history: &History, query: &Query) -> Vec<String> {
    history.list(query).unwrap().into_iter().map(|run| run.run_id).collect()
}

fn started(run_id: &str, started_at: &str) -> Report {
    let mut report = report(run_id, "./svc", 0, 0);
    report.identity.started_at = started_at.into();
    report
}

#[test]
fn a_report_comes_back_as_it_went_in() {
    let (_dir, mut history) = new();
    let kept = report("r1", "./svc", 0, 3_000).interrupted();
    history.append(&kept).unwrap();
    assert_eq!(history.show("r1").unwrap(), kept);
    let run = &history.list(&Query::default()).unwrap()[0];
    assert_eq!((run.gate.as_str(), run.exit_status, run.interrupted), ("closed", 130, true));
    assert_eq!((run.target.as_str(), run.latency_ms), ("./svc", 41.5));
    assert_eq!(run.started_at, "2023-11-14T22:13:20Z");
    assert_eq!((&run.commit, run.dirty), (&kept.identity.commit, Some(false)));
    assert_eq!((&run.module, &run.go_version), (&kept.identity.module, &kept.identity.go_version));
    assert_eq!((run.goward_version.as_str(), run.summary), ("0.1.0", kept.summary));
}

#[test]
fn what_is_unknown_stays_unknown() {
    let (_dir, mut history) = new();
    let mut kept = report("r1", "", 0, 0);
    kept.identity.module = None;
    kept.identity.commit = None;
    kept.identity.dirty = None;
    kept.identity.go_version = None;
    kept.outcomes.clear();
    history.append(&kept).unwrap();
    assert_eq!(history.show("r1").unwrap(), kept);
    let run = &history.list(&Query::default()).unwrap()[0];
    assert_eq!((&run.module, &run.commit, run.dirty, &run.go_version), (&None, &None, None, &None));
}

#[test]
fn the_same_run_twice_is_stored_once() {
    let (_dir, mut history) = new();
    history.append(&report("r1", "./svc", 0, 0)).unwrap();
    history.append(&report("r1", "./svc", 0, 0)).unwrap();
    // Append-only: who comes later under a name that is taken changes nothing.
    history.append(&report("r1", "./other", 9, 0)).unwrap();
    assert_eq!(ids(&history, &Query::default()), ["r1"]);
    assert_eq!(history.show("r1").unwrap(), report("r1", "./svc", 0, 0));
    assert_eq!(history.check_over_time("group/check-1", "./svc", 9).unwrap().len(), 1);
}

#[test]
fn runs_are_listed_newest_first() {
    let (_dir, mut history) = new();
    // Neither the order of arrival nor that of the letters is the order of time.
    for (run_id, started_at) in [
        ("e", "2024-05-01T12:00:00Z"),
        ("d", "2024-05-01T12:00:00.5Z"),
        ("c", "2024-05-01T12:00:00.25Z"),
        ("b", "2024-05-01T21:00:00+08:00"), // 13:00 UTC
        ("a", "2024-05-01T11:59:59.999999Z"),
        ("z", "not a time"),
        ("f", "2024-05-01T12:00:00Z"), // the same instant as `e`, but later
    ] {
        history.append(&started(run_id, started_at)).unwrap();
    }
    assert_eq!(ids(&history, &Query::default()), ["b", "d", "c", "f", "e", "a", "z"]);
    assert_eq!(history.show("latest").unwrap().identity.run_id, "b");
    let noon = "2024-05-01T12:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
    let since = |since| ids(&history, &Query { since: Some(since), ..Query::default() });
    assert_eq!(since(noon), ["b", "d", "c", "f", "e"]);
    assert_eq!(since(noon + 1), ["b"]);
    assert_eq!(since(i64::MAX), [""; 0]);
    assert_eq!(since(i64::MIN).len(), 7);
}

#[test]
fn a_query_narrows_the_list() {
    let (_dir, mut history) = new();
    for n in 0..6 {
        let mut run = report(&format!("r{n}"), ["./a", "./b"][n % 2], 0, 0);
        if n > 3 {
            run.outcomes.truncate(2);
            run.identity.module = None;
        }
        history.append(&run).unwrap();
    }
    let all = Query::default();
    let some = |text: &str| Some(text.to_owned());
    for (name, query, runs) in [
        ("everything", all.clone(), vec!["r5", "r4", "r3", "r2", "r1", "r0"]),
        ("limit", Query { limit: 2, ..all.clone() }, vec!["r5", "r4"]),
        ("limit 0", Query { limit: 0, ..all.clone() }, vec![]),
        ("target", Query { target: some("./a"), ..all.clone() }, vec!["r4", "r2", "r0"]),
        ("target, limit", Query { target: some("./a"), limit: 1, ..all.clone() }, vec!["r4"]),
        ("no such target", Query { target: some("./"), ..all.clone() }, vec![]),
        ("no wildcards", Query { target: some("./%"), ..all.clone() }, vec![]),
        (
            "check",
            Query { check: some("group/check-7"), ..all.clone() },
            vec!["r3", "r2", "r1", "r0"],
        ),
        ("no such check", Query { check: some("group/check"), ..all.clone() }, vec![]),
        (
            "module, target",
            Query { module: some("example.com/payments"), target: some("./b"), ..all.clone() },
            vec!["r3", "r1"],
        ),
        (
            "all at once",
            Query {
                limit: 1,
                target: some("./a"),
                module: some("example.com/payments"),
                check: some("group/check-7"),
                since: Some(0),
            },
            vec!["r2"],
        ),
    ] {
        assert_eq!(ids(&history, &query), runs, "{name}");
    }
}

#[test]
fn a_run_is_found_by_name_by_prefix_and_as_the_latest() {
    let (_dir, mut history) = new();
    let missing = |selector: &str, history: &History| {
        matches!(history.show(selector), Err(HistoryError::NoSuchRun { selector: said, .. })
            if said == selector)
    };
    assert!(missing("latest", &history));
    for (n, run_id) in
        ["20240501-ab", "20240501-abc", "20240501-b", "运行-1", "运行-2", "100%", "x_y"]
            .into_iter()
            .enumerate()
    {
        history.append(&report(run_id, "./svc", i64::try_from(n).unwrap(), 0)).unwrap();
    }
    for (selector, run_id) in [
        ("20240501-ab", "20240501-ab"), // a whole name wins over longer ones
        ("20240501-abc", "20240501-abc"),
        ("20240501-b", "20240501-b"),
        ("运行-2", "运行-2"),
        ("1", "100%"),
        ("x", "x_y"),
        ("latest", "x_y"),
    ] {
        assert_eq!(history.show(selector).unwrap().identity.run_id, run_id, "{selector}");
    }
    for selector in ["", "3", "20240501-abcd", "%", "_", "x%", "X", "late", "' OR 1=1 --", "\0"] {
        assert!(missing(selector, &history), "{selector:?}");
    }
    for (selector, found) in [
        ("2024", vec!["20240501-ab", "20240501-abc", "20240501-b"]),
        ("20240501-a", vec!["20240501-ab", "20240501-abc"]),
        ("运", vec!["运行-1", "运行-2"]),
    ] {
        let Err(HistoryError::Ambiguous { candidates, more, .. }) = history.show(selector) else {
            panic!("{selector} is not ambiguous")
        };
        assert_eq!((candidates.as_slice(), more), (&found.map_owned()[..], false), "{selector}");
    }
}

trait MapOwned {
    fn map_owned(self) -> Vec<String>;
}
impl MapOwned for Vec<&str> {
    fn map_owned(self) -> Vec<String> {
        self.into_iter().map(str::to_owned).collect()
    }
}

#[test]
fn of_many_candidates_the_first_are_named() {
    let (_dir, mut history) = new();
    for n in 10..30 {
        history.append(&report(&format!("r{n}"), "./svc", n, 0)).unwrap();
    }
    let err = history.show("r").unwrap_err();
    assert!(err.to_string().contains("r10, r11, r12, r13, r14, r15, r16, r17, …"), "{err}");
    assert!(err.zh().contains("r17 等"), "{}", err.zh());
}

#[test]
fn one_check_is_followed_over_time_on_one_target() {
    let (_dir, mut history) = new();
    for n in 0..10 {
        let mut run = report(&format!("r{n}"), ["./a", "./b"][n % 2], i64::try_from(n).unwrap(), 0);
        let value = f64::from(u32::try_from(n).unwrap()) + 0.1;
        run.outcomes[1].measured = Some(Measured { name: "latency_ms".into(), value });
        history.append(&run).unwrap();
    }
    let points = history.check_over_time("group/check-1", "./a", 3).unwrap();
    let values: Vec<_> =
        points.iter().map(|p| (p.run_id.as_str(), p.measured.as_ref().unwrap().value)).collect();
    assert_eq!(values, [("r8", 8.1), ("r6", 6.1), ("r4", 4.1)]);
    let point = &points[0];
    assert_eq!((point.tier.as_str(), point.verdict.as_str(), point.status), ("P1", "fail", false));
    assert_eq!((point.latency_ms, point.timeout_ms), (0.125, 10_000));
    assert_eq!((point.critical_threshold, point.findings), (Some(99.0), 1));
    assert_eq!(point.blocked_by, None);
    let blocked = &history.check_over_time("group/check-3", "./a", 1).unwrap()[0];
    assert_eq!(blocked.blocked_by.as_deref(), Some("group/check-1"));
    assert_eq!((blocked.measured.as_ref(), blocked.critical_threshold), (None, None));
    assert_eq!(history.check_over_time("group/check-1", "./c", 9).unwrap(), []);
    assert_eq!(history.check_over_time("group/check", "./a", 9).unwrap(), []);
    assert_eq!(history.check_over_time("group/check-1", "./a", usize::MAX).unwrap().len(), 5);
}

#[test]
fn pruning_keeps_the_newest() {
    let (dir, mut history) = new();
    for n in 0..10 {
        history.append(&report(&format!("r{n}"), "./svc", n, 0)).unwrap();
    }
    assert_eq!(history.prune(20).unwrap(), 0);
    assert_eq!(history.prune(3).unwrap(), 7);
    assert_eq!(ids(&history, &Query::default()), ["r9", "r8", "r7"]);
    assert_eq!(history.check_over_time("group/check-0", "./svc", 99).unwrap().len(), 3);
    intact::assert_intact(&dir.path().join("history.db"), []);
    assert_eq!(history.prune(0).unwrap(), 3);
    history.append(&report("again", "./svc", 0, 0)).unwrap();
    assert_eq!(ids(&history, &Query::default()), ["again"]);
}

#[test]
fn a_report_that_could_not_be_read_back_is_refused_and_the_next_one_kept() {
    let (_dir, mut history) = new();
    let broken = |change: fn(&mut Report)| {
        let mut report = report("r1", "./svc", 0, 0);
        change(&mut report);
        report
    };
    for (name, report, said) in [
        ("no name", broken(|r| r.identity.run_id.clear()), "no run id"),
        ("NaN", broken(|r| r.latency_ms = f64::NAN), "latency"),
        ("infinite", broken(|r| r.outcomes[3].latency_ms = f64::INFINITY), "group/check-3"),
        (
            "measured",
            broken(|r| r.outcomes[1].measured.as_mut().unwrap().value = f64::NAN),
            "group/check-1",
        ),
    ] {
        let err = history.append(&report).unwrap_err();
        assert!(matches!(err, HistoryError::Unstorable { .. }), "{name}: {err}");
        assert!(err.to_string().contains(said), "{name}: {err}");
    }
    let extreme = broken(|r| {
        r.outcomes[0].timeout_ms = u64::MAX;
        r.outcomes[0].critical_threshold = Some(f64::MIN_POSITIVE);
        r.latency_ms = f64::MAX;
        r.exit_status = u8::MAX;
    });
    history.append(&extreme).unwrap();
    assert_eq!(history.show("r1").unwrap(), extreme);
}

#[test]
fn an_infinite_threshold_is_none_as_in_the_report() {
    let (_dir, mut history) = new();
    let mut run = report("r1", "./svc", 0, 0);
    run.outcomes[0].critical_threshold = Some(f64::INFINITY);
    history.append(&run).unwrap();
    assert_eq!(history.show("r1").unwrap().outcomes[0].critical_threshold, None);
    let point = &history.check_over_time("group/check-0", "./svc", 1).unwrap()[0];
    assert_eq!(point.critical_threshold, None);
}

#[test]
fn a_reader_sees_what_a_writer_keeps_meanwhile() {
    let (dir, mut writer) = new();
    let reader = History::open(dir.path().join("history.db")).unwrap();
    for n in 0..5 {
        writer.append(&report(&format!("r{n}"), "./svc", n, 0)).unwrap();
        assert_eq!(ids(&reader, &Query { limit: 1, ..Query::default() }), [format!("r{n}")]);
    }
}

#[test]
fn threads_of_one_process_open_and_keep_at_once() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("new/history.db");
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let path = &path;
            scope.spawn(move || {
                for n in 0..10 {
                    let run = report(&format!("t{thread}-{n}"), "./svc", n, 0);
                    History::open(path).unwrap().append(&run).unwrap();
                }
            });
        }
    });
    intact::assert_intact(&path, []);
    assert_eq!(intact::run_ids(&path).len(), 80);
}

#[cfg(unix)]
#[test]
fn what_is_created_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a/b/history.db");
    let mut history = History::open(&path).unwrap();
    history.append(&report("r1", "./svc", 0, 0)).unwrap();
    for (name, mode) in [
        ("a", 0o700),
        ("a/b", 0o700),
        ("a/b/history.db", 0o600),
        ("a/b/history.db-wal", 0o600),
        ("a/b/history.db-shm", 0o600),
    ] {
        let found = dir.path().join(name).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{name}: {found:o}");
    }
    drop(history);
    assert!(!dir.path().join("a/b/history.db-wal").exists(), "one file is left: easy to back up");
}

#[test]
fn the_path_is_a_file_name_and_nothing_else() {
    let dir = TempDir::new().unwrap();
    for name in ["file:x?mode=memory", ":memory:", "a b'c\"%20?#.db", "中文.db", "-x", "$HOME", "*"]
    {
        let path = dir.path().join(name);
        let mut history = History::open(&path).unwrap();
        history.append(&report("r1", "./svc", 0, 0)).unwrap();
        assert_eq!(history.path(), path);
        drop(history);
        assert!(path.is_file(), "{name}");
        assert_eq!(intact::run_ids(&path), ["r1"], "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Names, targets and texts are values, whatever they look like.
    #[test]
    fn any_text_and_number_comes_back(
        run_id in "(?s).{1,40}", target in "(?s).{0,40}", check in "(?s).{0,40}",
        text in "(?s).{0,80}", value in proptest::num::f64::NORMAL, dirty: Option<bool>,
        timeout: u64, gate in prop_oneof![Just(Gate::Open), Just(Gate::Inconclusive)],
    ) {
        prop_assume!(run_id != "latest");
        let (_dir, mut history) = new();
        let mut run = report(&run_id, &target, 0, 0);
        run.gate = gate;
        run.identity.dirty = dirty;
        run.identity.module = Some(text.clone());
        run.identity.started_at = text.clone();
        run.outcomes[1].check = check.clone();
        run.outcomes[1].timeout_ms = timeout;
        run.outcomes[1].measured = Some(Measured { name: text, value });
        history.append(&run).unwrap();
        prop_assert_eq!(&history.show(&run_id).unwrap(), &run);
        prop_assert_eq!(&history.show("latest").unwrap(), &run);
        let points = history.check_over_time(&check, &target, OUTCOMES).unwrap();
        let point = points.iter().find(|point| point.measured.is_some()).unwrap();
        prop_assert_eq!(&point.measured, &run.outcomes[1].measured);
        let query = Query { target: Some(target), check: Some(check), ..Query::default() };
        prop_assert_eq!(ids(&history, &query), [run_id]);
    }
}
