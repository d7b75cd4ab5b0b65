//! The flags of `goward snapshot` and `goward diff`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct SnapshotArgs {
    /// A module's folder, a program, or a core file
    #[arg(default_value = ".", value_name = "WHAT")]
    pub(crate) what: PathBuf,
    /// The program that was built from the folder: both together
    #[arg(long, value_name = "FILE", conflicts_with_all = ["pid", "core"])]
    pub(crate) binary: Option<PathBuf>,
    /// A running process
    #[arg(long, value_name = "PID", conflicts_with = "core")]
    pub(crate) pid: Option<u32>,
    /// A core file
    #[arg(long, value_name = "FILE")]
    pub(crate) core: Option<PathBuf>,
    /// The folder's packages that are meant, as go build takes them (default: ./...); repeatable
    #[arg(long = "package", value_name = "PATTERN")]
    pub(crate) packages: Vec<String>,
    /// Compile the folder's packages, for the hashes that a plugin load compares
    #[arg(long)]
    pub(crate) compile: bool,
    /// The program runs on this machine: its C library, kernel and processor count
    #[arg(long)]
    pub(crate) here: bool,
    /// Write the snapshot to FILE; standard output has the report then
    #[arg(long, short = 'w', value_name = "FILE")]
    pub(crate) write: Option<PathBuf>,
    /// Sign it with this key (Ed25519 or P-256, PKCS #8 PEM): a DSSE envelope
    #[arg(long, value_name = "FILE")]
    pub(crate) sign_key: Option<PathBuf>,
    /// Do not keep this run
    #[arg(long)]
    pub(crate) no_history: bool,
    /// Flags with which the folder is built, as -- -trimpath -buildmode=plugin
    #[arg(last = true, value_name = "FLAG")]
    pub(crate) flags: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// What runs: a snapshot, a program, a core file, a module's folder, or pid:N
    #[arg(value_name = "A")]
    pub(crate) a: PathBuf,
    /// What comes: the same kinds
    #[arg(value_name = "B")]
    pub(crate) b: PathBuf,
    /// The least risk that closes the gate (default: the policy's diff.fail_on, which is high)
    #[arg(long, value_name = "RISK", value_parser = ["low", "medium", "high", "extreme", "never"])]
    pub(crate) fail_on: Option<String>,
    /// Snapshots must be signed by this key (Ed25519 or P-256, PEM); repeatable: by one of these
    #[arg(long, value_name = "FILE")]
    pub(crate) verify_key: Vec<PathBuf>,
    /// A folder's packages that are meant, as go build takes them (default: ./...); repeatable
    #[arg(long = "package", value_name = "PATTERN")]
    pub(crate) packages: Vec<String>,
    /// Compile the packages of folders, for the hashes that a plugin load compares
    #[arg(long)]
    pub(crate) compile: bool,
    /// A runs on this machine: its C library, kernel and processor count
    #[arg(long)]
    pub(crate) here: bool,
    /// The policy file (default: goward.toml here or above, within the repository)
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Set a key of the policy; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Do not keep this run
    #[arg(long)]
    pub(crate) no_history: bool,
    /// Flags with which folders are built, as -- -trimpath -buildmode=plugin
    #[arg(last = true, value_name = "FLAG")]
    pub(crate) flags: Vec<String>,
}
