//! `module-new`

use crate::{Check, Group, Words};
use goward_facts::{GoModFile, NewModule, NewModules};
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "module-new",
    group: Group::Integrity,
    title: Words {
        en: "every module that a change brings in was looked at",
        zh: "变更引入的每个模块都有人看过",
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "A new dependency runs in production with the service's rights, and its init functions run before main. With `--since REV` each module that go.mod requires now and did not at REV is named, with what its code reaches for: init functions, os/exec, net, unsafe, plugin, syscall, cgo.",
        zh: "新依赖以服务的权限在生产环境运行，其 init 函数先于 main 执行。使用 `--since REV` 时，逐一列出 go.mod 现在依赖而在 REV 时没有的模块，以及其代码涉及的内容：init 函数、os/exec、net、unsafe、plugin、syscall、cgo。",
    },
    fix: Words {
        en: "Look at the places named. There is nothing to fix where the module is meant: the notice goes with the change.",
        zh: "查看所列位置。若模块确属所需则无需修复：变更合入后提示即消失。",
    },
    references: &["https://go.dev/ref/spec#Package_initialization"],
    closes: &[r#"-- goward.toml --
[integrity]
since = "v1.0.0"
-- go env --
GOMODCACHE=/gomodcache
-- .git/HEAD --
ref: refs/heads/main
-- $ git --no-optional-locks ls-tree --name-only v1.0.0 go.mod --
go.mod
-- $ git --no-optional-locks show v1.0.0:./go.mod --
module example.com/m

require example.com/a v1.0.0
-- go.mod --
module example.com/m

go 1.24.0

require (
	example.com/a v1.1.0
	example.com/b v1.0.0
)
-- /gomodcache/example.com/b@v1.0.0/b.go --
package b

import "os/exec"

func init() { _ = exec.Command("sh").Run() }
"#],
    opens: &[r#"-- goward.toml --
[integrity]
since = "v1.0.0"
-- .git/HEAD --
ref: refs/heads/main
-- $ git --no-optional-locks ls-tree --name-only v1.0.0 go.mod --
go.mod
-- $ git --no-optional-locks show v1.0.0:./go.mod --
module example.com/m

require example.com/a v1.0.0
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.1.0
"#],
    judge: &(judge as fn(&GoModFile, &NewModules, &mut Findings)),
};

fn judge(module: &GoModFile, new: &NewModules, findings: &mut Findings) {
    let Some(go_mod) = module.valid() else {
        return findings.not_applicable(Text::new("there is no go.mod", "没有 go.mod"));
    };
    let Some(since) = &new.since else {
        let why = Text::new(
            "no revision is named: give --since REV",
            "未指定比较的版本：请给出 --since REV",
        );
        return findings.not_applicable(why);
    };
    for new in &new.modules {
        let Some(require) = go_mod.require.iter().find(|require| require.path == new.path) else {
            continue;
        };
        let (en, zh) = reach(new);
        let message = Text::new(
            format!("{} is new since {since}: {en}", new.path),
            format!("{} 自 {since} 以来新增：{zh}", new.path),
        );
        let location = super::span(&require.span);
        let finding = Finding::at(location, new.path.as_str(), message, CHECK.fix.into());
        findings.report(finding.quoting(&module.source()));
    }
}

/// What a module's code reaches for, in both languages.
fn reach(new: &NewModule) -> (String, String) {
    let Some(reach) = &new.reach else {
        return (
            "it is not in the module cache, so nothing is known of its code".into(),
            "模块缓存中没有它，对其代码一无所知".into(),
        );
    };
    let mut said: Vec<(String, String)> = vec![];
    if let Some((file, line)) = reach.inits.first() {
        let count = reach.inits.len();
        said.push((
            format!("init functions in {count} files (first {file}:{line})"),
            format!("{count} 个文件有 init 函数（首个 {file}:{line}）"),
        ));
    }
    for (name, (count, file, line)) in &reach.imports {
        let name = if *name == "C" { "cgo" } else { name };
        said.push((
            format!("{name} in {count} files ({file}:{line})"),
            format!("{count} 个文件使用 {name}（{file}:{line}）"),
        ));
    }
    if said.is_empty() {
        let files = reach.files;
        said.push((
            format!("no init function and no watched import in {files} files"),
            format!("{files} 个文件中没有 init 函数，也没有受关注的导入"),
        ));
    }
    if !new.whole {
        said.push(("only a part of it was looked at".into(), "只查看了其中一部分".into()));
    }
    let (en, zh): (Vec<_>, Vec<_>) = said.into_iter().unzip();
    (en.join(", "), zh.join("，"))
}
