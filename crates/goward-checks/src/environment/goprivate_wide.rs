//! `goprivate-wide`

use super::bypass::{self, Seen};
use crate::{Check, Group, Words};
use goenvscan::bypass::BypassKind;
use goward_facts::{GoAssignments, GoEnv, GoEnvFile, settings::EnvironmentSettings};
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "goprivate-wide",
    group: Group::Environment,
    title: Words {
        en: "GOPRIVATE, GONOSUMDB and GONOPROXY cover no public host",
        zh: "GOPRIVATE、GONOSUMDB、GONOPROXY 未覆盖公共主机",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "A pattern as wide as `*` or `github.com` takes the modules of strangers out of proxy and checksum database, not only your own.",
        zh: "像 `*` 或 `github.com` 这样宽的模式，会让陌生人的模块也绕过代理与校验数据库，而不只是你自己的。",
    },
    fix: Words {
        en: "Name the owner as well (`github.com/acme/*`), or your own host. `environment.private` accepts a pattern.",
        zh: "写明所有者（如 `github.com/acme/*`）或你自己的主机。可用 `environment.private` 接受某个模式。",
    },
    references: &["https://go.dev/ref/mod#private-modules"],
    closes: &[
        r#"-- go.mod --
module example.com/m
-- .github/workflows/ci.yml --
on: push
env:
  GOPRIVATE: "*"
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: go build ./...
"#,
        r#"-- go.mod --
module example.com/m
-- Dockerfile --
FROM golang:1.26
ENV GONOSUMDB=github.com
RUN go build ./...
"#,
        r#"-- go.mod --
module example.com/m
-- go env --
GOPRIVATE='*.com'
-- env GOPRIVATE --
*.com
"#,
    ],
    opens: &[
        r#"-- go.mod --
module example.com/m
-- Dockerfile --
FROM golang:1.26
ENV GOPRIVATE=github.com/acme/*,git.example.com
RUN go build ./...
"#,
        r#"-- go.mod --
module example.com/m
"#,
    ],
    judge: &(judge as fn(&GoAssignments, &GoEnv, &GoEnvFile, &EnvironmentSettings, &mut Findings)),
};

fn judge(
    files: &GoAssignments,
    go_env: &GoEnv,
    env_file: &GoEnvFile,
    settings: &EnvironmentSettings,
    findings: &mut Findings,
) {
    let seen = Seen { files, go_env, env_file };
    bypass::report(&seen, CHECK.fix, findings, |bypass| match bypass.kind {
        BypassKind::PrivateTooWide | BypassKind::NoSumdbTooWide | BypassKind::NoProxyTooWide
            if !settings.private.contains(&bypass.pattern) =>
        {
            Some(Text::new(
                format!("the pattern {} covers modules that are not yours", bypass.pattern),
                format!("模式 {} 覆盖了不属于你的模块", bypass.pattern),
            ))
        }
        _ => None,
    });
}
