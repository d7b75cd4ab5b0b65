//! Waiting for the go command: signals that come meanwhile, limits that are passed, and the end of all
//! that it started.

use crate::outlets::Real;
use crate::run::{End, Request, Stopped};
use crate::sample::{FIRST, Sampler};
use crate::signals::Signals;
use crate::{stream, tree};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::process::ExitStatusExt as _;
use std::process::Child;
use std::time::{Duration, Instant};

/// Between TERM and KILL: a linker has files to remove.
const GRACE: Duration = Duration::from_secs(3);

/// The one who waits.
pub(crate) struct Watch<'a> {
    request: &'a Request<'a>,
    go: Child,
    signals: &'a mut Signals,
    started: Instant,
    /// Whether somebody ended it.
    pub(crate) stopped: Option<Stopped>,
    /// What was at work when it was asked to end.
    pub(crate) at_work: Option<&'static str>,
    killed: bool,
    terminals: Vec<(Real, OwnedFd)>,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(
        request: &'a Request<'a>,
        go: Child,
        signals: &'a mut Signals,
        started: Instant,
        terminals: Vec<(Real, OwnedFd)>,
    ) -> Self {
        Self {
            request,
            go,
            signals,
            started,
            stopped: None,
            at_work: None,
            killed: false,
            terminals,
        }
    }

    pub(crate) fn until_end(&mut self, sampler: &mut Sampler) -> End {
        let exited = pidfd_open(Pid::from_child(&self.go), PidfdFlags::empty()).ok();
        let mut next = self.started + FIRST;
        let mut kill_at = None;
        loop {
            if let Ok(Some(status)) = self.go.try_wait() {
                return match (status.code(), status.signal()) {
                    (Some(code), _) => End::Code(code),
                    (None, signal) => End::Signal(signal.unwrap_or_default()),
                };
            }
            let now = Instant::now();
            if now >= next {
                next = Instant::now() + sampler.look(self.go.id());
                let full = self
                    .request
                    .max_rss
                    .is_some_and(|limit| sampler.points.last().is_some_and(|it| it.rss > limit));
                if full && self.stopped.is_none() {
                    kill_at = Some(self.stop(Stopped::Memory));
                }
            }
            let deadline = self.request.deadline.map(|limit| self.started + limit);
            if deadline.is_some_and(|deadline| now >= deadline) && self.stopped.is_none() {
                kill_at = Some(self.stop(Stopped::Deadline));
            }
            if kill_at.is_some_and(|at| now >= at) && !self.killed {
                tree::signal(&tree::below(std::process::id()), Signal::KILL);
                self.killed = true;
            }
            let marks = [
                Some(next),
                deadline.filter(|_| self.stopped.is_none()),
                kill_at.filter(|_| !self.killed),
            ];
            let until = marks.into_iter().flatten().min().unwrap_or(next);
            self.wait(exited.as_ref(), until.saturating_duration_since(Instant::now()));
            self.heed();
        }
    }

    /// Until the command ends, a signal arrives or the time is over.
    fn wait(&self, exited: Option<&OwnedFd>, limit: Duration) {
        let fds = exited.map(|fd| fd.as_fd()).into_iter().chain(self.signals.fd());
        let mut fds: Vec<PollFd<'_>> =
            fds.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)).collect();
        // Without a descriptor for the end it is looked for often.
        let limit = if exited.is_none() { limit.min(Duration::from_millis(2)) } else { limit };
        // An interruption means that there is something to look at.
        let _ = poll(&mut fds, Some(&Timespec::try_from(limit).unwrap_or_default()));
    }

    fn heed(&mut self) {
        for arrived in self.signals.arrived() {
            if arrived.resized {
                for (real, terminal) in &self.terminals {
                    stream::resize(real.fd(), terminal.as_fd());
                }
                continue;
            }
            let below = tree::below(std::process::id());
            if self.stopped.is_none() {
                self.stopped = Some(Stopped::Signal(arrived.signal));
                self.at_work = tree::at_work(&below);
            }
            // What the terminal sends, all in the foreground get.
            if let Some(signal) =
                Signal::from_named_raw(arrived.signal).filter(|_| !arrived.of_terminal)
            {
                tree::signal(&below, signal);
            }
        }
    }

    /// Asks all to end; gives when they have to.
    fn stop(&mut self, why: Stopped) -> Instant {
        let below = tree::below(std::process::id());
        self.stopped = Some(why);
        self.at_work = tree::at_work(&below);
        tree::signal(&below, Signal::TERM);
        Instant::now() + GRACE
    }
}

/// Ends what outlived the go command.
pub(crate) fn end_all() {
    let me = std::process::id();
    tree::signal(&tree::below(me), Signal::TERM);
    let deadline = Instant::now() + GRACE;
    loop {
        // Orphans are ours to reap.
        while let Ok(Some(_)) = rustix::process::wait(rustix::process::WaitOptions::NOHANG) {}
        let left = tree::below(me);
        if left.is_empty() {
            return;
        }
        if Instant::now() >= deadline {
            tree::signal(&left, Signal::KILL);
            std::thread::sleep(Duration::from_millis(20));
            while let Ok(Some(_)) = rustix::process::wait(rustix::process::WaitOptions::NOHANG) {}
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
