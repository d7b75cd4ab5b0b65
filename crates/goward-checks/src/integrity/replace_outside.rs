//! `replace-outside`

use crate::{Check, Group, Words};
use goward_facts::{GoModFile, Repository};
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "replace-outside",
    group: Group::Integrity,
    title: Words {
        en: "no module is replaced by a folder outside the repository",
        zh: "没有模块被替换为仓库之外的目录",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "What lies outside the repository is not what was reviewed with it: each machine builds something else, and go.sum verifies none of it.",
        zh: "仓库之外的目录不在审查范围内：每台机器构建出的内容都可能不同，且 go.sum 不校验它。",
    },
    fix: Words {
        en: "Remove the replacement; require a released version or a fork by its module path.",
        zh: "删除该 replace；改为依赖已发布的版本，或以模块路径引用 fork。",
    },
    references: &["https://go.dev/ref/mod#go-mod-file-replace"],
    closes: &[
        r#"-- .git/HEAD --
ref: refs/heads/main
-- go.mod --
module example.com/m

go 1.24.0

replace example.com/a => ../a
"#,
        r#"-- go.mod --
module example.com/m

go 1.24.0

replace example.com/a v1.2.3 => /srv/a
"#,
    ],
    opens: &[
        r#"-- .git/HEAD --
ref: refs/heads/main
-- go.mod --
module example.com/m

go 1.24.0

replace example.com/a => ./a
"#,
        r#"-- go.mod --
module example.com/m

go 1.24.0
"#,
    ],
    judge: &(judge as fn(&GoModFile, &Repository, &mut Findings)),
};

fn judge(module: &GoModFile, repository: &Repository, findings: &mut Findings) {
    let Some(go_mod) = module.valid() else {
        findings.not_applicable(Text::new("there is no go.mod", "没有 go.mod"));
        return;
    };
    for replace in &go_mod.replace {
        let gomod::Replacement::Directory(new) = &replace.new else { continue };
        if !repository.is_outside(new) {
            continue;
        }
        let old = &replace.path;
        let message = Text::new(
            format!("{old} is replaced by a folder outside the repository: {new}"),
            format!("{old} 被替换为仓库之外的目录：{new}"),
        );
        let location = super::span(&replace.span);
        let finding = Finding::at(location, format!("{old} => {new}"), message, CHECK.fix.into());
        findings.report(finding.quoting(&module.source()));
    }
}
