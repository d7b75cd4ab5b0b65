//! What the judgement reports: an id from a fixed list, the detail, and where it is.

use crate::detail::{Detail, FileKind};
use std::fmt;

/// What is wrong. The ids are stable; the order is that of their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ProblemId {
    /// No chain of valid signatures leads from the server's certificate to the given CA.
    ChainInvalid,
    /// The server's certificate is not the first, or a later one does not issue the one before it.
    ChainOrder,
    /// The certificate, or an intermediate sent with it, is outside its validity.
    Expired,
    /// It is valid now, but not for as many days as asked.
    ExpiresSoon,
    /// The private key is not that of the certificate.
    KeyMismatch,
    /// Everyone on the machine can read or change the key file.
    KeyPerm,
    /// A host name is not among the certificate's names.
    NameMismatch,
    /// The certificate names no host and no address at all.
    NoSan,
    /// A file is not what it should be, or Go cannot read it.
    Parse,
    /// The certificate is not for TLS servers.
    Usage,
    /// A key is too short, or of a kind that Go's TLS does not serve.
    WeakKey,
    /// A signature is made with a broken digest.
    WeakSig,
}

impl ProblemId {
    /// Every id, sorted by name.
    pub const ALL: [Self; 12] = [
        Self::ChainInvalid,
        Self::ChainOrder,
        Self::Expired,
        Self::ExpiresSoon,
        Self::KeyMismatch,
        Self::KeyPerm,
        Self::NameMismatch,
        Self::NoSan,
        Self::Parse,
        Self::Usage,
        Self::WeakKey,
        Self::WeakSig,
    ];

    /// The id as it is printed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChainInvalid => "tls-chain-invalid",
            Self::ChainOrder => "tls-chain-order",
            Self::Expired => "tls-expired",
            Self::ExpiresSoon => "tls-expires-soon",
            Self::KeyMismatch => "tls-key-mismatch",
            Self::KeyPerm => "tls-key-perm",
            Self::NameMismatch => "tls-name-mismatch",
            Self::NoSan => "tls-no-san",
            Self::Parse => "tls-parse",
            Self::Usage => "tls-usage",
            Self::WeakKey => "tls-weak-key",
            Self::WeakSig => "tls-weak-sig",
        }
    }
}

impl fmt::Display for ProblemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// What is wrong.
    pub id: ProblemId,
    /// In which file.
    pub file: FileKind,
    /// The line of the `BEGIN` in that file, 1-based; `None` when it is about the file as a whole.
    pub line: Option<usize>,
    /// Which certificate, if it is about one that could be read.
    pub certificate: Option<CertificateRef>,
    /// The measured values; `Display` is English, [`Detail::zh`] Chinese.
    pub detail: Detail,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.detail.fmt(f)
    }
}

/// Which certificate of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateRef {
    /// Its place among the CERTIFICATE blocks, 1-based.
    pub number: usize,
    /// Its subject, made safe to print.
    pub subject: String,
}

/// The ids of problems, sorted and each one once: what `goward plumbing tls` prints.
#[must_use]
pub fn ids(problems: &[Problem]) -> Vec<&'static str> {
    let mut ids: Vec<_> = problems.iter().map(|problem| problem.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
