//! The build list of a made-up service with 600 modules: from memory, and from a module cache on disk.

#![expect(clippy::expect_used, reason = "a benchmark stops when its input is wrong")]
#![expect(clippy::disallowed_methods, reason = "a benchmark writes the module cache that it reads")]

use buildlist::{GoMods, Input, MainModule, Options, ReadError, Source};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

const MODULES: usize = 600;

fn main() {
    divan::main();
}

fn path(index: usize) -> String {
    format!("example.com/group{}/module{index}", index % 7)
}

/// Each module requires twenty others at several versions, as many real ones do.
fn go_mod(index: usize) -> String {
    let mut text = format!("module {}\n\ngo 1.{}\n\nrequire (\n", path(index), 16 + index % 8);
    for step in 1..=20 {
        let other = (index * 7 + step * 31) % MODULES;
        let _ = writeln!(text, "\t{} v1.{}.0 // indirect", path(other), step % 3);
    }
    text.push_str(")\n");
    text
}

fn service() -> String {
    let mut text = String::from("module example.com/service\n\ngo 1.24.0\n\nrequire (\n");
    for index in 0..MODULES {
        let _ = writeln!(text, "\t{} v1.2.0", path(index));
    }
    text.push_str(")\n");
    text
}

struct Memory(HashMap<String, String>);

impl GoMods for Memory {
    fn go_mod(&self, source: Source<'_>) -> Result<Cow<'_, [u8]>, ReadError> {
        let text = match source {
            Source::Module { path, .. } => self.0.get(path),
            Source::Directory(_) => None,
        };
        let missing = || ReadError::Missing { looked_at: Vec::new() };
        text.map(|text| text.as_bytes().into()).ok_or_else(missing)
    }
}

#[divan::bench(args = [1, 2])]
fn resolve_from_memory(bencher: divan::Bencher<'_, '_>, threads: usize) {
    let world = Memory((0..MODULES).map(|index| (path(index), go_mod(index))).collect());
    let main = MainModule::parse("/src", service()).expect("it is well-formed");
    bencher.bench(|| {
        let input = Input { threads, ..Input::new(main.clone()) };
        buildlist::resolve(input, &world).expect("nothing is missing").modules().len()
    });
}

#[divan::bench]
fn load_from_disk(bencher: divan::Bencher<'_, '_>) {
    let root = tempfile::tempdir().expect("a directory");
    std::fs::write(root.path().join("go.mod"), service()).expect("it is ours");
    for index in 0..MODULES {
        let dir = root.path().join("cache/download").join(path(index)).join("@v");
        std::fs::create_dir_all(&dir).expect("it is ours");
        for version in ["v1.0.0", "v1.1.0", "v1.2.0"] {
            std::fs::write(dir.join(format!("{version}.mod")), go_mod(index)).expect("it is ours");
        }
    }
    let options = Options { gomodcache: root.path().to_owned(), ..Options::default() };
    bencher.bench(|| {
        buildlist::load(root.path(), &options).expect("nothing is missing").modules().len()
    });
}
