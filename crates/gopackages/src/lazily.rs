//! Packages by go.mod alone where that is enough, as the go command loads them since Go 1.17
//! (<https://go.dev/ref/mod#lazy-loading>): the go.mod files of the requirement graph are read only where some import
//! asks for it.

use crate::index::Modules;
use crate::{Options, Packages, PatternError, answer, load};
use buildlist::{BuildList, Evidence, Witness};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Why packages cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The modules are not known.
    #[error(transparent)]
    Modules(#[from] buildlist::Error),
    /// The patterns cannot be understood.
    #[error(transparent)]
    Patterns(#[from] PatternError),
}

/// Loads the modules of a directory and the packages that `patterns`, which may depend on them, match.
///
/// # Errors
/// Those of [`buildlist::load`] and [`load`].
pub fn load_lazily(
    dir: &Path,
    modules: &buildlist::Options,
    patterns: &dyn Fn(&BuildList) -> Vec<String>,
    options: &Options,
) -> Result<(BuildList, Packages), LoadError> {
    let of = |list: &BuildList| {
        let patterns = patterns(list);
        let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
        load(list, &patterns, options)
    };
    // Stand-ins are of one run only.
    let index = options.index.as_deref().filter(|_| modules.overlay.is_empty());
    let keep = |evidence: &Evidence, list: &BuildList, packages: &mut Packages| {
        if let Some((index, file)) = index.zip(crate::sums::file(list, modules)) {
            index.looked.note(&file);
        }
        packages.hold_against_sums(list, modules, options);
        let is_covered = packages.sum_gaps().is_empty();
        if let Some(index) = index.filter(|_| options.overlay.is_empty() && is_covered) {
            let found = (list, patterns(list), &*packages);
            // What may not be kept is loaded anew.
            let _ = answer::keep(index, dir, modules, options, evidence, &found);
        }
    };
    let asked = asked(dir, modules);
    if let Some(known) = index.and_then(|index| index.modules(&asked)) {
        let mut packages = of(&known.list)?;
        let is_enough = || !packages.needs_graph() && used(&packages).is_subset(&known.used);
        if !known.list.is_partial() || is_enough() {
            keep(&known.evidence, &known.list, &mut packages);
            return Ok((known.list, packages));
        }
    }
    let witness = index.map(|_| Arc::new(Witness::default()));
    let noted = buildlist::Options { witness: witness.clone(), ..modules.clone() };
    let (list, mut packages) = anew(dir, &noted, &of)?;
    if let Some((index, witness)) = index.zip(witness)
        && let Some(evidence) = witness.evidence(index.ahead())
    {
        keep(&evidence, &list, &mut packages);
        let used = if list.is_partial() { used(&packages) } else { BTreeSet::new() };
        let modules = Modules { asked, evidence, list, used };
        index.put_modules(&modules);
        return Ok((modules.list, packages));
    }
    packages.hold_against_sums(&list, modules, options);
    Ok((list, packages))
}

/// All that the choice of modules depends on beside files.
pub(crate) fn asked(dir: &Path, options: &buildlist::Options) -> String {
    let buildlist::Options { gomodcache, mode, mod_file, gowork, go_version, .. } = options;
    format!("{dir:?} {gomodcache:?} {mode:?} {mod_file:?} {gowork:?} {go_version:?}")
}

/// The modules that offer packages.
fn used(packages: &Packages) -> BTreeSet<usize> {
    packages.iter().filter_map(|(_, package)| package.module).collect()
}

fn anew(
    dir: &Path,
    modules: &buildlist::Options,
    of: &dyn Fn(&BuildList) -> Result<Packages, PatternError>,
) -> Result<(BuildList, Packages), LoadError> {
    if let Some(list) = buildlist::roots(dir, modules)? {
        let packages = of(&list)?;
        if !packages.needs_graph() && buildlist::agrees(dir, modules, &list, used(&packages))? {
            return Ok((list, packages));
        }
    }
    match buildlist::load(dir, modules) {
        Ok(list) => {
            let packages = of(&list)?;
            Ok((list, packages))
        }
        // Go itself reads no more of the graph than a build needs: what is missing may not matter.
        Err(err) if err.is_inconclusive() => {
            let list = buildlist::roots(dir, modules)?.ok_or(err)?;
            let packages = of(&list)?;
            Ok((list, packages))
        }
        Err(err) => Err(err.into()),
    }
}
