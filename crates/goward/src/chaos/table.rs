//! Scenario × expected cause × detected cause × time to detect.

use goward_chaos::{Attempt, Record, Sample, Score, Setup};
use goward_model::Lang;
use std::fmt::Write as _;

/// How wide the curve of memory is.
const CURVE: usize = 16;
/// From nothing to the most.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// How many columns the table has.
const COLUMNS: usize = 7;

/// A row: scenario, expected, detected, time to detect, how many succeeded, memory, and its curve.
fn row(record: &Record) -> [String; COLUMNS] {
    let expected = record.expected.join(" | ");
    let Some(attempt) = record.shown() else {
        let none = || "–".to_owned();
        return [record.id.into(), expected, none(), none(), none(), none(), String::new()];
    };
    let percent = |share: f64| format!("{} %", (share * 100.0).round());
    let (off, on) = (record.score.without_retries, record.score.with_retries);
    let score =
        if off == on { percent(off) } else { format!("{} → {}", percent(off), percent(on)) };
    let time =
        if attempt.succeeded { "–".to_owned() } else { seconds(attempt.time_to_detect_ms) };
    let peak = format!("{} MB", attempt.peak_bytes / 1_000_000);
    let detected = attempt.detected.clone();
    [record.id.into(), expected, detected, time, score, peak, curve(&attempt.memory)]
}

fn seconds(ms: f64) -> String {
    format!("{:.1} s", ms / 1e3)
}

/// The memory over time, in bars.
fn curve(samples: &[Sample]) -> String {
    let most = samples.iter().map(|sample| sample.bytes).max().unwrap_or(0).max(1);
    let columns = samples.len().min(CURVE);
    let bar = |column: usize| {
        let from = column * samples.len() / columns.max(1);
        let to = ((column + 1) * samples.len() / columns.max(1)).max(from + 1);
        let here = samples.iter().take(to).skip(from).map(|sample| sample.bytes).max();
        let level = here.unwrap_or(0) * (BARS.len() as u64 - 1) / most;
        usize::try_from(level).ok().and_then(|level| BARS.get(level)).copied().unwrap_or(' ')
    };
    (0..columns).map(bar).collect()
}

fn heads(lang: Lang) -> [&'static str; COLUMNS] {
    match lang {
        Lang::En => {
            ["scenario", "expected", "detected", "detected in", "succeeded", "memory", "over time"]
        }
        Lang::Zh => ["场景", "应为", "检测到", "检测用时", "成功", "内存", "变化"],
    }
}

/// The share of builds that succeeded, in words; nothing where one build says nothing.
fn score(records: &[Record], setup: &Setup, lang: Lang) -> Option<String> {
    if setup.repeat < 2 && setup.retries == 0 {
        return None;
    }
    let score = Score::of(records.iter().flat_map(|record| &record.runs));
    let percent = |share: f64| (share * 100.0).round();
    let (off, on) = (percent(score.without_retries), percent(score.with_retries));
    let (runs, retries) = (score.runs, setup.retries);
    Some(match lang {
        Lang::En => format!(
            "resilience: of {runs} builds {off} % succeeded without retries, {on} % with up to {retries}"
        ),
        Lang::Zh => {
            format!("韧性：{runs} 次构建中，无重试成功 {off} %，最多重试 {retries} 次成功 {on} %")
        }
    })
}

/// What strace saw, in a line.
fn execs(attempt: &Attempt) -> Option<String> {
    let execs = attempt.execs.as_ref()?;
    let times = |(name, count): (&String, &u64)| format!("{name}×{count}");
    let mut parts: Vec<String> = execs.started.iter().map(times).collect();
    parts.extend(execs.killed.iter().map(times));
    Some(parts.join(" "))
}

/// For a terminal.
pub(super) fn human(records: &[Record], setup: &Setup, lang: Lang) -> String {
    let heads = heads(lang).map(str::to_owned);
    let rows: Vec<[String; COLUMNS]> =
        std::iter::once(heads).chain(records.iter().map(row)).collect();
    let mut widths = [0; COLUMNS];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(columns(cell));
        }
    }
    let mut out = format!("{}: {} · {}\n", lang.pick("seed", "种子"), setup.seed, setup.go.version);
    for (number, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, "{cell}{:pad$}  ", "", pad = width - columns(cell));
        }
        let _ = writeln!(out, "{}", line.trim_end());
        let shown = number.checked_sub(1).and_then(|at| records.get(at)).and_then(Record::shown);
        if let Some(execs) = shown.and_then(execs) {
            let _ = writeln!(out, "    strace: {execs}");
        }
    }
    if let Some(score) = score(records, setup, lang) {
        let _ = writeln!(out, "{score}");
    }
    out
}

/// How many columns a terminal needs: Chinese characters take two.
fn columns(text: &str) -> usize {
    text.chars().map(|letter| if ('\u{2e80}'..='\u{ffef}').contains(&letter) { 2 } else { 1 }).sum()
}

/// For a pull request.
pub(super) fn markdown(records: &[Record], setup: &Setup, lang: Lang) -> String {
    let line = |cells: [String; COLUMNS]| format!("| {} |\n", cells.join(" | "));
    let mut out =
        line(heads(lang).map(str::to_owned)) + "| --- | --- | --- | --: | --: | --: | --- |\n";
    for record in records {
        let [id, expected, detected, time, score, peak, curve] = row(record);
        let code = |text: String| match text.as_str() {
            "–" => text,
            _ => format!("`{text}`"),
        };
        let expected = expected.split(" | ").map(|id| code(id.to_owned())).collect::<Vec<_>>();
        out += &line([code(id), expected.join(", "), code(detected), time, score, peak, curve]);
    }
    let _ = writeln!(out, "\n{}: {}", lang.pick("Seed", "种子"), setup.seed);
    if let Some(score) = score(records, setup, lang) {
        let _ = writeln!(out, "\n{score}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_shows_its_peak_whatever_its_length() {
        let sample = |bytes| Sample { bytes, ..Sample::default() };
        assert_eq!(curve(&[]), "");
        assert_eq!(curve(&[sample(0), sample(70), sample(35)]), "▁█▄");
        let mut long: Vec<Sample> = (0..240).map(|_| sample(10)).collect();
        long[100] = sample(1000);
        let drawn = curve(&long);
        assert_eq!(drawn.chars().count(), CURVE);
        assert_eq!(drawn.chars().filter(|bar| *bar == '█').count(), 1);
    }

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!((columns("ab"), columns("场景"), columns("▁")), (2, 4, 1));
    }
}
