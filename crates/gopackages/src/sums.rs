//! What go.sum lacks for the packages: the go command refuses what it cannot verify, even where it is in the module
//! cache (`modload.mustHaveSums`).

use crate::{Options, Packages};
use buildlist::{BuildList, Mode, ModuleVersion};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What keeps the go command from believing the module cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SumGap {
    /// There is no `h1:` line for a module in which packages are looked for, or, with `go_mod`, for a go.mod that is
    /// read.
    Missing {
        /// The module, replacements applied.
        module: ModuleVersion,
        /// Whether it is the line of the go.mod alone.
        go_mod: bool,
    },
    /// A line that cannot be read: Go stops at it, whatever is asked.
    Malformed(String),
}

impl std::fmt::Display for SumGap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing { module, go_mod } => {
                let of = if *go_mod { "/go.mod" } else { "" };
                write!(f, "go.sum has no line for {} {}{of}", module.path, module.version)
            }
            Self::Malformed(said) => write!(f, "malformed go.sum: {said}"),
        }
    }
}

/// The go.sum that counts: that of the module, with `-modfile` the one beside that file. `None` where Go wants no line:
/// in a workspace, beside a vendor folder, with `-mod=mod`.
pub(crate) fn file(list: &BuildList, modules: &buildlist::Options) -> Option<PathBuf> {
    if list.mode() != Mode::Readonly || list.work().is_some() {
        return None;
    }
    let main = list.modules().iter().find(|module| module.is_main())?;
    let own = main.dir.as_ref()?.join("go.mod");
    Some(modules.mod_file.as_ref().unwrap_or(&own).with_extension("sum"))
}

/// What a go.sum lacks for packages that were loaded by it.
pub(crate) fn gaps(
    file: &Path,
    list: &BuildList,
    packages: &Packages,
    options: &Options,
) -> Vec<SumGap> {
    // One that is not there has no line.
    let text = options.overlay.read(file).unwrap_or_default();
    let sums = match gomod::parse_go_sum(&text) {
        Ok(sums) => sums,
        Err(err) => return vec![SumGap::Malformed(err.to_string())],
    };
    let lacks = |module: &ModuleVersion, go_mod| !sums.has(&module.path, &module.version, go_mod);
    let mut gaps = vec![];
    for module in packages.searched().iter().filter(|module| lacks(module, false)) {
        gaps.push(SumGap::Missing { module: module.clone(), go_mod: false });
    }
    let read: BTreeSet<ModuleVersion> = match packages.needs_graph() {
        true => list.go_mods_read().iter().cloned().collect(),
        // `modload.spotCheckRoots`
        false => {
            let used: BTreeSet<usize> = packages.iter().filter_map(|(_, one)| one.module).collect();
            let used = used.into_iter().filter_map(|index| list.modules().get(index));
            used.filter_map(buildlist::Module::content).collect()
        }
    };
    for module in read.into_iter().filter(|module| lacks(module, true)) {
        gaps.push(SumGap::Missing { module, go_mod: true });
    }
    gaps
}

impl Packages {
    /// Holds the packages against go.sum; `modules` is how the modules were loaded.
    pub fn hold_against_sums(
        &mut self,
        list: &BuildList,
        modules: &buildlist::Options,
        options: &Options,
    ) {
        if let Some(file) = file(list, modules) {
            self.sum_gaps = gaps(&file, list, self, options);
        }
    }

    /// What go.sum lacks, where that was asked: the go command has errors at packages then that are not in these.
    pub fn sum_gaps(&self) -> &[SumGap] {
        &self.sum_gaps
    }
}
