//! What is named on the command line, looked at: a program, a folder, a process, a core file, a snapshot.

use super::{checkout, dumped, machine, process, program, signed, toolchain};
use anyhow::{Context as _, bail};
use gosnapshot::{Host, Kind, Snapshot, Source, Unknown};
use std::path::{Path, PathBuf};

/// How a side is looked at.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// Flags of go build, as a checkout is or will be built.
    pub(crate) flags: Vec<String>,
    /// Packages of a checkout that are meant.
    pub(crate) packages: Vec<String>,
    /// Compile a checkout for the hashes of its packages.
    pub(crate) compile: bool,
    /// The program of a checkout.
    pub(crate) binary: Option<PathBuf>,
    /// The program runs on this machine.
    pub(crate) here: bool,
    /// Toolchains that were looked at already, by GOROOT: both sides often have one.
    pub(crate) toolchains: toolchain::Known,
}

/// Something that can be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A folder of sources.
    Folder(PathBuf),
    /// A program, a core file or a snapshot.
    File(PathBuf),
    /// A process.
    Process(u32),
}

impl What {
    /// `pid:N`, a folder or a file.
    pub(crate) fn parse(text: &Path) -> anyhow::Result<Self> {
        if let Some(pid) = text.to_str().and_then(|text| text.strip_prefix("pid:")) {
            let pid = pid.parse().with_context(|| format!("pid:{pid}: write pid: and a number"))?;
            return Ok(Self::Process(pid));
        }
        match text.is_dir() {
            true => Ok(Self::Folder(text.to_owned())),
            false => Ok(Self::File(text.to_owned())),
        }
    }
}

/// A snapshot that was read, or one taken now.
fn side(
    what: &What,
    asked: &Asked,
    keys: &[signed::PublicKey],
) -> anyhow::Result<(Snapshot, bool)> {
    if let What::File(file) = what
        && signed::is_document(file)?
    {
        return Ok((signed::read(file, keys)?, true));
    }
    Ok((take(what, asked)?, false))
}

/// A side of a comparison, each program of a universal file for itself; whether it was read from a snapshot.
pub(crate) fn sides(
    what: &What,
    asked: &Asked,
    keys: &[signed::PublicKey],
) -> anyhow::Result<(Vec<Snapshot>, bool)> {
    // What is no program is told when it is looked at.
    if let What::File(file) = what
        && goartifact::archs(file).is_ok_and(|archs| archs.len() > 1)
    {
        let parts = of_parts(file)?.into_iter();
        let finish = |(_, snapshot)| here(snapshot, asked).map(Snapshot::seal);
        return Ok((parts.map(finish).collect::<anyhow::Result<_>>()?, false));
    }
    let (one, read) = side(what, asked, keys)?;
    Ok((vec![one], read))
}

/// Looks at it.
pub(crate) fn take(what: &What, asked: &Asked) -> anyhow::Result<Snapshot> {
    let snapshot = match what {
        What::Process(pid) => process::take(*pid)?,
        What::Folder(dir) => {
            let sources = checkout::take(dir, asked)?;
            match &asked.binary {
                Some(file) => {
                    let arch = sources.program.as_ref().and_then(|it| it.setting("GOARCH"));
                    let built = of_file(file, arch)?;
                    together(sources, built)?
                }
                None => sources,
            }
        }
        What::File(file) if goartifact::is_core(file) => dumped::take(file)?,
        What::File(file) => of_file(file, None)?,
    };
    Ok(here(snapshot, asked)?.seal())
}

/// With this machine, where the program is said to run on it.
fn here(mut snapshot: Snapshot, asked: &Asked) -> anyhow::Result<Snapshot> {
    if asked.here && !snapshot.source.kind.runs() {
        let is_linux = cfg!(target_os = "linux");
        anyhow::ensure!(is_linux, "--here records a Linux machine, and this is none");
        snapshot.host = Some(Host { runs: true, ..machine::host(Path::new("/")) });
    }
    Ok(snapshot)
}

/// All programs of a file, by processor.
fn of_parts(file: &Path) -> anyhow::Result<Vec<(&'static str, Snapshot)>> {
    let name = file.display().to_string();
    let parts = goartifact::brief(file)
        .map_err(|err| anyhow::anyhow!(crate::inspect::named(file, &err)))?;
    let mut after_link = goartifact::after_link(file).unwrap_or_default().into_iter();
    let mut all: Vec<_> = parts
        .into_iter()
        .map(|part| {
            let arch = part.arch.0;
            let source = Source { kind: Kind::Binary, name: name.clone() };
            let mut snapshot = program::of_brief(part, source);
            let after_link = after_link.next();
            if let Some(program) = &mut snapshot.program {
                program.after_link = after_link;
            }
            (arch, snapshot)
        })
        .collect();
    all.sort_by_key(|(arch, _)| *arch);
    Ok(all)
}

/// A program's file; of a universal one the program for this processor, as Go names it, else the first by name.
fn of_file(file: &Path, wanted: Option<&str>) -> anyhow::Result<Snapshot> {
    let parts = of_parts(file)?;
    let several = parts.len() > 1;
    let (arch, mut snapshot) = parts
        .into_iter()
        .min_by_key(|(arch, _)| Some(*arch) != wanted)
        .with_context(|| format!("{}: it is empty", file.display()))?;
    if several {
        let why = format!("of the universal file only one program was looked at: {arch}");
        snapshot.unknown.push(Unknown { part: "program".into(), why, by_nature: false });
    }
    Ok(snapshot)
}

/// The first module that went into a program by another version than a folder has it. Members of a workspace have none.
fn other_version<'a>(
    built: &'a [gosnapshot::Module],
    sources: &'a [gosnapshot::Module],
) -> Option<(&'a str, &'a str, &'a str)> {
    let is_version = |it: &gosnapshot::Module| it.version.starts_with('v');
    built.iter().filter(|it| is_version(it)).find_map(|one| {
        let same = |it: &&gosnapshot::Module| it.path == one.path && is_version(it);
        let other = sources.iter().find(same)?;
        let differs = other.version != one.version;
        differs.then_some((one.path.as_str(), one.version.as_str(), other.version.as_str()))
    })
}

/// A program with what it was made from.
fn together(sources: Snapshot, built: Snapshot) -> anyhow::Result<Snapshot> {
    let (Some(plan), Some(program)) = (&sources.program, &built.program) else {
        bail!("{}: no build info, so it cannot be said to be built there", built.source.name);
    };
    let words = gosnapshot::go_words;
    if words(&plan.go_version) != words(&program.go_version) {
        bail!(
            "{} was built by {}, and the toolchain in {} is {}: take the snapshot where it was built",
            built.source.name,
            program.go_version,
            sources.source.name,
            plan.go_version
        );
    }
    let module = |it: &gosnapshot::Program| it.main.as_ref().map(|main| main.path.clone());
    if let (Some(here), Some(there)) = (module(plan), module(program))
        && here != there
    {
        bail!(
            "{} is of the module {there}, and {} is {here}: name the folder it was built in",
            built.source.name,
            sources.source.name
        );
    }
    let modules = |it: &Snapshot| it.modules.clone().unwrap_or_default();
    if let Some((one, there, here)) = other_version(&modules(&built), &modules(&sources)) {
        bail!(
            "{} was built with {one} {there}, and in {} it is {here}: take the snapshot where it was built, of the sources that it was built from",
            built.source.name,
            sources.source.name
        );
    }
    let mut program = program.clone();
    if let (Some(main), Some(planned)) = (&mut program.main, &plan.main) {
        main.go.clone_from(&planned.go);
    }
    let modules = program::merge(built.modules, sources.modules.clone());
    // What the other one tells is known.
    let told = ["toolchain", "packages", "links", "c-compiler"];
    let is_left = |it: &Unknown| !(it.by_nature && told.contains(&it.part.as_str()));
    let unknown = sources.unknown.iter().chain(&built.unknown).filter(|it| is_left(it)).cloned();
    Ok(Snapshot {
        source: Source { kind: Kind::Build, name: built.source.name },
        program: Some(program),
        modules,
        packages: built.packages,
        links: built.links,
        unknown: unknown.collect(),
        ..sources
    })
}
