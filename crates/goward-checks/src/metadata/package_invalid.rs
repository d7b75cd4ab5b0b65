//! `package-invalid`

use super::fault;
use crate::{Check, Group, Words};
use gopackages::ErrorKind;
use goward_facts::{GoModFile, GoPackages, PlatformPackages};
use goward_model::{Findings, SlaTier};

pub(crate) static CHECK: Check = Check {
    id: "package-invalid",
    group: Group::Metadata,
    title: Words { en: "every package can be read", zh: "每个包都可读取" },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "A header that cannot be parsed, two packages in one directory, a build constraint that is none or files that no build takes stop `go build`, `go vet` and `go list`. Conflict markers of a merge are the usual cause.",
        zh: "无法解析的文件头、同一目录中的两个包、无效的构建约束或任何构建都不接受的文件会使 `go build`、`go vet` 与 `go list` 中止。常见原因是合并冲突标记。",
    },
    fix: Words {
        en: "Correct the file; `go list -e -json` shows what Go reads.",
        zh: "更正该文件；`go list -e -json` 可显示 Go 的解析结果。",
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
<<<<<<< HEAD
package a
=======
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
-- a/a.go --
package a
"#],
    judge: &(judge as fn(&GoModFile, &GoPackages, &PlatformPackages, &mut Findings)),
};

fn judge(
    module: &GoModFile,
    packages: &GoPackages,
    platforms: &PlatformPackages,
    findings: &mut Findings,
) {
    let kinds =
        [ErrorKind::Syntax, ErrorKind::MultiplePackages, ErrorKind::Files, ErrorKind::Other];
    fault::judge_everywhere(module, packages, platforms, findings, (CHECK.fix, &kinds));
}
