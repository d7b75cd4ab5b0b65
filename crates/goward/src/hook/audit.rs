//! Which commits no hook judged: `--no-verify`, another machine, a rebase.
#![expect(
    clippy::disallowed_methods,
    reason = "the list of judged trees is a file of git's folder"
)]

use crate::console::Console;
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

pub(super) fn run(
    dir: &Path,
    range: Option<&str>,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let system = OsSystem::at(dir);
    let repo = Repo::find(&system)?;
    let judged = fs::read(file(&repo)).unwrap_or_default();
    let judged = String::from_utf8_lossy(&judged);
    let judged: HashSet<&str> = judged.lines().filter_map(|line| line.split(' ').next()).collect();
    if repo.commit_of("HEAD")?.is_none() && range.is_none() {
        let none = "0 of 0 commits have a tree that no hook judged here\n";
        console.print(console.lang.pick(none, "还没有提交\n"))?;
        return Ok(ExitStatus::Open);
    }
    let format = "--format=%H%x00%T%x00%h%x00%as%x00%an%x00%s";
    let has_remote = !repo.ask(&["for-each-ref", "--count=1", "refs/remotes"])?.is_empty();
    let args: Vec<&str> = match (range, has_remote) {
        (Some(range), _) => vec!["log", format, "--end-of-options", range, "--"],
        (None, true) => vec!["log", format, "HEAD", "--not", "--remotes", "--"],
        (None, false) => vec!["log", format, "-n", LAST, "HEAD", "--"],
    };
    let log = match (repo.ask(&args), range) {
        (Ok(log), _) => log,
        (Err(_), Some(range)) => return Err(GitError::UnknownRevision(range.to_owned()).into()),
        (Err(err), None) => return Err(err.into()),
    };
    let (mut text, mut count, mut bad) = (String::new(), 0_usize, 0_usize);
    for line in log.lines() {
        let fields: Vec<&str> = line.split('\0').collect();
        let [_, tree, short, day, author, subject] = fields.as_slice() else { continue };
        count += 1;
        if !judged.contains(tree) {
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
