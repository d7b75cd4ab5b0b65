//! Shell patterns on the disk: `path.Match` and `filepath.Glob` for the patterns of `//go:embed`.

use crate::entries::{Kind, entries};
use crate::evidence::Looks;
use std::path::Path;

/// Whether a pattern is one (`path.Match` gives no `ErrBadPattern`).
pub(crate) fn is_valid(pattern: &str) -> bool {
    gomod::glob::matches(pattern, "").is_ok()
}

/// The paths below `dir` that a pattern matches, relative to it.
pub(crate) fn glob(dir: &Path, pattern: &str, looks: Looks<'_>) -> Vec<String> {
    let mut found = vec![String::new()];
    for element in pattern.split('/') {
        let literal = !element.contains(['*', '?', '[', '\\']);
        let mut next = vec![];
        for base in &found {
            let path = |name: &str| {
                if base.is_empty() { name.to_owned() } else { format!("{base}/{name}") }
            };
            if literal {
                let path = path(element);
                if Kind::of(&dir.join(&path), looks).is_ok() {
                    next.push(path);
                }
                continue;
            }
            let Ok(entries) = entries(&dir.join(base), looks) else { continue };
            for (name, _) in entries {
                if gomod::glob::matches(element, &name) == Ok(true) {
                    next.push(path(&name));
                }
            }
        }
        found = next;
    }
    found.sort();
    found
}
