//! What the threads of a walk have found, and how it is put together.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::entry::{Entry, EntryKind, Fate, Reach, WalkProblem, walk_order};
use crate::filter::{FolderState, Memories};
use crate::go_path::decode_all;
use crate::matcher::PatternError;
use crate::summary::{Summary, Tally};
use crate::walk::Options;

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
pub(crate) struct Folder {
    pub(crate) disk: PathBuf,
    pub(crate) path: Vec<u8>,
    pub(crate) parent: Option<Arc<Folder>>,
    pub(crate) state: FolderState,
    pub(crate) mode: u32,
    pub(crate) fate: Fate,
    /// Nothing in it is sent: it is only read to be measured.
    pub(crate) pruned: bool,
    /// It is counted as sent.
    pub(crate) sent: AtomicBool,
}

impl Folder {
    /// Whether docker build fails if this directory cannot be read. It passes over one that is excluded, and may not be
    /// read, in the search for exceptions.
    pub(crate) fn must_be_read(&self, error: &io::Error) -> bool {
        let forbidden = error.kind() == io::ErrorKind::PermissionDenied;
        !self.pruned && (self.fate == Fate::Sent || !forbidden)
    }

    pub(crate) fn entry(&self, fate: Fate) -> Entry {
        let path = decode_all(&self.path);
        Entry { path, kind: EntryKind::Folder, size: 0, mode: self.mode, fate, target: None }
    }
}

/// What one thread has found.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) entries: Vec<Entry>,
    pub(crate) truncated: bool,
    pub(crate) tally: Tally,
    pub(crate) links: Vec<(Entry, Reach)>,
    pub(crate) problems: Vec<WalkProblem>,
    /// Files with several names, by device and inode. They are counted at the end, when the first name is known.
    pub(crate) several: HashMap<(u64, u64), Vec<Entry>>,
    /// Directories of which it is not known yet whether they are sent, if they are to be listed in any case.
    pub(crate) undecided: Vec<Arc<Folder>>,
    pub(crate) memory: Memories,
    pub(crate) error: Option<PatternError>,
}

impl Found {
    /// What docker build does about it: it fails if the thing would be sent, and passes over what it may not read
    /// otherwise. What has vanished in the meantime is passed over by both.
    pub(crate) fn problem(&mut self, path: &[u8], error: &io::Error, sent: bool) {
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

    pub(crate) fn link(&mut self, entry: &Entry) {
        let target = entry.target.as_deref().unwrap_or_default();
        let reach = Reach::of(&entry.path, target);
        if reach != Reach::Inside && self.links.len() < MAX_LISTED {
            self.links.push((entry.clone(), reach));
        }
    }

    /// Keeps the first entries; the others are dropped from time to time.
    pub(crate) fn list(&mut self, entry: Entry, limit: usize) {
        self.entries.push(entry);
        if self.entries.len() >= limit.saturating_mul(2).saturating_add(1000) {
            cut(&mut self.entries, limit);
            self.truncated = true;
        }
    }
}

fn cut(entries: &mut Vec<Entry>, limit: usize) {
    entries.sort_unstable_by(|one, two| walk_order(&one.path, &two.path));
    entries.truncate(limit);
}

/// Puts together what the threads have found.
pub(crate) fn merge(all: Vec<Found>, options: &Options) -> Result<BuildContext, PatternError> {
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
    context.links.truncate(MAX_LISTED);
    context.problems.truncate(MAX_LISTED);
    context.summary = tally.finish();
    Ok(context)
}
