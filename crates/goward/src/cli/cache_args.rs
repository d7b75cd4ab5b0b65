//! The flags of `goward cache`.

use super::observe_args::duration;
use clap::{ArgGroup, Args};
use std::net::SocketAddr;
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
    /// Be the go command's build cache (GOCACHEPROG, Go 1.24 and later): signed entries, every object verified; or serve one to others
    Serve(CacheServeArgs),
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
    #[arg(long, group = "what", value_name = "VERSION", value_parser = toolchain)]
    pub(crate) go: Option<String>,
    /// Really delete it
    #[arg(long, visible_alias = "force")]
    pub(crate) yes: bool,
}

/// A toolchain by its version: `go1.24.11`, `1.24.11`, `go1.27rc1`, `devel go1.28-…`.
fn toolchain(text: &str) -> Result<String, String> {
    let version = text.trim();
    let named = match version.strip_prefix("1.") {
        Some(_) => format!("go{version}"),
        None => version.to_owned(),
    };
    let release = named.strip_prefix("devel ").unwrap_or(&named).strip_prefix("go1.");
    match release.is_some_and(|minor| minor.starts_with(|it: char| it.is_ascii_digit())) {
        true => Ok(named),
        false => Err(format!(
            "`{text}` is no version of Go; write go1.24.11, as `goward cache status` shows it"
        )),
    }
}

#[derive(Debug, Args)]
pub(crate) struct CacheServeArgs {
    /// The cache's folder; made where it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Sign what is built here with this Ed25519 key (PKCS #8 PEM), and believe what it signed
    #[arg(long, value_name = "FILE", conflicts_with = "listen")]
    pub(crate) key: Option<PathBuf>,
    /// Also believe what this key signed (public key, PEM); repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) verify_key: Vec<PathBuf>,
    /// Write neither to the folder nor to the remote
    #[arg(long, conflicts_with = "listen")]
    pub(crate) read_only: bool,
    /// Also ask, and send what is signed to, the cache at this address
    #[arg(long, value_name = "URL", conflicts_with = "listen")]
    pub(crate) remote: Option<String>,
    /// Ask the remote, and send nothing to it
    #[arg(long, requires = "remote")]
    pub(crate) download_only: bool,
    /// Send the token in the clear to a remote on another machine
    #[arg(long, requires = "remote")]
    pub(crate) plain_http: bool,
    /// The variable that has the bearer token
    #[arg(long, value_name = "NAME", group = "token")]
    pub(crate) token_env: Option<String>,
    /// The file that has the bearer token
    #[arg(long, value_name = "FILE", group = "token")]
    pub(crate) token_file: Option<PathBuf>,
    /// Read every object every time, also what was verified within a day and is untouched since
    #[arg(long, conflicts_with = "listen")]
    pub(crate) reread: bool,
    /// Delete what was not used for so long, once a day: 12h, 7d
    #[arg(long, value_name = "AGE", value_parser = age, default_value = "5d")]
    pub(crate) keep: Duration,
    /// Serve the folder over HTTP at this address (port 0: any) instead of speaking with a go command
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// Do not keep a session that found something in the history
    #[arg(long)]
    pub(crate) no_history: bool,
}

/// `7d`, or a duration as elsewhere.
fn age(text: &str) -> Result<Duration, String> {
    let days = text.strip_suffix('d').and_then(|days| days.parse::<u64>().ok());
    match days.and_then(|days| days.checked_mul(24 * 3600)) {
        Some(seconds) => Ok(Duration::from_secs(seconds)),
        None => duration(text).map_err(|_| format!("`{text}` is no age; write 12h, 7d or 90d")),
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
        assert_eq!(age("x"), Err("`x` is no age; write 12h, 7d or 90d".to_owned()));
    }
}
