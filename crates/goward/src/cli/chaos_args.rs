//! Arguments and flags of `goward chaos`. Doc comments are the English help.

use clap::Args;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct ChaosArgs {
    #[command(subcommand)]
    pub(crate) command: ChaosCommand,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum ChaosCommand {
    /// List the scenarios: what each does, which cause must be reported, what it needs
    List,
    /// Run scenarios; exit status 1 where one was not classified as it must be. Without a go command a small module
    /// of our own is built; the caches are always others, and cold
    Run(ChaosRunArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ChaosRunArgs {
    /// The scenario's name; several may be given
    #[arg(required_unless_present_any = ["all", "stage"])]
    pub(crate) scenario: Vec<String>,
    /// All scenarios
    #[arg(long, conflicts_with_all = ["scenario", "stage"])]
    pub(crate) all: bool,
    /// All scenarios of a stage: list, resolve, compile, link, cache or env; repeatable
    #[arg(long, value_name = "STAGE", value_delimiter = ',', conflicts_with = "scenario")]
    pub(crate) stage: Vec<String>,
    /// How likely the fault strikes each time it could, from 0 to 1 (default: as the scenario says, mostly 1)
    #[arg(long, value_name = "P")]
    pub(crate) probability: Option<f64>,
    /// Decides whom the fault strikes; the same number gives the same again (default: by chance, and printed)
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// How many builds of each scenario
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) repeat: u32,
    /// How many retries a build gets that failed for a cause which a retry helps
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) retry_infra: u32,
    /// No build takes longer: 90s, 10m; a bare number is seconds (default: 600, or as the scenario says)
    #[arg(long, value_name = "TIME", value_parser = super::observe_args::duration)]
    pub(crate) deadline: Option<Duration>,
    /// See with strace which programs are started
    #[arg(long)]
    pub(crate) strace: bool,
    /// Exit status 3 where a scenario cannot be run here
    #[arg(long)]
    pub(crate) strict: bool,
    /// Keep what each failed build said in a file of this folder, one for each scenario
    #[arg(long, value_name = "DIR")]
    pub(crate) logs: Option<PathBuf>,
    /// The go command that is to be broken, as in -- go build ./...
    #[arg(last = true, value_name = "GO COMMAND")]
    pub(crate) command: Vec<OsString>,
}
