//! The walk against `fsutil.FilterFS`, which docker build uses, and against `decide`.

#![expect(clippy::unwrap_used, reason = "these are parts of tests")]
#![expect(clippy::disallowed_methods, reason = "the tests make trees to walk")]

mod common;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use buildcontext::{
    BuildContext, EntryKind, Fate, Filter, Matcher, Options, Reach, WalkError, follow_links, walk,
};
use common::{Random, ask_go, random_pattern};
use serde_json::{Value, json};

fn question(dir: &Path, patterns: &[String]) -> Value {
    json!({ "Op": "walk", "Dir": dir, "Patterns": patterns })
}

fn filter(patterns: &[String]) -> Filter {
    Filter::new(Matcher::of(patterns).unwrap())
}

/// Go's mode of an entry: only what it is, and who may do what.
fn go_kind(mode: u64) -> EntryKind {
    match mode >> 19 {
        _ if mode & 1 << 31 != 0 => EntryKind::Folder,
        _ if mode & 1 << 27 != 0 => EntryKind::Link,
        _ if mode & 1 << 26 != 0 => EntryKind::Device,
        _ if mode & 1 << 25 != 0 => EntryKind::Pipe,
        _ => EntryKind::File,
    }
}

/// Everything that is sent, as Go would describe it.
fn described(context: &BuildContext) -> Vec<(String, EntryKind, u64, u64, String)> {
    let sent = context.entries.iter().filter(|entry| entry.is_sent());
    sent.map(|entry| {
        let kind = if entry.kind == EntryKind::Socket { EntryKind::File } else { entry.kind };
        let target = entry.target.clone().unwrap_or_default();
        (entry.path.clone(), kind, entry.size, u64::from(entry.mode & 0o777), target)
    })
    .collect()
}

fn described_by_go(answer: &Value) -> Vec<(String, EntryKind, u64, u64, String)> {
    let sent = answer["Sent"].as_array().map(Vec::as_slice).unwrap_or_default();
    sent.iter()
        .map(|entry| {
            let mode = entry["Mode"].as_u64().unwrap();
            let text = |name: &str| entry[name].as_str().unwrap().to_owned();
            let kind = go_kind(mode);
            // A further name has the file's size, but no data is sent for it.
            let is_name = kind == EntryKind::File && !text("Linkname").is_empty();
            let size = if is_name { 0 } else { entry["Size"].as_u64().unwrap() };
            (text("Path"), kind, size, mode & 0o777, text("Linkname"))
        })
        .collect()
}

/// Holds the walk of `dir` against Go and against `decide`, for each list of patterns.
fn compare(dir: &Path, lists: &[Vec<String>]) {
    let questions: Vec<Value> = lists.iter().map(|patterns| question(dir, patterns)).collect();
    for (patterns, go) in lists.iter().zip(ask_go(&questions)) {
        let Ok(matcher) = Matcher::of(patterns) else {
            assert!(go["Error"].is_string(), "Go accepts {patterns:?}");
            continue;
        };
        let filter = Filter::new(matcher);
        let options = Options { threads: 2, ..Options::default() };
        let ours = match walk(dir, &filter, &options) {
            Err(WalkError::Pattern(_)) => {
                assert!(go["Error"].is_string(), "Go accepts {patterns:?}");
                continue;
            }
            ours => ours.unwrap(),
        };
        assert_eq!(go["Error"], Value::Null, "{patterns:?}");
        assert_eq!(described(&ours), described_by_go(&go), "{patterns:?}");
        agree(dir, &filter, patterns);
    }
}

/// `decide` says of every path what the walk does with it.
fn agree(dir: &Path, filter: &Filter, patterns: &[String]) {
    let options =
        Options { threads: 2, measure_excluded: true, list_excluded: true, ..Options::default() };
    let context = walk(dir, filter, &options).unwrap();
    for entry in &context.entries {
        let is_dir = entry.kind == EntryKind::Folder;
        let decision = filter.decide(&entry.path, is_dir).unwrap();
        assert_eq!(decision.ignored, entry.fate != Fate::Sent, "{patterns:?} for {}", entry.path);
        if let Fate::Excluded(by) = entry.fate {
            assert_eq!(
                decision.pattern,
                filter.matcher().patterns().get(by as usize),
                "{patterns:?}"
            );
        }
    }
    let everything = walk(dir, &Filter::everything(), &Options::default()).unwrap();
    let paths = |context: &BuildContext| {
        context.entries.iter().map(|entry| entry.path.clone()).collect::<Vec<_>>()
    };
    assert_eq!(paths(&context), paths(&everything), "{patterns:?}");
}

fn random_name(random: &mut Random) -> &'static str {
    const NAMES: &[&str] =
        &["a", "b", "ab", "c", "foo", "bar", "a.b", "foo.b", "é", "a\nb", "a b", "{2}", "-", "B"];
    let limit = if random.below(3) > 0 { 8 } else { NAMES.len() };
    random.one(&NAMES[..limit])
}

fn random_tree(dir: &Path, depth: usize, random: &mut Random) {
    for _ in 0..=random.below(4) {
        let path = dir.join(random_name(random));
        if path.symlink_metadata().is_ok() {
            continue;
        }
        match random.below(8) {
            0 => symlink(random_name(random), path).unwrap(),
            1..=3 if depth < 4 => {
                fs::create_dir(&path).unwrap();
                random_tree(&path, depth + 1, random);
            }
            _ => fs::write(&path, "x".repeat(random.below(50))).unwrap(),
        }
    }
}

#[test]
fn random_trees_are_sent_as_in_go() {
    let mut random = Random(0x5eed_0004);
    for _ in 0..150 {
        let dir = tempfile::tempdir().unwrap();
        random_tree(dir.path(), 0, &mut random);
        let list = |random: &mut Random| {
            (0..=random.below(4)).map(|_| random_pattern(random)).collect::<Vec<_>>()
        };
        let plain = |random: &mut Random| {
            // Plain paths, where directories are passed over.
            let names = |random: &mut Random| {
                let parts: Vec<_> = (0..=random.below(2)).map(|_| random_name(random)).collect();
                parts.join("/")
            };
            let mut list: Vec<String> = Vec::new();
            for _ in 0..=random.below(4) {
                let end = random.one(&["", "", "", "/*", "/**", "/**/", "/*/**", "/*/*"]);
                let start = random.one(&["", "", "!", "!", "**/"]);
                list.push(format!("{start}{}{end}", names(random)));
            }
            list
        };
        let mut lists: Vec<Vec<String>> = (0..12).map(|_| list(&mut random)).collect();
        lists.extend((0..12).map(|_| plain(&mut random)));
        compare(dir.path(), &lists);
    }
}

/// A tree whose every path has something to it.
fn hand_made() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let files = [
        "Dockerfile",
        ".dockerignore",
        ".env",
        ".git/config",
        ".git/objects/ab/cd",
        "a",
        "a.b",
        "README.md",
        "main.go",
        "foo/bar",
        "foo/baz/x.go",
        "foo/baz/y.txt",
        "foo/README.md",
        "foobar/x",
        "vendor/a/a.go",
        "vendor/b/b.go",
        "vendor/b/testdata/big",
        "node_modules/x/index.js",
        "cmd/server/main.go",
        "cmd/server/main_test.go",
        "docs/a/b/c/d.md",
        "docs/keep.md",
        "dir.d/x",
        "dir/x",
        "dir-x/x",
        "with space/a b",
        "ünï/çode",
        "A/UPPER",
        "star*/[x]/a",
        "back\\slash/x",
        "brace{a}/x",
        "deep/1/2/3/4/5/6/7/8/file",
    ];
    for file in files {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }
    fs::create_dir_all(dir.path().join("empty/folder")).unwrap();
    symlink("foo", dir.path().join("link-to-folder")).unwrap();
    symlink("/etc/passwd", dir.path().join("absolute")).unwrap();
    symlink("../../outside", dir.path().join("foo/outside")).unwrap();
    symlink("../main.go", dir.path().join("foo/inside")).unwrap();
    symlink("loop", dir.path().join("loop")).unwrap();
    symlink("..", dir.path().join("dir/up")).unwrap();
    fs::hard_link(dir.path().join("main.go"), dir.path().join("cmd/again.go")).unwrap();
    fs::hard_link(dir.path().join("main.go"), dir.path().join("zzz.go")).unwrap();
    UnixListener::bind(dir.path().join("socket")).unwrap();
    dir
}

/// Each is tried on the whole tree.
#[rustfmt::skip]
const LISTS: &[&[&str]] = &[
    // Where it shows that an excluded directory is not read: an exception that would match below it.
    &["foo/baz", "!foo/*/**"], &["foo/baz", "!foo/*/**", "!x?"], &["docs", "!a|c/*"], &["docs", "!a|c/*", "!x?"],
    &["foo", "!^foo/*"], &["foo", "!^foo"], &["docs/a", "!docs/*/*"], &["docs/a", "!docs/*/**", "!docs/a/b"],
    &[], &["*"], &["**"], &["foo"], &["/foo"], &["foo/"], &["foo/*"], &["foo/**"], &["**/foo"], &["*/foo"],
    &["foo/bar", "!foo"], &["foo", "!foo/bar"], &["foo", "!foo/baz"], &["foo", "!foo/baz/x.go"],
    &["foo", "!foo/*"], &["foo", "!foo/**"], &["foo/**", "!foo/baz"], &["foo/*", "!foo/baz"], &["foo", "!foo/b*"],
    &["foo", "!**/x.go"], &["*", "!foo"], &["*", "!foo/bar"], &["*", "!foo/bar/"], &["*", "!*.go"],
    &["*", "!**/*.go"], &["**", "!**/*.go"], &["**", "!**/*.go", "!Dockerfile"], &["*", "!cmd/server/main.go"],
    &["*", "!cmd", "cmd/server/*_test.go"], &["*", "!cmd/**/main.go"], &["docs", "!docs/keep.md"],
    &["docs", "!docs/a/b/c/d.md"], &["docs/**", "!docs/**/d.md"], &["docs", "!docs/a", "docs/a/b", "!docs/a/b/c"],
    &["docs", "!doc"], &["docs", "!docs/missing"], &["docs", "!docs"], &["!docs", "docs"],
    &["docs", "!docs", "docs"], &["docs/a", "!docs", "docs/keep.md"], &["**/*.md", "!README.md"],
    &["**/*.md", "!**/README.md"], &["*.md", "!README*.md", "README.md"], &["**/testdata"], &["**/testdata/**"],
    &["vendor/*/testdata"], &["vendor", "!vendor/b"], &[".git", ".env*"], &[".*"], &["**/.*"],
    &[".git/**", "!.git/config"], &["*/x"], &["*/*/x"], &["dir"], &["dir*"], &["dir.d", "!dir"], &["dir?x"],
    &["dir[.-]*"], &["[a-d]*"], &["[^a-d]*"], &["a"], &["A"], &["a.b"], &["a?b"], &["with space"], &["ünï"],
    &["ünï/*"], &["star\\*"], &["star*"], &["star\\*/\\[x\\]"], &["back\\\\slash"], &["brace{a}"], &["brace{a}*"],
    &["deep/**/file"], &["deep", "!deep/1/2/3/4/5/6/7/8/file"], &["deep/1", "!deep/1/2/3/4/5/6/7/9"], &["empty"],
    &["empty/*"], &["empty", "!empty/folder"], &["empty/folder", "!empty"], &["link-to-folder"],
    &["link-to-folder/bar"], &["loop"], &["main.go"], &["cmd/again.go"], &["main.go", "cmd/again.go"], &["socket"],
    &["Dockerfile"], &[".dockerignore"], &["Dockerfile*", ".dockerignore"], &["\\1"], &["*", "!\\1"],
    &["foo|bar*"], &["node_modules", "**/node_modules", "!node_modules/x/index.js"], &["./foo"], &["foo/./bar"],
    &["../x"], &["foo/../vendor"], &["!"], &["[a"], &["***"], &["**/**/x"], &["f**"], &["**r"],
    &["**/b*", "!**/baz"], &["foo", "!foo/"], &["*", "!*/"], &["**/", "!foo"], &["*/*", "!foo/bar"],
    &["vendor/**", "!vendor/*"],
];

#[test]
fn hand_made_lists_are_sent_as_in_go() {
    let dir = hand_made();
    let owned = |list: &&[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    compare(dir.path(), &LISTS.iter().map(owned).collect::<Vec<Vec<String>>>());
}

#[test]
fn names_that_are_no_text_are_sent_as_in_go() {
    use std::os::unix::ffi::OsStrExt as _;
    let dir = tempfile::tempdir().unwrap();
    for name in [&b"a\xff"[..], b"b\xe2\x82", b"plain"] {
        fs::write(dir.path().join(std::ffi::OsStr::from_bytes(name)), "x").unwrap();
    }
    let lists = [&["a?"][..], &["b*"], &["*\u{fffd}"], &["[^p]*"], &["a\u{fffd}"], &["**\u{fffd}"]];
    for list in lists {
        let list: Vec<String> = list.iter().map(|text| (*text).to_owned()).collect();
        let go = ask_go(&[question(dir.path(), &list)]);
        let ours = walk(dir.path(), &filter(&list), &Options::default()).unwrap();
        assert_eq!(described(&ours), described_by_go(&go[0]), "{list:?}");
    }
}

#[test]
fn links_are_sent_as_such_and_where_they_lead_is_told() {
    let context = walk(hand_made().path(), &Filter::everything(), &Options::default()).unwrap();
    let links: Vec<(&str, Reach)> =
        context.links.iter().map(|(entry, reach)| (entry.path.as_str(), *reach)).collect();
    assert_eq!(links, [("absolute", Reach::Absolute), ("foo/outside", Reach::Outside)]);
    let below_link = context.entries.iter().any(|entry| entry.path.starts_with("link-to-folder/"));
    assert!(!below_link && context.problems.is_empty());
}

#[test]
fn the_root_may_be_a_link_but_must_be_a_folder() {
    let dir = hand_made();
    let link = dir.path().join("link-to-folder");
    let context = walk(&link, &Filter::everything(), &Options::default()).unwrap();
    assert!(context.entries.iter().any(|entry| entry.path == "bar"));
    for missing in ["main.go", "missing", "loop"] {
        let walked = walk(&dir.path().join(missing), &Filter::everything(), &Options::default());
        assert!(matches!(walked, Err(WalkError::Root { .. })), "{missing}");
    }
}

#[test]
fn sums_are_those_of_the_listed_entries() {
    let dir = hand_made();
    let list = ["foo", "!foo/baz/x.go", "vendor", "**/*.md"].map(str::to_owned);
    let listing = Options { list_excluded: true, measure_excluded: true, ..Options::default() };
    let listed = walk(dir.path(), &filter(&list), &listing).unwrap();
    let summed = walk(dir.path(), &filter(&list), &Options::summary()).unwrap();
    assert!(summed.entries.is_empty() && !summed.truncated);
    let sum = |keep: &dyn Fn(&buildcontext::Entry) -> bool| {
        let entries = listed.entries.iter().filter(|entry| keep(entry));
        entries.fold((0, 0, 0), |(files, folders, bytes), entry| match entry.kind {
            EntryKind::Folder => (files, folders + 1, bytes),
            _ => (files + 1, folders, bytes + entry.size),
        })
    };
    let triple = |total: buildcontext::Total| (total.files, total.folders, total.bytes);
    for summary in [&listed.summary, &summed.summary] {
        assert_eq!(triple(summary.all.seen), sum(&|_| true));
        assert_eq!(triple(summary.all.sent), sum(&|entry| entry.is_sent()));
        for by in 0..4 {
            let excluded = summary.excluded.get(&by).copied().unwrap_or_default();
            assert_eq!(triple(excluded), sum(&|entry| entry.fate == Fate::Excluded(by)), "{by}");
        }
        let foo = summary.by_folder["foo"];
        let below =
            |entry: &buildcontext::Entry| entry.path == "foo" || entry.path.starts_with("foo/");
        assert_eq!(triple(foo.seen), sum(&below));
        assert_eq!(triple(foo.sent), sum(&|entry| below(entry) && entry.is_sent()));
        assert_eq!(summary.by_extension["go"].sent.files, 6);
        let largest = &summary.largest[0];
        assert_eq!(largest.path, "deep/1/2/3/4/5/6/7/8/file");
    }
}

#[test]
fn no_more_entries_are_listed_than_asked_for_and_they_are_the_first() {
    let dir = tempfile::tempdir().unwrap();
    for number in 0..3000 {
        let folder = dir.path().join(format!("{}", number % 7));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{number}")), "x").unwrap();
    }
    let all = walk(dir.path(), &Filter::everything(), &Options::default()).unwrap();
    assert!(!all.truncated && all.entries.len() == 3007);
    let few = Options { max_entries: 40, ..Options::default() };
    let few = walk(dir.path(), &Filter::everything(), &few).unwrap();
    assert!(few.truncated);
    assert_eq!(few.entries, all.entries[..40]);
    assert_eq!(few.summary.all, all.summary.all);
}

#[test]
fn folders_that_cannot_be_read_are_told() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["kept", "excluded", "searched"] {
        let folder = dir.path().join(name);
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).unwrap();
    }
    let list = ["excluded", "searched", "!searched/x"].map(str::to_owned);
    let context = walk(dir.path(), &filter(&list), &Options::default()).unwrap();
    let told: Vec<(&str, bool)> =
        context.problems.iter().map(|one| (one.path.as_str(), one.fatal)).collect();
    // The superuser may read everything.
    let superuser = fs::read_dir(dir.path().join("kept")).is_ok();
    let expected = [("kept", true), ("searched", false)];
    assert_eq!(told, if superuser { &[][..] } else { &expected[..] });
    for name in ["kept", "excluded", "searched"] {
        fs::set_permissions(dir.path().join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn what_copy_needs_is_sent_as_in_go() {
    let dir = hand_made();
    let mut random = Random(0x5eed_0006);
    let pieces = [
        "foo",
        "docs",
        "link-to-folder",
        "dir",
        "up",
        "loop",
        "*",
        "f*",
        "absolute",
        "cmd",
        "main.go",
        "a",
        "b*",
        "missing",
        "[x]",
        "outside",
    ];
    let mut needed: Vec<Vec<String>> = (0..150)
        .map(|_| {
            let path = |random: &mut Random| {
                let parts: Vec<_> = (0..=random.below(2)).map(|_| random.one(&pieces)).collect();
                parts.join("/")
            };
            let mut paths: Vec<String> = (0..=random.below(2)).map(|_| path(&mut random)).collect();
            paths.sort();
            paths.dedup();
            paths
        })
        .collect();
    needed.push(vec!["dir/up/foo".to_owned()]);
    let ignore = ["**/*.md", "docs/a", "!docs/a/b"].map(str::to_owned);
    let ask = |op: &str, paths: &[String]| json!({ "Op": op, "Dir": dir.path(), "Follow": paths, "Patterns": ignore });
    let follow: Vec<Value> = needed.iter().map(|paths| ask("follow", paths)).collect();
    let walked: Vec<Value> = needed.iter().map(|paths| ask("walk", paths)).collect();
    let answers = ask_go(&follow).into_iter().zip(ask_go(&walked));
    for (paths, (followed, go)) in needed.iter().zip(answers) {
        let resolved = follow_links(dir.path(), paths).unwrap();
        let expected = followed["Patterns"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert_eq!(json!(resolved), json!(expected), "{paths:?}");
        let filter = filter(&ignore).needing(&resolved).unwrap();
        let ours = walk(dir.path(), &filter, &Options::default()).unwrap();
        assert_eq!(go["Error"], Value::Null, "{paths:?}");
        assert_eq!(described(&ours), described_by_go(&go), "{paths:?}");
    }
}
