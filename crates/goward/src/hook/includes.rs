//! What C code and assembly include. The go command's overlay covers the files that it knows; the C compiler and the
//! assembler look for the rest on the disk, whatever is staged.

use super::reached::Reached;
use super::subject::Subject;
use gopackages::Files;
use goward_git::Repo;
use goward_model::{Finding, Findings, Fingerprint, Location, Text};
use overlay::{Entry, Overlay, cleaned};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// More than any package includes.
const MAX_FILES: usize = 10_000;
/// No header is longer.
const MAX_FILE: u64 = 16 << 20;

/// An `#include` line.
struct Include {
    line: u32,
    name: String,
    /// `"name"`, which is looked for beside the file, too.
    quoted: bool,
    /// It stands between `#if` and `#endif`: nobody knows here whether it counts.
    conditional: bool,
}

/// A file that includes, and who compiles it.
struct Unit<'p> {
    file: PathBuf,
    package: &'p Path,
    /// It is compiled by cgo, which copies the package's own headers as they are staged.
    is_cgo: bool,
}

/// What the includes of a module's packages come to.
#[derive(Default)]
pub(super) struct Included {
    /// The compiler would read something else than is staged, and what it makes of that would stay in the build cache
    /// under the name of what is staged.
    pub(super) otherwise: bool,
    /// Packages whose headers in other folders change, and a digest of these: Go's build cache does not look at them
    /// (<https://go.dev/issue/24355>), and would answer as before.
    pub(super) unseen: BTreeMap<PathBuf, String>,
}

/// Reports included files that are on the disk only, and says of those that the disk has otherwise that nobody knows.
pub(super) fn judge(
    repo: &Repo<'_>,
    subject: &Subject,
    reached: &Reached,
    findings: &mut Findings,
) -> Included {
    let overlay = &subject.overlay;
    let is_c = |path: &Path| path.extension().is_none_or(|end| end != "go");
    let own = subject.changes.iter().map(|one| &one.path);
    let changed: BTreeSet<PathBuf> =
        own.chain(&subject.submodule_files).map(|path| repo.top.join(path)).collect();
    let mut all = Included::default();
    if !changed.iter().any(|path| is_c(path)) && !overlay.files().keys().any(|path| is_c(path)) {
        return all;
    }
    // What these import is compiled, too.
    for package in reached.needed() {
        if let Some(dir) = &package.dir
            && package.for_test.is_none()
            && dir.starts_with(&repo.top)
        {
            judge_one(repo, subject, &package.files, dir, &changed, (&mut all, findings));
        }
    }
    all
}

fn judge_one(
    repo: &Repo<'_>,
    subject: &Subject,
    files: &Files,
    dir: &Path,
    changed: &BTreeSet<PathBuf>,
    (all, findings): (&mut Included, &mut Findings),
) {
    let overlay = &subject.overlay;
    let is_cgo = !files.cgo.is_empty();
    let c = [&files.c, &files.cxx, &files.m, &files.f, &files.cgo];
    let c = c.into_iter().flatten().filter(|_| is_cgo);
    let own = c.chain(&files.s).map(|name| dir.join(name));
    let mut units: Vec<Unit<'_>> = own.map(|file| Unit { file, package: dir, is_cgo }).collect();
    let folders: BTreeSet<PathBuf> =
        units.iter().flat_map(|unit| folders(overlay, &unit.file, dir)).collect();
    let mut seen: BTreeSet<PathBuf> = units.iter().map(|unit| unit.file.clone()).collect();
    let mut unseen: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    // What only the disk has the compiler may find by ways that are not followed here, and Go would not know.
    if !units.is_empty() {
        unseen.extend(on_disk_only(overlay, dir).map(|file| (file, vec![])));
    }
    while let Some(unit) = units.pop() {
        for include in includes(overlay, &unit.file) {
            match found(overlay, &unit, &include, &folders) {
                Found::Staged(file) => {
                    if let Some(file) = changed.get(&file).filter(|file| file.parent() != Some(dir))
                    {
                        unseen.insert(file.clone(), read(overlay, file).unwrap_or_default());
                    }
                    if seen.len() < MAX_FILES && seen.insert(file.clone()) {
                        units.push(Unit { file, ..unit });
                    }
                }
                // What went, the build cache would not miss.
                Found::Elsewhere => {
                    let gone = places(&unit, &include, &folders).filter(|it| changed.contains(it));
                    unseen.extend(gone.map(|file| (file, vec![])));
                }
                Found::Forgotten(file) if include.conditional => {
                    unseen.insert(file, vec![]);
                }
                Found::Forgotten(file) => {
                    all.otherwise = true;
                    findings.report(forgotten(repo, &unit, &include, &file));
                }
                Found::Otherwise(file) => {
                    all.otherwise = true;
                    let name = short(repo, &file);
                    findings.unknown(Text::new(
                        format!("C code includes {name}, which the compiler reads from the disk, where it is not as it is staged: `git add` it, or judge the commit in CI"),
                        format!("C 代码包含 {name}，编译器会读取磁盘上的版本，而它与暂存的不同：请 `git add` 该文件，或在 CI 中评判"),
                    ));
                }
            }
        }
    }
    if !unseen.is_empty() {
        let digest = Fingerprint::of("includes", &dir.to_string_lossy(), &format!("{unseen:?}"), 0);
        all.unseen.insert(dir.to_owned(), digest.to_string());
    }
}

/// Files of a folder that are on the disk and not staged, but for Go's own.
fn on_disk_only(overlay: &Overlay, dir: &Path) -> impl Iterator<Item = PathBuf> {
    let names = overlay.names(dir).into_iter().flatten();
    let hidden = names.filter(|(name, entry)| **entry == Entry::Hidden && !name.ends_with(".go"));
    hidden.map(|(name, _)| dir.join(name)).filter(|file| file.is_file())
}

/// What an include comes to.
enum Found {
    /// The compiler reads what is staged.
    Staged(PathBuf),
    /// It is a system's header, or none at all: the compiler will say.
    Elsewhere,
    /// Only the disk has it.
    Forgotten(PathBuf),
    /// The disk has it otherwise.
    Otherwise(PathBuf),
}

/// Where the compiler looks for it.
fn places<'p>(
    unit: &'p Unit<'_>,
    include: &'p Include,
    folders: &'p BTreeSet<PathBuf>,
) -> impl Iterator<Item = PathBuf> + 'p {
    let beside = unit.file.parent().filter(|_| include.quoted);
    let own = (include.quoted || unit.is_cgo).then_some(unit.package);
    let dirs = beside.into_iter().chain(own).chain(folders.iter().map(PathBuf::as_path));
    dirs.map(|dir| cleaned(&dir.join(&include.name)))
}

fn found(
    overlay: &Overlay,
    unit: &Unit<'_>,
    include: &Include,
    folders: &BTreeSet<PathBuf>,
) -> Found {
    let mut on_disk_only = None;
    for file in places(unit, include, folders) {
        match overlay.find(&file) {
            None if file.is_file() => {
                return on_disk_only.map_or(Found::Staged(file), Found::Otherwise);
            }
            Some(Entry::File(_)) => {
                let copied = unit.is_cgo && file.parent() == Some(unit.package);
                return if copied && on_disk_only.is_none() {
                    Found::Staged(file)
                } else {
                    Found::Otherwise(file)
                };
            }
            Some(Entry::Hidden) if file.is_file() && on_disk_only.is_none() => {
                on_disk_only = Some(file);
            }
            _ => {}
        }
    }
    on_disk_only.map_or(Found::Elsewhere, Found::Forgotten)
}

/// The folders of `-I` flags in a file's `#cgo` lines.
fn folders(overlay: &Overlay, file: &Path, dir: &Path) -> Vec<PathBuf> {
    if file.extension().is_none_or(|end| end != "go") {
        return vec![];
    }
    let mut all = vec![];
    let preambles = read(overlay, file).and_then(|text| goheader::read_go(&text, true).ok());
    for preamble in preambles.into_iter().flat_map(|header| header.cgo) {
        for line in preamble.directives() {
            let mut words = line.split_whitespace();
            while let Some(word) = words.next() {
                let flags = ["-iquote", "-isystem", "-idirafter", "-I"];
                let flag = flags.iter().find_map(|flag| word.strip_prefix(flag));
                let folder =
                    flag.and_then(|rest| if rest.is_empty() { words.next() } else { Some(rest) });
                if let Some(folder) = folder {
                    let folder = folder.trim_matches(['"', '\'']);
                    let folder = folder.replace("${SRCDIR}", &dir.to_string_lossy());
                    all.push(cleaned(&dir.join(folder)));
                }
            }
        }
    }
    all
}

/// The includes of a file: of a Go file, those above `import "C"`, and those of its flags.
fn includes(overlay: &Overlay, file: &Path) -> Vec<Include> {
    let Some(bytes) = read(overlay, file) else { return vec![] };
    if file.extension().is_some_and(|end| end == "go") {
        let Ok(header) = goheader::read_go(&bytes, true) else { return vec![] };
        // The comment's text has lost its first line: the place is looked up in the file.
        let text = String::from_utf8_lossy(&bytes);
        let mut all = vec![];
        for preamble in &header.cgo {
            let line = u32::try_from(preamble.line).unwrap_or(1);
            let flags = preamble.directives();
            all.extend(flags.flat_map(|words| forced(words).collect::<Vec<_>>()).map(|name| {
                let name = name.replace("${SRCDIR}/", "");
                Include { line, name, quoted: true, conditional: false }
            }));
            let mut wanted = of_c(&preamble.text);
            let here = lines(&text, &["//", "/*"]).filter(|one| one.line as usize >= preamble.line);
            for include in here {
                if let Some(at) = wanted.iter().position(|one| one.name == include.name) {
                    let Include { conditional, .. } = wanted.swap_remove(at);
                    all.push(Include { conditional, ..include });
                }
            }
        }
        return all;
    }
    of_c(&String::from_utf8_lossy(&bytes))
}

/// The files of `-include` flags.
fn forced(flags: &str) -> impl Iterator<Item = &str> {
    let mut words = flags.split_whitespace();
    std::iter::from_fn(move || {
        words.find(|word| *word == "-include")?;
        words.next()
    })
}

/// The `#include` lines of C, without those in comments.
fn of_c(text: &str) -> Vec<Include> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("/*") {
        let (before, behind) = rest.split_at(at);
        plain.push_str(before);
        let end = behind.find("*/").map_or(behind.len(), |end| end + 2);
        let (comment, after) = behind.split_at(end);
        // Lines are counted.
        plain.extend(comment.chars().filter(|c| *c == '\n'));
        rest = after;
    }
    plain.push_str(rest);
    let mut all: Vec<Include> = lines(&plain, &[]).collect();
    let (mut depth, mut seen, mut guard) = (0_usize, 0, None);
    let mut waiting = all.iter_mut().peekable();
    for (index, line) in plain.lines().enumerate() {
        let Some(directive) = line.trim_start().strip_prefix('#').map(str::trim_start) else {
            continue;
        };
        let mut words = directive.split_whitespace();
        seen += 1;
        match (words.next(), words.next()) {
            (Some("ifndef"), name) if seen == 1 => guard = name,
            // What stands around a whole header is no condition.
            (Some("define"), name) if seen == 2 && guard.is_some() && name == guard => {}
            (Some(word), _) if word.starts_with("if") => depth += 1,
            (Some("endif"), _) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if seen == 2 && guard.take_if(|_| !directive.starts_with("define")).is_some() {
            depth += 1;
        }
        let here = |include: &&mut Include| include.line as usize == index + 1;
        if let Some(include) = waiting.next_if(here) {
            include.conditional = depth > 0;
        }
    }
    all
}

/// The `#include` lines, also behind one of the marks.
fn lines<'t>(text: &'t str, marks: &'static [&'static str]) -> impl Iterator<Item = Include> + 't {
    let line = move |(index, line): (usize, &str)| {
        let line = line.trim_start();
        let line = marks.iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
        let rest = line.trim_start().strip_prefix('#')?.trim_start();
        let rest = ["include", "import"].iter().find_map(|word| rest.strip_prefix(word))?;
        let rest = rest.trim_start();
        let quoted = rest.starts_with('"');
        let name = rest.strip_prefix(['"', '<'])?.split(['"', '>']).next()?;
        let line = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let include = || Include { line, name: name.to_owned(), quoted, conditional: false };
        (!name.is_empty()).then(include)
    };
    text.lines().enumerate().filter_map(line)
}

fn read(overlay: &Overlay, file: &Path) -> Option<Vec<u8>> {
    let actual = overlay.actual(file).ok()?;
    let found = actual.metadata().ok()?;
    if !found.is_file() || found.len() > MAX_FILE {
        return None;
    }
    overlay.read(file).ok()
}

fn short(repo: &Repo<'_>, file: &Path) -> String {
    file.strip_prefix(&repo.top).unwrap_or(file).to_string_lossy().into_owned()
}

fn forgotten(repo: &Repo<'_>, unit: &Unit<'_>, include: &Include, file: &Path) -> Finding {
    let (name, included) = (short(repo, file), &include.name);
    let message = Text::new(
        format!("{included} is included, and is not staged"),
        format!("包含了 {included}，但它未暂存"),
    );
    let help = super::words::add(&[name]);
    let location = Location::point(short(repo, &unit.file), include.line, 1);
    Finding::at(location, included.clone(), message, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn include_lines_are_read() {
        let text = "int x;\n#include \"a/b.h\"\n  #  include <c.h> // x\n#include MACRO\n#includes \"n\"\n#import \"d.h\"";
        let all: Vec<_> = lines(text, &[]).map(|one| (one.line, one.name, one.quoted)).collect();
        let name = str::to_owned;
        assert_eq!(
            all,
            [(2, name("a/b.h"), true), (3, name("c.h"), false), (6, name("d.h"), true)]
        );
    }

    #[test]
    fn comments_are_none_and_conditions_are_told_apart() {
        let text = "#ifndef H\n#define H\n/*\n#include \"old.h\"\n*/\n#include \"a.h\"\n#ifdef _WIN32\n# include \"win.h\"\n\
                    #endif\n#include \"b.h\"\n#endif\n";
        let all = of_c(text);
        let all: Vec<_> = all.iter().map(|one| (one.line, &*one.name, one.conditional)).collect();
        assert_eq!(all, [(6, "a.h", false), (8, "win.h", true), (10, "b.h", false)]);
        let plain = "#ifdef A\n#include \"a.h\"\n#endif\n#include \"b.h\"\n";
        assert_eq!(
            of_c(plain).iter().map(|one| one.conditional).collect::<Vec<_>>(),
            [true, false]
        );
        assert_eq!(forced("-O2 -include x.h -DY -include").collect::<Vec<_>>(), ["x.h"]);
    }
}
