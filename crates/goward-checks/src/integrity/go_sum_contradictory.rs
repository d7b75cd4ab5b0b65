//! `go-sum-contradictory`

use crate::{Check, Group, Words};
use goward_facts::{GoSumFile, Workspace};
use goward_model::{Finding, Findings, Location, SlaTier, Text};
use std::collections::HashMap;
use std::sync::Arc;

pub(crate) static CHECK: Check = Check {
    id: "go-sum-contradictory",
    group: Group::Integrity,
    title: Words {
        en: "no module has two different sums", zh: "没有模块带有两个不同的校验和"
    },
    tier: SlaTier::P0,
    since: "0.1.0",
    file: file!(),
    requires: &["go-sum-valid"],
    why: Words {
        en: "A version has one content, so it has one sum. Where go.sum (or go.work.sum beside it) gives two, Go takes the first that decides and never mentions the other: a merge went wrong, or somebody added a line so that a changed module passes.",
        zh: "一个版本只有一份内容，因此只有一个校验和。若 go.sum（或其旁的 go.work.sum）给出两个，Go 采用先起作用的那个而从不提及另一个：要么合并出错，要么有人加了一行让被改动的模块通过校验。",
    },
    fix: Words {
        en: "Find out which is right (`go mod download -json MODULE@VERSION` with GOSUMDB on, in an empty GOMODCACHE), remove the other and look up who added it.",
        zh: "查明哪个正确（开启 GOSUMDB，在空的 GOMODCACHE 中运行 `go mod download -json 模块@版本`），删除另一个，并查明是谁添加的。",
    },
    references: &["https://go.dev/ref/mod#go-sum-files"],
    closes: &[
        r#"-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/a v1.0.0 h1:BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/a v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
"#,
        r#"-- go env --
GOWORK=go.work
-- go.work --
go 1.24.0

use .
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/a v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
-- go.work.sum --
example.com/a v1.0.0 h1:BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
"#,
    ],
    opens: &[r#"-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/a v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/a v1.0.0/go.mod h1:BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
"#],
    judge: &(judge as fn(&GoSumFile, &Workspace, &mut Findings)),
};

/// A line's file and number, and its hash.
type Seen<'a> = (&'a str, usize, &'a str);

fn judge(own: &GoSumFile, workspace: &Workspace, findings: &mut Findings) {
    let own = own.text.as_ref().zip(own.parsed.as_ref().ok());
    let own = own.map(|(text, sum)| ("go.sum", text, sum));
    let others = workspace.sums.iter().map(|file| (file.path.as_str(), &file.text, &file.sum));
    let mut seen: HashMap<(&str, &str, bool), Seen<'_>> = HashMap::new();
    for (file, text, sum) in own.into_iter().chain(others) {
        for line in sum.lines().iter().filter(|line| line.hash.starts_with("h1:")) {
            let key = (line.path.as_str(), line.version.as_str(), line.go_mod);
            let first = *seen.entry(key).or_insert((file, line.line, &line.hash));
            if first.2 != line.hash {
                findings.report(finding(file, text, line, first));
            }
        }
    }
}

fn finding(file: &str, text: &Arc<str>, line: &gomod::SumLine, first: Seen<'_>) -> Finding {
    let small = |line: usize| u32::try_from(line).unwrap_or(u32::MAX);
    let of = if line.go_mod { "/go.mod" } else { "" };
    let what = format!("{} {}{of}", line.path, line.version);
    let message = Text::new(
        format!("{what} has another sum at {}:{}", first.0, first.1),
        format!("{what} 在 {}:{} 处有另一个校验和", first.0, first.1),
    );
    let (there, here) =
        (Location::point(first.0, small(first.1), 1), Location::point(file, small(line.line), 1));
    let finding = Finding::at(here, what, message, CHECK.fix.into());
    let other = Text::new("the other sum", "另一个校验和");
    finding.related(there, other).quoting(text)
}
