//! `goward hook run` where the go command's overlay does not reach: what C code and assembly include, what only the
//! linker knows, and files of odd kinds and names.

use crate::affected::git;
use crate::hook::{add, blocked, commit, good, hook, world};
use crate::world::World;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;

const CGO: &str = "package a\n\n/*\n#include \"inc/x.h\"\n*/\nimport \"C\"\n\nfunc A() int { return int(C.one) }\n";
const HEADER: &str = "#define one 1\n";
const OTHER: &str = "#define other 1\n";

#[test]
fn a_header_that_was_never_added_is_named() {
    let world = world();
    world.file("m/a/a.go", CGO.replace("inc/", ""));
    world.file("m/a/x.h", HEADER);
    add(&world, "a/a.go");
    blocked(&world, "a/a.go:4:1: x.h is included, and is not staged");
    blocked(&world, "git add a/x.h");
    add(&world, "a/x.h");
    good(&world);
    // In another folder, found by a flag, and included by a header.
    world.file("m/a/a.go", CGO.replace("inc/x.h\"\n", "x.h\"\n#cgo CFLAGS: -I${SRCDIR}/../h\n"));
    world.file("m/a/x.h", "#include \"deep.h\"\n");
    world.file("m/h/deep.h", HEADER);
    add(&world, "a");
    blocked(&world, "a/x.h:1:1: deep.h is included, and is not staged");
    add(&world, "h");
    good(&world);
}

/// The compiler reads a header in another folder from the disk: where that is not what is staged, nobody knows.
#[test]
fn a_header_that_the_disk_has_otherwise_is_inconclusive() {
    let world = world();
    world.file("m/a/a.go", CGO);
    world.file("m/a/inc/x.h", OTHER);
    add(&world, "a");
    world.file("m/a/inc/x.h", HEADER);
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("C code includes a/inc/x.h"), "{}", ran.stderr);
    add(&world, "a");
    good(&world);
}

/// Go's build cache does not look at headers in other folders: it would answer as before.
#[test]
fn a_header_in_another_folder_that_breaks_the_package_blocks() {
    let world = world();
    world.file("m/a/a.go", CGO);
    world.file("m/a/inc/x.h", HEADER);
    add(&world, "a");
    good(&world);
    commit(&world);
    world.file("m/a/inc/x.h", OTHER);
    add(&world, "a");
    blocked(&world, "could not determine what C.one refers to");
}

#[test]
fn what_assembly_includes_counts_as_it_is_staged() {
    let world = world();
    let assembly = "#include \"h.h\"\nTEXT ·F(SB),4,$0\n\tRET\n";
    for arch in ["amd64", "arm64"] {
        world.file(&format!("m/a/f_{arch}.s"), assembly);
    }
    world.file("m/a/a.go", "package a\n\nfunc F()\n\nfunc A() int { return 1 }\n");
    world.file("m/a/h.h", "\n");
    add(&world, ".");
    git(&world.root(), &["rm", "-q", "--cached", "a/h.h"]);
    blocked(&world, "h.h is included, and is not staged");
    add(&world, ".");
    good(&world);
    for arch in ["amd64", "arm64"] {
        world.file(&format!("m/a/f_{arch}.s"), "TEXT ·F(SB),4,$0\n\tBOGUS\n");
    }
    add(&world, ".");
    let ran = hook(&world, &[]);
    assert!(ran.stderr.contains(".s:2:1: unrecognized instruction \"BOGUS\""), "{}", ran.stderr);
    assert!(!ran.stderr.contains("go.mod:1:1"), "{}", ran.stderr);
}

/// Nothing is linked, and only the linker says that a program has no main function.
#[test]
fn a_program_that_loses_its_main_function_is_blocked() {
    let world = world();
    world.file("m/cmd/p/main.go", "package main\n\nfunc main() { run() }\n");
    world.file("m/cmd/p/run.go", "package main\n\nfunc run() {}\n");
    add(&world, "cmd/p/run.go");
    blocked(&world, "cmd/p/run.go:1:1: example.com/m/cmd/p: function main is undeclared");
    blocked(&world, "git add cmd/p/main.go");
    add(&world, ".");
    good(&world);
    commit(&world);
    git(&world.root(), &["rm", "-q", "cmd/p/main.go"]);
    blocked(&world, "cmd/p/main.go:1:1: example.com/m/cmd/p: function main is undeclared");
    git(&world.root(), &["reset", "-q", "--hard"]);
    // A new one that never had it `go build ./...` cannot link.
    world.file("m/plugin/p.go", "package main\n\nvar V int\n");
    add(&world, ".");
    blocked(&world, "plugin/p.go:1:1: example.com/m/plugin: function main is undeclared");
    blocked(&world, "a plugin's may be empty");
    world.file("m/plugin/main.go", "package main\n\nfunc main() {}\n");
    add(&world, ".");
    good(&world);
    fs::remove_file(world.path("m/plugin/main.go")).unwrap();
    git(&world.root(), &["add", "-A"]);
    commit(&world);
    // What had none before is a plugin, in another folder too.
    git(&world.root(), &["mv", "plugin", "other"]);
    good(&world);
    git(&world.root(), &["mv", "other", "plugin"]);
    world.file("m/plugin/p.go", "package main\n\nvar V, W int\n");
    add(&world, ".");
    good(&world);
    // A library that becomes a program.
    world.file("m/c/c.go", "package main\n\nvar T string\n");
    add(&world, ".");
    blocked(&world, "c/c.go:1:1: example.com/m/c: function main is undeclared");
}

#[test]
fn a_folder_takes_a_files_name_and_the_other_way_round() {
    let world = world();
    world.file("m/tool", "a script\n");
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["rm", "-q", "tool"]);
    world.file("m/tool/t.go", "package tool\n\nvar V = nothing\n");
    add(&world, ".");
    blocked(&world, "tool/t.go:3:9: undefined: nothing");
    // On the disk it is a file, staged an embedded folder.
    git(&world.root(), &["rm", "-q", "-r", "-f", "tool", "c/text.txt"]);
    world.file("m/c/text.txt/inner", "x\n");
    world
        .file("m/c/c.go", "package c\n\nimport \"embed\"\n\n//go:embed text.txt\nvar T embed.FS\n");
    add(&world, ".");
    fs::remove_dir_all(world.path("m/c/text.txt")).unwrap();
    world.file("m/c/text.txt", "now a file\n");
    good(&world);
}

/// Go waits for a pipe's writer for ever; git does not even see it.
#[test]
fn a_pipe_is_refused_at_once() {
    let world = world();
    let made = std::process::Command::new("mkfifo").arg(world.path("m/a/pipe.go")).status();
    assert!(made.unwrap().success());
    world.file("m/a/a.go", "package a\n\nfunc A() int { return 3 }\n");
    add(&world, "a/a.go");
    let mut command = world.command(&["hook", "run"]);
    let ran = crate::world::ran(command.output().unwrap());
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("a/pipe.go:1:1: example.com/m/a: open a/pipe.go: not a regular file"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_name_that_is_not_utf_8_is_a_name() {
    let world = world();
    let name = std::ffi::OsStr::from_bytes(b"odd\xff.go");
    fs::write(world.path("m/a").join(name), "package a\n\nconst Odd = 1\n").unwrap();
    world.file("m/b/b.go", "package b\n\nimport \"example.com/m/a\"\n\nconst B = a.Odd\n");
    git(&world.root(), &["add", "."]);
    good(&world);
}

/// What was not judged, or not wholly, is no judged tree.
#[test]
fn only_what_was_judged_counts_as_judged() {
    let world = world();
    let audit = |world: &World| world.run(&["hook", "audit"]).stdout;
    good(&world);
    assert!(audit(&world).contains("1 of 1 commits"), "nothing was staged");
    world.file("m/a/a.go", "package a\n\nfunc A() int { return nothing }\n");
    add(&world, ".");
    let slow = hook(&world, &["--budget", "0"]);
    assert_eq!(slow.status, 0, "{}", slow.stderr);
    assert!(slow.stderr.contains("commit goes on, judged in part"), "{}", slow.stderr);
    commit(&world);
    assert!(audit(&world).contains("2 of 2 commits"));
}

#[test]
fn a_vendor_list_that_goes_blocks_and_a_missing_submodule_does_not() {
    let world = world();
    world.file("m/dep/go.mod", "module example.com/dep\n\ngo 1.24.0\n");
    world.file("m/dep/dep.go", "package dep\n\nconst V = 1\n");
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/dep v0.0.0\n\nreplace example.com/dep => ./dep\n");
    world.file(
        "m/a/a.go",
        "package a\n\nimport \"example.com/dep\"\n\nfunc A() int { return dep.V }\n",
    );
    let vendored =
        std::process::Command::new("go").args(["mod", "vendor"]).current_dir(world.root()).status();
    assert!(vendored.unwrap().success());
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["rm", "-q", "--cached", "vendor/modules.txt"]);
    let gone = hook(&world, &[]);
    assert_eq!(gone.status, 1, "{}", gone.stderr);
    assert!(gone.stderr.contains("modules.txt"), "{}", gone.stderr);
    git(&world.root(), &["reset", "-q", "--hard"]);
    git(&world.root(), &["rm", "-q", "-r", "vendor"]);
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/dep v0.0.0\n\nreplace example.com/dep => ./sub\n");
    let sub = format!("160000,{},sub", "1".repeat(40));
    git(&world.root(), &["update-index", "--add", "--cacheinfo", &sub]);
    add(&world, "go.mod");
    commit(&world);
    world.file("m/b/b.go", "package b\n");
    add(&world, "b");
    // Who imports nothing from it can be compiled.
    let other = hook(&world, &[]);
    assert_eq!(other.status, 0, "{}", other.stderr);
    world.file(
        "m/a/a.go",
        "package a\n\nimport \"example.com/dep\"\n\nfunc A() int { return dep.V + 1 }\n",
    );
    add(&world, "a");
    let missing = hook(&world, &[]);
    assert_eq!(missing.status, 3, "{}", missing.stderr);
    let said = "packages or files of the submodule sub are needed, and it is not checked out";
    assert!(missing.stderr.contains(said), "{}", missing.stderr);
}

#[test]
fn reports_are_written_and_a_tag_of_a_file_is_pushed() {
    let world = world();
    world.file("m/a/a.go", "package a\n\nfunc A() int { return nothing }\n");
    add(&world, ".");
    let file = world.path("report.json");
    let ran = hook(&world, &["--output", file.to_str().unwrap()]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(fs::read_to_string(&file).unwrap().contains("undefined: nothing"));
    let blob = git(&world.root(), &["rev-parse", "HEAD:a/a.go"]);
    let zeros = "0".repeat(40);
    let mut push = world.command(&["hook", "run", "--push"]);
    world.file("input", format!("refs/tags/t {} refs/tags/t {zeros}\n", blob.trim()));
    push.stdin(fs::File::open(world.path("input")).unwrap());
    let ran = crate::world::ran(push.output().unwrap());
    assert_eq!(ran.status, 0, "{}", ran.stderr);
}

/// A module that leaves the workspace or the requirements takes its packages with it.
#[test]
fn a_module_that_goes_blocks_who_imports_it() {
    let world = world();
    world.file("m/sub/go.mod", "module example.com/sub\n\ngo 1.24.0\n");
    world.file("m/sub/sub.go", "package sub\n\nconst X = 1\n");
    world.file("m/go.work", "go 1.24.0\n\nuse (\n\t.\n\t./sub\n)\n");
    world.file(
        "m/a/a.go",
        "package a\n\nimport \"example.com/sub\"\n\nfunc A() int { return sub.X }\n",
    );
    add(&world, ".");
    good(&world);
    commit(&world);
    world.file("m/go.work", "go 1.24.0\n\nuse .\n");
    add(&world, "go.work");
    world.file("m/go.work", "go 1.24.0\n\nuse (\n\t.\n\t./sub\n)\n");
    blocked(&world, "a/a.go:3:8: example.com/sub: no required module provides package");
}
