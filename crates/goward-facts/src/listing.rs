//! Whether a listing of packages is one of the target.

use crate::{GoModFile, SourceTree, World};
use gopackages::{ListedModule, Packages};
use goward_model::Text;
use goward_system::SystemError;
use std::collections::BTreeMap;

/// A Go file's head.
const MAX_FILE: u64 = 16 << 20;

/// Whether the listing has the module's packages: those of another repository, or only the first of them, say nothing.
pub(crate) fn of_this_module(
    world: &World<'_>,
    packages: &Packages,
    modules: &[ListedModule],
) -> Result<(), Text> {
    let go_mod = world.fact::<GoModFile>().map_err(|err| err.text())?;
    let Some(parsed) = go_mod.valid() else { return Ok(()) };
    let Some(path) = go_mod.module_path() else { return Ok(()) };
    if !modules.iter().any(|module| module.main && module.path == path) {
        return Err(Text::new(
            format!("the listing is of another folder: {path} is not among its main modules"),
            format!("清单属于其他目录：{path} 不在其主模块中"),
        ));
    }
    // Files that are listed are here, also those that git ignores.
    for (_, one) in packages.iter() {
        let rest = one.import_path.strip_prefix(path);
        let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
            continue;
        };
        if one.for_test.is_some()
            || one.is_test_main
            || one.dir.is_none()
            || is_other(modules, one.module, path)
        {
            continue;
        }
        let files = &one.files;
        let lists = [&files.go, &files.cgo, &files.test_go, &files.xtest_go];
        for name in lists.into_iter().flatten().filter(|name| !name.contains('/')) {
            let file = format!("{}/{name}", rest.trim_start_matches('/'));
            let file = file.trim_start_matches('/');
            if matches!(world.system.stat(file), Err(SystemError::NotFound(_))) {
                return Err(Text::new(
                    format!("{file} is listed, and it is not here: the listing is old"),
                    format!("清单列有 {file}，但它不在此处：清单已过期"),
                ));
            }
        }
    }
    // Folders that go.mod leaves out are not listed.
    if !parsed.ignore.is_empty() {
        return Ok(());
    }
    let tree = world.fact::<SourceTree>().map_err(|err| err.text())?;
    let listed = |folder: &str| {
        let import = if folder.is_empty() { path.to_owned() } else { format!("{path}/{folder}") };
        packages.iter().any(|(_, one)| *one.import_path == *import)
    };
    for (folder, files) in folders(&tree.paths(|_| true)) {
        if !listed(folder) && files.iter().any(|file| is_always_built(world, file)) {
            let folder = if folder.is_empty() { "." } else { folder };
            return Err(Text::new(
                format!(
                    "{folder} has a package, and it is not listed: the listing is cut off or old"
                ),
                format!("{folder} 中有包但未列出：清单不完整或已过期"),
            ));
        }
    }
    Ok(())
}

/// Whether a package is of a module within the target's, or of another.
fn is_other(modules: &[ListedModule], module: Option<usize>, path: &str) -> bool {
    module.and_then(|index| modules.get(index)).is_none_or(|module| module.path != path)
}

/// The folders that `./...` matches, with their Go files.
fn folders<'p>(paths: &[&'p str]) -> BTreeMap<&'p str, Vec<&'p str>> {
    let folder = |path: &'p str| path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let others: Vec<&str> = paths.iter().filter_map(|path| path.strip_suffix("/go.mod")).collect();
    let is_left_out = |folder: &str| {
        let inside = |other: &&str| {
            folder.strip_prefix(*other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let skipped =
            |name: &str| name.starts_with(['.', '_']) || matches!(name, "testdata" | "vendor");
        folder.split('/').any(|name| !name.is_empty() && skipped(name)) || others.iter().any(inside)
    };
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in paths.iter().filter(|path| path.ends_with(".go")) {
        let folder = folder(path);
        if !is_left_out(folder) {
            all.entry(folder).or_default().push(path);
        }
    }
    all
}

/// Whether a file is built on every platform: neither its name nor its head says otherwise.
fn is_always_built(world: &World<'_>, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    // What stands behind an underscore may be a platform.
    if name.contains('_') || name.starts_with('.') {
        return false;
    }
    let Ok(text) = world.system.read(path, MAX_FILE) else { return false };
    goheader::read_go(&text, true).is_ok_and(|header| {
        let imports_c = header.imports.iter().any(|import| import.path == "C");
        let is_package = header.package.as_ref().is_some_and(|one| one.name != "documentation");
        header.constraint == goheader::Constraint::default() && is_package && !imports_c
    })
}
