//! What a go.mod file says.

use crate::span::Span;

/// A module at a version. For the main module, and for `replace` without a version, `version` is empty.
#[derive(
    Debug,
    Clone,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct ModuleVersion {
    /// The module path.
    pub path: String,
    /// The canonical version.
    pub version: String,
}

/// A go.mod file.
///
/// Every span is that of the directive: from its first word (in a block, the first word of its line) to behind its last,
/// without comments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoMod {
    /// `module`. The go command refuses a main module without it, but go.mod files of old dependencies lack it.
    pub module: Option<Module>,
    /// `go`
    pub go: Option<Go>,
    /// `toolchain`
    pub toolchain: Option<Toolchain>,
    /// `godebug`, in order.
    pub godebug: Vec<Godebug>,
    /// `require`, in order.
    pub require: Vec<Require>,
    /// `exclude`, in order.
    pub exclude: Vec<Exclude>,
    /// `replace`, in order.
    pub replace: Vec<Replace>,
    /// `retract`, in order.
    pub retract: Vec<Retract>,
    /// `tool`, in order.
    pub tool: Vec<Tool>,
    /// `ignore`, in order.
    pub ignore: Vec<Ignore>,
}

/// `module example.com/m`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Module {
    /// The module path, as written: see [`crate::module_path::check`].
    pub path: String,
    /// The message of a `// Deprecated:` paragraph. `None` when it is absent or empty, as for the go command.
    pub deprecated: Option<String>,
    /// The directive.
    pub span: Span,
}

/// `go 1.26.0`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Go {
    /// The version, which may be one that [`crate::go_version::parse`] does not read: `1.21.0rc1`.
    pub version: String,
    /// The directive.
    pub span: Span,
}

/// `toolchain go1.26.1`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolchain {
    /// `default`, or a name that begins with `go1`: see [`crate::go_version::of_toolchain`].
    pub name: String,
    /// The directive.
    pub span: Span,
}

/// `godebug default=go1.21`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Godebug {
    /// In front of the first `=`.
    pub key: String,
    /// Behind the first `=`.
    pub value: String,
    /// The directive.
    pub span: Span,
}

/// `require example.com/m v1.2.3 // indirect`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Require {
    /// The module path.
    pub path: String,
    /// The canonical version.
    pub version: String,
    /// Whether there is a comment `// indirect` or `// indirect; …`.
    pub indirect: bool,
    /// The directive.
    pub span: Span,
}

/// `exclude example.com/m v1.2.3`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclude {
    /// The module path.
    pub path: String,
    /// The canonical version.
    pub version: String,
    /// The directive.
    pub span: Span,
}

/// `replace example.com/m v1.2.3 => example.com/fork v1.2.4`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replace {
    /// The path of the module that is replaced.
    pub path: String,
    /// Which version is replaced; `None` means all.
    pub version: Option<String>,
    /// By what.
    pub new: Replacement,
    /// The directive.
    pub span: Span,
}

/// The right side of a `replace`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Replacement {
    /// Another module, or another version.
    Module(ModuleVersion),
    /// A directory, as written: rooted, or beginning with `.` or `..`; or the like on Windows.
    Directory(String),
}

/// `retract [v1.0.0, v1.2.0]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retract {
    /// The first version that is retracted. As written: versions of a retraction need not be canonical.
    pub low: String,
    /// The last version that is retracted; for a single version, the same.
    pub high: String,
    /// The comments above and behind; those of the block if the line has none. Empty if there are none.
    pub rationale: String,
    /// The directive.
    pub span: Span,
}

/// `tool example.com/m/cmd/gen`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// The package path, as written.
    pub path: String,
    /// The directive.
    pub span: Span,
}

/// `ignore ./node_modules`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// The directory, as written.
    pub path: String,
    /// The directive.
    pub span: Span,
}

/// Why the go command refuses the go.mod file of a main module that it can read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MainModuleError {
    /// There is no `module` directive.
    #[error("missing module declaration")]
    Missing,
    /// The path is `go` or `toolchain`.
    #[error("invalid module path: {}", crate::text::quote(.0))]
    Reserved(String),
}

impl GoMod {
    /// The `module` directive, as the go command demands it of a main module (`modload.ReadModFile`).
    ///
    /// The path need not pass [`crate::module_path::check`]: that concerns only modules that are downloaded.
    ///
    /// # Errors
    /// It is missing, or its path is reserved.
    pub fn main_module(&self) -> Result<&Module, MainModuleError> {
        let module = self.module.as_ref().ok_or(MainModuleError::Missing)?;
        if matches!(module.path.as_str(), "go" | "toolchain") {
            return Err(MainModuleError::Reserved(module.path.clone()));
        }
        Ok(module)
    }
}
