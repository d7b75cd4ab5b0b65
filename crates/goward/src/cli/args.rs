//! Subcommands, arguments and flags. Doc comments are the English help.

use clap::{Args, Parser, ValueEnum};
use std::path::PathBuf;

/// The gate between a Go build and its release.
///
/// Exit status: 0 gate open, 1 gate closed, 2 usage or configuration, 3 inconclusive,
/// 101 a bug in goward, 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "goward", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Subcommand,
}

#[derive(Debug, Args)]
pub(crate) struct Global {
    /// What is written to standard output: human, json, sarif, junit, github or markdown
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: goward_report::Format,
    /// Also write a report to FILE, in the format of its extension (.json, .sarif, .xml, .md, .txt); repeatable
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) output: Vec<PathBuf>,
    /// The language of findings and help: en or zh (default: from LANG)
    #[arg(long, global = true, value_name = "LANG", value_parser = ["en", "zh"])]
    pub(crate) lang: Option<String>,
    /// Whether to use colours
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Show only what did not pass
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Show more
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Subcommand {
    /// Run the pre-compile checklist
    Check(CheckArgs),
    /// Run go and watch it: stages, tools, memory; on failure the cause, its owner and the fix
    Build(super::ObserveArgs),
    /// Explain a failed build from its log; or a check, or a cause; or list the checks
    Explain(ExplainArgs),
    /// Show earlier runs
    History(HistoryArgs),
    /// Explain, check and create the policy
    Config(ConfigArgs),
    /// Show what docker build would send, and what must not be in it
    Context(ContextArgs),
    /// Ask the package graph: why, cycles, stats, pictures; without running go list
    Graph(GraphArgs),
    /// Look into programs: build info, functions, symbols, debug information; exit status 1 where a level falls short
    Inspect(super::InspectArgs),
    /// Build twice in isolation, or take two programs, and name the cause of each difference; exit status 1 where they differ
    Repro(super::ReproArgs),
    /// Record what a build is made of: toolchain, settings, modules, package hashes, C library; of a folder, program, process or core
    Snapshot(super::SnapshotArgs),
    /// Tell what differs between what runs (A) and what comes (B), with risk, consequence and fix
    Diff(super::DiffArgs),
    /// Look at Go's caches, verify what go build trusts, clean them in tiers
    Cache(super::CacheArgs),
    /// Build for versions of Go, platforms, with and without cgo: what is expected, what is measured, why a cell fails
    Matrix(super::MatrixArgs),
    /// Judge a commit before it is made: exactly what is staged
    Hook(HookArgs),
    /// Break builds on purpose, and see whether they are explained as they must be
    Chaos(super::ChaosArgs),
    /// Small stable commands for scripts
    Plumbing(PlumbingArgs),
    /// Print shell completions
    Completions(ShellArgs),
    /// Print or write the manual pages
    Man(ManArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The module's folder: where go.mod is
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Run only this check (and what it requires); repeatable
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Leave this check out; repeatable
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,
    /// Run only checks of this group; repeatable
    #[arg(long, value_name = "GROUP", value_delimiter = ',')]
    pub(crate) group: Vec<String>,
    /// The policy file (default: goward.toml in DIR or above, within the repository)
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Set a key of the policy; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// The folder that stands for the container's root: look at the TLS files themselves
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// Also look at the audit switch of a running process (without a number: 1)
    #[arg(long, value_name = "PID", num_args = 0..=1, default_missing_value = "1")]
    pub(crate) pid: Option<u32>,
    /// Ask the checksum database and the module proxy as well
    #[arg(long)]
    pub(crate) online: bool,
    /// In CI: also judge what changed here since this branch left REV, as the hook does, and name new modules
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// Take the packages from FILE, as go list -e -deps -test -json ./... printed them (- for standard input)
    #[arg(long, value_name = "FILE")]
    pub(crate) from_list: Option<PathBuf>,
    /// How many items are tried at once
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Do not keep this run
    #[arg(long)]
    pub(crate) no_history: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A log file, `-` for standard input, a check or a cause; without one, all checks are listed
    pub(crate) subject: Option<String>,
    /// Of a log: it is of a release branch, so the cause is one tier more urgent
    #[arg(long)]
    pub(crate) release: bool,
    /// Of a log: say whose error budget the failure burns
    #[arg(long)]
    pub(crate) slo: bool,
}

#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// The database (default: as the policy says, else $XDG_STATE_HOME/goward/history.db)
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) db: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Option<HistoryCommand>,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum HistoryCommand {
    /// List runs, newest first
    List {
        /// How many
        #[arg(long, short = 'n', value_name = "N", default_value_t = 20)]
        limit: usize,
        /// Only runs of the target in this folder
        #[arg(long, value_name = "DIR")]
        target: Option<PathBuf>,
    },
    /// List observed builds, newest first, and compare the last with those before
    Build {
        /// How many
        #[arg(long, short = 'n', value_name = "N", default_value_t = 20)]
        limit: usize,
        /// Only builds in this folder
        #[arg(long, value_name = "DIR")]
        target: Option<PathBuf>,
    },
    /// Show a run as it was reported
    Show {
        /// The run, a prefix of its name that fits only one, or `latest`
        #[arg(default_value = "latest")]
        run: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show every value and where it came from
    Explain {
        /// Only keys that begin with this
        key: Option<String>,
        /// The folder whose policy is meant
        #[arg(long, value_name = "DIR", default_value = ".")]
        dir: PathBuf,
        /// Set a key, as `check --set` does; repeatable
        #[arg(long, value_name = "KEY=VALUE")]
        set: Vec<String>,
    },
    /// Print the JSON Schema of goward.toml
    Schema,
    /// Write a goward.toml in which everything is explained
    Init {
        /// Where
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ContextArgs {
    #[command(subcommand)]
    pub(crate) command: ContextCommand,
}

/// What is built, by whom it is asked.
#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// The folder that is sent
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// The Dockerfile (default: Dockerfile in DIR)
    #[arg(long, short = 'f', value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum ContextCommand {
    /// List the files that are sent
    Ls(BuildArgs),
    /// Show sizes before and after .dockerignore, by folder and kind, and the largest files
    Size(BuildArgs),
    /// Tell which line of .dockerignore decides about a path
    Why {
        /// The path, relative to the folder that is sent
        path: String,
        #[command(flatten)]
        build: BuildArgs,
    },
    /// List what must not be in a build context; exit status 1 where a secret is sent
    Leaks(BuildArgs),
    /// Print lines for .dockerignore that leave out what must not be sent
    Suggest(BuildArgs),
}

#[derive(Debug, Args)]
pub(crate) struct GraphArgs {
    #[command(subcommand)]
    pub(crate) command: GraphCommand,
}

#[derive(Debug, Args)]
pub(crate) struct HookArgs {
    #[command(subcommand)]
    pub(crate) command: HookCommand,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum HookCommand {
    /// Judge what is staged: modules, secrets, packages, then compile what changed with its tests
    Run(HookRunArgs),
    /// Let git run it before each commit; a hook that is there is kept and runs first
    Install {
        /// A folder of the repository
        #[arg(default_value = ".")]
        dir: PathBuf,
        /// Also before each push
        #[arg(long)]
        push: bool,
    },
    /// Take the hooks away again, and put back what was there
    Uninstall {
        /// A folder of the repository
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
    /// Say of a commit that its tree was judged, as hook.record of the policy wants it: git runs this
    Record {
        /// The file of the message, in commit-msg; without it the last commit gets a note
        message: Option<PathBuf>,
        /// A folder of the repository
        #[arg(long, value_name = "DIR", default_value = ".")]
        dir: PathBuf,
    },
    /// List commits whose tree no hook judged here (--no-verify, another machine); exit status 1 if there are any
    Audit {
        /// Commits, as git log takes them (default: those that no remote has, else the last 50)
        range: Option<String>,
        /// A folder of the repository
        #[arg(long, value_name = "DIR", default_value = ".")]
        dir: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct HookRunArgs {
    /// A folder of the repository
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// In CI: judge what is checked out, against where this branch left REV
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// Before a push: judge the commits that git names on standard input
    #[arg(long, conflicts_with = "since")]
    pub(crate) push: bool,
    /// The remote that is pushed to, as git names it to a pre-push hook: what it has is nobody's secret
    #[arg(long, value_name = "NAME", requires = "push")]
    pub(crate) remote: Option<String>,
    /// Compile all that imports what changed, and not only who imports it directly
    #[arg(long)]
    pub(crate) deep: bool,
    /// Seconds that it may take (default: hook.budget_ms of the policy, 10)
    #[arg(long, value_name = "SECONDS")]
    pub(crate) budget: Option<u64>,
    /// The policy file (default: goward.toml in the module or above, within the repository)
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Set a key of the policy; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
}

/// Which packages are looked at.
#[derive(Debug, Args)]
pub(crate) struct TreeArgs {
    /// A folder of the module or workspace: its packages and those below
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Look at the tests of these packages, too
    #[arg(long)]
    pub(crate) tests: bool,
    /// Which packages, as go list takes them: ./x, ./x/..., x/..., import paths, all, std, cmd, work, tool; may be
    /// repeated (default: those of the folder and below)
    #[arg(long, value_name = "PATTERN")]
    pub(crate) pattern: Vec<String>,
    /// Take the packages from FILE, as go list -deps -json ./... printed them (- for standard input)
    #[arg(long, value_name = "FILE", conflicts_with = "pattern")]
    pub(crate) from_list: Option<PathBuf>,
}

/// Which change is meant.
#[derive(Debug, Args)]
pub(crate) struct AffectedArgs {
    /// Files that changed, came or went (default: all that differ from HEAD)
    #[arg(conflicts_with_all = ["since", "staged"])]
    pub(crate) files: Vec<PathBuf>,
    /// All that differs from where this branch left REV, untracked files too
    #[arg(long, value_name = "REV", conflicts_with = "staged")]
    pub(crate) since: Option<String>,
    /// What is staged, and the packages as they are staged
    #[arg(long)]
    pub(crate) staged: bool,
    /// Print import paths only, of one kind
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) kind: Option<AffectedKind>,
    /// A folder of the module or workspace
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
}

/// A kind of what a change reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AffectedKind {
    /// Packages that are built anew
    Packages,
    /// Packages whose tests are to be run
    Tests,
    /// Main programs that are linked anew
    Programs,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum GraphCommand {
    /// Show why a package is in the build: the shortest chain of imports, with file and line of each
    Why {
        /// The import path
        package: String,
        /// A chain from each package that is built, not only the shortest
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        tree: TreeArgs,
    },
    /// Show what a change reaches: packages, tests and programs, each with the reason
    Affected(AffectedArgs),
    /// Show import cycles with file and line of each import; exit status 1 if there are any
    Cycles(TreeArgs),
    /// Count packages and imports; name the deepest, the most imported and the heaviest
    Stats(TreeArgs),
    /// Print the graph for Graphviz, the packages of other modules taken together
    Dot(TreeArgs),
    /// Print the graph for Mermaid, the packages of other modules taken together
    Mermaid(TreeArgs),
    /// Print the graph as a page for the browser, the packages of other modules taken together
    Html(TreeArgs),
    /// Print the packages as go list -deps -json does, a line each
    Json(TreeArgs),
    /// Compare with go list -e -deps -test -json; exit status 1 where anything differs
    Verify {
        /// A folder of the module or workspace: its packages and those below
        #[arg(default_value = ".")]
        dir: PathBuf,
        /// Which packages, as go list takes them; may be repeated
        #[arg(long, value_name = "PATTERN")]
        pattern: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct PlumbingArgs {
    #[command(subcommand)]
    pub(crate) command: PlumbingCommand,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum PlumbingCommand {
    /// Whether a service is launched with a flag on: {"state":"on|off|unknown","why":"…"}
    LaunchFlag {
        /// What FILE is
        #[arg(long, value_enum)]
        kind: LaunchKind,
        /// The flag, without dashes
        #[arg(long, value_name = "NAME")]
        flag: String,
        /// The file; - for standard input
        file: PathBuf,
    },
    /// Placeholders that are left: a JSON line each with name, line, column
    Placeholders {
        /// The file
        file: PathBuf,
        /// Whether the file has been rendered
        #[arg(long, value_enum)]
        mode: PlaceholderMode,
        /// A name that the deployment injects; repeatable
        #[arg(long, value_name = "NAME")]
        allow: Vec<String>,
    },
    /// A go.mod as JSON, in the shape of go mod edit -json; exit status 1 where Go refuses it
    GoMod {
        /// The file; - for standard input
        file: PathBuf,
    },
    /// A go.work as JSON, in the shape of go work edit -json; exit status 1 where Go refuses it
    GoWork {
        /// The file; - for standard input
        file: PathBuf,
    },
    /// A go.sum as JSON
    GoSum {
        /// The file; - for standard input
        file: PathBuf,
    },
    /// A vendor/modules.txt as JSON
    VendorModules {
        /// The file; - for standard input
        file: PathBuf,
    },
    /// The h1: sum of a folder or of a module zip
    H1 {
        /// The folder, or the zip
        path: PathBuf,
        /// What stands in front of a folder's names: module@version
        #[arg(long, value_name = "MODULE@VERSION")]
        prefix: Option<String>,
    },
    /// Compare versions: a JSON line for each line "a b" of standard input
    Semver,
    /// Judge module paths: a JSON line for each line of standard input
    ModulePath,
    /// The modules that a build selects: lines of module and version
    BuildList {
        /// The folder of the main module or workspace
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
    /// The packages of a folder and all that they import, with tests: a JSON line each, in the shape of go list
    Packages {
        /// A folder of the module or workspace
        #[arg(default_value = ".")]
        dir: PathBuf,
        /// Leave out the tests
        #[arg(long)]
        no_tests: bool,
        /// Which packages, as go list takes them; may be repeated
        #[arg(long, value_name = "PATTERN")]
        pattern: Vec<String>,
    },
    /// What stands above the code of a Go file, as JSON; exit status 1 where Go refuses it
    GoHeader {
        /// The file; - for standard input
        file: PathBuf,
    },
    /// What is in a program: a JSON line per architecture; exit status 1 where it cannot be read
    Artifact {
        /// The program
        file: PathBuf,
        /// Where its bytes come from, too
        #[arg(long)]
        sizes: bool,
    },
    /// How a program was built, in the shape of go version -m -json: a JSON line per architecture; exit status 1 where
    /// it does not say
    BuildInfo {
        /// The program
        file: PathBuf,
    },
    /// Evaluate build constraints: a JSON line for each line of standard input
    BuildConstraint {
        /// The tags that are set, separated by commas
        #[arg(long, value_name = "TAGS", default_value = "")]
        tags: String,
    },
    /// Verify a signed note and print its text; exit status 1 where it does not hold
    SumdbNote {
        /// The verifier's key: name+hash+base64
        #[arg(long, value_name = "VKEY")]
        key: String,
        /// The note; - for standard input
        file: PathBuf,
    },
    /// Whether paths are left out of a build context: a JSON line for each line of standard input
    DockerignoreMatch {
        /// The .dockerignore
        #[arg(long, value_name = "F")]
        file: PathBuf,
    },
    /// The patterns of a .dockerignore after cleaning, as a JSON list
    DockerignoreParse {
        /// The file; - for standard input
        file: PathBuf,
    },
    /// What is wrong with a certificate: a JSON list of ids
    Tls {
        /// The certificate file, leaf first
        #[arg(long, value_name = "FILE")]
        cert: PathBuf,
        /// The private key file
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// The CA bundle the chain must lead to
        #[arg(long, value_name = "FILE")]
        ca: Option<PathBuf>,
        /// A name the certificate must cover; repeatable
        #[arg(long, value_name = "NAME")]
        host: Vec<String>,
        /// Days for which it must still be valid
        #[arg(long, value_name = "N", default_value_t = 0)]
        min_days: u32,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LaunchKind {
    /// /proc/N/cmdline: words that end in NUL
    Cmdline,
    /// Kubernetes manifests
    K8s,
    /// A Dockerfile
    Dockerfile,
    /// A systemd unit
    Systemd,
    /// A compose file
    Compose,
    /// A configuration file
    Config,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlaceholderMode {
    /// Nothing may be left
    Rendered,
    /// Only {{NAME}} counts, and the allowed names may stay
    Source,
}

#[derive(Debug, Args)]
pub(crate) struct ShellArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Write one page per subcommand into this folder instead of printing the first
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
