//! `goward inspect`: what is in a program, and whether it is complete enough for what it must serve.

mod after_link;
mod card;
mod chinese;
pub(crate) mod document;
mod judge;
pub(crate) mod pdb;
mod pdb_paths;
mod provenance;
mod sbom;
mod settings;
mod several;
mod sizes;
mod supply;
mod treemap;

use crate::cli::{Global, InspectArgs};
use crate::console::Console;
use anyhow::Context as _;
use goartifact::size::Sizes;
use goward_model::{ExitStatus, Gate, Identity, Outcome, Report};
use goward_report::{Format, render, render_json_with};
use serde_json::Value;
use std::path::Path;
use std::time::Instant;

pub(crate) fn run(
    args: &InspectArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let (args, policy) = &settings::with_policy(args)?;
    usable(args, global)?;
    let (mut reports, mut documents) = (vec![], vec![]);
    for file in &args.files {
        let (mut report, of_one) = one(file, args, global, console)?;
        documents.extend(of_one);
        report.identity.policy.clone_from(policy);
        if global.format == Format::Human {
            console.print(&render(&report, Format::Human, &console.options(console.color)))?;
        }
        if !args.no_history
            && let Err(err) = crate::history::keep(&report, file, Path::new("."))
        {
            console.warn(&err);
        }
        reports.push(report);
    }
    let report = several::together(reports).context("no program was named")?;
    let show = |format: Format, color: bool| match format {
        // Report v1 with one key more.
        Format::Json => render_json_with(&report, "artifacts", documents.clone().into()),
        _ => render(&report, format, &console.options(color)),
    };
    if global.format != Format::Human {
        console.print(&show(global.format, console.color))?;
    }
    Ok(crate::check::to_files_as(&report, global, console, &|format| show(format, false)))
}

/// Whether the flags go together and what they name is there.
fn usable(args: &InspectArgs, global: &Global) -> anyhow::Result<()> {
    let alone = [&args.sbom, &args.provenance, &args.against, &args.html];
    anyhow::ensure!(
        args.files.len() == 1 || alone.iter().all(|it| it.is_none()),
        "--sbom, --provenance, --against and --html are of one program; name one"
    );
    for (flag, given) in [("--pdb", &args.pdb), ("--debug-file", &args.debug_file)] {
        let Some(given) = given else { continue };
        // A folder may hold those of all.
        let there = given.is_file() || given.is_dir();
        let why = if given.exists() {
            "it is neither a regular file nor a folder"
        } else {
            "there is no such file or folder"
        };
        anyhow::ensure!(there, "{flag} {}: {why}", given.display());
        anyhow::ensure!(
            args.files.len() == 1 || given.is_dir(),
            "{flag} FILE is of one program; name one, or a folder that holds the files of all"
        );
    }
    let mut written: Vec<(&str, &Path)> = vec![];
    let documents =
        [("--html", &args.html), ("--sbom", &args.sbom), ("--provenance", &args.provenance)];
    written.extend(documents.into_iter().filter_map(|(flag, to)| Some((flag, to.as_deref()?))));
    written.extend(global.output.iter().map(|file| ("--output", file.as_path())));
    let read = args.files.iter().chain(&args.against).chain(&args.pdb).chain(&args.debug_file);
    crate::files::distinct(&written, &read.map(|it| it.as_path()).collect::<Vec<_>>())
}

/// Looks into one file; prints its card where a person reads. The second value is what is in its programs.
#[expect(clippy::disallowed_methods, reason = "how long it took")]
fn one(
    file: &Path,
    args: &InspectArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<(Report, Vec<Value>)> {
    let begun = Instant::now();
    let (mut outcomes, mut documents, mut cards) = (vec![], vec![], String::new());
    let artifacts = match goartifact::read_with(file, args.debug_file.as_deref()) {
        Ok(artifacts) => artifacts,
        // It may be a program; it was not read.
        Err(err @ goartifact::Error::TooLong { .. }) => {
            outcomes.push(judge::not_read(&err, args));
            vec![]
        }
        Err(err) => anyhow::bail!(named(file, &err)),
    };
    for artifact in &artifacts {
        let looked = pdb::look(file, artifact, args.pdb.as_deref());
        anyhow::ensure!(
            looked.is_some() || args.pdb.is_none() || args.files.len() > 1,
            "--pdb is of a Windows program, and {} is none",
            file.display()
        );
        let own = looked.as_ref().and_then(pdb::Looked::own);
        let levels = goartifact::levels_with(artifact, own);
        // In a universal file each architecture is judged.
        let part = several::part(artifact, artifacts.len());
        let mut judged = judge::judge(artifact, &levels, args, file, part);
        judged.extend(pdb::judge(artifact, looked.as_ref(), args, file));
        if !part.is_empty() {
            several::name(&mut judged, part);
        }
        outcomes.extend(judged);
        documents.push(document::document(file, artifact, &levels, looked.as_ref())?);
        let pdb = looked.map(|looked| pdb::card(&looked, artifact, console.lang));
        cards += &card::card(file, artifact, &levels, pdb.as_deref(), console);
    }
    if !artifacts.is_empty() {
        supply_documents(file, &artifacts, args)?;
    }
    if !artifacts.is_empty() && (args.sizes || args.against.is_some() || args.html.is_some()) {
        outcomes.extend(of_sizes(file, args, console, &mut cards, &mut documents)?);
    }
    let latency = begun.elapsed().as_secs_f64() * 1e3;
    if global.format == Format::Human {
        console.print(&cards)?;
    }
    let gate = Gate::of(&outcomes);
    Ok((Report::new(identity(file, &artifacts), outcomes, gate, latency), documents))
}

/// Tables to `cards` and `documents`, the page, and whether it grew too much.
fn of_sizes(
    file: &Path,
    args: &InspectArgs,
    console: &Console,
    cards: &mut String,
    documents: &mut [Value],
) -> anyhow::Result<Option<Outcome>> {
    let read = |file: &Path| {
        goartifact::size::sizes(file).map_err(|err| anyhow::anyhow!(named(file, &err)))
    };
    let new = read(file)?;
    let old = args.against.as_deref().map(read).transpose()?;
    // Of universal files the same architecture, wherever it stands; of two others whatever they are for.
    let old_of = |new: &Sizes| {
        let old = old.as_ref()?;
        let alone = old.first().filter(|_| old.len() == 1);
        old.iter().find(|old| old.arch == new.arch).or(alone)
    };
    for (sizes, document) in new.iter().zip(documents) {
        if args.sizes || old.is_some() {
            *cards += &sizes::text(sizes, old_of(sizes), console.lang);
        }
        if let Value::Object(fields) = document {
            fields.insert("sizes".into(), serde_json::to_value(sizes)?);
            if let Some(old) = old_of(sizes) {
                fields.insert("sizes_before".into(), serde_json::to_value(old)?);
            }
        }
    }
    if let (Some(to), Some(first)) = (&args.html, new.first()) {
        // One map is of one program.
        let name = match new.len() {
            1 => file.to_owned(),
            _ => format!("{} ({})", file.display(), first.arch.0).into(),
        };
        let page = treemap::page(&name, first, old_of(first), console.lang);
        crate::files::write(to, page.as_bytes())?;
    }
    let all = |sizes: &[Sizes]| sizes.iter().map(|sizes| sizes.file).sum();
    Ok(old.as_ref().map(|old| judge::growth(file, all(old), all(&new), args.max_growth)))
}

/// Writes the documents of the supply chain that were asked for.
fn supply_documents(
    file: &Path,
    artifacts: &[goartifact::Artifact],
    args: &InspectArgs,
) -> anyhow::Result<()> {
    if args.sbom.is_none() && args.provenance.is_none() {
        return Ok(());
    }
    let infos: Option<Vec<_>> =
        artifacts.iter().map(|artifact| artifact.build_info.as_ref()).collect();
    let info = infos.as_deref().and_then(supply::together);
    let info = &info
        .with_context(|| format!("{}: no build info to write documents from", file.display()))?;
    let hash = supply::sha256(file).with_context(|| format!("reading {}", file.display()))?;
    let write = |to: &Path, value: &Value| {
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

fn identity(file: &Path, artifacts: &[goartifact::Artifact]) -> Identity {
    let started = jiff::Timestamp::now();
    let info = artifacts.first().and_then(|artifact| artifact.build_info.as_ref());
    let setting = |key: &str| info.and_then(|info| info.setting(key)).map(str::to_owned);
    Identity {
        module: info.and_then(|info| info.main.as_ref()).map(|main| main.path.clone()),
        commit: setting("vcs.revision"),
        dirty: setting("vcs.modified").map(|modified| modified == "true"),
        go_version: info.map(|info| info.go_version.clone()),
        ..crate::check::begun(started, file.display().to_string())
    }
}
