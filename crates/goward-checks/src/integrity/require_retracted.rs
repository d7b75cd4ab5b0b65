//! `require-retracted`

use super::advice;
use crate::{Check, Group, Words};
use goward_facts::{GoModFile, ModuleAdvice};
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "require-retracted",
    group: Group::Integrity,
    title: Words {
        en: "no required version was retracted by its authors",
        zh: "没有依赖作者已撤回的版本",
    },
    tier: SlaTier::P2,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "Authors retract a version that was published by mistake or turned out to be dangerous; Go goes on building with it and only `go list -m -u -retracted all` says so. The retraction stands in the go.mod of a later version: offline the latest in the module cache is read, with `--online` the proxy is asked.",
        zh: "作者会撤回误发布或被证明危险的版本；Go 仍会用它构建，只有 `go list -m -u -retracted all` 会提示。撤回信息写在更新版本的 go.mod 中：离线时读取模块缓存中的最新版本，`--online` 时询问代理。",
    },
    fix: Words {
        en: "`go get MODULE@latest`, then `go mod tidy`.",
        zh: "运行 `go get 模块@latest`，再运行 `go mod tidy`。",
    },
    references: &["https://go.dev/ref/mod#go-mod-file-retract"],
    closes: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- /gomodcache/cache/download/example.com/a/@v/v1.0.0.mod --
module example.com/a
-- /gomodcache/cache/download/example.com/a/@v/v1.0.1.mod --
module example.com/a

retract v1.0.0 // loses payments
"#],
    opens: &[
        r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.1
-- /gomodcache/cache/download/example.com/a/@v/v1.0.1.mod --
module example.com/a

retract [v0.9.0, v1.0.0]
"#,
        r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
"#,
    ],
    judge: &(judge as fn(&GoModFile, &ModuleAdvice, &mut Findings)),
};

fn judge(module: &GoModFile, all: &ModuleAdvice, findings: &mut Findings) {
    advice::judge(module, all, findings, |advice, _| {
        let why = advice.retracted.as_deref()?;
        let (path, version) = (&advice.path, &advice.version);
        let reason = if why.is_empty() { String::new() } else { format!(": {why}") };
        let message = Text::new(
            format!("{path} {version} was retracted{reason}"),
            format!("{path} {version} 已被撤回{reason}"),
        );
        Some((format!("{path} {version}"), message, CHECK.fix))
    });
}
