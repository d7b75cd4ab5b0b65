//! Whether there is anything to check.

use anyhow::bail;
use std::path::Path;

/// A folder that holds a module or a workspace.
pub(super) struct Target {
    /// Whether it holds a go.mod.
    pub(super) has_go_mod: bool,
}

impl Target {
    /// Looks at the folder; says what is wrong and what to do.
    pub(super) fn at(dir: &Path) -> anyhow::Result<Self> {
        let name = dir.display();
        if !dir.exists() {
            bail!("{name}: no such folder; name the module's folder: goward check DIR");
        }
        if !dir.is_dir() {
            bail!("{name} is not a folder; name the module's folder: goward check DIR");
        }
        // A link or a folder of this name is for the checks to judge, so only absence counts.
        let has_go_mod = dir.join("go.mod").symlink_metadata().is_ok();
        let has_go_work = dir.join("go.work").symlink_metadata().is_ok();
        if !has_go_mod && !has_go_work {
            bail!(
                "{name}: no go.mod and no go.work here; name the module's folder, or run `go mod init`"
            );
        }
        Ok(Self { has_go_mod })
    }
}
