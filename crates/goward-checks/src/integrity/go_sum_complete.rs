//! `go-sum-complete`

use crate::{Check, Group, Words};
use gomod::ModuleVersion;
use goward_facts::{BuildLists, GoModFile, GoPackages, GoSumFile, Listed, Workspace};
use goward_model::{Finding, Findings, Location, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "go-sum-complete",
    group: Group::Integrity,
    title: Words {
        en: "go.sum covers what the build reads: every go.mod that decides, every module that is searched",
        zh: "go.sum 覆盖构建所读取的内容：参与选择的每个 go.mod、被查找的每个模块",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-sum-valid"],
    why: Words {
        en: "The go.mod files of the dependencies decide which versions are built. Each that Go reads must have a line in go.sum (in a workspace, in any go.sum or in go.work.sum), and so must each module in which Go looks for a package of the build or its tests, even if it is found elsewhere: without it the build stops, or takes what the proxy of the day gives. Both are computed from the module cache, without running Go, for this machine's GOOS, GOARCH and tags; `go list -deps -test ./...` fails for the same lines.",
        zh: "依赖的 go.mod 决定构建哪些版本。Go 读取的每个 go.mod 都必须在 go.sum 中有一行（工作区中则在任一 go.sum 或 go.work.sum 中）；Go 为构建及其测试查找包的每个模块也必须有一行，即使包最终在别处找到：否则构建会中止，或采用代理当天给出的内容。两者均基于模块缓存、不运行 Go，按本机的 GOOS、GOARCH 与 tags 计算；`go list -deps -test ./...` 会因同样的行而失败。",
    },
    fix: Words {
        en: "Run `go mod tidy` (in a workspace `go work sync`) and commit go.sum.",
        zh: "运行 `go mod tidy`（工作区中用 `go work sync`）并提交 go.sum。",
    },
    references: &["https://go.dev/ref/mod#go-sum-files"],
    closes: &[
        r#"-- go env --
GOMODCACHE=/gomodcache
GOOS=linux
GOARCH=amd64
GOVERSION=go1.26.8
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0

require example.com/b v1.0.0 // indirect
-- go.sum --
example.com/a v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/a v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/b v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
-- main.go --
package main

import _ "example.com/a"
-- /gomodcache/cache/download/example.com/a/@v/v1.0.0.mod --
module example.com/a

go 1.24.0

require example.com/b v1.0.0
-- /gomodcache/cache/download/example.com/b/@v/v1.0.0.mod --
module example.com/b

go 1.24.0
-- /gomodcache/example.com/a@v1.0.0/a.go --
package a

import _ "example.com/b/c"
-- /gomodcache/example.com/b@v1.0.0/c/c.go --
package c
"#,
        r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
-- /gomodcache/cache/download/example.com/a/@v/v1.0.0.mod --
module example.com/a

go 1.24.0
"#,
    ],
    opens: &[
        r#"-- go env --
GOMODCACHE=/gomodcache
GOOS=linux
GOARCH=amd64
GOVERSION=go1.26.8
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0

require example.com/b v1.0.0 // indirect
-- go.sum --
example.com/a v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/a v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/b v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/b v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
-- main.go --
package main

import _ "example.com/a"
-- /gomodcache/cache/download/example.com/a/@v/v1.0.0.mod --
module example.com/a

go 1.24.0

require example.com/b v1.0.0
-- /gomodcache/cache/download/example.com/b/@v/v1.0.0.mod --
module example.com/b

go 1.24.0
-- /gomodcache/example.com/a@v1.0.0/a.go --
package a

import _ "example.com/b/c"
-- /gomodcache/example.com/b@v1.0.0/c/c.go --
package c
"#,
        r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
-- /gomodcache/cache/download/example.com/a/@v/v1.0.0.mod --
module example.com/a

go 1.24.0
"#,
    ],
    judge: &(judge
        as fn(&GoModFile, &GoSumFile, &Workspace, &BuildLists, &GoPackages, &mut Findings)),
};

fn judge(
    module: &GoModFile,
    sum: &GoSumFile,
    workspace: &Workspace,
    lists: &BuildLists,
    packages: &GoPackages,
    findings: &mut Findings,
) {
    if packages.from_list {
        return findings.not_applicable(Text::new(
            "the packages come from a listing, which does not say in which modules they were looked for",
            "包来自清单，清单不说明曾在哪些模块中查找",
        ));
    }
    if let Listed::NotDownloaded(why) = &lists.build {
        if packages.vendored {
            return findings.not_applicable(super::from_vendor());
        }
        match super::reads_no_more(packages) {
            Some(note) if packages.by_go => return findings.note(note),
            Some(_) => {}
            None => findings.unknown(why.clone()),
        }
    }
    let Some(list) = super::listed(module, lists, findings) else { return };
    let sums = Sums { own: sum.parsed.as_ref().ok(), workspace };
    let mut report = |one: &ModuleVersion, reader: Reader| {
        let go_mod = reader != Reader::Packages;
        let of = if go_mod { "/go.mod" } else { "" };
        let what = format!("{} {}{of}", one.path, one.version);
        let (en, zh) = reader.words();
        let message = Text::new(
            format!("no go.sum has a line for {what}, {en}"),
            format!("没有任何 go.sum 包含 {what}，{zh}"),
        );
        let required = list.module(&one.path).and_then(|module| module.requirements.first());
        // A requirement of another module of the workspace lies in its go.mod.
        let here = required.filter(|_| workspace.modules.is_empty());
        let location = here.map_or(Location::whole("go.mod"), |at| super::span(&at.span));
        let finding = Finding::at(location, what, message, CHECK.fix.into());
        findings.report(finding.quoting(&module.source()));
    };
    let read = list.go_mods_read();
    let required = |one: &ModuleVersion| {
        let module = list.modules().iter().find(|module| module.content().as_ref() == Some(one));
        module.is_some_and(|module| !module.requirements.is_empty())
    };
    let lazy = packages.known && !packages.needs_graph;
    for one in read.iter().filter(|one| !sums.has(one, true)) {
        report(one, if lazy && !required(one) { Reader::Graph } else { Reader::Build });
    }
    // What go.mod requires directly is judged by `go-sum-direct`.
    let directly = |one: &ModuleVersion| {
        let module = list.modules().iter().find(|module| module.content().as_ref() == Some(one));
        let own = module.filter(|module| module.direct && !module.requirements.is_empty());
        own.is_some() && workspace.modules.is_empty()
    };
    for one in packages.searched.iter().filter(|one| !sums.has(one, false) && !directly(one)) {
        report(one, Reader::Packages);
    }
    if !packages.absent.is_empty() {
        findings.unknown(crate::metadata::absent(&packages.absent));
    }
    findings.note(note(read.len(), packages));
}

/// What Go needs a line for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Any build.
    Build,
    /// Only what asks for the whole graph (lazy loading).
    Graph,
    /// The packages that are imported.
    Packages,
}

impl Reader {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Build => ("which Go reads", "而 Go 要读取它"),
            Self::Graph => (
                "which this build does not read, but `go list -m all` and `go mod tidy` do",
                "本次构建不读取它，但 `go list -m all` 与 `go mod tidy` 要读取",
            ),
            Self::Packages => ("in which Go looks for packages", "而 Go 要在其中查找包"),
        }
    }
}

/// The lines of all go.sum files.
struct Sums<'a> {
    own: Option<&'a gomod::GoSum>,
    workspace: &'a Workspace,
}

impl Sums<'_> {
    fn has(&self, one: &ModuleVersion, go_mod: bool) -> bool {
        let (path, version) = (&one.path, &one.version);
        self.own.is_some_and(|sum| sum.has(path, version, go_mod))
            || self.workspace.has(path, version, go_mod)
    }
}

fn note(read: usize, packages: &GoPackages) -> Text {
    let mut en = format!("{read} go.mod files decide about versions");
    let mut zh = format!("{read} 个 go.mod 参与版本选择");
    if packages.known {
        let (count, modules) = (packages.count, packages.searched.len());
        let platform = &packages.platform;
        en += &format!(
            "; {count} packages (with tests, {platform}) are looked for in {modules} modules"
        );
        zh += &format!("；{count} 个包（含测试，{platform}）在 {modules} 个模块中查找");
        if !packages.absent.is_empty() {
            let absent = packages.absent.len();
            en += &format!(", {absent} of them not downloaded");
            zh += &format!("，其中 {absent} 个未下载");
        }
    }
    Text::new(en, zh)
}
