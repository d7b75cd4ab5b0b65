//! What modules within a module's path import from it: `internal` goes by paths and not by modules, so that
//! `example.com/m/svc` may use `example.com/m/internal/x`.

use crate::Options;
use buildlist::BuildList;
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

/// Folders that are looked at; a larger tree is no repository.
const MAX_FOLDERS: usize = 100_000;

/// The import paths that other modules of the repository, whose paths lie within those of the main modules, import;
/// `None` where there are too many folders to say.
pub(crate) fn imported(list: &BuildList, options: &Options) -> Option<HashSet<String>> {
    let mains = || list.modules().iter().filter(|module| module.is_main());
    let dirs: BTreeSet<PathBuf> = mains().filter_map(|module| module.dir.clone()).collect();
    let prefixes: Vec<String> = mains().map(|module| format!("{}/", module.path)).collect();
    let top = |dir: &PathBuf| {
        let top = dir.ancestors().find(|above| above.join(".git").exists());
        top.unwrap_or(dir).to_owned()
    };
    let tops: BTreeSet<PathBuf> = dirs.iter().map(top).collect();
    let mut seen = HashSet::new();
    let mut imports = HashSet::new();
    let mut open: Vec<(PathBuf, bool)> = tops.into_iter().map(|top| (top, false)).collect();
    while let Some((dir, outer)) = open.pop() {
        if !seen.insert(dir.clone()) {
            continue;
        }
        if seen.len() > MAX_FOLDERS {
            return None;
        }
        // What cannot be read imports nothing that go could build.
        let Ok(entries) = std::fs::read_dir(&dir) else { continue };
        let entries: Vec<_> = entries.flatten().collect();
        let is_within = match entries.iter().any(|entry| entry.file_name() == "go.mod") {
            false => outer,
            true if dirs.contains(&dir) => false,
            true => module_path(&dir, options)
                .is_some_and(|path| prefixes.iter().any(|prefix| path.starts_with(prefix))),
        };
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && !name.starts_with('.') && name != "node_modules" {
                open.push((entry.path(), is_within));
            }
            if is_within && name.ends_with(".go") {
                let text = options.overlay.read(&entry.path()).unwrap_or_default();
                let header = goheader::read_go(&text, true).unwrap_or_default();
                imports.extend(header.imports.into_iter().map(|import| import.path));
            }
        }
    }
    Some(imports)
}

fn module_path(dir: &Path, options: &Options) -> Option<String> {
    let text = options.overlay.read(&dir.join("go.mod")).ok()?;
    Some(gomod::parse_go_mod(&text).ok()?.module?.path)
}
