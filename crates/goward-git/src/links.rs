//! Where symbolic links of the worktree lead.

use overlay::{Entry, Overlay, cleaned};
use std::fs;
use std::path::{Path, PathBuf};

/// Links that lead to links.
const MAX_LINKS: usize = 16;

/// What a link leads to, with an overlay over the worktree.
pub(crate) enum Target {
    /// What it leads to on the disk.
    Same,
    /// Another file.
    Other(PathBuf),
    /// Nothing, though on the disk there is something.
    Gone,
}

/// The paths on the way from a link, and what is at the end.
pub(crate) fn follow(overlay: &Overlay, link: &Path) -> (Vec<PathBuf>, Target) {
    let mut at = link.to_owned();
    let mut changed = false;
    let mut places = vec![];
    for _ in 0..MAX_LINKS {
        let (file, over) = match overlay.find(&at) {
            Some(Entry::File(file)) => (file.clone(), true),
            Some(Entry::Hidden) => return (places, Target::Gone),
            Some(Entry::Folder) => return (places, Target::Same),
            None => (at.clone(), false),
        };
        changed |= over;
        match (fs::read_link(&file), at.parent()) {
            (Ok(to), Some(parent)) => at = cleaned(&parent.join(to)),
            _ if changed && file.is_file() => return (places, Target::Other(file)),
            _ => return (places, Target::Same),
        }
        places.push(at.clone());
    }
    (places, Target::Same)
}
