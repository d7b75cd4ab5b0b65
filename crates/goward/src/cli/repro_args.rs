//! The flags of `goward repro`.

use super::observe_args::duration;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct ReproArgs {
    /// The main package, as go build takes it
    #[arg(value_name = "PACKAGE", default_value = ".")]
    pub(crate) package: String,
    /// Compare two programs that are there already, and build nothing
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["package", "dir", "vary", "prove", "classic", "generate", "source", "keep", "flags"])]
    pub(crate) compare: Option<Vec<PathBuf>>,
    /// A folder of the module or workspace
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
    /// What the second build has otherwise than the first; repeatable (default: everything)
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',')]
    pub(crate) vary: Vec<Vary>,
    /// Build again without what is suspected, and say whether the difference goes away
    #[arg(long)]
    pub(crate) prove: bool,
    /// Build with -a and -ldflags=-buildid= as the old recipe has it
    #[arg(long)]
    pub(crate) classic: bool,
    /// Run go generate ./... before each build
    #[arg(long)]
    pub(crate) generate: bool,
    /// What is copied and built: the worktree as it is, or what is committed
    #[arg(long, value_enum, value_name = "SOURCE", default_value = "tree")]
    pub(crate) source: Source,
    /// Keep both programs in this folder, as a and b
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
    /// No build takes longer than this: 90s, 10m
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "30m")]
    pub(crate) deadline: Duration,
    /// Do not keep this run
    #[arg(long)]
    pub(crate) no_history: bool,
    /// Flags for go build, written -name=value, as in -- -tags=netgo -trimpath
    #[arg(last = true, value_name = "GO FLAGS", allow_hyphen_values = true)]
    pub(crate) flags: Vec<String>,
}

/// What the second build has otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Vary {
    /// Nothing: two builds of the same
    None,
    /// The folder of the sources
    Dir,
    /// The time zone
    Zone,
    /// The umask
    Umask,
    /// The user's name
    User,
    /// How many actions run at once
    Parallel,
    /// The locale
    Locale,
    /// The home folder
    Home,
    /// The folder for temporary files
    Tmp,
}

/// What is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Source {
    /// Every file of the worktree, committed or not
    Tree,
    /// What git has committed
    Git,
}
