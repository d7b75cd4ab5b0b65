//! What is staged, as an overlay over the worktree: only what differs stands in it, so that a commit is judged without
//! a stash, a worktree or a checkout of its own.
#![expect(
    clippy::disallowed_methods,
    reason = "stand-ins are written to a temporary folder, links are read"
)]

use crate::change::{Change, ChangeKind};
use crate::index::IndexEntry;
use crate::links::{self, Target};
use crate::repo::{GitError, Repo};
use overlay::Overlay;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// What the names of temporary folders begin with.
const PREFIX: &str = "goward-staged-";
/// A file that its run holds locked: stands in for files that are not written yet, and is empty.
const PENDING: &str = "pending";
/// A run takes its lock before its folder is so old.
const YOUNG: Duration = Duration::from_secs(2);
/// A folder without a file to lock is nobody's when it is so old: its run was killed before it made one.
const STALE: Duration = Duration::from_secs(60);
/// Files of an untracked repository within the worktree, and folders left behind, that are looked at.
const MAX_FILES: usize = 200_000;

/// What is done with files that git ignores: generated code, mostly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ignored {
    /// They are there: whoever builds the commit makes them, too.
    #[default]
    Keep,
    /// They are not there: whoever builds the commit has them not.
    Hide,
}

/// How the staged tree is made.
#[derive(Clone, Copy)]
pub struct StagedOptions<'o> {
    /// What is done with files that git ignores.
    pub ignored: Ignored,
    /// The revision that it is compared with; HEAD if there is none.
    pub before: Option<&'o str>,
    /// Which files are read by their content, and so written at once; the others are when [`Staged::write`] asks.
    pub wanted: &'o dyn Fn(&str) -> bool,
}

/// The staged tree.
#[derive(Debug)]
pub struct Staged {
    /// Where it differs from the worktree. Paths are absolute.
    pub overlay: Overlay,
    /// How it differs from HEAD, without submodules.
    pub changes: Vec<Change>,
    /// HEAD, or the empty tree.
    pub head: String,
    /// Submodules of which another commit is staged than HEAD has.
    pub submodules: Vec<String>,
    /// Submodules whose worktree is at another commit than is staged: they are judged as they are.
    pub moved_submodules: Vec<String>,
    /// Every file of the index that is no submodule.
    pub files: Vec<String>,
    top: PathBuf,
    dir: TempDir,
    /// Files that stand in, and are not written yet.
    pending: BTreeSet<String>,
    /// Tells other runs that this one lives; the kernel lets it go with the process.
    _lock: fs::File,
}

impl Staged {
    /// Reads what is staged. Nothing is written but a temporary folder, which goes with this value.
    ///
    /// # Errors
    /// [`GitError::Unmerged`], and what git or the disk says.
    pub fn read(repo: &Repo<'_>, options: &StagedOptions<'_>) -> Result<Self, GitError> {
        let hide_ignored = options.ignored == Ignored::Hide;
        let before = options.before;
        let (staged, unstaged, untracked, index, ignored) = std::thread::scope(|scope| {
            let staged = scope.spawn(|| {
                let head = match before {
                    Some(before) => before.to_owned(),
                    None => repo.head_or_empty()?,
                };
                Ok((repo.staged(&head)?, head))
            });
            let unstaged = scope.spawn(|| repo.unstaged());
            let untracked = scope.spawn(|| repo.untracked());
            let ignored = scope.spawn(|| if hide_ignored { repo.ignored() } else { Ok(vec![]) });
            let index = repo.index();
            (joined(staged), joined(unstaged), joined(untracked), index, joined(ignored))
        });
        let ((changes, head), unstaged, index) = (staged?, unstaged?, index?);
        remove_stale();
        let dir = folder().map_err(|err| failed(&err))?;
        let lock = lock(dir.path()).map_err(|err| failed(&err))?;
        let (submodules, changes): (Vec<_>, Vec<_>) =
            changes.into_iter().partition(Change::is_submodule);
        let mut all = Self {
            overlay: Overlay::default(),
            changes,
            submodules: submodules.into_iter().map(|change| change.path).collect(),
            head,
            moved_submodules: vec![],
            files: vec![],
            top: repo.top.clone(),
            dir,
            pending: BTreeSet::new(),
            _lock: lock,
        };
        for path in untracked?.into_iter().chain(ignored?) {
            all.hide(&path);
        }
        all.take(&unstaged, &index);
        let links: HashSet<&str> =
            index.iter().filter(|entry| entry.is_link()).map(|entry| entry.path.as_str()).collect();
        all.write(repo, |path| (options.wanted)(path) || links.contains(path))?;
        // What a link leads to is read under the link's name, whatever its own is.
        let top = repo.top.clone();
        let led: HashSet<PathBuf> =
            links.iter().flat_map(|link| links::follow(&all.overlay, &top.join(link)).0).collect();
        all.write(repo, |path| led.contains(&top.join(path)))?;
        all.follow_links(&index);
        Ok(all)
    }

    fn hide(&mut self, path: &str) {
        match path.strip_suffix('/') {
            // A repository of its own, of which git lists no files.
            Some(folder) => {
                for file in files_below(&self.top.join(folder)) {
                    self.overlay.hide(file);
                }
            }
            None => self.overlay.hide(self.top.join(path)),
        }
    }

    fn take(&mut self, unstaged: &[Change], index: &[IndexEntry]) {
        let modes: HashMap<&str, &IndexEntry> =
            index.iter().map(|entry| (entry.path.as_str(), entry)).collect();
        // Deleted in the index, and still on the disk; also where git ignores the file now.
        for change in &self.changes {
            let path = self.top.join(&change.path);
            // A folder that took the file's name holds files that are staged or not, each for itself.
            let is_folder = path.symlink_metadata().is_ok_and(|found| found.is_dir());
            let is_gone = change.kind == ChangeKind::Deleted && !is_folder;
            if is_gone && !modes.contains_key(change.path.as_str()) {
                self.overlay.hide(path);
            }
        }
        let mut intended = HashSet::new();
        let mut differs = vec![];
        for change in unstaged {
            if change.is_submodule() {
                self.moved_submodules.push(change.path.clone());
            } else if change.kind == ChangeKind::Added {
                // `git add --intent-to-add`: the commit will not have it.
                intended.insert(change.path.as_str());
                self.overlay.hide(self.top.join(&change.path));
            } else {
                differs.push(change.path.as_str());
            }
        }
        let unseen = index.iter().filter(|entry| entry.skip_worktree || entry.assume_unchanged);
        differs.extend(unseen.map(|entry| entry.path.as_str()));
        let stand_in = self.dir.path().join(PENDING);
        for path in differs {
            if modes.get(path).is_some_and(|entry| entry.mode != "160000") {
                self.overlay.replace(self.top.join(path), &stand_in);
                self.pending.insert(path.to_owned());
            }
        }
        let files = index.iter().filter(|entry| entry.mode != "160000");
        let files = files.filter(|entry| !intended.contains(entry.path.as_str()));
        self.files = files.map(|entry| entry.path.clone()).collect();
    }

    /// Writes the content of files that stand in; what is asked for again is written already.
    ///
    /// # Errors
    /// What git or the disk says.
    pub fn write(
        &mut self,
        repo: &Repo<'_>,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<(), GitError> {
        let (now, later) =
            std::mem::take(&mut self.pending).into_iter().partition(|path| wanted(path));
        let now: BTreeSet<String> = now;
        self.pending = later;
        let tree = self.tree();
        let paths: Vec<&str> = now.iter().map(String::as_str).collect();
        repo.checkout(&paths, &tree)?;
        for path in paths {
            self.overlay.replace(self.top.join(path), tree.join(path));
        }
        Ok(())
    }

    /// The same files as paths, so that a diagnostic that names a stand-in can be told of the file it stands for.
    pub fn original(&self, file: &Path) -> Option<PathBuf> {
        file.strip_prefix(self.tree()).ok().map(|path| self.top.join(path))
    }

    /// Where stand-ins are.
    pub fn tree(&self) -> PathBuf {
        self.dir.path().join("tree")
    }

    /// A file for whoever needs one beside the stand-ins.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A link is read as what it leads to in the staged tree.
    fn follow_links(&mut self, index: &[IndexEntry]) {
        for entry in index.iter().filter(|entry| entry.is_link()) {
            let path = self.top.join(&entry.path);
            let (places, target) = links::follow(&self.overlay, &path);
            // What changes where a link leads changes the link.
            let is_new = !self.changes.iter().any(|change| change.path == entry.path);
            let leads = |change: &Change| places.contains(&self.top.join(&change.path));
            if is_new && self.changes.iter().any(leads) {
                self.changes.push(Change::plain(ChangeKind::Modified, entry.path.clone()));
            }
            match target {
                Target::Same => {}
                Target::Other(file) => self.overlay.replace(path, file),
                // Go is to say that it cannot be read, as it would of a checkout.
                Target::Gone => self.overlay.replace(path, self.scratch("gone")),
            }
        }
    }
}

fn joined<T>(
    thread: std::thread::ScopedJoinHandle<'_, Result<T, GitError>>,
) -> Result<T, GitError> {
    thread
        .join()
        .unwrap_or_else(|_| Err(GitError::Failed("a thread that asked git ended".to_owned())))
}

/// A temporary folder: what is staged is nobody else's business.
fn folder() -> std::io::Result<TempDir> {
    let name = format!("{PREFIX}{}-", std::process::id());
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.prefix(&name).tempdir()
}

/// Holds a run's folder as long as the file is open.
fn lock(dir: &Path) -> std::io::Result<fs::File> {
    let file = fs::File::create(dir.join(PENDING))?;
    // A file system without locks: then only the age tells.
    if let Err(err) = file.try_lock()
        && matches!(err, fs::TryLockError::WouldBlock)
    {
        return Err(std::io::Error::other("somebody else has locked it"));
    }
    Ok(file)
}

fn failed(error: &std::io::Error) -> GitError {
    GitError::Failed(format!("the temporary folder: {error}"))
}

fn files_below(dir: &Path) -> Vec<PathBuf> {
    let (mut files, mut waiting) = (vec![], vec![dir.to_owned()]);
    while let Some(dir) = waiting.pop() {
        let Ok(entries) = fs::read_dir(&dir) else { continue };
        for entry in entries.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && entry.file_name() != ".git" => {
                    waiting.push(entry.path())
                }
                Ok(kind) if !kind.is_dir() => files.push(entry.path()),
                _ => {}
            }
            if files.len() >= MAX_FILES {
                return files;
            }
        }
    }
    files
}

/// Removes what killed runs left. That it cannot be removed is no error: it may be somebody else's.
fn remove_stale() {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.flatten().take(MAX_FILES) {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let made = entry.metadata().and_then(|found| found.modified());
        let age = made.ok().and_then(|made| SystemTime::now().duration_since(made).ok());
        let lock = fs::File::open(entry.path().join(PENDING));
        let is_left = match (age, lock) {
            (Some(age), Ok(file)) => age > YOUNG && file.try_lock().is_ok(),
            (Some(age), Err(_)) => age > STALE,
            (None, _) => false,
        };
        if is_left {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
