//! What is named on the command line, looked at: a program, a folder, a process, a core file, a snapshot.

use super::{checkout, dumped, machine, process, program, signed, toolchain};
use anyhow::{Context as _, bail};
use goartifact::Brief;
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
    /// Of a universal file the first of these processors that is in it is looked at, as Go names them; else the first by
    /// name, wherever it stands.
    pub(crate) arch: Vec<String>,
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

/// A side of a comparison: a snapshot that was read, or one taken now.
pub(crate) fn side(
    what: &What,
    asked: &Asked,
    key: Option<&signed::PublicKey>,
) -> anyhow::Result<(Snapshot, bool)> {
    if let What::File(file) = what
        && signed::is_document(file)?
    {
        return Ok((signed::read(file, key)?, true));
    }
    Ok((take(what, asked)?, false))
}

/// The processors that it is for, so that of a universal file on the other side the same is looked at; none where only
/// a look tells.
pub(crate) fn archs(what: &What) -> Vec<String> {
    let What::File(file) = what else { return vec![] };
    let archs = goartifact::archs(file).unwrap_or_default();
    let mut archs: Vec<String> = archs.into_iter().map(|arch| arch.0.to_owned()).collect();
    archs.sort_unstable();
    archs
}

/// Looks at it.
pub(crate) fn take(what: &What, asked: &Asked) -> anyhow::Result<Snapshot> {
    let mut snapshot = match what {
        What::Process(pid) => process::take(*pid)?,
        What::Folder(dir) => {
            let sources = checkout::take(dir, asked)?;
            match &asked.binary {
                Some(file) => {
                    let arch = sources.program.as_ref().and_then(|it| it.setting("GOARCH"));
                    let built =
                        of_file(file, &arch.map(str::to_owned).into_iter().collect::<Vec<_>>())?;
                    together(sources, built)?
                }
                None => sources,
            }
        }
        What::File(file) if goartifact::is_core(file) => dumped::take(file)?,
        What::File(file) => of_file(file, &asked.arch)?,
    };
    if asked.here && !snapshot.source.kind.runs() {
        let is_linux = cfg!(target_os = "linux");
        anyhow::ensure!(is_linux, "--here records a Linux machine, and this is none");
        snapshot.host = Some(Host { runs: true, ..machine::host(Path::new("/")) });
    }
    Ok(snapshot.seal())
}

/// A program's file.
fn of_file(file: &Path, arch: &[String]) -> anyhow::Result<Snapshot> {
    let name = file.display().to_string();
    let parts = goartifact::brief(file)
        .map_err(|err| anyhow::anyhow!(crate::inspect::named(file, &err)))?;
    let several = parts.len() > 1;
    let place = |part: &Brief| {
        let wanted = arch.iter().position(|arch| arch == part.arch.0);
        (wanted.unwrap_or(usize::MAX), part.arch.0)
    };
    let (at, chosen) = parts
        .into_iter()
        .enumerate()
        .min_by_key(|(_, part)| place(part))
        .with_context(|| format!("{name}: it is empty"))?;
    let arch = chosen.arch.0;
    let mut snapshot = program::of_brief(chosen, Source { kind: Kind::Binary, name });
    program::add_after_link(&mut snapshot, file, at);
    if several {
        let why = format!("of the universal file only one program was looked at: {arch}");
        snapshot.unknown.push(Unknown { part: "program".into(), why, by_nature: false });
    }
    Ok(snapshot)
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
