//! Modules that one build list holds twice: at two major versions, or under two spellings.

use crate::go_mod::ModuleVersion;
use crate::module_path::split_path_version;
use crate::semver;
use std::collections::BTreeMap;

/// Modules that are one and the same under several paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MixedMajors {
    /// The path without its major version; of paths in different spellings, the first one.
    pub path: String,
    /// Why they are told.
    pub mix: Mix,
    /// The modules, sorted by major version, then path.
    pub modules: Vec<ModuleVersion>,
}

/// How modules are mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Mix {
    /// `example.com/a` and `example.com/a/v2`, `gopkg.in/a.v1` and `gopkg.in/a.v2`.
    #[error("two major versions of a module")]
    Majors,
    /// `example.com/a v2.1.0+incompatible` and `example.com/a/v3`.
    #[error("a major version without its path beside one with it")]
    Incompatible,
    /// `example.com/A` and `example.com/a`.
    #[error("paths that differ only in upper and lower case")]
    Case,
}

/// The modules of a build list that are there at several major versions, or under paths that differ only in upper and
/// lower case. The result is sorted by path.
///
/// One module has one path in a build list, and one version for each path: a repeated path is counted once.
pub fn mixed_majors(modules: &[ModuleVersion]) -> Vec<MixedMajors> {
    let mut groups: BTreeMap<String, BTreeMap<&str, &ModuleVersion>> = BTreeMap::new();
    for module in modules {
        let prefix = prefix(&module.path);
        groups.entry(prefix.to_ascii_lowercase()).or_default().insert(&module.path, module);
    }
    let mut mixed = Vec::new();
    for group in groups.into_values().filter(|group| group.len() > 1) {
        let mut modules: Vec<&ModuleVersion> = group.into_values().collect();
        modules.sort_by_key(|module| (number(module), &module.path));
        for mix in [Mix::Majors, Mix::Incompatible, Mix::Case] {
            let some = of_mix(mix, &modules);
            if let [first, _, ..] = some.as_slice() {
                let path = prefix(&first.path).to_owned();
                let modules = some.iter().map(|module| (*module).clone()).collect();
                mixed.push(MixedMajors { path, mix, modules });
            }
        }
    }
    mixed
}

/// The modules of a group that make this mix.
fn of_mix<'a>(mix: Mix, modules: &[&'a ModuleVersion]) -> Vec<&'a ModuleVersion> {
    let differ = |of: fn(&ModuleVersion) -> &str| {
        let mut all = modules.iter().map(|module| of(module));
        let first = all.next();
        all.any(|one| first != Some(one))
    };
    let incompatible = modules.iter().any(|module| is_incompatible(module));
    let told = match mix {
        Mix::Majors => differ(major) && !incompatible,
        Mix::Incompatible => differ(|module| path_major(&module.path)) && incompatible,
        Mix::Case => differ(|module| prefix(&module.path)),
    };
    if told { modules.to_vec() } else { Vec::new() }
}

/// The path without its major version.
fn prefix(path: &str) -> &str {
    split_path_version(path).map_or(path, |(prefix, _)| prefix)
}

/// `/v2`, `.v2` or nothing.
fn path_major(path: &str) -> &str {
    split_path_version(path).map_or("", |(_, major)| major)
}

fn is_incompatible(module: &ModuleVersion) -> bool {
    semver::build(&module.version) == Some("+incompatible")
}

/// The major version: of the path, or of an incompatible version. v0 and v1 have the same path.
fn major(module: &ModuleVersion) -> &str {
    let of_path = path_major(&module.path).trim_start_matches(['/', '.']);
    let of_path = of_path.strip_suffix("-unstable").unwrap_or(of_path);
    match semver::major(&module.version) {
        Some(major) if is_incompatible(module) => major,
        _ if of_path.is_empty() => "v1",
        _ => of_path,
    }
}

/// The major version as a number to sort by: its length, then its digits.
fn number(module: &ModuleVersion) -> (usize, &str) {
    let major = major(module);
    (major.len(), major)
}
