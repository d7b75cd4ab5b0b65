//! `goward graph affected`: what Go itself would compile anew.

use crate::world::World;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

pub(crate) fn git(dir: &Path, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(args);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = command.current_dir(dir).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A module with a chain, embedded files, tests within and outside, a program, and a dependency in two versions.
fn world() -> World {
    let world = World::module();
    world.file("m/go.mod", OTHER.replace("dep2", "dep1"));
    for (dir, value) in [("dep1", "1"), ("dep2", "2")] {
        world.file(&format!("{dir}/go.mod"), "module example.com/dep\n\ngo 1.24.0\n");
        world.file(&format!("{dir}/dep.go"), format!("package dep\n\nconst V = {value}\n"));
    }
    world.file("other/go.mod", "module example.com/other\n\ngo 1.24.0\n");
    world.file("other/other.go", "package other\n\nconst V = 1\n");
    world.file("m/a/a.go", "package a\n\nconst A = 1\n");
    world.file("m/a/extra.go", "package a\n\nconst Extra = 1\n");
    world.file("m/a/on_windows.go", "//go:build windows\n\npackage a\n\nconst W = 1\n");
    world.file("m/a/gen.go", "//go:build ignore\n\npackage main\n");
    world.file("m/a/a_test.go", "package a\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) {}\n");
    world.file("m/b/b.go", "package b\n\nimport \"example.com/m/a\"\n\nconst B = a.A\n");
    world.file(
        "m/b/b_test.go",
        "package b_test\n\nimport (\n\t\"example.com/m/b\"\n\t\"testing\"\n)\n\nfunc TestB(t *testing.T) { _ = b.B }\n",
    );
    world.file("m/c/c.go", "package c\n\nimport _ \"embed\"\n\n//go:embed texts\nvar T string\n");
    world.file("m/c/c.go", "package c\n\nimport \"embed\"\n\n//go:embed texts\nvar T embed.FS\n");
    world.file("m/c/texts/one.txt", "one\n");
    world.file("m/c/texts/two.txt", "two\n");
    world.file("m/d/d.go", "package d\n\nimport \"example.com/dep\"\n\nconst D = dep.V\n");
    world.file("m/e/e.go", "package e\n\nimport \"example.com/other\"\n\nconst E = other.V\n");
    world.file(
        "m/cmd/p/main.go",
        "package main\n\nimport (\n\t\"example.com/m/b\"\n\t\"example.com/m/c\"\n)\n\nfunc main() { _ = b.B; _ = c.T }\n",
    );
    world.file("m/alone/alone.go", "package alone\n");
    git(&world.root(), &["init", "-q"]);
    git(&world.root(), &["add", "."]);
    git(&world.root(), &["commit", "-q", "-m", "one"]);
    world
}

/// The build ID of every own package and test.
fn build_ids(world: &World) -> BTreeMap<String, String> {
    let output = Command::new("go")
        .args([
            "list",
            "-e",
            "-test",
            "-export",
            "-f",
            "{{.ImportPath}}\t{{.BuildID}}\t{{.ForTest}}",
            "./...",
        ])
        .current_dir(world.root())
        .env("PWD", world.root())
        .env("GOFLAGS", "-buildvcs=false")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("example.com/m/a\t"), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let own = lines.filter(|fields| fields[2].is_empty());
    own.map(|fields| (fields[0].to_owned(), fields[1].to_owned())).collect()
}

/// What `goward graph affected` says: packages, and their tests with `.test` behind them.
fn affected(world: &World, args: &[&str]) -> BTreeSet<String> {
    let ran = world.run(&[&["--format", "json", "graph", "affected"], args].concat());
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let all: Value = serde_json::from_str(&ran.stdout).unwrap();
    let mut names = BTreeSet::new();
    for one in all["packages"].as_array().unwrap() {
        let path = one["import_path"].as_str().unwrap();
        names.extend((one["package"] == true).then(|| path.to_owned()));
        names.extend((one["test"] == true).then(|| format!("{path}.test")));
    }
    names
}

/// A change: its name, a file, and the file's new content, or that it goes.
const CHANGES: [(&str, &str, Option<&str>); 15] = [
    ("a file", "m/a/a.go", Some("package a\n\nconst A = 2\n")),
    ("a file that goes", "m/a/extra.go", None),
    ("a file that comes", "m/a/more.go", Some("package a\n\nconst M = 1\n")),
    ("a package that comes", "m/new/new.go", Some("package new\n")),
    ("a package that goes", "m/alone/alone.go", None),
    ("a constraint", "m/a/on_windows.go", Some("package a\n\nconst W = 1\n")),
    (
        "a test",
        "m/a/a_test.go",
        Some("package a\n\nimport \"testing\"\n\nfunc TestZ(t *testing.T) {}\n"),
    ),
    (
        "a test outside",
        "m/b/b_test.go",
        Some("package b_test\n\nimport \"testing\"\n\nfunc TestZ(t *testing.T) {}\n"),
    ),
    ("an embedded file", "m/c/texts/one.txt", Some("1\n")),
    ("an embedded file that goes", "m/c/texts/two.txt", None),
    ("an embedded file that comes", "m/c/texts/three.txt", Some("3\n")),
    ("a module of another version", "m/go.mod", Some(OTHER)),
    (
        "a file that no build takes",
        "m/a/gen.go",
        Some("//go:build ignore\n\npackage main\n\nvar X = 2\n"),
    ),
    (
        "a file that no build takes any more",
        "m/a/extra.go",
        Some("//go:build ignore\n\npackage a\n"),
    ),
    ("a text that nothing reads", "m/a/README.md", Some("hello\n")),
];

const OTHER: &str = "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/dep v1.0.0\n\nrequire example.com/other v1.0.0\n\n\
    replace example.com/dep => ../dep2\n\nreplace example.com/other => ../other\n";

#[test]
fn what_go_compiles_anew_is_affected() {
    let world = world();
    for (name, path, content) in CHANGES {
        git(&world.root(), &["reset", "-q", "--hard"]);
        git(&world.root(), &["clean", "-qfdx"]);
        let before = build_ids(&world);
        match content {
            Some(content) => drop(world.file(path, content).root()),
            None => std::fs::remove_file(world.path(path)).unwrap(),
        }
        let after = build_ids(&world);
        let expected: BTreeSet<String> = after
            .iter()
            .filter(|(path, id)| before.get(*path) != Some(id))
            .map(|(path, _)| path.clone())
            .collect();
        assert_eq!(affected(&world, &[]), expected, "{name}");
        git(&world.root(), &["add", "--all"]);
        assert_eq!(affected(&world, &["--staged"]), expected, "{name}, staged");
        let files = git(&world.root(), &["diff", "--cached", "--name-only"]);
        let files: Vec<&str> = files.lines().collect();
        assert_eq!(affected(&world, &files), expected, "{name}, by file");
        git(&world.root(), &["commit", "-q", "-m", name]);
        assert_eq!(affected(&world, &["--since", "HEAD~1"]), expected, "{name}, since");
        assert_eq!(affected(&world, &[]), BTreeSet::new(), "{name}, committed");
        git(&world.root(), &["reset", "-q", "--hard", "HEAD~1"]);
    }
}

/// What changes where a link leads changes the link; a mode changes nothing; a folder sees beyond itself.
#[test]
fn links_modes_and_folders() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = world();
    world.file("m/shared/text", "package a\n\nconst S = 1\n");
    std::os::unix::fs::symlink("../shared/text", world.path("m/a/l.go")).unwrap();
    git(&world.root(), &["add", "."]);
    git(&world.root(), &["commit", "-q", "-m", "link"]);
    let all = affected(&world, &["a/a.go"]);
    assert!(all.contains("example.com/m/b") && all.contains("example.com/m/cmd/p"), "{all:?}");
    world.file("m/shared/text", "package a\n\nconst S = 2\n");
    assert_eq!(affected(&world, &[]), all, "what the link leads to");
    assert_eq!(affected(&world, &["shared/text"]), all);
    git(&world.root(), &["commit", "-q", "-a", "-m", "changed"]);
    assert_eq!(affected(&world, &["--since", "HEAD~1"]), all);
    assert_eq!(affected(&world, &["--dir", "a", "a/a.go"]), all, "asked in a folder");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(world.path("m/a/a.go"), mode).unwrap();
    assert_eq!(affected(&world, &[]), BTreeSet::new());
    git(&world.root(), &["add", "."]);
    assert_eq!(affected(&world, &["--staged"]), BTreeSet::new());
}

#[test]
fn what_is_affected_is_told_with_its_reason() {
    let world = world();
    world.file("m/a/testdata/x/golden.txt", "1\n");
    let told = world.run(&["graph", "affected", "a/testdata/x/golden.txt"]);
    assert_eq!(told.stdout, "example.com/m/a  test           a/testdata/x/golden.txt\n");
    let told = world.run(&["graph", "affected", "b/b.go"]);
    let lines = "example.com/m/b      package+test   b/b.go\nexample.com/m/cmd/p  program        imports example.com/m/b\n";
    assert_eq!(told.stdout, lines);
    let told = world.run(&["graph", "affected", "b/b.go", "--kind", "programs"]);
    assert_eq!(told.stdout, "example.com/m/cmd/p\n");
    let wrong = world.run(&["graph", "affected", "--since", "nothing"]);
    assert_eq!((wrong.status, wrong.stdout.as_str()), (2, ""));
    assert!(wrong.stderr.contains("git knows no revision nothing"), "{}", wrong.stderr);
}
