//! Whether a service is launched with a flag on: command lines, Kubernetes, Dockerfile, systemd, compose, configuration.

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
mod tree;
mod verdict;
mod wrapper;

pub use place::{Position, Span};
pub use verdict::{State, Verdict, Why};

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
    /// A systemd unit.
    Systemd,
    /// A compose file.
    Compose,
    /// The service's own configuration: YAML, JSON, TOML, properties, INI or env.
    Config,
}

/// Judges `text`.
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
