//! What is judged: the staged tree, or in CI the checked-out one.

use crate::graph::{GoContext, Mentions, may_be_included, stage};
use goward_git::{Change, GitError, Ignored, Published, Repo, Scratch, Staged};
use overlay::Overlay;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The commits between.
pub(super) struct Range {
    /// What came before them.
    pub(super) base: String,
    /// The last one.
    pub(super) local: String,
    /// What others have already is not theirs.
    pub(super) published: Published,
}

/// The folders that a go.mod or go.work names: absolute.
pub(super) struct ModuleFile {
    /// Its own.
    pub(super) dir: PathBuf,
    /// Those of its `use` directives.
    pub(super) used: Vec<PathBuf>,
    /// Those that are put in the place of a module.
    pub(super) replaced: Vec<PathBuf>,
}

impl ModuleFile {
    fn read(file: &Path, is_work: bool, overlay: &Overlay) -> Option<Self> {
        let text = overlay.read(file).ok()?;
        let (uses, replace) = match is_work {
            true => gomod::parse_go_work(&text).map(|it| (it.uses, it.replace)).ok()?,
            false => gomod::parse_go_mod(&text).map(|it| (vec![], it.replace)).ok()?,
        };
        let dir = file.parent()?;
        let at = |path: &str| overlay::cleaned(&dir.join(path));
        let replaced = replace.iter().filter_map(|one| match &one.new {
            gomod::Replacement::Directory(dir) => Some(at(dir)),
            gomod::Replacement::Module(_) => None,
        });
        Some(Self {
            dir: dir.to_owned(),
            used: uses.iter().map(|one| at(&one.path)).collect(),
            replaced: replaced.collect(),
        })
    }
}

/// Whether a path has a part that patterns of packages pass over (`go help packages`).
pub(super) fn is_odd(below: &Path) -> bool {
    let mut parts = below.iter().filter_map(|part| part.to_str());
    parts.any(|part| part == "testdata" || part.starts_with('_') || part.starts_with('.'))
}

/// Whether a folder is one of vendored code: a go.work that lies there is a copy, and its modules are not
/// (`modcmd.matchPotentialSourceFile` leaves out go.mod and go.sum alone).
pub(super) fn is_vendored(below: &Path) -> bool {
    below.iter().any(|part| part == "vendor")
}

/// The file that makes a folder a workspace, where Go would take it for one.
pub(super) fn go_work(top: &Path, dir: &Path, overlay: &Overlay) -> Option<PathBuf> {
    let below = dir.strip_prefix(top).unwrap_or(dir);
    let file = dir.join("go.work");
    (!is_vendored(below) && overlay.is_file(&file)).then_some(file)
}

fn is_odd_below(top: &Path, dir: &Path) -> bool {
    dir.strip_prefix(top).is_ok_and(is_odd)
}

/// A tree that is to become a commit, and how it differs from the one before.
pub(super) struct Subject {
    /// What stands in for files of the worktree.
    pub(super) overlay: Arc<Overlay>,
    /// The revision before.
    pub(super) before: String,
    /// The other parents of a merge that is to be committed.
    pub(super) merged: Vec<String>,
    /// What changed, without submodules.
    pub(super) changes: Vec<Change>,
    /// Submodules that are to be at another commit.
    pub(super) submodules: Vec<String>,
    /// The files that these commits change.
    pub(super) submodule_files: Vec<String>,
    /// Submodules that are not at the commit that is staged.
    pub(super) moved_submodules: Vec<String>,
    /// Submodules that are taken as they are staged, and not as they lie there.
    pub(super) staged_submodules: Vec<String>,
    /// The commits whose sum it is, where these are made already.
    pub(super) range: Option<Range>,
    /// Read once.
    module_files: OnceLock<Vec<ModuleFile>>,
    mentions: OnceLock<Mentions>,
    staged: Option<Staged>,
    /// The files of the index.
    pub(super) files: Vec<String>,
    /// Repositories that were added as they are, and that no clone can check out.
    pub(super) unnamed: Vec<String>,
    /// The submodules of the index.
    pub(super) gitlinks: Vec<String>,
    /// What the go command says at the top, asked while git was; taken once.
    pub(super) early: Option<GoContext>,
    scratch: Scratch,
}

impl Subject {
    /// What is staged, against HEAD or what came before instead.
    pub(super) fn staged(
        repo: &Repo<'_>,
        ignored: Ignored,
        before: Option<&str>,
    ) -> anyhow::Result<Self> {
        // Most repositories are a module; where this one is none, nobody asks for the answer.
        let is_module = repo.top.join("go.mod").is_file();
        let (staged, early) = std::thread::scope(|scope| {
            let ask =
                || is_module.then(|| GoContext::ask(&repo.top, &Arc::default()).ok()).flatten();
            let early = scope.spawn(ask);
            (stage(repo, ignored, before), early.join().ok().flatten())
        });
        let mut staged = staged?;
        let changed: HashSet<String> =
            staged.changes.iter().map(|change| change.path.clone()).collect();
        staged.write(repo, |path| changed.contains(path))?;
        Ok(Self {
            overlay: Arc::new(staged.overlay.clone()),
            before: staged.head.clone(),
            changes: staged.changes.clone(),
            submodules: staged.submodules.clone(),
            submodule_files: staged.submodule_files.clone(),
            moved_submodules: staged.moved_submodules.clone(),
            staged_submodules: staged.staged_submodules.clone(),
            files: std::mem::take(&mut staged.files),
            gitlinks: std::mem::take(&mut staged.gitlinks),
            unnamed: std::mem::take(&mut staged.unnamed),
            merged: if before.is_none() { repo.merged() } else { vec![] },
            range: None,
            module_files: OnceLock::new(),
            mentions: OnceLock::new(),
            staged: Some(staged),
            early,
            scratch: Scratch::new()?,
        })
    }

    /// The worktree, against where this branch left a revision.
    pub(super) fn since(repo: &Repo<'_>, revision: &str) -> anyhow::Result<Self> {
        let (before, changes) = repo.since(revision)?;
        let (submodules, changes): (Vec<_>, Vec<_>) =
            changes.into_iter().partition(Change::is_submodule);
        let submodule_files = repo.submodule_files(&submodules)?;
        let (links, files): (Vec<_>, Vec<_>) =
            repo.index()?.into_iter().partition(|entry| entry.mode == "160000");
        Ok(Self {
            files: files.into_iter().map(|entry| entry.path).collect(),
            gitlinks: links.into_iter().map(|entry| entry.path).collect(),
            overlay: Arc::default(),
            unnamed: vec![],
            merged: vec![],
            module_files: OnceLock::new(),
            mentions: OnceLock::new(),
            range: Some(Range {
                base: before.clone(),
                local: "HEAD".to_owned(),
                published: Published::Base,
            }),
            before,
            changes,
            submodules: submodules.into_iter().map(|change| change.path).collect(),
            submodule_files,
            moved_submodules: vec![],
            staged_submodules: vec![],
            staged: None,
            early: None,
            scratch: Scratch::new()?,
        })
    }

    /// Each go.mod and go.work of the repository that Go can read.
    pub(super) fn module_files(&self, top: &Path) -> &[ModuleFile] {
        self.module_files.get_or_init(|| {
            let paths = self.files.iter().filter_map(|path| {
                let name = path.rsplit('/').next()?;
                let is_work = name == "go.work" && !is_vendored(Path::new(path));
                (is_work || name == "go.mod").then(|| (top.join(path), is_work))
            });
            paths
                .filter_map(|(file, is_work)| ModuleFile::read(&file, is_work, &self.overlay))
                .collect()
        })
    }

    /// Who includes which file of C code.
    pub(super) fn mentions(&self, top: &Path) -> &Mentions {
        self.mentions
            .get_or_init(|| Mentions::of(top, (&self.files, &self.gitlinks), &self.overlay))
    }

    /// The files that changed, also in submodules, and that C code or assembly may include.
    pub(super) fn included(&self, repo: &Repo<'_>) -> Vec<PathBuf> {
        let own = self.changes.iter().map(|change| &change.path);
        let all = own.chain(&self.submodule_files).map(|path| repo.top.join(path));
        all.filter(|file| may_be_included(file)).collect()
    }

    /// The folders of the repository that a go.work uses, or a go.mod or go.work puts in the place of a module.
    pub(super) fn named_folders(&self, top: &Path) -> impl Iterator<Item = &PathBuf> {
        let files = self.module_files(top);
        let is_used = |dir: &PathBuf| {
            files.iter().any(|file| !is_odd_below(top, &file.dir) && file.used.contains(dir))
        };
        // What a fixture names nobody builds.
        let files =
            files.iter().filter(move |file| !is_odd_below(top, &file.dir) || is_used(&file.dir));
        files.flat_map(|file| file.used.iter().chain(&file.replaced))
    }

    /// Whether a go.mod or go.work puts a folder in the place of a module, and no go.work uses it.
    pub(super) fn is_replacement(&self, top: &Path, dir: &Path) -> bool {
        let has = |of: fn(&ModuleFile) -> &[PathBuf]| {
            self.module_files(top).iter().any(|file| of(file).iter().any(|one| one == dir))
        };
        has(|file| &file.replaced) && !has(|file| &file.used)
    }

    /// Whether the index has a file, or a submodule around it.
    pub(super) fn knows(&self, path: &str) -> bool {
        let within =
            |link: &String| path.strip_prefix(link.as_str()).is_some_and(|it| it.starts_with('/'));
        // In the order of the index: by bytes.
        self.files.binary_search_by(|file| file.as_str().cmp(path)).is_ok()
            || self.gitlinks.iter().any(within)
    }

    /// Whether a file of the worktree is the developer's own: git does not have it, and nobody else.
    pub(super) fn is_foreign(&self, top: &Path, file: &Path) -> bool {
        let below = file.strip_prefix(top);
        self.is_staged() && below.is_ok_and(|below| !self.knows(&below.to_string_lossy()))
    }

    /// Whether it is what is staged.
    pub(super) fn is_staged(&self) -> bool {
        self.staged.is_some()
    }

    /// The paths of all changes; a submodule is a change of all that is below.
    pub(super) fn paths(&self) -> Vec<String> {
        let files = self.changes.iter().map(|change| &change.path);
        files.chain(&self.submodules).cloned().collect()
    }

    /// Sees to it that the content of files that stand in is there.
    pub(super) fn write(
        &mut self,
        repo: &Repo<'_>,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<(), GitError> {
        if let Some(staged) = &mut self.staged {
            staged.write(repo, wanted)?;
            self.overlay = Arc::new(staged.overlay.clone());
        }
        Ok(())
    }

    /// The file that a file stands in for.
    pub(super) fn original(&self, file: &Path) -> Option<PathBuf> {
        self.staged.as_ref()?.original(file)
    }

    /// A file for what the go command is told.
    pub(super) fn scratch(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }
}
