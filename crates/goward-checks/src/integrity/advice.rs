//! What retractions and deprecations have in common.

use crate::Words;
use goward_facts::{Advice, GoModFile, ModuleAdvice, replacement_of};
use goward_model::{Finding, Findings, Text};

/// Reports, at its requirement, each advice that `told` has words for: evidence, message, fix.
pub(super) fn judge(
    module: &GoModFile,
    all: &ModuleAdvice,
    findings: &mut Findings,
    told: impl Fn(&Advice, &gomod::Require) -> Option<(String, Text, Words)>,
) {
    let Some(go_mod) = module.valid() else {
        return findings.not_applicable(Text::new("there is no go.mod", "没有 go.mod"));
    };
    for require in &go_mod.require {
        let (path, version) = match replacement_of(go_mod, &require.path, &require.version) {
            Some(gomod::Replacement::Module(new)) => (&new.path, &new.version),
            Some(gomod::Replacement::Directory(_)) => continue,
            None => (&require.path, &require.version),
        };
        let found = all.advice.iter().find(|a| a.path == *path && a.version == *version);
        let Some((evidence, message, fix)) = found.and_then(|advice| told(advice, require)) else {
            continue;
        };
        let finding = Finding::at(super::span(&require.span), evidence, message, fix.into());
        findings.report(finding.quoting(&module.source()));
    }
    for (path, why) in &all.failed {
        let why = why.text();
        findings.unknown(Text::new(format!("{path}: {}", why.en), format!("{path}：{}", why.zh)));
    }
    let unheard = all.asked.saturating_sub(all.advice.len() + all.failed.len());
    if unheard > 0 {
        findings.note(Text::new(
            format!(
                "nothing is known of {unheard} of {} modules offline; --online asks the proxy",
                all.asked
            ),
            format!("离线时对 {} 个模块中的 {unheard} 个一无所知；--online 会询问代理", all.asked),
        ));
    }
}
