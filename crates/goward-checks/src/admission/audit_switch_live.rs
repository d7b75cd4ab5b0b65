//! `audit-switch-live`

use crate::{Check, Group, Words};
use goward_facts::LiveProcess;
use goward_facts::settings::AuditSettings;
use goward_model::{Finding, Findings, Location, SlaTier, Text};
use launchflag::State;

pub(crate) static CHECK: Check = Check {
    id: "audit-switch-live",
    group: Group::Admission,
    title: Words {
        en: "the running process has its audit log switched on",
        zh: "运行中的进程已打开审计日志",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "What a manifest says and what runs differ after a manual change or a failed roll-out. The command line of the process is judged word by word, as a Go flag parser reads it; a wrapper (tini, dumb-init, `sh -c`) is looked through, a pause container is not the service. Only where `--pid N` or `audit.pid` names a process.",
        zh: "手工改动或发布失败后，清单与实际运行的进程会不一致。按 Go 的 flag 解析方式逐词判断进程命令行；会看穿 tini、dumb-init、`sh -c` 等包装，pause 容器不算服务。仅当 `--pid N` 或 `audit.pid` 指定了进程时检查。",
    },
    fix: Words {
        en: "Restart the service with `--audit-log-enabled=true`.",
        zh: "以 `--audit-log-enabled=true` 重启服务。",
    },
    references: &["https://man7.org/linux/man-pages/man5/proc_pid_cmdline.5.html"],
    closes: &[
        r#"-- go.mod --
module example.com/m
-- goward.toml --
[audit]
pid = 1
-- /proc/1/cmdline nul --
/app
--audit-log-enabled=true
--audit-log-enabled=false
"#,
        r#"-- go.mod --
module example.com/m
-- goward.toml --
[audit]
pid = 1
-- /proc/1/cmdline nul --
/app
--message
set audit-log-enabled=true
"#,
    ],
    opens: &[r#"-- go.mod --
module example.com/m
-- goward.toml --
[audit]
pid = 1
-- /proc/1/cmdline nul --
/usr/bin/tini
--
/app
--audit-log-enabled=true
"#],
    judge: &(judge as fn(&LiveProcess, &AuditSettings, &mut Findings)),
};

fn judge(live: &LiveProcess, settings: &AuditSettings, findings: &mut Findings) {
    let Some((pid, verdict)) = &live.process else {
        findings.not_applicable(Text::new(
            "no process is named: give --pid N",
            "未指定进程：请给出 --pid N",
        ));
        return;
    };
    let flag = settings.flag.trim_start_matches('-');
    let why = Text::new(
        format!("process {pid}: {}", verdict.why),
        format!("进程 {pid}：{}", verdict.why.zh()),
    );
    match verdict.state {
        State::On => {}
        State::Unknown => findings.unknown(why),
        State::Off => {
            let message = Text::new(
                format!("--{flag} is not on: {}", why.en),
                format!("--{flag} 未打开：{}", why.zh),
            );
            // A process has no line; the module stands for the service.
            let location = Location::whole("go.mod");
            findings.report(Finding::at(location, format!("--{flag}"), message, CHECK.fix.into()));
        }
    }
}
