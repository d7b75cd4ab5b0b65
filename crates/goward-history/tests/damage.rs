//! Files that are damaged, foreign, newer or no files at all: a clear refusal, and nothing lost.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot run must say so")]

mod common;
mod intact;

use common::report;
use goward_history::{History, HistoryError, Query};
use proptest::prelude::*;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs::{OpenOptions, copy};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A closed history with `runs` runs: `r0`, `r1`, …
fn history(runs: i64) -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("history.db");
    let mut history = History::open(&path).unwrap();
    for n in 0..runs {
        history.append(&report(&format!("r{n}"), "./svc", n, 20_000)).unwrap();
    }
    (dir, path)
}

fn bytes(path: &Path) -> Vec<u8> {
    let mut bytes = vec![];
    OpenOptions::new().read(true).open(path).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn overwrite(path: &Path, bytes: &[u8]) {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).open(path).unwrap();
    file.write_all(bytes).unwrap();
}

/// Every file of a directory and what is in it.
fn contents(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = dir.read_dir().unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.is_file()).map(|path| (path.clone(), bytes(&path))).collect()
}

/// A database of somebody else, its log not yet in the file.
fn foreign(path: &Path, sql: &str) {
    let source = path.with_extension("source");
    let conn = Connection::open(&source).unwrap();
    conn.execute_batch(sql).unwrap();
    for suffix in ["", "-wal"] {
        let from = format!("{}{suffix}", source.display());
        if Path::new(&from).exists() {
            copy(from, format!("{}{suffix}", path.display())).unwrap();
        }
    }
}

#[test]
fn what_is_not_a_history_is_refused_and_left_as_it_is() {
    type Make = fn(&Path);
    let cases: [(&str, Make); 13] = [
        ("one byte", |path| overwrite(path, b"x")),
        ("a text", |path| overwrite(path, b"# my notes\n".repeat(1000).as_slice())),
        ("zeros", |path| overwrite(path, &[0; 8192])),
        ("only SQLite's name", |path| overwrite(path, b"SQLite format 3\0")),
        ("a database", |path| foreign(path, "CREATE TABLE t (x); INSERT INTO t VALUES (1)")),
        ("a database with a log", |path| {
            foreign(path, "PRAGMA journal_mode = wal; CREATE TABLE t (x)");
        }),
        ("a link to a database with a log", |path| {
            let real = path.with_extension("real");
            foreign(&real, "PRAGMA journal_mode = wal; CREATE TABLE t (x)");
            std::os::unix::fs::symlink(real, path).unwrap();
        }),
        ("only an application_id", |path| foreign(path, "PRAGMA application_id = 7")),
        ("only a user_version", |path| foreign(path, "PRAGMA user_version = 1")),
        ("tables like ours", |path| foreign(path, "CREATE TABLE runs (run_id TEXT)")),
        ("our version, not our id", |path| {
            foreign(path, "CREATE TABLE runs (run_id TEXT); PRAGMA user_version = 1");
        }),
        ("a damaged database", |path| {
            foreign(path, "CREATE TABLE t (x)");
            let mut broken = bytes(path);
            broken[100..4096].fill(0xff);
            overwrite(path, &broken);
        }),
        ("our beginning overwritten", |path| {
            let (_dir, ours) = history(1);
            let mut broken = bytes(&ours);
            broken[..100].fill(b'x');
            overwrite(path, &broken);
        }),
    ];
    for (name, make) in cases {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("file.db");
        make(&path);
        let before = contents(dir.path());
        let err = History::open(&path).expect_err(name);
        assert_eq!(err, HistoryError::NotADatabase { path: path.clone() }, "{name}");
        let mut after = contents(dir.path());
        // SQLite's index of a log is derived from the log, and made anew each time.
        after.remove(&dir.path().join("file.db-shm"));
        after.remove(&dir.path().join("file.real-shm"));
        assert!(after == before, "{name}: changed");
    }
}

#[test]
fn a_newer_history_is_refused_and_left_as_it_is() {
    for (version, found) in [(3, 3), (99, 99), (i32::MAX, 2_147_483_647)] {
        let (dir, path) = history(2);
        Connection::open(&path).unwrap().pragma_update(None, "user_version", version).unwrap();
        let before = contents(dir.path());
        let err = History::open(&path).unwrap_err();
        assert_eq!(err, HistoryError::Newer { path, found, known: 2 });
        assert!(contents(dir.path()) == before);
    }
}

#[test]
fn a_version_that_makes_no_sense_is_damage() {
    let (_dir, path) = history(1);
    Connection::open(&path).unwrap().pragma_update(None, "user_version", -1).unwrap();
    let err = History::open(&path).unwrap_err();
    assert!(matches!(err, HistoryError::Corrupt { .. }), "{err}");
}

#[test]
fn what_holds_nothing_becomes_a_history() {
    type Make = fn(&Path);
    let cases: [(&str, Make); 5] = [
        ("nothing", |_| ()),
        ("an empty file", |path| overwrite(path, b"")),
        ("an empty database", |path| {
            foreign(path, "CREATE TABLE t (x); DROP TABLE t; VACUUM");
        }),
        ("the log of a file that was deleted", |path| {
            let (dir, ours) = history(0);
            let mut open = History::open(&ours).unwrap();
            open.append(&report("old", "./svc", 0, 0)).unwrap();
            copy(dir.path().join("history.db-wal"), path.with_extension("db-wal")).unwrap();
        }),
        ("half a creation", |path| {
            overwrite(path, b"");
            overwrite(&path.with_extension("db-journal"), &[0; 512]);
        }),
    ];
    for (name, make) in cases {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("file.db");
        make(&path);
        History::open(&path).unwrap().append(&report("r1", "./svc", 0, 0)).unwrap();
        assert_eq!(intact::run_ids(&path), ["r1"], "{name}");
        intact::assert_intact(&path, []);
    }
}

#[test]
fn an_empty_log_or_rubbish_in_it_loses_nothing() {
    for (name, suffix, log) in [
        ("an empty log", "-wal", vec![]),
        ("a log of rubbish", "-wal", b"rubbish".repeat(2000)),
        ("half a log header", "-wal", vec![0x37, 0x7f, 0x06]),
        ("an index of rubbish", "-shm", vec![0xff; 32768]),
        ("an empty journal", "-journal", vec![]),
    ] {
        let (_dir, path) = history(3);
        overwrite(&PathBuf::from(format!("{}{suffix}", path.display())), &log);
        assert_eq!(intact::run_ids(&path), ["r2", "r1", "r0"], "{name}");
        History::open(&path).unwrap().append(&report("r3", "./svc", 9, 0)).unwrap();
        intact::assert_intact(&path, &["r0", "r1", "r2", "r3"].map(str::to_owned));
    }
}

/// What a lost tail of the log leaves behind: a database with the first of the runs, whole.
#[test]
fn a_log_that_was_cut_anywhere_leaves_whole_runs() {
    let (_dir, source) = history(2);
    let mut open = History::open(&source).unwrap();
    for n in 2..6 {
        open.append(&report(&format!("r{n}"), "./svc", n, 20_000)).unwrap();
    }
    let log = bytes(&source.with_extension("db-wal"));
    let mut seen = vec![];
    // A prime step: cuts fall on, before and behind every kind of boundary.
    for cut in (0..log.len()).step_by(1511).chain([31, 32, 33, log.len() - 1, log.len()]) {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("history.db");
        copy(&source, &path).unwrap();
        overwrite(&path.with_extension("db-wal"), &log[..cut]);
        let mut ids = intact::run_ids(&path);
        ids.reverse();
        let first: Vec<String> = (0..ids.len()).map(|n| format!("r{n}")).collect();
        assert!(ids.len() >= 2 && ids == first, "cut at {cut}: {ids:?}");
        intact::assert_intact(&path, []);
        seen.push(ids.len());
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, [2, 3, 4, 5, 6], "the cuts must fall between all runs");
}

#[test]
fn what_cannot_hold_a_history_is_refused_by_name() {
    let dir = TempDir::new().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::create_dir(at("folder")).unwrap();
    overwrite(&at("file"), b"");
    {
        use std::os::unix::fs::symlink;
        symlink(at("nowhere"), at("dangling")).unwrap();
        symlink(at("loop"), at("loop")).unwrap();
        symlink(at("folder"), at("to-folder")).unwrap();
    }
    for (path, said) in [
        (at("folder"), "it is a directory"),
        (PathBuf::from("/"), "it is a directory"),
        (at("file").join("history.db"), ""),
        (at("a").join("x".repeat(300)), ""),
        (at(&"x/".repeat(260)), "504 bytes"),
        (PathBuf::from("/dev/null"), "not a regular file"),
        (at("dangling"), "symbolic link to nothing"),
        (at("loop"), ""),
        (at("to-folder"), "it is a directory"),
    ] {
        let err = History::open(&path).unwrap_err();
        assert!(matches!(err, HistoryError::Io { .. }), "{err:?}");
        let message = err.to_string();
        assert!(message.contains(said), "{message}");
        assert!(message.contains(&*path.to_string_lossy()), "{message}");
    }
    assert!(!at("nowhere").exists());
    assert!(History::open("").is_err());
}

#[test]
fn a_link_to_a_history_is_followed() {
    use std::os::unix::fs::symlink;
    let (dir, path) = history(1);
    std::fs::create_dir(dir.path().join("links")).unwrap();
    let link = dir.path().join("links/history.db");
    symlink(&path, &link).unwrap();
    History::open(&link).unwrap().append(&report("r1", "./svc", 9, 0)).unwrap();
    assert_eq!(intact::run_ids(&path), ["r1", "r0"]);
    let mut both = [History::open(&link).unwrap(), History::open(&path).unwrap()];
    both[0].append(&report("r2", "./svc", 10, 0)).unwrap();
    both[1].append(&report("r3", "./svc", 11, 0)).unwrap();
    assert!(!dir.path().join("links/history.db-wal").exists(), "the log lies beside the file");
}

/// What may be said of a damaged file.
fn is_damage(err: &HistoryError) -> bool {
    matches!(
        err,
        HistoryError::Corrupt { .. }
            | HistoryError::NotADatabase { .. }
            | HistoryError::Newer { .. }
            | HistoryError::Unreadable { .. }
            | HistoryError::NoSuchRun { .. }
    )
}

/// Everything one can ask, and what was refused.
fn exercise(path: &Path) -> Vec<HistoryError> {
    let mut history = match History::open(path) {
        Ok(history) => history,
        Err(err) => return vec![err],
    };
    let mut errors = vec![];
    errors.extend(history.list(&Query { limit: 99, ..Query::default() }).err());
    errors.extend(history.check_over_time("group/check-1", "./svc", 99).err());
    errors.extend((0..6).filter_map(|n| history.show(&format!("r{n}")).err()));
    errors.extend(history.show("latest").err());
    errors.extend(history.append(&report("more", "./svc", 9, 20_000)).err());
    errors
}

#[test]
fn any_damaged_page_is_an_error_and_no_panic() {
    let (_dir, source) = history(6);
    let sound = bytes(&source);
    let mut corrupt = 0;
    for page in 0..sound.len() / 4096 {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("history.db");
        let mut broken = sound.clone();
        broken[page * 4096..][..4096].fill(0xa5);
        overwrite(&path, &broken);
        let errors = exercise(&path);
        assert!(errors.iter().all(is_damage), "page {page}: {errors:?}");
        corrupt += usize::from(!errors.is_empty());
    }
    assert!(corrupt * 2 > sound.len() / 4096, "only {corrupt} pages were missed");
    for keep in [1, 512, 4095, 4096, 8192, sound.len() - 4096, sound.len() - 1] {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("history.db");
        overwrite(&path, &sound[..keep]);
        let errors = exercise(&path);
        assert!(errors.iter().all(is_damage), "cut to {keep}: {errors:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn flipped_bytes_are_errors_and_no_panic(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        early: bool,
    ) {
        let (_dir, path) = history(3);
        let mut broken = bytes(&path);
        // The first pages hold the schema and the roots: damage there goes deepest.
        let end = if early { 4096 * 8 } else { broken.len() };
        for (index, byte) in flips {
            let at = index.index(end);
            broken[at] = byte;
        }
        overwrite(&path, &broken);
        for err in exercise(&path) {
            prop_assert!(!err.to_string().is_empty());
        }
    }
}

#[test]
fn a_run_that_cannot_be_read_does_not_hide_the_others() {
    for (name, damage, said) in [
        ("rubbish", "report = 'rubbish'", "expected value"),
        ("empty", "report = ''", "EOF"),
        ("no text", "report = x'ff00fe'", "expected value"),
        ("cut", "report = substr(report, 1, 900)", "EOF"),
        (
            "newer schema",
            "report = replace(report, 'goward.report/v1', 'goward.report/v2')",
            "goward.report/v2",
        ),
        ("newer verdict", "report = replace(report, ':\"skip\"', ':\"maybe\"')", "maybe"),
        (
            "every cell",
            "started_at = x'ff', gate = x'fe', exit_status = 'x', latency_ms = 'x', dirty = 'x',
             report = 7, module = 3, passed = -1, interrupted = 'x'",
            "",
        ),
    ] {
        let (_dir, path) = history(3);
        let sql = format!("UPDATE runs SET {damage} WHERE run_id = 'r1'");
        Connection::open(&path).unwrap().execute_batch(&sql).unwrap();
        let history = History::open(&path).unwrap();
        assert_eq!(ids(&history), ["r2", "r1", "r0"], "{name}");
        let err = history.show("r1").unwrap_err();
        assert!(matches!(&err, HistoryError::Unreadable { run_id, .. } if run_id == "r1"), "{err}");
        assert!(err.to_string().contains(said), "{name}: {err}");
        assert_eq!(history.show("r0").unwrap(), report("r0", "./svc", 0, 20_000), "{name}");
        assert_eq!(history.check_over_time("group/check-1", "./svc", 9).unwrap().len(), 3);
    }
}

fn ids(history: &History) -> Vec<String> {
    history.list(&Query::default()).unwrap().into_iter().map(|run| run.run_id).collect()
}

/// The database as goward 0.1.0 wrote it, frozen: every later goward reads it.
#[test]
fn a_history_of_schema_1_is_read() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("history.db");
    Connection::open(&path).unwrap().execute_batch(include_str!("fixtures/v1.sql")).unwrap();
    let mut history = History::open(&path).unwrap();
    let runs = history.list(&Query::default()).unwrap();
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[0].run_id, "20240501T120000Z-00000002");
    assert_eq!((runs[1].gate.as_str(), runs[1].exit_status), ("closed", 1));
    let report = history.show("20240501T115959Z").unwrap();
    assert_eq!(report.outcomes[0].findings()[0].location.to_string(), "go.mod:3:1");
    let point = &history.check_over_time("env/go-version", "./svc", 9).unwrap()[0];
    assert_eq!(point.measured.as_ref().unwrap().value, 12.5);
    history.append(&common::report("new", "./svc", 0, 0)).unwrap();
    intact::assert_intact(&path, &runs.into_iter().map(|run| run.run_id).collect::<Vec<_>>());
}

#[test]
fn a_locked_history_is_waited_for() {
    let (_dir, path) = history(1);
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let writer = std::thread::spawn({
        let path = path.clone();
        move || History::open(path).unwrap().append(&report("r1", "./svc", 1, 0))
    });
    // Readers do not wait for writers.
    assert_eq!(intact::run_ids(&path), ["r0"]);
    std::thread::sleep(std::time::Duration::from_millis(150));
    other.execute_batch("COMMIT").unwrap();
    writer.join().unwrap().unwrap();
    assert_eq!(intact::run_ids(&path), ["r1", "r0"]);
}
