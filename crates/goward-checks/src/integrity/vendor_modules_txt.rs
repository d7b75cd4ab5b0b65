//! `vendor-modules-txt`

use crate::{Check, Group, Words};
use gomod::SourceFile;
use goward_facts::{GoModFile, VendorList, Workspace};
use goward_model::{Finding, Findings, Location, SlaTier, Text};
use std::sync::Arc;

pub(crate) static CHECK: Check = Check {
    id: "vendor-modules-txt",
    group: Group::Integrity,
    title: Words {
        en: "vendor/modules.txt says what go.mod says",
        zh: "vendor/modules.txt 与 go.mod 一致",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "Go trusts modules.txt to know which version lies in vendor. Where it does not fit go.mod (or go.work), the build stops; with `-mod=mod` or an old go line it goes on with something else. Go's own rules are applied, without running Go. Lines that Go silently passes over are reported, too: they mislead whoever reviews them.",
        zh: "Go 依靠 modules.txt 得知 vendor 中是哪个版本。若它与 go.mod（或 go.work）不符，构建会中止；在 `-mod=mod` 或旧的 go 行下则会用别的内容继续。这里不运行 Go，直接应用 Go 自身的规则。Go 静默跳过的行也会报告：它们会误导审查者。",
    },
    fix: Words {
        en: "Run `go mod vendor` (in a workspace `go work vendor`) and commit the result.",
        zh: "运行 `go mod vendor`（工作区中用 `go work vendor`）并提交结果。",
    },
    references: &["https://go.dev/ref/mod#vendoring"],
    closes: &[
        r#"-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.1.0
-- vendor/modules.txt --
# example.com/a v1.0.0
## explicit
example.com/a
"#,
        r#"-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- vendor/modules.txt --
# example.com/a v1.0.0
## explicit
example.com/a
example.com/a
"#,
    ],
    opens: &[r#"-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- vendor/modules.txt --
# example.com/a v1.0.0
## explicit; go 1.24
example.com/a
"#],
    judge: &(judge as fn(&GoModFile, &Workspace, &VendorList, &mut Findings)),
};

fn judge(module: &GoModFile, workspace: &Workspace, vendor: &VendorList, findings: &mut Findings) {
    let Some(text) = &vendor.text else {
        return findings.not_applicable(Text::new("there is no vendor folder", "没有 vendor 目录"));
    };
    let small = |line: usize| u32::try_from(line).unwrap_or(u32::MAX);
    for wrong in &vendor.inconsistent {
        let said = wrong.to_string();
        let message = Text::new(
            format!("Go refuses to build with vendor: {said}"),
            format!("Go 拒绝使用 vendor 构建：{said}"),
        );
        let (path, source) = match (wrong.at.file, &workspace.file) {
            (SourceFile::ModulesTxt, _) => ("vendor/modules.txt", Arc::clone(text)),
            (file, Some(work)) if vendor.modules.workspace => work.source(file),
            _ => ("go.mod", module.source()),
        };
        let location = Location::point(path, small(wrong.at.line), 1);
        findings.report(Finding::at(location, said, message, CHECK.fix.into()).quoting(&source));
    }
    for note in &vendor.modules.notes {
        let line = crate::shortened(&note.text);
        let message = Text::new(
            format!("{}: `{line}`", note.reason),
            format!("Go 的读法与字面不同（{}）：`{line}`", note.reason),
        );
        let location = Location::point("vendor/modules.txt", small(note.line), 1);
        let finding = Finding::at(location, note.text.as_str(), message, CHECK.fix.into());
        findings.report(finding.quoting(text));
    }
}
