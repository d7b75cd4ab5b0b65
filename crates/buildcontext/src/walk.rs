//! Walking a directory as docker build does, on several threads.
//!
//! The only file of this library that reads the disk. Rules: `filepath.WalkDir` as `fsutil.NewFS` uses it (the root may
//! be a link, links below it are not followed), `mkstat` (links, sockets, further names of a file), and what
//! `filterFS.Walk` does about directories that cannot be read.

#![expect(clippy::disallowed_methods, reason = "reading the build context is this file's task, and speed is its point")]

use std::collections::HashMap;
use std::fs::{self, DirEntry, FileType, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::entry::{Entry, EntryKind, Fate, Reach, WalkProblem, walk_order};
use crate::filter::{Filter, FolderState, Memories};
use crate::go_path::decode_all;
use crate::matcher::PatternError;
use crate::summary::{Summary, Tally};

/// What a walk is to find out.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many threads; 0 for as many as there are processors.
    pub threads: usize,
    /// At most this many entries are listed: the first ones in the order in which they are sent. All are counted.
    pub max_entries: usize,
    /// How many of the largest files are kept.
    pub largest: usize,
    /// Also reads the directories that docker build need not read, to tell the size without a `.dockerignore`.
    pub measure_excluded: bool,
    /// Also lists what is not sent.
    pub list_excluded: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threads: 0,
            max_entries: 1_000_000,
            largest: 20,
            measure_excluded: false,
            list_excluded: false,
        }
    }
}

impl Options {
    /// Only sums: the memory does not grow with the number of files (but for files with several names).
    pub fn summary() -> Self {
        Self { max_entries: 0, measure_excluded: true, ..Self::default() }
    }
}

/// Why there is no result at all.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// The root is not there, is no directory, or cannot be read.
    #[error("{}: {source}", path.display())]
    Root {
        /// As given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// docker build stops at this pattern.
    #[error(transparent)]
    Pattern(#[from] PatternError),
}

/// A build context.
#[derive(Debug, Clone, Default)]
pub struct BuildContext {
    /// What is sent, in order; with [`Options::list_excluded`] also what is not.
    pub entries: Vec<Entry>,
    /// Entries were asked for, and there are more than [`Options::max_entries`].
    pub truncated: bool,
    /// The sums.
    pub summary: Summary,
    /// Links that are sent and lead out of the context, in order; at most 10,000.
    pub links: Vec<(Entry, Reach)>,
    /// What could not be read, in order; at most 10,000.
    pub problems: Vec<WalkProblem>,
}

/// Links and problems are not listed beyond this.
const MAX_LISTED: usize = 10_000;

/// A directory on the way to what is judged.
struct Folder {
    disk: PathBuf,
    path: Vec<u8>,
    parent: Option<Arc<Folder>>,
    state: FolderState,
    mode: u32,
    fate: Fate,
    /// Nothing in it is sent: it is only read to be measured.
    pruned: bool,
    /// It is counted as sent.
    sent: AtomicBool,
}

impl Folder {
    /// Whether docker build fails if this directory cannot be read. It passes over one that is excluded, and may not be
    /// read, in the search for exceptions.
    fn must_be_read(&self, error: &io::Error) -> bool {
        let forbidden = error.kind() == io::ErrorKind::PermissionDenied;
        !self.pruned && (self.fate == Fate::Sent || !forbidden)
    }

    fn entry(&self, fate: Fate) -> Entry {
        let path = decode_all(&self.path);
        Entry { path, kind: EntryKind::Folder, size: 0, mode: self.mode, fate, target: None }
    }
}

/// What one thread has found.
#[derive(Default)]
struct Found {
    entries: Vec<Entry>,
    truncated: bool,
    tally: Tally,
    links: Vec<(Entry, Reach)>,
    problems: Vec<WalkProblem>,
    /// Files with several names, by device and inode. They are counted at the end, when the first name is known.
    several: HashMap<(u64, u64), Vec<Entry>>,
    /// Directories of which it is not known yet whether they are sent, if they are to be listed in any case.
    undecided: Vec<Arc<Folder>>,
    memory: Memories,
    error: Option<PatternError>,
}

/// The directories that wait, and how many threads are busy: the walk ends when there is neither.
#[derive(Default)]
struct Queue {
    waiting: Vec<Arc<Folder>>,
    busy: usize,
    stopped: bool,
}

struct Shared<'w> {
    filter: &'w Filter,
    options: &'w Options,
    queue: Mutex<Queue>,
    changed: Condvar,
}

/// Walks the directory `root` (which may be a link) and finds what docker build would send of it.
///
/// # Errors
/// See [`WalkError`]. What cannot be read below the root is reported in [`BuildContext::problems`] instead.
pub fn walk(root: &Path, filter: &Filter, options: &Options) -> Result<BuildContext, WalkError> {
    let failed = |source| WalkError::Root { path: root.to_owned(), source };
    let disk = fs::canonicalize(root).map_err(failed)?;
    fs::read_dir(&disk).map_err(failed)?;
    let top = Folder {
        disk,
        path: Vec::new(),
        parent: None,
        state: FolderState::default(),
        mode: 0,
        fate: Fate::Sent,
        pruned: false,
        sent: AtomicBool::new(true),
    };
    let queue = Queue { waiting: vec![Arc::new(top)], ..Queue::default() };
    let shared = Shared { filter, options, queue: Mutex::new(queue), changed: Condvar::new() };
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        threads => threads,
    };
    let found = std::thread::scope(|scope| {
        let others: Vec<_> =
            (1..threads.min(256)).map(|_| scope.spawn(|| shared.work())).collect();
        let mut found = vec![shared.work()];
        // A thread cannot panic; if it did, its part would be missing, so the panic goes on.
        found.extend(others.into_iter().map(|thread| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        }));
        found
    });
    Ok(merge(found, options)?)
}

impl Shared<'_> {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) -> Found {
        let mut found = Found { tally: Tally::new(self.options.largest), ..Found::default() };
        let mut below = Vec::new();
        while let Some(folder) = self.next() {
            let read = self.read(&folder, &mut below, &mut found);
            let mut queue = self.lock();
            queue.waiting.append(&mut below);
            queue.busy = queue.busy.saturating_sub(1);
            if let Err(error) = read {
                queue.stopped = true;
                found.error = Some(error);
            }
            drop(queue);
            self.changed.notify_all();
        }
        found
    }

    fn next(&self) -> Option<Arc<Folder>> {
        let mut queue = self.lock();
        loop {
            if queue.stopped {
                return None;
            }
            if let Some(folder) = queue.waiting.pop() {
                queue.busy += 1;
                return Some(folder);
            }
            if queue.busy == 0 {
                return None;
            }
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn read(
        &self,
        folder: &Arc<Folder>,
        below: &mut Vec<Arc<Folder>>,
        found: &mut Found,
    ) -> Result<(), PatternError> {
        let entries = match fs::read_dir(&folder.disk) {
            Ok(entries) => entries,
            Err(error) => {
                found.problem(&folder.path, &error, folder.must_be_read(&error));
                return Ok(());
            }
        };
        for entry in entries {
            match entry {
                Ok(entry) => self.entry(folder, &entry, below, found)?,
                Err(error) => {
                    found.problem(&folder.path, &error, folder.must_be_read(&error));
                    break;
                }
            }
        }
        Ok(())
    }

    fn entry(
        &self,
        folder: &Arc<Folder>,
        entry: &DirEntry,
        below: &mut Vec<Arc<Folder>>,
        found: &mut Found,
    ) -> Result<(), PatternError> {
        let name = entry.file_name();
        let mut path = Vec::with_capacity(folder.path.len() + name.len() + 1);
        if !folder.path.is_empty() {
            path.extend_from_slice(&folder.path);
            path.push(b'/');
        }
        path.extend_from_slice(name.as_encoded_bytes());
        let kind = match entry.file_type() {
            Ok(kind) => kind_of(kind),
            Err(error) => {
                found.problem(&path, &error, folder.must_be_read(&error));
                return Ok(());
            }
        };
        let is_dir = kind == EntryKind::Folder;
        let (fate, state, descend) = if folder.pruned {
            (folder.fate, FolderState::default(), false)
        } else {
            let judged = self.filter.judge(&path, is_dir, &folder.state, &mut found.memory)?;
            let fate = match (judged.kept, judged.ruling.matched, judged.ruling.by) {
                (true, ..) => Fate::Sent,
                (false, true, Some(by)) => Fate::Excluded(by),
                _ => Fate::Unneeded,
            };
            (fate, judged.state, judged.descend)
        };
        let sent = fate == Fate::Sent;
        let read = is_dir && (descend || self.options.measure_excluded);
        let measured = sent || self.options.measure_excluded || self.options.list_excluded;
        let wants_metadata = if is_dir { self.options.max_entries > 0 } else { measured };
        let metadata = match wants_metadata.then(|| entry.metadata()).transpose() {
            Ok(metadata) => metadata,
            Err(error) => {
                found.problem(&path, &error, sent);
                None
            }
        };
        if sent {
            self.send_parents(folder, found);
        }
        let may_become_parent = read && descend && !sent;
        if read {
            let next = Arc::new(Folder {
                disk: entry.path(),
                path: path.clone(),
                parent: Some(Arc::clone(folder)),
                state,
                mode: metadata.as_ref().map_or(0, Metadata::mode),
                fate,
                pruned: !descend,
                sent: AtomicBool::new(sent),
            });
            if may_become_parent && self.options.list_excluded {
                found.undecided.push(Arc::clone(&next));
            }
            below.push(next);
        }
        self.take(path, kind, fate, metadata.as_ref(), may_become_parent, entry, found);
        Ok(())
    }

    /// Counts an entry, and lists it if that is asked for.
    #[expect(clippy::too_many_arguments, reason = "the parts of one entry")]
    fn take(
        &self,
        path: Vec<u8>,
        kind: EntryKind,
        fate: Fate,
        metadata: Option<&Metadata>,
        may_become_parent: bool,
        on_disk: &DirEntry,
        found: &mut Found,
    ) {
        let size = match kind {
            EntryKind::Folder => 0,
            _ => metadata.map_or(0, Metadata::len),
        };
        let path = String::from_utf8(path).unwrap_or_else(|error| {
            decode_all(error.as_bytes())
        });
        let sent = fate == Fate::Sent;
        let mode = metadata.map_or(0, Metadata::mode);
        let make = |path: String| Entry { path, kind, size, mode, fate, target: None };
        if sent && kind != EntryKind::Folder {
            if let Some(metadata) = metadata.filter(|metadata| metadata.nlink() > 1) {
                let names = found.several.entry((metadata.dev(), metadata.ino())).or_default();
                return names.push(make(path));
            }
        }
        found.tally.count(&path, kind, size, fate);
        let ranks = sent && kind == EntryKind::File && found.tally.may_rank(size);
        if ranks {
            found.tally.rank(make(path.clone()));
        }
        let listed = (sent || (self.options.list_excluded && !may_become_parent))
            && self.options.max_entries > 0;
        if kind == EntryKind::Link && sent {
            let target = fs::read_link(on_disk.path());
            let target = target.map(|target| decode_all(target.as_os_str().as_encoded_bytes()));
            let entry = Entry { target: target.ok(), ..make(path) };
            found.link(&entry);
            return if listed { self.list(entry, found) };
        }
        if listed {
            self.list(make(path), found);
        }
    }

    /// Lists the excluded directories above something that is sent.
    fn send_parents(&self, folder: &Folder, found: &mut Found) {
        let mut next = Some(folder);
        while let Some(folder) = next {
            if folder.sent.swap(true, Ordering::Relaxed) {
                break;
            }
            let path = decode_all(&folder.path);
            found.tally.restore(&path, folder.fate);
            if self.options.max_entries > 0 {
                self.list(folder.entry(Fate::Parent), found);
            }
            next = folder.parent.as_deref();
        }
    }

    /// Keeps the first entries; the others are dropped from time to time.
    fn list(&self, entry: Entry, found: &mut Found) {
        found.entries.push(entry);
        let limit = self.options.max_entries;
        if found.entries.len() >= limit.saturating_mul(2).saturating_add(1000) {
            cut(&mut found.entries, limit);
            found.truncated = true;
        }
    }
}

fn kind_of(kind: FileType) -> EntryKind {
    match kind {
        _ if kind.is_dir() => EntryKind::Folder,
        _ if kind.is_symlink() => EntryKind::Link,
        _ if kind.is_fifo() => EntryKind::Pipe,
        _ if kind.is_socket() => EntryKind::Socket,
        _ if kind.is_block_device() || kind.is_char_device() => EntryKind::Device,
        _ => EntryKind::File,
    }
}

fn cut(entries: &mut Vec<Entry>, limit: usize) {
    entries.sort_unstable_by(|one, two| walk_order(&one.path, &two.path));
    entries.truncate(limit);
}

impl Found {
    /// What docker build does about it: it fails if the thing would be sent, and passes over what it may not read
    /// otherwise. What has vanished in the meantime is passed over by both.
    fn problem(&mut self, path: &[u8], error: &io::Error, sent: bool) {
        if self.problems.len() < MAX_LISTED {
            let vanished = error.kind() == io::ErrorKind::NotFound;
            let path = decode_all(path);
            self.problems.push(WalkProblem {
                path,
                message: error.to_string(),
                fatal: sent && !vanished,
            });
        }
    }

    fn link(&mut self, entry: &Entry) {
        let target = entry.target.as_deref().unwrap_or_default();
        let reach = Reach::of(&entry.path, target);
        if reach != Reach::Inside && self.links.len() < MAX_LISTED {
            self.links.push((entry.clone(), reach));
        }
    }
}

/// Puts together what the threads have found.
fn merge(all: Vec<Found>, options: &Options) -> Result<BuildContext, PatternError> {
    let mut context = BuildContext::default();
    let mut tally = Tally::new(options.largest);
    let mut several: HashMap<(u64, u64), Vec<Entry>> = HashMap::new();
    let mut undecided: Vec<Arc<Folder>> = Vec::new();
    let mut error: Option<PatternError> = None;
    for found in all {
        context.entries.extend(found.entries);
        context.truncated |= found.truncated;
        context.links.extend(found.links);
        context.problems.extend(found.problems);
        tally.merge(found.tally);
        undecided.extend(found.undecided);
        for (file, names) in found.several {
            several.entry(file).or_default().extend(names);
        }
        error = [error, found.error].into_iter().flatten().min_by_key(|error| error.line);
    }
    if let Some(error) = error {
        return Err(error);
    }
    for mut names in several.into_values() {
        names.sort_unstable_by(|one, two| walk_order(&one.path, &two.path));
        let first = names.first().map(|name| name.path.clone());
        for (at, mut name) in names.into_iter().enumerate() {
            if at > 0 {
                name.size = 0;
                name.target.clone_from(&first);
            }
            tally.count(&name.path, name.kind, name.size, name.fate);
            if name.kind == EntryKind::File && tally.may_rank(name.size) {
                tally.rank(name.clone());
            }
            if options.max_entries > 0 {
                context.entries.push(name);
            }
        }
    }
    undecided.retain(|folder| !folder.sent.load(Ordering::Relaxed));
    context.entries.extend(undecided.iter().map(|folder| folder.entry(folder.fate)));
    context.truncated |= context.entries.len() > options.max_entries;
    cut(&mut context.entries, options.max_entries);
    context.links.sort_unstable_by(|(one, _), (two, _)| walk_order(&one.path, &two.path));
    context.problems.sort_unstable_by(|one, two| walk_order(&one.path, &two.path));
    context.summary = tally.finish();
    Ok(context)
}
