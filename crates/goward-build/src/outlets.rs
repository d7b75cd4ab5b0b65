//! The outputs of the go command: passed on to ours, and read by the classifier on the way.

use crate::command_line::GoCommand;
use crate::downloads::{self, Download};
use crate::folder::Folder;
use crate::log::Log;
use crate::run::{Stopped, now_ns};
use crate::signals::Signals;
use crate::stream::{self, Copied, Restore, Stream, Tap};
use crate::tool_run;
use goward_causes::Seen;
use std::fs::File;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long what the build left behind may hold its output open, nothing being written to ours.
const LEAK: Duration = Duration::from_millis(100);
/// Between two looks whether all is passed on, at first and later.
const LOOK: [Duration; 2] = [Duration::from_micros(200), Duration::from_millis(5)];
/// Pieces of output on their way to the classifier.
const QUEUE: usize = 64;

/// Our outputs, and what the command writes to instead.
#[derive(Default)]
pub(crate) struct Outlets {
    /// The command's end, and which of ours it goes to.
    streams: Vec<(Stream, Real)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Real {
    Out,
    Err,
}

impl Real {
    pub(crate) fn fd(self) -> BorrowedFd<'static> {
        match self {
            Real::Out => rustix::stdio::stdout(),
            Real::Err => rustix::stdio::stderr(),
        }
    }
}

impl Outlets {
    /// Standard error is always looked at; standard output where the go command itself speaks there.
    pub(crate) fn open(
        command: &GoCommand,
        child: &mut Command,
        unobserved: &mut Vec<String>,
    ) -> Self {
        let (out, err) = (Real::Out.fd(), Real::Err.fd());
        let together = stream::same(out, err);
        let speaks = matches!(command.verb(), "build" | "install" | "test" | "vet" | "generate");
        let mut streams = vec![];
        match Stream::like(err) {
            Ok(stream) => {
                let theirs = stream.theirs.try_clone();
                if together && let Ok(theirs) = theirs {
                    child.stdout(theirs);
                }
                if let Ok(theirs) = stream.theirs.try_clone() {
                    child.stderr(theirs);
                    streams.push((stream, Real::Err));
                }
            }
            Err(reason) => unobserved.push(format!("standard error: {reason}")),
        }
        if speaks && !together {
            match Stream::like(out) {
                Ok(stream) => {
                    if let Ok(theirs) = stream.theirs.try_clone() {
                        child.stdout(theirs);
                        streams.push((stream, Real::Out));
                    }
                }
                Err(reason) => unobserved.push(format!("standard output: {reason}")),
            }
        }
        child.stdin(Stdio::inherit());
        Self { streams }
    }
}

/// The threads that pass output on, and the one that reads it.
pub(crate) struct Pumping {
    copies: Vec<Copying>,
    terminals: Vec<(Real, OwnedFd)>,
    sender: SyncSender<Vec<u8>>,
    classifier: JoinHandle<(Option<Seen>, Log)>,
    downloads: Arc<Mutex<Vec<Download>>>,
}

/// A thread that passes an output on.
struct Copying {
    real: Real,
    /// It waits for whoever reads ours.
    writing: Arc<AtomicBool>,
    thread: JoinHandle<Copied>,
}

/// What was learnt from what the command said.
#[derive(Default)]
pub(crate) struct Heard {
    /// None where it said nothing.
    pub(crate) seen: Option<Seen>,
    pub(crate) log: Log,
    pub(crate) downloads: Vec<Download>,
}

/// What became of the command's output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Whoever read it went away.
    pub nobody_reads: bool,
    /// Standard output could not be written: why (a full disk).
    pub stdout_failed: Option<String>,
    /// The rest was given up: a signal, or the deadline, while nobody took it.
    pub given_up: Option<Stopped>,
}

impl Pumping {
    pub(crate) fn start(
        outlets: Outlets,
        observer: Option<&Path>,
        folder: Option<&Folder>,
    ) -> Self {
        let (sender, receiver) = sync_channel::<Vec<u8>>(QUEUE);
        let downloads = Arc::new(Mutex::new(vec![]));
        let list = Arc::clone(&downloads);
        let (forward, pieces) = sync_channel::<Vec<u8>>(QUEUE);
        // The time of a line is the time when it came, not when it is classified.
        let clock = std::thread::spawn(move || {
            // An empty piece is the end: what the build left behind may hold a sender for long.
            for piece in receiver {
                let last = piece.is_empty();
                if let Ok(mut list) = list.lock() {
                    downloads::begun(&piece, now_ns(), &mut list);
                }
                if forward.send(piece).is_err() || last {
                    break;
                }
            }
        });
        let classifier = std::thread::spawn(move || {
            let mut tap = Tap::new(pieces);
            // What knows all wordings takes milliseconds to set up; a build with nothing to do says nothing.
            let seen = tap.begins().then(|| goward_causes::see(&mut tap).unwrap_or_default());
            let _ = clock.join();
            (seen, tap.into_log())
        });
        let mut copies = vec![];
        let mut terminals = vec![];
        for (stream, real) in outlets.streams {
            let Stream { theirs, ours, terminal } = stream;
            drop(theirs);
            if terminal && let Ok(ours) = ours.try_clone() {
                terminals.push((real, ours.into()));
            }
            let restore =
                observer.zip(folder).map(|(observer, folder)| restore(observer, folder.tools()));
            let sender: SyncSender<Vec<u8>> = sender.clone();
            let writing = Arc::new(AtomicBool::new(false));
            let says = Arc::clone(&writing);
            let thread = std::thread::spawn(move || {
                stream::copy(ours, real.fd(), Some(&sender), restore.as_ref(), &says)
            });
            copies.push(Copying { real, writing, thread });
        }
        Self { copies, terminals, sender, classifier, downloads }
    }

    pub(crate) fn terminals(&self) -> Vec<(Real, OwnedFd)> {
        let copy = |(real, fd): &(Real, OwnedFd)| Some((*real, fd.try_clone().ok()?));
        self.terminals.iter().filter_map(copy).collect()
    }

    /// Waits until all was passed on. A slow reader is waited for, as the command itself would; what the
    /// build left running may not hold us.
    pub(crate) fn end(self, signals: &mut Signals, deadline: Option<Instant>) -> (Heard, Passed) {
        let given_up = self.wait(signals, deadline);
        let mut passed = Passed { given_up, ..Passed::default() };
        for copy in self.copies.into_iter().filter(|copy| copy.thread.is_finished()) {
            match copy.thread.join() {
                Ok(Copied::NobodyReads) => passed.nobody_reads = true,
                Ok(Copied::Failed(why)) if copy.real == Real::Out => {
                    passed.stdout_failed = Some(why);
                }
                _ => {}
            }
        }
        let _ = self.sender.send(vec![]);
        let (seen, log) = self.classifier.join().unwrap_or_default();
        let downloads = self.downloads.lock().map(|list| list.clone()).unwrap_or_default();
        (Heard { seen, log, downloads }, passed)
    }

    /// Gives why the rest is given up.
    fn wait(&self, signals: &mut Signals, deadline: Option<Instant>) -> Option<Stopped> {
        let mut idle = Duration::ZERO;
        let mut looked = Instant::now();
        loop {
            let mut open = self.copies.iter().filter(|copy| !copy.thread.is_finished()).peekable();
            open.peek()?;
            let writing = open.any(|copy| copy.writing.load(Ordering::Relaxed));
            let since = looked.elapsed();
            looked = Instant::now();
            if !writing {
                idle += since;
            }
            if idle >= LEAK {
                return None;
            }
            if let Some(signal) = signals.asked().filter(|_| writing) {
                return Some(Stopped::Signal(signal));
            }
            if writing && deadline.is_some_and(|deadline| looked >= deadline) {
                return Some(Stopped::Deadline);
            }
            let [soon, later] = LOOK;
            std::thread::sleep(if writing { later } else { soon });
        }
    }
}

/// The go command names the first word of `-toolexec` where it would have named the tool.
fn restore(observer: &Path, tools: PathBuf) -> Restore {
    let tool = move || {
        let (runs, _) = File::open(&tools).and_then(tool_run::read).ok()?;
        runs.into_iter().rev().find(|run| !run.asked && !run.succeeded()).map(|run| run.path)
    };
    Restore { needle: format!("{}: ", observer.display()).into_bytes(), tool: Box::new(tool) }
}
