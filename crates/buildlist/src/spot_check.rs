//! Whether go.mod agrees with what the modules that are used require: all that the go command asks before it builds by
//! go.mod alone (`modload.spotCheckRoots`).

use crate::build_list::{BuildList, Module};
use crate::input::{GoMods, MainModule, Source};
use crate::summary::is_strict;
use crate::table::compare;
use std::collections::HashSet;

/// `used` are modules that offer packages, by their place in the list.
pub(crate) fn agrees(
    list: &BuildList,
    main: &MainModule,
    used: impl IntoIterator<Item = usize>,
    world: &impl GoMods,
) -> bool {
    let excluded: HashSet<(&str, &str)> =
        main.go_mod.exclude.iter().map(|one| (one.path.as_str(), one.version.as_str())).collect();
    used.into_iter().all(|index| {
        let module = list.modules().get(index);
        module.is_none_or(|module| module.is_main() || one_agrees(list, module, &excluded, world))
    })
}

fn one_agrees(
    list: &BuildList,
    module: &Module,
    excluded: &HashSet<(&str, &str)>,
    world: &impl GoMods,
) -> bool {
    let content = module.content();
    let source = match (&module.dir, &content) {
        (Some(dir), _) => Source::Directory(dir),
        (None, Some(content)) => Source::Module { path: &content.path, version: &content.version },
        (None, None) => return false,
    };
    // What is wrong with it, who loads the whole graph says.
    let Ok(text) = world.go_mod(source) else { return false };
    let Ok(file) = gomod::parse_go_mod_lax(&text) else { return false };
    let declared = file.module.as_ref().map_or("", |module| &module.path);
    let is_known =
        declared == module.path || content.is_some_and(|content| declared == content.path);
    if module.dir.is_none() && !is_known {
        return false;
    }
    let is_lower = |path: &str, required: &str| {
        list.selected(path).is_some_and(|selected| compare(path, selected, required).is_lt())
    };
    let go = file.go.as_ref().map(|go| go.version.as_str()).filter(|go| is_strict(go));
    let mut required = file
        .require
        .iter()
        .filter(|one| !excluded.contains(&(one.path.as_str(), one.version.as_str())));
    !go.is_some_and(|go| is_lower("go", go))
        && !required.any(|one| is_lower(&one.path, &one.version))
}
