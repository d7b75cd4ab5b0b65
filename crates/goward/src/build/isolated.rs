//! A build cache that nobody wrote to before: what is built comes from sources alone.

use crate::own_cache;
use anyhow::Context as _;
use goward_system::OsSystem;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// A cache of this build's own; removed with it.
pub(super) struct Cache {
    _folder: tempfile::TempDir,
    /// The variables that lead go there.
    pub(super) env: Vec<(OsString, OsString)>,
}

impl Cache {
    /// Makes an empty one, and asks go what else would stand in for it.
    ///
    /// # Errors
    /// The folder cannot be made, or a name is no text.
    pub(super) fn new(go: &OsStr) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("goward-gocache-").tempdir();
        let folder = folder.context("making a build cache for --isolated; TMPDIR says where")?;
        let go = go.to_str().context("GOWARD_GO is no text")?;
        let cache = folder.path().join("go-build");
        let system = OsSystem::at(".");
        let variables = own_cache::variables(go, Path::new("."), &cache, folder.path(), &system)?;
        let env = variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Ok(Self { _folder: folder, env })
    }
}
