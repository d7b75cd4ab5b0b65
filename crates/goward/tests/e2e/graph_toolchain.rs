//! The toolchain that Go runs in a folder is the one that is asked, and no other.

use crate::hook::go_cache;
use crate::world::{Ran, World, ran};

fn go_env(name: &str) -> String {
    let output = std::process::Command::new("go").args(["env", name]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// goward under a toolchain, with the user's caches.
fn under(world: &World, toolchain: &str, args: &[&str]) -> Ran {
    let mut command = world.command(args);
    command.env("GOCACHE", go_cache()).env("GOMODCACHE", go_env("GOMODCACHE"));
    ran(command.env("GOTOOLCHAIN", toolchain).output().unwrap())
}

/// A package that only Go 1.26 and later have, and who imports it.
fn of_1_26() -> World {
    let world = World::module();
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n");
    world.file("m/a/a.go", "//go:build go1.26\n\npackage a\n\nvar A = 1\n");
    world.file("m/b/b.go", "package b\n\nimport (\n\t\"errors\"\n\t\"example.com/m/a\"\n)\n\nvar B, E = a.A, errors.New(\"\")\n");
    // Fetched here: goward itself downloads none.
    let fetch = std::process::Command::new("go")
        .arg("version")
        .env("GOTOOLCHAIN", "go1.24.11")
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&fetch.stdout).contains("go1.24.11"), "{fetch:?}");
    world
}

#[test]
fn the_toolchain_of_the_environment_decides_what_is_built() {
    let world = of_1_26();
    let check = ["check", "--only", "package-excluded", "--no-history"];
    assert_eq!(under(&world, "local", &check).status, 0);
    let older = under(&world, "go1.24.11", &check);
    assert_eq!(older.status, 1, "{}", older.stdout);
    let verify = under(&world, "go1.24.11", &["graph", "verify"]);
    assert_eq!(verify.status, 0, "{}{}", verify.stdout, verify.stderr);
    let listed = under(&world, "go1.24.11", &["plumbing", "packages", "."]);
    assert!(listed.stdout.contains("toolchain@v0.0.1-go1.24.11"), "{}", listed.stdout);
}

#[test]
fn a_toolchain_that_is_not_here_is_named_and_not_replaced() {
    let world = of_1_26();
    for (setting, what) in [
        ("go1.99.1", "selects go1.99.1, which is not in the module cache"),
        ("junk", "invalid GOTOOLCHAIN \"junk\""),
    ] {
        let verify = under(&world, setting, &["graph", "verify"]);
        assert_ne!(verify.status, 0, "{setting}: {}", verify.stdout);
        assert!(verify.stderr.contains(what), "{setting}: {}", verify.stderr);
    }
    // By the line of go.mod, where Go chooses by itself.
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n\ntoolchain go1.99.1\n");
    let verify = under(&world, "auto", &["graph", "verify"]);
    assert_eq!(verify.status, 3, "{}{}", verify.stdout, verify.stderr);
    assert_eq!(under(&world, "local", &["graph", "verify"]).status, 0);
}
