//! `package-excluded`

use super::fault;
use crate::{Check, Group, Words};
use gopackages::ErrorKind;
use goward_facts::{GoModFile, GoPackages};
use goward_model::{Findings, SlaTier};

pub(crate) static CHECK: Check = Check {
    id: "package-excluded",
    group: Group::Metadata,
    title: Words {
        en: "every imported package has files for this platform",
        zh: "每个被导入的包都有适用于本平台的文件",
    },
    tier: SlaTier::P0,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "Where file names and build constraints leave nothing of an imported package for this GOOS, GOARCH and tags, or nothing but tests, the build stops; `go list` and `go vet` may not notice. It is a platform that somebody forgot.",
        zh: "若文件名与构建约束使被导入的包在本 GOOS、GOARCH 与 tags 下没有任何文件或只剩测试文件，构建会中止；`go list` 与 `go vet` 可能发现不了。这是被遗漏的平台。",
    },
    fix: Words {
        en: "Add a file to the package that this platform and these tags build, or put the import into a file that is built only where the package is (the same `//go:build` line).",
        zh: "为该包添加本平台与这些 tags 会构建的文件，或把该导入放入仅在该包可用处才构建的文件（相同的 `//go:build` 行）。",
    },
    references: &["https://go.dev/ref/spec#Import_declarations"],
    closes: &[
        r#"-- go env --
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
-- b/b_windows.go --
package b
"#,
        r#"-- go env --
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
-- b/b_windows.go --
package b
-- b/b_test.go --
package b
"#,
        r#"-- go env --
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
-- b/b_test.go --
package b
"#,
    ],
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
-- b/b_windows.go --
package b
-- b/b.go --
package b
"#],
    judge: &(judge as fn(&GoModFile, &GoPackages, &mut Findings)),
};

fn judge(module: &GoModFile, packages: &GoPackages, findings: &mut Findings) {
    fault::judge(module, packages, findings, CHECK.fix, &[ErrorKind::NoGo]);
}
