//! `goward snapshot`: of a folder, a program, both, a process, a core file.
#![cfg(target_os = "linux")]

use crate::world::{Ran, World, ran};
use serde_json::Value;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// A module with a program that waits, or dies with a core.
const WAITS: &str = "package main\n\nimport (\n\t\"net/http\"\n\t\"os\"\n\t\"time\"\n)\n\nfunc main() {\n\t_ = http.DefaultClient\n\tif len(os.Args) > 1 {\n\t\tpanic(os.Args[1])\n\t}\n\ttime.Sleep(time.Minute)\n}\n";

fn go_env(name: &str) -> String {
    static KNOWN: OnceLock<Value> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let output = Command::new("go").args(["env", "-json"]).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    });
    known[name].as_str().unwrap().to_owned()
}

/// goward with Go's own caches.
pub(crate) fn goward(world: &World, args: &[&str], env: &[(&str, &str)]) -> Ran {
    let mut command = world.command(args);
    for name in ["GOCACHE", "GOMODCACHE", "GOPROXY"] {
        command.env(name, go_env(name));
    }
    command.env("GOTOOLCHAIN", "local").env("GOFLAGS", "-buildvcs=false");
    ran(command.envs(env.iter().copied()).output().unwrap())
}

pub(crate) fn build(world: &World, dir: &str, out: &str, flags: &[&str], env: &[(&str, &str)]) {
    let mut go = Command::new("go");
    go.args(["build", "-o"]).arg(world.path(out)).args(flags).arg(".");
    go.current_dir(world.path(dir)).env("GOTOOLCHAIN", "local");
    go.env("GOFLAGS", "-buildvcs=false").envs(env.iter().copied());
    let built = ran(go.output().unwrap());
    assert_eq!(built.status, 0, "{}", built.stderr);
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|err| panic!("{err}: {}{}", ran.stdout, ran.stderr))
}

fn waiting() -> World {
    let world = World::module();
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24\n").file("m/main.go", WAITS);
    build(&world, "m", "m/server", &[], &[("CGO_ENABLED", "1")]);
    world
}

#[test]
fn a_folder_and_its_program_are_recorded_together() {
    let world = waiting();
    let args = ["snapshot", ".", "--binary", "server", "--no-history"];
    let first = goward(&world, &args, &[]);
    assert_eq!(first.status, 0, "{}", first.stderr);
    // The same facts, the same bytes.
    assert_eq!(goward(&world, &args, &[]).stdout, first.stdout);
    let snapshot = json(&first);
    assert_eq!(snapshot["schema"], "goward.snapshot/v1");
    // The toolchain's tools are what Go itself says of them.
    let tool = Path::new(&go_env("GOTOOLDIR")).join("compile");
    let id = Command::new("go").args(["tool", "buildid"]).arg(tool).output().unwrap();
    let id = String::from_utf8(id.stdout).unwrap();
    assert_eq!(snapshot["toolchain"]["tools"]["compile"]["build_id"], id.trim());
    assert_eq!(snapshot["program"]["settings"]["CGO_ENABLED"], "1");
    assert_eq!(snapshot["program"]["main"]["go"], "1.24");
    assert!(snapshot["c_compiler"]["version"].as_str().is_some());
    assert!(snapshot["links"]["versions"]["libc.so.6"].is_array());
    assert_eq!(snapshot["paths"]["goroot"], go_env("GOROOT"));
    // Compared with itself there is no difference and nothing is unknown.
    world.file("m/a.json", &first.stdout);
    let same = world.run(&["diff", "a.json", "a.json"]);
    assert_eq!(same.status, 0, "{}", same.stdout);
    assert!(
        same.stdout.contains("no difference") && !same.stdout.contains("unknown"),
        "{}",
        same.stdout
    );
}

/// The verdicts of the rules on modules, and all differences, of a folder and a program built there.
fn modules(world: &World, dir: &str, program: &str) -> (Vec<String>, String) {
    let diff = goward(world, &["diff", program, dir, "--format", "json", "--no-history"], &[]);
    let report = json(&diff);
    let outcomes = report["outcomes"].as_array().unwrap();
    let is_one = |id: &str| id.starts_with("module") || id.starts_with("replace");
    let wrong = outcomes
        .iter()
        .filter(|it| is_one(it["check"].as_str().unwrap()) && it["verdict"] != "pass");
    (wrong.map(|it| it["check"].to_string()).collect(), diff.stdout)
}

#[test]
fn a_folder_has_the_modules_and_sums_of_the_program_built_there() {
    let world = World::module();
    let example = crate::world::repository().join("examples/payments");
    let mut go = Command::new("go");
    go.args(["build", "-o"])
        .arg(world.path("m/payments"))
        .arg("./cmd/payments")
        .current_dir(&example);
    assert!(go.status().unwrap().success());
    let (wrong, text) = modules(&world, &example.display().to_string(), "payments");
    assert_eq!(wrong, Vec::<String>::new(), "{text}");
}

#[test]
fn modules_of_a_workspace_are_the_repositorys_own() {
    let world = World::module();
    world.file("m/go.work", "go 1.24\n\nuse (\n\t.\n\t./lib\n)\n");
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24\n\nrequire example.com/lib v0.1.0\n");
    world.file(
        "m/main.go",
        "package main\n\nimport \"example.com/lib\"\n\nfunc main() { lib.F() }\n",
    );
    world.file("m/lib/go.mod", "module example.com/lib\n\ngo 1.24\n");
    world.file("m/lib/lib.go", "package lib\n\nfunc F() {}\n");
    build(&world, "m", "m/program", &[], &[]);
    let (wrong, text) = modules(&world, ".", "program");
    assert_eq!(wrong, Vec::<String>::new(), "{text}");
    let taken = json(&goward(&world, &["snapshot", ".", "--no-history"], &[]));
    assert_eq!(taken["program"]["main"]["path"], "example.com/m");
    assert_eq!(taken["modules"][0]["version"], "(devel)");
}

#[test]
fn the_report_says_what_was_recorded_and_history_keeps_it() {
    let world = waiting();
    let args = [
        "snapshot", "--binary", "server", "-w", "s.json", "--format", "json", "--output", "r.sarif",
    ];
    let made = goward(&world, &args, &[]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    let report = json(&made);
    let of = |id: &str| {
        let outcomes = report["outcomes"].as_array().unwrap();
        outcomes.iter().find(|it| it["check"] == id).unwrap()["verdict"].clone()
    };
    assert_eq!(
        (of("toolchain"), of("packages"), of("runtime")),
        ("pass".into(), "pass".into(), "skip".into())
    );
    assert!(world.path("m/s.json").exists() && world.path("m/r.sarif").exists());
    assert!(world.run(&["history"]).stdout.contains("server"));
}

#[test]
fn a_patched_toolchain_shows_under_the_same_version() {
    let world = World::module();
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24\n");
    world.file("m/main.go", "package main\n\nfunc main() {}\n");
    // The toolchain as it is, but for one file of the standard library.
    let goroot = go_env("GOROOT");
    let patched = world.path("goroot");
    std::fs::create_dir_all(patched.join("src/errors")).unwrap();
    let link = |below: &str, skip: &str| {
        for entry in std::fs::read_dir(Path::new(&goroot).join(below)).unwrap().flatten() {
            if entry.file_name() != skip {
                let to = patched.join(below).join(entry.file_name());
                std::os::unix::fs::symlink(entry.path(), to).unwrap();
            }
        }
    };
    link("", "src");
    link("src", "errors");
    link("src/errors", "errors.go");
    let source = std::fs::read_to_string(format!("{goroot}/src/errors/errors.go")).unwrap();
    std::fs::write(patched.join("src/errors/errors.go"), source + "\n// A patch.\n").unwrap();
    let take = |out: &str, goroot: &str| {
        let taken = goward(&world, &["snapshot", "-w", out, "--no-history"], &[("GOROOT", goroot)]);
        assert_eq!(taken.status, 0, "{}", taken.stderr);
    };
    take("a.json", &goroot);
    take("b.json", &patched.display().to_string());
    let diff = world.run(&["diff", "a.json", "b.json"]);
    assert_eq!(diff.status, 1, "{}", diff.stdout);
    assert!(diff.stdout.contains("toolchain-identity    standard library"), "{}", diff.stdout);
    assert_eq!(world.run(&["diff", "a.json", "a.json"]).status, 0);
}

/// A process that is ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_process_is_recorded_also_where_its_file_was_deleted_and_no_secret_is() {
    let world = waiting();
    std::fs::copy(world.path("m/server"), world.path("m/deployed")).unwrap();
    let mut command = Command::new(world.path("m/deployed"));
    command.env("GODEBUG", "madvdontneed=1").env("DB_PASSWORD", "hunter2");
    let running = Running(command.stdin(Stdio::null()).spawn().unwrap());
    let pid = running.0.id().to_string();
    // The link is there as soon as the program was loaded.
    while !std::fs::read_link(format!("/proc/{pid}/exe")).unwrap().ends_with("deployed") {
        std::thread::yield_now();
    }
    std::fs::remove_file(world.path("m/deployed")).unwrap();
    let taken = world.run(&["snapshot", "--pid", &pid, "--no-history"]);
    assert_eq!(taken.status, 0, "{}", taken.stderr);
    let snapshot = json(&taken);
    assert!(snapshot["source"]["name"].as_str().unwrap().ends_with("deployed (deleted)"));
    assert_eq!(
        (&snapshot["host"]["runs"], &snapshot["runtime"]["GODEBUG"]),
        (&true.into(), &"madvdontneed=1".into())
    );
    assert!(!taken.stdout.contains("hunter2") && !taken.stdout.contains("DB_PASSWORD"));
    assert!(["glibc", "musl"].contains(&snapshot["host"]["libc"]["kind"].as_str().unwrap()));
    let same = world.run(&["diff", &format!("pid:{pid}"), "server"]);
    assert_eq!(same.status, 0, "{}{}", same.stdout, same.stderr);
    let none = world.run(&["snapshot", "--pid", "4000000000"]);
    assert_eq!(none.status, 2, "{}", none.stderr);
    assert!(none.stderr.contains("no process 4000000000"), "{}", none.stderr);
}

#[test]
fn a_core_file_tells_what_was_dumped_and_names_what_was_not() {
    let pattern = std::fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap();
    assert!(
        !pattern.starts_with('|') && !pattern.contains('/'),
        "this test needs cores in the working folder: `sysctl kernel.core_pattern=core`, it is {pattern}"
    );
    let world = waiting();
    std::fs::copy(world.path("m/server"), world.path("m/dies")).unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -c unlimited; exec ./dies now"]).env("GOTRACEBACK", "crash");
    let output = shell.current_dir(world.root()).output().unwrap();
    assert!(!output.status.success());
    let entries = std::fs::read_dir(world.root()).unwrap().flatten();
    let names = entries.map(|entry| entry.file_name().into_string().unwrap());
    let core = names.into_iter().find(|name| name.starts_with("core")).expect("a core was dumped");
    // The program is still there: all is known.
    let whole = world.run(&["diff", &core, "server"]);
    assert_eq!(whole.status, 0, "{}{}", whole.stdout, whole.stderr);
    std::fs::remove_file(world.path("m/dies")).unwrap();
    let taken = world.run(&["snapshot", "--core", &core, "--no-history"]);
    assert_eq!(taken.status, 3, "{}", taken.stderr);
    let snapshot = json(&taken);
    let wanted = Command::new("go").args(["tool", "buildid"]).arg(world.path("m/server")).output();
    let wanted = String::from_utf8(wanted.unwrap().stdout).unwrap();
    assert_eq!(snapshot["program"]["build_id"], wanted.trim());
    assert_eq!(snapshot["program"]["path"], "example.com/m");
    assert!(taken.stderr.contains("read-only memory is not dumped"), "{}", taken.stderr);
    // Cut off, it is an error or says what is not there.
    let bytes = std::fs::read(world.path(&format!("m/{core}"))).unwrap();
    for length in [40, 64, 4000, bytes.len() / 2] {
        world.file("m/cut", &bytes[..length]);
        let cut = world.run(&["snapshot", "cut", "--no-history"]);
        assert!([2, 3].contains(&cut.status), "{length}: {} {}", cut.status, cut.stderr);
    }
}

#[test]
fn a_program_of_other_sources_is_not_recorded_with_a_folder() {
    let world = World::module();
    let go_mod = |version: &str| {
        format!(
            "module example.com/m\n\ngo 1.24\n\nrequire example.com/dep {version}\n\nreplace example.com/dep => ../dep\n"
        )
    };
    world.file("dep/go.mod", "module example.com/dep\n").file("dep/dep.go", "package dep\n");
    world.file("m/main.go", "package main\n\nimport _ \"example.com/dep\"\n\nfunc main() {}\n");
    world.file("m/go.mod", go_mod("v1.0.0"));
    build(&world, "m", "m/server", &[], &[("CGO_ENABLED", "0")]);
    let args = ["snapshot", ".", "--binary", "server", "--no-history"];
    let same = goward(&world, &args, &[("CGO_ENABLED", "0")]);
    assert_eq!(same.status, 0, "{}", same.stderr);
    world.file("m/go.mod", go_mod("v1.1.0"));
    let other = goward(&world, &args, &[("CGO_ENABLED", "0")]);
    assert_eq!(other.status, 2, "{}", other.stdout);
    for wanted in ["server was built with example.com/dep v1.0.0, and in ", " it is v1.1.0: take"] {
        assert!(other.stderr.contains(wanted), "{}", other.stderr);
    }
}

#[test]
fn what_is_no_such_thing_is_named() {
    let world = waiting();
    let pipe = Command::new("mkfifo").arg(world.path("m/pipe")).status().unwrap();
    assert!(pipe.success());
    world.file("m/text", "hello\n").file("m/x.json", "{}").file("empty/x", "");
    for (args, wanted) in [
        (&["snapshot", "absent"][..], "absent"),
        (&["snapshot", "pipe"], "pipe: not a regular file"),
        (&["diff", "pipe", "server"], "pipe: not a regular file"),
        (&["snapshot", "text"], "text: not an executable"),
        (&["snapshot", "x.json"], "x.json: it is a snapshot already"),
        (&["snapshot", "../empty"], "no go.mod is there or above"),
        (&["snapshot", "--core", "server"], "server: no core file"),
        (&["snapshot", "--binary", "/bin/true"], "no build info"),
        (&["snapshot", "server", "--binary", "server"], "--binary goes with the folder"),
        (&["snapshot", "text", "--pid", "1"], "not both"),
        (&["snapshot", "--sign-key", "text"], "PKCS #8"),
        (&["snapshot", "server", "--", "-trimpath"], "flags behind -- are of a folder"),
        (&["diff", "server", "server", "--compile"], "neither side is one"),
    ] {
        let refused = goward(&world, args, &[]);
        assert_eq!(refused.status, 2, "{args:?}: {}{}", refused.stdout, refused.stderr);
        assert!(refused.stderr.contains(wanted), "{args:?}: {}", refused.stderr);
    }
    let without_go = goward(&world, &["snapshot", "."], &[("PATH", "/nonexistent")]);
    assert!(
        without_go.status == 2 && without_go.stderr.contains("it is not in PATH: install Go"),
        "{}",
        without_go.stderr
    );
    let elsewhere = goward(&world, &["snapshot", "."], &[("GOWARD_GO", "/nonexistent/go")]);
    assert!(
        elsewhere.status == 2 && elsewhere.stderr.contains("GOWARD_GO names /nonexistent/go"),
        "{}",
        elsewhere.stderr
    );
    // A program of no Go is a program: what it is made of is not known.
    assert_eq!(world.run(&["snapshot", "/bin/true"]).status, 3);
}
