//! The library held against the installed Go: the same answers, the same errors, at the same places.

#![expect(clippy::disallowed_methods, reason = "the tests run a Go program and read files")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "in the functions that tests share")]

mod ask;
mod brief;
mod build;
mod constraints;
mod docs;
mod ours;
mod random;

use ask::{GOROOT, Request, ask_go};
use goheader::{Incomplete, read_go, read_other};
use random::{RARE, Random, damaged, soup};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Every file below a folder.
fn files_below(root: &Path) -> Vec<PathBuf> {
    let (mut pending, mut files) = (vec![root.to_owned()], Vec::new());
    while let Some(dir) = pending.pop() {
        for entry in fs::read_dir(dir).into_iter().flatten().map(Result::unwrap) {
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                pending.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    files
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|extension| extensions.iter().any(|known| extension == *known))
}

/// Panics with what differs.
fn compare<'a>(
    kind: &'static str,
    files: impl Iterator<Item = (String, &'a [u8])> + Clone,
    ours: fn(&[u8]) -> Value,
) {
    let theirs = ask_go(files.clone().map(|(_, data)| Request { kind, name: "", data }));
    let mut wrong = Vec::new();
    for ((name, data), theirs) in files.zip(theirs) {
        let ours = ours(data);
        if ours != theirs {
            let text = if data.len() < 3000 { String::from_utf8_lossy(data) } else { "".into() };
            wrong.push(format!("{name}: {text:?}\n  ours: {ours}\n  Go's: {theirs}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ\n{}",
        wrong.len(),
        wrong[..wrong.len().min(10)].join("\n")
    );
}

/// How many random cases to try: a few, or what an environment variable asks for.
fn cases(few: usize) -> usize {
    std::env::var("GOHEADER_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(few)
}

/// The Go files of GOROOT, and of the folders that `GOHEADER_CORPUS` lists (`:`-separated).
fn go_files() -> Vec<PathBuf> {
    let more = std::env::var("GOHEADER_CORPUS").unwrap_or_default();
    let mut roots = vec![GOROOT.join("src"), GOROOT.join("test")];
    roots.extend(more.split(':').filter(|root| !root.is_empty()).map(PathBuf::from));
    let paths = roots.iter().flat_map(|root| files_below(root));
    paths.filter(|path| has_extension(path, &["go", "src", "golden", "input"])).collect()
}

/// Compares files, not all of them in memory at once.
fn compare_paths(kind: &'static str, paths: &[PathBuf], ours: fn(&[u8]) -> Value) {
    for paths in paths.chunks(5_000) {
        let files: Vec<_> = paths
            .iter()
            .map(|path| (path.display().to_string(), fs::read(path).unwrap()))
            .collect();
        compare(kind, files.iter().map(|(name, data)| (name.clone(), data.as_slice())), ours);
    }
}

/// The beginnings of some files, and the files that show what few others have.
fn beginnings() -> Vec<Vec<u8>> {
    let paths = go_files();
    let some = paths.iter().step_by(paths.len() / 300).map(|path| fs::read(path).unwrap());
    let some = some.map(|data| data[..data.len().min(1500)].to_vec());
    some.chain(RARE.iter().map(|text| text.as_bytes().to_vec())).collect()
}

#[test]
fn every_go_file_of_goroot_reads_as_in_go() {
    let paths = go_files();
    compare_paths("go", &paths, ours::go_file);
    let wrong = |path: &&PathBuf| read_go(&fs::read(path).unwrap(), true).unwrap().error.is_some();
    let wrong = paths.iter().filter(wrong).count();
    assert!(paths.len() > 5000 && wrong > 10, "{} files, {wrong} with errors", paths.len());
}

#[test]
fn every_other_source_file_of_goroot_reads_as_in_go() {
    const EXTENSIONS: &[&str] =
        &["s", "S", "c", "h", "m", "cc", "cpp", "cxx", "hpp", "f90", "swig"];
    let mut paths = files_below(&GOROOT.join("src"));
    paths.retain(|path| has_extension(path, EXTENSIONS));
    assert!(paths.len() > 500, "{}", paths.len());
    compare_paths("other", &paths, ours::other_file);
}

/// Random files, from a seed on.
fn random_files(few: usize, make: impl Fn(&mut Random) -> Vec<u8>) {
    let chunk = 20_000;
    let count = cases(few);
    for start in (0..count).step_by(chunk) {
        let seeds = start..count.min(start + chunk);
        let files: Vec<_> = seeds.map(|seed| (seed, make(&mut Random::new(seed as u64)))).collect();
        let named = files.iter().map(|(seed, data)| (format!("seed {seed}"), data.as_slice()));
        compare("go", named.clone(), ours::go_file);
        compare("other", named, ours::other_file);
    }
}

#[test]
fn damaged_files_read_as_in_go() {
    let texts = beginnings();
    random_files(6_000, |random| damaged(random, &texts));
}

#[test]
fn pieces_of_go_in_no_order_read_as_in_go() {
    random_files(6_000, soup);
}

#[test]
fn a_beginning_says_the_same_as_the_file_or_that_it_is_not_enough() {
    let mut random = Random::new(1);
    let texts = beginnings();
    let damaged = (0..cases(2_000)).map(|_| damaged(&mut random, &texts));
    let mut enough = 0;
    for text in texts.iter().cloned().chain(damaged) {
        let (whole, other) = (read_go(&text, true), read_other(&text, true));
        assert!(whole.is_ok() && other.is_ok());
        let lengths = [0, 1, 2, 3, 10, 50, 100, 300, 400, 600, 1000];
        for length in lengths.into_iter().chain([text.len().saturating_sub(1), text.len()]) {
            let Some(beginning) = text.get(..length) else { continue };
            let shown = String::from_utf8_lossy(beginning);
            let header = read_go(beginning, false);
            assert!(header == Err(Incomplete) || header == whole, "{shown:?}");
            let constraint = read_other(beginning, false);
            assert!(constraint == Err(Incomplete) || constraint == other, "{shown:?}");
            enough += usize::from(header.is_ok() && length < text.len());
        }
    }
    assert!(enough > 1000, "only {enough} beginnings are enough");
}
