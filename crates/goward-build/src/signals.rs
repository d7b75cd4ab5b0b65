//! Signals that goward gets while a build runs. They are the build's: it is told, and goward stays to
//! say what became of it.

use crate::end;
use signal_hook::consts::signal::SIGWINCH;
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::origin::{Origin, WithOrigin};
use signal_hook::low_level::siginfo::Cause;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::net::UnixStream;

/// Listens.
pub(crate) struct Signals(SignalDelivery<UnixStream, WithOrigin>);

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
    pub(crate) fn start() -> std::io::Result<Self> {
        let (read, write) = UnixStream::pair()?;
        let mut heeded = end::heeded();
        heeded.push(SIGWINCH);
        SignalDelivery::with_pipe(read, write, WithOrigin::default(), heeded).map(Self)
    }

    /// Readable when one arrives.
    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.0.get_read().as_fd()
    }

    /// Those that arrived since the last time.
    pub(crate) fn arrived(&mut self) -> Vec<Arrived> {
        let arrived = |origin: Origin| Arrived {
            signal: origin.signal,
            of_terminal: matches!(origin.cause, Cause::Kernel),
            resized: origin.signal == SIGWINCH,
        };
        self.0.pending().map(arrived).collect()
    }
}
