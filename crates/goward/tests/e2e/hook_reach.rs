//! `goward hook run` and what a change reaches where git or Go looks further than at one file: vendored code, submodules,
//! links to folders, merges; and that nothing of it writes into the index.

use crate::affected::git;
use crate::hook::{FINE, add, blocked, commit, go_cache, good, hook, world};
use crate::world::{Ran, World, ran};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::time::{Duration, SystemTime};

fn affected(world: &World, args: &[&str]) -> String {
    let ran = world.run(&[&["graph", "affected", "--kind", "packages"], args].concat());
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn the_index_is_not_written_where_stamps_are_old() {
    let world = world();
    world.file("m/a/a.go", FINE);
    add(&world, "a");
    for args in [
        &["hook", "run"][..],
        &["hook", "run", "--since", "HEAD"],
        &["graph", "affected"],
        &["graph", "affected", "--staged"],
        &["graph", "affected", "--since", "HEAD"],
    ] {
        let file = fs::File::options().write(true).open(world.path("m/b/b.go")).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(100)).unwrap();
        let before = fs::read(world.path("m/.git/index")).unwrap();
        let ran = ran(world.command(args).env("GOCACHE", go_cache()).output().unwrap());
        assert_eq!(ran.status, 0, "{args:?}: {}", ran.stderr);
        assert!(fs::read(world.path("m/.git/index")).unwrap() == before, "{args:?}");
    }
}

/// A module that vendors another one, which the module cache has.
fn vendoring() -> World {
    let world = world();
    world.file("m/go.mod", "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/a v1.0.0\n");
    world
        .file("m/go.sum", "example.com/a v1.0.0 h1:VEUcYKYLbKBYq0eA/VEJ3mMQBzi4jjWpusjuduGJcBQ=\n");
    world.file("cache/example.com/a@v1.0.0/a.go", "package a\n");
    world.file("m/vendor/example.com/a/a.go", "package a\n");
    world.file(
        "m/vendor/modules.txt",
        "# example.com/a v1.0.0\n## explicit; go 1.24\nexample.com/a\n",
    );
    world
        .file("m/a/a.go", "package a\n\nimport _ \"example.com/a\"\n\nfunc A() int { return 1 }\n");
    add(&world, ".");
    commit(&world);
    world
}

fn vendor_hook(world: &World) -> Ran {
    let mut command = world.command(&["hook", "run"]);
    ran(command.env("GOCACHE", go_cache()).env("GOMODCACHE", world.path("cache")).output().unwrap())
}

#[test]
fn vendored_code_is_what_its_module_has() {
    let world = vendoring();
    world.file("m/vendor/example.com/a/a.go", "package a\n\nfunc init() { println(1) }\n");
    add(&world, "vendor");
    let edited = vendor_hook(&world);
    assert_eq!(edited.status, 1, "{}", edited.stderr);
    assert!(edited.stderr.contains("vendor/example.com/a/a.go:3:1"), "{}", edited.stderr);
    git(&world.root(), &["reset", "-q", "--hard"]);
    world.file("m/vendor/example.com/a/init.go", "package a\n");
    add(&world, "vendor");
    let added = vendor_hook(&world);
    assert_eq!(added.status, 1, "{}", added.stderr);
    assert!(added.stderr.contains("vendor/example.com/a/init.go"), "{}", added.stderr);
}

#[test]
fn a_vendored_package_that_goes_reaches_who_imports_it() {
    let world = vendoring();
    git(&world.root(), &["rm", "-q", "vendor/example.com/a/a.go"]);
    assert_eq!(affected(&world, &["--staged"]), "example.com/m/a\nexample.com/m/b\n");
    // Nothing that the module cache has is needed for that.
    let gone = hook(&world, &[]);
    assert_eq!(gone.status, 1, "{}", gone.stderr);
    assert!(gone.stderr.contains("a/a.go:3:8"), "{}", gone.stderr);
}

#[test]
fn another_commit_of_a_submodule_is_another_package() {
    let world = world();
    world.file("up/go.mod", "module example.com/up\n\ngo 1.24.0\n");
    world.file("up/up.go", "package up\n\nconst V = 1\n");
    let up = world.path("up");
    git(&up, &["init", "-q"]);
    git(&up, &["add", "."]);
    git(&up, &["commit", "-q", "-m", "x"]);
    let url = up.to_string_lossy().into_owned();
    git(
        &world.root(),
        &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, "ext"],
    );
    world.file(
        "m/go.mod",
        "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/up v0.0.0\n\nreplace example.com/up => ./ext\n",
    );
    world.file(
        "m/a/a.go",
        "package a\n\nimport \"example.com/up\"\n\nfunc A() int { return up.V }\n",
    );
    add(&world, ".");
    good(&world);
    commit(&world);
    world.file("m/ext/up.go", "package up\n");
    git(&world.path("m/ext"), &["commit", "-q", "-a", "-m", "x"]);
    add(&world, "ext");
    assert_eq!(affected(&world, &["--staged"]), "example.com/m/a\nexample.com/m/b\n");
    assert_eq!(affected(&world, &[]), "example.com/m/a\nexample.com/m/b\n");
    blocked(&world, "undefined: up.V");
    // Wherever its worktree is, and whatever lies there: what is staged counts.
    git(&world.path("m/ext"), &["checkout", "-q", "HEAD~1"]);
    blocked(&world, "undefined: up.V");
    add(&world, "ext");
    git(&world.path("m/ext"), &["checkout", "-q", "-"]);
    world.file("m/ext/never.go", "package broken\n");
    world.file("m/a/a.go", "package a\n\nimport \"example.com/up\"\n\nconst A = up.V\n");
    add(&world, "a");
    blocked(&world, "b/b.go:5:23: ");
    world.file(
        "m/a/a.go",
        "package a\n\nimport \"example.com/up\"\n\nfunc A() int { return up.V + 0 }\n",
    );
    add(&world, "a");
    good(&world);
    // A commit that nobody has fetched.
    let entry = format!("160000,{},ext", "12".repeat(20));
    git(&world.root(), &["update-index", "--cacheinfo", &entry]);
    let ran = hook(&world, &[]);
    assert_eq!(ran.status, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("`git submodule update --init ext`"), "{}", ran.stderr);
}

#[test]
fn a_link_to_another_folder_is_another_package() {
    let world = world();
    for (name, text) in [("r1", "const V = 1"), ("r2", "var _ = nothing")] {
        world.file(&format!("m/{name}/r.go"), format!("package r\n\n{text}\n"));
    }
    symlink("r1", world.path("m/l")).unwrap();
    world.file(
        "m/a/a.go",
        "package a\n\nimport \"example.com/m/l\"\n\nfunc A() int { return r.V }\n",
    );
    add(&world, ".");
    commit(&world);
    fs::remove_file(world.path("m/l")).unwrap();
    symlink("r2", world.path("m/l")).unwrap();
    add(&world, "l");
    assert_eq!(
        affected(&world, &["--staged"]),
        "example.com/m/a\nexample.com/m/b\nexample.com/m/l\n"
    );
    blocked(&world, "undefined: nothing");
}

#[test]
fn a_merge_without_conflicts_is_judged() {
    let world = world();
    git(&world.root(), &["checkout", "-q", "-b", "other"]);
    world.file("m/b/more.go", "package b\n\nvar _ = A\n\nfunc A() int { return 1 }\n");
    add(&world, ".");
    commit(&world);
    git(&world.root(), &["checkout", "-q", "-"]);
    world.file("m/b/another.go", "package b\n\nfunc A() int { return 2 }\n");
    add(&world, ".");
    commit(&world);
    assert_eq!(world.run(&["hook", "install"]).status, 0);
    let mut merge = std::process::Command::new("git");
    merge
        .args([
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@example.com",
            "merge",
            "-q",
            "--no-edit",
            "other",
        ])
        .current_dir(world.root());
    merge.env("GOCACHE", go_cache()).env("HOME", world.path("home"));
    let merged = ran(merge.output().unwrap());
    assert_ne!(merged.status, 0, "{}", merged.stderr);
    assert!(merged.stderr.contains("redeclared"), "{}", merged.stderr);
    assert_eq!(git(&world.root(), &["log", "--oneline", "--merges"]), "");
}

#[test]
fn what_a_folder_that_is_embedded_hides_reaches_nobody() {
    let world = world();
    world.file("m/c/c.go", "package c\n\nimport \"embed\"\n\n//go:embed st\nvar T embed.FS\n");
    for name in ["seen", ".hid", "_out/x"] {
        world.file(&format!("m/c/st/{name}"), "1\n");
    }
    add(&world, ".");
    commit(&world);
    for (name, reached) in [(".hid", ""), ("_out/x", ""), ("seen", "example.com/m/c\n")] {
        let file = world.path(&format!("m/c/st/{name}"));
        assert_eq!(affected(&world, &[file.to_str().unwrap()]), reached, "{name}");
    }
}

#[test]
fn a_key_is_found_within_other_formats() {
    let world = world();
    let body = "MC4CAQAwBQYDK2VwBCIEIAfWmZvCqTJ8Yn0sPqRb1XkLzHd3oE5tUuGi9VxFhKaW";
    // Ours is not to be found as one.
    let begin = ["-----BEGIN ", "PRIVATE KEY-----"].concat();
    let json = format!("{{\"private_key\": \"{begin}\\n{body}\\n\"}}\n");
    let wide: Vec<u8> = std::iter::once(0xfeff)
        .chain(format!("{begin}\r\n{body}\r\n").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for (name, content, at) in [
        ("sa.json", json.as_bytes(), "1:18"),
        ("k/k.go", format!("package k\n\nconst K = `{begin}\n{body}`\n").as_bytes(), "3:12"),
        (".env", format!("KEY=\"{begin}\\n{body}\"\n").as_bytes(), "1:6"),
        ("wide.txt", &wide, "1:"),
    ] {
        world.file(&format!("m/{name}"), content);
        add(&world, name);
        blocked(&world, &format!("{name}:{at}"));
        git(&world.root(), &["rm", "-q", "-f", name]);
    }
}

#[test]
fn what_is_on_the_disk_only_is_to_be_added() {
    let world = world();
    world.file("m/n/n.go", "package n\n");
    world.file("m/a/t/x.txt", "");
    world.file("m/a/st/y", "");
    for (import, pattern, file) in [
        ("example.com/m/n", "a.go", "n/n.go"),
        ("embed", "t/*.txt", "a/t/x.txt"),
        ("embed", "st", "a/st/y"),
    ] {
        let text = format!(
            "package a\n\nimport (\n\t\"embed\"\n\t_ \"{import}\"\n)\n\n//go:embed {pattern}\nvar X embed.FS\n\nfunc A() int {{ return 1 }}\n"
        );
        world.file("m/a/a.go", text);
        add(&world, "a/a.go");
        blocked(&world, &format!("git add {file} "));
        add(&world, file);
        good(&world);
    }
}

#[test]
fn what_is_not_ours_in_a_hook_is_not_lost() {
    let world = world();
    let hook = world.path("m/.git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "exit 1\n").unwrap();
    let installed = world.run(&["hook", "install"]);
    assert!(installed.stdout.contains("is not executable"), "{}", installed.stdout);
    let ours = fs::read_to_string(&hook).unwrap();
    fs::write(&hook, format!("{ours}echo mine\n")).unwrap();
    let kept = world.run(&["hook", "uninstall"]);
    assert_eq!(kept.status, 2, "{}", kept.stderr);
    assert!(kept.stderr.contains("somebody added lines"), "{}", kept.stderr);
    assert!(fs::read_to_string(&hook).unwrap().contains("echo mine"));
    fs::write(&hook, ours).unwrap();
    assert_eq!(world.run(&["hook", "uninstall"]).status, 0);
    assert_eq!(fs::read_to_string(&hook).unwrap(), "exit 1\n");
    git(&world.root(), &["config", "core.hooksPath", "/dev/null"]);
    let off = world.run(&["hook", "install"]);
    assert_eq!(off.status, 2);
    assert!(off.stderr.contains("/dev/null is no folder"), "{}", off.stderr);
}

#[test]
fn flags_that_compile_nothing_do_not_open_the_gate_nor_close_it() {
    let world = world();
    for (text, status) in [("package a\n\nfunc A() int { return nothing }\n", 1), (FINE, 0)] {
        world.file("m/a/a.go", text);
        add(&world, "a");
        for flags in ["-n", "-cover", "-covermode=atomic -a"] {
            let mut command = world.command(&["hook", "run"]);
            command.env("GOCACHE", go_cache()).env("GOFLAGS", flags);
            let ran = ran(command.output().unwrap());
            assert_eq!(ran.status, status, "{flags}: {}", ran.stderr);
        }
    }
}

#[test]
fn a_stand_in_is_nobody_elses_business() {
    let world = world();
    let temp = world.path("tmp");
    fs::create_dir_all(&temp).unwrap();
    world.file("m/a/a.go", FINE);
    add(&world, "a");
    world.file("m/a/a.go", "package a\n");
    let watch = std::thread::spawn({
        let temp = temp.clone();
        move || {
            for _ in 0..2000 {
                for entry in fs::read_dir(&temp).unwrap().flatten() {
                    if entry.file_name().to_string_lossy().starts_with("goward-staged-") {
                        return entry.metadata().ok().map(|it| it.permissions().mode() & 0o777);
                    }
                }
                std::thread::sleep(Duration::from_millis(2));
            }
            None
        }
    });
    let mut command = world.command(&["hook", "run"]);
    let done = ran(command.env("GOCACHE", go_cache()).env("TMPDIR", &temp).output().unwrap());
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert_eq!(watch.join().unwrap(), Some(0o700));
}
