//! The floor: a parallel walk that reads names, kinds and sizes, and judges nothing.

#![allow(clippy::disallowed_methods, reason = "a measurement reads the disk")]

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex};

/// How many entries there are below `root`, and how many bytes.
pub(crate) fn walk(root: &Path, threads: usize) -> (u64, u64) {
    let queue = Mutex::new((vec![root.to_owned()], 0usize));
    let changed = Condvar::new();
    let work = || {
        let (mut entries, mut bytes) = (0, 0);
        loop {
            let mut guard = queue.lock().unwrap();
            let folder: PathBuf = loop {
                match guard.0.pop() {
                    Some(folder) => break folder,
                    None if guard.1 == 0 => return (entries, bytes),
                    None => guard = changed.wait(guard).unwrap(),
                }
            };
            guard.1 += 1;
            drop(guard);
            let mut below = Vec::new();
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                entries += 1;
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    below.push(entry.path());
                } else {
                    bytes += entry.metadata().map_or(0, |metadata| metadata.len());
                }
            }
            let mut guard = queue.lock().unwrap();
            guard.0.append(&mut below);
            guard.1 -= 1;
            drop(guard);
            changed.notify_all();
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        others
            .into_iter()
            .map(|other| other.join().unwrap())
            .chain([work()])
            .fold((0, 0), |(entries, bytes), (more, size)| (entries + more, bytes + size))
    })
}
