//! The life of a hook: installed, run, pushed, interrupted, two at once, out of time, and given what is no input.

use crate::affected::git;
use crate::hook::{BROKEN, FINE, add, blocked, commit, everything, go_cache, good, hook, world};
use crate::world::World;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn bad_input_is_answered_clearly() {
    let world = world();
    world.file("m/a/binary.go", [0, 159, 146, 150, 0]);
    add(&world, "a");
    blocked(&world, "a/binary.go:1:1");
    git(&world.root(), &["reset", "-q", "--hard"]);
    world.file(
        "m/a/large.go",
        [b"package a\n\nconst L = `".as_slice(), &vec![b'x'; 30 << 20], b"`\n"].concat(),
    );
    add(&world, "a");
    let large = hook(&world, &["--budget", "60"]);
    assert_eq!(large.status, 0, "{}", large.stderr);
    git(&world.root(), &["reset", "-q", "--hard"]);
    for index in 0..10_000 {
        world.file(&format!("m/data/{}/{index}.txt", index % 100), "x\n");
    }
    add(&world, ".");
    let many = hook(&world, &["--budget", "60"]);
    assert_eq!(many.status, 0, "{}", many.stderr);
    let nowhere = World::module();
    let ran = nowhere.run(&["hook", "run"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("not a git repository"), "{}", ran.stderr);
    git(&nowhere.root(), &["init", "-q", "--bare", "bare.git"]);
    let bare = nowhere.run(&["hook", "run", "bare.git"]);
    assert_eq!(bare.status, 2);
    assert!(bare.stderr.contains("work tree"), "{}", bare.stderr);
    let mut absent = world.command(&["hook", "run"]);
    let absent = crate::world::ran(absent.env("PATH", "/nonexistent").output().unwrap());
    assert_eq!(absent.status, 2);
    assert!(absent.stderr.contains("git is not installed"), "{}", absent.stderr);
}

#[test]
fn time_that_is_not_enough_is_told_and_blocks_only_where_policy_says_so() {
    let world = world();
    world.file("m/a/a.go", BROKEN);
    add(&world, "a");
    let slow = hook(&world, &["--budget", "0"]);
    assert_eq!(slow.status, 0, "{}", slow.stderr);
    assert!(
        slow.stderr
            .contains("left to CI, the time was not enough: modules, files, packages, compile"),
        "{}",
        slow.stderr
    );
    let closed = hook(&world, &["--budget", "0", "--set", "hook.slow=closed"]);
    assert_eq!(closed.status, 1, "{}", closed.stderr);
}

#[test]
fn a_hook_is_installed_chained_and_taken_away() {
    let world = world();
    let hook = world.path("m/.git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    world.file("m/.git/hooks/pre-commit", "#!/bin/sh\necho the old one\n");
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    for _ in 0..2 {
        let installed = world.run(&["hook", "install"]);
        assert_eq!(installed.status, 0, "{}", installed.stderr);
    }
    world.file("m/a/a.go", BROKEN);
    add(&world, "a");
    let commit = |world: &World| {
        let mut command = std::process::Command::new("git");
        command.args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.com",
            "commit",
            "-q",
            "-m",
            "x",
        ]);
        command.current_dir(world.root()).env("GOCACHE", go_cache());
        crate::world::ran(command.output().unwrap())
    };
    let refused = commit(&world);
    let said = format!("{}{}", refused.stdout, refused.stderr);
    assert!(
        refused.status != 0 && said.contains("the old one") && said.contains("commit blocked"),
        "{said}"
    );
    world.file("m/a/a.go", FINE);
    add(&world, "a");
    assert_eq!(commit(&world).status, 0);
    let audit = world.run(&["hook", "audit", "HEAD~1..HEAD"]);
    assert_eq!(
        (audit.status, audit.stdout.as_str()),
        (0, "0 of 1 commits have a tree that no hook judged here\n")
    );
    let audit = world.run(&["hook", "audit"]);
    assert_eq!(audit.status, 1, "the first commit was made without");
    let gone = world.run(&["hook", "uninstall"]);
    assert_eq!(gone.status, 0, "{}", gone.stderr);
    assert_eq!(fs::read_to_string(&hook).unwrap(), "#!/bin/sh\necho the old one\n");
    // core.hooksPath, and a worktree of its own.
    git(&world.root(), &["config", "core.hooksPath", "hooks-of-ours"]);
    let installed = world.run(&["hook", "install", "--push"]);
    assert!(world.path("m/hooks-of-ours/pre-push").exists(), "{}", installed.stdout);
}

#[test]
fn a_push_is_judged_by_its_commits() {
    let world = world();
    let remote = world.path("remote.git");
    git(&world.root(), &["init", "-q", "--bare", remote.to_str().unwrap()]);
    git(&world.root(), &["remote", "add", "origin", remote.to_str().unwrap()]);
    git(&world.root(), &["push", "-q", "origin", "HEAD:refs/heads/main"]);
    world.file("m/a/a.go", BROKEN);
    add(&world, "a");
    commit(&world);
    // The worktree and the index are another matter.
    world.file("m/a/a.go", FINE);
    add(&world, "a");
    world.run(&["hook", "install", "--push"]);
    let push = |world: &World| {
        let mut command = std::process::Command::new("git");
        command.args(["push", "-q", "origin", "HEAD:refs/heads/main"]).current_dir(world.root());
        crate::world::ran(command.env("GOCACHE", go_cache()).output().unwrap())
    };
    let refused = push(&world);
    assert!(refused.status != 0 && refused.stderr.contains("push blocked"), "{}", refused.stderr);
    assert!(refused.stderr.contains("a/a.go:3:23: undefined: nothing"), "{}", refused.stderr);
    commit(&world);
    let pushed = push(&world);
    assert_eq!(pushed.status, 0, "{}", pushed.stderr);
    let ci = world.run(&["hook", "run", "--since", "HEAD~1"]);
    assert_eq!(ci.status, 0, "{}", ci.stderr);
}

/// A hook that is ended at any time leaves the repository as it was, and the next one works.
#[test]
fn a_hook_that_is_killed_or_interrupted_changes_nothing() {
    let world = world();
    world.file("m/a/a.go", BROKEN);
    add(&world, "a");
    world.file("m/a/a.go", FINE);
    let before = everything(&world.root());
    for (round, signal) in ["KILL", "INT", "TERM", "KILL", "INT"].iter().enumerate() {
        let mut command = world.command(&["hook", "run"]);
        let mut child =
            command.env("GOCACHE", go_cache()).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(7 * (round as u64 + 1)));
        let pid = child.id().to_string();
        std::process::Command::new("kill").args([&format!("-{signal}"), &pid]).status().unwrap();
        let status = child.wait().unwrap();
        // It may have come to its end before; or not yet to where it listens, on a busy machine.
        if *signal != "KILL" {
            let by_signal = std::os::unix::process::ExitStatusExt::signal(&status).is_some();
            assert!(by_signal || matches!(status.code(), Some(130 | 1)), "{signal}: {status}");
        }
    }
    let after = everything(&world.root());
    assert!(before == after, "the worktree or .git changed");
    blocked(&world, "undefined: nothing");
}

#[test]
fn two_hooks_at_once_and_a_repository_that_cannot_be_written() {
    let world = world();
    world.file("m/a/a.go", BROKEN);
    add(&world, "a");
    let children: Vec<_> = (0..3)
        .map(|_| {
            world
                .command(&["hook", "run"])
                .env("GOCACHE", go_cache())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1));
    }
    // The lock of somebody else who works on the index.
    world.file("m/.git/index.lock", "");
    blocked(&world, "undefined: nothing");
    fs::remove_file(world.path("m/.git/index.lock")).unwrap();
    world.file("m/a/a.go", FINE);
    add(&world, "a");
    fs::set_permissions(world.path("m/.git"), fs::Permissions::from_mode(0o555)).unwrap();
    good(&world);
    fs::set_permissions(world.path("m/.git"), fs::Permissions::from_mode(0o755)).unwrap();
}

/// pre-commit and prek give a hook no standard input, and tell it by variables what is pushed.
#[test]
fn a_push_is_judged_under_pre_commit_too() {
    let world = world();
    let first = git(&world.root(), &["rev-parse", "HEAD"]);
    world.file("m/a/a.go", BROKEN);
    add(&world, "a");
    commit(&world);
    let push = |from: Option<&str>| {
        let mut command = world.command(&["hook", "run", "--push"]);
        command.env("PRE_COMMIT", "1").env("GOCACHE", go_cache());
        command.stdin(std::process::Stdio::null());
        from.map(|from| command.env("PRE_COMMIT_FROM_REF", from).env("PRE_COMMIT_TO_REF", "HEAD"));
        crate::world::ran(command.output().unwrap())
    };
    for from in [Some(first.trim()), None] {
        let pushed = push(from);
        assert_eq!(pushed.status, 1, "{}", pushed.stderr);
        assert!(pushed.stderr.contains("undefined: nothing"), "{}", pushed.stderr);
    }
    assert_eq!(push(Some("HEAD")).status, 0);
}

/// A tracked hook is everybody's: who installs over it is told.
#[test]
fn a_hook_that_is_tracked_is_named() {
    let world = world();
    world.file("m/.githooks/pre-commit", "#!/bin/sh\n");
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["config", "core.hooksPath", ".githooks"]);
    let installed = world.run(&["hook", "install"]);
    assert!(
        installed.stdout.contains(".githooks/pre-commit is in git: commit it"),
        "{}",
        installed.stdout
    );
}
