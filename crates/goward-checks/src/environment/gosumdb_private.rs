//! `gosumdb-private`

use super::bypass::{self, Seen};
use crate::{Check, Group, Words};
use goenvscan::bypass::BypassKind;
use goward_facts::{GoAssignments, GoEnv, GoEnvFile};
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "gosumdb-private",
    group: Group::Environment,
    title: Words {
        en: "modules without a checksum database are known",
        zh: "已知哪些模块没有校验数据库",
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "Private modules have no public witness, which is right; who relies on them should know that go.sum is all that protects them.",
        zh: "私有模块没有公共见证，这本身没有问题；但使用者应知道，保护它们的只有 go.sum。",
    },
    fix: Words {
        en: "Nothing, if these modules are yours; else narrow the pattern. Commit go.sum in any case.",
        zh: "若这些模块属于你则无需处理，否则请收窄模式。无论如何都要提交 go.sum。",
    },
    references: &["https://go.dev/ref/mod#private-modules"],
    closes: &[r#"-- go.mod --
module example.com/m
-- Dockerfile --
FROM golang:1.26
ENV GOPRIVATE=git.example.com
RUN go build ./...
"#],
    opens: &[
        r#"-- go.mod --
module example.com/m
"#,
        r#"-- go.mod --
module example.com/m
-- Dockerfile --
FROM golang:1.26
ENV GOFLAGS=-mod=readonly GOPROXY=https://proxy.example.com,direct GOSUMDB=sum.golang.org
RUN go build ./...
"#,
    ],
    judge: &(judge as fn(&GoAssignments, &GoEnv, &GoEnvFile, &mut Findings)),
};

fn judge(files: &GoAssignments, go_env: &GoEnv, env_file: &GoEnvFile, findings: &mut Findings) {
    let seen = Seen { files, go_env, env_file };
    bypass::report(&seen, CHECK.fix, findings, |bypass| match bypass.kind {
        BypassKind::PrivateWithoutSumdb => Some(Text::new(
            format!("no checksum database for {}", bypass.pattern),
            format!("{} 没有校验数据库", bypass.pattern),
        )),
        _ => None,
    });
}
