//! Vendor directories as `go mod vendor` and `go work vendor` make them, and as people change them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "these are parts of tests")]
#![expect(clippy::disallowed_methods, reason = "the tests write and read main modules")]

mod common;

use buildlist::{Error, Mode, Options};
use common::{Disk, Published};
use std::fs;
use std::path::PathBuf;

/// Two modules in directories, which a module imports; so `go mod vendor` needs nothing from anywhere.
fn modules(go: &str) -> Disk {
    let disk = Disk::new(&Published::new());
    let main = format!(
        "module example.com/main\n\ngo {go}\n\nrequire (\n\texample.com/a v1.0.0\n\texample.com/b v1.1.0 // indirect\n)\n\n\
         replace example.com/a v1.0.0 => ./a\n\nreplace example.com/b => ./b\n"
    );
    disk.write("go.mod", &main);
    disk.write("main.go", "package main\n\nimport _ \"example.com/a\"\n\nfunc main() {}\n");
    let a = format!("module example.com/a\n\ngo {go}\n\nrequire example.com/b v1.0.0\n");
    disk.write("a/go.mod", &a);
    disk.write("a/a.go", "package a\n\nimport _ \"example.com/b\"\n");
    disk.write("b/go.mod", "module example.com/b\n");
    disk.write("b/b.go", "package b\n");
    disk
}

fn options(disk: &Disk, mode: Option<Mode>) -> Options {
    Options { gomodcache: disk.cache(), mode, ..Options::default() }
}

fn edit(disk: &Disk, file: &str, from: &str, to: &str) {
    let path = disk.src().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from:?}: {text}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// Go says of the modules in vendor mode what we say; `go list -m all` itself is refused there.
fn agrees(name: &str, disk: &Disk, dir: PathBuf, goflags: &str) {
    let mut options = options(disk, None);
    options.apply_goflags(goflags).unwrap();
    let ours = buildlist::load(&dir, &options);
    let go = disk.go(&dir, &["list", "-m"], goflags);
    match ours {
        Ok(list) => {
            assert!(go.ok, "{name}: {}", go.stderr);
            assert_eq!(list.mode(), Mode::Vendor, "{name}");
            let all = disk.go(&dir, &["list", "-m", "all"], goflags);
            assert!(
                all.stderr.contains("can't compute 'all' using the vendor directory"),
                "{name}"
            );
            for module in list.modules().iter().filter(|module| !module.is_main()) {
                let go = disk.go(&dir, &["list", "-m", &module.path], goflags);
                assert_eq!(go.stdout.trim_end(), module.to_string(), "{name}");
            }
        }
        Err(Error::InconsistentVendoring { problems, .. }) => {
            for problem in &problems {
                assert!(
                    go.stderr.contains(&problem.to_string()),
                    "{name}: {problem}\n{}",
                    go.stderr
                );
            }
            let count = go.stderr.lines().filter(|line| line.starts_with("\texample.com/")).count();
            assert_eq!(problems.len(), count, "{name}: {problems:?}\n{}", go.stderr);
        }
        Err(Error::GoModNeedsUpdate { updates, .. }) => {
            for update in &updates {
                assert!(go.stderr.contains(&update.to_string()), "{name}: {update}\n{}", go.stderr);
            }
            assert!(go.stderr.contains("updates to go.mod needed"), "{name}: {}", go.stderr);
        }
        Err(error) => panic!("{name}: {error}\n{}", go.stderr),
    }
}

#[test]
fn a_vendor_directory_that_fits_or_does_not() {
    type Edit<'a> = (&'a str, &'a str, &'a str);
    let text = "vendor/modules.txt";
    let cases: &[(&str, &str, &[Edit<'_>])] = &[
        ("as made", "1.22", &[]),
        ("unpruned", "1.16", &[]),
        ("required, not vendored", "1.22", &[("go.mod", ")\n", "\texample.com/c v1.0.0\n)\n")]),
        (
            "another version required",
            "1.22",
            &[("go.mod", "example.com/b v1.1.0", "example.com/b v1.2.0")],
        ),
        ("no longer explicit", "1.22", &[(text, "## explicit; go 1.22", "## go 1.22")]),
        (
            "explicit, not required",
            "1.16",
            &[("go.mod", "\texample.com/b v1.1.0 // indirect\n", "")],
        ),
        (
            "vendored, not required",
            "1.22",
            &[
                ("go.mod", "\texample.com/b v1.1.0 // indirect\n", ""),
                (text, "## explicit\nexample.com/b", "example.com/b"),
            ],
        ),
        ("replaced elsewhere", "1.22", &[("go.mod", "=> ./b", "=> ./a/../b")]),
        ("no longer replaced", "1.22", &[("go.mod", "replace example.com/b => ./b\n", "")]),
        (
            "replaced since",
            "1.22",
            &[
                (text, "# example.com/b v1.1.0 => ./b", "# example.com/b v1.1.0"),
                (text, "\n# example.com/b => ./b", ""),
            ],
        ),
        ("an old go line asks less", "1.13", &[]),
        ("but not nothing", "1.13", &[("go.mod", "example.com/b v1.1.0", "example.com/b v1.2.0")]),
        (
            "modules.txt is empty",
            "1.22",
            &[
                (text, "# example.com/a v1.0.0 => ./a", "#"),
                (text, "# example.com/b v1.1.0 => ./b", "#"),
            ],
        ),
        (
            "lines that nobody understands",
            "1.22",
            &[(
                text,
                "# example.com/b v1.1.0",
                "# what\n# is this now\n## explicit\nexample.com/q\n# example.com/b v1.1.0",
            )],
        ),
    ];
    for (name, go, edits) in cases {
        let disk = modules(go);
        let made = disk.go(&disk.src(), &["mod", "vendor"], "");
        assert!(made.ok, "{name}: {}", made.stderr);
        for (file, from, to) in *edits {
            edit(&disk, file, from, to);
        }
        if *go == "1.13" {
            let list = buildlist::load(&disk.src(), &options(&disk, None)).unwrap();
            assert_eq!(list.mode(), Mode::Readonly, "{name}: only if it is asked for");
        }
        agrees(name, &disk, disk.src(), if *go == "1.13" { "-mod=vendor" } else { "" });
    }
}

#[test]
fn a_workspace_has_a_vendor_directory_of_its_own() {
    let disk = modules("1.22");
    disk.write(
        "tool/go.mod",
        "module example.com/tool\n\ngo 1.21\n\nrequire example.com/a v1.0.0\n",
    );
    disk.write("tool/main.go", "package main\n\nimport _ \"example.com/a\"\n\nfunc main() {}\n");
    disk.write("go.work", "go 1.22\n\nuse (\n\t./tool\n\t.\n)\n");
    let made = disk.go(&disk.src(), &["work", "vendor"], "");
    assert!(made.ok, "{}", made.stderr);
    agrees("as made", &disk, disk.src(), "");
    agrees("from a member", &disk, disk.src().join("tool"), "");
    let alone = Options { gowork: buildlist::GoWorkSetting::Off, ..options(&disk, None) };
    let list = buildlist::load(&disk.src(), &alone).unwrap();
    assert_eq!(list.mode(), Mode::Readonly, "it is not for the module alone");
    edit(&disk, "vendor/modules.txt", "## explicit; go 1.22", "## go 1.22");
    agrees("no longer explicit", &disk, disk.src(), "");
    edit(&disk, "go.mod", "=> ./a", "=> ./b");
    agrees("replaced elsewhere", &disk, disk.src(), "");
}
