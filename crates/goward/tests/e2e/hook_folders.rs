//! `goward hook run` and folders that somebody names: workspaces among vendored code and fixtures, submodules, links,
//! templates.

use crate::affected::git;
use crate::hook::{REPLACES, add, blocked, commit, go_cache, good, hook, submodule, world};
use crate::world::{World, ran};
use std::fs;

const LIB_MOD: &str = "module example.com/lib\n\ngo 1.24.0\n";

/// Package `a` calls a function of a submodule that a replace puts in the place of its module.
fn with_lib() -> World {
    let world = world();
    submodule(&world, "lib", &[("go.mod", LIB_MOD), ("l.go", "package lib\n\nfunc L() {}\n")]);
    let replaced = "\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ./lib\n";
    world.file("m/go.mod", format!("module example.com/m\n\ngo 1.24.0\n{replaced}"));
    let go = "package a\n\nimport \"example.com/lib\"\n\nfunc A() int { lib.L(); return 1 }\n";
    world.file("m/a/a.go", go);
    world.file("m/goward.toml", REPLACES);
    add(&world, ".");
    good(&world);
    commit(&world);
    world
}

/// `go mod vendor` copies a go.work that lies beside a package, and not what it uses.
#[test]
fn a_vendored_go_work_is_no_workspace() {
    let world = world();
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/w v1.0.0\n");
    world.file(
        "m/vendor/modules.txt",
        "# example.com/w v1.0.0\n## explicit; go 1.24\nexample.com/w\n",
    );
    world.file("m/vendor/example.com/w/w.go", "package w\n");
    world.file("m/vendor/example.com/w/go.work", "go 1.24.0\n\nuse .\nuse ./sub\n");
    world
        .file("m/a/a.go", "package a\n\nimport _ \"example.com/w\"\n\nfunc A() int { return 1 }\n");
    add(&world, ".");
    // No sum is committed at all, and nobody asks for one.
    good(&world);
    commit(&world);
    world.file("m/vendor/example.com/w/w.go", "package w\n\nvar W = 1\n");
    add(&world, ".");
    good(&world);
    commit(&world);
    // The folder goes, and what imported it.
    git(&world.root(), &["rm", "-r", "-q", "vendor"]);
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n");
    world.file("m/a/a.go", "package a\n\nfunc A() int { return 2 }\n");
    add(&world, ".");
    good(&world);
    world.file("m/a/a.go", "package a\n\nfunc A() int { return nope }\n");
    add(&world, ".");
    blocked(&world, "undefined: nope");
}

#[test]
fn a_go_work_among_fixtures_is_one_of_them() {
    let world = world();
    world.file("m/a/testdata/w/go.work", "go 1.24.0\n\nuse ./gone\n");
    world.file("m/a/testdata/bad/go.work", "gone 1.24.0\n");
    world.file("m/_x/w/go.work", "go 1.24.0\n\nuse ./broken\n");
    world.file("m/_x/w/broken/go.mod", "module example.com/broken\n");
    world.file("m/_x/w/broken/b.go", "package b\n\nvar B = nope\n");
    add(&world, ".");
    good(&world);
}

/// What no Go reads before a generator has been there may come, move and change.
#[test]
fn a_scaffold_s_go_mod_is_none() {
    let world = world();
    world.file("m/templates/svc/go.mod", "module {{.Module}}\n\ngo 1.24\n");
    world.file("m/templates/svc/main.go", "package main\n\nimport \"{{.Module}}/x\"\n");
    add(&world, ".");
    good(&world);
    commit(&world);
    git(&world.root(), &["mv", "templates", "tmpl"]);
    world.file("m/tmpl/svc/go.mod", "module {{.Module}}\n\ngo 1.25\n");
    add(&world, ".");
    good(&world);
    world.file("m/other/go.mod", "modul x\n");
    add(&world, ".");
    blocked(&world, "other/go.mod:1:1");
}

#[test]
fn a_submodule_that_loses_its_name_is_lost_by_the_commit() {
    let world = with_lib();
    git(&world.root(), &["rm", "-q", "--cached", ".gitmodules"]);
    blocked(&world, "the submodule lib loses its name");
    blocked(&world, "git checkout HEAD -- .gitmodules");
    git(&world.root(), &["reset", "-q", "--hard"]);
    git(&world.root(), &["config", "-f", ".gitmodules", "submodule.lib.path", "other"]);
    world.file("m/b/b.go", "package b\n\nvar B = nope\n");
    add(&world, ".");
    blocked(&world, "the submodule lib loses its name");
    commit(&world);
    let since = world.run(&["hook", "run", "--since", "HEAD~1"]);
    assert_eq!(since.status, 1, "{}", since.stderr);
    assert!(since.stderr.contains("the submodule lib loses its name"), "{}", since.stderr);
}

/// It is there, and what is staged of it has no such module: that is the commit's.
#[test]
fn a_module_that_a_submodule_does_not_have_is_the_commits_fault() {
    let world = with_lib();
    fs::create_dir(world.path("m/lib/v2")).unwrap();
    git(&world.path("m/lib"), &["mv", "go.mod", "l.go", "v2"]);
    git(&world.path("m/lib"), &["commit", "-q", "-m", "v2"]);
    world.file(
        "m/go.mod",
        fs::read_to_string(world.path("m/go.mod")).unwrap().replace("./lib", "./lib/v2"),
    );
    add(&world, "go.mod");
    blocked(&world, "go.mod:1:1");
    blocked(&world, "git add lib");
    add(&world, ".");
    good(&world);
}

/// Whether what needs the files of an empty submodule compiles nobody knows; the rest does.
#[test]
fn files_of_a_submodule_that_is_not_checked_out_are_missed_where_they_are_needed() {
    let world = world();
    submodule(&world, "clib", &[("include/f.h", "#define F 1\n")]);
    submodule(&world, "ui", &[("web/index.html", "x\n")]);
    let cgo = "package d\n\n// #cgo CFLAGS: -I${SRCDIR}/../clib/include\n// #include <f.h>\nimport \"C\"\n\nconst D = C.F\n";
    world.file("m/d/d.go", cgo);
    let embeds = "package m\n\nimport \"embed\"\n\n//go:embed ui/web/*.html\nvar F embed.FS\n";
    world.file("m/m.go", embeds);
    add(&world, ".");
    good(&world);
    commit(&world);
    git(&world.root(), &["submodule", "-q", "deinit", "-f", "clib", "ui"]);
    for (file, text, name) in [("d/d.go", cgo, "clib"), ("m.go", embeds, "ui")] {
        world.file(&format!("m/{file}"), format!("{text}\n// More.\n"));
        add(&world, file);
        let ran = hook(&world, &[]);
        assert_eq!(ran.status, 3, "{}", ran.stderr);
        assert!(
            ran.stderr.contains(&format!("git submodule update --init {name}")),
            "{}",
            ran.stderr
        );
        git(&world.root(), &["reset", "-q", "--hard"]);
    }
    world.file("m/a/a.go", "package a\n\nfunc A() int { return 3 }\n");
    add(&world, ".");
    good(&world);
}

#[test]
fn a_submodule_that_becomes_a_module_is_embedded_no_more() {
    let world = world();
    submodule(&world, "ui", &[("web/index.html", "x\n")]);
    world.file(
        "m/m.go",
        "package m\n\nimport \"embed\"\n\n//go:embed ui/web/*.html\nvar F embed.FS\n",
    );
    add(&world, ".");
    good(&world);
    commit(&world);
    world.file("m/ui/go.mod", "module example.com/ui\n");
    git(&world.path("m/ui"), &["add", "."]);
    git(&world.path("m/ui"), &["commit", "-q", "-m", "module"]);
    add(&world, "ui");
    blocked(&world, "in different module");
}

#[cfg(unix)]
#[test]
fn a_link_that_turns_is_no_document() {
    let world = world();
    world.file("m/real/go.mod", "module example.com/r\n\ngo 1.24.0\n");
    world.file("m/real/r.go", "package r\n");
    world.file("m/goward.toml", REPLACES);
    let replaced = "\nrequire example.com/r v0.0.0\n\nreplace example.com/r => ./l1\n";
    world.file("m/go.mod", format!("module example.com/m\n\ngo 1.24.0\n{replaced}"));
    let go = "package a\n\nimport _ \"example.com/r\"\n\nfunc A() int { return 1 }\n";
    world.file("m/a/a.go", go);
    std::os::unix::fs::symlink("real", world.path("m/l1")).unwrap();
    add(&world, ".");
    good(&world);
    commit(&world);
    fs::remove_file(world.path("m/l1")).unwrap();
    std::os::unix::fs::symlink("a", world.path("m/l1")).unwrap();
    add(&world, ".");
    assert_eq!(hook(&world, &[]).status, 1);
}

/// A file that git ignores in a package of the commit cannot be added.
#[test]
fn an_ignored_file_that_breaks_has_a_fix_of_its_own() {
    let world = world();
    world.file("m/a/mine_gen.go", "package a\n\nvar M = gone\n");
    world.file("m/a/a.go", "package a\n\nfunc A() int { return 5 }\n");
    add(&world, ".");
    blocked(&world, "a/mine_gen.go:3:9: undefined: gone");
    blocked(&world, "correct it, or move it away");
    // Where its package becomes one of this module, nobody needs it.
    fs::remove_file(world.path("m/a/mine_gen.go")).unwrap();
    world.file("m/n/go.mod", "module example.com/m/n\n");
    world.file("m/n/n.go", "package n\n");
    world.file("m/n/own/x_gen.go", "package own\n\nvar X = gone\n");
    add(&world, ".");
    good(&world);
    commit(&world);
    git(&world.root(), &["rm", "-q", "n/go.mod"]);
    good(&world);
}

/// Only the lines of this platform count, in their order.
#[test]
fn folders_of_headers_are_those_of_this_platform() {
    let world = world();
    let (this, other) =
        if cfg!(target_os = "linux") { ("linux", "darwin") } else { ("darwin", "linux") };
    let go = format!(
        "package d\n\n// #cgo {other} CFLAGS: -I${{SRCDIR}}/../one\n// #cgo {this} CFLAGS: -I${{SRCDIR}}/../two\n// #include \"plat.h\"\nimport \"C\"\n\nconst D = C.PLATFORM\n"
    );
    world.file("m/d/d.go", go.clone());
    for dir in ["one", "two"] {
        world.file(&format!("m/{dir}/plat.h"), "#define PLATFORM 1\n");
    }
    add(&world, ".");
    good(&world);
    commit(&world);
    world.file("m/one/plat.h", "#define NOTHING 1\n");
    world.file("m/d/d.go", format!("{go}\n// More.\n"));
    add(&world, "d");
    good(&world);
    git(&world.root(), &["reset", "-q", "--hard"]);
    world.file("m/two/plat.h", "#define NOTHING 1\n");
    add(&world, ".");
    blocked(&world, "could not determine what C.PLATFORM refers to");
    git(&world.root(), &["reset", "-q", "--hard"]);
    git(&world.root(), &["rm", "-q", "--cached", "two/plat.h"]);
    blocked(&world, "plat.h is included, and is not staged");
}

/// How large repositories are cloned: what lies outside the cone git fetches file by file, and is asked for only where a
/// module that is loaded has it.
#[test]
fn a_partial_clone_is_asked_for_what_is_needed_alone() {
    let world = world();
    for (name, requires) in [
        ("m", ""),
        ("far", ""),
        ("uses", "\nrequire example.com/far v0.0.0\n\nreplace example.com/far => ../far\n"),
    ] {
        world.file(
            &format!("up/{name}/go.mod"),
            format!("module example.com/{name}\n\ngo 1.24.0\n{requires}"),
        );
        world.file(&format!("up/{name}/f.go"), format!("package {name}\n"));
    }
    world.file("up/goward.toml", REPLACES);
    world.file("up/far/x.h", "\n");
    world.file("up/uses/f.go", "package uses\n\nimport _ \"example.com/far\"\n");
    let (up, url) = (world.path("up"), format!("file://{}", world.path("up").display()));
    for args in [
        &["init", "-q"][..],
        &["config", "uploadpack.allowFilter", "true"],
        &["config", "uploadpack.allowAnySHA1InWant", "true"],
        &["add", "."],
        &["commit", "-q", "-m", "x"],
    ] {
        git(&up, args);
    }
    fs::remove_dir_all(world.root()).unwrap();
    let root = world.root().to_string_lossy().into_owned();
    git(&world.path(""), &["clone", "-q", "--filter=blob:none", "--sparse", &url, &root]);
    git(&world.root(), &["sparse-checkout", "set", "m", "uses"]);
    // One header outside the cone asks for nothing either.
    // What git fetches it keeps: the go.mod of each module, which says what it names.
    let run = || {
        let mut command = world.command(&["hook", "run"]);
        ran(command.env("GOCACHE", go_cache()).output().unwrap())
    };
    world.file("m/m/f.go", "package m\n\nvar X = 1\n");
    add(&world, ".");
    assert_eq!(run().status, 0);
    fs::rename(&up, world.path("gone")).unwrap();
    world.file("m/README", "x\n");
    world.file("m/m/f.go", "package m\n\nvar X = 2\n");
    add(&world, "README");
    add(&world, "m");
    assert_eq!(run().status, 0);
    world.file("m/uses/f.go", "package uses\n\nimport _ \"example.com/far\"\n\nvar X = 2\n");
    add(&world, "uses");
    let lacking = run();
    assert_eq!(lacking.status, 3, "{}", lacking.stderr);
    let said = "this clone does not have all that is needed";
    assert!(lacking.stderr.contains(said), "{}", lacking.stderr);
    fs::rename(world.path("gone"), &up).unwrap();
    let whole = run();
    assert_eq!(whole.status, 0, "{}", whole.stderr);
}

/// A go.mod that a developer names in GOFLAGS, and that the commit does not have, is his own.
#[test]
fn a_developer_s_own_modfile_is_not_the_commits() {
    let world = world();
    world.file("m/lib/go.mod", LIB_MOD);
    world.file("m/lib/l.go", "package lib\n\nfunc L() {}\n");
    world.file("m/.gitignore", "*_gen.go\ngo.local.mod\n");
    let replaced = "\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ./lib\n";
    world.file("m/go.local.mod", format!("module example.com/m\n\ngo 1.24.0\n{replaced}"));
    let go = "package a\n\nimport \"example.com/lib\"\n\nfunc A() int { lib.L(); return 1 }\n";
    world.file("m/a/a.go", go);
    add(&world, ".");
    let run = || {
        let mut command = world.command(&["hook", "run"]);
        command.env("GOFLAGS", "-modfile=go.local.mod");
        ran(command.env("GOCACHE", go_cache()).output().unwrap())
    };
    let own = run();
    assert_eq!(own.status, 1, "{}", own.stderr);
    assert!(own.stderr.contains("a/a.go:3:8"), "{}", own.stderr);
    git(&world.root(), &["add", "-f", "go.local.mod"]);
    let both = run();
    assert_eq!(both.status, 0, "{}", both.stderr);
}

/// Before the first commit all is new.
#[test]
fn all_is_affected_before_the_first_commit() {
    let world = world();
    fs::remove_dir_all(world.path("m/.git")).unwrap();
    git(&world.root(), &["init", "-q"]);
    let affected = world.run(&["graph", "affected"]);
    assert_eq!(affected.status, 0, "{}", affected.stderr);
    assert!(affected.stdout.contains("example.com/m/b"), "{}", affected.stdout);
}
