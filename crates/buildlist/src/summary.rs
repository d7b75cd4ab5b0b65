//! A dependency's go.mod file, as far as the graph needs it (`goModSummary`).

use crate::error::LoadError;
use crate::input::{GoMods, ReadError, Source};
use crate::replacements::Found;
use crate::table::{Key, ModuleId};
use gomod::{GoMod, ModuleVersion, Replacement, go_version};
use std::sync::Arc;

/// The first Go version whose go.mod files list all that their packages need (`gover.ExplicitIndirectVersion`).
const EXPLICIT_INDIRECT: &str = "1.17";
/// From here on, the `go` line is a requirement like any other (`gover.GoStrictVersion`).
pub(crate) const STRICT: &str = "1.21";

/// Whether a module with this `go` version lets its dependencies' requirements be pruned out.
pub(crate) fn is_pruned(go_version: &str) -> bool {
    go_version::compare(go_version, EXPLICIT_INDIRECT).is_ge()
}

/// Whether this version makes demands on others.
pub(crate) fn is_strict(go_version: &str) -> bool {
    go_version::compare(go_version, STRICT).is_ge()
}

/// What a module requires.
#[derive(Debug, Clone)]
pub(crate) struct Summary {
    pub(crate) pruned: bool,
    /// In the order of the file, without what is excluded; then `go`.
    pub(crate) requires: Arc<[ModuleId]>,
    pub(crate) go_version: Option<String>,
    /// Whose go.mod file was read: `None` for directories, main modules and pseudo-modules.
    pub(crate) read: Option<ModuleVersion>,
}

/// A go.mod file to be read.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) module: ModuleId,
    pub(crate) key: Key,
    pub(crate) replaced: Option<Found>,
}

impl Job {
    /// The module that is read.
    pub(crate) fn actual(&self) -> ModuleVersion {
        match &self.replaced {
            Some(Found { new: Replacement::Module(new), .. }) => new.clone(),
            Some(Found { new: Replacement::Directory(path), .. }) => {
                ModuleVersion { path: path.clone(), version: String::new() }
            }
            None => ModuleVersion {
                path: self.key.path().to_owned(),
                version: self.key.version().to_owned(),
            },
        }
    }

    fn source<'a>(&'a self) -> Source<'a> {
        match &self.replaced {
            Some(Found { dir: Some(dir), .. }) => Source::Directory(dir),
            Some(Found { new: Replacement::Module(new), .. }) => {
                Source::Module { path: &new.path, version: &new.version }
            }
            _ => Source::Module { path: self.key.path(), version: self.key.version() },
        }
    }

    /// Reads and parses the file.
    pub(crate) fn read(&self, world: &impl GoMods) -> Result<GoMod, LoadError> {
        let source = self.source();
        let text = match world.go_mod(source) {
            Ok(text) => text,
            Err(error) => return Err(self.unread(error)),
        };
        let file = match gomod::parse_go_mod_lax(&text) {
            Ok(file) => file,
            Err(errors) => return Err(LoadError::Parse { module: self.actual(), errors }),
        };
        // A directory may hold any module, even a nameless one.
        if let Source::Module { path, .. } = source {
            let declared = file.module.as_ref().map_or("", |module| &module.path);
            if declared.is_empty() {
                return Err(LoadError::NoModuleLine { module: self.actual() });
            }
            if declared != self.key.path() && declared != path {
                let declared = declared.to_owned();
                let required = self.key.path().to_owned();
                return Err(LoadError::PathMismatch { module: self.actual(), declared, required });
            }
        }
        Ok(file)
    }

    fn unread(&self, error: ReadError) -> LoadError {
        let module = self.actual();
        match error {
            ReadError::Missing { looked_at } => LoadError::Missing { module, looked_at },
            ReadError::NoGoMod { path } => LoadError::NoGoMod { path },
            ReadError::Failed { path, problem } => LoadError::Read { path, problem },
            ReadError::Malformed(problem) => LoadError::Malformed { module, problem },
        }
    }
}
