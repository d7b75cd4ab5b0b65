//! A module or workspace, with what of it a change reaches.

use super::go_settings::Variables;
use crate::graph::Changed;
use gopackages::{ErrorKind, Package, PackageId};
use goward_facts::GoPackages;
use overlay::{Overlay, cleaned};
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

/// A module or workspace whose packages a change reaches.
pub(super) struct Reached {
    /// Where its go.mod or go.work is.
    pub(super) root: PathBuf,
    /// The packages, as loaded.
    pub(super) changed: Changed,
    /// Import paths of own packages that are to be compiled, with their tests.
    pub(super) compile: BTreeSet<String>,
    /// Own packages that the change reaches, however far.
    pub(super) all: HashSet<String>,
    /// What the go command is told for it.
    pub(super) variables: Variables,
    /// Submodules in which imported packages lie, and that are not checked out, or whose staged commit is not here.
    pub(super) lacking: BTreeSet<PathBuf>,
}

/// The places that a package's `//go:embed` patterns name.
fn embedded_places(package: &Package, dir: &Path) -> impl Iterator<Item = PathBuf> {
    let patterns = package.names.embed_patterns.iter();
    patterns.map(|it| cleaned(&dir.join(it.strip_prefix("all:").unwrap_or(it))))
}

/// The places that a package's C code names, as it is staged: in its flags, and in the paths of its includes.
fn included_places(package: &Package, dir: &Path, overlay: &Overlay) -> Vec<PathBuf> {
    let mut all = vec![];
    for name in &package.files.cgo {
        let text = overlay.read(&dir.join(name)).unwrap_or_default();
        let preambles = goheader::read_go(&text, true).map(|header| header.cgo).unwrap_or_default();
        for preamble in preambles {
            let text = preamble.text.replace("${SRCDIR}", &dir.to_string_lossy());
            for line in text.lines().map(str::trim_start).filter(|line| line.starts_with('#')) {
                let words = line.split(|c: char| c.is_whitespace() || "\"'<>".contains(c));
                let flag = |word: &str| FLAGS.iter().find(|flag| word.starts_with(**flag)).copied();
                let paths =
                    words.map(|word| word.strip_prefix(flag(word).unwrap_or("")).unwrap_or(word));
                let paths = paths.filter(|path| path.contains('/'));
                all.extend(paths.map(|path| cleaned(&dir.join(path))));
            }
        }
    }
    all
}

/// Flags that name a folder.
const FLAGS: [&str; 4] = ["-isystem", "-iquote", "-idirafter", "-I"];

impl Reached {
    /// The submodules among `absent` in which packages lie that are missing for what is to be compiled, and those among
    /// `moved` that have such packages.
    pub(super) fn lacking(
        &self,
        overlay: &Overlay,
        absent: &[PathBuf],
        moved: &[PathBuf],
    ) -> BTreeSet<PathBuf> {
        let mut lacking = BTreeSet::new();
        for package in self.needed() {
            if let Some(dir) = &package.dir {
                // Most repositories have no submodules.
                if !absent.is_empty() {
                    let mut named = included_places(package, dir, overlay);
                    named.extend(embedded_places(package, dir));
                    let is_named = |root: &&PathBuf| named.iter().any(|one| one.starts_with(root));
                    lacking.extend(absent.iter().filter(is_named).cloned());
                }
                let dir = cleaned(dir);
                lacking.extend(moved.iter().filter(|root| dir.starts_with(root)).cloned());
                continue;
            }
            let folders = self.folders_of(&package.import_path);
            let has = |root: &&PathBuf| folders.iter().any(|folder| folder.starts_with(root));
            lacking.extend(absent.iter().filter(has).cloned());
        }
        lacking
    }

    /// What is to be compiled, with its tests, and all that these import.
    pub(super) fn needed(&self) -> Vec<&Package> {
        let packages = &self.changed.tree.packages;
        let compiled = packages.iter().filter(|(_, package)| {
            let tested = package.for_test.as_deref().unwrap_or(&package.import_path);
            self.compile.contains(tested) || self.compile.contains(&*package.import_path)
        });
        let mut waiting: Vec<PackageId> = compiled.map(|(id, _)| id).collect();
        let mut seen: HashSet<PackageId> = waiting.iter().copied().collect();
        let mut needed = vec![];
        while let Some(package) = waiting.pop().and_then(|id| packages.get(id)) {
            waiting.extend(package.dependencies.iter().filter(|next| seen.insert(**next)));
            needed.push(package);
        }
        needed
    }

    /// Where a package of a main module would lie.
    fn folders_of(&self, path: &str) -> Vec<PathBuf> {
        // Those that replace others, too: a submodule may be one.
        let folder = |module: &buildlist::Module| {
            let below = path.strip_prefix(module.path.as_str())?;
            let is_below = below.is_empty() || below.starts_with('/');
            let dir = module.dir.as_ref().filter(|_| is_below)?;
            Some(cleaned(&dir.join(below.trim_start_matches('/'))))
        };
        self.changed.tree.build_list().iter().filter_map(folder).collect()
    }

    /// Leaves what lies below a folder to be compiled.
    pub(super) fn keep_below(&mut self, dir: &Path) {
        let all = std::mem::take(&mut self.compile);
        let is_below =
            |path: &String| self.dir_of(path).is_none_or(|it| cleaned(&it).starts_with(dir));
        self.compile = all.into_iter().filter(is_below).collect();
    }

    /// Whether a package of a folder was loaded.
    pub(super) fn has_folder(&self, dir: &Path) -> bool {
        let packages = self.changed.tree.packages.iter();
        let mut dirs = packages.filter_map(|(_, package)| package.dir.as_deref());
        dirs.any(|one| cleaned(one) == dir)
    }

    /// The folder of a package.
    pub(super) fn dir_of(&self, path: &str) -> Option<PathBuf> {
        Some(self.package(path)?.dir.as_ref()?.to_path_buf())
    }

    /// The first Go file of a package.
    pub(super) fn first_file(&self, path: &str) -> Option<PathBuf> {
        let package = self.package(path)?;
        let files = &package.files;
        let own = [&files.go, &files.cgo, &files.test_go, &files.xtest_go];
        let name = own.into_iter().flatten().next()?;
        Some(package.dir.as_ref()?.join(name))
    }

    fn package(&self, path: &str) -> Option<&Package> {
        let packages = self.changed.tree.packages.iter().map(|(_, package)| package);
        let mut own =
            packages.filter(|package| package.for_test.is_none() && !package.is_test_main);
        own.find(|package| *package.import_path == *path)
    }

    /// What is wrong with the packages that the change reaches; what is wrong elsewhere was so before.
    pub(super) fn packages(&self) -> GoPackages {
        let tree = &self.changed.tree;
        let Some(loaded) = tree.loaded() else { return GoPackages::default() };
        let mut packages = GoPackages::of(&tree.packages, &loaded.options, &|_| false);
        // What nobody of these imports need not be there.
        let absent = self.needed().into_iter().filter_map(|package| package.error.as_ref());
        let absent = absent.filter(|error| error.kind == ErrorKind::NotDownloaded);
        packages.absent = absent
            .map(|error| error.message.lines().next().unwrap_or_default().to_owned())
            .collect();
        packages.faults.retain(|fault| {
            let name = fault.package.split(' ').next().unwrap_or_default();
            let tested =
                fault.package.split_once(" [").and_then(|(_, rest)| rest.strip_suffix(".test]"));
            let near = fault
                .chain
                .iter()
                .any(|(step, _)| self.all.contains(step.split(' ').next().unwrap_or(step)));
            let in_absent =
                |folder: &PathBuf| self.lacking.iter().any(|root| folder.starts_with(root));
            let embeds = |package: &&Package| {
                let dir = package.dir.as_deref();
                dir.is_some_and(|dir| embedded_places(package, dir).any(|it| in_absent(&it)))
            };
            if fault.kind == ErrorKind::Embed && self.package(name).is_some_and(|it| embeds(&it)) {
                return false;
            }
            // Nobody knows what a submodule that is not there has.
            if self.dir_of(name).is_some_and(|dir| in_absent(&cleaned(&dir))) {
                return false;
            }
            if fault.kind == ErrorKind::Missing && self.folders_of(name).iter().any(in_absent) {
                return false;
            }
            self.all.contains(name)
                || tested.is_some_and(|tested| self.all.contains(tested))
                || near
        });
        packages
    }

    /// The files that the packages embed.
    pub(super) fn embedded(&self) -> HashSet<PathBuf> {
        let packages = self.changed.tree.packages.iter().map(|(_, package)| package);
        let files = packages.flat_map(|package| {
            let dir = package.dir.clone();
            package.embed_files.iter().filter_map(move |file| Some(dir.as_ref()?.join(file)))
        });
        files.collect()
    }
}
