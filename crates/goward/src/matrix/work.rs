//! Builds the cells: several at once within a budget, each in a process group of its own.

use super::cell::{Cell, Known, Measured, Verdict};
use super::compiler::Compiler;
use super::{advice, plan};
use goward_causes::{Facts, Retry, cause_of};
use goward_chaos::{Command, Ran};
use goward_model::Text;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

/// What a cell is thought to take before one was measured.
const GUESS: u64 = 512 << 20;
/// How much evidence is kept.
const LINES: usize = 3;
/// Characters of a line that nothing is known of.
const LINE: usize = 300;
/// How often the memory is looked at while a cell waits for it.
const TICK: Duration = Duration::from_millis(100);

/// What all cells have in common.
pub(super) struct Work<'a> {
    /// Where.
    pub(super) dir: PathBuf,
    /// Where go puts what it makes on the way: a folder of our own, since a build that is ended leaves it there.
    pub(super) temp: PathBuf,
    /// The user's environment.
    pub(super) env: Vec<(OsString, OsString)>,
    pub(super) patterns: &'a [String],
    pub(super) flags: &'a [String],
    pub(super) deadline: Duration,
    pub(super) retries: u32,
    /// How many cells at once.
    pub(super) jobs: usize,
    /// How many actions of go at once, in each cell.
    pub(super) parallel: usize,
    /// Memory for all cells together.
    pub(super) memory: u64,
}

/// A cell that is to be built.
#[derive(Clone)]
pub(super) struct Job {
    /// Its place in the table.
    pub(super) place: usize,
    pub(super) cell: Cell,
    /// The go command of its version.
    pub(super) go: PathBuf,
    pub(super) compiler: Option<Compiler>,
}

/// Who hears of the cells while they are built.
pub(super) trait Observer {
    fn started(&mut self, job: &Job);
    /// `None` for a cell that was interrupted.
    fn finished(&mut self, job: &Job, measured: Option<&Measured>);
}

/// Builds all jobs; what was interrupted is left out.
pub(super) fn build_all(
    work: &Work<'_>,
    jobs: Vec<Job>,
    cells: &mut [Known],
    observer: &mut dyn Observer,
    cancel: &AtomicBool,
) {
    let mut waiting = std::collections::VecDeque::from(jobs);
    let mut running = 0_usize;
    // The greatest that was measured: the next one may be like it.
    let mut each = GUESS;
    std::thread::scope(|scope| {
        let (sender, receiver) = channel::<(Job, Option<Measured>)>();
        loop {
            let stopped = cancel.load(Ordering::Relaxed);
            let fits = running == 0 || room(work, running, each);
            if !stopped
                && running < work.jobs
                && fits
                && let Some(job) = waiting.pop_front()
            {
                observer.started(&job);
                running += 1;
                let sender: Sender<_> = sender.clone();
                scope.spawn(move || {
                    let measured = build(work, &job, cancel);
                    // Who does not listen any more has no use for it.
                    let _ = sender.send((job, measured));
                });
                continue;
            }
            if running == 0 {
                break;
            }
            let Ok((job, measured)) = receiver.recv_timeout(TICK) else { continue };
            running -= 1;
            each = each.max(measured.as_ref().map_or(0, |it| it.peak_bytes));
            observer.finished(&job, measured.as_ref());
            if let Some(known) = cells.get_mut(job.place) {
                known.measured = measured;
            }
        }
    });
}

/// Whether one more cell has room in the budget, and on the machine.
fn room(work: &Work<'_>, running: usize, each: u64) -> bool {
    let wanted = each.saturating_mul(running as u64 + 1);
    wanted <= work.memory && available().is_none_or(|free| free >= each)
}

/// The memory that the kernel could give.
#[expect(clippy::disallowed_methods, reason = "the machine's own memory, not the target's")]
pub(super) fn available() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib << 10)
}

/// Builds a cell, and again where its cause is one that passes by itself; `None` where it was interrupted.
fn build(work: &Work<'_>, job: &Job, cancel: &AtomicBool) -> Option<Measured> {
    let command = command(work, job);
    let mut attempts = 0;
    loop {
        attempts += 1;
        let measured = match goward_chaos::run(&command, cancel) {
            Ok(ran) if ran.interrupted => return None,
            Ok(ran) => judge(job, &ran, attempts),
            Err(err) => Measured {
                verdict: Verdict::Unknown,
                cause: None,
                log_says: None,
                stage: None,
                tier: None,
                evidence: vec![format!("{}: {err}", job.go.display())],
                fix: None,
                wall_ms: 0,
                peak_bytes: 0,
                attempts,
                resumed: false,
            },
        };
        let retry = measured.cause.as_deref().and_then(cause_of).map(|cause| cause.retry);
        if retry != Some(Retry::Yes) || attempts > work.retries {
            return Some(measured);
        }
    }
}

fn command(work: &Work<'_>, job: &Job) -> Command {
    let mut argv: Vec<OsString> = vec![job.go.clone().into(), "build".into()];
    // What is linked is not kept.
    argv.extend(["-o".into(), "/dev/null".into(), "-p".into(), work.parallel.to_string().into()]);
    argv.extend(work.flags.iter().map(OsString::from));
    argv.push("--".into());
    argv.extend(work.patterns.iter().map(OsString::from));
    let ours: [&str; 9] = [
        "GOTOOLCHAIN",
        "GOROOT",
        "GOOS",
        "GOARCH",
        "CGO_ENABLED",
        "CC",
        "CXX",
        "LC_ALL",
        "GOTMPDIR",
    ];
    let is_ours = |name: &OsString| ours.iter().any(|it| name == it);
    let mut env: Vec<_> = work.env.iter().filter(|(name, _)| !is_ours(name)).cloned().collect();
    let mut set = |name: &str, value: &str| env.push((name.into(), value.into()));
    set("GOTOOLCHAIN", "local");
    set("GOOS", &job.cell.platform.os);
    set("GOARCH", &job.cell.platform.arch);
    set("CGO_ENABLED", if job.cell.cgo { "1" } else { "0" });
    set("LC_ALL", "C");
    set("GOTMPDIR", &work.temp.to_string_lossy());
    if let Some(compiler) = &job.compiler {
        set("CC", &compiler.cc);
        if let Some(cxx) = &compiler.cxx {
            set("CXX", cxx);
        }
    }
    Command { argv, dir: work.dir.clone(), env, deadline: work.deadline, stdout: None }
}

/// What came of a build.
fn judge(job: &Job, ran: &Ran, attempts: u32) -> Measured {
    let text = String::from_utf8_lossy(&ran.transcript);
    let mut measured = Measured {
        verdict: Verdict::Pass,
        cause: None,
        log_says: None,
        stage: None,
        tier: None,
        evidence: vec![],
        fix: None,
        wall_ms: u64::try_from(ran.elapsed.as_millis()).unwrap_or(u64::MAX),
        peak_bytes: ran.memory.iter().map(|sample| sample.bytes).max().unwrap_or(0),
        attempts,
        resumed: false,
    };
    if ran.exit_status == Some(0) {
        // Go warns, and calls it a success.
        if let Some(line) = text.lines().find(|line| line.ends_with("matched no packages")) {
            measured.verdict = Verdict::Fail;
            measured.cause = plan::nothing_is_built().cause;
            measured.stage = Some("list".into());
            measured.evidence = vec![line.to_owned()];
            measured.fix = Some(advice::nothing_is_built());
        }
        return measured;
    }
    measured.verdict = Verdict::Fail;
    let facts = Facts {
        exit_status: ran.exit_status,
        signal: ran.signal,
        deadline_passed: ran.deadline_passed,
        ..Facts::default()
    };
    let verdict = goward_causes::classify_with(&ran.transcript, &facts);
    let first = verdict.causes.first();
    let mut cause = verdict.id();
    measured.stage = first.map(|found| found.stage.as_str().to_owned());
    measured.evidence = first
        .map_or(&verdict.evidence, |found| &found.evidence)
        .iter()
        .take(LINES)
        .map(|evidence| evidence.text.trim().to_owned())
        .collect();
    if measured.evidence.is_empty() {
        measured.evidence = last_lines(&text);
    }
    // What a compiler for another platform says looks like broken C. The probe knows better.
    if let Some(known) = job.compiler.as_ref().and_then(Compiler::cause)
        && job.cell.cgo
        && known != cause
        && (cause.starts_with("cgo.") || cause.starts_with("link."))
    {
        measured.log_says = Some(cause.to_owned());
        cause = known;
    }
    measured.fix = advice::fix(cause, job.compiler.as_ref());
    measured.tier = cause_of(cause).map(|cause| cause.tier.as_str().to_owned());
    measured.cause = Some(cause.to_owned());
    measured
}

/// What was said last, where nothing of it is known.
fn last_lines(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let from = lines.len().saturating_sub(LINES);
    lines.iter().skip(from).map(|line| line.chars().take(LINE).collect()).collect()
}

/// In words, for a cell whose toolchain could not be had.
pub(super) fn no_toolchain(why: &str) -> Measured {
    let verdict = goward_causes::classify(why.as_bytes());
    let fix = Text::new(
        "See whether the module proxy has it: go list -m -versions golang.org/toolchain",
        "查看模块代理是否有它：go list -m -versions golang.org/toolchain",
    );
    Measured {
        verdict: Verdict::Unknown,
        cause: Some(
            if verdict.causes.is_empty() { "toolchain.unavailable" } else { verdict.id() }.into(),
        ),
        log_says: None,
        stage: Some("env".into()),
        tier: None,
        evidence: vec![why.to_owned()],
        fix: Some(fix),
        wall_ms: 0,
        peak_bytes: 0,
        attempts: 0,
        resumed: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_nobody_knows_the_end_is_told() {
        assert_eq!(last_lines("one\n\n two\nthree\nfour\n"), ["two", "three", "four"]);
        assert_eq!(last_lines(""), [""; 0]);
    }

    #[test]
    fn a_cell_more_must_have_room_in_the_budget() {
        let work = |memory| Work {
            dir: "/".into(),
            temp: "/tmp".into(),
            env: vec![],
            patterns: &[],
            flags: &[],
            deadline: Duration::from_secs(1),
            retries: 0,
            jobs: 4,
            parallel: 1,
            memory,
        };
        assert!(room(&work(3 << 20), 2, 1 << 20));
        assert!(!room(&work(3 << 20), 3, 1 << 20));
        assert!(!room(&work(u64::MAX), 1, u64::MAX / 4), "more than the machine has");
    }
}
