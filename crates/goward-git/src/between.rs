//! The commits between two revisions: what they write, and what was there before.

use crate::repo::{GitError, Repo};
use goward_system::Ended;
use std::collections::HashSet;

/// Objects that are read in one answer: with 1 MiB each it is kept whole.
const AT_ONCE: usize = 256;

/// Commits that others were made from: a merge has some.
const MOST_KNOWN: usize = 20;

/// A file that a commit adds or changes: commit, path, object.
pub type Written = (String, String, String);

/// Which commits others have already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Published {
    /// Nobody asks: what was there before is the base.
    Base,
    /// Those of every remote.
    AnyRemote,
    /// Those of one remote.
    Remote(String),
}

impl Published {
    /// For `git rev-list`.
    pub(crate) fn args(&self) -> Vec<String> {
        let remotes = match self {
            Self::Base => return vec![],
            Self::AnyRemote => "--remotes".to_owned(),
            Self::Remote(name) => format!("--remotes={name}"),
        };
        vec!["--not".to_owned(), remotes]
    }
}

/// The commits between two revisions.
#[derive(Debug, Clone, Default)]
pub struct Between {
    /// What they write.
    pub files: Vec<Written>,
    /// The commits that they were made from: known before.
    pub known: Vec<String>,
    /// Whether there are more commits than were looked at.
    pub is_more: bool,
    /// Whether a shallow clone cuts them off: nobody knows what came before.
    pub is_cut_off: bool,
}

impl Repo<'_> {
    /// The files that each commit since a revision adds or changes; of a merge what none of its parents has so. Of the
    /// last `most` commits, without those that are published.
    ///
    /// # Errors
    /// What git says.
    pub fn written_since(
        &self,
        base: &str,
        local: &str,
        most: usize,
        published: &Published,
    ) -> Result<Between, GitError> {
        let count = format!("--max-count={}", most.saturating_add(1));
        let mut args = vec!["rev-list", "--boundary", &count, local];
        let without = format!("^{base}");
        // The empty tree is no commit: then all of the history is new.
        if self.commit_of(base)?.is_some() {
            args.push(&without);
        }
        let published = published.args();
        args.extend(published.iter().map(String::as_str));
        args.push("--");
        // A push sends the true history, whatever `git replace` shows.
        let command = self.command(&args).env("GIT_NO_REPLACE_OBJECTS", "1");
        let commits = self.system.run(&command)?.success(&command)?;
        let (known, commits): (Vec<&str>, Vec<&str>) =
            commits.lines().partition(|line| line.starts_with('-'));
        let known = known.into_iter().take(MOST_KNOWN).map(|line| line[1..].to_owned()).collect();
        let is_more = commits.len() > most;
        let ends = self.shallow_ends();
        let is_cut_off = commits.iter().any(|commit| ends.contains(*commit));
        let commits: String = commits.into_iter().take(most).flat_map(|one| [one, "\n"]).collect();
        let args = [
            "diff-tree",
            "--stdin",
            "-r",
            "-c",
            "--raw",
            "--root",
            "--no-renames",
            "--no-abbrev",
            "-z",
        ];
        let command = self.command(&args).env("GIT_NO_REPLACE_OBJECTS", "1");
        let command = command.input(commits.into_bytes());
        let output = self.system.run(&command)?;
        let is_cut = output.stdout.left_out() > 0;
        let files = written(&output.success(&command)?);
        Ok(Between { files, known, is_more: is_more || is_cut, is_cut_off })
    }

    /// The commits that a merge brings, which is not committed yet: git names them in a file, and before it is written to
    /// its hooks in variables `GITHEAD_<commit>` (builtin/merge.c).
    #[expect(clippy::disallowed_methods, reason = "a file of git's own")]
    pub fn merged(&self) -> Vec<String> {
        let file = std::fs::read_to_string(self.git_dir.join("MERGE_HEAD")).unwrap_or_default();
        let told = self.system.envs().unwrap_or_default().into_iter();
        let told = told.filter_map(|(name, _)| name.strip_prefix("GITHEAD_").map(str::to_owned));
        let all = file.lines().map(str::to_owned).chain(told);
        let is_commit = |name: &String| {
            matches!(name.len(), 40 | 64) && name.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        all.filter(is_commit).collect()
    }

    /// The commits whose parents a shallow clone lacks (gitrepository-layout: `shallow`, a line each).
    #[expect(clippy::disallowed_methods, reason = "a file of git's own")]
    fn shallow_ends(&self) -> HashSet<String> {
        let file = std::fs::read_to_string(self.common_dir.join("shallow")).unwrap_or_default();
        file.lines().map(str::to_owned).collect()
    }

    /// Which commits the other side of a push has, by the name that git gives a pre-push hook: those of the remote, where
    /// something is known of it; a URL, and a remote nobody fetched from, may have what any other has.
    ///
    /// # Errors
    /// What git says.
    pub fn published(&self, remote: Option<&str>) -> Result<Published, GitError> {
        let is_name = |name: &&str| {
            !name.is_empty() && !name.starts_with('-') && !name.contains(['*', '?', '[', '\\'])
        };
        let Some(name) = remote.filter(is_name) else { return Ok(Published::AnyRemote) };
        Ok(match self.tracks(&format!("{name}/"))? {
            true => Published::Remote(name.to_owned()),
            false => Published::AnyRemote,
        })
    }

    /// Whether anything is known of what some remote has.
    ///
    /// # Errors
    /// What git says.
    pub fn knows_a_remote(&self) -> Result<bool, GitError> {
        self.tracks("")
    }

    fn tracks(&self, remote: &str) -> Result<bool, GitError> {
        let refs = format!("refs/remotes/{remote}");
        Ok(!self.ask(&["for-each-ref", "--count=1", &refs])?.trim().is_empty())
    }

    /// Those of the texts (a line each) that stand in some file of a revision.
    ///
    /// # Errors
    /// What git says.
    pub fn held(&self, revision: &str, texts: &[&str]) -> Result<HashSet<String>, GitError> {
        if texts.is_empty() {
            return Ok(HashSet::new());
        }
        // By standard input: what is looked for is secret.
        let args = ["grep", "--fixed-strings", "--text", "-h", "-o", "-f", "-", revision, "--"];
        let output = self.run(&self.command(&args).input(texts.join("\n").into_bytes()))?;
        match output.ended {
            Ended::Code(0 | 1) => Ok(output.stdout.text().lines().map(str::to_owned).collect()),
            _ => Err(GitError::Failed(output.stderr.text().trim().to_owned())),
        }
    }

    /// The content of objects, those over `most` bytes left out.
    ///
    /// # Errors
    /// What git says.
    pub fn contents(
        &self,
        objects: &[&str],
        most: u64,
    ) -> Result<Vec<(String, Vec<u8>)>, GitError> {
        let input = |objects: &[&str]| (objects.join("\n") + "\n").into_bytes();
        let check = self.command(&["cat-file", "--batch-check"]).input(input(objects));
        let sizes = self.system.run(&check)?.success(&check)?;
        let small = sizes.lines().filter_map(|line| {
            let mut words = line.split(' ');
            let (object, kind, size) =
                (words.next()?, words.next()?, words.next()?.parse::<u64>().ok()?);
            (kind == "blob" && size <= most).then_some(object)
        });
        let small: Vec<&str> = small.collect();
        let mut all = vec![];
        // So many at once that what is kept of the answer is enough.
        for some in small.chunks(AT_ONCE) {
            let command = self.command(&["cat-file", "--batch"]).input(input(some));
            let output = self.system.run(&command)?;
            let printed = output.stdout.bytes();
            let mut rest = printed.as_slice();
            while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                let (head, content) = rest.split_at(end);
                let head = String::from_utf8_lossy(head);
                let mut words = head.split(' ');
                let size = words.clone().nth(2).and_then(|size| size.parse::<usize>().ok());
                let (Some(object), Some(size)) = (words.next(), size) else { break };
                let content = content.get(1..).unwrap_or_default();
                let (content, after) = content.split_at_checked(size).unwrap_or((content, &[]));
                all.push((object.to_owned(), content.to_vec()));
                rest = after.get(1..).unwrap_or_default();
            }
        }
        Ok(all)
    }
}

/// What `git diff-tree --stdin --raw -z -c` says: a commit, then its files.
fn written(printed: &str) -> Vec<Written> {
    let (mut all, mut commit, mut object) = (vec![], String::new(), None::<String>);
    for word in printed.split('\0') {
        if let Some(object) = object.take() {
            // What goes has no object but zeros.
            if object.bytes().any(|byte| byte != b'0') {
                all.push((commit.clone(), word.to_owned(), object));
            }
        } else if word.starts_with(':') {
            // A colon for each parent; a mode for each parent and the result, as many objects, the status. A submodule
            // has no file.
            let head = word.trim_start_matches(':');
            let parents = word.len() - head.len();
            let mut fields = head.split(' ').skip(parents);
            let is_link = fields.next() == Some("160000");
            let new = fields.nth(parents).filter(|_| !is_link);
            object = Some(new.unwrap_or_default().to_owned());
        } else if !word.trim().is_empty() {
            commit = word.trim().chars().take(12).collect();
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn commits_and_merges_are_read_with_their_files() {
        let printed = "aaaaaaaaaaaaaaaa\n\0:000000 100644 000 b1 A\0new.go\0:100644 000000 b2 000 D\0gone.go\0\
                       :160000 160000 c1 c2 M\0sub\0cccccccccccccccc\n\0::100644 100644 100644 b3 b4 b5 MM\0both\0";
        let all = written(printed);
        let all: Vec<(&str, &str, &str)> =
            all.iter().map(|(commit, path, object)| (&**commit, &**path, &**object)).collect();
        assert_eq!(all, [("aaaaaaaaaaaa", "new.go", "b1"), ("cccccccccccc", "both", "b5")]);
    }
}
