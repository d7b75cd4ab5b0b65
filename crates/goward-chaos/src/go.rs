//! The go command that is to be tried: found once, asked once, with a limit.

use crate::{Command, run};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Go answers within milliseconds, unless it has to fetch the toolchain that it is to be.
const LIMIT: Duration = Duration::from_secs(60);

/// The go command, after it chose its toolchain.
#[derive(Clone, Debug, Default)]
pub struct Go {
    /// The program itself, in its GOROOT.
    pub program: PathBuf,
    /// Where it and its tools are.
    pub goroot: PathBuf,
    /// `go1.26.8`.
    pub version: String,
    /// The user's module cache. It is only read.
    pub modcache: PathBuf,
    /// The user's build cache. It is not touched.
    pub cache: PathBuf,
    /// GOFLAGS as go sees it.
    pub flags: String,
    /// The file that `go env -w` writes; empty where there is none.
    pub settings: PathBuf,
}

/// Why there is no go command to try.
#[derive(Debug, thiserror::Error)]
pub enum GoError {
    /// None on the PATH.
    #[error("go is not on the PATH; install it, or put its bin folder on the PATH")]
    Missing,
    /// `GOWARD_GO` leads nowhere.
    #[error("GOWARD_GO={0}: there is no such program")]
    NotThere(String),
    /// It cannot be started.
    #[error("go cannot be started: {0}")]
    NotStarted(std::io::Error),
    /// It hangs.
    #[error("go env does not answer within {0} s: is the go on the PATH a wrapper that hangs?")]
    Hangs(u64),
    /// It answers something else.
    #[error("go env failed: {0}")]
    Failed(String),
    /// The user had enough.
    #[error("interrupted")]
    Interrupted,
}

/// The variable by which the go command and its tools do not count their runs below the user's settings (since Go 1.23:
/// `cmd/internal/telemetry`). In `folder`, which is theirs then, the file `mode` says that they count nothing, so that
/// they start nobody who would write there later.
pub(crate) fn uncounted(folder: &Path) -> (OsString, OsString) {
    // Where it cannot be written nothing else can.
    let _ = std::fs::write(folder.join("mode"), "off");
    ("TEST_TELEMETRY_DIR".into(), folder.into())
}

impl Go {
    /// Asks the go command which toolchain it is: the one that `GOWARD_GO` names, else the one on the PATH.
    ///
    /// # Errors
    /// There is none, or it does not answer as go does.
    pub fn find(
        env: &[(OsString, OsString)],
        dir: &Path,
        limit: Option<Duration>,
        cancel: &AtomicBool,
    ) -> Result<Self, GoError> {
        let folder = tempfile::tempdir().map_err(GoError::NotStarted)?;
        let answer = folder.path().join("answer");
        let names = ["GOROOT", "GOVERSION", "GOMODCACHE", "GOCACHE", "GOFLAGS", "GOENV"];
        let named = env.iter().find(|(name, value)| name == "GOWARD_GO" && !value.is_empty());
        let mut argv = vec![named.map_or_else(|| "go".into(), |(_, go)| go.clone())];
        argv.extend(["env"].iter().chain(&names).map(OsString::from));
        let limit = limit.unwrap_or(LIMIT).min(LIMIT);
        let command = Command {
            argv,
            dir: dir.to_owned(),
            // Not even that it was asked is counted among the user's settings.
            env: env.iter().cloned().chain([uncounted(folder.path())]).collect(),
            deadline: limit,
            stdout: Some(answer.clone()),
        };
        let ran = run(&command, cancel).map_err(|err| match err.kind() {
            ErrorKind::NotFound => match named {
                Some((_, go)) => GoError::NotThere(go.display().to_string()),
                None => GoError::Missing,
            },
            _ => GoError::NotStarted(err),
        })?;
        if ran.interrupted {
            return Err(GoError::Interrupted);
        }
        if ran.deadline_passed {
            return Err(GoError::Hangs(limit.as_secs()));
        }
        let text = std::fs::read_to_string(&answer).map_err(GoError::NotStarted)?;
        let lines: Vec<&str> = text.lines().collect();
        let said = || String::from_utf8_lossy(&ran.transcript).trim().chars().take(400).collect();
        let ([goroot, version, modcache, cache, flags, settings], Some(0)) =
            (lines.as_slice(), ran.exit_status)
        else {
            return Err(GoError::Failed(said()));
        };
        let program = Path::new(goroot).join("bin/go");
        if !program.is_file() {
            return Err(GoError::Failed(format!("{} is not there", program.display())));
        }
        Ok(Self {
            program,
            goroot: goroot.into(),
            version: (*version).to_owned(),
            modcache: modcache.into(),
            cache: cache.into(),
            flags: (*flags).to_owned(),
            settings: settings.into(),
        })
    }
}
