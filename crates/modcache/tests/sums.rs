//! Sums and zips as golang.org/x/mod judges them.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests work on real files")]

mod common;

use common::{file, go, zip};
use modcache::{ModuleZip, TreeError, hash_dir};
use proptest::prelude::*;
use std::os::unix::fs::symlink;
use std::path::Path;

fn ours(path: &Path) -> String {
    hash_dir(path, "x@v1").map_or_else(|err| format!("error: {err}"), |tree| tree.h1)
}

fn theirs(path: &Path) -> String {
    go(&[], path.to_str().unwrap())
}

#[test]
fn folders_have_the_sums_of_go() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("m");
    std::fs::create_dir(&root).unwrap();
    assert_eq!(ours(&root), theirs(&root), "empty");
    file(&root, "a.go", "package a\n");
    file(&root, "a/b/c.txt", "");
    file(&root, "a-b/ü.txt", "\0\u{1}");
    std::fs::create_dir_all(root.join("empty/below")).unwrap();
    file(&root, "large", &"x".repeat(1 << 20));
    (0..100).for_each(|n| file(&root, &format!("many/{n}"), &n.to_string()));
    assert_eq!(ours(&root), theirs(&root), "files");
    symlink("a.go", root.join("link.go")).unwrap();
    assert_eq!(ours(&root), theirs(&root), "a link to a file is the file");
    let links = hash_dir(&root, "x@v1").unwrap().links;
    assert_eq!(links, ["link.go"]);
}

#[test]
fn what_has_no_sum_in_go_has_none_here() {
    for (name, make) in [
        ("newline", (|root: &Path| file(root, "a\nb", "x")) as fn(&Path)),
        ("link to a folder", |root| symlink(".", root.join("l")).unwrap()),
        ("link to nothing", |root| symlink("absent", root.join("l")).unwrap()),
        ("link to itself", |root| symlink("l", root.join("l")).unwrap()),
    ] {
        let dir = tempfile::tempdir().unwrap();
        make(dir.path());
        assert!(!theirs(dir.path()).starts_with("h1:"), "{name}: {}", theirs(dir.path()));
        assert!(ours(dir.path()).starts_with("error: "), "{name}: {}", ours(dir.path()));
    }
    let absent = Path::new("/nonexistent/module");
    assert_eq!(hash_dir(absent, "x"), Err(TreeError::Missing(absent.display().to_string())));
}

#[test]
fn a_pipe_is_no_file_and_holds_nothing_up() {
    let dir = tempfile::tempdir().unwrap();
    let made = std::process::Command::new("mkfifo").arg(dir.path().join("pipe")).status();
    assert!(made.unwrap().success());
    assert!(matches!(hash_dir(dir.path(), "x"), Err(TreeError::Special(_))));
    let other = tempfile::tempdir().unwrap();
    symlink(dir.path().join("pipe"), other.path().join("link")).unwrap();
    assert!(matches!(hash_dir(other.path(), "x"), Err(TreeError::Special(_))));
}

#[test]
fn zips_have_the_sums_of_go_and_are_judged_as_go_does() {
    const PATH: &str = "example.com/a";
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.zip");
    let name = path.to_str().unwrap();
    for entries in [
        &[("example.com/a@v1.0.0/a.go", "package a\n"), ("example.com/a@v1.0.0/go.mod", "")][..],
        &[],
        &[("example.com/a@v1.0.0/", "")],
        &[("example.com/a@v1.0.0/b/", ""), ("example.com/a@v1.0.0/b/c", "x")],
        &[("example.com/b@v1.0.0/a.go", "")],
        &[("example.com/a@v1.0.0/../../etc/passwd", "")],
        &[("/etc/passwd", "")],
        &[("example.com/a@v1.0.0/./a.go", "")],
        &[("example.com/a@v1.0.0/b//a.go", "")],
        &[("example.com/a@v1.0.0/A.go", ""), ("example.com/a@v1.0.0/a.go", "")],
        &[("example.com/a@v1.0.0/B/a.go", ""), ("example.com/a@v1.0.0/b/a.go", "")],
        &[("example.com/a@v1.0.0/a", ""), ("example.com/a@v1.0.0/a/b", "")],
        &[("example.com/a@v1.0.0/a.go", "1"), ("example.com/a@v1.0.0/a.go", "2")],
        &[("example.com/a@v1.0.0/b/go.mod", "")],
        &[("example.com/a@v1.0.0/GO.MOD", "")],
        &[("example.com/a@v1.0.0/con.txt", "")],
        &[("example.com/a@v1.0.0/lpt9", "")],
        &[("example.com/a@v1.0.0/a.", "")],
        &[("example.com/a@v1.0.0/a:b", "")],
        &[("example.com/a@v1.0.0/a*b", "")],
        &[("example.com/a@v1.0.0/ä.txt", "")],
        &[("example.com/a@v1.0.0/Ä.txt", ""), ("example.com/a@v1.0.0/ä.txt", "")],
        &[("example.com/a@v1.0.0/a\nb", "")],
        &[("example.com/a@v1.0.0/vendor/modules.txt", "")],
    ] {
        zip(&path, entries);
        let opened = ModuleZip::open(&path).unwrap();
        let sum = opened.hash(&|| false);
        let said = go(&["zip", name], "");
        match sum {
            Ok(sum) => assert_eq!(sum, said, "{entries:?}"),
            Err(err) => assert!(!said.starts_with("h1:"), "{entries:?}: {err}, but Go: {said}"),
        }
        let said = go(&["check", name, PATH, "v1.0.0"], "");
        let problems = opened.check(PATH, "v1.0.0");
        assert_eq!(problems.is_empty(), said == "ok", "{entries:?}: {problems:?}, but Go: {said}");
    }
}

#[test]
fn a_bomb_is_not_unpacked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bomb.zip");
    let big = "x".repeat(8 << 20);
    let names: Vec<String> = (0..70).map(|n| format!("example.com/a@v1.0.0/{n}")).collect();
    let entries: Vec<(&str, &str)> =
        names.iter().map(|name| (name.as_str(), big.as_str())).collect();
    zip(&path, &entries);
    let bomb = ModuleZip::open(&path).unwrap();
    assert!(bomb.hash(&|| false).unwrap_err().to_string().contains("too large"));
    assert_eq!(bomb.check("example.com/a", "v1.0.0").len(), 1);
    assert!(bomb.read("example.com/a@v1.0.0", b"1", 1000).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn random_trees_have_the_sums_of_go(
        files in prop::collection::btree_map("[a-c/]{1,5}[a-zA-Z~ .é-]{1,4}", ".{0,40}", 0..12)
    ) {
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in &files {
            let path = dir.path().join(name.trim_matches('/'));
            // Names that stand in each other's way, or that no file can have.
            let made = path.parent().map(std::fs::create_dir_all);
            if path.starts_with(dir.path()) && made.is_some_and(|made| made.is_ok()) {
                let _ = std::fs::write(path, content);
            }
        }
        prop_assert_eq!(ours(dir.path()), theirs(dir.path()));
    }

    #[test]
    fn broken_zips_are_refused_or_read_and_never_more(
        cut in 0_usize..400, flip in 0_usize..400, to in any::<u8>()
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.zip");
        zip(&path, &[("example.com/a@v1.0.0/a.go", "package a\n"), ("example.com/a@v1.0.0/b", "x")]);
        let mut bytes = std::fs::read(&path).unwrap();
        if let Some(byte) = bytes.get_mut(flip) {
            *byte = to;
        }
        bytes.truncate(bytes.len().saturating_sub(cut % 40));
        std::fs::write(&path, bytes).unwrap();
        if let Ok(zip) = ModuleZip::open(&path) {
            let _ = zip.check("example.com/a", "v1.0.0");
            let ours = zip.hash(&|| false);
            let theirs = go(&["zip", path.to_str().unwrap()], "");
            // Go passes over some damage, and so may we; but never with another sum.
            if let (Ok(ours), true) = (ours, theirs.starts_with("h1:")) {
                prop_assert_eq!(ours, theirs);
            }
        }
    }
}
