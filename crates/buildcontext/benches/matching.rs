//! Reading and matching, and the walk against a bare one.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark may stop, and makes the tree that it walks"
)]

use std::path::Path;
use std::sync::LazyLock;

use buildcontext::{Filter, Matcher, Options, parse, walk};

mod bare;

fn main() {
    divan::main();
}

/// Two hundred lines of all kinds.
fn dockerignore() -> String {
    let lines = (0..25).flat_map(|number| {
        [
            format!("svc{number:03}/pkg07"),
            format!("**/tmp{number}"),
            format!("**/*.ext{number}"),
            format!("build{number}/**"),
            format!("svc*/pkg{number:02}/file4?.js"),
            format!("**/gen{number}*/**"),
            format!("!svc{number:03}/pkg07/keep.go"),
            format!("**/node_modules{number}/**"),
        ]
    });
    lines.map(|line| line + "\n").collect()
}

fn filter() -> Filter {
    Filter::new(Matcher::new(&parse(dockerignore()).unwrap()).unwrap())
}

#[divan::bench]
fn parse_a_hundred_thousand_lines(bencher: divan::Bencher<'_, '_>) {
    let text: String = (0..100_000).map(|number| format!("dir{number}/**/*.log\n")).collect();
    bencher.bench(|| parse(&text).unwrap().len());
}

#[divan::bench]
fn compile_two_hundred_patterns() -> Filter {
    filter()
}

#[divan::bench]
fn decide_ten_thousand_paths(bencher: divan::Bencher<'_, '_>) {
    let filter = filter();
    let paths: Vec<String> = (0..10_000)
        .map(|number| {
            format!(
                "svc{:03}/pkg{:02}/file{:02}.go",
                number % 100,
                number / 100 % 20,
                number / 2000
            )
        })
        .collect();
    bencher.bench(|| {
        paths.iter().filter(|path| filter.decide(path.as_str(), false).unwrap().ignored).count()
    });
}

#[divan::bench]
fn hostile_pattern(bencher: divan::Bencher<'_, '_>) {
    let matcher = Matcher::of(&["**/**/**/*a*a*a*a*a*a*b"]).unwrap();
    let path = "a/".repeat(100) + &"a".repeat(200);
    bencher.bench(|| matcher.matches_or_parent_matches(&path).unwrap());
}

/// Twenty thousand files.
static TREE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    for folder in 0..400 {
        let path = dir.path().join(format!("svc{:03}/pkg{:02}", folder / 20, folder % 20));
        std::fs::create_dir_all(&path).unwrap();
        for file in 0..50 {
            std::fs::write(path.join(format!("file{file:02}.go")), "x").unwrap();
        }
    }
    dir
});

#[divan::bench]
fn walk_bare() -> (u64, u64) {
    bare::walk(TREE.path(), 2)
}

#[divan::bench]
fn walk_with_two_hundred_patterns(bencher: divan::Bencher<'_, '_>) {
    let filter = filter();
    let path: &Path = TREE.path();
    let options = Options { threads: 2, max_entries: 0, ..Options::default() };
    bencher.bench(|| walk(path, &filter, &options).unwrap().summary.all);
}
