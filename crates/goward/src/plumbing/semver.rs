//! `goward plumbing semver`.

use gomod::semver;
use serde_json::json;
use std::cmp::Ordering;

/// A JSON line for each line `a b`: their order, and what each is; a line with one word has no `b`.
pub(super) fn answer(lines: &str) -> anyhow::Result<String> {
    let mut out = String::new();
    for (number, line) in (1..).zip(lines.lines()) {
        let mut words = line.split_whitespace();
        let (a, b) = match (words.next(), words.next(), words.next()) {
            (None, ..) => continue,
            (Some(a), b, None) => (a, b.unwrap_or_default()),
            _ => anyhow::bail!("line {number}: more than two versions: {line:?}"),
        };
        let compare = match semver::compare(a, b) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        };
        let canonical = |version| semver::canonical(version).unwrap_or_default();
        let major = |version| semver::major(version).unwrap_or_default();
        let line = json!({
            "a": a,
            "b": b,
            "compare": compare,
            "valid": semver::is_valid(a),
            "canonical": canonical(a),
            "major": major(a),
            "major_minor": semver::major_minor(a).unwrap_or_default(),
            "prerelease": semver::prerelease(a).unwrap_or_default(),
            "build": semver::build(a).unwrap_or_default(),
            "b_valid": semver::is_valid(b),
            "b_canonical": canonical(b),
            "b_major": major(b),
        });
        out += &format!("{line}\n");
    }
    Ok(out)
}
