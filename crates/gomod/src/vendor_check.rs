//! vendor/modules.txt against go.mod or go.work (`checkVendorConsistency` in `cmd/go/internal/modload/vendor.go`).

use crate::go_mod::{GoMod, ModuleVersion, Replace};
use crate::replacements::{Found, Replacements};
use crate::vendor::VendorModules;

use crate::workspace::{Anchor, SourceFile, Workspace, old, shown, shown_new};
use crate::{go_version, semver};
use std::collections::{HashMap, HashSet};

/// What is built: one module, or a workspace.
#[derive(Debug, Clone, Copy)]
pub enum MainModules<'a> {
    /// A module.
    Module(&'a GoMod),
    /// A workspace, for whose vendor folder the rules are a little different.
    Workspace(Workspace<'a>),
}

impl<'a> MainModules<'a> {
    pub(crate) fn go_mods(&self) -> &[&'a GoMod] {
        match self {
            Self::Module(go_mod) => std::slice::from_ref(go_mod),
            Self::Workspace(workspace) => workspace.members,
        }
    }
}

/// A disagreement between vendor/modules.txt and go.mod or go.work. With one, the go command refuses to build with the
/// vendor folder. The text is Go's: `example.com/m@v1.2.3: is …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorFinding {
    /// The module that it is about.
    pub module: ModuleVersion,
    /// What is wrong.
    pub problem: VendorProblem,
    /// The line that says what the other file does not.
    pub at: Anchor,
}

impl std::fmt::Display for VendorFinding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.problem {
            VendorProblem::Conflict { .. } | VendorProblem::NoRoot(_) => self.problem.fmt(f),
            problem => write!(f, "{}: {problem}", shown(&self.module)),
        }
    }
}

/// What is wrong with a module in vendor/modules.txt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VendorProblem {
    /// A requirement that is not marked. (Go says go.mod even if it speaks of one of several.)
    #[error("is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt")]
    NotExplicit,
    /// The same before Go 1.14, where only the version can be compared.
    #[error("is explicitly required in go.mod, but vendor/modules.txt indicates {}@{}", .0.path, .0.version)]
    OtherVersion(ModuleVersion),
    /// A `replace` directive that is not marked.
    #[error("is replaced in {file}, but not marked as replaced in vendor/modules.txt")]
    NotReplaced {
        /// The file with the directive that counts, as seen from the directory of the vendor folder.
        file: String,
    },
    /// A `replace` directive that is marked with another replacement.
    #[error(
        "is replaced by {new} in {file}, but marked as replaced by {marked} in vendor/modules.txt"
    )]
    OtherReplacement {
        /// What the directive says; empty for a main module, which nothing replaces.
        new: String,
        /// The file with the directive that counts; empty for a main module.
        file: String,
        /// What vendor/modules.txt says.
        marked: String,
    },
    /// A module is marked without being required.
    #[error("is marked as explicit in vendor/modules.txt, but not explicitly required in {}go.mod", if *.workspace { "a " } else { "" })]
    NotRequired {
        /// Whether this is a workspace.
        workspace: bool,
    },
    /// A module is marked without being replaced.
    #[error("is marked as replaced in vendor/modules.txt, but not replaced in {}", if *.workspace { "the workspace" } else { "go.mod" })]
    NoReplacement {
        /// Whether this is a workspace.
        workspace: bool,
    },
    /// From Go 1.17 on, go.mod requires all modules of the vendor folder. This is told if there is nothing else.
    #[error("vendored module {} should be required explicitly in go.mod", shown(.0))]
    NoRoot(ModuleVersion),
    /// Two members of a workspace replace the module by different things.
    #[error("conflicting replacements found for {} in workspace modules defined by {first} and {second}", shown(.module))]
    Conflict {
        /// The module.
        module: ModuleVersion,
        /// The rooted path of the first go.mod file.
        first: String,
        /// The rooted path of the second go.mod file.
        second: String,
    },
}

/// Whether vendor/modules.txt fits the files that it was made from, by Go's own rules: what is required must be marked
/// as explicit and the other way round, and so with replacements. For modules of Go before 1.14, the file did not say
/// enough, and less is asked.
///
/// The findings come in the order of Go's message. A missing file is an empty one, [`VendorModules::default`].
pub fn vendor_consistency(vendor: &VendorModules, main: &MainModules<'_>) -> Vec<VendorFinding> {
    let go = |go_mod: &GoMod| go_mod.go.as_ref().map_or("", |go| &go.version).to_owned();
    let mut check = Check {
        vendor,
        replacements: Replacements::new(main),
        old: matches!(main, MainModules::Module(go_mod) if go_version::compare(&go(go_mod), "1.14").is_lt()),
        workspace: matches!(main, MainModules::Workspace(_)),
        findings: Vec::new(),
    };
    for (index, go_mod) in main.go_mods().iter().enumerate() {
        check.requirements(index, go_mod);
    }
    let mut seen = HashSet::new();
    for (index, go_mod) in main.go_mods().iter().enumerate() {
        check.replacements(SourceFile::GoMod(index), &go_mod.replace, &mut seen);
    }
    if let MainModules::Workspace(workspace) = main {
        check.replacements(SourceFile::GoWork, &workspace.work.replace, &mut seen);
    }
    check.explicit(main.go_mods());
    check.replaced();
    if let (MainModules::Module(go_mod), true) = (main, check.findings.is_empty()) {
        check.roots(go_mod);
    }
    check.findings
}

/// The message with which the go command stops, without `go: ` in front; `None` if there are no findings. `dir` is the
/// directory that holds the vendor folder.
pub fn inconsistent_vendoring(
    dir: &str,
    main: &MainModules<'_>,
    findings: &[VendorFinding],
) -> Option<String> {
    let told = |finding: &&VendorFinding| {
        !matches!(finding.problem, VendorProblem::Conflict { .. } | VendorProblem::NoRoot(_))
    };
    let lines: String =
        findings.iter().filter(told).map(|finding| format!("\n\t{finding}")).collect();
    if lines.is_empty() {
        return None;
    }
    let verb = if matches!(main, MainModules::Workspace(_)) { "work" } else { "mod" };
    Some(format!(
        "inconsistent vendoring in {dir}:{lines}\n\n\tTo ignore the vendor directory, use -mod=readonly or \
         -mod=mod.\n\tTo sync the vendor directory, run:\n\t\tgo {verb} vendor"
    ))
}

struct Check<'a> {
    vendor: &'a VendorModules,
    replacements: Replacements<'a>,
    /// Before Go 1.14.
    old: bool,
    workspace: bool,
    findings: Vec<VendorFinding>,
}

impl Check<'_> {
    fn add(
        &mut self,
        module: &ModuleVersion,
        problem: VendorProblem,
        file: SourceFile,
        line: usize,
    ) {
        let at = Anchor::new(file, line);
        self.findings.push(VendorFinding { module: module.clone(), problem, at });
    }

    fn requirements(&mut self, index: usize, go_mod: &GoMod) {
        for require in &go_mod.require {
            let (path, version) = (require.path.clone(), require.version.clone());
            let module = ModuleVersion { path, version };
            if self.vendor.get(&module).is_some_and(|vendored| vendored.explicit) {
                continue;
            }
            let problem = if self.old {
                let vendored = self.vendor.versions.get(&module.path);
                let Some(other) = vendored.filter(|version| **version != module.version) else {
                    continue;
                };
                let (path, version) = (module.path.clone(), other.clone());
                VendorProblem::OtherVersion(ModuleVersion { path, version })
            } else {
                VendorProblem::NotExplicit
            };
            self.add(&module, problem, SourceFile::GoMod(index), require.span.start.line);
        }
    }

    fn replacements(
        &mut self,
        file: SourceFile,
        replace: &[Replace],
        seen: &mut HashSet<ModuleVersion>,
    ) {
        for one in replace {
            let module = old(one);
            if seen.insert(module.clone()) {
                self.replacement(&module, file, one.span.start.line);
            }
        }
    }

    fn replacement(&mut self, module: &ModuleVersion, file: SourceFile, line: usize) {
        let Found { new, canonical, file: source, conflict } = self.replacements.find(module);
        if let Some((first, second)) = conflict {
            let problem = VendorProblem::Conflict { module: module.clone(), first, second };
            self.add(module, problem, file, line);
        }
        let marked = self.vendor.get(module).and_then(|vendored| vendored.replace.as_ref());
        let problem = match (marked, canonical) {
            (None, None) => return,
            (None, Some(_)) => {
                let vendored = self.vendor.versions.get(&module.path);
                if self.old && (module.version.is_empty() || vendored != Some(&module.version)) {
                    return;
                }
                VendorProblem::NotReplaced { file: source }
            }
            (Some(marked), Some(canonical)) if *marked == canonical => return,
            (Some(marked), _) => VendorProblem::OtherReplacement {
                new: new.map(shown_new).unwrap_or_default(),
                file: source,
                marked: shown_new(marked),
            },
        };
        self.add(module, problem, file, line);
    }

    fn explicit(&mut self, go_mods: &[&GoMod]) {
        let require = go_mods.iter().flat_map(|go_mod| &go_mod.require);
        let required: HashSet<(&str, &str)> =
            require.map(|one| (one.path.as_str(), one.version.as_str())).collect();
        let vendor = self.vendor;
        for vendored in vendor.providers() {
            let ModuleVersion { path, version } = &vendored.module;
            if vendored.explicit && !required.contains(&(path.as_str(), version.as_str())) {
                let problem = VendorProblem::NotRequired { workspace: self.workspace };
                self.add(&vendored.module, problem, SourceFile::ModulesTxt, vendored.line);
            }
        }
    }

    /// `initVendor`.
    fn roots(&mut self, go_mod: &GoMod) {
        let go = go_mod.go.as_ref().map_or("", |go| &go.version);
        if go_version::compare(go, "1.17").is_lt() {
            return;
        }
        let excluded: HashSet<(&str, &str)> =
            go_mod.exclude.iter().map(|one| (one.path.as_str(), one.version.as_str())).collect();
        // Of several versions of a module, the highest counts; the main module has none.
        let mut selected: HashMap<&str, &str> = HashMap::new();
        for one in &go_mod.require {
            let (path, version) = (one.path.as_str(), one.version.as_str());
            let known = selected.get(path).copied().unwrap_or_default();
            if !excluded.contains(&(path, version)) && semver::compare(known, version).is_lt() {
                selected.insert(path, version);
            }
        }
        selected.extend(go_mod.module.iter().map(|module| (module.path.as_str(), "")));
        let vendor = self.vendor;
        for vendored in vendor.providers() {
            let ModuleVersion { path, version } = &vendored.module;
            if selected.get(path.as_str()) != Some(&version.as_str()) {
                let problem = VendorProblem::NoRoot(vendored.module.clone());
                self.add(&vendored.module, problem, SourceFile::ModulesTxt, vendored.line);
            }
        }
    }

    fn replaced(&mut self) {
        let vendor = self.vendor;
        for (vendored, line) in vendor.replaced() {
            let found = self.replacements.find(&vendored.module);
            if let Some((first, second)) = found.conflict {
                let module = vendored.module.clone();
                let problem = VendorProblem::Conflict { module, first, second };
                self.add(&vendored.module, problem, SourceFile::ModulesTxt, line);
            }
            if found.canonical.is_none() {
                let problem = VendorProblem::NoReplacement { workspace: self.workspace };
                self.add(&vendored.module, problem, SourceFile::ModulesTxt, line);
            }
        }
    }
}

/// Why the go command does not take a vendor folder unless it is told to with `-mod=vendor`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VendorUnused {
    /// Before Go 1.14, the vendor folder was not the default.
    #[error("Go version in {file} is {version}, so vendor directory was not used.")]
    Old {
        /// go.mod or go.work.
        file: &'static str,
        /// The version of its `go` directive.
        version: String,
    },
    /// There is no `go` directive.
    #[error("Go version in {0} is unspecified, so vendor directory was not used.")]
    Unspecified(&'static str),
    /// The folder is that of a workspace, but a module is built.
    #[error("Outside workspace mode, but vendor directory is for a workspace.")]
    ForWorkspace,
    /// The folder is that of a module, but a workspace is built.
    #[error("In workspace mode, but vendor directory is not for a workspace")]
    NotForWorkspace,
}

/// Whether the go command takes the vendor folder by itself, where there is one (`modload.setDefaultBuildMod`).
///
/// # Errors
/// The reason why it does not.
pub fn vendor_by_default(
    vendor: &VendorModules,
    main: &MainModules<'_>,
) -> Result<(), VendorUnused> {
    let (file, go, workspace) = match main {
        MainModules::Module(go_mod) => ("go.mod", go_mod.go.as_ref(), false),
        MainModules::Workspace(workspace) => ("go.work", workspace.work.go.as_ref(), true),
    };
    let go = go.ok_or(VendorUnused::Unspecified(file))?;
    if go_version::compare(&go.version, "1.14").is_lt() {
        return Err(VendorUnused::Old { file, version: go.version.clone() });
    }
    match (vendor.workspace, workspace) {
        (true, false) => Err(VendorUnused::ForWorkspace),
        (false, true) => Err(VendorUnused::NotForWorkspace),
        _ => Ok(()),
    }
}
