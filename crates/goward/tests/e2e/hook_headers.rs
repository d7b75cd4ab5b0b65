//! `goward hook run` and what C code includes: the compiler is asked what it reads, and a change reaches whoever names it,
//! however far.

use crate::affected::git;
use crate::hook::{add, blocked, commit, go_cache, good, hook, submodule, world};
use crate::world::World;
use std::fs;
use std::process::Command;

fn build(world: &World, dir: &str) {
    let mut go = Command::new("go");
    go.args(["build", "./..."]).current_dir(world.path(dir)).env("GOCACHE", go_cache());
    assert!(go.status().unwrap().success());
}

/// Of package `c`, with C above its import of "C" that defines `name`.
fn go(above: &str, name: &str) -> String {
    format!("package c\n\n/*\n{above}\n*/\nimport \"C\"\n\nconst D = C.{name}\n")
}

#[test]
fn what_looks_like_a_comment_or_a_condition_hides_no_include() {
    let world = world();
    world.file("m/c/c.go", go("// glob: lib/*.h\n#include \"hh.h\"", "HH_A"));
    let text = "// see src/*.c\n#if !defined(HH_H)\n#define HH_H\n#define PAT \"/*.c\"\n#include \"inner.h\"\n#define HH_A IN\n#endif\n";
    world.file("m/c/hh.h", text);
    world.file("m/c/inner.h", "#define IN 1\n");
    add(&world, ".");
    git(&world.root(), &["rm", "-q", "--cached", "c/inner.h"]);
    blocked(&world, "c/hh.h:5:1: inner.h is included, and is not staged");
    blocked(&world, "git add c/inner.h");
    add(&world, "c");
    good(&world);
}

#[test]
fn a_macro_and_a_folder_of_a_flag_name_a_file_too() {
    let world = world();
    let above = "#cgo CFLAGS: -isystem ${SRCDIR}/../inc\n#define HDR \"mm_macro.h\"\n#include HDR";
    world.file("m/c/c.go", go(above, "MM_MACRO"));
    world.file("m/inc/mm_macro.h", "#define MM_MACRO 1\n");
    add(&world, "c");
    blocked(&world, "mm_macro.h is included, and is not staged");
    add(&world, ".");
    good(&world);
    commit(&world);
    build(&world, "m");
    git(&world.root(), &["rm", "-q", "inc/mm_macro.h"]);
    blocked(&world, "mm_macro.h: No such file or directory");
}

/// What is not compiled here is included by nobody.
#[test]
fn a_file_that_the_compiler_does_not_read_is_no_matter() {
    let world = world();
    let above = "// #include \"old.h\"\n#ifdef _WIN32\n#include \"win.h\"\n#endif\n#define A 1";
    world.file("m/c/c.go", go(above, "A"));
    world.file("m/c/win.h", "#error\n");
    world.file("m/c/old.h", "#error\n");
    add(&world, "c/c.go");
    good(&world);
}

/// The compiler copies the package's own headers for what names them alone, and takes others from the disk.
#[test]
fn an_own_header_by_a_longer_way_is_the_disks() {
    let world = world();
    world.file("m/c/c.go", go("#cgo CFLAGS: -I${SRCDIR}/..\n#include <c/h.h>", "HH_LONG"));
    world.file("m/c/h.h", "#define HH_LONG 1\n");
    add(&world, ".");
    good(&world);
    commit(&world);
    world.file("m/c/h.h", "#define HI_LONG 1\n");
    add(&world, ".");
    world.file("m/c/h.h", "#define HH_LONG 1\n");
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("C code includes c/h.h"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn a_header_behind_a_link_counts() {
    let world = world();
    world.file("m/c/c.go", go("#cgo CFLAGS: -I${SRCDIR}/inc\n#include <z_link.h>", "Z_LINK"));
    world.file("m/third/inc/z_link.h", "#define Z_LINK 1\n");
    std::os::unix::fs::symlink("../third/inc", world.path("m/c/inc")).unwrap();
    add(&world, ".");
    good(&world);
    commit(&world);
    build(&world, "m");
    world.file("m/third/inc/z_link.h", "#define Z_LINKED 1\n");
    add(&world, ".");
    blocked(&world, "could not determine what C.Z_LINK refers to");
}

#[test]
fn an_own_file_that_hides_the_systems_is_told() {
    let world = world();
    world.file("m/c/c.go", go("#include <stdlib.h>\n#define S 1", "S"));
    world.file("m/c/stdlib.h", "#define OWN 1\n");
    add(&world, "c/c.go");
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("c/stdlib.h is not staged, and the compiler reads it"),
        "{}",
        ran.stderr
    );
    fs::remove_file(world.path("m/c/stdlib.h")).unwrap();
    good(&world);
}

/// A header of no module, of another module, and of a submodule includes what changes.
#[test]
fn a_header_is_followed_through_headers_of_others() {
    let world = world();
    git(&world.root(), &["rm", "-r", "-q", "."]);
    world.file("m/two/go.mod", "module example.com/two\n\ngo 1.24.0\n");
    world.file("m/two/c.go", go("#include \"../inc/api.h\"", "DEEP_DOWN"));
    world.file("m/inc/api.h", "#include \"sys/deep.h\"\n");
    world.file("m/inc/sys/deep.h", "#define DEEP_DOWN 1\n");
    add(&world, ".");
    good(&world);
    commit(&world);
    build(&world, "m/two");
    world.file("m/inc/sys/deep.h", "#define DEEPER 1\n");
    add(&world, ".");
    blocked(&world, "could not determine what C.DEEP_DOWN refers to");
    // However many are renamed at once.
    world.file("m/inc/sys/deep.h", "#define DEEP_DOWN 1\n");
    for at in 0..210 {
        world.file(&format!("m/inc/many/h{at}.h"), "\n");
    }
    add(&world, ".");
    good(&world);
    world.file("m/inc/sys/deep.h", "#define DEEPER 1\n");
    add(&world, ".");
    blocked(&world, "could not determine what C.DEEP_DOWN refers to");
}

#[test]
fn a_header_within_a_submodule_is_followed() {
    let world = world();
    let deep = "#define SUB_DEEP 1\n";
    submodule(&world, "clib", &[("api.h", "#include \"sys/deep.h\"\n"), ("sys/deep.h", deep)]);
    world.file("m/backend/go.mod", "module example.com/backend\n\ngo 1.24.0\n");
    let above = "#cgo CFLAGS: -I${SRCDIR}/../clib\n#include <api.h>";
    world.file("m/backend/c.go", go(above, "SUB_DEEP"));
    add(&world, ".");
    good(&world);
    commit(&world);
    build(&world, "m/backend");
    world.file("m/clib/sys/deep.h", "#define SUB_DEEPER 1\n");
    git(&world.path("m/clib"), &["commit", "-q", "-a", "-m", "deeper"]);
    add(&world, "clib");
    blocked(&world, "could not determine what C.SUB_DEEP refers to");
}

/// A header of a package of its own is included by another.
#[test]
fn a_header_beside_go_files_reaches_other_packages() {
    let world = world();
    world.file("m/p/p.go", "package p\n");
    world.file("m/p/shared.h", "#define OF_P 1\n");
    world.file("m/c/c.go", go("#include \"../p/shared.h\"", "OF_P"));
    add(&world, ".");
    good(&world);
    commit(&world);
    build(&world, "m");
    world.file("m/p/shared.h", "#define NOT_OF_P 1\n");
    add(&world, ".");
    blocked(&world, "could not determine what C.OF_P refers to");
    let affected = world.run(&["graph", "affected", "--staged"]);
    assert!(affected.stdout.contains("example.com/m/c"), "{}", affected.stdout);
}

/// `#pragma once` knows a file by what it is: a copy beside it would be another.
#[test]
fn a_key_moves_no_file() {
    let world = world();
    world.file("m/c/own.h", "#pragma once\ntypedef struct { int a; } T;\n");
    world.file("m/c/sub/a.h", "#pragma once\n#include \"../own.h\"\n");
    world.file("m/c/c.go", go("#include \"own.h\"\n#include \"sub/a.h\"\n#define ONCE 1", "ONCE"));
    world.file("m/c/f.c", "#include \"own.h\"\n#include \"sub/a.h\"\n");
    add(&world, ".");
    good(&world);
    commit(&world);
    world.file("m/c/sub/a.h", "#pragma once\n#include \"../own.h\"\n// More.\n");
    add(&world, ".");
    good(&world);
}

#[test]
fn names_and_endings_of_every_kind_are_read() {
    let world = world();
    let above = "#cgo CFLAGS: -I${SRCDIR}/../inc\n#include \"my $(h).h\"\n#include \"table.txt\"\n#include <Core>";
    world.file("m/c/c.go", go(above, "CORE"));
    world.file("m/c/my $(h).h", "\n");
    world.file("m/c/table.txt", "\n");
    world.file("m/inc/Core", "#define CORE 1\n");
    world.file("m/c/f.S", "#include \"defs.h\"\n");
    world.file("m/c/defs.h", "\n");
    // What git takes for binary, and colours, are no matter.
    world.file("m/.gitattributes", "* -diff\n");
    git(&world.root(), &["config", "color.ui", "always"]);
    for name in ["my $(h).h", "table.txt", "defs.h"] {
        add(&world, ".");
        git(&world.root(), &["rm", "-q", "--cached", &format!("c/{name}")]);
        blocked(&world, &format!("{name} is included, and is not staged"));
    }
    add(&world, ".");
    git(&world.root(), &["rm", "-q", "--cached", "inc/Core"]);
    blocked(&world, "Core is included, and is not staged");
    add(&world, ".");
    good(&world);
    commit(&world);
    build(&world, "m");
    world.file("m/inc/Core", "#define NONE 1\n");
    add(&world, ".");
    blocked(&world, "could not determine what C.CORE refers to");
}

/// What a flag of the machine defines counts, and a name that many headers have is no proof.
#[test]
fn what_the_compiler_reads_is_not_guessed() {
    let world = world();
    let above = "#cgo amd64 CFLAGS: -mavx2\n#cgo CFLAGS: -I${SRCDIR}/../inc\n#include <sys/types.h>\n#include <x.h>\n#define A 1";
    world.file("m/c/c.go", go(above, "A"));
    let text = "#if defined(__x86_64__) && !defined(__AVX2__)\n#error AVX2 is needed\n#endif\n#ifdef __GNUC__\n#include \"simd.h\"\n#endif\n";
    world.file("m/inc/x.h", text);
    world.file("m/inc/simd.h", "\n");
    add(&world, ".");
    world.file("m/junk/x.h", "#error\n");
    good(&world);
    git(&world.root(), &["rm", "-q", "--cached", "inc/simd.h"]);
    blocked(&world, "simd.h is included, and is not staged");
    add(&world, "inc");
    commit(&world);
    build(&world, "m");
    // Nobody reads it: c is what the build cache has.
    world.file("m/fw/types.h", "#define U 1\n");
    add(&world, "fw");
    good(&world);
}

#[test]
fn a_header_that_this_machine_lacks_is_nobody_s_fault() {
    let world = world();
    world.file("m/c/c.go", go("#include <X11/no_such_header_here.h>\n#define A 1", "A"));
    add(&world, ".");
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    world.file("m/c/c.go", go("#include \"no_such_header_here.h\"\n#define A 1", "A"));
    add(&world, ".");
    blocked(&world, "no_such_header_here.h: No such file");
}

#[test]
fn what_changes_in_a_submodule_of_a_submodule_counts() {
    let world = world();
    let deep = "#define NESTED 1\n";
    submodule(&world, "clib", &[("mid.h", "#include \"dp/deep.h\"\n")]);
    world.file("far-dp/deep.h", deep);
    let far = world.path("far-dp");
    for args in [&["init", "-q"][..], &["add", "."], &["commit", "-q", "-m", "x"]] {
        git(&far, args);
    }
    let clib = world.path("m/clib");
    let add_dp = ["-c", "protocol.file.allow=always", "submodule", "-q", "add"];
    git(&clib, &[&add_dp[..], &[&*far.to_string_lossy(), "dp"]].concat());
    git(&clib, &["commit", "-q", "-m", "dp"]);
    world.file("m/c/c.go", go("#cgo CFLAGS: -I${SRCDIR}/../clib\n#include \"mid.h\"", "NESTED"));
    add(&world, ".");
    good(&world);
    commit(&world);
    build(&world, "m");
    world.file("m/clib/dp/deep.h", "#define DEEPER 1\n");
    for dir in ["m/clib/dp", "m/clib"] {
        git(&world.path(dir), &["commit", "-q", "-a", "-m", "deeper"]);
    }
    add(&world, "clib");
    blocked(&world, "could not determine what C.NESTED refers to");
}

/// cgo runs in the package's folder, and the compiler knows a copy for another file: that is this machine's.
#[test]
fn what_cannot_be_compiled_here_is_no_fault() {
    let world = world();
    world.file("m/c/c.go", go("#include <stdlib.h>", "EXIT_SUCCESS"));
    add(&world, ".");
    fs::remove_dir_all(world.path("m/c")).unwrap();
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    git(&world.root(), &["checkout", "-q", "--", "c"]);
    world.file("m/c/own.h", "#pragma once\ntypedef struct { int a; } T;\n");
    world.file("m/c/sub/a.h", "#pragma once\n#include \"../own.h\"\n");
    world.file("m/c/c.go", go("#include \"own.h\"\n#define ONCE 1", "ONCE"));
    let source = "#include \"own.h\"\n#include \"sub/a.h\"\n";
    world.file("m/c/f.c", source);
    add(&world, ".");
    good(&world);
    // gcc takes files of one size and second for the same.
    let own = fs::File::options().write(true).open(world.path("m/c/own.h")).unwrap();
    own.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000))
        .unwrap();
    world.file("m/c/f.c", format!("{source}// More.\n"));
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 3, "{}", ran.stderr);
}

/// A compiler would wait for a pipe, and read a device until memory ends.
#[cfg(unix)]
#[test]
fn a_header_that_is_no_file_is_not_read() {
    let world = world();
    world.file("m/c/c.go", go("#include \"a.h\"\n#define A 1", "A"));
    add(&world, "c");
    std::os::unix::fs::symlink("/dev/zero", world.path("m/c/a.h")).unwrap();
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("c/a.h is no regular file"), "{}", ran.stderr);
}

/// However often a file includes others, the compiler has no more time than the hook.
#[test]
fn an_include_bomb_ends_with_the_time() {
    let world = world();
    world.file("m/c/c.go", go("#include \"b0.h\"\n#define A 1", "A"));
    for at in 0..40 {
        let next = format!("#include \"b{}.h\"\n", at + 1);
        world.file(&format!("m/c/b{at}.h"), next.repeat(2));
    }
    world.file("m/c/b40.h", "\n");
    add(&world, ".");
    git(&world.root(), &["rm", "-q", "--cached", "c/b40.h"]);
    let ran = hook(&world, &["--budget", "2"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("the time was not enough: compile"), "{}", ran.stderr);
}
