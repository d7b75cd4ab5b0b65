//! What a cache holds: by kind, toolchain and module, how old, and what the next trim takes.

use crate::verify::{origin_of, parallel};
use crate::{Cache, Item, ItemKind, Kind, Listing, Origin, file, parse_archive};
use std::collections::BTreeMap;
use std::os::unix::fs::FileExt as _;
use std::time::{Duration, SystemTime};

/// Go deletes what was not used for so long: five days, and the hour to which use is noted
/// ([`trimLimit`](https://go.dev/src/cmd/go/internal/cache/cache.go)).
pub const TRIM_AFTER: Duration = Duration::from_secs((5 * 24 + 1) * 3600);
/// So much tells what an object is.
const HEAD: usize = 1024;

/// How many, how large, and when they were last used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// How many.
    pub count: usize,
    /// Their size.
    pub bytes: u64,
    /// The longest time since one was used.
    pub oldest: Duration,
}

impl Total {
    fn add(&mut self, bytes: u64, age: Duration) {
        self.count += 1;
        self.bytes += bytes;
        self.oldest = self.oldest.max(age);
    }
}

/// What a cache holds.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// Entries of the index.
    pub entries: Total,
    /// Objects, by what they are.
    pub kinds: BTreeMap<Kind, Total>,
    /// Compiled packages and programs, by toolchain.
    pub versions: BTreeMap<String, Total>,
    /// Compiled packages by module: `std`, `path@version`, and those whose files are in no module
    /// cache by the first two parts of their import path.
    pub modules: BTreeMap<String, Total>,
    /// What Go would delete if it trimmed now.
    pub trim: Total,
    /// All of it.
    pub all: Total,
}

/// What is learned of one object.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) kind: Kind,
    pub(crate) version: Option<String>,
    origin: Option<Origin>,
}

/// Looks at how each object begins.
pub fn usage(cache: &Cache, listing: &Listing, now: SystemTime) -> Usage {
    let mut usage = Usage::default();
    let seen = parallel(&listing.items, 0, &|| false, &|item| look(cache, item, true));
    for (item, seen) in listing.items.iter().zip(seen) {
        let age = now.duration_since(item.used).unwrap_or_default();
        let add = |total: &mut Total| total.add(item.size, age);
        add(&mut usage.all);
        if age > TRIM_AFTER {
            add(&mut usage.trim);
        }
        if item.kind == ItemKind::Entry {
            add(&mut usage.entries);
            continue;
        }
        let Some(seen) = seen else { continue };
        add(usage.kinds.entry(seen.kind).or_default());
        if let Some(version) = seen.version {
            add(usage.versions.entry(version).or_default());
        }
        if let Some(module) = seen.origin.as_ref().and_then(module) {
            add(usage.modules.entry(module).or_default());
        }
    }
    usage
}

/// The module; of packages beside the module cache, as much as their import path tells.
fn module(origin: &Origin) -> Option<String> {
    let of_path = || {
        let path = origin.package.as_deref()?;
        let parts = if path.contains('.') { 2 } else { 1 };
        Some(path.split('/').take(parts).collect::<Vec<_>>().join("/"))
    };
    origin.module().or_else(of_path)
}

/// Looks at one object; where it comes from only if that is wanted.
pub(crate) fn look(cache: &Cache, item: &Item, whence: bool) -> Seen {
    let path = cache.dir().join(item.path());
    match item.kind {
        ItemKind::Entry => Seen::default(),
        ItemKind::Program => {
            let inside = std::fs::read_dir(&path).ok().and_then(|mut all| all.next()?.ok());
            let info = inside.and_then(|entry| goartifact::build_info_of(&entry.path()));
            Seen { kind: Kind::Program, version: info.map(|info| info.go_version), origin: None }
        }
        ItemKind::Object => {
            let Ok((file, found)) = file::open(&path) else { return Seen::default() };
            let mut head = vec![0; HEAD];
            let read = file.read_at(&mut head, 0).unwrap_or(0);
            let archive = parse_archive(&head[..read]);
            let origin =
                archive.as_ref().filter(|_| whence).and_then(|_| origin_of(&file, found.len()));
            let version = archive.map(|archive| archive.version);
            Seen { kind: Kind::of(&head[..read]), version, origin }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_beside_the_module_cache_are_told_by_their_path() {
        let of =
            |package: &str| module(&Origin { package: Some(package.into()), ..Origin::default() });
        assert_eq!(of("example.com/m/a/b").unwrap(), "example.com/m");
        assert_eq!(of("main").unwrap(), "main");
        let files = vec!["$GOROOT/src/fmt/a.go".into()];
        let std = Origin { package: Some("fmt".into()), files, is_std: false };
        assert_eq!(module(&std).unwrap(), "std");
    }
}
