//! The document. Maps and lists are ordered: the same facts give the same bytes.

use goartifact::AfterLink;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The name and version of the document's JSON.
pub const SCHEMA: &str = "goward.snapshot/v1";

/// What a build or a running program is known to be made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// [`SCHEMA`].
    pub schema: String,
    /// `sha256:` and the digest of the document without this field: a damaged file shows.
    pub digest: String,
    /// What was looked at.
    pub source: Source,
    /// The toolchain itself; none where only its words are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toolchain: Option<Toolchain>,
    /// Of `go env` what changes a build, where it is set.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
    /// The program, or what it is told to become.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<Program>,
    /// Modules without the main one, by path; none where they are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modules: Option<Vec<Module>>,
    /// Package → hash of what it exports: what `plugin.Open` compares. None where that is not known, empty where the
    /// program neither is a plugin nor can load one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages: Option<BTreeMap<String, String>>,
    /// Package → build ID of its export data, of a checkout that was compiled.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exports: BTreeMap<String, String>,
    /// What it asks of the system's libraries; none where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<Links>,
    /// The C compiler, where cgo takes part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub c_compiler: Option<CCompiler>,
    /// The machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<Host>,
    /// What `-trimpath` keeps out of a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paths: Option<Paths>,
    /// Of a process's environment the variables that change how Go programs run, and no others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub runtime: BTreeMap<String, String>,
    /// What could not be recorded, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Unknown>,
}

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What kind of thing.
    pub kind: Kind,
    /// Its name, as it was given.
    pub name: String,
}

/// A kind of thing that is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A folder of sources: what would be built there now.
    Checkout,
    /// A program.
    #[default]
    Binary,
    /// A program together with the folder and the machine that it was built on.
    Build,
    /// A program that runs.
    Process,
    /// The memory of one that ended.
    Core,
}

impl Kind {
    /// Whether the machine is the one on which it runs.
    pub const fn runs(self) -> bool {
        matches!(self, Self::Process)
    }

    /// Whether sources were looked at.
    pub const fn has_sources(self) -> bool {
        matches!(self, Self::Checkout | Self::Build)
    }
}

/// The toolchain itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toolchain {
    /// What `go version` says of itself: `go1.24.11`.
    pub version: String,
    /// Tool → what it is. A patched tool has other ones under the same version.
    pub tools: BTreeMap<String, Tool>,
    /// `sha256:` over the names and contents of the standard library's sources, tests left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library: Option<String>,
}

/// A program of the toolchain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// What `go tool buildid` shows.
    pub build_id: String,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// The program, or what it is told to become.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// The toolchain's words: `go1.24.11`.
    pub go_version: String,
    /// The import path of the main package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The main module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub main: Option<Module>,
    /// Build settings, by Go's names.
    pub settings: BTreeMap<String, String>,
    /// The file's container: `elf`, `macho`, `pe`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// What `go tool buildid` shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build_id: Option<String>,
    /// The source file of `main.main`, of a program that was built of files: it has no import path of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub main_file: Option<String>,
    /// Whether it was changed after Go linked it; none where its file was not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_link: Option<AfterLink>,
    /// Whether the settings are read in a program. Those of a checkout are what the go command would take: its
    /// environment and the flags that were named.
    pub built: bool,
}

impl Program {
    /// A setting's value.
    pub fn setting(&self, key: &str) -> Option<&str> {
        self.settings.get(key).map(String::as_str)
    }

    /// Whether it is a plugin.
    pub fn is_plugin(&self) -> bool {
        self.setting("-buildmode") == Some("plugin")
    }
}

/// A module.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Module {
    /// Its path.
    pub path: String,
    /// Its version.
    pub version: String,
    /// The `h1:` sum of its folder; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sum: String,
    /// What stands in for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace: Option<Replacement>,
    /// Whether only other modules require it; none where that is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indirect: Option<bool>,
    /// Whether a package of it is in the program.
    pub used: bool,
    /// The language version of its `go` line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go: Option<String>,
}

/// What stands in for a module.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// Its path: a module's, or a folder's.
    pub path: String,
    /// Its version; empty of a folder.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// The `h1:` sum of its folder; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sum: String,
}

impl Replacement {
    /// Whether it is a folder on a disk.
    pub fn is_local(&self) -> bool {
        // A program says `(devel)` of a folder.
        self.version.is_empty() || self.version == "(devel)" || gomod::is_directory_path(&self.path)
    }
}

/// What a program asks of the system's libraries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Links {
    /// The program that loads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpreter: Option<String>,
    /// Libraries.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub libraries: BTreeSet<String>,
    /// Library → versions of its symbols that must be there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub versions: BTreeMap<String, BTreeSet<String>>,
}

/// The C compiler.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CCompiler {
    /// `CC`.
    pub command: String,
    /// The first line of what it says of itself.
    pub version: String,
}

/// A machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// Whether the program runs there; else it was built or looked at there.
    pub runs: bool,
    /// The kernel's release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
    /// The C library; none where none was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub libc: Option<Libc>,
    /// Of an x86-64 processor the level that it has: `v1` … `v4`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_level: Option<String>,
}

/// A C library.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Libc {
    /// `glibc` or `musl`.
    pub kind: String,
    /// Its version, as `2.36`; none where it does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The file.
    pub path: String,
}

/// What `-trimpath` keeps out of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// GOROOT.
    pub goroot: String,
    /// The main module's folder.
    pub module: String,
    /// `-ldflags`, `CGO_CFLAGS`, … as the go command was told.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub flags: BTreeMap<String, String>,
}

/// Something that could not be recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    /// What: `toolchain`, `program`, `modules`, …
    pub part: String,
    /// Why.
    pub why: String,
    /// Whether this kind of thing never tells: then nothing went wrong.
    pub by_nature: bool,
}
