//! `package-unreached`

use crate::{Check, Group, Words};
use goward_facts::PackageReach;
use goward_model::{Finding, Findings, Location, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "package-unreached",
    group: Group::Metadata,
    title: Words {
        en: "every package is reached by a program or a test",
        zh: "每个包都有程序或测试会用到",
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "Where a module has programs, a package that none of them and no test imports is compiled by `./...`, scanned and maintained for nobody. Either it is dead, or it is for others and has no test that would notice when it breaks.",
        zh: "模块有程序时，若某个包既不被任何程序导入，也没有任何测试用到，则 `./...` 仍会编译它、扫描它、维护它，却无人受益。它要么已无用，要么供他人使用却没有测试能发现其损坏。",
    },
    fix: Words {
        en: "Delete it, import it, or give it a test.",
        zh: "删除它、导入它，或为它编写测试。",
    },
    references: &["https://pkg.go.dev/cmd/go#hdr-List_packages_or_modules"],
    closes: &[r#"-- go env --
GOMODCACHE=/gomodcache
GOROOT=/goroot
GOOS=linux
GOARCH=amd64
GOVERSION=go1.26.8
-- go.mod --
module example.com/m

go 1.24.0
-- cmd/p/main.go --
package main

import _ "example.com/m/a"

func main() {}
-- a/a.go --
package a
-- old/old.go --
package old
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
-- cmd/p/main.go --
package main

import _ "example.com/m/a"

func main() {}
-- a/a.go --
package a
-- win/win.go --
package win
-- cmd/p/p_windows.go --
package main

import _ "example.com/m/win"
-- lib/lib.go --
package lib
-- lib/lib_test.go --
package lib_test

import _ "example.com/m/lib"
"#],
    judge: &(judge as fn(&PackageReach, &mut Findings)),
};

fn judge(reach: &PackageReach, findings: &mut Findings) {
    if let Some(why) = &reach.unknown {
        return findings.not_applicable(why.clone());
    }
    for (package, file) in &reach.unreached {
        let message = Text::new(
            format!("{package}: no program and no test of this module reaches it on any platform"),
            format!("{package}：在任何平台上，本模块都没有程序或测试用到它"),
        );
        let location = Location::whole(file.as_str());
        findings.report(Finding::at(location, package.as_str(), message, CHECK.fix.into()));
    }
}
