//! Reading the heads of all Go files of GOROOT/src: whole files, and their first 4 or 8 KiB.
//!
//! `cargo bench -p goheader --bench headers -- --against-go` tells the CPU time that go/parser and go/build take for the same files, which
//! are in memory as well.

#![expect(clippy::disallowed_methods, reason = "reads the files of GOROOT")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark may stop")]

#[expect(dead_code, reason = "asks nothing")]
#[path = "../tests/go/ask.rs"]
mod ask;

use ask::{GOROOT, PROGRAM};
use divan::Bencher;
use goheader::{read_go, read_other};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

fn paths() -> Vec<PathBuf> {
    let (mut pending, mut paths) = (vec![GOROOT.join("src")], Vec::new());
    while let Some(dir) = pending.pop() {
        for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                pending.push(entry.path());
            } else if entry.path().extension().is_some_and(|extension| extension == "go") {
                paths.push(entry.path());
            }
        }
    }
    paths
}

static FILES: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| paths().into_iter().map(|path| std::fs::read(path).unwrap()).collect());

fn main() {
    if std::env::args().any(|argument| argument == "--against-go") {
        against_go();
    } else {
        divan::main();
    }
}

/// Prints how long Go takes.
fn against_go() {
    let list: String = paths().iter().map(|path| format!("{}\n", path.display())).collect();
    let mut go = Command::new(&PROGRAM.1).arg("bench").stdin(Stdio::piped()).spawn().unwrap();
    go.stdin.take().unwrap().write_all(list.as_bytes()).unwrap();
    assert!(go.wait().unwrap().success());
}

#[divan::bench]
fn whole_files(bencher: Bencher<'_, '_>) {
    let files = &*FILES;
    bencher.bench_local(|| files.iter().filter(|file| read_go(file, true).is_ok()).count());
}

#[divan::bench(args = [4096, 8192])]
fn beginnings(bencher: Bencher<'_, '_>, length: usize) {
    let files = &*FILES;
    let read = |file: &Vec<u8>| {
        let beginning = file.get(..length);
        beginning.is_some_and(|bytes| read_go(bytes, false).is_ok()) || read_go(file, true).is_ok()
    };
    bencher.bench_local(|| files.iter().filter(|file| read(file)).count());
}

#[divan::bench]
fn only_constraints(bencher: Bencher<'_, '_>) {
    let files = &*FILES;
    bencher.bench_local(|| files.iter().filter(|file| read_other(file, true).is_ok()).count());
}
