//! The plumbing commands of Go modules and build contexts, and `goward context`.

use crate::world::{Ran, World, ran};
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Stdio};

/// Runs goward with text on standard input.
pub(crate) fn fed(world: &World, args: &[&str], input: &str) -> Ran {
    let mut command = world.command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    ran(child.wait_with_output().unwrap())
}

/// The JSON of each line.
pub(crate) fn lines(ran: &Ran) -> Vec<Value> {
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What a go command prints in the module's folder.
fn go(world: &World, args: &[&str]) -> String {
    let mut command = Command::new("go");
    command.args(args).current_dir(world.root()).env("GOTOOLCHAIN", "local");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn go_mod_and_go_work_are_the_json_of_go_itself() {
    let world = World::module();
    world.file("m/go.mod", "// Deprecated: no.\nmodule example.com/m\n\ngo 1.24.0\n\nrequire example.com/a v1.0.0 // indirect\n\nreplace example.com/a => ../a\n\nretract [v1.0.0, v1.1.0] // bad\n");
    world.file("m/go.work", "go 1.24.0\n\nuse (\n\t.\n\t./b\n)\n\nreplace example.com/c v1.0.0 => example.com/d v1.2.0\n");
    for (kind, file, args) in [
        ("go-mod", "go.mod", &["mod", "edit", "-json"][..]),
        ("go-work", "go.work", &["work", "edit", "-json"]),
    ] {
        let ours = world.run(&["plumbing", kind, file]);
        assert_eq!(ours.status, 0, "{}", ours.stderr);
        let ours: Value = serde_json::from_str(&ours.stdout).unwrap();
        let theirs: Value = serde_json::from_str(&go(&world, args)).unwrap();
        assert_eq!(ours, theirs, "{kind}");
    }
}

#[test]
fn what_go_refuses_is_refused_with_the_line() {
    let world = World::module();
    for (kind, text, said) in [
        ("go-mod", "module example.com/m\n\nrequire example.com/a 1\n", ":3:"),
        ("go-work", "go 1.24.0\nuse\n", ":2:"),
        ("go-sum", "a b c\na b\n", ":2:"),
    ] {
        let refused = fed(&world, &["plumbing", kind, "-"], text);
        assert_eq!(refused.status, 1, "{kind}");
        assert_eq!(refused.stdout, "", "{kind}");
        assert!(refused.stderr.contains(said), "{kind}: {}", refused.stderr);
    }
    assert_eq!(world.run(&["plumbing", "go-mod", "absent"]).status, 2);
}

#[test]
fn sums_and_vendor_lists_as_json() {
    let world = World::module();
    let sum = fed(&world, &["plumbing", "go-sum", "-"], "a v1.0.0/go.mod h1:x\n");
    let sum: Value = serde_json::from_str(&sum.stdout).unwrap();
    assert_eq!(sum[0]["Path"], "a");
    assert_eq!(sum[0]["GoMod"], true);
    let vendor = "# example.com/a v1.0.0 => ../a\n## explicit; go 1.24\nexample.com/a/b\n";
    let vendor = fed(&world, &["plumbing", "vendor-modules", "-"], vendor);
    let vendor: Value = serde_json::from_str(&vendor.stdout).unwrap();
    let module = &vendor["modules"][0];
    assert_eq!((&module["Path"], &module["Explicit"]), (&json!("example.com/a"), &json!(true)));
    assert_eq!(module["Packages"], json!(["example.com/a/b"]));
}

#[test]
fn versions_and_paths_a_line_each() {
    let world = World::module();
    let input = "v1.2.0 v1.10.0\nv1.0.0 v1.0.0-rc.1\nv1.2 v1.2.0\nx v1.0.0\n";
    let all = lines(&fed(&world, &["plumbing", "semver"], input));
    let compare: Vec<_> = all.iter().map(|line| line["compare"].as_i64().unwrap()).collect();
    assert_eq!(compare, [-1, 1, 0, -1]);
    assert_eq!(all[2]["canonical"], "v1.2.0");
    assert_eq!((&all[3]["valid"], &all[3]["major"]), (&json!(false), &json!("")));
    let input = "github.com/Azure/a/v2\ngopkg.in/yaml.v3\n../x\n";
    let all = lines(&fed(&world, &["plumbing", "module-path"], input));
    assert_eq!(all[0]["escaped"], "github.com/!azure/a/v2");
    assert_eq!(all[0]["path_major"], "/v2");
    assert_eq!(all[1]["path_major"], ".v3");
    assert_eq!((&all[2]["valid"], &all[2]["escaped"]), (&json!(false), &Value::Null));
}

#[test]
fn sums_of_folders_are_those_of_go() {
    let world = World::module();
    world.file("m/d/a.go", "package a\n");
    let args = ["plumbing", "h1", "d", "--prefix", "example.com/a@v1.0.0"];
    // As `dirhash.HashDir` computes it: crates/modcache compares the two on many trees.
    assert_eq!(world.run(&args).stdout, "h1:VEUcYKYLbKBYq0eA/VEJ3mMQBzi4jjWpusjuduGJcBQ=\n");
    world.file("m/no.zip", "PK");
    let refused = world.run(&["plumbing", "h1", "no.zip"]);
    assert_eq!(refused.status, 2, "{}", refused.stdout);
    assert!(refused.stderr.contains("no.zip"), "{}", refused.stderr);
}

#[test]
fn the_build_list_is_that_of_go_list() {
    let world = World::module();
    world.file("m/a/go.mod", "module example.com/a\n\ngo 1.24.0\n");
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/a v1.0.0\n\nreplace example.com/a => ./a\n");
    let ours = world.run(&["plumbing", "build-list", "."]);
    assert_eq!(ours.status, 0, "{}", ours.stderr);
    let theirs = go(&world, &["list", "-m", "-f", "{{.Path}} {{.Version}}", "all"]);
    let theirs: Vec<_> = theirs.lines().map(str::trim_end).collect();
    assert_eq!(ours.stdout.lines().collect::<Vec<_>>(), theirs);
}

#[test]
fn notes_hold_or_they_do_not() {
    let world = World::module();
    let key = "example.com/db+849ee63d+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
    let refused = fed(&world, &["plumbing", "sumdb-note", "--key", key, "-"], "no note\n");
    assert_eq!((refused.status, refused.stdout.as_str()), (1, ""));
    assert_eq!(refused.stderr, "malformed note\n");
}

#[test]
fn dockerignore_patterns_decide_as_buildkit_does() {
    let world = World::module();
    world.file("m/.dockerignore", "# c\n /foo/bar/ \n!foo\n**/*.log\n");
    let parsed = world.run(&["plumbing", "dockerignore-parse", ".dockerignore"]);
    assert_eq!(parsed.stdout, "[\"foo/bar\",\"!foo\",\"**/*.log\"]\n");
    let paths = "foo/bar\nfoo/x\na/b.log\nfoo/\n";
    let args = ["plumbing", "dockerignore-match", "--file", ".dockerignore"];
    let all = lines(&fed(&world, &args, paths));
    let ignored: Vec<_> = all.iter().map(|line| line["ignored"].as_bool().unwrap()).collect();
    assert_eq!(ignored, [true, false, true, false]);
    assert_eq!(all[0]["pattern"], "foo/bar");
    world.file("m/.dockerignore", "[\n");
    assert_eq!(fed(&world, &args, "a\n").status, 2);
}

#[test]
fn the_build_context_is_shown_and_judged() {
    let world = World::module();
    world.file("m/Dockerfile", "FROM scratch\nCOPY . /src\n");
    world.file("m/.env", "DB_PASSWORD=x\n").file("m/main.go", "package main\n");
    let leaks = world.run(&["context", "leaks"]);
    assert_eq!(leaks.status, 1, "{}", leaks.stderr);
    assert!(leaks.stdout.contains(".env"), "{}", leaks.stdout);
    let suggested = world.run(&["context", "suggest"]);
    assert_eq!(suggested.stdout, ".env\n");
    world.file("m/.dockerignore", &suggested.stdout);
    assert_eq!(world.run(&["context", "leaks"]).status, 0);
    let listed = world.run(&["context", "ls"]);
    assert_eq!(
        listed.stdout.lines().collect::<Vec<_>>(),
        [".dockerignore", "Dockerfile", "go.mod", "main.go"]
    );
    let why = world.run(&["context", "why", ".env"]);
    assert!(
        why.stdout.contains("is not sent") && why.stdout.contains(".dockerignore:1"),
        "{}",
        why.stdout
    );
    let size = world.run(&["context", "size", "--lang", "zh"]);
    assert!(size.stdout.contains("发送"), "{}", size.stdout);
    assert_eq!(world.run(&["context", "ls", "absent"]).status, 2);
    assert_eq!(world.run(&["context", "ls", "-f", "absent"]).status, 2);
}

#[test]
fn new_modules_are_named_since_a_revision() {
    let world = World::module();
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=t", "-c", "user.email=t@example.com"]).args(args);
        let output = command.current_dir(world.root()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n\ntoolchain go1.24.1\n\nrequire example.com/new v1.0.0\n");
    let checked = world.check(&["--only", "module-new", "--since", "HEAD"]);
    assert_eq!(checked.verdict("module-new"), "fail");
    assert!(checked.error("module-new").contains("example.com/new is new since HEAD"));
    let checked = world.check(&["--only", "module-new", "--since", "no-such-revision"]);
    assert_eq!(checked.verdict("module-new"), "inconclusive");
}

/// The module cache of whoever runs the tests, with the modules of a folder in it.
fn downloaded(dir: &std::path::Path) -> String {
    let run = |args: &[&str]| {
        let mut command = Command::new("go");
        command.args(args).current_dir(dir).env("GOTOOLCHAIN", "local");
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["mod", "download"]);
    run(&["env", "GOMODCACHE"]).trim_end().to_owned()
}

/// Whether go-sum-complete or go-sum-direct miss a line that the build needs, and the report.
fn misses(world: &World, dir: &std::path::Path, cache: &str) -> (bool, Value) {
    let only =
        ["check", "--no-history", "--format", "json", "--only", "go-sum-complete,go-sum-direct"];
    let mut command = world.command(&only);
    command.current_dir(dir).env("GOMODCACHE", cache).env("GOTOOLCHAIN", "local");
    let report: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let outcomes = report["outcomes"].as_array().unwrap().iter();
    let mut errors = outcomes.map(|outcome| outcome["error"].as_str().unwrap());
    // What only `go list -m all` reads is named as such.
    let misses =
        errors.any(|error| !error.is_empty() && !error.contains("this build does not read"));
    (misses, report)
}

#[test]
fn a_line_of_go_sum_is_missed_exactly_where_go_misses_it() {
    let world = World::module();
    let example = crate::world::repository().join("examples/payments");
    let dir = world.path("pay");
    assert!(Command::new("cp").arg("-r").arg(example).arg(&dir).status().unwrap().success());
    let cache = downloaded(&dir);
    let all = std::fs::read_to_string(dir.join("go.sum")).unwrap();
    let lines: Vec<&str> = all.split_inclusive('\n').collect();
    let mut needed = 0;
    // Every fifth: all 82 of them take a minute.
    for left_out in (0..lines.len()).step_by(5) {
        let (before, after) = lines.split_at(left_out);
        std::fs::write(dir.join("go.sum"), [before, &after[1..]].concat().concat()).unwrap();
        let mut go = Command::new("go");
        go.args(["list", "-deps", "-test", "./..."]).current_dir(&dir).env("GOPROXY", "off");
        go.env("GOFLAGS", "-mod=readonly").env("GOTOOLCHAIN", "local");
        let go_refuses = !go.output().unwrap().status.success();
        let (misses, report) = misses(&world, &dir, &cache);
        assert_eq!(misses, go_refuses, "{}: {report}", lines[left_out]);
        needed += usize::from(go_refuses);
    }
    assert!(needed > 5, "Go needed {needed} lines only");
}
