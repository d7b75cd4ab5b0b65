//! Prints what `go list -m all` prints: `cargo run --example list -- DIR [list|versions|graph|why PATH|sums]`.
//!
//! `GOMODCACHE`, `GOWORK` and `GOFLAGS` count as for the go command.

#![expect(clippy::disallowed_methods, reason = "an example reads its environment")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]

use buildlist::{BuildList, Error, GoWorkSetting, Options};
use std::env;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn options() -> Result<Options, Error> {
    let home = env::var("HOME").unwrap_or_default();
    let gopath = env::var("GOPATH").unwrap_or_else(|_| format!("{home}/go"));
    let gomodcache = env::var("GOMODCACHE").unwrap_or_else(|_| format!("{gopath}/pkg/mod"));
    let mut options = Options { gomodcache: PathBuf::from(gomodcache), ..Options::default() };
    options.gowork = GoWorkSetting::from_env(&env::var("GOWORK").unwrap_or_default());
    options.apply_goflags(&env::var("GOFLAGS").unwrap_or_default())?;
    Ok(options)
}

fn answer(dir: &Path, question: &str, path: &str) -> Result<String, Error> {
    let options = options()?;
    if question == "graph" {
        return Ok(lines(buildlist::graph(dir, &options)?.edges()));
    }
    let list = buildlist::load(dir, &options)?;
    Ok(match question {
        "versions" => versions(&list),
        "why" => lines(list.why(path).iter().map(|one| format!("{} {}", one.path, one.version))),
        "sums" => lines(
            list.go_mods_read().iter().map(|one| format!("{} {}/go.mod", one.path, one.version)),
        ),
        _ => lines(list.modules()),
    })
}

/// `path version` of dependencies, `path` of main modules.
fn versions(list: &BuildList) -> String {
    lines(list.modules().iter().map(|module| match &module.version {
        Some(version) => format!("{} {version}", module.path),
        None => module.path.clone(),
    }))
}

fn lines(items: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    items.into_iter().fold(String::new(), |mut text, item| {
        let _ = writeln!(text, "{item}");
        text
    })
}

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let arg = |index: usize| args.get(index).map_or("", String::as_str);
    let dir = if arg(0).is_empty() { "." } else { arg(0) };
    match answer(Path::new(dir), arg(1), arg(2)) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("go: {error}");
            ExitCode::from(if error.is_inconclusive() { 3 } else { 1 })
        }
    }
}
