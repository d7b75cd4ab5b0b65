//! `requirement-indirect`

use super::tidy;
use crate::{Check, Group, Words};
use goward_facts::{GoModFile, ModuleNeeds};
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "requirement-indirect",
    group: Group::Metadata,
    title: Words { en: "`// indirect` says what is so", zh: "`// indirect` 注释与事实一致" },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "The comment tells whoever reads or upgrades go.mod which modules this code itself uses. `go mod tidy` would change the line, so that CI that compares its result fails.",
        zh: "该注释告诉阅读或升级 go.mod 的人，哪些模块由本代码直接使用。`go mod tidy` 会修改该行，比对其结果的 CI 会失败。",
    },
    fix: Words {
        en: "Run `go mod tidy` and commit go.mod.",
        zh: "运行 `go mod tidy` 并提交 go.mod。",
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

require example.com/dep v1.0.0 // indirect
-- a/a.go --
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

require example.com/dep v1.0.0
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
    opens: &[
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

require example.com/dep v1.0.0
-- a/a.go --
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
"#,
    ],
    judge: &(judge as fn(&GoModFile, &ModuleNeeds, &mut Findings)),
};

fn judge(module: &GoModFile, needs: &ModuleNeeds, findings: &mut Findings) {
    let Some(go_mod) = tidy::known(module, needs, findings) else { return };
    for require in &go_mod.require {
        let path = &require.path;
        let is_of_tests = tidy::is_of_tests_of_others(go_mod, needs, path);
        if is_of_tests && !require.indirect && !needs.modules.contains_key(path) {
            let message = Text::new(
                format!(
                    "{path} is not marked `// indirect`, and only tests of other modules need it"
                ),
                format!("{path} 未标 `// indirect`，但只有其他模块的测试需要它"),
            );
            let location = crate::integrity::span(&require.span);
            let finding = Finding::at(location, path.as_str(), message, CHECK.fix.into());
            findings.report(finding.quoting(&module.source()));
        }
        let Some(need) = needs.modules.get(path).filter(|need| need.direct == require.indirect)
        else {
            continue;
        };
        let import = &need.import;
        let message = match need.direct {
            true => Text::new(
                format!("{path} is marked `// indirect`, and this module itself imports {import}"),
                format!("{path} 标有 `// indirect`，但本模块直接导入了 {import}"),
            ),
            false => Text::new(
                format!(
                    "{path} is not marked `// indirect`, and only other modules or a tool line need it"
                ),
                format!("{path} 未标 `// indirect`，但只有其他模块或 tool 行需要它"),
            ),
        };
        let location = crate::integrity::span(&require.span);
        let mut finding = Finding::at(location, path.as_str(), message, CHECK.fix.into());
        finding = finding.quoting(&module.source());
        if need.direct && need.place.is_some() {
            let here = Text::new("imported here", "在此导入");
            finding = finding.related(tidy::place(need), here);
        }
        findings.report(finding);
    }
}
