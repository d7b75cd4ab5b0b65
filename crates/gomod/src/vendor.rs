//! vendor/modules.txt, as the go command reads it (`readVendorList` in `cmd/go/internal/modload/vendor.go`).

use crate::go_mod::{ModuleVersion, Replacement};
use crate::{go_version, module_path, semver, text};
use serde_json::{Map, Value, json};
use std::cmp::Ordering;
use std::collections::HashMap;

/// How many bytes the go command reads to find the mark of a workspace.
const FIRST_BYTES: usize = 512;
/// More of a line is not shown.
const SHOWN: usize = 200;

/// A vendor/modules.txt file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VendorModules {
    /// Whether the first line says `## workspace`.
    pub workspace: bool,
    /// The modules, in the order of their first lines. What several lines say of a module is taken together.
    pub modules: Vec<VendorModule>,
    /// What the go command passes over or takes in a way which the writer may not have meant, by lines.
    pub notes: Vec<VendorNote>,
    /// The modules that provide packages, by index: a later one of a path only if its version is higher.
    providers: Vec<usize>,
    /// The highest version of each path that provides packages.
    pub(crate) versions: HashMap<String, String>,
    /// The lines with a replacement: module and line.
    replaced: Vec<(usize, usize)>,
    /// The `go` annotations: module, version and line.
    go: Vec<(usize, String, usize)>,
    index: HashMap<ModuleVersion, usize>,
    packages: HashMap<String, (usize, usize)>,
}

/// `# example.com/m v1.2.3 => ../m`, and the lines below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorModule {
    /// The module. The version is empty for a replacement of all versions.
    pub module: ModuleVersion,
    /// Whether it is marked `## explicit`: required by a main module.
    pub explicit: bool,
    /// The `go` version in the module's go.mod file, if it is told.
    pub go_version: Option<String>,
    /// What replaces it.
    pub replace: Option<Replacement>,
    /// Its packages, in order.
    pub packages: Vec<VendorPackage>,
    /// 1-based line where it comes first.
    pub line: usize,
}

/// A package whose folder is vendored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorPackage {
    /// The import path.
    pub path: String,
    /// 1-based line.
    pub line: usize,
}

/// A line that the go command silently passes over, in whole or in part, or that says something twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorNote {
    /// 1-based line.
    pub line: usize,
    /// The line, cut off after some 200 characters.
    pub text: String,
    /// Why a reviewer should look at it.
    pub reason: VendorReason,
}

/// Why a reviewer should look at a line of vendor/modules.txt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VendorReason {
    /// `# example.com/m`: the packages below count for the module before.
    #[error(
        "passed over: a module line of one word, and the lines below count for the module above"
    )]
    OneWord,
    /// `# example.com/m latest`
    #[error("passed over with the lines below: neither a version nor => behind the module path")]
    NoVersion,
    /// `# example.com/m v1.2.3 x`
    #[error("passed over in part: the words behind the version are no replacement")]
    TrailingWords,
    /// `# example.com/m => example.com/n latest`
    #[error("passed over in part: a replacement that go does not understand")]
    UnknownReplacement,
    /// A package or an annotation in front of the first module.
    #[error("passed over: it belongs to no module")]
    NoModule,
    /// `## foo`
    #[error("passed over in part: unknown annotation {}", text::quote(.0))]
    UnknownAnnotation(String),
    /// `## workspace`, but not in the first line.
    #[error("passed over: the mark of a workspace counts in the first line only")]
    MisplacedWorkspace,
    /// `## go x`
    #[error("{} is no Go version", text::quote(.0))]
    NoGoVersion(String),
    /// Neither a module, an annotation nor a package.
    #[error("passed over: neither a module, an annotation nor a package")]
    NoPackage,
    /// A module has two lines.
    #[error("the module has a line before: line {0}")]
    RepeatedModule(usize),
    /// The same package is listed twice: it counts for the last module.
    #[error("the package is listed before: line {0}")]
    RepeatedPackage(usize),
    /// Packages of a module at two versions.
    #[error("the module provides packages at another version, {0}")]
    TwoVersions(String),
}

/// A module that wants a later Go than the one that runs; with it, every build with the vendor folder stops.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} in vendor/modules.txt requires go >= {needed} (running go {running})")]
pub struct VendorTooNew {
    /// The module path.
    pub path: String,
    /// What it asks for.
    pub needed: String,
    /// What runs.
    pub running: String,
    /// 1-based line of the annotation.
    pub line: usize,
}

/// Reads a vendor/modules.txt file. No text is refused: see [`VendorModules::notes`].
pub fn parse_vendor_modules(bytes: impl AsRef<[u8]>) -> VendorModules {
    let bytes = bytes.as_ref();
    let start = text::decode(bytes.get(..FIRST_BYTES).unwrap_or(bytes));
    let first = start.split('\n').next().unwrap_or_default();
    let mark = first.strip_prefix("## ").unwrap_or_default();
    let workspace = mark.split(';').any(|entry| entry.trim() == "workspace");
    let mut reader =
        Reader { file: VendorModules { workspace, ..VendorModules::default() }, current: None };
    let text = text::decode(bytes);
    for (line, content) in (1..).zip(text.split('\n')) {
        reader.line(line, content);
    }
    reader.file
}

struct Reader {
    file: VendorModules,
    /// The module that the next lines belong to.
    current: Option<usize>,
}

impl Reader {
    fn note(&mut self, line: usize, content: &str, reason: VendorReason) {
        let text = shorten(content.trim_end_matches('\r'));
        self.file.notes.push(VendorNote { line, text, reason });
    }

    fn line(&mut self, line: usize, content: &str) {
        if content.starts_with("# ") {
            return self.module(line, content);
        }
        let mark = line == 1 && self.file.workspace;
        match (self.current, content.strip_prefix("## ")) {
            (None, Some(annotations)) if mark => self.other_marks(line, content, annotations),
            (None, _) if content.trim().is_empty() => {}
            (None, _) => self.note(line, content, VendorReason::NoModule),
            (Some(module), Some(annotations)) => self.annotate(module, line, content, annotations),
            (Some(module), None) => self.package(module, line, content),
        }
    }

    fn module(&mut self, line: usize, content: &str) {
        let words: Vec<&str> = content.split_whitespace().skip(1).collect();
        let (module, rest) = match words.as_slice() {
            [] | [_] => return self.note(line, content, VendorReason::OneWord),
            [path, version, rest @ ..] if semver::is_valid(version) => {
                (ModuleVersion { path: (*path).into(), version: (*version).into() }, rest)
            }
            [path, rest @ ..] if rest.first() == Some(&"=>") => {
                (ModuleVersion { path: (*path).into(), version: String::new() }, rest)
            }
            _ => {
                self.current = None;
                return self.note(line, content, VendorReason::NoVersion);
            }
        };
        let index = self.enter(module, line, content);
        self.current = Some(index);
        let new = match rest {
            [] => return,
            ["=>", dir] => Replacement::Directory((*dir).into()),
            ["=>", path, version] if semver::is_valid(version) => {
                let (path, version) = ((*path).into(), (*version).into());
                Replacement::Module(ModuleVersion { path, version })
            }
            ["=>", ..] => return self.note(line, content, VendorReason::UnknownReplacement),
            _ => return self.note(line, content, VendorReason::TrailingWords),
        };
        self.file.replaced.push((index, line));
        if let Some(module) = self.file.modules.get_mut(index) {
            module.replace = Some(new);
        }
    }

    /// The index of a module, which may have come before.
    fn enter(&mut self, module: ModuleVersion, line: usize, content: &str) -> usize {
        if let Some(index) = self.file.index.get(&module).copied() {
            let before = self.file.modules.get(index).map_or(0, |module| module.line);
            self.note(line, content, VendorReason::RepeatedModule(before));
            return index;
        }
        let index = self.file.modules.len();
        self.file.index.insert(module.clone(), index);
        self.file.modules.push(VendorModule {
            module,
            explicit: false,
            go_version: None,
            replace: None,
            packages: Vec::new(),
            line,
        });
        index
    }

    /// The other entries of the line that marks a workspace.
    fn other_marks(&mut self, line: usize, content: &str, annotations: &str) {
        let mut entries = annotations.split(';').map(str::trim);
        if let Some(entry) = entries.find(|entry| !matches!(*entry, "" | "workspace")) {
            self.note(line, content, VendorReason::UnknownAnnotation(shorten(entry)));
        }
    }

    /// `## explicit; go 1.20`. Of several entries in a line that are odd, the first is noted.
    fn annotate(&mut self, index: usize, line: usize, content: &str, annotations: &str) {
        let mut odd = None;
        for entry in annotations.split(';').map(str::trim) {
            let go = entry.strip_prefix("go ");
            if let Some(module) = self.file.modules.get_mut(index) {
                module.explicit |= entry == "explicit";
                if let Some(go) = go {
                    module.go_version = Some(go.to_owned());
                    self.file.go.push((index, go.to_owned(), line));
                }
            }
            let reason = match (entry, go) {
                ("explicit" | "", _) => continue,
                (_, Some(go)) if go_version::is_valid(go) => continue,
                (_, Some(go)) => VendorReason::NoGoVersion(shorten(go)),
                ("workspace", _) => VendorReason::MisplacedWorkspace,
                _ => VendorReason::UnknownAnnotation(shorten(entry)),
            };
            odd.get_or_insert(reason);
        }
        if let Some(reason) = odd {
            self.note(line, content, reason);
        }
    }

    fn package(&mut self, index: usize, line: usize, content: &str) {
        let mut words = content.split_whitespace();
        let package = match (words.next(), words.next()) {
            (None, _) => return,
            (Some(package), None) if module_path::check_import(package).is_ok() => package,
            _ => return self.note(line, content, VendorReason::NoPackage),
        };
        let file = &mut self.file;
        let Some(module) = file.modules.get_mut(index) else { return };
        module.packages.push(VendorPackage { path: package.to_owned(), line });
        let ModuleVersion { path, version } = &module.module;
        let known = file.versions.get(path).map(|known| (known, compare(path, known, version)));
        let other = match known {
            Some((known, order)) if known != version => Some((known.clone(), order)),
            Some(_) => None,
            None => {
                file.providers.push(index);
                file.versions.insert(path.clone(), version.clone());
                None
            }
        };
        if let Some((_, Ordering::Less)) = other {
            file.providers.push(index);
            file.versions.insert(path.clone(), version.clone());
        }
        let before = file.packages.insert(package.to_owned(), (index, line));
        if let Some((_, before)) = before {
            self.note(line, content, VendorReason::RepeatedPackage(before));
        }
        if let Some((other, _)) = other {
            self.note(line, content, VendorReason::TwoVersions(other));
        }
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

/// `gover.ModCompare`.
fn compare(path: &str, left: &str, right: &str) -> Ordering {
    match path {
        "go" => go_version::compare(left, right),
        "toolchain" => go_version::compare_toolchains(left, right),
        _ => semver::compare(left, right),
    }
}

impl VendorModules {
    /// What is said of a module.
    pub fn get(&self, module: &ModuleVersion) -> Option<&VendorModule> {
        self.index.get(module).and_then(|index| self.modules.get(*index))
    }

    /// The module that a package is taken to be of. If it is listed twice, the last one counts.
    pub fn module_of(&self, package: &str) -> Option<&VendorModule> {
        self.packages.get(package).and_then(|(index, _)| self.modules.get(*index))
    }

    /// The modules that provide packages, in order: the build list of a build with the vendor folder. Of several versions
    /// of a path, a later line counts only if its version is higher.
    pub fn providers(&self) -> impl Iterator<Item = &VendorModule> {
        self.providers.iter().filter_map(|index| self.modules.get(*index))
    }

    /// The modules that are marked as replaced, once for each line that says so, with that line.
    pub fn replaced(&self) -> impl Iterator<Item = (&VendorModule, usize)> {
        self.replaced.iter().filter_map(|(index, line)| Some((self.modules.get(*index)?, *line)))
    }

    /// The first module for which the Go of version `running`, such as `1.26.1`, is too old.
    pub fn too_new(&self, running: &str) -> Option<VendorTooNew> {
        let (module, needed, line) =
            self.go.iter().find(|(_, go, _)| go_version::compare(go, running).is_gt())?;
        Some(VendorTooNew {
            path: self.modules.get(*module)?.module.path.clone(),
            needed: needed.clone(),
            running: running.to_owned(),
            line: *line,
        })
    }

    /// `{"workspace", "modules": [{"Path", "Version", "Explicit", "GoVersion", "Replace": {"Path", "Version"},
    /// "Packages": […], "Line"}], "notes": [{"Line", "Text", "Reason"}]}`. What is not told is the empty string;
    /// `Replace` is there for replaced modules only.
    pub fn to_json(&self) -> Value {
        let notes = self.notes.iter().map(|note| {
            json!({ "Line": note.line, "Text": note.text, "Reason": note.reason.to_string() })
        });
        json!({
            "workspace": self.workspace,
            "modules": self.modules.iter().map(VendorModule::to_json).collect::<Vec<_>>(),
            "notes": notes.collect::<Vec<_>>(),
        })
    }
}

impl VendorModule {
    fn to_json(&self) -> Value {
        let mut fields = Map::new();
        let mut put = |key: &str, value: Value| fields.insert(key.to_owned(), value);
        put("Path", Value::from(self.module.path.as_str()));
        put("Version", Value::from(self.module.version.as_str()));
        put("Explicit", Value::from(self.explicit));
        put("GoVersion", Value::from(self.go_version.as_deref().unwrap_or_default()));
        match &self.replace {
            Some(Replacement::Module(new)) => {
                put("Replace", json!({ "Path": new.path, "Version": new.version }));
            }
            Some(Replacement::Directory(dir)) => {
                put("Replace", json!({ "Path": dir, "Version": "" }));
            }
            None => {}
        }
        let packages = self.packages.iter().map(|package| Value::from(package.path.as_str()));
        put("Packages", packages.collect());
        put("Line", Value::from(self.line));
        Value::Object(fields)
    }
}
