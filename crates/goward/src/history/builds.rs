//! `goward history build`: the builds that were observed, and how the last one compares.

use goward_build::Build;
use goward_history::{BuildQuery, BuildRow, History};
use goward_model::Lang;
use goward_report::Format;
use std::fmt::Write as _;

/// What is compared with: so many builds before.
const BEFORE: usize = 10;

pub(super) fn show(
    history: &History,
    limit: usize,
    target: Option<String>,
    format: Format,
    lang: Lang,
) -> anyhow::Result<String> {
    let rows = history.builds(&BuildQuery { limit, target, command: None })?;
    if format == Format::Json {
        return Ok(serde_json::to_string_pretty(&rows)? + "\n");
    }
    let mut out = String::new();
    for row in &rows {
        let result = match (&row.cause, row.exit_status) {
            (Some(cause), _) => cause.clone(),
            (None, Some(0)) => "ok".to_owned(),
            (None, status) => {
                status.map_or_else(|| "signal".to_owned(), |status| status.to_string())
            }
        };
        let flaky = if row.retries > 0 { format!(" +{}", row.retries) } else { String::new() };
        let commit = row.commit.as_deref().and_then(|commit| commit.get(..10)).unwrap_or("-");
        let _ = writeln!(
            out,
            "{}  {:>9.2} s  {:>5}/{:<5} {:<24} {commit}  {} {}",
            row.run_id,
            row.wall_ms / 1e3,
            row.built,
            row.packages,
            result + &flaky,
            row.target,
            row.command
        );
    }
    if let Some(last) = rows.first() {
        out += &compare(history, last, lang)?;
    }
    Ok(out)
}

/// What makes two builds comparable: the same command in the same folder, and as much to do.
fn kind(row: &BuildRow) -> [&'static str; 2] {
    match (row.built, row.packages) {
        (0, _) => ["nothing to build", "无需构建"],
        (built, packages) if built * 2 >= packages => ["most packages built", "构建了大部分包"],
        _ => ["some packages built", "构建了部分包"],
    }
}

/// The last build, stage by stage, against the median of those before that succeeded.
fn compare(history: &History, last: &BuildRow, lang: Lang) -> anyhow::Result<String> {
    let query = BuildQuery {
        limit: 200,
        target: Some(last.target.clone()),
        command: Some(last.command.clone()),
    };
    let before: Vec<Build> = history
        .builds(&query)?
        .iter()
        .filter(|row| {
            row.run_id != last.run_id && row.exit_status == Some(0) && kind(row) == kind(last)
        })
        .take(BEFORE)
        .filter_map(|row| serde_json::from_str(&row.document).ok())
        .collect();
    let Ok(now) = serde_json::from_str::<Build>(&last.document) else { return Ok(String::new()) };
    if before.is_empty() {
        return Ok(String::new());
    }
    let [en, zh] = kind(last);
    let mut out = match lang {
        Lang::En => {
            format!("\n{} against the median of {} before ({})\n", last.run_id, before.len(), en)
        }
        Lang::Zh => {
            format!("\n{} 与之前 {} 次的中位数相比({})\n", last.run_id, before.len(), zh)
        }
    };
    let mut line = |name: &str, value: f64, all: Vec<f64>| {
        if let Some(median) = median(all) {
            let change = if median > 0.0 {
                format!("{:+.0} %", (value / median - 1.0) * 100.0)
            } else {
                "–".to_owned()
            };
            let _ = writeln!(
                out,
                "  {name:<9} {:>9.2} s  {:>9.2} s  {change:>8}",
                value / 1e3,
                median / 1e3
            );
        }
    };
    line("wall", now.wall_ms, before.iter().map(|build| build.wall_ms).collect());
    let cpu = |build: &Build| build.user_ms + build.system_ms;
    line("cpu", cpu(&now), before.iter().map(cpu).collect());
    for stage in &now.stages {
        line(
            &stage.stage,
            stage.wall_ms,
            before.iter().filter_map(|build| build.stage_ms(&stage.stage)).collect(),
        );
    }
    Ok(out)
}

fn median(mut all: Vec<f64>) -> Option<f64> {
    all.sort_by(f64::total_cmp);
    let middle = all.len() / 2;
    match all.len() % 2 {
        1 => all.get(middle).copied(),
        _ => Some((all.get(middle.checked_sub(1)?)? + all.get(middle)?) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_few_is_what_it_should_be() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0]), Some(3.0));
        assert_eq!(median(vec![9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![1.0, 4.0]), Some(2.5));
    }
}
