//! `requirement-unused`

use super::tidy;
use crate::{Check, Group, Words};
use goward_facts::{GoModFile, ModuleNeeds};
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "requirement-unused",
    group: Group::Metadata,
    title: Words { en: "every requirement is used", zh: "每条 require 都有用处" },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "A module that no package and no test imports on any platform is still downloaded, checked and scanned, raises versions of others, and its vulnerabilities are reported as yours. It is what `go mod tidy` would remove; CI that compares its result fails.",
        zh: "任何平台上都没有包或测试导入的模块仍会被下载、校验与扫描，会抬高其他模块的版本，其漏洞也会算在你头上。`go mod tidy` 会将其移除，比对其结果的 CI 会失败。",
    },
    fix: Words {
        en: "Run `go mod tidy` and commit go.mod and go.sum.",
        zh: "运行 `go mod tidy` 并提交 go.mod 与 go.sum。",
    },
    references: &["https://go.dev/ref/mod#go-mod-tidy"],
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

require example.com/dep v1.0.0
-- a/a.go --
package a
-- /gomodcache/cache/download/example.com/dep/@v/v1.0.0.mod --
module example.com/dep

go 1.24.0
-- /gomodcache/example.com/dep@v1.0.0/go.mod --
module example.com/dep

go 1.24.0
-- /gomodcache/example.com/dep@v1.0.0/dep.go --
package dep
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

require example.com/dep v1.0.0 // indirect
-- a/a.go --
package a
-- /gomodcache/cache/download/example.com/dep/@v/v1.0.0.mod --
module example.com/dep

go 1.24.0
-- /gomodcache/example.com/dep@v1.0.0/go.mod --
module example.com/dep

go 1.24.0
-- /gomodcache/example.com/dep@v1.0.0/dep.go --
package dep
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

require example.com/dep v1.0.0
-- a/a.go --
package a
-- a/a_windows.go --
package a

import _ "example.com/dep"
-- /gomodcache/cache/download/example.com/dep/@v/v1.0.0.mod --
module example.com/dep

go 1.24.0
-- /gomodcache/example.com/dep@v1.0.0/go.mod --
module example.com/dep

go 1.24.0
-- /gomodcache/example.com/dep@v1.0.0/dep.go --
package dep
"#],
    judge: &(judge as fn(&GoModFile, &ModuleNeeds, &mut Findings)),
};

fn judge(module: &GoModFile, needs: &ModuleNeeds, findings: &mut Findings) {
    let Some(go_mod) = tidy::known(module, needs, findings) else { return };
    if let Some((path, _)) = needs.missing.first_key_value() {
        // What it imports may need what seems to be unused.
        return findings.not_applicable(Text::new(
            format!("{path} is imported and not there, so what it needs is not known"),
            format!("导入的 {path} 不存在，因此它需要什么未知"),
        ));
    }
    for require in &go_mod.require {
        let path = &require.path;
        if needs.modules.contains_key(path) || tidy::is_of_tests_of_others(go_mod, needs, path) {
            continue;
        }
        // An indirect requirement may hold a version for the tests of others.
        let may_be_theirs = needs.for_tests_of_others.as_ref().is_none_or(|all| all.contains(path));
        if require.indirect && may_be_theirs {
            continue;
        }
        let message = Text::new(
            format!("{path} is required, and no package and no test imports it on any platform"),
            format!("require 了 {path}，但任何平台上都没有包或测试导入它"),
        );
        let location = crate::integrity::span(&require.span);
        let finding = Finding::at(location, path.as_str(), message, CHECK.fix.into());
        findings.report(finding.quoting(&module.source()));
    }
}
