//! Packages by go.mod alone where that is enough, as the go command loads them since Go 1.17
//! (<https://go.dev/ref/mod#lazy-loading>): the go.mod files of the requirement graph are read only where some import
//! asks for it.

use crate::{Options, Packages, PatternError, load};
use buildlist::BuildList;
use std::collections::BTreeSet;
use std::path::Path;

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
    if let Some(list) = buildlist::roots(dir, modules)? {
        let packages = of(&list)?;
        let used: BTreeSet<usize> =
            packages.iter().filter_map(|(_, package)| package.module).collect();
        if !packages.needs_graph() && buildlist::agrees(dir, modules, &list, used)? {
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
