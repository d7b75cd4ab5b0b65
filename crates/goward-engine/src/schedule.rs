//! Tries all items of a plan, several at once, each after what it requires.

use crate::attempt::{attempt, blocked};
use crate::{Item, Plan};
use goward_facts::Facts;
use goward_model::{Outcome, Verdict};
use goward_system::CancelToken;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Hears of the run while it goes on: a progress bar.
pub trait Observer: Sync {
    /// An item is tried.
    fn started(&self, id: &str);
    /// An item has its outcome.
    fn finished(&self, outcome: &Outcome);
}

/// Hears nothing.
pub struct Quiet;

impl Observer for Quiet {
    fn started(&self, _: &str) {}
    fn finished(&self, _: &Outcome) {}
}

/// What is ready, what is done.
struct State {
    ready: VecDeque<usize>,
    /// How many requirements each item still waits for.
    waiting: Vec<usize>,
    /// The items that wait for each item.
    dependents: Vec<Vec<usize>>,
    outcomes: Vec<Option<Outcome>>,
    open: usize,
}

/// Tries every item that does not review the run; outcomes are in the order of the plan.
pub fn attempt_all(
    plan: &Plan,
    facts: &Arc<Facts>,
    jobs: usize,
    observer: &dyn Observer,
    cancel: &CancelToken,
) -> Vec<Outcome> {
    let items = &plan.items;
    let tried: Vec<bool> = items.iter().map(|item| !item.reviews()).collect();
    let open = tried.iter().filter(|tried| **tried).count();
    let waiting: Vec<usize> = items.iter().map(|item| item.requires.len()).collect();
    let ready = (0..items.len()).filter(|&i| tried[i] && waiting[i] == 0).collect();
    let outcomes = vec![None; items.len()];
    let mut dependents = vec![vec![]; items.len()];
    for (index, item) in items.iter().enumerate() {
        item.requires.iter().for_each(|&required| dependents[required].push(index));
    }
    let state = Mutex::new(State { ready, waiting, dependents, outcomes, open });
    let changed = Condvar::new();
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, open.max(1)) {
            scope.spawn(|| work(items, facts, observer, cancel, &state, &changed));
        }
    });
    let state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
    state.outcomes.into_iter().flatten().collect()
}

fn work(
    items: &[Item],
    facts: &Arc<Facts>,
    observer: &dyn Observer,
    cancel: &CancelToken,
    state: &Mutex<State>,
    changed: &Condvar,
) {
    while let Some((index, blocker)) = next(items, state, changed) {
        let item = &items[index];
        observer.started(&item.id);
        let outcome = match blocker {
            Some(by) => blocked(item, &by),
            None => attempt(item, facts, cancel),
        };
        observer.finished(&outcome);
        let mut state = lock(state);
        state.outcomes[index] = Some(outcome);
        state.open -= 1;
        for other in std::mem::take(&mut state.dependents[index]) {
            state.waiting[other] -= 1;
            if state.waiting[other] == 0 && !items[other].reviews() {
                state.ready.push_back(other);
            }
        }
        drop(state);
        changed.notify_all();
    }
}

/// The next item, with the requirement that did not pass, if there is one; `None` at the end.
fn next(
    items: &[Item],
    state: &Mutex<State>,
    changed: &Condvar,
) -> Option<(usize, Option<Outcome>)> {
    let idle = |state: &mut State| state.ready.is_empty() && state.open > 0;
    let mut state = changed.wait_while(lock(state), idle).unwrap_or_else(PoisonError::into_inner);
    let index = state.ready.pop_front()?;
    let passed = |outcome: &&Outcome| matches!(outcome.verdict, Verdict::Pass | Verdict::Skip(_));
    let blocker = items[index]
        .requires
        .iter()
        .filter_map(|&required| state.outcomes[required].as_ref())
        .find(|outcome| !passed(outcome))
        .cloned();
    Some((index, blocker))
}

/// A poisoned lock only says that another thread panicked; what it guards is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
