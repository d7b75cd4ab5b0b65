//! `go-sum-database`

use crate::{Check, Group, Words};
use gosumdb::Proof;
use goward_facts::{GoSumFile, ProvenLine, SumDatabase, Workspace};
use goward_model::{Finding, Findings, Location, SlaTier, Text};
use std::sync::Arc;

pub(crate) static CHECK: Check = Check {
    id: "go-sum-database",
    group: Group::Integrity,
    title: Words {
        en: "go.sum says what the checksum database says",
        zh: "go.sum 与校验和数据库一致",
    },
    tier: SlaTier::P0,
    since: "0.1.0",
    file: file!(),
    requires: &["go-sum-valid"],
    why: Words {
        en: "Go asks the checksum database only for a module that has no line in go.sum yet. A line that somebody wrote by hand is believed for ever after. Here each line is proven: the record is in the log that the database's key has signed, and the log is one history. Offline this uses what the go command left in the module cache; `--online` asks the database, never for private modules (GONOSUMDB).",
        zh: "Go 只在 go.sum 尚无某模块的行时询问校验和数据库；手工写入的行此后一直被信任。这里逐行证明：记录位于数据库密钥所签名的日志中，且日志是同一段历史。离线时使用 go 命令留在模块缓存中的内容；`--online` 时询问数据库，但绝不询问私有模块（GONOSUMDB）。",
    },
    fix: Words {
        en: "Take the line out, run `go mod tidy` with GOSUMDB on and an empty GOMODCACHE, and look up who wrote it (`git log -S HASH go.sum`).",
        zh: "删除该行，在开启 GOSUMDB 且 GOMODCACHE 为空的环境中运行 `go mod tidy`，并查明是谁写入的（`git log -S 哈希 go.sum`）。",
    },
    references: &["https://go.dev/ref/mod#checksum-database", "https://research.swtch.com/tlog"],
    closes: &[r#"-- go env --
GOSUMDB=example.com/db+849ee63d+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs
GOMODCACHE=/gomodcache
-- go.sum --
example.com/a v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
-- /gomodcache/cache/download/sumdb/example.com/db/lookup/example.com/a@v1.0.0 generated=sumdb-lookup --
-- /gomodcache/cache/download/sumdb/example.com/db/tile/8/0/000.p/1 generated=sumdb-tile --
-- go.mod --
module example.com/m
"#],
    opens: &[r#"-- go env --
GOSUMDB=example.com/db+849ee63d+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs
GOMODCACHE=/gomodcache
-- go.sum --
example.com/a v1.0.0 h1:VEUcYKYLbKBYq0eA/VEJ3mMQBzi4jjWpusjuduGJcBQ=
-- /gomodcache/cache/download/sumdb/example.com/db/lookup/example.com/a@v1.0.0 generated=sumdb-lookup --
-- /gomodcache/cache/download/sumdb/example.com/db/tile/8/0/000.p/1 generated=sumdb-tile --
-- go.mod --
module example.com/m
"#],
    judge: &(judge as fn(&GoSumFile, &Workspace, &SumDatabase, &mut Findings)),
};

fn judge(own: &GoSumFile, workspace: &Workspace, database: &SumDatabase, findings: &mut Findings) {
    let Some(name) = &database.name else {
        let why =
            Text::new("GOSUMDB is off, which is judged elsewhere", "GOSUMDB 已关闭，另行判断");
        return findings.not_applicable(why);
    };
    let (mut proven, mut absent, mut skipped) = (0_usize, 0_usize, 0_usize);
    for line in &database.lines {
        match &line.proof {
            Proof::Proven(_) => proven += 1,
            Proof::Skipped => skipped += 1,
            Proof::NotInCache { .. } => absent += 1,
            Proof::Contradicts { recorded, .. } => {
                let recorded = recorded.join(", ");
                report(
                    own,
                    workspace,
                    line,
                    findings,
                    Text::new(
                        format!("{name} has another sum of {}: {recorded}", line.name),
                        format!("{name} 中 {} 的校验和不同：{recorded}", line.name),
                    ),
                );
            }
            Proof::Unlisted(_) => report(
                own,
                workspace,
                line,
                findings,
                Text::new(
                    format!("the record of {name} has no line for {}", line.name),
                    format!("{name} 的记录中没有 {} 的行", line.name),
                ),
            ),
            Proof::SecurityError { message } => {
                let first = message.lines().next().unwrap_or_default();
                report(
                    own,
                    workspace,
                    line,
                    findings,
                    Text::new(
                        format!("{name} has signed two histories ({}): {first}", line.name),
                        format!("{name} 签署了两段不同的历史（{}）：{first}", line.name),
                    ),
                );
            }
            Proof::Failed(err) => {
                let first = err.to_string().lines().next().unwrap_or_default().to_owned();
                findings.unknown(Text::new(
                    format!("{}: {first}", line.name),
                    format!("{}：{first}", line.name),
                ));
            }
        }
    }
    let all = database.lines.len();
    if proven == 0 && all > 0 {
        findings.not_applicable(Text::new(
            format!("of {all} lines none can be proven offline; --online asks {name}"),
            format!("{all} 行中没有一行可离线证明；--online 会询问 {name}"),
        ));
        return;
    }
    findings.note(Text::new(
        format!("{name} vouches for {proven} of {all} lines; {absent} cannot be proven offline, {skipped} are private"),
        format!("{name} 证明了 {all} 行中的 {proven} 行；{absent} 行无法离线证明，{skipped} 行为私有模块"),
    ));
}

fn report(
    own: &GoSumFile,
    workspace: &Workspace,
    line: &ProvenLine,
    findings: &mut Findings,
    message: Text,
) {
    let text = match line.file.as_str() {
        "go.sum" => own.text.clone(),
        file => {
            let found = workspace.sums.iter().find(|sum| sum.path == file);
            found.map(|sum| Arc::clone(&sum.text))
        }
    };
    let number = u32::try_from(line.line).unwrap_or(u32::MAX);
    let location = Location::point(line.file.as_str(), number, 1);
    let finding = Finding::at(location, line.name.as_str(), message, CHECK.fix.into());
    findings.report(finding.quoting(&text.unwrap_or_default()));
}
