//! Walks a tree in parallel, by the rules of git: `ignore` is ripgrep's own walker.

use crate::{CancelToken, SystemError, Tree, TreeOptions};
use ignore::{WalkBuilder, WalkState};
use std::path::Path;
use std::sync::mpsc;

/// More files than a repository holds; a walk of `/` ends here.
const MAX_FILES: usize = 2_000_000;

pub(super) fn tree(
    root: &Path,
    options: &TreeOptions,
    cancel: &CancelToken,
) -> Result<Tree, SystemError> {
    let (send, receive) = mpsc::channel();
    let excludes = options.excludes.clone();
    let base = root.to_owned();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let walker = WalkBuilder::new(root)
        // Hidden files matter: .github, .gitlab-ci.yml, .env. What git ignores does not ship.
        .hidden(false)
        .require_git(false)
        .follow_links(false)
        .threads(threads)
        .filter_entry(move |entry| {
            let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
            if is_dir && entry.file_name() == ".git" {
                return false;
            }
            match relative(&base, entry.path()) {
                Some(path) => !excludes.matches(&path),
                None => true,
            }
        })
        .build_parallel();
    walker.run(|| {
        let send = send.clone();
        Box::new(move |entry| {
            let sent = match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    relative(root, entry.path()).map_or(Ok(()), |path| send.send(Ok(path)))
                }
                Ok(_) => Ok(()),
                Err(err) => send.send(Err(err)),
            };
            match sent {
                Ok(()) if !cancel.is_cancelled() => WalkState::Continue,
                _ => WalkState::Quit,
            }
        })
    });
    drop(send);
    let mut tree = Tree::default();
    for found in receive {
        match found {
            Ok(path) => tree.paths.push(path),
            // Patterns of a .gitignore that do not parse are git's business, not ours.
            Err(err) if err.is_partial() => {}
            Err(err) => tree.unreadable.push(explain(root, &err)?),
        }
        if tree.paths.len() > MAX_FILES {
            return Err(SystemError::TooManyFiles(MAX_FILES));
        }
    }
    if cancel.is_cancelled() {
        return Err(SystemError::Cancelled);
    }
    tree.paths.sort_unstable();
    tree.unreadable.sort_unstable();
    Ok(tree)
}

/// The path of a directory that could not be read, and why; an error where it is the root.
fn explain(root: &Path, err: &ignore::Error) -> Result<(String, String), SystemError> {
    let (path, why) = match err {
        ignore::Error::WithPath { path, err } => (path.as_path(), err.to_string()),
        ignore::Error::WithDepth { err, .. } => return explain(root, err),
        other => (root, other.to_string()),
    };
    match relative(root, path) {
        Some(path) => Ok((path, why)),
        None => {
            let what = root.display().to_string();
            Err(err.io_error().map_or_else(
                || SystemError::Failed(format!("{what}: {why}")),
                |io| SystemError::of_io(&what, io),
            ))
        }
    }
}

/// `path` below `root` with forward slashes; `None` for the root itself.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let path = path.strip_prefix(root).ok()?;
    let text = path.to_string_lossy();
    if text.is_empty() {
        return None;
    }
    Some(if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() })
}
