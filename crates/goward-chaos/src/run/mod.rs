//! Runs a command in a process group of its own: both streams in order, a deadline, samples of its memory.
//!
//! This is the only place where a build is started.

mod memory;
mod tail;

pub use memory::Sample;

use memory::Curve;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::PathBuf;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tail::Tail;

/// Between TERM and KILL.
const GRACE: Duration = Duration::from_millis(500);
/// How long what a command started may hold its output open after it has exited.
const LEAK_GRACE: Duration = Duration::from_millis(500);
/// How often the command is looked at.
const TICK: Duration = Duration::from_millis(10);
/// The end of what a command says that is kept.
const KEPT: usize = 1 << 20;

/// What is run.
#[derive(Clone, Debug)]
pub struct Command {
    /// The program and its arguments.
    pub argv: Vec<OsString>,
    /// Where.
    pub dir: PathBuf,
    /// The whole environment.
    pub env: Vec<(OsString, OsString)>,
    /// When it is ended.
    pub deadline: Duration,
    /// Where standard output goes, if not where standard error goes.
    pub stdout: Option<PathBuf>,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Ran {
    /// The exit status.
    pub exit_status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// The deadline ended it.
    pub deadline_passed: bool,
    /// The user ended it.
    pub interrupted: bool,
    /// The end of what it said on both streams, in order.
    pub transcript: Vec<u8>,
    /// How many bytes before it are not kept.
    pub dropped: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// The memory of the process group.
    pub memory: Vec<Sample>,
}

/// Runs a command to its end, or ends it: at its deadline, or when `cancel` is set.
///
/// # Errors
/// The program cannot be started.
pub fn run(command: &Command, cancel: &AtomicBool) -> io::Result<Ran> {
    let started = Instant::now();
    let (mut child, tail) = spawn(command)?;
    let group = Pid::from_raw(child.id().cast_signed());
    let mut curve = Curve::new(group, started);
    let mut ran = Ran::default();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        curve.sample();
        ran.interrupted = cancel.load(Ordering::Relaxed);
        ran.deadline_passed = !ran.interrupted && started.elapsed() >= command.deadline;
        if ran.interrupted || ran.deadline_passed {
            break end(&mut child, group)?;
        }
        std::thread::sleep(TICK);
    };
    if !tail.closes_within(LEAK_GRACE) {
        // Somebody of the group holds the output.
        let _ = killpg(group, Signal::SIGKILL);
        tail.closes_within(LEAK_GRACE);
    }
    // Whoever is left of the group ends with it.
    let _ = killpg(group, Signal::SIGKILL);
    ran.elapsed = started.elapsed();
    if let Some(status) = status {
        ran.exit_status = status.code();
        ran.signal = status.signal();
    }
    (ran.transcript, ran.dropped) = tail.take();
    ran.memory = curve.into_samples();
    Ok(ran)
}

fn spawn(command: &Command) -> io::Result<(Child, Tail)> {
    let (program, args) = command
        .argv
        .split_first()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no program"))?;
    let (reader, writer) = io::pipe()?;
    let stdout = match &command.stdout {
        Some(file) => Stdio::from(File::create(file)?),
        None => Stdio::from(writer.try_clone()?),
    };
    let mut process = std::process::Command::new(program);
    process.args(args).current_dir(&command.dir).env_clear();
    process.envs(command.env.iter().map(|(name, value)| (name, value)));
    process.stdin(Stdio::null()).stdout(stdout).stderr(writer).process_group(0);
    let child = process.spawn()?;
    // The writers that this process holds are closed with `process`.
    drop(process);
    Ok((child, Tail::of(reader, KEPT)))
}

/// TERM, a grace, KILL; the child is reaped.
fn end(child: &mut Child, group: Pid) -> io::Result<Option<ExitStatus>> {
    let _ = killpg(group, Signal::SIGTERM);
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline {
        let gone = killpg(group, None).is_err();
        if let Some(status) = child.try_wait()?
            && gone
        {
            return Ok(Some(status));
        }
        std::thread::sleep(TICK);
    }
    let _ = killpg(group, Signal::SIGKILL);
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        std::thread::sleep(TICK);
    }
    // In uninterruptible sleep; init will reap it.
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, deadline: Duration) -> Ran {
        let argv = ["/bin/sh", "-c", script].map(OsString::from).to_vec();
        let env = vec![("PATH".into(), "/usr/bin:/bin".into())];
        let command = Command { argv, dir: "/".into(), env, deadline, stdout: None };
        run(&command, &AtomicBool::new(false)).unwrap()
    }

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn both_streams_come_in_order() {
        let ran = sh("echo one; echo two >&2; echo three; exit 3", LONG);
        assert_eq!(String::from_utf8_lossy(&ran.transcript), "one\ntwo\nthree\n");
        assert_eq!((ran.exit_status, ran.signal, ran.deadline_passed), (Some(3), None, false));
    }

    #[test]
    fn a_signal_is_told_from_an_exit_status() {
        let ran = sh("kill -9 $$", LONG);
        assert_eq!((ran.exit_status, ran.signal), (None, Some(9)));
    }

    #[test]
    fn a_deadline_ends_the_whole_group() {
        let ran =
            sh("trap '' TERM; sleep 61 & echo $!; wait; sleep 61", Duration::from_millis(300));
        assert!(ran.deadline_passed && ran.elapsed < Duration::from_secs(5), "{ran:?}");
        let pid = String::from_utf8_lossy(&ran.transcript).trim().to_owned();
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        assert!(stat.is_empty() || stat.contains(") Z "), "{stat}");
    }

    #[test]
    fn who_holds_the_output_is_not_waited_for() {
        let ran = sh("sleep 61 & echo done", LONG);
        assert!(ran.elapsed < Duration::from_secs(5), "{:?}", ran.elapsed);
        assert_eq!(ran.transcript, b"done\n");
    }

    #[test]
    fn a_flood_is_bounded() {
        let ran = sh("head -c 3000000 /dev/zero | tr '\\0' x; echo end", LONG);
        assert_eq!(ran.transcript.len(), KEPT);
        assert!(ran.transcript.ends_with(b"xend\n"));
        assert_eq!(ran.dropped, 3_000_004 - KEPT as u64);
    }

    #[test]
    fn memory_is_sampled() {
        let ran = sh("sleep 0.4", LONG);
        assert!(ran.memory.iter().any(|sample| sample.bytes > 0), "{:?}", ran.memory);
    }

    #[test]
    fn an_interruption_ends_it() {
        let argv = ["/bin/sleep", "61"].map(OsString::from).to_vec();
        let command = Command { argv, dir: "/".into(), env: vec![], deadline: LONG, stdout: None };
        let ran = run(&command, &AtomicBool::new(true)).unwrap();
        assert!(ran.interrupted && ran.signal == Some(15), "{ran:?}");
    }
}
