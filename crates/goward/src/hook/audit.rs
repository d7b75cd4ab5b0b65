//! Which commits no hook judged: `--no-verify`, another machine, a rebase.
#![expect(
    clippy::disallowed_methods,
    reason = "the list of judged trees is a file of git's folder"
)]

use super::record::{self, KEY, NOTES};
use crate::console::Console;
use goward_config::Record;
use goward_git::{GitError, Repo};
use goward_model::{ExitStatus, Lang};
use goward_system::OsSystem;
use std::collections::HashSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Commits without a range and without a remote.
const LAST: &str = "50";

fn file(repo: &Repo<'_>) -> PathBuf {
    repo.common_dir.join("goward/judged")
}

/// Notes that a tree was judged and found good: a line of tree, time and version, appended at once.
pub(super) fn note(repo: &Repo<'_>, tree: &str, unix_time: i64) -> std::io::Result<()> {
    let file = file(repo);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let line = format!("{tree} {unix_time} {}\n", env!("CARGO_PKG_VERSION"));
    let mut file = fs::OpenOptions::new().create(true).append(true).open(file)?;
    file.write_all(line.as_bytes())?;
    file.sync_data()
}

/// The trees that were judged here.
pub(super) fn judged(repo: &Repo<'_>) -> HashSet<String> {
    let judged = fs::read(file(repo)).unwrap_or_default();
    let judged = String::from_utf8_lossy(&judged);
    judged.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

pub(super) fn run(
    dir: &Path,
    range: Option<&str>,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let system = OsSystem::at(dir);
    let repo = Repo::find(&system)?;
    let judged = judged(&repo);
    let record = record::wanted(&repo)?;
    if repo.commit_of("HEAD")?.is_none() && range.is_none() {
        let none = "0 of 0 commits have a tree that no hook judged here\n";
        console.print(console.lang.pick(none, "还没有提交\n"))?;
        return Ok(ExitStatus::Open);
    }
    // What the commit says itself, where the policy believes it.
    let said = match record {
        Record::Local => String::new(),
        Record::Trailer => format!("%(trailers:key={KEY},valueonly,separator=%x20)"),
        Record::Note => "%N".to_owned(),
    };
    let format = format!("--format=%T%x00%h%x00%ad%x00%an%x00%s%x00{said}%x00%x01");
    let notes = format!("--notes={NOTES}");
    let has_remote = !repo.ask(&["for-each-ref", "--count=1", "refs/remotes"])?.is_empty();
    let args: Vec<&str> = match (range, has_remote) {
        // An option, for git.
        (Some(range), _) if range.starts_with('-') => {
            return Err(GitError::UnknownRevision(range.to_owned()).into());
        }
        (Some(range), _) => vec!["log", "--date=short", &format, &notes, range, "--"],
        (None, true) => {
            vec!["log", "--date=short", &format, &notes, "HEAD", "--not", "--remotes", "--"]
        }
        (None, false) => vec!["log", "--date=short", &format, &notes, "-n", LAST, "HEAD", "--"],
    };
    let log = match (repo.ask(&args), range) {
        (Ok(log), _) => log,
        (Err(_), Some(range)) => return Err(GitError::UnknownRevision(range.to_owned()).into()),
        (Err(err), None) => return Err(err.into()),
    };
    let (mut text, mut count, mut bad) = (String::new(), 0_usize, 0_usize);
    for commit in log.split("\0\u{1}") {
        let fields: Vec<&str> = commit.trim_start().split('\0').collect();
        let [tree, short, day, author, subject, said] = fields.as_slice() else { continue };
        count += 1;
        // A note of several lines, and a trailer that was repeated: one that names this very tree is enough.
        if !judged.contains(*tree) && !said.split_whitespace().any(|word| word == *tree) {
            bad += 1;
            text += &format!("{short}  {day}  {author}  {subject}\n");
        }
    }
    text += &match console.lang {
        Lang::En => format!("{bad} of {count} commits have a tree that no hook judged here\n"),
        Lang::Zh => format!("{count} 个提交中有 {bad} 个从未在此被钩子评判\n"),
    };
    console.print(&text)?;
    Ok(if bad == 0 { ExitStatus::Open } else { ExitStatus::Closed })
}
