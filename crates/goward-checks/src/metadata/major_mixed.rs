//! `major-mixed`

use super::{fault, mixed};
use crate::{Check, Group, Words};
use goward_facts::{GoModFile, GoPackages};
use goward_model::{Findings, SlaTier, Text};

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
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "Two major versions of a module are two modules to Go: their types do not fit each other, their package variables exist twice (registries, metrics, connection pools), and a fix in one does not reach the other.",
        zh: "对 Go 而言，一个模块的两个主版本就是两个模块：类型互不兼容，包级变量各有一份（注册表、指标、连接池），一个版本的修复不会到达另一个。",
    },
    fix: Words {
        en: "Move all uses to the higher version; `goward graph why` and `go mod why -m` show who needs the lower one.",
        zh: "把所有用法迁移到较高版本；`goward graph why` 与 `go mod why -m` 可显示谁需要较低版本。",
    },
    references: &["https://go.dev/ref/mod#major-version-suffixes"],
    closes: &[r#"-- go env --
GOMODCACHE=/gomodcache
GOROOT=/goroot
GOOS=linux
GOARCH=amd64
GOVERSION=go1.26.8
-- go.mod --
module example.com/m

go 1.24.0

require (
	example.com/a v1.0.0
	example.com/a/v2 v2.0.0
)
-- m.go --
package m

import (
	_ "example.com/a"
	_ "example.com/a/v2"
)
-- /gomodcache/cache/download/example.com/a/@v/v1.0.0.mod --
module example.com/a

go 1.24.0
-- /gomodcache/cache/download/example.com/a/v2/@v/v2.0.0.mod --
module example.com/a/v2

go 1.24.0
-- /gomodcache/example.com/a@v1.0.0/a.go --
package a
-- /gomodcache/example.com/a/v2@v2.0.0/a.go --
package a
"#],
    opens: &[r#"-- go env --
GOMODCACHE=/gomodcache
GOROOT=/goroot
GOOS=linux
GOARCH=amd64
GOVERSION=go1.26.8
-- go.mod --
module example.com/m

go 1.24.0

require (
	example.com/a v1.0.0
	example.com/a/v2 v2.0.0
)
-- m.go --
package m

import _ "example.com/a/v2"
-- /gomodcache/cache/download/example.com/a/@v/v1.0.0.mod --
module example.com/a

go 1.24.0
-- /gomodcache/cache/download/example.com/a/v2/@v/v2.0.0.mod --
module example.com/a/v2

go 1.24.0
-- /gomodcache/example.com/a@v1.0.0/a.go --
package a
-- /gomodcache/example.com/a/v2@v2.0.0/a.go --
package a
"#],
    judge: &(judge as fn(&GoModFile, &GoPackages, &mut Findings)),
};

fn judge(module: &GoModFile, packages: &GoPackages, findings: &mut Findings) {
    fault::judge(module, packages, findings, CHECK.fix, &[]);
    let wanted = |mix| matches!(mix, gomod::Mix::Majors | gomod::Mix::Incompatible);
    // What is only selected is not in any program.
    let is_built = |path: &str| packages.modules.contains_key(path);
    mixed::judge(module, findings, CHECK.fix, wanted, is_built, |path| {
        let by = packages.modules.get(path)?;
        let (first, more) = (by.iter().take(SHOWN), by.len().saturating_sub(SHOWN));
        let first = first.map(String::as_str).collect::<Vec<_>>().join(", ");
        let (more, more_zh) = match more {
            0 => Default::default(),
            more => (format!(" and {more} more"), format!(" 等另 {more} 个模块")),
        };
        let en = format!("{path} is imported by {first}{more}");
        (!by.is_empty()).then(|| Text::new(en, format!("{path} 由 {first}{more_zh} 导入")))
    });
}

/// Importing modules that are named.
const SHOWN: usize = 3;
