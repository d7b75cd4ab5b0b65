//! Universal Mach-O files: each processor's program is judged, named, and held against that of the same processor.

use crate::snapshot::build;
use crate::world::World;
use serde_json::Value;

/// What `lipo -create` makes, in this order.
fn universal(world: &World, programs: &[&str], output: &str) {
    const PAGE: usize = 0x4000;
    let programs: Vec<Vec<u8>> = programs
        .iter()
        .map(|name| std::fs::read(world.path(&format!("m/{name}"))).unwrap())
        .collect();
    let mut header = 0xcafe_babe_u32.to_be_bytes().to_vec();
    header.extend((programs.len() as u32).to_be_bytes());
    let mut body = vec![];
    for program in &programs {
        body.resize(body.len().next_multiple_of(PAGE), 0);
        let place = (PAGE + body.len()) as u32;
        for at in [4, 8] {
            // Processor and its kind: little-endian in the program, big-endian here.
            header.extend(program[at..at + 4].iter().rev());
        }
        for word in [place, program.len() as u32, 14] {
            header.extend(word.to_be_bytes());
        }
        body.extend(program);
    }
    header.resize(PAGE, 0);
    header.extend(body);
    world.file(&format!("m/{output}"), header);
}

fn programs() -> World {
    let world = World::module();
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24\n");
    world.file("m/main.go", "package main\n\nfunc main() { println(1) }\n");
    for arch in ["amd64", "arm64"] {
        let settings = [("CGO_ENABLED", "0"), ("GOOS", "darwin"), ("GOARCH", arch)];
        build(&world, "m", &format!("m/{arch}"), &[], &settings);
        build(&world, "m", &format!("m/{arch}-w"), &["-ldflags=-w"], &settings);
    }
    universal(&world, &["amd64", "arm64"], "one");
    universal(&world, &["arm64", "amd64"], "turned");
    universal(&world, &["amd64-w", "arm64-w"], "without");
    universal(&world, &["amd64", "arm64-w"], "half");
    world
}

#[test]
fn each_program_is_named_and_held_against_its_own_kind() {
    let world = programs();
    let run = |args: &[&str]| world.run(&[args, &["--no-history"]].concat());
    let closed = run(&["inspect", "half"]);
    assert_eq!(closed.status, 1, "{}", closed.stdout);
    assert!(closed.stdout.contains("arm64: none of"), "{}", closed.stdout);
    assert!(!closed.stdout.contains("amd64: none of"), "{}", closed.stdout);
    // What both lack are two findings.
    let ran = run(&["inspect", "without", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let outcomes = report["outcomes"].as_array().unwrap();
    let of = |group: &str| {
        let found = outcomes.iter().find(|it| it["check"] == "debug-lines" && it["group"] == group);
        found.unwrap_or_else(|| panic!("{group}: {outcomes:?}"))["findings"][0]["fingerprint"]
            .clone()
    };
    assert_ne!(of("artifact amd64"), of("artifact arm64"));
    let archs: Vec<_> =
        report["artifacts"].as_array().unwrap().iter().map(|it| it["arch"].clone()).collect();
    assert_eq!(archs, ["amd64", "arm64"]);

    // Documents are of all that is in the file.
    let written = run(&["inspect", "one", "--sbom", "s.json", "--provenance", "p.json"]);
    assert_eq!(written.status, 0, "{}", written.stderr);
    let of = |file: &str| -> Value {
        serde_json::from_slice(&std::fs::read(world.path(file)).unwrap()).unwrap()
    };
    let parameters = &of("m/p.json")["predicate"]["buildDefinition"]["externalParameters"];
    assert_eq!(parameters["settings"]["GOARCH"], "amd64, arm64");
    let sbom = of("m/s.json").to_string();
    assert!(sbom.contains("\"GOARM64\"") || sbom.contains("build:GOARM64"), "{sbom}");

    // The order is the tool's that put them together.
    let grown = run(&["inspect", "turned", "--against", "one", "--format", "json"]);
    let report: Value = serde_json::from_str(&grown.stdout).unwrap();
    for artifact in report["artifacts"].as_array().unwrap() {
        assert_eq!(artifact["sizes"]["arch"], artifact["arch"]);
        assert_eq!(artifact["sizes"]["packages"], artifact["sizes_before"]["packages"]);
    }
    let same = run(&["repro", "--compare", "one", "turned"]);
    assert!(
        same.status == 1 && same.stdout.contains("around the programs, which are the same"),
        "{}{}",
        same.stdout,
        same.stderr
    );
    let other = run(&["repro", "--compare", "without", "turned", "--format", "json"]);
    let report: Value = serde_json::from_str(&other.stdout).unwrap();
    let causes = report["outcomes"].to_string();
    assert!(!causes.contains("repro.platform"), "{causes}");
}

#[test]
fn two_universal_files_differ_in_all_of_their_programs() {
    let world = programs();
    let diff = |a: &str, b: &str| world.run(&["diff", "--no-history", a, b]);
    // The order is the tool's that put them together.
    let same = diff("one", "turned");
    assert_eq!(same.status, 0, "{}", same.stdout);
    assert!(same.stdout.contains("no difference"), "{}", same.stdout);
    assert_eq!(same.stdout.matches("darwin/amd64, arm64").count(), 2, "{}", same.stdout);

    let half = diff("one", "half");
    assert!(half.stdout.contains("arm64: -ldflags"), "{}", half.stdout);
    assert!(!half.stdout.contains("amd64: "), "{}", half.stdout);
    // What is so in both is of none.
    let both = diff("one", "without");
    assert!(both.stdout.contains("  -ldflags  none → -w"), "{}", both.stdout);

    // Where B has no program it does not start; where A has none there is nothing to compare with.
    let less = diff("turned", "amd64");
    assert_eq!(less.status, 1, "{}", less.stdout);
    assert!(less.stdout.contains("platform              GOARCH  arm64 → none"), "{}", less.stdout);
    let more = diff("arm64", "one");
    assert_eq!(more.status, 3, "{}", more.stdout);
    assert!(more.stdout.contains("B has a program for amd64"), "{}", more.stdout);
    assert!(!more.stdout.contains("extreme\n"), "{}", more.stdout);

    // A snapshot is of one of them, and says so.
    world.run(&["snapshot", "one", "-w", "one.json"]);
    for (a, b) in [("one.json", "turned"), ("one", "one.json")] {
        let ran = diff(a, b);
        assert_eq!(ran.status, 3, "{a} {b}: {}", ran.stdout);
        assert!(ran.stdout.contains("only one program was looked at"), "{a} {b}: {}", ran.stdout);
    }
}
