//! `replace-local`

use crate::{Check, Group, Words};
use goward_facts::{GoModFile, Repository};
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "replace-local",
    group: Group::Integrity,
    title: Words {
        en: "no module is replaced by a folder of the repository",
        zh: "没有模块被替换为仓库内的目录",
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "A folder of the repository is reviewed with it, so this is a notice: it is how workspaces were built before go.work. But who requires this module from elsewhere gets another version, because replacements count in the main module only.",
        zh: "仓库内的目录随仓库一起审查，因此这只是提示：这是 go.work 出现之前的工作区写法。但 replace 只在主模块中生效，从别处依赖本模块者会得到另一个版本。",
    },
    fix: Words {
        en: "Use go.work for local development, or require a released version.",
        zh: "本地开发使用 go.work，或依赖已发布的版本。",
    },
    references: &["https://go.dev/ref/mod#workspaces"],
    closes: &[r#"-- go.mod --
module example.com/m

go 1.24.0

replace example.com/a => ./a
"#],
    opens: &[r#"-- go.mod --
module example.com/m

go 1.24.0

replace example.com/a => example.com/fork/a v1.0.0
"#],
    judge: &(judge as fn(&GoModFile, &Repository, &mut Findings)),
};

fn judge(module: &GoModFile, repository: &Repository, findings: &mut Findings) {
    let Some(go_mod) = module.valid() else {
        findings.not_applicable(Text::new("there is no go.mod", "没有 go.mod"));
        return;
    };
    for replace in &go_mod.replace {
        let gomod::Replacement::Directory(new) = &replace.new else { continue };
        if repository.is_outside(new) {
            continue;
        }
        let old = &replace.path;
        let message = Text::new(
            format!("{old} is replaced by a folder of the repository: {new}"),
            format!("{old} 被替换为仓库内的目录：{new}"),
        );
        let location = super::span(&replace.span);
        let finding = Finding::at(location, format!("{old} => {new}"), message, CHECK.fix.into());
        findings.report(finding.quoting(&module.source()));
    }
}
