//! Work that begets work, on several threads.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

struct Queue<T> {
    waiting: Vec<T>,
    busy: usize,
}

/// Does all of `first` and what `work` adds to it. Each thread has a state of its own.
pub(crate) fn run<T: Send, S>(
    threads: usize,
    first: Vec<T>,
    state: impl Fn() -> S + Sync,
    work: impl Fn(T, &mut S, &mut Vec<T>) + Sync,
) {
    let queue = Mutex::new(Queue { waiting: first, busy: 0 });
    let changed = Condvar::new();
    let worker = || {
        let mut state = state();
        let mut more = vec![];
        while let Some(task) = next(&queue, &changed) {
            work(task, &mut state, &mut more);
            let mut queue = lock(&queue);
            queue.waiting.append(&mut more);
            queue.busy -= 1;
            if !queue.waiting.is_empty() || queue.busy == 0 {
                changed.notify_all();
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(worker);
        }
        worker();
    });
}

/// The next task; `None` when nobody has any and nobody can add one.
fn next<T>(queue: &Mutex<Queue<T>>, changed: &Condvar) -> Option<T> {
    let mut queue = lock(queue);
    loop {
        if let Some(task) = queue.waiting.pop() {
            queue.busy += 1;
            return Some(task);
        }
        if queue.busy == 0 {
            return None;
        }
        queue = changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
