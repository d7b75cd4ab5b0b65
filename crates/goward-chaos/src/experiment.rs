//! A scenario, tried as often as is asked, with retries of what a retry helps.

use crate::record::Untried;
use crate::{Foreign, Go, Record, Run, Scenario, Score, World, find};
use goward_causes::Retry;
use goward_model::Text;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// No build takes longer, unless the user says so.
const DEADLINE: Duration = Duration::from_secs(600);

/// What all scenarios have in common.
#[derive(Clone, Debug)]
pub struct Setup {
    /// goward's own binary, which is the shim.
    pub goward: PathBuf,
    /// The go command.
    pub go: Go,
    /// The user's environment.
    pub env: Vec<(OsString, OsString)>,
    /// The user's go command; without one a small module of our own is built.
    pub foreign: Option<Foreign>,
    /// It was found out that the user's build fetches no module, so that no proxy can be missed.
    pub fetches_nothing: Arc<AtomicBool>,
    /// How likely a fault strikes, if not as the scenario says.
    pub probability: Option<f64>,
    /// Decides whom a fault strikes.
    pub seed: u64,
    /// How many builds.
    pub repeat: u32,
    /// How many retries a build gets, where a retry helps its cause.
    pub retries: u32,
    /// No build takes longer.
    pub deadline: Option<Duration>,
    /// strace, to see which programs are started.
    pub strace: Option<PathBuf>,
}

impl Setup {
    /// When a build of this scenario is ended.
    pub fn deadline(&self, scenario: &Scenario) -> Duration {
        let own = scenario.deadline.map(Duration::from_secs);
        let user = self.deadline.unwrap_or(DEADLINE);
        own.map_or(user, |own| own.min(user))
    }
}

/// Tries a scenario.
pub fn experiment(scenario: &'static Scenario, setup: &Setup, cancel: &AtomicBool) -> Record {
    let probability = setup.probability.unwrap_or(scenario.probability);
    let mut record = Record::new(scenario, probability, setup.seed);
    if setup.foreign.is_some() && scenario.own_module {
        record.untried = Some(Untried::NotAllowed(Text::new(
            "needs a module of its own; run it without a go command",
            "需要自带的模块；请不带 go 命令运行",
        )));
        return record;
    }
    for number in 0..=setup.repeat {
        if setup.foreign.is_some() && scenario.is_of_proxy() && fetched_nothing(setup, &record) {
            record.runs.clear();
            record.untried = Some(Untried::NotAllowed(Text::new(
                "the build fetches no module: it has no other modules, or a vendor folder",
                "构建不下载任何模块：没有其他模块，或使用 vendor 目录",
            )));
            return record;
        }
        if number == setup.repeat || cancel.load(Ordering::Relaxed) {
            break;
        }
        match build(scenario, setup, setup.seed.wrapping_add(u64::from(number)), cancel) {
            Ok(run) => record.runs.push(run),
            Err(untried) => {
                record.untried = Some(untried);
                break;
            }
        }
    }
    if record.runs.is_empty() && record.untried.is_none() {
        record.untried = Some(Untried::Failed(Text::new("interrupted", "已中断")));
    }
    record.score = Score::of(record.runs.iter());
    record
}

/// Whether it is known that the build fetches nothing, or this shows: it succeeded with nobody to fetch from.
fn fetched_nothing(setup: &Setup, record: &Record) -> bool {
    let shows = |run: &Run| run.attempts.iter().any(|it| it.succeeded && it.strikes > 0);
    let nobody = find(record.id).is_some_and(|scenario| scenario.fault.leaves_no_proxy());
    if nobody && record.runs.iter().any(shows) {
        setup.fetches_nothing.store(true, Ordering::Relaxed);
    }
    setup.fetches_nothing.load(Ordering::Relaxed)
}

/// One build in a world of its own, and its retries in the same.
fn build(
    scenario: &'static Scenario,
    setup: &Setup,
    seed: u64,
    cancel: &AtomicBool,
) -> Result<Run, Untried> {
    let mut world = World::new(scenario, setup, seed, cancel)?;
    let mut run = Run::default();
    for number in 0..=setup.retries {
        let attempt = world.attempt(number, cancel)?;
        let helps = goward_causes::cause_of(&attempt.detected).map(|cause| cause.retry);
        let again = !attempt.succeeded && !attempt.interrupted && helps == Some(Retry::Yes);
        run.attempts.push(attempt);
        if !again {
            break;
        }
    }
    Ok(run)
}
