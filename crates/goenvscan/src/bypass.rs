//! Which assignments switch a protection of modules off.
//!
//! Rules: `go help environment`, "Environment variables" and "Private modules" of the Go Modules Reference, and the code
//! of the go command: `cfg.GOSUMDB`, `modfetch.useSumDB`, `modfetch.proxyList`, `module.MatchPrefixPatterns`,
//! `base.InitGOFLAGS`.

mod flags;
mod patterns;
mod proxy;

pub(crate) use flags::names_other_modfile;

use crate::assignment::{Assignment, GoCommand, Via};
use crate::text::Span;
use std::ops::Range;

/// What is switched off; from the worst on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BypassKind {
    /// No hash is looked up in the checksum database: `GOSUMDB=off`, and the flag `-insecure` and variable
    /// `GONOSUMCHECK` of old versions of Go.
    SumdbOff,
    /// `GOPRIVATE` covers everything, or a whole public host: neither checksum database nor proxy for these.
    PrivateTooWide,
    /// `GONOSUMDB` covers everything, or a whole public host.
    NoSumdbTooWide,
    /// `GOINSECURE`: plain HTTP and invalid certificates are accepted. `wide` if for everything or a whole public host.
    Insecure {
        /// Whether everything or a whole public host is covered.
        wide: bool,
    },
    /// The go command may change go.mod and go.sum while it builds: `-mod=mod`.
    ModMod,
    /// The module cache is writable, so that what was verified may change: `-modcacherw`.
    ModCacheRw,
    /// `GONOPROXY` covers everything, or a whole public host: the proxy does not keep these versions.
    NoProxyTooWide,
    /// Modules come from their repositories first: `GOPROXY=direct`.
    ProxyDirect,
    /// A proxy is passed over for any error, a refusal included: `GOPROXY=https://a.example|direct`.
    ProxyPipe,
    /// `GOPRIVATE` or `GONOSUMDB` covers one's own modules. For information: their hashes rest on go.sum alone.
    PrivateWithoutSumdb,
}

impl BypassKind {
    /// Whether it is mere information.
    pub fn is_information(self) -> bool {
        self == Self::PrivateWithoutSumdb
    }
}

/// A protection that is switched off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bypass {
    /// Which one.
    pub kind: BypassKind,
    /// What in the value does it: `off`, `-mod=mod`, `*.com`.
    pub pattern: String,
    /// Where that stands.
    pub span: Span,
    /// Whether this is only what counts where nothing else is set: see [`Assignment::default`].
    pub default: bool,
}

/// The worst that an assignment does.
///
/// What is not known does nothing: `GOPROXY=$X` is no bypass; `GOFLAGS="$GOFLAGS -mod=mod"` and `GOSUMDB=${X:-off}` are.
pub fn judge(assignment: &Assignment) -> Option<Bypass> {
    judge_all(assignment).into_iter().min_by_key(|bypass| bypass.kind)
}

/// Everything that an assignment does, in the order of the value.
pub fn judge_all(assignment: &Assignment) -> Vec<Bypass> {
    let value = assignment.assumed();
    let whole = || 0..value.len();
    let on = !matches!(value, "" | "0" | "false" | "off");
    let found = match assignment.name.as_str() {
        "GOSUMDB" if value == "off" => vec![(BypassKind::SumdbOff, whole())],
        "GONOSUMCHECK" if on && !patterns::is_unknown(value) => {
            vec![(BypassKind::SumdbOff, whole())]
        }
        "GOFLAGS" => flags::judge(value, command(assignment)),
        "-mod" | "-modcacherw" | "-insecure" => return flag(assignment),
        "GOPRIVATE" => patterns::judge(
            value,
            BypassKind::PrivateTooWide,
            Some(BypassKind::PrivateWithoutSumdb),
        ),
        "GONOSUMDB" => patterns::judge(
            value,
            BypassKind::NoSumdbTooWide,
            Some(BypassKind::PrivateWithoutSumdb),
        ),
        "GONOPROXY" => patterns::judge(value, BypassKind::NoProxyTooWide, None),
        "GOINSECURE" => {
            let narrow = Some(BypassKind::Insecure { wide: false });
            patterns::judge(value, BypassKind::Insecure { wide: true }, narrow)
        }
        "GOPROXY" => proxy::judge(value),
        _ => Vec::new(),
    };
    found.into_iter().map(|(kind, range)| bypass(assignment, kind, range)).collect()
}

fn bypass(assignment: &Assignment, kind: BypassKind, range: Range<usize>) -> Bypass {
    Bypass {
        kind,
        pattern: assignment.assumed().get(range.clone()).unwrap_or_default().to_owned(),
        span: assignment.assumed_span(range),
        default: assignment.default,
    }
}

/// A flag of the go command: all of it is to blame.
fn flag(assignment: &Assignment) -> Vec<Bypass> {
    let name = assignment.name.as_str();
    let value = assignment.assumed();
    let text = if value.is_empty() { name.to_owned() } else { format!("{name}={value}") };
    let kind = flags::kind(&text, command(assignment));
    let bypass =
        |kind| Bypass { kind, pattern: text, span: assignment.span, default: assignment.default };
    kind.map(bypass).into_iter().collect()
}

/// The run of the go command that alone sees the value.
fn command(assignment: &Assignment) -> Option<&GoCommand> {
    match &assignment.via {
        Via::Inline(Some(command)) | Via::GoFlag(command) => Some(command),
        _ => None,
    }
}
