//! What mixed major versions and paths that differ in case have in common.

use crate::Words;
use gomod::{Mix, MixedMajors, ModuleVersion};
use goward_facts::{BuildLists, GoModFile, Listed};
use goward_model::{Finding, Findings, Location, Text};

/// Reports each mix that is `wanted`, with the chain that brings in the first of its modules.
pub(super) fn judge(
    module: &GoModFile,
    lists: &BuildLists,
    findings: &mut Findings,
    fix: Words,
    wanted: impl Fn(Mix) -> bool,
) {
    let list = match &lists.build {
        Listed::List(list) => list,
        Listed::NoModule => return crate::integrity::no_module(module, findings),
        Listed::NotDownloaded(why) => return findings.not_applicable(why.clone()),
        Listed::Refused(_) => {
            return findings.not_applicable(Text::new("there is no build list", "没有构建列表"));
        }
    };
    // Only what go.mod itself requires is built from: since Go 1.17 it names every module that
    // provides a package, and the graph below holds more than is compiled.
    let Some(go_mod) = module.valid() else { return };
    let required: Vec<ModuleVersion> = go_mod
        .require
        .iter()
        .map(|one| ModuleVersion { path: one.path.clone(), version: one.version.clone() })
        .collect();
    for mix in gomod::mixed_majors(&required).into_iter().filter(|mix| wanted(mix.mix)) {
        let names: Vec<String> =
            mix.modules.iter().map(|one| format!("{} {}", one.path, one.version)).collect();
        let names = names.join(", ");
        let (en, zh) = brought_in(list, &mix);
        let message = Text::new(
            format!("{}: {names}{en}", mix.mix),
            format!("{}：{names}{zh}", chinese(mix.mix)),
        );
        let first = mix.modules.first().map(|one| one.path.as_str()).unwrap_or_default();
        let at = go_mod.require.iter().find(|require| require.path == first);
        let location = at.map_or(Location::whole("go.mod"), |at| crate::integrity::span(&at.span));
        let finding = Finding::at(location, mix.path.as_str(), message, fix.into());
        findings.report(finding.quoting(&module.source()));
    }
}

/// Who requires the first of them, beside go.mod itself.
fn brought_in(list: &buildlist::BuildList, mix: &MixedMajors) -> (String, String) {
    let Some(first) = mix.modules.first() else { return Default::default() };
    let mut by: Vec<&str> = list
        .edges()
        .filter(|edge| edge.to == first.path && !edge.from_version.is_empty())
        .map(|edge| edge.from)
        .collect();
    by.sort_unstable();
    by.dedup();
    let (count, by) = (by.len(), by.into_iter().take(3).collect::<Vec<_>>().join(", "));
    if by.is_empty() {
        return Default::default();
    }
    let more = if count > 3 { ", …" } else { "" };
    let path = &first.path;
    (format!("; {path} is required by {by}{more}"), format!("；{path} 由 {by}{more} 引入"))
}

const fn chinese(mix: Mix) -> &'static str {
    match mix {
        Mix::Majors => "同一模块的两个主版本",
        Mix::Incompatible => "无主版本路径的版本与带主版本路径的版本并存",
        Mix::Case => "路径仅大小写不同",
    }
}
