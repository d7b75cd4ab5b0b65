//! An index is believed where nothing changed, and nowhere else.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests write real files")]

mod goroot;

use buildlist::{BuildList, GoWorkSetting};
use gopackages::{Answer, Index, Kept, Options, Tags};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

const NAMES: [&str; 6] = ["a/a.go", "a/a_test.go", "b/b.go", "b/c_linux.go", "b/s.s", "c/c.go"];

/// All of one length, so that the size tells nothing.
const CONTENTS: [&str; 7] = [
    "package p\n\nimport _ \"example.com/m/a\" // x\n",
    "package p\n\nimport _ \"example.com/m/b\" // y\n",
    "package q\n\nimport _ \"example.com/m/c\" // z\n",
    "//go:build ignore\n\npackage p // .........\n",
    "package p\n\nimport _ \"example.com/m/b // z\n..",
    "package p\n\nvar X = `..................`\n....",
    "package main\n\nfunc main() {}\n// .........\n..",
];

fn world() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("go.mod"), "module example.com/m\n\ngo 1.24.0\n").unwrap();
    for name in NAMES {
        fs::create_dir_all(dir.path().join(name).parent().unwrap()).unwrap();
        fs::write(dir.path().join(name), CONTENTS[5]).unwrap();
    }
    fs::create_dir(dir.path().join("a/data")).unwrap();
    fs::write(dir.path().join("a/data/x.txt"), "").unwrap();
    let embeds = "package p\n\nimport \"embed\"\n\n//go:embed data *.txt\nvar D embed.FS\n";
    fs::write(dir.path().join("a/e.go"), embeds).unwrap();
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

fn options(dir: &Path, index: Option<Index>) -> (buildlist::Options, Options) {
    let modules = buildlist::Options {
        gowork: GoWorkSetting::Off,
        gomodcache: dir.join("_cache"),
        ..buildlist::Options::default()
    };
    let options = Options {
        goroot: PathBuf::from("/nonexistent"),
        gomodcache: dir.join("_cache"),
        cwd: dir.to_owned(),
        tags: tags(),
        tests: true,
        spares_tests: false,
        threads: 2,
        profile: gopackages::Profile::Auto,
        overlay: Arc::default(),
        index: index.map(Arc::new),
        go_index: None,
    };
    (modules, options)
}

fn all(_: &BuildList) -> Vec<String> {
    vec!["./...".to_owned()]
}

fn lines(list: &BuildList, packages: &gopackages::Packages) -> Vec<String> {
    packages.to_json(list).map(|package| package.to_string()).collect()
}

/// The packages as JSON; with an index, also what is kept afterwards.
fn loaded(dir: &Path, index: Option<Index>) -> (Vec<String>, Kept) {
    let (modules, mut options) = options(dir, index);
    let (list, packages) = gopackages::load_lazily(dir, &modules, &all, &options).unwrap();
    let kept = options.index.take().and_then(Arc::into_inner).map(Index::close);
    (lines(&list, &packages), kept.unwrap_or_default())
}

fn load(dir: &Path, index: Option<Index>) -> (Vec<String>, Option<Vec<u8>>) {
    let (lines, kept) = loaded(dir, index);
    (lines, kept.index)
}

/// The packages as an answer has them, if it is believed.
fn recalled(dir: &Path, answer: &[u8]) -> Option<Vec<String>> {
    let (modules, options) = options(dir, None);
    let answer = Answer::open(answer.to_vec(), Path::new("/nonexistent"), "go1.26", &tags());
    let (list, packages) = answer.get(dir, &modules, &all, &options)?;
    Some(lines(&list, &packages))
}

/// An index and an answer of the tree as it is: of a run that found nothing new.
fn settled(dir: &Path) -> (Vec<u8>, Vec<u8>) {
    let index = load(dir, Some(open(&[]))).1.unwrap();
    let (_, kept) = loaded(dir, Some(open(&index)));
    assert_eq!(kept.index, None, "something was read again");
    (index, kept.answer.unwrap())
}

fn open(bytes: &[u8]) -> Index {
    // Tests cannot wait until a change is old.
    Index::open(bytes.to_vec(), Path::new("/nonexistent"), "go1.26", &tags())
        .later(Duration::from_secs(3600))
}

/// All of one length, too.
const GO_MODS: [&str; 3] = [
    "module example.com/m\n\ngo 1.24.0\n",
    "module example.com/n\n\ngo 1.24.0\n",
    "module example.com/m\n\ngo 1.16.0\n",
];

#[derive(Debug, Clone)]
enum Op {
    /// Another go.mod, with the times of the old one.
    GoMod(usize),
    /// A module begins, or ends, in a folder.
    Nested,
    /// New content of the same size, and the old times put back.
    Forge(usize, usize),
    /// Another file with the same size and time takes the name.
    Swap(usize, usize),
    Write(usize, usize),
    Remove(usize),
    /// The content that was there before, as `git checkout` writes it.
    Rewrite(usize),
    Future(usize),
    /// A file comes, or goes.
    Toggle(usize),
    /// A link leads elsewhere: to a source file, or to a folder.
    Link(usize, usize),
}

/// What `//go:embed` and profiles look for.
const OTHERS: [&str; 5] =
    ["a/data/y.txt", "a/data/go.mod", "a/z.txt", "c/default.pgo", "b/deeper/go.mod"];

/// Where links are, and what they lead to.
const LINKS: [&str; 4] = ["b/l.go", "linked", "a/data/l", "a/l.txt"];
const TARGETS: [&str; 5] = ["a/a.go", "c/c.go", "c", "a/data", "nothing"];

fn op() -> impl Strategy<Value = Op> {
    let (name, content) = (0..NAMES.len(), 0..CONTENTS.len());
    prop_oneof![
        3 => (name.clone(), content.clone()).prop_map(|(name, content)| Op::Forge(name, content)),
        3 => (name.clone(), content.clone()).prop_map(|(name, content)| Op::Swap(name, content)),
        2 => (name.clone(), content).prop_map(|(name, content)| Op::Write(name, content)),
        2 => name.clone().prop_map(Op::Remove),
        1 => name.clone().prop_map(Op::Rewrite),
        1 => name.prop_map(Op::Future),
        2 => (0..GO_MODS.len()).prop_map(Op::GoMod),
        1 => Just(Op::Nested),
        2 => (0..OTHERS.len()).prop_map(Op::Toggle),
        2 => (0..LINKS.len(), 0..TARGETS.len()).prop_map(|(link, to)| Op::Link(link, to)),
    ]
}

fn times(path: &Path) -> Option<FileTimes> {
    let meta = fs::metadata(path).ok()?;
    Some(FileTimes::new().set_modified(meta.modified().ok()?).set_accessed(meta.accessed().ok()?))
}

fn apply(dir: &Path, op: &Op) {
    match op {
        Op::GoMod(which) => {
            let path = dir.join("go.mod");
            let before = times(&path).unwrap();
            fs::write(&path, GO_MODS[*which]).unwrap();
            File::options().write(true).open(&path).unwrap().set_times(before).unwrap();
        }
        Op::Nested => {
            let path = dir.join("b/go.mod");
            if fs::remove_file(&path).is_err() {
                fs::write(&path, "module example.com/b\n").unwrap();
            }
        }
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
        Op::Toggle(which) => {
            let path = dir.join(OTHERS[*which]);
            if fs::remove_file(&path).is_err() {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, "").unwrap();
            }
        }
        Op::Link(which, to) => {
            let path = dir.join(LINKS[*which]);
            drop(fs::remove_file(&path));
            std::os::unix::fs::symlink(dir.join(TARGETS[*to]), &path).unwrap();
        }
        Op::Future(name) => {
            if let Ok(file) = File::options().write(true).open(dir.join(NAMES[*name])) {
                file.set_modified(SystemTime::now() + Duration::from_secs(86_400)).unwrap();
            }
        }
    }
}

/// After each of these, packages are the same with what is kept as without.
fn holds(ops: &[Op]) -> Result<(), TestCaseError> {
    let dir = world();
    let root = dir.path().canonicalize().unwrap();
    let (mut kept, mut answer) = settled(&root);
    for op in ops {
        // Longer than the clock of any file system ticks.
        std::thread::sleep(Duration::from_millis(12));
        apply(&root, op);
        let (with, next) = load(&root, Some(open(&kept)));
        let (without, _) = load(&root, None);
        prop_assert_eq!(&with, &without, "{:?}", op);
        if let Some(recalled) = recalled(&root, &answer) {
            prop_assert_eq!(recalled, without, "an old answer after {:?}", op);
        }
        kept = next.unwrap_or(kept);
        answer = loaded(&root, Some(open(&kept))).1.answer.unwrap_or(answer);
    }
    Ok(())
}

#[test]
fn a_link_that_led_nowhere_is_looked_at_again() {
    holds(&[Op::Link(0, 0), Op::Remove(0), Op::Write(0, 0)]).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn packages_are_the_same_with_an_index_as_without(ops in prop::collection::vec(op(), 1..8)) {
        holds(&ops)?;
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

    #[test]
    fn a_damaged_answer_is_none(at in any::<prop::sample::Index>(), bit in 0..8_u32, cut in any::<bool>()) {
        let dir = world();
        let root = dir.path().canonicalize().unwrap();
        let mut answer = settled(&root).1;
        let at = at.index(answer.len());
        match cut {
            true => answer.truncate(at),
            false => answer[at] ^= 1 << bit,
        }
        prop_assert_eq!(recalled(&root, &answer), None);
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

/// What Go wants for the package in the module cache; nobody looks at the sums themselves.
const SUMS: &str = "example.com/d v1.0.0 h1:AAAA\nexample.com/d v1.0.0/go.mod h1:AAAA\n";

/// A package in the module cache, and one that imports it.
fn with_dependency() -> (TempDir, PathBuf) {
    let dir = world();
    let cache = dir.path().join("_cache");
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
        (dir.path().join("go.sum"), SUMS),
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

#[test]
fn an_answer_is_kept_where_nothing_is_new_and_is_the_whole_of_it() {
    let dir = world();
    let root = dir.path().canonicalize().unwrap();
    let (without, _) = load(&root, None);
    let (with, kept) = loaded(&root, Some(open(&[])));
    assert_eq!(with, without);
    assert!(kept.answer.is_none(), "a run that read something keeps no answer");
    let (_, answer) = settled(&root);
    assert_eq!(recalled(&root, &answer), Some(without));
}

#[test]
fn an_answer_is_for_one_question() {
    let (dir, _) = with_dependency();
    let root = dir.path().canonicalize().unwrap();
    let (_, answer) = settled(&root);
    let open = |version: &str, tags: &Tags| {
        Answer::open(answer.clone(), Path::new("/nonexistent"), version, tags)
    };
    let (modules, asked) = options(&root, None);
    let is_answer = |answer: Answer, modules: &buildlist::Options, options: &Options| {
        answer.get(&root, modules, &all, options).is_some()
    };
    assert!(is_answer(open("go1.26", &tags()), &modules, &asked));
    assert!(!is_answer(open("go1.27", &tags()), &modules, &asked));
    let arm = Tags { goarch: "arm64".into(), ..tags() };
    assert!(!is_answer(open("go1.26", &arm), &modules, &asked));
    let others = [
        Options { tests: false, ..asked.clone() },
        Options { profile: gopackages::Profile::Off, ..asked.clone() },
        Options { cwd: root.join("a"), ..asked.clone() },
        Options { gomodcache: root.join("other"), ..asked.clone() },
    ];
    for other in others {
        assert!(!is_answer(open("go1.26", &tags()), &modules, &other), "{other:?}");
    }
    let vendored = buildlist::Options { mode: Some(buildlist::Mode::Vendor), ..modules.clone() };
    assert!(!is_answer(open("go1.26", &tags()), &vendored, &asked));
    let some = |_: &BuildList| vec!["./a".to_owned()];
    assert!(open("go1.26", &tags()).get(&root, &modules, &some, &asked).is_none());
    let mut overlay = overlay::Overlay::default();
    overlay.hide(root.join("b/b.go"));
    let staged = Options { overlay: Arc::new(overlay), ..asked.clone() };
    assert!(!is_answer(open("go1.26", &tags()), &modules, &staged));
}

#[test]
fn a_module_that_comes_or_goes_ends_an_answer() {
    let (dir, module) = with_dependency();
    let root = dir.path().canonicalize().unwrap();
    let aside = root.join("aside");
    let (_, answer) = settled(&root);
    assert!(recalled(&root, &answer).is_some());
    fs::rename(&module, &aside).unwrap();
    assert_eq!(recalled(&root, &answer), None);
    let (_, without) = settled(&root);
    assert_eq!(recalled(&root, &without), Some(load(&root, None).0));
    fs::rename(&aside, &module).unwrap();
    assert_eq!(recalled(&root, &without), None);
}

#[test]
fn a_go_sum_that_lacks_a_line_ends_an_answer_and_makes_none() {
    let (dir, _) = with_dependency();
    let root = dir.path().canonicalize().unwrap();
    let (index, answer) = settled(&root);
    assert!(recalled(&root, &answer).is_some());
    for line in SUMS.lines() {
        fs::write(root.join("go.sum"), SUMS.replace(&format!("{line}\n"), "")).unwrap();
        assert_eq!(recalled(&root, &answer), None);
        assert!(loaded(&root, Some(open(&index))).1.answer.is_none());
        let (modules, options) = options(&root, None);
        let (_, packages) = gopackages::load_lazily(&root, &modules, &all, &options).unwrap();
        let said = format!("go.sum has no line for {}", line.split(" h1:").next().unwrap());
        assert_eq!(packages.sum_gaps().iter().map(ToString::to_string).collect::<Vec<_>>(), [said]);
    }
    // Go wants no line with -mod=mod.
    let (modules, options) = options(&root, None);
    let modules = buildlist::Options { mode: Some(buildlist::Mode::Mod), ..modules };
    let (_, packages) = gopackages::load_lazily(&root, &modules, &all, &options).unwrap();
    assert_eq!(packages.sum_gaps(), []);
}

/// The tree changes after a link of this name leads to what is not there yet.
fn after_link(link: &str, target: &str, main: &str, change: impl Fn(&Path)) {
    let dir = world();
    let root = dir.path().canonicalize().unwrap();
    fs::write(root.join("c/c.go"), main).unwrap();
    // No folder of packages.
    fs::create_dir(root.join("_aside")).unwrap();
    std::os::unix::fs::symlink(root.join(target), root.join(link)).unwrap();
    let (_, answer) = settled(&root);
    let before = load(&root, None).0;
    assert_eq!(recalled(&root, &answer), Some(before.clone()));
    change(&root.join(target));
    assert_ne!(load(&root, None).0, before, "the change does not matter");
    assert_eq!(recalled(&root, &answer), None);
}

#[test]
fn what_links_lead_to_counts() {
    // What is a folder is no source file, and nothing beside the link changes.
    let library = "package p\n";
    after_link("c/l.go", "_aside/l", library, |target| fs::create_dir(target).unwrap());
}

#[test]
fn a_profile_that_comes_at_the_end_of_a_link_ends_an_answer() {
    let program = "package main\n\nimport _ \"example.com/m/b\"\n\nfunc main() {}\n";
    after_link("c/default.pgo", "_aside/profile", program, |target| fs::write(target, "").unwrap());
}

#[test]
fn another_list_of_vendored_packages_ends_an_answer() {
    let (dir, _) = with_dependency();
    let root = dir.path().canonicalize().unwrap();
    let vendored = root.join("vendor/example.com/d");
    fs::create_dir_all(&vendored).unwrap();
    fs::write(vendored.join("d.go"), "package d\n").unwrap();
    let listed = "# example.com/d v1.0.0\n## explicit\nexample.com/d\n";
    fs::write(root.join("vendor/modules.txt"), listed).unwrap();
    let (_, answer) = settled(&root);
    assert_eq!(recalled(&root, &answer), Some(load(&root, None).0));
    std::thread::sleep(Duration::from_millis(12));
    let other = "# example.com/d v1.0.0\n## explicit\nexample.com/e\n";
    fs::write(root.join("vendor/modules.txt"), other).unwrap();
    assert_eq!(recalled(&root, &answer), None);
}
