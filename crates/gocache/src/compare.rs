//! Two caches: what the same actions made in each.

use crate::verify::{parallel, read_entry};
use crate::{Cache, Id, ItemKind, Kind, Listing};
use std::collections::HashMap;

/// A compiled package that is not the same in two caches, although the action is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The action: the same compiler, flags, sources and imports.
    pub action: Id,
    /// What it made in the first cache.
    pub first: Id,
    /// What it made in the second.
    pub second: Id,
    /// The package, as the object in the second says.
    pub origin: Option<crate::Origin>,
}

/// What both caches have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Compiled packages that are the same.
    pub same: usize,
    /// Compiled packages that the first does not have.
    pub absent: usize,
    /// Those that differ.
    pub different: Vec<Difference>,
}

/// Compares the compiled packages of the second cache with those of the first. Only what Go compiles
/// is the same each time; what tests print is not.
pub fn compare(first: (&Cache, &Listing), second: (&Cache, &Listing)) -> Compared {
    let before = outputs(first.0, first.1);
    let mut compared = Compared::default();
    let mut now: Vec<(Id, Id)> = outputs(second.0, second.1).into_iter().collect();
    now.sort_unstable();
    for (action, output) in now {
        let path = second.0.dir().join(crate::layout::place(&output, 'd'));
        if !is_package(&path) {
            continue;
        }
        match before.get(&action) {
            None => compared.absent += 1,
            Some(first) if *first == output => compared.same += 1,
            Some(first) => compared.different.push(Difference {
                action,
                first: *first,
                second: output,
                origin: crate::verify::whence(&path),
            }),
        }
    }
    compared
}

fn outputs(cache: &Cache, listing: &Listing) -> HashMap<Id, Id> {
    let entries: Vec<Id> = listing
        .items
        .iter()
        .filter(|item| item.kind == ItemKind::Entry)
        .map(|item| item.id)
        .collect();
    let read = parallel(&entries, 0, &|| false, &|id| read_entry(cache.dir(), id));
    let good = entries.iter().zip(read).filter_map(|(id, read)| {
        let entry = read?.ok()?.ok()?;
        (entry.action == *id).then_some((*id, entry.output))
    });
    good.collect()
}

fn is_package(path: &std::path::Path) -> bool {
    use std::os::unix::fs::FileExt as _;
    let Ok((file, _)) = crate::file::open(path) else { return false };
    let mut head = [0; 32];
    let read = file.read_at(&mut head, 0).unwrap_or(0);
    Kind::of(&head[..read]) == Kind::Package
}
