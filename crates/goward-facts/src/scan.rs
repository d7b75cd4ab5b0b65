//! Reads many files in parallel, with buffers that are reused.

use crate::{ProbeError, World};
use goward_system::SystemError;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a scan gave: one result per file that had one, in the order of the paths; and the files
/// that could not be read.
pub(crate) struct Scanned<T> {
    pub(crate) results: Vec<T>,
    pub(crate) unreadable: Vec<(String, SystemError)>,
}

/// Reads each of `paths`, at most `limit` bytes of a file, and looks at it.
pub(crate) fn scan<T: Send>(
    world: &World<'_>,
    paths: &[&str],
    limit: u64,
    look: impl Fn(&str, &[u8]) -> Option<T> + Sync,
) -> Result<Scanned<T>, ProbeError> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new((vec![], vec![]));
    let stop = Mutex::new(None);
    let work = || {
        let mut buffer = vec![];
        let (mut results, mut unreadable) = (vec![], vec![]);
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = paths.get(index) else { break };
            match world.system.read_into(path, limit, &mut buffer) {
                Ok(()) => results.extend(look(path, &buffer).map(|result| (index, result))),
                Err(err @ (SystemError::TimedOut(_) | SystemError::Cancelled)) => {
                    if let Ok(mut stop) = stop.lock() {
                        *stop = Some(err);
                    }
                    break;
                }
                Err(err) => unreadable.push((index, err)),
            }
            // One huge file must not cost its size in every thread for ever.
            if buffer.capacity() > 1 << 20 {
                buffer = vec![];
            }
        }
        if let Ok(mut found) = found.lock() {
            found.0.append(&mut results);
            found.1.append(&mut unreadable);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    std::thread::scope(|scope| {
        for _ in 1..threads.min(paths.len()) {
            scope.spawn(work);
        }
        work();
    });
    if let Ok(Some(err)) = stop.into_inner() {
        return Err(err.into());
    }
    let (mut results, mut unreadable) = found.into_inner().unwrap_or_default();
    results.sort_by_key(|(index, _)| *index);
    unreadable.sort_by_key(|(index, _): &(usize, SystemError)| *index);
    let name = |index: usize| paths.get(index).map_or_else(String::new, |path| (*path).to_owned());
    Ok(Scanned {
        results: results.into_iter().map(|(_, result)| result).collect(),
        unreadable: unreadable.into_iter().map(|(index, err)| (name(index), err)).collect(),
    })
}
