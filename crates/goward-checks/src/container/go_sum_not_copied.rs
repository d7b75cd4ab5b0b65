//! `go-sum-not-copied`

use crate::{Check, Group, Words};
use buildcontext::FactKind;
use goward_facts::ImageBuilds;
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "go-sum-not-copied",
    group: Group::Container,
    title: Words {
        en: "go.sum is copied before modules are downloaded",
        zh: "下载模块之前已复制 go.sum",
    },
    tier: SlaTier::P2,
    since: "0.1.0",
    file: file!(),
    requires: &["dockerfile-valid", "dockerignore-valid"],
    why: Words {
        en: "`go mod download` in the image without go.sum beside go.mod verifies nothing against what was committed: it takes what the proxy of the day gives.",
        zh: "镜像中 `go mod download` 时若 go.mod 旁没有 go.sum，就不会对照已提交的内容做任何校验：代理当天给什么就用什么。",
    },
    fix: Words {
        en: "Write `COPY go.mod go.sum ./` in front of `RUN go mod download`.",
        zh: "在 `RUN go mod download` 之前写 `COPY go.mod go.sum ./`。",
    },
    references: &["https://go.dev/ref/mod#go-mod-download"],
    closes: &[r#"-- Dockerfile --
FROM golang:1.24
COPY go.mod ./
RUN go mod download
-- go.mod --
module example.com/m
-- go.sum --
"#],
    opens: &[r#"-- Dockerfile --
FROM golang:1.24
COPY go.mod go.sum ./
RUN go mod download
-- go.mod --
module example.com/m
-- go.sum --
"#],
    judge: &(judge as fn(&ImageBuilds, &mut Findings)),
};

fn judge(builds: &ImageBuilds, findings: &mut Findings) {
    super::facts(builds, findings, CHECK.fix, |_, fact| match fact {
        FactKind::GoSumNotCopied { go_mod } => {
            let message = Text::new(
                format!("modules are downloaded with {go_mod}, but without the go.sum beside it"),
                format!("下载模块时只有 {go_mod}，没有其旁的 go.sum"),
            );
            Some((go_mod.clone(), message))
        }
        _ => None,
    });
}
