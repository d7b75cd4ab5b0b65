//! What `cache status` and `cache clean` say as a report, so that they get every format that a check gets. Pure.

use super::clean::Part;
use super::programs::Program;
use crate::units::human;
use gocache::{Survey, Usage};
use goward_model::{Finding, Findings, Gate, Location, Outcome, Report, SlaTier, Text};
use std::path::Path;

/// Modules that a message names.
const NAMED: usize = 5;

/// A report of a folder, which began at a time.
pub(super) fn report(
    outcomes: Vec<Outcome>,
    gate: Gate,
    target: &Path,
    unix_time: i64,
    latency_ms: f64,
) -> Report {
    let started = jiff::Timestamp::from_second(unix_time).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let identity = crate::check::begun(started, target.display().to_string());
    Report::new(identity, outcomes, gate, latency_ms)
}

fn outcome(id: &str, title: Text, findings: Findings) -> Outcome {
    Outcome::of(id, "cache", title, SlaTier::P3, findings)
}

/// What is in the caches. None of it closes the gate.
pub(super) fn of_usage(usage: &Usage) -> Outcome {
    let mut findings = Findings::default();
    let (all, trim) = (human(usage.all.bytes), human(usage.trim.bytes));
    let (entries, taken) = (usage.entries.count, usage.trim.count);
    let objects = usage.all.count - entries;
    findings.note(Text::new(
        format!("{all} in {objects} objects and {entries} index entries; trimming would take {taken} ({trim})"),
        format!("{objects} 个对象与 {entries} 个索引条目，共 {all}；自动清理会删除 {taken} 项（{trim}）"),
    ));
    outcome("cache.usage", Text::new("the build cache was looked at", "已查看构建缓存"), findings)
}

/// Packages of toolchains that are not in use.
pub(super) fn of_toolchains(usage: &Usage, current: Option<&str>) -> Outcome {
    let mut findings = Findings::default();
    match current {
        None => findings.not_applicable(Text::new("there is no go command", "没有 go 命令")),
        Some(current) => {
            for (version, total) in usage.versions.iter().filter(|(it, _)| *it != current) {
                let (count, size) = (total.count, human(total.bytes));
                let message = Text::new(
                    format!("{count} packages ({size}) are of {version}; {current} is in use"),
                    format!("{count} 个包（{size}）属于 {version}；在用的是 {current}"),
                );
                let clean = format!("goward cache clean --go {version}");
                let fix = Text::new(
                    format!("If nobody builds with it any more: `{clean}`."),
                    format!("若不再使用该版本构建：`{clean}`。"),
                );
                findings.report(Finding::at(Location::whole("."), version, message, fix));
            }
        }
    }
    let title =
        Text::new("the build cache has packages of one toolchain", "构建缓存中只有一个工具链的包");
    outcome("cache.toolchains", title, findings)
}

/// Unpacked modules that can be written.
pub(super) fn of_modules(dir: Option<&Path>, survey: Option<&Survey>) -> Outcome {
    let mut findings = Findings::default();
    match (dir, survey) {
        (Some(dir), Some(survey)) if survey.writable > 0 => {
            let count = survey.writable;
            let names: Vec<&str> =
                survey.writable_names.iter().take(NAMED).map(String::as_str).collect();
            let names = names.join(", ");
            let message = Text::new(
                format!("{count} unpacked modules can be written: {names} …"),
                format!("{count} 个已解压模块可写：{names} …"),
            );
            let fix = Text::new(
                "Build without -modcacherw, `goward cache clean --modules --yes` once; `goward check` finds what was edited.",
                "不要使用 -modcacherw，执行一次 `goward cache clean --modules --yes`；`goward check` 可发现被改动的内容。",
            );
            let place = Location::whole(dir.display().to_string());
            findings.report(Finding::at(place, "writable", message, fix));
        }
        (Some(_), Some(_)) => {}
        _ => findings.not_applicable(Text::new("there is no module cache", "没有模块缓存")),
    }
    let title = Text::new(
        "nothing in the module cache can be written, as go leaves it",
        "模块缓存按 go 的默认设置不可写",
    );
    outcome("cache.modules-writable", title, findings)
}

/// Programs of another toolchain, or with a newer release.
pub(super) fn of_programs(programs: &[Program]) -> Outcome {
    let mut findings = Findings::default();
    if programs.is_empty() {
        findings.not_applicable(Text::new("GOBIN has no Go programs", "GOBIN 中没有 Go 程序"));
    }
    for program in programs.iter().filter(|it| it.stale_toolchain || it.newer.is_some()) {
        let module = program.module.as_deref().unwrap_or("-");
        let version = &program.go_version;
        let (mut en, mut zh) =
            (format!("{module}, by {version}"), format!("{module}，由 {version} 构建"));
        if program.stale_toolchain {
            en += ", which is not in use";
            zh += "，该工具链未在使用";
        }
        if let Some(newer) = &program.newer {
            en += &format!("; there is {newer}");
            zh += &format!("；已有 {newer}");
        }
        let path = module.split('@').next().unwrap_or(module);
        let fix = Text::new(
            format!("Install it again (a program of {path}): go install PACKAGE@latest."),
            format!("重新安装（{path} 的程序）：go install PACKAGE@latest。"),
        );
        let place = Location::whole(program.path.display().to_string());
        findings.report(Finding::at(place, "stale", Text::new(en, zh), fix));
    }
    let title = Text::new(
        "programs in GOBIN are of this toolchain and of the newest release that is known",
        "GOBIN 中的程序来自当前工具链与已知的最新版本",
    );
    outcome("cache.programs", title, findings)
}

/// What a cleaning deleted, or would; what could not be deleted is not known to be gone.
pub(super) fn of_cleaning(parts: &[Part], yes: bool) -> Outcome {
    let mut findings = Findings::default();
    let (mut en, mut zh) = (vec![], vec![]);
    for part in parts {
        let size = human(if yes { part.freed } else { part.bytes });
        let count = part.deleted.unwrap_or(part.count);
        let (what, path) = (part.what, part.path.display());
        let verb = if yes { ("deleted", "已删除") } else { ("would delete", "将删除") };
        en.push(format!("{what} {path}: {} {count} ({size})", verb.0));
        zh.push(format!("{what} {path}：{} {count} 项（{size}）", verb.1));
        for failed in &part.failed {
            findings
                .unknown(Text::new(format!("not deleted: {failed}"), format!("未删除：{failed}")));
        }
    }
    if !yes {
        en.push("this was a dry run: --yes deletes".into());
        zh.push("以上为预演：加 --yes 才删除".into());
    }
    findings.note(Text::new(en.join("\n"), zh.join("\n")));
    let title = Text::new("what was chosen is deleted", "所选内容已删除");
    outcome("cache.clean", title, findings)
}
