//! `goflags-mod-mod`

use super::bypass::{self, Seen};
use crate::{Check, Group, Words};
use goenvscan::bypass::BypassKind;
use goward_facts::{GoAssignments, GoEnv, GoEnvFile};
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "goflags-mod-mod",
    group: Group::Environment,
    title: Words {
        en: "builds do not change go.mod and go.sum",
        zh: "构建不会修改 go.mod 与 go.sum",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "With -mod=mod a build adds what is missing to go.mod and go.sum instead of stopping: it builds what nobody reviewed.",
        zh: "使用 -mod=mod 时，构建会自行补全 go.mod 与 go.sum 而不是中止：构建出的内容未经任何人审查。",
    },
    fix: Words {
        en: "Remove -mod=mod; `-mod=readonly` is the default. Run `go mod tidy` where files are meant to change.",
        zh: "删除 -mod=mod；默认即为 `-mod=readonly`。需要修改文件时运行 `go mod tidy`。",
    },
    references: &["https://go.dev/ref/mod#build-commands"],
    closes: &[
        r#"-- go.mod --
module example.com/m
-- Makefile --
export GOFLAGS := -mod=mod
build:
	go build ./...
"#,
        r#"-- go.mod --
module example.com/m
-- Dockerfile --
FROM golang:1.26
RUN go build -mod=mod ./...
RUN go build ./...
"#,
        r#"-- go.mod --
module example.com/m
-- go env --
GOFLAGS='-mod=mod'
-- /home/bob/.config/go/env --
GOFLAGS=-mod=mod
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
        r#"-- go.mod --
module example.com/m
-- update.sh --
go mod tidy
go list -mod=mod -m all
"#,
    ],
    judge: &(judge as fn(&GoAssignments, &GoEnv, &GoEnvFile, &mut Findings)),
};

fn judge(files: &GoAssignments, go_env: &GoEnv, env_file: &GoEnvFile, findings: &mut Findings) {
    let seen = Seen { files, go_env, env_file };
    bypass::report(&seen, CHECK.fix, findings, |bypass| match bypass.kind {
        BypassKind::ModMod => Some(Text::new(
            "-mod=mod lets the build change go.mod and go.sum",
            "-mod=mod 使构建可以修改 go.mod 与 go.sum",
        )),
        _ => None,
    });
}
