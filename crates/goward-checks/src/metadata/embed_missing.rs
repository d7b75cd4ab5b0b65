//! `embed-missing`

use super::fault;
use crate::{Check, Group, Words};
use gopackages::ErrorKind;
use goward_facts::{GoModFile, GoPackages, PlatformPackages};
use goward_model::{Findings, SlaTier};

pub(crate) static CHECK: Check = Check {
    id: "embed-missing",
    group: Group::Metadata,
    title: Words {
        en: "every //go:embed pattern matches files that may be embedded",
        zh: "每个 //go:embed 模式都匹配可嵌入的文件",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "A pattern without a match, a link or a folder with a go.mod of its own stops the build. Most often the file is made by another step, or git ignores it: then it builds on one machine and not on another.",
        zh: "没有匹配、匹配到链接或带有自己 go.mod 的目录时，构建会中止。最常见的是文件由其他步骤生成或被 git 忽略：于是在一台机器上能构建而在另一台上不能。",
    },
    fix: Words {
        en: "Commit the files, correct the pattern, or make them before the build.",
        zh: "提交这些文件、更正模式，或在构建前生成它们。",
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

import _ "embed"

//go:embed gone.txt
var text string
-- /goroot/src/embed/embed.go --
package embed
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

import _ "embed"

//go:embed there.txt
var text string
-- a/there.txt --
x
-- /goroot/src/embed/embed.go --
package embed
"#],
    judge: &(judge as fn(&GoModFile, &GoPackages, &PlatformPackages, &mut Findings)),
};

fn judge(
    module: &GoModFile,
    packages: &GoPackages,
    platforms: &PlatformPackages,
    findings: &mut Findings,
) {
    let kinds = [ErrorKind::Embed];
    fault::judge_everywhere(module, packages, platforms, findings, (CHECK.fix, &kinds));
}
