//! What is asked for on the command line, and what is wrong with it.

use crate::cli::ChaosRunArgs;
use crate::console::Console;
use anyhow::{Context as _, anyhow, bail};
use goward_chaos::{Foreign, Go, Scenario, Setup, Stage, find, nearest};
use std::ffi::{OsStr, OsString};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The scenarios, in the order of a build; a wrong name is told with its neighbour.
pub(super) fn scenarios(args: &ChaosRunArgs) -> anyhow::Result<Vec<&'static Scenario>> {
    let mut stages = vec![];
    for name in &args.stage {
        let stage = Stage::ALL.into_iter().find(|stage| stage.as_str() == name);
        stages.push(stage.with_context(|| {
            let all = Stage::ALL.map(Stage::as_str).join(", ");
            format!("--stage {name}: there is no such stage; there are {all}")
        })?);
    }
    for id in &args.scenario {
        if find(id).is_none() {
            let hint =
                nearest(id).map_or_else(String::new, |name| format!("; did you mean {name}?"));
            bail!("there is no scenario {id}{hint} (goward chaos list names them all)");
        }
    }
    let chosen = |s: &&Scenario| {
        args.all || stages.contains(&s.stage) || args.scenario.iter().any(|id| id == s.id)
    };
    Ok(goward_chaos::scenarios().filter(chosen).collect())
}

/// The go command, the shim and the numbers.
pub(super) fn setup(
    args: &ChaosRunArgs,
    console: &Console,
    cancel: &AtomicBool,
) -> anyhow::Result<Setup> {
    if let Some(p) = args.probability
        && !(0.0..=1.0).contains(&p)
    {
        bail!("--probability {p}: it must be from 0 to 1");
    }
    let deadline = args.deadline;
    let env: Vec<(OsString, OsString)> = std::env::vars_os().collect();
    let dir = std::env::current_dir().context("the current folder")?;
    let go = Go::find(&env, &dir, deadline, cancel)?;
    let foreign = match args.command.as_slice() {
        [] => None,
        words => Some(Foreign::parse(&dir, words, &go.flags)?),
    };
    let fetches_nothing =
        foreign.as_ref().is_some_and(|foreign| foreign.fetches_nothing(&go, &env, cancel));
    let strace = if args.strace { on_the_path("strace", &env) } else { None };
    if args.strace && strace.is_none() {
        console.warn(&anyhow!("strace is not on the PATH; programs are not observed"));
    }
    Ok(Setup {
        goward: std::env::current_exe().context("goward's own path")?,
        go,
        env,
        foreign,
        fetches_nothing: Arc::new(AtomicBool::new(fetches_nothing)),
        probability: args.probability,
        seed: args.seed.unwrap_or_else(any_seed),
        repeat: args.repeat,
        retries: args.retry_infra,
        deadline,
        strace,
    })
}

/// Short enough to be typed.
fn any_seed() -> u64 {
    let mut random = RandomState::new().build_hasher();
    random.write_u32(std::process::id());
    random.finish() % 1_000_000
}

fn on_the_path(program: &str, env: &[(OsString, OsString)]) -> Option<PathBuf> {
    let path = env.iter().find(|(name, _)| name == OsStr::new("PATH")).map(|(_, path)| path)?;
    std::env::split_paths(path).map(|dir| dir.join(program)).find(|file| file.is_file())
}
