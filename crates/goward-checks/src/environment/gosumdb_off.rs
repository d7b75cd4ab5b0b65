//! `gosumdb-off`

use super::bypass::{self, Seen};
use crate::{Check, Group, Words};
use goenvscan::bypass::BypassKind;
use goward_facts::{GoAssignments, GoEnv, GoEnvFile};
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "gosumdb-off",
    group: Group::Environment,
    title: Words {
        en: "the checksum database is not switched off", zh: "未关闭校验数据库"
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "The checksum database is the witness that a module new to go.sum is the one everybody else gets. Without it the first download is believed, whatever it is.",
        zh: "校验数据库见证了新模块与其他人得到的完全一致。关闭它，首次下载到什么就信什么。",
    },
    fix: Words {
        en: "Remove the setting. For modules that the database cannot know, set GOPRIVATE to their narrow path.",
        zh: "删除该设置。对于校验数据库无法获知的模块，将 GOPRIVATE 设为其精确路径。",
    },
    references: &["https://go.dev/ref/mod#environment-variables", "https://sum.golang.org"],
    closes: &[
        r#"-- go.mod --
module example.com/m
-- Dockerfile --
FROM golang:1.26
ENV GOSUMDB=off
RUN go build ./...
"#,
        r#"-- go.mod --
module example.com/m
-- go env --
GOSUMDB='off'
-- env GOSUMDB --
off
"#,
        r#"-- go.mod --
module example.com/m
-- build.sh --
#!/bin/sh
GONOSUMCHECK=1 go build ./...
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
-- build.sh --
# GOSUMDB=off
echo "GOSUMDB=off is forbidden here"
"#,
    ],
    judge: &(judge as fn(&GoAssignments, &GoEnv, &GoEnvFile, &mut Findings)),
};

fn judge(files: &GoAssignments, go_env: &GoEnv, env_file: &GoEnvFile, findings: &mut Findings) {
    let seen = Seen { files, go_env, env_file };
    bypass::report(&seen, CHECK.fix, findings, |bypass| match bypass.kind {
        BypassKind::SumdbOff => {
            Some(Text::new("the checksum database is switched off", "校验数据库被关闭"))
        }
        _ => None,
    });
}
