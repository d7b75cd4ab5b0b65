//! Report JSON v1: the report as it is, and its JSON Schema.

use crate::text;
use goward_model::{REPORT_SCHEMA, Report};
use schemars::Schema;
use serde_json::{Value, json};

pub(crate) fn render(report: &Report) -> String {
    // Plain data with string keys always serialises; should that ever change, the reader hears it.
    let document = serde_json::to_string_pretty(report).unwrap_or_else(|err| {
        json!({ "schema": REPORT_SCHEMA, "error": err.to_string() }).to_string()
    });
    text::json(&document) + "\n"
}

/// Report JSON v1 with one key more, for a command that knows more than a report holds.
pub fn render_json_with(report: &Report, key: &str, value: Value) -> String {
    let mut document = serde_json::to_value(report)
        .unwrap_or_else(|err| json!({ "schema": REPORT_SCHEMA, "error": err.to_string() }));
    if let Value::Object(object) = &mut document {
        object.insert(key.to_owned(), value);
    }
    text::json(&format!("{document:#}")) + "\n"
}

/// The JSON Schema (draft 2020-12) of report JSON v1. Every document of version 1 is valid by it,
/// those of earlier goward releases included: fields that were added later are not required.
pub fn report_schema() -> Schema {
    let mut schema = schemars::schema_for!(Report);
    schema.insert("title".into(), json!("goward report v1"));
    // The Rust types are wider than the format where they must tell the reader what they saw.
    tighten(&mut schema, "/properties/schema", "const", json!(REPORT_SCHEMA));
    let verdicts = json!(["pass", "fail", "skip", "inconclusive"]);
    tighten(&mut schema, "/$defs/Outcome/properties/verdict", "enum", verdicts);
    schema
}

fn tighten(schema: &mut Schema, place: &str, key: &str, value: Value) {
    if let Some(Value::Object(found)) = schema.pointer_mut(place) {
        found.insert(key.into(), value);
    }
}
