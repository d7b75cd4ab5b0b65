//! Profile-guided optimisation: a program with a profile gets its own copies of all that it imports
//! (`load.setPGOProfilePath`).

use crate::in_order;
use crate::load::Loader;
use crate::package::PackageId;
use foldhash::{HashMap, HashMapExt as _};
use std::path::PathBuf;
use std::sync::Arc;

/// Where profiles come from: the flag `-pgo`, <https://go.dev/doc/pgo>.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Profile {
    /// No profile counts (`off`): each package is there once.
    #[default]
    Off,
    /// A program's `default.pgo` counts for it: what Go does since 1.21.
    Auto,
    /// One file for all packages.
    File,
}

impl Profile {
    /// What the flag `-pgo` says in the value of `GOFLAGS`, and otherwise the toolchain with these release tags.
    pub fn from_goflags(goflags: &str, tags: &crate::Tags) -> Self {
        let flags = goflags.split_whitespace().map(|word| word.trim_matches(['\'', '"']));
        let mut values = flags.filter_map(|flag| flag.trim_start_matches('-').strip_prefix("pgo="));
        match values.next_back() {
            Some("off") => Self::Off,
            None if !tags.release_tags.contains("go1.21") => Self::Off,
            Some("auto") | None => Self::Auto,
            Some(_) => Self::File,
        }
    }
}

/// Gives profiles to the programs among the roots, and to what they import.
pub(crate) fn attach(loader: &mut Loader<'_>, roots: &[PackageId], profile: Profile) {
    match profile {
        Profile::Off => {}
        Profile::File => {
            for id in in_order(&loader.packages, roots) {
                loader.packages[id].has_profile = true;
            }
        }
        Profile::Auto => {
            for id in roots {
                let package = &loader.packages[*id];
                let has = |dir: &Arc<PathBuf>| {
                    let file = dir.join("default.pgo");
                    loader.resolver.note(&file);
                    file.exists()
                };
                if package.name == "main" && package.dir.as_ref().is_some_and(has) {
                    own_copies(loader, *id, roots.len() > 1);
                }
            }
        }
    }
}

/// `split` of `setPGOProfilePath`; where there is only one root nothing has to be copied.
fn own_copies(loader: &mut Loader<'_>, main: PackageId, others: bool) {
    let path = Arc::clone(&loader.packages[main].import_path);
    let all = in_order(&loader.packages, &[main]);
    let mut copies: HashMap<PackageId, PackageId> = HashMap::with_capacity(all.len());
    for id in all {
        let own = if others && id != main {
            let mut copy = loader.packages[id].clone();
            copy.for_main = Some(Arc::clone(&path));
            copy.is_match = false;
            loader.add(copy)
        } else {
            id
        };
        loader.packages[own].has_profile = true;
        copies.insert(id, own);
    }
    for own in copies.values() {
        for dependency in &mut loader.packages[*own].dependencies {
            if let Some(copy) = copies.get(dependency) {
                *dependency = *copy;
            }
        }
    }
}
