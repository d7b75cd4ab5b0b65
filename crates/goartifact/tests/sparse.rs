//! Files with holes, parts of which claim gigabytes: nothing of them is believed, and they cost no memory.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests build real programs")]

use goartifact::{AfterLink, Error, MIN_READ, WhyUnknown};
use std::path::{Path, PathBuf};
use std::process::Command;

const GO: &str = "package main\n\nfunc main() { println(1) }\n";
const HUGE: u64 = 6 << 30;

fn number(bytes: &[u8], at: usize, length: usize) -> usize {
    let bytes = &bytes[at..at + length];
    usize::try_from(bytes.iter().rev().fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte)))
        .unwrap()
}

/// Where the header of a section is in an ELF file of 64 bits.
fn header(elf: &[u8], name: &str) -> usize {
    let (table, count, names) = (number(elf, 0x28, 8), number(elf, 0x3c, 2), number(elf, 0x3e, 2));
    let names = number(elf, table + names * 64 + 24, 8);
    let is_it = |at: &usize| {
        let own = &elf[names + number(elf, *at, 4)..];
        own.starts_with(name.as_bytes()) && own[name.len()] == 0
    };
    (0..count).map(|index| table + index * 64).find(is_it).unwrap()
}

/// The program with a section that claims six gigabytes, in a file of eight.
fn huge(dir: &Path, elf: &[u8], section: &str) -> PathBuf {
    let mut elf = elf.to_vec();
    let at = header(&elf, section);
    elf[at + 32..at + 40].copy_from_slice(&HUGE.to_le_bytes());
    // It is not packed.
    elf[at + 8..at + 16].fill(0);
    let path = dir.join(format!("huge{section}"));
    std::fs::write(&path, elf).unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_len(8 << 30).unwrap();
    path
}

/// Peak memory of this process in bytes.
fn peak() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

#[test]
fn parts_of_gigabytes_are_not_read_and_that_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    std::fs::write(dir.join("main.go"), GO).unwrap();
    let mut go = Command::new("go");
    go.args(["build", "-o", "elf", "main.go"]).current_dir(dir).env("CGO_ENABLED", "0");
    assert!(go.env_remove("GOFLAGS").status().unwrap().success());
    let elf = std::fs::read(dir.join("elf")).unwrap();
    for section in [".gopclntab", ".note.go.buildid", ".go.buildinfo", ".debug_info"] {
        let path = huge(dir, &elf, section);
        let mut all = goartifact::read(&path).unwrap();
        let artifact = all.remove(0);
        let said = artifact.unread.unwrap_or_default();
        assert!(said.contains("claims 6442450944 bytes"), "{section}: {said} {:?}", artifact.gaps);
        let too_large = AfterLink::Unknown { why: WhyUnknown::TooLarge };
        let no_id = AfterLink::Unknown { why: WhyUnknown::NoBuildId };
        assert!([too_large, no_id].contains(&artifact.after_link), "{section}");
        // The same data are not looked at by each of them.
        let _ = goartifact::brief(&path);
        let _ = goartifact::size::sizes(&path);
    }
    // What only the sizes look at.
    let sizes = goartifact::size::sizes(&huge(dir, &elf, ".noptrdata")).unwrap();
    assert!(sizes[0].file > HUGE, "{:?}", sizes[0].gaps);
    // Without its symbols nothing can be said of a file.
    for section in [".symtab", ".strtab"] {
        let path = huge(dir, &elf, section);
        match goartifact::read(&path) {
            Err(Error::TooLong { claimed, limit }) => {
                assert_eq!((claimed, limit), (HUGE, MIN_READ))
            }
            Err(err) => panic!("{section}: {err}"),
            // Names are read one by one.
            Ok(all) => assert!(all[0].functions.is_some(), "{section}"),
        }
    }
    // A core file whose notes claim as much.
    let mut core = elf;
    core[16..18].copy_from_slice(&4u16.to_le_bytes());
    let headers = number(&core, 0x20, 8);
    let count = number(&core, 0x38, 2);
    let notes =
        (0..count).map(|it| headers + it * 56).find(|at| number(&core, *at, 4) == 4).unwrap();
    core[notes + 32..notes + 40].copy_from_slice(&HUGE.to_le_bytes());
    let path = dir.join("core");
    std::fs::write(&path, core).unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_len(8 << 30).unwrap();
    let read = goartifact::read_core(&path).unwrap();
    assert!(read.gaps.iter().any(|gap| gap.contains("claims 6442450944 bytes")), "{:?}", read.gaps);
    assert!(peak() < MIN_READ + (256 << 20), "{} MiB", peak() >> 20);
}
