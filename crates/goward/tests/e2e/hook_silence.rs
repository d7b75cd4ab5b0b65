//! Nothing is called good in silence: what is staged is compiled, or it is said that it is not, and where.

use crate::affected::git;
use crate::hook::{FINE, add, blocked, commit, go_cache, good, hook, world};
use crate::world::{Ran, World, ran};
use std::fs;

/// The hook's answer with these variables.
fn with(world: &World, variables: &[(&str, &str)]) -> Ran {
    let mut command = world.command(&["hook", "run"]);
    command.env("GOCACHE", go_cache()).envs(variables.iter().copied());
    ran(command.output().unwrap())
}

fn inconclusive(world: &World, what: &str) {
    let ran = hook(world, &[]);
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains(what), "{what} is not in {}", ran.stderr);
}

fn told(world: &World, what: &str) {
    let ran = hook(world, &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains(what), "{what} is not in {}", ran.stderr);
}

#[test]
fn a_module_that_the_workspace_does_not_list_is_compiled_without_it() {
    let world = world();
    world.file("m/go.work", "go 1.24.0\n\nuse .\n");
    world.file("m/o/go.mod", "module example.com/o\n\ngo 1.24.0\n");
    world.file("m/o/o.go", "package o\n\nfunc O() int { return 1 }\n");
    add(&world, ".");
    commit(&world);
    world.file("m/o/o.go", "package o\n\nfunc O() int { return nope }\n");
    add(&world, "o");
    blocked(&world, "o/o.go:3:23: undefined: nope [compile]");
    world.file("m/o/o.go", "package o\n\nfunc O() int { return 2 }\n");
    add(&world, "o");
    told(&world, "1 package compiled");
    // A workspace above the repository is the user's own.
    git(&world.root(), &["rm", "-q", "--cached", "go.work"]);
    fs::rename(world.path("m/go.work"), world.path("go.work")).unwrap();
    world.file("go.work", "go 1.24.0\n\nuse ./other\n");
    world.file("other/go.mod", "module example.com/other\n\ngo 1.24.0\n");
    told(&world, "compiled");
}

#[test]
fn a_folder_with_a_policy_of_its_own_is_of_its_module() {
    let world = world();
    world.file("m/a/goward.toml", "[hook]\nbudget_ms = 60000\n");
    add(&world, ".");
    commit(&world);
    world.file("m/a/a.go", "package a\n\nfunc A() int { return nope }\n");
    add(&world, "a");
    blocked(&world, "a/a.go:3:23: undefined: nope [compile]");
    world.file("m/a/a.go", "package a\n\nimport \"example.com/m/none\"\n\nvar A = none.A\n");
    add(&world, "a");
    blocked(&world, "a/a.go:3:8: ");
}

#[test]
fn files_of_no_module_or_no_build_are_named() {
    let world = world();
    world.file("m/a/w_windows.go", "package a\n\nvar W = nope\n");
    world.file("m/a/i.go", "//go:build integration\n\npackage a\n\nvar I = nope\n");
    add(&world, "a");
    told(&world, "a/i.go, a/w_windows.go: not of this build");
    let none = World::module();
    fs::remove_file(none.path("m/go.mod")).unwrap();
    none.file("m/k/x.go", "package k\n\nvar K = nope\n");
    git(&none.root(), &["init", "-q"]);
    add(&none, ".");
    told(&none, "k/x.go: in no module, not compiled");
    // A repository within a module: its packages are the module's.
    none.file("go.mod", "module example.com/above\n\ngo 1.24.0\n");
    inconclusive(&none, "k/x.go: of a module above this repository");
}

#[test]
fn the_staged_toolchain_line_counts_and_not_the_disk_s() {
    let world = world();
    world.file("m/a/a.go", FINE);
    add(&world, "a");
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n\ntoolchain go1.99.0\n");
    good(&world);
    world.file("m/go.mod", "module example.com/m\n\ngo 1.99.0\n");
    good(&world);
    add(&world, "go.mod");
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n");
    let newer = with(&world, &[("GOPROXY", "off")]);
    assert_eq!(newer.status, 3, "{}", newer.stderr);
    assert!(newer.stderr.contains("1.99"), "{}", newer.stderr);
}

#[test]
fn temporary_folders_are_neither_in_the_worktree_nor_left() {
    let world = world();
    world.file("m/a/a.go", FINE);
    add(&world, "a");
    world.file("m/a/a.go", "package a\n");
    let names = |dir: &str| -> Vec<_> {
        fs::read_dir(world.path(dir)).unwrap().map(|it| it.unwrap().file_name()).collect()
    };
    let before = names("m");
    // As go and git have it, an empty TMPDIR is none.
    assert_eq!(with(&world, &[("TMPDIR", "")]).status, 0);
    let gone = world.path("gone").to_string_lossy().into_owned();
    for (dir, why) in [(".", "TMPDIR=. is relative"), (&*gone, "gone: no such folder")] {
        let ran = with(&world, &[("TMPDIR", dir)]);
        assert_eq!(ran.status, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(why), "{}", ran.stderr);
    }
    assert_eq!(names("m"), before);
    // Killed at any time: what is left has the one name that the next run looks for, and nobody else can read it.
    fs::create_dir_all(world.path("tmp")).unwrap();
    for wait in [20, 40, 60, 80, 120] {
        let mut command = world.command(&["hook", "run"]);
        command.env("GOCACHE", go_cache()).env("TMPDIR", world.path("tmp"));
        let mut child = command.stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    for name in names("tmp") {
        assert!(name.to_string_lossy().starts_with("goward-staged-"), "{name:?}");
    }
}

#[test]
fn a_go_mod_takes_its_folder_from_the_module_around_it() {
    let world = world();
    world
        .file("m/e/e.go", "package e\n\nimport \"embed\"\n\n//go:embed all:data\nvar F embed.FS\n");
    world.file("m/e/data/.hid", "x\n");
    add(&world, ".");
    commit(&world);
    world.file("m/e/data/go.mod", "module x\n");
    add(&world, "e");
    blocked(&world, "cannot embed directory data: in different module");
    git(&world.root(), &["reset", "-q", "--hard"]);
    // `b` imports `a`, which is of another module now.
    world.file("m/a/go.mod", "module example.com/m/a\n\ngo 1.24.0\n");
    add(&world, "a");
    blocked(&world, "b/b.go:3:8: ");
}

#[test]
fn a_submodule_that_goes_or_is_not_checked_out_is_missed() {
    let world = world();
    let lib = world.path("lib.git");
    fs::create_dir_all(&lib).unwrap();
    world.file("lib.git/lib.go", "package lib\n\nvar L = 1\n");
    git(&lib, &["init", "-q"]);
    git(&lib, &["add", "."]);
    git(&lib, &["commit", "-q", "-m", "x"]);
    let from = lib.to_string_lossy().into_owned();
    git(
        &world.root(),
        &["-c", "protocol.file.allow=always", "submodule", "add", "-q", &from, "lib"],
    );
    world.file("m/b/b.go", "package b\n\nimport \"example.com/m/lib\"\n\nvar B = lib.L\n");
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["rm", "-q", "--cached", "lib"]);
    blocked(&world, "b/b.go:3:8: ");
    git(&world.root(), &["reset", "-q"]);
    git(&world.root(), &["submodule", "deinit", "-q", "-f", "lib"]);
    world.file("m/b/b.go", "package b\n\nimport \"example.com/m/lib\"\n\nvar B = lib.L + 1\n");
    add(&world, "b");
    inconclusive(&world, "`git submodule update --init lib`");
    // What has nothing to do with it is compiled.
    git(&world.root(), &["reset", "-q", "--hard"]);
    world.file("m/d/d.go", "package d\n");
    add(&world, "d");
    good(&world);
}

#[test]
fn places_of_c_are_files_of_the_repository() {
    let world = world();
    world.file("m/c/cgo.go", "package c\n\n// int f(void);\nimport \"C\"\n\nvar F = C.f()\n");
    world.file("m/c/h.h", "int g(void);\n");
    world.file("m/c/f.c", "#include \"h.h\"\nint f(void) { return nope; }\n");
    add(&world, ".");
    blocked(&world, "  c/f.c:2:22: ");
    // As it is staged, and not as the disk has it.
    world.file("m/c/f.c", "#include \"h.h\"\nint f(void) { return 1; }\n");
    world.file("m/c/h.h", "nope_t g(void);\n");
    add(&world, ".");
    world.file("m/c/h.h", "int g(void);\n");
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("  c/h.h:1:") && !ran.stderr.contains("$WORK"), "{}", ran.stderr);
}

#[test]
fn what_go_names_no_place_for_has_one_and_its_own_fix() {
    let world = world();
    world.file("m/a/a.go", "package a\n\nfunc A() int { return nope }\n");
    add(&world, "a");
    // The disk has no more than is staged.
    world.file("m/a/a.go", "package a\n\n// nope\nfunc A() int { return nope }\n");
    let ran = hook(&world, &[]);
    assert!(ran.stderr.contains("fix: correct it and `git add` the file"), "{}", ran.stderr);
    world.file("m/a/more.go", "package a\n\nconst (\n\tother = 1\n\tnope  = 2\n)\n");
    blocked(&world, "fix: git add a/more.go");
}

/// A module with another of the repository in its vendor folder.
fn vendoring() -> World {
    let world = world();
    world.file("m/v/go.mod", "module example.com/v\n\ngo 1.24.0\n");
    world.file("m/v/v.go", "package v\n\nfunc V() int { return 1 }\n");
    world.file(
        "m/go.mod",
        "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/v v0.0.0\n\nreplace example.com/v => ./v\n",
    );
    world.file(
        "m/a/a.go",
        "package a\n\nimport \"example.com/v\"\n\nfunc A() int { return v.V() }\n",
    );
    world.file("m/goward.toml", "[checks.replace-local]\nenabled = false\n");
    let mut vendor = std::process::Command::new("go");
    vendor.args(["mod", "vendor"]).current_dir(world.root());
    assert!(vendor.status().unwrap().success());
    add(&world, ".");
    commit(&world);
    world
}

#[test]
fn vendor_is_what_is_staged_where_the_disk_has_it_otherwise() {
    let world = vendoring();
    // Taken out of the index only: a checkout builds without it.
    git(&world.root(), &["rm", "-q", "-r", "--cached", "vendor"]);
    good(&world);
    git(&world.root(), &["reset", "-q"]);
    // Gone from the disk only: Go reads its list there.
    fs::remove_dir_all(world.path("m/vendor")).unwrap();
    world.file(
        "m/a/a.go",
        "package a\n\nimport \"example.com/v\"\n\nfunc A() int { return v.V() + 1 }\n",
    );
    add(&world, "a");
    inconclusive(&world, "`git checkout -- vendor`");
}
