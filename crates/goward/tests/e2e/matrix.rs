//! `goward matrix`: what is predicted is measured, and a cell that fails says what is missing.

use crate::world::{Ran, World, ran};
use serde_json::Value;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PLAIN: &str = "package main\n\nfunc main() { println(1) }\n";
const WITH_C: &str = "package main\n\n// int one(void) { return 1; }\nimport \"C\"\n\nfunc init() { println(C.one()) }\n";

fn go_env(name: &str) -> String {
    let output = Command::new("go").args(["env", name]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn host_path(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|it| it.exists()).unwrap()
}

fn script(path: &Path, text: &str) {
    std::fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// A module, and a PATH without any cross compiler.
fn world(cgo: bool) -> World {
    let world = World::module();
    world.file("m/go.mod", "module example.com/m\n\ngo 1.21\n").file("m/main.go", PLAIN);
    if cgo {
        world.file("m/one.go", WITH_C);
    }
    std::fs::create_dir(world.path("bin")).unwrap();
    for program in ["go", "gcc", "as", "ld", "sh", "sleep", "git"] {
        symlink(host_path(program), world.path("bin").join(program)).unwrap();
    }
    world
}

fn command(world: &World, args: &[&str]) -> Command {
    command_of(world, &[&["matrix"], args].concat())
}

fn command_of(world: &World, args: &[&str]) -> Command {
    let mut command = world.command(args);
    command.env("PATH", world.path("bin"));
    for name in ["GOMODCACHE", "GOCACHE", "GOPROXY"] {
        command.env(name, go_env(name));
    }
    command
}

fn run(world: &World, args: &[&str]) -> Ran {
    ran(command(world, args).output().unwrap())
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|err| panic!("{err}: {}\n{}", ran.stdout, ran.stderr))
}

fn cell<'a>(report: &'a Value, id: &str) -> &'a Value {
    let cells = report["matrix"]["cells"].as_array().unwrap();
    let version = id.contains(".go1");
    let is_it = |cell: &&Value| {
        let own = cell["id"].as_str().unwrap();
        if version { own == id } else { own.ends_with(id) }
    };
    cells.iter().find(is_it).unwrap_or_else(|| panic!("no {id}: {report}"))
}

/// Every cell came out as was expected of it, cause included.
fn assert_predicted(report: &Value) {
    for cell in report["matrix"]["cells"].as_array().unwrap() {
        for key in ["verdict", "cause"] {
            assert_eq!(cell["predicted"][key], cell["measured"][key], "{cell:#}");
        }
    }
}

#[test]
fn what_needs_no_c_builds_everywhere() {
    let world = world(false);
    let three = "linux/amd64,linux/arm64,windows/amd64";
    let args = ["--go", "local,1.24.11", "--platform", three, "--jobs", "2", "--format", "json"];
    let ran = run(&world, &args);
    let report = json(&ran);
    assert_eq!(ran.status, 0, "{report:#}");
    assert_predicted(&report);
    assert_eq!(report["outcomes"].as_array().unwrap().len(), 12);
    let id = "matrix.go1.24.11.linux-arm64.cgo";
    assert_eq!(cell(&report, id)["measured"]["verdict"], "pass");
    assert!(cell(&report, id)["measured"]["wall_ms"].as_u64().unwrap() > 0);
    assert!(world.command(&["history"]).output().unwrap().stdout.ends_with(b"/m\n"));
}

#[test]
fn a_missing_cross_compiler_is_named() {
    let world = world(true);
    let three = "linux/amd64,linux/arm64,windows/amd64";
    let base = ["--platform", three, "--cgo", "on", "--format", "json", "--html", "t.html"];
    let outputs = ["--output", "t.md", "--output", "t.xml", "--output", "t.sarif"];
    let ran_it = run(&world, &[&base[..], &outputs].concat());
    let report = json(&ran_it);
    assert_eq!(ran_it.status, 1, "{report:#}");
    assert_predicted(&report);
    assert_eq!(cell(&report, ".linux-amd64.cgo")["measured"]["verdict"], "pass");
    for (id, package) in [
        (".linux-arm64.cgo", "gcc-aarch64-linux-gnu"),
        (".windows-amd64.cgo", "gcc-mingw-w64-x86-64"),
    ] {
        let measured = &cell(&report, id)["measured"];
        assert_eq!(measured["cause"], "cgo.no-compiler", "{measured:#}");
        assert!(measured["fix"]["en"].as_str().unwrap().contains(package), "{measured:#}");
    }
    let read = |name: &str| std::fs::read_to_string(world.root().join(name)).unwrap();
    assert!(read("t.md").contains("| linux/arm64 cgo | ✗ [1] |"), "{}", read("t.md"));
    assert!(read("t.xml").contains("linux-arm64.cgo") && read("t.sarif").contains("no-compiler"));
    assert!(read("t.html").contains("<td class=fail>") && !read("t.html").contains("{{"));
    let allow = ["--allow", "linux/arm64/cgo,windows/amd64", "--resume"];
    let allowed = run(&world, &[&base[..], &allow].concat());
    let report = json(&allowed);
    assert_eq!((allowed.status, &report["summary"]["skip"]), (0, &2.into()), "{report:#}");
    assert_eq!(cell(&report, ".linux-arm64.cgo")["measured"]["resumed"], true);
}

#[test]
fn a_cross_compiler_is_probed_and_not_believed() {
    let world = world(true);
    let cross = world.path("bin/aarch64-linux-gnu-gcc");
    script(
        &cross,
        "echo 'line.c:4:10: fatal error: stdlib.h: No such file or directory' >&2; exit 1",
    );
    let args = ["--predict", "--platform", "linux/arm64", "--format", "json"];
    let ran = run(&world, &args);
    let report = json(&ran);
    let cell_of = |kind: &str| cell(&report, kind)["predicted"].clone();
    assert_eq!(ran.status, 1);
    assert_eq!(cell_of(".linux-arm64.cgo")["cause"], "cgo.missing-header", "{report:#}");
    assert_eq!(cell_of(".linux-arm64.cgo")["needs_c"][0], "runtime/cgo");
    assert_eq!(cell_of(".linux-arm64.nocgo")["verdict"], "pass");
    assert!(cell(&report, ".linux-arm64.cgo")["measured"].is_null(), "nothing is built");
    std::fs::remove_file(world.path("m/main.go")).unwrap();
    let nothing = run(&world, &["--cgo", "off", "--format", "json"]);
    let report = json(&nothing);
    assert_eq!(nothing.status, 1, "go calls it a success that nothing is built");
    assert_predicted(&report);
}

#[test]
fn ctrl_c_keeps_finished_cells_and_resume_goes_on() {
    let world = world(true);
    let (pid, release) = (world.path("pid"), world.path("release"));
    let gcc = host_path("gcc");
    script(
        &world.path("bin/slow-gcc"),
        &format!(
            "case \"$*\" in *.cgo2.c*) [ -e {r} ] || {{ echo $$ > {p}; exec sleep 63; }};; esac\nexec {g} \"$@\"",
            r = release.display(),
            p = pid.display(),
            g = gcc.display()
        ),
    );
    let args = ["--cc", "linux/amd64=slow-gcc", "--platform", "linux/amd64", "--format", "json"];
    std::fs::create_dir(world.path("tmp")).unwrap();
    let mut whole = command(&world, &args);
    whole.env("TMPDIR", world.path("tmp")).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = whole.spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(90);
    while !std::fs::read_to_string(&pid).is_ok_and(|pid| pid.ends_with('\n')) {
        assert!(Instant::now() < deadline, "the slow cell did not start");
        std::thread::sleep(Duration::from_millis(10));
    }
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let cut = ran(child.wait_with_output().unwrap());
    assert_eq!(cut.status, 130, "{}", cut.stderr);
    assert!(cut.stderr.contains("--resume"), "{}", cut.stderr);
    let report = json(&cut);
    assert_eq!(cell(&report, ".linux-amd64.nocgo")["measured"]["verdict"], "pass");
    assert!(cell(&report, ".linux-amd64.cgo")["measured"].is_null());
    let slept = std::fs::read_to_string(&pid).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", slept.trim())).unwrap_or_default();
    assert!(stat.is_empty() || stat.contains(") Z "), "the compiler lives on: {stat}");
    let left = std::fs::read_dir(world.path("tmp")).unwrap().count();
    assert_eq!(left, 0, "what go makes on the way is left behind");
    std::fs::write(&release, "").unwrap();
    let on = run(&world, &[&args[..], &["--resume"]].concat());
    let report = json(&on);
    assert_eq!(on.status, 0, "{report:#}");
    assert_eq!(cell(&report, ".linux-amd64.nocgo")["measured"]["resumed"], true);
    let built = &cell(&report, ".linux-amd64.cgo")["measured"];
    assert_eq!((&built["verdict"], built.get("resumed")), (&"pass".into(), None));
}

#[test]
fn flags_that_decide_what_is_built_are_predicted_as_they_are_measured() {
    let world = world(false);
    world.file("m/a.go", "//go:build a\n\npackage main\n\nimport _ \"example.org/nowhere\"\n");
    let predict = |args: &[&str], goflags: &str, flags: &[&str]| {
        let base = ["--predict", "--format", "json", "--platform", "linux/amd64,linux/arm64"];
        let mut command = command(&world, &[&base[..], args, &["--"], flags].concat());
        let ran = ran(command.env("GOFLAGS", goflags).env("GOPROXY", "off").output().unwrap());
        json(&ran)
    };
    let of = |report: &Value, id: &str| {
        let predicted = cell(report, id)["predicted"].clone();
        let cause = predicted["cause"].as_str().unwrap_or_default().to_owned();
        (predicted["verdict"].as_str().unwrap().to_owned(), cause)
    };
    let pass = ("pass".to_owned(), String::new());
    let fails = |cause: &str| ("fail".to_owned(), cause.to_owned());
    // The Go that is built with is plain: what needs C is asked for by the flag alone.
    for (goflags, flags) in [
        ("", &["-race"][..]),
        ("-race", &[]),
        ("", &["-buildmode=c-shared"]),
        ("'-ldflags=-linkmode=external -s'", &["-trimpath"]),
    ] {
        let report = predict(&[], goflags, flags);
        let what = format!("{goflags} {flags:?}: {report:#}");
        assert_eq!(of(&report, ".linux-amd64.nocgo"), fails("cgo.disabled"), "{what}");
        assert_eq!(of(&report, ".linux-amd64.cgo"), pass, "{what}");
        assert_eq!(of(&report, ".linux-arm64.cgo"), fails("cgo.no-compiler"), "{what}");
        let needs_c = &cell(&report, ".linux-amd64.cgo")["predicted"]["needs_c"];
        assert!(needs_c.as_array().unwrap().contains(&"runtime/cgo".into()), "{what}");
    }
    // The tags of the line take the place of those of GOFLAGS.
    assert_eq!(of(&predict(&[], "-tags=a", &["-tags=b"]), ".linux-amd64.nocgo"), pass);
    let unknown = of(&predict(&[], "-tags=a", &[]), ".linux-amd64.nocgo");
    assert_eq!(unknown.0, "unknown", "nobody knows that module");
    let absent = of(&predict(&["./absent"], "", &[]), ".linux-amd64.nocgo");
    assert_eq!(absent, fails("source.missing-package"));
}

#[test]
fn a_cell_that_needs_c_by_a_flag_gets_the_compiler_of_its_platform() {
    let world = world(false);
    // Not that of the host by another name: it says for whom it compiles.
    script(
        &world.path("bin/aarch64-linux-gnu-gcc"),
        "case \"$*\" in *line.c*) for word; do last=$word; done; : > \"$last\";; *) echo it was me >&2; exit 1;; esac",
    );
    let args = ["--platform", "linux/arm64", "--cgo", "on", "--format", "json"];
    let ran = run(&world, &[&args[..], &["--", "-ldflags=-linkmode=external"]].concat());
    let report = json(&ran);
    let cell = cell(&report, ".linux-arm64.cgo");
    assert_eq!(cell["cc"], "aarch64-linux-gnu-gcc", "{cell:#}");
    let evidence = cell["measured"]["evidence"].to_string();
    assert!(evidence.contains("it was me"), "go took another compiler: {cell:#}");
}

#[test]
fn at_the_top_of_a_workspace_its_modules_are_built() {
    let world = world(false);
    world.file("w/go.work", "go 1.24\n\nuse (\n\t./a\n\t./b\n)\n");
    world.file("w/a/go.mod", "module example.com/a\n\ngo 1.24\n").file("w/a/main.go", PLAIN);
    world.file("w/b/go.mod", "module example.com/b\n\ngo 1.24\n");
    world
        .file("w/b/b_windows.go", "package b\n\nvar X int = \"\"\n")
        .file("w/b/b.go", "package b\n");
    let top = world.path("w").display().to_string();
    let args = ["--dir", &top, "--platform", "linux/amd64,windows/amd64", "--cgo", "off"];
    let report = json(&run(&world, &[&args[..], &["--format", "json"]].concat()));
    assert_eq!(cell(&report, ".linux-amd64.nocgo")["measured"]["verdict"], "pass", "{report}");
    assert_eq!(cell(&report, ".windows-amd64.nocgo")["measured"]["verdict"], "fail", "{report}");
}

#[test]
fn a_module_around_a_workspace_that_does_not_use_it_is_none() {
    let world = world(false);
    world.file("m/w/go.work", "go 1.24\n\nuse ./a\n");
    world.file("m/w/a/go.mod", "module example.com/a\n\ngo 1.24\n").file("m/w/a/main.go", PLAIN);
    let args = ["--dir", "w", "--platform", "linux/amd64", "--cgo", "off", "--format", "json"];
    let ran = run(&world, &args);
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn a_version_that_cannot_be_had_leaves_its_cells_open() {
    let world = world(false);
    let args = ["--go", "1.24.2", "--platform", "linux/amd64", "--cgo", "off", "--format", "json"];
    let mut command = command(&world, &args);
    // An own module cache without any toolchain, and no proxy.
    let empty = world.path("modcache");
    let ran = ran(command.env("GOPROXY", "off").env("GOMODCACHE", empty).output().unwrap());
    assert_eq!(ran.status, 3, "{}{}", ran.stdout, ran.stderr);
    let report = json(&ran);
    let cell = cell(&report, ".linux-amd64.nocgo");
    assert_eq!(cell["measured"]["cause"], "toolchain.unavailable", "{report}");
}

#[test]
fn the_go_command_that_is_named_is_asked() {
    let world = world(false);
    std::fs::remove_file(world.path("bin/go")).unwrap();
    let without = run(&world, &["--predict"]);
    assert!(without.status == 2 && without.stderr.contains("go not found"), "{}", without.stderr);
    for args in [&["matrix", "--predict"][..], &["snapshot", ".", "-w", "s.json"]] {
        let mut named = command_of(&world, args);
        named.env("GOWARD_GO", host_path("go"));
        let ran = ran(named.output().unwrap());
        assert_eq!(ran.status, 0, "{args:?}: {}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn bad_input_is_told_with_what_would_be_right() {
    let world = world(false);
    for (args, says) in [
        (&["--go", "1.24.99"][..], "there is no such release"),
        (&["--go", "1.26..1.21"], "the range is empty; write --go 1.21..1.26"),
        (&["--go", "tip"], "write 1.24, 1.24.11, 1.21..1.26 or local"),
        (&["--platform", "linux/amd46"], "did you mean linux/amd64?"),
        (&["--platform", "linux"], "write GOOS/GOARCH"),
        (&["--cc", "linux/arm64"], "write OS/ARCH=PROGRAM"),
        (&["--allow", "linux/arm64/c"], "OS/ARCH/nocgo"),
        (&["--dir", "absent"], "--dir absent"),
        (&["--", "./x"], "packages stand before it"),
        (&["--", "-o=x"], "goward's own here"),
        (&["--platform", "js/wasm", "--cgo", "on"], "no cell is left"),
    ] {
        let ran = run(&world, &[&["--predict"], args].concat());
        assert_eq!(ran.status, 2, "{args:?}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(says), "{args:?}: {}", ran.stderr);
    }
    let old = run(&world, &["--predict", "--go", "1.24.11", "--lang", "zh"]);
    assert!(old.stdout.contains("linux/amd64 cgo"), "{}{}", old.stdout, old.stderr);
}

#[test]
fn the_policy_says_what_the_command_line_does_not() {
    let world = world(true);
    world.file(
        "m/goward.toml",
        "[matrix]\ngo = [\"local\", \"1.24.11\"]\nplatforms = [\"linux/amd64\", \"linux/arm64\"]\ncgo = \"on\"\n\
         cc = { \"linux/amd64\" = \"no-such-gcc\" }\nallow = [\"linux/arm64/cgo\"]\njobs = 1\nmax_memory = \"8GiB\"\n",
    );
    let ids = |report: &Value| -> Vec<String> {
        let cells = report["matrix"]["cells"].as_array().unwrap();
        cells.iter().map(|cell| cell["id"].as_str().unwrap().to_owned()).collect()
    };
    let predict = ["--predict", "--format", "json"];
    let of_policy = json(&run(&world, &predict));
    assert_eq!(ids(&of_policy).len(), 4, "{of_policy:#}");
    assert!(ids(&of_policy).contains(&"matrix.go1.24.11.linux-arm64.cgo".to_owned()));
    assert_eq!(cell(&of_policy, ".linux-arm64.cgo")["allowed"], true);
    assert_eq!(cell(&of_policy, ".linux-amd64.cgo")["cc"], "no-such-gcc");
    // Flags win: lists are replaced, a compiler is its platform's.
    let flags = ["--go", "local", "--platform", "linux/amd64", "--cgo", "both"];
    let flagged =
        json(&run(&world, &[&predict[..], &flags, &["--cc", "linux/amd64=gcc"]].concat()));
    assert_eq!(ids(&flagged).len(), 2, "{flagged:#}");
    assert_eq!(cell(&flagged, ".linux-amd64.cgo")["cc"], "gcc");
    let explained = ran(world.command(&["config", "explain", "matrix.go"]).output().unwrap());
    assert!(explained.stdout.contains("goward.toml:2:1"), "{}", explained.stdout);
    // What an organisation locks, no flag opens.
    let locked = "locked = [\"matrix.allow\"]\n[matrix]\nallow = []\n";
    world.file("org.toml", locked);
    world.file("m/goward.toml", "");
    let mut command = command(&world, &["--predict", "--allow", "linux/arm64"]);
    let refused = ran(command.env("GOWARD_POLICY", world.path("org.toml")).output().unwrap());
    assert_eq!(refused.status, 2, "{}", refused.stdout);
    assert!(refused.stderr.contains("matrix.allow"), "{}", refused.stderr);
}

#[test]
fn a_mistake_in_the_policy_is_shown_where_it_is() {
    let world = world(false);
    for (line, wanted) in [
        ("go = [\"latest\"]", "`latest` names no Go version"),
        ("go = []", "no cell would be left"),
        ("go = [\"1.26..1.21\"]", "empty"),
        ("platforms = [\"linux\"]", "`linux` is no platform; write GOOS/GOARCH"),
        ("platforms = [\"linux/amd46\"]", "did you mean linux/amd64?"),
        ("allow = [\"linux/arm64/c\"]", "`linux/arm64/c` is no cell"),
        ("cc = { \"linux/arm64\" = \"\" }", "no C compiler of a platform"),
        ("jobs = 300", "more than 256"),
        ("max_memory = \"much\"", "which is no size"),
        ("cgo = \"yes\"", "expected one of `on`, `off`, `both`"),
    ] {
        world.file("m/goward.toml", format!("[matrix]\n{line}\n"));
        let refused = run(&world, &["--predict"]);
        assert_eq!(refused.status, 2, "{line}: {}", refused.stdout);
        let said = &refused.stderr;
        assert!(said.contains(wanted) && said.contains("goward.toml:2:"), "{line}: {said}");
    }
}
