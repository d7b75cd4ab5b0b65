//! goward: the gate between a Go build and its release.
//!
//! `main` is a table of contents: the command line is read, one subcommand runs, its exit status
//! is the process's.

mod chaos;
mod check;
mod cli;
mod config;
mod console;
mod context;
mod explain;
mod graph;
mod history;
mod hook;
mod plumbing;
mod policy;
mod shell;

use cli::Subcommand;
use goward_model::ExitStatus;
use std::process::ExitCode;

fn main() -> ExitCode {
    // Between go and its tools goward is nothing but a detour: before anything else is looked at.
    if let Some(status) = chaos::shim() {
        return ExitCode::from(status);
    }
    let (cli, lang) = match cli::parse(std::env::args_os()) {
        Ok(parsed) => parsed,
        Err(answer) => return ExitCode::from(answer.print()),
    };
    let console = console::Console::new(&cli.global, lang);
    let done = match &cli.command {
        Subcommand::Check(args) => check::run(args, &cli.global, &console),
        Subcommand::Explain(args) => explain::run(args, &cli.global, &console),
        Subcommand::Chaos(args) => chaos::run(args, &cli.global, &console),
        Subcommand::Hook(args) => hook::run(args, &cli.global, &console),
        Subcommand::History(args) => history::run(args, &cli.global, &console),
        Subcommand::Config(args) => config::run(args, &console),
        Subcommand::Context(args) => context::run(args, &console),
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
