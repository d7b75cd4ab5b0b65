//! The report as JSON, with what was measured beside it.

use goward_chaos::{Record, Score, Setup};
use goward_model::Report;
use goward_report::render_json_with;
use serde_json::json;

/// Report v1 with one key more: `chaos`.
pub(super) fn render(report: &Report, records: &[Record], setup: &Setup) -> String {
    let chaos = json!({
        "seed": setup.seed,
        "repeat": setup.repeat,
        "retries": setup.retries,
        "score": Score::of(records.iter().flat_map(|record| &record.runs)),
        "scenarios": records,
    });
    render_json_with(report, "chaos", chaos)
}
