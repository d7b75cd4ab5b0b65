//! `audit-switch`

use crate::{Check, Group, Words};
use goward_facts::settings::AuditSettings;
use goward_facts::{LaunchFile, LaunchFiles};
use goward_model::{Finding, Findings, Location, SlaTier, Text};
use launchflag::State;

pub(crate) static CHECK: Check = Check {
    id: "audit-switch",
    group: Group::Admission,
    title: Words {
        en: "every launch file switches the audit log on",
        zh: "每个启动文件都打开审计日志",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "A service that is launched without its audit switch works as well as ever, until somebody asks who did what. A flag in a comment, a flag that a later one overrides and a flag on another command are not set. Without `audit.files` every file that mentions the flag is judged.",
        zh: "未打开审计开关的服务照常运行，直到有人追问是谁做了什么。注释里的、被后面覆盖的、写在其他命令上的开关都不算。未配置 `audit.files` 时，判断每个提到该开关的文件。",
    },
    fix: Words {
        en: "Add `--audit-log-enabled=true` (the flag that `audit.flag` names) to the command of the service, last.",
        zh: "在服务命令的末尾加上 `--audit-log-enabled=true`（即 `audit.flag` 所指的开关）。",
    },
    references: &[
        "https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/",
        "https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact",
    ],
    closes: &[
        r#"-- go.mod --
module example.com/m
-- deploy/app.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  template:
    spec:
      containers:
        - name: app
          command: ["/app"]
          args: ["--audit-log-enabled=true", "--audit-log-enabled=false"]
"#,
        r#"-- go.mod --
module example.com/m
-- goward.toml --
[audit]
files = ["Dockerfile"]
-- Dockerfile --
FROM scratch
# ENTRYPOINT ["/app", "--audit-log-enabled=true"]
ENTRYPOINT ["/app"]
"#,
        r#"-- go.mod --
module example.com/m
-- goward.toml --
[audit]
files = ["deploy/*.yaml"]
"#,
    ],
    opens: &[
        r#"-- go.mod --
module example.com/m
-- deploy/app.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  template:
    spec:
      containers:
        - name: app
          command: ["/app"]
          args: ["--audit-log-enabled=true"]
"#,
        r#"-- go.mod --
module example.com/m
-- app.service --
[Service]
ExecStart=/app --audit-log-enabled=true
"#,
    ],
    judge: &(judge as fn(&LaunchFiles, &AuditSettings, &mut Findings)),
};

fn judge(launch: &LaunchFiles, settings: &AuditSettings, findings: &mut Findings) {
    let flag = settings.flag.trim_start_matches('-');
    for (path, why) in &launch.unreadable {
        let why = why.text();
        findings.unknown(Text::new(format!("{path}: {why}"), format!("{path}：{}", why.zh)));
    }
    for file in &launch.files {
        let why = &file.verdict.why;
        match file.verdict.state {
            State::On => {}
            State::Unknown => findings.unknown(Text::new(
                format!("{}: {why}", file.path),
                format!("{}：{}", file.path, why.zh()),
            )),
            State::Off => findings.report(off(file, flag)),
        }
    }
    if launch.files.is_empty() && launch.unreadable.is_empty() {
        if launch.named {
            findings.report(nothing(flag));
        } else {
            findings.not_applicable(Text::new(
                format!("no launch file mentions --{flag}; name them in `audit.files`"),
                format!("没有启动文件提到 --{flag}；可在 `audit.files` 中指定"),
            ));
        }
    }
}

fn off(file: &LaunchFile, flag: &str) -> Finding {
    let why = &file.verdict.why;
    let message =
        Text::new(format!("--{flag} is not on: {why}"), format!("--{flag} 未打开：{}", why.zh()));
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let location = match file.verdict.span {
        Some(span) => Location::span(
            &*file.path,
            (small(span.start.line), small(span.start.column)),
            (small(span.end.line), small(span.end.column)),
        ),
        None => Location::whole(&*file.path),
    };
    Finding::at(location, format!("--{flag}"), message, CHECK.fix.into()).quoting(&file.source)
}

fn nothing(flag: &str) -> Finding {
    let message = Text::new(
        format!("no file matches `audit.files`, so nothing switches --{flag} on"),
        format!("没有文件匹配 `audit.files`，因此没有任何地方打开 --{flag}"),
    );
    Finding::at(Location::whole("go.mod"), "no files", message, CHECK.fix.into())
}
