//! What the fuzz targets begin from: what is made at random is no program in a lifetime.

use crate::shell::{self, root};
use anyhow::{Context as _, Result, ensure};
use std::path::Path;
use std::process::Command;

/// Real programs and PDBs to begin from: what is made at random is no ELF file in a lifetime.
pub(super) fn make() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let dir = dir.path();
    std::fs::write(dir.join("main.go"), "package main\n\nfunc main() { println(1) }\n")?;
    std::fs::write(dir.join("t.c"), "int main(void) { return 0; }\n")?;
    let corpus = root().join("fuzz/corpus");
    for os in ["linux", "windows", "darwin"] {
        let mut go = Command::new("go");
        go.args(["build", "-o", os, "-ldflags=-w", "main.go"]).current_dir(dir);
        go.env("GOOS", os).env("GOARCH", "amd64").env("CGO_ENABLED", "0");
        shell::run(go)?;
        keep(&dir.join(os), &corpus.join("artifact"))?;
    }
    for (program, args, made) in [
        ("gcc", &["-g", "t.c", "-o", "elf"][..], &[("elf", "artifact")][..]),
        ("gcc", &["-g", "-gz=zlib", "t.c", "-o", "packed"], &[("packed", "artifact")]),
        (
            "clang-19",
            &[
                "--target=x86_64-w64-mingw32",
                "-fuse-ld=lld-19",
                "-g",
                "-gcodeview",
                "t.c",
                "-o",
                "t.exe",
                "-Wl,--pdb=lld.pdb",
            ],
            &[("t.exe", "artifact"), ("lld.pdb", "pdb")],
        ),
        (
            "x86_64-w64-mingw32-gcc",
            &["t.c", "-o", "gnu.exe", "-Wl,--pdb=gnu.pdb"],
            &[("gnu.pdb", "pdb")],
        ),
    ] {
        let mut compiler = Command::new(program);
        compiler.args(args).current_dir(dir);
        shell::run(compiler)?;
        for (file, target) in made {
            keep(&dir.join(file), &corpus.join(target))?;
        }
    }
    pairs()?;
    edits(&corpus.join("repro_programs"))?;
    embedded(&corpus.join("repro_embedded"))?;
    builds(&corpus.join("repro_build"))?;
    parts(&corpus.join("repro_parts"))
}

fn keep(file: &Path, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let name = file.file_name().context("a seed has a name")?;
    std::fs::copy(file, folder.join(name)).with_context(|| file.display().to_string())?;
    Ok(())
}

/// A program with what `goward repro` looks at: a date in a constant, a version by `-X`, an embedded archive.
const MAIN: &str = r#"package main

import "embed"

//go:embed data
var content embed.FS

var version = "dev"

var table = []string{"alpha", "DATE", "gamma"}

func main() {
	file, _ := content.ReadFile("data/z.tar")
	println(version, "DATE", len(file), table[len(file)%3])
}
"#;
const CGO: &str = "package main\n\n// static int twice(int x) { return 2 * x; }\nimport \"C\"\n\nfunc main() { println(C.twice(2)) }\n";

/// Pairs of programs that `repro_programs` damages.
fn pairs() -> Result<()> {
    let programs = root().join("fuzz/programs");
    std::fs::create_dir_all(&programs)?;
    for (name, target, cgo, flags) in [
        ("linux", "linux/amd64", false, "-ldflags=-X main.version="),
        // Debug information costs time and is in two pairs already.
        ("stripped", "linux/amd64", false, "-ldflags=-s -w -X main.version="),
        ("windows", "windows/amd64", false, "-ldflags=-w -X main.version="),
        ("darwin", "darwin/arm64", false, "-ldflags=-s -w -X main.version="),
        ("linux-386", "linux/386", false, "-ldflags=-w -X main.version="),
        ("cgo", "linux/amd64", true, "-ldflags=-X main.version="),
    ] {
        for (side, date, compiler) in
            [("a", "2026-01-02", "gcc"), ("b", "2026-01-03T04", "clang-19")]
        {
            let dir = tempfile::tempdir()?;
            let write = |file: &str, text: &str| std::fs::write(dir.path().join(file), text);
            write("go.mod", "module example.com/m\n\ngo 1.24\n")?;
            write("main.go", &if cgo { CGO.to_owned() } else { MAIN.replace("DATE", date) })?;
            std::fs::create_dir(dir.path().join("data"))?;
            tar(&dir.path().join("data"), date, "z.tar")?;
            let mut go = Command::new("go");
            let (os, arch) = target.split_once('/').context("a platform is two words")?;
            go.env("GOOS", os).env("GOARCH", arch).env("CC", compiler);
            go.env("CGO_ENABLED", if cgo { "1" } else { "0" });
            go.args(["build", "-trimpath", &format!("{flags}{date}"), "-o"]);
            go.arg(programs.join(format!("{name}-{side}"))).arg(".").current_dir(dir.path());
            shell::run(go)?;
        }
    }
    Ok(())
}

/// Lists of edits to begin from, of each pair some: a program a second is too few to wait for chance.
fn edits(corpus: &Path) -> Result<()> {
    std::fs::create_dir_all(corpus)?;
    let mut state: u32 = 1;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    for number in 0..48_u8 {
        let count = usize::from(number % 8) + 1;
        let bytes: Vec<u8> =
            std::iter::once(number).chain((0..count * 6).map(|_| next())).collect();
        std::fs::write(corpus.join(format!("edits-{number}")), bytes)?;
    }
    Ok(())
}

/// An archive of two files of that date.
fn tar(dir: &Path, date: &str, name: &str) -> Result<()> {
    let date = date.split('T').next().unwrap_or(date);
    let script = format!(
        "echo one > 1; echo two > 2; touch -d '{date}' 1 2; case {name} in *.tar) tar cf {name} 1 2;; *.gz) gzip -c 1 > {name};; *) zip -q {name} 1 2;; esac; rm 1 2"
    );
    let made = Command::new("sh").args(["-ec", &script]).current_dir(dir).status()?;
    ensure!(made.success(), "tar, gzip and zip are needed: apt-get install tar gzip zip");
    Ok(())
}

/// Archives whose times differ: a length, the first, the second.
fn embedded(corpus: &Path) -> Result<()> {
    std::fs::create_dir_all(corpus)?;
    for name in ["z.zip", "z.tar", "z.gz"] {
        let dir = tempfile::tempdir()?;
        let of = |date: &str| -> Result<Vec<u8>> {
            let _ = std::fs::remove_file(dir.path().join(name));
            tar(dir.path(), date, name)?;
            Ok(std::fs::read(dir.path().join(name))?)
        };
        let (old, new) = (of("2026-01-02")?, of("2026-02-03")?);
        let length = u16::try_from(old.len())?.to_le_bytes();
        std::fs::write(corpus.join(name), [&length[..], &[0, 1], &old, &new].concat())?;
    }
    Ok(())
}

/// Build infos that differ in everything that there is a cause for, and build IDs.
fn builds(corpus: &Path) -> Result<()> {
    const FIRST: &str = "path\texample.com/m\nmod\texample.com/m\tv1.2.3\th1:aaaa=\ndep\ta.com/b\tv1.0.0\th1:bbbb=\ndep\tc.com/d\tv1.0.0\n=>\t./d\t(devel)\t\nbuild\t-ldflags=\"-s -X 'main.v=1 2' -extldflags=-fuse-ld=gold\"\nbuild\t-tags=a,b\nbuild\tCGO_ENABLED=1\nbuild\tDefaultGODEBUG=a=1,b=2\nbuild\tGOAMD64=v1\nbuild\tvcs.modified=false";
    const SECOND: &str = "path\texample.com/m\nmod\texample.com/m\tv1.2.4-0.20260102030405-0123456789ab+dirty\ndep\ta.com/b\tv1.0.0\th1:cccc=\nbuild\t-ldflags=\"-w -X main.v=2 -linkmode external\"\nbuild\t-trimpath=true\nbuild\tCGO_ENABLED=0\nbuild\tDefaultGODEBUG=a=2\nbuild\tGOAMD64=v3\nbuild\tvcs.modified=true";
    std::fs::create_dir_all(corpus)?;
    let mut bytes = vec![];
    for text in [FIRST, SECOND, "action/main/content/program", "action/other//program"] {
        bytes.extend(u16::try_from(text.len())?.to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    std::fs::write(corpus.join("both"), bytes)?;
    Ok(())
}

/// Two functions that call each other, symbols, strings and a variable; in one record a number that differs.
fn parts(corpus: &Path) -> Result<()> {
    const BOTH: u8 = 0;
    const FIRST: u8 = 0x40;
    const SECOND: u8 = 0x80;
    // lea rax,[rip+…]; call …; mov eax,NUMBER; ret
    let code = |number: u8| {
        [&[0x48, 0x8d, 5, 0xf9, 0xef, 0xf, 0, 0xe8, 4, 0, 0, 0, 0xb8, number][..], &[0, 0, 0, 0xc3]]
            .concat()
    };
    let records: &[(u8, Vec<u8>)] = &[
        (BOTH, vec![0xc3]),
        (FIRST, code(1)),
        (SECOND, code(2)),
        (BOTH + 16, b"/src/a/main.go".to_vec()),
        (BOTH + 17, b"one text and another".to_vec()),
        (FIRST + 18, [&0x50_0000_u64.to_le_bytes()[..], &4_u64.to_le_bytes()].concat()),
        (SECOND + 18, [&0x50_0004_u64.to_le_bytes()[..], &5_u64.to_le_bytes()].concat()),
        // Name, section, offset, size: the strings, and a variable.
        (BOTH + 8, vec![6, 2, 0, 20, 1, 3, 0, 16]),
    ];
    std::fs::create_dir_all(corpus)?;
    let mut bytes = vec![1, 0, 0, 0];
    for (kind, payload) in records {
        bytes.extend([*kind, u8::try_from(payload.len())?]);
        bytes.extend(payload);
    }
    std::fs::write(corpus.join("both"), bytes)?;
    Ok(())
}
