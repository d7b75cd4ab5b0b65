//! Programs of several Gos, formats and link modes, held against what Go's own packages read in them.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests build real programs")]

use goartifact::{Artifact, Format, LevelKind, levels};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
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
    ("local", "windows/386", &[], Format::Pe),
    ("local", "windows/amd64", &[], Format::Pe),
    ("local", "windows/amd64", &["-ldflags=-s -w"], Format::Pe),
    ("local", "darwin/arm64", &[], Format::MachO),
    ("local", "darwin/arm64", &["-ldflags=-s -w"], Format::MachO),
    ("local", "darwin/amd64", &[], Format::MachO),
    ("go1.21.13", "linux/amd64", &[], Format::Elf),
    ("go1.21.13", "linux/amd64", &["-ldflags=-s -w"], Format::Elf),
    ("go1.21.13", "darwin/arm64", &["-ldflags=-w"], Format::MachO),
    ("go1.22.12", "linux/amd64", &[], Format::Elf),
    ("go1.22.12", "windows/amd64", &["-ldflags=-w"], Format::Pe),
    ("go1.22.12", "darwin/amd64", &["-ldflags=-s"], Format::MachO),
    ("go1.21.13", "windows/amd64", &[], Format::Pe),
    ("go1.24.11", "linux/amd64", &[], Format::Elf),
    ("go1.24.11", "windows/amd64", &["-ldflags=-s"], Format::Pe),
    ("go1.24.11", "darwin/amd64", &[], Format::MachO),
    ("go1.25.5", "linux/amd64", &["-ldflags=-s"], Format::Elf),
    ("go1.25.5", "linux/arm64", &[], Format::Elf),
    ("go1.25.5", "windows/amd64", &[], Format::Pe),
    ("go1.25.5", "darwin/arm64", &[], Format::MachO),
    ("go1.18.10", "linux/amd64", &[], Format::Elf),
    ("go1.18.10", "linux/amd64", &["-buildmode=pie", "-ldflags=-s"], Format::Elf),
    ("go1.18.10", "windows/amd64", &[], Format::Pe),
    ("go1.18.10", "darwin/arm64", &["-ldflags=-s -w"], Format::MachO),
    ("go1.19.13", "linux/386", &[], Format::Elf),
    ("go1.19.13", "windows/amd64", &["-ldflags=-s -w"], Format::Pe),
    ("go1.19.13", "darwin/amd64", &[], Format::MachO),
    ("go1.20.14", "linux/amd64", &["-ldflags=-s"], Format::Elf),
    ("go1.20.14", "linux/s390x", &[], Format::Elf),
    // Its linker puts trampolines beside half of the functions.
    ("go1.20.14", "linux/riscv64", &[], Format::Elf),
    ("go1.20.14", "windows/amd64", &[], Format::Pe),
    ("go1.20.14", "darwin/arm64", &[], Format::MachO),
    ("go1.27.4", "linux/amd64", &[], Format::Elf),
    ("go1.27.4", "linux/amd64", &["-ldflags=-s"], Format::Elf),
    ("go1.27.4", "linux/amd64", &["-buildmode=pie"], Format::Elf),
    ("go1.27.4", "linux/arm64", &[], Format::Elf),
    ("go1.27.4", "windows/amd64", &[], Format::Pe),
    ("go1.27.4", "windows/amd64", &["-ldflags=-s -w"], Format::Pe),
    ("go1.27.4", "darwin/arm64", &["-ldflags=-s"], Format::MachO),
    ("go1.27.4", "darwin/amd64", &[], Format::MachO),
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
        assert_eq!(artifact.after_link, goartifact::AfterLink::Intact, "{name}");
    }
}

#[test]
fn each_level_is_whole_or_absent_as_it_was_linked() {
    for (built, (go, _, flags, format)) in programs().iter().zip(PROGRAMS) {
        let artifact = read(&built.path);
        // Before Go 1.22 `-s` left a Mach-O file its symbols.
        let older = ["go1.18", "go1.19", "go1.20", "go1.21"].iter().any(|it| go.starts_with(it));
        let kept = *format == Format::MachO && older;
        let stripped = flags.iter().any(|flag| flag.contains("-s"));
        let no_dwarf = stripped || flags.iter().any(|flag| flag.contains("-w"));
        for level in levels(&artifact) {
            let whole = match level.kind {
                LevelKind::Names => true,
                LevelKind::Symbols => kept || !stripped,
                LevelKind::Debug | LevelKind::Lines => !no_dwarf,
            };
            let percent = level.percent();
            let right = if whole { percent > 99.0 } else { level.known == 0 };
            assert!(right, "{} {:?}: {percent} % {:?}", built.name, level.kind, level.missing);
            if !whole {
                // -trimpath hides the flags; the hash of the file tells that the linker wrote it so.
                let reason = Some(goartifact::Reason::LinkedWithout);
                assert_eq!(level.reason, reason, "{}", built.name);
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
    let wanted: BTreeSet<String> =
        text.lines().filter_map(|line| between(line, "Name: GLIBC", "  Flags")).collect();
    let found = links.versions.values().flatten();
    let found: BTreeSet<String> =
        found.filter_map(|it| it.strip_prefix("GLIBC").map(str::to_owned)).collect();
    assert_eq!((&found, found.is_empty()), (&wanted, false));
}

/// The distinct addresses of symbols in the code, as `llvm-readobj` lists them.
fn addresses_by_llvm(path: &Path) -> BTreeSet<u64> {
    let output = Command::new("llvm-readobj-19").args(["--symbols"]).arg(path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let field = |symbol: &str, name: &str| -> Option<String> {
        let line = symbol.lines().find_map(|line| line.trim().strip_prefix(name));
        line.map(|line| line.trim_start_matches([':', ' ']).to_owned())
    };
    let number = |text: String| -> u64 {
        match text.strip_prefix("0x") {
            Some(hex) => u64::from_str_radix(hex, 16).unwrap(),
            None => text.parse().unwrap(),
        }
    };
    let symbols = text.split("Symbol {").skip(1).filter(|symbol| {
        let section = field(symbol, "Section").unwrap_or_default();
        // Mach-O: debugging entries (stabs) are none.
        let name = section.split(' ').next();
        matches!(name, Some(".text" | "__text")) && !symbol.contains("SymbolStab")
    });
    symbols.filter_map(|symbol| field(symbol, "Value").map(number)).collect()
}

#[test]
fn symbols_are_those_of_llvm_and_of_gos_nm() {
    for (built, (_, platform, _, format)) in programs().iter().zip(PROGRAMS) {
        let artifact = read(&built.path);
        let found: BTreeSet<u64> = artifact.symbols.code.iter().copied().collect();
        let llvm = addresses_by_llvm(&built.path);
        // LLVM counts from the section's beginning in PE.
        assert_eq!(found.len(), llvm.len(), "{}", built.name);
        let shift = found.iter().next().zip(llvm.iter().next()).map_or(0, |(a, b)| a - b);
        assert!(found.iter().copied().eq(llvm.iter().map(|at| at + shift)), "{}", built.name);
        assert!(shift == 0 || *format == Format::Pe, "{}", built.name);
        let output = Command::new("go").args(["tool", "nm"]).arg(&built.path).output().unwrap();
        if !output.status.success() {
            assert!(found.is_empty(), "{}", built.name);
            continue;
        }
        let text = String::from_utf8(output.stdout).unwrap();
        let code = text.lines().filter_map(|line| {
            let (address, rest) = line.trim_start().split_once(' ')?;
            rest.starts_with(['T', 't']).then(|| u64::from_str_radix(address, 16).unwrap())
        });
        let nm: BTreeSet<u64> = code.collect();
        // nm has the same, but for labels at the end of the code that it counts elsewhere.
        let differ = found.symmetric_difference(&nm).count();
        assert!(differ <= 2, "{} {platform}: {differ} differ", built.name);
    }
}

#[test]
fn build_info_is_what_go_version_prints() {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Line {
        go_version: String,
        path: String,
        main: Main,
        settings: Vec<Setting>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Main {
        path: String,
        version: String,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Setting {
        key: String,
        value: String,
    }
    let paths = programs().iter().map(|built| &built.path);
    let output = Command::new("go").args(["version", "-m", "-json"]).args(paths).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<Line>();
    let mut read_all = 0;
    for (built, line) in programs().iter().zip(lines) {
        let (line, info) = (line.unwrap(), read(&built.path).build_info.unwrap());
        read_all += 1;
        assert_eq!(
            (line.go_version, Some(line.path)),
            (info.go_version, info.path),
            "{}",
            built.name
        );
        let main = info.main.unwrap();
        assert_eq!(
            (line.main.path, line.main.version),
            (main.path, main.version),
            "{}",
            built.name
        );
        let settings: Vec<_> = line.settings.into_iter().map(|it| (it.key, it.value)).collect();
        let found: Vec<_> = info.settings.into_iter().map(|it| (it.key, it.value)).collect();
        assert_eq!(settings, found, "{}", built.name);
    }
    assert_eq!(read_all, PROGRAMS.len());
}

#[test]
fn each_architecture_of_a_universal_file_is_read_as_if_it_were_alone() {
    let of = |wanted: &str| {
        let at = PROGRAMS.iter().position(|(go, platform, flags, _)| {
            (*go, *platform, flags.is_empty()) == ("local", wanted, true)
        });
        &programs()[at.unwrap()].path
    };
    let (arm, intel) = (of("darwin/arm64"), of("darwin/amd64"));
    let dir = tempfile::tempdir().unwrap();
    let both = dir.path().join("both");
    let mut lipo = Command::new("llvm-lipo-19");
    lipo.arg("-create").args([arm, intel]).arg("-output").arg(&both);
    assert!(lipo.status().unwrap().success());
    let found = goartifact::read(&both).unwrap();
    assert_eq!(found.len(), 2);
    for (found, alone) in found.iter().zip([intel, arm]) {
        let alone = read(alone);
        assert_eq!((found.arch, &found.build_id), (alone.arch, &alone.build_id));
        assert_eq!((levels(found), &found.build_info), (levels(&alone), &alone.build_info));
        assert!(found.gaps.is_empty() && levels(found).iter().all(|level| level.percent() > 99.0));
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
