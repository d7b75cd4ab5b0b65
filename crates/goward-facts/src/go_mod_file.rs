//! `go.mod`, `go.sum` and the workspace around them.

use crate::{Fact, ProbeError, World};
use gomod::{GoMod, GoSum};
use goward_system::SystemError;
use std::sync::Arc;

/// A go.mod of a thousand requirements has 100 KB.
const GO_MOD_LIMIT: u64 = 4 << 20;
/// Kubernetes' go.sum has 300 KB.
const GO_SUM_LIMIT: u64 = 32 << 20;

/// The module's `go.mod`.
#[derive(Clone, Debug)]
pub struct GoModFile {
    /// The text; `None` where there is no such file.
    pub text: Option<Arc<str>>,
    /// What Go reads in it, or all its mistakes.
    pub parsed: Result<GoMod, Vec<gomod::Error>>,
    /// There is a go.work in its place: the folder of a workspace need not be a module.
    pub beside_work: bool,
}

impl GoModFile {
    /// The module's path.
    pub fn module_path(&self) -> Option<&str> {
        self.parsed.as_ref().ok()?.module.as_ref().map(|module| module.path.as_str())
    }

    /// The parsed file; the checks that need it require that it is valid.
    pub fn valid(&self) -> Option<&GoMod> {
        self.text.as_ref()?;
        self.parsed.as_ref().ok()
    }

    /// The text, for quoting.
    pub fn source(&self) -> Arc<str> {
        self.text.clone().unwrap_or_default()
    }
}

impl Fact for GoModFile {
    const NAME: &'static str = "go.mod";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        match world.system.read("go.mod", GO_MOD_LIMIT) {
            Ok(bytes) => Ok(Self {
                parsed: gomod::parse_go_mod(&bytes),
                text: Some(text(&bytes)),
                beside_work: false,
            }),
            Err(SystemError::NotFound(_)) => {
                let beside_work = world.system.stat("go.work").is_ok();
                Ok(Self { text: None, parsed: Err(vec![]), beside_work })
            }
            Err(err) => Err(err.into()),
        }
    }
}

/// The module's `go.sum`.
#[derive(Clone, Debug)]
pub struct GoSumFile {
    /// The text; `None` where there is no such file.
    pub text: Option<Arc<str>>,
    /// What Go reads in it, or its first mistake.
    pub parsed: Result<GoSum, gomod::SumError>,
}

impl Fact for GoSumFile {
    const NAME: &'static str = "go.sum";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        match world.system.read("go.sum", GO_SUM_LIMIT) {
            Ok(bytes) => Ok(Self { parsed: gomod::parse_go_sum(&bytes), text: Some(text(&bytes)) }),
            Err(SystemError::NotFound(_)) => {
                Ok(Self { text: None, parsed: gomod::parse_go_sum(b"") })
            }
            Err(err) => Err(err.into()),
        }
    }
}

/// The bytes for quoting: Go reads them as they are, and takes what is not UTF-8 in comments.
pub(crate) fn text(bytes: &[u8]) -> Arc<str> {
    String::from_utf8_lossy(bytes).into()
}

/// The replacement that applies to a module at a version: the one of that version, else of all.
pub fn replacement_of<'a>(
    go_mod: &'a GoMod,
    path: &str,
    version: &str,
) -> Option<&'a gomod::Replacement> {
    let of = |version: Option<&str>| {
        go_mod.replace.iter().find(|r| r.path == path && r.version.as_deref() == version)
    };
    of(Some(version)).or_else(|| of(None)).map(|replace| &replace.new)
}
