//! Reports made up for tests, examples and benches.

use goward_model::{
    Finding, Gate, Identity, Location, Measured, Outcome, Report, SlaTier, Text, Verdict,
};

/// How many outcomes every made-up report has.
pub(crate) const OUTCOMES: usize = 12;

/// A report of run `run_id` that started `second` seconds after 2023-11-14T22:13:20Z; its JSON is
/// at least `padding` bytes long.
pub(crate) fn report(run_id: &str, target: &str, second: i64, padding: usize) -> Report {
    let started = jiff::Timestamp::from_second(1_700_000_000 + second).unwrap_or_default();
    let identity = Identity {
        run_id: run_id.into(),
        started_at: started.to_string(),
        goward_version: "0.1.0".into(),
        target: target.into(),
        prefix: String::new(),
        module: Some("example.com/payments".into()),
        commit: Some("0123456789abcdef0123456789abcdef01234567".into()),
        dirty: Some(false),
        go_version: Some("go1.25.1".into()),
        goflags: None,
        policy: vec!["goward.toml".into()],
        selection: vec![],
    };
    let outcomes = (0..OUTCOMES).map(|n| outcome(n, padding / OUTCOMES)).collect();
    Report::new(identity, outcomes, Gate::Closed, 41.5)
}

fn outcome(n: usize, padding: usize) -> Outcome {
    let why = Text::new(format!("reason {n}"), format!("原因 {n}"));
    let at = Location::point(format!("dir/file{n}.yaml"), 3, 7);
    let verdict = match n % 4 {
        0 => Verdict::Pass,
        1 => Verdict::Fail(vec![Finding::at(at, "x".repeat(padding * 4), why.clone(), why)]),
        2 => Verdict::Skip(why),
        _ => Verdict::Inconclusive(why),
    };
    Outcome {
        check: format!("group/check-{n}"),
        group: "group".into(),
        title: Text::new("a title", "标题"),
        tier: SlaTier::ALL[n % 4],
        verdict,
        unknown: None,
        latency_ms: 0.125,
        timeout_ms: 10_000,
        critical_threshold: (n == 1).then_some(99.0),
        measured: (n == 1).then(|| Measured { name: "latency_ms".into(), value: 0.1 + 0.2 }),
        note: None,
        blocked_by: (n == 3).then(|| "group/check-1".into()),
    }
}
