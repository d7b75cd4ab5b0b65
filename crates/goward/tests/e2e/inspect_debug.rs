//! `goward inspect`: C code in a program, and debug information in a file of its own.

use crate::world::{Ran, World, ran};
use serde_json::Value;
use std::fmt::Write as _;
use std::process::Command;

fn tool(world: &World, program: &str, args: &[&str]) {
    let output = Command::new(program).args(args).current_dir(world.root()).output();
    let ran = ran(output.unwrap_or_else(|err| panic!("{program}: {err}")));
    assert_eq!(ran.status, 0, "{program} {args:?}: {}", ran.stderr);
}

fn go(world: &World, output: &str, flags: &[&str], settings: &[(&str, &str)]) {
    let cache = Command::new("go").args(["env", "GOCACHE"]).output().unwrap();
    let mut command = Command::new("go");
    command.args(["build", "-o", output]).args(flags).arg(".").current_dir(world.root());
    command.env("GOCACHE", String::from_utf8(cache.stdout).unwrap().trim());
    command.env("GOTOOLCHAIN", "local").env("GOFLAGS", "-buildvcs=false").env("CGO_ENABLED", "0");
    command.envs(settings.iter().copied());
    let ran = ran(command.output().unwrap());
    assert_eq!(ran.status, 0, "{}", ran.stderr);
}

fn inspect(world: &World, args: &[&str]) -> Ran {
    world.run(&[&["inspect", "--no-history"], args].concat())
}

/// A level of `goward plumbing artifact`.
fn level(world: &World, file: &str, at: usize) -> Value {
    let ran = world.run(&["plumbing", "artifact", file]);
    let artifact: Value = serde_json::from_str(&ran.stdout).unwrap();
    artifact["levels"][at].clone()
}

const CGO: (&str, &str) = ("CGO_ENABLED", "1");
const EXTERNAL: &str = "-ldflags=-linkmode=external";
const STATIC: &str = "-ldflags=-linkmode=external -extldflags=-static";

/// A program with so much C that it matters; `parse.c` is compiled in pieces (`.cold`) as gcc does.
fn with_c(world: &World) {
    let mut c = String::from("#include <stdlib.h>\n");
    for at in 0..120 {
        writeln!(c, "__attribute__((noinline)) int f{at}(int x) {{ if (__builtin_expect(x == {at}, 0)) abort(); return x * {}; }}", at + 3).unwrap();
    }
    c += "int sum(int x) { int n = 0;\n";
    for at in 0..120 {
        writeln!(c, "n += f{at}(x);").unwrap();
    }
    world.file("m/all.c", c + "return n; }\n");
    world.file(
        "m/main.go",
        "package main\n\n// int sum(int x);\nimport \"C\"\n\nfunc main() { println(C.sum(1)) }\n",
    );
}

#[test]
fn functions_of_c_count_where_they_were_compiled_for_the_program() {
    let world = World::module();
    with_c(&world);
    go(&world, "external", &[EXTERNAL], &[CGO]);
    let debug = level(&world, "external", 2);
    assert_eq!(debug["known"], debug["functions"], "{debug}");
    // More than Go's, and only C's start-up code is left out.
    let names = level(&world, "external", 0);
    assert!(debug["functions"].as_u64() > names["functions"].as_u64().map(|all| all + 100));
    assert!(debug["uncounted_c"].as_u64().is_some_and(|count| count < 10), "{debug}");
    // A static program has the whole of libc, compiled elsewhere: an untouched build passes, and says so.
    go(&world, "static", &[STATIC], &[CGO]);
    let ran = inspect(&world, &["static"]);
    assert_eq!(ran.status, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("of C that came compiled"), "{}", ran.stdout);
    assert!(level(&world, "static", 2)["uncounted_c"].as_u64() > Some(500));
    // What took Go's lines away took those of C, too: C code is not the reason.
    tool(&world, "objcopy", &["--remove-section=.debug_line", "external", "no-lines"]);
    let lines = level(&world, "no-lines", 3);
    assert!(lines["known"] == 0 && lines["reason"] == "stripped", "{lines}");
    // Compiled without -g, C's functions are missing, and the fix is the flag.
    go(&world, "no-g", &[EXTERNAL], &[CGO, ("CGO_CFLAGS", "-O2")]);
    let ran = inspect(&world, &["no-g"]);
    assert!(ran.status == 1 && ran.stdout.contains("CGO_CFLAGS=\"-g -O2\""), "{}", ran.stdout);
    assert_eq!(level(&world, "no-g", 2)["reason"], "c-code");
    assert!(inspect(&world, &["no-g", "--lang", "zh"]).stdout.contains("编译时未带调试信息"));
}

#[test]
fn the_race_detector_came_compiled_and_is_not_counted() {
    let world = World::module();
    world.file("m/main.go", "package main\n\nfunc main() { println(1) }\n");
    go(&world, "race", &["-race"], &[CGO]);
    let ran = inspect(&world, &["race"]);
    assert_eq!(ran.status, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("-race=true"), "{}", ran.stdout);
    let debug = level(&world, "race", 2);
    assert!(debug["uncounted_c"].as_u64() > Some(500), "{debug}");
    // It has names, and none of Go's is left out.
    let names = level(&world, "race", 0);
    let counted = debug["functions"].as_u64().zip(debug["uncounted_c"].as_u64());
    assert_eq!(counted.map(|(counted, not)| counted + not + 2), names["functions"].as_u64());
}

#[test]
fn a_stripped_program_is_judged_by_its_debug_file() {
    let world = World::module();
    world.file("m/main.go", "package main\n\nfunc main() { println(1) }\n");
    go(&world, "whole", &[], &[]);
    world.file("m/main.go", "package main\n\nfunc main() { println(2) }\n");
    go(&world, "other", &[], &[]);
    tool(&world, "objcopy", &["--only-keep-debug", "whole", "app.debug"]);
    tool(&world, "strip", &["-o", "app", "whole"]);
    let of = |args: &[&str]| {
        let ran = inspect(&world, args);
        (ran.status, ran.stdout)
    };
    let status = |args: &[&str]| of(args).0;
    // Beside it, and tied by the build ID; every level is read from it.
    let (open, text) = of(&["app", "--need", "debug", "--need", "perf"]);
    assert!(
        open == 0 && text.contains("debug information from app.debug, tied by build ID"),
        "{text}"
    );
    assert_eq!(level(&world, "app", 3)["known"], level(&world, "whole", 3)["known"]);
    std::fs::rename(world.path("m/app.debug"), world.path("m/kept")).unwrap();
    assert_eq!(status(&["app"]), 1);
    assert_eq!(status(&["app", "--debug-file", "kept"]), 0);
    assert_eq!(status(&["app", "--debug-file", "whole"]), 0, "a copy from before the strip");
    let (closed, text) = of(&["app", "--debug-file", "other"]);
    assert!(
        closed == 1 && text.contains("other is of another build: the program has build ID"),
        "{text}"
    );
    assert!(of(&["app", "--debug-file", "other", "--lang", "zh"]).1.contains("属于另一次构建"));
    assert_eq!(status(&["app", "--debug-file", "absent"]), 2);
    assert_eq!(status(&["app", "whole", "--debug-file", "kept"]), 2);
    // Needing no debug information, a file that is none is not known to be wrong.
    world.file("m/text", "no program");
    assert_eq!(status(&["app", "--need", "trace", "--debug-file", "text"]), 3);
    // What cannot be read may hold all that is needed.
    assert_eq!(status(&["app", "--need", "debug", "--debug-file", "text"]), 3);
    // Without a build ID the checksum of .gnu_debuglink ties them.
    tool(&world, "objcopy", &["--remove-section=.note.gnu.build-id", "app", "bare"]);
    tool(&world, "objcopy", &["--add-gnu-debuglink=kept", "bare"]);
    let (open, text) = of(&["bare"]);
    assert!(open == 0 && text.contains("from kept, tied by checksum"), "{text}");
    let mut altered = std::fs::read(world.path("m/kept")).unwrap();
    altered.push(0);
    world.file("m/kept", altered);
    let (closed, text) = of(&["bare"]);
    assert!(closed == 1 && text.contains("the program has checksum"), "{text}");
}

#[test]
fn a_mach_o_program_is_judged_by_its_dsym() {
    let world = World::module();
    world.file("m/main.go", "package main\n\nfunc main() { println(1) }\n");
    go(&world, "whole", &[], &[("GOOS", "darwin"), ("GOARCH", "arm64")]);
    tool(&world, "llvm-strip-19", &["--strip-debug", "whole", "-o", "app"]);
    assert_eq!(inspect(&world, &["app"]).status, 1);
    let bundle = "m/app.dSYM/Contents/Resources/DWARF/app";
    world.file(bundle, std::fs::read(world.path("m/whole")).unwrap());
    let ran = inspect(&world, &["app"]);
    assert!(ran.status == 0 && ran.stdout.contains("tied by build ID"), "{}", ran.stdout);
    std::fs::rename(world.path("m/app.dSYM"), world.path("m/away.dSYM")).unwrap();
    assert_eq!(inspect(&world, &["app", "--debug-file", "away.dSYM"]).status, 0);
}

/// GNU's build ID of a program.
fn gnu_id(world: &World, file: &str) -> String {
    let output = Command::new("readelf").args(["-n", file]).current_dir(world.root()).output();
    let text = ran(output.unwrap()).stdout;
    text.split("Build ID: ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
}

#[test]
fn debug_files_are_found_in_folders_as_debuggers_keep_them() {
    let world = World::module();
    world.file("m/main.go", "package main\n\nfunc main() { println(1) }\n");
    go(&world, "whole", &[], &[]);
    tool(&world, "objcopy", &["--only-keep-debug", "whole", "kept"]);
    tool(&world, "strip", &["-o", "app", "whole"]);
    let id = gnu_id(&world, "app");
    let (first, rest) = id.split_at(2);
    let keep = |place: &str| {
        let bytes = std::fs::read(world.path("m/kept")).unwrap();
        world.file(&format!("m/{place}"), bytes);
    };
    keep(&format!("gdb/.build-id/{first}/{rest}.debug"));
    keep(&format!("cache/{id}/debuginfo"));
    keep("flat/app.debug");
    let of_one = format!("cache/{id}");
    for folder in ["gdb", "cache", "flat", &of_one] {
        let ran = inspect(&world, &["app", "--debug-file", folder]);
        assert_eq!(ran.status, 0, "{folder}: {}", ran.stdout);
        assert!(ran.stdout.contains("tied by build ID"), "{folder}: {}", ran.stdout);
    }
    // One folder has those of all.
    assert_eq!(inspect(&world, &["app", "whole", "--debug-file", "gdb"]).status, 0);
    // None is there: it is not known, and what was looked for is told.
    world.file("m/none/other", "");
    let none = inspect(&world, &["app", "--debug-file", "none"]);
    assert!(
        none.status == 3
            && none.stdout.contains("none: the folder holds no debug file of this program"),
        "{}",
        none.stdout
    );
    let chinese = inspect(&world, &["app", "--debug-file", "none", "--lang", "zh"]).stdout;
    assert!(chinese.contains("该目录中没有此程序的调试文件"), "{chinese}");
    // What debuginfod's client has fetched; where its server had none, it keeps an empty file.
    let fetched = |cache: &str| {
        let mut command = world.command(&["inspect", "app", "--no-history"]);
        ran(command.env("DEBUGINFOD_CACHE_PATH", world.path(cache)).output().unwrap())
    };
    assert_eq!(fetched("m/cache").status, 0);
    world.file(&format!("m/empty/{id}/debuginfo"), "");
    assert_eq!(fetched("m/empty").status, 1);
}

#[test]
fn a_copy_from_before_the_strip_is_of_the_same_link_also_on_windows() {
    let world = World::module();
    world.file("m/main.go", "package main\n\nfunc main() { println(1) }\n");
    go(&world, "whole.exe", &[], &[("GOOS", "windows"), ("GOARCH", "amd64")]);
    let objcopy = "x86_64-w64-mingw32-objcopy";
    tool(&world, objcopy, &["--only-keep-debug", "whole.exe", "app.dbg"]);
    tool(&world, objcopy, &["--strip-all", "--add-gnu-debuglink=app.dbg", "whole.exe", "app.exe"]);
    assert_eq!(inspect(&world, &["app.exe"]).status, 0);
    let ran = inspect(&world, &["app.exe", "--debug-file", "whole.exe"]);
    assert!(ran.status == 0 && ran.stdout.contains("tied by Go build ID"), "{}", ran.stdout);
    world.file("m/main.go", "package main\n\nfunc main() { println(2) }\n");
    go(&world, "other.exe", &[], &[("GOOS", "windows"), ("GOARCH", "amd64")]);
    assert_eq!(inspect(&world, &["app.exe", "--debug-file", "other.exe"]).status, 1);
}
