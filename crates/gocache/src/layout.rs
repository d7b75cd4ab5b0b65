//! What lies in the folder: `xx/<action>-a`, `xx/<output>-d`, and what does not belong there.
//!
//! Links are never followed, but for the folder itself, which its owner named.

use crate::Id;
use std::collections::BTreeMap;
use std::fs::{DirEntry, Metadata};
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How Go's `README` begins
/// ([`cacheREADME`](https://go.dev/src/cmd/go/internal/cache/default.go)).
const README: &[u8] = b"This directory holds cached build artifacts from the Go build system.";
/// Folders `00` to `ff`.
const FOLDERS: u16 = 256;
/// More names of strays are only counted.
const MAX_STRAYS: usize = 1000;

/// A build cache.
#[derive(Clone, Debug)]
pub struct Cache {
    dir: PathBuf,
}

/// Why a folder is no build cache.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be looked at; most often it is not there.
    #[error("{}", .0.display())]
    Io(PathBuf, #[source] std::io::Error),
    /// Something else lies there.
    #[error(
        "{0} is no Go build cache: it has neither its README nor trim.txt beside folders 00 to ff"
    )]
    Foreign(PathBuf),
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// `-a`: an entry of the index.
    Entry,
    /// `-d`: an object.
    Object,
    /// `-d`: a folder with a program in it.
    Program,
}

/// Something that Go keeps.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// What it is named for.
    pub id: Id,
    /// Its size; of a program's folder, that of the files in it.
    pub size: u64,
    /// When it was last used, as Go notes it, to the hour.
    pub used: SystemTime,
}

impl Item {
    /// Where it is, below the cache.
    pub fn path(&self) -> String {
        place(&self.id, if self.kind == ItemKind::Entry { 'a' } else { 'd' })
    }
}

/// Where a thing of this name lies, below the cache: `-a` an entry, `-d` an object, `-s` a signed entry of
/// `goward cache serve`.
pub fn place(id: &Id, suffix: char) -> String {
    format!("{:02x}/{id}-{suffix}", id.0[0])
}

/// Why something is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhyStray {
    /// A symbolic link. Go follows it; we do not.
    Link,
    /// A pipe, socket or device, or a folder where a file belongs.
    Special,
    /// A name that Go does not give: it looks at none of these.
    Name,
    /// It could not be looked at.
    Unreadable,
}

/// Something that is not as Go makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// Where, below the cache.
    pub path: String,
    /// Why.
    pub why: WhyStray,
}

/// What is in a cache.
#[derive(Debug, Default)]
pub struct Listing {
    /// What Go keeps, ordered by folder.
    pub items: Vec<Item>,
    /// What is left alone; no more than a thousand.
    pub strays: Vec<Stray>,
    /// How many of each there are in all.
    pub stray_count: BTreeMap<WhyStray, usize>,
}

/// When the cache in a folder was last trimmed, in seconds since 1970.
pub fn trimmed(dir: &Path) -> Option<u64> {
    let (file, _) = crate::file::open(&dir.join("trim.txt")).ok()?;
    let mut text = String::new();
    file.take(64).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

impl Cache {
    /// Opens a cache, if it is one: its `README` or `trim.txt`, and a folder of two digits; or all 256.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let io = |err| OpenError::Io(dir.to_owned(), err);
        let real = dir.canonicalize().map_err(io)?;
        std::fs::read_dir(&real).map_err(io)?;
        let is_dir = |name: String| {
            std::fs::symlink_metadata(real.join(name)).is_ok_and(|found| found.is_dir())
        };
        let folders = (0..FOLDERS).filter(|n| is_dir(format!("{n:02x}"))).count();
        let cache = Self { dir: real };
        match folders == usize::from(FOLDERS) || (folders > 0 && cache.is_marked()) {
            true => Ok(cache),
            false => Err(OpenError::Foreign(dir.to_owned())),
        }
    }

    /// The folder, with no link in it.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    fn is_marked(&self) -> bool {
        let readme = crate::file::open(&self.dir.join("README")).ok().and_then(|(file, _)| {
            let mut head = vec![];
            file.take(README.len() as u64).read_to_end(&mut head).ok()?;
            Some(head == README)
        });
        readme == Some(true) || self.trimmed().is_some()
    }

    /// When Go last trimmed it, in seconds since 1970.
    pub fn trimmed(&self) -> Option<u64> {
        trimmed(&self.dir)
    }

    /// Looks at all that is in it.
    pub fn list(&self) -> Listing {
        let mut listing = Listing::default();
        for n in 0..FOLDERS {
            let name = format!("{n:02x}");
            let folder = self.dir.join(&name);
            match std::fs::symlink_metadata(&folder) {
                Ok(found) if found.is_dir() => listing.read(&folder, &name),
                Ok(found) if found.is_symlink() => listing.stray(name, WhyStray::Link),
                Ok(_) => listing.stray(name, WhyStray::Special),
                Err(err) if err.kind() == std::io::ErrorKind::NotFound => {}
                Err(_) => listing.stray(name, WhyStray::Unreadable),
            }
        }
        listing
    }
}

impl Listing {
    fn stray(&mut self, path: String, why: WhyStray) {
        *self.stray_count.entry(why).or_default() += 1;
        if self.strays.len() < MAX_STRAYS {
            self.strays.push(Stray { path, why });
        }
    }

    fn read(&mut self, folder: &Path, name: &str) {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return self.stray(name.to_owned(), WhyStray::Unreadable);
        };
        for entry in entries {
            match entry {
                Ok(entry) => self.add(&entry, name),
                Err(_) => self.stray(name.to_owned(), WhyStray::Unreadable),
            }
        }
    }

    fn add(&mut self, entry: &DirEntry, folder: &str) {
        let name = entry.file_name();
        let path = || format!("{folder}/{}", name.to_string_lossy());
        let Some((id, suffix)) = parse_name(name.as_bytes(), folder) else {
            return self.stray(path(), WhyStray::Name);
        };
        // A signed entry goes with the entry it stands beside.
        if suffix == b's' {
            return;
        }
        // Of the name itself, never of what a link leads to.
        let found = match entry.metadata() {
            Ok(found) => found,
            // Trimmed meanwhile.
            Err(err) if err.kind() == std::io::ErrorKind::NotFound => return,
            Err(_) => return self.stray(path(), WhyStray::Unreadable),
        };
        let kind = match suffix {
            _ if found.is_symlink() => return self.stray(path(), WhyStray::Link),
            b'a' if found.is_file() => ItemKind::Entry,
            b'd' if found.is_file() => ItemKind::Object,
            b'd' if found.is_dir() => ItemKind::Program,
            _ => return self.stray(path(), WhyStray::Special),
        };
        let size = if kind == ItemKind::Program { inside(&entry.path()) } else { found.len() };
        let used = found.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        self.items.push(Item { kind, id, size, used });
    }
}

/// `<64 hex>-a`, `-d` or our own `-s`, in the folder of its first two digits. Go writes small letters only.
fn parse_name(name: &[u8], folder: &str) -> Option<(Id, u8)> {
    let (hex, suffix) = name.split_at_checked(64)?;
    let small = hex.iter().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte));
    let suffix = match suffix {
        b"-a" => b'a',
        b"-d" => b'd',
        b"-s" => b's',
        _ => return None,
    };
    (small && hex.starts_with(folder.as_bytes())).then_some((Id::from_hex(hex)?, suffix))
}

/// The size of the files directly inside.
fn inside(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.filter_map(|entry| entry.metadata().ok()).filter(Metadata::is_file);
    sizes.map(|found| found.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_go_gives() {
        let hex = "ab".repeat(32);
        let of = |name: &str, folder: &str| parse_name(name.as_bytes(), folder).map(|it| it.1);
        assert_eq!(of(&format!("{hex}-a"), "ab"), Some(b'a'));
        assert_eq!(of(&format!("{hex}-d"), "ab"), Some(b'd'));
        assert_eq!(of(&format!("{hex}-s"), "ab"), Some(b's'));
        assert_eq!(of(&format!("{hex}-d"), "ac"), None);
        assert_eq!(of(&format!("{hex}-x"), "ab"), None);
        assert_eq!(of(&format!("{}-d", hex.to_uppercase()), "AB"), None);
        assert_eq!(of("ab", "ab"), None);
        assert_eq!(of("..", "ab"), None);
    }
}
