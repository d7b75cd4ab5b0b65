//! `import-cycle`

use super::fault;
use crate::{Check, Group, Words};
use gopackages::ErrorKind;
use goward_facts::{Fault, GoModFile, GoPackages, PlatformPackages};
use goward_model::{Findings, SlaTier};
use std::collections::BTreeSet;

pub(crate) static CHECK: Check = Check {
    id: "import-cycle",
    group: Group::Metadata,
    title: Words {
        en: "no package imports itself over others", zh: "没有包经由其他包导入自身"
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "Go compiles no cycle, through tests neither, and none that only a platform of `metadata.platforms` has. The cycle is shown as a path with the file and line of each import, where the compiler names only packages.",
        zh: "Go 不编译任何循环导入，经由测试的不行，只在 `metadata.platforms` 所列平台上出现的也不行。这里以路径显示循环，并给出每处导入的文件与行，而编译器只给出包名。",
    },
    fix: Words {
        en: "Move what both need into a package of its own, or turn one of the imports into an interface.",
        zh: "把双方需要的内容移到独立的包中，或把其中一处导入改为接口。",
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

import _ "example.com/m/b"
-- b/b.go --
package b

import _ "example.com/m/a"
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
    fault::judge(module, packages, findings, CHECK.fix, &[ErrorKind::Cycle]);
    let is_here =
        |fault: &Fault| packages.faults.iter().any(|one| same_members(&one.chain, &fault.chain));
    for (platform, fault) in platforms.faults.iter().filter(|(_, one)| one.kind == ErrorKind::Cycle)
    {
        if !is_here(fault) {
            findings.report(fault::on_platform(platform, fault, CHECK.fix));
        }
    }
}

/// Whether two chains are the same cycle, wherever they begin.
fn same_members(one: &[(String, String)], other: &[(String, String)]) -> bool {
    let members = |chain: &[(String, String)]| -> BTreeSet<String> {
        chain.iter().map(|(path, _)| path.clone()).collect()
    };
    members(one) == members(other)
}
