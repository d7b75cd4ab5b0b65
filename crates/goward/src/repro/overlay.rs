//! `-overlay` names files by their place, and each build has a place of its own.

use anyhow::Context as _;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// An overlay is a list of files.
const MAX_BYTES: u64 = 64 << 20;

/// The file of the last `-overlay` that is not empty: of the line, else of GOFLAGS, as go has it.
pub(super) fn named<'a>(line: &'a [String], goflags: &'a [String]) -> Option<&'a str> {
    let file = |flag: &'a String| value(flag);
    let last = line.iter().filter_map(file).next_back();
    last.or_else(|| goflags.iter().filter_map(file).next_back()).filter(|file| !file.is_empty())
}

/// The value, where it is that flag.
pub(super) fn value(flag: &str) -> Option<&str> {
    flag.strip_prefix("--").or_else(|| flag.strip_prefix('-'))?.strip_prefix("overlay=")
}

/// The text of an overlay file, read where the user stands.
#[expect(clippy::disallowed_methods, reason = "a file that the user names")]
pub(super) fn read(file: &Path) -> anyhow::Result<String> {
    let named = || format!("-overlay={}", file.display());
    let meta = std::fs::metadata(file).with_context(named)?;
    anyhow::ensure!(meta.is_file() && meta.len() <= MAX_BYTES, "{}: no overlay file", named());
    std::fs::read_to_string(file).with_context(named)
}

/// The overlay with all places whole: those among the sources are the copy's (`place`), all others stay. Places are
/// relative to `dir`, that of the go command (`cmd/go/internal/fsys`).
pub(super) fn moved(
    text: &str,
    dir: &Path,
    place: impl Fn(&Path) -> Option<PathBuf>,
) -> anyhow::Result<String> {
    let there = |path: &str| {
        let whole = real(&dir.join(path));
        place(&whole).unwrap_or(whole).display().to_string()
    };
    let files = overlay::replacements(text.as_bytes())?;
    let moved: BTreeMap<String, String> = files
        .iter()
        // An empty one takes the file away.
        .map(|(old, new)| (there(old), if new.is_empty() { String::new() } else { there(new) }))
        .collect();
    Ok(serde_json::json!({ "Replace": moved }).to_string())
}

/// A path without links, also of what is not there yet; `..` is taken by its letters, as go does.
fn real(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let clean = overlay::cleaned(&whole);
    let there = clean.ancestors().find_map(|at| Some((at, at.canonicalize().ok()?)));
    let real = there.and_then(|(at, real)| Some(real.join(clean.strip_prefix(at).ok()?)));
    real.unwrap_or(clean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn places_among_the_sources_are_the_copys() {
        let place =
            |path: &Path| Some(Path::new("/copy").join(path.strip_prefix("/absent/src").ok()?));
        let text = r#"{"Replace": {"a.go": "gen/a.go", "/absent/src/b.go": "/other/b.go", "x/../c.go": ""}}"#;
        let moved = moved(text, Path::new("/absent/src"), place).unwrap();
        let moved: Value = serde_json::from_str(&moved).unwrap();
        let wanted = serde_json::json!({"Replace": {
            "/copy/a.go": "/copy/gen/a.go", "/copy/b.go": "/other/b.go", "/copy/c.go": "",
        }});
        assert_eq!(moved, wanted);
        assert!(super::moved("{", Path::new("/"), |_| None).is_err());
        assert_eq!(super::moved("{}", Path::new("/"), |_| None).unwrap(), r#"{"Replace":{}}"#);
    }

    #[test]
    fn the_last_flag_counts_and_that_of_the_line_before_goflags() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let goflags = words("-overlay=g.json -v");
        assert_eq!(named(&words("-overlay=a --overlay=b -v"), &goflags), Some("b"));
        assert_eq!(named(&words("-v"), &goflags), Some("g.json"));
        assert_eq!(named(&words("-overlay="), &goflags), None);
        assert_eq!(named(&words("-v"), &words("-overlays=x")), None);
    }
}
