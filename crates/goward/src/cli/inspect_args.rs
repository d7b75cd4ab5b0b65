//! The flags of `goward inspect`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// Programs: ELF, Mach-O or PE, built by Go 1.18 or newer
    #[arg(required = true, value_name = "BIN")]
    pub(crate) files: Vec<PathBuf>,
    /// What the program must serve; may be repeated
    #[arg(long, value_enum, value_name = "PROFILE", default_value = "debug")]
    pub(crate) need: Vec<Need>,
    /// Of the functions, so many in a hundred must be known at each level that is needed
    #[arg(long, value_name = "PERCENT", default_value_t = 95.0)]
    pub(crate) min_percent: f64,
    /// The file or dSYM that holds the debug information of a stripped program (default: by build ID or
    /// .gnu_debuglink, or beside it)
    #[arg(long, value_name = "FILE")]
    pub(crate) debug_file: Option<PathBuf>,
    /// The PDB of a Windows program (default: beside it, or where the linker put it)
    #[arg(long, value_name = "FILE")]
    pub(crate) pdb: Option<PathBuf>,
    /// Source paths in the PDB must begin so (/src/); may be repeated
    #[arg(long, value_name = "PREFIX")]
    pub(crate) require_source_prefix: Vec<String>,
    /// No path in the PDB may begin so (/home/); `local`: any place of the machine that built it; may be repeated
    #[arg(long, value_name = "PREFIX")]
    pub(crate) forbid_source_prefix: Vec<String>,
    /// Write a bill of materials: CycloneDX 1.6, JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) sbom: Option<PathBuf>,
    /// Write a SLSA v1 provenance statement of in-toto
    #[arg(long, value_name = "FILE")]
    pub(crate) provenance: Option<PathBuf>,
    /// Sign the provenance with this key (Ed25519 or P-256, PKCS #8 PEM): a DSSE envelope
    #[arg(long, value_name = "FILE", requires = "provenance")]
    pub(crate) sign_key: Option<PathBuf>,
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
