//! Damaged programs and PDBs, some thousand, the same each time: an error or a gap, no panic, and memory that stays
//! a small multiple of the file.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests build real programs")]

use goartifact::{levels, pdb, read_bytes};
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

const GO: &str = "package main\n\nfunc main() { println(1) }\n";
const C: &str = "#include <stdlib.h>\nstatic int f(int x) { return x * 3; }\n__attribute__((noinline)) int g(int x) { if (x < 0) abort(); return f(x); }\nint main(void) { return g(1); }\n";

fn run(dir: &Path, program: &str, args: &[&str], settings: &[(&str, &str)]) {
    let mut command = Command::new(program);
    command.args(args).current_dir(dir).envs(settings.iter().copied()).env_remove("GOFLAGS");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Numbers that are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap()
    }
}

/// One damage: half of them where headers and lists are, at both ends of the file.
fn damage(good: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bad = good.to_vec();
    let at = match numbers.below(4) {
        0 => numbers.below(bad.len().min(1024)),
        1 => bad.len() - 1 - numbers.below(bad.len().min(8192)),
        _ => numbers.below(bad.len()),
    };
    match numbers.below(8) {
        0 => bad.truncate(at),
        // A length, a count, an offset.
        1..4 => {
            let size = u32::try_from(bad.len()).unwrap();
            let wrong = [0, 1, 0x7f, size, size - 1, i32::MAX as u32, u32::MAX - 1, u32::MAX];
            let at = at & !3;
            let wrong = wrong[numbers.below(wrong.len())].to_le_bytes();
            for (byte, wrong) in bad[at..].iter_mut().zip(wrong) {
                *byte = wrong;
            }
        }
        // A piece that is another one.
        4 => {
            let length = numbers.below(512).min(bad.len() - at);
            let from = numbers.below(bad.len() - length);
            bad.copy_within(from..from + length, at);
        }
        _ => bad[at] ^= 1 << numbers.below(8),
    }
    bad
}

/// Peak memory of this process in bytes.
fn peak() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

#[test]
fn damaged_programs_and_pdbs_are_errors_or_gaps() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    std::fs::write(dir.join("main.go"), GO).unwrap();
    std::fs::write(dir.join("t.c"), C).unwrap();
    let go = |name: &str, os: &str, arch: &str, flags: &str| {
        let settings =
            [("GOOS", os), ("GOARCH", arch), ("CGO_ENABLED", "0"), ("GOTOOLCHAIN", "local")];
        run(dir, "go", &["build", "-o", name, flags, "main.go"], &settings);
    };
    go("go.elf", "linux", "amd64", "-ldflags=-w");
    go("go.whole", "linux", "amd64", "-ldflags=");
    go("go.exe", "windows", "amd64", "-ldflags=-w");
    go("go.arm", "darwin", "arm64", "-ldflags=-w");
    go("go.intel", "darwin", "amd64", "-ldflags=-w");
    run(dir, "llvm-lipo-19", &["-create", "go.arm", "go.intel", "-output", "go.fat"], &[]);
    run(dir, "gcc", &["-g", "-O2", "t.c", "-o", "c.elf"], &[]);
    run(dir, "gcc", &["-g", "-O2", "-gz=zlib", "t.c", "-o", "c.packed"], &[]);
    run(dir, "x86_64-w64-mingw32-gcc", &["t.c", "-o", "gnu.exe", "-Wl,--pdb=gnu.pdb"], &[]);
    let clang = ["--target=x86_64-w64-mingw32", "-fuse-ld=lld-19", "-g", "-gcodeview", "t.c"];
    let output = ["-o", "lld.exe", "-Wl,--pdb=lld.pdb"];
    run(dir, "clang-19", &[&clang[..], &output].concat(), &[]);

    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let (mut cases, mut largest) = (0, 0);
    for (name, rounds) in [
        ("go.elf", 300),
        ("go.whole", 100),
        ("go.exe", 300),
        ("go.arm", 300),
        ("go.fat", 200),
        ("c.elf", 1500),
        ("c.packed", 700),
        ("gnu.exe", 500),
        ("lld.exe", 700),
    ] {
        let good = std::fs::read(dir.join(name)).unwrap();
        largest = largest.max(good.len() as u64);
        assert!(
            read_bytes(&good).is_ok_and(|all| all.iter().all(|it| it.gaps.is_empty())),
            "{name}"
        );
        for _ in 0..rounds {
            let bad = damage(&good, &mut numbers);
            for artifact in read_bytes(&bad).into_iter().flatten() {
                let _ = levels(&artifact);
            }
            cases += 1;
        }
    }
    for name in ["gnu", "lld"] {
        let image = std::fs::read(dir.join(format!("{name}.exe"))).unwrap();
        let image = read_bytes(&image).unwrap().remove(0);
        let good = std::fs::read(dir.join(format!("{name}.pdb"))).unwrap();
        let rules = pdb::Rules { no_local: true, ..pdb::Rules::default() };
        let whole = pdb::Pdb::read(Cursor::new(&good)).unwrap();
        assert!(pdb::coverage(&image, &whole).is_some_and(|it| it.known > 10), "{name}");
        for _ in 0..1500 {
            let bad = damage(&good, &mut numbers);
            if let Ok(pdb) = pdb::Pdb::read(Cursor::new(&bad)) {
                let _ = (pdb::coverage(&image, &pdb), pdb.broken(None, &rules));
            }
            cases += 1;
        }
    }
    assert_eq!(cases, 7600);
    // What is unpacked may be eight times the file and 64 MiB (see the container); all else is far less.
    let allowed = largest * 16 + (200 << 20);
    assert!(peak() < allowed, "{} MiB at most, {} allowed", peak() >> 20, allowed >> 20);
}
