//! Module caches and vendor folders that somebody was at.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests work on real files")]

mod common;

use common::{file, zip};
use modcache::{
    ChangeKind, ModuleZip, Part, Source, Vendored, Verified, Wanted, compare_vendor, hash_dir,
    hash_go_mod, verify,
};
use overlay::Overlay;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const PREFIX: &str = "example.com/!a@v1.0.0";

/// A module cache with one module, and what was committed of it.
struct Cache {
    dir: TempDir,
    wanted: Wanted,
}

impl Cache {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let module = dir.path().join(PREFIX);
        file(&module, "a.go", "package a\n\nconst A = 1\n");
        file(&module, "b/b.go", "package b\n");
        file(&module, "go.mod", "module example.com/A\n");
        let download = dir.path().join("cache/download/example.com/!a/@v");
        std::fs::create_dir_all(&download).unwrap();
        zip(
            &download.join("v1.0.0.zip"),
            &[
                ("example.com/A@v1.0.0/a.go", "package a\n\nconst A = 1\n"),
                ("example.com/A@v1.0.0/b/b.go", "package b\n"),
                ("example.com/A@v1.0.0/go.mod", "module example.com/A\n"),
            ],
        );
        let h1 = hash_dir(&module, "example.com/A@v1.0.0").unwrap().h1;
        file(&download, "v1.0.0.ziphash", &h1);
        file(&download, "v1.0.0.mod", "module example.com/A\n");
        let wanted = Wanted {
            path: "example.com/A".into(),
            version: "v1.0.0".into(),
            h1: Some(h1),
            go_mod: Some(hash_go_mod(b"module example.com/A\n")),
        };
        Self { dir, wanted }
    }

    fn module(&self) -> PathBuf {
        self.dir.path().join(PREFIX)
    }

    fn download(&self, extension: &str) -> PathBuf {
        self.dir.path().join("cache/download/example.com/!a/@v").join(format!("v1.0.0.{extension}"))
    }

    fn verify(&self, zips: bool) -> Verified {
        let wanted = std::slice::from_ref(&self.wanted);
        verify(self.dir.path(), wanted, zips, 2, &|| false).remove(0)
    }
}

#[test]
fn a_clean_cache_is_good() {
    let found = Cache::new().verify(true);
    assert_eq!(
        (&found.dir, &found.zip, &found.ziphash, &found.go_mod),
        (&Part::Good, &Part::Good, &Part::Good, &Part::Good)
    );
    assert!(!found.is_bad());
    assert_eq!(found.files, 3);
}

#[test]
fn an_edited_folder_is_told_file_by_file() {
    let cache = Cache::new();
    file(&cache.module(), "a.go", "package a\n\nconst A = 2\n");
    file(&cache.module(), "init.go", "package a\n");
    std::fs::remove_file(cache.module().join("b/b.go")).unwrap();
    let found = cache.verify(false);
    assert!(matches!(found.dir, Part::Bad(_)) && found.is_bad());
    let changes: Vec<_> =
        found.changes.into_iter().map(|change| (change.name, change.kind)).collect();
    let modified = ChangeKind::Modified {
        line: 3,
        expected: "const A = 1".into(),
        found: "const A = 2".into(),
    };
    assert_eq!(
        changes,
        [
            ("a.go".to_owned(), modified),
            ("b/b.go".to_owned(), ChangeKind::Missing),
            ("init.go".to_owned(), ChangeKind::Extra),
        ]
    );
}

#[test]
fn whatever_go_would_use_is_looked_at() {
    let bad = |part: &Part| matches!(part, Part::Bad(_));
    // The zip is unpacked where the folder is gone.
    let cache = Cache::new();
    std::fs::remove_dir_all(cache.module()).unwrap();
    assert_eq!((cache.verify(false).dir, cache.verify(false).zip), (Part::Absent, Part::Good));
    zip(&cache.download("zip"), &[("example.com/A@v1.0.0/a.go", "package evil\n")]);
    assert!(bad(&cache.verify(false).zip));
    // The hash beside it is what Go believes.
    let cache = Cache::new();
    file(cache.dir.path(), "cache/download/example.com/!a/@v/v1.0.0.ziphash", "h1:x");
    assert!(bad(&cache.verify(false).ziphash));
    // The go.mod decides about versions.
    let cache = Cache::new();
    file(cache.dir.path(), "cache/download/example.com/!a/@v/v1.0.0.mod", "module b\n");
    assert!(bad(&cache.verify(false).go_mod));
    // All three rewritten to fit each other: `go mod verify` is content.
    let cache = Cache::new();
    file(&cache.module(), "a.go", "package evil\n");
    zip(
        &cache.download("zip"),
        &[
            ("example.com/A@v1.0.0/a.go", "package evil\n"),
            ("example.com/A@v1.0.0/b/b.go", "package b\n"),
            ("example.com/A@v1.0.0/go.mod", "module example.com/A\n"),
        ],
    );
    let h1 = hash_dir(&cache.module(), "example.com/A@v1.0.0").unwrap().h1;
    std::fs::write(cache.download("ziphash"), h1).unwrap();
    let found = cache.verify(false);
    assert!(bad(&found.dir) && bad(&found.zip) && bad(&found.ziphash));
    assert!(found.changes.is_empty(), "a zip that is wrong itself proves nothing");
    // A link has the content, and is none of Go's making.
    let cache = Cache::new();
    let there = cache.module().join("b/b.go");
    std::fs::rename(&there, cache.dir.path().join("elsewhere.go")).unwrap();
    std::os::unix::fs::symlink(cache.dir.path().join("elsewhere.go"), &there).unwrap();
    let found = cache.verify(false);
    assert_eq!((&found.dir, found.is_bad()), (&Part::Good, true));
}

#[test]
fn a_cache_that_is_absent_partial_or_unreadable_is_said_to_be() {
    let cache = Cache::new();
    let none =
        verify(Path::new("/nonexistent"), std::slice::from_ref(&cache.wanted), true, 0, &|| false);
    assert_eq!(
        (&none[0].dir, &none[0].zip, &none[0].go_mod),
        (&Part::Absent, &Part::Absent, &Part::Absent)
    );
    assert!(!none[0].is_bad());
    std::fs::write(cache.download("partial"), "").unwrap();
    assert!(cache.verify(false).partial);
    std::fs::remove_dir_all(cache.module()).unwrap();
    std::fs::write(cache.module(), "a file in the folder's place").unwrap();
    assert!(matches!(cache.verify(false).dir, Part::Unreadable(_)), "{:?}", cache.verify(false));
    std::fs::write(cache.download("zip"), "PK no zip").unwrap();
    std::fs::remove_file(cache.module()).unwrap();
    assert!(matches!(cache.verify(false).zip, Part::Unreadable(_)));
    let stopped = verify(cache.dir.path(), std::slice::from_ref(&cache.wanted), true, 1, &|| true);
    assert!(!matches!(stopped[0].dir, Part::Good));
}

/// A vendor folder of the module, and what is found in it after `change`.
fn vendored(change: impl Fn(&Path), from_zip: bool) -> (Vec<(String, ChangeKind)>, usize) {
    let cache = Cache::new();
    let dir = tempfile::tempdir().unwrap();
    let vendor = dir.path();
    file(vendor, "modules.txt", "# example.com/A v1.0.0\n");
    file(vendor, "example.com/A/a.go", "package a\n\nconst A = 1\n");
    file(vendor, "example.com/A/b/b.go", "package b\n");
    change(vendor);
    let source = if from_zip {
        let zip = ModuleZip::open(&cache.download("zip")).unwrap();
        Source::Zip(Box::new(zip), "example.com/A@v1.0.0".into())
    } else {
        Source::Folder(cache.module())
    };
    let packages = vec!["example.com/A".to_owned(), "example.com/A/b".to_owned()];
    let module = Vendored { path: "example.com/A".into(), packages, source: Some(source) };
    let report = compare_vendor(vendor, &Overlay::default(), &[module], &|| false).unwrap();
    assert!(report.unreadable.is_empty(), "{:?}", report.unreadable);
    (report.changes.into_iter().map(|one| (one.name, one.kind)).collect(), report.good)
}

#[test]
fn vendored_files_are_compared_one_by_one() {
    type Change = fn(&Path);
    type Case = (&'static str, Change, Option<(&'static str, ChangeKind)>);
    let cases: [Case; 7] = [
        ("nothing", |_| {}, None),
        (
            "edit",
            |vendor| file(vendor, "example.com/A/b/b.go", "package evil\n"),
            Some((
                "example.com/A/b/b.go",
                ChangeKind::Modified {
                    line: 1,
                    expected: "package b".into(),
                    found: "package evil".into(),
                },
            )),
        ),
        (
            "addition",
            |vendor| file(vendor, "example.com/A/init.go", "package a\n"),
            Some(("example.com/A/init.go", ChangeKind::Extra)),
        ),
        (
            "a module of nobody",
            |vendor| file(vendor, "evil.example/x.go", "package x\n"),
            Some(("evil.example/x.go", ChangeKind::Extra)),
        ),
        (
            "removal",
            |vendor| std::fs::remove_file(vendor.join("example.com/A/a.go")).unwrap(),
            Some(("example.com/A/a.go", ChangeKind::Missing)),
        ),
        (
            "link",
            |vendor| {
                std::fs::remove_file(vendor.join("example.com/A/a.go")).unwrap();
                std::os::unix::fs::symlink("b/b.go", vendor.join("example.com/A/a.go")).unwrap();
            },
            Some(("example.com/A/a.go", ChangeKind::Link)),
        ),
        (
            "a file that is not needed",
            |vendor| file(vendor, "example.com/A/go.mod", "module example.com/A\n"),
            None,
        ),
    ];
    for (name, change, expected) in cases {
        for from_zip in [false, true] {
            let (changes, good) = vendored(change, from_zip);
            let expected: Vec<_> =
                expected.iter().map(|(name, kind)| ((*name).to_owned(), kind.clone())).collect();
            assert_eq!(changes, expected, "{name}");
            assert!(good >= 1, "{name}");
        }
    }
}
