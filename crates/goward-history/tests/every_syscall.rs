//! Each system call that changes a file is the last one of a process once, and fails once.
//!
//! `kill.rs` kills at random moments; this walks through all of them. It needs `strace` with
//! fault injection; where the kernel forbids tracing, the run's last line counts it as skipped.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot run must say so")]

mod intact;
mod process;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// Runs the appender: two runs, opening for each; `inject` is strace's.
#[expect(clippy::disallowed_methods, reason = "strace injects the faults")]
fn traced(db: &Path, inject: &str) -> Output {
    let mut strace = Command::new("strace");
    strace.args(["-qq", "-o", "/dev/null", "-e", &format!("inject={inject}")]);
    for suffix in ["", "-wal", "-shm", "-journal"] {
        strace.arg("-P").arg(format!("{}{suffix}", db.display()));
    }
    strace.arg(process::appender()).args(["reopen", db.to_str().unwrap(), "r", "2", "20000"]);
    strace.output().unwrap()
}

/// Whether this kernel lets a process be traced. A missing strace is a failure: it is installed by
/// `cargo xtask test`.
#[expect(clippy::disallowed_methods, reason = "whether strace works here is asked of strace")]
fn may_trace() -> bool {
    let output = Command::new("strace")
        .args(["-qq", "-e", "inject=fsync:error=EIO", "true"])
        .output()
        .unwrap_or_else(|err| panic!("strace is not installed (apt-get install strace): {err}"));
    if !output.status.success() {
        process::skipped("this user may not trace processes");
    }
    output.status.success()
}

/// Lets `fault` happen at the first such call, at the second, and so on until there is none;
/// `judge` looks at what the process left behind. Returns how many calls there were.
fn at_every_call(call: &str, fault: &str, judge: impl Fn(&Path, &Output) -> bool) -> usize {
    for nth in 1.. {
        let dir = TempDir::new().unwrap();
        let db: PathBuf = dir.path().canonicalize().unwrap().join("history.db");
        let output = traced(&db, &format!("{call}:{fault}:when={nth}"));
        let struck = judge(&db, &output);
        intact::assert_intact(&db, &process::lines(&output.stdout));
        if !struck {
            return nth - 1;
        }
        assert!(nth < 1000, "{call}: no end");
    }
    0
}

const CALLS: [&str; 6] = ["openat", "pwrite64", "fsync", "ftruncate", "unlink", "mmap"];

#[test]
fn a_process_may_end_at_any_system_call() {
    if !may_trace() {
        return;
    }
    let calls =
        CALLS.map(|call| at_every_call(call, "signal=KILL", |_, output| !output.status.success()));
    assert!(calls.iter().sum::<usize>() > 60, "{calls:?}");
}

/// From the nth call on all fail, so a disk that is full stays full. What is acknowledged is
/// there; what is not is an error, and never a panic or a damaged file.
#[test]
fn any_system_call_may_fail() {
    if !may_trace() {
        return;
    }
    // As many as there are on the way from nothing to two runs, or a little more.
    for (call, calls, errors) in [
        ("pwrite64", (1..126).step_by(3), ["ENOSPC", "EDQUOT"].as_slice()),
        ("fsync", (1..16).step_by(1), &["ENOSPC", "EIO"]),
        ("ftruncate", (1..6).step_by(1), &["ENOSPC"]),
        ("unlink", (1..8).step_by(1), &["EIO"]),
        ("openat", (1..11).step_by(1), &["ENOSPC", "EMFILE", "EACCES"]),
    ] {
        for error in errors {
            for nth in calls.clone() {
                let dir = TempDir::new().unwrap();
                let db = dir.path().canonicalize().unwrap().join("history.db");
                let output = traced(&db, &format!("{call}:error={error}:when={nth}+"));
                let said = String::from_utf8_lossy(&output.stderr);
                let case = format!("{call} {error} {nth}: {output:?}");
                match output.status.code() {
                    Some(0) => assert_eq!(process::lines(&output.stdout).len(), 2, "{case}"),
                    code => assert_eq!(code, Some(3), "{case}"),
                }
                let named = match (call, *error) {
                    ("pwrite64" | "fsync", _) => said.starts_with("Full {"),
                    ("openat", "EACCES") => said.starts_with("ReadOnly {"),
                    _ => true,
                };
                assert!(said.is_empty() || named, "{case}");
                intact::assert_intact(&db, &process::lines(&output.stdout));
            }
        }
    }
}
