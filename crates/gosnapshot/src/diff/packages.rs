//! The hashes that a plugin load compares.

use super::{Comparison, Roles, why};
use crate::{Program, Snapshot};

const RULE: &str = "package-hash";

pub(super) fn compare(a: &Snapshot, b: &Snapshot, roles: Roles, all: &mut Comparison) {
    if !roles.plugins {
        all.skip(
            RULE,
            "neither side is a plugin, or a program that can load one",
            "两侧均非插件,也不是能加载插件的程序",
        );
        return;
    }
    let (old, new) = match (&a.packages, &b.packages) {
        (Some(old), Some(new)) => (old, new),
        _ => {
            for (side, it) in [("A", a), ("B", b)] {
                if it.packages.is_none() {
                    let (name, why) = (&it.source.name, why(it, "packages"));
                    all.gap(
                        RULE,
                        format!("the package hashes of {side} ({name}) are not known{}", why.en),
                        format!("{side}({name})的包哈希未知{}", why.zh),
                    );
                }
            }
            return;
        }
    };
    if old.is_empty() && new.is_empty() {
        all.gap(RULE, "no side has package hashes", "两侧均无包哈希");
        return;
    }
    all.compared.extend([RULE, "plugin-host"]);
    if old.is_empty() || new.is_empty() {
        for (it, packages) in [(a, old), (b, new)] {
            if packages.is_empty() && roles.host_and_plugin {
                all.differs("plugin-host", &it.source.name, None, None);
            }
        }
        if !roles.host_and_plugin {
            // A program stops or begins to load plugins.
            let word = |has: bool| Some(if has { "a plugin loader" } else { "no plugin loader" });
            all.differs("plugin-host", "plugin", word(!old.is_empty()), word(!new.is_empty()));
        }
        return;
    }
    // A plugin's own main package is in no host; a host's is called `main`.
    let own = [a, b].map(|it| it.program.as_ref().and_then(|program| program.path.as_deref()));
    let is_main = |name: &str| name == "main" || own.contains(&Some(name));
    for (name, hash) in old.iter().filter(|(name, _)| !is_main(name)) {
        match new.get(name) {
            Some(other) if other != hash => all.differs(RULE, name, Some(hash), Some(other)),
            _ => {}
        }
    }
    let has_common = old.keys().any(|name| new.contains_key(name));
    if !has_common {
        all.gap(RULE, "the two sides have no package in common", "两侧没有共同的包");
    }
    let plugins = [a, b].map(|it| it.program.as_ref().is_some_and(Program::is_plugin));
    let is_loader = |it: &Snapshot| {
        it.packages.as_ref().is_some_and(|packages| packages.contains_key("plugin"))
    };
    for (side, plugin) in [(a, plugins[1]), (b, plugins[0])] {
        let is_host = plugin && roles.host_and_plugin;
        if is_host && !is_loader(side) {
            all.differs("plugin-host", &side.source.name, None, None);
        }
    }
}
