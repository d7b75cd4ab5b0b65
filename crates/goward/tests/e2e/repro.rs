//! `goward repro`: what it refuses, reports, builds, proves and leaves behind.

use crate::recipe::{MAIN, build, causes, plain};
use crate::world::{World, ran};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::process::Command;

#[test]
fn what_cannot_be_compared_is_said() {
    let world = World::module();
    let whole = build(&world, "whole", &plain());
    let bytes = std::fs::read(&whole).unwrap();
    world.file("m/cut", &bytes[..bytes.len() / 3]).file("m/head", &bytes[..100]);
    world.file("m/text", "text").file("m/empty", "");
    let damaged: Vec<u8> = bytes
        .iter()
        .enumerate()
        .map(|(at, byte)| if at % 997 == 0 { !byte } else { *byte })
        .collect();
    world.file("m/damaged", [&bytes[..64], &damaged[64..]].concat());
    let ran = Command::new("mkfifo").arg(world.path("m/fifo")).status().unwrap();
    assert!(ran.success());
    let whole = whole.to_str().unwrap();
    for (other, status) in [
        (whole, 0),
        ("text", 2),
        ("empty", 2),
        ("head", 2),
        ("fifo", 2),
        ("absent", 2),
        (".", 2),
        ("damaged", 1),
        ("/bin/true", 2),
    ] {
        for pair in [[whole, other], [other, whole]] {
            let ran = world.run(&[&["repro", "--no-history", "--compare"][..], &pair].concat());
            assert_eq!(ran.status, status, "{other}: {}{}", ran.stdout, ran.stderr);
            if status == 2 {
                let name = if other == "." { "." } else { other };
                assert!(ran.stderr.contains(name), "{other}: {}", ran.stderr);
            }
        }
    }
    // Cut off behind the headers: refused by its name, or compared as far as it goes; never the same.
    let ran = world.run(&["repro", "--no-history", "--compare", whole, "cut"]);
    assert!([1, 2].contains(&ran.status), "{}{}", ran.stdout, ran.stderr);
    for wrong in [
        &["repro", "--compare", whole][..],
        &["repro", "--compare", whole, whole, "--prove"],
        &["repro", "--", "-o", "x"],
    ] {
        assert_eq!(world.run(wrong).status, 2);
    }
}

#[test]
fn a_comparison_makes_reports_in_both_languages_and_is_kept() {
    let world = World::module();
    let a = build(&world, "a", &plain());
    let b = build(&world, "b", &plain().flag("-ldflags=-X main.version=2026-01-01"));
    let (a, b) = (a.to_str().unwrap(), b.to_str().unwrap());
    let all = ["repro", "--compare", a, b, "--output", "r.sarif", "--output", "r.md"];
    let ran = world.run(&all);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    for word in [
        "sha256 ",
        "repro.ldflags-x",
        "main.version: \"dev\" → \"2026-01-01\" (date)",
        "nothing is left unexplained",
    ] {
        assert!(ran.stdout.contains(word), "{word}: {}", ran.stdout);
    }
    let chinese = world.run(&["repro", "--compare", a, b, "--lang", "zh", "--no-history"]);
    assert!(chinese.stdout.contains("-X 设置的值不同"), "{}", chinese.stdout);
    let sarif: Value =
        serde_json::from_slice(&std::fs::read(world.path("m/r.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "repro.ldflags-x");
    assert!(world.run(&["history"]).stdout.contains("/b"));
}

#[test]
fn two_builds_in_isolation_are_compared_and_the_cause_is_proved() {
    let world = World::module();
    world.file("m/main.go", MAIN).file("m/lib/x.txt", "x");
    let before: Vec<_> =
        std::fs::read_dir(world.root()).unwrap().map(|it| it.unwrap().file_name()).collect();
    let tmp = world.path("tmp");
    std::fs::create_dir_all(&tmp).unwrap();
    let run = |args: &[&str]| {
        let mut all = vec!["repro", "--no-history", "--format", "json"];
        all.extend(args);
        let mut command = world.command(&all);
        command.env("TMPDIR", &tmp).env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "local");
        let ran = ran(command.output().unwrap());
        let value: Value = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|err| panic!("{err}: {}{}", ran.stdout, ran.stderr));
        assert_eq!(std::fs::read_dir(&tmp).unwrap().count(), 0, "something is left behind");
        (ran.status, value)
    };
    let (status, report) = run(&["--prove"]);
    assert_eq!((status, causes(&report)), (1, vec!["build-path".to_owned()]), "{report}");
    let proof = &report["repro"]["proofs"][0];
    assert_eq!((&proof["knob"], &proof["same"]), (&"-trimpath".into(), &true.into()));
    let (status, report) = run(&["--classic", "--keep", "kept", "--", "-trimpath"]);
    assert_eq!(status, 0, "{report}");
    assert_eq!(report["repro"]["sha256"][0], report["repro"]["sha256"][1]);
    let kept = std::fs::read(world.path("m/kept/a")).unwrap();
    assert!(kept == std::fs::read(world.path("m/kept/b")).unwrap());
    let mode = std::fs::metadata(world.path("m/kept/a")).unwrap().permissions();
    assert_ne!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o111, 0, "a program can be run");
    std::fs::remove_dir_all(world.path("m/kept")).unwrap();
    let after: Vec<_> =
        std::fs::read_dir(world.root()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(before.len(), after.len(), "the work tree is not touched");
    // What cannot be built is not known to be the same.
    world.file("m/main.go", "package main\n\nfunc main() { undefined() }\n");
    let (status, report) = run(&[]);
    assert_eq!(status, 3, "{report}");
    assert!(report["outcomes"][0]["error"].as_str().unwrap().contains("undefined"), "{report}");
}

#[test]
fn an_interrupted_run_leaves_nothing_behind() {
    let world = World::module();
    world.file("m/main.go", MAIN);
    // In the tree itself: the copy must not copy itself.
    let tmp = world.path("m/tmp");
    std::fs::create_dir_all(&tmp).unwrap();
    let mut command = world.command(&["repro", "--no-history"]);
    command.env("TMPDIR", &tmp).env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "local");
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert!(line.contains("first build"), "{line}");
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(std::fs::read_dir(&tmp).unwrap().count(), 0, "something is left behind");
}

#[test]
fn a_generator_that_takes_the_time_is_found() {
    let world = World::module();
    world.file("m/main.go", "package main\n\n//go:generate sh -c \"printf 'package main\\n\\nconst built = \\\"%s\\\"\\n' $TZ-$(date +%s%N) > gen.go\"\n\nfunc main() { println(built) }\n");
    let mut command = world.command(&[
        "repro",
        "--no-history",
        "--format",
        "json",
        "--generate",
        "--vary",
        "zone",
        "--",
        "-trimpath",
    ]);
    command.env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "local");
    let ran = ran(command.output().unwrap());
    let report: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|err| panic!("{err}: {}", ran.stderr));
    assert_eq!((ran.status, causes(&report)), (1, vec!["constant".to_owned()]), "{report}");
    assert!(!world.path("m/gen.go").exists());
}

#[test]
fn the_documentation_names_every_cause() {
    let text = std::fs::read_to_string(crate::world::repository().join("docs/repro.md")).unwrap();
    for cause in gorepro::CAUSES {
        assert!(
            text.contains(&format!("`{}`", cause.id)) && text.contains(cause.title[0]),
            "{}",
            cause.id
        );
    }
    let world = World::module();
    let page = world.run(&["explain", "repro.build-path"]);
    assert!(page.status == 0 && page.stdout.contains("-trimpath"), "{}", page.stdout);
}
