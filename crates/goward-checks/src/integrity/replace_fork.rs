//! `replace-fork`

use crate::{Check, Group, Words};
use goward_facts::GoModFile;
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "replace-fork",
    group: Group::Integrity,
    title: Words {
        en: "no module is replaced by a fork", zh: "没有模块被替换为分叉（fork）"
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "A fork is other people's code under a known name: advisories, retractions and new versions of the original do not reach it, and scanners look for the original. So this is a notice: each should have an owner who follows both.",
        zh: "分叉是以已知名称出现的他人代码：原模块的安全公告、撤回和新版本都不会到达它，扫描器也只查找原模块。因此这是提示：每个分叉都应有人同时跟踪两者。",
    },
    fix: Words {
        en: "Return to the original as soon as it has the change; until then keep a waiver with owner and expiry.",
        zh: "原模块包含所需改动后尽快换回；在此之前，用带负责人和到期日的豁免记录它。",
    },
    references: &["https://go.dev/ref/mod#go-mod-file-replace"],
    closes: &[r#"-- go.mod --
module example.com/m

go 1.24.0

replace example.com/a => example.com/fork/a v1.0.0
"#],
    opens: &[r#"-- go.mod --
module example.com/m

go 1.24.0

replace example.com/a => example.com/a v1.0.0

replace example.com/b => ./b
"#],
    judge: &(judge as fn(&GoModFile, &mut Findings)),
};

fn judge(module: &GoModFile, findings: &mut Findings) {
    let Some(go_mod) = module.valid() else {
        findings.not_applicable(Text::new("there is no go.mod", "没有 go.mod"));
        return;
    };
    for replace in &go_mod.replace {
        let gomod::Replacement::Module(new) = &replace.new else { continue };
        let old = &replace.path;
        if *old == new.path {
            continue;
        }
        let fork = format!("{} {}", new.path, new.version);
        let message =
            Text::new(format!("{old} is replaced by {fork}"), format!("{old} 被替换为 {fork}"));
        let location = super::span(&replace.span);
        let evidence = format!("{old} => {}", new.path);
        let finding = Finding::at(location, evidence, message, CHECK.fix.into());
        findings.report(finding.quoting(&module.source()));
    }
}
