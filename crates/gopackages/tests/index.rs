//! An index is believed where nothing changed, and nowhere else.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests write real files")]

use buildlist::GoWorkSetting;
use gopackages::{Index, Options, Tags};
use proptest::prelude::*;
use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

const NAMES: [&str; 6] = ["a/a.go", "a/a_test.go", "b/b.go", "b/c_linux.go", "b/s.s", "c/c.go"];

/// All of one length, so that the size tells nothing.
const CONTENTS: [&str; 6] = [
    "package p\n\nimport _ \"example.com/m/a\" // x\n",
    "package p\n\nimport _ \"example.com/m/b\" // y\n",
    "package q\n\nimport _ \"example.com/m/c\" // z\n",
    "//go:build ignore\n\npackage p // .........\n",
    "package p\n\nimport _ \"example.com/m/b // z\n..",
    "package p\n\nvar X = `..................`\n....",
];

fn world() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("go.mod"), "module example.com/m\n\ngo 1.24.0\n").unwrap();
    for name in NAMES {
        fs::create_dir_all(dir.path().join(name).parent().unwrap()).unwrap();
        fs::write(dir.path().join(name), CONTENTS[5]).unwrap();
    }
    dir
}

fn tags() -> Tags {
    Tags {
        goos: "linux".into(),
        goarch: "amd64".into(),
        cgo: false,
        compiler: "gc".into(),
        ..Tags::default()
    }
}

/// The packages as JSON; with an index, also what it is afterwards.
fn load(dir: &Path, index: Option<Index>) -> (Vec<String>, Option<Vec<u8>>) {
    let options = buildlist::Options {
        gowork: GoWorkSetting::Off,
        gomodcache: dir.join("cache"),
        ..buildlist::Options::default()
    };
    let list = buildlist::load(dir, &options).unwrap();
    let mut options = Options {
        goroot: PathBuf::from("/nonexistent"),
        gomodcache: dir.join("cache"),
        cwd: dir.to_owned(),
        tags: tags(),
        tests: true,
        threads: 2,
        profile: gopackages::Profile::Auto,
        overlay: Arc::default(),
        index: index.map(Arc::new),
    };
    let packages = gopackages::load(&list, &["./..."], &options).unwrap();
    let lines = packages.to_json(&list).map(|package| package.to_string()).collect();
    (lines, options.index.take().and_then(Arc::into_inner).and_then(Index::close))
}

fn open(bytes: &[u8]) -> Index {
    // Tests cannot wait until a change is old.
    Index::open(bytes.to_vec(), Path::new("/nonexistent"), "go1.26", &tags())
        .later(Duration::from_secs(3600))
}

#[derive(Debug, Clone)]
enum Op {
    /// New content of the same size, and the old times put back.
    Forge(usize, usize),
    /// Another file with the same size and time takes the name.
    Swap(usize, usize),
    Write(usize, usize),
    Remove(usize),
    /// The content that was there before, as `git checkout` writes it.
    Rewrite(usize),
    Future(usize),
}

fn op() -> impl Strategy<Value = Op> {
    let (name, content) = (0..NAMES.len(), 0..CONTENTS.len());
    prop_oneof![
        3 => (name.clone(), content.clone()).prop_map(|(name, content)| Op::Forge(name, content)),
        3 => (name.clone(), content.clone()).prop_map(|(name, content)| Op::Swap(name, content)),
        2 => (name.clone(), content).prop_map(|(name, content)| Op::Write(name, content)),
        2 => name.clone().prop_map(Op::Remove),
        1 => name.clone().prop_map(Op::Rewrite),
        1 => name.prop_map(Op::Future),
    ]
}

fn times(path: &Path) -> Option<FileTimes> {
    let meta = fs::metadata(path).ok()?;
    Some(FileTimes::new().set_modified(meta.modified().ok()?).set_accessed(meta.accessed().ok()?))
}

fn apply(dir: &Path, op: &Op) {
    match op {
        Op::Forge(name, content) => {
            let path = dir.join(NAMES[*name]);
            let before = times(&path);
            fs::write(&path, CONTENTS[*content]).unwrap();
            if let Some(before) = before {
                File::options().write(true).open(&path).unwrap().set_times(before).unwrap();
            }
        }
        Op::Swap(name, content) => {
            let (path, other) = (dir.join(NAMES[*name]), dir.join("other"));
            let (before, of_dir) = (times(&path), times(path.parent().unwrap()));
            fs::write(&other, CONTENTS[*content]).unwrap();
            if let Some(before) = before {
                File::options().write(true).open(&other).unwrap().set_times(before).unwrap();
            }
            fs::rename(&other, &path).unwrap();
            // The folder's own time, too.
            File::open(path.parent().unwrap()).unwrap().set_times(of_dir.unwrap()).unwrap();
        }
        Op::Write(name, content) => fs::write(dir.join(NAMES[*name]), CONTENTS[*content]).unwrap(),
        Op::Remove(name) => drop(fs::remove_file(dir.join(NAMES[*name]))),
        Op::Rewrite(name) => {
            let path = dir.join(NAMES[*name]);
            if let Ok(content) = fs::read(&path) {
                fs::remove_file(&path).unwrap();
                fs::write(&path, content).unwrap();
            }
        }
        Op::Future(name) => {
            if let Ok(file) = File::options().write(true).open(dir.join(NAMES[*name])) {
                file.set_modified(SystemTime::now() + Duration::from_secs(86_400)).unwrap();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn packages_are_the_same_with_an_index_as_without(ops in prop::collection::vec(op(), 1..8)) {
        let dir = world();
        let root = dir.path().canonicalize().unwrap();
        let mut kept = load(&root, Some(open(&[]))).1.unwrap();
        for op in &ops {
            // Longer than the clock of any file system ticks.
            std::thread::sleep(Duration::from_millis(12));
            apply(&root, op);
            let (with, next) = load(&root, Some(open(&kept)));
            let (without, _) = load(&root, None);
            prop_assert_eq!(with, without, "{:?}", op);
            kept = next.unwrap_or(kept);
        }
    }

    #[test]
    fn a_damaged_index_is_an_empty_one(at in any::<prop::sample::Index>(), bit in 0..8_u32, cut in any::<bool>()) {
        let dir = world();
        let root = dir.path().canonicalize().unwrap();
        let (without, _) = load(&root, None);
        let mut kept = load(&root, Some(open(&[]))).1.unwrap();
        let at = at.index(kept.len());
        match cut {
            true => kept.truncate(at),
            false => kept[at] ^= 1 << bit,
        }
        let (with, again) = load(&root, Some(open(&kept)));
        prop_assert_eq!(with, without);
        prop_assert!(again.is_some(), "it was believed");
    }
}

#[test]
fn what_changed_just_now_is_not_kept_and_what_is_kept_is_used() {
    let dir = world();
    let root = dir.path().canonicalize().unwrap();
    let fresh =
        |bytes: &[u8]| Index::open(bytes.to_vec(), Path::new("/nonexistent"), "go1.26", &tags());
    assert_eq!(load(&root, Some(fresh(&[]))).1, None, "files of this very second were kept");
    let kept = load(&root, Some(open(&[]))).1.unwrap();
    assert_eq!(load(&root, Some(open(&kept))).1, None, "something was read again");
    // For another Go, and for another platform, it is another index.
    let other = Index::open(kept, Path::new("/nonexistent"), "go1.27", &tags());
    assert!(load(&root, Some(other.later(Duration::from_secs(3600)))).1.is_some());
}

/// A package in the module cache, and one that imports it.
fn with_dependency() -> (TempDir, PathBuf) {
    let dir = world();
    let cache = dir.path().join("cache");
    let module = cache.join("example.com/d@v1.0.0");
    let file = cache.join("cache/download/example.com/d/@v/v1.0.0.mod");
    for (file, text) in [
        (
            dir.path().join("go.mod"),
            "module example.com/m\n\ngo 1.24.0\n\nrequire example.com/d v1.0.0\n",
        ),
        (dir.path().join("a/a.go"), "package p\n\nimport _ \"example.com/d\"\n"),
        (module.join("d.go"), "package d\n\nimport _ \"example.com/m/b\"\n"),
        (file, "module example.com/d\n"),
    ] {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    (dir, module)
}

#[test]
fn a_folder_of_the_module_cache_that_was_made_anew_is_read_again() {
    let (dir, module) = with_dependency();
    let root = dir.path().canonicalize().unwrap();
    let before = load(&root, None).0;
    let kept = load(&root, Some(open(&[]))).1.unwrap();
    assert_eq!(load(&root, Some(open(&kept))), (before.clone(), None));
    std::thread::sleep(Duration::from_millis(12));
    fs::remove_dir_all(&module).unwrap();
    fs::create_dir(&module).unwrap();
    fs::write(module.join("d.go"), "package d\n\nimport _ \"example.com/m/c\"\n").unwrap();
    let (with, _) = load(&root, Some(open(&kept)));
    assert_ne!(with, before);
    assert_eq!(with, load(&root, None).0);
}
