//! What was done to a program after Go linked it, by the tools that people do it with.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests build real programs")]

use goartifact::{Added, AfterLink, Change, WhyUnknown, after_link};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const GO: &str = "package main\n\nfunc main() { println(1) }\n";
const CGO: &str = "package main\n\n// int f(int x) { return x + 1; }\nimport \"C\"\n\nfunc main() { println(C.f(2)) }\n";

fn run(dir: &Path, program: &str, args: &[&str], settings: &[(&str, &str)]) {
    let mut command = Command::new(program);
    command.args(args).current_dir(dir).envs(settings.iter().copied()).env_remove("GOFLAGS");
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{program} {args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A folder with programs as Go links them, built once.
fn linked() -> &'static Path {
    static DIR: OnceLock<tempfile::TempDir> = OnceLock::new();
    let dir = DIR.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("go.go"), GO).unwrap();
        std::fs::write(dir.path().join("c.go"), CGO).unwrap();
        let go = |name: &str, file: &str, flags: &[&str], settings: &[(&str, &str)]| {
            run(dir.path(), "go", &[&["build", "-o", name], flags, &[file]].concat(), settings);
        };
        let pure = ("CGO_ENABLED", "0");
        go("elf", "go.go", &[], &[pure]);
        go("macho", "go.go", &[], &[pure, ("GOOS", "darwin"), ("GOARCH", "arm64")]);
        go("intel", "go.go", &[], &[pure, ("GOOS", "darwin"), ("GOARCH", "amd64")]);
        go("pe", "go.go", &[], &[pure, ("GOOS", "windows")]);
        go("external", "c.go", &["-ldflags=-linkmode=external"], &[]);
        // Go's own default on some platforms: the linker's ID is made of Go's.
        go("gnu", "c.go", &["-ldflags=-linkmode=external -B=gobuildid"], &[]);
        let older = ("GOTOOLCHAIN", "go1.22.12");
        let id = "-ldflags=-linkmode=external -extldflags=-Wl,--build-id=sha1";
        go("older-gnu", "c.go", &[id], &[older]);
        go("pie", "go.go", &["-buildmode=pie"], &[pure]);
        go("shared", "c.go", &["-buildmode=c-shared"], &[]);
        go("small", "go.go", &["-ldflags=-s -w"], &[pure]);
        let windows = [("GOOS", "windows"), ("CGO_ENABLED", "1"), ("CC", "x86_64-w64-mingw32-gcc")];
        go("pe-c", "c.go", &[], &windows);
        go("no-id", "go.go", &["-ldflags=-buildid="], &[pure]);
        go("other-id", "go.go", &["-ldflags=-buildid=redacted"], &[pure]);
        dir
    });
    dir.path()
}

/// A copy that may be changed.
fn copy(of: &str, name: &str) -> PathBuf {
    let to = linked().join(name);
    std::fs::copy(linked().join(of), &to).unwrap();
    to
}

fn told(path: &Path) -> AfterLink {
    let mut all = after_link(path).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// The program after such a command of this file.
fn after(of: &str, program: &str, args: &[&str]) -> AfterLink {
    let name = format!("{of}-{program}{}", args.concat().replace(['/', '='], "-"));
    let path = copy(of, &name);
    run(linked(), program, &[args, &[name.as_str()]].concat(), &[]);
    told(&path)
}

#[test]
fn what_go_links_is_intact() {
    let names = [
        "elf",
        "macho",
        "intel",
        "pe",
        "external",
        "gnu",
        "older-gnu",
        "pie",
        "shared",
        "small",
        "pe-c",
    ];
    for name in names {
        assert_eq!(told(&linked().join(name)), AfterLink::Intact, "{name}");
        let bytes = std::fs::read(linked().join(name)).unwrap();
        let read = goartifact::read_bytes(&bytes).unwrap();
        assert_eq!(read[0].after_link, AfterLink::Intact, "{name}, from memory");
    }
}

#[test]
fn what_has_no_id_of_the_go_command_is_not_known() {
    for (name, why) in [("no-id", WhyUnknown::NoBuildId), ("other-id", WhyUnknown::OtherBuildId)] {
        assert_eq!(told(&linked().join(name)), AfterLink::Unknown { why }, "{name}");
    }
}

#[test]
fn a_byte_is_enough() {
    for name in ["elf", "macho", "pe", "external"] {
        let path = copy(name, &format!("{name}-patched"));
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        // Only Go's own linker lays an ELF file out as no other tool does; elsewhere a patch looks like a strip.
        let signs = if name == "elf" { vec![Change::InPlace] } else { vec![] };
        assert_eq!(told(&path), AfterLink::Changed { signs }, "{name}");
    }
}

#[test]
fn what_came_from_a_c_linker_and_was_written_anew_is_not_told_as_changed_in_place() {
    let unpacked = after("external", "objcopy", &["--decompress-debug-sections"]);
    assert_eq!(unpacked, AfterLink::Changed { signs: vec![] });
    let removed = after("external", "objcopy", &["--remove-section=.go.buildinfo"]);
    assert_eq!(removed, AfterLink::Changed { signs: vec![] });
}

#[test]
fn debug_information_that_was_stripped_alone_is_named_in_each_format() {
    use Change::{DebugRemoved, WrittenAnew};
    let changed = |signs: &[Change]| AfterLink::Changed { signs: signs.to_vec() };
    assert_eq!(after("external", "strip", &["-g"]), changed(&[DebugRemoved]));
    assert_eq!(after("elf", "strip", &["-g"]), changed(&[DebugRemoved, WrittenAnew]));
    assert_eq!(after("pe", "x86_64-w64-mingw32-strip", &["-g"]), changed(&[DebugRemoved]));
    assert_eq!(after("intel", "llvm-strip-19", &["-S"]), changed(&[DebugRemoved]));
}

#[test]
fn strip_and_objcopy_are_named() {
    use Change::{DebugLink, DebugRemoved, Stripped, WrittenAnew};
    let changed = |signs: &[Change]| AfterLink::Changed { signs: signs.to_vec() };
    assert_eq!(after("elf", "strip", &[]), changed(&[Stripped, WrittenAnew]));
    assert_eq!(after("external", "strip", &[]), changed(&[Stripped]));
    assert_eq!(after("elf", "llvm-strip-19", &[]), changed(&[Stripped, WrittenAnew]));
    assert_eq!(after("macho", "llvm-strip-19", &[]), changed(&[DebugRemoved, WrittenAnew]));
    assert_eq!(after("pe", "x86_64-w64-mingw32-strip", &[]), changed(&[Stripped]));
    assert_eq!(
        after("elf", "objcopy", &["--add-gnu-debuglink=external"]),
        changed(&[DebugLink, WrittenAnew])
    );
}

#[test]
fn what_was_put_behind_it_leaves_it_whole() {
    for name in ["elf", "macho", "pe", "external"] {
        let path = copy(name, &format!("{name}-longer"));
        let bytes = [std::fs::read(&path).unwrap(), b"payload".to_vec()].concat();
        std::fs::write(&path, bytes).unwrap();
        let added = AfterLink::Added { what: vec![Added::Bytes { count: 7 }] };
        assert_eq!(told(&path), added, "{name}");
    }
}

#[test]
fn a_signature_leaves_it_whole() {
    let key = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x"];
    let files = ["-keyout", "key.pem", "-out", "cert.pem"];
    run(linked(), "openssl", &[&key[..], &files].concat(), &[]);
    let sign = |name: &str| {
        let to = format!("{name}-signed.exe");
        let args = ["sign", "-certs", "cert.pem", "-key", "key.pem", "-in", name, "-out", &to];
        run(linked(), "osslsigncode", &args, &[]);
        told(&linked().join(to))
    };
    assert_eq!(sign("pe"), AfterLink::Added { what: vec![Added::Signature] });
    // What is put behind a certificate leaves it valid.
    let path = copy("pe-signed.exe", "pe-longer.exe");
    let bytes = [std::fs::read(&path).unwrap(), b"payload.payload.".to_vec()].concat();
    std::fs::write(&path, bytes).unwrap();
    let what = vec![Added::Signature, Added::Bytes { count: 16 }];
    assert_eq!(told(&path), AfterLink::Added { what });
    assert_eq!(sign("pe-c"), AfterLink::Unknown { why: WhyUnknown::Signed });
    let path = copy("pe", "pe-bad");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[600_000] ^= 1;
    std::fs::write(path, bytes).unwrap();
    assert!(matches!(sign("pe-bad"), AfterLink::Changed { .. }));
}

#[test]
fn programs_of_a_universal_file_are_told_each() {
    let args = ["-create", "macho", "intel", "-output", "universal"];
    run(linked(), "llvm-lipo-19", &args, &[]);
    let all = after_link(&linked().join("universal")).unwrap();
    assert_eq!(all, [AfterLink::Intact, AfterLink::Intact]);
}

/// What a hash can hold: who changes a program may write a new one, with Go's own tool.
#[test]
fn a_new_id_is_believed() {
    let path = copy("elf", "elf-rewritten");
    run(linked(), "strip", &["elf-rewritten"], &[]);
    run(linked(), "go", &["tool", "buildid", "-w", "elf-rewritten"], &[]);
    assert_eq!(told(&path), AfterLink::Intact);
}
