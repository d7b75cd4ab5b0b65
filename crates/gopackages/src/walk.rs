//! The folders with Go files in a tree, in Go's order.

use crate::evidence::Looks;
use crate::gather::{Kind, Matched};
use crate::ignore::IgnorePatterns;
use crate::listing::Listing;
use crate::pool::run;
use crate::resolve::{Place, Seen};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A tree of which folders are searched.
pub(crate) struct Tree<'m> {
    /// The module that packages belong to.
    pub(crate) module: Option<usize>,
    /// The import path of the root.
    pub(crate) prefix: &'m str,
    pub(crate) root: &'m Path,
    /// Where the search begins, relative to the root; empty for the root.
    pub(crate) below: String,
    pub(crate) ignore: IgnorePatterns,
    pub(crate) looks: Looks<'m>,
    /// Whether a go.mod ends it.
    pub(crate) stops_at_modules: bool,
    /// Whether a folder, relative to the root, is wanted.
    pub(crate) is_match: &'m (dyn Fn(&str) -> bool + Sync),
    /// Whether anything below it may be.
    pub(crate) may_match_below: &'m (dyn Fn(&str) -> bool + Sync),
}

/// The folders that match, relative to the root, and their packages (`search.Match.MatchDirs`).
pub(crate) fn walk(tree: &Tree<'_>, threads: usize) -> Vec<(String, Matched)> {
    let found = run(threads, vec![tree.below.clone()], Vec::new, |below, found, more| {
        one(tree, below, found, more);
    });
    let mut found: Vec<_> = found.into_iter().flatten().collect();
    found.sort_by(|(a, _), (b, _)| a.split('/').cmp(b.split('/')));
    found
}

fn one(tree: &Tree<'_>, below: String, found: &mut Vec<(String, Matched)>, more: &mut Vec<String>) {
    let dir = match below.as_str() {
        "" => tree.root.to_owned(),
        below => tree.root.join(below),
    };
    let Ok(Some(mut listing)) = Listing::read(&dir, tree.looks) else { return };
    if tree.stops_at_modules && below != tree.below && listing.is_module() {
        return;
    }
    // There may be more folders than files can be open.
    listing.folder = None;
    if (tree.may_match_below)(&below) {
        for name in &listing.folders {
            if name.starts_with(['.', '_']) || name == "testdata" {
                continue;
            }
            let child = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
            if !tree.ignore.matches(&child) {
                more.push(child);
            }
        }
    }
    if listing.has_go() && (tree.is_match)(&below) {
        let path = match (below.as_str(), tree.prefix) {
            ("", prefix) => Arc::from(prefix),
            (below, "") => Arc::from(below),
            (below, prefix) => Arc::from(format!("{prefix}/{below}")),
        };
        let place = place(dir, tree.module, listing);
        found.push((below, Matched { path, place: Some(place), kind: Kind::Wildcard }));
    }
}

fn place(dir: PathBuf, module: Option<usize>, listing: Listing) -> Place {
    Place { dir, module, seen: Seen::Listing(Arc::new(listing)) }
}
