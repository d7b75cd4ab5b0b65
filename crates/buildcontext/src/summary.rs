//! Sums over a walk, whose size does not depend on that of the context.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::entry::{Entry, EntryKind, Fate, walk_order};

/// No more groups than this are kept apart.
const MAX_GROUPS: usize = 1 << 16;

/// How much of something there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    /// Everything but directories.
    pub files: u64,
    /// Directories.
    pub folders: u64,
    /// Bytes.
    pub bytes: u64,
}

impl Total {
    fn add(&mut self, other: Self) {
        self.files = self.files.saturating_add(other.files);
        self.folders = self.folders.saturating_add(other.folders);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

/// What lies on the disk, and what of it is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// All that was seen. Complete only if the walk measures what is excluded.
    pub seen: Total,
    /// What is sent.
    pub sent: Total,
}

/// The sums of a walk.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Everything.
    pub all: Share,
    /// By top-level directory; files at the top are under the empty name. Behind 65,536 groups the rest is under `…`.
    pub by_folder: BTreeMap<String, Share>,
    /// Files by extension in lower case, without its dot; those that have none are under the empty name.
    pub by_extension: BTreeMap<String, Share>,
    /// What is not sent, by the pattern that excluded it: its index in [`crate::Matcher::patterns`].
    pub excluded: BTreeMap<u32, Total>,
    /// What is not excluded, but not asked for either.
    pub unneeded: Total,
    /// The largest files that are sent, the largest first.
    pub largest: Vec<Entry>,
}

/// A summary in the making.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    summary: Summary,
    limit: usize,
    heap: BinaryHeap<Reverse<Ranked>>,
    /// How many directories were counted as excluded, and are sent nevertheless.
    restored: BTreeMap<Option<u32>, u64>,
}

/// Ordered by size; of two of one size the one that is sent earlier is the larger.
#[derive(Debug, PartialEq, Eq)]
struct Ranked(Entry);

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let paths = || walk_order(&other.0.path, &self.0.path);
        self.0.size.cmp(&other.0.size).then_with(paths)
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Tally {
    /// `largest`: how many of the largest files are kept.
    pub(crate) fn new(largest: usize) -> Self {
        Self { limit: largest, ..Self::default() }
    }

    /// Counts an entry.
    pub(crate) fn count(&mut self, path: &str, kind: EntryKind, size: u64, fate: Fate) {
        let one = match kind {
            EntryKind::Folder => Total { folders: 1, ..Total::default() },
            _ => Total { files: 1, bytes: size, folders: 0 },
        };
        let share = Share { seen: one, sent: Total::default() };
        self.add(path, kind, share);
        match fate {
            Fate::Excluded(by) => self.summary.excluded.entry(by).or_default().add(one),
            Fate::Unneeded => self.summary.unneeded.add(one),
            Fate::Sent | Fate::Parent => self.count_sent(path, kind, one),
        }
    }

    /// Counts a directory as sent that was counted as something else before.
    pub(crate) fn restore(&mut self, path: &str, fate: Fate) {
        let by = if let Fate::Excluded(by) = fate { Some(by) } else { None };
        let count = self.restored.entry(by).or_default();
        *count = count.saturating_add(1);
        let total = Total { folders: 1, ..Total::default() };
        self.count_sent(path, EntryKind::Folder, total);
    }

    fn count_sent(&mut self, path: &str, kind: EntryKind, total: Total) {
        self.add(path, kind, Share { seen: Total::default(), sent: total });
    }

    fn add(&mut self, path: &str, kind: EntryKind, share: Share) {
        let summary = &mut self.summary;
        add(&mut summary.all, share);
        let folder = match (path.split_once('/'), kind) {
            (Some((folder, _)), _) => folder,
            (None, EntryKind::Folder) => path,
            (None, _) => "",
        };
        add(group(&mut summary.by_folder, folder), share);
        if kind == EntryKind::File {
            let extension = extension(path).to_ascii_lowercase();
            add(group(&mut summary.by_extension, &extension), share);
        }
    }

    /// Whether a file of this size might be among the largest.
    pub(crate) fn may_rank(&self, size: u64) -> bool {
        let least = || self.heap.peek().map_or(0, |Reverse(Ranked(least))| least.size);
        self.limit > 0 && (self.heap.len() < self.limit || size >= least())
    }

    /// Puts a file among the largest, if it is.
    pub(crate) fn rank(&mut self, entry: Entry) {
        self.heap.push(Reverse(Ranked(entry)));
        if self.heap.len() > self.limit {
            self.heap.pop();
        }
    }

    /// Adds what another thread counted.
    pub(crate) fn merge(&mut self, other: Self) {
        let Self { summary, heap, restored, .. } = other;
        for (by, count) in restored {
            let sum = self.restored.entry(by).or_default();
            *sum = sum.saturating_add(count);
        }
        add(&mut self.summary.all, summary.all);
        for (name, share) in summary.by_folder {
            add(group(&mut self.summary.by_folder, &name), share);
        }
        for (name, share) in summary.by_extension {
            add(group(&mut self.summary.by_extension, &name), share);
        }
        for (by, total) in summary.excluded {
            self.summary.excluded.entry(by).or_default().add(total);
        }
        self.summary.unneeded.add(summary.unneeded);
        heap.into_iter().for_each(|Reverse(Ranked(entry))| self.rank(entry));
    }

    pub(crate) fn finish(mut self) -> Summary {
        for (by, count) in self.restored {
            let total = match by {
                Some(by) => self.summary.excluded.entry(by).or_default(),
                None => &mut self.summary.unneeded,
            };
            total.folders = total.folders.saturating_sub(count);
        }
        let ranked = self.heap.into_sorted_vec();
        let largest = ranked.into_iter().map(|Reverse(Ranked(entry))| entry).collect();
        Summary { largest, ..self.summary }
    }
}

fn add(share: &mut Share, other: Share) {
    share.seen.add(other.seen);
    share.sent.add(other.sent);
}

fn group<'g>(groups: &'g mut BTreeMap<String, Share>, name: &str) -> &'g mut Share {
    let known = groups.len() < MAX_GROUPS || groups.contains_key(name);
    let name = if known { name } else { "…" };
    if !groups.contains_key(name) {
        groups.insert(name.to_owned(), Share::default());
    }
    groups.entry(name.to_owned()).or_default()
}

/// What follows the last dot of a name, unless the name begins with it.
fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => extension,
        _ => "",
    }
}
