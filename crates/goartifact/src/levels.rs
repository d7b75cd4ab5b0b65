//! Symbol completeness as four levels, each a count against the functions of the program. One figure
//! would mislead: a stripped program can still name its panics, and one with symbols may have no lines.

use crate::linker_flags::LinkerFlags;
use crate::pdb::Pdb;
use crate::{AfterLink, Artifact, BuildInfo, Pclntab};
use serde::Serialize;

/// Missing functions that are named.
const SHOWN: usize = 20;

/// What the linker puts into the code and the function table, and is no function (`cmd/link/internal/ld`:
/// `buildid.go`, `fips140.go`).
const MARKS: [&str; 4] = ["go:buildid", "go.buildid", "go:textfipsstart", "go:textfipsend"];

/// Code that the linker makes itself, and that has no debug information: calls that would reach too far go over
/// `NAME-tramp0` (`trampoline` of `cmd/link/internal/{arm,arm64,loong64,ppc64,riscv64}`: on riscv64 every second function
/// before Go 1.22), 386 reads its own place by thunks (`cmd/link/internal/x86`), plugins add their tables.
fn is_of_linker(name: &str) -> bool {
    let tramp = name.rsplit_once("-tramp").is_some_and(|(_, number)| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    tramp
        || name.starts_with("__x86.get_pc_thunk.")
        || matches!(name, "go:link.addmoduledata" | "go.link.addmoduledata" | "local.dso_init")
}

/// In the names of functions of the detectors of races and of bad memory (LLVM's `compiler-rt`).
const DETECTORS: [&str; 4] = ["tsan", "sanitizer", "asan", "msan"];

/// What a level serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LevelKind {
    /// Names in the function table: panics, `runtime/pprof`.
    Names,
    /// The symbol table: `nm`, `perf`, uprobes.
    Symbols,
    /// DWARF subprograms: Delve, gdb, core dumps.
    Debug,
    /// DWARF lines: the same, for places.
    Lines,
}

impl LevelKind {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Symbols => "symbols",
            Self::Debug => "debug",
            Self::Lines => "lines",
        }
    }
}

/// Why functions are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Linked with `-s`, which leaves out the symbol table and DWARF.
    LinkerFlagS,
    /// Linked with `-w`, which leaves out DWARF.
    LinkerFlagW,
    /// It is as it was linked, and was linked without: by flags that the build info does not tell.
    LinkedWithout,
    /// Stripped after the link.
    Stripped,
    /// One of these: under `-trimpath` the build info does not tell the linker's flags.
    NotTold,
    /// Some units of the debug information cannot be read.
    BrokenUnits,
    /// C code in Go's function table: Go's own linker takes over no debug information of C.
    CInternal,
    /// C code that was compiled without debug information.
    CCode,
    /// A Windows image without a symbol table, as `lld` writes it; the PDB that it names has the names.
    NoCoffTable,
}

impl Reason {
    /// As a person says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LinkerFlagS => "built with -ldflags=-s",
            Self::LinkerFlagW => "built with -ldflags=-w",
            Self::LinkedWithout => {
                "linked without (-ldflags=-s or -w, or the C linker's): the file is as it was linked"
            }
            Self::Stripped => "stripped after the link",
            Self::NotTold => {
                "linked with -ldflags=-s or -w, or stripped later: under -trimpath the build info does not tell"
            }
            Self::BrokenUnits => "some units of the debug information cannot be read",
            Self::CInternal => {
                "C code: Go's own linker takes over none of its debug information (-linkmode=external does)"
            }
            Self::CCode => "C code that was compiled without debug information",
            Self::NoCoffTable => "lld writes no symbol table into an image; its PDB has the names",
        }
    }
}

/// One level.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Level {
    /// Which.
    pub kind: LevelKind,
    /// Functions in all; of lines, those that have a source. At the levels of debug information C's functions, too,
    /// where they were compiled for this program.
    pub functions: usize,
    /// Functions that it knows.
    pub known: usize,
    /// The first that it does not know.
    pub missing: Vec<String>,
    /// Why, where the build tells.
    pub reason: Option<Reason>,
    /// Functions of C that are not counted: they have no debug information, and others of C do. They came compiled
    /// (`libc.a`, C's start-up code, the race detector), or the compiler folded them into equal ones.
    pub uncounted_c: usize,
}

impl Level {
    /// Between 0 and 100.
    pub fn percent(&self) -> f64 {
        if self.functions == 0 { 0.0 } else { self.known as f64 * 100.0 / self.functions as f64 }
    }
}

impl Level {
    /// Counts one more function.
    fn count<'a>(&mut self, known: bool, name: impl FnOnce() -> &'a str) {
        self.functions += 1;
        if known {
            self.known += 1;
        } else if self.missing.len() < SHOWN {
            self.missing.push(name().to_owned());
        }
    }
}

/// All four; none without a function table.
pub fn levels(artifact: &Artifact) -> Vec<Level> {
    levels_with(artifact, None)
}

/// The same, where a PDB is known to be the program's own: what it names, debuggers and profilers find as in a
/// symbol table.
pub fn levels_with(artifact: &Artifact, pdb: Option<&Pdb>) -> Vec<Level> {
    let Some(table) = &artifact.functions else { return vec![] };
    let info = artifact.build_info.as_ref();
    let with_cgo = info.is_none_or(|info| info.setting("CGO_ENABLED") != Some("0"));
    let detects = |info: &BuildInfo| {
        ["-race", "-msan", "-asan"].iter().any(|flag| info.setting(flag) == Some("true"))
    };
    // Go ships the detector compiled (`runtime/race/race_linux_amd64.syso`), like the C that an outside linker adds.
    let with_detector = info.is_some_and(detects);
    let of_detector =
        |name: &str| DETECTORS.iter().any(|part| name.contains(part)) && !name.contains('.');
    let level = |kind: LevelKind, knows: &dyn Fn(u64) -> bool, reason: Option<Reason>| {
        let mut level =
            Level { kind, functions: 0, known: 0, missing: vec![], reason: None, uncounted_c: 0 };
        let of_debug = matches!(kind, LevelKind::Debug | LevelKind::Lines);
        for function in &table.functions {
            // What has no source has no lines, and what the linker marks its places with is no code.
            let generated = kind == LevelKind::Lines && function.generated;
            let is_mark = || MARKS.iter().any(|mark| table.is_named(function, mark));
            if generated || of_debug && is_mark() {
                continue;
            }
            let known = knows(function.address);
            if !known && of_debug && is_of_linker(table.name(function)) {
                continue;
            }
            if !known && of_debug && with_detector && of_detector(table.name(function)) {
                level.uncounted_c += 1;
            } else {
                level.count(known, || table.name(function));
            }
        }
        let mut why = reason;
        if of_debug {
            let of_go = level.known < level.functions && with_cgo;
            // What took all debug information away took that of C, too.
            why = why.or(c_functions(&mut level, artifact, knows));
            why = why.or(of_go.then_some(Reason::CInternal));
        }
        level.reason = why.filter(|_| level.known < level.functions);
        level
    };
    let debug = &artifact.debug;
    let image = artifact.pe.as_ref();
    let in_pdb = |address| {
        let place = image.and_then(|image| image.place(address));
        pdb.zip(place).is_some_and(|(pdb, place)| pdb.names(place))
    };
    vec![
        names(table),
        level(
            LevelKind::Symbols,
            &|address| artifact.symbols.has(address) || in_pdb(address),
            why_no_symbols(artifact),
        ),
        level(LevelKind::Debug, &|address| debug.describes(address), why_no_debug(artifact)),
        level(LevelKind::Lines, &|address| debug.has_line(address), why_no_lines(artifact)),
    ]
}

/// What the function table itself names.
fn names(table: &Pclntab) -> Level {
    let (functions, known) = (table.functions.len(), table.named());
    let kind = LevelKind::Names;
    Level { kind, functions, known, missing: vec![], reason: None, uncounted_c: 0 }
}

/// Counts the functions of C that an outside linker put beside Go's. cgo compiles with `-g` unless told otherwise:
/// so where some have debug information, those that have none are not of this build, and are left out; where none
/// has, all were compiled without, and count.
fn c_functions(
    level: &mut Level,
    artifact: &Artifact,
    knows: &dyn Fn(u64) -> bool,
) -> Option<Reason> {
    let all = &artifact.symbols.c;
    let known = all.iter().filter(|(address, _)| knows(*address)).count();
    if known > 0 {
        level.functions += known;
        level.known += known;
        level.uncounted_c += all.len() - known;
        return None;
    }
    for (_, name) in all {
        level.count(false, || name);
    }
    (artifact.debug.present && !all.is_empty()).then_some(Reason::CCode)
}

/// The linker flags of the build.
fn linker_flags(artifact: &Artifact) -> LinkerFlags {
    let flags = artifact.build_info.as_ref().and_then(|info| info.setting("-ldflags"));
    flags.map(LinkerFlags::of).unwrap_or_default()
}

/// Why something is not there that no flag of the linker explains. Under `-trimpath` the build info does not tell the
/// flags (`cmd/go/internal/load`, `setBuildInfo`); but what is still as it was linked was linked without it.
fn stripped(artifact: &Artifact) -> Reason {
    let told = artifact.build_info.as_ref().is_some_and(BuildInfo::tells_linker_flags);
    match &artifact.after_link {
        AfterLink::Intact | AfterLink::Added { .. } => Reason::LinkedWithout,
        _ if told => Reason::Stripped,
        _ => Reason::NotTold,
    }
}

fn why_no_symbols(artifact: &Artifact) -> Option<Reason> {
    let functions = artifact.functions.as_ref().map_or(0, |table| table.functions.len());
    Some(match () {
        () if linker_flags(artifact).drop_symbols() => Reason::LinkerFlagS,
        () if artifact.pe.as_ref().is_some_and(|pe| !pe.coff_symbols && pe.code_view.is_some()) => {
            Reason::NoCoffTable
        }
        // What the loader needs stays where all else was stripped.
        () if artifact.symbols.code.len() * 10 < functions => stripped(artifact),
        () => return None,
    })
}

fn why_no_lines(artifact: &Artifact) -> Option<Reason> {
    let reason = why_no_debug(artifact);
    match artifact.debug.present && !artifact.debug.has_line_table {
        true => reason.or_else(|| Some(stripped(artifact))),
        false => reason,
    }
}

fn why_no_debug(artifact: &Artifact) -> Option<Reason> {
    let flags = linker_flags(artifact);
    Some(match () {
        () if flags.on("w") == Some(true) && !flags.drop_symbols() => Reason::LinkerFlagW,
        () if flags.drop_debug() => Reason::LinkerFlagS,
        () if !artifact.debug.present => stripped(artifact),
        () if artifact.debug.broken_units > 0 => Reason::BrokenUnits,
        () => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::is_of_linker;

    #[test]
    fn what_the_linker_makes_is_told_by_its_name() {
        for name in ["runtime.throw-tramp0", "main.f+8-tramp12", "__x86.get_pc_thunk.ax"] {
            assert!(is_of_linker(name), "{name}");
        }
        for name in ["main.f-tramp", "main.tramp0", "main.f-tramp0x", "main.f-tramp0.func1"] {
            assert!(!is_of_linker(name), "{name}");
        }
    }
}
