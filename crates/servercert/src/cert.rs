//! One certificate, with what the judgement needs of it. Whatever Go's `x509.ParseCertificate` refuses is
//! refused here too, because a Go server or client would.

use crate::algorithm::{Signing, signing};
use crate::der::{Malformed, Reader, SEQUENCE};
use crate::detail::Refusal;
use crate::extensions::{Extensions, san_bytes};
use crate::public_key::PublicKey;
use sha2::{Digest, Sha256};
use x509_parser::certificate::X509CertificateParser;
use x509_parser::nom::Parser as _;
use x509_parser::x509::X509Name;

/// A parsed certificate, free of the file it came from.
#[derive(Debug, Clone)]
pub(crate) struct Cert {
    /// Its place among the CERTIFICATE blocks of its file, 1-based.
    pub(crate) number: usize,
    /// Where its `BEGIN` line is, 1-based.
    pub(crate) line: usize,
    pub(crate) der: Vec<u8>,
    /// The part that is signed.
    pub(crate) tbs: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) signing: Signing,
    /// 1, 2 or 3.
    pub(crate) version: u32,
    pub(crate) subject_der: Vec<u8>,
    pub(crate) issuer_der: Vec<u8>,
    pub(crate) subject: String,
    pub(crate) issuer: String,
    /// Seconds since 1970.
    pub(crate) not_before: i64,
    /// Seconds since 1970; the certificate is still valid in this second.
    pub(crate) not_after: i64,
    pub(crate) key: PublicKey,
    pub(crate) extensions: Extensions,
    /// The SAN extension as it stands, to tell certificates with equal names and keys apart.
    pub(crate) san_der: Option<Vec<u8>>,
}

impl Cert {
    /// Reads DER.
    pub(crate) fn read(der: &[u8], number: usize, line: usize) -> Result<Self, Refusal> {
        let mut parser = X509CertificateParser::new().with_deep_parse_extensions(false);
        let (rest, raw) = parser.parse(der).map_err(|_| Refusal::NotACertificate)?;
        if !rest.is_empty() {
            return Err(Refusal::TrailingData);
        }
        let tbs = &raw.tbs_certificate;
        if tbs.raw_serial().first().is_none_or(|first| first & 0x80 != 0) {
            return Err(Refusal::NegativeSerial);
        }
        if tbs.signature != raw.signature_algorithm {
            return Err(Refusal::AlgorithmsDiffer);
        }
        let version = tbs.version.0.saturating_add(1);
        if version > 3 {
            return Err(Refusal::Version);
        }
        let extensions = match version {
            3 => Extensions::read(tbs.extensions())?,
            _ => Extensions::default(),
        };
        Ok(Self {
            number,
            line,
            der: der.to_vec(),
            tbs: tbs.as_ref().to_vec(),
            signature: raw.signature_value.data.to_vec(),
            signing: signing_of(der).map_err(|Malformed| Refusal::NotACertificate)?,
            version,
            subject_der: tbs.subject.as_raw().to_vec(),
            issuer_der: tbs.issuer.as_raw().to_vec(),
            subject: printable(&tbs.subject),
            issuer: printable(&tbs.issuer),
            not_before: tbs.validity.not_before.timestamp(),
            not_after: tbs.validity.not_after.timestamp(),
            key: PublicKey::read(tbs.subject_pki.raw)?,
            san_der: (version == 3).then(|| san_bytes(tbs.extensions())).flatten(),
            extensions,
        })
    }

    /// CA:TRUE in the basic constraints.
    pub(crate) fn is_ca(&self) -> bool {
        self.extensions.basic.is_some_and(|basic| basic.ca)
    }

    /// Whether the subject names itself as the issuer.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.subject_der == self.issuer_der
    }

    /// SHA-256 of the DER.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(&self.der).into()
    }
}

/// The algorithm outside the signed part; it is known to equal the one inside.
fn signing_of(der: &[u8]) -> Result<Signing, Malformed> {
    let mut outer = Reader::new(der).sequence()?;
    outer.sequence()?;
    signing(outer.read(SEQUENCE)?)
}

/// A name for messages: nothing in it may steer a terminal or reorder a line.
fn printable(name: &X509Name<'_>) -> String {
    let text = name.to_string();
    if text.is_empty() {
        return "(no name)".to_owned();
    }
    printable_text(&text)
}

/// Text from a certificate, with control and direction characters escaped, and not endless.
pub(crate) fn printable_text(text: &str) -> String {
    const LONGEST: usize = 256;
    let mut out = String::new();
    for (n, char) in text.chars().enumerate() {
        if n == LONGEST {
            out.push('…');
            break;
        }
        let steers = matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if char.is_control() || steers || char == '\u{feff}' {
            out.extend(char.escape_unicode());
        } else {
            out.push(char);
        }
    }
    out
}
