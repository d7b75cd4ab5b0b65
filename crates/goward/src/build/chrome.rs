//! A trace for Perfetto and chrome://tracing, in the Trace Event Format: a row per processor that was
//! kept busy, one for the stages, and the memory as a counter.

use goward_build::Build;
use serde_json::{Value, json};

/// The row of the stages; below it those of the work.
const STAGES: u32 = 0;

pub(super) fn trace(build: &Build) -> String {
    let mut events = vec![
        json!({"ph": "M", "pid": 1, "tid": STAGES, "name": "process_name", "args": {"name": build.command_line()}}),
    ];
    events.push(name(STAGES, "stages"));
    for stage in &build.stages {
        events.push(complete(
            STAGES,
            &stage.stage,
            "stage",
            stage.start_ms,
            stage.end_ms,
            json!({"cpu_ms": stage.cpu_ms, "count": stage.count}),
        ));
    }
    // Each span goes to the first row that is free.
    let mut rows: Vec<f64> = vec![];
    for (at, span) in build.spans.iter().enumerate() {
        let free = rows.iter().position(|busy_until| *busy_until <= span.start_ms);
        let row = free.unwrap_or(rows.len());
        match rows.get_mut(row) {
            Some(busy_until) => *busy_until = span.end_ms,
            None => rows.push(span.end_ms),
        }
        let args = json!({
            "cpu_ms": span.cpu_ms, "queued_ms": span.queued_ms, "peak_rss": span.peak_rss,
            "failed": span.failed, "critical": build.critical_path.contains(&at),
        });
        events.push(complete(
            1 + row as u32,
            &span.name,
            &span.stage,
            span.start_ms,
            span.end_ms,
            args,
        ));
    }
    events.extend((0..rows.len()).map(|row| name(1 + row as u32, &format!("worker {}", row + 1))));
    for download in &build.downloads {
        let end = download.start_ms + download.wall_ms.unwrap_or(0.0);
        let title = format!("{}@{}", download.module, download.version);
        events.push(complete(
            1000,
            &title,
            "resolve",
            download.start_ms,
            end,
            json!({"bytes": download.bytes}),
        ));
    }
    for point in &build.memory.curve {
        events.push(json!({"ph": "C", "pid": 1, "name": "memory", "ts": point.at_ms * 1000, "args": {"rss": point.rss}}));
    }
    json!({"traceEvents": events, "displayTimeUnit": "ms"}).to_string()
}

fn name(tid: u32, name: &str) -> Value {
    json!({"ph": "M", "pid": 1, "tid": tid, "name": "thread_name", "args": {"name": name}})
}

/// Times are microseconds there.
fn complete(
    tid: u32,
    name: &str,
    category: &str,
    start_ms: f64,
    end_ms: f64,
    args: Value,
) -> Value {
    let duration = (end_ms - start_ms).max(0.0) * 1e3;
    json!({"ph": "X", "pid": 1, "tid": tid, "name": name, "cat": category, "ts": start_ms * 1e3, "dur": duration, "args": args})
}
