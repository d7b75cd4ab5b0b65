//! `require-incompatible`

use crate::{Check, Group, Words};
use goward_facts::GoModFile;
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "require-incompatible",
    group: Group::Integrity,
    title: Words {
        en: "no direct requirement is +incompatible",
        zh: "没有 +incompatible 的直接依赖",
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "A version with `+incompatible` has no go.mod of its own: what it needs is written down nowhere, an upgrade may cross a major version without the import path saying so, and nothing can be retracted.",
        zh: "带 `+incompatible` 的版本自身没有 go.mod：其依赖无处记录，升级可能跨越主版本而导入路径毫无变化，也无法被撤回。",
    },
    fix: Words {
        en: "Require the module's `/vN` path if it has one by now.",
        zh: "若该模块已有 `/vN` 路径，改为依赖它。",
    },
    references: &["https://go.dev/ref/mod#incompatible-versions"],
    closes: &[r#"-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v2.0.0+incompatible
"#],
    opens: &[r#"-- go.mod --
module example.com/m

go 1.24.0

require (
	example.com/a/v2 v2.0.0
	example.com/b v3.0.0+incompatible // indirect
)
"#],
    judge: &(judge as fn(&GoModFile, &mut Findings)),
};

fn judge(module: &GoModFile, findings: &mut Findings) {
    let Some(go_mod) = module.valid() else {
        findings.not_applicable(Text::new("there is no go.mod", "没有 go.mod"));
        return;
    };
    for require in go_mod.require.iter().filter(|require| !require.indirect) {
        if gomod::semver::build(&require.version) != Some("+incompatible") {
            continue;
        }
        let (path, version) = (&require.path, &require.version);
        let message = Text::new(
            format!("{path} {version} has no go.mod of its own"),
            format!("{path} {version} 自身没有 go.mod"),
        );
        let finding =
            Finding::at(super::span(&require.span), path.as_str(), message, CHECK.fix.into());
        findings.report(finding.quoting(&module.source()));
    }
}
