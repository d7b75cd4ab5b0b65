//! Finished cells, kept while the run goes on: a line each, so that nothing is lost however it ends.

use super::cell::{Known, Measured, Verdict};
use goward_model::Fingerprint;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Of the lines: who changes them counts one up.
const FORMAT: &str = "goward matrix 1";

/// A finished cell.
#[derive(Serialize, Deserialize)]
struct Line {
    id: String,
    /// The C compiler: another one may give another result.
    cc: Option<String>,
    measured: Measured,
}

/// The file.
pub(super) struct State {
    file: File,
}

/// What a run is about: what must be the same for a result to be kept.
pub(super) struct About<'a> {
    pub(super) dir: &'a Path,
    pub(super) commit: Option<&'a str>,
    /// The folders of the user's own packages.
    pub(super) folders: &'a BTreeSet<PathBuf>,
    /// The files that they embed.
    pub(super) embedded: &'a BTreeSet<PathBuf>,
    pub(super) patterns: &'a [String],
    pub(super) flags: &'a [String],
    /// Variables that change what is built.
    pub(super) environment: &'a [(String, String)],
}

impl About<'_> {
    /// One file for each thing that is asked, so that files do not gather with every change.
    fn name(&self) -> String {
        let text = format!("{:?} {:?} {:?}", self.patterns, self.flags, self.environment);
        format!("{}.jsonl", Fingerprint::of(FORMAT, &self.dir.to_string_lossy(), &text, 0))
    }

    /// The first line of the file. Of the sources name, size and time of change count; they need not be in git.
    fn head(&self) -> String {
        let text = format!("{:?} {:?}", self.commit, sources(self.folders, self.embedded));
        format!("\"{FORMAT} {}\"", Fingerprint::of(FORMAT, "", &text, 0))
    }
}

/// Name, size and time of a file.
type Source = (PathBuf, u64, Option<std::time::SystemTime>);

/// What a build reads in the folders and below, and the embedded files; what else lies there (a report, a program)
/// does not count.
#[expect(clippy::disallowed_methods, reason = "name, size and time of the target's own files")]
fn sources(folders: &BTreeSet<PathBuf>, embedded: &BTreeSet<PathBuf>) -> Vec<Source> {
    const MODULES: [&str; 4] = ["go.mod", "go.sum", "go.work", "modules.txt"];
    let of = |path: PathBuf, meta: &std::fs::Metadata| (path, meta.len(), meta.modified().ok());
    let mut found: Vec<Source> = embedded
        .iter()
        .filter_map(|file| Some(of(file.clone(), &std::fs::metadata(file).ok()?)))
        .collect();
    let mut open: Vec<PathBuf> = folders.iter().cloned().collect();
    let mut seen = BTreeSet::new();
    while let Some(folder) = open.pop() {
        if !seen.insert(folder.clone()) {
            continue;
        }
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(meta) = entry.metadata() else { continue };
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if meta.is_dir() {
                open.extend((!name.starts_with('.')).then(|| entry.path()));
            } else if gopackages::is_source(&name) || MODULES.contains(&&*name) {
                found.push(of(entry.path(), &meta));
            }
        }
    }
    found.sort();
    found
}

impl State {
    /// Opens the file in `folder` and gives what it holds to cells that are the same; without `resume` it begins anew.
    #[expect(clippy::disallowed_methods, reason = "goward's own state, beside the history")]
    pub(super) fn open(
        folder: &Path,
        about: &About<'_>,
        resume: bool,
        cells: &mut [Known],
    ) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let (path, head) = (folder.join(about.name()), about.head());
        let text =
            if resume { std::fs::read_to_string(&path).unwrap_or_default() } else { String::new() };
        let goes_on = text.lines().next() == Some(&head);
        if goes_on {
            // A line that was cut off is a cell that is not finished.
            let lines = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
            let mut kept: BTreeMap<String, Line> =
                lines.map(|line| (line.id.clone(), line)).collect();
            for cell in cells {
                // A failure that nobody expects may pass by itself, or somebody may have mended the machine.
                let is_settled = |line: &Line| {
                    line.measured.verdict == Verdict::Pass
                        || line.measured.cause == cell.predicted.cause
                };
                let line = kept.remove(&cell.id).filter(is_settled);
                if let Some(line) = line.filter(|line| line.cc == cell.cc) {
                    cell.measured = Some(Measured { resumed: true, ..line.measured });
                }
            }
        }
        let mut options = File::options();
        options.create(true);
        let file = if goes_on { options.append(true) } else { options.write(true).truncate(true) };
        let mut file = file.open(path)?;
        // Either the head of a new file, or the end of a line that was cut off.
        let first = if goes_on { "\n".to_owned() } else { head + "\n" };
        file.write_all(first.as_bytes())?;
        Ok(Self { file })
    }

    /// Keeps a finished cell.
    pub(super) fn keep(&mut self, cell: &Known, measured: &Measured) -> std::io::Result<()> {
        let (id, cc) = (cell.id.clone(), cell.cc.clone());
        let line = Line { id, cc, measured: measured.clone() };
        let text = serde_json::to_string(&line).map_err(std::io::Error::other)? + "\n";
        self.file.write_all(text.as_bytes())
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests write sources")]
mod tests {
    use super::super::cell::{Cell, Platform, Prediction};
    use super::*;

    fn known(cc: &str) -> Known {
        let platform = Platform::new("linux", "arm64");
        let cell = Cell { go: "1.24.11".parse().unwrap(), platform, cgo: true };
        let (id, predicted) = (cell.id(), Prediction::pass());
        Known { id, cell, cc: Some(cc.into()), allowed: false, predicted, measured: None }
    }

    #[test]
    fn a_finished_cell_is_kept_while_nothing_changes() {
        let (state, module) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(module.path().join("a.go"), "package a\n").unwrap();
        let folders = BTreeSet::from([module.path().to_owned()]);
        let embedded = BTreeSet::new();
        let patterns = ["./...".to_owned()];
        let about = || About {
            dir: module.path(),
            commit: None,
            folders: &folders,
            embedded: &embedded,
            patterns: &patterns,
            flags: &[],
            environment: &[],
        };
        let measured = Measured {
            verdict: Verdict::Pass,
            cause: None,
            log_says: None,
            stage: None,
            tier: None,
            evidence: vec![],
            fix: None,
            wall_ms: 7,
            peak_bytes: 0,
            attempts: 1,
            resumed: false,
        };
        let open = |resume: bool, cc: &str| {
            let mut cells = [known(cc)];
            let opened = State::open(state.path(), &about(), resume, &mut cells).unwrap();
            (opened, cells[0].measured.clone())
        };
        let (mut first, none) = open(false, "gcc");
        assert_eq!(none, None);
        first.keep(&known("gcc"), &measured).unwrap();
        first.file.write_all(b"{\"id\": cut off").unwrap();
        assert_eq!(open(true, "gcc").1.map(|it| (it.wall_ms, it.resumed)), Some((7, true)));
        assert_eq!(open(true, "zig cc").1, None, "another compiler");
        std::fs::write(module.path().join("report.md"), "of the run before").unwrap();
        assert!(open(true, "gcc").1.is_some(), "nothing that a build reads");
        std::fs::write(module.path().join("a.go"), "package a // changed\n").unwrap();
        assert_eq!(open(true, "gcc").1, None, "another source");
        let (mut anew, _) = open(false, "gcc");
        assert_eq!(open(true, "gcc").1, None, "begun anew");
        let cause = Some("network.timeout".to_owned());
        anew.keep(&known("gcc"), &Measured { verdict: Verdict::Fail, cause, ..measured }).unwrap();
        assert_eq!(open(true, "gcc").1, None, "nobody expected it to fail");
    }
}
