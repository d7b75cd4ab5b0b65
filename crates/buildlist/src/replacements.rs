//! Which module takes the place of which (`replacementFrom` and `makeMainModules` in `cmd/go/internal/modload`).

use crate::error::Error;
use crate::input::{MainModule, Work};
use crate::lexical;
use gomod::{ModuleVersion, Replace, Replacement};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// The replacements of one path.
#[derive(Debug, Default)]
struct OfPath {
    all: Option<Replacement>,
    versions: HashMap<String, Replacement>,
}

/// The replacements of one file.
#[derive(Debug, Default)]
struct OfFile {
    file: PathBuf,
    /// What relative directories start from.
    dir: PathBuf,
    paths: HashMap<String, OfPath>,
}

impl OfFile {
    fn new(file: &Path, dir: &Path, replace: &[Replace]) -> Result<Self, Error> {
        let mut paths: HashMap<String, OfPath> = HashMap::new();
        for one in replace {
            let of_path = paths.entry(one.path.clone()).or_default();
            let previous = match &one.version {
                None => of_path.all.replace(one.new.clone()),
                Some(version) => of_path.versions.insert(version.clone(), one.new.clone()),
            };
            if let Some(previous) = previous.filter(|previous| *previous != one.new) {
                return Err(conflict(one, &previous, &one.new));
            }
        }
        Ok(Self { file: file.to_owned(), dir: dir.to_owned(), paths })
    }

    /// What replaces a module, and whether that is said of this very version.
    fn find(&self, path: &str, version: &str) -> Option<(&Replacement, bool)> {
        let of_path = self.paths.get(path)?;
        match of_path.versions.get(version) {
            Some(new) if !version.is_empty() => Some((new, true)),
            _ => of_path.all.as_ref().map(|new| (new, false)),
        }
    }
}

fn conflict(old: &Replace, first: &Replacement, second: &Replacement) -> Error {
    let version = old.version.clone().unwrap_or_default();
    Error::ConflictingReplacements {
        module: ModuleVersion { path: old.path.clone(), version },
        by: Box::new([first.clone(), second.clone()]),
    }
}

/// What replaces a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// A module, or a directory as Go shows it: as it was written, or relative to the go.work file.
    pub(crate) new: Replacement,
    /// The directory, absolute.
    pub(crate) dir: Option<PathBuf>,
    /// The go.mod or go.work file that says so.
    pub(crate) file: PathBuf,
}

/// All replacements that count.
#[derive(Debug, Default)]
pub(crate) struct Replacements {
    work: Option<OfFile>,
    main: Vec<OfFile>,
    main_paths: HashSet<String>,
    work_dir: Option<PathBuf>,
}

impl Replacements {
    pub(crate) fn new(main: &[MainModule], work: Option<&Work>) -> Result<Self, Error> {
        let mut files = Vec::new();
        for module in main {
            files.push(OfFile::new(&module.file, &module.dir, &module.go_mod.replace)?);
        }
        let main_paths: HashSet<String> = main.iter().map(|one| one.path().to_owned()).collect();
        let mut replacements = Self { work: None, main: files, main_paths, work_dir: None };
        if let Some(work) = work {
            let of_work = OfFile::new(&work.file, work.dir(), &work.go_work.replace)?;
            replacements.check_workspace(main, work, &of_work)?;
            replacements.work = Some(of_work);
            replacements.work_dir = Some(work.dir().to_owned());
        }
        Ok(replacements)
    }

    /// What `makeMainModules` refuses: the modules of a workspace must agree, unless go.work decides.
    fn check_workspace(
        &self,
        main: &[MainModule],
        work: &Work,
        of_work: &OfFile,
    ) -> Result<(), Error> {
        let whole = |one: &&Replace| one.version.is_none() && self.main_paths.contains(&one.path);
        if let Some(one) = work.go_work.replace.iter().find(whole) {
            return Err(Error::WorkspaceModuleReplaced { path: one.path.clone() });
        }
        let mut all: HashMap<(&str, Option<&str>), (usize, Replacement)> = HashMap::new();
        for (index, module) in main.iter().enumerate() {
            for one in &module.go_mod.replace {
                if of_work.paths.contains_key(&one.path) {
                    continue;
                }
                let mut new = one.new.clone();
                if let Replacement::Directory(path) = &mut new
                    && !path.starts_with('/')
                {
                    *path = lexical::join(&module.dir.to_string_lossy(), path);
                }
                match all.entry((&one.path, one.version.as_deref())) {
                    Entry::Occupied(mut slot) => {
                        let (from, first) = slot.get();
                        if *from != index && *first != new {
                            return Err(conflict(one, first, &new));
                        }
                        slot.insert((index, new));
                    }
                    Entry::Vacant(slot) => {
                        slot.insert((index, new));
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether the file of a main module is in agreement with itself.
    ///
    /// # Errors
    /// It is not.
    pub(crate) fn check(main: &MainModule) -> Result<(), Error> {
        OfFile::new(&main.file, &main.dir, &main.go_mod.replace).map(|_| ())
    }

    /// What replaces a module; for an empty version, what replaces all versions.
    ///
    /// # Errors
    /// The modules of a workspace disagree.
    pub(crate) fn find(&self, path: &str, version: &str) -> Result<Option<Found>, Error> {
        if version.is_empty() && self.main_paths.contains(path) {
            return Ok(None);
        }
        self.find_old(path, version)
    }

    fn find_old(&self, path: &str, version: &str) -> Result<Option<Found>, Error> {
        if let Some(work) = &self.work
            && let Some((new, _)) = work.find(path, version)
        {
            return Ok(Some(self.found(work, new, false)));
        }
        let mut last: Option<(&OfFile, &Replacement)> = None;
        for file in &self.main {
            let Some((new, exact)) = file.find(path, version) else { continue };
            // As go 1.26 has it: one that is for this very version must agree with those before, while one for all
            // versions silently wins over them.
            if let Some((_, previous)) = last
                && exact
                && previous != new
            {
                let module = ModuleVersion { path: path.to_owned(), version: version.to_owned() };
                let by = Box::new([previous.clone(), new.clone()]);
                return Err(Error::ConflictingReplacements { module, by });
            }
            last = Some((file, new));
        }
        Ok(last.map(|(file, new)| self.found(file, new, true)))
    }

    /// `canonicalizeReplacePath`.
    fn found(&self, of_file: &OfFile, new: &Replacement, from_main: bool) -> Found {
        let (file, mut new) = (of_file.file.clone(), new.clone());
        let Replacement::Directory(path) = &mut new else { return Found { new, dir: None, file } };
        let dir =
            if path.starts_with('/') { PathBuf::from(&*path) } else { of_file.dir.join(&*path) };
        if let Some(work_dir) = &self.work_dir
            && from_main
            && !path.starts_with('/')
        {
            let target = lexical::join(&of_file.dir.to_string_lossy(), path);
            let relative = lexical::relative(&work_dir.to_string_lossy(), &target);
            *path = lexical::to_directory_path(&relative);
        }
        Found { new, dir: Some(dir), file }
    }
}
