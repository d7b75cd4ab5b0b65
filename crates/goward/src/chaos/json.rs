//! The report as JSON, with what was measured beside it.

use goward_chaos::{Record, Score, Setup};
use goward_model::Report;
use serde_json::{Value, json};

/// Report v1 with one key more: `chaos`.
pub(super) fn render(report: &Report, records: &[Record], setup: &Setup) -> String {
    let chaos = json!({
        "seed": setup.seed,
        "repeat": setup.repeat,
        "retries": setup.retries,
        "score": Score::of(records.iter().flat_map(|record| &record.runs)),
        "scenarios": records,
    });
    let mut value = serde_json::to_value(report).unwrap_or_default();
    if let Value::Object(object) = &mut value {
        object.insert("chaos".to_owned(), chaos);
    }
    let text = serde_json::to_string_pretty(&value).unwrap_or_default() + "\n";
    visible(&text)
}

/// What could act on a terminal is written as an escape, as in every report.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let acts = letter.is_control() && letter != '\n'
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if acts {
            out += &format!("\\u{:04x}", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
    out
}
