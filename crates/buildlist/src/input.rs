//! What a build list is computed from.

use crate::error::Error;
use gomod::{GoMod, GoWork};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Gives the go.mod files of dependencies. Replacements were applied already.
pub trait GoMods: Sync {
    /// The content of a go.mod file. Called from several threads, at most once for each source and graph.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    fn go_mod(&self, source: Source<'_>) -> Result<Cow<'_, [u8]>, ReadError>;
}

/// Where a dependency's go.mod file comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// A module that is downloaded. The path may be malformed: nobody checked it.
    Module {
        /// The module path.
        path: &'a str,
        /// The canonical version.
        version: &'a str,
    },
    /// A directory that replaces a module: absolute, not cleaned.
    Directory(&'a Path),
}

/// Why there is no go.mod file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is not there: a module cache lacks what Go would download.
    #[error("not in the module cache")]
    Missing {
        /// Where it was looked for.
        looked_at: Vec<PathBuf>,
    },
    /// The directory that replaces a module has none, or is not there.
    #[error("reading {}: no such file or directory", .path.display())]
    NoGoMod {
        /// The file that should be there.
        path: PathBuf,
    },
    /// It cannot be read.
    #[error("reading {}: {problem}", .path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// Why, as the operating system says it.
        problem: String,
    },
    /// No module can have this path or version: the go command would not even ask a proxy.
    #[error("{0}")]
    Malformed(String),
}

/// A main module: that of the directory, or one that go.work uses.
#[derive(Debug, Clone)]
pub struct MainModule {
    /// Its directory, absolute.
    pub dir: PathBuf,
    /// Its go.mod file; with `-modfile`, another name.
    pub file: PathBuf,
    /// What the file says.
    pub go_mod: GoMod,
    /// The 1-based line of the first version that is not canonical, such as a branch name or `v1.2`: Go would ask the
    /// network and rewrite the file.
    pub not_canonical: Option<usize>,
}

impl MainModule {
    /// Reads the go.mod file of a main module in a directory.
    ///
    /// # Errors
    /// [`Error::Parse`], [`Error::MainModule`] or [`Error::ModulePath`].
    pub fn parse(dir: impl Into<PathBuf>, text: impl AsRef<[u8]>) -> Result<Self, Error> {
        let dir = dir.into();
        let file = dir.join("go.mod");
        Self::parse_file(dir, file, text.as_ref())
    }

    /// As [`MainModule::parse`], for a go.mod file of another name.
    ///
    /// # Errors
    /// As there.
    pub fn parse_file(dir: PathBuf, file: PathBuf, text: &[u8]) -> Result<Self, Error> {
        let go_mod = match gomod::parse_go_mod(text) {
            Ok(go_mod) => go_mod,
            Err(errors) => return Err(Error::Parse { file, errors }),
        };
        match go_mod.main_module() {
            Ok(module) => {
                if let Err(source) = gomod::module_path::check_import(&module.path) {
                    return Err(Error::ModulePath { file, source });
                }
            }
            Err(source) => return Err(Error::MainModule { file, source }),
        }
        let not_canonical = first_not_canonical(&go_mod, text);
        Ok(Self { dir, file, go_mod, not_canonical })
    }

    /// The module path.
    pub fn path(&self) -> &str {
        self.go_mod.module.as_ref().map_or("", |module| &module.path)
    }

    /// The `go` version: 1.16 if the file has none (`gover.FromGoMod`).
    pub fn go_version(&self) -> &str {
        self.go_mod.go.as_ref().map_or("1.16", |go| &go.version)
    }
}

/// The parser gives canonical versions; whether they were written so, only the text says.
fn first_not_canonical(go_mod: &GoMod, text: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(text);
    let lines: Vec<&str> = text.split('\n').collect();
    let written = |line: usize, version: &str| {
        line.checked_sub(1).and_then(|index| lines.get(index)).is_none_or(|line| {
            line.split([' ', '\t', '\r', '"', ')', ',', '/']).any(|word| word == version)
        })
    };
    let requires = go_mod.require.iter().map(|one| (one.span.start.line, one.version.as_str()));
    let excludes = go_mod.exclude.iter().map(|one| (one.span.start.line, one.version.as_str()));
    let old = go_mod
        .replace
        .iter()
        .filter_map(|one| Some((one.span.start.line, one.version.as_deref()?)));
    let new = go_mod.replace.iter().filter_map(|one| match &one.new {
        gomod::Replacement::Module(new) => Some((one.span.start.line, new.version.as_str())),
        gomod::Replacement::Directory(_) => None,
    });
    let bad = requires
        .chain(excludes)
        .chain(old)
        .chain(new)
        .filter(|(line, version)| !written(*line, version));
    bad.map(|(line, _)| line).min()
}

/// A go.work file. The modules that it uses are given beside it: see [`Input::main`].
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// The file, absolute.
    pub file: PathBuf,
    /// What it says.
    pub go_work: GoWork,
}

impl Work {
    /// Reads a go.work file.
    ///
    /// # Errors
    /// [`Error::Parse`].
    pub fn parse(file: impl Into<PathBuf>, text: impl AsRef<[u8]>) -> Result<Self, Error> {
        let file = file.into();
        match gomod::parse_go_work(text) {
            Ok(go_work) => Ok(Self { file, go_work }),
            Err(errors) => Err(Error::Parse { file, errors }),
        }
    }

    /// The directory that relative paths start from.
    pub fn dir(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new("/"))
    }

    /// The `go` version: 1.18 if the file has none (`gover.FromGoWork`).
    pub fn go_version(&self) -> &str {
        self.go_work.go.as_ref().map_or("1.18", |go| &go.version)
    }
}

/// What Go may change and where it looks for modules: the flag `-mod`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Mode {
    /// `-mod=mod`: roots that are too low are raised, as Go would in go.mod.
    Mod,
    /// `-mod=readonly`: a go.mod file that would have to change is refused.
    Readonly,
    /// `-mod=vendor`: what vendor/modules.txt says. `go list -m all` refuses this mode, builds use it.
    Vendor,
}

impl std::fmt::Display for Mode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Mod => "mod",
            Self::Readonly => "readonly",
            Self::Vendor => "vendor",
        })
    }
}

/// Everything but the go.mod files of dependencies.
#[derive(Debug, Clone)]
pub struct Input {
    /// One without `work`; with it, those that go.work uses, in its order.
    pub main: Vec<MainModule>,
    /// The go.work file, in workspace mode.
    pub work: Option<Work>,
    /// The mode. For what Go takes when nothing is said, see [`crate::load`].
    pub mode: Mode,
    /// vendor/modules.txt, for [`Mode::Vendor`]; empty if there is none.
    pub modules_txt: Vec<u8>,
    /// The version of the Go toolchain, without `go`: what needs a later one is refused. `None` asks nothing.
    pub go_version: Option<String>,
    /// How many threads read go.mod files.
    pub threads: usize,
}

impl Input {
    /// A main module in [`Mode::Readonly`], read by one thread.
    pub fn new(main: MainModule) -> Self {
        Self {
            main: vec![main],
            work: None,
            mode: Mode::Readonly,
            modules_txt: Vec::new(),
            go_version: None,
            threads: 1,
        }
    }
}
