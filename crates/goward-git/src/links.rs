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

/// The paths on the way from a link, and what is at the end. Folders on the way may be links, too.
pub(crate) fn follow(overlay: &Overlay, top: &Path, link: &Path) -> (Vec<PathBuf>, Target) {
    let mut at = link.to_owned();
    let mut changed = false;
    let mut places = vec![];
    for _ in 0..MAX_LINKS {
        let Some(step) = first_link(overlay, top, &at) else {
            return match overlay.find(&at) {
                Some(Entry::Hidden) => (places, Target::Gone),
                Some(Entry::File(file)) if file.is_file() => (places, Target::Other(file.clone())),
                None if changed && at.is_file() => (places, Target::Other(at)),
                _ => (places, Target::Same),
            };
        };
        changed |= step.is_over;
        if step.link != link {
            places.push(step.link);
        }
        at = step.to;
        places.push(at.clone());
    }
    (places, Target::Same)
}

/// A link on the way to a path.
struct Step {
    link: PathBuf,
    /// The path, with what the link says in its place.
    to: PathBuf,
    /// Whether the link is not the disk's.
    is_over: bool,
}

/// The link that is nearest to the top.
fn first_link(overlay: &Overlay, top: &Path, path: &Path) -> Option<Step> {
    let mut link = top.to_owned();
    let mut rest = path.strip_prefix(top).ok()?.components();
    loop {
        link.push(rest.next()?);
        let (file, is_over) = match overlay.find(&link) {
            Some(Entry::File(file)) => (file.clone(), true),
            Some(Entry::Hidden) => return None,
            Some(Entry::Folder) | None => (link.clone(), false),
        };
        if let (Ok(to), Some(parent)) = (fs::read_link(&file), link.parent()) {
            let to = cleaned(&parent.join(to).join(rest.as_path()));
            return Some(Step { link, to, is_over });
        }
    }
}
