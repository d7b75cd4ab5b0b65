//! What is staged, as an overlay over the worktree: only what differs stands in it, so that a commit is judged without
//! a stash, a worktree or a checkout of its own.
#![expect(clippy::disallowed_methods, reason = "links and folders of the worktree are read")]

use crate::change::{Change, ChangeKind};
use crate::index::IndexEntry;
use crate::links::{self, Target};
use crate::repo::{GitError, Repo, with_folders};
use crate::scratch::Scratch;
use overlay::Overlay;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

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
    /// Which of these also where a sparse checkout leaves them out: git may have to fetch each of them.
    pub unseen: &'o dyn Fn(&str) -> bool,
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
    /// The files that these commits change, as paths of this repository; as far as they are here.
    pub submodule_files: Vec<String>,
    /// Submodules whose staged commit is not on this machine: they are as their worktree is.
    pub moved_submodules: Vec<String>,
    /// Submodules whose worktree is otherwise than is staged: they are taken as they are staged.
    pub staged_submodules: Vec<String>,
    /// Every file of the index that is no submodule.
    pub files: Vec<String>,
    /// Every submodule of the index.
    pub gitlinks: Vec<String>,
    /// Those of them that `.gitmodules` does not name: empty folders, for everybody else.
    pub unnamed: Vec<String>,
    top: PathBuf,
    dir: Scratch,
    /// Files that stand in, and are not written yet.
    pending: BTreeSet<String>,
    /// The submodules whose worktree is not what is staged, each as its staged commit has it.
    below: Vec<Staged>,
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
        Scratch::remove_left();
        let dir = Scratch::new()?;
        let (submodules, changes): (Vec<_>, Vec<_>) =
            changes.into_iter().partition(Change::is_submodule);
        let submodule_files = repo.submodule_files(&submodules)?;
        let mut all = Self {
            overlay: Overlay::default(),
            changes,
            submodule_files,
            submodules: submodules.into_iter().map(|change| change.path).collect(),
            head,
            moved_submodules: vec![],
            staged_submodules: vec![],
            files: vec![],
            gitlinks: vec![],
            unnamed: vec![],
            top: repo.top.clone(),
            dir,
            pending: BTreeSet::new(),
            below: vec![],
        };
        for path in untracked?.into_iter().chain(ignored?) {
            all.hide(&path);
        }
        all.take(&unstaged, &index);
        all.hide_unnamed(repo)?;
        all.hide_module_files();
        all.take_submodules(repo, &index)?;
        let links: HashSet<&str> =
            index.iter().filter(|entry| entry.is_link()).map(|entry| entry.path.as_str()).collect();
        let unseen: HashSet<&str> = index
            .iter()
            .filter(|entry| entry.skip_worktree)
            .map(|entry| entry.path.as_str())
            .collect();
        all.write(repo, |path| {
            let is_early = !unseen.contains(path) || (options.unseen)(path);
            links.contains(path) || ((options.wanted)(path) && is_early)
        })?;
        // What a link leads to is read under the link's name, whatever its own is.
        let top = repo.top.clone();
        let led: HashSet<PathBuf> = links
            .iter()
            .flat_map(|link| links::follow(&all.overlay, &top, &top.join(link)).0)
            .collect();
        all.write(repo, |path| led.contains(&top.join(path)))?;
        all.follow_links(&index);
        Ok(all)
    }

    fn hide(&mut self, path: &str) {
        // Go makes it, wherever it is missing (`modload.WriteGoMod`): everybody has it.
        if path == "go.work.sum" || path.ends_with("/go.work.sum") {
            return;
        }
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
            // The other way round nothing can be below.
            let below_file = change
                .path
                .match_indices('/')
                .any(|(at, _)| modes.contains_key(&change.path[..at]));
            let is_gone = change.kind == ChangeKind::Deleted && !is_folder && !below_file;
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
        let stand_in = self.dir.empty_file();
        for path in differs {
            if modes.get(path).is_some_and(|entry| entry.mode != "160000") {
                self.overlay.replace(self.top.join(path), &stand_in);
                self.pending.insert(path.to_owned());
            }
        }
        let (links, files): (Vec<_>, Vec<_>) =
            index.iter().partition(|entry| entry.mode == "160000");
        self.gitlinks = links.into_iter().map(|entry| entry.path.clone()).collect();
        let files = files.into_iter().filter(|entry| !intended.contains(entry.path.as_str()));
        self.files = files.map(|entry| entry.path.clone()).collect();
    }

    /// Repositories within the worktree that were added as they are: no clone can check out what `.gitmodules` does not
    /// name.
    fn hide_unnamed(&mut self, repo: &Repo<'_>) -> Result<(), GitError> {
        if self.gitlinks.is_empty() {
            return Ok(());
        }
        let named = repo.named_submodules("")?;
        // One that is not there is missed where it is needed.
        let is_here = |path: &str| {
            fs::read_dir(self.top.join(path)).is_ok_and(|mut found| found.next().is_some())
        };
        let is_unnamed = |path: &&String| !named.contains(path.as_str()) && is_here(path);
        self.unnamed = self.gitlinks.iter().filter(is_unnamed).cloned().collect();
        for path in self.unnamed.clone() {
            self.hide(&format!("{path}/"));
            self.moved_submodules.retain(|moved| *moved != path);
        }
        Ok(())
    }

    /// A developer's own go.work, or a go.sum that git ignores, is none of the commit's, and no generated code either.
    fn hide_module_files(&mut self) {
        let known: HashSet<&str> = self.files.iter().map(String::as_str).collect();
        let modules = known.iter().filter(|path| path.rsplit('/').next() == Some("go.mod"));
        let folders: BTreeSet<&Path> =
            modules.flat_map(|path| Path::new(path).ancestors().skip(1)).collect();
        let mut foreign = vec![];
        for folder in folders {
            for name in ["go.mod", "go.sum", "go.work"] {
                let path = folder.join(name);
                let file = self.top.join(&path);
                let is_known = path.to_str().is_some_and(|path| known.contains(path));
                if !is_known && self.overlay.find(&file).is_none() && file.is_file() {
                    foreign.push(file);
                }
            }
        }
        for file in foreign {
            self.overlay.hide(file);
        }
    }

    /// Submodules whose worktree is otherwise than is staged are taken as their staged commit is, where that is here.
    fn take_submodules(&mut self, repo: &Repo<'_>, index: &[IndexEntry]) -> Result<(), GitError> {
        for path in std::mem::take(&mut self.moved_submodules) {
            let of = |entry: &&IndexEntry| entry.path == path && entry.mode == "160000";
            let Some(entry) = index.iter().find(of) else { continue };
            // What is not checked out is missed where it is needed.
            let Some(inner) = repo.submodule(&path)? else { continue };
            if inner.commit_of(&entry.object)?.is_none() {
                self.moved_submodules.push(path);
                continue;
            }
            let scratch = Scratch::new()?;
            let at = inner.at_commit(&entry.object, scratch.path())?;
            let options = StagedOptions {
                ignored: Ignored::Keep,
                before: Some(&entry.object),
                wanted: &|_| true,
                unseen: &|_| true,
            };
            let one = Self::read(&at, &options)?;
            for (file, by) in one.overlay.files() {
                match by {
                    Some(by) => self.overlay.replace(file, by),
                    None => self.overlay.hide(file),
                }
            }
            self.moved_submodules
                .extend(one.moved_submodules.iter().map(|inner| format!("{path}/{inner}")));
            self.staged_submodules.push(path);
            self.below.push(one);
        }
        Ok(())
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
        let own = file.strip_prefix(self.tree()).ok().map(|path| self.top.join(path));
        own.or_else(|| self.below.iter().find_map(|one| one.original(file)))
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
        let changed = with_folders(&self.top, self.changes.iter().map(|change| &*change.path));
        for entry in index.iter().filter(|entry| entry.is_link()) {
            let path = self.top.join(&entry.path);
            let (places, target) = links::follow(&self.overlay, &self.top, &path);
            // What changes where a link leads changes the link.
            let is_new = !self.changes.iter().any(|change| change.path == entry.path);
            if is_new && places.iter().any(|place| changed.contains(place)) {
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
