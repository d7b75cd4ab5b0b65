//! What a cleaning deletes, and the deletion. Only names that Go gives are touched, and no link is
//! followed: folders are opened as what they are, and files are deleted in the open folder.

use crate::judge::{Doubt, Harm, Problem};
use crate::usage::look;
use crate::verify::{parallel, read_entry};
use crate::{Cache, Id, ItemKind, Kind, Listing};
use rustix::fs::{AtFlags, Dir, Mode, OFlags, open, openat, unlinkat};
use rustix::io::Errno;
use std::collections::HashSet;
use std::os::fd::{AsFd, OwnedFd};
use std::time::SystemTime;

/// What shall go.
#[derive(Clone, Copy, Debug)]
pub enum Choice<'a> {
    /// All objects and entries, as `go clean -cache` does.
    All,
    /// What tests read and printed, where that can be told by its first words.
    Tests,
    /// What [`crate::verify`] found to be not what Go stored, with the entries that lead to it.
    Corrupt(&'a [Problem]),
    /// What was last used before this time.
    UnusedSince(SystemTime),
    /// What this toolchain compiled and linked, with the entries that lead to it.
    Version(&'a str),
}

/// What a cleaning would delete.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Objects and entries with their sizes; entries first, so that Go finds no entry without its
    /// object.
    targets: Vec<(ItemKind, Id, u64)>,
}

/// What a cleaning did.
#[derive(Clone, Debug, Default)]
pub struct Cleaned {
    /// What was deleted.
    pub deleted: usize,
    /// Its size.
    pub bytes: u64,
    /// What was gone before: a go command trims, too.
    pub gone: usize,
    /// What could not be deleted, and why.
    pub failed: Vec<(String, String)>,
}

/// Finds what is to go.
pub fn plan(cache: &Cache, listing: &Listing, choice: Choice<'_>) -> Plan {
    let chosen: Vec<bool> = match choice {
        Choice::All => vec![true; listing.items.len()],
        Choice::UnusedSince(time) => listing.items.iter().map(|item| item.used < time).collect(),
        Choice::Tests => by_look(cache, listing, &|kind, _| kind == Kind::Test),
        Choice::Version(wanted) => by_look(cache, listing, &|_, version| version == Some(wanted)),
        Choice::Corrupt(problems) => corrupt(listing, problems),
    };
    let items = listing.items.iter().zip(chosen).filter(|(_, chosen)| *chosen);
    let mut targets: Vec<_> = items.map(|(item, _)| (item.kind, item.id, item.size)).collect();
    targets.sort_by_key(|(kind, id, _)| (*kind != ItemKind::Entry, *id));
    Plan { targets }
}

/// Objects by what they are, and the entries that lead to them.
fn by_look(
    cache: &Cache,
    listing: &Listing,
    wanted: &(dyn Fn(Kind, Option<&str>) -> bool + Sync),
) -> Vec<bool> {
    let items = &listing.items;
    let is_wanted = |item: &crate::Item| {
        let seen = look(cache, item, false);
        item.kind != ItemKind::Entry && wanted(seen.kind, seen.version.as_deref())
    };
    let wanted = parallel(items, 0, &|| false, &is_wanted);
    let chosen =
        |(item, wanted): (&crate::Item, Option<bool>)| (wanted == Some(true)).then_some(item.id);
    let outputs: HashSet<Id> = items.iter().zip(wanted).filter_map(chosen).collect();
    let leads = |item: &crate::Item| match item.kind {
        ItemKind::Entry => read_entry(cache.dir(), &item.id)
            .is_ok_and(|read| read.is_ok_and(|entry| outputs.contains(&entry.output))),
        _ => outputs.contains(&item.id),
    };
    parallel(items, 0, &|| false, &leads).into_iter().map(|leads| leads == Some(true)).collect()
}

fn corrupt(listing: &Listing, problems: &[Problem]) -> Vec<bool> {
    let bad = || problems.iter().filter(|problem| problem.doubt.harm() != Harm::None);
    let entries: HashSet<Id> = bad().flat_map(|problem| problem.actions.iter().copied()).collect();
    // Where only the entry is wrong, the object is another action's.
    let is_object = |doubt: &Doubt| {
        matches!(
            doubt,
            Doubt::Altered { .. }
                | Doubt::Content { .. }
                | Doubt::Resized { .. }
                | Doubt::Folder { .. }
        )
    };
    let objects = bad().filter(|problem| is_object(&problem.doubt));
    let objects: HashSet<&str> = objects.map(|problem| problem.path.as_str()).collect();
    let items = listing.items.iter();
    items
        .map(|item| match item.kind {
            ItemKind::Entry => entries.contains(&item.id),
            _ => objects.contains(item.path().as_str()),
        })
        .collect()
}

impl Plan {
    /// How many objects and entries would go.
    pub fn count(&self) -> usize {
        self.targets.len()
    }

    /// Their size.
    pub fn bytes(&self) -> u64 {
        self.targets.iter().map(|(.., size)| size).sum()
    }

    /// Deletes them.
    ///
    /// # Errors
    /// Where the cache itself cannot be opened. What cannot be deleted is told in [`Cleaned`].
    pub fn carry_out(&self, cache: &Cache) -> std::io::Result<Cleaned> {
        let root = open(cache.dir(), FOLDER, Mode::empty())?;
        let mut cleaned = Cleaned::default();
        for (kind, id, size) in &self.targets {
            let path = crate::layout::place(id, if *kind == ItemKind::Entry { 'a' } else { 'd' });
            // What `goward cache serve` keeps beside an entry goes first: nobody shall find it alone.
            if *kind == ItemKind::Entry {
                match delete(&root, &crate::layout::place(id, 's'), *kind) {
                    Ok(()) | Err(Errno::NOENT) => {}
                    Err(err) => cleaned.failed.push((path.clone(), err.to_string())),
                }
            }
            match delete(&root, &path, *kind) {
                Ok(()) => {
                    cleaned.deleted += 1;
                    cleaned.bytes += size;
                }
                Err(Errno::NOENT) => cleaned.gone += 1,
                Err(err) => cleaned.failed.push((path, err.to_string())),
            }
        }
        Ok(cleaned)
    }
}

/// A folder, and no link to one.
const FOLDER: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

fn delete(root: &OwnedFd, path: &str, kind: ItemKind) -> Result<(), Errno> {
    let (folder, name) = path.split_once('/').ok_or(Errno::INVAL)?;
    let folder = openat(root, folder, FOLDER, Mode::empty())?;
    if kind != ItemKind::Program {
        return unlinkat(&folder, name, AtFlags::empty());
    }
    let program = openat(&folder, name, FOLDER, Mode::empty())?;
    empty(&program)?;
    unlinkat(&folder, name, AtFlags::REMOVEDIR)
}

/// Deletes the files directly in an open folder. A folder in it stays, and so does all around it.
fn empty(folder: &OwnedFd) -> Result<(), Errno> {
    for entry in Dir::read_from(folder.as_fd())? {
        let entry = entry?;
        let name = entry.file_name();
        if !matches!(name.to_bytes(), b"." | b"..") {
            unlinkat(folder, name, AtFlags::empty())?;
        }
    }
    Ok(())
}
