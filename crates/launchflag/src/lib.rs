//! Whether a service is launched with a flag on: command lines, Kubernetes, Dockerfile, systemd, compose, configuration.
//!
//! ```
//! use launchflag::{Kind, State, judge};
//!
//! let verdict = judge(Kind::K8s, b"containers: [{args: [--audit-log-enabled=true]}]", "audit-log-enabled");
//! assert_eq!(verdict.state, State::On);
//! assert_eq!(verdict.why.to_string(), "--audit-log-enabled=true sets it to true");
//! assert_eq!(verdict.span.map(|span| (span.start.line, span.start.column)), Some((1, 22)));
//! ```
//!
//! Searching the text for `--audit-log-enabled=true` is not enough: it may stand in a comment, in another argument, behind
//! the end of flags, in a command that never runs, or be overridden by a later word; and `--audit-log-enabled` alone, or
//! `=1`, turn the flag on as well. So every kind is reduced to the words that the service's process gets, which are then read
//! as Go's flag packages read them. The decisions stand in the documentation of each module:
//!
//! - `argv`: how the words are read (`=yes` is off, the last one wins, `--f false` is off, …);
//! - `wrapper`, `launch`: through `tini`, `gosu`, `env`, `sh -c`, `entrypoint.sh` … to the service; `pause`, `systemd` and
//!   other supervisors as the process are unknown;
//! - `shell`: which command of a script is the service, and what its variables are worth;
//! - `cmdline`, `k8s`, `image` (Dockerfiles), `systemd`, `compose`, `config`: what each kind launches.
//!
//! A value that only the outside decides (a shell variable, `valueFrom`, an `EnvironmentFile`, a compose variable with or
//! without default, a template) makes the answer unknown, and so do words from outside *behind* the flag, which may turn it
//! off. What the text sets itself (`ENV`, `env`, `Environment=`, assignments in a script) is followed.

mod argv;
mod cmdline;
mod compose;
mod config;
mod flag;
mod image;
mod k8s;
mod launch;
mod place;
mod shell;
mod systemd;
mod template;
mod tree;
mod verdict;
mod wrapper;

pub use place::{Position, Span};
pub use verdict::{State, Verdict, Why};

use std::fmt;
use std::str::FromStr;

use argv::Finding;
use flag::Flag;

/// A larger text is not judged.
pub const MAX_SIZE: usize = 4 << 20;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `/proc/N/cmdline`: words, each ended by a NUL.
    Cmdline,
    /// Kubernetes manifests, YAML or JSON.
    K8s,
    /// A Dockerfile.
    Dockerfile,
    /// A systemd unit, drop-ins behind it.
    Systemd,
    /// A compose file.
    Compose,
    /// The service's own configuration: YAML, JSON, TOML, properties, INI, env, or a ConfigMap of these.
    Config,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Cmdline, Self::K8s, Self::Dockerfile, Self::Systemd, Self::Compose, Self::Config];

    /// `cmdline`, `k8s`, `dockerfile`, `systemd`, `compose` or `config`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cmdline => "cmdline",
            Self::K8s => "k8s",
            Self::Dockerfile => "dockerfile",
            Self::Systemd => "systemd",
            Self::Compose => "compose",
            Self::Config => "config",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no [`Kind`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no kind of launch {0:?}: cmdline, k8s, dockerfile, systemd, compose or config")]
pub struct UnknownKind(String);

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| UnknownKind(word.to_owned()))
    }
}

/// Judges whether the text launches the service with the boolean flag `flag` (with or without dashes) on.
///
/// Never fails: what cannot be told is [`State::Unknown`] with its reason. Never "on" unless the text alone makes it
/// certain. Time is near-linear in the text, which is not judged above [`MAX_SIZE`].
pub fn judge(kind: Kind, text: &[u8], flag: &str) -> Verdict {
    let Some(flag) = Flag::new(flag) else {
        return Finding::without(Why::FlagName(flag.to_owned()), None).verdict;
    };
    if text.len() > MAX_SIZE {
        return Finding::without(Why::TooLarge, None).verdict;
    }
    if kind == Kind::Cmdline {
        // The words of a process need not be UTF-8.
        return cmdline::judge(text, &flag).verdict;
    }
    let Ok(text) = std::str::from_utf8(text) else {
        return Finding::without(Why::Encoding, None).verdict;
    };
    if template::has_statement(text) {
        return Finding::without(Why::Template, None).verdict;
    }
    let finding = match kind {
        Kind::Dockerfile => image::judge(text, &flag),
        Kind::Systemd => systemd::judge(text, &flag),
        Kind::K8s => k8s::judge(text, &flag),
        Kind::Compose => compose::judge(text, &flag),
        Kind::Config => config::judge(text, &flag),
        Kind::Cmdline => cmdline::judge(text.as_bytes(), &flag),
    };
    finding.verdict
}
