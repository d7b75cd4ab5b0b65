//! How a process ends, and passing it on: signals to a child, a child's end to whoever waits for us.

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use signal_hook::consts::signal::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ExitStatus};

/// The signals that ask a build to end.
pub(crate) const ENDING: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

/// Those of [`ENDING`] that were not ignored when this process began, as `nohup` has it.
pub(crate) fn heeded() -> Vec<i32> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    ENDING.into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0).collect()
}

/// While it stands, a signal that would end this process is passed to its child, so that the child
/// never outlives the one who waits for it.
pub(crate) struct Forward {
    /// Becomes readable when its signal arrives.
    pipes: Vec<(i32, UnixStream)>,
}

impl Forward {
    pub(crate) fn start() -> std::io::Result<Self> {
        let mut pipes = vec![];
        for signal in heeded() {
            let (read, write) = UnixStream::pair()?;
            signal_hook::low_level::pipe::register(signal, write)?;
            pipes.push((signal, read));
        }
        Ok(Self { pipes })
    }

    /// Waits for the child's end; it is not reaped.
    pub(crate) fn until_end(&self, child: &Child) {
        let pid = Pid::from_child(child);
        // Without pidfd (Linux before 5.3) signals are not passed on; the child ends all the same.
        let Ok(exited) = pidfd_open(pid, PidfdFlags::empty()) else { return };
        let mut open: Vec<bool> = self.pipes.iter().map(|_| true).collect();
        loop {
            let ready = self.wait(&exited, &open);
            if ready.first() == Some(&true) {
                return;
            }
            for (at, (signal, pipe)) in self.pipes.iter().enumerate() {
                if ready.get(at + 1) == Some(&true) && open.get(at) == Some(&true) {
                    drain(pipe, &mut open, at);
                    if let Some(signal) = Signal::from_named_raw(*signal) {
                        let _ = kill_process(pid, signal);
                    }
                }
            }
        }
    }

    /// Which are readable: the child's end first, then the pipes.
    fn wait(&self, exited: &OwnedFd, open: &[bool]) -> Vec<bool> {
        let mut fds = vec![PollFd::from_borrowed_fd(exited.as_fd(), PollFlags::IN)];
        for ((_, pipe), open) in self.pipes.iter().zip(open) {
            let flags = if *open { PollFlags::IN } else { PollFlags::empty() };
            fds.push(PollFd::from_borrowed_fd(pipe.as_fd(), flags));
        }
        match poll(&mut fds, None) {
            Ok(_) => fds.iter().map(|fd| fd.revents().contains(PollFlags::IN)).collect(),
            Err(rustix::io::Errno::INTR) => vec![],
            Err(_) => vec![true],
        }
    }
}

/// Takes one wake-up out of the pipe.
fn drain(mut pipe: &UnixStream, open: &mut [bool], at: usize) {
    use std::io::Read as _;
    let read = pipe.read(&mut [0; 16]);
    if !matches!(read, Ok(1..))
        && let Some(open) = open.get_mut(at)
    {
        *open = false;
    }
}

/// Ends as the child did: by the same signal, or gives its exit status.
pub(crate) fn as_it_ended(status: ExitStatus) -> u8 {
    match (status.code(), status.signal()) {
        (Some(code), _) => u8::try_from(code).unwrap_or(1),
        (None, Some(signal)) => by_signal(signal),
        (None, None) => 1,
    }
}

/// Ends this process by a signal; where that does not end it, as a shell would say it.
pub fn by_signal(signal: i32) -> u8 {
    if signal_hook::low_level::emulate_default_handler(signal).is_err()
        && let Some(signal) = Signal::from_named_raw(signal)
    {
        let _ = kill_process(rustix::process::getpid(), signal);
    }
    u8::try_from(128 + signal).unwrap_or(255)
}
