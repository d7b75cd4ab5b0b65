//! What C code and assembly include. The go command's overlay covers the files that it knows; the C compiler and the
//! assembler look for the rest on the disk, whatever is staged; and the build cache looks at none of it.

use super::compiler;
use super::reached::Reached;
use super::subject::Subject;
use crate::graph::{Place, go_env, may_be_included};
use gopackages::Files;
use goward_git::Repo;
use goward_model::{Finding, Findings, Fingerprint, Location, Text};
use goward_system::OsSystem;
use overlay::{Entry, Overlay, cleaned};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What the includes of a module's packages come to.
#[derive(Default)]
pub(super) struct Included {
    /// The compiler would read something else than is staged, and what it makes of that would stay in the build cache
    /// under the name of what is staged.
    pub(super) otherwise: bool,
    /// Packages that may include what changes in other folders, by their folders: Go's build cache does not look at it
    /// (<https://go.dev/issue/24355>), and would answer as before.
    pub(super) unseen: BTreeMap<PathBuf, Key>,
    /// The time was over before the compiler had said what it reads.
    pub(super) is_cut: bool,
}

/// What tells a package apart from what the build cache knows of it.
pub(super) struct Key {
    /// Of all that changes.
    pub(super) digest: String,
    /// The name in its package clause.
    pub(super) package: String,
}

/// Reports included files that are on the disk only, and says of those that the disk has otherwise that nobody knows.
pub(super) fn judge(
    repo: &Repo<'_>,
    subject: &Subject,
    reached: &Reached,
    (system, deadline): (&OsSystem, Instant),
    findings: &mut Findings,
) -> anyhow::Result<Included> {
    let mut all = Included::default();
    let needed = reached.needed();
    // What these import is compiled, too.
    let of_c = needed.into_iter().filter_map(|package| {
        let (files, dir) = (&package.files, package.dir.as_deref()?);
        let is_of_c = !files.cgo.is_empty() || !files.s.is_empty();
        let is_own = package.for_test.is_none() && dir.starts_with(&repo.top);
        (is_of_c && is_own).then_some((package, files, dir))
    });
    let of_c: Vec<_> = of_c.collect();
    if of_c.is_empty() {
        return Ok(all);
    }
    let (changed, doubtful) = (subject.included(repo), doubtful(&subject.overlay));
    if changed.is_empty() && doubtful.is_empty() {
        return Ok(all);
    }
    let mentions = subject.mentions(&repo.top);
    let mut digests: BTreeMap<&Path, String> = BTreeMap::new();
    for (package, files, dir) in of_c {
        let named = mentions.from(dir);
        let is_named = |file: &&PathBuf| named.place(file).is_some();
        let unseen = changed.iter().filter(is_named).filter(|file| !is_seen(file, dir));
        let unseen: Vec<&PathBuf> = unseen.collect();
        let suspects: Vec<&PathBuf> = doubtful.iter().filter(is_named).collect();
        if unseen.is_empty() && suspects.is_empty() {
            continue;
        }
        let asked = compiler::Asked { subject, reached, dir, files, system, deadline };
        // A pipe says nothing, and a device has no end.
        let is_odd = |file: &&&PathBuf| file.metadata().is_ok_and(|found| !found.is_file());
        let read = match suspects.iter().find(is_odd) {
            Some(file) => Err(format!("{} is no regular file", short(repo, file))),
            None => read(&asked)?,
        };
        let mut key = String::new();
        // A name is no proof: many a header is called as one of the system's.
        let is_read = |file: &PathBuf| {
            let is_listed = |read: &Read| read.has(file) || read.lacks(file);
            // What the assembler takes itself (`.incbin`) the compiler does not list.
            let of_assembly = |place: Place<'_>| {
                place.file.extension().is_some_and(|end| end.eq_ignore_ascii_case("s"))
            };
            // Of what goes another may take the place.
            let goes = || !subject.overlay.is_file(file);
            read.as_ref().map_or(true, is_listed)
                || goes()
                || named.place(file).is_some_and(of_assembly)
        };
        for file in unseen.into_iter().filter(|file| is_read(file)) {
            key += digests.entry(file).or_insert_with(|| digest(&subject.overlay, file));
        }
        if !key.is_empty() {
            let digest = Fingerprint::of("includes", &dir.to_string_lossy(), &key, 0).to_string();
            all.unseen.insert(dir.to_owned(), Key { digest, package: package.name.clone() });
        }
        let found = match read {
            Ok(read) => {
                suspects.into_iter().filter_map(|file| found(&asked, &read, file)).collect()
            }
            Err(_) if asked.left().is_zero() => {
                all.is_cut = true;
                return Ok(all);
            }
            Err(why) if !suspects.is_empty() => {
                all.otherwise = true;
                findings.unknown(unasked(repo, &suspects, &why));
                vec![]
            }
            // What is wrong the compiler will say once more.
            Err(_) => vec![],
        };
        all.otherwise |= !found.is_empty();
        for (file, found) in found {
            tell(repo, subject, found, file, named.place(file), findings);
        }
    }
    Ok(all)
}

/// What is read when a package is compiled; else why nobody said.
fn read(asked: &compiler::Asked<'_>) -> std::io::Result<Result<Read, String>> {
    match asked.files.cgo.is_empty() {
        true => Ok(Ok(assembled(&asked.subject.overlay, asked.dir, asked.files))),
        false => compiler::reads(asked),
    }
}

/// What a file is to a package that reads it, or wants to.
fn found<'f>(
    asked: &compiler::Asked<'_>,
    read: &Read,
    file: &'f Path,
) -> Option<(&'f Path, Found)> {
    let found = match asked.subject.overlay.find(file)? {
        Entry::Hidden if read.has(file) => {
            let has_another = match asked.files.cgo.is_empty() {
                true => has_assembler(file),
                false => compiler::has_system(asked, file),
            };
            if has_another { Found::Hiding } else { Found::Forgotten }
        }
        Entry::File(_) if read.has(file) || read.lacks(file) => Found::Otherwise,
        _ => return None,
    };
    Some((file, found))
}

/// Of a file, as it is staged.
fn digest(overlay: &Overlay, file: &Path) -> String {
    let bytes = overlay.read(file).ok();
    let text = bytes.as_deref().map_or("is gone\0".into(), String::from_utf8_lossy);
    Fingerprint::of("included", &file.to_string_lossy(), &text, 0).to_string()
}

/// What an included file is.
enum Found {
    /// Only the disk has it.
    Forgotten,
    /// Only the disk has it, and without it one of the system's would be read.
    Hiding,
    /// The disk has it otherwise.
    Otherwise,
}

fn tell(
    repo: &Repo<'_>,
    subject: &Subject,
    found: Found,
    file: &Path,
    place: Option<Place<'_>>,
    findings: &mut Findings,
) {
    let name = short(repo, file);
    match found {
        Found::Forgotten => findings.report(forgotten(repo, file, place)),
        Found::Hiding => findings.unknown(Text::new(
            format!("{name} is not staged, and the compiler reads it instead of the system's: move it away, or judge the commit in CI"),
            format!("{name} 未暂存，而编译器会读取它而不是系统的头文件：请移走该文件，或在 CI 中评判"),
        )),
        Found::Otherwise => {
            let way = match subject.gitlinks.iter().find(|link| Path::new(&name).starts_with(link)) {
                Some(link) => format!("`git submodule update {link}`, `git add {link}`"),
                None => format!("`git add {name}`"),
            };
            findings.unknown(Text::new(
                format!("C code includes {name}, which the compiler reads from the disk, where it is not as it is staged: {way}, or judge the commit in CI"),
                format!("C 代码包含 {name}，编译器会读取磁盘上的版本，而它与暂存的不同：请 {way}，或在 CI 中评判"),
            ));
        }
    }
}

/// The files that the disk has otherwise than is staged, or that only one of them has.
fn doubtful(overlay: &Overlay) -> Vec<PathBuf> {
    let all = overlay.files();
    let all = all.keys().filter(|file| may_be_included(file));
    let is_doubtful = |file: &&PathBuf| match overlay.find(file) {
        Some(Entry::Hidden) => file.symlink_metadata().is_ok_and(|found| !found.is_dir()),
        Some(Entry::File(_)) => true,
        _ => false,
    };
    all.filter(is_doubtful).cloned().collect()
}

/// Whether Go's build cache looks at a file: at those of the package's own folder whose kind it knows.
fn is_seen(file: &Path, dir: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str());
    file.parent() == Some(dir) && name.is_some_and(gopackages::is_source)
}

/// What the compiler reads, and what it does not find.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// As they are named, and where they really are.
    pub(super) files: BTreeSet<PathBuf>,
    /// As they are written.
    pub(super) missing: BTreeSet<PathBuf>,
}

impl Read {
    fn has(&self, file: &Path) -> bool {
        self.files.contains(file)
    }

    fn lacks(&self, file: &Path) -> bool {
        self.missing.iter().any(|one| file.ends_with(one))
    }
}

/// What Go's assembler reads: an `#include` of `cmd/asm/internal/lex` is one of the package's folder.
fn assembled(overlay: &Overlay, dir: &Path, files: &Files) -> Read {
    let mut waiting: Vec<PathBuf> = files.s.iter().map(|name| dir.join(name)).collect();
    let mut read = Read::default();
    while let Some(file) = waiting.pop() {
        let text = overlay.read(&file).unwrap_or_default();
        for line in String::from_utf8_lossy(&text).lines() {
            let rest = line.trim_start().strip_prefix('#').map(str::trim_start);
            let rest = rest.and_then(|rest| rest.strip_prefix("include")).map(str::trim_start);
            let name = rest.and_then(|rest| rest.strip_prefix('"')?.split('"').next());
            let Some(included) = name.map(|name| cleaned(&dir.join(name))) else { continue };
            if !read.has(&included) && (included.is_file() || overlay.is_file(&included)) {
                read.files.insert(included.clone());
                waiting.push(included);
            }
        }
    }
    read
}

/// Whether Go has a header of this name: it makes `go_asm.h`, and has others (`cmd/go/internal/work/gc.go`).
fn has_assembler(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default();
    let include = go_env("GOROOT").map(|root| Path::new(&root).join("pkg/include").join(name));
    name == "go_asm.h" || include.is_some_and(|file| file.is_file())
}

fn unasked(repo: &Repo<'_>, suspects: &[&PathBuf], why: &str) -> Text {
    let names: Vec<String> = suspects.iter().take(3).map(|file| short(repo, file)).collect();
    let names = names.join(", ");
    Text::new(
        format!(
            "whether C code includes {names}, which the disk has otherwise than is staged, the compiler did not say ({why}): `git add` it, or judge the commit in CI"
        ),
        format!(
            "{names} 在磁盘上与暂存的不同，而编译器未说明 C 代码是否包含它（{why}）：请 `git add` 该文件，或在 CI 中评判"
        ),
    )
}

fn short(repo: &Repo<'_>, file: &Path) -> String {
    file.strip_prefix(&repo.top).unwrap_or(file).to_string_lossy().into_owned()
}

fn forgotten(repo: &Repo<'_>, file: &Path, place: Option<Place<'_>>) -> Finding {
    let name = short(repo, file);
    let included = name.rsplit('/').next().unwrap_or(&name).to_owned();
    let message = Text::new(
        format!("{included} is included, and is not staged"),
        format!("包含了 {included}，但它未暂存"),
    );
    let help = super::words::add(&[name]);
    let location = match place {
        Some(place) => Location::point(short(repo, place.file), place.line, 1),
        None => Location::whole(short(repo, file)),
    };
    Finding::at(location, included, message, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_go_looks_at_is_of_the_folder_itself() {
        let dir = Path::new("/m/c");
        assert!(is_seen(Path::new("/m/c/x.h"), dir));
        assert!(!is_seen(Path::new("/m/c/x.inc"), dir));
        assert!(!is_seen(Path::new("/m/c/sub/x.h"), dir));
    }

    #[test]
    fn a_missing_file_is_one_that_ends_so() {
        let read = Read { missing: BTreeSet::from([PathBuf::from("sys/z.h")]), ..Read::default() };
        assert!(read.lacks(Path::new("/m/inc/sys/z.h")) && !read.lacks(Path::new("/m/z.h")));
    }
}
