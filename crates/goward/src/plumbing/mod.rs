//! `goward plumbing`: small, stable commands for scripts, each a thin door to a library.
//!
//! They exit with 0 when they have an answer, whatever it is, and with 2 when the input could not
//! be read. What they print is documented in `docs/plumbing.md` and only ever grows.

mod artifact;
mod build_constraint;
mod build_info;
mod build_list;
mod dockerignore;
mod go_header;
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
            return go_file(file, console, |text| {
                gomod::parse_go_mod(text).map(|file| file.to_json()).map_err(all)
            });
        }
        PlumbingCommand::Semver => semver::answer(&lines()?)?,
        PlumbingCommand::ModulePath => module_path::answer(&lines()?),
        PlumbingCommand::DockerignoreMatch { file } => {
            dockerignore::matched(&input(file)?, &file.display().to_string(), &lines()?)?
        }
        PlumbingCommand::DockerignoreParse { file } => {
            dockerignore::parsed(&input(file)?, &file.display().to_string())?
        }
        PlumbingCommand::H1 { path, prefix } => h1::answer(path, prefix.as_deref())?,
        PlumbingCommand::Packages { dir, no_tests, pattern } => {
            let wanted = crate::graph::Wanted {
                patterns: pattern,
                tests: !no_tests,
                profiles: true,
                imports_only: false,
            };
            return match crate::graph::GoTree::load(dir, &wanted, console) {
                Err(err) if crate::graph::is_open(&err) => {
                    console.error(&err);
                    Ok(ExitStatus::Inconclusive)
                }
                tree => tree?.print(console),
            };
        }
        PlumbingCommand::Artifact { file, sizes } => return artifact::run(file, *sizes, console),
        PlumbingCommand::BuildInfo { file } => return build_info::run(file, console),
        PlumbingCommand::GoHeader { file } => {
            return go_header::run(&input(file)?, &file.display().to_string(), console);
        }
        PlumbingCommand::BuildConstraint { tags } => build_constraint::answer(&lines()?, tags),
        PlumbingCommand::BuildList { dir } => return build_list::run(dir, console),
        PlumbingCommand::GoWork { file } => {
            return go_file(file, console, |text| {
                gomod::parse_go_work(text).map(|work| work.to_json()).map_err(all)
            });
        }
        PlumbingCommand::GoSum { file } => {
            return go_file(file, console, |text| {
                gomod::parse_go_sum(text)
                    .map(|sum| sum.to_json())
                    .map_err(|err| vec![format!("{}: {err}", err.line)])
            });
        }
        PlumbingCommand::VendorModules { file } => {
            return go_file(file, console, |text| Ok(gomod::parse_vendor_modules(text).to_json()));
        }
        PlumbingCommand::SumdbNote { key, file } => {
            return match gosumdb::verify(key, &input(file)?) {
                Ok(note) => {
                    console.print(&note.text)?;
                    Ok(ExitStatus::Open)
                }
                Err(err) => {
                    console.refuse(&err.to_string());
                    Ok(ExitStatus::Closed)
                }
            };
        }
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
    parse: impl Fn(&[u8]) -> Result<serde_json::Value, Vec<String>>,
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

/// Each mistake in Go's words.
fn all(errors: Vec<gomod::Error>) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}
