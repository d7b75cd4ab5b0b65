//! `goflags-modcacherw`

use super::bypass::{self, Seen};
use crate::{Check, Group, Words};
use goenvscan::bypass::BypassKind;
use goward_facts::{GoAssignments, GoEnv, GoEnvFile};
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "goflags-modcacherw",
    group: Group::Environment,
    title: Words { en: "the module cache is not made writable", zh: "模块缓存未设为可写" },
    tier: SlaTier::P2,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "Go makes the module cache read-only because a changed file in it builds without a word: nothing verifies it again.",
        zh: "Go 将模块缓存设为只读，是因为其中被改动的文件会照常参与构建，不再有任何校验。",
    },
    fix: Words {
        en: "Remove -modcacherw; clean with `go clean -modcache`.",
        zh: "删除 -modcacherw；用 `go clean -modcache` 清理。",
    },
    references: &["https://go.dev/ref/mod#module-cache"],
    closes: &[
        r#"-- go.mod --
module example.com/m
-- Dockerfile --
FROM golang:1.26
ENV GOFLAGS=-modcacherw
RUN go build ./...
"#,
        r#"-- go.mod --
module example.com/m
-- ci.sh --
go build -modcacherw ./...
"#,
    ],
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
        BypassKind::ModCacheRw => Some(Text::new(
            "-modcacherw leaves verified modules open to change",
            "-modcacherw 使已校验的模块可被修改",
        )),
        _ => None,
    });
}
