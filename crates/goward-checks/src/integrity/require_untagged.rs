//! `require-untagged`

use crate::{Check, Group, Words};
use goward_facts::GoModFile;
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "require-untagged",
    group: Group::Integrity,
    title: Words {
        en: "every direct requirement is a version that somebody released",
        zh: "每个直接依赖都是正式发布的版本",
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "A pseudo-version names a commit that nobody released: it may lie on any branch, even on that of a fork, release notes and advisories do not speak of it, and scanners cannot order it among the releases. Modules that never released anything leave no choice: they are counted in a note.",
        zh: "伪版本指向一个无人发布的提交：它可能位于任何分支，甚至某个分叉，发布说明与安全公告都不会提到它，扫描器也无法把它与正式版本排序。从未发布过版本的模块别无选择：只在说明中计数。",
    },
    fix: Words {
        en: "Require a release, or write down in a waiver why there is none. Modules that never release (such as golang.org/x/exp) belong into `integrity.untagged`.",
        zh: "改为依赖正式版本，或在豁免中说明原因。从不发布版本的模块（如 golang.org/x/exp）写入 `integrity.untagged`。",
    },
    references: &["https://go.dev/ref/mod#pseudo-versions"],
    closes: &[r#"-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.2.4-0.20240102030405-0123456789ab
"#],
    opens: &[
        r#"-- go.mod --
module example.com/m

go 1.24.0

require (
	example.com/a v1.2.3-rc.1
	example.com/b v1.2.4-0.20240102030405-0123456789ab // indirect
	golang.org/x/exp v0.0.0-20240102030405-0123456789ab
)
"#,
        r#"-- go.mod --
module example.com/m

go 1.24.0

require example.com/mono/b v1.2.4-0.20240102030405-0123456789ab

replace example.com/mono/b => ../b
"#,
    ],
    judge: &(judge as fn(&GoModFile, &goward_facts::settings::IntegritySettings, &mut Findings)),
};

fn judge(
    module: &GoModFile,
    settings: &goward_facts::settings::IntegritySettings,
    findings: &mut Findings,
) {
    let Some(go_mod) = module.valid() else {
        findings.not_applicable(Text::new("there is no go.mod", "没有 go.mod"));
        return;
    };
    let accepted = settings.untagged.join(",");
    let mut never = vec![];
    for require in go_mod.require.iter().filter(|require| !require.indirect) {
        let (path, version) = (&require.path, &require.version);
        let replaced = go_mod.replace.iter().any(|replace| replace.path == *path);
        if replaced
            || !gomod::pseudo::is_pseudo(version)
            || gomod::module_path::match_prefix_patterns(&accepted, path)
        {
            continue;
        }
        if version.starts_with("v0.0.0-") {
            never.push(path.as_str());
            continue;
        }
        let message = Text::new(
            format!(
                "{path} {version} is a commit that nobody released, although there are releases"
            ),
            format!("{path} 有正式版本，而 {version} 是无人发布的提交"),
        );
        let finding =
            Finding::at(super::span(&require.span), path.as_str(), message, CHECK.fix.into());
        findings.report(finding.quoting(&module.source()));
    }
    if !never.is_empty() {
        let (count, names) = (never.len(), never.join(", "));
        findings.note(Text::new(
            format!("{count} direct requirements have never released anything: {names}"),
            format!("{count} 个直接依赖从未发布过版本：{names}"),
        ));
    }
}
