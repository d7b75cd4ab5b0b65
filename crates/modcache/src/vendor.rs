//! A vendor folder held against the modules that it was made of.
//!
//! Go compiles vendor as it lies there: nothing verifies a file in it, and files that are not from
//! any module are built as well. What `go mod vendor` copies: `cmd/go/internal/modcmd/vendor.go`.

use crate::cache::in_parallel;
use crate::compare::{Change, ChangeKind, Source, difference, read_file};
use crate::zip::ZipError;
use overlay::{Entry, Overlay};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// More changes are counted, not named.
const MAX_CHANGES: usize = 1000;
/// A vendor folder is not larger.
const MAX_FILES: usize = 1_000_000;

/// A module of vendor/modules.txt.
#[derive(Debug)]
pub struct Vendored {
    /// The path under which it is vendored.
    pub path: String,
    /// The packages that modules.txt lists.
    pub packages: Vec<String>,
    /// What it should be: verified by the caller. `None` where that cannot be had.
    pub source: Option<Source>,
}

/// What was found in a vendor folder.
#[derive(Debug, Default)]
pub struct VendorReport {
    /// The changes, names relative to the vendor folder, ordered; at most a thousand.
    pub changes: Vec<Change>,
    /// How many changes there are.
    pub count: usize,
    /// Files that were compared and are right.
    pub good: usize,
    /// Files of modules that have no source.
    pub unjudged: usize,
    /// What could not be read: the module or file, and why.
    pub unreadable: Vec<(String, String)>,
}

/// Compares a vendor folder, and what an overlay has in place of its files, with the modules it was made of.
///
/// A file is *extra* if no module has it, *modified* if the module that has it has other content,
/// *missing* if `go mod vendor` certainly copies it, a build could use it, and it is not there.
///
/// # Errors
/// The folder cannot be listed.
pub fn compare_vendor(
    vendor: &Path,
    overlay: &Overlay,
    modules: &[Vendored],
    stop: &(dyn Fn() -> bool + Sync),
) -> std::io::Result<VendorReport> {
    let files = list(vendor, overlay)?;
    let vendor = &Folder { dir: vendor, overlay };
    let mut report = VendorReport::default();
    let mut of_module: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    let index: HashMap<&str, usize> =
        modules.iter().enumerate().map(|(at, module)| (module.path.as_str(), at)).collect();
    for (name, link) in &files {
        if *link {
            report.push(name, ChangeKind::Link);
        } else if let Some(at) = owners(name, &index).next() {
            of_module.entry(at).or_default().push(name);
        } else if name != "modules.txt" {
            report.push(name, ChangeKind::Extra);
        }
    }
    let work: Vec<(usize, Vec<&str>)> = of_module.into_iter().collect();
    let found = Mutex::new(vec![]);
    in_parallel(work.len(), 0, &|at| {
        let Some((module, names)) = work.get(at) else { return };
        let mut own = VendorReport::default();
        for name in names {
            if stop() {
                break;
            }
            own.judge(vendor, name, owners(name, &index), modules);
        }
        if let Some(module) = modules.get(*module) {
            own.missing(vendor, module);
        }
        found.lock().unwrap_or_else(PoisonError::into_inner).push(own);
    });
    for own in found.into_inner().unwrap_or_else(PoisonError::into_inner) {
        report.absorb(own);
    }
    // Modules of which nothing is there at all.
    for (at, module) in modules.iter().enumerate() {
        if !module.packages.is_empty() && !work.iter().any(|(there, _)| *there == at) {
            report.missing(vendor, module);
        }
    }
    report.changes.sort();
    report.changes.truncate(MAX_CHANGES);
    Ok(report)
}

/// The modules that may have a file, by their paths, longest first.
fn owners<'a>(name: &'a str, index: &'a HashMap<&str, usize>) -> impl Iterator<Item = usize> + 'a {
    let ends = name.rmatch_indices('/').map(|(at, _)| at);
    ends.filter_map(|end| index.get(name.get(..end)?).copied())
}

/// A vendor folder, with what stands in for its files.
struct Folder<'a> {
    dir: &'a Path,
    overlay: &'a Overlay,
}

impl Folder<'_> {
    fn read(&self, name: &str) -> std::io::Result<Vec<u8>> {
        read_file(&self.overlay.actual(&self.dir.join(name))?)
    }

    fn has(&self, name: &str) -> bool {
        let path = self.dir.join(name);
        match self.overlay.find(&path) {
            Some(entry) => *entry != Entry::Hidden,
            None => path.symlink_metadata().is_ok(),
        }
    }
}

/// The files below a folder, and whether each is a link; with forward slashes.
fn list(vendor: &Path, overlay: &Overlay) -> std::io::Result<Vec<(String, bool)>> {
    let mut files = vec![];
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        let entries = match vendor.join(&below).read_dir() {
            // Only the overlay has the folder.
            Err(_) if below.as_os_str().is_empty() && overlay.is_dir(vendor) => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let (kind, path) = (entry.file_type()?, below.join(entry.file_name()));
            if kind.is_dir() {
                folders.push(path);
            } else if overlay.find(&vendor.join(&path)).is_none() {
                files.push((path.to_string_lossy().into_owned(), kind.is_symlink()));
            }
            if files.len() > MAX_FILES {
                return Err(std::io::Error::other("more than a million files"));
            }
        }
    }
    let over = overlay.files().into_iter().filter(|(_, by)| by.is_some());
    let over = over.filter_map(|(path, _)| {
        Some((path.strip_prefix(vendor).ok()?.to_string_lossy().into_owned(), false))
    });
    files.extend(over);
    files.sort();
    Ok(files)
}

impl VendorReport {
    fn push(&mut self, name: &str, kind: ChangeKind) {
        self.count += 1;
        if self.changes.len() <= MAX_CHANGES {
            self.changes.push(Change { name: name.to_owned(), kind });
        }
    }

    fn absorb(&mut self, mut other: Self) {
        self.changes.append(&mut other.changes);
        self.count += other.count;
        self.good += other.good;
        self.unjudged += other.unjudged;
        self.unreadable.append(&mut other.unreadable);
    }

    /// Judges one file by the modules that may have it: right if any has it so.
    fn judge(
        &mut self,
        vendor: &Folder<'_>,
        name: &str,
        owners: impl Iterator<Item = usize>,
        modules: &[Vendored],
    ) {
        let mut kind = Some(ChangeKind::Extra);
        let mut content = None;
        for module in owners.filter_map(|at| modules.get(at)) {
            let below = name.strip_prefix(&module.path).and_then(|rest| rest.strip_prefix('/'));
            let (Some(below), Some(source)) = (below, &module.source) else {
                self.unjudged += 1;
                return;
            };
            let expected = match source.read(below) {
                Ok(None) => continue,
                Ok(Some(expected)) => expected,
                Err(err) => return self.unreadable.push((name.to_owned(), err.to_string())),
            };
            let found = match content.take().map_or_else(|| vendor.read(name), Ok) {
                Ok(found) => found,
                Err(err) => return self.unreadable.push((name.to_owned(), err.to_string())),
            };
            match difference(&expected, &found) {
                None => {
                    self.good += 1;
                    return;
                }
                // Another module may have it, too: the nearest says what differs.
                other if kind == Some(ChangeKind::Extra) => kind = other,
                _ => {}
            }
            content = Some(found);
        }
        if let Some(kind) = kind {
            self.push(name, kind);
        }
    }

    /// Adds the files of the module's packages that `go mod vendor` certainly copies and that are
    /// not there.
    fn missing(&mut self, vendor: &Folder<'_>, module: &Vendored) {
        let Some(source) = &module.source else { return };
        for package in &module.packages {
            let below = package.strip_prefix(&module.path).unwrap_or_default();
            let below = below.trim_start_matches('/');
            let names = match source.files_in(below) {
                Ok(names) => names,
                Err(err) => {
                    self.unreadable.push((package.clone(), err.to_string()));
                    continue;
                }
            };
            for base in names {
                if vendor.has(&format!("{package}/{base}")) || !is_copied(&base) {
                    continue;
                }
                let full = if below.is_empty() { base.clone() } else { format!("{below}/{base}") };
                match source.read(&full) {
                    Ok(Some(content)) if base.ends_with(".go") && may_be_ignored(&content) => {}
                    Ok(Some(_)) => self.push(&format!("{package}/{base}"), ChangeKind::Missing),
                    Ok(None) => {}
                    Err(err) => self.unreadable.push((full, err_text(&err))),
                }
            }
        }
    }
}

fn err_text(err: &ZipError) -> String {
    err.to_string()
}

/// Whether a build could miss a file of this name that `go mod vendor` copies
/// (`matchPotentialSourceFile`). It copies others, too, but projects leave `.editorconfig` and its
/// like out of the repository, and nothing is built from them.
fn is_copied(base: &str) -> bool {
    // The extensions of go/build's `Package`.
    const SOURCES: [&str; 18] = [
        "go", "c", "cc", "cpp", "cxx", "m", "h", "hh", "hpp", "hxx", "f", "F", "for", "f90", "s",
        "S", "swig", "syso",
    ];
    let source = base.rsplit_once('.').is_some_and(|(_, end)| SOURCES.contains(&end));
    // Go passes over what begins so (`go help packages`).
    source && !base.ends_with("_test.go") && !base.starts_with(['_', '.'])
}

/// Whether a build constraint could keep a Go file out: any that speaks of `ignore`.
fn may_be_ignored(content: &[u8]) -> bool {
    let text = String::from_utf8_lossy(content);
    let constraint = |line: &str| {
        let line = line.trim();
        let rest = line.strip_prefix("//").map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with("go:build") || rest.starts_with("+build"))
            && line.contains("ignore")
    };
    text.lines().take_while(|line| !line.starts_with("package ")).any(constraint)
}
