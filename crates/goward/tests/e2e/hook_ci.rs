//! What CI does of a commit that went around its hook, and hooks beside an old git, a killed run and odd settings.

use crate::affected::git;
use crate::hook::{FINE, add, blocked, commit, go_cache, good, hook, world};
use crate::world::{Ran, World, ran};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

/// `goward check` as CI runs it; JSON on standard output.
fn check(world: &World, args: &[&str]) -> Ran {
    let all = [&["check", "--format", "json", "--no-history", "--skip", "toolchain-pinned"], args]
        .concat();
    let mut command = world.command(&all);
    ran(command.env("GOCACHE", go_cache()).output().unwrap())
}

/// The checks that failed, or could not be judged.
fn bad(ran: &Ran) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let outcomes = report["outcomes"].as_array().unwrap();
    let bad =
        outcomes.iter().filter(|it| it["verdict"] == "fail" || it["verdict"] == "inconclusive");
    bad.map(|it| it["check"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn check_since_judges_what_the_hook_would_have() {
    let world = world();
    git(&world.root(), &["tag", "before"]);
    assert_eq!(check(&world, &["--since", "before"]).status, 0);
    world.file("m/a/a.go", "package a\n\nfunc A() int { return nothing }\n");
    world.file(
        "m/a/key.pem",
        format!("-----BEGIN PRIVATE KEY-----\n{}\n", "MIIEvQIBADANBgkq".repeat(4)),
    );
    add(&world, ".");
    commit(&world);
    // The checklist alone compiles nothing.
    assert_eq!(bad(&check(&world, &[])), Vec::<String>::new());
    let secret = check(&world, &["--since", "before"]);
    assert_eq!((secret.status, bad(&secret)), (1, vec!["secret-staged".to_owned()]));
    git(&world.root(), &["rm", "-q", "a/key.pem"]);
    git(&world.root(), &["commit", "-q", "--no-verify", "--amend", "-m", "x"]);
    let broken = check(&world, &["--since", "before"]);
    assert_eq!((broken.status, bad(&broken)), (1, vec!["compile".to_owned()]));
    assert!(broken.stdout.contains("undefined: nothing"), "{}", broken.stdout);
    // What broke before is not this change's; other checks are not the change's steps.
    assert_eq!(check(&world, &["--since", "HEAD"]).status, 0);
    assert_eq!(check(&world, &["--since", "before", "--only", "module-new"]).status, 0);
    let skipped = check(&world, &["--since", "no-such-revision"]);
    assert_eq!(skipped.status, 3, "{}", skipped.stdout);
    assert!(bad(&skipped).contains(&"change".to_owned()), "{:?}", bad(&skipped));
}

#[test]
fn check_since_judges_modules_below_the_folder_and_no_others() {
    let world = world();
    world.file("m/tool/go.mod", "module example.com/tool\n\ngo 1.24.0\n");
    world.file("m/tool/t.go", "package tool\n");
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["tag", "before"]);
    world.file("m/tool/t.go", "package tool\n\nvar T = nothing\n");
    let all = check(&world, &["--since", "before"]);
    assert_eq!((all.status, bad(&all)), (1, vec!["compile".to_owned()]));
    world.file("m/tool/t.go", "package tool\n");
    world.file("m/a/a.go", "package a\n\nfunc A() int { return nothing }\n");
    assert_eq!(check(&world, &["--since", "before", "tool"]).status, 0);
    assert_eq!(check(&world, &["--since", "before"]).status, 1);
}

#[test]
fn a_report_says_of_whom_it_is() {
    let world = world();
    world.file("m/a/a.go", FINE);
    add(&world, "a");
    let mut command = world.command(&["hook", "run", "--format", "json"]);
    command.env("GOCACHE", go_cache()).env("GOFLAGS", "-tags=odd");
    let report: serde_json::Value =
        serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let identity = &report["identity"];
    assert_eq!(identity["module"], "example.com/m", "{identity}");
    assert_eq!(identity["goflags"], "-tags=odd");
    assert!(identity["go_version"].as_str().unwrap().starts_with("go1."), "{identity}");
}

#[test]
fn markers_of_a_conflict_are_named() {
    let world = world();
    let conflict = "<<<<<<< HEAD\nvar A = 1\n=======\nvar A = 2\n>>>>>>> other\n";
    world.file("m/a/a.go", format!("package a\n\n{conflict}"));
    add(&world, "a");
    blocked(&world, "a/a.go:3:1: a conflict that nobody resolved [conflict-marker]");
    git(&world.root(), &["reset", "-q", "--hard"]);
    // Also where nothing would be compiled; not where it is shown.
    world.file("m/deploy/values.yaml", format!("a: 1\n{conflict}"));
    add(&world, "deploy");
    blocked(&world, "deploy/values.yaml:2:1: a conflict");
    git(&world.root(), &["mv", "deploy/values.yaml", "deploy/values.md"]);
    good(&world);
}

/// `git` that is another one for some of its arguments.
fn other_git(world: &World, script: &str) -> std::ffi::OsString {
    let path = std::env::var_os("PATH").unwrap();
    let real = std::env::split_paths(&path).map(|dir| dir.join("git")).find(|git| git.is_file());
    let real = real.unwrap();
    let text = format!("#!/bin/sh\n{script}\nexec {} \"$@\"\n", real.display());
    world.file("bin/git", text);
    fs::set_permissions(world.path("bin/git"), fs::Permissions::from_mode(0o755)).unwrap();
    let dirs = [world.path("bin")].into_iter().chain(std::env::split_paths(&path));
    std::env::join_paths(dirs).unwrap()
}

/// Ubuntu 22.04 has git 2.34, whose `checkout-index` has no `--ignore-skip-worktree-bits` (2.36).
#[test]
fn an_older_git_does_as_well_and_a_too_old_one_is_named() {
    let world = world();
    let refuse = |what: &str| {
        format!(
            "case \" $* \" in *\" {what} \"*) echo \"error: unknown option \\`x'\" >&2; exit 129;; esac"
        )
    };
    world.file("m/a/a.go", "package a\n\nfunc A() int { return nothing }\n");
    add(&world, "a");
    world.file("m/a/a.go", FINE);
    let run = |script: &str| {
        let path = other_git(&world, script);
        let mut command = world.command(&["hook", "run"]);
        ran(command.env("GOCACHE", go_cache()).env("PATH", path).output().unwrap())
    };
    let older = run(&refuse("--ignore-skip-worktree-bits"));
    assert_eq!(older.status, 1, "{}", older.stderr);
    assert!(older.stderr.contains("undefined: nothing"), "{}", older.stderr);
    let version = "[ \"$1\" = --version ] && echo git version 2.11.0 && exit 0\n";
    let too_old = run(&format!("{version}{}", refuse("--no-optional-locks")));
    assert_eq!(too_old.status, 2);
    let words = "git version 2.11.0 is too old: goward asks what git knows since 2.17";
    assert!(too_old.stderr.contains(words), "{}", too_old.stderr);
}

/// What a killed run leaves goes with the next one; what a living one has stays.
#[test]
fn the_folder_of_a_killed_run_is_removed_by_the_next_one() {
    let world = world();
    let old = |name: &str| {
        let dir = world.path("tmp").join(name);
        fs::create_dir_all(&dir).unwrap();
        let file = fs::File::create(dir.join("pending")).unwrap();
        let past = std::time::SystemTime::now() - std::time::Duration::from_secs(30);
        fs::File::open(&dir).unwrap().set_modified(past).unwrap();
        file
    };
    drop(old("goward-staged-1-killed"));
    let lives = old("goward-staged-2-lives");
    lives.lock().unwrap();
    world.file("m/a/a.go", FINE);
    add(&world, "a");
    let mut command = world.command(&["hook", "run"]);
    let done =
        ran(command.env("GOCACHE", go_cache()).env("TMPDIR", world.path("tmp")).output().unwrap());
    assert_eq!(done.status, 0, "{}", done.stderr);
    let left: Vec<_> =
        fs::read_dir(world.path("tmp")).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left, ["goward-staged-2-lives"]);
}

/// `go env -w GOFLAGS=-n` compiles nothing.
#[test]
fn the_flags_of_the_users_env_file_do_not_open_the_gate() {
    let world = world();
    world.file("env", "GOFLAGS=-n\n");
    world.file("m/a/a.go", "package a\n\nfunc A() int { return nothing }\n");
    add(&world, "a");
    for flags in ["GOFLAGS=-n", "GOFLAGS=-find", "GOFLAGS=-json -cover", "GOFLAGS=-f={{.}}"] {
        world.file("env", flags);
        let mut command = world.command(&["hook", "run"]);
        command.env("GOCACHE", go_cache()).env("GOENV", world.path("env"));
        let done = ran(command.output().unwrap());
        assert_eq!(done.status, 1, "{flags}: {}", done.stderr);
        assert!(done.stderr.contains("undefined: nothing"), "{flags}: {}", done.stderr);
    }
    assert_eq!(hook(&world, &[]).status, 1);
}
