//! `major-mixed`

use super::mixed;
use crate::{Check, Group, Words};
use goward_facts::{BuildLists, GoModFile};
use goward_model::{Findings, SlaTier};

pub(crate) static CHECK: Check = Check {
    id: "major-mixed",
    group: Group::Metadata,
    title: Words {
        en: "one module is built in one major version",
        zh: "每个模块只以一个主版本参与构建",
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "Two major versions of a module are two modules to Go: their types do not fit each other, their package variables exist twice (registries, metrics, connection pools), and a fix in one does not reach the other.",
        zh: "对 Go 而言，一个模块的两个主版本就是两个模块：类型互不兼容，包级变量各有一份（注册表、指标、连接池），一个版本的修复不会到达另一个。",
    },
    fix: Words {
        en: "Move all uses to the higher version; `goward explain` and `go mod why -m` show who needs the lower one.",
        zh: "把所有用法迁移到较高版本；`go mod why -m` 可显示谁需要较低版本。",
    },
    references: &["https://go.dev/ref/mod#major-version-suffixes"],
    closes: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require (
	example.com/a v1.0.0
	example.com/a/v2 v2.0.0
)
-- /gomodcache/cache/download/example.com/a/@v/v1.0.0.mod --
module example.com/a

go 1.24.0
-- /gomodcache/cache/download/example.com/a/v2/@v/v2.0.0.mod --
module example.com/a/v2

go 1.24.0
"#],
    opens: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require (
	example.com/a/v2 v2.0.0
	example.com/b v1.0.0
)
-- /gomodcache/cache/download/example.com/a/v2/@v/v2.0.0.mod --
module example.com/a/v2

go 1.24.0
-- /gomodcache/cache/download/example.com/b/@v/v1.0.0.mod --
module example.com/b

go 1.24.0
"#],
    judge: &(judge as fn(&GoModFile, &BuildLists, &mut Findings)),
};

fn judge(module: &GoModFile, lists: &BuildLists, findings: &mut Findings) {
    mixed::judge(module, lists, findings, CHECK.fix, |mix| {
        matches!(mix, gomod::Mix::Majors | gomod::Mix::Incompatible)
    });
}
