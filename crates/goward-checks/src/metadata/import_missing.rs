//! `import-missing`

use super::fault;
use crate::{Check, Group, Words};
use gopackages::ErrorKind;
use goward_facts::{GoModFile, GoPackages, PlatformPackages};
use goward_model::{Findings, SlaTier};

pub(crate) static CHECK: Check = Check {
    id: "import-missing",
    group: Group::Metadata,
    title: Words { en: "every import leads to a package", zh: "每处导入都指向一个包" },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "An import that no required module and no folder offers stops the build, as a rule after everything before it was compiled: a file was not committed, a requirement is missing in go.mod, or vendor was not renewed.",
        zh: "若某处导入在任何依赖模块与目录中都不存在，构建会中止，通常是在其之前的内容都编译完之后：要么文件没有提交，要么 go.mod 缺少依赖，要么 vendor 没有更新。",
    },
    fix: Words {
        en: "Commit the package, correct the path, or run `go get` for its module and commit go.mod and go.sum (with a vendor folder also `go mod vendor`).",
        zh: "提交该包、更正路径，或对其模块运行 `go get` 并提交 go.mod 与 go.sum（有 vendor 目录时还要 `go mod vendor`）。",
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
-- a/a.go --
package a

import _ "example.com/m/gone"
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
-- a/a.go --
package a

import _ "example.com/m/b"
-- b/b.go --
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
    let kinds = [ErrorKind::Missing, ErrorKind::NotRequired, ErrorKind::InvalidImport];
    fault::judge_everywhere(module, packages, platforms, findings, (CHECK.fix, &kinds));
}
