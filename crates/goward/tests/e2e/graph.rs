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
    let directed = "//go:debug panicnil=1\n//go:build linux\n\n//go:generate x\npackage x\n\n//go:linkname a b\n";
    let header: Value =
        serde_json::from_str(&fed(&world, &["plumbing", "go-header", "-"], directed).stdout)
            .unwrap();
    let texts: Vec<_> =
        header["directives"].as_array().unwrap().iter().map(|one| &one["text"]).collect();
    assert_eq!(texts, ["//go:debug panicnil=1", "//go:build linux", "//go:generate x"]);
    // All head and no end: refused, and not by running out of memory.
    let endless = "\n".repeat(17 << 20);
    let refused = fed(&world, &["plumbing", "go-header", "-"], &endless);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("does not end within 16777216 bytes"), "{}", refused.stderr);
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
    assert_eq!(future.status, 3, "{}", future.stdout);
    assert!(future.stderr.contains("go.mod:5: unknown block type: future"), "{}", future.stderr);
}

/// What the go command is told, and we do not model: it is asked itself, or the question is refused.
#[test]
fn settings_that_change_the_packages_are_never_passed_over() {
    let world = world();
    let with = |name: &str, value: &str, args: &[&str]| {
        crate::world::ran(world.command(args).env(name, value).output().unwrap())
    };
    let stats = with("GOFLAGS", "-cover", &["graph", "why", "runtime/coverage"]);
    assert_eq!(stats.status, 0, "{}", stats.stderr);
    assert!(stats.stderr.contains("GOFLAGS has -cover: asking go list"), "{}", stats.stderr);
    for (name, value) in [("GOFLAGS", "-cover"), ("GO111MODULE", "off")] {
        let verified = with(name, value, &["graph", "verify"]);
        assert_eq!((verified.status, verified.stdout.as_str()), (3, ""), "{}", verified.stderr);
        assert!(verified.stderr.contains("nothing to compare"), "{}", verified.stderr);
    }
    let affected = with("GOFLAGS", "-linkshared", &["graph", "affected", "a/a.go"]);
    assert_eq!((affected.status, affected.stdout.as_str()), (2, ""));
    assert!(affected.stderr.contains("GOFLAGS has -linkshared"), "{}", affected.stderr);
    // The race detector is imported by every program.
    let verified = with("GOFLAGS", "-race", &["graph", "verify"]);
    assert_eq!(verified.status, 0, "{}{}", verified.stdout, verified.stderr);
}

#[test]
fn an_overlay_of_goflags_counts() {
    let world = world();
    world.file("b2.go", "package b\n\nimport _ \"net/url\"\n");
    let file = |name: &str| world.path(name).display().to_string();
    let text = serde_json::json!({ "Replace": { "b/b.go": file("b2.go"), "b/b_test.go": "" } });
    world.file("overlay.json", text.to_string());
    let with = |path: &str, args: &[&str]| {
        let flag = format!("-overlay={path}");
        crate::world::ran(world.command(args).env("GOFLAGS", flag).output().unwrap())
    };
    let why = with(&file("overlay.json"), &["graph", "why", "net/url"]);
    assert_eq!(why.stdout, "example.com/m/b  b/b.go:3\nnet/url\n", "{}", why.stderr);
    let verified = with(&file("overlay.json"), &["graph", "verify"]);
    assert_eq!(verified.status, 0, "{}{}", verified.stdout, verified.stderr);
    let gone = with(&file("gone.json"), &["graph", "stats"]);
    assert_eq!((gone.status, gone.stdout.as_str()), (2, ""));
    assert!(gone.stderr.contains("gone.json, the -overlay of GOFLAGS"), "{}", gone.stderr);
}

#[test]
fn the_go_command_s_listing_says_the_same_as_our_own() {
    let world = world();
    let driven = |args: &[&str]| {
        crate::world::ran(world.command(args).env("GOPACKAGESDRIVER", "x").output().unwrap())
    };
    for args in [&["graph", "stats", "--tests"][..], &["graph", "stats"], &["graph", "dot"]] {
        assert_eq!(driven(args).stdout, world.run(args).stdout, "{args:?}");
    }
    let names = |text: &str| -> Vec<String> {
        let packages = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        packages.map(|package| package["ImportPath"].as_str().unwrap().to_owned()).collect()
    };
    for args in [&["plumbing", "packages"][..], &["graph", "json"]] {
        let (own, listed) = (world.run(args), driven(args));
        assert_eq!((listed.status, names(&listed.stdout)), (0, names(&own.stdout)), "{args:?}");
    }
}

#[test]
fn what_is_not_there_leaves_the_question_open() {
    let world = world();
    let absent = "module example.com/m\n\ngo 1.24\n\nrequire example.com/absent v1.0.0\n";
    world.file("m/go.mod", absent);
    world.file("m/a/x.go", "package a\n\nimport _ \"example.com/absent\"\n");
    let sum = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    world.file(
        "m/go.sum",
        format!("example.com/absent v1.0.0 {sum}\nexample.com/absent v1.0.0/go.mod {sum}\n"),
    );
    let off = |args: &[&str]| {
        crate::world::ran(world.command(args).env("GOPROXY", "off").output().unwrap())
    };
    let packages = off(&["plumbing", "packages"]);
    assert_eq!(packages.status, 0, "{}", packages.stderr);
    assert!(packages.stdout.contains("\"Error\""), "{}", packages.stdout);
    for args in [&["graph", "verify"][..], &["graph", "affected", "b/b.go"]] {
        let open = off(args);
        assert_eq!(open.status, 3, "{args:?} {}", open.stderr);
        assert!(open.stderr.contains("example.com/absent@v1.0.0"), "{}", open.stderr);
    }
    // A later Go: the go command refuses, and so do we.
    world.file("m/go.mod", "module example.com/m\n\ngo 1.99\n");
    for (args, status) in [(&["graph", "stats"][..], 3), (&["graph", "affected", "b/b.go"], 2)] {
        let newer = off(args);
        assert_eq!((newer.status, newer.stdout.as_str()), (status, ""), "{args:?}");
        assert!(newer.stderr.contains("asks for go 1.99"), "{}", newer.stderr);
    }
}

#[test]
fn formats_that_a_command_does_not_have_are_refused() {
    let world = world();
    for command in ["cycles", "stats", "dot", "mermaid", "html", "verify"] {
        let refused = world.run(&["graph", command, "--format", "sarif"]);
        assert_eq!((refused.status, refused.stdout.as_str()), (2, ""), "{command}");
        assert!(refused.stderr.contains("no --format sarif"), "{}", refused.stderr);
    }
    let refused = world.run(&["graph", "why", "os", "--output", "report.json"]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("--output has nothing to write"), "{}", refused.stderr);
    assert_eq!(world.run(&["graph", "affected", "a/a.go", "--format", "junit"]).status, 2);
    assert_eq!(world.run(&["graph", "affected", "a/a.go", "--format", "json"]).status, 0);
    assert_eq!(world.run(&["graph", "json", "--format", "json"]).status, 0);
}

/// All lines of what go says, not only the last.
#[test]
fn an_error_of_go_is_shown_whole() {
    let world = world();
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24\n\nrequire example.com/x v1.0.0\n");
    world.file("m/vendor/modules.txt", "");
    let mut command = world.command(&["graph", "stats"]);
    let said = crate::world::ran(command.env("GOPACKAGESDRIVER", "x").output().unwrap()).stderr;
    assert!(said.contains("inconsistent vendoring") && said.contains("go mod vendor"), "{said}");
}

/// A listing's names hold anything, and end no string.
#[test]
fn names_are_written_so_that_they_end_no_string() {
    let world = World::module();
    let list =
        "{\"ImportPath\":\"a\\\"];b\",\"Name\":\"a\",\"Module\":{\"Path\":\"a\",\"Main\":true}}";
    let dot = fed(&world, &["graph", "dot", "--from-list", "-"], list).stdout;
    assert!(dot.contains("  \"a\\\"];b\";\n"), "{dot}");
    let mermaid = fed(&world, &["graph", "mermaid", "--from-list", "-"], list).stdout;
    assert!(mermaid.contains("  p0[\"a#34;];b\"]\n"), "{mermaid}");
}

/// Each package of a chain pulls in all below it: no list of them is kept.
#[test]
fn a_long_chain_is_counted() {
    use std::fmt::Write as _;
    let world = World::module();
    let mut list = String::new();
    let count = 40_000;
    for at in 0..count {
        let imports = if at == 0 { String::new() } else { format!("\"p{}\"", at - 1) };
        let module = "\"Module\":{\"Path\":\"p\",\"Main\":true}";
        let _ = writeln!(
            list,
            "{{\"ImportPath\":\"p{at}\",\"Name\":\"p\",\"Imports\":[{imports}],{module}}}"
        );
    }
    let stats = fed(&world, &["graph", "stats", "--from-list", "-"], &list);
    assert_eq!(stats.status, 0, "{}", stats.stderr);
    let heaviest =
        format!("own packages that pull in most packages\n{:>7}  p{}\n", count - 1, count - 1);
    assert!(stats.stdout.contains(&heaviest), "{}", stats.stdout);
}
