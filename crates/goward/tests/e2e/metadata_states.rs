//! Checks of packages and requirements in states that developers make, with the go command as the judge.

use crate::world::World;
use std::process::Command;

const METADATA: [&str; 2] = ["--group", "metadata"];

fn go(world: &World, dir: &str, args: &[&str]) -> bool {
    let mut command = Command::new("go");
    command.args(args).current_dir(world.path(dir)).env("GOPROXY", "off");
    command.env("GOTOOLCHAIN", "local").env("GOFLAGS", "").output().unwrap().status.success()
}

#[test]
fn folders_that_differ_only_in_case_are_told_once() {
    let world = World::module();
    world.file("m/web/Static/a.css", "a").file("m/web/static/b.css", "b");
    world.file("m/web/static/deep/c.css", "c").file("m/web/Static/deep/c.css", "c");
    let checked = world.check(&METADATA);
    let findings = checked.outcome("path-case")["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(checked.error("path-case").contains("web/Static and web/static"));
}

#[test]
fn an_embed_needs_its_import() {
    let world = World::module();
    world.file("m/a/x.txt", "x");
    world.file("m/a/a.go", "package a\n\n//go:embed x.txt\nvar x string\n");
    assert!(!go(&world, "m", &["build", "./..."]));
    let checked = world.check(&METADATA);
    assert_eq!((checked.status, checked.verdict("embed-missing")), (1, "fail"));
    // What only looks like one.
    world.file("m/a/a.go", "package a\n\nvar x = `\n//go:embed x.txt\n`\n");
    assert!(go(&world, "m", &["build", "./..."]));
    assert_eq!(world.check(&METADATA).status, 0);
}

#[test]
fn a_module_within_the_path_may_use_what_is_internal() {
    let world = World::module();
    world.file("m/cmd/p/p.go", "package main\n\nfunc main() {}\n");
    world.file("m/internal/x/x.go", "package x\n\nimport _ \"example.com/m/internal/y\"\n");
    world.file("m/internal/y/y.go", "package y\n");
    let checked = world.check(&METADATA);
    assert_eq!(checked.verdict("package-unreached"), "fail");
    world.file(
        "m/svc/go.mod",
        "module example.com/m/svc\n\ngo 1.24.0\n\nrequire example.com/m v0.0.0\n\nreplace example.com/m => ../\n",
    );
    let source = "package main\n\nimport _ \"example.com/m/internal/x\"\n\nfunc main() {}\n";
    world.file("m/svc/cmd/main.go", source);
    assert!(go(&world, "m/svc", &["build", "-o", "/dev/null", "./cmd"]));
    let checked = world.check(&METADATA);
    assert_eq!(checked.verdict("package-unreached"), "pass");
}

#[test]
fn a_package_may_be_called_as_its_folder() {
    let world = World::module();
    world.file("m/x/v2/x.go", "package v2\n");
    world.file("m/a/a.go", "package a\n\nimport \"example.com/m/x/v2\"\n\nvar _ = v2.X\n");
    assert_eq!(world.check(&METADATA).verdict("package-name"), "pass");
    world.file("m/x/v2/x.go", "package other\n");
    assert_eq!(world.check(&METADATA).verdict("package-name"), "fail");
}

#[test]
fn what_go_mod_tidy_would_add_is_missing_for_each_check_alone() {
    let world = World::module();
    world.file("m/a/a.go", "package a\n\nimport _ \"example.com/other/lib\"\n");
    let checked = world.check(&["--only", "requirement-missing"]);
    assert_eq!(checked.verdict("requirement-missing"), "fail");
    // What the missing one imports may need the others.
    world.file("gone/go.mod", "module example.com/gone\n\ngo 1.24.0\n");
    world.file(
        "m/go.mod",
        "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/gone v0.0.0\n\nreplace example.com/gone => ../gone\n",
    );
    assert_eq!(world.check(&METADATA).verdict("requirement-unused"), "skip");
    world.file("m/a/a.go", "package a\n");
    assert_eq!(world.check(&METADATA).verdict("requirement-unused"), "fail");
}

#[test]
fn a_listing_that_contradicts_itself_or_the_folder_is_open() {
    let world = World::module();
    world.file("m/a/a.go", "package a\n");
    world.file("m/b/b.go", "package b\n\nimport _ \"example.com/m/a\"\n");
    let mut list = Command::new("go");
    list.args(["list", "-e", "-deps", "-test", "-json", "./..."]).current_dir(world.root());
    let listed = list.env("GOTOOLCHAIN", "local").output().unwrap().stdout;
    let objects = serde_json::Deserializer::from_slice(&listed).into_iter::<serde_json::Value>();
    let objects: Vec<_> = objects.map(Result::unwrap).collect();
    let with = |changed: serde_json::Value| {
        let mut text = String::new();
        for mut object in objects.clone() {
            if object["ImportPath"] == "example.com/m/b" {
                object.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
            }
            text += &format!("{object}\n");
        }
        world.file("list.json", text);
        let list = world.path("list.json").display().to_string();
        world.check(&["--group", "metadata", "--from-list", &list])
    };
    assert_eq!(with(serde_json::json!({})).status, 0);
    for changed in [
        serde_json::json!({ "Imports": [] }),
        serde_json::json!({ "Deps": ["fmt"] }),
        serde_json::json!({ "Incomplete": true }),
        serde_json::json!({ "GoFiles": ["zz.go"] }),
        serde_json::json!({ "Dir": "/nonexistent/b" }),
    ] {
        assert_eq!(with(changed.clone()).status, 3, "{changed}");
    }
}

#[test]
fn a_listing_may_come_over_any_pipe() {
    let world = World::module();
    world.file("m/a/a.go", "package a\n");
    let pipe = world.path("pipe").display().to_string();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let line = "go list -e -deps -test -json ./... > \"$0\"";
    let mut writer = Command::new("sh");
    writer.args(["-c", line, &pipe]).current_dir(world.root()).env("GOTOOLCHAIN", "local");
    let mut writer = writer.spawn().unwrap();
    let checked = world.check(&["--group", "metadata", "--from-list", &pipe]);
    writer.wait().unwrap();
    assert_eq!(checked.status, 0, "{:?}", checked.bad());
}

#[test]
fn before_go_1_17_a_requirement_of_the_tests_of_others_is_indirect_and_not_unused() {
    let world = World::module();
    world.file(
        "mid/go.mod",
        "module example.com/mid\n\ngo 1.16\n\nrequire example.com/dep v0.0.0\n",
    );
    world.file("mid/mid.go", "package mid\n");
    world.file("mid/mid_test.go", "package mid\n\nimport _ \"example.com/dep\"\n");
    world
        .file("dep/go.mod", "module example.com/dep\n\ngo 1.16\n")
        .file("dep/dep.go", "package dep\n");
    world.file("m/a/a.go", "package a\n\nimport _ \"example.com/mid\"\n");
    let go_mod = |indirect: &str| {
        format!(
            "module example.com/m\n\ngo 1.16\n\nrequire (\n\texample.com/dep v0.0.0{indirect}\n\texample.com/mid v0.0.0\n)\n\nreplace (\n\texample.com/dep => ../dep\n\texample.com/mid => ../mid\n)\n"
        )
    };
    world.file("m/go.mod", go_mod(""));
    let checked = world.check(&METADATA);
    assert_eq!(checked.verdict("requirement-unused"), "pass", "{:?}", checked.bad());
    assert_eq!(checked.verdict("requirement-indirect"), "fail");
    assert!(!go(&world, "m", &["mod", "tidy", "-diff"]));
    world.file("m/go.mod", go_mod(" // indirect"));
    assert_eq!(world.check(&METADATA).verdict("requirement-indirect"), "pass");
}
