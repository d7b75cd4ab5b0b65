//! Who includes which file of C code, by the names in the lines that may say so. More is found than is so: a macro, a
//! condition and a comment are no matter here; nothing is missed but a name that is put together.

use goward_git::{GitError, Repo};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::path::{Path, PathBuf};

/// What may name a file: an include, a macro that has a file's name, a flag in a `#cgo` line.
const PATTERN: &str =
    "#[[:space:]]*(include|import)|#[[:space:]]*define.*[\"<][^\">]*[.]|-include|-imacros";

/// What is compiled, or included by what is.
const ENDS: [&str; 25] = [
    "c", "cc", "cpp", "cxx", "def", "f", "f90", "F", "for", "h", "hh", "hpp", "hxx", "inc", "inl",
    "ipp", "m", "mm", "S", "s", "sx", "tbl", "tcc", "tpp", "x",
];

/// Whether a file may be included by C code or assembly.
pub(crate) fn may_be_included(path: &Path) -> bool {
    path.extension().and_then(|end| end.to_str()).is_some_and(|end| ENDS.contains(&end))
}

/// A place that names a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place<'m> {
    pub(crate) file: &'m Path,
    /// 1-based.
    pub(crate) line: u32,
}

/// The names in each file of the index.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    files: BTreeMap<PathBuf, Vec<(u32, String)>>,
    by_name: HashMap<String, Vec<PathBuf>>,
}

impl Mentions {
    /// Asks git.
    ///
    /// # Errors
    /// What git says.
    pub(crate) fn of(repo: &Repo<'_>) -> Result<Self, GitError> {
        let globs: Vec<String> = ENDS.iter().chain(&["go"]).map(|end| format!("*.{end}")).collect();
        let globs: Vec<&str> = globs.iter().map(String::as_str).collect();
        let mut all = Self::default();
        for line in repo.grep(PATTERN, &globs)? {
            all.add(repo.top.join(line.path), line.number, &line.text);
        }
        Ok(all)
    }

    fn add(&mut self, file: PathBuf, number: u32, text: &str) {
        if let Some(name) = name(&file)
            && !self.files.contains_key(&file)
        {
            self.by_name.entry(name.to_owned()).or_default().push(file.clone());
        }
        let of_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
        let names = text.split(|c| !of_name(c)).filter(|word| word.trim_matches('.').contains('.'));
        self.files.entry(file).or_default().extend(names.map(|name| (number, name.to_owned())));
    }

    /// The files that name one of these, however far.
    pub(crate) fn of_any<'m>(
        &'m self,
        included: impl IntoIterator<Item = &'m Path>,
    ) -> BTreeSet<&'m Path> {
        let mut names: BTreeSet<&str> = included.into_iter().filter_map(name).collect();
        let mut found = BTreeSet::new();
        loop {
            let known = found.len();
            for (file, named) in &self.files {
                if !found.contains(file.as_path())
                    && named.iter().any(|(_, name)| names.contains(&**name))
                {
                    found.insert(file.as_path());
                    names.extend(name(file));
                }
            }
            if found.len() == known {
                return found;
            }
        }
    }

    /// Adds to the files that changed, as paths of the repository, all that include one of them: what is made of those is
    /// another thing now.
    pub(crate) fn add_includers(&self, repo: &Repo<'_>, files: &mut Vec<String>) {
        let changed: Vec<PathBuf> = files.iter().map(|path| repo.top.join(path)).collect();
        let changed = changed.iter().map(PathBuf::as_path).filter(|path| may_be_included(path));
        let all = self.of_any(changed);
        let below = all.iter().filter_map(|file| file.strip_prefix(&repo.top).ok()?.to_str());
        files.extend(below.map(str::to_owned));
        files.sort_unstable();
        files.dedup();
    }

    /// The names that the files of a folder come to, and where each stands first: the nearer files before the farther.
    pub(crate) fn from(&self, dir: &Path) -> BTreeMap<&str, Place<'_>> {
        let below = self.files.range(dir.to_owned()..).map(|(file, _)| file.as_path());
        let own = below.take_while(|file| file.starts_with(dir));
        let own = own.filter(|file| file.parent() == Some(dir));
        let mut waiting: VecDeque<&Path> = own.collect();
        let mut seen: BTreeSet<&Path> = waiting.iter().copied().collect();
        let mut names = BTreeMap::new();
        while let Some(file) = waiting.pop_front() {
            for (line, name) in self.files.get(file).into_iter().flatten() {
                if names.contains_key(&**name) {
                    continue;
                }
                names.insert(&**name, Place { file, line: *line });
                let next = self.by_name.get(name).into_iter().flatten().map(PathBuf::as_path);
                waiting.extend(next.filter(|next| seen.insert(next)));
            }
        }
        names
    }
}

fn name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentions() -> Mentions {
        let mut all = Mentions::default();
        for (file, line, text) in [
            ("/r/c/c.go", 3, "// #include \"api.h\""),
            ("/r/c/c.go", 4, "// #cgo CFLAGS: -include forced.h -I${SRCDIR}/../inc"),
            ("/r/inc/api.h", 1, "#define DEEP <sys/deep.h>"),
            ("/r/d/d.c", 7, "#  include \"other/deep.h\" /* x.h */"),
            ("/r/e/e.c", 1, "#include <stdio.h>"),
        ] {
            all.add(PathBuf::from(file), line, text);
        }
        all
    }

    #[test]
    fn includers_are_found_however_far() {
        let mentions = mentions();
        let found = mentions.of_any([Path::new("/r/inc/sys/deep.h")]);
        let found: Vec<_> = found.into_iter().map(|file| file.to_string_lossy()).collect();
        assert_eq!(found, ["/r/c/c.go", "/r/d/d.c", "/r/inc/api.h"]);
        assert_eq!(mentions.of_any([Path::new("/r/inc/nobody.h")]).len(), 0);
    }

    #[test]
    fn names_are_followed_from_a_folder() {
        let mentions = mentions();
        let names = mentions.from(Path::new("/r/c"));
        let place = |name: &str| names.get(name).map(|it| (it.file.to_owned(), it.line));
        assert_eq!(place("forced.h"), Some((PathBuf::from("/r/c/c.go"), 4)));
        assert_eq!(place("deep.h"), Some((PathBuf::from("/r/inc/api.h"), 1)));
        assert_eq!(place("stdio.h"), None);
    }
}
