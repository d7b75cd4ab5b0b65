//! What a change reaches by ways that no import shows: headers of other folders, also in submodules, and what is embedded of
//! them; what git ignores reaches nobody.

use crate::affected::git;
use crate::hook::{add, blocked, commit, go_cache, good, hook, submodule, world};
use crate::world::World;
use std::fs;
use std::process::Command;

fn build(world: &World) {
    let mut go = Command::new("go");
    go.args(["build", "./..."]).current_dir(world.root()).env("GOCACHE", go_cache());
    assert!(go.status().unwrap().success());
}

#[test]
fn a_header_in_a_submodule_counts() {
    let world = world();
    let text = "static int f(void) { return 1; }\n";
    submodule(&world, "clib", &[("f.h", text)]);
    let go = "package d\n\n// #cgo CFLAGS: -I${SRCDIR}/../clib\n// #include <f.h>\nimport \"C\"\n\nvar D = C.f()\n";
    world.file("m/d/d.go", go);
    add(&world, ".");
    good(&world);
    commit(&world);
    build(&world);
    world.file("m/clib/f.h", text.replace(" f(", " g("));
    git(&world.path("m/clib"), &["commit", "-q", "-a", "-m", "g"]);
    add(&world, "clib");
    blocked(&world, "could not determine what C.f refers to");
}

#[test]
fn what_is_embedded_of_a_submodule_counts() {
    let world = world();
    submodule(&world, "ui", &[("web/index.html", "x\n")]);
    let go = "package m\n\nimport \"embed\"\n\n//go:embed ui/web/*.html\nvar F embed.FS\n";
    world.file("m/m.go", go);
    add(&world, ".");
    good(&world);
    commit(&world);
    git(&world.path("m/ui"), &["mv", "web", "web2"]);
    git(&world.path("m/ui"), &["commit", "-q", "-m", "moved"]);
    add(&world, "ui");
    blocked(&world, "m.go:5:12: ");
}

/// Go's build cache does not look at headers of other folders: it would answer as before.
#[test]
fn a_header_of_another_folder_that_goes_is_missed() {
    let world = world();
    let go = "package d\n\n// #include \"sub/d.h\"\nimport \"C\"\n\nconst D = C.GONE_LATER\n";
    world.file("m/d/d.go", go);
    world.file("m/d/sub/d.h", "#define GONE_LATER 90125\n");
    add(&world, ".");
    commit(&world);
    build(&world);
    git(&world.root(), &["rm", "-q", "d/sub/d.h"]);
    blocked(&world, "sub/d.h: No such file or directory");
}

#[test]
fn what_assembly_includes_of_another_folder_counts() {
    let world = world();
    for arch in ["amd64", "arm64"] {
        world.file(
            &format!("m/d/f_{arch}.s"),
            "#include \"../inc/my.h\"\nTEXT ·F(SB),4,$SIZE\n\tRET\n",
        );
    }
    world.file("m/d/d.go", "package d\n\nfunc F()\n");
    world.file("m/inc/my.h", "#define SIZE 0\n");
    add(&world, ".");
    commit(&world);
    build(&world);
    world.file("m/inc/my.h", "#define SIZES 0\n");
    add(&world, ".");
    assert_eq!(hook(&world, &[]).status, 1);
}

#[test]
fn what_git_ignores_and_nobody_imports_is_nobody_s() {
    let world = world();
    world.file("m/.gitignore", "scratch/\n");
    world.file(
        "m/scratch/x.go",
        "package main\n\nimport \"example.com/m/a\"\n\nfunc main() { a.Gone() }\n",
    );
    world.file("m/a/a.go", "package a\n\n// A is one.\nfunc A() int { return 1 }\n");
    add(&world, ".");
    good(&world);
}

#[test]
fn a_submodule_that_nobody_can_check_out_was_so_before() {
    let world = world();
    submodule(
        &world,
        "lib",
        &[("go.mod", "module example.com/lib\n\ngo 1.24.0\n"), ("l.go", "package lib\n")],
    );
    let replaced = "\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ./lib\n";
    world.file("m/go.mod", format!("module example.com/m\n\ngo 1.24.0\n{replaced}"));
    world.file(
        "m/a/a.go",
        "package a\n\nimport _ \"example.com/lib\"\n\nfunc A() int { return 1 }\n",
    );
    fs::write(world.path("m/.gitmodules"), "").unwrap();
    add(&world, ".");
    assert_eq!(hook(&world, &[]).status, 1);
    commit(&world);
    world.file("m/b/b.go", "package b\n");
    add(&world, "b");
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("lib is an empty folder in every clone"), "{}", ran.stderr);
}

/// The usual shared folder of headers is of no module.
#[test]
fn a_header_outside_every_module_counts() {
    let world = world();
    git(&world.root(), &["rm", "-r", "-q", "."]);
    world.file("m/two/go.mod", "module example.com/two\n\ngo 1.24.0\n");
    let go =
        "package two\n\n// #include \"../include/shared.h\"\nimport \"C\"\n\nconst D = C.SHARED\n";
    world.file("m/two/f.go", go);
    world.file("m/include/shared.h", "#define SHARED 1\n");
    add(&world, ".");
    good(&world);
    commit(&world);
    world.file("m/include/shared.h", "#define OTHER 1\n");
    add(&world, ".");
    blocked(&world, "could not determine what C.SHARED refers to");
}
