//! The user's own build.

use crate::world::{Ran, World, ran};
use crate::{command, left, report};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Every file below a folder, with its content and the time of its last change.
fn snapshot(dir: &Path, into: &mut BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let (path, meta) = (entry.path(), entry.metadata().unwrap());
        if meta.is_dir() {
            snapshot(&path, into);
        }
        let bytes = if meta.is_file() { std::fs::read(&path).unwrap() } else { vec![] };
        into.insert(path, (bytes, meta.modified().unwrap()));
    }
}

/// A program that needs a module, built once: both caches are warm.
fn program() -> World {
    let world = World::module();
    let dep = "proxy/example.com/dep/@v";
    world.file(&format!("{dep}/v1.0.0.info"), "{\"Version\":\"v1.0.0\"}");
    world.file(&format!("{dep}/v1.0.0.mod"), "module example.com/dep\n");
    world.file(&format!("{dep}/list"), "v1.0.0\n");
    let mut archive = rawzip::ZipArchiveWriter::new(vec![]);
    for (name, text) in
        [("go.mod", "module example.com/dep\n"), ("dep.go", "package dep\n\nvar X = 1\n")]
    {
        let name = format!("example.com/dep@v1.0.0/{name}");
        let (mut entry, config) = archive.new_file(name).start().unwrap();
        let mut data = config.wrap(&mut entry);
        data.write_all(text.as_bytes()).unwrap();
        let (_, descriptor) = data.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    world.file(&format!("{dep}/v1.0.0.zip"), archive.finish().unwrap());
    world.file("m/go.mod", "module example.com/m\n\ngo 1.21\n\nrequire example.com/dep v1.0.0\n");
    world.file(
        "m/main.go",
        "package main\n\nimport \"example.com/dep\"\n\nfunc main() { println(dep.X) }\n",
    );
    let ran = go(&world, &["build", "-mod=mod", "-trimpath", "-o", "../plain", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    world
}

fn with_caches(mut command: Command, world: &World) -> Command {
    command.env("GOCACHE", world.path("gocache")).env("GOMODCACHE", world.path("gomodcache"));
    command.env("GOPROXY", format!("file://{}", world.path("proxy").display()));
    command.env("GOSUMDB", "off").env("GOFLAGS", "-buildvcs=false").env("GOTOOLCHAIN", "local");
    command
}

fn go(world: &World, args: &[&str]) -> Ran {
    let mut command = Command::new("go");
    command.args(args).current_dir(world.root()).env_clear().stdin(Stdio::null());
    command.env("HOME", world.path("home")).env("PATH", std::env::var_os("PATH").unwrap());
    ran(with_caches(command, world).output().unwrap())
}

/// `goward chaos run … -- go build …` in the program's folder, with the user's caches in the environment.
fn break_program(world: &World, args: &[&str]) -> Ran {
    let command = command(world, &[&["run"], args].concat());
    ran(with_caches(command, world).output().unwrap())
}

#[test]
fn the_users_caches_and_folder_are_the_same_before_and_after() {
    let world = program();
    let look = || {
        let mut seen = BTreeMap::new();
        // Go counts its runs below the user's settings.
        for dir in ["gocache", "gomodcache", "m", "home"] {
            snapshot(&world.path(dir), &mut seen);
        }
        seen
    };
    let before = look();
    assert!(before.len() > 50, "{}", before.len());
    let ran = break_program(
        &world,
        &[
            "compile-killed",
            "link-killed",
            "resolve-500",
            "resolve-tampered-mod",
            "resolve-corrupt-zip",
            "cache-read-only",
            "env-file-limit",
            "list-proxy-off",
            "--",
            "go",
            "build",
            "./...",
        ],
    );
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    let after = look();
    let changed: Vec<_> = before
        .keys()
        .chain(after.keys())
        .filter(|path| before.get(*path) != after.get(*path))
        .collect();
    assert!(changed.is_empty(), "{changed:#?}");
    assert!(left(&world).is_empty());
}

#[test]
fn a_shim_that_does_not_strike_changes_nothing_and_another_toolexec_is_kept() {
    let world = program();
    world.file("m/log.sh", "#!/bin/sh\necho \"$1\" >> \"$LOG\"\nexec \"$@\"\n");
    let script = world.path("m/log.sh");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = |scenario: &str, probability: &str| {
        let toolexec = format!("-toolexec={}", script.display());
        let args = [
            scenario,
            "--probability",
            probability,
            "--format",
            "json",
            "--",
            "go",
            "build",
            &toolexec,
            "-trimpath",
            "-o",
            "../struck",
            ".",
        ];
        let mut command = with_caches(command(&world, &[&["run"], &args[..]].concat()), &world);
        command.env("LOG", world.path("log"));
        ran(command.output().unwrap())
    };
    let fine = run("compile-exit", "0");
    assert_eq!(fine.status, 3, "{}", fine.stderr);
    let report = report(&fine);
    let attempt = &report["chaos"]["scenarios"][0]["runs"][0]["attempts"][0];
    assert_eq!(
        (attempt["succeeded"].as_bool(), attempt["strikes"].as_u64()),
        (Some(true), Some(0))
    );
    assert_eq!(report["chaos"]["score"]["without_retries"], 1.0);
    let read = |path: &str| std::fs::read(world.path(path)).unwrap();
    assert!(read("struck") == read("plain"), "the shim changed the program");
    let log = String::from_utf8(read("log")).unwrap();
    assert!(log.contains("/compile\n") && log.contains("/link\n"), "{log}");
    assert_eq!(run("compile-killed", "1").status, 0);
}

#[test]
fn what_cannot_be_run_is_skipped_and_strict_says_so() {
    let world = program();
    let run = |more: &[&str]| {
        let args =
            [&["link-overflow"], more, &["--format", "json", "--", "go", "build", "."]].concat();
        break_program(&world, &args)
    };
    let lenient = run(&[]);
    assert_eq!(lenient.status, 0);
    assert_eq!(report(&lenient)["outcomes"][0]["verdict"], "skip");
    assert_eq!(run(&["--strict"]).status, 3);
}

/// What cannot strike is skipped, at once where go.mod tells it, else after one build.
#[test]
fn a_build_that_fetches_nothing_misses_no_proxy() {
    let world = World::module();
    world.file("m/go.mod", "module example.com/m\n\ngo 1.21\n");
    world.file("m/a.go", "package a\n");
    let args = ["--stage", "resolve", "--format", "json", "--", "build", "."];
    let alone = break_program(&world, &args);
    assert_eq!(alone.status, 0, "{}", alone.stdout);
    let vendored = World::module();
    vendored
        .file("m/go.mod", "module example.com/m\n\ngo 1.21\n\nrequire example.com/dep v1.0.0\n");
    vendored.file("m/a.go", "package a\n\nimport _ \"example.com/dep\"\n");
    vendored.file("m/vendor/example.com/dep/dep.go", "package dep\n");
    let list = "# example.com/dep v1.0.0\n## explicit\nexample.com/dep\n";
    vendored.file("m/vendor/modules.txt", list);
    let args = ["list-proxy-off", "resolve-404", "resolve-refused", "--format", "json"];
    let vendored = break_program(&vendored, &[&args[..], &["--", "go", "build", "."]].concat());
    assert_eq!(vendored.status, 0, "{}", vendored.stdout);
    for ran in [alone, vendored] {
        let report = report(&ran);
        for outcome in report["outcomes"].as_array().unwrap() {
            assert_eq!(outcome["verdict"], "skip", "{outcome}");
        }
    }
}

/// `go env -w GOCACHEPROG=…` would put what a broken tool wrote into everybody's cache.
#[test]
fn a_program_that_stands_in_for_the_cache_is_not_asked() {
    let world = program();
    world.file("cacheprog", "#!/bin/sh\ntouch \"$0.asked\"\n");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(world.path("cacheprog"), mode).unwrap();
    let program = world.path("cacheprog");
    world.file("goenv", format!("GOCACHEPROG={}\n", program.display()));
    let args = ["run", "compile-killed", "--", "go", "build", "."];
    let mut command = with_caches(command(&world, &args), &world);
    let ran = ran(command.env("GOENV", world.path("goenv")).output().unwrap());
    assert_eq!(ran.status, 0, "{}", ran.stdout);
    assert!(!world.path("cacheprog.asked").exists());
}

#[test]
fn what_fails_before_the_fault_proves_nothing() {
    let world = program();
    world.file("m/main.go", "package main\n\nfunc main() { undefined() }\n");
    let ran = break_program(&world, &["link-killed", "--format", "json", "--", "go", "build", "."]);
    assert_eq!(ran.status, 3, "{}", ran.stdout);
    let why = report(&ran)["outcomes"][0]["reason"]["en"].as_str().unwrap().to_owned();
    assert!(why.contains("failed before the fault struck: source.undefined"), "{why}");
}
