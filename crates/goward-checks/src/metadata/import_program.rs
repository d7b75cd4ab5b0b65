//! `import-program`

use super::fault;
use crate::{Check, Group, Words};
use gopackages::ErrorKind;
use goward_facts::{GoModFile, GoPackages, PlatformPackages};
use goward_model::{Findings, SlaTier};

pub(crate) static CHECK: Check = Check {
    id: "import-program",
    group: Group::Metadata,
    title: Words { en: "no program is imported", zh: "没有导入程序（main 包）" },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "A package `main` cannot be imported by other directories; Go stops there.",
        zh: "`main` 包不能被其他目录导入；Go 会在此中止。",
    },
    fix: Words {
        en: "Move what is shared into a package of its own that both import.",
        zh: "把共用部分移到二者都导入的独立包中。",
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

import _ "example.com/m/cmd"
-- cmd/main.go --
package main

func main() {}
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
-- cmd/main.go --
package main

import _ "example.com/m/a"

func main() {}
"#],
    judge: &(judge as fn(&GoModFile, &GoPackages, &PlatformPackages, &mut Findings)),
};

fn judge(
    module: &GoModFile,
    packages: &GoPackages,
    platforms: &PlatformPackages,
    findings: &mut Findings,
) {
    let kinds = [ErrorKind::Program];
    fault::judge_everywhere(module, packages, platforms, findings, (CHECK.fix, &kinds));
}
