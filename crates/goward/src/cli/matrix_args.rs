//! The flags of `goward matrix`.

use super::observe_args::{duration, size};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Clone, Debug, Args)]
pub(crate) struct MatrixArgs {
    /// Which packages, as go build takes them
    #[arg(value_name = "PATTERN", default_value = "./...")]
    pub(crate) patterns: Vec<String>,
    /// A folder of the module or workspace
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Go versions: 1.24 (its latest release), 1.21..1.26, 1.24.11, local; repeatable (default: the policy's, else local)
    #[arg(long, value_name = "VERSIONS", value_delimiter = ',')]
    pub(crate) go: Vec<String>,
    /// Platforms: GOOS/GOARCH, or host; repeatable (default: the policy's, else host)
    #[arg(long, value_name = "OS/ARCH", value_delimiter = ',')]
    pub(crate) platform: Vec<String>,
    /// With cgo, without it, or each (default: the policy's, else both)
    #[arg(long, value_enum, value_name = "CGO")]
    pub(crate) cgo: Option<Cgo>,
    /// The C compiler for a platform: OS/ARCH=PROGRAM; repeatable (default: the policy's, else the first that is found and compiles)
    #[arg(long, value_name = "OS/ARCH=PROGRAM")]
    pub(crate) cc: Vec<String>,
    /// Cells that may fail: OS/ARCH, OS/ARCH/cgo or OS/ARCH/nocgo; repeatable (default: the policy's)
    #[arg(long, value_name = "OS/ARCH", value_delimiter = ',')]
    pub(crate) allow: Vec<String>,
    /// Say what is expected of each cell, and build nothing
    #[arg(long)]
    pub(crate) predict: bool,
    /// Keep the cells that an earlier run finished, where nothing changed since
    #[arg(long)]
    pub(crate) resume: bool,
    /// How many cells are built at once (default: the policy's, else half the processors)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: Option<u16>,
    /// All cells together may hold so much memory: 2GiB (default: the policy's, else four fifths of what is free)
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) max_memory: Option<u64>,
    /// No cell takes longer than this: 90s, 10m
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "15m")]
    pub(crate) deadline: Duration,
    /// Build a cell again, at most N times, where the cause is one that passes by itself
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) retry_infra: u32,
    /// Write the table as a page for the browser
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Do not keep this run
    #[arg(long)]
    pub(crate) no_history: bool,
    /// Flags for go build, written -name=value, as in -- -tags=netgo -trimpath
    #[arg(last = true, value_name = "GO FLAGS", allow_hyphen_values = true)]
    pub(crate) flags: Vec<String>,
}

/// Which cells a platform has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Cgo {
    /// With cgo
    On,
    /// Without it
    Off,
    /// A cell each
    Both,
}

impl Cgo {
    /// The values of CGO_ENABLED.
    pub(crate) fn values(self) -> &'static [bool] {
        match self {
            Self::On => &[true],
            Self::Off => &[false],
            Self::Both => &[false, true],
        }
    }
}
