//! `goward hook`: exactly what is staged is judged, and nothing of it is changed.

use crate::affected::git;
use crate::world::{Ran, World};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Every file below a folder: its mode and its content; links by where they lead.
pub(crate) fn everything(dir: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let meta = path.symlink_metadata().unwrap();
        if meta.is_dir() {
            all.extend(everything(&path));
            continue;
        }
        let content = match meta.is_symlink() {
            true => fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes(),
            false => fs::read(&path).unwrap(),
        };
        all.insert(path, (meta.permissions().mode(), content));
    }
    all
}

/// A module in a repository: `b` imports `a`, `c` embeds a file.
pub(crate) fn world() -> World {
    let world = World::module();
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n");
    world.file("m/a/a.go", "package a\n\nfunc A() int { return 1 }\n");
    world.file(
        "m/b/b.go",
        "package b\n\nimport \"example.com/m/a\"\n\nfunc B() int { return a.A() }\n",
    );
    world
        .file("m/c/c.go", "package c\n\nimport _ \"embed\"\n\n//go:embed text.txt\nvar T string\n");
    world.file("m/c/text.txt", "hello\n");
    world.file("m/.gitignore", "*_gen.go\n");
    git(&world.root(), &["init", "-q"]);
    add(&world, ".");
    commit(&world);
    world
}

pub(crate) fn add(world: &World, path: &str) {
    git(&world.root(), &["add", "--", path]);
}

/// A repository beside with some files, added as a submodule.
pub(crate) fn submodule(world: &World, name: &str, files: &[(&str, &str)]) {
    for (path, text) in files {
        world.file(&format!("far-{name}/{path}"), text);
    }
    let far = world.path(&format!("far-{name}"));
    git(&far, &["init", "-q"]);
    git(&far, &["add", "."]);
    git(&far, &["commit", "-q", "-m", "x"]);
    let args = ["-c", "protocol.file.allow=always", "submodule", "-q", "add"];
    git(&world.root(), &[&args[..], &[&*far.to_string_lossy(), name]].concat());
}

/// `git` in a folder, with hooks that find our goward.
pub(crate) fn git_in(world: &World, dir: &Path, args: &[&str]) -> Ran {
    let mut git = std::process::Command::new("git");
    let goward = Path::new(env!("CARGO_BIN_EXE_goward")).parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap();
    let dirs = [goward].into_iter().chain(std::env::split_paths(&path));
    git.args(args).current_dir(dir).env("PATH", std::env::join_paths(dirs).unwrap());
    git.env("HOME", world.path("home")).env("GOCACHE", go_cache());
    crate::world::ran(git.output().unwrap())
}

pub(crate) fn commit(world: &World) {
    git(&world.root(), &["commit", "-q", "--no-verify", "--allow-empty", "-m", "x"]);
}

/// Runs the hook; the worktree and the index are as they were. What git and Go cache elsewhere is theirs.
pub(crate) fn hook(world: &World, args: &[&str]) -> Ran {
    let before = everything(&world.root());
    let mut command = world.command(&[&["hook", "run"], args].concat());
    command.env("GOCACHE", go_cache());
    let ran = crate::world::ran(command.output().unwrap());
    let after = everything(&world.root());
    let changed: Vec<&PathBuf> = after
        .iter()
        .filter(|(path, now)| before.get(*path) != Some(now) && !path.ends_with("goward/judged"))
        .map(|(path, _)| path)
        .collect();
    assert!(changed.is_empty(), "changed: {changed:?}");
    assert!(before.keys().all(|path| after.contains_key(path)), "a file is gone");
    ran
}

/// The user's own cache: to compile the standard library anew takes half a minute.
pub(crate) fn go_cache() -> String {
    let output = std::process::Command::new("go").args(["env", "GOCACHE"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

pub(crate) fn blocked(world: &World, what: &str) {
    let ran = hook(world, &[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains(what), "{what} is not in {}", ran.stderr);
}

pub(crate) fn good(world: &World) {
    let ran = hook(world, &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
}

/// A policy without what speaks of replacements within the repository.
pub(crate) const REPLACES: &str = "[checks.replace-local]\nenabled = false\n";

/// What a private key looks like.
pub(crate) const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqMIIEvQIBADANBgkqMIIEvQIBADANBgkqMIIEvQIBADANBgkq\n";

pub(crate) const BROKEN: &str = "package a\n\nfunc A() int { return nothing }\n";
pub(crate) const FINE: &str = "package a\n\nfunc A() int { return 2 }\n";

#[test]
fn a_file_that_is_staged_in_part_is_judged_as_it_is_staged() {
    let world = world();
    world.file("m/a/a.go", BROKEN);
    add(&world, "a");
    world.file("m/a/a.go", FINE);
    blocked(&world, "a/a.go:3:23: undefined: nothing [compile]");
    // The other way round.
    add(&world, "a");
    world.file("m/a/a.go", BROKEN);
    good(&world);
}

#[test]
fn a_deletion_counts_though_the_file_is_on_the_disk() {
    let world = world();
    git(&world.root(), &["rm", "-q", "--cached", "a/a.go"]);
    blocked(&world, "example.com/m/a");
    // Also where git ignores the file from now on.
    world.file("m/.gitignore", "a.go\n");
    add(&world, ".gitignore");
    blocked(&world, "example.com/m/a");
}

#[test]
fn a_staged_file_counts_though_it_is_not_on_the_disk() {
    let world = world();
    world.file("m/a/more.go", "package a\n\nfunc More() int { return nothing }\n");
    add(&world, "a");
    fs::remove_file(world.path("m/a/more.go")).unwrap();
    blocked(&world, "a/more.go:3:26: undefined: nothing");
    // And a package of which nothing is on the disk: tests are compiled, too.
    git(&world.root(), &["reset", "-q", "--hard"]);
    world.file("m/new/new.go", "package new\n\nfunc New() int { return 1 }\n");
    world.file(
        "m/new/new_test.go",
        "package new\n\nimport \"testing\"\n\nfunc TestNew(t *testing.T) { New(1) }\n",
    );
    add(&world, "new");
    fs::remove_dir_all(world.path("m/new")).unwrap();
    blocked(&world, "new/new_test.go:5:34: too many arguments in call to New");
}

#[test]
fn what_is_not_staged_neither_breaks_nor_repairs() {
    let world = world();
    world.file("m/a/a.go", FINE);
    add(&world, "a");
    world.file("m/a/untracked.go", "package other\n\nsyntax error\n");
    good(&world);
    // The helper that was never added.
    world.file("m/a/untracked.go", "package a\n\nconst nothing = 1\n");
    world.file("m/a/a.go", BROKEN);
    add(&world, "a/a.go");
    blocked(&world, "fix: git add a/untracked.go");
    git(&world.root(), &["add", "--intent-to-add", "a/untracked.go"]);
    blocked(&world, "undefined: nothing");
    add(&world, "a/untracked.go");
    good(&world);
}

#[test]
fn a_package_that_was_never_added_is_named() {
    let world = world();
    world.file("m/d/d.go", "package d\n\nfunc D() {}\n");
    world.file("m/b/b.go", "package b\n\nimport \"example.com/m/d\"\n\nfunc B() { d.D() }\n");
    add(&world, "b");
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("b/b.go:3") && ran.stderr.contains("example.com/m/d"),
        "{}",
        ran.stderr
    );
    add(&world, "d");
    good(&world);
}

#[test]
fn tests_that_do_not_compile_block() {
    let world = world();
    world.file(
        "m/a/a_test.go",
        "package a_test\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) { t.Nothing() }\n",
    );
    add(&world, "a");
    blocked(&world, "a/a_test.go:5:30: t.Nothing undefined");
}

#[test]
fn who_imports_what_changed_is_compiled_too() {
    let world = world();
    world.file("m/a/a.go", "package a\n\nfunc A(x int) int { return x }\n");
    add(&world, "a");
    blocked(&world, "b/b.go:5:23: not enough arguments in call to a.A");
}

#[test]
fn go_mod_counts_as_it_is_staged() {
    let world = world();
    world.file("m/a/a.go", FINE);
    add(&world, "a");
    world.file("m/go.mod", "nonsense\n");
    good(&world);
    add(&world, "go.mod");
    blocked(&world, "go.mod:1:1");
    // Without go.mod nothing can be built.
    git(&world.root(), &["rm", "-q", "-f", "--cached", "go.mod"]);
    blocked(&world, "go.mod goes, and 3 Go files belong to no module any more");
    // A requirement without its sum.
    world.file(
        "m/go.mod",
        "module example.com/m\n\ngo 1.24.0\n\nrequire github.com/none/such v1.0.0\n",
    );
    add(&world, "go.mod");
    blocked(&world, "there is no go.sum, but go.mod requires 1 modules");
}

#[test]
fn an_embedded_file_counts_as_it_is_staged() {
    let world = world();
    git(&world.root(), &["rm", "-q", "--cached", "c/text.txt"]);
    blocked(&world, "c/c.go:5");
    git(&world.root(), &["reset", "-q", "--hard"]);
    world.file("m/c/text.txt", "changed\n");
    add(&world, "c");
    world.file("m/c/text.txt", "and changed again\n");
    good(&world);
}

#[test]
fn renames_modes_links_and_submodules() {
    let world = world();
    git(&world.root(), &["mv", "a/a.go", "a/renamed.go"]);
    good(&world);
    git(&world.root(), &["mv", "a", "z"]);
    blocked(&world, "example.com/m/a");
    git(&world.root(), &["reset", "-q", "--hard"]);
    fs::set_permissions(world.path("m/a/a.go"), fs::Permissions::from_mode(0o755)).unwrap();
    add(&world, "a");
    good(&world);
    // A link to a file whose staged content is another than the disk's.
    world.file("m/d/d.go", "package d\n\nfunc D() int { return nothing }\n");
    std::os::unix::fs::symlink("d.go", world.path("m/d/link.go")).unwrap();
    fs::remove_file(world.path("m/d/d.go")).unwrap();
    world.file("m/d/d.go", "package d\n\nfunc D() int { return nothing }\n");
    add(&world, "d/link.go");
    let ran = hook(&world, &[]);
    // The link leads to what is not staged: to nobody else's file.
    assert_ne!(ran.status, 0, "{}", ran.stderr);
    git(&world.root(), &["reset", "-q", "--hard"]);
    git(&world.root(), &["clean", "-qfd"]);
    let commit = git(&world.root(), &["rev-parse", "HEAD"]);
    git(
        &world.root(),
        &["update-index", "--add", "--cacheinfo", &format!("160000,{},sub", commit.trim())],
    );
    good(&world);
}

#[test]
fn filters_line_ends_and_sparse_checkouts() {
    let world = world();
    world.file("m/.gitattributes", "*.txt text eol=crlf\n*.go filter=up\n");
    git(&world.root(), &["config", "filter.up.clean", "sed s/SECOND/FIRST/"]);
    git(&world.root(), &["config", "filter.up.smudge", "sed s/FIRST/SECOND/"]);
    world.file("m/a/a.go", "package a\n\nfunc A() int { return SECOND }\n\nconst SECOND = 1\n");
    world.file("m/c/text.txt", "one\r\ntwo\r\n");
    add(&world, ".");
    assert!(git(&world.root(), &["show", ":a/a.go"]).contains("FIRST"));
    world.file("m/a/a.go", "package a\n\nnot yet\n");
    good(&world);
    git(&world.root(), &["reset", "-q", "--hard"]);
    // `a` is not on the disk, and is there all the same.
    git(&world.root(), &["sparse-checkout", "set", "--no-cone", "/*", "!/a/"]);
    assert!(!world.path("m/a").exists());
    world.file(
        "m/b/b.go",
        "package b\n\nimport \"example.com/m/a\"\n\nfunc B() int { return a.A() + 1 }\n",
    );
    add(&world, "b");
    good(&world);
    world.file(
        "m/b/b.go",
        "package b\n\nimport \"example.com/m/a\"\n\nfunc B() int { return a.A(1) }\n",
    );
    add(&world, "b");
    blocked(&world, "b/b.go:5:27: too many arguments in call to a.A");
}

#[test]
fn generated_files_are_there_unless_policy_hides_them() {
    let world = world();
    world.file("m/a/x_gen.go", "package a\n\nconst nothing = 1\n");
    world.file("m/a/a.go", BROKEN);
    add(&world, "a");
    good(&world);
    let hidden = hook(&world, &["--set", "hook.ignored=hide"]);
    assert_eq!(hidden.status, 1, "{}", hidden.stderr);
}

#[test]
fn the_first_commit_a_merge_a_detached_head_and_a_conflict() {
    let world = World::module();
    world.file("m/a/a.go", BROKEN);
    git(&world.root(), &["init", "-q"]);
    git(&world.root(), &["symbolic-ref", "HEAD", "refs/heads/main"]);
    good(&world);
    add(&world, ".");
    blocked(&world, "undefined: nothing");
    world.file("m/a/a.go", FINE);
    add(&world, ".");
    good(&world);
    commit(&world);
    git(&world.root(), &["checkout", "-q", "-b", "other"]);
    world.file("m/a/b.go", "package a\n\nconst B = 1\n");
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["checkout", "-q", "main"]);
    world.file("m/a/c.go", "package a\n\nconst B = 2\n");
    add(&world, ".");
    commit(&world);
    // Each side compiles; together they do not.
    git(&world.root(), &["merge", "-q", "--no-commit", "other"]);
    blocked(&world, "B redeclared in this block");
    git(&world.root(), &["merge", "--abort"]);
    git(&world.root(), &["checkout", "-q", "--detach"]);
    world.file("m/a/a.go", BROKEN);
    add(&world, ".");
    blocked(&world, "undefined: nothing");
    git(&world.root(), &["reset", "-q", "--hard"]);
    git(&world.root(), &["checkout", "-q", "-b", "third", "other"]);
    world.file("m/a/c.go", "package a\n\nconst C = 3\n");
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["merge", "-q", "main"]);
    let conflict = hook(&world, &[]);
    assert_eq!(conflict.status, 2, "{}", conflict.stderr);
    assert!(conflict.stderr.contains("a/c.go is in conflict"), "{}", conflict.stderr);
    // Marks that were added all the same.
    git(&world.root(), &["add", "."]);
    blocked(&world, "a/c.go:");
}

#[test]
fn secrets_and_placeholders_do_not_pass() {
    let world = world();
    let token = format!("ghp_{}", "a1".repeat(18));
    world.file("m/deploy/app.yaml", format!("token: {token}\n"));
    add(&world, "deploy");
    blocked(
        &world,
        "deploy/app.yaml:1:8: a token (ghp_…) is about to be committed [secret-staged]",
    );
    // What HEAD has already is not this commit's.
    commit(&world);
    world.file("m/deploy/app.yaml", format!("token: {token}\nother: 1\n"));
    add(&world, "deploy");
    good(&world);
    world.file("m/deploy/app.yaml", "password: \"{{ db_password }}\"\n");
    add(&world, "deploy");
    blocked(&world, "deploy/app.yaml:1");
}

#[test]
fn a_later_build_compiles_nothing_anew() {
    let world = world();
    world.file(
        "m/a/a.go",
        format!("package a\n\nfunc A() int {{ return {} }}\n", std::process::id()),
    );
    add(&world, "a");
    world.file("m/a/a.go", "package a\n\nnot yet\n");
    good(&world);
    git(&world.root(), &["checkout", "-q", "--", "a/a.go"]);
    let built = std::process::Command::new("go")
        .args(["build", "-x", "./a", "./b"])
        .current_dir(world.root())
        .env("GOFLAGS", "")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success() && !said.contains("/compile "), "{said}");
}

#[test]
fn modules_that_replace_each_other_and_workspaces_are_judged_together() {
    let world = world();
    world.file("m/tools/go.mod", "module example.com/tools\n\ngo 1.24.0\n\nrequire example.com/m v0.0.0\n\nreplace example.com/m => ../\n");
    world.file("m/tools/t.go", "package tools\n\nimport \"example.com/m/a\"\n\nvar T = a.A()\n");
    add(&world, ".");
    good(&world);
    commit(&world);
    world.file("m/a/a.go", "package a\n\nfunc A() string { return \"\" }\n");
    world.file(
        "m/b/b.go",
        "package b\n\nimport \"example.com/m/a\"\n\nfunc B() string { return a.A() }\n",
    );
    add(&world, ".");
    good(&world);
    world.file("m/a/a.go", "package a\n\nfunc A(string) string { return \"\" }\n");
    world.file(
        "m/b/b.go",
        "package b\n\nimport \"example.com/m/a\"\n\nfunc B() string { return a.A(\"\") }\n",
    );
    add(&world, ".");
    blocked(&world, "tools/t.go:5:9: not enough arguments in call to a.A");
    git(&world.root(), &["reset", "-q", "--hard"]);
    // The same in a workspace, which is staged, and not on the disk.
    world.file("m/tools/go.mod", "module example.com/tools\n\ngo 1.24.0\n");
    world.file("m/go.work", "go 1.24.0\n\nuse (\n\t.\n\t./tools\n)\n");
    add(&world, ".");
    good(&world);
    world.file("m/a/a.go", "package a\n\nfunc A(x int) int { return x }\n");
    world.file(
        "m/b/b.go",
        "package b\n\nimport \"example.com/m/a\"\n\nfunc B() int { return a.A(1) }\n",
    );
    add(&world, ".");
    blocked(&world, "tools/t.go:5:9: not enough arguments in call to a.A");
    // The workspace counts as it is staged.
    git(&world.root(), &["reset", "-q", "--hard"]);
    world.file("m/tools/go.mod", "module example.com/tools\n\ngo 1.24.0\n");
    world.file("m/go.work", "go 1.24.0\n\nuse (\n\t.\n\t./tools\n)\n");
    add(&world, ".");
    world.file("m/go.work", "go 1.24.0\n\nuse ./nowhere\n");
    good(&world);
}

/// What the commit is not to blame for is no pass, and is not told as its fault.
#[test]
fn what_cannot_be_fetched_is_inconclusive() {
    let world = world();
    world
        .file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n\nrequire example.org/none v1.0.0\n");
    let sum = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    world.file(
        "m/go.sum",
        format!("example.org/none v1.0.0 {sum}\nexample.org/none v1.0.0/go.mod {sum}\n"),
    );
    world.file(
        "m/a/a.go",
        "package a\n\nimport \"example.org/none\"\n\nfunc A() int { return none.X }\n",
    );
    add(&world, ".");
    let mut command = world.command(&["hook", "run"]);
    let ran = crate::world::ran(
        command.env("GOCACHE", go_cache()).env("GOPROXY", "off").output().unwrap(),
    );
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("module lookup disabled by GOPROXY=off"), "{}", ran.stderr);
}

/// Names that a shell, a terminal or git would write in another way.
#[test]
fn odd_names_and_settings_of_git_change_nothing() {
    let world = world();
    let settings = [
        ("color.ui", "always"),
        ("diff.external", "/bin/false"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.renames", "copies"),
        ("core.quotePath", "true"),
        ("status.showUntrackedFiles", "no"),
    ];
    for (name, value) in settings {
        git(&world.root(), &["config", name, value]);
    }
    world.file("m/ab/\u{4e2d} 'q.go", "package ab\n\nfunc F() int { return helper() }\n");
    world.file("m/ab/help er.go", "package ab\n\nfunc helper() int { return 1 }\n");
    add(&world, "ab/\u{4e2d} 'q.go");
    blocked(
        &world,
        "ab/\u{4e2d} 'q.go:3:23: undefined: helper [compile]\n    fix: git add 'ab/help er.go'",
    );
    add(&world, "ab");
    good(&world);
}

/// What changes where a link leads changes the package that has the link.
#[test]
fn a_link_is_judged_by_what_it_leads_to() {
    let world = world();
    world.file("m/shared/text", "package a\n\nconst S = 1\n");
    std::os::unix::fs::symlink("../shared/text", world.path("m/a/l.go")).unwrap();
    add(&world, ".");
    good(&world);
    commit(&world);
    world.file("m/shared/text", "package a\n\nconst S = nothing\n");
    add(&world, ".");
    world.file("m/shared/text", "package a\n\nconst S = 2\n");
    blocked(&world, "undefined: nothing");
    git(&world.root(), &["rm", "-q", "-f", "--cached", "shared/text"]);
    let gone = hook(&world, &[]);
    assert_eq!(gone.status, 1, "{}", gone.stderr);
}
