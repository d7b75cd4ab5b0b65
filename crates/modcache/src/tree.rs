//! Sums of many folders at once, in parallel over their files.
//!
//! Large modules must not hold up the run, so the work is cut by folder, and large folders by file.
//! Memory is bounded: the last folder found is the next one read, so only a few trees are open.
#![expect(
    clippy::disallowed_methods,
    reason = "this library reads the module cache itself, because speed is its point"
)]

use crate::sum::{Digest, Entry, hash1};
use sha2::{Digest as _, Sha256};
use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A folder with more files is cut into pieces of so many.
const PIECE: usize = 32;
/// What is read of a file at once; most files of modules are smaller.
const BUFFER: usize = 128 << 10;
/// A module is not deeper; a path would not fit the system's limit.
const MAX_DEPTH: usize = 1000;

/// A folder to be summed.
#[derive(Debug, Clone)]
pub struct Root {
    /// The folder.
    pub path: PathBuf,
    /// What stands in front of the names: `module@version`.
    pub prefix: String,
}

/// Why a folder has no sum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The folder is not there.
    #[error("{0}: no such folder")]
    Missing(String),
    /// Something could not be read.
    #[error("{path}: {problem}")]
    Read {
        /// What.
        path: String,
        /// Why, as the operating system says it.
        problem: String,
    },
    /// A pipe, socket or device.
    #[error("{0} is not a regular file")]
    Special(String),
    /// Deeper than any module.
    #[error("{0}: too many folders in each other")]
    TooDeep(String),
    /// A name that no sum can have.
    #[error(transparent)]
    Name(#[from] crate::sum::NewlineInName),
    /// Somebody asked to stop.
    #[error("interrupted")]
    Stopped,
}

/// What is in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// Its `h1:` sum.
    pub h1: String,
    /// How many files it has.
    pub files: usize,
    /// How many bytes.
    pub bytes: u64,
    /// Files that are symbolic links. Go never makes one in the module cache.
    pub links: Vec<String>,
}

/// The `h1:` sum of a folder (`dirhash.HashDir`).
///
/// # Errors
/// See [`TreeError`].
pub fn hash_dir(path: &Path, prefix: &str) -> Result<Tree, TreeError> {
    let root = Root { path: path.to_owned(), prefix: prefix.to_owned() };
    let result = Mutex::new(Err(TreeError::Stopped));
    hash_dirs(&[root], 0, &|| false, &|_, tree| *lock(&result) = tree);
    result.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Sums folders with so many threads (0: one for each processor). `done` hears of each, in any
/// order; those that were not reached when `stop` became true give [`TreeError::Stopped`].
pub fn hash_dirs(
    roots: &[Root],
    threads: usize,
    stop: &(dyn Fn() -> bool + Sync),
    done: &(dyn Fn(usize, Result<Tree, TreeError>) + Sync),
) {
    let threads = match threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    // Backwards: the last is taken first.
    let tasks =
        (0..roots.len()).rev().map(|root| Task { root, depth: 0, below: vec![], files: vec![] });
    let pool = Pool {
        roots,
        open: roots.iter().map(|_| Mutex::new(Open { pending: 1, ..Open::default() })).collect(),
        queue: Mutex::new(Queue { tasks: tasks.collect(), busy: 0 }),
        more: Condvar::new(),
        stop,
        done,
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| pool.work());
        }
        pool.work();
    });
}

/// A folder to be read, or some files of one to be summed.
struct Task {
    root: usize,
    depth: usize,
    /// The folder, relative to the root.
    below: Vec<u8>,
    /// The files; none: the whole folder is to be read.
    files: Vec<OsString>,
}

struct Queue {
    tasks: Vec<Task>,
    busy: usize,
}

/// A tree that is being summed.
#[derive(Default)]
struct Open {
    entries: Vec<Entry>,
    links: Vec<String>,
    bytes: u64,
    /// Tasks that are not finished.
    pending: usize,
    error: Option<TreeError>,
}

struct Pool<'a> {
    roots: &'a [Root],
    open: Vec<Mutex<Open>>,
    queue: Mutex<Queue>,
    more: Condvar,
    stop: &'a (dyn Fn() -> bool + Sync),
    done: &'a (dyn Fn(usize, Result<Tree, TreeError>) + Sync),
}

/// A poisoned lock only says that another thread panicked; what it guards is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a task found.
#[derive(Default)]
struct Found {
    entries: Vec<Entry>,
    links: Vec<String>,
    bytes: u64,
    tasks: Vec<Task>,
}

impl Pool<'_> {
    fn work(&self) {
        let mut buffer = vec![0; BUFFER];
        while let Some(task) = self.next() {
            let found =
                if (self.stop)() { Err(TreeError::Stopped) } else { self.look(&task, &mut buffer) };
            self.settle(task.root, found);
        }
    }

    /// The next task; `None` when there is none and nobody could make one.
    fn next(&self) -> Option<Task> {
        let mut queue = lock(&self.queue);
        loop {
            if let Some(task) = queue.tasks.pop() {
                queue.busy += 1;
                return Some(task);
            }
            if queue.busy == 0 {
                return None;
            }
            queue = self.more.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Puts what a task found to its tree, and closes the tree with its last task.
    fn settle(&self, root: usize, found: Result<Found, TreeError>) {
        let Some(open) = self.open.get(root) else { return };
        let mut tasks = vec![];
        let closed = {
            let mut open = lock(open);
            open.pending = open.pending.saturating_sub(1);
            match found {
                Ok(mut found) if open.error.is_none() => {
                    open.entries.append(&mut found.entries);
                    open.links.append(&mut found.links);
                    open.bytes = open.bytes.saturating_add(found.bytes);
                    open.pending += found.tasks.len();
                    tasks = found.tasks;
                }
                Ok(_) => {}
                Err(error) => {
                    open.error.get_or_insert(error);
                }
            }
            (open.pending == 0).then(|| std::mem::take(&mut *open))
        };
        let mut queue = lock(&self.queue);
        queue.busy = queue.busy.saturating_sub(1);
        queue.tasks.append(&mut tasks);
        drop(queue);
        self.more.notify_all();
        if let Some(closed) = closed {
            (self.done)(root, closed.close());
        }
    }

    fn look(&self, task: &Task, buffer: &mut [u8]) -> Result<Found, TreeError> {
        let Some(root) = self.roots.get(task.root) else { return Ok(Found::default()) };
        let folder = match task.below.as_slice() {
            [] => root.path.clone(),
            below => root.path.join(std::ffi::OsStr::from_bytes(below)),
        };
        if !task.files.is_empty() {
            let mut found = Found::default();
            for name in &task.files {
                found.file(root, &folder, &task.below, name, buffer)?;
            }
            return Ok(found);
        }
        if task.depth > MAX_DEPTH {
            return Err(TreeError::TooDeep(folder.display().to_string()));
        }
        self.folder(task, root, &folder, buffer)
    }

    fn folder(
        &self,
        task: &Task,
        root: &Root,
        folder: &Path,
        buffer: &mut [u8],
    ) -> Result<Found, TreeError> {
        let mut found = Found::default();
        let mut files = vec![];
        let entries = folder.read_dir().map_err(|err| read_error(folder, &err))?;
        for entry in entries {
            let entry = entry.map_err(|err| read_error(folder, &err))?;
            let kind = entry.file_type().map_err(|err| read_error(&entry.path(), &err))?;
            let name = entry.file_name();
            if kind.is_dir() {
                let below = join(&task.below, name.as_bytes());
                let (root, depth) = (task.root, task.depth + 1);
                found.tasks.push(Task { root, depth, below, files: vec![] });
            } else if kind.is_file() || kind.is_symlink() {
                if kind.is_symlink() {
                    let below = join(&task.below, name.as_bytes());
                    // As Go: the file behind the link counts. A pipe there would never end.
                    let behind = std::fs::metadata(entry.path());
                    let behind = behind.map_err(|err| read_error(&entry.path(), &err))?;
                    if !behind.is_file() {
                        return Err(TreeError::Special(entry.path().display().to_string()));
                    }
                    found.links.push(String::from_utf8_lossy(&below).into_owned());
                }
                files.push(name);
            } else {
                return Err(TreeError::Special(entry.path().display().to_string()));
            }
        }
        let own = files.len().min(PIECE);
        let rest = files.split_off(own);
        for piece in rest.chunks(PIECE) {
            let (root, depth, below) = (task.root, task.depth, task.below.clone());
            found.tasks.push(Task { root, depth, below, files: piece.to_vec() });
        }
        for name in &files {
            found.file(root, folder, &task.below, name, buffer)?;
        }
        Ok(found)
    }
}

impl Found {
    /// Sums one file.
    fn file(
        &mut self,
        root: &Root,
        folder: &Path,
        below: &[u8],
        name: &OsString,
        buffer: &mut [u8],
    ) -> Result<(), TreeError> {
        let path = folder.join(name);
        let (digest, bytes) = hash_file(&path, buffer).map_err(|err| read_error(&path, &err))?;
        let mut full = root.prefix.clone().into_bytes();
        if !full.is_empty() {
            full.push(b'/');
        }
        if !below.is_empty() {
            full.extend_from_slice(below);
            full.push(b'/');
        }
        full.append(&mut name.clone().into_vec());
        self.entries.push((full, digest));
        self.bytes = self.bytes.saturating_add(bytes);
        Ok(())
    }
}

impl Open {
    fn close(self) -> Result<Tree, TreeError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let (files, bytes, mut links) = (self.entries.len(), self.bytes, self.links);
        links.sort_unstable();
        Ok(Tree { h1: hash1(self.entries)?, files, bytes, links })
    }
}

fn join(below: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = below.to_vec();
    if !path.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path
}

/// The digest of a file's content, and its size.
pub(crate) fn hash_file(path: &Path, buffer: &mut [u8]) -> std::io::Result<(Digest, u64)> {
    let mut file = File::open(path)?;
    let mut sum = Sha256::new();
    let mut bytes = 0_u64;
    loop {
        // A read may give less than there is, so only nothing is the end.
        match file.read(buffer) {
            Ok(0) => return Ok((sum.finalize().into(), bytes)),
            Ok(read) => {
                sum.update(buffer.get(..read).unwrap_or_default());
                bytes = bytes.saturating_add(read as u64);
            }
            Err(err) if err.kind() == ErrorKind::Interrupted => {}
            Err(err) => return Err(err),
        }
    }
}

fn read_error(path: &Path, err: &std::io::Error) -> TreeError {
    let path = path.display().to_string();
    match err.kind() {
        ErrorKind::NotFound => TreeError::Missing(path),
        _ => TreeError::Read { path, problem: err.to_string() },
    }
}
