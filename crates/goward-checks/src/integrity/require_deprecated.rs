//! `require-deprecated`

use super::advice;
use crate::{Check, Group, Words};
use goward_facts::{GoModFile, ModuleAdvice};
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "require-deprecated",
    group: Group::Integrity,
    title: Words {
        en: "no direct requirement was given up by its authors",
        zh: "没有作者已弃用的直接依赖",
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "A deprecated module gets no fixes, not for security either. The authors say so in the go.mod of its latest version: offline the latest in the module cache is read, with `--online` the proxy is asked.",
        zh: "已弃用的模块不再得到修复，安全问题也不例外。作者在其最新版本的 go.mod 中声明：离线时读取模块缓存中的最新版本，`--online` 时询问代理。",
    },
    fix: Words {
        en: "Move to what the authors name in its place.",
        zh: "改用作者指明的替代模块。",
    },
    references: &["https://go.dev/ref/mod#go-mod-file-module-deprecation"],
    closes: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- /gomodcache/cache/download/example.com/a/@v/v1.0.0.mod --
// Deprecated: use example.com/a/v2.
module example.com/a
"#],
    opens: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require (
	example.com/a/v2 v2.0.0
	example.com/b v1.0.0 // indirect
)
-- /gomodcache/cache/download/example.com/a/v2/@v/v2.0.0.mod --
module example.com/a/v2
-- /gomodcache/cache/download/example.com/b/@v/v1.0.0.mod --
// Deprecated: not ours to replace.
module example.com/b
"#],
    judge: &(judge as fn(&GoModFile, &ModuleAdvice, &mut Findings)),
};

fn judge(module: &GoModFile, all: &ModuleAdvice, findings: &mut Findings) {
    advice::judge(module, all, findings, |advice, require| {
        let why = advice.deprecated.as_deref().filter(|_| !require.indirect)?;
        let path = &advice.path;
        let message =
            Text::new(format!("{path} is deprecated: {why}"), format!("{path} 已弃用：{why}"));
        Some((path.clone(), message, CHECK.fix))
    });
}
