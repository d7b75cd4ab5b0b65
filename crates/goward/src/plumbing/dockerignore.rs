//! `goward plumbing dockerignore-match` and `dockerignore-parse`.

use anyhow::Context as _;
use buildcontext::{Filter, Matcher};
use serde_json::json;

/// The patterns after cleaning, as a JSON list.
pub(super) fn parsed(text: &[u8], name: &str) -> anyhow::Result<String> {
    let patterns = buildcontext::parse(text).with_context(|| name.to_owned())?;
    let texts: Vec<&str> = patterns.iter().map(|pattern| pattern.text.as_str()).collect();
    Ok(serde_json::to_string(&texts)? + "\n")
}

/// A JSON line for each path: whether docker build leaves it out, and the pattern that decides. A
/// path with a slash at its end is a directory.
pub(super) fn matched(text: &[u8], name: &str, paths: &str) -> anyhow::Result<String> {
    let patterns = buildcontext::parse(text).with_context(|| name.to_owned())?;
    let filter = Filter::new(Matcher::new(&patterns).with_context(|| name.to_owned())?);
    let mut out = String::new();
    for path in paths.lines().map(|line| line.trim_end_matches('\r')) {
        if path.is_empty() {
            continue;
        }
        let decision = filter.decide(path, path.ends_with('/')).with_context(|| name.to_owned())?;
        let pattern = decision.pattern.map(|pattern| pattern.text.as_str());
        let line = json!({"path": path, "ignored": decision.ignored, "pattern": pattern});
        out += &format!("{line}\n");
    }
    Ok(out)
}
