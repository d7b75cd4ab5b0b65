//! Facts by type, gathered when first asked for.

use crate::ProbeError;
use crate::settings::Settings;
use goward_system::{Bounded, System};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A piece of evidence about the target.
pub trait Fact: Any + Send + Sync + Sized {
    /// The fact's name, for plans and for error messages.
    const NAME: &'static str;

    /// Whether gathering reads so much that `run.slow_timeout_ms` counts instead of
    /// `run.timeout_ms`: the module cache has gigabytes.
    const SLOW: bool = false;

    /// Asks the world. The only place where a fact touches I/O.
    fn probe(world: &World<'_>) -> Result<Self, ProbeError>;
}

type AnyFact = Arc<dyn Any + Send + Sync>;
type Gathered = Result<AnyFact, ProbeError>;

/// Names a fact and knows how to gather it.
#[derive(Clone, Copy)]
pub struct FactKey {
    /// The fact's name.
    pub name: &'static str,
    /// Whether it may take long to gather.
    pub slow: bool,
    id: TypeId,
    probe: fn(&World<'_>) -> Gathered,
}

impl FactKey {
    /// The key of `F`.
    pub fn of<F: Fact>() -> Self {
        Self {
            name: F::NAME,
            slow: F::SLOW,
            id: TypeId::of::<F>(),
            probe: |world| F::probe(world).map(|fact| Arc::new(fact) as AnyFact),
        }
    }
}

/// What a probe may ask: the system, the settings, and other facts.
pub struct World<'a> {
    /// The system, bounded to the run's limit for probes.
    pub system: &'a dyn System,
    /// What policy says.
    pub settings: &'a Settings,
    facts: &'a Facts,
}

impl World<'_> {
    /// Another fact. Facts must not need each other in a circle.
    pub fn fact<F: Fact>(&self) -> Result<Arc<F>, ProbeError> {
        let key = FactKey::of::<F>();
        let (cell, vacant) = self.facts.cell(key);
        if vacant {
            cell.fill(self.facts.gather(key, self));
        }
        downcast(cell.wait(None)?.0)
    }
}

/// A fact that is there, is being gathered, or could not be had.
#[derive(Default)]
struct Cell {
    gathered: Mutex<Option<(Gathered, Duration)>>,
    ready: Condvar,
}

impl Cell {
    fn fill(&self, gathered: (Gathered, Duration)) {
        *lock(&self.gathered) = Some(gathered);
        self.ready.notify_all();
    }

    /// Waits until the fact is there; at most `limit` where one is given.
    fn wait(&self, limit: Option<Duration>) -> Result<(AnyFact, Duration), ProbeError> {
        let slot = lock(&self.gathered);
        let empty = |slot: &mut Option<_>| slot.is_none();
        let slot = match limit {
            None => self.ready.wait_while(slot, empty).unwrap_or_else(PoisonError::into_inner),
            Some(limit) => {
                let waited = self.ready.wait_timeout_while(slot, limit, empty);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        match &*slot {
            Some((Ok(fact), latency)) => Ok((Arc::clone(fact), *latency)),
            Some((Err(why), _)) => Err(why.clone()),
            None => Err(ProbeError::TimedOut(limit.unwrap_or_default().as_millis())),
        }
    }
}

/// A poisoned lock only says that another thread panicked; what it guards is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Everything that was gathered, including what could not be.
pub struct Facts {
    system: Arc<dyn System>,
    settings: Arc<Settings>,
    /// No probe asks the world for anything after this.
    limit: Duration,
    cells: Mutex<HashMap<TypeId, Arc<Cell>>>,
}

impl Facts {
    /// Nothing is gathered yet. No probe may take longer than `limit`.
    pub fn new(system: Arc<dyn System>, settings: Arc<Settings>, limit: Duration) -> Self {
        Self { system, settings, limit, cells: Mutex::default() }
    }

    /// The system the facts come from, unbounded: for items with limits of their own.
    pub fn system(&self) -> &dyn System {
        &*self.system
    }

    /// Starts gathering a fact on a thread of its own, unless somebody has.
    pub fn start(self: &Arc<Self>, key: FactKey) {
        let (cell, vacant) = self.cell(key);
        if !vacant {
            return;
        }
        let facts = Arc::clone(self);
        let filled = Arc::clone(&cell);
        // Not scoped: a probe that hangs in the kernel must not hold up the report.
        let spawned = std::thread::Builder::new().name(key.name.into()).spawn(move || {
            let bounded = Bounded::new(&*facts.system, facts.limit);
            let world = World { system: &bounded, settings: &facts.settings, facts: &facts };
            filled.fill(facts.gather(key, &world));
        });
        if let Err(err) = spawned {
            let why = goward_system::SystemError::Failed(format!("starting a thread: {err}"));
            cell.fill((Err(why.into()), Duration::ZERO));
        }
    }

    /// Waits for a fact for at most `limit`; returns how long it took to gather.
    pub fn wait(self: &Arc<Self>, key: FactKey, limit: Duration) -> Result<Duration, ProbeError> {
        self.start(key);
        self.cell(key).0.wait(Some(limit)).map(|(_, latency)| latency)
    }

    /// A fact that was waited for.
    pub fn get<F: Fact>(&self) -> Result<Arc<F>, ProbeError> {
        downcast(self.cell(FactKey::of::<F>()).0.wait(Some(Duration::ZERO))?.0)
    }

    /// Puts a fact in that no probe gathers: what earlier stages of the run found.
    pub fn insert<F: Fact>(&self, fact: F) {
        let cell = Arc::new(Cell::default());
        cell.fill((Ok(Arc::new(fact) as AnyFact), Duration::ZERO));
        lock(&self.cells).insert(TypeId::of::<F>(), cell);
    }

    /// The fact's cell, and whether the caller is the one to fill it.
    fn cell(&self, key: FactKey) -> (Arc<Cell>, bool) {
        let mut cells = lock(&self.cells);
        let mut vacant = false;
        let cell = cells.entry(key.id).or_insert_with(|| {
            vacant = true;
            Arc::default()
        });
        (Arc::clone(cell), vacant)
    }

    fn gather(&self, key: FactKey, world: &World<'_>) -> (Gathered, Duration) {
        let started: Instant = self.system.now();
        let gathered = catch_unwind(AssertUnwindSafe(|| (key.probe)(world)))
            .unwrap_or(Err(ProbeError::Panicked(key.name)));
        (gathered, self.system.now().duration_since(started))
    }
}

fn downcast<F: Fact>(fact: AnyFact) -> Result<Arc<F>, ProbeError> {
    fact.downcast().map_err(|_| ProbeError::Panicked(F::NAME))
}

#[cfg(test)]
mod tests {
    use super::*;
    use goward_system::FakeSystem;
    use std::sync::atomic::{AtomicUsize, Ordering};

    static PROBED: AtomicUsize = AtomicUsize::new(0);

    struct Base;
    impl Fact for Base {
        const NAME: &'static str = "base";
        fn probe(_: &World<'_>) -> Result<Self, ProbeError> {
            PROBED.fetch_add(1, Ordering::SeqCst);
            Ok(Self)
        }
    }

    struct Derived;
    impl Fact for Derived {
        const NAME: &'static str = "derived";
        fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
            world.fact::<Base>()?;
            world.fact::<Base>()?;
            Ok(Self)
        }
    }

    struct Broken;
    impl Fact for Broken {
        const NAME: &'static str = "broken";
        fn probe(_: &World<'_>) -> Result<Self, ProbeError> {
            panic!("planted")
        }
    }

    struct Stuck;
    impl Fact for Stuck {
        const NAME: &'static str = "stuck";
        fn probe(_: &World<'_>) -> Result<Self, ProbeError> {
            loop {
                std::thread::park();
            }
        }
    }

    fn facts() -> Arc<Facts> {
        let system = Arc::new(FakeSystem::from_txtar(""));
        Arc::new(Facts::new(system, Arc::default(), Duration::from_secs(5)))
    }

    #[test]
    fn a_fact_that_several_need_is_gathered_once() {
        let facts = facts();
        let limit = Duration::from_secs(5);
        facts.wait(FactKey::of::<Derived>(), limit).unwrap();
        facts.wait(FactKey::of::<Base>(), limit).unwrap();
        facts.get::<Derived>().unwrap();
        assert_eq!(PROBED.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_panic_is_a_reason_not_the_end() {
        let gathered = facts().wait(FactKey::of::<Broken>(), Duration::from_secs(5));
        assert_eq!(gathered, Err(ProbeError::Panicked("broken")));
    }

    #[test]
    fn a_stuck_probe_does_not_hold_up_its_check() {
        let gathered = facts().wait(FactKey::of::<Stuck>(), Duration::from_millis(20));
        assert_eq!(gathered, Err(ProbeError::TimedOut(20)));
    }
}
