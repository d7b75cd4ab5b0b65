//! What the package graph says of each cell: read natively, without go list, so that it takes milliseconds.

use super::cell::Platform;
use super::toolchains::Local;
use super::versions::Version;
use super::{listing, plan};
use crate::graph::{GoContext, Wanted};
use gopackages::PackageError;
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
    /// What is wrong with the first that has an error.
    pub(super) error: Option<Problem>,
}

/// What is wrong with a package.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    /// The cause that follows from it; `None` where only a build can tell.
    pub(super) cause: Option<&'static str>,
    /// Go's words.
    pub(super) message: String,
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

/// What is to be built.
pub(super) struct Asked<'a> {
    pub(super) dir: &'a Path,
    pub(super) patterns: &'a [String],
    /// Those of the last `-tags`, which takes the place of that of GOFLAGS.
    pub(super) tags: Option<&'a BTreeSet<String>>,
    /// Of go build.
    pub(super) flags: &'a [String],
}

/// Reads the graph for each key. The standard library is that of its version where that is on this machine, else that
/// of the go command on the PATH. Where a flag or GOFLAGS asks for what our own graph does not model, go list is asked.
pub(super) fn read(local: &Local, asked: &Asked<'_>, keys: BTreeSet<Key>) -> Graph {
    let mut graph = Graph::default();
    let decisive = listing::decisive(asked.flags).is_some();
    for key in keys {
        let native = one(local, asked, &key, &mut graph);
        let is_enough = !decisive && native.as_ref().map_or(true, |(_, is_modelled)| *is_modelled);
        let found = if is_enough {
            native.map(|(found, _)| found)
        } else {
            let go = local.goroot_of(key.go).unwrap_or_else(|| local.goroot.clone()).join("bin/go");
            listing::ask(&go, asked.dir, &key, asked.patterns, asked.flags)
        };
        graph.packages.insert(key, found.map_err(|err| format!("{err:#}")));
    }
    graph
}

/// And whether our own graph knows all that GOFLAGS asks for.
fn one(
    local: &Local,
    asked: &Asked<'_>,
    key: &Key,
    graph: &mut Graph,
) -> anyhow::Result<(Packages, bool)> {
    let mut context = GoContext::ask(asked.dir, &Arc::default())?;
    // Whether these are possible without cgo, Go itself decides.
    let instrumented = ["race", "msan", "asan"].iter().any(|name| context.has_goflag(name));
    let is_modelled = context.unmodelled().is_none() && !instrumented;
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
    if let Some(tags) = asked.tags {
        context.tags.build_tags.clone_from(tags);
    }
    context.tags.release_tags = (1..=key.go.minor).map(|minor| format!("go1.{minor}")).collect();
    // The whole of a folder is remembered from run to run; other patterns are not.
    let patterns = if asked.patterns == ["./..."] { &[] } else { asked.patterns };
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
            found.error.get_or_insert_with(|| problem(&package.import_path, error));
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
    Ok((found, is_modelled))
}

fn problem(path: &str, error: &PackageError) -> Problem {
    let message = said(path, error);
    Problem { cause: plan::cause(error.kind, &message), message }
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
