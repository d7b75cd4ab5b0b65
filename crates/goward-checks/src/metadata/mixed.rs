//! What mixed major versions and paths that differ in case have in common.

use crate::Words;
use gomod::{Mix, MixedMajors, ModuleVersion};
use goward_facts::GoModFile;
use goward_model::{Finding, Findings, Location, Text};

/// Reports each mix that is `wanted` of the modules that `counts`, with what `told` says of each of its modules.
pub(super) fn judge(
    module: &GoModFile,
    findings: &mut Findings,
    fix: Words,
    wanted: impl Fn(Mix) -> bool,
    counts: impl Fn(&str) -> bool,
    told: impl Fn(&str) -> Option<Text>,
) {
    // Only what go.mod itself requires is built from: since Go 1.17 it names every module that
    // provides a package, and the graph below holds more than is compiled.
    let Some(go_mod) = module.valid() else { return };
    let required: Vec<ModuleVersion> = go_mod
        .require
        .iter()
        .filter(|one| counts(&one.path))
        .map(|one| ModuleVersion { path: one.path.clone(), version: one.version.clone() })
        .collect();
    for mix in gomod::mixed_majors(&required).into_iter().filter(|mix| wanted(mix.mix)) {
        let MixedMajors { path, mix, modules } = mix;
        let names: Vec<String> =
            modules.iter().map(|one| format!("{} {}", one.path, one.version)).collect();
        let names = names.join(", ");
        let (mut en, mut zh) = (format!("{mix}: {names}"), format!("{}：{names}", chinese(mix)));
        for said in modules.iter().filter_map(|one| told(&one.path)) {
            en += &format!("; {}", said.en);
            zh += &format!("；{}", said.zh);
        }
        let first = modules.first().map(|one| one.path.as_str()).unwrap_or_default();
        let at = go_mod.require.iter().find(|require| require.path == first);
        let location = at.map_or(Location::whole("go.mod"), |at| crate::integrity::span(&at.span));
        let finding = Finding::at(location, path.as_str(), Text::new(en, zh), fix.into());
        findings.report(finding.quoting(&module.source()));
    }
}

const fn chinese(mix: Mix) -> &'static str {
    match mix {
        Mix::Majors => "同一模块的两个主版本",
        Mix::Incompatible => "无主版本路径的版本与带主版本路径的版本并存",
        Mix::Case => "路径仅大小写不同",
    }
}
