//! `goward plumbing go-header`.

use crate::console::Console;
use goward_model::ExitStatus;
use serde_json::{Value, json};

/// The first piece of a file that is looked at, and the most: nothing that is written by hand has more above its code,
/// and what goes beyond costs memory by the line.
const PIECES: [usize; 4] = [64 << 10, 512 << 10, 4 << 20, 16 << 20];

/// The head, from as little of the file as it takes.
fn head(bytes: &[u8], name: &str) -> anyhow::Result<goheader::Header> {
    for piece in PIECES {
        let part = bytes.get(..piece).unwrap_or(bytes);
        if let Ok(header) = goheader::read_go(part, part.len() == bytes.len()) {
            return Ok(header);
        }
    }
    anyhow::bail!("{name}: the head does not end within {} bytes, and no more is read", PIECES[3])
}

/// What stands above the code of a Go file. Where Go refuses it: exit status 1, and why on standard error.
pub(super) fn run(bytes: &[u8], name: &str, console: &Console) -> anyhow::Result<ExitStatus> {
    let header = head(bytes, name)?;
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
    let directives: Vec<Value> = header
        .directives
        .into_iter()
        .map(|one| json!({ "text": one.text, "line": one.line, "column": one.column }))
        .collect();
    let constraints: Vec<String> =
        header.constraint.expressions().iter().map(ToString::to_string).collect();
    let value = json!({
        "package": package,
        "imports": imports,
        "constraints": constraints,
        "embeds": embeds,
        "directives": directives,
    });
    console.print(&(serde_json::to_string_pretty(&value)? + "\n"))?;
    Ok(ExitStatus::Open)
}
