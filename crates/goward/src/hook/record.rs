//! `goward hook record`: what a commit says of having been judged, where the policy wants it to: a trailer of its message,
//! or a note. Git runs it as commit-msg and as post-commit; `--no-verify` leaves out the first, and no tree that was not
//! judged gets the second. Neither is signed: who can write commits can write these.

use super::audit;
use crate::console::Console;
use crate::policy::{self, Asked};
use goward_config::Record;
use goward_git::{GitError, Repo, Scratch};
use goward_model::ExitStatus;
use goward_system::{Command, OsSystem, System as _};
use std::path::Path;

/// The trailer's name, and the beginning of the note.
pub(super) const KEY: &str = "Goward-Judged";
/// Where notes are.
pub(super) const NOTES: &str = "refs/notes/goward";

/// A commit that does not say it is named by the audit, and is none the worse: what goes wrong is only told.
pub(super) fn run(dir: &Path, message: Option<&Path>, console: &Console) -> ExitStatus {
    if let Err(err) = record(dir, message) {
        console.warn(&err);
    }
    ExitStatus::Open
}

fn record(dir: &Path, message: Option<&Path>) -> anyhow::Result<()> {
    let system = OsSystem::at(dir);
    let repo = Repo::find(&system)?;
    match (wanted(&repo)?, message) {
        (Record::Trailer, Some(message)) => trailer(&system, &repo, message),
        (Record::Note, None) => Ok(note(&repo)?),
        _ => Ok(()),
    }
}

/// What the policy wants.
pub(super) fn wanted(repo: &Repo<'_>) -> anyhow::Result<Record> {
    let asked = Asked { file: None, set: &[], flags: vec![] };
    Ok(policy::of(&repo.top, &asked)?.file.hook.record)
}

/// Says in the message that the staged tree was judged, if it was.
fn trailer(system: &OsSystem, repo: &Repo<'_>, message: &Path) -> anyhow::Result<()> {
    let scratch = Scratch::new()?;
    let tree = repo.staged_tree(scratch.path())?;
    if !audit::judged(repo).contains(&tree) {
        return Ok(());
    }
    let message = std::path::absolute(message)?;
    let trailer = format!("{KEY}: {tree}");
    let message = message.to_string_lossy();
    let how = ["interpret-trailers", "--in-place", "--if-exists", "replace", "--trailer"];
    let command = Command::new("git", how.into_iter().chain([&*trailer, &*message]));
    system.run(&command)?.success(&command)?;
    Ok(())
}

/// Notes beside the commit that its tree was judged, if it was.
fn note(repo: &Repo<'_>) -> Result<(), GitError> {
    let tree = repo.ask(&["rev-parse", "HEAD^{tree}"])?.trim().to_owned();
    if audit::judged(repo).contains(&tree) {
        let text = format!("{KEY}: {tree}");
        repo.ask(&["notes", "--ref", NOTES, "add", "--force", "--message", &text, "HEAD"])?;
    }
    Ok(())
}
