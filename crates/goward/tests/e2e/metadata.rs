//! What the checks of packages say where something is missing, and of what a build refuses although `go list` has no
//! word for it; the go command is the judge.

use crate::proxy::zip;
use crate::world::{Checked, World};
use std::process::Command;

const HEAD: &str = "module example.com/m\n\ngo 1.24.0\n\ntoolchain go1.24.1\n";

/// A module of three packages, one of them a program.
fn world() -> World {
    let world = World::module();
    world.file("m/a/a.go", "package a\n").file("m/a/a_test.go", "package a\n");
    world.file("m/b/b.go", "package b\n\nimport _ \"example.com/m/a\"\n");
    world.file("m/cmd/p/p.go", "package main\n\nimport _ \"example.com/m/b\"\n\nfunc main() {}\n");
    world
}

/// A whole check with a module cache of its own, and no network.
fn check(world: &World, args: &[&str]) -> Checked {
    let mut command = world.command(&["check", "--no-history", "--format", "json"]);
    command.args(args).env("GOTOOLCHAIN", "local").env("GOPROXY", "off");
    checked(command.env("GOMODCACHE", world.path("cache")))
}

fn checked(command: &mut Command) -> Checked {
    let output = command.output().unwrap();
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|err| panic!("{err}: {}", String::from_utf8_lossy(&output.stderr)));
    Checked { status: output.status.code().unwrap(), report }
}

/// The go command in the module: whether it is content, and what it printed.
fn go(world: &World, args: &[&str]) -> (bool, Vec<u8>) {
    let mut command = Command::new("go");
    command.args(args).current_dir(world.root()).env("GOPROXY", "off").env("GOTOOLCHAIN", "local");
    let output = command.env("GOMODCACHE", world.path("cache")).output().unwrap();
    (output.status.success(), output.stdout)
}

/// The place of a check's only finding.
fn place(checked: &Checked, id: &str) -> (String, u64) {
    let findings = checked.outcome(id)["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{id}: {findings:?}");
    let at = &findings[0]["location"];
    (at["path"].as_str().unwrap().to_owned(), at["line"].as_u64().unwrap())
}

/// Every check of packages, and those of the modules beneath them.
const JUDGES: [&str; 9] = [
    "build-list",
    "embed-missing",
    "go-sum-complete",
    "import-cycle",
    "import-missing",
    "internal-import",
    "package-excluded",
    "package-invalid",
    "path-case",
];

#[test]
fn what_is_not_downloaded_never_opens_the_gate() {
    let world = world();
    world.file("m/go.mod", format!("{HEAD}\nrequire example.com/gone v1.0.0\n"));
    let go_mod = "module example.com/gone\n\ngo 1.24.0\n";
    world.file("gone/go.mod", go_mod);
    let sum = world.run(&["plumbing", "h1", "../gone", "--prefix", ""]).stdout;
    let (name, sum) = ("example.com/gone v1.0.0", sum.trim());
    let sums = format!("{name} {sum}\n{name}/go.mod {sum}\n");
    world.file("m/go.sum", sums);
    world.file("m/b/b.go", "package b\n\nimport _ \"example.com/gone\"\n");
    // Nothing of it, and only its go.mod.
    for half in [false, true] {
        if half {
            let file = "cache/cache/download/example.com/gone/@v/v1.0.0.mod";
            world.file(file, go_mod);
        }
        let checked = check(&world, &[]);
        assert_eq!(checked.status, 3, "{:?}", checked.bad());
        for id in JUDGES.into_iter().filter(|id| !half || *id != "build-list") {
            assert_eq!(checked.verdict(id), "inconclusive", "{id}: {}", checked.outcome(id));
        }
        let said = checked.error("import-missing");
        assert!(said.contains("example.com/gone"), "{said}");
    }
    // Who imports it not at all builds without it (lazy loading).
    world.file("m/b/b.go", "package b\n");
    let checked = check(&world, &[]);
    assert_eq!((checked.status, checked.verdict("build-list")), (0, "pass"), "{:?}", checked.bad());
    assert!(go(&world, &["build", "./..."]).0);
}

#[test]
fn the_go_command_is_asked_where_it_can_get_what_is_missing_without_the_network() {
    let world = world();
    world.file("m/b/b.go", "package b\n\nimport _ \"example.com/uuid\"\n");
    world.file("m/go.mod", format!("{HEAD}\nrequire example.com/uuid v1.6.0\n"));
    let source = "package uuid\n\nimport _ \"example.com/uuid/gone\"\n";
    let versions = "proxy/example.com/uuid/@v";
    world.file(&format!("{versions}/v1.6.0.zip"), zip(source));
    world.file(&format!("{versions}/v1.6.0.info"), "{\"Version\":\"v1.6.0\"}");
    world.file(&format!("{versions}/v1.6.0.mod"), "module example.com/uuid\n");
    world.file("sum/go.mod", "module example.com/uuid\n");
    let h1 = |args: &[&str]| {
        let ran = world.run(&[&["plumbing", "h1"], args].concat());
        ran.stdout.split_whitespace().next().unwrap().to_owned()
    };
    let (content, of_mod) =
        (h1(&[&format!("../{versions}/v1.6.0.zip")]), h1(&["../sum", "--prefix", ""]));
    let sums =
        format!("example.com/uuid v1.6.0 {content}\nexample.com/uuid v1.6.0/go.mod {of_mod}\n");
    world.file("m/go.sum", &sums);
    let ask = |proxy: &str| {
        let mut command = world.command(&["check", "--no-history", "--format", "json"]);
        command.env("GOTOOLCHAIN", "local").env("GOMODCACHE", world.path("cache"));
        checked(command.env("GOPROXY", proxy).env("GOFLAGS", "-modcacherw"))
    };
    // A proxy of the network is not asked: that is what --online is for.
    let offline = ask("http://127.0.0.1:1");
    assert_eq!(offline.status, 3, "{:?}", offline.bad());
    let asked = ask(&format!("file://{}", world.path("proxy").display()));
    assert_eq!(asked.verdict("import-missing"), "fail", "{:?}", asked.bad());
    assert!(asked.error("import-missing").contains("example.com/uuid/gone"), "{:?}", asked.bad());
    assert_eq!(asked.verdict("import-cycle"), "pass");
    assert!(asked.outcome("import-cycle")["note"]["en"].as_str().unwrap().contains("(go list)"));
    assert_eq!(std::fs::read_to_string(world.path("m/go.sum")).unwrap(), sums);
}

#[test]
fn an_imported_package_without_files_to_build_closes_the_gate() {
    for (files, said) in [
        (
            &[("m/a/a_windows.go", "package a\n"), ("m/a/a_test.go", "package a\n")][..],
            "exclude all",
        ),
        (&[("m/a/a_windows.go", "package a\n")], "exclude all"),
        (&[("m/a/a_test.go", "package a\n")], "no non-test Go files in a"),
        (&[("m/a/a_test.go", "package a_test\n")], "no non-test Go files in a"),
    ] {
        let world = World::module();
        world.file("m/b/b.go", "package b\n\nimport _ \"example.com/m/a\"\n");
        for (name, text) in files {
            world.file(name, text);
        }
        assert!(!go(&world, &["build", "./..."]).0, "{files:?}");
        let checked = check(&world, &[]);
        assert_eq!(checked.status, 1, "{files:?}: {:?}", checked.bad());
        assert_eq!(checked.outcome("package-excluded")["tier"], "P0");
        assert!(checked.error("package-excluded").contains(said), "{:?}", checked.bad());
        assert_eq!(place(&checked, "package-excluded"), ("b/b.go".to_owned(), 3));
    }
    // Which nobody imports, Go passes over.
    let world = World::module();
    world.file("m/a/a_test.go", "package a\n").file("m/b/b.go", "package b\n");
    assert!(go(&world, &["build", "./..."]).0);
    assert_eq!(check(&world, &[]).status, 0);
}

#[test]
fn a_go_mod_that_go_build_refuses_closes_the_gate() {
    let world = World::module();
    let direct = "require example.com/mid v1.0.0\n";
    let replaced = "replace example.com/mid => ./mid\n\nreplace example.com/dep => ./dep\n";
    world.file("m/a/a.go", "package a\n\nimport _ \"example.com/mid\"\n");
    world.file(
        "m/mid/go.mod",
        "module example.com/mid\n\ngo 1.24.0\n\nrequire example.com/dep v1.0.0\n",
    );
    world.file("m/mid/mid.go", "package mid\n\nimport _ \"example.com/dep\"\n");
    world.file("m/dep/go.mod", "module example.com/dep\n\ngo 1.24.0\n");
    world.file("m/dep/dep.go", "package dep\n");
    world.file("m/go.mod", format!("{HEAD}\n{direct}\n{replaced}"));
    assert!(!go(&world, &["build", "./..."]).0);
    let checked = check(&world, &[]);
    assert_eq!((checked.status, checked.verdict("build-list")), (1, "fail"), "{:?}", checked.bad());
    assert_eq!(checked.outcome("build-list")["tier"], "P0");
    let said = checked.error("build-list");
    assert!(
        said.contains("updates to go.mod needed") && said.contains("example.com/dep"),
        "{said}"
    );
    assert_eq!(place(&checked, "build-list"), ("go.mod".to_owned(), 7));
    // It is what `go mod tidy` would add, too, and packages alone do not open the gate.
    assert_eq!(checked.verdict("requirement-missing"), "fail");
    assert_eq!(check(&world, &["--group", "metadata"]).status, 1);
    let all = format!("{HEAD}\n{direct}\nrequire example.com/dep v1.0.0 // indirect\n\n{replaced}");
    world.file("m/go.mod", all);
    assert!(go(&world, &["build", "./..."]).0);
    assert_eq!(check(&world, &[]).verdict("build-list"), "pass");
}

#[test]
fn a_listing_that_cannot_be_judged_is_never_a_pass() {
    let world = world();
    let list = |args: &[&str]| {
        let all = [&["list", "-e"], args, &["./..."]].concat();
        go(&world, &all).1
    };
    let judged = |list: &[u8]| {
        world.file("list.json", list);
        let file = world.path("list.json");
        check(&world, &["--from-list", file.to_str().unwrap()])
    };
    let good = list(&["-deps", "-test", "-json"]);
    let checked = judged(&good);
    assert_eq!(
        (checked.status, checked.verdict("import-missing")),
        (0, "pass"),
        "{:?}",
        checked.bad()
    );
    // Cut off between two packages.
    let text = String::from_utf8(good.clone()).unwrap();
    let cut = text.rfind("\n{\n").unwrap();
    let earlier = text[..cut].find("\"ImportPath\": \"example.com/m/b\"").unwrap();
    let earlier = text[..earlier].rfind("\n{\n").unwrap();
    let elsewhere = text.replace("example.com/m", "example.com/other");
    for (bad, said) in [
        (text.as_bytes()[..=cut].to_vec(), "a.test is not listed"),
        (text.as_bytes()[..=earlier].to_vec(), "not listed"),
        (elsewhere.into_bytes(), "of another folder"),
        (list(&["-json"]), "not listed"),
        (list(&["-test", "-json"]), "not listed"),
        (list(&["-deps", "-json"]), "without -test"),
        (list(&["-deps", "-test", "-json=ImportPath"]), "has no Name"),
        (list(&["-deps", "-test", "-json=ImportPath,Imports"]), "has no Name"),
        (list(&["-deps", "-test", "-json=ImportPath,Imports,Deps"]), "has no Name"),
        (list(&["-deps", "-test", "-json=ImportPath,Imports,Name,Dir"]), "has no GoFiles"),
    ] {
        let checked = judged(&bad);
        assert_eq!(checked.status, 3, "{said}: {:?}", checked.bad());
        let error = checked.error("import-missing");
        assert!(error.starts_with("--from-list: ") && error.contains(said), "{said}: {error}");
    }
    // Without tests it is the last of our packages that is missing.
    std::fs::remove_file(world.path("m/a/a_test.go")).unwrap();
    let text = String::from_utf8(list(&["-deps", "-test", "-json"])).unwrap();
    let cut = text.rfind("\n{\n").unwrap();
    let checked = judged(&text.as_bytes()[..=cut]);
    assert_eq!(checked.status, 3, "{:?}", checked.bad());
    assert!(checked.error("import-missing").contains("cmd/p has a package"), "{:?}", checked.bad());
    let gone = check(&world, &["--from-list", "no-such-file"]);
    assert_eq!(gone.status, 3);
    assert!(gone.error("import-missing").starts_with("--from-list: "), "{:?}", gone.bad());
    world.file("m/b/b.go", "package b\n\nimport _ \"example.com/m/nope\"\n");
    let missing = judged(&list(&["-deps", "-test", "-json"]));
    assert_eq!((missing.status, missing.verdict("import-missing")), (1, "fail"));
}

#[test]
fn cycles_are_closed_and_name_each_import_whoever_lists_them() {
    let world = World::module();
    world.file("m/a/a.go", "package a\n");
    world.file(
        "m/a/a_test.go",
        "package a\n\nimport (\n\t_ \"testing\"\n\n\t_ \"example.com/m/b\"\n)\n",
    );
    world.file("m/b/b.go", "package b\n\nimport _ \"example.com/m/a\"\n");
    let list = go(&world, &["list", "-e", "-deps", "-test", "-json", "./..."]).1;
    world.file("list.json", list);
    let file = world.path("list.json");
    for args in [&[][..], &["--from-list", file.to_str().unwrap()]] {
        let checked = check(&world, args);
        assert_eq!(checked.status, 1, "{:?}", checked.bad());
        let said = checked.error("import-cycle");
        let way = "example.com/m/a → example.com/m/b → example.com/m/a";
        assert!(said.contains("in test") && said.ends_with(way), "{said}");
        assert_eq!(place(&checked, "import-cycle"), ("b/b.go".to_owned(), 3), "{args:?}");
        let related = &checked.outcome("import-cycle")["findings"][0]["related"];
        let step = |at: usize| {
            let related = &related[at];
            let place = &related["location"];
            format!("{}:{} {}", place["path"], place["line"], related["message"]["en"])
        };
        assert_eq!(step(0), "\"a/a_test.go\":6 \"example.com/m/a imports the next\"", "{args:?}");
        assert_eq!(step(1), "\"b/b.go\":3 \"example.com/m/b imports the next\"");
    }
}

#[test]
fn cycles_of_released_platforms_are_looked_for() {
    let world = World::policy("[metadata]\nplatforms = [\"windows/amd64\"]\n");
    world.file("m/a/a.go", "package a\n\nimport _ \"example.com/m/b\"\n");
    world
        .file("m/b/b.go", "package b\n")
        .file("m/b/w_windows.go", "package b\n\nimport _ \"example.com/m/a\"\n");
    assert!(go(&world, &["build", "./..."]).0);
    let checked = check(&world, &[]);
    assert_eq!(
        (checked.status, checked.verdict("import-cycle")),
        (1, "fail"),
        "{:?}",
        checked.bad()
    );
    assert!(checked.error("import-cycle").starts_with("windows/amd64: "), "{:?}", checked.bad());
    assert_eq!(place(&checked, "import-cycle"), ("b/w_windows.go".to_owned(), 3));
    // What is no platform is a wrong policy.
    world.file("m/goward.toml", "[metadata]\nplatforms = [\"foo/bar\"]\n");
    let wrong = world.run(&["check", "--no-history"]);
    assert_eq!(wrong.status, 2, "{}", wrong.stdout);
    assert!(wrong.stderr.contains("`foo/bar` is no platform"), "{}", wrong.stderr);
}

#[test]
fn nothing_is_called_unused_that_somebody_may_use() {
    let world = world();
    let names = |world: &World| {
        let checked = check(world, &["--only", "package-unreached"]);
        let findings = checked.outcome("package-unreached")["findings"].as_array().unwrap().clone();
        findings.iter().map(|one| one["evidence"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // Another module may import it; a generator, a test and an embedding file use it without importing it.
    world.file("m/install/i.go", "package install\n");
    world.file("m/internal/schema/s.go", "package schema\n\n//go:generate go run ../../cmd/p\n");
    world.file("m/internal/tmpl/t.go", "package tmpl\n");
    world.file("m/b/gen.go", "package b\n\n//go:generate go run ../cmd/p -in ../internal/tmpl\n");
    world.file("m/internal/fixtures/f.go", "package fixtures\n");
    world.file("m/a/read_test.go", "package a\n\nconst dir = \"../internal/fixtures\"\n");
    assert_eq!(names(&world), [""; 0]);
    world.file("m/internal/dead/d.go", "package dead\n");
    assert_eq!(names(&world), ["example.com/m/internal/dead"]);
}

#[test]
fn a_module_that_is_selected_and_not_built_is_not_mixed() {
    let world = World::module();
    let required =
        "require (\n\texample.com/x v1.0.0\n\texample.com/x/v2 v2.0.0\n\texample.com/y v1.0.0\n)\n";
    let replaced = "replace (\n\texample.com/x => ./x\n\texample.com/x/v2 => ./x2\n\texample.com/y => ./y\n)\n";
    world.file("m/go.mod", format!("{HEAD}\n{required}\n{replaced}"));
    for (folder, path) in
        [("x", "example.com/x"), ("x2", "example.com/x/v2"), ("y", "example.com/y")]
    {
        world.file(&format!("m/{folder}/go.mod"), format!("module {path}\n\ngo 1.24.0\n"));
        world.file(&format!("m/{folder}/f.go"), "package x\n");
    }
    world.file("m/y/f.go", "package y\n\nimport _ \"example.com/x\"\n");
    world.file("m/m.go", "package m\n\nimport (\n\t_ \"example.com/x/v2\"\n)\n");
    let only = ["--only", "major-mixed"];
    assert_eq!(check(&world, &only).verdict("major-mixed"), "pass");
    world.file("m/n.go", "package m\n\nimport _ \"example.com/y\"\n");
    let checked = check(&world, &only);
    let said = checked.error("major-mixed");
    assert!(said.contains("example.com/x is imported by example.com/y; "), "{said}");
    assert!(said.contains("example.com/x/v2 is imported by example.com/m"), "{said}");
}

#[test]
fn what_two_modules_offer_is_no_unused_requirement() {
    let world = World::module();
    let required = "require (\n\texample.com/x v1.0.0\n\texample.com/x/y v1.0.0\n)\n";
    let replaced = "replace (\n\texample.com/x => ./x\n\texample.com/x/y => ./z\n)\n";
    world.file("m/go.mod", format!("{HEAD}\n{required}\n{replaced}"));
    world
        .file("m/x/go.mod", "module example.com/x\n\ngo 1.24.0\n")
        .file("m/x/y/y.go", "package y\n");
    world
        .file("m/z/go.mod", "module example.com/x/y\n\ngo 1.24.0\n")
        .file("m/z/y.go", "package y\n");
    world.file("m/m.go", "package m\n\nimport _ \"example.com/x/y\"\n");
    let checked = check(&world, &[]);
    assert_eq!(checked.verdict("import-ambiguous"), "fail", "{:?}", checked.bad());
    assert_eq!(checked.verdict("requirement-unused"), "pass", "{:?}", checked.bad());
}

#[test]
fn what_only_a_tool_line_needs_is_indirect() {
    let world = World::module();
    let with = |comment: &str| {
        let required = format!("tool example.com/x\n\nrequire example.com/x v1.0.0{comment}\n");
        world.file("m/go.mod", format!("{HEAD}\n{required}\nreplace example.com/x => ./x\n"));
        let drifts = !go(&world, &["mod", "tidy", "-diff"]).0;
        (drifts, check(&world, &[]).verdict("requirement-indirect").to_owned())
    };
    world.file("m/x/go.mod", "module example.com/x\n\ngo 1.24.0\n");
    world.file("m/x/x.go", "package main\n\nfunc main() {}\n").file("m/m.go", "package m\n");
    assert_eq!(with(""), (true, "fail".to_owned()));
    assert_eq!(with(" // indirect"), (false, "pass".to_owned()));
}

#[test]
fn names_that_differ_only_in_case_are_told_whatever_the_files_are() {
    let world = world();
    world.file("m/README", "").file("m/docs/x.txt", "");
    assert_eq!(check(&world, &[]).verdict("path-case"), "pass");
    world.file("m/readme", "");
    let checked = check(&world, &[]);
    assert_eq!((checked.status, checked.verdict("path-case")), (1, "fail"));
    assert!(checked.error("path-case").contains("README and readme differ only in case"));
    std::fs::remove_file(world.path("m/readme")).unwrap();
    // Of what is built Go says it, and it is said once.
    world.file("m/a/A.go", "package a\n");
    assert_eq!(place(&check(&world, &[]), "path-case").0, "a/a.go");
}

#[test]
fn a_fault_is_placed_in_a_file_of_the_package() {
    let world = world();
    world.file("m/a/z.go", "// Two\npackage other\n");
    assert_eq!(place(&check(&world, &[]), "package-invalid"), ("a/z.go".to_owned(), 2));
}

#[test]
fn a_fork_keeps_its_name() {
    let world = World::module();
    world.file("m/go.mod", HEAD.replace("example.com/m", "github.com/bank/payments"));
    let git = |args: &[&str]| {
        let status = Command::new("git").args(args).current_dir(world.root()).status().unwrap();
        assert!(status.success(), "git {args:?}");
    };
    git(&["init", "-q"]);
    git(&["remote", "add", "origin", "https://github.com/bob/payments"]);
    let verdict = || check(&world, &[]).verdict("module-path-repository").to_owned();
    assert_eq!(verdict(), "skip");
    git(&["remote", "set-url", "origin", "https://github.com/bank/Payments"]);
    assert_eq!(verdict(), "fail");
}

#[test]
fn why_takes_a_folder_and_a_module() {
    let world = world();
    world.file(
        "m/go.mod",
        format!("{HEAD}\nrequire example.com/x v1.0.0\n\nreplace example.com/x => ./x\n"),
    );
    world
        .file("m/x/go.mod", "module example.com/x\n\ngo 1.24.0\n")
        .file("m/x/y/y.go", "package y\n");
    world.file("m/a/a.go", "package a\n\nimport _ \"example.com/x/y\"\n");
    let why = |name: &str| world.run(&["graph", "why", name]).stdout;
    assert_eq!(why("./a"), "example.com/m/a\n");
    assert_eq!(why("example.com/x"), "example.com/m/a  a/a.go:3\nexample.com/x/y\n");
}
