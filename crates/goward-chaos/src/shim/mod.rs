//! What goward is when it stands between others: between itself and go, between go and its tools, before go.
//!
//! Each of them reads a [`Spec`] and then becomes the program it stands for (`exec`), so that nothing is left of it:
//! no process, no copy of a stream, no exit status of its own. Programs are searched for on the PATH as `exec` does.

mod launch;
mod listing;
mod namespace;
mod tool;

use crate::{Listing, Strike};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};

/// The hidden subcommand that starts go.
pub const LAUNCH: &str = "chaos-launch";
/// The hidden subcommand that go starts in place of its tools.
pub const TOOL: &str = "chaos-tool";
/// The hidden subcommand that stands for go before a reader of its listing.
pub const LISTING: &str = "chaos-listing";

/// The exit status where a program cannot be started, as shells have it.
const NOT_STARTED: u8 = 127;

/// What the shims do. Written to a file of the scenario's folder.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Spec {
    /// The scenario's folder; nothing outside is touched.
    pub within: PathBuf,
    /// What is done to go itself.
    pub launch: Launch,
    /// What is done to a tool.
    pub tool: Option<ToolSpec>,
    /// What is done to a listing.
    pub listing: Option<ListingSpec>,
}

/// What is done to go itself before it starts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Launch {
    /// Small or read-only file systems.
    pub mounts: Vec<Mount>,
    /// Without the rights of root to read and write everything.
    pub mortal: bool,
    /// How many files may be open.
    pub files: Option<u64>,
    /// How many more processes and threads may be made; root becomes nobody.
    pub processes: Option<u64>,
}

/// A file system in memory.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mount {
    /// Where.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Nothing can be written.
    pub read_only: bool,
}

/// What is done to a tool.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ToolSpec {
    /// Its name: `compile`, `link`.
    pub name: String,
    /// How it is struck.
    pub strike: Strike,
    /// How likely.
    pub probability: f64,
    /// Decides whom, with the attempt.
    pub seed: u64,
    /// Which attempt at the build this is.
    pub attempt: u32,
    /// How many words of another `-toolexec` come before the tool.
    pub behind: usize,
    /// The control group's list of processes.
    pub cgroup: Option<PathBuf>,
    /// The build cache.
    pub cache: PathBuf,
}

/// What is done to a listing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListingSpec {
    /// The real go.
    pub go: PathBuf,
    /// How it is spoilt.
    pub how: Listing,
}

impl Spec {
    /// Where strikes are noted, a line each.
    pub fn strikes(within: &Path) -> PathBuf {
        within.join("strikes")
    }

    /// Where it stands why a fault could not be put in.
    pub fn refused(within: &Path) -> PathBuf {
        within.join("refused")
    }

    /// Notes that the fault strikes now, and whom. Lines this short are appended whole.
    fn strike(&self, whom: &str) {
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_millis();
        let file =
            std::fs::OpenOptions::new().create(true).append(true).open(Self::strikes(&self.within));
        // A strike that is not noted is still a strike.
        let _ = file.and_then(|mut file| file.write_all(format!("{now} {whom}\n").as_bytes()));
    }

    /// Notes why the fault cannot be put in. The scenario is skipped then, and never passed.
    fn refuse(&self, why: &str) -> u8 {
        let _ = std::fs::write(Self::refused(&self.within), why);
        NOT_STARTED
    }
}

/// Whether these arguments make goward a shim; then it runs as one, and gives an exit status only where it could not
/// become the program that it stands for.
pub fn entry(args: &[OsString]) -> Option<u8> {
    let [_, name, spec, rest @ ..] = args else { return None };
    let run: fn(&Spec, &[OsString]) -> u8 = match name.to_str()? {
        LAUNCH => launch::run,
        TOOL => tool::run,
        LISTING => listing::run,
        _ => return None,
    };
    let spec = std::fs::read(spec).ok().and_then(|text| serde_json::from_slice(&text).ok());
    match spec {
        Some(spec) => Some(run(&spec, rest)),
        None => {
            let _ = writeln!(std::io::stderr(), "goward {}: no description", name.display());
            Some(NOT_STARTED)
        }
    }
}

/// Becomes this program. Comes back only where that fails.
fn become_program(argv: &[OsString]) -> u8 {
    let Some((program, args)) = argv.split_first() else { return NOT_STARTED };
    let err = std::process::Command::new(program).args(args).exec();
    // As a shell says it.
    let _ = writeln!(std::io::stderr(), "{}: {err}", program.display());
    NOT_STARTED
}
