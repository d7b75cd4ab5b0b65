//! Signals that goward gets while a build runs. They are the build's: it is told, and goward stays to
//! say what became of it.

use crate::end;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::signal::SIGWINCH;
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::origin::{Origin, WithOrigin};
use signal_hook::low_level::siginfo::Cause;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

/// Listens, from before the first temporary file until the last is removed.
pub struct Signals(Option<SignalDelivery<UnixStream, WithOrigin>>);

/// One that arrived.
pub(crate) struct Arrived {
    /// Its number.
    pub(crate) signal: i32,
    /// The terminal sent it, to all in the foreground.
    pub(crate) of_terminal: bool,
    /// It only says that the terminal has another size.
    pub(crate) resized: bool,
}

impl Signals {
    /// Begins. Where it cannot be listened, signals do to this process what they do to any.
    pub fn start() -> Self {
        let listen = || {
            let (read, write) = UnixStream::pair()?;
            let mut heeded = end::heeded();
            heeded.push(SIGWINCH);
            heeded.extend(end::MEANINGLESS);
            SignalDelivery::with_pipe(read, write, WithOrigin::default(), heeded)
        };
        Self(listen().ok())
    }

    /// Whether it listens.
    pub(crate) fn listens(&self) -> bool {
        self.0.is_some()
    }

    /// Readable when one arrives.
    pub(crate) fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.0.as_ref().map(|it| it.get_read().as_fd())
    }

    /// The first signal that arrived since the last time and asks the build to end.
    pub(crate) fn asked(&mut self) -> Option<i32> {
        self.arrived().into_iter().find(|it| !it.resized).map(|it| it.signal)
    }

    /// Waits so long, or until a signal asks the build to end: that one.
    pub fn pause(&mut self, time: Duration) -> Option<i32> {
        let until = Instant::now() + time;
        loop {
            if let Some(signal) = self.asked() {
                return Some(signal);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            let mut fds: Vec<PollFd<'_>> = self
                .fd()
                .map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN))
                .into_iter()
                .collect();
            let _ = poll(&mut fds, Some(&Timespec::try_from(left).unwrap_or_default()));
        }
    }

    /// Those that arrived since the last time.
    pub(crate) fn arrived(&mut self) -> Vec<Arrived> {
        let arrived = |origin: Origin| Arrived {
            signal: origin.signal,
            of_terminal: matches!(origin.cause, Cause::Kernel),
            resized: origin.signal == SIGWINCH,
        };
        let means = |origin: &Origin| !end::MEANINGLESS.contains(&origin.signal);
        let pending = self.0.as_mut().map(|it| it.pending().filter(means).map(arrived).collect());
        pending.unwrap_or_default()
    }
}
