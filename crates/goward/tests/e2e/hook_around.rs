//! What is around a commit: modules that were broken before, links on the way to them, fences, remotes, settings.

use crate::affected::git;
use crate::hook::{
    KEY, REPLACES, add, blocked, commit, git_in, go_cache, good, hook, submodule, world,
};
use crate::world::{Ran, World, ran};
use std::fs;
use std::os::unix::fs::symlink;

const LIB: &str = "module example.com/lib\n\ngo 1.24.0\n";

/// The hook with a variable of the environment.
fn with(world: &World, name: &str, value: &str) -> Ran {
    let mut command = world.command(&["hook", "run"]);
    ran(command.env("GOCACHE", go_cache()).env(name, value).output().unwrap())
}

#[test]
fn a_neighbour_that_was_broken_before_is_named_and_blocks_nobody() {
    let world = world();
    let stale = "module example.com/e\n\ngo 1.24\n\nrequire example.com/m v0.0.0\n\nreplace example.com/m => ../\n";
    world.file("m/goward.toml", REPLACES);
    world.file("m/examples/go.mod", stale);
    world.file("m/examples/e.go", "package e\n\nimport _ \"example.com/m/a\"\n");
    add(&world, ".");
    commit(&world);
    world.file("m/a/a.go", "package a\n\n// A is one.\nfunc A() int { return 1 }\n");
    add(&world, "a");
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let words = "examples is not compiled, as before this change: updates to go.mod";
    assert!(ran.stderr.contains(words), "{}", ran.stderr);
    // What the commit itself breaks is its own.
    world.file("m/examples/go.mod", stale.replace("go 1.24\n", "go 1.24.0\n"));
    add(&world, ".");
    good(&world);
    commit(&world);
    world.file("m/go.mod", "module example.com/m\n\ngo 1.25.0\n");
    add(&world, "go.mod");
    blocked(&world, "updates to go.mod needed");
}

/// Three modules without sums, each in the place of the one before.
fn chain() -> World {
    let world = world();
    world.file("m/goward.toml", REPLACES);
    let names = ["m1", "m2", "m3"];
    for (at, name) in names.iter().enumerate() {
        let mut text = format!("module example.com/{name}\n\ngo 1.24.0\n");
        for other in &names[..at] {
            text += &format!(
                "\nrequire example.com/{other} v0.0.0\nreplace example.com/{other} => ../{other}\n"
            );
        }
        world.file(&format!("m/{name}/go.mod"), text);
        let import = names[..at].last().map(|last| format!("import _ \"example.com/{last}\"\n"));
        let text = format!("package {name}\n\n{}", import.unwrap_or_default());
        world.file(&format!("m/{name}/f.go"), text);
    }
    add(&world, ".");
    commit(&world);
    world
}

#[test]
fn a_module_in_the_middle_of_others_is_judged_by_itself() {
    let world = chain();
    let text = fs::read_to_string(world.path("m/m2/go.mod")).unwrap();
    world.file("m/m2/go.mod", text.replace("../m1", "../nowhere"));
    add(&world, ".");
    assert_eq!(hook(&world, &[]).status, 1);
    world.file("m/m2/go.mod", text.split("replace").next().unwrap());
    add(&world, ".");
    assert_eq!(hook(&world, &[]).status, 1);
    world.file("m/m2/go.mod", text);
    world.file("m/m2/f.go", "package m2\n\nimport _ \"example.com/m4\"\n");
    add(&world, ".");
    blocked(&world, "m2/f.go:3:8: ");
}

#[test]
fn links_on_the_way_to_a_module_are_followed() {
    let world = world();
    world.file("m/goward.toml", REPLACES);
    world.file("m/deep/real/go.mod", "module example.com/r\n\ngo 1.24.0\n");
    world.file("m/deep/real/r.go", "package r\n\nvar R = 1\n");
    symlink("deep", world.path("m/way")).unwrap();
    symlink("way/real", world.path("m/link")).unwrap();
    world.file(
        "m/go.mod",
        "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/r v0.0.0\n\nreplace example.com/r => ./link\n",
    );
    world
        .file("m/a/a.go", "package a\n\nimport \"example.com/r\"\n\nfunc A() int { return r.R }\n");
    world.file("m/other/real/go.mod", "module example.com/r\n\ngo 1.24.0\n");
    world.file("m/other/real/r.go", "package r\n\nvar Q = 1\n");
    add(&world, ".");
    commit(&world);
    world.file("m/deep/real/r.go", "package r\n\nvar RR = 1\n");
    add(&world, "deep");
    blocked(&world, "a/a.go:5:25: undefined: r.R");
    git(&world.root(), &["reset", "-q", "--hard"]);
    fs::remove_file(world.path("m/way")).unwrap();
    symlink("other", world.path("m/way")).unwrap();
    add(&world, "way");
    blocked(&world, "a/a.go:5:25: undefined: r.R");
}

/// Go takes paths as they are written: of the workspace's module nothing would be of this folder.
#[test]
fn a_workspace_that_is_named_by_a_link_is_no_answer() {
    let world = world();
    world.file("m/go.work", "go 1.24.0\n\nuse .\n");
    add(&world, ".");
    commit(&world);
    let link = world.path("link");
    symlink(world.root(), &link).unwrap();
    world.file("m/a/a.go", "package a\n\nvar X = nope\n");
    add(&world, "a");
    let ran = with(&world, "GOWORK", &link.join("go.work").to_string_lossy());
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("name the folder itself"), "{}", ran.stderr);
    let ran = with(&world, "GOFLAGS", "-mod=mod");
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("see `go env GOFLAGS GOWORK`"), "{}", ran.stderr);
}

#[test]
fn an_empty_go_mod_is_a_fence() {
    let world = world();
    world.file("m/node_modules/go.mod", "// nothing of Go below\n");
    add(&world, ".");
    good(&world);
    world.file("m/node_modules/n.go", "package n\n");
    add(&world, ".");
    blocked(&world, "node_modules/go.mod:1:1: Go cannot read go.mod: missing module declaration");
}

#[test]
fn a_workspace_s_submodule_that_is_not_checked_out_is_no_answer() {
    let world = world();
    submodule(&world, "lib", &[("go.mod", LIB)]);
    world.file("m/go.work", "go 1.24.0\n\nuse .\nuse ./lib\n");
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["submodule", "-q", "deinit", "-f", "lib"]);
    world.file("m/a/a.go", "package a\n\nfunc A() int { return 2 }\n");
    add(&world, "a");
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("`git submodule update --init lib`"), "{}", ran.stderr);
}

#[test]
fn what_a_module_of_the_workspace_replaces_needs_no_sum() {
    let world = world();
    world.file("m/goward.toml", format!("{REPLACES}[checks.replace-outside]\nenabled = false\n"));
    let requires = "require example.com/r v1.0.0\n";
    world.file("m/go.mod", format!("module example.com/m\n\ngo 1.24.0\n\n{requires}"));
    world.file("m/go.work", "go 1.24.0\n\nuse .\nuse ./two\n");
    let two = format!(
        "module example.com/two\n\ngo 1.24.0\n\n{requires}\nreplace example.com/r => ../r\n"
    );
    world.file("m/two/go.mod", two);
    world.file("m/two/f.go", "package two\n\nimport _ \"example.com/r\"\n");
    world
        .file("m/a/a.go", "package a\n\nimport _ \"example.com/r\"\n\nfunc A() int { return 1 }\n");
    world.file("m/r/go.mod", "module example.com/r\n\ngo 1.24.0\n");
    world.file("m/r/r.go", "package r\n");
    add(&world, ".");
    good(&world);
}

#[test]
fn conflicts_are_found_in_tests_that_nobody_compiles_here() {
    let world = world();
    let conflict = "<<<<<<< HEAD\nvar X = 1\n=======\nvar X = 2\n>>>>>>> f\n";
    world.file("m/a/c_windows_test.go", format!("package a\n\n{conflict}"));
    add(&world, ".");
    blocked(&world, "a/c_windows_test.go:3:1: a conflict that nobody resolved");
    world.file("m/a/c_windows_test.go", format!("package a\n\nconst in = `\n{conflict}`\n"));
    add(&world, ".");
    good(&world);
}

#[test]
fn what_a_policy_allows_is_named_from_its_folder_too() {
    let world = world();
    world.file("m/goward.toml", "[hook]\nallow = [\"svc/fixed/**\"]\n");
    world.file("m/svc/go.mod", "module example.com/svc\n\ngo 1.24.0\n");
    world.file("m/svc/fixed/a.pem", KEY);
    add(&world, ".");
    good(&world);
    // Two bytes a character, without a mark.
    let wide: Vec<u8> = KEY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    world.file("m/svc/b.txt", wide);
    add(&world, ".");
    blocked(&world, "svc/b.txt:1:1: a private key is about to be committed");
}

/// A bare repository beside, as a remote that has `main`.
fn remote(world: &World, name: &str) {
    let far = world.path(&format!("{name}.git"));
    fs::create_dir_all(&far).unwrap();
    git(&far, &["init", "-q", "--bare"]);
    git(&world.root(), &["remote", "add", name, &far.to_string_lossy()]);
    git(&world.root(), &["push", "-q", "--no-verify", name, "HEAD:refs/heads/main"]);
}

/// Two remotes, of which only `inner` has a key.
fn leaked() -> World {
    let world = world();
    let root = world.root();
    git(&root, &["branch", "-M", "main"]);
    remote(&world, "open");
    remote(&world, "inner");
    world.file("m/key.pem", KEY);
    add(&world, ".");
    commit(&world);
    git(&root, &["push", "-q", "inner", "main"]);
    world
}

#[test]
fn what_one_remote_has_another_may_not_have() {
    let world = leaked();
    let root = world.root();
    git(&root, &["rm", "-q", "key.pem"]);
    commit(&world);
    assert!(world.command(&["hook", "install", "--push"]).status().unwrap().success());
    let refused = git_in(&world, &root, &["push", "-q", "open", "main"]);
    assert_ne!(refused.status, 0, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("key.pem:1:1: a private key is in commit"),
        "{}",
        refused.stderr
    );
    let again = git_in(&world, &root, &["push", "-q", "inner", "main"]);
    assert_eq!(again.status, 0, "{}", again.stderr);
    // Of an address nobody knows what it has.
    let far = world.path("open.git");
    let address = git_in(&world, &root, &["push", "-q", &far.to_string_lossy(), "main:other"]);
    assert_eq!(address.status, 0, "{}", address.stderr);
    assert!(address.stderr.contains("nothing is known here of what"), "{}", address.stderr);
}

#[test]
fn a_shallow_clone_s_own_branch_may_be_rewritten() {
    let world = world();
    git(&world.root(), &["branch", "-M", "main"]);
    world.file("m/README", "x\n");
    add(&world, ".");
    commit(&world);
    remote(&world, "origin");
    let far = format!("file://{}", world.path("origin.git").display());
    let shallow = world.path("shallow");
    git(
        &world.root(),
        &["clone", "-q", "--depth", "1", "-b", "main", &far, &shallow.to_string_lossy()],
    );
    let mut install = world.command(&["hook", "install", "--push"]);
    assert!(install.current_dir(&shallow).status().unwrap().success());
    git(&shallow, &["checkout", "-q", "-b", "own"]);
    fs::write(shallow.join("a/a.go"), "package a\n\nfunc A() int { return 2 }\n").unwrap();
    for message in ["one", "two"] {
        git(&shallow, &["commit", "-q", "-a", "--no-verify", "--amend", "-m", message]);
        git(&shallow, &["commit", "-q", "--no-verify", "--allow-empty", "-m", message]);
        let pushed = git_in(&world, &shallow, &["push", "-q", "-f", "origin", "own"]);
        assert_eq!(pushed.status, 0, "{}", pushed.stderr);
    }
}

/// A release goes to the public remote as a tag or a new branch.
#[test]
fn a_new_branch_is_held_against_the_remote_that_gets_it() {
    let world = leaked();
    let root = world.root();
    git(&root, &["tag", "v1"]);
    assert!(world.command(&["hook", "install", "--push"]).status().unwrap().success());
    for name in ["main:release", "v1"] {
        let refused = git_in(&world, &root, &["push", "-q", "open", name]);
        assert_ne!(refused.status, 0, "{}", refused.stderr);
        assert!(refused.stderr.contains("key.pem:1:1: a private key"), "{}", refused.stderr);
    }
    let known = git_in(&world, &root, &["push", "-q", "inner", "main:release"]);
    assert_eq!(known.status, 0, "{}", known.stderr);
}

/// Whatever `.gitmodules` says: another commit is another content.
#[test]
fn a_submodule_that_git_is_to_ignore_counts_all_the_same() {
    let world = world();
    world.file("m/goward.toml", REPLACES);
    submodule(&world, "lib", &[("go.mod", LIB), ("l.go", "package lib\n\nvar L = 1\n")]);
    git(&world.root(), &["config", "-f", ".gitmodules", "submodule.lib.ignore", "all"]);
    let replaced = "\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ./lib\n";
    world.file("m/go.mod", format!("module example.com/m\n\ngo 1.24.0\n{replaced}"));
    world.file(
        "m/a/a.go",
        "package a\n\nimport \"example.com/lib\"\n\nfunc A() int { return lib.L }\n",
    );
    add(&world, ".");
    good(&world);
    commit(&world);
    world.file("m/lib/l.go", "package lib\n\nvar LL = 1\n");
    git(&world.path("m/lib"), &["commit", "-q", "-a", "-m", "other"]);
    let other = git(&world.path("m/lib"), &["rev-parse", "HEAD"]);
    git(&world.root(), &["update-index", "--cacheinfo", &format!("160000,{},lib", other.trim())]);
    blocked(&world, "a/a.go:5:27: undefined: lib.L");
}

#[test]
fn a_template_s_go_mod_was_unreadable_before() {
    let world = world();
    world.file("m/templates/svc/go.mod", "module {{.Module}}\n");
    world.file("m/templates/svc/main.go", "package main\n\nfunc main() {}\n");
    add(&world, ".");
    commit(&world);
    world
        .file("m/templates/svc/main.go", "package main\n\n// main does nothing.\nfunc main() {}\n");
    add(&world, ".");
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("templates/svc is not compiled: its go.mod is a template"),
        "{}",
        ran.stderr
    );
}

/// A document changes neither modules nor packages.
#[test]
fn a_document_is_not_blamed_for_what_cannot_be_loaded() {
    let world = world();
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n\nunknown x\n");
    world.file("m/sub/go.mod", "module example.com/sub\n\ngo 1.24.0\n\nrequire example.com/x v1\n");
    world.file("m/sub/s.go", "package sub\n");
    add(&world, ".");
    commit(&world);
    world.file("m/README", "x\n");
    add(&world, ".");
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains(". is not compiled, as before this change"), "{}", ran.stderr);
    world.file("m/a/a.go", "package a\n\nfunc A() int { return 2 }\n");
    add(&world, ".");
    blocked(&world, "go.mod:1:1: errors parsing go.mod");
    git(&world.root(), &["reset", "-q", "--hard"]);
    world.file("m/sub/s.go", "package sub\n\nvar S int\n");
    add(&world, ".");
    blocked(&world, "sub/go.mod:1:1: ");
}
