//! `goproxy-direct`

use super::bypass::{self, Seen};
use crate::{Check, Group, Words};
use goenvscan::bypass::BypassKind;
use goward_facts::{GoAssignments, GoEnv, GoEnvFile};
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "goproxy-direct",
    group: Group::Environment,
    title: Words { en: "modules come from a proxy first", zh: "模块优先来自代理" },
    tier: SlaTier::P2,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "With GOPROXY=direct every host of a dependency must be up, unchanged and honest at the moment of the build; a deleted repository stops it.",
        zh: "GOPROXY=direct 要求每个依赖的主机在构建时都在线、未变且诚实；仓库被删即无法构建。",
    },
    fix: Words {
        en: "Name a proxy first, and `direct` after it for what it does not have: `GOPROXY=https://proxy.example.com,direct`.",
        zh: "先写代理，再写 `direct` 兜底：`GOPROXY=https://proxy.example.com,direct`。",
    },
    references: &["https://go.dev/ref/mod#goproxy-protocol"],
    closes: &[
        r#"-- go.mod --
module example.com/m
-- Dockerfile --
FROM golang:1.26
ENV GOPROXY=direct
RUN go build ./...
"#,
        r#"-- go.mod --
module example.com/m
-- go env --
GOPROXY='direct'
-- env GOPROXY --
direct
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
        BypassKind::ProxyDirect => Some(Text::new(
            "GOPROXY begins with direct: no proxy is asked",
            "GOPROXY 以 direct 开头：不经过任何代理",
        )),
        _ => None,
    });
}
