//! `goward graph`, and the plumbing of packages.

use crate::modules::{fed, lines};
use crate::world::World;
use serde_json::Value;

/// A module with a chain of imports, a test, and a cycle.
fn world() -> World {
    let world = World::module();
    world.file("m/main.go", "package main\n\nimport _ \"example.com/m/a\"\n\nfunc main() {}\n");
    world.file("m/a/a.go", "package a\n\nimport (\n\t_ \"example.com/m/b\"\n\t_ \"os\"\n)\n");
    world.file("m/b/b.go", "package b\n");
    world.file("m/b/b_test.go", "package b_test\n\nimport _ \"example.com/m/a\"\n");
    world
}

#[test]
fn the_graph_is_that_of_go_list() {
    let world = world();
    world.file("m/broken/x.go", "package x\n\nimport \"example.com/m/gone\"\n");
    let verified = world.run(&["graph", "verify"]);
    assert_eq!(verified.status, 0, "{}{}", verified.stdout, verified.stderr);
    assert!(verified.stdout.ends_with(": 0 differences from go list\n"), "{}", verified.stdout);
}

#[test]
fn why_shows_the_shortest_chain_with_its_places() {
    let world = world();
    let why = world.run(&["graph", "why", "example.com/m/b"]);
    assert_eq!((why.status, why.stdout.as_str()), (0, "example.com/m/b\n"));
    let why = world.run(&["graph", "why", "os"]);
    assert_eq!(why.stdout, "example.com/m/a  a/a.go:5\nos\n");
    let all = world.run(&["graph", "why", "--all", "example.com/m/b"]);
    let chain = "example.com/m  main.go:3\nexample.com/m/a  a/a.go:4\nexample.com/m/b\n";
    assert!(all.stdout.contains(chain), "{}", all.stdout);
    let nobody = world.run(&["graph", "why", "example.com/x"]);
    assert_eq!(nobody.status, 1);
    assert!(nobody.stderr.contains("imports example.com/x"), "{}", nobody.stderr);
}

#[test]
fn cycles_are_shown_with_their_places() {
    let world = world();
    assert_eq!(world.run(&["graph", "cycles"]).status, 0);
    world.file("m/b/back.go", "package b\n\nimport _ \"example.com/m/a\"\n");
    let cycles = world.run(&["graph", "cycles"]);
    let chain = "example.com/m/a  a/a.go:4\nexample.com/m/b  b/back.go:3\nexample.com/m/a\n";
    assert_eq!((cycles.status, cycles.stdout.as_str()), (1, chain));
}

#[test]
fn pictures_and_counts() {
    let world = world();
    let dot = world.run(&["graph", "dot"]).stdout;
    assert!(dot.contains("\"example.com/m/a\" -> \"example.com/m/b\";"), "{dot}");
    assert!(world.run(&["graph", "mermaid"]).stdout.starts_with("graph LR\n"));
    // A page that loads nothing from anywhere: every node, every edge.
    let page = world.run(&["graph", "html"]).stdout;
    let nodes = page.matches("<g class=\"own\"").count();
    let edges = page.matches("<path data-a=").count();
    let (dot_nodes, dot_edges) = (dot.matches("\";\n").count(), dot.matches(" -> ").count());
    assert_eq!((nodes, edges), (dot_nodes - dot_edges, dot_edges), "{page}");
    assert!(page.starts_with("<!doctype html>") && page.contains("data-name=\"example.com/m/a\""));
    assert!(!page.contains("src=") && !page.contains("href=") && !page.contains("url("));
    assert!(world.run(&["--lang", "zh", "graph", "html"]).stdout.contains("个其他模块"));
    assert!(world.run(&["graph", "stats"]).stdout.contains(": 3 own, 0 of 0 modules, "));
    assert_eq!(world.run(&["graph", "json", "gone"]).status, 2);
}

#[test]
fn packages_are_lines_in_the_shape_of_go_list() {
    let world = world();
    let packages = world.run(&["plumbing", "packages"]);
    let all: Vec<Value> =
        packages.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let named = |name: &str| all.iter().find(|package| package["ImportPath"] == name).unwrap();
    assert_eq!(named("example.com/m/b")["XTestGoFiles"][0], "b_test.go");
    assert_eq!(named("example.com/m/b_test [example.com/m/b.test]")["ForTest"], "example.com/m/b");
    let without = world.run(&["plumbing", "packages", "--no-tests"]).stdout;
    assert!(!without.contains(".test\""), "{without}");
}

#[test]
fn headers_and_constraints() {
    let world = World::module();
    let good =
        "//go:build linux\n\npackage x\n\nimport y \"embed\"\n\n//go:embed a \"b c\"\nvar z y.FS\n";
    let header = fed(&world, &["plumbing", "go-header", "-"], good);
    let header: Value = serde_json::from_str(&header.stdout).unwrap();
    assert_eq!((&header["package"], &header["constraints"][0]), (&"x".into(), &"linux".into()));
    assert_eq!(
        (&header["imports"][0]["name"], &header["embeds"][1]["pattern"]),
        (&"y".into(), &"b c".into())
    );
    let bad = fed(&world, &["plumbing", "go-header", "-"], "package x\nimport 5\n");
    assert_eq!((bad.status, bad.stdout.as_str()), (1, ""));
    assert_eq!(bad.stderr, "-:2:8: import path must be a string\n");
    let input = "//go:build linux && !cgo\n// +build windows,amd64 linux\na || (b\n";
    let all = lines(&fed(&world, &["plumbing", "build-constraint", "--tags", "linux"], input));
    assert_eq!((&all[0]["result"], &all[1]["result"]), (&true.into(), &true.into()));
    assert_eq!(all[1]["expression"], "(windows && amd64) || linux");
    assert_eq!(
        (&all[2]["valid"], &all[2]["error"]),
        (&false.into(), &"missing close paren".into())
    );
}

/// A listing is judged like a folder; what is no whole listing is never a pass.
#[test]
fn packages_come_from_a_listing_too() {
    let world = world();
    world.file("m/b/back.go", "package b\n\nimport _ \"example.com/m/a\"\n");
    world.file("m/broken/x.go", "package x\n\nimport \"example.com/m/gone\"\n");
    let list = std::process::Command::new("go")
        .args(["list", "-e", "-deps", "-test", "-json", "./..."])
        .current_dir(world.root())
        .output()
        .unwrap();
    world.file("list.json", &list.stdout);
    let path = world.path("list.json");
    let file = path.to_str().unwrap();
    let cycles = world.run(&["graph", "cycles", "--from-list", file]);
    assert_eq!(cycles.status, 1, "{}", cycles.stderr);
    assert_eq!(cycles.stdout, "example.com/m/a\nexample.com/m/b\nexample.com/m/a\n");
    let why = world.run(&["graph", "why", "os", "--from-list", file]);
    assert_eq!(why.stdout, "example.com/m/a\nos\n");
    // Piped, and judged by the checks.
    let mut command = world.command(&[
        "check",
        "--no-history",
        "--format",
        "json",
        "--group",
        "metadata",
        "--from-list",
        "-",
    ]);
    let piped =
        crate::world::ran(command.stdin(std::fs::File::open(&path).unwrap()).output().unwrap());
    let report: Value = serde_json::from_str(&piped.stdout).unwrap();
    let verdict = |id: &str| {
        let outcomes = report["outcomes"].as_array().unwrap();
        outcomes.iter().find(|one| one["check"] == id).unwrap()["verdict"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        (verdict("import-cycle"), verdict("import-missing"), verdict("path-case")),
        ("fail".into(), "fail".into(), "pass".into())
    );
    let text = String::from_utf8(list.stdout).unwrap();
    let half = &text[..text.len() / 2];
    let unlisted = text.replacen("\"ImportPath\": \"errors\"", "\"ImportPath\": \"other\"", 1);
    let twice = format!("{text}{text}");
    for (bad, said) in [
        ("", "empty"),
        (half, "cut off"),
        ("not json", "not a package"),
        (unlisted.as_str(), "not complete"),
        (twice.as_str(), "listed twice"),
        ("[]", "no ImportPath"),
    ] {
        world.file("bad.json", bad);
        let bad = world.path("bad.json");
        let bad = bad.to_str().unwrap();
        let graph = world.run(&["graph", "cycles", "--from-list", bad]);
        assert!(
            graph.status == 3 && graph.stderr.contains(said),
            "{said}: {} {}",
            graph.status,
            graph.stderr
        );
        let check = world.check(&["--only", "import-cycle", "--from-list", bad]);
        assert_eq!((check.status, check.verdict("import-cycle")), (3, "inconclusive"), "{said}");
        assert!(check.error("import-cycle").contains(said), "{}", check.error("import-cycle"));
    }
}

/// Where our own loader cannot be sure it says so, and asks the go command.
#[test]
fn the_go_command_is_asked_where_we_cannot_be_sure() {
    let world = world();
    let mut command = world.command(&["graph", "why", "os"]);
    let driven =
        crate::world::ran(command.env("GOPACKAGESDRIVER", "some-driver").output().unwrap());
    assert_eq!((driven.status, driven.stdout.as_str()), (0, "example.com/m/a\nos\n"));
    assert!(driven.stderr.contains("GOPACKAGESDRIVER is set"), "{}", driven.stderr);
    // A pattern that begins like a flag is none, neither for us nor for the go command.
    let flag = "--pattern=-overlay=no-such-file";
    let mut command = world.command(&["graph", "stats", flag, "--pattern=./..."]);
    let driven =
        crate::world::ran(command.env("GOPACKAGESDRIVER", "some-driver").output().unwrap());
    assert_eq!(driven.status, 0, "{}", driven.stderr);
    assert!(driven.stdout.contains(" packages: "), "{}", driven.stdout);
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n\nfuture (\n\tx\n)\n");
    let future = world.run(&["graph", "why", "os"]);
    assert_eq!(future.status, 2, "{}", future.stdout);
    assert!(future.stderr.contains("go.mod:5: unknown block type: future"), "{}", future.stderr);
}
