//! `go-sum-stale`

use crate::{Check, Group, Words};
use goward_facts::{BuildLists, GoModFile, GoSumFile, Listed};
use goward_model::{Finding, Findings, Location, SlaTier, Text};
use std::collections::HashSet;

pub(crate) static CHECK: Check = Check {
    id: "go-sum-stale",
    group: Group::Integrity,
    title: Words {
        en: "go.sum has no line for what nothing requires",
        zh: "go.sum 中没有无人依赖的行",
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-sum-valid"],
    why: Words {
        en: "A line for a version that no go.mod of the graph names vouches for code that nobody looks at any more, and hides in a review the line that matters. Go never removes it by itself.",
        zh: "若某行对应的版本未被图中任何 go.mod 提及，它就在为无人再看的代码背书，并在审查中掩盖真正重要的行。Go 不会自行删除它。",
    },
    fix: Words {
        en: "Run `go mod tidy` and commit go.sum.",
        zh: "运行 `go mod tidy` 并提交 go.sum。",
    },
    references: &["https://go.dev/ref/mod#go-mod-tidy"],
    closes: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.1.0
-- go.sum --
example.com/a v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/a v1.1.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/a v1.1.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
-- /gomodcache/cache/download/example.com/a/@v/v1.1.0.mod --
module example.com/a

go 1.24.0
"#],
    opens: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.1.0
-- go.sum --
example.com/a v1.1.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/a v1.1.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
-- /gomodcache/cache/download/example.com/a/@v/v1.1.0.mod --
module example.com/a

go 1.24.0
"#],
    judge: &(judge as fn(&GoModFile, &GoSumFile, &BuildLists, &mut Findings)),
};

fn judge(module: &GoModFile, sum: &GoSumFile, lists: &BuildLists, findings: &mut Findings) {
    let list = match &lists.alone {
        Listed::List(list) => list,
        Listed::NoModule => return super::no_module(module, findings),
        Listed::NotDownloaded(why) => return findings.unknown(why.clone()),
        Listed::Refused(_) => {
            return findings.not_applicable(Text::new("there is no build list", "没有构建列表"));
        }
    };
    let (Ok(sum), Some(text)) = (&sum.parsed, &sum.text) else { return };
    let go = module.valid().and_then(|go_mod| go_mod.go.as_ref());
    if go.is_none_or(|go| gomod::go_version::compare(&go.version, "1.18").is_lt()) {
        // `go mod tidy` then keeps lines for the graph as Go 1.16 would load it.
        let why = Text::new("the go line is below 1.18", "go 行低于 1.18");
        return findings.not_applicable(why);
    }
    let mut known: HashSet<(&str, &str)> =
        list.edges().map(|edge| (edge.to, edge.to_version)).collect();
    let used = list.go_mods_read().iter().map(|one| (one.path.clone(), one.version.clone()));
    let used = used.chain(list.contents().into_iter().map(|one| (one.path, one.version)));
    let used: HashSet<(String, String)> = used.collect();
    known.extend(used.iter().map(|(path, version)| (path.as_str(), version.as_str())));
    for line in sum.lines() {
        if known.contains(&(line.path.as_str(), line.version.as_str())) {
            continue;
        }
        let of = if line.go_mod { "/go.mod" } else { "" };
        let what = format!("{} {}{of}", line.path, line.version);
        let message =
            Text::new(format!("nothing requires {what}"), format!("没有任何模块依赖 {what}"));
        let number = u32::try_from(line.line).unwrap_or(u32::MAX);
        let location = Location::point("go.sum", number, 1);
        findings.report(Finding::at(location, what, message, CHECK.fix.into()).quoting(text));
    }
}
