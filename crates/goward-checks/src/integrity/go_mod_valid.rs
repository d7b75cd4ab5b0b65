//! `go-mod-valid`

use crate::{Check, Group, Words};
use goward_facts::GoModFile;
use goward_model::{Finding, Findings, Location, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "go-mod-valid",
    group: Group::Integrity,
    title: Words {
        en: "go.mod is there and Go can read it", zh: "go.mod 存在且可被 Go 读取"
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "Without a go.mod that Go accepts there is no build, and nothing else about modules can be judged.",
        zh: "没有 Go 可接受的 go.mod 就无法构建，其他模块检查也无从判断。",
    },
    fix: Words {
        en: "Correct the line; `go mod edit -json` shows what Go reads.",
        zh: "更正该行；`go mod edit -json` 可显示 Go 的解析结果。",
    },
    references: &["https://go.dev/ref/mod#go-mod-file"],
    closes: &[
        r#"-- go.mod --
module example.com/m

require (
	example.com/a 1.0.0
)
"#,
        r#"-- main.go --
package main
"#,
        r#"-- go.mod --
module example.com/m:n
"#,
    ],
    opens: &[r#"-- go.mod --
module example.com/m

go 1.24.0
"#],
    judge: &(judge as fn(&GoModFile, &mut Findings)),
};

fn judge(file: &GoModFile, findings: &mut Findings) {
    if file.text.is_none() {
        // The folder of a go.work need not be a module.
        if file.beside_work {
            return findings.unknown(Text::new(
                "the folder of go.work is no module: check each module that it uses",
                "go.work 所在目录不是模块：请逐一检查其所用的各模块",
            ));
        }
        let message = Text::new("there is no go.mod", "没有 go.mod");
        let help = Text::new("run `go mod init`", "运行 `go mod init`");
        findings.report(Finding::at(Location::whole("go.mod"), "missing", message, help));
        return;
    }
    let wrong: Vec<(Location, String)> = match &file.parsed {
        Ok(go_mod) => match go_mod.main_module() {
            Ok(module) => bad_paths(go_mod, module),
            Err(err) => vec![(Location::whole("go.mod"), err.to_string())],
        },
        Err(errors) => errors.iter().map(|err| (place(err), err.message.clone())).collect(),
    };
    for (location, why) in wrong {
        let message = Text::new(
            format!("Go cannot read go.mod: {why}"),
            format!("Go 无法读取 go.mod：{why}"),
        );
        let finding = Finding::at(location, why, message, CHECK.fix.into());
        findings.report(finding.quoting(&file.source()));
    }
}

/// Paths that the go command refuses, though they can be read: the module's own, its tools' and its
/// requirements'.
fn bad_paths(go_mod: &gomod::GoMod, module: &gomod::Module) -> Vec<(Location, String)> {
    let tools = go_mod.tool.iter().map(|tool| (&tool.path, tool.span));
    // Go takes any name for what a folder replaces.
    let remote = |require: &&gomod::Require| {
        let replaced = goward_facts::replacement_of(go_mod, &require.path, &require.version);
        !matches!(replaced, Some(gomod::Replacement::Directory(_)))
    };
    let requires = go_mod.require.iter().filter(remote);
    let requires = requires.map(|require| (&require.path, require.span));
    let paths = std::iter::once((&module.path, module.span)).chain(tools).chain(requires);
    let wrong = paths.filter_map(|(path, span)| {
        let err = gomod::module_path::check_import(path).err()?;
        let line = u32::try_from(span.start.line).unwrap_or(u32::MAX);
        Some((Location::point("go.mod", line, 1), err.to_string()))
    });
    wrong.collect()
}

fn place(err: &gomod::Error) -> Location {
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Location::point("go.mod", small(err.line), small(err.column))
}
