//! Packages as `go list` shows them.

use crate::folder::{Files, Folder};
use crate::lazy::Lazy;
use crate::position::Places;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;

/// A package's place in the graph.
pub type PackageId = usize;

/// A package, or a variant of it that is compiled for a test.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// Its import path; for what is compiled for a test without the ` [p.test]` behind it.
    pub import_path: Arc<str>,
    /// The name in its files.
    pub name: String,
    /// The directory; `None` where none was found.
    pub dir: Option<Arc<PathBuf>>,
    /// The module, by its place in the build list.
    pub module: Option<usize>,
    /// Whether it is of the standard library.
    pub standard: bool,
    /// The package under test, for which this one is compiled anew.
    pub for_test: Option<Arc<str>>,
    /// The program with a profile for which this copy is compiled.
    pub for_main: Option<Arc<str>>,
    /// The files.
    pub files: Arc<Lazy<Files>>,
    /// The synopsis of the documentation.
    pub doc: Arc<Lazy<String>>,
    /// What stands in its files.
    pub names: Lazy<Names>,
    /// The files they match.
    pub embed_files: Vec<String>,
    /// What is wrong with it.
    pub error: Option<Arc<PackageError>>,
    /// Whether something is wrong with it or with what it imports.
    pub incomplete: bool,
    /// The packages that it imports, also by implication.
    pub dependencies: Vec<PackageId>,
    /// Whether a pattern matched it.
    pub is_match: bool,
    /// It is the generated main program of a test.
    pub is_test_main: bool,
    /// Whether it is compiled with a profile.
    pub(crate) has_profile: bool,
    /// Where the imports stand.
    pub(crate) import_places: Arc<Lazy<Places>>,
    pub(crate) folder: Lazy<Arc<Folder>>,
}

/// What stands in the files of a package, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// What it imports, resolved; in the order in which it is loaded.
    pub imports: Vec<Arc<str>>,
    /// The same as the files have it; what is implied stands only in `imports`.
    pub raw_imports: Vec<Arc<str>>,
    /// The imports of its tests.
    pub test_imports: Vec<Arc<str>>,
    /// The imports of the tests outside of it.
    pub xtest_imports: Vec<Arc<str>>,
    /// `//go:embed` patterns.
    pub embed_patterns: Vec<Arc<str>>,
}

/// What is wrong with a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageError {
    /// The packages that lead to it, from one that was asked for.
    pub import_stack: Vec<Arc<str>>,
    /// Where, as Go prints it; empty if there is no place.
    pub pos: String,
    /// What, in Go's words.
    pub message: String,
    /// What kind of thing.
    pub kind: ErrorKind,
}

/// A kind of error, for those who judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ErrorKind {
    /// No file is left for this build.
    NoGo,
    /// A file that cannot be parsed.
    Syntax,
    /// Several packages in one directory.
    MultiplePackages,
    /// Nothing offers the import.
    Missing,
    /// More than one module offers it.
    Ambiguous,
    /// The module is not in the module cache.
    NotDownloaded,
    /// The main module's go.mod does not require the module directly.
    NotRequired,
    /// An import path that is none.
    InvalidImport,
    /// It imports itself, over others or not.
    Cycle,
    /// An internal package of somebody else.
    Internal,
    /// A vendored package of somebody else, or one named by its vendor path.
    Vendored,
    /// A program is imported.
    Program,
    /// Two paths or files that differ only in case.
    Case,
    /// A pattern of `//go:embed` that matches nothing, or what may not be embedded.
    Embed,
    /// Files that this build cannot take.
    Files,
    /// Something else.
    Other,
}

impl Package {
    /// The import path with ` [p.test]` behind it where it is compiled for a test, and ` [p]` where it is compiled with
    /// the profile of a program: as `go list` names it.
    pub fn id(&self) -> String {
        match (&self.for_test, &self.for_main) {
            (Some(test), _) => format!("{} [{test}.test]", self.import_path),
            (None, Some(main)) => format!("{} [{main}]", self.import_path),
            (None, None) => self.import_path.to_string(),
        }
    }
}
