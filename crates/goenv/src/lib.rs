//! Finds where scripts, Dockerfiles, CI files and Makefiles set Go's environment variables, and
//! which of these switch a verification off.
//!
//! [`scan`] finds [`Assignment`]s, told apart from comments, messages and here-documents;
//! [`bypass::judge`] says what an assignment does to Go's verification.

pub mod bypass;
mod ci;
mod docker;
mod kind;
mod lines;
mod make;
mod place;
mod shell;

pub use kind::FileKind;
pub use place::{Position, Span};

/// A larger file is not scanned.
pub const MAX_SIZE: usize = 4 << 20;

/// How a variable gets its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Via {
    /// `NAME=value`, `export NAME=value` or `env NAME=value command` in a shell script.
    Shell,
    /// `go env -w NAME=value`.
    GoEnvWrite,
    /// A flag of the go command itself, as if it stood in GOFLAGS.
    GoFlag,
    /// A variable of a Makefile.
    Make,
    /// `ENV` of a Dockerfile.
    DockerEnv,
    /// The default of an `ARG` of a Dockerfile.
    DockerArg,
    /// `env:` of a GitHub workflow or action, or what a step writes to `$GITHUB_ENV`.
    Workflow,
    /// `variables:` of GitLab CI.
    Gitlab,
    /// A line of an env file, or of the file that `go env -w` writes.
    EnvFile,
}

/// A variable of Go that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// The value as far as it is written there: expansions with a default give the default, others
    /// nothing.
    pub value: String,
    /// Whether the value is all written there.
    pub is_literal: bool,
    /// The assignment.
    pub span: Span,
    /// How it is made.
    pub via: Via,
}

/// The assignments of Go's variables in a file, in order.
pub fn scan(kind: FileKind, text: &str) -> Vec<Assignment> {
    if text.len() > MAX_SIZE {
        return vec![];
    }
    let mut found = match kind {
        FileKind::Shell => shell::scan(text, 0).into_iter().map(|raw| raw.place(text)).collect(),
        FileKind::Makefile => make::scan(text),
        FileKind::Dockerfile => docker::scan(text),
        FileKind::GithubWorkflow => ci::github(text),
        FileKind::GitlabCi => ci::gitlab(text),
        FileKind::EnvFile => lines::scan(text),
    };
    found.sort_by_key(|assignment| assignment.span.start);
    found
}

/// Whether a variable is one that Go reads.
fn is_go_variable(name: &str) -> bool {
    let known = name.starts_with("GO") || name == "CGO_ENABLED";
    let upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    known && name.bytes().all(upper)
}
