//! `go-sum-complete`

use crate::{Check, Group, Words};
use goward_facts::{BuildLists, GoModFile, GoSumFile, Listed, Workspace};
use goward_model::{Finding, Findings, Location, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "go-sum-complete",
    group: Group::Integrity,
    title: Words {
        en: "go.sum covers every go.mod that decides about versions",
        zh: "go.sum 覆盖参与版本选择的每个 go.mod",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-sum-valid"],
    why: Words {
        en: "The go.mod files of the dependencies decide which versions are built. Each that Go reads must have a line in go.sum (in a workspace, in any go.sum or in go.work.sum): without it the build stops, or takes what the proxy of the day gives.",
        zh: "依赖的 go.mod 决定构建哪些版本。Go 读取的每个 go.mod 都必须在 go.sum 中有一行（工作区中则在任一 go.sum 或 go.work.sum 中）：否则构建会中止，或采用代理当天给出的内容。",
    },
    fix: Words {
        en: "Run `go mod tidy` (in a workspace `go work sync`) and commit go.sum.",
        zh: "运行 `go mod tidy`（工作区中用 `go work sync`）并提交 go.sum。",
    },
    references: &["https://go.dev/ref/mod#go-sum-files"],
    closes: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
-- /gomodcache/cache/download/example.com/a/@v/v1.0.0.mod --
module example.com/a

go 1.24.0
"#],
    opens: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
-- /gomodcache/cache/download/example.com/a/@v/v1.0.0.mod --
module example.com/a

go 1.24.0
"#],
    judge: &(judge as fn(&GoModFile, &GoSumFile, &Workspace, &BuildLists, &mut Findings)),
};

fn judge(
    module: &GoModFile,
    sum: &GoSumFile,
    workspace: &Workspace,
    lists: &BuildLists,
    findings: &mut Findings,
) {
    let list = match &lists.build {
        Listed::List(list) => list,
        Listed::NoModule => return super::no_module(module, findings),
        Listed::NotDownloaded(why) => return findings.not_applicable(why.clone()),
        Listed::Refused(_) => {
            let why = Text::new("there is no build list", "没有构建列表");
            return findings.not_applicable(why);
        }
    };
    let own = sum.parsed.as_ref().ok();
    let read = list.go_mods_read();
    for one in read {
        let (path, version) = (&one.path, &one.version);
        let there = own.is_some_and(|sum| sum.has(path, version, true))
            || workspace.has(path, version, true);
        if there {
            continue;
        }
        let message = Text::new(
            format!("no go.sum has a line for {path} {version}/go.mod, which Go reads"),
            format!("没有任何 go.sum 包含 Go 要读取的 {path} {version}/go.mod"),
        );
        let required = list.module(path).and_then(|module| module.requirements.first());
        // A requirement of another module of the workspace lies in its go.mod.
        let here = required.filter(|_| workspace.modules.is_empty());
        let location = here.map_or(Location::whole("go.mod"), |at| super::span(&at.span));
        let evidence = format!("{path} {version}/go.mod");
        let finding = Finding::at(location, evidence, message, CHECK.fix.into());
        findings.report(finding.quoting(&module.source()));
    }
    let count = read.len();
    findings.note(Text::new(
        format!("{count} go.mod files decide about versions"),
        format!("{count} 个 go.mod 参与版本选择"),
    ));
}
