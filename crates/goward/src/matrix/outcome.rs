//! The matrix as a report: an outcome per cell, so that it gets every format that a check gets.

use super::Matrix;
use super::advice;
use super::cell::{Known, Measured, Verdict as Built};
use goward_causes::cause_of;
use goward_model::{Finding, Findings, Gate, Identity, Location, Outcome, Report, SlaTier, Text};
use goward_report::render_json_with;
use serde_json::json;
use std::time::Duration;

pub(super) fn report(matrix: &Matrix, identity: Identity, deadline: Duration) -> Report {
    let limit = u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX);
    let outcomes: Vec<Outcome> =
        matrix.cells.iter().map(|cell| outcome(matrix, cell, limit)).collect();
    let gate = Gate::of(&outcomes);
    Report::new(identity, outcomes, gate, matrix.wall_ms)
}

/// Report v1 with one key more: `matrix`.
pub(super) fn json(report: &Report, matrix: &Matrix) -> String {
    let compilers = matrix.compilers.iter().map(|it| {
        let why = it.why();
        json!({
            "platform": it.platform.to_string(),
            "cc": it.cc,
            "cxx": it.cxx,
            "works": it.cause().is_none(),
            "cause": it.cause(),
            "why": (!why.en.is_empty()).then_some(why),
        })
    });
    let value = json!({
        "predicted_only": matrix.predicted_only,
        "cells": matrix.cells,
        "compilers": compilers.collect::<Vec<_>>(),
    });
    render_json_with(report, "matrix", value)
}

/// What is said of a cell that failed, or is expected to: the cause, what it means, the first line that proves it.
pub(super) fn failure(cell: &Known) -> (Text, Text) {
    let id = cell.cause().unwrap_or("unknown");
    let cause = cause_of(id);
    let meaning = cause.map_or_else(Text::default, |it| Text::new(it.meaning.en, it.meaning.zh));
    let of_cause = || cause.map_or_else(Text::default, |it| Text::new(it.fix.en, it.fix.zh));
    let proof = match &cell.measured {
        Some(measured) => measured.evidence.first().map(|line| Text::same(line.as_str())),
        None => cell.predicted.why.clone(),
    };
    let said = |meaning: &str, proof: Option<&str>| match proof {
        Some(proof) => format!("{id}: {meaning}: {proof}"),
        None => format!("{id}: {meaning}"),
    };
    let message = Text::new(
        said(&meaning.en, proof.as_ref().map(|it| it.en.as_str())),
        said(&meaning.zh, proof.as_ref().map(|it| it.zh.as_str())),
    );
    let fix = cell.measured.as_ref().and_then(|measured| measured.fix.clone());
    (message, fix.unwrap_or_else(of_cause))
}

fn outcome(matrix: &Matrix, cell: &Known, limit: u64) -> Outcome {
    let mut findings = Findings::default();
    let (message, mut fix) = failure(cell);
    if cell.measured.is_none()
        && let Some(compiler) = matrix.compiler(cell)
        && compiler.cause() == cell.cause()
        && compiler.cause().is_some()
    {
        fix = advice::of_compiler(compiler);
    }
    match cell.verdict() {
        _ if cell.measured.is_none() && !matrix.predicted_only => {
            findings.unknown(Text::new("interrupted", "已中断"));
        }
        Built::Pass => {}
        Built::Fail if cell.allowed => findings.not_applicable(Text::new(
            format!("it may fail (--allow), and does: {}", message.en),
            format!("允许失败（--allow），且确实失败：{}", message.zh),
        )),
        Built::Fail => {
            let evidence = cell.cause().unwrap_or("unknown").to_owned();
            findings.report(Finding::at(Location::whole("go.mod"), evidence, message, fix));
        }
        Built::Unknown if cell.allowed => findings.not_applicable(reason(cell)),
        Built::Unknown => findings.unknown(reason(cell)),
    }
    findings.note(note(cell));
    let tier = cell.measured.as_ref().and_then(|it| it.tier.as_ref()?.parse().ok());
    let wall = cell.measured.as_ref().map_or(0, |it| it.wall_ms);
    let with =
        if cell.cell.cgo { ("with cgo", "启用 cgo") } else { ("without cgo", "不启用 cgo") };
    let (go, platform) = (cell.cell.go, &cell.cell.platform);
    let title = Text::new(
        format!("{go} builds it for {platform} {}", with.0),
        format!("{go} 能为 {platform} 构建（{}）", with.1),
    );
    Outcome {
        latency_ms: wall as f64,
        timeout_ms: limit,
        ..Outcome::of(&cell.id, "matrix", title, tier.unwrap_or(SlaTier::P2), findings)
    }
}

fn reason(cell: &Known) -> Text {
    let of = |measured: &Measured| measured.evidence.first().map(|line| Text::same(line.as_str()));
    let predicted = || cell.predicted.why.clone().unwrap_or_default();
    cell.measured.as_ref().map_or_else(predicted, |measured| of(measured).unwrap_or_default())
}

/// What was predicted, and what the measurement rests on.
fn note(cell: &Known) -> Text {
    let expected = match cell.predicted.verdict {
        Built::Pass => "pass".to_owned(),
        Built::Fail => format!("fail ({})", cell.predicted.cause.as_deref().unwrap_or("unknown")),
        Built::Unknown => "unknown".to_owned(),
    };
    let expected_zh = match cell.predicted.verdict {
        Built::Pass => "通过".to_owned(),
        Built::Fail => format!("失败（{}）", cell.predicted.cause.as_deref().unwrap_or("unknown")),
        Built::Unknown => "未知".to_owned(),
    };
    let (mut en, mut zh) = (format!("predicted: {expected}"), format!("预测：{expected_zh}"));
    if let Some(measured) = &cell.measured {
        let peak = measured.peak_bytes >> 20;
        en += &format!("; peak memory {peak} MiB");
        zh += &format!("；内存峰值 {peak} MiB");
        if measured.resumed {
            en += "; of an earlier run";
            zh += "；来自之前的运行";
        }
        if let Some(log) = &measured.log_says {
            en += &format!("; the log alone says {log}");
            zh += &format!("；仅看日志为 {log}");
        }
    }
    Text::new(en, zh)
}

#[cfg(test)]
mod tests {
    use super::super::cell::{Cell, Platform, Prediction};
    use super::*;

    fn known(cgo: bool, verdict: Built, allowed: bool) -> Known {
        let platform = Platform::new("linux", "arm64");
        let cell = Cell { go: "1.24.11".parse().unwrap(), platform, cgo };
        let predicted = match verdict {
            Built::Fail => Prediction::fail("cgo.no-compiler", Text::same("none")),
            Built::Pass => Prediction::pass(),
            Built::Unknown => Prediction::unknown(Text::same("?")),
        };
        Known { id: cell.id(), cell, cc: None, allowed, predicted, measured: None }
    }

    fn of(cells: Vec<Known>, predicted_only: bool) -> Report {
        let matrix = Matrix { cells, compilers: vec![], predicted_only, wall_ms: 1.0 };
        report(&matrix, Identity::default(), Duration::from_secs(1))
    }

    #[test]
    fn a_cell_that_must_pass_closes_the_gate_and_one_that_may_fail_does_not() {
        let closed = of(vec![known(true, Built::Fail, false)], true);
        assert_eq!(closed.gate, Gate::Closed);
        assert_eq!(closed.outcomes[0].check, "matrix.go1.24.11.linux-arm64.cgo");
        let open = of(vec![known(true, Built::Fail, true), known(false, Built::Pass, false)], true);
        assert_eq!((open.gate, open.summary.skip), (Gate::Open, 1));
        assert_eq!(of(vec![known(true, Built::Unknown, false)], true).gate, Gate::Inconclusive);
        // What was not built is not judged by what was expected of it.
        assert_eq!(of(vec![known(true, Built::Pass, false)], false).gate, Gate::Inconclusive);
    }
}
