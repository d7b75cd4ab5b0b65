//! `module-path-case`

use super::mixed;
use crate::{Check, Group, Words};
use goward_facts::GoModFile;
use goward_model::{Findings, SlaTier};

pub(crate) static CHECK: Check = Check {
    id: "module-path-case",
    group: Group::Metadata,
    title: Words {
        en: "no two modules differ only in upper and lower case",
        zh: "没有仅大小写不同的两个模块",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "On a file system that does not tell cases apart only one of them can be there, so the same commit builds on one machine and not on another; and one of the two is as a rule a copy that nobody looks after.",
        zh: "在不区分大小写的文件系统上二者只能存其一，因此同一提交在一台机器上能构建而在另一台上不能；而且其中之一通常是无人维护的副本。",
    },
    fix: Words {
        en: "Use the spelling of the module line in its go.mod everywhere; a dependency that has the other needs an upgrade.",
        zh: "处处使用其 go.mod 中 module 行的写法；仍用另一种写法的依赖需要升级。",
    },
    references: &["https://go.dev/ref/mod#major-version-suffixes"],
    closes: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require (
	example.com/Acme/a v1.0.0
	example.com/acme/a v1.0.0
)
-- /gomodcache/cache/download/example.com/!acme/a/@v/v1.0.0.mod --
module example.com/Acme/a

go 1.24.0
-- /gomodcache/cache/download/example.com/acme/a/@v/v1.0.0.mod --
module example.com/acme/a

go 1.24.0
"#],
    opens: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require (
	example.com/Acme/a v1.0.0
	example.com/b v1.0.0
)
-- /gomodcache/cache/download/example.com/!acme/a/@v/v1.0.0.mod --
module example.com/Acme/a

go 1.24.0
-- /gomodcache/cache/download/example.com/b/@v/v1.0.0.mod --
module example.com/b

go 1.24.0
"#],
    judge: &(judge as fn(&GoModFile, &mut Findings)),
};

fn judge(module: &GoModFile, findings: &mut Findings) {
    if module.valid().is_none() {
        return crate::integrity::no_module(module, findings);
    }
    let wanted = |mix| matches!(mix, gomod::Mix::Case);
    mixed::judge(module, findings, CHECK.fix, wanted, |_| true, |_| None);
}
