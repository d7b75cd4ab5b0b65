//! `import-ambiguous`

use super::fault;
use crate::{Check, Group, Words};
use gopackages::ErrorKind;
use goward_facts::{GoModFile, GoPackages, PlatformPackages};
use goward_model::{Findings, SlaTier};

pub(crate) static CHECK: Check = Check {
    id: "import-ambiguous",
    group: Group::Metadata,
    title: Words {
        en: "no import is offered by two modules", zh: "没有由两个模块同时提供的导入"
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "Where two modules of the build hold a package of the same path, Go refuses to choose. It happens when a folder became a module of its own and an old version of the outer module still has it, and it is how a second module can slip its code under a known path.",
        zh: "当构建中的两个模块都含有同一路径的包时，Go 拒绝选择。这发生在某个目录独立为模块而外层模块的旧版本仍含有它时；别的模块也可借此把代码放到已知路径下。",
    },
    fix: Words {
        en: "Upgrade the outer module to a version without the folder, or exclude one of the two.",
        zh: "把外层模块升级到不含该目录的版本，或排除二者之一。",
    },
    references: &["https://go.dev/ref/spec#Import_declarations"],
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
	example.com/a v0.0.0
	example.com/a/b v0.0.0
)

replace example.com/a => ./rep/a

replace example.com/a/b => ./rep/b
-- m.go --
package m

import _ "example.com/a/b"
-- rep/a/go.mod --
module example.com/a
-- rep/a/b/b.go --
package b
-- rep/b/go.mod --
module example.com/a/b
-- rep/b/b.go --
package b
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
	example.com/a v0.0.0
	example.com/a/b v0.0.0
)

replace example.com/a => ./rep/a

replace example.com/a/b => ./rep/b
-- m.go --
package m

import _ "example.com/a/b"
-- rep/a/go.mod --
module example.com/a
-- rep/a/a.go --
package a
-- rep/b/go.mod --
module example.com/a/b
-- rep/b/b.go --
package b
"#],
    judge: &(judge as fn(&GoModFile, &GoPackages, &PlatformPackages, &mut Findings)),
};

fn judge(
    module: &GoModFile,
    packages: &GoPackages,
    platforms: &PlatformPackages,
    findings: &mut Findings,
) {
    let kinds = [ErrorKind::Ambiguous];
    fault::judge_everywhere(module, packages, platforms, findings, (CHECK.fix, &kinds));
}
