//! `goward repro`: builds twice in isolation, or takes two programs, and names the cause of each difference.

mod build;
mod card;
mod copy;
mod outcome;
mod overlay;
mod prove;
mod sums;

use crate::check::{begun, to_files_as};
use crate::cli::{Global, ReproArgs};
use crate::console::Console;
use anyhow::{Context as _, ensure};
use build::{Knob, Workshop};
use gorepro::Comparison;
use goward_model::{ExitStatus, Identity};
use goward_report::{Format, render};
use goward_system::{OsSystem, System as _};
use prove::Proof;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A larger file is no program, and is not read.
const MAX_PROGRAM: u64 = 4 << 30;

/// All that is known at the end.
#[derive(Default)]
struct Reproduction {
    /// Both programs, as the user knows them.
    names: Vec<String>,
    /// SHA-256 of each, hexadecimal.
    hashes: Vec<String>,
    found: Option<Comparison>,
    proofs: Vec<Proof>,
    /// Why nothing could be compared.
    unknown: Option<String>,
    go_version: Option<String>,
    module: Option<String>,
}

pub(crate) fn run(
    args: &ReproArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let system = OsSystem::at("/");
    let cancel = system.cancel_token();
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
        signal_hook::flag::register(signal, cancel.flag())?;
    }
    let started = (system.now(), jiff::Timestamp::now());
    let made = match args.compare.as_deref() {
        Some([a, b]) => of_files(a, b)?,
        _ => of_builds(args, &system, console)?,
    };
    let Some(made) = made.filter(|_| !cancel.is_cancelled()) else {
        return Ok(ExitStatus::Interrupted);
    };
    let wall_ms = system.now().duration_since(started.0).as_secs_f64() * 1e3;
    let report = outcome::report(&made, identity(args, &made, started.1), wall_ms);
    let text = |format: Format, color: bool| match format {
        Format::Json => outcome::json(&report, &made),
        Format::Human => {
            card::card(&made, console.lang) + &render(&report, format, &console.options(color))
        }
        _ => render(&report, format, &console.options(color)),
    };
    console.print(&text(global.format, console.color))?;
    let status = to_files_as(&report, global, console, &|format| text(format, false));
    if !args.no_history
        && let Err(err) = crate::history::keep(&report, target(args), &args.dir)
    {
        console.warn(&err);
    }
    Ok(status)
}

/// Reads a program.
#[expect(
    clippy::disallowed_methods,
    reason = "programs that the user named, or that were built here"
)]
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let meta = std::fs::metadata(path).with_context(|| path.display().to_string())?;
    ensure!(meta.is_file(), "{}: not a regular file; name a program", path.display());
    ensure!(meta.len() <= MAX_PROGRAM, "{}: larger than {} GiB", path.display(), MAX_PROGRAM >> 30);
    std::fs::read(path).with_context(|| path.display().to_string())
}

fn hash(bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(bytes);
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Both hashes at once, and the comparison.
fn compare(a: (&Path, &[u8]), b: (&Path, &[u8])) -> anyhow::Result<(Vec<String>, Comparison)> {
    let (hashes, found) = std::thread::scope(|scope| {
        let hashes = scope.spawn(|| vec![hash(a.1), hash(b.1)]);
        let found = gorepro::compare(a.1, b.1);
        (hashes.join().unwrap_or_default(), found)
    });
    let found = found.map_err(|gorepro::Error::Unread { side, source }| {
        let path = if side == 0 { a.0 } else { b.0 };
        anyhow::anyhow!(crate::inspect::named(path, &source))
    })?;
    Ok((hashes, found))
}

fn of_files(a: &Path, b: &Path) -> anyhow::Result<Option<Reproduction>> {
    let (first, second) = (read(a)?, read(b)?);
    for (path, bytes) in [(a, &first), (b, &second)] {
        ensure!(
            is_of_go(bytes),
            "{}: no Go program: it has neither build info nor a function table",
            path.display()
        );
    }
    let (hashes, found) = compare((a, &first), (b, &second))?;
    let names = vec![a.display().to_string(), b.display().to_string()];
    let mut made = Reproduction { names, hashes, found: Some(found), ..Reproduction::default() };
    made.know(&second);
    Ok(Some(made))
}

/// Whether any of its architectures was made by Go; what cannot be read is named where it is compared.
fn is_of_go(program: &[u8]) -> bool {
    let Ok(parts) = goartifact::parts(program) else { return true };
    parts.into_iter().any(|(offset, size)| {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let end = start.saturating_add(usize::try_from(size).unwrap_or(usize::MAX));
        let part = program.get(start..end.min(program.len())).unwrap_or_default();
        goartifact::Container::parse(part, part.len() as u64).map_or(true, |container| {
            container.build_info().map_or(true, |info| info.is_some())
                || container.functions().map_or(true, |table| table.is_some())
        })
    })
}

impl Reproduction {
    /// What the program says of itself.
    fn know(&mut self, program: &[u8]) {
        let container = goartifact::Container::parse(program, program.len() as u64).ok();
        let info = container.and_then(|container| container.build_info().ok().flatten());
        self.module =
            info.as_ref().and_then(|info| info.main.as_ref()).map(|main| main.path.clone());
        self.go_version = info.map(|info| info.go_version);
    }
}

/// Builds both, compares, proves; none where it was interrupted.
fn of_builds(
    args: &ReproArgs,
    system: &OsSystem,
    console: &Console,
) -> anyhow::Result<Option<Reproduction>> {
    let is = |name: &str| {
        args.flags.iter().any(|flag| flag.trim_start_matches('-').split('=').next() == Some(name))
    };
    ensure!(!is("o"), "-o is goward's own here: the programs are kept with --keep DIR");
    ensure!(!is("C"), "-C is goward's own here: name the folder with --dir");
    ensure!(!is("n"), "-n builds nothing, and there is nothing to compare");
    let shop = match Workshop::open(args, system) {
        Err(_) if system.cancel_token().is_cancelled() => return Ok(None),
        shop => shop?,
    };
    let tell =
        |en: &str, zh: &str| console.tell(&format!("goward: {}\n", console.lang.pick(en, zh)));
    let mut built: Vec<PathBuf> = vec![];
    let knob = Knob::default();
    let mut made = Reproduction { names: vec!["a".into(), "b".into()], ..Reproduction::default() };
    for (side, (en, zh)) in
        [("first build", "第一次构建"), ("second build", "第二次构建")].into_iter().enumerate()
    {
        tell(en, zh);
        match shop.build(side, "program", &knob) {
            Ok(program) => built.push(program),
            Err(_) if system.cancel_token().is_cancelled() => return Ok(None),
            Err(err) => {
                made.unknown = Some(shop.neutral(&format!("{en}: {err:#}")));
                return Ok(Some(made));
            }
        }
    }
    if let Some(line) = sums::in_doubt(&shop) {
        made.unknown = Some(format!("go mod verify: {line}"));
        return Ok(Some(made));
    }
    let [first, second] = built.as_slice() else { return Ok(None) };
    let (a, b) = (read(first)?, read(second)?);
    let (hashes, found) = compare((first, &a), (second, &b))?;
    let mut found = found;
    for line in found.causes.iter_mut().flat_map(|cause| &mut cause.evidence) {
        *line = shop.neutral(line);
    }
    made.know(&b);
    made.hashes = hashes;
    if let Some(dir) = &args.keep {
        keep_programs(dir, [&a, &b])?;
        made.names = ["a", "b"].map(|name| dir.join(name).display().to_string()).to_vec();
    }
    drop((a, b));
    if args.prove && !found.same {
        tell("building without what is suspected", "去掉可疑因素后再次构建");
        match prove::prove(&shop, &found) {
            Ok(proofs) => made.proofs = proofs,
            Err(_) if system.cancel_token().is_cancelled() => return Ok(None),
            Err(err) => console.warn(&err.context("--prove")),
        }
    }
    made.found = Some(found);
    Ok(Some(made))
}

fn keep_programs(dir: &Path, programs: [&[u8]; 2]) -> anyhow::Result<()> {
    std::fs::create_dir_all(dir).with_context(|| format!("--keep {}", dir.display()))?;
    for (name, program) in ["a", "b"].iter().zip(programs) {
        let path = dir.join(name);
        let write = || -> std::io::Result<()> {
            use std::os::unix::fs::OpenOptionsExt as _;
            // What was there is replaced; a link is not followed.
            match std::fs::remove_file(&path) {
                Err(err) if err.kind() != std::io::ErrorKind::NotFound => return Err(err),
                _ => {}
            }
            let mut options = std::fs::OpenOptions::new();
            let mut file = options.write(true).create_new(true).mode(0o755).open(&path)?;
            file.write_all(program)
        };
        write().with_context(|| format!("--keep {}", path.display()))?;
    }
    Ok(())
}

fn identity(args: &ReproArgs, made: &Reproduction, started: jiff::Timestamp) -> Identity {
    Identity {
        module: made.module.clone(),
        go_version: made.go_version.clone(),
        ..begun(started, target(args).display().to_string())
    }
}

/// What the report is of: the second program, or the folder.
fn target(args: &ReproArgs) -> &Path {
    args.compare.as_deref().and_then(<[PathBuf]>::last).unwrap_or(&args.dir)
}
