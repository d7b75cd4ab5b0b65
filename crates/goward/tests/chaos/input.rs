//! Bad input, a reader that goes away, an interruption.

use crate::world::{World, ran};
use crate::{command, left, report};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn bad_input_is_told_in_a_sentence() {
    let world = World::module();
    let refused = |args: &[&str], path: Option<&Path>, words: &str| {
        let mut command = command(&world, args);
        if let Some(path) = path {
            command.env("PATH", path);
        }
        let started = Instant::now();
        let ran = ran(command.output().unwrap());
        assert_eq!(ran.status, 2, "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{words:?} is not in {:?}", ran.stderr);
        assert!(started.elapsed() < Duration::from_secs(10), "{args:?}");
    };
    refused(&["run", "compile-kiled"], None, "did you mean compile-killed?");
    refused(&["run"], None, "required");
    refused(&["run", "--stage", "lnk"], None, "there is no such stage");
    for p in ["1.5", "-0.1", "NaN", "inf"] {
        let flag = format!("--probability={p}");
        refused(&["run", "compile-exit", &flag], None, "from 0 to 1");
    }
    refused(&["run", "compile-exit", "--repeat", "0"], None, "--repeat");
    refused(&["run", "compile-exit", "--", "make"], None, "must be a go command");
    refused(&["run", "compile-exit", "--", "go", "run", "."], None, "builds nothing");
    std::fs::create_dir_all(world.path("empty")).unwrap();
    refused(&["run", "list-empty"], Some(&world.path("empty")), "go is not on the PATH");
    std::fs::create_dir_all(world.path("folder/go")).unwrap();
    refused(&["run", "list-empty"], Some(&world.path("folder")), "go ");
    world.file("hangs/go", "#!/bin/sh\nexec /bin/sleep 61\n");
    world.file("lies/go", "#!/bin/sh\necho nonsense\n");
    for name in ["hangs/go", "lies/go"] {
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(world.path(name), mode).unwrap();
    }
    refused(
        &["run", "list-empty", "--deadline", "1"],
        Some(&world.path("hangs")),
        "does not answer",
    );
    refused(&["run", "list-empty"], Some(&world.path("lies")), "go env failed");
    refused(&["run", "list-empty", "--output", "r.toml"], None, "the extension must be");
    let mut named = command(&world, &["run", "list-empty"]);
    let ran = ran(named.env("GOWARD_GO", "/nonexistent/go").output().unwrap());
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("GOWARD_GO=/nonexistent/go: there is no"), "{}", ran.stderr);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let world = World::module();
    let mut child = command(&world, &["run", "list-empty"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(left(&world).is_empty());
}

/// Whether a process's environment or arguments name this folder.
fn processes_in(dir: &Path) -> Vec<String> {
    let name = dir.as_os_str().as_encoded_bytes();
    let mut found = vec![];
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if line.windows(name.len()).any(|part| part == name) {
            found.push(String::from_utf8_lossy(&line).replace('\0', " "));
        }
    }
    found
}

#[test]
fn an_interruption_ends_the_build_and_removes_its_folder() {
    for signal in ["-INT", "-TERM"] {
        let world = World::module();
        let mut child =
            command(&world, &["run", "resolve-handshake", "compile-slow", "--format", "json"]);
        let child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let deadline = Instant::now() + Duration::from_secs(20);
        while processes_in(&world.path("tmp")).is_empty() {
            assert!(Instant::now() < deadline, "the build did not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        std::thread::sleep(Duration::from_millis(500));
        let pid = child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let ran = ran(child.wait_with_output().unwrap());
        assert_eq!(ran.status, 130, "{}", ran.stderr);
        let report = report(&ran);
        assert_eq!(report["interrupted"], true);
        assert_eq!(report["outcomes"][0]["verdict"], "inconclusive");
        assert!(left(&world).is_empty());
        assert_eq!(processes_in(&world.path("tmp")), Vec::<String>::new());
    }
}

/// Nobody is left to remove the folder then, but nothing runs on.
#[test]
fn a_killed_goward_takes_its_build_with_it() {
    let world = World::module();
    let mut child = command(&world, &["run", "compile-slow"]);
    let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let hangs = || processes_in(&world.path("tmp")).iter().any(|it| it.contains("/compile"));
    while !hangs() {
        assert!(Instant::now() < deadline, "the build did not start");
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    while !processes_in(&world.path("tmp")).is_empty() {
        assert!(Instant::now() < deadline, "{:?}", processes_in(&world.path("tmp")));
        std::thread::sleep(Duration::from_millis(50));
    }
}
