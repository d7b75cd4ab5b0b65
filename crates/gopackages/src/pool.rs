//! Work that begets work, on several threads.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How many tasks a thread takes at once: the queue is asked less often, and nobody waits long.
const BATCH: usize = 8;

struct Queue<T> {
    waiting: Vec<T>,
    busy: usize,
}

/// Does all of `first` and what `work` adds to it. Each thread has a state of its own; they come back.
pub(crate) fn run<T: Send, S: Send>(
    threads: usize,
    first: Vec<T>,
    state: impl Fn() -> S + Sync,
    work: impl Fn(T, &mut S, &mut Vec<T>) + Sync,
) -> Vec<S> {
    let queue = Mutex::new(Queue { waiting: first, busy: 0 });
    let changed = Condvar::new();
    let worker = || {
        let mut state = state();
        let (mut tasks, mut more) = (vec![], vec![]);
        while next(&queue, &changed, threads, &mut tasks) {
            for task in tasks.drain(..) {
                work(task, &mut state, &mut more);
            }
            let mut queue = lock(&queue);
            let was_empty = queue.waiting.is_empty();
            queue.waiting.append(&mut more);
            queue.busy -= 1;
            if was_empty && !queue.waiting.is_empty() || queue.busy == 0 {
                changed.notify_all();
            }
        }
        state
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let mut states = vec![worker()];
        for other in others {
            match other.join() {
                Ok(state) => states.push(state),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        states
    })
}

/// Takes the next tasks; false when nobody has any and nobody can add one.
fn next<T>(queue: &Mutex<Queue<T>>, changed: &Condvar, threads: usize, into: &mut Vec<T>) -> bool {
    let mut queue = lock(queue);
    loop {
        let waiting = queue.waiting.len();
        if waiting > 0 {
            let share = (waiting / (2 * threads)).clamp(1, BATCH);
            into.extend(queue.waiting.drain(waiting - share..));
            queue.busy += 1;
            return true;
        }
        if queue.busy == 0 {
            return false;
        }
        queue = changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
