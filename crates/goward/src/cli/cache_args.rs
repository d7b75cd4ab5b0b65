//! The flags of `goward cache`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct CacheArgs {
    #[command(subcommand)]
    pub(crate) command: CacheCommand,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum CacheCommand {
    /// Hold every object of the build cache against its name and its build ID; exit status 1 where one was altered
    Verify(CacheVerifyArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CacheVerifyArgs {
    /// The build cache (default: GOCACHE, as the go command finds it)
    pub(crate) dir: Option<PathBuf>,
    /// How many objects are read at once (default: one for each processor)
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) jobs: usize,
}
