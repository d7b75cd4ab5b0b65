//! The end of what a command says.

use std::collections::VecDeque;
use std::io::{PipeReader, Read as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Default)]
struct State {
    bytes: VecDeque<u8>,
    dropped: u64,
    closed: bool,
}

/// Reads a pipe on a thread of its own and keeps its end.
pub(super) struct Tail(Arc<(Mutex<State>, Condvar)>);

impl Tail {
    /// Starts to read.
    pub(super) fn of(mut pipe: PipeReader, kept: usize) -> Self {
        let shared = Arc::new((Mutex::<State>::default(), Condvar::new()));
        let ours = Arc::clone(&shared);
        std::thread::spawn(move || {
            let mut buffer = vec![0; 64 << 10];
            loop {
                let count = match pipe.read(&mut buffer) {
                    Err(err) if err.kind() == std::io::ErrorKind::Interrupted => continue,
                    Ok(0) | Err(_) => break,
                    Ok(count) => count,
                };
                let mut state = lock(&ours.0);
                state.bytes.extend(buffer.iter().take(count));
                let over = state.bytes.len().saturating_sub(kept);
                state.bytes.drain(..over);
                state.dropped += over as u64;
            }
            lock(&ours.0).closed = true;
            ours.1.notify_all();
        });
        Self(shared)
    }

    /// Waits until nobody can say anything any more; gives whether it came to that.
    pub(super) fn closes_within(&self, limit: Duration) -> bool {
        let state = lock(&self.0.0);
        let waited = self.0.1.wait_timeout_while(state, limit, |state| !state.closed);
        waited.map_or_else(|poisoned| poisoned.into_inner().0.closed, |(state, _)| state.closed)
    }

    /// What was kept, and how many bytes before it were not.
    pub(super) fn take(&self) -> (Vec<u8>, u64) {
        let mut state = lock(&self.0.0);
        (std::mem::take(&mut state.bytes).into(), state.dropped)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
