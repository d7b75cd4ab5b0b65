//! `goward plumbing module-path`.

use gomod::module_path;
use serde_json::json;

/// A JSON line for each path: whether it may be downloaded, its name in the module cache, its major
/// version.
pub(super) fn answer(lines: &str) -> String {
    let answer = |path: &str| {
        let error = module_path::check(path).err().map(|err| err.to_string());
        let split = module_path::split_path_version(path);
        let line = json!({
            "path": path,
            "valid": error.is_none(),
            "error": error,
            "escaped": module_path::escape(path).ok(),
            "prefix": split.map(|(prefix, _)| prefix),
            "path_major": split.map(|(_, major)| major),
        });
        format!("{line}\n")
    };
    lines.lines().map(|line| line.trim_end_matches('\r')).map(answer).collect()
}
