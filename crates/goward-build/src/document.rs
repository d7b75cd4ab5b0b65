//! A build as it is kept and shown: `goward.build/v1`.
//!
//! All times are milliseconds; offsets are from the start of the go command. What is written today is
//! read by every later goward.

use crate::{Disk, Point};
use serde::{Deserialize, Serialize};

/// The name and version of the JSON.
pub const BUILD_SCHEMA: &str = "goward.build/v1";

/// One observed build.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Build {
    /// [`BUILD_SCHEMA`].
    pub schema: String,
    /// Names the run; sorts by time.
    pub run_id: String,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// goward's version.
    pub goward_version: String,
    /// The toolchain that did the work, as its `VERSION` says.
    pub go_version: Option<String>,
    /// The go command's words, without `go`.
    pub command: Vec<String>,
    /// The folder in which it ran.
    pub dir: String,
    /// The commit that is checked out.
    pub commit: Option<String>,
    /// Whether the worktree differs from it.
    pub dirty: Option<bool>,
    /// The branch.
    pub branch: Option<String>,
    /// Its exit status; none where a signal ended it.
    pub exit_status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Who ended it: `deadline`, `memory`, `signal N`.
    pub stopped: Option<String>,
    /// From start to end.
    pub wall_ms: f64,
    /// Processor time of all processes, in user mode.
    pub user_ms: f64,
    /// Processor time in the kernel.
    pub system_ms: f64,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// Attempts before this one, which failed for the platform's reasons.
    pub retried: Vec<Attempt>,
    /// The stages, in order; only those that were reached.
    pub stages: Vec<StageTime>,
    /// Packages.
    pub packages: Packages,
    /// Tools, by name.
    pub tools: Vec<ToolTime>,
    /// Each run of a tool, by start. The history keeps none: of a build from nothing there are thousands.
    pub runs: Vec<RunTime>,
    /// What took time, by start.
    pub spans: Vec<Span>,
    /// Places in `spans`: the chain that no more processors would shorten, first to last.
    pub critical_path: Vec<usize>,
    /// The length of that chain.
    pub critical_ms: f64,
    /// How many tools ran at once, on average, while any did.
    pub parallelism: f64,
    /// Modules that came over the network.
    pub downloads: Vec<DownloadTime>,
    /// Memory.
    pub memory: Memory,
    /// Disks.
    pub disks: Vec<Disk>,
    /// Bytes that tools wrote to temporary files.
    pub written_bytes: u64,
    /// What could not be observed, and why.
    pub unobserved: Vec<String>,
}

/// Why it failed: the first cause of `goward explain`, with its terms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Failure {
    /// The cause's identifier.
    pub cause: String,
    /// Where it struck.
    pub stage: String,
    /// Who can do something about it.
    pub owner: String,
    /// Whether the same command would likely succeed later: `never`, `maybe`, `yes`.
    pub retry: String,
    /// How urgent it is.
    pub tier: String,
    /// Between 0 and 1.
    pub confidence: f64,
    /// The lines that say so.
    pub evidence: Vec<String>,
    /// Error lines in all.
    pub errors: u64,
    /// How many of them only follow.
    pub followers: u64,
}

/// One run of a tool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunTime {
    /// The package it worked for; empty where Go does not say.
    pub package: String,
    /// `compile`, `asm`, `link`, `cgo`, `vet`, `gcc`, …
    pub tool: String,
    /// When it began.
    pub start_ms: f64,
    /// From start to end.
    pub wall_ms: f64,
    /// Processor time in user mode, with what it started itself.
    pub user_ms: f64,
    /// Processor time in the kernel.
    pub system_ms: f64,
    /// Its peak memory, in bytes.
    pub peak_rss: u64,
    /// Its exit status; none where a signal ended it.
    pub exit_status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Why it could not be started.
    pub not_started: Option<String>,
    /// Bytes of the file that it wrote.
    pub output_bytes: u64,
}

/// An attempt that was not the last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attempt {
    /// Its cause.
    pub cause: String,
    /// How long it took.
    pub wall_ms: f64,
    /// How long was waited before the next.
    pub waited_ms: f64,
}

/// A stage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StageTime {
    /// `list`, `resolve`, `compile`, `link`, `vet`, `test`, `run`, `output`.
    pub stage: String,
    /// While at least one of its actions ran.
    pub wall_ms: f64,
    /// Processor time of its tools.
    pub cpu_ms: f64,
    /// When it began.
    pub start_ms: f64,
    /// When it ended.
    pub end_ms: f64,
    /// Actions that did work.
    pub count: u64,
    /// Whether it is where the build failed.
    pub failed: bool,
}

/// How many packages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Packages {
    /// In the build.
    pub total: u64,
    /// For which a tool ran.
    pub built: u64,
    /// For which the cache had the answer.
    pub cached: u64,
    /// Which failed.
    pub failed: u64,
}

/// All runs of one tool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ToolTime {
    /// `compile`, `link`, `gcc`, …
    pub tool: String,
    /// How often.
    pub runs: u64,
    /// How often it failed.
    pub failed: u64,
    /// The sum of their times.
    pub wall_ms: f64,
    /// The sum of their processor times.
    pub cpu_ms: f64,
    /// The most memory that one of them held, in bytes.
    pub peak_rss: u64,
    /// Whose that was.
    pub peak_package: String,
}

/// Something that took time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Span {
    /// The stage.
    pub stage: String,
    /// The package, or the module.
    pub name: String,
    /// The hash of all that goes in, as Go has it; empty where it is not known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub action_id: String,
    /// When it began.
    pub start_ms: f64,
    /// When it ended.
    pub end_ms: f64,
    /// How long it waited for a processor, all that it needs being there.
    pub queued_ms: f64,
    /// Processor time.
    pub cpu_ms: f64,
    /// The most memory of its tools, in bytes; 0 where it is not known.
    pub peak_rss: u64,
    /// Whether it failed.
    pub failed: bool,
    /// No tool ran: the cache had the answer, and this is how long it was looked for.
    pub cached: bool,
}

impl Span {
    /// Its length.
    pub fn wall_ms(&self) -> f64 {
        self.end_ms - self.start_ms
    }
}

/// A download.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DownloadTime {
    /// The module.
    pub module: String,
    /// Its version.
    pub version: String,
    /// When it began.
    pub start_ms: f64,
    /// How long it took; none where it is not known.
    pub wall_ms: Option<f64>,
    /// Bytes of the zip.
    pub bytes: Option<u64>,
}

/// Memory.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The most that all processes held at once, in bytes, as samples show.
    pub peak_rss: u64,
    /// What the kernel grants, in bytes.
    pub limit: Option<u64>,
    /// How often the kernel killed for memory meanwhile.
    pub kills: u64,
    /// The curve.
    pub curve: Vec<Point>,
}

impl Build {
    /// Whether it did what it should.
    pub fn succeeded(&self) -> bool {
        self.exit_status == Some(0)
    }

    /// A stage's time, in milliseconds.
    pub fn stage_ms(&self, stage: &str) -> Option<f64> {
        self.stages.iter().find(|it| it.stage == stage).map(|it| it.wall_ms)
    }

    /// The command as one would type it.
    pub fn command_line(&self) -> String {
        let mut line = String::from("go");
        for word in &self.command {
            line.push(' ');
            let plain = !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_=./:,@+%".contains(&byte));
            if plain {
                line += word;
            } else {
                line.push('\'');
                line += &word.replace('\'', "'\\''");
                line.push('\'');
            }
        }
        line
    }
}
