//! The building part: which cells are still to be built, with what, within which budget.

use super::cell::Known;
use super::graph::Graph;
use super::progress::Progress;
use super::state::{About, State};
use super::work::{self, Job, Work};
use super::{Matrix, Toolchains};
use crate::cli::MatrixArgs;
use crate::console::Console;
use anyhow::Context as _;
use goward_build::GoSettings;
use goward_facts::{FactKey, Facts, Repository, settings::Settings};
use goward_system::OsSystem;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Of what is free, so much is taken: four of five.
const SHARE: (u64, u64) = (4, 5);
/// Nobody waits longer for git.
const GIT: Duration = Duration::from_secs(3);

/// Builds the cells that no earlier run finished.
pub(super) fn run(
    matrix: &mut Matrix,
    args: &MatrixArgs,
    dir: &Path,
    graph: &Graph,
    toolchains: &Toolchains,
    cancel: &AtomicBool,
    console: &Console,
) -> anyhow::Result<()> {
    let env: Vec<(OsString, OsString)> = std::env::vars_os().collect();
    let state = match state(args, dir, graph, &env, &mut matrix.cells) {
        Ok(state) => Some(state),
        Err(err) => {
            console.warn(&err.context("finished cells are not kept for --resume"));
            None
        }
    };
    let mut jobs = vec![];
    for (place, known) in matrix.cells.iter_mut().enumerate() {
        if known.measured.is_some() {
            continue;
        }
        match toolchains.get(&known.cell.go) {
            Some(Ok(toolchain)) => {
                let on = |it: &&super::Compiler| it.platform == known.cell.platform;
                let compiler = matrix.compilers.iter().find(on).filter(|_| known.cell.cgo);
                let (cell, go) = (known.cell.clone(), toolchain.go.clone());
                jobs.push(Job { place, cell, go, compiler: compiler.cloned() });
            }
            Some(Err(why)) => known.measured = Some(work::no_toolchain(why)),
            None => {}
        }
    }
    let temp = GoSettings::here().temp_dir();
    let temp = tempfile::Builder::new().prefix("goward-matrix-").tempdir_in(&temp);
    let temp = temp.context("making a folder for what go makes on the way; TMPDIR says where")?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let at_once = args.jobs.map_or((cores / 2).max(1), usize::from);
    let free = work::available().unwrap_or(u64::MAX);
    let work = Work {
        dir: dir.to_owned(),
        temp: temp.path().to_owned(),
        env,
        patterns: &args.patterns,
        flags: &args.flags,
        deadline: args.deadline,
        retries: args.retry_infra,
        jobs: at_once,
        parallel: (cores / at_once).max(1),
        memory: args.max_memory.unwrap_or(free / SHARE.1 * SHARE.0),
    };
    let mut progress = Progress::new(matrix.cells.clone(), jobs.len(), at_once, state, console);
    work::build_all(&work, jobs, &mut matrix.cells, &mut progress, cancel);
    progress.finish();
    Ok(())
}

/// Opens what earlier runs finished.
fn state(
    args: &MatrixArgs,
    dir: &Path,
    graph: &Graph,
    env: &[(OsString, OsString)],
    cells: &mut [Known],
) -> anyhow::Result<State> {
    let history = crate::history::path(None)?;
    let folder = history.parent().unwrap_or(Path::new(".")).join("matrix");
    let (commit, _) = repository(dir);
    // What changes a build beside what a cell sets itself.
    let matters = |name: &str| {
        name.starts_with("CGO_") && name != "CGO_ENABLED"
            || matches!(
                name,
                "GOFLAGS" | "GOWORK" | "GOEXPERIMENT" | "GOAMD64" | "GOARM" | "GOARM64"
            )
    };
    let environment: BTreeMap<String, String> = env
        .iter()
        .filter_map(|(name, value)| Some((name.to_str()?.to_owned(), value.to_str()?.to_owned())))
        .filter(|(name, _)| matters(name))
        .collect();
    let environment: Vec<(String, String)> = environment.into_iter().collect();
    let about = About {
        dir,
        commit: commit.as_deref(),
        folders: &graph.folders,
        embedded: &graph.embedded,
        patterns: &args.patterns,
        flags: &args.flags,
        environment: &environment,
    };
    State::open(&folder, &about, args.resume, cells)
        .with_context(|| format!("{}", folder.display()))
}

/// The commit, and whether the worktree differs from it.
pub(super) fn repository(dir: &Path) -> (Option<String>, Option<bool>) {
    let system = Arc::new(OsSystem::at(PathBuf::from(dir)));
    let facts = Arc::new(Facts::new(system, Arc::new(Settings::default()), GIT));
    let known = facts.wait(FactKey::of::<Repository>(), GIT).is_ok();
    let repository = known.then(|| facts.get::<Repository>().ok()).flatten();
    repository.map_or((None, None), |it| (it.commit.clone(), it.dirty))
}
