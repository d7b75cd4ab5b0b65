//! `build-list`

use crate::{Check, Group, Words};
use goward_facts::{BuildLists, GoModFile, GoPackages, Listed, Unlisted};
use goward_model::{Finding, Findings, Location, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "build-list",
    group: Group::Integrity,
    title: Words {
        en: "go.mod says which versions are built, and Go need not change it",
        zh: "go.mod 确定了构建所用的版本，Go 无需改动它",
    },
    tier: SlaTier::P0,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "Minimal version selection is computed here as the go command does it, from the module cache, without running Go. Where a requirement is lower than what the graph selects, a replacement contradicts another, a module that is built from is not listed or go.work is older than its modules, `go build` stops, or with -mod=mod changes go.mod on its own: then what is built is not what was reviewed.",
        zh: "这里按 go 命令的方式、基于模块缓存、不运行 Go 计算最小版本选择。若某个依赖版本低于图中选定的版本、replace 相互矛盾、参与构建的模块未列出或 go.work 比其模块旧，`go build` 会中止，或在 -mod=mod 下自行改动 go.mod：那样构建的就不是审查过的内容。",
    },
    fix: Words {
        en: "Run `go mod tidy` (in a workspace `go work sync`) and commit the change.",
        zh: "运行 `go mod tidy`（工作区中用 `go work sync`）并提交改动。",
    },
    references: &[
        "https://go.dev/ref/mod#minimal-version-selection",
        "https://go.dev/ref/mod#graph-pruning",
    ],
    closes: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0

require example.com/b v1.0.0 // indirect
-- /gomodcache/cache/download/example.com/a/@v/v1.0.0.mod --
module example.com/a

go 1.24.0

require example.com/b v1.1.0
-- /gomodcache/cache/download/example.com/b/@v/v1.0.0.mod --
module example.com/b

go 1.24.0
-- /gomodcache/cache/download/example.com/b/@v/v1.1.0.mod --
module example.com/b

go 1.24.0
"#],
    opens: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0

require example.com/b v1.1.0 // indirect
-- /gomodcache/cache/download/example.com/a/@v/v1.0.0.mod --
module example.com/a

go 1.24.0

require example.com/b v1.1.0
-- /gomodcache/cache/download/example.com/b/@v/v1.1.0.mod --
module example.com/b

go 1.24.0
"#],
    judge: &(judge as fn(&GoModFile, &BuildLists, &GoPackages, &mut Findings)),
};

/// What this build needs and go.mod does not list.
fn unlisted(module: &GoModFile, packages: &GoPackages, findings: &mut Findings) {
    for one in &packages.unlisted {
        let Unlisted { module: path, version, package, importer, importing_module } = one;
        let message = Text::new(
            format!(
                "Go refuses to build (`updates to go.mod needed`): {path} {version} offers {package}, which {importer} imports, and go.mod does not list it"
            ),
            format!(
                "Go 拒绝构建（`updates to go.mod needed`）：{importer} 导入的 {package} 由 {path} {version} 提供，但 go.mod 未列出它"
            ),
        );
        let required = module.valid().and_then(|go_mod| {
            go_mod.require.iter().find(|require| require.path == *importing_module)
        });
        let location = required.map_or(Location::whole("go.mod"), |at| super::span(&at.span));
        let finding = Finding::at(location, path.as_str(), message, CHECK.fix.into());
        findings.report(finding.quoting(&module.source()));
    }
}

fn judge(module: &GoModFile, lists: &BuildLists, packages: &GoPackages, findings: &mut Findings) {
    unlisted(module, packages, findings);
    match &lists.build {
        Listed::List(list) => {
            let modules = list.modules().iter().filter(|module| !module.is_main()).count();
            findings.note(Text::new(
                format!("{modules} modules are selected"),
                format!("共选定 {modules} 个模块"),
            ));
        }
        Listed::NoModule => super::no_module(module, findings),
        Listed::NotDownloaded(_) if packages.vendored => {
            findings.not_applicable(super::from_vendor());
        }
        Listed::NotDownloaded(_) if packages.known && packages.from_list => {
            findings.not_applicable(Text::new(
                "the packages come from a listing: who made it had the build list",
                "包来自清单：生成清单者拥有构建列表",
            ));
        }
        Listed::NotDownloaded(why) => match super::reads_no_more(packages) {
            Some(note) => findings.note(note),
            None => findings.unknown(why.clone()),
        },
        Listed::Refused(err) => {
            let message =
                Text::new(format!("Go refuses to build: {err}"), format!("Go 拒绝构建：{err}"));
            let first = err.lines().next().unwrap_or_default().to_owned();
            let finding = Finding::at(Location::whole("go.mod"), first, message, CHECK.fix.into());
            findings.report(finding.quoting(&module.source()));
        }
    }
}
