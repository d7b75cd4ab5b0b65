//! Which modules are another version than before: the build list of the present against that of a revision.

use super::{Before, GoContext};
use buildlist::{BuildList, Module};
use goward_git::GitError;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The files that decide about modules.
const DECIDING: [&str; 5] = ["go.mod", "go.work", "go.sum", "go.work.sum", "modules.txt"];

/// What changed.
#[derive(Default)]
pub(super) struct Changed {
    /// Modules that are another version, or built otherwise, by their place in the present build list.
    pub(super) modules: BTreeSet<usize>,
    /// The paths of modules that are in it no more.
    pub(super) gone: BTreeSet<String>,
}

impl Changed {
    /// Whatever is built now is new.
    pub(super) fn all(list: &BuildList) -> Self {
        Self { modules: (0..list.modules().len()).collect(), gone: BTreeSet::new() }
    }
}

/// What a change did to the build list of a folder.
pub(super) fn modules(
    before: &Before<'_>,
    dir: &Path,
    context: &GoContext,
    list: &BuildList,
) -> anyhow::Result<Changed> {
    // Without a history, what go.mod says may be new altogether.
    if !before.is_known() {
        return Ok(Changed::all(list));
    }
    let deciding: Vec<&String> = before.deciding().collect();
    if deciding.is_empty() {
        return Ok(Changed::default());
    }
    let top = before.top(dir);
    // Other modules of the repository have files of these names, too.
    let dirs: BTreeSet<&Path> = list
        .modules()
        .iter()
        .filter_map(|module| module.dir.as_deref())
        .chain(list.work().and_then(Path::parent))
        .collect();
    let own = |path: &&&String| top.join(path).parent().is_some_and(|dir| dirs.contains(dir));
    let own: Vec<&String> = deciding.iter().filter(own).copied().collect();
    let mut all = sums(before, top, &own, list)?;
    // A state that Go could not build.
    let Ok(old) = context.list(&before.modules()?) else {
        return Ok(Changed::all(list));
    };
    let was: BTreeMap<&str, Identity<'_>> =
        old.modules().iter().map(|module| (module.path.as_str(), identity(module))).collect();
    for (index, module) in list.modules().iter().enumerate() {
        if was.get(module.path.as_str()) != Some(&identity(module)) {
            all.insert(index);
        }
    }
    if directives(before, top, &own)? {
        all.extend(
            list.modules().iter().enumerate().filter(|(_, one)| one.is_main()).map(|(at, _)| at),
        );
    }
    let now: BTreeSet<&str> = list.modules().iter().map(|module| module.path.as_str()).collect();
    let gone = was.keys().filter(|path| !now.contains(*path)).map(|path| (*path).to_owned());
    Ok(Changed { modules: all, gone: gone.collect() })
}

/// Whether the modules of a folder could not be listed before the change either.
///
/// # Errors
/// What git or the disk says.
pub(crate) fn was_broken(before: &Before<'_>, context: &GoContext) -> anyhow::Result<bool> {
    Ok(context.list(&before.modules()?).is_err())
}

/// Whether a file of this name decides about modules.
pub(crate) fn is_deciding(path: &str) -> bool {
    DECIDING.contains(&path.rsplit('/').next().unwrap_or(path))
}

/// The version, what stands in its place, and where its files are.
type Identity<'m> =
    (Option<&'m str>, Option<gomod::ModuleVersion>, Option<&'m Path>, Option<&'m str>);

fn identity(module: &Module) -> Identity<'_> {
    // The language version of what lies in a folder is its go.mod's; of a version it never changes.
    let language = module.go_version.as_deref().filter(|_| module.dir.is_some());
    (module.version.as_deref(), module.content(), module.dir.as_deref(), language)
}

/// Modules of which go.sum has another sum than before, lacks one that it had, or has one that it lacked: of the module,
/// or of its go.mod.
fn sums(
    before: &Before<'_>,
    top: &Path,
    deciding: &[&String],
    list: &BuildList,
) -> Result<BTreeSet<usize>, GitError> {
    let mut changed = BTreeSet::new();
    for path in
        deciding.iter().filter(|path| path.ends_with("go.sum") || path.ends_with("go.work.sum"))
    {
        let old = before.show(path)?.unwrap_or_default();
        let new = before.overlay.read(&top.join(path)).unwrap_or_default();
        let new = String::from_utf8_lossy(&new);
        // A line each: path, version, sum.
        let lines = |text: &str| -> BTreeSet<String> { text.lines().map(str::to_owned).collect() };
        let (old, new) = (lines(&old), lines(&new));
        let key = |line: &String| {
            let (key, _) = line.rsplit_once(' ')?;
            Some(key.strip_suffix("/go.mod").unwrap_or(key).to_owned())
        };
        // Without its line Go refuses what a module has.
        changed.extend(old.symmetric_difference(&new).filter_map(key));
    }
    let has = |module: &Module| {
        module
            .content()
            .is_some_and(|one| changed.contains(&format!("{} {}", one.path, one.version)))
    };
    let modules = list.modules().iter().enumerate();
    Ok(modules.filter(|(_, module)| has(module)).map(|(index, _)| index).collect())
}

/// Whether a directive changed that is about how main modules are built: `go`, `toolchain`, `godebug`, `ignore`, `tool`.
fn directives(before: &Before<'_>, top: &Path, deciding: &[&String]) -> Result<bool, GitError> {
    for path in deciding {
        let name = path.rsplit('/').next().unwrap_or(path);
        if !matches!(name, "go.mod" | "go.work") {
            continue;
        }
        let old = before.show(path)?.unwrap_or_default();
        let new = before.overlay.read(&top.join(path)).unwrap_or_default();
        let told = |text: &[u8]| match name {
            "go.mod" => gomod::parse_go_mod(text).ok().map(|file| {
                let toolchain = file.toolchain.map(|one| one.name);
                let debug: Vec<_> =
                    file.godebug.into_iter().map(|one| (one.key, one.value)).collect();
                (file.go.map(|go| go.version), toolchain, debug)
            }),
            _ => gomod::parse_go_work(text).ok().map(|file| {
                let toolchain = file.toolchain.map(|one| one.name);
                let debug: Vec<_> =
                    file.godebug.into_iter().map(|one| (one.key, one.value)).collect();
                (file.go.map(|go| go.version), toolchain, debug)
            }),
        };
        if told(old.as_bytes()) != told(&new) {
            return Ok(true);
        }
    }
    Ok(false)
}
