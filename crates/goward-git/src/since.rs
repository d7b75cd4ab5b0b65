//! What is new: since a revision in the worktree, and in a commit for the other side of a push.

use crate::between::Published;
use crate::change::{Change, ChangeKind};
use crate::index::IndexEntry;
use crate::links;
use crate::repo::{GitError, Repo, refuse_unmerged, with_folders};
use goward_system::Ended;
use overlay::Overlay;
use std::collections::HashSet;

impl Repo<'_> {
    /// How the worktree, with what is untracked, differs from where this branch left a revision.
    ///
    /// # Errors
    /// [`GitError::UnknownRevision`], and what git says.
    pub fn since(&self, revision: &str) -> Result<(String, Vec<Change>), GitError> {
        let unknown = || GitError::UnknownRevision(revision.to_owned());
        let base = match (revision, self.commit_of(revision)?) {
            ("HEAD", Some(commit)) => commit,
            // Before the first commit all is new.
            ("HEAD", None) => self.empty_tree()?,
            (_, commit) => self.merge_base(commit.ok_or_else(unknown)?)?,
        };
        // Each walks the worktree, or reads the whole index.
        let (diff, untracked, links) = std::thread::scope(|scope| {
            let untracked = scope.spawn(|| self.untracked());
            let links = scope.spawn(|| self.links());
            let lost = |_| Err(GitError::Failed("a thread that asked git ended".to_owned()));
            let diff = self.diff(&[&base, "--"]);
            (diff, untracked.join().unwrap_or_else(lost), links.join().unwrap_or_else(lost))
        });
        let mut changes = refuse_unmerged(diff?)?;
        for change in &mut changes {
            // Git hashes no file of the worktree for a diff.
            if change.is_file()
                && change.old_mode != change.new_mode
                && self.top.join(&change.path).is_file()
            {
                change.new = self.ask(&["hash-object", "--", &change.path])?.trim().to_owned();
            }
        }
        let known: HashSet<String> = changes.iter().map(|change| change.path.clone()).collect();
        let untracked = untracked?.into_iter().filter(|path| !known.contains(path));
        changes.extend(untracked.map(|path| Change::plain(ChangeKind::Added, path)));
        let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
        let links = self.leading_to(links?, &paths);
        changes.extend(links.into_iter().map(|path| Change::plain(ChangeKind::Modified, path)));
        Ok((base, changes))
    }

    /// Links that lead to one of the paths, and are none of them: what changes where a link leads changes the link.
    ///
    /// # Errors
    /// What git says.
    pub fn links_to(&self, paths: &[&str]) -> Result<Vec<String>, GitError> {
        Ok(self.leading_to(self.links()?, paths))
    }

    /// Where this branch left a commit; the commit itself for histories that never met, or in a clone that does not
    /// reach back so far.
    fn merge_base(&self, commit: String) -> Result<String, GitError> {
        let base = self.run(&self.command(&["merge-base", &commit, "HEAD"]))?;
        Ok(match base.ended {
            Ended::Code(0) => base.stdout.text().trim().to_owned(),
            _ => commit,
        })
    }

    /// The links that the index has.
    fn links(&self) -> Result<Vec<String>, GitError> {
        let links = self.index()?.into_iter().filter(IndexEntry::is_link);
        Ok(links.map(|entry| entry.path).collect())
    }

    fn leading_to(&self, links: Vec<String>, paths: &[&str]) -> Vec<String> {
        let places = with_folders(&self.top, paths.iter().copied());
        let leads = |link: &str| {
            let way = links::follow(&Overlay::default(), &self.top, &self.top.join(link)).0;
            !paths.contains(&link) && way.iter().any(|place| places.contains(place))
        };
        links.into_iter().filter(|path| leads(path)).collect()
    }

    /// What the other side has of a commit that is pushed: the commit that it names, else where the history meets one
    /// that is published, else the empty tree.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn known_base(
        &self,
        local: &str,
        remote: &str,
        published: &Published,
    ) -> Result<String, GitError> {
        if let Some(commit) = self.commit_of(remote)? {
            return Ok(commit);
        }
        let published = published.args();
        let mut args = vec!["rev-list", "--topo-order", local];
        args.extend(published.iter().map(String::as_str));
        let new = self.ask(&args)?;
        match new.lines().last() {
            // All of it is known.
            None => Ok(local.to_owned()),
            Some(oldest) => match self.commit_of(&format!("{oldest}^"))? {
                Some(parent) => Ok(parent),
                None => self.empty_tree(),
            },
        }
    }
}
