//! Files and trees as hostile as they come.
#![expect(clippy::disallowed_methods, reason = "the tests make real files")]

use goward_system::{Excludes, OsSystem, System, SystemError, TreeOptions};
use std::fs;
use std::os::unix::fs::symlink;

#[test]
fn what_is_not_a_regular_file_is_refused_without_blocking() {
    let dir = tempfile::tempdir().unwrap();
    let fifo = dir.path().join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let system = OsSystem::at(dir.path());
    assert_eq!(system.read("fifo", 10), Err(SystemError::NotAFile("fifo".into())));
    assert_eq!(system.read(".", 10), Err(SystemError::NotAFile(".".into())));
    assert_eq!(system.read("/dev/zero", 10), Err(SystemError::NotAFile("/dev/zero".into())));
    assert_eq!(system.read("none", 10), Err(SystemError::NotFound("none".into())));
}

#[test]
fn a_file_over_the_limit_is_refused_before_it_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let file = fs::File::create(dir.path().join("big")).unwrap();
    file.set_len(1 << 40).unwrap();
    let refused = OsSystem::at(dir.path()).read("big", 1 << 20);
    assert_eq!(refused, Err(SystemError::TooLarge { path: "big".into(), limit: 1 << 20 }));
}

#[test]
fn invalid_utf8_names_the_line() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("bad"), b"one\ntwo\n\xff\n").unwrap();
    let refused = OsSystem::at(dir.path()).read_text("bad", 100);
    assert_eq!(refused, Err(SystemError::NotUtf8 { path: "bad".into(), line: 3 }));
}

#[test]
fn a_tree_leaves_out_git_what_git_ignores_and_links() {
    let dir = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put(".git/config", "");
    put(".gitignore", "*.log\n");
    put("a/b.yaml", "");
    put("a/x.log", "");
    put(".github/workflows/ci.yml", "");
    put("vendor/m/f.go", "");
    symlink(dir.path(), dir.path().join("a/loop")).unwrap();
    symlink("b.yaml", dir.path().join("a/link.yaml")).unwrap();
    symlink("a/b.yaml", dir.path().join("Dockerfile")).unwrap();
    symlink("/etc/hosts", dir.path().join("outside")).unwrap();
    put(".ignore", "*");
    put("out/rendered.yaml", "");
    put("out/.gitignore", "*");
    let options = TreeOptions {
        excludes: Excludes::new(["vendor"]).unwrap(),
        named: vec!["out/*.yaml".into()],
    };
    let tree = OsSystem::at(dir.path()).tree(&options).unwrap();
    let all = [
        ".github/workflows/ci.yml",
        ".gitignore",
        ".ignore",
        "Dockerfile",
        "a/b.yaml",
        "out/rendered.yaml",
    ];
    assert_eq!(tree.paths, all);
    assert!(tree.unreadable.is_empty());
}

#[test]
fn a_missing_root_is_an_error_not_an_empty_tree() {
    let tree = OsSystem::at("/no/such/dir").tree(&TreeOptions::default());
    assert_eq!(tree, Err(SystemError::NotFound("/no/such/dir".into())));
}
