//! `requirement-missing`

use super::tidy;
use crate::{Check, Group, Words};
use goward_facts::{GoModFile, GoPackages, ModuleNeeds};
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "requirement-missing",
    group: Group::Metadata,
    title: Words {
        en: "go.mod lists every module that is needed",
        zh: "go.mod 列出所需的每个模块",
    },
    tier: SlaTier::P2,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "Since Go 1.17 go.mod lists every module that offers an imported package, for all platforms and tests. Where one is left out, the build for another platform or the tests stop with `updates to go.mod needed` or `no required module provides package`, long after the build here was green.",
        zh: "自 Go 1.17 起，go.mod 要列出为所有平台及测试提供包的每个模块。缺少时，本机构建虽已通过，其他平台的构建或测试仍会以 `updates to go.mod needed` 或 `no required module provides package` 中止。",
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
-- a/a_windows.go --
package a

import _ "example.com/dep"
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

require example.com/mid v1.0.0
-- a/a.go --
package a

import _ "example.com/mid"
-- /gomodcache/cache/download/example.com/mid/@v/v1.0.0.mod --
module example.com/mid

go 1.24.0

require example.com/dep v1.0.0
-- /gomodcache/example.com/mid@v1.0.0/go.mod --
module example.com/mid

go 1.24.0

require example.com/dep v1.0.0
-- /gomodcache/example.com/mid@v1.0.0/mid_windows.go --
package mid

import _ "example.com/dep"
-- /gomodcache/example.com/mid@v1.0.0/mid.go --
package mid
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

require example.com/mid v1.0.0

require example.com/dep v1.0.0 // indirect
-- a/a.go --
package a

import _ "example.com/mid"
-- /gomodcache/cache/download/example.com/mid/@v/v1.0.0.mod --
module example.com/mid

go 1.24.0

require example.com/dep v1.0.0
-- /gomodcache/example.com/mid@v1.0.0/go.mod --
module example.com/mid

go 1.24.0

require example.com/dep v1.0.0
-- /gomodcache/example.com/mid@v1.0.0/mid_windows.go --
package mid

import _ "example.com/dep"
-- /gomodcache/example.com/mid@v1.0.0/mid.go --
package mid
-- /gomodcache/cache/download/example.com/dep/@v/v1.0.0.mod --
module example.com/dep

go 1.24.0
-- /gomodcache/example.com/dep@v1.0.0/go.mod --
module example.com/dep

go 1.24.0
-- /gomodcache/example.com/dep@v1.0.0/dep.go --
package dep
"#],
    judge: &(judge as fn(&GoModFile, &GoPackages, &ModuleNeeds, &mut Findings)),
};

fn judge(module: &GoModFile, packages: &GoPackages, needs: &ModuleNeeds, findings: &mut Findings) {
    let Some(go_mod) = tidy::known(module, needs, findings) else { return };
    let lists = |path: &str| go_mod.require.iter().any(|require| require.path == path);
    // Before Go 1.17 only what is imported directly had to be listed.
    let is_pruned = go_mod
        .go
        .as_ref()
        .is_some_and(|go| gomod::go_version::compare(&go.version, "1.17").is_ge());
    for (path, need) in &needs.modules {
        if !lists(path) && (is_pruned || need.direct) {
            let (import, importer) = (&need.import, &need.importer);
            let message = Text::new(
                format!(
                    "{path} offers {import}, which {importer} imports, and go.mod does not list it"
                ),
                format!("{importer} 导入的 {import} 由 {path} 提供，但 go.mod 未列出它"),
            );
            findings.report(Finding::at(
                tidy::place(need),
                path.as_str(),
                message,
                CHECK.fix.into(),
            ));
        }
    }
    // A package of the module itself is in no other: `import-missing` names it.
    let own = module.module_path().unwrap_or_default();
    let is_own = |path: &str| {
        path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    for (path, need) in needs.missing.iter().filter(|(path, _)| !is_own(path)) {
        let is_here = packages.faults.iter().any(|fault| fault.package == *path);
        let (elsewhere, elsewhere_zh) = match is_here {
            true => Default::default(),
            false => (
                " (this build does not need it: another platform, other tags or a tool does)",
                "（本次构建不需要它，其他平台、标签或工具需要）",
            ),
        };
        let importer = if need.importer.is_empty() { "go.mod" } else { &need.importer };
        let message = Text::new(
            format!(
                "{path}, which {importer} imports, is in no module that go.mod requires{elsewhere}"
            ),
            format!("{importer} 导入的 {path} 不在 go.mod 所需的任何模块中{elsewhere_zh}"),
        );
        findings.report(Finding::at(tidy::place(need), path.as_str(), message, CHECK.fix.into()));
    }
}
