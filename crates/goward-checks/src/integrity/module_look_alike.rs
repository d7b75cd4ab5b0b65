//! `module-look-alike`

use crate::{Check, Group, Words};
use gomod::Why;
use goward_facts::settings::IntegritySettings;
use goward_facts::{BuildLists, GoModFile};
use goward_model::{Finding, Findings, Location, SlaTier, Text};
use std::collections::BTreeSet;

/// Modules that many others require, one on each line: counted over the go.mod files of twenty large
/// public repositories, and completed by hand.
const POPULAR: &str = include_str!("popular_modules.txt");

pub(crate) static CHECK: Check = Check {
    id: "module-look-alike",
    group: Group::Integrity,
    title: Words {
        en: "no module has a name that is almost another's",
        zh: "没有模块的名称与另一个几乎相同",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "Who wants to be built in publishes a module under a name that is easily mistaken for a known one: a letter more, owner and repository swapped, `0` for `o`, `githab.com`. Go has no notion of it. Every selected module is held against the others and against some 300 that everybody uses; modules of one owner, and major versions of one module, are no look-alikes.",
        zh: "想混入构建的人会用容易与知名模块混淆的名称发布模块：多一个字母、所有者与仓库名对调、以 `0` 代 `o`、`githab.com`。Go 对此毫无察觉。每个选定的模块都会与其他模块以及约 300 个广泛使用的模块比较；同一所有者的模块、同一模块的不同主版本不算相似。",
    },
    fix: Words {
        en: "Look at who owns the module and what it does. If it is the right one, name it in `integrity.known`; if not, take it out, and treat what was built with it as compromised.",
        zh: "查明该模块的所有者及其行为。若确属所需，写入 `integrity.known`；若不是，删除它，并将用它构建的制品视为已被攻破。",
    },
    references: &["https://go.dev/blog/supply-chain"],
    closes: &[
        r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require github.com/boltdb-go/bolt v1.3.1
-- /gomodcache/cache/download/github.com/boltdb-go/bolt/@v/v1.3.1.mod --
module github.com/boltdb-go/bolt
"#,
        r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require github.com/gorrilla/mux v1.8.0
-- /gomodcache/cache/download/github.com/gorrilla/mux/@v/v1.8.0.mod --
module github.com/gorrilla/mux
"#,
    ],
    opens: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- goward.toml --
[integrity]
known = ["github.com/gorrilla/mux"]
-- go.mod --
module example.com/m

go 1.24.0

require (
	github.com/gorilla/mux v1.8.0
	github.com/gorrilla/mux v1.8.0
)
-- /gomodcache/cache/download/github.com/gorilla/mux/@v/v1.8.0.mod --
module github.com/gorilla/mux
-- /gomodcache/cache/download/github.com/gorrilla/mux/@v/v1.8.0.mod --
module github.com/gorrilla/mux
"#],
    judge: &(judge as fn(&GoModFile, &BuildLists, &IntegritySettings, &mut Findings)),
};

fn judge(
    module: &GoModFile,
    lists: &BuildLists,
    settings: &IntegritySettings,
    findings: &mut Findings,
) {
    let Some(list) = super::listed(module, lists, findings) else { return };
    let known = settings.known.join(",");
    let selected: Vec<&str> = list
        .modules()
        .iter()
        .filter(|module| !module.is_main())
        .map(|module| module.path.as_str())
        .collect();
    let popular: BTreeSet<&str> = POPULAR.lines().collect();
    for (at, path) in selected.iter().enumerate() {
        if popular.contains(bare(path)) || gomod::module_path::match_prefix_patterns(&known, path) {
            continue;
        }
        // Of two in the list that are alike, the one that is not known to many is told, once.
        let others = selected
            .iter()
            .enumerate()
            .filter(|(other, path)| *other < at || popular.contains(bare(path)));
        let others = others.map(|(_, path)| *path).chain(popular.iter().copied());
        let alike = others
            .filter(|other| other != path)
            .find_map(|other| Some((other, gomod::confusable(path, other)?)));
        let Some((other, why)) = alike else { continue };
        let (en, zh) = (why.to_string(), chinese(why));
        let message = Text::new(
            format!("{path} looks like {other}: {en}"),
            format!("{path} 与 {other} 相似：{zh}"),
        );
        let required = module
            .valid()
            .and_then(|go_mod| go_mod.require.iter().find(|require| require.path == *path));
        let location = required.map_or(Location::whole("go.mod"), |at| super::span(&at.span));
        let finding = Finding::at(location, *path, message, CHECK.fix.into());
        findings.report(finding.quoting(&module.source()));
    }
    let count = selected.len();
    findings.note(Text::new(
        format!("{count} modules were compared"),
        format!("比较了 {count} 个模块"),
    ));
}

/// The path without its major version.
fn bare(path: &str) -> &str {
    gomod::module_path::split_path_version(path).map_or(path, |(prefix, _)| prefix)
}

fn chinese(why: Why) -> String {
    match why {
        Why::Case => "仅大小写不同".into(),
        Why::Swapped => "所有者与仓库名对调".into(),
        Why::Separators => "仅连字符、下划线和点不同".into(),
        Why::Homoglyphs => "仅形近字符不同".into(),
        Why::Typo(edits) => format!("所有者名称相差 {edits} 处"),
        Why::Host => "主机名相似".into(),
        Why::Affix => "仅多了或少了常见的前后缀".into(),
    }
}
