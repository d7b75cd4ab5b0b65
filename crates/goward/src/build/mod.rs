//! `goward build`: the go command, watched. Its output, exit status and signals are go's own; what
//! goward has to say follows on standard error.

mod chrome;
mod identity;
mod isolated;
mod keep;
pub(crate) mod outcome;
pub(crate) mod page;
mod summary;
mod telemetry;
mod waterfall;

use crate::cli::{Global, ObserveArgs};
use crate::console::Console;
use anyhow::Context as _;
use goward_build::{
    Attempt, Build, End, Failure, GoCommand, GoProgram, Ran, Request, Signals, Stopped,
};
use goward_causes::{Outcome, Retry, Verdict};
use goward_model::ExitStatus;
use goward_report::{Format, render};
use goward_system::{OsSystem, System as _};
use std::path::Path;
use std::time::Duration;

/// The first pause before a retry; each next one is twice as long.
const BACKOFF: Duration = Duration::from_secs(1);
/// The longest.
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// How the process is to end.
pub(crate) enum Ending {
    /// With this exit status.
    Status(u8),
    /// By the signal that ended go.
    Signal(i32),
}

pub(crate) fn run(
    args: &ObserveArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<Ending> {
    let command = GoCommand::parse(&args.words);
    let go = match GoProgram::find()? {
        GoProgram::Named(go) => go,
        GoProgram::Behind(go, told) => {
            let err = GoProgram::become_it(&go, &told, &args.words);
            return Err(err).with_context(|| format!("starting {}", go.display()));
        }
    };
    // From here on there is something to remove.
    let mut signals = Signals::start();
    let begun = OsSystem::at(Path::new(".")).now();
    let observer = std::env::current_exe().ok();
    let identity = identity::Identity::start(&command);
    let cache = args.isolated.then(|| isolated::Cache::new(&go)).transpose()?;
    let env = cache.as_ref().map(|cache| cache.env.clone()).unwrap_or_default();
    let mut attempts: Vec<Attempt> = vec![];
    let (ran, verdict) = loop {
        let request = Request {
            go: &go,
            command: &command,
            observer: observer.as_deref(),
            env: &env,
            // It is the whole's, however often it is tried.
            deadline: args.deadline.map(|limit| limit.saturating_sub(begun.elapsed())),
            max_rss: args.max_rss,
        };
        let mut ran = goward_build::run(&request, &mut signals)?;
        let verdict = judge(&ran, &command, args.release);
        let pause = pause(&ran, &verdict, attempts.len(), args.retry_infra);
        let in_time =
            |pause: &Duration| args.deadline.is_none_or(|limit| begun.elapsed() + *pause < limit);
        let Some(pause) = pause.filter(in_time) else { break (ran, verdict) };
        let wall_ms = ran.wall.as_secs_f64() * 1e3;
        let again = Attempt {
            cause: verdict.id().to_owned(),
            wall_ms,
            waited_ms: pause.as_secs_f64() * 1e3,
        };
        if !args.silent {
            console.refuse(&summary::retry(
                &again,
                attempts.len() + 1,
                args.retry_infra,
                console.lang,
            ));
        }
        if let Some(signal) = signals.pause(pause) {
            ran.cancelled(signal);
            let verdict = judge(&ran, &command, args.release);
            break (ran, verdict);
        }
        attempts.push(again);
    };
    let mut build = ran.document();
    build.retried = attempts;
    build.failure = failure(&verdict);
    build.command =
        command.words().iter().map(|word| word.to_string_lossy().into_owned()).collect();
    identity.tell(&mut build, ran.goroot.as_deref());
    let kept = if command.only_tells() {
        keep::Kept::default()
    } else {
        keep::keep(&build, &ran, &verdict, args)
    };
    // `go env GOPATH` in a Makefile: nothing was built.
    let human = matches!(global.format, Format::Human) && !args.timeline;
    let nothing = human && command.only_tells() && build.succeeded();
    let says = !(args.silent || nothing);
    publish(&build, &verdict, kept.log.as_deref(), says, args, global, console);
    if let Some(err) = kept.problem.filter(|_| !args.silent) {
        console.warn(&err);
    }
    Ok(ending(&ran, &command))
}

/// The go command: `GOWARD_GO`, else the one on the PATH.
#[expect(
    clippy::disallowed_methods,
    reason = "the user's own choice of a program, not the target's"
)]
pub(crate) fn go_command() -> std::ffi::OsString {
    std::env::var_os("GOWARD_GO").filter(|go| !go.is_empty()).unwrap_or_else(|| "go".into())
}

/// Why it failed.
fn judge(ran: &Ran, command: &GoCommand, release: bool) -> Verdict {
    let mut verdict = ran.seen.verdict(&ran.facts());
    for cause in &mut verdict.causes {
        cause.evidence.iter_mut().for_each(|line| line.text = plain(&line.text));
    }
    // It was built, and ran: what it says is its own. And who reads no more (`| head`) breaks nothing.
    if ran.program_failed(command) || ran.nobody_read() {
        verdict.outcome = Outcome::OtherFailure;
        verdict.causes.clear();
    }
    // What was ended says what it said because it was ended.
    let ended_by = match ran.stopped {
        Some(Stopped::Deadline) => Some("resource.timeout"),
        Some(Stopped::Memory) => Some("resource.memory"),
        Some(Stopped::Signal(_)) => Some("infra.runner"),
        None => None,
    };
    let causes = &mut verdict.causes;
    if let Some(at) = causes.iter().position(|cause| ended_by == Some(cause.id)) {
        causes.get_mut(..=at).into_iter().for_each(|before| before.rotate_right(1));
    }
    if release { verdict.on_release_branch() } else { verdict }
}

/// What an event of `go build -json` or `go test -json` says; any other line as it is.
fn plain(line: &str) -> String {
    #[derive(serde::Deserialize)]
    struct Event {
        #[serde(rename = "Output")]
        output: String,
    }
    match serde_json::from_str::<Event>(line) {
        Ok(event) => event.output.trim_end().to_owned(),
        Err(_) => line.to_owned(),
    }
}

/// How long to wait before the next attempt; none: there is none.
fn pause(ran: &Ran, verdict: &Verdict, attempts: usize, allowed: u32) -> Option<Duration> {
    let attempts = u32::try_from(attempts).ok()?;
    let passes = verdict.causes.first().is_some_and(|cause| cause.retry == Retry::Yes);
    let again = ran.end != End::Code(0) && ran.stopped.is_none() && passes && attempts < allowed;
    again.then(|| BACKOFF.saturating_mul(2_u32.saturating_pow(attempts)).min(MAX_BACKOFF))
}

fn failure(verdict: &Verdict) -> Option<Failure> {
    if verdict.outcome == Outcome::Success {
        return None;
    }
    let Some(first) = verdict.causes.first() else {
        let cause = goward_causes::cause_of(verdict.id())?;
        return Some(Failure {
            cause: cause.id.to_owned(),
            owner: cause.owner.as_str().to_owned(),
            retry: cause.retry.as_str().to_owned(),
            tier: cause.tier.as_str().to_owned(),
            evidence: verdict.evidence.iter().map(|line| line.text.clone()).collect(),
            ..Failure::default()
        });
    };
    Some(Failure {
        cause: first.id.to_owned(),
        stage: first.stage.as_str().to_owned(),
        owner: first.owner.as_str().to_owned(),
        retry: first.retry.as_str().to_owned(),
        tier: first.tier.as_str().to_owned(),
        confidence: first.confidence,
        evidence: first.evidence.iter().map(|line| line.text.clone()).collect(),
        errors: verdict.errors,
        followers: verdict.followers,
    })
}

/// Go's own end; where goward ended it, the gate is closed.
fn ending(ran: &Ran, command: &GoCommand) -> Ending {
    match (ran.stopped, ran.end) {
        // `go test` alone fails where its output cannot be written; it wrote to us.
        (None, End::Code(0)) if command.verb() == "test" && ran.output.stdout_failed.is_some() => {
            Ending::Status(1)
        }
        (Some(Stopped::Deadline | Stopped::Memory), _) => Ending::Status(ExitStatus::Closed as u8),
        (_, End::Code(code)) => Ending::Status(u8::try_from(code).unwrap_or(1)),
        (_, End::Signal(signal)) => Ending::Signal(signal),
    }
}

/// Everybody hears of it. What cannot be written is said, and changes nothing.
fn publish(
    build: &Build,
    verdict: &Verdict,
    log: Option<&Path>,
    says: bool,
    args: &ObserveArgs,
    global: &Global,
    console: &Console,
) {
    if says {
        // For a person below what go said; for a program where nothing but it stands: on standard output.
        match global.format {
            Format::Human => console.tell(&summary::text(build, verdict, log, args, console)),
            format => {
                let text = match format {
                    Format::Json => serde_json::to_string_pretty(build).unwrap_or_default() + "\n",
                    _ => render(&outcome::report(build), format, &console.options(false)),
                };
                if let Err(err) = console.print(&text) {
                    console.error(&err.context("writing the report to standard output"));
                }
            }
        }
    }
    let files: [(_, &dyn Fn() -> String); 2] = [
        (&args.html, &|| page::page(build, console.lang)),
        (&args.trace, &|| chrome::trace(build)),
    ];
    for (file, text) in files {
        if let Some(file) = file
            && let Err(err) = write(file, &text())
        {
            console.error(&err);
        }
    }
    if let Err(err) = telemetry::tell(build, args)
        && !args.silent
    {
        console.warn(&err.context("this build is not in the traces"));
    }
    if !global.output.is_empty() {
        let report = outcome::report(build);
        crate::check::to_files_as(&report, global, console, &|format| match format {
            Format::Json => outcome::json(&report, build),
            _ => render(&report, format, &console.options(false)),
        });
    }
}

/// Writes a file that was asked for.
fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    crate::files::write(file, text.as_bytes())
}
