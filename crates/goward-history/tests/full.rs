//! No room, and no permission: a clear message, and everything that was kept is still there.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot run must say so")]

mod common;
mod intact;
mod process;

use goward_history::History;
use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// Runs `script` with `$1` the appender, `$2` the directory and `$3` the argument.
fn sh(script: &str, dir: &Path, argument: &str) -> Output {
    shell(&["sh"], script, dir, argument)
}

#[expect(clippy::disallowed_methods, reason = "limits and mounts are made by a shell")]
fn shell(shell: &[&str], script: &str, dir: &Path, argument: &str) -> Output {
    Command::new(shell[0])
        .args(&shell[1..])
        .args(["-c", script, "sh"])
        .args([process::appender().as_path(), dir, Path::new(argument)])
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The file size limit stands for a disk or a quota that is full: EFBIG where those have ENOSPC
/// and EDQUOT. The numbers are blocks of 512 or 1024 bytes: from nothing at all to so much that
/// the log is written back several times, and the file itself no longer fits.
#[test]
fn a_full_disk_is_named_and_nothing_that_was_kept_is_lost() {
    for limit in ["0", "1", "2", "8", "16", "32", "63", "64", "65", "100", "200", "1000", "12000"] {
        for mode in ["hold", "reopen"] {
            let dir = TempDir::new().unwrap();
            let path = dir.path().join("history.db");
            let script = format!(
                "trap '' XFSZ; ulimit -f $3; exec \"$1\" {mode} \"$2/history.db\" r 100000 40000"
            );
            let output = sh(&script, dir.path(), limit);
            let (kept, said) = (process::lines(&output.stdout), stderr(&output));
            assert_eq!(output.status.code(), Some(3), "{limit} {mode}: {said}");
            assert!(said.starts_with("Full {"), "{limit} {mode}: {said}");
            intact::assert_intact(&path, &kept);
            let output = sh("exec \"$1\" reopen \"$2/history.db\" after 3 40000", dir.path(), "");
            assert_eq!(process::lines(&output.stdout).len(), 3, "{}", stderr(&output));
            intact::assert_intact(&path, &kept);
        }
    }
}

/// Without `trap '' XFSZ` the system ends the process in the middle of a write.
#[test]
fn a_process_that_dies_of_the_limit_loses_nothing() {
    for limit in ["8", "64", "100", "1000"] {
        let dir = TempDir::new().unwrap();
        let script = "ulimit -c 0; ulimit -f $3; exec \"$1\" hold \"$2/history.db\" r 100000 40000";
        let output = sh(script, dir.path(), limit);
        assert_eq!(output.status.code(), None, "{limit}: {}", stderr(&output));
        let kept = process::lines(&output.stdout);
        intact::assert_intact(&dir.path().join("history.db"), &kept);
    }
}

/// Runs `script` in a mount namespace of its own, where `$2` is a file system of 1 MiB; the
/// mount goes with the namespace. `None` where this user may not mount.
fn on_small_disk(script: &str, dir: &Path) -> Option<Output> {
    let script = format!("mount -t tmpfs -o size=1m none \"$2\" || exit 77\n{script}");
    let output = [["unshare", "-m", "sh"].as_slice(), &["unshare", "-rm", "sh"]]
        .into_iter()
        .map(|how| shell(how, &script, dir, ""))
        .find(|output| !matches!(output.status.code(), Some(77 | 1)));
    if output.is_none() {
        process::skipped("this user may not mount a small disk");
    }
    output
}

/// The real thing, ENOSPC; then there is room again.
#[test]
fn a_small_disk_fills_and_is_freed() {
    let (dir, saved) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let script = format!(
        "head -c 600000 /dev/zero > \"$2/ballast\"
         for n in 1 2 3; do \"$1\" hold \"$2/h/history.db\" r$n 100000 20000; echo \"status $?\"; done
         \"$1\" list \"$2/h/history.db\" > \"{0}/full\" 2> \"{0}/full-error\"
         rm \"$2/ballast\"
         \"$1\" list \"$2/h/history.db\" > \"{0}/freed\" || exit 2
         \"$1\" reopen \"$2/h/history.db\" after 1 20000 || exit 2
         cp \"$2\"/h/* \"{0}\"; exit 0",
        saved.path().display()
    );
    let Some(output) = on_small_disk(&script, dir.path()) else { return };
    let (lines, said) = (process::lines(&output.stdout), stderr(&output));
    assert_eq!(output.status.code(), Some(0), "{lines:?} {said}");
    let (status, kept): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| line.starts_with("status"));
    assert_eq!(status, ["status 3"; 3], "{said}");
    assert!(said.lines().all(|line| line.starts_with("Full {")), "{said}");
    assert!(kept.len() > 5 && kept.last().is_some_and(|run| run == "after-000000"), "{kept:?}");
    let path = saved.path().join("history.db");
    intact::assert_intact(&path, &kept);
    for run in &kept {
        assert!(History::open(&path).unwrap().show(run).is_ok());
    }
}

#[test]
fn a_read_only_disk_can_be_read_and_says_that_it_cannot_be_written() {
    let dir = TempDir::new().unwrap();
    let script = "\"$1\" hold \"$2/a b%?#/history.db\" r 3 20000 || exit 2
         mount -o remount,ro \"$2\" || exit 77
         \"$1\" list \"$2/a b%?#/history.db\" || exit 2
         \"$1\" hold \"$2/a b%?#/history.db\" more 1 20000; echo \"status $?\"
         \"$1\" hold \"$2/new/history.db\" more 1 20000; echo \"status $?\"
         exit 0";
    let Some(output) = on_small_disk(script, dir.path()) else { return };
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let kept = ["r-000000", "r-000001", "r-000002", "r-000002", "r-000001", "r-000000"];
    let lines = process::lines(&output.stdout);
    assert_eq!(lines[..6], kept, "{said}");
    assert_eq!(lines[6..], ["status 3"; 2], "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("ReadOnly {")).count(), 2, "{said}");
}

/// Root may write anything; so root becomes somebody else for this.
fn without_privilege(dir: &Path, script: &str) -> Output {
    // The other user needs a way to the program and to the directory.
    // Copied by a process of its own: a test that forks while we write would keep the file busy.
    let install = sh("install -m 755 \"$1\" \"$2/appender\"", dir, "");
    assert!(install.status.success(), "{}", stderr(&install));
    std::fs::set_permissions(dir, Permissions::from_mode(0o755)).unwrap();
    let script = format!("set -- \"$2/appender\" \"$2\"; {script}");
    if dir.metadata().unwrap().uid() != 0 {
        return sh(&script, dir, "");
    }
    let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh"];
    shell(&nobody, &script, dir, "")
}

fn files(dir: &Path) -> Vec<std::ffi::OsString> {
    let mut names: Vec<_> =
        dir.read_dir().into_iter().flatten().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names
}

#[test]
fn without_permission_a_history_is_read_where_it_can_be_and_never_written() {
    const LIST: &str = "\"$1\" list \"$2/h/history.db\"";
    const WRITE: &str = "\"$1\" hold \"$2/h/history.db\" more 1 100";
    for (name, folder, file, open, readable) in [
        ("file and directory read-only", 0o555, 0o444, false, true),
        ("directory read-only", 0o555, 0o666, false, true),
        ("file read-only", 0o777, 0o444, false, true),
        ("file read-only, its log secret", 0o777, 0o444, true, false),
        ("file secret", 0o777, 0o000, false, false),
        ("directory secret", 0o000, 0o666, false, false),
        ("all read-only, its log secret", 0o555, 0o444, true, false),
    ] {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("h/history.db");
        let mut history = History::open(&path).unwrap();
        history.append(&common::report("r1", "./svc", 0, 100)).unwrap();
        let held = open.then_some(history);
        std::fs::set_permissions(&path, Permissions::from_mode(file)).unwrap();
        std::fs::set_permissions(dir.path().join("h"), Permissions::from_mode(folder)).unwrap();
        let before = files(&dir.path().join("h"));
        let (list, write) =
            (without_privilege(dir.path(), LIST), without_privilege(dir.path(), WRITE));
        assert_eq!(files(&dir.path().join("h")), before, "{name}: a reader left something");
        std::fs::set_permissions(dir.path().join("h"), Permissions::from_mode(0o700)).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        let refused = |output: &Output| {
            let said = stderr(output);
            output.status.code() == Some(3) && said.starts_with("ReadOnly {")
        };
        assert!(refused(&write), "{name}: {write:?}");
        let listed = process::lines(&list.stdout) == ["r1"] && list.status.success();
        assert!(if readable { listed } else { refused(&list) }, "{name}: {list:?}");
        drop(held);
        intact::assert_intact(&path, &["r1".to_owned()]);
        assert_eq!(intact::run_ids(&path).len(), 1, "{name}");
    }
}

#[test]
fn a_directory_that_may_not_be_made_is_named() {
    let dir = TempDir::new().unwrap();
    std::fs::create_dir(dir.path().join("h")).unwrap();
    std::fs::set_permissions(dir.path().join("h"), Permissions::from_mode(0o555)).unwrap();
    for script in
        ["\"$1\" hold \"$2/h/history.db\" r 1 1", "\"$1\" hold \"$2/h/new/dir/history.db\" r 1 1"]
    {
        let output = without_privilege(dir.path(), script);
        let said = stderr(&output);
        assert!(said.starts_with("ReadOnly {") && said.contains("ermission denied"), "{said}");
    }
}
