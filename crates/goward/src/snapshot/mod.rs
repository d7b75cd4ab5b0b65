//! `goward snapshot`: records what a build is made of, as a document that `goward diff` compares.

mod checkout;
mod dumped;
mod flags;
mod machine;
mod modules;
mod process;
mod program;
mod report;
mod signed;
mod take;
mod toolchain;

pub(crate) use signed::PublicKey;
pub(crate) use take::{Asked, What, sides};

use crate::cli::{Global, SnapshotArgs};
use crate::console::Console;
use anyhow::Context as _;
use gosnapshot::Snapshot;
use goward_model::{ExitStatus, Gate, Identity, Outcome, Report, Verdict};
use goward_report::render;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

/// What means nothing where no folder is named.
pub(crate) const OF_FOLDERS: &str = "--package, --compile and flags behind -- are of a folder";

#[expect(clippy::disallowed_methods, reason = "how long it took")]
pub(crate) fn run(
    args: &SnapshotArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let begun = Instant::now();
    let what = what(args)?;
    let of_folder = !args.flags.is_empty() || !args.packages.is_empty() || args.compile;
    anyhow::ensure!(
        !of_folder || matches!(what, What::Folder(_)),
        "{OF_FOLDERS}: name the folder, and its program with --binary"
    );
    let key = args.sign_key.as_deref().map(crate::keys::Key::read).transpose()?;
    let asked = Asked {
        flags: args.flags.clone(),
        packages: args.packages.clone(),
        compile: args.compile,
        binary: args.binary.clone(),
        here: args.here,
        ..Asked::default()
    };
    let snapshot = take::take(&what, &asked)?;
    let document = signed::document(&snapshot, key.as_ref())?;
    let outcomes = report::outcomes(&snapshot);
    let gate = outcomes.iter().map(of_outcome).max().unwrap_or(Gate::Inconclusive);
    let latency = begun.elapsed().as_secs_f64() * 1e3;
    let target = snapshot.source.name.clone();
    let report = Report::new(identity(&target, snapshot.program.as_ref()), outcomes, gate, latency);
    match &args.write {
        Some(file) => {
            write(file, &document)?;
            console.print(&render(&report, global.format, &console.options(console.color)))?;
        }
        None => {
            console.print(&document)?;
            tell(&snapshot, console);
        }
    }
    let status = crate::check::to_files(&report, global, console);
    if !args.no_history
        && let Err(err) = crate::history::keep(&report, Path::new(&target), Path::new("."))
    {
        console.warn(&err);
    }
    Ok(status)
}

/// The one thing that is meant.
fn what(args: &SnapshotArgs) -> anyhow::Result<What> {
    let is_default = args.what == Path::new(".");
    let named = if let Some(pid) = args.pid {
        What::Process(pid)
    } else if let Some(core) = &args.core {
        anyhow::ensure!(goartifact::is_core(core), "{}: no core file of ELF", core.display());
        What::File(core.clone())
    } else {
        let what = What::parse(&args.what)?;
        return match (what, &args.binary) {
            // A program without the folder it was built in.
            (What::Folder(dir), Some(file)) if is_default && !Path::new("go.mod").is_file() => {
                anyhow::ensure!(file.is_file(), "{}: no such file", file.display());
                let _ = dir;
                Ok(What::File(file.clone()))
            }
            (What::File(file), Some(_)) => anyhow::bail!(
                "--binary goes with the folder it was built in, and {} is none",
                file.display()
            ),
            (What::File(file), None) if signed::is_document(&file)? => {
                anyhow::bail!("{}: it is a snapshot already, or no program", file.display())
            }
            (what, _) => Ok(what),
        };
    };
    anyhow::ensure!(is_default, "{}: name this or --pid or --core, not both", args.what.display());
    Ok(named)
}

/// Beside it and renamed, so that nobody reads half a snapshot.
fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    crate::files::replaceable(file).with_context(|| format!("writing {}", file.display()))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut temporary = tempfile::Builder::new().prefix(".goward-").tempfile_in(folder)?;
        temporary.write_all(text.as_bytes())?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let readable = std::fs::Permissions::from_mode(0o644);
            temporary.as_file().set_permissions(readable)?;
        }
        temporary.persist(file).map_err(|err| err.error)?;
        Ok(())
    };
    write().with_context(|| format!("writing {}", file.display()))
}

/// Says on standard error what went wrong: standard output has the document.
fn tell(snapshot: &Snapshot, console: &Console) {
    for unknown in snapshot.unknown.iter().filter(|it| !it.by_nature) {
        let part = report::part(&unknown.part);
        let why = report::words(&unknown.why);
        let (part, why) = (part.in_lang(console.lang), why.in_lang(console.lang));
        console.warn(&anyhow::anyhow!("{part}: {why}"));
    }
}

fn of_outcome(outcome: &Outcome) -> Gate {
    match outcome.verdict {
        Verdict::Inconclusive(_) => Gate::Inconclusive,
        _ => Gate::Open,
    }
}

/// Who is judged, for the report.
pub(crate) fn identity(target: &str, program: Option<&gosnapshot::Program>) -> Identity {
    let started = jiff::Timestamp::now();
    let setting = |key: &str| program.and_then(|it| it.setting(key)).map(str::to_owned);
    Identity {
        module: program.and_then(|it| it.main.as_ref()).map(|main| main.path.clone()),
        commit: setting("vcs.revision"),
        dirty: setting("vcs.modified").map(|modified| modified == "true"),
        go_version: program.map(|it| it.go_version.clone()),
        ..crate::check::begun(started, target.to_owned())
    }
}
