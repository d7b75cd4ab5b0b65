//! Modules: versions, sums, what stands in for them.

use super::{Comparison, Roles, why};
use crate::{Module, Replacement, Snapshot};
use gomod::{module_path, semver};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// The version of what is built from the repository itself.
const DEVELOPED: &str = "(devel)";

pub(super) fn compare(a: &Snapshot, b: &Snapshot, roles: Roles, all: &mut Comparison) {
    let (Some(old), Some(new)) = (&a.modules, &b.modules) else {
        for (side, it) in [("A", a), ("B", b)] {
            if it.modules.is_none() {
                let (name, why) = (&it.source.name, why(it, "modules"));
                all.gap(
                    "modules",
                    format!("the modules of {side} ({name}) are not known{}", why.en),
                    format!("{side}({name})的模块未知{}", why.zh),
                );
            }
        }
        return;
    };
    all.compared.extend([
        "modules",
        "module-sum",
        "module-major",
        "module-older",
        "module-version",
        "module-indirect",
        "module-one-side",
        "replace-local",
        "replace-one-side",
        "replace-changed",
    ]);
    // A program has those that packages come from; a checkout's list has all that are required.
    let is_built = |it: &Snapshot| it.program.as_ref().is_some_and(|program| program.built);
    let has_more = |all: &[Module]| all.iter().any(|it| !it.used);
    let only_used = is_built(a) || is_built(b) || has_more(old) != has_more(new);
    let pick = |modules: &'_ [Module]| -> BTreeMap<String, Module> {
        let chosen = modules.iter().filter(|it| it.used || !only_used);
        chosen.map(|it| (it.path.clone(), it.clone())).collect()
    };
    let (mut left, mut right) = (pick(old), pick(new));
    majors(&mut left, &mut right, all);
    for (path, old) in &left {
        match right.get(path) {
            Some(new) => both(old, new, all),
            None => one_side(old, true, roles, all),
        }
    }
    for (path, new) in &right {
        if !left.contains_key(path) {
            one_side(new, false, roles, all);
        }
    }
}

/// `example.com/x/v2` on one side and `example.com/x/v3` on the other are one module's major versions; both are taken
/// out.
fn majors(
    left: &mut BTreeMap<String, Module>,
    right: &mut BTreeMap<String, Module>,
    all: &mut Comparison,
) {
    let base = |path: &str| module_path::split_path_version(path).map(|(base, _)| base.to_owned());
    let alone: Vec<String> =
        left.keys().filter(|path| !right.contains_key(*path)).cloned().collect();
    for path in alone {
        let Some(base_path) = base(&path) else { continue };
        let other = right
            .keys()
            .find(|other| !left.contains_key(*other) && base(other).as_ref() == Some(&base_path));
        let Some(other) = other.cloned() else { continue };
        let (Some(old), Some(new)) = (left.remove(&path), right.remove(&other)) else { continue };
        let shown = (format!("{path} {}", old.version), format!("{other} {}", new.version));
        all.differs("module-major", &base_path, Some(&shown.0), Some(&shown.1));
        if semver::compare(&new.version, &old.version) == Ordering::Less {
            all.differs("module-older", &base_path, Some(&shown.0), Some(&shown.1));
        }
        for module in [&old, &new] {
            if let Some(replace) = module.replace.as_ref().filter(|it| it.is_local()) {
                all.differs("replace-local", &module.path, None, Some(&words(replace)));
            }
        }
    }
}

fn words(replace: &Replacement) -> String {
    if replace.is_local() {
        return replace.path.clone();
    }
    format!("{} {}", replace.path, replace.version).trim_end().to_owned()
}

fn both(old: &Module, new: &Module, all: &mut Comparison) {
    let path = &old.path;
    match (&old.replace, &new.replace) {
        (None, None) => {}
        (Some(left), Some(right)) => return replaced(path, left, right, all),
        (left, right) => {
            let is_local = left.iter().chain(right).any(Replacement::is_local);
            let rule = if is_local { "replace-local" } else { "replace-one-side" };
            let shown = |module: &Module| match &module.replace {
                Some(replace) => format!("replace {}", words(replace)),
                None => module.version.clone(),
            };
            all.differs(rule, path, Some(&shown(old)), Some(&shown(new)));
            return;
        }
    }
    if old.version == new.version && old.version == DEVELOPED {
        // A module of the workspace: its code is the repository's, which the VCS stamp tells.
        return;
    }
    if old.version == new.version {
        // go.sum has no sum of a module that no package comes from.
        if old.used || new.used || !old.sum.is_empty() && !new.sum.is_empty() {
            sums(path, &old.version, &old.sum, &new.sum, all);
        }
        return;
    }
    let shown = (Some(old.version.as_str()), Some(new.version.as_str()));
    let major = (semver::major(&old.version), semver::major(&new.version));
    if old.version == DEVELOPED || new.version == DEVELOPED {
        all.differs("module-version", path, shown.0, shown.1);
    } else if semver::compare(&new.version, &old.version) == Ordering::Less {
        all.differs("module-older", path, shown.0, shown.1);
    } else if major.0 != major.1 {
        all.differs("module-major", path, shown.0, shown.1);
    } else if old.indirect == Some(true) || new.indirect == Some(true) {
        all.differs("module-indirect", path, shown.0, shown.1);
    } else {
        all.differs("module-version", path, shown.0, shown.1);
    }
}

/// Replaced on both sides.
fn replaced(path: &str, left: &Replacement, right: &Replacement, all: &mut Comparison) {
    let shown = (words(left), words(right));
    let is_local = left.is_local() || right.is_local();
    // A program says `(devel)` of a folder, go.mod nothing.
    let are_folders = left.is_local() && right.is_local();
    if left.path != right.path || !are_folders && left.version != right.version {
        let rule = if is_local { "replace-local" } else { "replace-changed" };
        all.differs(rule, path, Some(&shown.0), Some(&shown.1));
    } else if !is_local {
        sums(path, &shown.0, &left.sum, &right.sum, all);
    } else if left.sum.is_empty() || right.sum.is_empty() {
        all.gap(
            "replace-local",
            format!("{path} comes from the folder {}: whether both sides had the same in it, nobody can tell", left.path),
            format!("{path} 来自目录 {}:无法得知两侧的内容是否相同", left.path),
        );
    } else if left.sum != right.sum {
        let shown =
            (format!("{} {}", left.path, left.sum), format!("{} {}", right.path, right.sum));
        all.differs("replace-local", path, Some(&shown.0), Some(&shown.1));
    }
}

/// One version: is it one content?
fn sums(path: &str, version: &str, left: &str, right: &str, all: &mut Comparison) {
    if left.is_empty() || right.is_empty() {
        let side = match (left.is_empty(), right.is_empty()) {
            (true, true) => "A, B",
            (true, false) => "A",
            _ => "B",
        };
        all.gap(
            "module-sum",
            format!("{path} {version} has no sum on {side}: its content cannot be compared"),
            format!("{path} {version} 在 {side} 没有校验和:无法比较其内容"),
        );
    } else if left != right {
        let shown = (format!("{version} {left}"), format!("{version} {right}"));
        all.differs("module-sum", path, Some(&shown.0), Some(&shown.1));
    }
}

fn one_side(module: &Module, is_old: bool, roles: Roles, all: &mut Comparison) {
    let shown = match &module.replace {
        Some(replace) => format!("{} replace {}", module.version, words(replace)),
        None => module.version.clone(),
    };
    let (a, b) = if is_old { (Some(shown.as_str()), None) } else { (None, Some(shown.as_str())) };
    match &module.replace {
        Some(replace) if replace.is_local() => all.differs("replace-local", &module.path, a, b),
        Some(_) if !roles.host_and_plugin => all.differs("replace-one-side", &module.path, a, b),
        // A host has modules that its plugin does not use, and the other way round.
        _ if roles.host_and_plugin => {}
        _ => all.differs("module-one-side", &module.path, a, b),
    }
}
