//! Who includes which file of C code, by the names in the lines that may say so. More is found than is so: a condition and a
//! comment are no matter here; nothing is missed but a name that is put together.

use goward_git::{GitError, Repo};
use overlay::Overlay;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::path::{Path, PathBuf};

/// What is compiled by a C compiler or assembled, and what is included as a rule.
const SOURCES: [&str; 24] = [
    "c", "cc", "cpp", "cxx", "def", "f", "f90", "F", "for", "go", "h", "hh", "hpp", "hxx", "inc",
    "inl", "ipp", "m", "mm", "S", "s", "sx", "tcc", "tpp",
];
/// What nobody includes: anything else may be, whatever its name is.
const OTHERS: [&str; 36] = [
    "bash", "bazel", "cfg", "conf", "crt", "css", "csv", "gif", "go", "gz", "html", "jpg", "js",
    "json", "lock", "md", "mod", "pem", "pdf", "png", "proto", "py", "rst", "sh", "sql", "sum",
    "svg", "tmpl", "toml", "ts", "tsx", "work", "xml", "yaml", "yml", "zip",
];
/// No header is longer.
const MAX_FILE: u64 = 16 << 20;
/// Files of a submodule that are looked at.
const MAX_FILES: usize = 200_000;

/// Whether a file may be included by C code or assembly: a header need not have an ending.
pub(crate) fn may_be_included(path: &Path) -> bool {
    let name = name(path).unwrap_or_default();
    match path.extension().and_then(|end| end.to_str()) {
        Some(end) => !OTHERS.contains(&end) && !name.starts_with('.'),
        // README, LICENSE, OWNERS, Makefile and their kin.
        None => {
            let is_known = ["Makefile", "Dockerfile", "Jenkinsfile", "Procfile"].contains(&name);
            !is_known && !name.starts_with('.') && name.chars().any(char::is_lowercase)
        }
    }
}

/// A place that names a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place<'m> {
    pub(crate) file: &'m Path,
    /// 1-based.
    pub(crate) line: u32,
}

type Lines = Vec<(u32, String)>;

/// The names in each file.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    files: BTreeMap<PathBuf, Lines>,
    by_name: HashMap<String, Vec<PathBuf>>,
}

impl Mentions {
    /// Reads the files of a repository as they are, without git: of a partial clone it would fetch them, and of what it
    /// takes for binary it says nothing.
    ///
    /// # Errors
    /// What git says of the index.
    pub(crate) fn of_worktree(repo: &Repo<'_>, overlay: &Overlay) -> Result<Self, GitError> {
        let (links, files): (Vec<_>, Vec<_>) =
            repo.index()?.into_iter().partition(|entry| entry.mode == "160000");
        let files: Vec<String> = files.into_iter().map(|entry| entry.path).collect();
        let links: Vec<String> = links.into_iter().map(|entry| entry.path).collect();
        Ok(Self::of(&repo.top, (&files, &links), overlay))
    }

    /// Reads files and all files of submodules, both relative to the top.
    pub(crate) fn of(
        top: &Path,
        (files, submodules): (&[String], &[String]),
        overlay: &Overlay,
    ) -> Self {
        let mut all: BTreeSet<PathBuf> = files.iter().map(|path| top.join(path)).collect();
        for dir in submodules.iter().map(|path| top.join(path)) {
            all.extend(below(&dir));
            let staged = overlay.files().into_iter().filter(|(file, _)| file.starts_with(&dir));
            all.extend(staged.map(|(file, _)| file));
        }
        let is_source = |file: &&PathBuf| {
            file.extension().and_then(|end| end.to_str()).is_some_and(|end| SOURCES.contains(&end))
        };
        let (mut wanted, mut left): (Vec<&PathBuf>, Vec<&PathBuf>) =
            all.iter().partition(is_source);
        let mut mentions = Self::default();
        // A file of any name, where somebody includes it.
        while !wanted.is_empty() {
            let read = read_all(&wanted, overlay);
            let paths =
                read.iter().flat_map(|(_, lines)| lines.iter().map(|(_, path)| Path::new(path)));
            let new: BTreeSet<&str> = paths.filter_map(name).collect();
            let is_named = |file: &&PathBuf| name(file).is_some_and(|name| new.contains(name));
            (wanted, left) = left.into_iter().partition(is_named);
            read.into_iter().for_each(|(file, lines)| mentions.add(file, lines));
        }
        mentions
    }

    fn add(&mut self, file: PathBuf, lines: Lines) {
        if let Some(name) = name(&file) {
            self.by_name.entry(name.to_owned()).or_default().push(file.clone());
        }
        self.files.insert(file, lines);
    }

    /// The files that name one of these, however far.
    pub(crate) fn of_any<'m>(
        &'m self,
        included: impl IntoIterator<Item = &'m Path>,
    ) -> BTreeSet<&'m Path> {
        let mut wanted: HashMap<&str, Vec<&Path>> = HashMap::new();
        let mut new: Vec<&Path> = included.into_iter().collect();
        let mut found = BTreeSet::new();
        while !new.is_empty() {
            for file in new.drain(..) {
                wanted.entry(name(file).unwrap_or_default()).or_default().push(file);
            }
            let is_wanted = |path: &str| {
                let named = name(Path::new(path)).and_then(|name| wanted.get(name));
                named.is_some_and(|files| files.iter().any(|file| file.ends_with(path)))
            };
            for (file, lines) in &self.files {
                if !found.contains(file.as_path()) && lines.iter().any(|(_, path)| is_wanted(path))
                {
                    new.push(file);
                }
            }
            found.extend(new.iter().copied());
        }
        found
    }

    /// Adds to the files that changed, as paths of the repository, all that include one of them: what is made of those is
    /// another thing now.
    pub(crate) fn add_includers(&self, top: &Path, files: &mut Vec<String>) {
        let changed: Vec<PathBuf> = files.iter().map(|path| top.join(path)).collect();
        let changed = changed.iter().map(PathBuf::as_path).filter(|path| may_be_included(path));
        let all = self.of_any(changed);
        let below = all.iter().filter_map(|file| file.strip_prefix(top).ok()?.to_str());
        files.extend(below.map(str::to_owned));
        files.sort_unstable();
        files.dedup();
    }

    /// What the files of a folder name, however far.
    pub(crate) fn from(&self, dir: &Path) -> Named<'_> {
        let below = self.files.range(dir.to_owned()..).map(|(file, _)| file.as_path());
        let own = below.take_while(|file| file.starts_with(dir));
        let own = own.filter(|file| file.parent() == Some(dir));
        let mut waiting: VecDeque<&Path> = own.collect();
        let mut seen: BTreeSet<&Path> = waiting.iter().copied().collect();
        let (mut known, mut named) = (BTreeSet::new(), Named::default());
        while let Some(file) = waiting.pop_front() {
            for (line, path) in self.files.get(file).into_iter().flatten() {
                let Some(name) = name(Path::new(path)).filter(|_| known.insert(path)) else {
                    continue;
                };
                named.0.entry(name).or_default().push((path, Place { file, line: *line }));
                let next = self.by_name.get(name).into_iter().flatten().map(PathBuf::as_path);
                let next = next.filter(|next| next.ends_with(path));
                waiting.extend(next.filter(|next| seen.insert(next)));
            }
        }
        named
    }
}

/// Paths by their last part, as far as they are written, and where each stands first: the nearer files before the farther.
#[derive(Debug, Default)]
pub(crate) struct Named<'m>(HashMap<&'m str, Vec<(&'m str, Place<'m>)>>);

impl<'m> Named<'m> {
    /// Where a file may be named.
    pub(crate) fn place(&self, file: &Path) -> Option<Place<'m>> {
        let all = self.0.get(name(file)?)?;
        all.iter().find(|(path, _)| file.ends_with(path)).map(|(_, place)| *place)
    }
}

/// Those that name files, in no order.
fn read_all(files: &[&PathBuf], overlay: &Overlay) -> Vec<(PathBuf, Lines)> {
    let read = |files: &[&PathBuf]| -> Vec<(PathBuf, Lines)> {
        let one = |file: &&PathBuf| Some(((*file).clone(), named(file, overlay)?));
        files.iter().filter_map(one).collect()
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let size = files.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let read = &read;
        let parts: Vec<_> =
            files.chunks(size).map(|part| scope.spawn(move || read(part))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    })
}

/// What the lines of a file name; `None` of nothing.
fn named(file: &Path, overlay: &Overlay) -> Option<Lines> {
    let found = overlay.actual(file).ok()?.metadata().ok()?;
    if !found.is_file() || found.len() > MAX_FILE {
        return None;
    }
    let bytes = overlay.read(file).ok()?;
    let is_go = file.extension().is_some_and(|end| end == "go");
    if is_go && !bytes.windows(3).any(|three| three == b"\"C\"") {
        return None;
    }
    let lines = names(&String::from_utf8_lossy(&bytes));
    (!lines.is_empty()).then_some(lines)
}

fn names(text: &str) -> Lines {
    let mut all = vec![];
    for (number, line) in (1..).zip(text.lines()) {
        let mut add = |path: &str| all.extend(end(path).map(|end| (number, end)));
        if let Some((_, rest)) = line.split_once('#') {
            let rest = rest.trim_start();
            let words = ["include", "import", "embed"];
            if words.iter().any(|word| rest.starts_with(word)) {
                quoted(rest).into_iter().next().into_iter().for_each(&mut add);
            } else if rest.starts_with("define") {
                quoted(rest).into_iter().filter(|name| name.contains('.')).for_each(&mut add);
            }
        }
        if [".incbin", ".include"].iter().any(|word| line.contains(word)) {
            quoted(line).into_iter().for_each(&mut add);
        }
        // A flag in a `#cgo` line.
        if line.contains("-include") || line.contains("-imacros") {
            let mut words = line.split_whitespace();
            while let Some(word) = words.next() {
                if ["-include", "-imacros"].contains(&word) {
                    words
                        .next()
                        .map(|word| word.trim_matches(['"', '\'']))
                        .into_iter()
                        .for_each(&mut add);
                }
            }
        }
    }
    all
}

/// The end of a path, behind all that leads up.
fn end(path: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    let parts: Vec<&str> =
        path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let end = parts.rsplit(|part| *part == "..").next().unwrap_or_default().join("/");
    (!end.is_empty()).then_some(end)
}

/// What stands in a line between quotes, or angle brackets.
fn quoted(line: &str) -> Vec<&str> {
    let mut all = vec![];
    let mut rest = line;
    while let Some(at) = rest.find(['"', '<']) {
        let end = if rest[at..].starts_with('<') { '>' } else { '"' };
        let inner = &rest[at + 1..];
        let Some(length) = inner.find(end) else { break };
        all.push(&inner[..length]);
        rest = &inner[length + 1..];
    }
    all
}

/// The files below a folder, without git's own.
#[expect(clippy::disallowed_methods, reason = "the files of a submodule, as they lie there")]
fn below(dir: &Path) -> Vec<PathBuf> {
    let (mut all, mut waiting) = (vec![], vec![dir.to_owned()]);
    while let Some(dir) = waiting.pop() {
        for entry in std::fs::read_dir(&dir).into_iter().flatten().flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && entry.file_name() != ".git" {
                waiting.push(entry.path());
            } else if kind.is_file() && all.len() < MAX_FILES {
                all.push(entry.path());
            }
        }
    }
    all
}

fn name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentions() -> Mentions {
        let mut all = Mentions::default();
        for (file, text) in [
            (
                "/r/c/c.go",
                "package c\n\n// #include \"api.h\"\n// #cgo CFLAGS: -include forced.h\nimport \"C\"",
            ),
            ("/r/inc/api.h", "#define DEEP <sys/deep.h>"),
            ("/r/d/d.c", "\n#  include \"../sys/./deep.h\" /* x.h */"),
            ("/r/e/e.c", "#include <stdio.h>"),
        ] {
            all.add(PathBuf::from(file), names(text));
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
        let named = mentions.from(Path::new("/r/c"));
        let place =
            |file: &str| named.place(Path::new(file)).map(|it| (it.file.to_owned(), it.line));
        assert_eq!(place("/r/any/forced.h"), Some((PathBuf::from("/r/c/c.go"), 4)));
        assert_eq!(place("/r/inc/sys/deep.h"), Some((PathBuf::from("/r/inc/api.h"), 1)));
        // Of another folder.
        assert_eq!(place("/r/fw/deep.h"), None);
        assert_eq!(place("/r/stdio.h"), None);
    }

    #[test]
    fn a_name_is_what_stands_in_the_quotes() {
        let text = "#include \"a/my $h.h\"\n #import <Eigen/Dense>\n#include MACRO\n#define N 1 \"x\" <y.tbl>\n.incbin \"z.bin\"\n// include \"no.h\"\n";
        let names: Vec<_> =
            names(text).into_iter().map(|(line, name)| format!("{line} {name}")).collect();
        assert_eq!(names, ["1 a/my $h.h", "2 Eigen/Dense", "4 y.tbl", "5 z.bin"]);
        assert_eq!(quoted("\"open <é>"), Vec::<&str>::new());
    }

    proptest::proptest! {
        /// Whatever a file holds, a name is one line's, and leads nowhere up.
        #[test]
        fn no_text_is_too_odd(text in "(?s)([#\\n\\r\"<>/.\\\\ é]|include|define|-include|[.]incbin){0,60}") {
            let lines = u32::try_from(text.lines().count()).unwrap();
            for (line, path) in names(&text) {
                proptest::prop_assert!((1..=lines).contains(&line), "{line} of {lines}");
                proptest::prop_assert!(!path.is_empty() && !path.split('/').any(|part| part == ".."));
            }
        }
    }

    #[test]
    fn what_may_be_included_is_told_from_the_rest() {
        for path in ["x.h", "a/b.inc", "Eigen/Dense", "x.txt", "QString"] {
            assert!(may_be_included(Path::new(path)), "{path}");
        }
        for path in ["a.go", "README", "LICENSE", "go.mod", "x.yaml", ".gitignore", "Makefile"] {
            assert!(!may_be_included(Path::new(path)), "{path}");
        }
    }
}
