//! The Go package in a directory: which of its files a build takes, and what they import.

use crate::lazy::Lazy;
use crate::position::{Places, Position};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What `go/build` says of a directory. File names are without the directory, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// All files that were looked at; positions point into it.
    pub(crate) names: Lazy<Vec<String>>,
    /// The package's name: that of the first file.
    pub name: String,
    /// The synopsis of its documentation.
    pub doc: Arc<Lazy<String>>,
    /// The files by their kind.
    pub files: Arc<Lazy<Files>>,
    /// What must be known of the files before anybody looks at them.
    pub(crate) has: Has,
    /// What the files import; what the files of tests within the package do; and of tests outside of it. Sorted.
    pub(crate) imported: [Vec<Arc<str>>; 3],
    /// Where the files import.
    pub imports: Arc<Lazy<Places>>,
    /// Where the files of tests within the package do.
    pub test_imports: Lazy<Places>,
    /// Where the files of tests outside of the package do.
    pub xtest_imports: Lazy<Places>,
    /// `//go:embed` patterns of the files.
    pub embeds: Lazy<Places>,
    /// Those of tests within the package.
    pub test_embeds: Lazy<Places>,
    /// Those of tests outside of the package.
    pub xtest_embeds: Lazy<Places>,
    /// Why it cannot be built.
    pub problem: Option<FolderProblem>,
}

/// The files of a package, by what a build does with them (the fields of `go list`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "they are documented by `go help list`")]
pub struct Files {
    pub go: Vec<String>,
    pub cgo: Vec<String>,
    pub ignored_go: Vec<String>,
    pub invalid_go: Vec<String>,
    pub ignored_other: Vec<String>,
    pub c: Vec<String>,
    pub cxx: Vec<String>,
    pub m: Vec<String>,
    pub h: Vec<String>,
    pub f: Vec<String>,
    pub s: Vec<String>,
    pub swig: Vec<String>,
    pub swigcxx: Vec<String>,
    pub syso: Vec<String>,
    pub test_go: Vec<String>,
    pub xtest_go: Vec<String>,
}

/// Why a directory is no package that can be built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FolderProblem {
    /// No file is left for this build.
    NoGo,
    /// A file that cannot be parsed.
    Syntax {
        /// Where.
        at: Position,
        /// What `go/parser` says.
        message: String,
    },
    /// An import path that is none.
    ImportPath {
        /// Where.
        at: Position,
        /// What `go/build` says.
        message: String,
    },
    /// A file that cannot be read.
    Read {
        /// Which; its line says nothing.
        at: Position,
        /// Why.
        message: String,
    },
    /// Two packages in one directory.
    Multiple(String),
    /// Anything else about a file.
    Other(String),
}

/// A kind of file, by its extension (`go/build.fileListForExt`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Go,
    C,
    Cxx,
    M,
    H,
    F,
    S,
    /// `.S` and `.sx`: for cgo only.
    UpperS,
    Swig,
    SwigCxx,
    Syso,
}

impl Kind {
    pub(crate) fn of(name: &str) -> Option<Self> {
        let dot = name.rfind('.')?;
        Some(match name.get(dot..)? {
            ".go" => Self::Go,
            ".c" => Self::C,
            ".cc" | ".cpp" | ".cxx" => Self::Cxx,
            ".m" => Self::M,
            ".h" | ".hh" | ".hpp" | ".hxx" => Self::H,
            ".f" | ".F" | ".for" | ".f90" => Self::F,
            ".s" => Self::S,
            ".S" | ".sx" => Self::UpperS,
            ".swig" => Self::Swig,
            ".swigcxx" => Self::SwigCxx,
            ".syso" => Self::Syso,
            _ => return None,
        })
    }
}

/// Whether a build may read a file of this name, in some directory.
pub fn is_source(name: &str) -> bool {
    Kind::of(name).is_some()
}

impl Files {
    pub(crate) fn of_kind(&mut self, kind: Kind) -> &mut Vec<String> {
        match kind {
            Kind::Go => &mut self.go,
            Kind::C => &mut self.c,
            Kind::Cxx => &mut self.cxx,
            Kind::M => &mut self.m,
            Kind::H => &mut self.h,
            Kind::F => &mut self.f,
            Kind::S | Kind::UpperS => &mut self.s,
            Kind::Swig => &mut self.swig,
            Kind::SwigCxx => &mut self.swigcxx,
            Kind::Syso => &mut self.syso,
        }
    }

    /// Whether Go files are among them, of tests or not.
    pub(crate) fn any_go(&self) -> bool {
        [&self.go, &self.cgo, &self.test_go, &self.xtest_go].iter().any(|files| !files.is_empty())
    }

    /// All files that a build reads (`load.Package.AllFiles`).
    pub(crate) fn all(&self) -> impl Iterator<Item = &String> {
        let lists = [
            &self.go,
            &self.cgo,
            &self.ignored_go,
            &self.ignored_other,
            &self.c,
            &self.cxx,
            &self.m,
            &self.h,
            &self.f,
            &self.s,
            &self.swig,
            &self.swigcxx,
            &self.syso,
            &self.test_go,
            &self.xtest_go,
        ];
        lists.into_iter().flatten()
    }
}

/// What files there are, in short.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Has {
    /// Go files, whether this build takes them or not.
    pub(crate) go: bool,
    pub(crate) cgo: bool,
    pub(crate) swig: bool,
    pub(crate) tests: bool,
    /// Files that only cgo or SWIG takes.
    pub(crate) foreign: bool,
    /// Names that no build may take.
    pub(crate) odd_names: bool,
    /// Go files whose names and constraints fit, whatever else is wrong with them: a wildcard matches no folder without
    /// (`imports.ScanDir`).
    pub(crate) fitting: bool,
}

impl Has {
    pub(crate) fn of(names: &[String], files: &Files, fitting: bool) -> Self {
        let any = |lists: &[&Vec<String>]| lists.iter().any(|list| !list.is_empty());
        Self {
            go: names.iter().any(|name| name.ends_with(".go")),
            cgo: any(&[&files.cgo]),
            swig: any(&[&files.swig, &files.swigcxx]),
            tests: any(&[&files.test_go, &files.xtest_go]),
            foreign: any(&[&files.c, &files.cxx, &files.m, &files.f, &files.swig, &files.swigcxx]),
            odd_names: crate::errors::bad_names(files).is_some(),
            fitting,
        }
    }
}

impl Folder {
    /// Whether Go sees source files here.
    pub(crate) fn has_go(&self) -> bool {
        self.has.go
    }

    /// Where files of one of its packages import something.
    pub(crate) fn places(&self, part: Part, import: &str) -> &[Position] {
        let places: &Places = match part {
            Part::Package => &self.imports,
            Part::Test => &self.test_imports,
            Part::XTest => &self.xtest_imports,
        };
        let at = places.binary_search_by(|(name, _)| (**name).cmp(import)).ok();
        at.and_then(|at| places.get(at)).map_or(&[], |(_, at)| at)
    }
}

/// Which of the three packages of a directory a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Package = 0,
    Test = 1,
    XTest = 2,
}
