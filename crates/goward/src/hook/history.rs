//! Secrets in the commits between: what one commit adds and the next takes away is pushed all the same.

use super::allows::Allows;
use super::outcome;
use super::secrets;
use super::subject::Range;
use goward_git::{GitError, Repo};
use goward_model::{Finding, Findings, Outcome, Text};
use std::collections::{BTreeMap, HashSet};

/// A larger file is data.
const LARGEST: u64 = 1 << 20;
/// Commits that are looked at: a branch has fewer, and a first push of a whole history is none.
const COMMITS: usize = 20_000;
/// Files of them.
const FILES: usize = 200_000;

/// What the commits between write.
pub(super) struct Written {
    local: String,
    /// Revisions that others have: what is in one of them is no secret of these commits.
    known: Vec<String>,
    /// Commit, path, object.
    files: Vec<goward_git::Written>,
    paths: HashSet<String>,
    is_more: bool,
    /// A shallow clone: nobody knows what else there is.
    lacks: bool,
}

impl Written {
    /// Whether the commits write a file; where not all of them were looked at, they may.
    pub(super) fn is_theirs(&self, path: &str) -> bool {
        self.is_more || self.lacks || self.paths.contains(path)
    }

    /// Those of the texts that somebody has already.
    pub(super) fn known(
        &self,
        repo: &Repo<'_>,
        texts: &[&str],
    ) -> Result<HashSet<String>, GitError> {
        let mut known = HashSet::new();
        for revision in &self.known {
            known.extend(repo.held(revision, texts)?);
        }
        Ok(known)
    }
}

/// Asks git.
pub(super) fn written(repo: &Repo<'_>, range: &Range) -> Result<Written, GitError> {
    let (base, local) = (range.base.clone(), range.local.clone());
    let between = repo.written_since(&base, &local, COMMITS, &range.published)?;
    let (files, mut known) = (between.files, between.known);
    known.push(base);
    let paths = files.iter().map(|(_, path, _)| path.clone()).collect();
    Ok(Written { local, known, files, paths, is_more: between.is_more, lacks: between.is_cut_off })
}

/// What they hold that nobody had before.
pub(super) fn judge(
    repo: &Repo<'_>,
    written: &Written,
    allows: &Allows<'_>,
) -> anyhow::Result<Outcome> {
    let mut findings = Findings::default();
    if written.lacks {
        findings.unknown(Text::new(
            "the history between is not here (a shallow clone): `git fetch --unshallow`, or fetch-depth: 0",
            "中间的历史不在此处（浅克隆）：请 `git fetch --unshallow`，或设置 fetch-depth: 0",
        ));
    }
    if written.is_more || written.files.len() > FILES {
        findings.note(Text::new(
            format!("the last {COMMITS} commits were looked at, and {FILES} files of them at most"),
            format!("仅检查了最后 {COMMITS} 个提交，其中至多 {FILES} 个文件"),
        ));
    }
    let mut places: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for (commit, path, object) in written.files.iter().take(FILES) {
        places.entry(object).or_insert((commit, path));
    }
    let objects: Vec<&str> = places.keys().copied().collect();
    let mut all = vec![];
    for (object, content) in repo.contents(&objects, LARGEST)? {
        let Some((commit, path)) = places.get(object.as_str()) else { continue };
        let found = secrets::found(&String::from_utf8_lossy(&content));
        if !found.is_empty() && !allows.allow(path)? {
            all.extend(found.into_iter().map(|secret| (*commit, *path, secret)));
        }
    }
    // What was there before is not new; what is there at the end is told of the file itself.
    let texts: Vec<&str> = all.iter().map(|(.., secret)| secret.text.as_str()).collect();
    let mut known = written.known(repo, &texts)?;
    known.extend(repo.held(&written.local, &texts)?);
    for (commit, path, secret) in &all {
        if known.insert(secret.text.clone()) {
            findings.report(finding(commit, path, secret));
        }
    }
    let title = Text::new("no commit between holds a secret", "中间的提交没有密钥");
    Ok(outcome::of("secret-history", title, findings))
}

fn finding(commit: &str, path: &str, secret: &secrets::Secret) -> Finding {
    let kind = secret.kind();
    let message = Text::new(
        format!("{} in commit {commit}, and stays in the history that is pushed", kind.en),
        format!("提交 {commit} 中有{}，并会留在推送的历史中", kind.zh),
    );
    let help = Text::new(
        "take it out of that commit (`git rebase -i`), not only of the last; if it was pushed before, revoke it",
        "从该提交中移除（`git rebase -i`），而非仅从最后一个提交；若曾推送过，必须吊销",
    );
    let place = secrets::finding(path, secret).location;
    Finding::at(place, format!("{commit} {path}"), message, help)
}
