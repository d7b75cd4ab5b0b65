//! What a certificate file says, for reports.

use crate::bundle::Bundle;
use crate::cert::{Cert, printable_text};
use crate::detail::FileKind;
use std::fmt::Write as _;

/// One certificate in plain terms. Texts from the certificate are made safe to print.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts {
    /// Its place among the CERTIFICATE blocks, 1-based.
    pub number: usize,
    /// The line of its `BEGIN`, 1-based.
    pub line: usize,
    /// The subject's distinguished name.
    pub subject: String,
    /// The issuer's distinguished name.
    pub issuer: String,
    /// DNS names.
    pub dns_names: Vec<String>,
    /// IP addresses.
    pub ip_addresses: Vec<String>,
    /// Start of the validity, in seconds since 1970.
    pub not_before: i64,
    /// End of the validity, in seconds since 1970; this second belongs to it.
    pub not_after: i64,
    /// The kind of key and its size or curve, such as `RSA 2048`, `ECDSA P-256` or `Ed25519`.
    pub key: String,
    /// The size of the key in bits, where it has one.
    pub key_bits: Option<u64>,
    /// The signature algorithm, such as `SHA-256 with RSA`.
    pub signature: String,
    /// Whether the basic constraints say CA:TRUE.
    pub is_ca: bool,
    /// SHA-256 of the DER, in lower-case hexadecimal.
    pub sha256: String,
}

/// The certificates of a PEM file that can be read, in the order of the file. [`crate::judge`] reports the others.
#[must_use]
pub fn describe(cert_pem: &[u8]) -> Vec<Facts> {
    Bundle::read(FileKind::Certificate, cert_pem).certs.iter().map(facts).collect()
}

fn facts(cert: &Cert) -> Facts {
    let names = cert.extensions.names.clone().unwrap_or_default();
    Facts {
        number: cert.number,
        line: cert.line,
        subject: cert.subject.clone(),
        issuer: cert.issuer.clone(),
        dns_names: names.dns.iter().map(|name| printable_text(name)).collect(),
        ip_addresses: names.ips.iter().map(ToString::to_string).collect(),
        not_before: cert.not_before,
        not_after: cert.not_after,
        key: cert.key.to_string(),
        key_bits: cert.key.bits(),
        signature: cert.signing.to_string(),
        is_ca: cert.is_ca(),
        sha256: cert.fingerprint().iter().fold(String::new(), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        }),
    }
}
