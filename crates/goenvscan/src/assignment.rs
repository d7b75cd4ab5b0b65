//! What is found.

use crate::text::{Span, Text, UNKNOWN};
use crate::value::Value;

/// A variable that gets a value, or a flag of the go command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// `GOFLAGS`; for a flag, `-mod`.
    pub name: String,
    /// The value without its quotes. Expansions stay as they are written: `$GOFLAGS -mod=mod`; in the recipes of makefiles
    /// `$(NAME)` appears as `${NAME}`, as the shell would see it, and functions as `…`.
    pub value: String,
    /// Whether there is no expansion in the value.
    pub value_known: bool,
    /// Whether the value, or a part of it, counts only where something else is, or is not, set: `${GOSUMDB:-off}`, `GOSUMDB ?= off`,
    /// a Dockerfile's `ARG GOSUMDB=off`.
    pub default: bool,
    /// `NAME=VALUE`, or key and value; quotes around them are left out or not as they fall.
    pub span: Span,
    /// How the value is set.
    pub via: Via,
    /// The value with the defaults of expansions taken, and U+FFFC for every other expansion.
    pub(crate) assumed: Text,
}

/// How a variable is set, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// `export NAME=VALUE`, or an assignment to a variable that the same script exports.
    Export,
    /// An assignment that no `export` was found for. It reaches programs if the variable came from the environment.
    ShellVariable,
    /// `NAME=VALUE command`, also through `env` and `sudo`. `None` if the command is not go.
    Inline(Option<GoCommand>),
    /// `go env -w NAME=VALUE`.
    GoEnvWrite,
    /// A flag of the go command itself.
    GoFlag(GoCommand),
    /// An exported variable of a makefile, or one that is set for a target.
    MakeExport,
    /// A variable of a makefile that no `export` was found for. It reaches recipes if it came from the environment.
    MakeVariable,
    /// `make NAME=VALUE`.
    MakeArgument,
    /// `ENV` of a Dockerfile.
    DockerEnv,
    /// `ARG NAME=DEFAULT` of a Dockerfile.
    DockerArg,
    /// `docker run -e NAME=VALUE`, or `environment` of a compose file.
    ContainerEnv,
    /// `docker build --build-arg NAME=VALUE`, or `build.args` of a compose file.
    BuildArg,
    /// `env` of a GitHub workflow.
    GithubEnv(Scope),
    /// A line written to `$GITHUB_ENV`, for the steps that follow.
    GithubEnvFile,
    /// `variables` of a GitLab CI file.
    GitlabVariable(Scope),
    /// Text written to a file that shells read at their start: `~/.bashrc`, `$BASH_ENV`, `/etc/profile.d/go.sh`.
    ProfileFile,
    /// The file of `go env -w`.
    GoEnvFile,
    /// A `.env` file.
    DotEnv,
}

/// How far a CI file's setting reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All jobs.
    Workflow,
    /// One job, or one of its services or containers.
    Job,
    /// One step.
    Step,
}

/// A run of the go command.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GoCommand {
    /// `build`, `mod`, `install`; empty if it is not known.
    pub subcommand: String,
    /// Whether it names a package at a version, `go install example.com/cmd@v1.2.3`: then the main module has no part.
    pub at_version: bool,
    /// Whether `-modfile` names another file: then go.mod and go.sum are left alone.
    pub other_modfile: bool,
}

impl Assignment {
    pub(crate) fn new(name: String, value: &Value, span: Span, via: Via) -> Self {
        Self {
            name,
            value: value.shown().as_str().replace(UNKNOWN, "…"),
            value_known: value.is_known(),
            default: value.has_default(),
            span,
            via,
            assumed: value.assumed(),
        }
    }

    /// The value as far as it can be told from the file: with the defaults of `${X:-default}` taken, and U+FFFC (object
    /// replacement character) for every other expansion.
    pub fn assumed(&self) -> &str {
        self.assumed.as_str()
    }

    /// The place of a byte range of [`Assignment::assumed`].
    pub fn assumed_span(&self, range: std::ops::Range<usize>) -> Span {
        if self.assumed.is_empty() { self.span } else { self.assumed.span(range) }
    }
}

/// The variables of `go help environment`, of the runtime, and `GONOSUMCHECK` of old betas.
const NAMES: [&str; 44] = [
    "GO111MODULE",
    "GO386",
    "GOAMD64",
    "GOARCH",
    "GOARM",
    "GOARM64",
    "GOAUTH",
    "GOBIN",
    "GOCACHE",
    "GOCACHEPROG",
    "GOCOVERDIR",
    "GODEBUG",
    "GOENV",
    "GOEXPERIMENT",
    "GOFIPS140",
    "GOFLAGS",
    "GOGC",
    "GOINSECURE",
    "GOMAXPROCS",
    "GOMEMLIMIT",
    "GOMIPS",
    "GOMIPS64",
    "GOMODCACHE",
    "GONOPROXY",
    "GONOSUMCHECK",
    "GONOSUMDB",
    "GOOS",
    "GOPATH",
    "GOPPC64",
    "GOPRIVATE",
    "GOPROXY",
    "GORACE",
    "GORISCV64",
    "GOROOT",
    "GOROOT_FINAL",
    "GOSUMDB",
    "GOTELEMETRY",
    "GOTMPDIR",
    "GOTOOLCHAIN",
    "GOTRACEBACK",
    "GOVCS",
    "GOWASM",
    "GOWORK",
    "GO_EXTLINK_ENABLED",
];

/// Whether a variable is one of Go's: the tools of projects have names like `GO_VERSION` and `GOLANGCI_LINT`.
pub(crate) fn is_go_name(name: &str) -> bool {
    NAMES.contains(&name) || name.strip_prefix("CGO_").is_some_and(|rest| !rest.is_empty())
}

/// Collects what is found in one file.
#[derive(Debug, Default)]
pub(crate) struct Found(pub(crate) Vec<Assignment>);

impl Found {
    /// Notes `name` = `value` if the variable is one of Go's.
    pub(crate) fn add(
        &mut self,
        name: &str,
        value: &Value,
        span: Span,
        via: Via,
    ) -> Option<&mut Assignment> {
        if !is_go_name(name) {
            return None;
        }
        self.0.push(Assignment::new(name.to_owned(), value, span, via));
        self.0.last_mut()
    }
}

/// The span of a line that reads `NAME=VALUE`.
pub(crate) fn line_span(line: &Value) -> Span {
    let shown = line.shown();
    shown.span(0..shown.len())
}
