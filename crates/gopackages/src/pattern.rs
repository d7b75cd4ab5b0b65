//! Package patterns: `./...`, `./x`, import paths.

use crate::Options;
use crate::gather::{Matched, Tree, walk};
use crate::ignore::IgnorePatterns;
use crate::listing::Listing;
use crate::resolve::{Place, Resolver, Seen};
use buildlist::{BuildList, Module};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A pattern that cannot be understood, or patterns for which nothing can be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// The directory is in no main module.
    #[error("directory {} is outside the main modules", .0.display())]
    Outside(PathBuf),
    /// `...` elsewhere than at the end of a directory, `all`, `std` and `cmd`.
    #[error("pattern {0} is not supported: give directories (./..., ./x) or import paths")]
    Unsupported(String),
    /// The system gives no thread.
    #[error("no thread could be started")]
    NoThread,
}

/// The folders that the patterns match, in the order of the patterns; each once.
pub(crate) fn matched(
    list: &BuildList,
    patterns: &[&str],
    resolver: &Resolver<'_>,
    options: &Options,
    threads: usize,
) -> Result<Vec<Matched>, PatternError> {
    let mut all: Vec<Matched> = vec![];
    let mut seen = std::collections::HashSet::new();
    for pattern in patterns {
        for one in of_one(list, pattern, resolver, options, threads)? {
            if seen.insert(Arc::clone(&one.path)) {
                all.push(one);
            }
        }
    }
    Ok(all)
}

fn of_one(
    list: &BuildList,
    pattern: &str,
    resolver: &Resolver<'_>,
    options: &Options,
    threads: usize,
) -> Result<Vec<Matched>, PatternError> {
    let is_local = matches!(pattern, "." | "..")
        || ["./", "../", "/"].iter().any(|start| pattern.starts_with(start));
    let unsupported = || PatternError::Unsupported(pattern.to_owned());
    if !is_local {
        if pattern.contains("...") || matches!(pattern, "all" | "std" | "cmd" | "tool" | "work") {
            return Err(unsupported());
        }
        let path = Arc::from(pattern);
        return Ok(resolver
            .find(pattern)
            .map(|place| Matched { path, place })
            .into_iter()
            .collect());
    }
    let (folder, is_tree) = match pattern.strip_suffix("/...") {
        Some(folder) => (folder, true),
        None => (pattern, false),
    };
    if folder.contains("...") {
        return Err(unsupported());
    }
    let dir = overlay::cleaned(&options.cwd.join(folder));
    let (index, module, root) = owner(list, &dir).ok_or(PatternError::Outside(dir.clone()))?;
    let below = dir.strip_prefix(root).unwrap_or(Path::new("")).to_string_lossy().into_owned();
    if is_tree {
        let file = options.overlay.read(&root.join("go.mod")).unwrap_or_default();
        let file = gomod::parse_go_mod(&file).unwrap_or_default();
        let ignore = IgnorePatterns::new(file.ignore.iter().map(|one| one.path.as_str()));
        let (module_path, overlay) = (&module.path, &*options.overlay);
        let stamped = options.index.is_some();
        return Ok(walk(
            &Tree { module: index, module_path, root, below, ignore, overlay, stamped },
            threads,
        ));
    }
    let path = match below.as_str() {
        "" => Arc::from(module.path.as_str()),
        below => Arc::from(format!("{}/{below}", module.path)),
    };
    let listing = Listing::read(&dir, &options.overlay, options.index.is_some()).ok().flatten().unwrap_or_default();
    let place = Place { dir, module: Some(index), seen: Seen::Listing(Arc::new(listing)) };
    Ok(vec![Matched { path, place }])
}

/// The main module that a directory lies in: the one whose root is deepest.
fn owner<'l>(list: &'l BuildList, dir: &Path) -> Option<(usize, &'l Module, &'l Path)> {
    let main = list.modules().iter().enumerate().filter(|(_, module)| module.is_main());
    let within = main.filter_map(|(index, module)| {
        let root = module.dir.as_deref()?;
        dir.starts_with(root).then_some((index, module, root))
    });
    within.max_by_key(|(_, _, root)| root.components().count())
}
