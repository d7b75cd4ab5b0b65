//! What the walk finds.

use std::cmp::Ordering;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Folder,
    /// A symbolic link; it is sent as such and never followed.
    Link,
    /// A named pipe.
    Pipe,
    /// A socket; it arrives as an empty file. (The classic builder leaves it out.)
    Socket,
    /// A block or character device.
    Device,
}

/// Why an entry is sent, or is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It is sent.
    Sent,
    /// An excluded directory that is sent because something below it is.
    Parent,
    /// Excluded by the pattern with this index in [`crate::Matcher::patterns`].
    Excluded(u32),
    /// No `COPY`, `ADD` or mount asks for it (see [`crate::Filter::needing`]).
    Unneeded,
}

/// A file, directory or other thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Relative to the root of the context, with slashes. Bytes that are not UTF-8 have become U+FFFD.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes; 0 for directories, and for a further name of a file that was counted already.
    pub size: u64,
    /// The mode as the kernel gives it, type bits included.
    pub mode: u32,
    /// Why it is sent, or is not.
    pub fate: Fate,
    /// Of a link: its target as written. Of a further name of a file: the name that counts.
    pub target: Option<String>,
}

impl Entry {
    /// Whether it becomes a part of the build context.
    pub fn is_sent(&self) -> bool {
        matches!(self.fate, Fate::Sent | Fate::Parent)
    }
}

/// The order in which the entries are sent: names in byte order, a directory before what is in it.
pub fn walk_order(one: &str, two: &str) -> Ordering {
    let key = |byte: u8| if byte == b'/' { 0 } else { byte };
    one.bytes().map(key).cmp(two.bytes().map(key))
}

/// Where a link that is sent leads. All is judged by its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// To somewhere in the context.
    Inside,
    /// To an absolute path: in an image that is another place than here.
    Absolute,
    /// Relatively, out of the context.
    Outside,
}

impl Reach {
    /// Where the link at `path` leads.
    pub fn of(path: &str, target: &str) -> Self {
        if target.starts_with('/') {
            return Self::Absolute;
        }
        let mut depth = path.split('/').count() - 1;
        for part in target.split('/') {
            match part {
                "" | "." => {}
                ".." => match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return Self::Outside,
                },
                _ => depth += 1,
            }
        }
        Self::Inside
    }
}

/// Something that the walk could not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkProblem {
    /// Relative to the root of the context.
    pub path: String,
    /// What the system says.
    pub message: String,
    /// docker build fails because of it: what cannot be read would be sent.
    pub fatal: bool,
}
