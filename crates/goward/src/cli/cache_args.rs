//! The flags of `goward cache`.

use super::observe_args::duration;
use clap::{ArgGroup, Args};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct CacheArgs {
    #[command(subcommand)]
    pub(crate) command: CacheCommand,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum CacheCommand {
    /// Show what the caches hold, what trimming would take, how often builds hit, and which programs are stale
    Status(CacheStatusArgs),
    /// Hold every object of the build cache against its name and its build ID; exit status 1 where one was altered
    Verify(CacheVerifyArgs),
    /// Show what a cleaning would delete; delete it with --yes
    Clean(CacheCleanArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CacheStatusArgs {
    /// The build cache (default: GOCACHE, as the go command finds it)
    pub(crate) dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct CacheVerifyArgs {
    /// The build cache (default: GOCACHE, as the go command finds it)
    pub(crate) dir: Option<PathBuf>,
    /// How many objects are read at once (default: one for each processor)
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) jobs: usize,
    /// Also compile the packages of this module (and all they import) in a fresh cache, and compare
    #[arg(long, value_name = "MODULE", num_args = 0..=1, default_missing_value = ".")]
    pub(crate) rebuild: Option<PathBuf>,
    /// Do not keep this run
    #[arg(long)]
    pub(crate) no_history: bool,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true))]
pub(crate) struct CacheCleanArgs {
    /// The build cache (default: GOCACHE, as the go command finds it)
    pub(crate) dir: Option<PathBuf>,
    /// All of the build cache, as go clean -cache
    #[arg(long, group = "what")]
    pub(crate) cache: bool,
    /// What tests printed: all of them run again
    #[arg(long, group = "what")]
    pub(crate) tests: bool,
    /// All of the module cache, as go clean -modcache
    #[arg(long, group = "what")]
    pub(crate) modules: bool,
    /// Build cache, module cache, and the Go programs in GOBIN
    #[arg(long, group = "what")]
    pub(crate) thorough: bool,
    /// Only what `goward cache verify` finds corrupt
    #[arg(long, group = "what")]
    pub(crate) corrupt: bool,
    /// Only what was not used for so long: 12h, 7d
    #[arg(long, group = "what", value_name = "AGE", value_parser = age)]
    pub(crate) older_than: Option<Duration>,
    /// Only what this toolchain compiled: go1.24.11
    #[arg(long, group = "what", value_name = "VERSION")]
    pub(crate) go: Option<String>,
    /// Really delete it
    #[arg(long, visible_alias = "force")]
    pub(crate) yes: bool,
}

/// `7d`, or a duration as elsewhere.
fn age(text: &str) -> Result<Duration, String> {
    let days = text.strip_suffix('d').and_then(|days| days.parse::<u64>().ok());
    match days.and_then(|days| days.checked_mul(24 * 3600)) {
        Some(seconds) => Ok(Duration::from_secs(seconds)),
        None => duration(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read() {
        assert_eq!(age("7d"), Ok(Duration::from_secs(7 * 24 * 3600)));
        assert_eq!(age("12h"), Ok(Duration::from_secs(12 * 3600)));
        assert!(age("d").is_err() && age("").is_err() && age("-1d").is_err());
        assert!(age("999999999999999999d").is_err());
    }
}
