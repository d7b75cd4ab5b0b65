//! When each stage and each of the slowest packages was at work, as bars in the terminal.

use super::summary::{bytes, seconds};
use goward_build::{Build, Span};
use goward_model::Lang;
use std::fmt::Write as _;

/// Cells of a bar.
const WIDTH: usize = 60;
/// Packages that are shown.
const SHOWN: usize = 20;

pub(super) fn draw(build: &Build, lang: Lang) -> String {
    let mut out = String::new();
    let total = build.wall_ms.max(1.0);
    let _ = writeln!(
        out,
        "{:<9} 0{:>width$}",
        lang.pick("stage", "阶段"),
        seconds(total),
        width = WIDTH - 1
    );
    for stage in &build.stages {
        let bar = bar(stage.start_ms, stage.end_ms, total);
        let failed = if stage.failed { " ✗" } else { "" };
        let _ = writeln!(out, "{:<9} {bar} {}{failed}", stage.stage, seconds(stage.wall_ms));
    }
    let mut slowest: Vec<(usize, &Span)> = build.spans.iter().enumerate().collect();
    slowest.sort_by(|(_, a), (_, b)| b.wall_ms().total_cmp(&a.wall_ms()));
    slowest.truncate(SHOWN);
    slowest.sort_by(|(_, a), (_, b)| a.start_ms.total_cmp(&b.start_ms));
    if !slowest.is_empty() {
        let title = lang.pick("the slowest (● on the critical path)", "最慢的(● 位于关键路径)");
        let _ = writeln!(out, "{title}");
    }
    for (at, span) in slowest {
        let mark = if build.critical_path.contains(&at) { '●' } else { ' ' };
        let memory =
            if span.peak_rss > 0 { format!(" {}", bytes(span.peak_rss)) } else { String::new() };
        let failed = match (span.failed, span.cached) {
            (true, _) => " ✗",
            (false, true) => lang.pick(" (from the cache)", "(来自缓存)"),
            (false, false) => "",
        };
        let bar = bar(span.start_ms, span.end_ms, total);
        let _ = writeln!(
            out,
            "{:<8}{mark} {bar} {}{memory} {}{failed}",
            span.stage,
            seconds(span.wall_ms()),
            span.name
        );
    }
    if build.critical_ms > 0.0 {
        let share = build.critical_ms / total * 100.0;
        let _ = writeln!(
            out,
            "{}",
            match lang {
                Lang::En => format!(
                    "critical path: {} of {} ({share:.0} %)",
                    seconds(build.critical_ms),
                    seconds(total)
                ),
                Lang::Zh => format!(
                    "关键路径:{},共 {}({share:.0} %)",
                    seconds(build.critical_ms),
                    seconds(total)
                ),
            }
        );
    }
    out
}

/// A bar of [`WIDTH`] cells; what is there is seen, however short.
fn bar(start: f64, end: f64, total: f64) -> String {
    let cell = |ms: f64| ((ms / total) * WIDTH as f64).clamp(0.0, WIDTH as f64);
    let from = (cell(start).floor() as usize).min(WIDTH - 1);
    let to = (cell(end).ceil() as usize).clamp(from + 1, WIDTH);
    format!("{}{}{}", "·".repeat(from), "█".repeat(to - from), "·".repeat(WIDTH - to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bar_is_as_wide_and_holds_something() {
        for (start, end) in
            [(0.0, 0.0), (0.0, 100.0), (99.9, 100.0), (100.0, 100.0), (-5.0, 500.0), (50.0, 20.0)]
        {
            let bar = bar(start, end, 100.0);
            assert_eq!(bar.chars().count(), WIDTH, "{start} {end}");
            assert!(bar.contains('█'));
        }
    }
}
