//! `goward plumbing placeholders`.

use crate::cli::PlaceholderMode;
use std::path::Path;

/// A JSON line per finding: name, line, column.
pub(super) fn answer(
    _file: &Path,
    _text: &[u8],
    _mode: PlaceholderMode,
    _allow: &[String],
) -> anyhow::Result<String> {
    anyhow::bail!("wip")
}
