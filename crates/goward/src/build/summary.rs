//! What goward adds to the output of go: a line on success, a screen on failure.

use super::waterfall;
use crate::cli::ObserveArgs;
use crate::console::Console;
use goward_build::{Attempt, Build};
use goward_causes::Verdict;
use goward_model::Lang;
use std::fmt::Write as _;
use std::path::Path;

/// What a person reads after the build.
pub(super) fn text(
    build: &Build,
    verdict: &Verdict,
    log: Option<&Path>,
    args: &ObserveArgs,
    console: &Console,
) -> String {
    let lang = console.lang;
    let mut out = String::new();
    if args.timeline {
        out += &waterfall::draw(build, lang);
    }
    if build.succeeded() {
        if !console.is_quiet() {
            let _ = writeln!(out, "goward: {}", times(build, lang));
        }
        for attempt in &build.retried {
            let _ = writeln!(out, "goward: {}", flake(attempt, lang));
        }
        return out;
    }
    let _ = writeln!(out, "\ngoward: {} {}", build.command_line(), how_it_ended(build, lang));
    // The lines stand right above.
    let mut verdict = verdict.clone();
    for cause in &mut verdict.causes {
        cause.evidence.truncate(1);
    }
    out += &crate::explain::human(&verdict, args.slo, lang);
    for attempt in &build.retried {
        let _ = writeln!(out, "{}", flake(attempt, lang));
    }
    if let Some(log) = log {
        let kept = lang.pick("the log is kept for study", "日志已保存以供研究");
        let _ = writeln!(out, "{kept}: {}", log.display());
    }
    let _ = writeln!(out, "{}", times(build, lang));
    for reason in &build.unobserved {
        let _ = writeln!(out, "{}: {reason}", lang.pick("not observed", "未能观察"));
    }
    out
}

/// Said before the next attempt.
pub(super) fn retry(attempt: &Attempt, number: usize, allowed: u32, lang: Lang) -> String {
    let (cause, wait) = (&attempt.cause, attempt.waited_ms / 1e3);
    match lang {
        Lang::En => format!(
            "goward: {cause}: it may pass by itself; attempt {number} of {allowed} more in {wait} s"
        ),
        Lang::Zh => {
            format!("goward: {cause}: 可能自行恢复;{wait} 秒后进行第 {number}/{allowed} 次重试")
        }
    }
}

fn flake(attempt: &Attempt, lang: Lang) -> String {
    let (cause, wall) = (&attempt.cause, seconds(attempt.wall_ms));
    match lang {
        Lang::En => {
            format!("an attempt before failed after {wall}: {cause}; the history counts it")
        }
        Lang::Zh => format!("此前一次尝试在 {wall} 后失败:{cause};历史会计入"),
    }
}

fn how_it_ended(build: &Build, lang: Lang) -> String {
    let wall = seconds(build.wall_ms);
    let by = match (build.stopped.as_deref(), build.exit_status, build.signal) {
        (Some("deadline"), ..) => lang.pick("its deadline passed", "超过期限").to_owned(),
        (Some("memory"), ..) => lang.pick("its memory passed the limit", "内存超过上限").to_owned(),
        (_, Some(code), _) => format!("{} {code}", lang.pick("exit status", "退出码")),
        (_, None, Some(signal)) => format!("{} {signal}", lang.pick("signal", "信号")),
        _ => String::new(),
    };
    match lang {
        Lang::En => format!("failed after {wall} ({by})"),
        Lang::Zh => format!("在 {wall} 后失败({by})"),
    }
}

/// One line: the stages, then what was used.
pub(super) fn times(build: &Build, lang: Lang) -> String {
    let mut parts = vec![];
    for stage in &build.stages {
        let mut part = format!("{} {}", stage.stage, seconds(stage.wall_ms));
        match stage.stage.as_str() {
            "compile" => {
                let (built, total) = (build.packages.built, build.packages.total);
                part += &match lang {
                    Lang::En => format!(" ({built} of {total} packages)"),
                    Lang::Zh => format!("({total} 个包中的 {built} 个)"),
                };
            }
            "resolve" => {
                part += &match lang {
                    Lang::En => format!(" ({} modules)", stage.count),
                    Lang::Zh => format!("({} 个模块)", stage.count),
                };
            }
            _ => {}
        }
        parts.push(part);
    }
    if build.parallelism > 0.0 {
        parts.push(match lang {
            Lang::En => format!("{:.1} tools at once", build.parallelism),
            Lang::Zh => format!("平均并行 {:.1} 个工具", build.parallelism),
        });
    }
    let peak =
        build.tools.iter().map(|tool| tool.peak_rss).max().unwrap_or(0).max(build.memory.peak_rss);
    if peak > 0 {
        parts.push(format!("{} {}", lang.pick("peak memory", "内存峰值"), bytes(peak)));
    }
    format!("{}: {}", seconds(build.wall_ms), parts.join(" · "))
}

/// `0.35 s`, `12.3 s`, `2 m 05 s`.
pub(super) fn seconds(ms: f64) -> String {
    let seconds = ms / 1e3;
    match seconds {
        _ if seconds < 9.995 => format!("{seconds:.2} s"),
        _ if seconds < 99.95 => format!("{seconds:.1} s"),
        _ => {
            let whole = seconds.round() as u64;
            format!("{} m {:02} s", whole / 60, whole % 60)
        }
    }
}

/// `312 MiB`, `1.4 GiB`.
pub(super) fn bytes(bytes: u64) -> String {
    let mib = bytes as f64 / f64::from(1 << 20);
    match mib {
        _ if mib < 0.95 => format!("{} KiB", bytes >> 10),
        _ if mib < 1000.0 => format!("{mib:.0} MiB"),
        _ => format!("{:.1} GiB", mib / 1024.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(seconds(4.0), "0.00 s");
        assert_eq!(seconds(9_994.0), "9.99 s");
        assert_eq!(seconds(12_345.0), "12.3 s");
        assert_eq!(seconds(125_000.0), "2 m 05 s");
        assert_eq!(bytes(312 << 20), "312 MiB");
        assert_eq!(bytes(1_503_238_553), "1.4 GiB");
    }
}
