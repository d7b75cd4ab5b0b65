//! Runs a command so that its end is truly the end.
//!
//! The command gets a process group of its own. At its limit the group is sent TERM, then KILL;
//! what left the group (a daemon that called `setsid`) is found by a variable it inherited. Output
//! is read as it comes and capped, so that a flood costs neither memory nor the answer's time.

use super::CancelToken;
use crate::{Captured, Command, Ended, Output, SystemError};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use std::fs::File;
use std::io::{ErrorKind, Read as _, Seek as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Between TERM and KILL. The promise is an answer within 100 ms of the limit.
const GRACE: Duration = Duration::from_millis(50);
/// How long what a command started may hold its output open after it has exited.
const LEAK_GRACE: Duration = Duration::from_millis(50);
/// How often the user's interruption is looked for.
const TICK: Duration = Duration::from_millis(20);
/// The variable by which processes that left their group are found.
const MARKER: &str = "GOWARD_ITEM";

static COUNT: AtomicU64 = AtomicU64::new(0);

pub(super) fn run(
    command: &Command,
    root: &Path,
    cancel: &CancelToken,
) -> Result<Output, SystemError> {
    let started = Instant::now();
    let marker = format!("{}.{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut running = Running::spawn(command, root, &marker)?;
    let deadline = started + command.limit;
    let mut buffer = vec![0; 64 << 10];

    let mut ended = None;
    while ended.is_none() {
        let now = Instant::now();
        if cancel.is_cancelled() {
            ended = Some(Ended::Cancelled);
        } else if now >= deadline {
            ended = Some(Ended::TimedOut);
        } else {
            running.pump((deadline - now).min(TICK), &mut buffer);
            ended = running.try_wait(&command.argv[0])?;
        }
    }
    let ended = ended.unwrap_or(Ended::TimedOut);
    let mut leaked = false;
    if matches!(ended, Ended::Code(_) | Ended::Signal(_)) {
        running
            .drain(LEAK_GRACE.min(deadline.saturating_duration_since(Instant::now())), &mut buffer);
        leaked = running.group_lives();
    }
    if leaked || matches!(ended, Ended::TimedOut | Ended::Cancelled) {
        running.end_group(&mut buffer);
        sweep(&marker);
    } else if running.is_open() {
        // Nobody is left in the group, yet somebody holds the pipe.
        leaked = true;
        sweep(&marker);
    }
    let [stdout, stderr] = running.outputs.map(|output| output.captured);
    Ok(Output { ended, stdout, stderr, elapsed: started.elapsed(), leaked })
}

/// One output of a running command.
struct Pipe {
    file: Option<File>,
    captured: Captured,
}

struct Running {
    child: Child,
    group: Pid,
    /// Readable once the child has exited.
    exited: Option<OwnedFd>,
    outputs: [Pipe; 2],
    reaped: bool,
}

/// A file holds any input; a pipe would have to be fed while the output is read.
fn stdin(input: &[u8]) -> std::io::Result<Stdio> {
    if input.is_empty() {
        return Ok(Stdio::null());
    }
    let mut file = tempfile::tempfile()?;
    file.write_all(input)?;
    file.rewind()?;
    Ok(file.into())
}

impl Running {
    fn spawn(command: &Command, root: &Path, marker: &str) -> Result<Self, SystemError> {
        let program = command.argv.first().map(String::as_str).unwrap_or_default();
        let dir = command.dir.as_ref().map_or_else(|| root.to_owned(), |dir| root.join(dir));
        let mut child = std::process::Command::new(program);
        for name in &command.without {
            child.env_remove(name);
        }
        let mut child = child
            .args(command.argv.iter().skip(1))
            .env("LC_ALL", "C")
            .env(MARKER, marker)
            .envs(command.env.iter().map(|(name, value)| (name, value)))
            .current_dir(&dir)
            .stdin(stdin(&command.input).map_err(|err| SystemError::of_io(program, &err))?)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|err| match err.kind() {
                ErrorKind::NotFound if !dir.is_dir() => {
                    SystemError::NotFound(dir.display().to_string())
                }
                ErrorKind::NotFound => SystemError::NotFound(format!("the program {program}")),
                _ => SystemError::of_io(program, &err),
            })?;
        let pipe = |file: Option<OwnedFd>| Pipe {
            file: file.map(File::from),
            captured: Captured::new(command.keep),
        };
        let outputs = [
            pipe(child.stdout.take().map(OwnedFd::from)),
            pipe(child.stderr.take().map(OwnedFd::from)),
        ];
        let group = Pid::from_child(&child);
        Ok(Self { exited: exit_watch(group), child, group, outputs, reaped: false })
    }

    /// Waits until there is output, the child exits or `limit` is over; reads what there is.
    fn pump(&mut self, limit: Duration, buffer: &mut [u8]) {
        let mut fds = Vec::with_capacity(3);
        let open: Vec<usize> =
            (0..self.outputs.len()).filter(|&i| self.outputs[i].file.is_some()).collect();
        for &i in &open {
            if let Some(file) = &self.outputs[i].file {
                fds.push(PollFd::from_borrowed_fd(file.as_fd(), PollFlags::IN));
            }
        }
        let watched = if self.reaped { None } else { self.exited.as_ref() };
        if let Some(exited) = watched {
            fds.push(PollFd::from_borrowed_fd(exited.as_fd(), PollFlags::IN));
        }
        // Without a descriptor for the exit, look for it often.
        let blind = !self.reaped && self.exited.is_none();
        let limit = if blind { limit.min(Duration::from_millis(2)) } else { limit };
        let timeout = Timespec::try_from(limit).unwrap_or_default();
        // An error (EINTR) means that nothing is ready; the caller's loop asks again.
        let _ = poll(&mut fds, Some(&timeout));
        let ready: Vec<usize> = open
            .iter()
            .zip(&fds)
            .filter(|(_, fd)| !fd.revents().is_empty())
            .map(|(&i, _)| i)
            .collect();
        for i in ready {
            let pipe = &mut self.outputs[i];
            let Some(file) = &mut pipe.file else { continue };
            match file.read(buffer) {
                Ok(0) => pipe.file = None,
                Ok(n) => pipe.captured.push(&buffer[..n]),
                Err(err) if err.kind() == ErrorKind::Interrupted => {}
                Err(_) => pipe.file = None,
            }
        }
    }

    /// Reads on until all output is closed or `limit` is over.
    fn drain(&mut self, limit: Duration, buffer: &mut [u8]) {
        let deadline = Instant::now() + limit;
        while self.is_open() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            self.pump(left, buffer);
        }
    }

    fn is_open(&self) -> bool {
        self.outputs.iter().any(|output| output.file.is_some())
    }

    fn try_wait(&mut self, program: &str) -> Result<Option<Ended>, SystemError> {
        let status = self.child.try_wait().map_err(|err| SystemError::of_io(program, &err))?;
        self.reaped = status.is_some();
        Ok(status.map(|status| match (status.code(), status.signal()) {
            (Some(code), _) => Ended::Code(code),
            (None, signal) => Ended::Signal(signal.unwrap_or_default()),
        }))
    }

    /// Whether anybody is left in the group. Zombies of other parents count for a moment only.
    fn group_lives(&self) -> bool {
        test_kill_process_group(self.group).is_ok()
    }

    /// TERM, a grace, KILL, and the child is reaped.
    fn end_group(&mut self, buffer: &mut [u8]) {
        let _ = kill_process_group(self.group, Signal::TERM);
        let deadline = Instant::now() + GRACE;
        while Instant::now() < deadline {
            if !self.reaped {
                self.reaped = matches!(self.child.try_wait(), Ok(Some(_)));
            }
            if self.reaped && !self.group_lives() {
                break;
            }
            self.pump(Duration::from_millis(2), buffer);
        }
        let _ = kill_process_group(self.group, Signal::KILL);
        if !self.reaped {
            // KILL cannot be refused; a child in uninterruptible sleep is left to init.
            let deadline = Instant::now() + GRACE / 2;
            while Instant::now() < deadline && !matches!(self.child.try_wait(), Ok(Some(_))) {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        // What is in the pipe already is the reason people look for.
        self.drain(Duration::from_millis(1), buffer);
    }
}

/// A descriptor that becomes readable when the process exits. The child is not reaped before we
/// wait for it, so its number cannot have been given to another.
#[cfg(target_os = "linux")]
fn exit_watch(pid: Pid) -> Option<OwnedFd> {
    rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()).ok()
}

#[cfg(not(target_os = "linux"))]
fn exit_watch(_: Pid) -> Option<OwnedFd> {
    None
}

/// Kills what inherited our marker but left the group. Rare, so a look at all processes is cheap.
#[cfg(target_os = "linux")]
fn sweep(marker: &str) {
    let wanted = format!("{MARKER}={marker}");
    let Ok(processes) = std::fs::read_dir("/proc") else { return };
    for entry in processes.flatten() {
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(environ) = std::fs::read(entry.path().join("environ")) else { continue };
        if environ.split(|byte| *byte == 0).any(|var| var == wanted.as_bytes())
            && let Some(pid) = Pid::from_raw(pid)
        {
            let _ = rustix::process::kill_process(pid, Signal::KILL);
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn sweep(_: &str) {}
