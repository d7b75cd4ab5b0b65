//! `goproxy-pipe`

use super::bypass::{self, Seen};
use crate::{Check, Group, Words};
use goenvscan::bypass::BypassKind;
use goward_facts::{GoAssignments, GoEnv, GoEnvFile};
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "goproxy-pipe",
    group: Group::Environment,
    title: Words {
        en: "GOPROXY falls back only on \"not found\"",
        zh: "GOPROXY 仅在“未找到”时回退",
    },
    tier: SlaTier::P2,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "Behind a comma the next source is asked only where a proxy answers 404 or 410. Behind `|` any error will do: a proxy that refuses a module, or is unreachable for a minute, is passed by.",
        zh: "逗号之后的来源仅在代理返回 404 或 410 时使用；`|` 则对任何错误都回退：代理拒绝某模块或暂时不可达时都会被绕过。",
    },
    fix: Words { en: "Separate the entries with commas.", zh: "用逗号分隔各项。" },
    references: &["https://go.dev/ref/mod#goproxy-protocol"],
    closes: &[
        r#"-- go.mod --
module example.com/m
-- .github/workflows/ci.yml --
on: push
env:
  GOPROXY: https://proxy.example.com|direct
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: go build ./...
"#,
        r#"-- go.mod --
module example.com/m
-- go env --
GOPROXY='https://proxy.example.com|direct'
-- env GOPROXY --
https://proxy.example.com|direct
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
        BypassKind::ProxyPipe => Some(Text::new(
            "GOPROXY has a `|`: any error of the proxy passes it by",
            "GOPROXY 含有 `|`：代理的任何错误都会被绕过",
        )),
        _ => None,
    });
}
