//! Symbol completeness as four levels, each a count against the functions of the program. One figure
//! would mislead: a stripped program can still name its panics, and one with symbols may have no lines.

use crate::pdb::Pdb;
use crate::{Artifact, Function};
use serde::Serialize;

/// Missing functions that are named.
const SHOWN: usize = 20;

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
    /// Stripped after the link.
    Stripped,
    /// One of these: under `-trimpath` the build info does not tell the linker's flags.
    NotTold,
    /// Some units of the debug information cannot be read.
    BrokenUnits,
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
            Self::Stripped => "stripped after the link",
            Self::NotTold => {
                "linked with -ldflags=-s or -w, or stripped later: under -trimpath the build info does not tell"
            }
            Self::BrokenUnits => "some units of the debug information cannot be read",
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
    /// Functions in all; of lines, those that have a source.
    pub functions: usize,
    /// Functions that it knows.
    pub known: usize,
    /// The first that it does not know.
    pub missing: Vec<String>,
    /// Why, where the build tells.
    pub reason: Option<Reason>,
}

impl Level {
    /// Between 0 and 100.
    pub fn percent(&self) -> f64 {
        if self.functions == 0 { 0.0 } else { self.known as f64 * 100.0 / self.functions as f64 }
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
    let level = |kind: LevelKind, knows: &dyn Fn(&Function) -> bool, reason: Option<Reason>| {
        let mut level = Level {
            kind,
            functions: table.functions.len(),
            known: 0,
            missing: vec![],
            reason: None,
        };
        for function in &table.functions {
            // What has no source has no lines.
            if kind == LevelKind::Lines && function.generated {
                level.functions -= 1;
            } else if knows(function) {
                level.known += 1;
            } else if level.missing.len() < SHOWN {
                level.missing.push(table.name(function).to_owned());
            }
        }
        level.reason = reason.filter(|_| level.known < level.functions);
        level
    };
    let debug = &artifact.debug;
    let image = artifact.pe.as_ref();
    let in_pdb = |function: &Function| {
        let place = image.and_then(|image| image.place(function.address));
        pdb.zip(place).is_some_and(|(pdb, place)| pdb.names(place))
    };
    vec![
        level(LevelKind::Names, &|function| !table.name(function).is_empty(), None),
        level(
            LevelKind::Symbols,
            &|function| artifact.symbols.has(function.address) || in_pdb(function),
            why_no_symbols(artifact),
        ),
        level(
            LevelKind::Debug,
            &|function| debug.describes(function.address),
            why_no_debug(artifact),
        ),
        level(
            LevelKind::Lines,
            &|function| debug.has_line(function.address),
            why_no_debug(artifact),
        ),
    ]
}

/// The linker flags of the build, as words.
fn linker_flags(artifact: &Artifact) -> Vec<&str> {
    let flags = artifact.build_info.as_ref().and_then(|info| info.setting("-ldflags"));
    flags
        .unwrap_or_default()
        .split_ascii_whitespace()
        .map(|word| word.trim_matches(['"', '\'']))
        .collect()
}

/// Under `-trimpath` the build info does not tell the linker's flags (`cmd/go/internal/load`, `setBuildInfo`).
fn stripped(artifact: &Artifact) -> Reason {
    let told =
        artifact.build_info.as_ref().is_some_and(|info| info.setting("-trimpath") != Some("true"));
    if told { Reason::Stripped } else { Reason::NotTold }
}

fn why_no_symbols(artifact: &Artifact) -> Option<Reason> {
    let functions = artifact.functions.as_ref().map_or(0, |table| table.functions.len());
    Some(match () {
        () if linker_flags(artifact).contains(&"-s") => Reason::LinkerFlagS,
        () if artifact.pe.as_ref().is_some_and(|pe| !pe.coff_symbols && pe.code_view.is_some()) => {
            Reason::NoCoffTable
        }
        // What the loader needs stays where all else was stripped.
        () if artifact.symbols.code.len() * 10 < functions => stripped(artifact),
        () => return None,
    })
}

fn why_no_debug(artifact: &Artifact) -> Option<Reason> {
    let flags = linker_flags(artifact);
    Some(match () {
        () if flags.contains(&"-s") => Reason::LinkerFlagS,
        () if flags.contains(&"-w") => Reason::LinkerFlagW,
        () if !artifact.debug.present => stripped(artifact),
        () if artifact.debug.broken_units > 0 => Reason::BrokenUnits,
        () => Reason::CCode,
    })
}
