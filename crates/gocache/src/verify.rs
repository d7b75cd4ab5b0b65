//! Every object read once, by all processors, the largest first.

use crate::judge::{self, Coverage, Object, Problem, Reference, Unchecked, WhyUnchecked};
use crate::layout::place;
use crate::{
    Cache, Entry, EntryError, Id, Item, ItemKind, Listing, MAX_ENTRY, file, goobj, hash,
    parse_entry,
};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

/// More of what could not be checked is only counted.
const MAX_UNCHECKED: usize = 1000;
/// More problems are only counted: nobody reads them.
const MAX_PROBLEMS: usize = 10_000;

/// What a look at the whole cache gave.
#[derive(Debug, Default)]
pub struct Verified {
    /// What is not as Go stored it, by path.
    pub problems: Vec<Problem>,
    /// Problems beyond the ten thousand that are told.
    pub more_problems: usize,
    /// What could not be checked, at most a thousand; the coverage says how many there are.
    pub unchecked: Vec<Unchecked>,
    /// How much was looked at.
    pub coverage: Coverage,
    /// Whether somebody asked to stop before the end.
    pub stopped: bool,
}

/// Which actions lead to an object.
type References = HashMap<Id, Vec<Reference>>;

/// Reads all that is listed, with so many threads (0: one for each processor).
///
/// What looks wrong is read a second time, with its entries, before it is told: a go command may be
/// at work.
pub fn verify(
    cache: &Cache,
    listing: &Listing,
    threads: usize,
    stop: &(dyn Fn() -> bool + Sync),
) -> Verified {
    let mut verified = Verified::default();
    for stray in &listing.strays {
        if stray.why != crate::WhyStray::Name {
            verified.uncheckable(&stray.path, WhyUnchecked::Stray(stray.why));
        }
    }
    let (entries, mut objects): (Vec<&Item>, Vec<&Item>) =
        listing.items.iter().partition(|item| item.kind == ItemKind::Entry);
    let read = parallel(&entries, threads, stop, &|item| read_entry(cache.dir(), &item.id));
    let mut references = References::new();
    let mut good = vec![];
    for (item, read) in entries.iter().zip(read) {
        match read {
            None => verified.stopped = true,
            Some(Err(err)) if err.kind() == ErrorKind::NotFound => {}
            Some(Err(err)) => verified.uncheckable(&item.path(), unreadable(&err)),
            Some(Ok(read)) => {
                verified.coverage.entries += 1;
                match judge::entry(&item.id, read.as_ref().map_err(|err| *err)) {
                    // Read again: Go writes entries in place.
                    Some(problem) => verified.problem(again(cache, &item.id).or(Some(problem))),
                    None => good.extend(read),
                }
            }
        }
    }
    for entry in &good {
        let reference = Reference { action: entry.action, size: entry.size };
        references.entry(entry.output).or_default().push(reference);
    }
    objects.sort_by_key(|item| std::cmp::Reverse(item.size));
    let look = |item: &&Item| Look::at(cache, item, &references);
    let looks = parallel(&objects, threads, stop, &look);
    for (item, look) in objects.iter().zip(looks) {
        match look {
            None => verified.stopped = true,
            Some(look) => verified.take(item, look, &references),
        }
    }
    verified.missing(cache, &good, &objects);
    verified.problems.sort_by(|a, b| a.path.cmp(&b.path));
    verified
}

/// What an entry that looked wrong gives at the second look.
fn again(cache: &Cache, id: &Id) -> Option<Problem> {
    let read = read_entry(cache.dir(), id).ok()?;
    judge::entry(id, read.as_ref().map_err(|err| *err))
}

impl Verified {
    fn uncheckable(&mut self, path: &str, why: WhyUnchecked) {
        self.coverage.unchecked += 1;
        if self.unchecked.len() < MAX_UNCHECKED {
            self.unchecked.push(Unchecked { path: path.to_owned(), why });
        }
    }

    fn problem(&mut self, problem: Option<Problem>) {
        match problem {
            Some(problem) if self.problems.len() < MAX_PROBLEMS => self.problems.push(problem),
            Some(_) => self.more_problems += 1,
            None => {}
        }
    }

    fn take(&mut self, item: &Item, look: Look, references: &References) {
        let references = references.get(&item.id).map(Vec::as_slice).unwrap_or_default();
        match look {
            Look::Read(object, problems) => {
                self.coverage.count(&object, references);
                problems.into_iter().for_each(|problem| self.problem(Some(problem)));
            }
            Look::Folder(files) if !references.is_empty() => self.problem(Some(Problem {
                path: item.path(),
                doubt: judge::Doubt::Folder { files },
                actions: references.iter().map(|it| it.action).collect(),
                object: None,
                origin: None,
            })),
            Look::Folder(_) | Look::Gone => {}
            Look::Unchecked(why) => self.uncheckable(&item.path(), why),
        }
    }

    /// Entries whose output was not there when the folder was read, and is not now.
    fn missing(&mut self, cache: &Cache, entries: &[Entry], objects: &[&Item]) {
        let there: std::collections::HashSet<Id> = objects.iter().map(|item| item.id).collect();
        for entry in entries.iter().filter(|entry| !there.contains(&entry.output)) {
            let path = cache.dir().join(place(&entry.output, 'd'));
            let absent = std::fs::symlink_metadata(path).is_err();
            self.problem(absent.then(|| judge::missing(entry)));
        }
    }
}

fn unreadable(err: &io::Error) -> WhyUnchecked {
    WhyUnchecked::Unreadable(err.to_string())
}

/// Does something for each, in any order; none for what was not reached when `stop` became true.
pub(crate) fn parallel<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    stop: &(dyn Fn() -> bool + Sync),
    each: &(dyn Fn(&T) -> R + Sync),
) -> Vec<Option<R>> {
    let threads = match threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let next = AtomicUsize::new(0);
    let results = Mutex::new(items.iter().map(|_| None).collect::<Vec<Option<R>>>());
    let work = || {
        while let Some((at, item)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            items.get(at).filter(|_| !stop()).map(|item| (at, item))
        } {
            let result = each(item);
            let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(place) = results.get_mut(at) {
                *place = Some(result);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(items.len()) {
            scope.spawn(work);
        }
        work();
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// An entry's file; a byte more than an entry has shows that it is too long.
pub(crate) fn read_entry(dir: &Path, id: &Id) -> io::Result<Result<Entry, EntryError>> {
    let (file, _) = file::open(&dir.join(place(id, 'a')))?;
    let mut bytes = Vec::with_capacity(MAX_ENTRY + 1);
    file.take(MAX_ENTRY as u64 + 1).read_to_end(&mut bytes)?;
    Ok(parse_entry(&bytes))
}

/// What one object gave.
enum Look {
    Read(Object, Vec<Problem>),
    /// A program's folder with so many files.
    Folder(usize),
    /// Trimmed meanwhile.
    Gone,
    Unchecked(WhyUnchecked),
}

impl Look {
    fn at(cache: &Cache, item: &Item, references: &References) -> Self {
        let references = references.get(&item.id).map(Vec::as_slice).unwrap_or_default();
        let look = Self::once(cache, item, references);
        let Self::Read(_, problems) = &look else { return look };
        if problems.is_empty() {
            return look;
        }
        let now = references.iter().filter_map(|it| {
            let entry = read_entry(cache.dir(), &it.action).ok()?.ok()?;
            (entry.output == item.id).then_some(Reference { action: it.action, size: entry.size })
        });
        let mut look = Self::once(cache, item, &now.collect::<Vec<_>>());
        if let Self::Read(_, problems) = &mut look {
            let origin = whence(&cache.dir().join(item.path()));
            problems.iter_mut().for_each(|problem| problem.origin.clone_from(&origin));
        }
        look
    }

    fn once(cache: &Cache, item: &Item, references: &[Reference]) -> Self {
        let path = cache.dir().join(item.path());
        let path = match item.kind {
            ItemKind::Program => match only_file(&path) {
                Ok(Ok(path)) => path,
                Ok(Err(files)) => return Self::Folder(files),
                Err(err) => return Self::failed(&err),
            },
            _ => path,
        };
        match hash::read_object(&path, item.kind == ItemKind::Program) {
            Ok(Ok(object)) => {
                let problems = judge::object(&item.id, &object, references);
                Self::Read(object, problems)
            }
            Ok(Err(size)) => Self::Unchecked(WhyUnchecked::TooLarge(size)),
            Err(err) => Self::failed(&err),
        }
    }

    fn failed(err: &io::Error) -> Self {
        match err.kind() {
            ErrorKind::NotFound => Self::Gone,
            _ => Self::Unchecked(unreadable(err)),
        }
    }
}

/// The one file in a program's folder, or how many there are.
fn only_file(folder: &Path) -> io::Result<Result<PathBuf, usize>> {
    let mut entries = std::fs::read_dir(folder)?;
    let first = entries.next().transpose()?;
    let more = entries.count();
    Ok(match first {
        Some(first) if more == 0 => Ok(first.path()),
        first => Err(usize::from(first.is_some()) + more),
    })
}

/// The package of an archive, as the object in it says.
pub(crate) fn whence(path: &Path) -> Option<goobj::Origin> {
    let (file, found) = file::open(path).ok()?;
    origin_of(&file, found.len())
}

/// The same of an open file of this size.
pub(crate) fn origin_of(file: &File, size: u64) -> Option<goobj::Origin> {
    goobj::origin(&|at, length| {
        // Of what is not there, no room is made.
        let left = usize::try_from(size.checked_sub(at)?).ok()?;
        let mut bytes = vec![0; length.min(left)];
        file.read_exact_at(&mut bytes, at).ok()?;
        Some(bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_reached_is_none() {
        let left = AtomicUsize::new(3);
        let stop = || {
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_err()
        };
        let done = parallel(&[1, 2, 3, 4, 5], 1, &stop, &|n| n * 2);
        assert_eq!(done, [Some(2), Some(4), Some(6), None, None]);
    }
}
