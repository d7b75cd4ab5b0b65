//! `//go:embed` patterns, resolved (`load.resolveEmbed`).

use crate::entries::{Kind, entries};
use crate::evidence::Looks;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// More than anybody embeds.
const MAX_FILES: usize = 1_000_000;

/// A pattern that cannot be resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EmbedError {
    pub(crate) pattern: Arc<str>,
    pub(crate) problem: String,
}

/// The files that the patterns match, sorted.
pub(crate) fn resolve<'p>(
    dir: &Path,
    looks: Looks<'_>,
    patterns: impl Iterator<Item = &'p Arc<str>>,
) -> Result<Vec<String>, EmbedError> {
    let mut files = BTreeSet::new();
    for pattern in patterns {
        let one = one(dir, looks, pattern);
        files.extend(one.map_err(|problem| EmbedError { pattern: Arc::clone(pattern), problem })?);
    }
    Ok(files.into_iter().collect())
}

fn one(dir: &Path, looks: Looks<'_>, pattern: &str) -> Result<BTreeSet<String>, String> {
    let (glob, all) = match pattern.strip_prefix("all:") {
        Some(glob) => (glob, true),
        None => (pattern, false),
    };
    if !crate::glob::is_valid(glob) || glob == "." || !is_valid_path(glob) {
        return Err("invalid pattern syntax".to_owned());
    }
    let mut files = BTreeSet::new();
    for found in crate::glob::glob(dir, glob, looks) {
        take(dir, looks, &found, all, &mut files)?;
    }
    if files.is_empty() { Err("no matching files found".to_owned()) } else { Ok(files) }
}

/// `fs.ValidPath`
fn is_valid_path(path: &str) -> bool {
    path == "." || path.split('/').all(|element| !matches!(element, "" | "." | ".."))
}

/// Takes a match: a file, or what a folder holds.
fn take(
    dir: &Path,
    looks: Looks<'_>,
    found: &str,
    all: bool,
    files: &mut BTreeSet<String>,
) -> Result<(), String> {
    let path = dir.join(found);
    let kind = Kind::of(&path, looks).map_err(|err| err.to_string())?;
    let what = if kind == Kind::Folder { "directory" } else { "file" };
    // Nothing on the way may be a module of its own, a link or have a name that no module has.
    let mut at = found;
    loop {
        let here = dir.join(at);
        if has_go_mod(&here, looks) {
            return Err(format!("cannot embed {what} {found}: in different module"));
        }
        if at != found && Kind::of(&here, looks).is_ok_and(|kind| kind != Kind::Folder) {
            return Err(format!("cannot embed {what} {found}: in non-directory {at}"));
        }
        let name = at.rsplit('/').next().unwrap_or(at);
        if is_bad_name(name) {
            return Err(if at == found {
                format!("cannot embed {what} {found}: invalid name {name}")
            } else {
                format!("cannot embed {what} {found}: in invalid directory {name}")
            });
        }
        match at.rfind('/') {
            Some(end) => at = at.get(..end).unwrap_or_default(),
            None => break,
        }
    }
    if kind == Kind::File {
        files.insert(found.to_owned());
        return Ok(());
    }
    if kind != Kind::Folder {
        return Err(format!("cannot embed irregular file {found}"));
    }
    let mut below = BTreeSet::new();
    walk(dir, looks, found, all, &mut below)?;
    if below.is_empty() {
        return Err(format!("cannot embed directory {found}: contains no embeddable files"));
    }
    files.append(&mut below);
    Ok(())
}

fn walk(
    dir: &Path,
    looks: Looks<'_>,
    top: &str,
    all: bool,
    files: &mut BTreeSet<String>,
) -> Result<(), String> {
    let mut waiting = vec![top.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = entries(&dir.join(&folder), looks).map_err(|err| err.to_string())?;
        for (name, kind) in entries {
            let path = format!("{folder}/{name}");
            let hidden = name.starts_with(['.', '_']);
            if is_bad_name(&name) || (hidden && !all) {
                if kind != Kind::Folder && !hidden {
                    return Err(format!("cannot embed file {path}: invalid name {name}"));
                }
                continue;
            }
            if kind == Kind::Folder {
                if !has_go_mod(&dir.join(&path), looks) {
                    waiting.push(path);
                }
            } else if kind == Kind::File && files.len() < MAX_FILES {
                files.insert(path);
            }
        }
    }
    Ok(())
}

fn has_go_mod(dir: &Path, looks: Looks<'_>) -> bool {
    let file = dir.join("go.mod");
    looks.is_dir(&file) || looks.is_file(&file)
}

/// A name that no module zip has (`load.isBadEmbedName`).
fn is_bad_name(name: &str) -> bool {
    gomod::module_path::check_file(name).is_err()
        || matches!(name, "" | ".bzr" | ".hg" | ".git" | ".svn")
}
