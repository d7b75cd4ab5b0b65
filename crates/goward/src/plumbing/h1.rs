//! `goward plumbing h1`.

use anyhow::Context as _;
use std::path::Path;

/// The `h1:` sum of a folder or of a module zip.
pub(super) fn answer(path: &Path, prefix: Option<&str>) -> anyhow::Result<String> {
    let shown = path.display();
    let sum = if path.is_dir() {
        modcache::hash_dir(path, &clean(prefix.unwrap_or_default()))?.h1
    } else {
        let zip = modcache::ModuleZip::open(path).with_context(|| format!("reading {shown}"))?;
        zip.hash(&|| false).with_context(|| format!("reading {shown}"))?
    };
    Ok(sum + "\n")
}

/// As Go joins it to names (`filepath.Join`): without `.`, empty elements and a slash at the end.
fn clean(prefix: &str) -> String {
    let rooted = if prefix.starts_with('/') { "/" } else { "" };
    let mut elements: Vec<&str> = vec![];
    for element in prefix.split('/') {
        match element {
            "" | "." => {}
            ".." if elements.last().is_some_and(|last| *last != "..") => {
                elements.pop();
            }
            ".." if !rooted.is_empty() => {}
            element => elements.push(element),
        }
    }
    format!("{rooted}{}", elements.join("/"))
}
