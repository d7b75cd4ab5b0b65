//! `goward repro`: its builds take nothing from elsewhere, whatever the environment names.

use crate::recipe::{MAIN, causes};
use crate::world::{Ran, World, ran};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

/// Runs `goward repro`, with JSON.
fn repro(world: &World, args: &[&str], set: &dyn Fn(&mut Command)) -> (Ran, Value) {
    let mut all = vec!["repro", "--no-history", "--format", "json"];
    all.extend(args);
    let mut command = world.command(&all);
    command.env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "local");
    set(&mut command);
    let ran = ran(command.output().unwrap());
    let report = serde_json::from_str(&ran.stdout).unwrap_or_default();
    (ran, report)
}

fn script(world: &World, path: &str, text: &str) -> String {
    world.file(path, format!("#!/bin/sh\n{text}\n"));
    let path = world.path(path);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

#[test]
fn caches_workspaces_and_folders_that_the_environment_names_are_left_alone() {
    let world = World::module();
    world.file("m/main.go", MAIN).file("m/release.work", "go 1.24.0\n\nuse .\n");
    let cache =
        script(&world, "cache", &format!("touch {}; exit 1", world.path("asked").display()));
    world.file("go-env", format!("GOFLAGS=-buildvcs=false\nGOCACHEPROG={cache}\n"));
    world.file("tmp/of-go/keep", "");
    let words = world.path("words").display().to_string();
    let tool = script(&world, "tool", &format!("echo \"$@\" >> {words}; exec \"$@\""));
    // Named by its path, go finds the package through go.work, wherever that is.
    let (ran, report) = repro(
        &world,
        &["--vary", "dir", "example.com/m", "--", &format!("-toolexec={tool}")],
        &|go| {
            go.env("GOCACHEPROG", &cache).env("GOENV", world.path("go-env"));
            go.env("GOWORK", world.path("m/release.work"));
            go.env("GOTMPDIR", world.path("tmp/of-go"));
        },
    );
    assert_eq!(ran.status, 1, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(causes(&report), ["build-path"], "the copies were built, not the work tree");
    assert!(!world.path("asked").exists(), "the cache program was asked");
    let words = std::fs::read_to_string(words).unwrap();
    assert!(!words.contains("of-go"), "{words}");
    assert!(!words.contains(world.root().to_str().unwrap()), "the work tree was read: {words}");
}

#[test]
fn a_package_that_is_no_program_is_named_as_it_was_asked_for() {
    let world = World::module();
    world.file("m/lib/lib.go", "package lib\n");
    let path = world.path("m/lib").display().to_string();
    for (package, status, said) in [
        ("./lib", 3, "go build ./lib makes an archive and no program"),
        // By its path it is that of the copy.
        (&path, 3, "makes an archive and no program"),
        ("./absent", 3, "<first>/absent: directory not found"),
    ] {
        let (ran, report) = repro(&world, &[package], &|_| {});
        assert_eq!(ran.status, status, "{package}: {}{}", ran.stdout, ran.stderr);
        let error = report["outcomes"][0]["error"].as_str().unwrap();
        assert!(error.contains(said) && !error.contains("goward-repro-"), "{package}: {error}");
    }
    for flag in ["-C=/tmp", "-n", "-o=x"] {
        let (ran, _) = repro(&world, &["--", flag], &|_| {});
        assert_eq!(ran.status, 2, "{flag}: {}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn modules_that_nobody_could_verify_are_not_taken_for_verified() {
    let world = World::module();
    world.file("m/main.go", MAIN);
    let path = std::env::var("PATH").unwrap();
    let go = "case \"$1 $2\" in 'mod verify') echo 'go: nobody is there' >&2; exit 1;; esac";
    let of_path = format!("PATH='{path}' exec go \"$@\"");
    script(&world, "bin/go", &format!("{go}\n{of_path}"));
    let (ran, report) = repro(&world, &["--vary", "none", "--", "-trimpath"], &|command| {
        command.env("PATH", format!("{}:{path}", world.path("bin").display()));
    });
    assert_eq!(ran.status, 3, "{}{}", ran.stdout, ran.stderr);
    let error = report["outcomes"][0]["error"].as_str().unwrap();
    assert!(error.contains("go mod verify: go: nobody is there"), "{error}");
}

#[test]
fn a_workspace_that_is_not_committed_is_not_built_with() {
    let world = World::module();
    world.file("m/main.go", "package main\n\nfunc main() { undefined() }\n");
    world.file("m/go.work", "go 1.24.0\n\nuse .\n").file("m/.gitignore", "go.work\n");
    let git = |args: &[&str]| {
        let who = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let mut git = Command::new("git");
        git.args(who).args(args).current_dir(world.root());
        assert!(git.output().unwrap().status.success(), "git {args:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "all"]);
    // It comes as far as the compiler, and no go.work is missed.
    let (ran, report) = repro(&world, &["--source", "git"], &|_| {});
    assert_eq!(ran.status, 3, "{}{}", ran.stdout, ran.stderr);
    let error = report["outcomes"][0]["error"].as_str().unwrap();
    assert!(error.contains("undefined"), "{error}");
}

#[test]
fn an_overlay_is_of_the_copies_and_the_go_command_is_the_one_that_is_named() {
    let world = World::module();
    world
        .file("m/main.go", MAIN)
        .file("m/gen/main.txt", "package main\n\nfunc main() { overlaid() }\n");
    let place = |path: &str| world.path(path).display().to_string();
    let replace = serde_json::json!({ place("m/main.go"): place("m/gen/main.txt") });
    let overlay = serde_json::json!({ "Replace": replace });
    world.file("overlay.json", overlay.to_string());
    // It comes as far as the compiler, with what the overlay has.
    let flag = format!("-overlay={}", place("overlay.json"));
    for (args, goflags) in [(&["--", &flag][..], ""), (&[], flag.as_str())] {
        let (ran, report) = repro(&world, args, &|go| {
            go.env("GOFLAGS", goflags);
        });
        assert_eq!(ran.status, 3, "{goflags}: {}{}", ran.stdout, ran.stderr);
        let error = report["outcomes"][0]["error"].as_str().unwrap();
        assert!(error.contains("undefined: overlaid"), "{goflags}: {error}");
    }
    world.file("broken.json", "{");
    let (ran, _) = repro(&world, &["--", "-overlay=../broken.json"], &|_| {});
    assert!(ran.status == 2 && ran.stderr.contains("-overlay=../broken.json"), "{}", ran.stderr);

    // Also by a path from where the user stands.
    script(&world, "m/mine", "[ \"$1\" != build ] || { echo mine >&2; exit 1; }; exec go \"$@\"");
    let (ran, report) = repro(&world, &[], &|go| {
        go.env("GOWARD_GO", "./mine");
    });
    assert_eq!(ran.status, 3, "{}{}", ran.stdout, ran.stderr);
    let error = report["outcomes"][0]["error"].as_str().unwrap();
    assert!(error.ends_with("mine"), "{error}");
}
