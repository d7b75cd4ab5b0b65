//! What replaces a module (`replacementFrom` in `cmd/go/internal/modload/modfile.go`).

use crate::go_mod::{ModuleVersion, Replace, Replacement};
use crate::path;
use crate::vendor_check::MainModules;
use crate::workspace::{Workspace, old};
use std::collections::{HashMap, HashSet};

type Map<'a> = HashMap<ModuleVersion, &'a Replacement>;

/// The `replace` directives of the main modules and the go.work file.
pub(crate) struct Replacements<'a> {
    workspace: Option<Workspace<'a>>,
    work: Map<'a>,
    members: Vec<Map<'a>>,
    main: HashSet<&'a str>,
}

/// What replaces a module; by default, nothing.
#[derive(Default)]
pub(crate) struct Found<'a> {
    /// As the directive says.
    pub(crate) new: Option<&'a Replacement>,
    /// As seen from the directory of the vendor folder.
    pub(crate) canonical: Option<Replacement>,
    /// The file with the directive, as seen from there.
    pub(crate) file: String,
    /// The go.mod files that contradict each other.
    pub(crate) conflict: Option<(String, String)>,
}

/// Of several for one module, the last counts. (The go command stops if they differ: see `check_workspace`.)
fn map(replace: &[Replace]) -> Map<'_> {
    replace.iter().map(|one| (old(one), &one.new)).collect()
}

/// The replacement, and whether it is for this version only.
fn find<'a>(map: &Map<'a>, module: &ModuleVersion) -> Option<(&'a Replacement, bool)> {
    if let Some(new) = map.get(module) {
        return Some((new, !module.version.is_empty()));
    }
    let all = ModuleVersion { path: module.path.clone(), version: String::new() };
    map.get(&all).map(|new| (*new, false))
}

impl<'a> Replacements<'a> {
    pub(crate) fn new(main: &MainModules<'a>) -> Self {
        let workspace = match main {
            MainModules::Module(_) => None,
            MainModules::Workspace(workspace) => Some(*workspace),
        };
        let go_mods = main.go_mods();
        Self {
            workspace,
            work: workspace.map(|one| map(&one.work.replace)).unwrap_or_default(),
            members: go_mods.iter().map(|go_mod| map(&go_mod.replace)).collect(),
            main: go_mods
                .iter()
                .filter_map(|one| Some(one.module.as_ref()?.path.as_str()))
                .collect(),
        }
    }

    pub(crate) fn find(&self, module: &ModuleVersion) -> Found<'a> {
        if module.version.is_empty() && self.main.contains(module.path.as_str()) {
            return Found::default();
        }
        if let Some((new, _)) = find(&self.work, module) {
            let (canonical, file) = (Some(new.clone()), "go.work".to_owned());
            return Found { new: Some(new), canonical, file, conflict: None };
        }
        let mut found: Option<(&'a Replacement, usize)> = None;
        let mut conflict = None;
        for (index, member) in self.members.iter().enumerate() {
            let Some((new, exact)) = find(member, module) else { continue };
            if let Some((first, by)) = found
                && exact
                && first != new
            {
                conflict = Some((self.rooted(by), self.rooted(index)));
                break;
            }
            // Of several that are not exact, Go takes the last.
            found = Some((new, index));
        }
        let Some((new, index)) = found else {
            return Found { file: "go.mod".to_owned(), ..Found::default() };
        };
        let (canonical, file) = match &self.workspace {
            None => (new.clone(), "go.mod".to_owned()),
            Some(workspace) => (canonical(workspace, index, new), workspace.member_file(index)),
        };
        Found { new: Some(new), canonical: Some(canonical), file, conflict }
    }

    fn rooted(&self, index: usize) -> String {
        let workspace = self.workspace.as_ref();
        workspace.map_or_else(
            || "go.mod".to_owned(),
            |workspace| path::clean(&format!("{}/go.mod", workspace.member_dir(index))),
        )
    }
}

/// A directory as seen from that of the go.work file (`canonicalizeReplacePath`).
fn canonical(workspace: &Workspace<'_>, member: usize, new: &Replacement) -> Replacement {
    match new {
        Replacement::Directory(dir) if !dir.starts_with('/') => {
            let rooted = path::resolve(&workspace.member_dir(member), dir);
            let relative = path::relative(workspace.dir, &rooted);
            Replacement::Directory(path::to_directory(&relative))
        }
        other => other.clone(),
    }
}
