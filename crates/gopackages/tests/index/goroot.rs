//! What is Go's own: the standard library, and the go command's index of the module cache.

use super::{all, lines, open, options, tags, world};
use gopackages::{Answer, Kept, Options};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A folder of the standard library, and its answer; `version` is what `GOROOT/VERSION` says.
fn with_goroot(version: Option<&str>) -> (TempDir, TempDir, Options, Vec<u8>) {
    let (dir, goroot) = (world(), tempfile::tempdir().unwrap());
    let root = dir.path().canonicalize().unwrap();
    fs::create_dir_all(goroot.path().join("src/fmt")).unwrap();
    fs::write(goroot.path().join("src/fmt/fmt.go"), "package fmt // a\n").unwrap();
    if let Some(version) = version {
        fs::write(goroot.path().join("VERSION"), version).unwrap();
    }
    fs::write(root.join("c/c.go"), "package p\n\nimport _ \"fmt\"\n").unwrap();
    let (modules, asked) = options(&root, None);
    let asked = Options { goroot: goroot.path().to_owned(), ..asked };
    let mut kept = Kept::default();
    for _ in 0..2 {
        let index = open(&kept.index.unwrap_or_default());
        let mut options = Options { index: Some(Arc::new(index)), ..asked.clone() };
        drop(gopackages::load_lazily(&root, &modules, &all, &options).unwrap());
        kept = options.index.take().and_then(Arc::into_inner).unwrap().close();
    }
    (dir, goroot, asked, kept.answer.unwrap())
}

fn is_believed(dir: &TempDir, asked: &Options, answer: &[u8]) -> bool {
    let root = dir.path().canonicalize().unwrap();
    let answer = Answer::open(answer.to_vec(), Path::new("/nonexistent"), "go1.26", &tags());
    answer.get(&root, &options(&root, None).0, &all, asked).is_some()
}

#[test]
fn of_the_standard_library_the_files_count() {
    for version in [None, Some("devel go1.27-0123456789\n"), Some("go1.26.1\ntime 2026-01-01\n")] {
        let (dir, goroot, asked, answer) = with_goroot(version);
        assert!(is_believed(&dir, &asked, &answer));
        std::thread::sleep(Duration::from_millis(12));
        // In place: the folder is what it was.
        fs::write(goroot.path().join("src/fmt/fmt.go"), "package fmt // b\n").unwrap();
        assert!(!is_believed(&dir, &asked, &answer), "{version:?}");
    }
}

#[test]
fn who_asks_for_imports_only_need_not_know_the_tests_of_others() {
    let dir = world();
    let root = dir.path().canonicalize().unwrap();
    let goroot = root.join("_go");
    let write = |name: &str, text: &str| {
        fs::create_dir_all(goroot.join(name).parent().unwrap()).unwrap();
        fs::write(goroot.join(name), text).unwrap();
    };
    write("src/fmt/fmt.go", "package fmt // a\n");
    write("src/fmt/fmt_test.go", "package fmt_test // a\n");
    write("src/os/os_test.go", "package os // a\n");
    fs::write(root.join("c/c.go"), "package p\n\nimport (\n_ \"fmt\"\n_ \"os\"\n)\n").unwrap();
    fs::write(root.join("c/c_test.go"), "package p\n\nimport _ \"example.com/m/a\"\n").unwrap();
    let (modules, asked) = options(&root, None);
    let asked = Options { goroot, ..asked };
    let load = |spares_tests: bool| {
        let options = Options { spares_tests, ..asked.clone() };
        let (list, packages) = gopackages::load_lazily(&root, &modules, &all, &options).unwrap();
        lines(&list, &packages).join("\n")
    };
    let (whole, spared) = (load(false), load(true));
    // Left out where the package is somebody else's and has more than tests; our own are as they were.
    assert!(whole.contains("fmt_test.go") && !spared.contains("fmt_test.go"));
    for known in ["\"TestGoFiles\":[\"c_test.go\"]", "\"TestGoFiles\":[\"os_test.go\"]"] {
        assert!(whole.contains(known) && spared.contains(known), "{known}: {spared}");
    }
}

#[test]
fn an_answer_about_imports_outlives_a_change_of_others_tests() {
    let (dir, goroot, asked, _) = with_goroot(None);
    let root = dir.path().canonicalize().unwrap();
    let test = goroot.path().join("src/fmt/fmt_test.go");
    fs::write(&test, "package fmt // a\n").unwrap();
    let (modules, _) = options(&root, None);
    for spares_tests in [false, true] {
        let asked = Options { spares_tests, ..asked.clone() };
        let mut kept = Kept::default();
        for _ in 0..2 {
            let index = open(&kept.index.unwrap_or_default());
            let options = Options { index: Some(Arc::new(index)), ..asked.clone() };
            drop(gopackages::load_lazily(&root, &modules, &all, &options).unwrap());
            kept = options.index.and_then(Arc::into_inner).unwrap().close();
        }
        let answer = kept.answer.unwrap();
        let other = Options { spares_tests: !spares_tests, ..asked.clone() };
        assert!(is_believed(&dir, &asked, &answer) && !is_believed(&dir, &other, &answer));
        std::thread::sleep(Duration::from_millis(12));
        fs::write(&test, "package fmt // b\n").unwrap();
        assert_eq!(is_believed(&dir, &asked, &answer), spares_tests);
        fs::write(goroot.path().join("src/fmt/fmt.go"), "package fmt // b\n").unwrap();
        assert!(!is_believed(&dir, &asked, &answer));
    }
}

#[test]
fn where_goroot_is_worked_on_its_files_count() {
    let goroot = tempfile::tempdir().unwrap();
    let src = goroot.path().canonicalize().unwrap().join("src");
    fs::create_dir_all(src.join("fmt")).unwrap();
    fs::write(goroot.path().join("VERSION"), "go1.26.1\n").unwrap();
    fs::write(src.join("go.mod"), "module std\n\ngo 1.26\n").unwrap();
    fs::write(src.join("fmt/fmt.go"), "package fmt // a\n").unwrap();
    let (modules, asked) = options(&src, None);
    let asked = Options { goroot: src.parent().unwrap().to_owned(), ..asked };
    let load = |index: &[u8]| {
        let mut options = Options { index: Some(Arc::new(open(index))), ..asked.clone() };
        let (list, packages) = gopackages::load_lazily(&src, &modules, &all, &options).unwrap();
        (lines(&list, &packages), options.index.take().and_then(Arc::into_inner).unwrap().close())
    };
    let index = load(&[]).1.index.unwrap();
    std::thread::sleep(Duration::from_millis(12));
    fs::write(src.join("fmt/fmt.go"), "package fmt_\n").unwrap();
    assert_eq!(load(&index).0, load(&[]).0);
}
/// A module cache with one module, GOCACHE with the go command's own index of it, and who reads them.
#[test]
fn the_go_commands_own_index_is_believed_while_it_is_what_go_wrote() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    let write = |name: &str, text: &str| {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let lib = "_cache/example.com/lib@v1.0.0";
    write("go.mod", "module example.com/m\n\ngo 1.24\n\nrequire example.com/lib v1.0.0\n");
    write("go.sum", "");
    write("m.go", "package m\n\nimport _ \"example.com/lib/a\"\n");
    write("_cache/cache/download/example.com/lib/@v/v1.0.0.mod", "module example.com/lib\n");
    write("_cache/cache/download/example.com/lib/@v/v1.0.0.info", "{\"Version\":\"v1.0.0\"}");
    // Go has unpacked what has this.
    let sum = "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    write("_cache/cache/download/example.com/lib/@v/v1.0.0.ziphash", sum);
    write(&format!("{lib}/go.mod"), "module example.com/lib\n");
    write(&format!("{lib}/a/a.go"), "// Package a is documented.\npackage a\n\nimport _ \"fmt\"\n");
    write(&format!("{lib}/a/w.go"), "//go:build windows\n\npackage a\n\nimport _ \"os\"\n");
    write(&format!("{lib}/a/x_arm64.s"), "");
    let go = |args: &[&str]| {
        let mut command = std::process::Command::new("go");
        command.args(args).current_dir(&root).env("GOMODCACHE", root.join("_cache"));
        command.env("GOCACHE", root.join("_build")).env("GOFLAGS", "-mod=mod -modcacherw");
        command.env("GOPROXY", "off").env("GONOSUMDB", "*").env("GOTOOLCHAIN", "local");
        let output = command.env_remove("GOWORK").output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let listed = go(&["list", "-e", "-deps", "-f", "{{.ImportPath}}", "./..."]);
    assert!(listed.contains("fmt\nexample.com/lib/a\n"), "{listed}");
    let (version, goroot) = (go(&["env", "GOVERSION"]), go(&["env", "GOROOT"]));
    let read = |believes: bool| {
        let (modules, options) = options(&root, None);
        let index = gopackages::GoIndex { cache: root.join("_build"), version: version.clone() };
        let go_index = believes.then_some(index);
        let options = Options { go_index, goroot: goroot.clone().into(), ..options };
        let (list, packages) = gopackages::load_lazily(&root, &modules, &all, &options).unwrap();
        lines(&list, &packages)
    };
    let files = read(false);
    assert_eq!(read(true), files);
    let known = files.iter().find(|line| line.contains("lib/a\"")).unwrap();
    assert!(known.contains("w.go") && known.contains("x_arm64.s"), "{known}");
    // It is really the index that is read: as the go command, it does not see what is put into the module cache.
    write(&format!("{lib}/a/new.go"), "package a\n\nimport _ \"io\"\n");
    assert_eq!(read(true), files);
    assert_ne!(read(false), files);
    // And no more once a bit of it is another.
    let mut damaged = 0;
    for folder in
        fs::read_dir(root.join("_build")).unwrap().flatten().filter(|it| it.path().is_dir())
    {
        for file in fs::read_dir(folder.path()).unwrap().flatten() {
            let mut bytes = fs::read(file.path()).unwrap();
            if bytes.starts_with(b"go index") {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                fs::write(file.path(), bytes).unwrap();
                damaged += 1;
            }
        }
    }
    assert!(damaged > 0);
    assert_eq!(read(true), read(false));
}
