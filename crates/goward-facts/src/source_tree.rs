//! The target's files, as git sees them.

use crate::{Fact, ProbeError, World};
use goward_system::{Excludes, Tree, TreeOptions};

/// The target's files: sorted, relative, without what git ignores and policy excludes.
#[derive(Clone, Debug, Default)]
pub struct SourceTree {
    /// The files, and the folders that could not be read.
    pub tree: Tree,
}

impl SourceTree {
    /// The files for which `wanted` holds.
    pub fn paths(&self, wanted: impl Fn(&str) -> bool) -> Vec<&str> {
        self.tree.paths.iter().map(String::as_str).filter(|path| wanted(path)).collect()
    }
}

impl Fact for SourceTree {
    const NAME: &'static str = "the target's files";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let excludes = Excludes::new(&world.settings.tree.exclude)?;
        let tree = world.system.tree(&TreeOptions { excludes })?;
        Ok(Self { tree })
    }
}
