//! The flags of `goward inspect`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Clone, Debug, Args)]
pub(crate) struct InspectArgs {
    /// Programs: ELF, Mach-O or PE, built by Go 1.18 or newer
    #[arg(required = true, value_name = "BIN")]
    pub(crate) files: Vec<PathBuf>,
    /// What the program must serve; may be repeated (default: the policy's, else debug)
    #[arg(long, value_enum, value_name = "PROFILE")]
    pub(crate) need: Vec<Need>,
    /// Of the functions, so many in a hundred must be known at each level that is needed (default: the policy's, else 95)
    #[arg(long, value_name = "PERCENT")]
    pub(crate) min_percent: Option<f64>,
    /// The file, dSYM or folder of debug files that holds the debug information of a stripped program (default: by
    /// build ID or .gnu_debuglink, or beside it)
    #[arg(long, value_name = "PATH")]
    pub(crate) debug_file: Option<PathBuf>,
    /// The PDB of a Windows program, or a folder or symbol store that holds it (default: beside it, or where the
    /// linker put it)
    #[arg(long, value_name = "PATH")]
    pub(crate) pdb: Option<PathBuf>,
    /// Source paths in the PDB must begin so (/src/); may be repeated
    #[arg(long, value_name = "PREFIX")]
    pub(crate) require_source_prefix: Vec<String>,
    /// No path in the PDB may begin so (/home/); `local`: any place of the machine that built it; may be repeated
    #[arg(long, value_name = "PREFIX")]
    pub(crate) forbid_source_prefix: Vec<String>,
    /// Show where the bytes come from: kinds, sections, modules, packages, embedded files
    #[arg(long)]
    pub(crate) sizes: bool,
    /// Show the sizes as a change from this program
    #[arg(long, value_name = "OLD")]
    pub(crate) against: Option<PathBuf>,
    /// Close the gate when the program is larger than the old one by more than so many in a hundred
    #[arg(long, value_name = "PERCENT", requires = "against")]
    pub(crate) max_growth: Option<f64>,
    /// Write the sizes as a page: a map of modules and packages, and tables
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write a bill of materials: CycloneDX 1.6, JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) sbom: Option<PathBuf>,
    /// Write a SLSA v1 provenance statement of in-toto
    #[arg(long, value_name = "FILE")]
    pub(crate) provenance: Option<PathBuf>,
    /// Sign the provenance with this key (Ed25519 or P-256, PKCS #8 PEM): a DSSE envelope
    #[arg(long, value_name = "FILE", requires = "provenance")]
    pub(crate) sign_key: Option<PathBuf>,
    /// The policy file (default: goward.toml here or above, within the repository)
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Set a key of the policy; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Do not keep this run
    #[arg(long)]
    pub(crate) no_history: bool,
}

/// What a program serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Need {
    /// Panics and pprof name functions
    Trace,
    /// nm, perf and uprobes find functions, too
    Perf,
    /// Delve, gdb and core dumps find functions and lines, too
    Debug,
    /// Windows' debuggers find a PDB of the same link, and functions in it
    Pdb,
}

impl Need {
    /// As it is written.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Perf => "perf",
            Self::Debug => "debug",
            Self::Pdb => "pdb",
        }
    }
}

impl From<goward_config::Profile> for Need {
    fn from(profile: goward_config::Profile) -> Self {
        match profile {
            goward_config::Profile::Trace => Self::Trace,
            goward_config::Profile::Perf => Self::Perf,
            goward_config::Profile::Debug => Self::Debug,
            goward_config::Profile::Pdb => Self::Pdb,
        }
    }
}
