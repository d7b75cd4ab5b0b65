//! An image and a PDB: whether they are of one link, and what of the image's functions the PDB knows.

use super::{CodeView, Pdb, Place};
use crate::Artifact;
use serde::Serialize;

/// Missing functions that are named.
const SHOWN: usize = 20;

/// Why a PDB is not the image's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Mismatch {
    /// The image names no PDB: nothing ties them together.
    NotNamed,
    /// They are of two links.
    Guid {
        /// What the image names.
        image: String,
        /// What the PDB is.
        pdb: String,
    },
    /// The info stream is of another link.
    Age {
        /// What the image names.
        image: u32,
        /// What the PDB is.
        pdb: u32,
    },
    /// The debug information is of another link.
    DbiAge {
        /// What the image names.
        image: u32,
        /// What the DBI stream is; none where there is no such stream.
        pdb: Option<u32>,
    },
    /// They are of different processors.
    Machine {
        /// `IMAGE_FILE_MACHINE_…` of the image.
        image: u16,
        /// `IMAGE_FILE_MACHINE_…` of the PDB.
        pdb: u16,
    },
}

/// All that keeps a PDB from being the image's; empty where they are a pair.
///
/// Debuggers hold the image's age against the DBI stream's (`dbghelp`, `symstore`). Tools that write into a
/// PDB afterwards raise that of the info stream alone: where a `srcsrv` or source-link stream shows that one
/// did, a higher age is none.
pub fn mismatches(image: Option<&CodeView>, machine: Option<u16>, pdb: &Pdb) -> Vec<Mismatch> {
    let Some(image) = image else { return vec![Mismatch::NotNamed] };
    let mut all = vec![];
    if image.guid != pdb.guid {
        all.push(Mismatch::Guid { image: image.guid.clone(), pdb: pdb.guid.clone() });
    }
    let written_later = (pdb.srcsrv || pdb.source_link) && pdb.age > image.age;
    if image.age != pdb.age && !written_later {
        all.push(Mismatch::Age { image: image.age, pdb: pdb.age });
    }
    if pdb.dbi_age != Some(image.age) {
        all.push(Mismatch::DbiAge { image: image.age, pdb: pdb.dbi_age });
    }
    if let (Some(image), Some(pdb)) = (machine, pdb.machine)
        && image != pdb
        && pdb != 0
    {
        all.push(Mismatch::Machine { image, pdb });
    }
    all
}

/// What functions were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Against {
    /// Those of Go's function table.
    Pclntab,
    /// Those that the image itself has beginnings of: exports, and the table of unwinding (`.pdata`).
    FunctionStarts,
}

/// What a PDB knows of an image's functions, by address.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// What was counted.
    pub against: Against,
    /// Functions.
    pub functions: usize,
    /// Functions at which a public symbol is.
    pub publics: usize,
    /// Functions that have a name: a public symbol or a procedure.
    pub known: usize,
    /// Functions that are not counted: without a name, in object files that came compiled and without debug
    /// information (C's libraries and start-up code). Of Go's function table none is left out.
    pub prebuilt: usize,
    /// Functions whose first instruction has a line.
    pub lines: usize,
    /// The first that have no name; by address where the image has no name, either.
    pub missing: Vec<String>,
}

impl Coverage {
    /// Functions with a name, between 0 and 100; 0 where there are no functions.
    pub fn percent(&self) -> f64 {
        if self.functions == 0 { 0.0 } else { self.known as f64 * 100.0 / self.functions as f64 }
    }
}

/// Counts by address: names differ (`runtime.(*T).m` has another spelling here and there), addresses do not.
pub fn coverage(artifact: &Artifact, pdb: &Pdb) -> Option<Coverage> {
    let image = artifact.pe.as_ref()?;
    let table = artifact.functions.as_ref().filter(|table| !table.functions.is_empty());
    let (against, starts): (_, Vec<(u64, Option<&str>)>) = match table {
        Some(table) => {
            let named = table.functions.iter().map(|it| (it.address, Some(table.name(it))));
            (Against::Pclntab, named.collect())
        }
        None => {
            let starts = image.function_starts.iter().map(|address| (*address, None));
            (Against::FunctionStarts, starts.collect())
        }
    };
    let mut found = Coverage {
        against,
        functions: starts.len(),
        publics: 0,
        known: 0,
        prebuilt: 0,
        lines: 0,
        missing: vec![],
    };
    for (address, name) in starts {
        let place = image.place(address);
        let is = |what: &dyn Fn(Place) -> bool| usize::from(place.is_some_and(what));
        let known = is(&|place| pdb.names(place));
        if known == 0 && name.is_none() && place.is_some_and(|place| pdb.is_prebuilt(place)) {
            found.prebuilt += 1;
            found.functions -= 1;
            continue;
        }
        found.publics += is(&|place| pdb.is_public(place));
        found.known += known;
        found.lines += is(&|place| pdb.has_line(place));
        if known == 0 && found.missing.len() < SHOWN {
            found.missing.push(name.map_or_else(|| format!("{address:#x}"), str::to_owned));
        }
    }
    Some(found)
}
