//! A whole answer, kept with everything that it rests on: where all of that is as it was, nothing is loaded at all.

use crate::evidence::{Collected, Witnessed};
use crate::index::{Index, checked, key, with_sum};
use crate::packed_packages::{Body, pack, unpack};
use crate::{Options, Packages};
use buildlist::{BuildList, Evidence};
use goheader::Tags;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What is larger would not be read again.
const MAX_ANSWER: usize = 15 << 20;

/// For what it is an answer.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    key: &'a str,
    asked: &'a str,
}

/// The answer of an earlier run. See [`Answer::open`].
#[derive(Debug)]
pub struct Answer {
    key: String,
    bytes: Vec<u8>,
}

impl Answer {
    /// Opens what [`Index::close`] gave; it is not looked at yet.
    pub fn open(bytes: Vec<u8>, goroot: &Path, version: &str, tags: &Tags) -> Self {
        Self { key: key(goroot, version, tags), bytes }
    }

    /// The modules and packages, if the same is asked, and all that was looked at is as it was. `None` is no error: the
    /// answer is damaged, of another question, or old.
    pub fn get(
        self,
        dir: &Path,
        modules: &buildlist::Options,
        patterns: &dyn Fn(&BuildList) -> Vec<String>,
        options: &Options,
    ) -> Option<(BuildList, Packages)> {
        // Stand-ins are of one run only.
        if !modules.overlay.is_empty() || !options.overlay.is_empty() {
            return None;
        }
        let rest = checked(&self.bytes)?;
        let (head, rest) = postcard::take_from_bytes::<Head<'_>>(rest).ok()?;
        if head.key != self.key || head.asked != asked(dir, modules, options) {
            return None;
        }
        let (evidence, rest) = postcard::take_from_bytes::<Vec<Witnessed<'_>>>(rest).ok()?;
        let (list, rest) = postcard::take_from_bytes::<BuildList>(rest).ok()?;
        let (meant, rest) = postcard::take_from_bytes::<Vec<String>>(rest).ok()?;
        if meant != patterns(&list) {
            return None;
        }
        // What is worked on stands last, and changes most.
        let threads = options.threads();
        if !evidence.iter().rev().all(|part| part.still_holds(threads)) {
            return None;
        }
        let start = self.bytes.len().saturating_sub(rest.len());
        drop(evidence);
        Some((list, unpack(self.bytes, start)?))
    }
}

/// All that an answer depends on beside the disk, the patterns and what [`key`] has.
fn asked(dir: &Path, modules: &buildlist::Options, options: &Options) -> String {
    let Options { gomodcache, cwd, tests, spares_tests, profile, .. } = options;
    let modules = crate::lazily::asked(dir, modules);
    format!("{modules} {gomodcache:?} {cwd:?} {tests} {spares_tests} {profile:?}")
}

/// Keeps an answer, if it may be.
pub(crate) fn keep(
    index: &Index,
    dir: &Path,
    modules: &buildlist::Options,
    options: &Options,
    evidence: &Evidence,
    (list, patterns, packages): &(&BuildList, Vec<String>, &Packages),
) -> Option<()> {
    if index.size() > MAX_ANSWER / 2 {
        return None;
    }
    let mut looked = Collected::of(index, evidence, index.ahead())?;
    let Options { goroot, gomodcache, .. } = options;
    let src = goroot.join("src");
    let is_of_std = || packages.iter().any(|(_, package)| package.is_match && package.standard);
    if options.spares_tests && !is_of_std() {
        looked.forget_tests(&src);
    }
    looked.forget_inside_modules(gomodcache, index.ahead());
    let downloads = gomodcache.join("cache/download");
    let evidence = looked.parted(&[&src, goroot, &downloads, gomodcache])?;
    let head = Head { key: &index.key, asked: &asked(dir, modules, options) };
    let mut bytes = postcard::to_stdvec(&head).ok()?;
    bytes = postcard::to_extend(&evidence, bytes).ok()?;
    bytes = postcard::to_extend(list, bytes).ok()?;
    bytes = postcard::to_extend(patterns, bytes).ok()?;
    bytes = pack(packages, |body: &Body<'_>| postcard::to_extend(body, bytes).ok())?;
    if bytes.len() < MAX_ANSWER {
        index.put_answer(with_sum(&bytes));
    }
    Some(())
}
