//! C compilers: which there are, and whether one compiles a line of C for a platform. They are asked, not believed.

use super::cell::Platform;
use super::platforms::{condition, cross_compiler, machine_flag, zig_target};
use goward_system::{Command, OsSystem, System as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Zig builds its C library at the first question.
const LIMIT: Duration = Duration::from_secs(120);
/// Of what a compiler says so much is told.
const SAID: usize = 160;

/// A C compiler and what it says to a line of C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Compiler {
    pub(super) platform: Platform,
    /// The value of CC.
    pub(super) cc: String,
    /// The value of CXX that goes with it, where that is known.
    pub(super) cxx: Option<String>,
    pub(super) probe: Probe,
}

/// What came of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Probe {
    /// An object file.
    Works,
    /// There is no such program.
    NotFound,
    /// It compiles for another platform.
    OtherTarget,
    /// It lacks the headers of the C library.
    NoHeaders(String),
    /// Anything else.
    Refuses(String),
}

/// The C compiler for a platform: the one that is named; else the first that compiles for it of CC (or go's default),
/// the usual cross compiler and zig; else the one that go would take.
pub(super) fn choose(
    platform: &Platform,
    named: Option<&str>,
    default: &str,
    system: &OsSystem,
) -> Compiler {
    let probe = |cc: &str| probe(platform, cc, system);
    let usual = probe(named.unwrap_or(default));
    if named.is_some() || usual.probe == Probe::Works {
        return usual;
    }
    let cross = cross_compiler(platform).map(probe);
    if let Some(cross) = cross.as_ref().filter(|it| it.probe == Probe::Works) {
        return cross.clone();
    }
    let zig = zig_target(platform).and_then(|target| {
        let program = zig(system)?;
        Some(probe(&format!("{program} cc -target {target}")))
    });
    // A cross compiler that is there and has no headers tells more than a compiler for another platform.
    let there = |it: &Compiler| matches!(it.probe, Probe::NoHeaders(_) | Probe::Refuses(_));
    zig.filter(|it| it.probe == Probe::Works).or(cross.filter(there)).unwrap_or(usual)
}

/// Zig as a program, or as it comes from PyPI.
fn zig(system: &OsSystem) -> Option<String> {
    if on_the_path("zig", system).is_some() {
        return Some("zig".into());
    }
    on_the_path("python3", system)?;
    let import = Command::new("python3", ["-c", "import ziglang"]);
    let found = system.run(&import).and_then(|output| output.success(&import));
    found.ok().map(|_| "python3 -m ziglang".into())
}

fn probe(platform: &Platform, cc: &str, system: &OsSystem) -> Compiler {
    let found = compile(platform, cc, system).unwrap_or_else(|err| Probe::Refuses(err.to_string()));
    Compiler { platform: platform.clone(), cc: cc.into(), cxx: beside(cc, system), probe: found }
}

/// Compiles one line, guarded by what the platform's compiler defines.
fn compile(platform: &Platform, cc: &str, system: &OsSystem) -> anyhow::Result<Probe> {
    let mut words = cc.split_whitespace();
    let program = words.next().unwrap_or_default();
    if on_the_path(program, system).is_none() {
        return Ok(Probe::NotFound);
    }
    let folder = tempfile::tempdir()?;
    let (source, object) = (folder.path().join("line.c"), folder.path().join("line.o"));
    let guard = condition(platform)
        .map_or_else(String::new, |it| format!("#if !({it})\n#error other platform\n#endif\n"));
    write(&source, &format!("{guard}#include <stdlib.h>\nint line(void) {{ return abs(1); }}\n"))?;
    let mut args: Vec<String> = words.map(str::to_owned).collect();
    args.extend(machine_flag(platform).map(str::to_owned));
    args.extend(["-c".into(), source.display().to_string()]);
    args.extend(["-o".into(), object.display().to_string()]);
    let command = Command::new(program, args).env("LC_ALL", "C").limit(LIMIT);
    let output = system.run(&command)?;
    let said = output.stderr.text();
    if output.clone().success(&command).is_ok() && object.is_file() {
        return Ok(Probe::Works);
    }
    let is_error = |line: &&str| line.contains("error") || line.contains("No such file");
    let line = said.lines().find(is_error).or(said.lines().next()).unwrap_or("no object file");
    let line = line.rsplit_once("line.c:").map_or(line, |(_, rest)| rest);
    let line: String = line.trim().chars().take(SAID).collect();
    // gcc says it so of -m64 and its like where they are another processor's.
    let unknown_flag = machine_flag(platform).is_some_and(|flag| said.contains(flag));
    Ok(match () {
        () if said.contains("other platform") || unknown_flag => Probe::OtherTarget,
        () if said.contains("fatal error") && said.contains(".h") => Probe::NoHeaders(line),
        () => Probe::Refuses(line),
    })
}

/// The C++ compiler that comes with it.
fn beside(cc: &str, system: &OsSystem) -> Option<String> {
    if let Some((zig, rest)) = cc.split_once(" cc ") {
        return Some(format!("{zig} c++ {rest}"));
    }
    let cxx = match cc.strip_suffix("gcc") {
        Some(stem) => format!("{stem}g++"),
        None => format!("{}clang++", cc.strip_suffix("clang")?),
    };
    on_the_path(&cxx, system).map(|_| cxx)
}

/// The program that a name means.
pub(super) fn on_the_path(program: &str, system: &OsSystem) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(|file| file.is_file());
    }
    let path = system.env("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}

#[expect(clippy::disallowed_methods, reason = "a file of our own, for the compiler")]
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(file, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_is_asked_for_which_platform_it_compiles() {
        let system = OsSystem::at("/");
        let of = |os, arch, cc: &str| probe(&Platform::new(os, arch), cc, &system).probe;
        assert_eq!(of("linux", "amd64", "no-such-gcc"), Probe::NotFound);
        if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
            assert_eq!(of("linux", "amd64", "gcc"), Probe::Works);
            assert_eq!(of("linux", "arm64", "gcc"), Probe::OtherTarget);
            assert_eq!(of("windows", "amd64", "gcc"), Probe::OtherTarget);
            assert_eq!(of("linux", "arm", "gcc"), Probe::OtherTarget);
            assert!(matches!(of("linux", "amd64", "false"), Probe::Refuses(_)));
        }
    }
}
