//! `vendor-uncommitted`

use crate::{Check, Group, Words};
use goward_facts::VendorChanges;
use goward_model::{Finding, Findings, Location, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "vendor-uncommitted",
    group: Group::Integrity,
    title: Words {
        en: "the vendor folder is as it was committed",
        zh: "vendor 目录与提交内容一致",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "Go compiles the vendor folder as it lies on the disk and verifies nothing in it. A changed or added file, also one that .gitignore hides, is in the binary and in no review.",
        zh: "Go 按磁盘现状编译 vendor 目录，不做任何校验。被改动或新增的文件（包括被 .gitignore 隐藏的）会进入二进制，却没有经过任何审查。",
    },
    fix: Words {
        en: "Run `go mod vendor` and commit what it writes, or take the change back: `git checkout -- vendor && git clean -fdx vendor`.",
        zh: "运行 `go mod vendor` 并提交其结果，或撤销改动：`git checkout -- vendor && git clean -fdx vendor`。",
    },
    references: &["https://go.dev/ref/mod#vendoring"],
    closes: &[r#"-- .git/HEAD --
ref: refs/heads/main
-- $ git --no-optional-locks -c core.quotePath=false status --porcelain=v1 --untracked-files=all --ignored=matching --no-renames -- vendor --
 M vendor/example.com/a/a.go
?? vendor/example.com/a/init.go
!! vendor/example.com/a/x.log
-- vendor/modules.txt --
# example.com/a v1.0.0
-- vendor/example.com/a/a.go --
package a
-- vendor/example.com/a/init.go --
package a
"#],
    opens: &[r#"-- .git/HEAD --
ref: refs/heads/main
-- $ git --no-optional-locks -c core.quotePath=false status --porcelain=v1 --untracked-files=all --ignored=matching --no-renames -- vendor --
M  vendor/example.com/a/a.go
-- vendor/modules.txt --
# example.com/a v1.0.0
-- vendor/example.com/a/a.go --
package a
"#],
    judge: &(judge as fn(&VendorChanges, &mut Findings)),
};

fn judge(vendor: &VendorChanges, findings: &mut Findings) {
    if !vendor.vendored {
        return findings.not_applicable(Text::new("there is no vendor folder", "没有 vendor 目录"));
    }
    if !vendor.in_git {
        let why = Text::new("the target is in no git repository", "目标不在 git 仓库中");
        return findings.not_applicable(why);
    }
    for (state, path) in &vendor.changed {
        // A staged file is about to be committed and reviewed; what differs from the index is not.
        let (en, zh) = match state.as_str() {
            "??" => ("git does not know this file", "git 不认识此文件"),
            "!!" => ("a .gitignore hides this file", "此文件被 .gitignore 隐藏"),
            _ if state.ends_with('D') => ("deleted, but not committed so", "已删除但未提交"),
            _ if state.ends_with(' ') => continue,
            _ => ("changed, but not committed", "已改动但未提交"),
        };
        let message = Text::new(format!("{path}: {en}"), format!("{path}：{zh}"));
        findings.report(Finding::at(Location::whole(path), en, message, CHECK.fix.into()));
    }
}
