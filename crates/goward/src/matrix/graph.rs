//! What the package graph says of each cell: read natively, without go list, so that it takes milliseconds.

use super::cell::Platform;
use super::toolchains::Local;
use super::versions::Version;
use crate::graph::{GoContext, Wanted};
use gopackages::{ErrorKind, PackageError};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the packages depend on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) platform: Platform,
    pub(super) cgo: bool,
    /// For constraints as `go1.24`, and for the standard library.
    pub(super) go: Version,
}

/// The packages of some cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Packages {
    /// What the patterns match.
    pub(super) matched: BTreeSet<String>,
    /// Those that need a C compiler, the deepest first.
    pub(super) needs_c: Vec<String>,
    /// What is wrong: the kind and go's words.
    pub(super) error: Option<(ErrorKind, String)>,
}

/// All that the graph says.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) packages: BTreeMap<Key, Result<Packages, String>>,
    /// The greatest `go` line of the modules that are built from.
    pub(super) go_line: Option<String>,
    /// Folders with sources that are the user's: not in the module cache, not of Go.
    pub(super) folders: BTreeSet<PathBuf>,
    /// The files that they embed.
    pub(super) embedded: BTreeSet<PathBuf>,
}

/// Reads the graph for each key. The standard library is that of its version where that is on this machine, else that
/// of the go command on the PATH.
pub(super) fn read(
    local: &Local,
    dir: &Path,
    patterns: &[String],
    tags: &BTreeSet<String>,
    keys: BTreeSet<Key>,
) -> Graph {
    let mut graph = Graph::default();
    for key in keys {
        let found = one(local, dir, patterns, tags, &key, &mut graph);
        graph.packages.insert(key, found.map_err(|err| format!("{err:#}")));
    }
    graph
}

fn one(
    local: &Local,
    dir: &Path,
    patterns: &[String],
    tags: &BTreeSet<String>,
    key: &Key,
    graph: &mut Graph,
) -> anyhow::Result<Packages> {
    let mut context = GoContext::ask(dir, &Arc::default())?;
    if let Some(goroot) = local.goroot_of(key.go).filter(|_| key.go != local.version) {
        context = context.of_toolchain(&goroot, &key.go.to_string());
    }
    // `amd64.v1` is of the host's processor.
    let own = format!("{}.", context.tags.goarch);
    context
        .tags
        .tool_tags
        .retain(|tag| !tag.starts_with(&own) || own == format!("{}.", key.platform.arch));
    context.tags.goos.clone_from(&key.platform.os);
    context.tags.goarch.clone_from(&key.platform.arch);
    context.tags.cgo = key.cgo;
    context.tags.build_tags.extend(tags.iter().cloned());
    context.tags.release_tags = (1..=key.go.minor).map(|minor| format!("go1.{minor}")).collect();
    // The whole of a folder is remembered from run to run; other patterns are not.
    let patterns = if patterns == ["./..."] { &[] } else { patterns };
    let tree = context.matched(&Wanted { patterns, ..Wanted::default() })?;
    let mut found = Packages::default();
    for (_, package) in tree.packages.iter() {
        if package.is_match {
            found.matched.insert(package.import_path.to_string());
        }
        if !package.files.cgo.is_empty() {
            found.needs_c.push(package.import_path.to_string());
        }
        if let Some(error) = &package.error {
            found.error.get_or_insert_with(|| (error.kind, said(&package.import_path, error)));
        }
        let module = package.module.and_then(|module| tree.build_list().get(module));
        if let (Some(dir), Some(module)) = (&package.dir, module)
            && module.dir.is_some()
        {
            graph.folders.insert(dir.as_ref().clone());
            graph.embedded.extend(package.embed_files.iter().map(|file| dir.join(file)));
        }
    }
    for module in tree.build_list().iter().filter(|module| module.is_main()) {
        graph.folders.extend(module.dir.clone());
        let newer =
            |line: &String| graph.go_line.as_ref().is_none_or(|known| order(line) > order(known));
        if let Some(line) = module.go_version.clone().filter(newer) {
            graph.go_line = Some(line);
        }
    }
    Ok(found)
}

fn said(path: &str, error: &PackageError) -> String {
    if error.message.contains(path) {
        error.message.clone()
    } else {
        format!("{path}: {}", error.message)
    }
}

/// Enough to order `1.21`, `1.21.3` and `1.24`.
fn order(line: &str) -> Vec<u32> {
    line.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}
