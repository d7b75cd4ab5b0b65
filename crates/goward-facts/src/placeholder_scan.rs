//! The placeholders that are left in the target's files.

use crate::scan::scan;
use crate::{Fact, ProbeError, SourceTree, World};
use goward_system::{Excludes, SystemError};
use leftover::{FileKind, Finding, Mode};
use std::collections::HashSet;
use std::sync::Arc;

/// A larger file is data.
const LIMIT: u64 = 8 << 20;

/// A file in which placeholders are left.
#[derive(Clone, Debug)]
pub struct LeftoverFile {
    /// The file.
    pub path: String,
    /// Whether policy says that it has been rendered.
    pub rendered: bool,
    /// Its text, for quoting.
    pub source: Arc<str>,
    /// What is left.
    pub findings: Vec<Finding>,
    /// Whether there was more.
    pub truncated: bool,
}

/// The placeholders that are left.
#[derive(Clone, Debug, Default)]
pub struct PlaceholderScan {
    /// In the order of the paths.
    pub files: Vec<LeftoverFile>,
    /// Files that could not be read.
    pub unreadable: Vec<(String, SystemError)>,
}

impl Fact for PlaceholderScan {
    const NAME: &'static str = "placeholders";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let settings = &world.settings.placeholders;
        let tree = world.fact::<SourceTree>()?;
        let rendered = Excludes::new(&settings.rendered)?;
        let excluded = Excludes::new(&settings.exclude)?;
        let allowed: HashSet<&str> = settings.allow.iter().map(String::as_str).collect();
        let mode = |path: &str| {
            if rendered.matches(path) { Mode::Rendered } else { Mode::Source }
        };
        let paths =
            tree.paths(|path| !leftover::is_skipped(path, mode(path)) && !excluded.matches(path));
        let scanned = scan(world, &paths, LIMIT, |path, bytes| {
            let mode = mode(path);
            let is_rendered = mode == Mode::Rendered;
            let found = leftover::scan(path, bytes, mode, &|name| {
                // What the deployment injects has been injected in a rendered file, or was not.
                !is_rendered && allowed.contains(name)
            });
            (!found.findings.is_empty()).then(|| LeftoverFile {
                path: path.to_owned(),
                rendered: is_rendered,
                source: String::from_utf8_lossy(bytes).into(),
                findings: found.findings,
                truncated: found.truncated,
            })
        })?;
        let matters = |path: &str| rendered.matches(path) || FileKind::is_configuration(path);
        let unreadable = scanned.unreadable.into_iter().filter(|(path, _)| matters(path));
        let unreadable = unreadable.chain(tree.unreadable()).collect();
        Ok(Self { files: scanned.results, unreadable })
    }
}
