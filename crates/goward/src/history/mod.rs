//! `goward history`: earlier runs.

mod builds;

use crate::cli::{Global, HistoryArgs, HistoryCommand};
use crate::console::Console;
use crate::policy::{self, Asked};
use anyhow::Context as _;
use goward_history::{History, Query};
use goward_model::ExitStatus;
use goward_model::Report;
use goward_report::{Format, render};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The database: the one that is named, or the user's own.
#[expect(clippy::disallowed_methods, reason = "the user's own folders are found by environment")]
pub(crate) fn path(named: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    named
        .or_else(|| goward_history::default_path(|name| std::env::var(name).ok()))
        .context("no place for the history: set HOME or XDG_STATE_HOME, or use --no-history")
}

/// A target as the history knows it: by its whole path.
pub(crate) fn name_of(dir: &Path) -> String {
    let whole = dir.canonicalize().or_else(|_| std::path::absolute(dir));
    whole.unwrap_or_else(|_| dir.to_owned()).display().to_string()
}

/// Keeps a report of `target` where the policy of the module at `dir` keeps runs.
pub(crate) fn keep(report: &Report, target: &Path, dir: &Path) -> anyhow::Result<()> {
    let settings = policy::of(dir, &Asked::default())?.file.history;
    if !settings.enabled {
        return Ok(());
    }
    let path = path(settings.path.map(|path| dir.join(path)))?;
    History::open(&path)?.append_of(&name_of(target), report)?;
    Ok(())
}

pub(crate) fn run(
    args: &HistoryArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let named = match &args.db {
        Some(db) => Some(db.clone()),
        None => policy::of(Path::new("."), &Asked::default())?.file.history.path.map(PathBuf::from),
    };
    let path = path(named)?;
    anyhow::ensure!(path.exists(), "{}: no run was kept yet; run `goward check`", path.display());
    let history = History::open(&path)?;
    refuse(args, global)?;
    let list = HistoryCommand::List { limit: 20, target: None };
    match args.command.as_ref().unwrap_or(&list) {
        HistoryCommand::List { limit, target: named } => {
            let query =
                Query { limit: *limit, target: named.as_deref().map(name_of), ..Query::default() };
            let runs = history.list(&query)?;
            let text = match global.format {
                Format::Json => serde_json::to_string_pretty(&runs)? + "\n",
                _ => table(&runs),
            };
            console.print(&text)?;
        }
        HistoryCommand::Build { limit, target } => {
            let target = target.as_deref().map(name_of);
            console.print(&builds::show(&history, *limit, target, global.format, console.lang)?)?;
        }
        HistoryCommand::Show { run } => {
            let report = history.show(run)?;
            console.print(&render(&report, global.format, &console.options(console.color)))?;
            // The status is of the question, not of the run that is shown.
            let _ = crate::check::to_files(&report, global, console);
        }
    }
    Ok(ExitStatus::Open)
}

/// A list is no report.
fn refuse(args: &HistoryArgs, global: &Global) -> anyhow::Result<()> {
    let name = match args.command {
        Some(HistoryCommand::Show { .. }) => return Ok(()),
        Some(HistoryCommand::Build { .. }) => "build",
        Some(HistoryCommand::List { .. }) | None => "list",
    };
    anyhow::ensure!(
        matches!(global.format, Format::Human | Format::Json) && global.output.is_empty(),
        "history {name} prints human or json, and to standard output; reports of a run: history show RUN"
    );
    Ok(())
}

fn table(runs: &[goward_history::RunSummary]) -> String {
    let mut text = String::new();
    for run in runs {
        let commit = run.commit.as_deref().map_or("-", |commit| commit.get(..10).unwrap_or(commit));
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}  {:<12} {:>9.1} ms  {:<11} {}",
            run.run_id, run.gate, run.latency_ms, commit, run.target
        );
    }
    text
}
