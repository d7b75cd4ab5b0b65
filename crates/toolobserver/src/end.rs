//! How a process ends, and passing it on: signals to a child, a child's end to whoever waits for us.

use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, kill_process, pidfd_open};
use std::os::fd::AsFd as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ExitStatus};

/// The signals that ask a build to end.
const ENDING: [Signal; 4] = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTERM];

/// While it stands, a signal that would end this process is passed to its child, so that the child
/// never outlives the one who waits for it. A child that ignores it (`nohup`) ignores it still.
///
/// The signals stay blocked from its start; the standard library gives a child none of that.
pub(crate) struct Forward(SignalFd);

impl Forward {
    pub(crate) fn start() -> nix::Result<Self> {
        let signals: SigSet = ENDING.into_iter().collect();
        signals.thread_block()?;
        Ok(Self(SignalFd::with_flags(&signals, SfdFlags::SFD_CLOEXEC)?))
    }

    /// Waits for the child's end; it is not reaped.
    pub(crate) fn until_end(&self, child: &Child) {
        let pid = Pid::from_child(child);
        // Without pidfd (Linux before 5.3) signals are not passed on; the child ends all the same.
        let Ok(exited) = pidfd_open(pid, PidfdFlags::empty()) else { return };
        loop {
            let mut fds = [&exited.as_fd(), &self.0.as_fd()]
                .map(|fd| PollFd::from_borrowed_fd(*fd, PollFlags::IN));
            match poll(&mut fds, None) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return,
            }
            let [ended, asked] = fds.map(|fd| fd.revents().contains(PollFlags::IN));
            if ended {
                return;
            }
            if asked {
                self.pass_on(pid);
            }
        }
    }

    fn pass_on(&self, child: Pid) {
        let Ok(Some(arrived)) = self.0.read_signal() else { return };
        let signal = i32::try_from(arrived.ssi_signo).ok();
        if let Some(signal) = signal.and_then(rustix::process::Signal::from_named_raw) {
            // It may have ended meanwhile.
            let _ = kill_process(child, signal);
        }
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
    let _ = SigSet::all().thread_unblock();
    if signal_hook::low_level::emulate_default_handler(signal).is_err()
        && let Some(signal) = rustix::process::Signal::from_named_raw(signal)
    {
        let _ = kill_process(rustix::process::getpid(), signal);
    }
    u8::try_from(128 + signal).unwrap_or(255)
}
