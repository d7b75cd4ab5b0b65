//! Programs of several Gos, formats and link modes, held against what Go's own packages read in them.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests build real programs")]

use goartifact::{Artifact, Format, LevelKind, levels};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A program of the runtime alone: it builds in seconds for any target.
const MAIN: &str = "package main\n\ntype T struct{ n int }\n\nfunc (t T) M() int { return t.n }\n\ntype I interface{ M() int }\n\nvar sink I = &T{2}\n\nfunc main() { println(sink.M()) }\n";

struct Built {
    name: String,
    path: PathBuf,
}

/// Toolchain, platform, flags, format.
const PROGRAMS: &[(&str, &str, &[&str], Format)] = &[
    ("local", "linux/amd64", &[], Format::Elf),
    ("local", "linux/amd64", &["-ldflags=-s"], Format::Elf),
    ("local", "linux/amd64", &["-ldflags=-w"], Format::Elf),
    ("local", "linux/amd64", &["-buildmode=pie"], Format::Elf),
    ("local", "linux/amd64", &["-buildmode=pie", "-ldflags=-s"], Format::Elf),
    ("local", "linux/386", &[], Format::Elf),
    ("local", "linux/s390x", &[], Format::Elf),
    ("local", "windows/amd64", &[], Format::Pe),
    ("local", "windows/amd64", &["-ldflags=-s -w"], Format::Pe),
    ("local", "darwin/arm64", &[], Format::MachO),
    ("local", "darwin/arm64", &["-ldflags=-s -w"], Format::MachO),
    ("go1.21.13", "linux/amd64", &[], Format::Elf),
    ("go1.21.13", "windows/amd64", &[], Format::Pe),
    ("go1.24.11", "linux/amd64", &[], Format::Elf),
    ("go1.24.11", "darwin/amd64", &[], Format::MachO),
];

/// All programs, built once.
fn programs() -> &'static [Built] {
    static BUILT: OnceLock<(tempfile::TempDir, Vec<Built>)> = OnceLock::new();
    let (_, built) = BUILT.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("go.mod"), "module example.com/tiny\n\ngo 1.21\n").unwrap();
        std::fs::write(dir.path().join("main.go"), MAIN).unwrap();
        let built = PROGRAMS.iter().enumerate().map(|(at, (go, platform, flags, _))| {
            let (os, arch) = platform.split_once('/').unwrap();
            let path = dir.path().join(format!("program{at}"));
            let mut command = Command::new("go");
            command
                .args(["build", "-trimpath", "-o"])
                .arg(&path)
                .args(*flags)
                .current_dir(dir.path());
            command
                .env("GOTOOLCHAIN", go)
                .env("GOOS", os)
                .env("GOARCH", arch)
                .env("CGO_ENABLED", "0")
                .env_remove("GOFLAGS");
            let output = command.output().unwrap();
            let name = format!("{go} {platform} {flags:?}");
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
            Built { name, path }
        });
        let built = built.collect();
        (dir, built)
    });
    built
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Oracle {
    go_version: String,
    path: String,
    settings: BTreeMap<String, String>,
    functions: usize,
    first: String,
    last: String,
    subprograms: usize,
}

fn oracle(paths: &[&Path]) -> Vec<Oracle> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let output = Command::new("go")
        .args(["run", "."])
        .args(paths)
        .current_dir(dir)
        .env_remove("GOFLAGS")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn read(path: &Path) -> Artifact {
    let mut all = goartifact::read(path).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[test]
fn programs_are_what_go_itself_reads_in_them() {
    let built = programs();
    let paths: Vec<&Path> = built.iter().map(|it| it.path.as_path()).collect();
    let wanted = oracle(&paths);
    for ((built, (_, platform, _, format)), wanted) in built.iter().zip(PROGRAMS).zip(wanted) {
        let name = &built.name;
        let artifact = read(&built.path);
        assert_eq!((artifact.format, artifact.gaps.as_slice()), (*format, &[][..]), "{name}");
        assert_eq!(artifact.arch.0, platform.split_once('/').unwrap().1, "{name}");
        let info = artifact.build_info.as_ref().unwrap_or_else(|| panic!("{name}: no build info"));
        assert_eq!(
            (&info.go_version, info.path.as_deref()),
            (&wanted.go_version, Some(wanted.path.as_str())),
            "{name}"
        );
        let settings: BTreeMap<_, _> =
            info.settings.iter().map(|it| (it.key.clone(), it.value.clone())).collect();
        assert_eq!(settings, wanted.settings, "{name}");
        let table = artifact.functions.as_ref().unwrap_or_else(|| panic!("{name}: no functions"));
        assert_eq!(table.named(), table.functions.len(), "{name}");
        // gosym finds the table of a stripped PE nowhere.
        if wanted.functions > 0 {
            assert_eq!(table.functions.len(), wanted.functions, "{name}");
            let show = |at: usize| {
                format!("{:x} {}", table.functions[at].address, table.name(&table.functions[at]))
            };
            assert_eq!(
                (show(0), show(table.functions.len() - 1)),
                (wanted.first, wanted.last),
                "{name}"
            );
        }
        assert_eq!(artifact.debug.functions.len(), wanted.subprograms, "{name}");
    }
}

#[test]
fn each_level_is_whole_or_absent_as_it_was_linked() {
    for (built, (_, _, flags, _)) in programs().iter().zip(PROGRAMS) {
        let artifact = read(&built.path);
        let stripped = flags.iter().any(|flag| flag.contains("-s"));
        let no_dwarf = stripped || flags.iter().any(|flag| flag.contains("-w"));
        for level in levels(&artifact) {
            let whole = match level.kind {
                LevelKind::Names => true,
                LevelKind::Symbols => !stripped,
                LevelKind::Debug | LevelKind::Lines => !no_dwarf,
            };
            let percent = level.percent();
            let right = if whole { percent > 99.0 } else { level.known == 0 };
            assert!(right, "{} {:?}: {percent} % {:?}", built.name, level.kind, level.missing);
            if !whole {
                assert_eq!(level.reason, Some(goartifact::Reason::NotTold), "{}", built.name);
            }
        }
    }
}

#[test]
fn build_ids_are_gos_own() {
    for built in programs() {
        let output =
            Command::new("go").args(["tool", "buildid"]).arg(&built.path).output().unwrap();
        let wanted = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        assert_eq!(read(&built.path).build_id.unwrap_or_default(), wanted, "{}", built.name);
    }
}

#[test]
fn in_short_it_says_the_same() {
    for built in programs() {
        let (whole, mut short) = (read(&built.path), goartifact::brief(&built.path).unwrap());
        let short = short.remove(0);
        assert_eq!(short.build_info, whole.build_info, "{}", built.name);
        assert_eq!(short.build_id, whole.build_id, "{}", built.name);
        // Without cgo nothing is asked of the system, and no plugin can be loaded.
        assert_eq!((short.packages.len(), short.links.versions.len()), (0, 0), "{}", built.name);
    }
}

#[test]
fn what_is_asked_of_the_system_is_what_readelf_reads() {
    let file = Path::new("/bin/true");
    let links = goartifact::brief(file).unwrap().remove(0).links;
    let output = Command::new("readelf").args(["-W", "-d", "-V", "-l"]).arg(file).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let between = |line: &str, a: &str, b: &str| -> Option<String> {
        let rest = line.split_once(a)?.1;
        Some(rest.split_once(b)?.0.trim().to_owned())
    };
    let needed: Vec<_> =
        text.lines().filter_map(|line| between(line, "Shared library: [", "]")).collect();
    assert_eq!((links.libraries, needed.is_empty()), (needed, false));
    let loader = text.lines().find_map(|line| between(line, "interpreter: ", "]"));
    assert_eq!(links.interpreter, loader);
    let wanted: std::collections::BTreeSet<String> =
        text.lines().filter_map(|line| between(line, "Name: GLIBC", "  Flags")).collect();
    let found = links.versions.values().flatten();
    let found: std::collections::BTreeSet<String> =
        found.filter_map(|it| it.strip_prefix("GLIBC").map(str::to_owned)).collect();
    assert_eq!((&found, found.is_empty()), (&wanted, false));
}

#[test]
fn a_damaged_program_is_an_error_or_a_gap_and_no_panic() {
    let bytes = std::fs::read(&programs()[0].path).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("damaged");
    let check = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        let _ = (goartifact::brief(&path), goartifact::read_core(&path));
        if let Ok(all) = goartifact::read(&path) {
            for artifact in all {
                let _ = levels(&artifact);
            }
        }
    };
    for length in [0, 1, 4, 16, 64, 100, 1000, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1] {
        check(&bytes[..length]);
    }
    // Each byte of the headers, and some everywhere.
    for at in
        (0..64).chain((64..2000).step_by(7)).chain((2000..bytes.len()).step_by(bytes.len() / 60))
    {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        check(&damaged);
    }
}

#[test]
fn other_files_are_named_for_what_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        goartifact::read(&path).unwrap_err().to_string()
    };
    assert!(file("empty", b"").contains("it is empty"));
    assert!(file("script", b"#!/bin/sh\n").contains("script"));
    assert!(file("archive", b"!<arch>\nxxxxxxx").contains("archive"));
    assert!(file("text", b"hello, this is text").contains("neither ELF nor Mach-O nor PE"));
    assert!(goartifact::read(dir.path()).unwrap_err().to_string().contains("not a regular file"));
    assert!(
        goartifact::read(&dir.path().join("absent"))
            .unwrap_err()
            .to_string()
            .contains("no such file")
    );
    let c = read(Path::new("/bin/true"));
    assert!(c.build_info.is_none() && c.functions.is_none());
}
