//! `vendor-modified`

use crate::{Check, Group, Words};
use goward_facts::{VendorContent, VendorList};
use goward_model::{Finding, Findings, Location, SlaTier, Text};
use modcache::ChangeKind;

pub(crate) static CHECK: Check = Check {
    id: "vendor-modified",
    group: Group::Integrity,
    title: Words {
        en: "every vendored file is the one of its module",
        zh: "vendor 中的每个文件都与其模块中的一致",
    },
    tier: SlaTier::P0,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "No Go tool compares vendor with go.sum: an edited file, an added file with an init function, an emptied go.sum all build with exit status 0. Here each module is taken from the module cache (with `--online` from the proxy), held against the committed go.sum, and compared file by file with what vendor holds.",
        zh: "没有任何 Go 工具会把 vendor 与 go.sum 对照：被改动的文件、新增的带 init 函数的文件、被清空的 go.sum，都会以 0 退出完成构建。这里从模块缓存（`--online` 时从代理）取得每个模块，先与已提交的 go.sum 对照，再与 vendor 中的内容逐文件比较。",
    },
    fix: Words {
        en: "Run `go mod vendor` and look at what it takes back (`git diff vendor`). A patch belongs into a fork that go.mod names with `replace`.",
        zh: "运行 `go mod vendor`，查看它改回了什么（`git diff vendor`）。补丁应放入分叉，并在 go.mod 中用 `replace` 指明。",
    },
    references: &["https://go.dev/ref/mod#vendoring", "https://github.com/golang/go/issues/27348"],
    closes: &[
        r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0 h1:VEUcYKYLbKBYq0eA/VEJ3mMQBzi4jjWpusjuduGJcBQ=
-- /gomodcache/example.com/a@v1.0.0/a.go --
package a
-- vendor/modules.txt --
# example.com/a v1.0.0
## explicit; go 1.24
example.com/a
-- vendor/example.com/a/a.go --
package a

func init() { println("not what was reviewed") }
-- vendor/example.com/a/init.go --
package a
"#,
        r#"-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- vendor/modules.txt --
# example.com/a v1.0.0
## explicit; go 1.24
example.com/a
-- vendor/example.com/a/a.go --
package a
"#,
    ],
    opens: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0 h1:VEUcYKYLbKBYq0eA/VEJ3mMQBzi4jjWpusjuduGJcBQ=
-- /gomodcache/example.com/a@v1.0.0/a.go --
package a
-- vendor/modules.txt --
# example.com/a v1.0.0
## explicit; go 1.24
example.com/a
-- vendor/example.com/a/a.go --
package a
"#],
    judge: &(judge as fn(&VendorList, &VendorContent, &mut Findings)),
};

fn judge(list: &VendorList, content: &VendorContent, findings: &mut Findings) {
    let (Some(text), Some(report)) = (&list.text, &content.report) else {
        return findings.not_applicable(Text::new("there is no vendor folder", "没有 vendor 目录"));
    };
    for (name, line) in &content.uncovered {
        let message = Text::new(
            format!("no committed sum covers {name}, so vendor cannot be held against it"),
            format!("没有已提交的校验和覆盖 {name}，无法对照 vendor"),
        );
        let line = u32::try_from(*line).unwrap_or(u32::MAX);
        let location = Location::point("vendor/modules.txt", line, 1);
        let finding = Finding::at(location, name.as_str(), message, CHECK.fix.into());
        findings.report(finding.quoting(text));
    }
    for change in &report.changes {
        let path = format!("vendor/{}", change.name);
        let (en, zh) = super::change_words(&path, &change.kind);
        let location = match change.kind {
            ChangeKind::Modified { line: line @ 1.., .. } => {
                Location::point(path.as_str(), line, 1)
            }
            _ => Location::whole(path.as_str()),
        };
        let evidence = format!("{} {}", change.name, kind(&change.kind));
        findings.report(Finding::at(location, evidence, Text::new(en, zh), CHECK.fix.into()));
    }
    for (name, why) in &report.unreadable {
        findings.unknown(Text::new(format!("{name}: {why}"), format!("{name}：{why}")));
    }
    for (name, why) in &content.failed {
        let why = why.text();
        findings.unknown(Text::new(format!("{name}: {}", why.en), format!("{name}：{}", why.zh)));
    }
    let (good, compared, absent) = (report.good, content.compared, content.absent.len());
    if absent > 0 {
        // Not a pass: what could not be compared may be anything.
        findings.not_applicable(Text::new(
            format!("{absent} vendored modules are not in the module cache: run `go mod download`, or give --online ({compared} modules with {good} files are right)"),
            format!("有 {absent} 个 vendor 模块不在模块缓存中：请运行 `go mod download` 或使用 --online（另有 {compared} 个模块的 {good} 个文件无误）"),
        ));
    } else {
        findings.note(Text::new(
            format!("{good} files of {compared} modules are what go.sum says"),
            format!("{compared} 个模块的 {good} 个文件与 go.sum 一致"),
        ));
    }
}

/// A change's kind, for the fingerprint.
const fn kind(kind: &ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Modified { .. } => "modified",
        ChangeKind::Missing => "missing",
        ChangeKind::Extra => "extra",
        ChangeKind::Link => "link",
    }
}
