//! goward: the gate between a Go build and its release.
//!
//! `main` is a table of contents: the command line is read, one subcommand runs, its exit status
//! is the process's.

mod build;
mod cache;
mod chaos;
mod check;
mod cli;
mod config;
mod console;
mod context;
mod diff;
mod dsse;
mod explain;
mod files;
mod graph;
mod history;
mod hook;
mod inspect;
mod keys;
mod matrix;
mod own_cache;
mod plumbing;
mod policy;
mod printable;
mod repro;
mod shell;
mod snapshot;
mod units;

use cli::Subcommand;
use goward_model::ExitStatus;
use std::process::ExitCode;

fn main() -> ExitCode {
    // In front of a tool of a build there is no command line to read, and no millisecond to lose.
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    if let Some(status) = goward_build::toolexec::as_observer(&words) {
        return ExitCode::from(status);
    }
    // So it is where a fault is put in.
    if let Some(status) = chaos::shim() {
        return ExitCode::from(status);
    }
    let (cli, lang) = match cli::parse(std::env::args_os()) {
        Ok(parsed) => parsed,
        Err(answer) => return ExitCode::from(answer.print()),
    };
    let console = console::Console::new(&cli.global, lang);
    if let Err(err) = check::refuse_formats(&cli.global) {
        console.error(&err);
        return ExitCode::from(ExitStatus::Usage as u8);
    }
    let done = match &cli.command {
        Subcommand::Check(args) => check::run(args, &cli.global, &console),
        Subcommand::Build(args) => return build(args, &cli.global, &console),
        Subcommand::Explain(args) => explain::run(args, &cli.global, &console),
        Subcommand::Chaos(args) => chaos::run(args, &cli.global, &console),
        Subcommand::Hook(args) => hook::run(args, &cli.global, &console),
        Subcommand::History(args) => history::run(args, &cli.global, &console),
        Subcommand::Config(args) => config::run(args, &console),
        Subcommand::Context(args) => context::run(args, &console),
        Subcommand::Inspect(args) => inspect::run(args, &cli.global, &console),
        Subcommand::Repro(args) => repro::run(args, &cli.global, &console),
        Subcommand::Snapshot(args) => snapshot::run(args, &cli.global, &console),
        Subcommand::Diff(args) => diff::run(args, &cli.global, &console),
        Subcommand::Cache(args) => cache::run(args, &cli.global, &console),
        Subcommand::Matrix(args) => matrix::run(args, &cli.global, &console),
        Subcommand::Graph(args) => graph::run(args, &cli.global, &console),
        Subcommand::Plumbing(args) => plumbing::run(args, &console),
        Subcommand::Completions(args) => shell::completions(args, &console),
        Subcommand::Man(args) => shell::man(args, &console),
    };
    let status = done.unwrap_or_else(|err| {
        console.error(&err);
        ExitStatus::Usage
    });
    ExitCode::from(status as u8)
}

/// A build ends as go did: with its exit status, or by the signal that ended it.
fn build(args: &cli::ObserveArgs, global: &cli::Global, console: &console::Console) -> ExitCode {
    match build::run(args, global, console) {
        Ok(build::Ending::Status(status)) => ExitCode::from(status),
        Ok(build::Ending::Signal(signal)) => ExitCode::from(goward_build::by_signal(signal)),
        Err(err) => {
            console.error(&err);
            ExitCode::from(ExitStatus::Usage as u8)
        }
    }
}
