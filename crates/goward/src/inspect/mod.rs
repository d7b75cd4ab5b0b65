//! `goward inspect`: what is in a program, and whether it is complete enough for what it must serve.

mod after_link;
mod card;
mod chinese;
mod judge;
pub(crate) mod pdb;
mod pdb_paths;
mod provenance;
mod sbom;
mod sizes;
mod supply;
mod treemap;

use crate::cli::{Global, InspectArgs};
use crate::console::Console;
use crate::policy::{self, Asked};
use anyhow::Context as _;
use goartifact::size::Sizes;
use goward_model::{ExitStatus, Gate, Identity, Lang, Outcome, Report, Verdict};
use goward_report::{Format, render};
use std::path::Path;
use std::time::Instant;

pub(crate) fn run(
    args: &InspectArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let args = &with_policy(args)?;
    let alone = [&args.sbom, &args.provenance, &args.against, &args.html];
    anyhow::ensure!(
        args.files.len() == 1 || alone.iter().all(|it| it.is_none()),
        "--sbom, --provenance, --against and --html are of one program; name one"
    );
    anyhow::ensure!(
        args.files.len() == 1 || global.output.is_empty() && global.format == Format::Human,
        "a report is of one program; name one, or leave out --output and --format"
    );
    if let Some(pdb) = &args.pdb {
        anyhow::ensure!(args.files.len() == 1, "--pdb is of one program; name one");
        anyhow::ensure!(pdb.is_file(), "--pdb {}: there is no such file", pdb.display());
    }
    if let Some(debug) = &args.debug_file {
        anyhow::ensure!(args.files.len() == 1, "--debug-file is of one program; name one");
        let there = debug.is_file() || debug.is_dir();
        anyhow::ensure!(there, "--debug-file {}: there is no such file", debug.display());
    }
    let mut written: Vec<(&str, &Path)> = vec![];
    let documents =
        [("--html", &args.html), ("--sbom", &args.sbom), ("--provenance", &args.provenance)];
    written.extend(documents.into_iter().filter_map(|(flag, to)| Some((flag, to.as_deref()?))));
    written.extend(global.output.iter().map(|file| ("--output", file.as_path())));
    let read = args.files.iter().chain(&args.against).chain(&args.pdb).chain(&args.debug_file);
    crate::files::distinct(&written, &read.map(|it| it.as_path()).collect::<Vec<_>>())?;
    let mut worst = ExitStatus::Open;
    for file in &args.files {
        let status = one(file, args, global, console)?;
        worst = match (worst, status) {
            (ExitStatus::Closed, _) | (_, ExitStatus::Closed) => ExitStatus::Closed,
            (ExitStatus::Open, status) => status,
            (worst, _) => worst,
        };
    }
    Ok(worst)
}

/// What the command line does not say, the policy does.
fn with_policy(args: &InspectArgs) -> anyhow::Result<InspectArgs> {
    let policy = policy::of(Path::new("."), &Asked::default())?.file.inspect;
    let mut args = args.clone();
    if args.need.is_empty() {
        args.need = policy.need.iter().map(|profile| (*profile).into()).collect();
    }
    if args.require_source_prefix.is_empty() {
        args.require_source_prefix.clone_from(&policy.require_source_prefix);
    }
    if args.forbid_source_prefix.is_empty() {
        args.forbid_source_prefix.clone_from(&policy.forbid_source_prefix);
    }
    if args.against.is_some() {
        args.max_growth = args.max_growth.or(policy.max_growth_percent);
    }
    let min_percent = *args.min_percent.get_or_insert(policy.min_percent);
    anyhow::ensure!(
        (0.0..=100.0).contains(&min_percent),
        "--min-percent {min_percent}: write a number from 0 to 100"
    );
    anyhow::ensure!(
        args.max_growth.is_none_or(|growth| growth >= 0.0 && growth.is_finite()),
        "--max-growth: write a number from 0 upwards"
    );
    Ok(args)
}

#[expect(clippy::disallowed_methods, reason = "how long it took")]
fn one(
    file: &Path,
    args: &InspectArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let begun = Instant::now();
    let mut outcomes = vec![];
    let artifacts = match goartifact::read_with(file, args.debug_file.as_deref()) {
        Ok(artifacts) => artifacts,
        // It may be a program; it was not read.
        Err(err @ goartifact::Error::TooLong { .. }) => {
            outcomes.push(judge::not_read(&err, args));
            vec![]
        }
        Err(err) => anyhow::bail!(named(file, &err)),
    };
    let mut cards = String::new();
    for artifact in &artifacts {
        let looked = pdb::look(file, artifact, args.pdb.as_deref());
        anyhow::ensure!(
            looked.is_some() || args.pdb.is_none(),
            "--pdb is of a Windows program, and {} is none",
            file.display()
        );
        let own = looked.as_ref().and_then(pdb::Looked::own);
        let levels = goartifact::levels_with(artifact, own);
        // In a universal file each architecture is judged.
        let part = if artifacts.len() > 1 { artifact.arch.0 } else { "" };
        outcomes.extend(judge::judge(artifact, &levels, args, file, part));
        outcomes.extend(pdb::judge(artifact, looked.as_ref(), args, file));
        let pdb = looked.map(|looked| pdb::card(&looked, artifact, console.lang));
        cards += &card::card(file, artifact, &levels, pdb.as_deref(), console.lang);
    }
    if let Some(artifact) = artifacts.first() {
        documents(file, artifact, args)?;
    }
    let readable = !artifacts.is_empty();
    if readable && (args.sizes || args.against.is_some() || args.html.is_some()) {
        outcomes.extend(of_sizes(file, args, console.lang, &mut cards)?);
    }
    let latency = begun.elapsed().as_secs_f64() * 1e3;
    let gate = outcomes.iter().map(of_outcome).max().unwrap_or(Gate::Inconclusive);
    let report = Report::new(identity(file, &artifacts), outcomes, gate, latency);
    if global.format == Format::Human {
        console.print(&cards)?;
    }
    console.print(&render(&report, global.format, &console.options(console.color)))?;
    let status = crate::check::to_files(&report, global, console);
    if !args.no_history
        && let Err(err) = crate::history::keep(&report, file, Path::new("."))
    {
        console.warn(&err);
    }
    Ok(status)
}

/// Tables to `cards`, the page, and whether it grew too much.
fn of_sizes(
    file: &Path,
    args: &InspectArgs,
    lang: Lang,
    cards: &mut String,
) -> anyhow::Result<Option<Outcome>> {
    let read = |file: &Path| {
        goartifact::size::sizes(file).map_err(|err| anyhow::anyhow!(named(file, &err)))
    };
    let new = read(file)?;
    let old = args.against.as_deref().map(read).transpose()?;
    // Of universal files the same architectures stand in the same order (`lipo`).
    let old_of = |at: usize| old.as_ref().and_then(|old| old.get(at));
    if args.sizes || old.is_some() {
        for (at, sizes) in new.iter().enumerate() {
            *cards += &sizes::text(sizes, old_of(at), lang);
        }
    }
    if let (Some(to), Some(first)) = (&args.html, new.first()) {
        let page = treemap::page(file, first, old_of(0), lang);
        crate::files::write(to, page.as_bytes())?;
    }
    let all = |sizes: &[Sizes]| sizes.iter().map(|sizes| sizes.file).sum();
    Ok(old.map(|old| judge::growth(file, all(&old), all(&new), args.max_growth)))
}

/// Writes the documents of the supply chain that were asked for.
fn documents(
    file: &Path,
    artifact: &goartifact::Artifact,
    args: &InspectArgs,
) -> anyhow::Result<()> {
    if args.sbom.is_none() && args.provenance.is_none() {
        return Ok(());
    }
    let info = artifact.build_info.as_ref();
    let info =
        info.with_context(|| format!("{}: no build info to write documents from", file.display()))?;
    let hash = supply::sha256(file).with_context(|| format!("reading {}", file.display()))?;
    let write = |to: &Path, value: &serde_json::Value| {
        let text = serde_json::to_string_pretty(value)? + "\n";
        crate::files::write(to, text.as_bytes())
    };
    if let Some(to) = &args.sbom {
        write(to, &sbom::sbom(info, &hash))?;
    }
    let Some(to) = &args.provenance else { return Ok(()) };
    let name =
        file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let statement = provenance::statement(&name, info, &hash);
    let Some(key) = &args.sign_key else { return write(to, &statement) };
    let key = crate::keys::Key::read(key)?;
    write(to, &provenance::envelope(&statement, &key)?)
}

/// The reason with the file's name, which only some reasons have.
pub(crate) fn named(file: &Path, err: &goartifact::Error) -> String {
    use goartifact::Error;
    match err {
        Error::Io { .. } | Error::NoFile { .. } => err.to_string(),
        _ => format!("{}: {err}", file.display()),
    }
}

/// Closed where a level that is needed falls short, inconclusive where it could not be read.
fn of_outcome(outcome: &Outcome) -> Gate {
    match outcome.verdict {
        Verdict::Pass | Verdict::Skip(_) => Gate::Open,
        Verdict::Inconclusive(_) => Gate::Inconclusive,
        Verdict::Fail(_) => Gate::Closed,
    }
}

fn identity(file: &Path, artifacts: &[goartifact::Artifact]) -> Identity {
    let started = jiff::Timestamp::now();
    let info = artifacts.first().and_then(|artifact| artifact.build_info.as_ref());
    let setting = |key: &str| info.and_then(|info| info.setting(key)).map(str::to_owned);
    Identity {
        run_id: crate::check::run_id(started),
        started_at: started.to_string(),
        goward_version: env!("CARGO_PKG_VERSION").into(),
        target: file.display().to_string(),
        module: info.and_then(|info| info.main.as_ref()).map(|main| main.path.clone()),
        commit: setting("vcs.revision"),
        dirty: setting("vcs.modified").map(|modified| modified == "true"),
        go_version: info.map(|info| info.go_version.clone()),
        ..Identity::default()
    }
}
