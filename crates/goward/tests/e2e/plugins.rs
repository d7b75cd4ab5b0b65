//! What `goward diff` says of a host and a plugin, held against what `plugin.Open` does with them.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use crate::world::{Ran, World, ran};
use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;

const COMMON: &str = "package common\n\ntype Request struct {\n\tID   int\n\tName string\n}\n\nfunc New() *Request { return &Request{ID: 1, Name: \"x\"} }\n";
const HOST: &str = r#"package main

import (
	"example.com/p/common"
	"fmt"
	"os"
	"plugin"
)

func main() {
	request := common.New()
	opened, err := plugin.Open(os.Args[1])
	if err != nil {
		fmt.Println("REFUSED", err)
		os.Exit(7)
	}
	symbol, err := opened.Lookup("Serve")
	if err != nil {
		fmt.Println("LOOKUP", err)
		os.Exit(8)
	}
	fmt.Println("OPENED", symbol.(func(*common.Request) string)(request))
}
"#;
const PLUGIN: &str = "package main\n\nimport (\n\t\"example.com/p/common\"\n\t\"fmt\"\n)\n\nfunc Serve(r *common.Request) string { return fmt.Sprint(r.ID, r.Name) }\n\nfunc main() {}\n";

/// What `plugin.Open` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    /// The plugin is loaded and answers.
    Accepts,
    /// It returns an error.
    Refuses,
    /// The host's process ends in it.
    Kills,
}

/// How a plugin is built.
struct Case {
    name: &'static str,
    toolchain: &'static str,
    /// The folder: `m` as the host's, `other` with another struct in the common package.
    dir: &'static str,
    flags: &'static [&'static str],
    level: &'static str,
    open: Open,
    /// The differences that must be among those found, with their risk; none for none at all.
    found: &'static [(&'static str, &'static str)],
}

const USUAL: Case = Case {
    name: "same",
    toolchain: "go1.24.11",
    dir: "m",
    flags: &["-trimpath"],
    level: "v1",
    open: Open::Accepts,
    found: &[],
};

const CASES: &[Case] = &[
    USUAL,
    Case {
        name: "another struct in a common package",
        dir: "other",
        open: Open::Refuses,
        found: &[("package-hash", "extreme")],
        ..USUAL
    },
    Case {
        name: "no -trimpath",
        flags: &[],
        open: Open::Refuses,
        found: &[("path-mode", "extreme"), ("package-hash", "extreme")],
        ..USUAL
    },
    // Nothing checks these two: the hashes are those of exported declarations.
    Case {
        name: "another Go patch",
        toolchain: "go1.24.10",
        found: &[("go-patch", "high"), ("go-older", "high")],
        ..USUAL
    },
    Case {
        name: "a newer processor",
        level: "v3",
        found: &[("arch-level-raised", "high")],
        ..USUAL
    },
    Case {
        name: "another Go minor version",
        toolchain: "go1.25.5",
        open: Open::Refuses,
        found: &[("plugin-go-version", "extreme"), ("package-hash", "extreme")],
        ..USUAL
    },
    Case {
        name: "a Go two minor versions on",
        toolchain: "local",
        open: Open::Kills,
        found: &[("plugin-go-version", "extreme"), ("package-hash", "extreme")],
        ..USUAL
    },
];

fn build(world: &World, case: &Case, out: &str, package: &str, mode: &str) {
    let mut go = Command::new("go");
    go.args(["build", mode, "-o"]).arg(world.path(out)).args(case.flags).arg(package);
    go.current_dir(world.path(case.dir)).env("GOTOOLCHAIN", case.toolchain);
    go.env("GOFLAGS", "-buildvcs=false").env("CGO_ENABLED", "1").env("GOAMD64", case.level);
    let built = ran(go.output().unwrap());
    assert_eq!(built.status, 0, "{}: {}", case.name, built.stderr);
}

/// What happens in a process of its own.
fn open(world: &World, plugin: &str) -> (Open, String) {
    let mut host = Command::new(world.path("host"));
    let output = host.arg(world.path(plugin)).env("GOTRACEBACK", "none").output().unwrap();
    let killed = output.status.signal().is_some() || output.status.code() == Some(2);
    let Ran { stdout, stderr, .. } = ran(output);
    let open = match (stdout.starts_with("OPENED"), stdout.starts_with("REFUSED"), killed) {
        (true, ..) => Open::Accepts,
        (_, true, _) => Open::Refuses,
        (.., true) => Open::Kills,
        _ => panic!("{stdout}{stderr}"),
    };
    (open, format!("{stdout}{stderr}"))
}

#[test]
fn the_verdict_on_a_plugin_is_never_milder_than_plugin_open() {
    let world = World::module();
    for (dir, common) in
        [("m", COMMON.to_owned()), ("other", COMMON.replace("ID ", "Key string\n\tID "))]
    {
        world.file(&format!("{dir}/go.mod"), "module example.com/p\n\ngo 1.24\n");
        world.file(&format!("{dir}/common/common.go"), common);
        world.file(&format!("{dir}/host/main.go"), HOST);
        world.file(&format!("{dir}/plug/main.go"), PLUGIN);
    }
    build(&world, &USUAL, "host", "./host", "-buildmode=exe");
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap();
    let runs = |level: &str| level == "v1" || cpu.contains(" avx2 ");
    for (at, case) in CASES.iter().enumerate() {
        let plugin = format!("plugin{at}.so");
        build(&world, case, &plugin, "./plug", "-buildmode=plugin");
        if runs(case.level) {
            let (opened, said) = open(&world, &plugin);
            assert_eq!(opened, case.open, "{}: {said}", case.name);
        }
        let diff = world.run(&[
            "diff",
            "../host",
            &format!("../{plugin}"),
            "--format",
            "json",
            "--no-history",
        ]);
        let report: serde_json::Value = serde_json::from_str(&diff.stdout).unwrap();
        let outcomes = report["outcomes"].as_array().unwrap();
        let failed: Vec<(&str, &str)> = outcomes
            .iter()
            .filter(|it| it["verdict"] == "fail")
            .map(|it| (it["check"].as_str().unwrap(), it["group"].as_str().unwrap()))
            .collect();
        for wanted in case.found {
            assert!(failed.contains(wanted), "{}: {failed:?}", case.name);
        }
        let wanted = if case.found.is_empty() { (0, 0) } else { (1, failed.len()) };
        assert_eq!((diff.status, failed.len()), wanted, "{}: {failed:?}", case.name);
        // What Open does not accept must be known beforehand as extreme.
        if case.open != Open::Accepts {
            assert!(failed.iter().any(|(_, risk)| *risk == "extreme"), "{}", case.name);
        }
    }
    // A host that was stripped tells its hashes all the same.
    let strip = Command::new("strip").arg(world.path("host")).status().unwrap();
    assert!(strip.success());
    assert_eq!(world.run(&["diff", "../host", "../plugin0.so"]).status, 0);
    let refused = world.run(&["diff", "../host", "../plugin1.so"]);
    assert!(refused.stdout.contains("example.com/p/common"), "{}", refused.stdout);
    compiled_sources_have_the_same_hashes(&world);
}

/// From a checkout the hashes are those of its compiled packages: the same that the linker writes.
fn compiled_sources_have_the_same_hashes(world: &World) {
    let go = |name: &str| {
        let output = Command::new("go").args(["env", name]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    for (dir, status, found) in [("m", 3, "pass"), ("other", 1, "fail")] {
        let mut diff = world.command(&["diff", "../host", &format!("../{dir}"), "--compile"]);
        diff.args([
            "--package",
            "./plug",
            "--format",
            "json",
            "--",
            "-trimpath",
            "-buildmode=plugin",
        ]);
        diff.env("GOTOOLCHAIN", "go1.24.11").env("GOFLAGS", "-buildvcs=false");
        for name in ["GOCACHE", "GOMODCACHE", "GOPROXY"] {
            diff.env(name, go(name));
        }
        let diff = ran(diff.output().unwrap());
        let report: serde_json::Value = serde_json::from_str(&diff.stdout).unwrap();
        let outcomes = report["outcomes"].as_array().unwrap();
        let hashes = outcomes.iter().find(|it| it["check"] == "package-hash").unwrap();
        // A program does not tell its toolchain, so it is never wholly known to fit a folder.
        assert_eq!((diff.status, hashes["verdict"].as_str()), (status, Some(found)), "{hashes}");
    }
}
