//! `goward plumbing placeholders`.

use crate::cli::PlaceholderMode;
use leftover::{Mode, scan};
use std::path::Path;

/// A JSON line per finding: name, line, column.
pub(super) fn answer(
    file: &Path,
    text: &[u8],
    mode: PlaceholderMode,
    allow: &[String],
) -> anyhow::Result<String> {
    let mode = match mode {
        PlaceholderMode::Rendered => Mode::Rendered,
        PlaceholderMode::Source => Mode::Source,
    };
    let allowed = |name: &str| allow.iter().any(|allowed| allowed == name);
    let found = scan(&file.to_string_lossy(), text, mode, &allowed);
    anyhow::ensure!(
        !found.truncated,
        "{}: more than {} placeholders",
        file.display(),
        leftover::MAX_FINDINGS
    );
    let line = |finding: &leftover::Finding| {
        let (name, line, column) = (&finding.name, finding.line, finding.column);
        serde_json::json!({"name": name, "line": line, "column": column}).to_string() + "\n"
    };
    Ok(found.findings.iter().map(line).collect())
}
