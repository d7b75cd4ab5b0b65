//! The particulars of a problem, with everything that was measured.

use crate::pem::{Damage, PemFile};

/// One of the three files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// The certificate, followed by its intermediates.
    Certificate,
    /// The private key.
    Key,
    /// The trusted CA certificates.
    Ca,
}

/// What exactly is wrong. `Display` says it in English, [`Detail::zh`] in Chinese.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each field is the value that its variant's line names")]
pub enum Detail {
    /// A file, or one block of it, cannot be used.
    Parse { file: FileKind, fault: Fault },
    /// After its validity; times are seconds since 1970.
    Expired { not_after: i64, days_ago: i64 },
    /// Before its validity.
    NotYetValid { not_before: i64, in_days: i64 },
    /// Whole days that are left, and how many are asked for.
    ExpiresSoon { not_after: i64, days_left: i64, min_days: u32 },
    /// The kinds of the two keys.
    KeyMismatch { certificate: String, private: String },
    /// The permission bits of the key file.
    KeyPerm { mode: u32 },
    /// Where the server's certificate is instead of first, 1-based.
    LeafNotFirst { number: usize },
    /// Whom this certificate should be: the issuer of the one before it.
    NotTheIssuer { wanted: String },
    /// It has the issuer's name, but its key did not sign the certificate before it.
    NotTheSigner { number: usize },
    /// The same certificate stands at this place already, 1-based.
    Duplicate { of: usize },
    /// The chain breaks at this certificate.
    ChainInvalid(Break),
    /// The hosts that are not covered, and the names that the certificate has.
    NameMismatch { hosts: Vec<String>, names: Vec<String> },
    /// The subject, whose common name Go ignores.
    NoSan { subject: String },
    /// Why the key is not good enough.
    WeakKey(Weakness),
    /// The signature algorithm.
    WeakSig { algorithm: String },
    /// The extended key usages, none of which is serverAuth.
    NotForServers { listed: Vec<String> },
    /// The key usage allows nothing that TLS does with a server's key.
    KeyUsage,
}

/// Why a file or a block of it cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each field is the value that its variant's line names")]
pub enum Fault {
    /// Nothing in the file.
    Empty,
    /// More than [`crate::MAX_BYTES`].
    TooLarge { bytes: usize },
    /// More than [`crate::MAX_CERTIFICATES`] or [`crate::MAX_CA_CERTIFICATES`].
    TooMany { certificates: usize, limit: usize },
    /// UTF-16 text.
    Utf16,
    /// DER instead of PEM.
    Der,
    /// No PEM block.
    NoPem,
    /// PEM blocks, but none of the right type.
    WrongBlocks { found: Vec<String> },
    /// A block that Go does not see.
    Damaged { label: String, damage: Damage },
    /// A block with a certificate under a label that Go passes over.
    PassedOver { label: String },
    /// A certificate that Go refuses.
    Refused(Refusal),
    /// The private key is encrypted.
    KeyEncrypted,
    /// OpenSSH's own format.
    KeyOpenSsh,
    /// Not a private key inside, or not a consistent one.
    KeyMalformed,
    /// A kind of key that signs nothing.
    KeyUnusable { kind: String },
}

/// Why Go's `x509.ParseCertificate` refuses a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each field is the value that its variant's line names")]
pub enum Refusal {
    /// The block holds no X.509 certificate.
    NotACertificate,
    /// Bytes after the certificate.
    TrailingData,
    /// A version above 3.
    Version,
    /// A serial number below zero; Go refuses it since 1.23.
    NegativeSerial,
    /// The signature algorithm inside the signed part is another one than outside.
    AlgorithmsDiffer,
    /// One extension twice.
    DuplicateExtension { id: String },
    /// An extension that cannot be read, or that is critical and must not be.
    Extension { name: String },
    /// The public key cannot be read.
    PublicKey,
    /// The curve is spelled out instead of named.
    ExplicitCurve,
    /// A point on the curve that is compressed.
    CompressedPoint,
}

/// Why a key is not good enough for a Go TLS server.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each field is the value that its variant's line names")]
pub enum Weakness {
    /// RSA below 2048 bits.
    RsaShort { bits: u64 },
    /// RSA above the 8192 bits that Go's TLS clients accept.
    RsaLong { bits: u64 },
    /// RSA that is reserved for PSS, which Go's TLS does not serve.
    RsaPssOnly,
    /// A curve other than P-256, P-384 and P-521.
    Curve { name: String },
    /// Neither RSA, ECDSA nor Ed25519.
    Kind { name: String },
}

/// Why the chain breaks at a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each field is the value that its variant's line names")]
pub enum Break {
    /// Neither file holds the issuer.
    IssuerMissing { issuer: String },
    /// Signed by itself, and not in the CA file.
    SelfSigned,
    /// The only certificate with the issuer's name did not sign it.
    WrongKey { issuer: String },
    /// The signature or the issuer's key is of a kind that Go does not verify.
    Unverifiable { issuer: String, signature: String, key: String },
    /// The issuer is no CA.
    NotCa { issuer: String },
    /// The issuer's key usage lacks keyCertSign.
    MayNotSign { issuer: String },
    /// The issuer allows fewer CA certificates below it.
    PathTooLong { issuer: String, allowed: u64, found: usize },
    /// The CA is outside its validity; times are seconds since 1970.
    CaNotInDate { issuer: String, not_before: i64, not_after: i64 },
    /// A critical extension that Go does not know.
    UnknownCritical { subject: String, id: String },
    /// The CA's extended key usages lack serverAuth.
    CaNotForServers { issuer: String, listed: Vec<String> },
    /// The CA's name constraints forbid a name.
    NameForbidden { issuer: String, name: String },
    /// More signatures to check than Go would.
    TooManySignatures,
}

impl Fault {
    /// What to say of a file with no block of the wanted type.
    pub(crate) fn nothing_in(file: FileKind, pem: &PemFile) -> Self {
        let wanted = |label: &str| match file {
            FileKind::Key => label.ends_with("PRIVATE KEY"),
            FileKind::Certificate | FileKind::Ca => label.ends_with("CERTIFICATE"),
        };
        if let Some(block) = pem.blocks.iter().find(|block| wanted(&block.label)) {
            return Self::PassedOver { label: block.label.clone() };
        }
        let damaged =
            pem.damaged.iter().find(|damaged| wanted(&damaged.label)).or(pem.damaged.first());
        match damaged {
            Some(damaged) if pem.blocks.is_empty() => {
                Self::Damaged { label: damaged.label.clone(), damage: damaged.damage }
            }
            _ if pem.blocks.is_empty() => Self::NoPem,
            _ => {
                let mut found: Vec<_> =
                    pem.blocks.iter().map(|block| block.label.clone()).collect();
                found.dedup();
                found.truncate(5);
                Self::WrongBlocks { found }
            }
        }
    }
}
