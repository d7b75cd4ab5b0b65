//! `go-work-valid`

use crate::{Check, Group, Words};
use goward_facts::Workspace;
use goward_model::{Finding, Findings, Location, SlaTier, Text};
use std::sync::Arc;

pub(crate) static CHECK: Check = Check {
    id: "go-work-valid",
    group: Group::Integrity,
    title: Words {
        en: "the go.work in use is one that Go can build with",
        zh: "生效的 go.work 可被 Go 用于构建",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "In a workspace go.work and the go.mod of each module it uses decide what is built, even when the target is only one of them. A folder that was moved, a go line older than a module's, two modules of one path or replacements that contradict each other stop every build. Go's own rules are applied, without running Go.",
        zh: "在工作区中，go.work 与其使用的每个模块的 go.mod 共同决定构建内容，即使目标只是其中之一。目录被移动、go 行比某模块旧、两个模块同路径或 replace 相互矛盾都会使所有构建中止。这里不运行 Go，直接应用 Go 自身的规则。",
    },
    fix: Words {
        en: "Correct the line, or run `go work use` in the folder of go.work; `go env GOWORK` tells which file is in use, and GOWORK=off builds without it.",
        zh: "更正该行，或在 go.work 所在目录运行 `go work use`；`go env GOWORK` 显示生效的文件，GOWORK=off 则不使用工作区。",
    },
    references: &["https://go.dev/ref/mod#workspaces"],
    closes: &[
        r#"-- go env --
GOWORK=go.work
-- go.work --
go 1.24.0

use (
	.
-- go.mod --
module example.com/m

go 1.24.0
"#,
        r#"-- go env --
GOWORK=go.work
-- go.work --
go 1.24.0

use .
use ./gone
-- go.mod --
module example.com/m

go 1.24.0
"#,
        r#"-- go env --
GOWORK=go.work
-- go.work --
go 1.23.0

use .
-- go.mod --
module example.com/m

go 1.24.0
"#,
    ],
    opens: &[r#"-- go env --
GOWORK=go.work
-- go.work --
go 1.24.0

use .
use ./b
-- go.mod --
module example.com/m

go 1.24.0
-- b/go.mod --
module example.com/b

go 1.23.0
"#],
    judge: &(judge as fn(&Workspace, &mut Findings)),
};

fn judge(workspace: &Workspace, findings: &mut Findings) {
    let Some(file) = &workspace.file else {
        return findings.not_applicable(Text::new("there is no workspace", "没有工作区"));
    };
    let mut report = |path: &str, line: usize, column: usize, why: String, text: &Arc<str>| {
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let message = Text::new(
            format!("Go refuses the workspace: {why}"),
            format!("Go 拒绝该工作区：{why}"),
        );
        let location = Location::point(path, small(line), small(column));
        findings.report(Finding::at(location, why, message, CHECK.fix.into()).quoting(text));
    };
    let work = match &file.parsed {
        Ok(work) => work,
        Err(errors) => {
            for err in errors {
                report(&file.path, err.line, err.column, err.message.clone(), &file.text);
            }
            return;
        }
    };
    for (used, member) in work.uses.iter().zip(&file.members) {
        match &member.parsed {
            Some(Ok(_)) => {}
            Some(Err(errors)) => {
                for err in errors {
                    report(&member.path, err.line, err.column, err.message.clone(), &member.text);
                }
            }
            None => {
                let why = format!("it uses {}, and there is no {}", used.path, member.path);
                report(&file.path, used.span.start.line, used.span.start.column, why, &file.text);
            }
        }
    }
    for error in &file.errors {
        let (path, text) = file.source(error.at.file);
        // Behind the first line Go says what to run; our fix says it, too.
        let why = error.to_string();
        let why = why.lines().next().unwrap_or_default().trim_end_matches("; to update it:");
        report(path, error.at.line, 1, why.to_owned(), &text);
    }
}
