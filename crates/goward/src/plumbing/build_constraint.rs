//! `goward plumbing build-constraint`.

use goheader::constraint::parse;
use serde_json::json;
use std::collections::BTreeSet;

/// A JSON line for each line: `//go:build …`, `// +build …`, or an expression by itself.
pub(super) fn answer(lines: &str, tags: &str) -> String {
    let tags: BTreeSet<&str> = tags.split(',').map(str::trim).collect();
    let mut out = String::new();
    for line in lines.lines() {
        let whole =
            if line.starts_with("//") { line.to_owned() } else { format!("//go:build {line}") };
        let value = match parse(&whole) {
            Ok(expression) => json!({
                "line": line,
                "valid": true,
                "error": null,
                "expression": expression.to_string(),
                "tags": expression.tags().collect::<BTreeSet<_>>(),
                "result": expression.eval(&mut |tag| tags.contains(tag)),
            }),
            Err(err) => json!({
                "line": line,
                "valid": false,
                "error": err.to_string(),
                "expression": "",
                "tags": [],
                "result": false,
            }),
        };
        out += &value.to_string();
        out.push('\n');
    }
    out
}
