//! Monorepos: workspaces without a module at their top, folders that Go passes over, links, and what is pushed of others.

use crate::affected::git;
use crate::hook::{FINE, KEY, add, blocked, commit, go_cache, good, hook, world};
use crate::world::{Ran, World, ran};
use std::fs;

/// `go.work` at the top, and no go.mod there.
fn monorepo() -> World {
    let world = World::module();
    fs::remove_file(world.path("m/go.mod")).unwrap();
    world.file("m/go.work", "go 1.24.0\n\nuse ./m1\n\nuse ./m2\n");
    for name in ["m1", "m2"] {
        world
            .file(&format!("m/{name}/go.mod"), format!("module example.com/{name}\n\ngo 1.24.0\n"));
        world.file(
            &format!("m/{name}/f.go"),
            format!("package {name}\n\nfunc F() int {{ return 1 }}\n"),
        );
    }
    world.file("m/m2/g.go", "package m2\n\nimport \"example.com/m1\"\n\nvar G = m1.F()\n");
    git(&world.root(), &["init", "-q"]);
    add(&world, ".");
    world
}

#[test]
fn a_workspace_need_not_be_a_module() {
    let world = monorepo();
    good(&world);
    commit(&world);
    world.file("m/README", "x\n");
    add(&world, "README");
    good(&world);
    world.file("m/m1/f.go", "package m1\n\nfunc F(int) int { return 1 }\n");
    add(&world, "m1");
    blocked(&world, "m2/g.go:5:9: not enough arguments in call to m1.F");
    git(&world.root(), &["reset", "-q", "--hard"]);
    world.file("m/go.work", "go 1.24.0\n\nuse ./m1\n");
    add(&world, "go.work");
    blocked(&world, "m2/g.go:3:8: ");
    git(&world.root(), &["reset", "-q", "--hard"]);
    // The checklist is a module's; what it did not look at does not open the gate.
    let checked = world.check(&[]);
    assert_eq!((checked.status, checked.verdict("go-mod-valid")), (3, "inconclusive"));
}

#[test]
fn what_a_replace_or_a_use_names_is_no_fixture() {
    let world = world();
    world.file("m/goward.toml", "[checks.replace-local]\nenabled = false\n");
    world.file("m/_third/x/go.mod", "module example.com/x\n\ngo 1.24.0\n");
    world.file("m/_third/x/x.go", "package x\n\nfunc X() int { return 1 }\n");
    world.file(
        "m/go.mod",
        "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/x v0.0.0\n\nreplace example.com/x => ./_third/x\n",
    );
    world.file(
        "m/a/a.go",
        "package a\n\nimport \"example.com/x\"\n\nfunc A() int { return x.X() }\n",
    );
    add(&world, ".");
    commit(&world);
    world.file("m/_third/x/x.go", "package x\n\nfunc X() int { return nope }\n");
    add(&world, "_third");
    blocked(&world, "_third/x/x.go:3:23: undefined: nope");
    world.file("m/_third/x/x.go", "package x\n\nfunc Y() int { return 1 }\n");
    add(&world, "_third");
    blocked(&world, "a/a.go:5:25: undefined: x.X");
    git(&world.root(), &["reset", "-q", "--hard"]);
    world.file("m/_tools/go.mod", "module example.com/tools\n\ngo 1.24.0\n");
    world.file("m/_tools/t.go", "package tools\n\nvar T = nope\n");
    add(&world, "_tools");
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("_tools/t.go: below a folder that Go passes over"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_module_behind_a_link_is_compiled() {
    let world = world();
    world.file("m/goward.toml", "[checks.replace-local]\nenabled = false\n");
    world.file("m/real/go.mod", "module example.com/r\n\ngo 1.24.0\n");
    world.file("m/real/r.go", "package r\n\nvar R = 1\n");
    std::os::unix::fs::symlink("real", world.path("m/link")).unwrap();
    world.file(
        "m/go.mod",
        "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/r v0.0.0\n\nreplace example.com/r => ./link\n",
    );
    world
        .file("m/a/a.go", "package a\n\nimport \"example.com/r\"\n\nfunc A() int { return r.R }\n");
    add(&world, ".");
    commit(&world);
    world.file("m/real/r.go", "package r\n\nvar RR = 1\n");
    add(&world, "real");
    blocked(&world, "a/a.go:5:25: undefined: r.R");
}

/// A repository with a remote that has `main`, in whose history a key came and went.
fn pushed() -> World {
    let world = world();
    let far = world.path("far.git");
    fs::create_dir_all(&far).unwrap();
    git(&far, &["init", "-q", "--bare"]);
    git(&world.root(), &["remote", "add", "origin", &far.to_string_lossy()]);
    git(&world.root(), &["branch", "-M", "main"]);
    git(&world.root(), &["branch", "early"]);
    world.file("m/z.pem", KEY);
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["rm", "-q", "z.pem"]);
    commit(&world);
    world.file("m/kept.pem", KEY.replace("MIIE", "MIIF"));
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["push", "-q", "origin", "main", "early"]);
    world
}

/// The pre-push hook for what `git push origin BRANCH` would push.
fn push(world: &World, branch: &str, far: &str) -> Ran {
    use std::io::Write as _;
    let local = git(&world.root(), &["rev-parse", branch]);
    let line = format!("refs/heads/{branch} {} refs/heads/{branch} {far}\n", local.trim());
    let mut command = world.command(&["hook", "run", "--push"]);
    command.env("GOCACHE", go_cache()).stdin(std::process::Stdio::piped());
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
    ran(child.wait_with_output().unwrap())
}

#[test]
fn what_a_remote_has_is_not_this_push_s() {
    let world = pushed();
    git(&world.root(), &["checkout", "-q", "early"]);
    world.file("m/a/a.go", FINE);
    add(&world, "a");
    commit(&world);
    git(&world.root(), &["merge", "-q", "--no-verify", "-m", "x", "main"]);
    let old = git(&world.root(), &["rev-parse", "origin/early"]);
    let merged = push(&world, "early", old.trim());
    assert_eq!(merged.status, 0, "{}", merged.stderr);
    let first = push(&world, "early", &"0".repeat(40));
    assert_eq!(first.status, 0, "{}", first.stderr);
    // Renamed, it is no new one.
    git(&world.root(), &["mv", "kept.pem", "other.pem"]);
    good(&world);
    commit(&world);
    let renamed = push(&world, "early", old.trim());
    assert_eq!(renamed.status, 0, "{}", renamed.stderr);
}

#[test]
fn a_folder_s_own_policy_allows_its_secrets_of_the_past() {
    let world = pushed();
    world.file("m/sub/goward.toml", "[hook]\nallow = [\"keys/**\"]\n");
    for round in ["MIIG", "MIIH", "MIII"] {
        world.file("m/sub/keys/a.pem", KEY.replace("MIIE", round));
        add(&world, ".");
        good(&world);
        commit(&world);
    }
    let old = git(&world.root(), &["rev-parse", "origin/main"]);
    let allowed = push(&world, "main", old.trim());
    assert_eq!(allowed.status, 0, "{}", allowed.stderr);
}

#[test]
fn a_history_that_is_not_here_is_no_answer() {
    let world = pushed();
    let far = format!("file://{}", world.path("far.git").display());
    let shallow = world.path("shallow");
    git(
        &world.root(),
        &["clone", "-q", "--depth", "1", "-b", "main", &far, &shallow.to_string_lossy()],
    );
    git(&shallow, &["fetch", "-q", "--depth", "1", "origin", "early:refs/remotes/origin/early"]);
    let mut command = world.command(&["hook", "run", "--since", "origin/early"]);
    let ran = ran(command.env("GOCACHE", go_cache()).current_dir(&shallow).output().unwrap());
    assert_ne!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("shallow clone"), "{}", ran.stderr);
}

#[test]
fn a_module_whose_folder_is_not_on_the_disk_is_no_answer() {
    let world = world();
    world.file("m/zz/go.mod", "module example.com/zz\n\ngo 1.24.0\n");
    world.file("m/zz/z.go", "package zz\n");
    add(&world, ".");
    fs::remove_dir_all(world.path("m/zz")).unwrap();
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("`git checkout -- zz`"), "{}", ran.stderr);
}

/// What a merge itself writes is of this push.
#[test]
fn a_secret_that_a_merge_writes_does_not_pass() {
    let world = pushed();
    git(&world.root(), &["checkout", "-q", "early"]);
    world.file("m/a/a.go", FINE);
    add(&world, "a");
    commit(&world);
    git(&world.root(), &["merge", "-q", "--no-commit", "main"]);
    world.file("m/evil.pem", KEY.replace("MIIE", "MIIZ"));
    add(&world, ".");
    commit(&world);
    let old = git(&world.root(), &["rev-parse", "origin/early"]);
    let evil = push(&world, "early", old.trim());
    assert_eq!(evil.status, 1, "{}", evil.stderr);
    assert!(evil.stderr.contains("evil.pem:1:1: "), "{}", evil.stderr);
    git(&world.root(), &["rm", "-q", "evil.pem"]);
    commit(&world);
    let gone = push(&world, "early", old.trim());
    assert!(gone.stderr.contains("[secret-history]"), "{}", gone.stderr);
}

#[test]
fn a_workspace_of_its_own_folder_leaves_fixtures_alone() {
    let world = world();
    world.file("m/go.work", "go 1.24.0\n\nuse .\n");
    world.file("m/testdata/q/go.mod", "module q\n");
    world.file("m/testdata/q/q.go", "package q\n\nvar T = nope\n");
    world.file("m/_w/go.mod", "modul broken\n");
    add(&world, ".");
    good(&world);
}

/// It has no go.sum, since nobody builds it by itself.
#[test]
fn what_only_a_replacement_names_is_a_part_of_who_replaces_it() {
    let world = world();
    world.file("m/goward.toml", "[checks.replace-local]\nenabled = false\n");
    world.file(
        "m/go.mod",
        "module example.com/m\n\ngo 1.24.0\n\nrequire (\n\texample.com/e v0.0.0\n\texample.com/f v0.0.0 // indirect\n)\n\n\
         replace example.com/e => ./third_party/e\n\nreplace example.com/f => ./third_party/f\n",
    );
    world.file(
        "m/third_party/e/go.mod",
        "module example.com/e\n\ngo 1.24.0\n\nrequire example.com/f v0.0.0\n",
    );
    world.file("m/third_party/e/e.go", "package e\n\nimport \"example.com/f\"\n\nvar E = f.F\n");
    world.file("m/third_party/f/go.mod", "module example.com/f\n\ngo 1.24.0\n");
    world.file("m/third_party/f/f.go", "package f\n\nvar F = 1\n");
    world
        .file("m/a/a.go", "package a\n\nimport \"example.com/e\"\n\nfunc A() int { return e.E }\n");
    add(&world, ".");
    good(&world);
    commit(&world);
    world.file("m/third_party/e/e.go", "package e\n\nimport \"example.com/f\"\n\nvar E = f.G\n");
    add(&world, "third_party");
    blocked(&world, "third_party/e/e.go:5:11: undefined: f.G");
}

#[test]
fn a_module_that_goes_is_missed_by_who_replaces_it() {
    let world = World::module();
    fs::remove_file(world.path("m/go.mod")).unwrap();
    let off = "[checks.replace-local]\nenabled = false\n";
    world.file("m/goward.toml", off).file("m/m2/goward.toml", off);
    world.file("m/m1/go.mod", "module example.com/m1\n\ngo 1.24.0\n");
    world.file("m/m1/f.go", "package m1\n\nvar F = 1\n");
    world.file(
        "m/m2/go.mod",
        "module example.com/m2\n\ngo 1.24.0\n\nrequire example.com/m1 v0.0.0\n\nreplace example.com/m1 => ../m1\n",
    );
    world.file("m/m2/f.go", "package m2\n\nimport \"example.com/m1\"\n\nvar G = m1.F\n");
    git(&world.root(), &["init", "-q"]);
    add(&world, ".");
    good(&world);
    commit(&world);
    for gone in [&["rm", "-q", "-r", "m1"][..], &["mv", "m1", "m3"], &["rm", "-q", "m1/f.go"]] {
        git(&world.root(), gone);
        let ran = hook(&world, &[]);
        assert_ne!(ran.status, 0, "{gone:?}: {}", ran.stderr);
        git(&world.root(), &["reset", "-q", "--hard"]);
        git(&world.root(), &["clean", "-fdq"]);
    }
}
