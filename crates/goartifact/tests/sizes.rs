//! Where the bytes of real programs come from, held against what Go's own tools say of them.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests build real programs")]

use goartifact::size::{Kind, Sizes, sizes};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const MAIN: &str = r#"package main

import (
	"embed"
	"strings"
)

//go:embed large.txt dir
var files embed.FS

//go:embed alone.txt
var alone string

var zero [5000]byte

func main() {
	data, _ := files.ReadFile(strings.ToLower("LARGE.TXT"))
	println(len(data), alone, zero[len(data)%5000])
}
"#;

/// The program of some flags; the module is at `dir`.
fn build(dir: &Path, platform: &str, flags: &[&str]) -> PathBuf {
    let (os, arch) = platform.split_once('/').unwrap();
    let path = dir.join("program");
    let mut command = Command::new("go");
    command.args(["build", "-o"]).arg(&path).args(flags).current_dir(dir);
    command.env("GOOS", os).env("GOARCH", arch).env("CGO_ENABLED", "0").env_remove("GOFLAGS");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    path
}

fn module() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    write("go.mod", "module example.com/sized\n\ngo 1.21\n");
    write("main.go", MAIN);
    write("large.txt", &"a line of a large file\n".repeat(1000));
    write("alone.txt", &"alone".repeat(500));
    std::fs::create_dir(dir.path().join("dir")).unwrap();
    write("dir/small.txt", "small");
    write("dir/empty.txt", "");
    dir
}

fn read(path: &Path) -> Sizes {
    let mut all = sizes(path).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

const PROGRAMS: &[(&str, &[&str])] = &[
    ("linux/amd64", &[]),
    ("linux/amd64", &["-buildmode=pie", "-ldflags=-s"]),
    ("linux/386", &[]),
    ("linux/s390x", &["-ldflags=-w"]),
    ("windows/amd64", &[]),
    ("windows/arm64", &["-ldflags=-s"]),
    ("darwin/arm64", &[]),
    ("darwin/amd64", &["-ldflags=-s -w"]),
];

#[test]
fn every_byte_is_counted_once_and_embedded_files_are_found() {
    let dir = module();
    for (platform, flags) in PROGRAMS {
        let name = format!("{platform} {flags:?}");
        let path = build(dir.path(), platform, flags);
        let sizes = read(&path);
        let file = std::fs::metadata(&path).unwrap().len();
        let sum: u64 = sizes.packages.iter().map(|package| package.bytes.total()).sum();
        assert_eq!((sizes.file, sum, sizes.gaps.as_slice()), (file, file, &[][..]), "{name}");
        let modules: u64 = sizes.modules().iter().map(|(_, bytes)| bytes.total()).sum();
        assert_eq!(modules, file, "{name}");
        let embedded: Vec<(&str, u64)> =
            sizes.embedded.iter().map(|it| (it.file.name.as_str(), it.file.bytes)).collect();
        // embed sorts by folder, then by name.
        let wanted = [("large.txt", 23_000), ("dir/empty.txt", 0), ("dir/small.txt", 5)];
        assert_eq!(embedded, wanted, "{name}");
        // What is small may lie inside another string.
        assert!((23_000..=23_005).contains(&sizes.kinds().embedded), "{name}");
        let stripped = flags.iter().any(|flag| flag.contains("-s"));
        assert_eq!(sizes.data_is_named, !stripped, "{name}");
        let package =
            |name: &str| sizes.packages.iter().find(|package| package.package == name).unwrap();
        assert!(package("runtime").bytes.code > 100_000, "{name}");
        assert_eq!(package("runtime").module, "std", "{name}");
        let main = package("example.com/sized");
        assert_eq!(main.module, "example.com/sized", "{name}");
        assert!((30..3_000).contains(&main.bytes.code), "{name}: {main:?}");
        if !stripped {
            assert_eq!(sizes.embedded[0].package.as_deref(), Some("main"), "{name}");
            assert!((5_000..6_000).contains(&main.zero), "{name}: {main:?}");
        }
    }
}

/// `go tool nm` has the length of each function without the padding behind it.
#[test]
fn code_is_what_nm_adds_up() {
    let dir = module();
    let path = build(dir.path(), "linux/amd64", &[]);
    let output = Command::new("go").args(["tool", "nm", "-size"]).arg(&path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut wanted: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [_, size, "T" | "t", name, ..] = words[..] {
            let sum = wanted.entry(goartifact::size::package_of(name).into_owned()).or_default();
            *sum = (sum.0 + size.parse::<u64>().unwrap(), sum.1 + 1);
        }
    }
    let sizes = read(&path);
    let mut checked = 0;
    for (package, (code, functions)) in
        wanted.iter().filter(|(package, (code, _))| !package.starts_with('(') && *code > 0)
    {
        let name = if package == "main" { "example.com/sized" } else { package };
        let ours =
            sizes.packages.iter().find(|it| it.package == name).unwrap().bytes.of(Kind::Code);
        // At most 31 bytes behind each function.
        assert!(
            ours >= *code && ours <= code + functions * 31,
            "{package}: nm {code}, here {ours}"
        );
        checked += 1;
    }
    assert!(checked > 20, "{checked}");
}

#[test]
fn a_damaged_program_adds_up_or_is_an_error() {
    let dir = module();
    let path = build(dir.path(), "linux/amd64", &[]);
    let bytes = std::fs::read(&path).unwrap();
    let damaged = dir.path().join("damaged");
    let check = |bytes: &[u8]| {
        std::fs::write(&damaged, bytes).unwrap();
        for sizes in sizes(&damaged).unwrap_or_default() {
            let sum: u64 = sizes.packages.iter().map(|package| package.bytes.total()).sum();
            assert!(sum <= bytes.len() as u64 * 2, "{sum}");
        }
    };
    for length in [64, 1000, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1] {
        check(&bytes[..length]);
    }
    for at in (16..2000).step_by(17).chain((2000..bytes.len()).step_by(bytes.len() / 60)) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        check(&damaged);
    }
}

/// A section that claims to lie at the end of all addresses.
#[test]
fn addresses_that_would_wrap_end_nothing() {
    let dir = module();
    let path = build(dir.path(), "linux/amd64", &[]);
    let mut bytes = std::fs::read(&path).unwrap();
    let word = |bytes: &[u8], at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    let short = |bytes: &[u8], at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let (table, count) = (word(&bytes, 0x28) as usize, short(&bytes, 0x3c) as usize);
    for index in 1..count {
        let address = table + 64 * index + 16;
        let old = word(&bytes, address);
        for wrong in [u64::MAX, u64::MAX - 15, u64::MAX - 4096] {
            bytes[address..address + 8].copy_from_slice(&wrong.to_le_bytes());
            std::fs::write(&path, &bytes).unwrap();
            drop(sizes(&path));
        }
        bytes[address..address + 8].copy_from_slice(&old.to_le_bytes());
    }
}
