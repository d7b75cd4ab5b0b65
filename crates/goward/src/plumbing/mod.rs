//! `goward plumbing`: small, stable commands for scripts, each a thin door to a library.
//!
//! They exit with 0 when they have an answer, whatever it is, and with 2 when the input could not
//! be read. What they print is documented in `docs/plumbing.md` and only ever grows.

mod build_list;
mod h1;
mod launch_flag;
mod module_path;
mod placeholder;
mod semver;
mod tls;

use crate::cli::{PlumbingArgs, PlumbingCommand};
use crate::console::Console;
use anyhow::{Context as _, bail};
use goward_model::ExitStatus;
use std::io::Read as _;
use std::path::Path;

/// More is not read of one input.
const LIMIT: u64 = 256 << 20;

pub(crate) fn run(args: &PlumbingArgs, console: &Console) -> anyhow::Result<ExitStatus> {
    let answer = match &args.command {
        PlumbingCommand::LaunchFlag { kind, flag, file } => {
            launch_flag::answer(*kind, flag, &input(file)?, console.lang)?
        }
        PlumbingCommand::Placeholders { file, mode, allow } => {
            placeholder::answer(file, &input(file)?, *mode, allow)?
        }
        PlumbingCommand::GoMod { file } => {
            return go_file(file, console, |text| Ok(gomod::parse_go_mod(text)?.to_json()));
        }
        PlumbingCommand::Semver => semver::answer(&lines()?)?,
        PlumbingCommand::ModulePath => module_path::answer(&lines()?),
        PlumbingCommand::H1 { path, prefix } => h1::answer(path, prefix.as_deref())?,
        PlumbingCommand::BuildList { dir } => return build_list::run(dir, console),
        PlumbingCommand::GoWork { .. }
        | PlumbingCommand::GoSum { .. }
        | PlumbingCommand::VendorModules { .. }
        | PlumbingCommand::SumdbNote { .. }
        | PlumbingCommand::DockerignoreMatch { .. }
        | PlumbingCommand::DockerignoreParse { .. } => bail!("not there yet"),
        PlumbingCommand::Tls { cert, key, ca, host, min_days } => {
            tls::answer(cert, key.as_deref(), ca.as_deref(), host, *min_days)?
        }
    };
    console.print(&answer)?;
    Ok(ExitStatus::Open)
}

/// A file's bytes, or standard input's for `-`.
fn input(file: &Path) -> anyhow::Result<Vec<u8>> {
    let name = file.display();
    let mut bytes = vec![];
    if file == Path::new("-") {
        let read = std::io::stdin().lock().take(LIMIT + 1).read_to_end(&mut bytes);
        read.context("reading standard input")?;
    } else {
        #[expect(
            clippy::disallowed_methods,
            reason = "the composition root reads what it is given"
        )]
        let open = std::fs::File::open(file).with_context(|| format!("reading {name}"))?;
        open.take(LIMIT + 1).read_to_end(&mut bytes).with_context(|| format!("reading {name}"))?;
    }
    if bytes.len() as u64 > LIMIT {
        bail!("{name} is larger than the {LIMIT} bytes that are read");
    }
    Ok(bytes)
}

/// Standard input as text.
fn lines() -> anyhow::Result<String> {
    String::from_utf8(input(Path::new("-"))?).context("standard input is not UTF-8")
}

/// A file in one of Go's own formats as JSON; exit status 1 where Go refuses it, with Go's words.
fn go_file(
    file: &Path,
    console: &Console,
    parse: impl Fn(&[u8]) -> Result<serde_json::Value, Vec<gomod::Error>>,
) -> anyhow::Result<ExitStatus> {
    match parse(&input(file)?) {
        Ok(value) => {
            console.print(&(serde_json::to_string_pretty(&value)? + "\n"))?;
            Ok(ExitStatus::Open)
        }
        Err(errors) => {
            for error in errors {
                console.refuse(&format!("{}:{error}", file.display()));
            }
            Ok(ExitStatus::Closed)
        }
    }
}
