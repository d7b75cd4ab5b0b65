//! `internal-import`

use super::fault;
use crate::{Check, Group, Words};
use gopackages::ErrorKind;
use goward_facts::{GoModFile, GoPackages, PlatformPackages};
use goward_model::{Findings, SlaTier};

pub(crate) static CHECK: Check = Check {
    id: "internal-import",
    group: Group::Metadata,
    title: Words {
        en: "internal packages are imported from within only",
        zh: "internal 包只被其内部导入",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "A package below `internal` may be imported only by what lies beside that folder or below; Go refuses anything else. It is found here before anything is compiled, with the place of the import.",
        zh: "`internal` 之下的包只能被与该目录并列或在其下的代码导入；Go 拒绝其他导入。这里在编译之前就能发现，并给出导入处。",
    },
    fix: Words {
        en: "Move the package out of `internal`, or use what its owner exports.",
        zh: "把包移出 `internal`，或使用其所有者导出的内容。",
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
-- a/internal/i/i.go --
package i
-- b/b.go --
package b

import _ "example.com/m/a/internal/i"
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
-- a/internal/i/i.go --
package i
-- a/b/b.go --
package b

import _ "example.com/m/a/internal/i"
"#],
    judge: &(judge as fn(&GoModFile, &GoPackages, &PlatformPackages, &mut Findings)),
};

fn judge(
    module: &GoModFile,
    packages: &GoPackages,
    platforms: &PlatformPackages,
    findings: &mut Findings,
) {
    let kinds = [ErrorKind::Internal, ErrorKind::Vendored];
    fault::judge_everywhere(module, packages, platforms, findings, (CHECK.fix, &kinds));
}
