//! Outputs on their way to the remote, behind the build's back, until a limit after its end.

use crate::{Event, Listener, Remote, Signed};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How long the end of a session waits for what is still to be sent.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// Connections that send.
pub(crate) const SENDERS: usize = 4;

/// What is to be sent.
pub(crate) struct Upload {
    pub(crate) signed: Signed,
    pub(crate) object: PathBuf,
}

/// The queue: paths only, so that it needs no bound.
pub(crate) struct Uploads {
    queue: Mutex<Receiver<Upload>>,
    /// When the session ended.
    deadline: OnceLock<Instant>,
    sent: AtomicU64,
    failed: Mutex<(u64, String)>,
}

impl Uploads {
    pub(crate) fn new() -> (Sender<Upload>, Self) {
        let (sender, queue) = std::sync::mpsc::channel();
        let (sent, failed) = (AtomicU64::new(0), Mutex::new((0, String::new())));
        (sender, Self { queue: Mutex::new(queue), deadline: OnceLock::new(), sent, failed })
    }

    /// Sends until the other end is dropped and all is sent, or until it takes too long.
    pub(crate) fn work(&self, remote: &Remote, listener: &Listener) {
        loop {
            let next = self.queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(Upload { signed, object }) = next else { return };
            let late = self.deadline.get().is_some_and(|deadline| Instant::now() > *deadline);
            let (action, output) = (signed.statement.action, signed.statement.output);
            let sent = if remote.is_off() {
                Err("the remote is left alone".into())
            } else if late {
                Err("the build has ended".into())
            } else {
                remote.put(&output, &object, &action, &signed.text(), listener)
            };
            match sent {
                Ok(()) => {
                    self.sent.fetch_add(1, Ordering::Relaxed);
                }
                Err(why) => {
                    let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                    *failed = (failed.0 + 1, why);
                }
            }
        }
    }

    /// From here on there is a limit.
    pub(crate) fn end(&self, patience: Duration) {
        let _ = self.deadline.set(Instant::now() + patience);
    }

    /// How many were sent; tells of those that were not.
    pub(crate) fn finish(self, listener: &Listener) -> u64 {
        let (count, why) = self.failed.into_inner().unwrap_or_else(PoisonError::into_inner);
        if count > 0 {
            listener(Event::NotUploaded { count, why });
        }
        self.sent.into_inner()
    }
}
