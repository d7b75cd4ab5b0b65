//! Walks a tree in parallel, by the rules of git: `ignore` is ripgrep's own walker.

use crate::{CancelToken, Excludes, SystemError, Tree, TreeOptions};
use ignore::{DirEntry, WalkBuilder, WalkState};
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
        // The repository's own rules only: not ripgrep's .ignore, nor what one user or clone ignores.
        .ignore(false)
        .git_global(false)
        .git_exclude(false)
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
                Ok(entry) if is_file(root, &entry) => {
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
    let named = Excludes::new(&options.named)?;
    for folder in options.named.iter().filter_map(|pattern| literal(pattern)) {
        for entry in WalkBuilder::new(root.join(folder)).standard_filters(false).build().flatten() {
            let path = relative(root, entry.path()).filter(|path| named.matches(path));
            if let Some(path) =
                path.filter(|path| is_file(root, &entry) && !options.excludes.matches(path))
            {
                tree.paths.push(path);
            }
            if cancel.is_cancelled() || tree.paths.len() > MAX_FILES {
                return Err(SystemError::TooManyFiles(MAX_FILES));
            }
        }
    }
    tree.paths.sort_unstable();
    tree.paths.dedup();
    tree.unreadable.sort_unstable();
    Ok(tree)
}

/// A regular file; or a link to one of the same tree by a name of another kind, such as
/// `Dockerfile -> docker/prod.txt`. Of links of the same kind the target speaks.
fn is_file(root: &Path, entry: &DirEntry) -> bool {
    match entry.file_type() {
        Some(kind) if kind.is_file() => true,
        Some(kind) if kind.is_symlink() => {
            let inside = || {
                let (root, target) = (root.canonicalize().ok()?, entry.path().canonicalize().ok()?);
                let same = target.extension() == entry.path().extension();
                Some(!same && target.starts_with(&root) && !target.starts_with(root.join(".git")))
            };
            std::fs::metadata(entry.path()).is_ok_and(|meta| meta.is_file())
                && inside() == Some(true)
        }
        _ => false,
    }
}

/// The folder, or the file, that a pattern begins with before its first wildcard.
fn literal(pattern: &str) -> Option<&str> {
    let pattern = pattern.trim_start_matches("./").trim_matches('/');
    let wild = pattern.find(['*', '?', '[', '{']);
    let literal = match wild {
        Some(at) => pattern.get(..at)?.rsplit_once('/')?.0,
        None => pattern,
    };
    (!literal.is_empty() && !literal.split('/').any(|part| part == "..")).then_some(literal)
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
