//! Walking a directory as docker build does, on several threads.
//!
//! The only file of this library that reads the disk. Rules: `filepath.WalkDir` as `fsutil.NewFS` uses it (the root may
//! be a link, links below it are not followed), `mkstat` (links, sockets, further names of a file), and what
//! `filterFS.Walk` does about directories that cannot be read.

#![expect(
    clippy::disallowed_methods,
    reason = "reading the build context is this file's task, and speed is its point"
)]

use std::fs::{self, DirEntry, FileType, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::entry::{Entry, EntryKind, Fate};
use crate::filter::{Filter, FolderState};
use crate::gather::{self, BuildContext, Folder, Found};
use crate::go_path::{decode_all, has_wildcards, shell_match, within_root};
use crate::matcher::PatternError;
use crate::summary::Tally;

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
        let others: Vec<_> = (1..threads.min(256)).map(|_| scope.spawn(|| shared.work())).collect();
        let mut found = vec![shared.work()];
        // A thread cannot panic; if it did, its part would be missing, so the panic goes on.
        found.extend(
            others.into_iter().map(|thread| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }),
        );
        found
    });
    Ok(gather::merge(found, options)?)
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
        let path = String::from_utf8(path).unwrap_or_else(|error| decode_all(error.as_bytes()));
        let sent = fate == Fate::Sent;
        let mode = metadata.map_or(0, Metadata::mode);
        let make = |path: String| Entry { path, kind, size, mode, fate, target: None };
        let one_of_several = sent && !matches!(kind, EntryKind::Folder | EntryKind::Link);
        let several = metadata.filter(|metadata| one_of_several && metadata.nlink() > 1);
        if let Some(metadata) = several {
            let names = found.several.entry((metadata.dev(), metadata.ino())).or_default();
            return names.push(make(path));
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
            return if listed {
                found.list(entry, self.options.max_entries)
            };
        }
        if listed {
            found.list(make(path), self.options.max_entries);
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
                found.list(folder.entry(Fate::Parent), self.options.max_entries);
            }
            next = folder.parent.as_deref();
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

/// The paths that are sent for these paths: every link on the way, and what it leads to, with wildcards in names
/// looked up (`FollowLinks` of fsutil). For [`Filter::needing`]; an empty list means the whole context.
///
/// # Errors
/// A directory that cannot be read.
pub fn follow_links(root: &Path, paths: &[String]) -> io::Result<Vec<String>> {
    let root = fs::canonicalize(root)?;
    let mut resolved = std::collections::BTreeSet::new();
    let mut pending: Vec<String> = paths.iter().rev().map(|path| within_root(path)).collect();
    while let Some(path) = pending.pop() {
        let mut current = String::new();
        let mut rest = path.as_str();
        loop {
            let (part, behind) = rest.split_once('/').unwrap_or((rest, ""));
            if !current.is_empty() {
                current.push('/');
            }
            current.push_str(part);
            let targets = link_targets(&root, &current)?;
            if (behind.is_empty() || !targets.is_empty()) && !resolved.insert(current.clone()) {
                break;
            }
            pending.extend(targets.iter().map(|target| within_root(&format!("{target}/{behind}"))));
            if behind.is_empty() || !targets.is_empty() {
                break;
            }
            rest = behind;
        }
    }
    if resolved.contains("") {
        return Ok(Vec::new());
    }
    let mut kept: Vec<String> = Vec::new();
    for path in resolved {
        let last = kept.last().map(|last| format!("{last}/"));
        if !last.is_some_and(|last| path.starts_with(&last)) {
            kept.push(path);
        }
    }
    Ok(kept)
}

/// Where the link at `path` leads, or the links whose names match its last part; none if there is no link.
fn link_targets(root: &Path, path: &str) -> io::Result<Vec<String>> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut names = vec![name.to_owned()];
    if has_wildcards(name) {
        let entries = match fs::read_dir(root.join(folder)) {
            Err(error) if is_missing(&error) => return Ok(Vec::new()),
            entries => entries?,
        };
        let found: Result<Vec<_>, _> = entries.map(|entry| Ok(entry?.file_name())).collect();
        let found: Result<Vec<_>, io::Error> = found;
        let found = found?.into_iter().filter_map(|name| name.into_string().ok());
        names = found.filter(|found| shell_match(name, found) == Ok(true)).collect();
    }
    let mut targets = Vec::new();
    for name in names {
        let target = match fs::read_link(root.join(folder).join(name)) {
            // Not a link, or not there.
            Err(error) if is_missing(&error) || error.kind() == io::ErrorKind::InvalidInput => {
                continue;
            }
            target => decode_all(target?.as_os_str().as_encoded_bytes()),
        };
        let absolute = target.starts_with('/');
        targets.push(if absolute { target } else { format!("{folder}/{target}") });
    }
    Ok(targets)
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
