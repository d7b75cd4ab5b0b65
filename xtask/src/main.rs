//! The project's chores.
//!
//! `cargo xtask test` is the one command that sets everything up and passes all tests; the others
//! are its parts, and `compare`, which measures goward against its peers.

#![expect(clippy::disallowed_methods, reason = "chores work on the real world")]

mod compare;
mod docs;
mod fuzz;
mod guards;
mod layers;
mod semconv;
mod setup;
mod shell;
mod suite;
mod transcripts;

use anyhow::{Context as _, Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask test               everything: set-up, format, lints, docs, guards, all tests
cargo xtask explore [ROUNDS]   the property tests with texts that nobody saw before
cargo xtask layers             dependencies point downwards only
cargo xtask guards             each lint catches its planted violation
cargo xtask docs [--check]     docs/checks and docs/causes from their declarations
cargo xtask schema [--check]   docs/schema from the types
cargo xtask tamper             docs/tamper.md from what Go and goward say today
cargo xtask transcripts [CAUSE]  breaks builds with real tools and records what they say
cargo xtask transcripts --script-tests  how many of the go command's own expectations get a cause
cargo xtask compare WHAT …     ratios against peers: placeholders DIR, check DIR, items, flood, startup,
                               modcache DIR, build-list DIR, cache DIR, context, graph DIR, hook REPO FILE, explain, build DIR PACKAGE,
                               inspect [BIN] | repro [REPO | A B]
cargo xtask fuzz [--seconds N] [TARGET]  runs each fuzz target so long (60), from real files where it reads such
cargo xtask semconv            the names in traces are OpenTelemetry's
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            // The chain of reasons; a backtrace would hide it.
            eprintln!("error: {err:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Result<()> {
    match args {
        ["test"] => suite::run(),
        ["explore"] => suite::explore(1),
        ["explore", rounds] => suite::explore(rounds.parse().context("ROUNDS is a number")?),
        ["fuzz", rest @ ..] => fuzz::run(rest),
        ["layers"] => layers::run(),
        ["guards"] => guards::run(),
        ["docs"] => docs::checks(false).and_then(|()| docs::causes(false)),
        ["docs", "--check"] => docs::checks(true).and_then(|()| docs::causes(true)),
        ["schema"] => docs::schemas(false),
        ["schema", "--check"] => docs::schemas(true),
        ["semconv"] => semconv::check(),
        ["tamper"] => docs::tamper(),
        ["transcripts", rest @ ..] => transcripts::run(rest),
        ["compare", what, rest @ ..] => compare::run(what, rest),
        _ => bail!("{USAGE}"),
    }
}
