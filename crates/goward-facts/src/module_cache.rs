//! The module cache, held against the committed sums.

use crate::{BuildLists, Fact, GoEnv, GoModFile, GoSumFile, ProbeError, Workspace, World};
use gomod::GoSum;
use modcache::{Verified, Wanted};
use std::collections::{BTreeMap, BTreeSet};

/// The module cache, held against the sums of go.sum, go.work.sum and the workspace's modules.
#[derive(Clone, Debug, Default)]
pub struct ModuleCache {
    /// `GOMODCACHE`; empty where `go env` names none.
    pub folder: String,
    /// Each module with a committed sum, and what was found of it.
    pub modules: Vec<(Wanted, Verified)>,
    /// Modules that the build selects and whose content no committed sum covers; `None` where there
    /// is no build list.
    pub uncovered: Option<Vec<String>>,
    /// How many modules with content the build selects.
    pub selected: usize,
}

impl Fact for ModuleCache {
    const NAME: &'static str = "the module cache";
    const SLOW: bool = true;

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let env = world.fact::<GoEnv>()?;
        let module = world.fact::<GoModFile>()?;
        let folder = env.get("GOMODCACHE").to_owned();
        if folder.is_empty() || module.text.is_none() {
            return Ok(Self::default());
        }
        let own = world.fact::<GoSumFile>()?;
        let workspace = world.fact::<Workspace>()?;
        let lists = world.fact::<BuildLists>()?;
        let sums: Vec<&GoSum> =
            own.parsed.iter().chain(workspace.sums.iter().map(|file| &file.sum)).collect();
        let wanted = wanted(&sums);
        let disk = world.system.on_disk(&folder)?;
        let stop = || world.system.check_time().is_err();
        let verified = modcache::verify(&disk, &wanted, false, 0, &stop);
        world.system.check_time()?;
        let selected = lists.build.list().map(buildlist::BuildList::contents);
        let covered = |one: &&gomod::ModuleVersion| {
            !sums.iter().any(|sum| sum.has(&one.path, &one.version, false))
        };
        let uncovered = selected.as_ref().map(|all| {
            all.iter().filter(covered).map(|one| format!("{} {}", one.path, one.version)).collect()
        });
        let selected = selected.map_or(0, |all| all.len());
        let modules = wanted.into_iter().zip(verified).collect();
        Ok(Self { folder, modules, uncovered, selected })
    }
}

/// The modules of which a sum was committed. Of contradictory sums the first counts, as for Go;
/// that there are two is judged elsewhere.
fn wanted(sums: &[&GoSum]) -> Vec<Wanted> {
    let lines = sums.iter().flat_map(|sum| sum.lines()).filter(|line| line.hash.starts_with("h1:"));
    let mut all: BTreeMap<(&str, &str), Wanted> = BTreeMap::new();
    for line in lines {
        let (path, version) = (line.path.as_str(), line.version.as_str());
        let one = all.entry((path, version)).or_insert_with(|| Wanted {
            path: path.to_owned(),
            version: version.to_owned(),
            h1: None,
            go_mod: None,
        });
        let sum = if line.go_mod { &mut one.go_mod } else { &mut one.h1 };
        sum.get_or_insert_with(|| line.hash.clone());
    }
    all.into_values().collect()
}

impl ModuleCache {
    /// What was found of a module.
    pub fn module(&self, path: &str, version: &str) -> Option<&Verified> {
        let at = self.modules.binary_search_by(|(one, _)| {
            (one.path.as_str(), one.version.as_str()).cmp(&(path, version))
        });
        at.ok().and_then(|at| self.modules.get(at)).map(|(_, verified)| verified)
    }

    /// The folders and zips that are right: `path@version`.
    pub fn trusted(&self) -> BTreeSet<String> {
        let good = self.modules.iter().filter(|(_, verified)| !verified.is_bad());
        good.map(|(one, _)| format!("{}@{}", one.path, one.version)).collect()
    }
}
