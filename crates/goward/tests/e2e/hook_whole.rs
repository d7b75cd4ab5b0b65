//! What belongs to a commit's build beyond the module that changed: workspaces elsewhere, merges, the build cache,
//! repositories within, files that only the developer has.

use crate::affected::git;
use crate::hook::{KEY, REPLACES, add, blocked, commit, everything, go_cache, good, hook, world};
use crate::world::{World, ran};
use std::fs;
use std::path::PathBuf;

fn module(world: &World, dir: &str, more: &str) {
    let name = dir.rsplit('/').next().unwrap_or(dir);
    world.file(
        &format!("m/{dir}/go.mod"),
        format!("module example.com/{name}\n\ngo 1.24.0\n{more}"),
    );
}

#[test]
fn who_imports_through_a_workspace_s_replacement_is_compiled() {
    let world = world();
    world.file("m/goward.toml", REPLACES);
    world
        .file("m/go.work", "go 1.24.0\n\nuse .\nuse ./svc\n\nreplace example.com/e => ./third/e\n");
    module(&world, "svc", "\nrequire example.com/e v0.0.0\n");
    world.file("m/svc/s.go", "package svc\n\nimport \"example.com/e\"\n\nvar E = e.E\n");
    module(&world, "third/e", "");
    world.file("m/third/e/e.go", "package e\n\nvar E = 1\n");
    add(&world, ".");
    good(&world);
    commit(&world);
    world.file("m/third/e/e.go", "package e\n\nvar EE = 1\n");
    add(&world, "third");
    blocked(&world, "svc/s.go:5:11: undefined: e.E");
}

/// `svc/go.work` uses `../shared`: nobody finds it above the module that changes.
fn beside() -> World {
    let world = World::module();
    fs::remove_file(world.path("m/go.mod")).unwrap();
    world.file("m/svc/go.work", "go 1.24.0\n\nuse ./app\nuse ../shared\n");
    module(&world, "shared", "");
    world.file("m/shared/f.go", "package shared\n\nfunc F() {}\n");
    module(&world, "svc/app", "");
    world.file(
        "m/svc/app/f.go",
        "package app\n\nimport \"example.com/shared\"\n\nfunc X() { shared.F() }\n",
    );
    git(&world.root(), &["init", "-q"]);
    add(&world, ".");
    commit(&world);
    world
}

#[test]
fn a_workspace_beside_a_module_is_compiled_with_it() {
    let world = beside();
    world.file("m/shared/f.go", "package shared\n\nfunc FF() {}\n");
    add(&world, ".");
    blocked(&world, "svc/app/f.go:5:19: undefined: shared.F");
    git(&world.root(), &["reset", "-q", "--hard"]);
    git(&world.root(), &["rm", "-r", "-q", "shared"]);
    blocked(&world, "cannot load module shared listed in go.work file");
}

#[test]
fn packages_of_a_module_that_goes_are_of_the_one_around() {
    let world = world();
    module(&world, "one", "");
    world.file("m/one/f.go", "package one\n\nimport _ \"example.com/one/s\"\n");
    world.file("m/one/s/s.go", "package s\n");
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["rm", "-q", "one/go.mod"]);
    blocked(&world, "one/f.go:3:8: example.com/one/s: no required module provides package");
}

#[test]
fn scripts_and_fixtures_need_no_module() {
    let world = world();
    world.file("m/scripts/gen.go", "//go:build ignore\n\npackage main\n\nfunc main() {}\n");
    world.file("m/docs/testdata/x.go", "package x\n");
    add(&world, ".");
    commit(&world);
    fs::create_dir(world.path("m/be")).unwrap();
    git(&world.root(), &["mv", "go.mod", "a", "b", "c", "be"]);
    good(&world);
}

/// What the compiler makes of a header that only the disk has would answer for the package as it is staged.
#[test]
fn a_header_that_is_not_staged_leaves_nothing_in_the_build_cache() {
    let world = world();
    world.file(
        "m/d/d.go",
        "package d\n\n// #include \"only.h\"\nimport \"C\"\n\nconst D = C.ONLY\n",
    );
    world.file("m/d/only.h", "#define ONLY 4711\n");
    add(&world, "d/d.go");
    blocked(&world, "d/d.go:3:1: only.h is included, and is not staged");
    fs::remove_file(world.path("m/d/only.h")).unwrap();
    blocked(&world, "only.h: No such file or directory");
}

#[test]
fn what_the_other_parent_of_a_merge_has_is_not_the_merge_s() {
    let world = world();
    git(&world.root(), &["checkout", "-q", "-b", "side"]);
    world.file("m/key.pem", KEY);
    world.file("m/raw.sh", "<<<<<<< here\n");
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["checkout", "-q", "-"]);
    world.file("m/README", "x\n");
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["merge", "-q", "--no-commit", "--no-ff", "side"]);
    good(&world);
    world.file("m/own.pem", KEY.replace("MIIE", "MIIF"));
    add(&world, ".");
    blocked(&world, "own.pem:1:1: a private key is about to be committed");
}

#[test]
fn a_repository_within_is_an_empty_folder_for_everybody_else() {
    let world = world();
    world.file("m/lib/l.go", "package lib\n\nvar L = 1\n");
    let lib = world.path("m/lib");
    git(&lib, &["init", "-q"]);
    git(&lib, &["add", "."]);
    git(&lib, &["commit", "-q", "-m", "lib"]);
    world.file(
        "m/a/a.go",
        "package a\n\nimport \"example.com/m/lib\"\n\nfunc A() int { return lib.L }\n",
    );
    git(&world.root(), &["add", "."]);
    blocked(&world, "a/a.go:3:8: example.com/m/lib: no required module provides package");
    blocked(&world, "lib: a repository of its own that .gitmodules does not name");
}

#[test]
fn a_developer_s_own_workspace_and_sums_are_not_the_commit_s() {
    let world = world();
    world.file("m/.gitignore", "go.work\n");
    add(&world, ".");
    commit(&world);
    world.file("sib/go.mod", "module example.com/sib\n\ngo 1.24.0\n");
    world.file("sib/s.go", "package sib\n\nvar S = 1\n");
    world.file("m/go.work", "go 1.24.0\n\nuse .\nuse ../sib\n");
    world.file(
        "m/a/a.go",
        "package a\n\nimport \"example.com/sib\"\n\nfunc A() int { return sib.S }\n",
    );
    add(&world, ".");
    blocked(&world, "a/a.go:3:8: example.com/sib: no required module provides package");
    // Above the repository it may be where CI is, too: a line says so.
    fs::remove_file(world.path("m/go.work")).unwrap();
    world.file("go.work", "go 1.24.0\n\nuse ./m\nuse ./sib\n");
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("go.work, which the commit has not"), "{}", ran.stderr);
}

#[test]
fn what_this_machine_lacks_is_nobody_s_fault() {
    let world = world();
    world.file("m/d/d.go", "package d\n\n// int x;\nimport \"C\"\n\nvar X = C.x\n");
    add(&world, ".");
    let mut command = world.command(&["hook", "run"]);
    command.env("GOCACHE", go_cache()).env("CGO_ENABLED", "1").env("CC", "no-such-cc");
    let ran = ran(command.output().unwrap());
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("C compiler \"no-such-cc\" not found"), "{}", ran.stderr);
}

#[test]
fn a_module_that_lost_its_sums_is_judged_by_itself() {
    let world = world();
    world.file("m/goward.toml", REPLACES);
    module(&world, "lib", "\nrequire example.com/far v1.0.0\n");
    world.file("m/lib/l.go", "package lib\n");
    world.file("m/lib/go.sum", "");
    world.file(
        "m/go.mod",
        "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ./lib\n",
    );
    git(&world.root(), &["add", "go.mod", "goward.toml", "lib/go.mod", "lib/l.go"]);
    blocked(&world, "lib/go.mod:1:1: there is no go.sum");
}

/// Ten lines of what never blocks would hide the cause.
#[test]
fn the_cause_comes_before_what_does_not_block() {
    let world = world();
    let mut text = String::from("module example.com/m\n\ngo 1.24.0\n");
    for at in 0..12 {
        module(&world, &format!("l{at}"), "");
        world.file(&format!("m/l{at}/l.go"), "package l\n");
        text +=
            &format!("\nrequire example.com/l{at} v0.0.0\nreplace example.com/l{at} => ./l{at}\n");
    }
    world.file("m/go.mod", text);
    world.file(
        "m/a/a.go",
        "package a\n\nimport l \"example.com/l1\"\n\nfunc A() int { return l.L }\n",
    );
    add(&world, ".");
    blocked(&world, "a/a.go:5:25: undefined: l.L");
    blocked(&world, "besides, and not blocking: 12 of replace-local");
}

/// In a workspace go adds what go.work.sum lacks, and would write it into the worktree.
#[test]
fn sums_that_a_workspace_lacks_are_not_written() {
    let world = world();
    world.file("m/goward.toml", REPLACES);
    world.file("m/go.work", "go 1.24.0\n\nuse .\nuse ./lib\n");
    module(&world, "lib", "");
    world.file("m/lib/l.go", "package lib\n\nimport _ \"golang.org/x/text/language\"\n");
    let go = |dir: &str, args: &[&str]| {
        let mut go = std::process::Command::new("go");
        go.args(args).env("GOWORK", "off").current_dir(world.path(dir));
        let output = go.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let replaced = "\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ./lib\n";
    world.file("m/go.mod", format!("module example.com/m\n\ngo 1.24.0\n{replaced}"));
    world.file(
        "m/a/a.go",
        "package a\n\nimport _ \"example.com/lib\"\n\nfunc A() int { return 1 }\n",
    );
    go("m/lib", &["get", "golang.org/x/text@v0.3.0"]);
    go("m", &["mod", "tidy"]);
    go("m/lib", &["get", "golang.org/x/text@v0.3.8"]);
    add(&world, ".");
    let before = everything(&world.root());
    let mut command = world.command(&["hook", "run"]);
    command.env("GOCACHE", go_cache()).env("GOMODCACHE", go("m", &["env", "GOMODCACHE"]).trim());
    let ran = ran(command.output().unwrap());
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let is_new = |path: &PathBuf| !before.contains_key(path) && !path.ends_with("goward/judged");
    let new: Vec<PathBuf> = everything(&world.root()).into_keys().filter(is_new).collect();
    assert!(new.is_empty(), "{new:?}");
}

/// A module is judged by what reaches it, from wherever in the repository.
#[test]
fn ci_judges_a_module_by_what_changed_beside_it() {
    let world = beside();
    fs::remove_file(world.path("m/svc/go.work")).unwrap();
    module(
        &world,
        "svc/app",
        "\nrequire example.com/shared v0.0.0\n\nreplace example.com/shared => ../../shared\n",
    );
    git(&world.root(), &["add", "-A"]);
    commit(&world);
    world.file("m/shared/f.go", "package shared\n\nfunc FF() {}\n");
    add(&world, ".");
    commit(&world);
    let since = |dir: &str| {
        let mut check = world.command(&["check", "--since", "HEAD~1", "--no-history"]);
        ran(check.env("GOCACHE", go_cache()).current_dir(world.path(dir)).output().unwrap())
    };
    let app = since("m/svc/app");
    assert_eq!(app.status, 1, "{}", app.stdout);
    assert!(app.stdout.contains("undefined: shared.F"), "{}", app.stdout);
    assert_eq!(since("m/shared").status, 0);
}

/// Where the user lets go write into go.mod, the hook does not.
#[test]
fn what_go_mod_lacks_is_not_written() {
    let world = world();
    world.file("m/goward.toml", REPLACES);
    module(&world, "lib", "");
    world.file("m/lib/l.go", "package lib\n\nvar L = 1\n");
    let text = "module example.com/m\n\ngo 1.24.0\n\nreplace example.com/lib => ./lib\n";
    world.file("m/go.mod", text);
    world.file(
        "m/a/a.go",
        "package a\n\nimport \"example.com/lib\"\n\nfunc A() int { return lib.L }\n",
    );
    add(&world, ".");
    let mut command = world.command(&["hook", "run"]);
    command.env("GOCACHE", go_cache()).env("GOFLAGS", "-mod=mod");
    let ran = ran(command.output().unwrap());
    assert_ne!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(fs::read_to_string(world.path("m/go.mod")).unwrap(), text);
}
