//! vendor/modules.txt as a build list, and whether it fits go.mod (`cmd/go/internal/modload/vendor.go`).

use crate::error::{Error, VendorProblem};
use crate::input::{MainModule, Work};
use crate::replacements::Replacements;
use crate::table::compare;
use gomod::{ModuleVersion, Replace, Replacement, go_version, module_path, semver};
use std::collections::{HashMap, HashSet};
use std::path::Path;

#[derive(Debug, Default)]
struct Meta {
    explicit: bool,
    replacement: Option<Replacement>,
}

/// A modules.txt file.
#[derive(Debug, Default)]
pub(crate) struct Vendored {
    /// The modules that provide packages, in the order of the file.
    pub(crate) list: Vec<ModuleVersion>,
    versions: HashMap<String, String>,
    meta: HashMap<ModuleVersion, Meta>,
    replaced: Vec<ModuleVersion>,
    /// The highest `go` version of a module.
    highest_go: Option<String>,
}

impl Vendored {
    /// `readVendorList`: what is not understood is passed over.
    pub(crate) fn parse(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text);
        let mut vendored = Self::default();
        let mut module: Option<ModuleVersion> = None;
        for line in text.split('\n') {
            if let Some(words) = line.strip_prefix("# ") {
                let words: Vec<&str> = words.split_whitespace().collect();
                match vendored.module(&words) {
                    // A lone word is no module line, and the module before goes on.
                    None if words.len() < 2 => {}
                    read => module = read,
                }
            } else if let Some(module) = &module {
                vendored.below(module, line);
            }
        }
        vendored
    }

    fn module(&mut self, words: &[&str]) -> Option<ModuleVersion> {
        let (module, rest) = match words {
            [path, version, rest @ ..] if semver::is_valid(version) => {
                (ModuleVersion { path: (*path).into(), version: (*version).into() }, rest)
            }
            [path, rest @ ..] if rest.first() == Some(&"=>") => {
                (ModuleVersion { path: (*path).into(), version: String::new() }, rest)
            }
            _ => return None,
        };
        let new = match rest {
            ["=>", dir] => Some(Replacement::Directory((*dir).into())),
            ["=>", path, version] if semver::is_valid(version) => {
                let (path, version) = ((*path).into(), (*version).into());
                Some(Replacement::Module(ModuleVersion { path, version }))
            }
            _ => None,
        };
        if let Some(new) = new {
            self.meta.entry(module.clone()).or_default().replacement = Some(new);
            self.replaced.push(module.clone());
        }
        Some(module)
    }

    /// A package or an annotation.
    fn below(&mut self, module: &ModuleVersion, line: &str) {
        if let Some(annotations) = line.strip_prefix("## ") {
            let meta = self.meta.entry(module.clone()).or_default();
            for entry in annotations.split(';').map(str::trim) {
                meta.explicit |= entry == "explicit";
                let highest = self.highest_go.as_deref().unwrap_or_default();
                if let Some(go) = entry.strip_prefix("go ")
                    && go_version::compare(go, highest).is_gt()
                {
                    self.highest_go = Some(go.to_owned());
                }
            }
            return;
        }
        let mut words = line.split_whitespace();
        if let (Some(package), None) = (words.next(), words.next())
            && module_path::check_import(package).is_ok()
        {
            let known = self.versions.get(&module.path);
            if known.is_none_or(|known| compare(&module.path, known, &module.version).is_lt()) {
                self.list.push(module.clone());
                self.versions.insert(module.path.clone(), module.version.clone());
            }
        }
    }

    /// Refuses a file that speaks of a later Go than the one that runs.
    pub(crate) fn check_go(&self, dir: &Path, running: Option<&str>) -> Result<(), Error> {
        match (&self.highest_go, running) {
            (Some(go), Some(running)) if go_version::compare(go, running).is_gt() => {
                let file = dir.join("vendor/modules.txt");
                Err(Error::TooNew { file, needed: go.clone(), running: running.to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// `checkVendorConsistency`.
    pub(crate) fn check(
        &self,
        dir: &Path,
        main: &[MainModule],
        work: Option<&Work>,
        replacements: &Replacements,
    ) -> Result<(), Error> {
        let old = |main: &MainModule| {
            let go = main.go_mod.go.as_ref().map_or("", |go| &go.version);
            go_version::compare(go, "1.14").is_lt()
        };
        let check = Check {
            vendored: self,
            replacements,
            dir,
            // Before Go 1.14 the file did not say enough.
            old: work.is_none() && main.first().is_some_and(old),
            workspace: work.is_some(),
        };
        let mut problems = Vec::new();
        check.requirements(main, &mut problems);
        check.replacements(main, work, &mut problems)?;
        check.explicit(main, &mut problems);
        check.replaced(&mut problems)?;
        if problems.is_empty() {
            return Ok(());
        }
        Err(Error::InconsistentVendoring { dir: dir.to_owned(), problems })
    }
}

struct Check<'a> {
    vendored: &'a Vendored,
    replacements: &'a Replacements,
    dir: &'a Path,
    old: bool,
    workspace: bool,
}

impl Check<'_> {
    fn requirements(&self, main: &[MainModule], problems: &mut Vec<VendorProblem>) {
        for require in main.iter().flat_map(|main| &main.go_mod.require) {
            let module =
                ModuleVersion { path: require.path.clone(), version: require.version.clone() };
            if self.vendored.meta.get(&module).is_some_and(|meta| meta.explicit) {
                continue;
            }
            let problem = if self.old {
                let vendored = self.vendored.versions.get(&module.path);
                let Some(other) = vendored.filter(|version| **version != module.version) else {
                    continue;
                };
                let path = &module.path;
                format!(
                    "is explicitly required in go.mod, but vendor/modules.txt indicates {path}@{other}"
                )
            } else {
                "is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt"
                    .to_owned()
            };
            problems.push(VendorProblem { module, problem });
        }
    }

    fn replacements(
        &self,
        main: &[MainModule],
        work: Option<&Work>,
        problems: &mut Vec<VendorProblem>,
    ) -> Result<(), Error> {
        let of_work = work.iter().flat_map(|work| &work.go_work.replace);
        let all = main.iter().flat_map(|main| &main.go_mod.replace).chain(of_work);
        let mut seen: HashSet<(&str, Option<&str>)> = HashSet::new();
        for replace in all {
            if seen.insert((&replace.path, replace.version.as_deref())) {
                problems.extend(self.replacement(replace)?);
            }
        }
        Ok(())
    }

    fn replacement(&self, replace: &Replace) -> Result<Option<VendorProblem>, Error> {
        let version = replace.version.clone().unwrap_or_default();
        let module = ModuleVersion { path: replace.path.clone(), version };
        let found = self.replacements.find(&module.path, &module.version)?;
        let marked = self.vendored.meta.get(&module).and_then(|meta| meta.replacement.as_ref());
        let problem = match (found, marked) {
            (None, None) => return Ok(None),
            (Some(_), None)
                if self.old
                    && self.vendored.versions.get(&module.path) != Some(&module.version) =>
            {
                return Ok(None);
            }
            (Some(found), Some(marked)) if found.new == *marked => return Ok(None),
            (Some(found), None) => {
                let file = self.short(&found.file);
                format!("is replaced in {file}, but not marked as replaced in vendor/modules.txt")
            }
            // `replaced` tells of what is not replaced at all.
            (None, Some(_)) => return Ok(None),
            (Some(found), Some(marked)) => {
                let (by, file) = (crate::error::new(&found.new), self.short(&found.file));
                let marked = crate::error::new(marked);
                format!(
                    "is replaced by {by} in {file}, but marked as replaced by {marked} in vendor/modules.txt"
                )
            }
        };
        Ok(Some(VendorProblem { module, problem }))
    }

    /// A file as seen from the directory that holds `vendor`.
    fn short<'f>(&self, file: &'f Path) -> std::path::Display<'f> {
        file.strip_prefix(self.dir).unwrap_or(file).display()
    }

    fn explicit(&self, main: &[MainModule], problems: &mut Vec<VendorProblem>) {
        let required: HashSet<(&str, &str)> = main
            .iter()
            .flat_map(|main| &main.go_mod.require)
            .map(|one| (one.path.as_str(), one.version.as_str()))
            .collect();
        for module in &self.vendored.list {
            let explicit = self.vendored.meta.get(module).is_some_and(|meta| meta.explicit);
            if explicit && !required.contains(&(module.path.as_str(), module.version.as_str())) {
                let article = if self.workspace { "a " } else { "" };
                let problem = format!(
                    "is marked as explicit in vendor/modules.txt, but not explicitly required in {article}go.mod"
                );
                problems.push(VendorProblem { module: module.clone(), problem });
            }
        }
    }

    fn replaced(&self, problems: &mut Vec<VendorProblem>) -> Result<(), Error> {
        let source = if self.workspace { "the workspace" } else { "go.mod" };
        for module in &self.vendored.replaced {
            if self.replacements.find(&module.path, &module.version)?.is_none() {
                let problem = format!(
                    "is marked as replaced in vendor/modules.txt, but not replaced in {source}"
                );
                problems.push(VendorProblem { module: module.clone(), problem });
            }
        }
        Ok(())
    }
}
