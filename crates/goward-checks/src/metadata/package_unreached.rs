//! `package-unreached`

use crate::{Check, Group, Words};
use goward_facts::PackageReach;
use goward_model::{Finding, Findings, Location, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "package-unreached",
    group: Group::Metadata,
    title: Words {
        en: "every internal package is reached by a program or a test",
        zh: "每个 internal 包都有程序或测试会用到",
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "Where a module has programs, an internal package that none of them and no test imports is compiled by `./...`, scanned and maintained for nobody. Nothing is said of a package that other modules can import, since nobody can know who does, and of one that some file of the module names in a path: a test may read it, `go generate` may use it.",
        zh: "模块有程序时，若某个 internal 包既不被任何程序导入，也没有任何测试用到，则 `./...` 仍会编译它、扫描它、维护它，却无人受益。其他模块可以导入的包不在此列，因为无从得知谁在使用；模块中有文件在路径里提到的包也不在此列：测试可能读取它，`go generate` 可能用到它。",
    },
    fix: Words {
        en: "Delete it if nothing outside of Go files uses it; otherwise import it or give it a test.",
        zh: "若 Go 文件之外也无人使用，则删除它；否则导入它或为它编写测试。",
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
-- internal/old/old.go --
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
-- public/public.go --
package public
-- internal/fixtures/f.go --
package fixtures
-- lib/lib.go --
package lib
-- lib/lib_test.go --
package lib_test

import _ "example.com/m/lib"

var read = "../internal/fixtures/f.go"
"#],
    judge: &(judge as fn(&PackageReach, &mut Findings)),
};

fn judge(reach: &PackageReach, findings: &mut Findings) {
    if let Some(why) = &reach.unknown {
        return why.tell(findings);
    }
    for (package, file) in &reach.unreached {
        let message = Text::new(
            format!(
                "{package}: no program and no test of this module reaches it on any platform, and no other module can import it"
            ),
            format!("{package}：在任何平台上，本模块都没有程序或测试用到它，其他模块也无法导入它"),
        );
        let location = Location::whole(file.as_str());
        findings.report(Finding::at(location, package.as_str(), message, CHECK.fix.into()));
    }
}
