//! `goward build`: the go command, watched. Its output, exit status and signals are go's own; what
//! goward has to say follows on standard error.

mod chrome;
mod identity;
mod keep;
mod outcome;
pub(crate) mod page;
mod summary;
mod telemetry;
mod waterfall;

use crate::cli::{Global, ObserveArgs};
use crate::console::Console;
use crate::own_cache;
use anyhow::Context as _;
use goward_build::{Attempt, Build, End, Failure, GoCommand, Ran, Request, Stopped};
use goward_causes::{Outcome, Retry, Verdict};
use goward_model::ExitStatus;
use goward_report::{Format, render};
use goward_system::OsSystem;
use std::ffi::OsString;
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
    let go = go_command();
    let observer = std::env::current_exe().ok();
    let identity = identity::Identity::start(&command);
    let cache = args.isolated.then(empty_cache).transpose()?;
    let env = cache.as_ref().map(|folder| isolated(&go, folder.path())).transpose()?;
    let env = env.unwrap_or_default();
    let mut attempts: Vec<Attempt> = vec![];
    let (ran, verdict) = loop {
        let request = Request {
            go: &go,
            command: &command,
            observer: observer.as_deref(),
            env: &env,
            deadline: args.deadline,
            max_rss: args.max_rss,
        };
        let ran = goward_build::run(&request)?;
        let verdict = judge(&ran, &command, args.release);
        let pause = pause(&ran, &verdict, attempts.len(), args.retry_infra);
        let Some(pause) = pause else { break (ran, verdict) };
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
        attempts.push(again);
        std::thread::sleep(pause);
    };
    let mut build = ran.document();
    build.retried = attempts;
    build.failure = failure(&verdict);
    build.command =
        command.words().iter().map(|word| word.to_string_lossy().into_owned()).collect();
    identity.tell(&mut build, ran.program.as_deref());
    let kept = keep::keep(&build, &ran, &verdict, args);
    publish(&build, &verdict, kept.log.as_deref(), args, global, console);
    if let Some(err) = kept.problem.filter(|_| !args.silent) {
        console.warn(&err);
    }
    Ok(ending(&ran))
}

/// The go command: `GOWARD_GO`, else the one on the PATH.
#[expect(
    clippy::disallowed_methods,
    reason = "the user's own choice of a program, not the target's"
)]
pub(crate) fn go_command() -> OsString {
    std::env::var_os("GOWARD_GO").filter(|go| !go.is_empty()).unwrap_or_else(|| "go".into())
}

/// A build cache that nobody wrote to before.
fn empty_cache() -> anyhow::Result<tempfile::TempDir> {
    let folder = tempfile::Builder::new().prefix("goward-gocache-").tempdir();
    folder.context("making a build cache for --isolated; TMPDIR says where")
}

/// The variables with which go takes nothing from elsewhere.
fn isolated(go: &OsString, folder: &Path) -> anyhow::Result<Vec<(OsString, OsString)>> {
    let go = go.to_str().context("GOWARD_GO is no text")?;
    let cache = folder.join("go-build");
    let system = OsSystem::at(".");
    let variables = own_cache::variables(go, Path::new("."), &cache, folder, &system)?;
    Ok(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
}

/// Why it failed.
fn judge(ran: &Ran, command: &GoCommand, release: bool) -> Verdict {
    let mut verdict = ran.seen.verdict(&ran.facts());
    if ran.program_failed(command) {
        // It was built, and ran: what it says is its own.
        verdict.outcome = Outcome::OtherFailure;
        verdict.causes.clear();
    }
    if release { verdict.on_release_branch() } else { verdict }
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
fn ending(ran: &Ran) -> Ending {
    match (ran.stopped, ran.end) {
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
    args: &ObserveArgs,
    global: &Global,
    console: &Console,
) {
    if !args.silent {
        let text = match global.format {
            Format::Human => summary::text(build, verdict, log, args, console),
            Format::Json => serde_json::to_string_pretty(build).unwrap_or_default(),
            format => render(&outcome::report(build), format, &console.options(false)),
        };
        console.tell(&text);
    }
    let files = [(&args.html, page::page as fn(&Build) -> String), (&args.trace, chrome::trace)];
    for (file, text) in files {
        if let Some(file) = file
            && let Err(err) = write(file, &text(build))
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
        crate::check::to_files(&outcome::report(build), global, console);
    }
}

/// Writes a file that was asked for.
fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    crate::files::write(file, text.as_bytes())
}
