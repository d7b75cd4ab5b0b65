//! `goward chaos`: builds that fail on purpose, and whether they are explained as they must be.

mod asked;
mod json;
mod list;
mod table;

use crate::check::{begun, to_files_as};
use crate::cli::{ChaosArgs, ChaosCommand, ChaosRunArgs, Global};
use crate::console::Console;
use anyhow::Context as _;
use goward_chaos::{Record, Scenario, Setup, experiment, judge};
use goward_model::{ExitStatus, Gate, Identity, Outcome, Report, Verdict};
use goward_report::{Format, render};
use goward_system::System as _;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What goward is where it stands between go and its tools; an exit status only where it could not become the tool.
pub(crate) fn shim() -> Option<u8> {
    let args: Vec<std::ffi::OsString> = std::env::args_os().collect();
    goward_chaos::shim::entry(&args)
}

pub(crate) fn run(
    args: &ChaosArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    match &args.command {
        ChaosCommand::List => list::run(global, console),
        ChaosCommand::Run(args) => try_all(args, global, console),
    }
}

fn try_all(args: &ChaosRunArgs, global: &Global, console: &Console) -> anyhow::Result<ExitStatus> {
    let scenarios = asked::scenarios(args)?;
    let cancel = Arc::new(AtomicBool::new(false));
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
        signal_hook::flag::register(signal, Arc::clone(&cancel))?;
    }
    let system = goward_system::OsSystem::at(Path::new("."));
    let started = (system.now(), system.unix_time());
    let setup = match asked::setup(args, console, &cancel) {
        Err(_) if cancel.load(Ordering::Relaxed) => return Ok(ExitStatus::Interrupted),
        setup => setup?,
    };
    let mut records: Vec<Record> = vec![];
    let mut outcomes: Vec<Outcome> = vec![];
    for (number, scenario) in scenarios.iter().enumerate() {
        if cancel.load(Ordering::Relaxed) {
            break;
        }
        announce(number, scenarios.len(), scenario);
        let begun = system.now();
        let record = experiment(scenario, &setup, &cancel);
        let latency = system.now().duration_since(begun).as_secs_f64() * 1e3;
        let limit = u64::try_from(setup.deadline(scenario).as_millis()).unwrap_or(u64::MAX);
        outcomes.push(judge(scenario, &record, latency, limit));
        if let Some(dir) = &args.logs {
            keep(dir, &record).with_context(|| format!("--logs {}", dir.display()))?;
        }
        records.push(record);
    }
    let latency = system.now().duration_since(started.0).as_secs_f64() * 1e3;
    let gate = gate(&outcomes, args.strict);
    let mut report = Report::new(identity(&setup, args, started.1), outcomes, gate, latency);
    if cancel.load(Ordering::Relaxed) {
        report = report.interrupted();
    }
    let text = |format: Format, color: bool| match format {
        Format::Json => json::render(&report, &records, &setup),
        Format::Human => {
            let text = render(&report, format, &console.options(color));
            table::human(&records, &setup, console.lang) + "\n" + &text
        }
        Format::Markdown => {
            let text = render(&report, format, &console.options(false));
            text + "\n" + &table::markdown(&records, &setup, console.lang)
        }
        _ => render(&report, format, &console.options(false)),
    };
    console.print(&text(global.format, console.color))?;
    Ok(to_files_as(&report, global, console, &|format| text(format, false)))
}

/// A line on the terminal, because a scenario may take a minute.
fn announce(number: usize, all: usize, scenario: &Scenario) {
    if std::io::stderr().is_terminal() {
        let _ = writeln!(std::io::stderr(), "[{}/{all}] {}", number + 1, scenario.id);
    }
}

/// What was wrongly classified closes the gate; what could not be judged leaves it undecided, and so does what could
/// not be run where that is asked for.
fn gate(outcomes: &[Outcome], strict: bool) -> Gate {
    let of = |outcome: &Outcome| match &outcome.verdict {
        Verdict::Skip(_) if strict => Gate::Inconclusive,
        verdict => verdict.gate(),
    };
    outcomes.iter().map(of).max().unwrap_or(Gate::Inconclusive)
}

fn identity(setup: &Setup, args: &ChaosRunArgs, unix_time: i64) -> Identity {
    let started = jiff::Timestamp::from_second(unix_time).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let words = args.command.iter().map(|word| word.to_string_lossy().into_owned());
    let command: Vec<String> = words.collect();
    Identity {
        go_version: Some(setup.go.version.clone()),
        ..begun(started, if command.is_empty() { "chaos".into() } else { command.join(" ") })
    }
}

/// Writes what the build said to `DIR/SCENARIO.log`.
#[expect(clippy::disallowed_methods, reason = "files that the user asks for")]
fn keep(dir: &Path, record: &Record) -> std::io::Result<()> {
    let Some(attempt) = record.shown() else { return Ok(()) };
    std::fs::create_dir_all(dir)?;
    std::fs::write(dir.join(format!("{}.log", record.id)), &attempt.transcript)
}

#[cfg(test)]
mod tests {
    use super::*;
    use goward_model::{SlaTier, Text};

    #[test]
    fn the_worst_outcome_decides() {
        let outcome = |verdict| Outcome {
            check: "x".into(),
            group: "chaos".into(),
            title: Text::default(),
            tier: SlaTier::P1,
            verdict,
            unknown: None,
            note: None,
            latency_ms: 0.0,
            timeout_ms: 0,
            critical_threshold: None,
            measured: None,
            blocked_by: None,
        };
        let pass = || outcome(Verdict::Pass);
        let skip = || outcome(Verdict::Skip(Text::same("root")));
        let unknown = || outcome(Verdict::Inconclusive(Text::same("?")));
        let fail = || outcome(Verdict::Fail(vec![]));
        assert_eq!(gate(&[pass(), skip()], false), Gate::Open);
        assert_eq!(gate(&[pass(), skip()], true), Gate::Inconclusive);
        assert_eq!(gate(&[pass(), unknown()], false), Gate::Inconclusive);
        assert_eq!(gate(&[unknown(), fail(), pass()], false), Gate::Closed);
        assert_eq!(gate(&[], false), Gate::Inconclusive);
    }
}
