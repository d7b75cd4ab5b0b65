//! `go-sum-direct`

use crate::{Check, Group, Words};
use goward_facts::{GoModFile, GoSumFile, Workspace, replacement_of};
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "go-sum-direct",
    group: Group::Integrity,
    title: Words {
        en: "go.sum has the lines of every direct requirement",
        zh: "go.sum 含有每个直接依赖的校验行",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-sum-valid"],
    why: Words {
        en: "A requirement without its go.sum lines stops a build in CI (`missing go.sum entry`), or, with -mod=mod, is accepted unseen. Direct requirements need both lines, of the module and of its go.mod.",
        zh: "缺少 go.sum 行的依赖会让 CI 构建中止（`missing go.sum entry`），若使用 -mod=mod 则会未经审查即被接受。直接依赖需要模块本身与其 go.mod 两行。",
    },
    fix: Words {
        en: "Run `go mod tidy` and commit go.sum.",
        zh: "运行 `go mod tidy` 并提交 go.sum。",
    },
    references: &["https://go.dev/ref/mod#go-sum-files"],
    closes: &[
        r#"-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
"#,
        r#"-- go.mod --
module example.com/m

go 1.24.0

require example.com/b v1.1.0

replace example.com/b => example.com/c v1.1.0
-- go.sum --
example.com/b v1.1.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/b v1.1.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
"#,
    ],
    opens: &[r#"-- go.mod --
module example.com/m

go 1.24.0

require (
	example.com/a v1.0.0
	example.com/b v1.0.0
	example.com/c v1.0.0 // indirect
)

replace example.com/b => ./b
-- go.sum --
example.com/a v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/a v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
"#],
    judge: &(judge as fn(&GoModFile, &GoSumFile, &Workspace, &mut Findings)),
};

fn judge(module: &GoModFile, sum: &GoSumFile, workspace: &Workspace, findings: &mut Findings) {
    let (Some(go_mod), Ok(go_sum)) = (module.valid(), &sum.parsed) else { return };
    if go_mod.require.is_empty() {
        findings.not_applicable(Text::new("go.mod requires no module", "go.mod 没有依赖"));
    }
    for require in go_mod.require.iter().filter(|require| !require.indirect) {
        if workspace.modules.contains(&require.path) {
            continue;
        }
        // What takes the requirement's place is what must be in go.sum; go.work's word comes first.
        let (path, version) = match workspace
            .replacement(&require.path, &require.version)
            .or_else(|| replacement_of(go_mod, &require.path, &require.version))
        {
            Some(gomod::Replacement::Directory(_)) => continue,
            Some(gomod::Replacement::Module(new)) => (new.path.as_str(), new.version.as_str()),
            None => (require.path.as_str(), require.version.as_str()),
        };
        let there = |go_mod: bool| {
            go_sum.has(path, version, go_mod) || workspace.has(path, version, go_mod)
        };
        let missing = match (there(false), there(true)) {
            (true, true) => continue,
            (false, false) => format!("{path} {version} and {version}/go.mod"),
            (false, true) => format!("{path} {version}"),
            (true, false) => format!("{path} {version}/go.mod"),
        };
        let message = Text::new(
            format!("go.sum has no line for {missing}"),
            format!("go.sum 中没有 {missing} 的校验行"),
        );
        let location = super::span(&require.span);
        let evidence = format!("{path} {version}");
        let finding = Finding::at(location, evidence, message, CHECK.fix.into());
        findings.report(finding.quoting(&module.source()));
    }
}
