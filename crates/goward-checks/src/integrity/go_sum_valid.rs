//! `go-sum-valid`

use crate::{Check, Group, Words};
use goward_facts::{GoModFile, GoSumFile, Workspace};
use goward_model::{Finding, Findings, Location, SlaTier, Text};
use std::sync::Arc;

pub(crate) static CHECK: Check = Check {
    id: "go-sum-valid",
    group: Group::Integrity,
    title: Words {
        en: "go.sum is there and Go can read it", zh: "go.sum 存在且可被 Go 读取"
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "go.sum is what makes a build verify that a module is the one that was reviewed. Without it, or with a line that Go cannot read, the build stops or verifies nothing.",
        zh: "go.sum 保证构建所用的模块就是审查过的模块。缺少它，或其中有 Go 无法读取的行，构建会中止或失去校验。",
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
"#,
        r#"-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0
"#,
    ],
    opens: &[
        r#"-- go.mod --
module example.com/m

go 1.24.0
"#,
        r#"-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/a v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
"#,
    ],
    judge: &(judge as fn(&GoModFile, &GoSumFile, &Workspace, &mut Findings)),
};

fn judge(module: &GoModFile, sum: &GoSumFile, workspace: &Workspace, findings: &mut Findings) {
    let Some(go_mod) = module.valid() else {
        findings.not_applicable(Text::new("there is no go.mod", "没有 go.mod"));
        return;
    };
    // What a workspace has itself, or takes from a folder, needs no sum either.
    let remote = |require: &&gomod::Require| {
        let path = &require.path;
        let by = workspace.replacement(path, &require.version);
        !is_local(&go_mod.replace, path)
            && !workspace.modules.contains(path)
            && !matches!(by, Some(gomod::Replacement::Directory(_)))
    };
    match (&sum.text, &sum.parsed) {
        (None, _) => {
            let count = go_mod.require.iter().filter(remote).count();
            if count > 0 {
                let message = Text::new(
                    format!("there is no go.sum, but go.mod requires {count} modules"),
                    format!("没有 go.sum，但 go.mod 依赖 {count} 个模块"),
                );
                let location = Location::whole("go.mod");
                findings.report(Finding::at(location, "missing", message, CHECK.fix.into()));
            }
        }
        (Some(text), Err(err)) => findings.report(broken("go.sum", err, text)),
        (Some(_), Ok(_)) => {}
    }
    for file in workspace.broken_sums.iter().filter(|file| file.path != "go.sum") {
        findings.report(broken(&file.path, &file.error, &file.text));
    }
}

fn broken(path: &str, err: &gomod::SumError, text: &Arc<str>) -> Finding {
    let message = Text::new(
        format!("Go cannot read {path}: {} words instead of three", err.fields),
        format!("Go 无法读取 {path}：应为三个字段，实为 {} 个", err.fields),
    );
    let location = Location::point(path, u32::try_from(err.line).unwrap_or(u32::MAX), 1);
    Finding::at(location, format!("{} fields", err.fields), message, CHECK.fix.into()).quoting(text)
}

/// Whether a folder takes the module's place, so that go.sum has nothing to say about it.
fn is_local(replacements: &[gomod::Replace], path: &str) -> bool {
    replacements.iter().any(|replace| {
        replace.path == path && matches!(replace.new, gomod::Replacement::Directory(_))
    })
}
