//! Workspaces, fixtures, files of other systems, pushes, slow filters.

use crate::affected::git;
use crate::hook::{FINE, add, blocked, commit, git_in, go_cache, good, hook, world};
use crate::world::ran;
use std::fs;

#[test]
fn a_workspace_that_loses_a_module_reaches_it() {
    let world = world();
    world.file("m/go.work", "go 1.24.0\n\nuse .\n\nuse ./o\n");
    world.file("m/o/go.mod", "module example.com/o\n\ngo 1.24.0\n");
    world.file("m/o/o.go", "package o\n\nimport \"example.com/m/a\"\n\nvar O = a.A()\n");
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["rm", "-q", "--cached", "go.work"]);
    blocked(&world, "o/o.go:3:8: ");
    git(&world.root(), &["reset", "-q"]);
    world.file("m/go.work", "go 1.24.0\n\nuse ./o\n");
    add(&world, "go.work");
    blocked(&world, "o/o.go:3:8: ");
}

#[test]
fn fixtures_that_go_passes_over_are_left_alone() {
    let world = world();
    for dir in ["a/testdata", "_fix", "a/.x"] {
        world.file(&format!("m/{dir}/go.mod"), "module x\n\nbroken\n");
        world.file(&format!("m/{dir}/p/p.go"), "package p\n\nvar P = nope\n");
    }
    add(&world, ".");
    good(&world);
}

#[test]
fn what_a_workspace_offers_needs_no_sum() {
    let world = world();
    world.file("m/go.work", "go 1.24.0\n\nuse .\n\nreplace example.com/r => ./r1\n");
    world.file("m/r1/go.mod", "module example.com/r\n\ngo 1.24.0\n");
    world.file("m/r1/r.go", "package r\n\nvar R = 1\n");
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/r v1.0.0\n");
    world
        .file("m/a/a.go", "package a\n\nimport \"example.com/r\"\n\nfunc A() int { return r.R }\n");
    add(&world, ".");
    let ran = hook(&world, &["--set", "checks.replace-local.enabled=false"]);
    assert!(!ran.stderr.contains("go-sum-valid"), "{}", ran.stderr);
}

/// On linux a build reads no more of it than its name; Go's index of packages reads all, two seconds later.
#[test]
fn a_file_of_another_system_without_a_package_clause_blocks() {
    let world = world();
    world.file("m/b/q_plan9_arm.go", "packag b\n");
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    fs::File::open(world.path("m/b/q_plan9_arm.go")).unwrap().set_modified(old).unwrap();
    add(&world, "b");
    blocked(&world, "b/q_plan9_arm.go:1:1");
}

#[test]
fn a_folder_that_becomes_a_file_is_embedded() {
    let world = world();
    world.file("m/e/e.go", "package e\n\nimport \"embed\"\n\n//go:embed *.txt d\nvar F embed.FS\n");
    world.file("m/e/a.txt", "x\n");
    world.file("m/e/d/x", "x\n");
    add(&world, ".");
    commit(&world);
    fs::remove_dir_all(world.path("m/e/d")).unwrap();
    world.file("m/e/d", "x\n");
    git(&world.root(), &["add", "-A"]);
    good(&world);
}

/// `git push` with nothing to push says nothing to its hook.
#[test]
fn a_push_of_nothing_is_good_and_of_a_secret_between_is_not() {
    let world = world();
    let far = world.path("far.git");
    fs::create_dir_all(&far).unwrap();
    git(&far, &["init", "-q", "--bare"]);
    git(&world.root(), &["remote", "add", "origin", &far.to_string_lossy()]);
    let mut install = world.command(&["hook", "install", "--push"]);
    assert!(install.status().unwrap().success());
    let push = || git_in(&world, &world.root(), &["push", "-q", "origin", "HEAD:main"]);
    for _ in 0..2 {
        let pushed = push();
        assert_eq!(pushed.status, 0, "{}", pushed.stderr);
    }
    let key = format!("-----BEGIN PRIVATE KEY-----\n{}\n", "MIIEvQIBADANBgkq".repeat(4));
    world.file("m/a/key.pem", key);
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["rm", "-q", "a/key.pem"]);
    commit(&world);
    let refused = push();
    assert_ne!(refused.status, 0, "{}", refused.stderr);
    let words = "a private key is in commit ";
    assert!(
        refused.stderr.contains(words) && refused.stderr.contains("[secret-history]"),
        "{}",
        refused.stderr
    );
    let mut since = world.command(&["hook", "run", "--since", "origin/main"]);
    let since = ran(since.env("GOCACHE", go_cache()).output().unwrap());
    assert_eq!(since.status, 1, "{}", since.stderr);
    // Test data is allowed by policy.
    world.file("m/goward.toml", "[hook]\nallow = [\"**/key.pem\"]\n");
    assert_eq!(push().status, 0);
}

/// Git LFS downloads when files are written.
#[test]
fn a_filter_that_is_slow_is_out_of_time() {
    let world = world();
    world.file("m/.gitattributes", "*.go filter=slow\n");
    git(&world.root(), &["config", "filter.slow.clean", "cat"]);
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["config", "filter.slow.smudge", "sleep 60; cat"]);
    world.file("m/a/a.go", FINE);
    add(&world, "a");
    world.file("m/a/a.go", "package a\n");
    let started = std::time::Instant::now();
    let ran = hook(&world, &["--budget", "2"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("left to CI"), "{}", ran.stderr);
    assert!(started.elapsed().as_secs() < 50, "the filter was waited for");
}

#[test]
fn what_git_does_not_say_to_a_push_hook_is_refused() {
    use std::io::Write as _;
    let world = world();
    let long = "x ".repeat(1 << 20);
    for line in ["garbage", "a b c d", "refs/heads/x --all refs/heads/x --all", &long] {
        let mut command = world.command(&["hook", "run", "--push"]);
        command.stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{line}\n").as_bytes()).unwrap();
        let refused = ran(child.wait_with_output().unwrap());
        assert_eq!(refused.status, 2, "{line:.40}");
        let words = "is not what git tells a pre-push hook";
        assert!(refused.stderr.contains(words) && refused.stderr.len() < 300, "{line:.40}");
    }
}
