//! `goward plumbing go-header`.

use crate::console::Console;
use goward_model::ExitStatus;
use serde_json::{Value, json};

/// What stands above the code of a Go file. Where Go refuses it: exit status 1, and why on standard error.
pub(super) fn run(bytes: &[u8], name: &str, console: &Console) -> anyhow::Result<ExitStatus> {
    let header = goheader::read_go(bytes, true)?;
    if let Some(error) = &header.error {
        let place = match error.line {
            0 => String::new(),
            line => format!("{line}:{}:", error.column),
        };
        console.refuse(&format!("{name}:{place} {}", error.message));
        return Ok(ExitStatus::Closed);
    }
    // A constraint that can be read by nobody is what Go refuses, too.
    if let Err(err) = header.constraint.matches(&|_| true) {
        console.refuse(&format!("{name}: {err}"));
        return Ok(ExitStatus::Closed);
    }
    let package = header.package.map(|package| package.name).unwrap_or_default();
    let imports: Vec<Value> = header.imports.into_iter().map(|import| {
        json!({ "path": import.path, "name": import.name, "line": import.line, "column": import.column })
    }).collect();
    let embeds: Vec<Value> = header
        .embeds
        .into_iter()
        .map(
            |embed| json!({ "pattern": embed.pattern, "line": embed.line, "column": embed.column }),
        )
        .collect();
    let constraints: Vec<String> =
        header.constraint.expressions().iter().map(ToString::to_string).collect();
    let value = json!({
        "package": package,
        "imports": imports,
        "constraints": constraints,
        "embeds": embeds,
    });
    console.print(&(serde_json::to_string_pretty(&value)? + "\n"))?;
    Ok(ExitStatus::Open)
}
