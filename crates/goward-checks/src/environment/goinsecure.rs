//! `goinsecure`

use super::bypass::{self, Seen};
use crate::{Check, Group, Words};
use goenvscan::bypass::BypassKind;
use goward_facts::{GoAssignments, GoEnv, GoEnvFile};
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "goinsecure",
    group: Group::Environment,
    title: Words {
        en: "no module is fetched over an unprotected connection",
        zh: "没有模块通过未受保护的连接获取",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "GOINSECURE allows plain HTTP and unverified certificates: whoever sits on the way decides what is built.",
        zh: "GOINSECURE 允许明文 HTTP 与未验证的证书：路径上的任何人都能决定构建内容。",
    },
    fix: Words {
        en: "Give the host a certificate that the runners trust, and remove GOINSECURE.",
        zh: "为该主机配置构建机信任的证书，并删除 GOINSECURE。",
    },
    references: &["https://go.dev/ref/mod#environment-variables"],
    closes: &[
        r#"-- go.mod --
module example.com/m
-- .gitlab-ci.yml --
build:
  variables:
    GOINSECURE: git.example.com
  script:
    - go build ./...
"#,
        r#"-- go.mod --
module example.com/m
-- go env --
GOINSECURE='git.example.com'
-- env GOINSECURE --
git.example.com
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
        BypassKind::Insecure { .. } => Some(Text::new(
            format!("GOINSECURE: modules of {} are fetched without protection", bypass.pattern),
            format!("GOINSECURE：{} 的模块以未受保护的方式获取", bypass.pattern),
        )),
        _ => None,
    });
}
