//! `goward inspect`: a program against what it must serve.

use crate::world::{World, ran};
use std::process::Command;

/// A program of the runtime alone, linked with these flags.
fn program(world: &World, name: &str, flags: &[&str]) {
    world.file("m/main.go", "package main\n\nfunc main() { println(1) }\n");
    let cache = Command::new("go").args(["env", "GOCACHE"]).output().unwrap();
    let mut command = Command::new("go");
    command.args(["build", "-o", name]).args(flags).arg(".").current_dir(world.root());
    command
        .env("GOCACHE", String::from_utf8(cache.stdout).unwrap().trim())
        .env("GOTOOLCHAIN", "local");
    command.env("GOFLAGS", "-buildvcs=false").env("CGO_ENABLED", "0");
    let output = ran(command.output().unwrap());
    assert_eq!(output.status, 0, "{}", output.stderr);
}

#[test]
fn a_program_is_judged_by_what_it_must_serve() {
    let world = World::module();
    program(&world, "whole", &[]);
    program(&world, "small", &["-ldflags=-s -w"]);
    for (args, status) in [
        (&["whole"][..], 0),
        (&["whole", "--need", "perf", "--need", "debug"], 0),
        (&["small"], 1),
        (&["small", "--need", "perf"], 1),
        (&["small", "--need", "trace"], 0),
        (&["whole", "small"], 1),
        (&["go.mod"], 2),
        (&["absent"], 2),
        (&["whole", "--min-percent", "101"], 2),
        (&["/bin/true"], 3),
    ] {
        let mut all = vec!["inspect"];
        all.extend(args);
        let ran = world.run(&all);
        assert_eq!(ran.status, status, "{args:?}: {}{}", ran.stdout, ran.stderr);
    }
    let small = world.run(&["inspect", "small"]);
    assert!(
        small.stdout.contains("none of") && small.stdout.contains("built with -ldflags=-s"),
        "{}",
        small.stdout
    );
    let chinese = world.run(&["inspect", "small", "--lang", "zh"]);
    assert!(chinese.stdout.contains("构建时使用了 -ldflags=-s"), "{}", chinese.stdout);
}

#[test]
fn it_makes_reports_and_is_kept() {
    let world = World::module();
    program(&world, "small", &["-ldflags=-s"]);
    let ran = world.run(&["inspect", "small", "--format", "json", "--output", "r.sarif"]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let outcomes = report["outcomes"].as_array().unwrap();
    let of = |id: &str| outcomes.iter().find(|outcome| outcome["check"] == id).unwrap();
    assert_eq!(of("function-names")["verdict"], "pass");
    assert_eq!(of("symbol-table")["verdict"], "skip");
    assert_eq!(
        (&of("debug-lines")["verdict"], &of("debug-lines")["critical_threshold"]),
        (&"fail".into(), &95.0.into())
    );
    assert!(world.path("m/r.sarif").exists());
    assert!(world.run(&["history"]).stdout.contains("/small"));
    let line = world.run(&["plumbing", "artifact", "small"]);
    let artifact: serde_json::Value = serde_json::from_str(&line.stdout).unwrap();
    assert_eq!((&artifact["format"], &artifact["arch"]), (&"elf".into(), &"amd64".into()));
    assert_eq!(artifact["levels"][1]["reason"], "linker-flag-s");
    assert_eq!(world.run(&["plumbing", "artifact", "go.mod"]).status, 1);
}
