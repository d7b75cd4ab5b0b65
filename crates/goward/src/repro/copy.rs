//! A copy of the sources to build in: the work tree is never touched.
//!
//! Of git's own data the copy has what `-buildvcs` asks for: the commit, the tags and the index; objects stay
//! where they are.

use crate::cli::Source;
use anyhow::{Context as _, bail, ensure};
use goward_system::{Command, OsSystem, System as _, go_program};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

/// More is no source tree.
const MAX_BYTES: u64 = 4 << 30;
const MAX_FILES: u64 = 1_000_000;
/// Nobody waits longer for a question to git or go.
const ASK: Duration = Duration::from_secs(60);

/// What is to be copied.
pub(super) struct Sources {
    /// The repository's root, or the module's where there is none.
    root: PathBuf,
    /// Folders outside of it that `replace` and `use` lines name by a relative path.
    outside: Vec<PathBuf>,
    /// What all of these are in.
    base: PathBuf,
    /// The folder that is built in, from the base.
    inside: PathBuf,
    /// The go.work file, which the environment may name.
    work: Option<PathBuf>,
    /// Whether it is a git repository.
    git: bool,
}

impl Sources {
    /// Looks which folders belong to the module or workspace of a folder.
    pub(super) fn of(dir: &Path, system: &OsSystem) -> anyhow::Result<Self> {
        let text = ask(system, dir, &go_program(system), &["env", "GOMOD", "GOWORK"])?;
        let mut lines = text.lines();
        let module = lines.next().unwrap_or_default();
        let work = lines.next().filter(|work| !work.is_empty() && *work != "off");
        ensure!(
            !module.is_empty() && module != "/dev/null" || work.is_some(),
            "{}: no go.mod; name a folder of a module with --dir",
            dir.display()
        );
        let home = Path::new(work.unwrap_or(module)).parent().unwrap_or(dir).to_owned();
        let top = ask(system, dir, "git", &["rev-parse", "--show-toplevel"]);
        let git = top.is_ok();
        let root = top.map_or_else(|_| home.clone(), |top| PathBuf::from(top.trim_end()));
        let root = root.canonicalize().with_context(|| root.display().to_string())?;
        let mut outside = vec![];
        let mut modules = vec![];
        if let Some(work) = work {
            for local in locals(system, dir, &["work", "edit", "-json", work])? {
                modules.push(home.join(&local));
                outside.push(home.join(local));
            }
        } else {
            modules.push(home.clone());
        }
        for module in modules {
            let file = module.join("go.mod").display().to_string();
            let named = locals(system, dir, &["mod", "edit", "-json", &file]).unwrap_or_default();
            outside.extend(named.into_iter().map(|local| module.join(local)));
        }
        let real_home = home.canonicalize().with_context(|| home.display().to_string())?;
        let work = work.and_then(|work| Some(real_home.join(Path::new(work).file_name()?)));
        outside.push(home);
        let real = |path: PathBuf| path.canonicalize().ok();
        let mut outside: Vec<PathBuf> =
            outside.into_iter().filter_map(real).filter(|path| !path.starts_with(&root)).collect();
        outside.sort();
        outside.dedup();
        let base = outside.iter().fold(root.clone(), |base, path| common(&base, path));
        let inside = dir.strip_prefix(&base).with_context(|| dir.display().to_string())?.to_owned();
        Ok(Self { root, outside, base, inside, work, git })
    }

    /// Where in a copy a file or folder of the sources is; `None` for what is not among them.
    pub(super) fn place_in(&self, copy: &Path, path: &Path) -> Option<PathBuf> {
        let below = path.strip_prefix(&self.base).ok()?;
        let is_copied =
            path.starts_with(&self.root) || self.outside.iter().any(|it| path.starts_with(it));
        is_copied.then(|| copy.join(below))
    }

    /// The value of GOWORK for a copy: no go.work but that of the sources counts, wherever the copy lies, and none
    /// where it is not committed and only what is committed was copied.
    pub(super) fn work_in(&self, copy: &Path) -> String {
        let work = self.work.as_deref().and_then(|work| self.place_in(copy, work));
        let work = work.filter(|work| work.is_file());
        work.map_or_else(|| "off".to_owned(), |work| work.display().to_string())
    }

    /// Copies to a new folder in `own`; gives the folder to build in.
    pub(super) fn copy(
        &self,
        to: &Path,
        own: &Path,
        source: Source,
        system: &OsSystem,
    ) -> anyhow::Result<PathBuf> {
        let place = |path: &Path| to.join(path.strip_prefix(&self.base).unwrap_or(Path::new("")));
        let root = place(&self.root);
        make(&root)?;
        let mut budget = Budget { bytes: MAX_BYTES, files: MAX_FILES, own: own.canonicalize()? };
        if source == Source::Git {
            ensure!(self.git, "--source git: {} is in no git repository", self.root.display());
        }
        if self.git {
            let bare = source == Source::Tree;
            self.clone(&root, bare, system)?;
        }
        if source == Source::Tree {
            tree(&self.root, &root, &mut budget, system)?;
        }
        for path in &self.outside {
            let to = place(path);
            make(&to)?;
            tree(path, &to, &mut budget, system)?;
        }
        let dir = to.join(&self.inside);
        ensure!(dir.is_dir(), "{} is not committed", self.inside.display());
        Ok(dir)
    }

    fn clone(&self, to: &Path, bare: bool, system: &OsSystem) -> anyhow::Result<()> {
        let (from, into) = (self.root.display().to_string(), to.display().to_string());
        let mut args = vec!["-c", "advice.detachedHead=false", "clone", "--quiet", "--shared"];
        if bare {
            args.push("--no-checkout");
        }
        args.extend(["--", &from, &into]);
        ask(system, Path::new("/"), "git", &args).context("copying the repository's data")?;
        if bare {
            let index = ask(system, &self.root, "git", &["rev-parse", "--git-path", "index"])?;
            let index = self.root.join(index.trim_end());
            if index.is_file() {
                copy(&index, &to.join(".git/index"))?;
            }
        }
        Ok(())
    }
}

fn ask(system: &OsSystem, dir: &Path, program: &str, args: &[&str]) -> anyhow::Result<String> {
    let command = Command::new(program, args.iter().copied());
    let command = command.dir(&dir.display().to_string()).limit(ASK).keep(4 << 20);
    Ok(system.run(&command)?.success(&command)?)
}

/// The relative folders that `replace` and `use` lines name.
fn locals(system: &OsSystem, dir: &Path, args: &[&str]) -> anyhow::Result<Vec<String>> {
    let text = ask(system, dir, &go_program(system), args)?;
    let value: serde_json::Value = serde_json::from_str(&text).context("go edit -json")?;
    let list = |key: &str| value.get(key).and_then(|it| it.as_array()).cloned().unwrap_or_default();
    let replaced = list("Replace").into_iter().filter_map(|it| {
        let new = it.get("New")?;
        let local = new.get("Version").and_then(|it| it.as_str()).unwrap_or_default().is_empty();
        local.then(|| new.get("Path")?.as_str().map(str::to_owned)).flatten()
    });
    let used =
        list("Use").into_iter().filter_map(|it| Some(it.get("DiskPath")?.as_str()?.to_owned()));
    Ok(replaced.chain(used).filter(|path| !Path::new(path).is_absolute()).collect())
}

/// The folder that both are in.
fn common(a: &Path, b: &Path) -> PathBuf {
    let pairs = a.components().zip(b.components());
    pairs
        .take_while(|(x, y)| x == y)
        .map(|(x, _)| x)
        .collect::<Vec<Component<'_>>>()
        .iter()
        .collect()
}

struct Budget {
    bytes: u64,
    files: u64,
    /// The folder of the copies, which may lie in the tree that is copied.
    own: PathBuf,
}

/// A link in a copy that leads out of it: whoever writes there would write into somebody's files.
#[expect(clippy::disallowed_methods, reason = "a copy on the disk, in a folder of our own")]
pub(super) fn link_out(root: &Path) -> anyhow::Result<Option<PathBuf>> {
    let root = root.canonicalize()?;
    let mut open = vec![root.clone()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir)? {
            let entry = entry?;
            let (kind, path) = (entry.file_type()?, entry.path());
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_symlink() {
                let stays = match path.canonicalize() {
                    Ok(real) => real.starts_with(&root),
                    // Nothing is there yet: what names no folder above can only come to lie inside.
                    Err(_) => {
                        let to = std::fs::read_link(&path)?;
                        to.is_relative() && !to.components().any(|part| part.as_os_str() == "..")
                    }
                };
                if !stays {
                    return Ok(Some(path.strip_prefix(&root)?.to_owned()));
                }
            }
        }
    }
    Ok(None)
}

fn make(path: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(path).with_context(|| format!("making {}", path.display()))
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::copy(from, to).map(drop).with_context(|| format!("copying {}", from.display()))
}

/// Files, folders and links; git's own data is left out, and what is no file.
#[expect(clippy::disallowed_methods, reason = "a copy on the disk, in a folder of our own")]
fn tree(from: &Path, to: &Path, budget: &mut Budget, system: &OsSystem) -> anyhow::Result<()> {
    let mut open = vec![(from.to_owned(), to.to_owned())];
    while let Some((from, to)) = open.pop() {
        ensure!(!system.cancel_token().is_cancelled(), "interrupted");
        let entries = std::fs::read_dir(&from).with_context(|| from.display().to_string())?;
        for entry in entries {
            let entry = entry.with_context(|| from.display().to_string())?;
            let (path, target) = (entry.path(), to.join(entry.file_name()));
            let meta = entry.metadata().with_context(|| path.display().to_string())?;
            if entry.file_name() == ".git" || path == budget.own {
                continue;
            }
            if budget.files == 0 || budget.bytes < meta.len() {
                bail!(
                    "{}: more than {} GiB or {MAX_FILES} files; build what is committed: --source git",
                    from.display(),
                    MAX_BYTES >> 30
                );
            }
            budget.files -= 1;
            if meta.is_dir() {
                std::fs::create_dir_all(&target).with_context(|| target.display().to_string())?;
                open.push((path, target));
            } else if meta.is_symlink() {
                let link = std::fs::read_link(&path).with_context(|| path.display().to_string())?;
                std::os::unix::fs::symlink(link, &target)
                    .with_context(|| target.display().to_string())?;
            } else if meta.is_file() {
                budget.bytes -= meta.len();
                copy(&path, &target)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_holds_both() {
        let of = |a: &str, b: &str| common(Path::new(a), Path::new(b)).display().to_string();
        assert_eq!(of("/a/b", "/a/c/d"), "/a");
        assert_eq!(of("/a/b", "/a/b"), "/a/b");
        assert_eq!(of("/a", "/b"), "/");
    }
}
