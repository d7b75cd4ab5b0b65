//! Problems in English.

use crate::cert::printable_text;
use crate::detail::{Break, Detail, Fault, FileKind, Refusal, Weakness};
use crate::pem::Damage;
use crate::time::rfc3339 as time;
use std::fmt::{self, Display, Formatter};

impl Display for FileKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificate => "certificate file",
            Self::Key => "key file",
            Self::Ca => "CA file",
        })
    }
}

/// A few of a list, and how many more there are.
pub(crate) fn some<T: AsRef<str>>(list: &[T], more: impl Fn(usize) -> String) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<_> = list.iter().take(SHOWN).map(|item| printable_text(item.as_ref())).collect();
    let mut text = shown.join(", ");
    if let Some(hidden) = list.len().checked_sub(SHOWN).filter(|hidden| *hidden > 0) {
        text.push_str(&more(hidden));
    }
    text
}

fn list<T: AsRef<str>>(items: &[T]) -> String {
    some(items, |hidden| format!(" and {hidden} more"))
}

impl Display for Detail {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parse { file, fault } => write!(f, "{file}: {fault}"),
            Self::Expired { not_after, days_ago } => {
                write!(f, "expired {days_ago} days ago, at {}", time(*not_after))
            }
            Self::NotYetValid { not_before, in_days } => {
                write!(f, "not valid before {}, in {in_days} days", time(*not_before))
            }
            Self::ExpiresSoon { not_after, days_left, min_days } => write!(
                f,
                "expires in {days_left} days, at {}; at least {min_days} are required",
                time(*not_after)
            ),
            Self::KeyMismatch { certificate, private } => write!(
                f,
                "the private key ({private}) does not belong to the certificate ({certificate})"
            ),
            Self::KeyPerm { mode } => write!(f, "key file is open to everyone (mode {:04o})", mode & 0o7777),
            Self::LeafNotFirst { number } => {
                write!(f, "the server's certificate is number {number} in the file and must be the first")
            }
            Self::NotTheIssuer { wanted } => {
                write!(f, "does not issue the certificate before it, which wants {wanted} here")
            }
            Self::NotTheSigner { number } => {
                write!(f, "has the name of the issuer of certificate {number}, but did not sign it")
            }
            Self::Duplicate { of } => write!(f, "is certificate {of} once more"),
            Self::ChainInvalid(broken) => broken.fmt(f),
            Self::NameMismatch { hosts, names } => {
                write!(f, "does not cover {}; it is for {}", list(hosts), list(names))
            }
            Self::NoSan { subject } => write!(
                f,
                "has no subject alternative name for a host or an address; the common name ({subject}) does not count"
            ),
            Self::WeakKey(weakness) => weakness.fmt(f),
            Self::WeakSig { algorithm } => write!(f, "is signed by {algorithm}, which is broken"),
            Self::NotForServers { listed } => {
                write!(f, "extended key usage lacks serverAuth (it has {})", list(listed))
            }
            Self::KeyUsage => f.write_str(
                "key usage has none of digitalSignature, keyEncipherment and keyAgreement, so TLS cannot use the key",
            ),
        }
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::TooLarge { bytes } => {
                write!(f, "has {bytes} bytes, more than the {} that are read", crate::MAX_BYTES)
            }
            Self::TooMany { certificates, limit } => {
                write!(f, "has {certificates} certificates, more than the {limit} that are judged")
            }
            Self::Utf16 => f.write_str("is UTF-16 text; PEM must be ASCII"),
            Self::Der => f.write_str("is DER, and Go reads only PEM (openssl x509 or pkey -inform der converts)"),
            Self::NoPem => f.write_str("has no PEM block"),
            Self::WrongBlocks { found } => {
                let found_list = list(found);
                match found.first().map(String::as_str) {
                    Some(first) if first.ends_with("PRIVATE KEY") => {
                        write!(f, "holds a private key ({found_list}); are certificate and key switched?")
                    }
                    Some("CERTIFICATE") => {
                        f.write_str("holds a certificate; are certificate and key switched?")
                    }
                    Some(first) if first.ends_with("CERTIFICATE REQUEST") => {
                        f.write_str("holds a certificate request, which a CA has yet to sign")
                    }
                    Some(first) if first.ends_with("PUBLIC KEY") => f.write_str("holds a public key only"),
                    _ => write!(f, "holds only {found_list}"),
                }
            }
            Self::Damaged { label, damage } => write!(f, "{} block: {damage}", printable_text(label)),
            Self::PassedOver { label } => {
                write!(f, "Go passes over a {} block; its label must be CERTIFICATE, without headers", printable_text(label))
            }
            Self::Refused(refusal) => refusal.fmt(f),
            Self::KeyEncrypted => {
                f.write_str("the private key is encrypted; Go reads only unencrypted ones (openssl pkey decrypts)")
            }
            Self::KeyOpenSsh => f.write_str("the private key is in OpenSSH's format, which TLS does not use"),
            Self::KeyMalformed => f.write_str("the private key cannot be read, or its numbers do not fit together"),
            Self::KeyUnusable { kind } => write!(f, "a private key of the kind {kind} cannot sign for TLS"),
        }
    }
}

impl Display for Damage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoEnd => "its END line is missing; the file may be cut off",
            Self::OtherEnd => "its END line names another type",
            Self::BeginLine => "its BEGIN line does not end with five dashes",
            Self::NotBase64 => "what is in it is not base64",
            Self::Indented => "its BEGIN line is indented, so Go does not see it",
            Self::ByteOrderMark => "a byte order mark stands before BEGIN, so Go does not see it",
            Self::EscapedNewlines => "its line ends are written as \\n instead of being line ends",
        })
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotACertificate => f.write_str("is not an X.509 certificate"),
            Self::TrailingData => f.write_str("has bytes after the certificate"),
            Self::Version => f.write_str("has an X.509 version above 3"),
            Self::NegativeSerial => {
                f.write_str("has a negative serial number, which Go refuses since 1.23")
            }
            Self::AlgorithmsDiffer => f.write_str("names two different signature algorithms"),
            Self::DuplicateExtension { id } => write!(f, "has extension {id} twice"),
            Self::Extension { name } => write!(f, "has a malformed extension {name}"),
            Self::PublicKey => f.write_str("has a malformed public key"),
            Self::ExplicitCurve => {
                f.write_str("spells its elliptic curve out instead of naming it")
            }
            Self::CompressedPoint => {
                f.write_str("has a compressed public key, which Go does not read")
            }
        }
    }
}

impl Display for Weakness {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::RsaShort { bits } => {
                write!(f, "RSA key has {bits} bits; at least 2048 are required")
            }
            Self::RsaLong { bits } => {
                write!(f, "RSA key has {bits} bits; Go's TLS clients refuse more than 8192")
            }
            Self::RsaPssOnly => {
                f.write_str("the RSA key is reserved for PSS, which Go's TLS does not serve")
            }
            Self::Curve { name } => {
                write!(
                    f,
                    "the elliptic curve is {name}; Go's TLS serves only P-256, P-384 and P-521"
                )
            }
            Self::Kind { name } => write!(f, "the key is {name}; it must be RSA, ECDSA or Ed25519"),
        }
    }
}

impl Display for Break {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::IssuerMissing { issuer } => {
                write!(f, "neither the certificate file nor the CA file holds its issuer, {issuer}")
            }
            Self::SelfSigned => f.write_str("is signed by itself and is not in the CA file"),
            Self::WrongKey { issuer } => {
                write!(
                    f,
                    "is not signed by the key of {issuer} that was given, which only shares the issuer's name"
                )
            }
            Self::Unverifiable { issuer, signature, key } => write!(
                f,
                "its signature ({signature}) by {issuer} ({key}) is of a kind that Go does not verify"
            ),
            Self::NotCa { issuer } => write!(f, "its issuer, {issuer}, is not a CA certificate"),
            Self::MayNotSign { issuer } => {
                write!(
                    f,
                    "the key usage of its issuer, {issuer}, does not allow to sign certificates"
                )
            }
            Self::PathTooLong { issuer, allowed, found } => write!(
                f,
                "{issuer} allows {allowed} intermediate certificates below it, and there are {found}"
            ),
            Self::CaNotInDate { issuer, not_before, not_after } => write!(
                f,
                "the CA {issuer} is valid only from {} to {}",
                time(*not_before),
                time(*not_after)
            ),
            Self::UnknownCritical { subject, id } => {
                write!(f, "{subject} has the critical extension {id}, which Go does not know")
            }
            Self::CaNotForServers { issuer, listed } => write!(
                f,
                "the CA {issuer} may not issue for servers (its extended key usage is {})",
                list(listed)
            ),
            Self::NameForbidden { issuer, name } => {
                write!(f, "the name constraints of {issuer} forbid {}", printable_text(name))
            }
            Self::TooManySignatures => {
                f.write_str("no chain was found within the signature checks that Go allows")
            }
        }
    }
}
