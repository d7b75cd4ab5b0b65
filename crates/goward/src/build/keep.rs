//! The build in the history; and the log of a failure that nothing explains, for study.

use crate::cli::ObserveArgs;
use crate::policy::{self, Asked};
use anyhow::Context as _;
use goward_build::{Build, Ran};
use goward_causes::{Outcome, Verdict};
use goward_history::{BuildRow, History};
use std::path::{Path, PathBuf};

/// What came of it.
#[derive(Default)]
pub(super) struct Kept {
    /// Where the log of an unexplained failure is.
    pub(super) log: Option<PathBuf>,
    /// Why it could not be kept. The build's own result stays what it is.
    pub(super) problem: Option<anyhow::Error>,
}

pub(super) fn keep(build: &Build, ran: &Ran, verdict: &Verdict, args: &ObserveArgs) -> Kept {
    if args.no_history {
        return Kept::default();
    }
    match try_to_keep(build, ran, verdict) {
        Ok(log) => Kept { log, problem: None },
        Err(err) => {
            Kept { log: None, problem: Some(err.context("this build is not in the history")) }
        }
    }
}

fn try_to_keep(build: &Build, ran: &Ran, verdict: &Verdict) -> anyhow::Result<Option<PathBuf>> {
    let dir = Path::new(&build.dir);
    let settings = policy::of(dir, &Asked::default())?.file.history;
    if !settings.enabled {
        return Ok(None);
    }
    let path = crate::history::path(settings.path.as_deref().map(|path| dir.join(path)))?;
    let mut history = History::open(&path)?;
    history.append_build(&row(build)?)?;
    if verdict.outcome != Outcome::Unknown {
        return Ok(None);
    }
    let folder = path.parent().unwrap_or(Path::new(".")).join("logs");
    let log = folder.join(format!("{}.log", build.run_id));
    write(&folder, &log, &ran.log.text()).with_context(|| format!("writing {}", log.display()))?;
    Ok(Some(log))
}

/// A log may hold what is nobody else's business.
#[expect(clippy::disallowed_methods, reason = "goward's own state, beside the history")]
fn write(folder: &Path, log: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    std::fs::write(log, text)?;
    std::fs::set_permissions(log, std::fs::Permissions::from_mode(0o600))
}

fn row(build: &Build) -> anyhow::Result<BuildRow> {
    let failure = build.failure.as_ref();
    Ok(BuildRow {
        run_id: build.run_id.clone(),
        started_at: build.started_at.clone(),
        target: build.dir.clone(),
        command: build.command_line(),
        commit: build.commit.clone(),
        exit_status: build.exit_status.map(i64::from),
        cause: failure.map(|failure| failure.cause.clone()),
        tier: failure.map(|failure| failure.tier.clone()),
        retries: build.retried.len() as u64,
        wall_ms: build.wall_ms,
        cpu_ms: build.user_ms + build.system_ms,
        built: build.packages.built,
        packages: build.packages.total,
        peak_rss: build.memory.peak_rss,
        document: serde_json::to_string(&Build { runs: vec![], ..build.clone() })?,
    })
}
