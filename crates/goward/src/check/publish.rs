//! The last stage: everybody hears of the report. A sink that fails never changes the verdict.

use crate::cli::{CheckArgs, Global};
use crate::console::Console;
use anyhow::Context as _;
use goward_config::Policy;
use goward_history::History;
use goward_model::{ExitStatus, Gate, Report};
use goward_report::{Format, render};
use std::io::Write as _;
use std::path::Path;

/// Refuses a file whose name names no format, before anything is done for it.
///
/// # Errors
/// The file of `--output`.
pub(crate) fn refuse_formats(global: &Global) -> anyhow::Result<()> {
    global.output.iter().try_for_each(|file| format_of(file).map(drop))
}

fn format_of(file: &Path) -> anyhow::Result<Format> {
    Format::of_extension(&file.to_string_lossy()).with_context(|| {
        let name = file.display();
        format!("--output {name}: the extension must be .json, .sarif, .xml, .md or .txt")
    })
}

/// Writes the report to standard output, to files and to the history.
pub(super) fn all(
    report: &Report,
    policy: &Policy,
    args: &CheckArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    console.print(&render(report, global.format, &console.options(console.color)))?;
    let status = to_files(report, global, console);
    if let Err(err) = to_history(report, policy, args) {
        console.warn(&err);
    }
    Ok(status)
}

/// Writes the report to the files of `--output`; the exit status that follows from it and from them.
pub(crate) fn to_files(report: &Report, global: &Global, console: &Console) -> ExitStatus {
    to_files_as(report, global, console, &|format| render(report, format, &console.options(false)))
}

/// The same, in somebody else's words.
pub(crate) fn to_files_as(
    report: &Report,
    global: &Global,
    console: &Console,
    text: &dyn Fn(Format) -> String,
) -> ExitStatus {
    status(report, !all_written(global, console, text))
}

/// Writes each file of `--output`, and says what could not be written.
pub(crate) fn all_written(
    global: &Global,
    console: &Console,
    text: &dyn Fn(Format) -> String,
) -> bool {
    let mut all = true;
    for file in &global.output {
        if let Err(err) = to_file(file, text) {
            console.error(&err);
            all = false;
        }
    }
    all
}

/// A report that was asked for and could not be written is the caller's mistake to hear of, but
/// it never opens a gate that is not open.
fn status(report: &Report, failed: bool) -> ExitStatus {
    match (report.interrupted, report.gate, failed) {
        (true, _, _) => ExitStatus::Interrupted,
        (false, Gate::Open, true) => ExitStatus::Usage,
        (false, gate, _) => ExitStatus::from(gate),
    }
}

/// Writes beside the file and renames, so that nobody reads half a report.
fn to_file(file: &Path, text: &dyn Fn(Format) -> String) -> anyhow::Result<()> {
    let name = file.display();
    let format = format_of(file)?;
    crate::files::replaceable(file).with_context(|| format!("--output {name}"))?;
    let text = text(format);
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    anyhow::ensure!(folder.is_dir(), "--output {name}: there is no folder {}", folder.display());
    let write = || {
        let mut temporary = tempfile::Builder::new().prefix(".goward-").tempfile_in(folder)?;
        temporary.write_all(text.as_bytes())?;
        temporary.as_file().sync_all()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let readable = std::fs::Permissions::from_mode(0o644);
            temporary.as_file().set_permissions(readable)?;
        }
        temporary.persist(file).map_err(|err| err.error)
    };
    write().with_context(|| format!("writing the report to {name}"))?;
    Ok(())
}

fn to_history(report: &Report, policy: &Policy, args: &CheckArgs) -> anyhow::Result<()> {
    let settings = &policy.file.history;
    if !settings.enabled {
        return Ok(());
    }
    let path = crate::history::path(settings.path.as_deref().map(|path| args.dir.join(path)))?;
    let mut history = History::open(&path)?;
    history.append_of(&crate::history::name_of(&args.dir), report)?;
    Ok(())
}
