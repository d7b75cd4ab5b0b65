//! A repository with a worktree, and how git is asked.

use crate::change::{self, Change, ChangeKind};
use crate::index::{self, IndexEntry};
use goward_system::{Command, Ended, Output, System, SystemError};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Listings of a repository with a million files.
const KEEP: usize = 512 << 20;
/// A cold disk and a filter that downloads.
const LIMIT: Duration = Duration::from_secs(120);

/// The exit status by which git refuses options (usage.c).
const USAGE: i32 = 129;

/// What git tells its hooks of a repository (`git rev-parse --local-env-vars`).
pub const TOLD: [&str; 8] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_WORK_TREE",
];

/// Why git has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// There is no program of this name.
    #[error("git is not installed, or not on PATH")]
    Absent,
    /// Not within a worktree; with git's own words.
    #[error("{0}")]
    NoWorktree(String),
    /// Git does not know a revision.
    #[error(
        "git knows no revision {0}; name a commit, a branch or a tag (in CI: fetch its history, too)"
    )]
    UnknownRevision(String),
    /// Files are in conflict.
    #[error("{} in conflict: resolve it and `git add` it", files(.0))]
    Unmerged(Vec<String>),
    /// Files could not be written in time: a filter that is slow, or downloads.
    #[error("git did not write the staged files in time: a filter is slow, or downloads")]
    TimedOut,
    /// A partial clone lacks what is needed, and its remote does not give it.
    #[error("this clone does not have all that is needed, and its remote does not answer: {0}")]
    NotHere(String),
    /// Git does not know what it is asked; with its version.
    #[error("{0} is too old: goward asks what git knows since 2.17 (2018): update git")]
    TooOld(String),
    /// What git said, or what kept it from saying anything.
    #[error("{0}")]
    Failed(String),
    /// The user interrupted the run.
    #[error("interrupted")]
    Interrupted,
}

fn files(paths: &[String]) -> String {
    match paths {
        [one] => format!("{one} is"),
        [one, rest @ ..] => format!("{one} and {} more are", rest.len()),
        [] => "a file is".to_owned(),
    }
}

impl From<SystemError> for GitError {
    fn from(error: SystemError) -> Self {
        match error {
            SystemError::Cancelled => Self::Interrupted,
            error => Self::Failed(error.to_string()),
        }
    }
}

/// A repository with a worktree.
#[derive(Clone)]
pub struct Repo<'s> {
    pub(crate) system: &'s dyn System,
    /// The top of the worktree.
    pub top: PathBuf,
    /// The folder of this worktree's own state: index, HEAD.
    pub git_dir: PathBuf,
    /// The folder that worktrees share: objects, branches.
    pub common_dir: PathBuf,
    /// The index, where it is not the worktree's own.
    pub(crate) index: Option<PathBuf>,
    /// How long files may be written.
    pub(crate) limit: Duration,
    /// Whether it is a submodule's, of which what git tells hooks of the repository around it says nothing.
    pub(crate) is_submodule: bool,
    /// Where hooks are: `core.hooksPath`, or `hooks` in the shared folder.
    pub hooks: PathBuf,
}

impl<'s> Repo<'s> {
    /// The repository that the system's root lies in.
    ///
    /// # Errors
    /// [`GitError::Absent`], [`GitError::NoWorktree`].
    pub fn find(system: &'s dyn System) -> Result<Self, GitError> {
        let args = [
            "rev-parse",
            "--show-toplevel",
            "--absolute-git-dir",
            "--git-common-dir",
            "--git-path",
            "hooks",
        ];
        let command = Command::new("git", args);
        let output = match system.run(&command) {
            Err(SystemError::NotFound(what)) if what.starts_with("the program") => {
                return Err(GitError::Absent);
            }
            other => other?,
        };
        let said = output.stderr.text();
        let Ok(printed) = output.success(&command) else {
            // Of a repository of somebody else git says in several lines what to do.
            let said: Vec<&str> = said.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
            let said = said.join(" ");
            return Err(GitError::NoWorktree(said.trim_start_matches("fatal: ").to_owned()));
        };
        // Paths that are not absolute are relative to where git ran.
        let here = system.on_disk(".")?;
        let here = std::path::absolute(here).map_err(|err| GitError::Failed(err.to_string()))?;
        if printed.lines().count() > 4 {
            let why =
                "the repository's path has a line break, and git prints paths in lines: move it";
            return Err(GitError::Failed(why.to_owned()));
        }
        let mut lines = printed.lines().map(|line| here.join(line));
        let mut next = || {
            // Before 2.19 git says nothing of the work tree that a bare repository has not.
            let none = "this is no work tree (a bare repository?): name a folder of a checkout";
            lines.next().ok_or_else(|| GitError::NoWorktree(none.to_owned()))
        };
        let (top, git_dir, common_dir, hooks) = (next()?, next()?, next()?, next()?);
        // Before 2.13 git repeats what it does not know.
        if git_dir.ends_with("--absolute-git-dir") {
            let said = system.run(&Command::new("git", ["--version"]))?.stdout.text();
            return Err(GitError::TooOld(said.trim().to_owned()));
        }
        Ok(Self {
            system,
            top,
            git_dir,
            common_dir,
            index: None,
            limit: LIMIT,
            is_submodule: false,
            hooks,
        })
    }

    /// The same, and files are written within a time.
    #[must_use]
    pub fn within(mut self, limit: Duration) -> Self {
        self.limit = limit.min(LIMIT);
        self
    }

    /// A command that runs at the top, takes no optional lock, and prints paths as they are.
    pub fn command(&self, args: &[&str]) -> Command {
        // What a user has set for reading diffs is not for programs.
        let fixed = [
            "--no-optional-locks",
            "-c",
            "core.quotePath=false",
            "-c",
            "diff.noprefix=false",
            "-c",
            "diff.orderFile=/dev/null",
            // `git diff` writes new stamps into the index, whatever is said of locks.
            "-c",
            "diff.autoRefreshIndex=false",
        ];
        let command = Command::new("git", fixed.iter().chain(args).copied());
        let mut command = command.dir(&self.top.to_string_lossy()).limit(LIMIT).keep(KEEP);
        for name in TOLD.iter().filter(|_| self.is_submodule) {
            command = command.without(name);
        }
        match &self.index {
            Some(index) => command.env("GIT_INDEX_FILE", &index.to_string_lossy()),
            None => command,
        }
    }

    /// Runs a command to its end, whatever that is.
    ///
    /// # Errors
    /// It could not be run.
    pub fn run(&self, command: &Command) -> Result<Output, GitError> {
        Ok(self.system.run(command)?)
    }

    /// What a command prints.
    ///
    /// # Errors
    /// It fails.
    pub fn ask(&self, args: &[&str]) -> Result<String, GitError> {
        let command = self.command(args);
        let output = self.system.run(&command)?;
        match output.ended {
            Ended::Code(USAGE) => Err(self.does_not_know(&output)),
            _ => Ok(output.success(&command)?),
        }
    }

    /// Git refuses an option: it is older than the option.
    fn does_not_know(&self, output: &Output) -> GitError {
        let version = Command::new("git", ["--version"]);
        match self.system.run(&version).map_err(GitError::from) {
            Ok(said) if output.stderr.text().contains("nknown option") => {
                GitError::TooOld(said.stdout.text().trim().to_owned())
            }
            Ok(_) => GitError::Failed(output.stderr.text().trim().to_owned()),
            Err(err) => err,
        }
    }

    /// The commit of a revision; `None` where there is none.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn commit_of(&self, revision: &str) -> Result<Option<String>, GitError> {
        // An option, for git; no name of a revision begins so (git-check-ref-format).
        if revision.starts_with('-') {
            return Ok(None);
        }
        let name = format!("{revision}^{{commit}}");
        let output = self.run(&self.command(&["rev-parse", "--verify", "--quiet", &name]))?;
        match output.ended {
            Ended::Code(0) => Ok(Some(output.stdout.text().trim().to_owned())),
            Ended::Code(_) => Ok(None),
            _ => Err(GitError::Failed("`git rev-parse` did not end".to_owned())),
        }
    }

    /// Whether the index has a file.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn tracks_file(&self, file: &Path) -> Result<bool, GitError> {
        let Ok(path) = file.strip_prefix(&self.top) else { return Ok(false) };
        let args = ["ls-files", "-z", "--", &path.to_string_lossy()];
        Ok(!self.ask(&args)?.is_empty())
    }

    /// Whether only a part of the files is checked out.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn is_sparse(&self) -> Result<bool, GitError> {
        let command = self.command(&["config", "--type=bool", "--get", "core.sparseCheckout"]);
        Ok(self.run(&command)?.stdout.text().trim() == "true")
    }

    /// The tree before anything was committed.
    pub(crate) fn empty_tree(&self) -> Result<String, GitError> {
        let printed = self.ask(&["hash-object", "-t", "tree", "/dev/null"])?;
        Ok(printed.trim().to_owned())
    }

    /// HEAD, or the empty tree before the first commit.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn head_or_empty(&self) -> Result<String, GitError> {
        match self.commit_of("HEAD")? {
            Some(commit) => Ok(commit),
            None => self.empty_tree(),
        }
    }

    /// What is staged: how the index differs from HEAD.
    ///
    /// # Errors
    /// [`GitError::Unmerged`], and what git says.
    pub fn staged(&self, head: &str) -> Result<Vec<Change>, GitError> {
        let args = [
            "diff-index",
            "--cached",
            "--raw",
            "-z",
            "--no-renames",
            "--no-abbrev",
            // As since 2.19.
            "--ita-invisible-in-index",
            // Whatever .gitmodules says: another commit is another content.
            "--ignore-submodules=none",
            head,
            "--",
        ];
        let changes = change::parse(&self.ask(&args)?);
        refuse_unmerged(changes)
    }

    /// How the worktree differs from the index.
    ///
    /// # Errors
    /// What git says.
    pub fn unstaged(&self) -> Result<Vec<Change>, GitError> {
        refuse_unmerged(self.diff(&["--ita-invisible-in-index"])?)
    }

    /// What `git diff` says of the worktree, with the further arguments.
    pub(crate) fn diff(&self, more: &[&str]) -> Result<Vec<Change>, GitError> {
        let args = [
            "diff",
            "--raw",
            "-z",
            "--no-renames",
            "--no-ext-diff",
            "--no-abbrev",
            // What is not committed in a submodule, the commit has not.
            "--ignore-submodules=none",
        ];
        Ok(change::parse(&self.ask(&[&args, more].concat())?))
    }

    /// The paths that a `.gitmodules` names: that of a revision, or of the index where it is empty; none where there is none.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn named_submodules(&self, revision: &str) -> Result<HashSet<String>, GitError> {
        let blob = format!("--blob={revision}:.gitmodules");
        let args = ["config", "-z", &blob, "--get-regexp", r"^submodule\..*\.path$"];
        // Where there is no such file git fails.
        let named = self.run(&self.command(&args))?.stdout.text();
        let values = named.split('\0').filter_map(|one| Some(one.split_once('\n')?.1.to_owned()));
        Ok(values.collect())
    }

    /// Files that git neither knows nor ignores.
    ///
    /// # Errors
    /// What git says.
    pub fn untracked(&self) -> Result<Vec<String>, GitError> {
        let printed = self.ask(&["ls-files", "-z", "--others", "--exclude-standard"])?;
        Ok(index::names(&printed))
    }

    /// Files that git ignores.
    ///
    /// # Errors
    /// What git says.
    pub fn ignored(&self) -> Result<Vec<String>, GitError> {
        let args = ["ls-files", "-z", "--others", "--ignored", "--exclude-standard"];
        Ok(index::names(&self.ask(&args)?))
    }

    /// What the index holds.
    ///
    /// # Errors
    /// What git says.
    pub fn index(&self) -> Result<Vec<IndexEntry>, GitError> {
        Ok(index::parse(&self.ask(&["ls-files", "-z", "--stage", "-v"])?))
    }

    /// The tree that a commit of the index would have. Git writes its objects into a scratch folder, and the index
    /// stays as it is.
    ///
    /// # Errors
    /// What git or the disk says.
    pub fn staged_tree(&self, scratch: &Path) -> Result<String, GitError> {
        let index = self.copy_index(scratch)?;
        let objects = scratch.join("objects");
        std::fs::create_dir_all(&objects).map_err(|err| GitError::Failed(err.to_string()))?;
        let command = self
            .command(&["write-tree"])
            .env("GIT_INDEX_FILE", &index.to_string_lossy())
            .env("GIT_OBJECT_DIRECTORY", &objects.to_string_lossy())
            .env(
                "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                &self.common_dir.join("objects").to_string_lossy(),
            );
        Ok(self.system.run(&command)?.success(&command)?.trim().to_owned())
    }

    /// The same repository with an index that holds a commit: what is staged there is the commit.
    ///
    /// # Errors
    /// What git or the disk says.
    pub fn at_commit(&self, commit: &str, scratch: &Path) -> Result<Self, GitError> {
        // What is the same as in the worktree's index need not be read again.
        let index = self.copy_index(scratch)?;
        let other = Self { index: Some(index), ..self.clone() };
        let merged = other.run(&other.command(&["read-tree", "-m", commit]))?;
        if merged.ended != Ended::Code(0) {
            other.ask(&["read-tree", commit])?;
        }
        Ok(other)
    }

    fn copy_index(&self, scratch: &Path) -> Result<PathBuf, GitError> {
        let index = self.ask(&["rev-parse", "--git-path", "index"])?;
        let index = self.top.join(index.trim_end_matches('\n'));
        let copy = scratch.join("index");
        match std::fs::copy(&index, &copy) {
            Err(err) if err.kind() != std::io::ErrorKind::NotFound => {
                Err(GitError::Failed(format!("{}: {err}", index.display())))
            }
            _ => Ok(copy),
        }
    }

    /// A file as a revision has it; `None` where it has none. An empty revision is the index.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn show(&self, revision: &str, path: &str) -> Result<Option<String>, GitError> {
        let name = format!("{revision}:{path}");
        let output = self.run(&self.command(&["cat-file", "blob", &name]))?;
        match output.ended {
            Ended::Code(0) => Ok(Some(output.stdout.text())),
            Ended::Code(_) => Ok(None),
            _ => Err(GitError::Failed(format!("`git cat-file blob {name}` did not end"))),
        }
    }

    /// Writes staged files below a folder, as a checkout would: with filters, large files, line ends.
    ///
    /// # Errors
    /// What git says.
    pub(crate) fn checkout(&self, paths: &[&str], below: &Path) -> Result<(), GitError> {
        if paths.is_empty() {
            return Ok(());
        }
        let prefix = format!("--prefix={}/", below.display());
        let mut input = paths.join("\0").into_bytes();
        input.push(0);
        let ask = |sparse: &[&str]| -> Result<(Command, Output), GitError> {
            let args = ["checkout-index", "-z", "--stdin", "--force", &prefix];
            let command = self.command(&[&args[..], sparse].concat()).input(input.clone());
            let command = command.limit(self.limit);
            Ok((command.clone(), self.system.run(&command)?))
        };
        let (command, output) = match ask(&["--ignore-skip-worktree-bits"])? {
            // Before 2.36 git has no such option, and does what it says.
            (_, output) if output.ended == Ended::Code(USAGE) => ask(&[])?,
            done => done,
        };
        if output.ended == Ended::TimedOut {
            return Err(GitError::TimedOut);
        }
        let said = output.stderr.text();
        if let Some(line) = said.lines().find(|line| line.contains("from promisor remote")) {
            return Err(GitError::NotHere(line.trim_start_matches("fatal: ").to_owned()));
        }
        output.success(&command)?;
        Ok(())
    }
}

/// Files, and the folders of the worktree in which they lie: a link may lead to one of these.
pub(crate) fn with_folders<'p>(
    top: &Path,
    paths: impl Iterator<Item = &'p str>,
) -> HashSet<PathBuf> {
    let mut all = HashSet::new();
    for path in paths {
        for place in top.join(path).ancestors().take_while(|place| *place != top) {
            if !all.insert(place.to_owned()) {
                break;
            }
        }
    }
    all
}

pub(crate) fn refuse_unmerged(changes: Vec<Change>) -> Result<Vec<Change>, GitError> {
    let unmerged = changes.iter().filter(|change| change.kind == ChangeKind::Unmerged);
    let mut unmerged: Vec<String> = unmerged.map(|change| change.path.clone()).collect();
    unmerged.dedup();
    if unmerged.is_empty() { Ok(changes) } else { Err(GitError::Unmerged(unmerged)) }
}
