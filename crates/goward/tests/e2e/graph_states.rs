//! Ordinary states of a repository and of the environment under which go builds something else, or nothing: the go
//! command is the judge.

use crate::affected::git;
use crate::hook::go_cache;
use crate::proxy::zip;
use crate::world::{Checked, Ran, World, ran};
use std::process::Command;

/// The go command in the module, without network.
fn go(world: &World, env: &[(&str, &str)], args: &[&str]) -> Ran {
    let mut command = Command::new("go");
    command.args(args).current_dir(world.root()).env("GOMODCACHE", world.path("cache"));
    command.env("GOTOOLCHAIN", "local").env("GOPROXY", "off").env_remove("GOFLAGS");
    ran(command.envs(env.iter().copied()).output().unwrap())
}

fn goward(world: &World, env: &[(&str, &str)], args: &[&str]) -> Ran {
    let mut command = world.command(args);
    command.env("GOCACHE", go_cache()).env("GOMODCACHE", world.path("cache"));
    command.env("GOTOOLCHAIN", "local").env("GOPROXY", "off");
    ran(command.envs(env.iter().copied()).output().unwrap())
}

fn check(world: &World, env: &[(&str, &str)], args: &[&str]) -> Checked {
    let args = [&["check", "--no-history", "--format", "json"], args].concat();
    let ran = goward(world, env, &args);
    let report = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|err| panic!("{err}: {}\n{}", ran.stdout, ran.stderr));
    Checked { status: ran.status, report }
}

const METADATA: [&str; 2] = ["--group", "metadata"];
const HEAD: &str = "module example.com/m\n\ngo 1.24.0\n\ntoolchain go1.24.1\n";

/// A module that uses another one, which is in a module cache of its own, and all its sums.
fn world() -> World {
    let world = World::module();
    world.file("m/go.mod", format!("{HEAD}\nrequire example.com/uuid v1.6.0\n"));
    world.file("m/a/a.go", "package a\n");
    world.file("m/er/er.go", "package er\n\nimport _ \"example.com/uuid\"\n");
    world.file("m/cmd/q/q.go", "package main\n\nimport _ \"example.com/m/er\"\n\nfunc main() {}\n");
    let version = "proxy/example.com/uuid/@v/v1.6.0";
    world.file(&format!("{version}.zip"), zip("package uuid\n"));
    world.file(&format!("{version}.info"), "{\"Version\":\"v1.6.0\"}");
    world.file(&format!("{version}.mod"), "module example.com/uuid\n");
    world.file("proxy/example.com/uuid/@v/list", "v1.6.0\n");
    let proxy = format!("file://{}", world.path("proxy").display());
    let env = [("GOPROXY", proxy.as_str()), ("GOSUMDB", "off"), ("GOFLAGS", "-modcacherw")];
    let got = go(&world, &env, &["list", "-mod=mod", "./..."]);
    assert_eq!(got.status, 0, "{}", got.stderr);
    world
}

fn committed(world: &World) {
    git(&world.root(), &["init", "-q"]);
    git(&world.root(), &["add", "."]);
    git(&world.root(), &["commit", "-q", "-m", "one"]);
}

#[test]
fn what_go_sum_does_not_cover_go_refuses() {
    let world = world();
    committed(&world);
    let verify = goward(&world, &[], &["graph", "verify"]);
    assert_eq!(verify.status, 0, "{}{}", verify.stdout, verify.stderr);
    assert_eq!(check(&world, &[], &METADATA).status, 0);
    assert_eq!(goward(&world, &[], &["graph", "affected"]).stdout, "");
    let all = std::fs::read_to_string(world.path("m/go.sum")).unwrap();
    let of = |is_go_mod: bool| -> String {
        let lines = all.split_inclusive('\n');
        lines.filter(|line| line.contains("/go.mod ") == is_go_mod).collect()
    };
    for (state, text) in
        [("no h1:", of(true)), ("no /go.mod", of(false)), ("nothing", String::new())]
    {
        world.file("m/go.sum", text);
        assert_ne!(go(&world, &[], &["build", "-o", "/dev/null", "./..."]).status, 0, "{state}");
        let verify = goward(&world, &[], &["graph", "verify"]);
        assert_eq!(verify.status, 3, "{state}: {}", verify.stdout);
        assert!(verify.stderr.contains("go.sum has no line for example.com/uuid v1.6.0"));
        let listed = goward(&world, &[], &["plumbing", "packages"]);
        assert!(listed.stdout.contains("missing go.sum entry"), "{state}: {}", listed.stdout);
        let affected = goward(&world, &[], &["graph", "affected", "--kind", "packages"]);
        assert_eq!(affected.stdout, "example.com/m/cmd/q\nexample.com/m/er\n", "{state}");
        assert!(affected.stderr.contains("Go refuses what is imported"), "{}", affected.stderr);
        let checked = check(&world, &[], &METADATA);
        assert_eq!((checked.status, checked.verdict("import-missing")), (1, "fail"), "{state}");
        assert!(checked.error("import-missing").contains("missing go.sum entry"), "{state}");
        // What was wrong is not remembered once it is mended.
        world.file("m/go.sum", &all);
        let verify = goward(&world, &[], &["graph", "verify"]);
        assert_eq!(verify.status, 0, "{state}: {}{}", verify.stdout, verify.stderr);
    }
    world.file("m/go.sum", "example.com/uuid v1.6.0\n");
    assert_eq!(goward(&world, &[], &["graph", "stats"]).status, 3);
    assert_eq!(check(&world, &[], &METADATA).verdict("package-invalid"), "fail");
}

#[test]
fn the_flags_of_goflags_that_choose_modules_count_for_the_gate() {
    let world = world();
    let file = |path: &str| world.path(path).display().to_string();
    world.file("x.go", "package a\n\nimport _ \"example.com/m/nope\"\n");
    world.file(
        "overlay.json",
        format!("{{\"Replace\":{{\"{}\":\"{}\"}}}}", file("m/a/x.go"), file("x.go")),
    );
    world.file("m/lacks.mod", HEAD);
    world.file("m/same.mod", std::fs::read(world.path("m/go.mod")).unwrap());
    world.file("m/whole.mod", std::fs::read(world.path("m/go.mod")).unwrap());
    world.file("m/whole.sum", std::fs::read(world.path("m/go.sum")).unwrap());
    let overlay = format!("-overlay={}", file("overlay.json"));
    let cases = [
        (overlay.as_str(), Some("import-missing")),
        ("-modfile=lacks.mod", Some("import-missing")),
        // Its go.sum is same.sum.
        ("-modfile=same.mod", Some("go-sum-valid")),
        ("-modfile=whole.mod", None),
        ("-mod=vendor", Some("build-list")),
        ("-mod=readonly", None),
        ("-trimpath -buildvcs=false -tags=x,y", None),
        ("-nosuch", Some("build-list")),
        ("-tags=a b", Some("build-list")),
        ("-mod=bogus", Some("build-list")),
        ("-buildmode=bogus", Some("build-list")),
    ];
    for (goflags, failing) in cases {
        let env = [("GOFLAGS", goflags)];
        let builds = go(&world, &env, &["build", "-o", "/dev/null", "./..."]).status == 0;
        assert_eq!(builds, failing.is_none(), "{goflags}");
        let checked = check(&world, &env, &[]);
        assert_eq!(checked.status == 0, builds, "{goflags}: {:?}", checked.bad());
        if let Some(id) = failing {
            assert_eq!(checked.verdict(id), "fail", "{goflags}: {:?}", checked.bad());
        }
        // Not even where only packages are judged.
        assert_eq!(check(&world, &env, &METADATA).status == 0, builds, "{goflags}");
    }
    let missing = goward(&world, &[("GOFLAGS", "-modfile=nosuch.mod")], &["check"]);
    assert_eq!(missing.status, 2);
    assert!(missing.stderr.contains("nosuch.mod, the -modfile of GOFLAGS"), "{}", missing.stderr);
    let bogus = check(&world, &[("GOOS", "bogus")], &[]);
    assert_eq!(bogus.status, 1);
    assert!(bogus.error("build-list").contains("unsupported GOOS/GOARCH pair bogus/amd64"));
    assert_eq!(check(&world, &[("GOOS", "windows")], &[]).status, 0);
}

#[test]
fn a_vendor_folder_counts_where_mod_says_so() {
    let world = world();
    world.file("m/vendor/modules.txt", "# example.com/uuid v1.6.0\n## explicit\n");
    for (goflags, go_version, closes) in [
        ("", "1.24.0", true),
        ("-mod=readonly", "1.24.0", false),
        ("-mod=vendor", "1.24.0", true),
        ("", "1.13", false),
        ("-mod=vendor", "1.13", true),
    ] {
        let go_mod =
            format!("module example.com/m\n\ngo {go_version}\n\nrequire example.com/uuid v1.6.0\n");
        world.file("m/go.mod", go_mod);
        let env = [("GOFLAGS", goflags)];
        let builds = go(&world, &env, &["build", "-o", "/dev/null", "./..."]).status == 0;
        assert_eq!(builds, !closes, "{goflags} {go_version}");
        let checked = check(&world, &env, &METADATA);
        let expected = if closes { "fail" } else { "pass" };
        assert_eq!(checked.verdict("import-missing"), expected, "{goflags} {go_version}");
        let verify = goward(&world, &env, &["graph", "verify"]);
        assert_eq!(verify.status, 0, "{goflags} {go_version}: {}{}", verify.stdout, verify.stderr);
    }
}

#[test]
fn a_folder_of_excluded_files_is_no_package_however_broken_they_are() {
    let world = World::module();
    world.file("m/a/a.go", "package a\n");
    world.file("m/gen/z.go", "//go:build ignore\n\npackage main\n\nimport \"fmt");
    world.file("m/template/z.go", "//go:build ignore\n\npackage {{.Name}}\n");
    world.file("m/other/z_windows.go", "packag other\n");
    let args = ["-exec", "touch", "-d", "2020-01-01", "{}", "+"];
    Command::new("find").arg(world.root()).args(args).status().unwrap();
    let verify = goward(&world, &[], &["graph", "verify"]);
    assert_eq!(verify.status, 0, "{}{}", verify.stdout, verify.stderr);
    let checked = check(&world, &[], &METADATA);
    assert_eq!(checked.status, 0, "{:?}", checked.bad());
}

#[test]
fn a_replacement_that_is_not_there_matters_to_who_imports_from_it() {
    let world = World::module();
    let replaced = "\nrequire example.com/gone v0.0.0\n\nreplace example.com/gone => ../gone\n";
    world.file("m/go.mod", format!("{HEAD}{replaced}"));
    world.file("m/a/a.go", "package a\n");
    assert_eq!(go(&world, &[], &["build", "./..."]).status, 0);
    let checked = check(&world, &[], &["--skip", "replace-outside"]);
    assert_eq!(checked.status, 0, "{:?}", checked.bad());
    world.file("m/b/b.go", "package b\n\nimport _ \"example.com/gone/x\"\n");
    let verify = goward(&world, &[], &["graph", "verify"]);
    assert_eq!(verify.status, 0, "{}{}", verify.stdout, verify.stderr);
    let checked = check(&world, &[], &METADATA);
    let said = checked.error("import-missing");
    assert!(said.contains("replacement directory ../gone does not exist"), "{said}");
    let at = &checked.outcome("import-missing")["findings"][0]["location"];
    assert_eq!((at["path"].as_str(), at["line"].as_u64()), (Some("b/b.go"), Some(3)));
}

#[test]
fn a_version_that_changes_in_a_replaced_module_reaches_who_imports_from_it() {
    let world = World::module();
    for version in ["v1.0.0", "v1.1.0"] {
        let text = "module example.com/dep\n\ngo 1.24.0\n";
        world.file(&format!("cache/cache/download/example.com/dep/@v/{version}.mod"), text);
        world.file(&format!("cache/example.com/dep@{version}/go.mod"), text);
        world.file(&format!("cache/example.com/dep@{version}/dep.go"), "package dep\n");
    }
    let lib = |version: &str| {
        format!("module example.com/lib\n\ngo 1.24.0\n\nrequire example.com/dep {version}\n")
    };
    let svc = |version: &str| {
        format!(
            "module example.com/svc\n\ngo 1.24.0\n\nrequire example.com/lib v0.0.0\n\nrequire example.com/dep {version} // indirect\n\nreplace example.com/lib => ../lib\n"
        )
    };
    std::fs::remove_file(world.path("m/go.mod")).unwrap();
    world.file("m/go.work", "go 1.24.0\n\nuse ./lib\nuse ./svc\n");
    world.file("m/lib/go.mod", lib("v1.0.0"));
    world.file("m/lib/lib.go", "package lib\n\nimport _ \"example.com/dep\"\n");
    world.file("m/svc/go.mod", svc("v1.0.0"));
    world.file("m/svc/svc.go", "package svc\n\nimport _ \"example.com/lib\"\n");
    world.file("m/svc/other/other.go", "package other\n");
    committed(&world);
    world.file("m/lib/go.mod", lib("v1.1.0"));
    let args = ["graph", "affected", "--kind", "packages"];
    let reached = "example.com/lib\nexample.com/svc\n";
    assert_eq!(goward(&world, &[], &args).stdout, reached);
    git(&world.root(), &["add", "."]);
    assert_eq!(goward(&world, &[], &[&args[..], &["--staged"]].concat()).stdout, reached);
    // The same without a workspace.
    world.file("m/svc/go.mod", svc("v1.1.0"));
    let mut command = world.command(&args);
    command.current_dir(world.path("m/svc")).env("GOWORK", "off").env("GOTOOLCHAIN", "local");
    command.env("GOCACHE", go_cache()).env("GOMODCACHE", world.path("cache"));
    let alone = ran(command.output().unwrap());
    assert_eq!(alone.stdout, "example.com/svc\n", "{}", alone.stderr);
}

#[test]
fn a_driver_is_never_passed_over_in_silence() {
    let world = World::module();
    world.file("m/a/a.go", "package a\n");
    committed(&world);
    let env = [("GOPACKAGESDRIVER", "/bin/nope")];
    for (args, status) in [
        (&["graph", "verify"][..], 3),
        (&["graph", "affected"], 2),
        (&["check", "--no-history"], 0),
    ] {
        let ran = goward(&world, &env, args);
        assert_eq!(ran.status, status, "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("GOPACKAGESDRIVER is set"), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn a_go_list_that_fails_leaves_the_answer_open() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::module();
    world.file("m/z/z.go", "package z\n\nimport _ \"os\"\n");
    let path = std::env::var("PATH").unwrap();
    let found = Command::new("sh").args(["-c", "command -v go"]).output().unwrap();
    let real = String::from_utf8(found.stdout).unwrap().trim().to_owned();
    let script = format!(
        "#!/bin/sh\n[ \"$2\" = -e ] && [ \"$3\" = -deps ] || exec {real} \"$@\"\ncase $HOW in\n\
         none) ;;\nkilled) kill -9 $$;;\nfails) {real} \"$@\"; exit 1;;\n\
         cut) {real} \"$@\" | head -c 3000;;\n\
         dependencies) {real} \"$@\" | awk '{{print}} /^}}/{{n++; if(n==5) exit}}';;\nesac\n"
    );
    world.file("bin/go", script);
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(world.path("bin/go"), mode).unwrap();
    let path = format!("{}:{path}", world.path("bin").display());
    for how in ["none", "killed", "fails", "cut", "dependencies"] {
        for args in [&["graph", "stats"][..], &["graph", "why", "os"], &["plumbing", "packages"]] {
            let env = [("HOW", how), ("GOFLAGS", "-cover"), ("PATH", path.as_str())];
            let ran = goward(&world, &env, args);
            assert_eq!(ran.status, 3, "{how} {args:?}: {}{}", ran.stdout, ran.stderr);
        }
    }
    // So does a go.mod that go refuses.
    world.file("m/go.mod", format!("{HEAD}\nbogus x\n"));
    assert_eq!(goward(&world, &[], &["graph", "stats"]).status, 3);
}

#[test]
fn what_is_missing_is_asked_of_go_where_it_may_look_for_it() {
    let world = world();
    world.file("m/go.mod", HEAD);
    let proxy = format!("file://{}", world.path("proxy").display());
    let env = [
        ("GOPROXY", proxy.as_str()),
        ("GOSUMDB", "off"),
        ("GONOSUMDB", "*"),
        ("GOFLAGS", "-mod=mod"),
    ];
    let stats = goward(&world, &env, &["graph", "stats"]);
    assert!(stats.stderr.contains("-mod=mod looks for a module"), "{}", stats.stderr);
    assert!(stats.stdout.contains("1 of 1 modules"), "{}{}", stats.stdout, stats.stderr);
}

#[test]
fn stamps_are_no_changes() {
    let world = World::module();
    world.file("m/a/a.go", "package a\n");
    world.file("m/b/b.go", "package b\n");
    committed(&world);
    let args = ["-exec", "touch", "-d", "2020-01-01", "{}", "+"];
    Command::new("find").arg(world.root()).args(args).status().unwrap();
    assert_eq!(goward(&world, &[], &["graph", "affected"]).stdout, "");
    world.file("m/b/b.go", "package b\n\nconst B = 1\n");
    let affected = goward(&world, &[], &["graph", "affected", "--kind", "packages"]);
    assert_eq!(affected.stdout, "example.com/m/b\n");
}

#[test]
fn other_platforms_of_the_policy_are_held_against_every_check_of_packages() {
    let world = World::policy("[metadata]\nplatforms = [\"windows/amd64\"]\n");
    world.file("m/a/a.go", "package a\n").file("m/lib/internal/x/x.go", "package x\n");
    for (check_id, source) in [
        ("embed-missing", "import _ \"embed\"\n\n//go:embed nope.txt\nvar x string\n"),
        ("internal-import", "import _ \"example.com/m/lib/internal/x\"\n"),
        ("import-missing", "import _ \"example.com/m/nope\"\n"),
    ] {
        world.file("m/a/a_windows.go", format!("package a\n\n{source}"));
        let checked = check(&world, &[], &METADATA);
        assert_eq!((checked.status, checked.verdict(check_id)), (1, "fail"), "{check_id}");
        assert!(checked.error(check_id).contains("windows/amd64"), "{}", checked.error(check_id));
    }
}

#[test]
fn a_toolchain_of_the_path_is_not_taken_from_the_module_cache() {
    let world = World::module();
    world.file("m/a/a.go", "package a\n");
    let verify = goward(&world, &[("GOTOOLCHAIN", "go1.24.11+path")], &["graph", "verify"]);
    assert_eq!(verify.status, 3, "{}", verify.stdout);
    assert!(verify.stderr.contains("go1.24.11, which is not in the PATH"), "{}", verify.stderr);
}
