//! `platform-excluded`

use super::fault;
use crate::{Check, Group, Words};
use gopackages::ErrorKind;
use goward_facts::PlatformPackages;
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "platform-excluded",
    group: Group::Metadata,
    title: Words {
        en: "every imported package has files for each released platform",
        zh: "每个被导入的包在每个发布平台上都有文件",
    },
    tier: SlaTier::P2,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "A build here says nothing of a platform that is only released: where constraints leave no file of an imported package there, that release stops. `metadata.platforms` names the platforms; nothing is compiled for them.",
        zh: "本机构建无法说明其他发布平台的情况：若构建约束使某个被导入的包在那里没有任何文件，该平台的发布会中止。`metadata.platforms` 列出这些平台；检查时不会编译。",
    },
    fix: Words {
        en: "Add a file for that platform, or put the import into a file with the same constraint.",
        zh: "为该平台添加文件，或把该导入放入具有相同约束的文件。",
    },
    references: &["https://pkg.go.dev/cmd/go#hdr-Build_constraints"],
    closes: &[r#"-- go env --
GOMODCACHE=/gomodcache
GOROOT=/goroot
GOOS=linux
GOARCH=amd64
GOVERSION=go1.26.8
-- go.mod --
module example.com/m

go 1.24.0
-- goward.toml --
[metadata]
platforms = ["windows/amd64"]
-- a/a.go --
package a

import _ "example.com/m/b"
-- b/b_linux.go --
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
-- goward.toml --
[metadata]
platforms = ["windows/amd64"]
-- a/a_linux.go --
package a

import _ "example.com/m/b"
-- b/b_linux.go --
package b
"#],
    judge: &(judge as fn(&PlatformPackages, &mut Findings)),
};

fn judge(packages: &PlatformPackages, findings: &mut Findings) {
    if let Some(why) = &packages.unknown {
        return why.tell(findings);
    }
    if packages.platforms.is_empty() {
        let (en, zh) = (
            "the policy names no platforms (metadata.platforms)",
            "策略未列出平台（metadata.platforms）",
        );
        return findings.not_applicable(Text::new(en, zh));
    }
    for (platform, fault) in packages.faults.iter().filter(|(_, one)| one.kind == ErrorKind::NoGo) {
        findings.report(fault::on_platform(platform, fault, CHECK.fix));
    }
    if !packages.absent.is_empty() {
        findings.unknown(fault::absent(&packages.absent));
    }
    let platforms = packages.platforms.join(", ");
    findings.note(Text::new(format!("looked at for {platforms}"), format!("已检查 {platforms}")));
}
