//! One certificate, with what the judgement needs of it. Whatever Go's `x509.ParseCertificate` refuses is
//! refused here too, because a Go server or client would.

use crate::algorithm::{Signing, signing};
use crate::der::{INTEGER, Malformed, Reader, SEQUENCE, explicit, implicit};
use crate::detail::Refusal;
use crate::extensions::Extensions;
use crate::name;
use crate::public_key::PublicKey;
use crate::time;
use sha2::{Digest, Sha256};

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
    pub(crate) version: u64,
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
}

impl Cert {
    /// Reads DER: a port of `x509.parseCertificate` of Go.
    pub(crate) fn read(der: &[u8], number: usize, line: usize) -> Result<Self, Refusal> {
        Self::parse(der, number, line).unwrap_or(Err(Refusal::NotACertificate))
    }

    fn parse(der: &[u8], number: usize, line: usize) -> Result<Result<Self, Refusal>, Malformed> {
        let mut file = Reader::new(der);
        let mut outer = file.sequence()?;
        if !file.is_empty() {
            return Ok(Err(Refusal::TrailingData));
        }
        let tbs = outer.element(SEQUENCE)?;
        let mut fields = Reader::new(tbs).sequence()?;
        let version = match fields.optional(explicit(0))? {
            Some(inside) => Reader::new(inside).only(Reader::small)?.saturating_add(1),
            None => 1,
        };
        let serial = fields.read(INTEGER)?;
        let algorithm = fields.read(SEQUENCE)?;
        let issuer = fields.element(SEQUENCE)?;
        let mut validity = fields.sequence()?;
        let (not_before, not_after) = (time::read(&mut validity)?, time::read(&mut validity)?);
        let subject = fields.element(SEQUENCE)?;
        let spki = fields.element(SEQUENCE)?;
        let extensions = if version == 3 { extensions(fields)? } else { None };
        let refusal = refusal(version, serial, outer.read(SEQUENCE)? == algorithm);
        if let Some(refusal) = refusal {
            return Ok(Err(refusal));
        }
        let (signature, _) = outer.bits()?;
        let (names, signing) = ((name::read(subject)?, name::read(issuer)?), signing(algorithm)?);
        let key = match PublicKey::read(spki) {
            Ok(key) => key,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let extensions = match extensions.map_or(Ok(Extensions::default()), Extensions::read) {
            Ok(extensions) => extensions,
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(Ok(Self {
            number,
            line,
            der: der.to_vec(),
            tbs: tbs.to_vec(),
            signature,
            signing,
            version,
            subject_der: subject.to_vec(),
            issuer_der: issuer.to_vec(),
            subject: names.0,
            issuer: names.1,
            not_before,
            not_after,
            key,
            extensions,
        }))
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

/// What Go has against the fields at the head of a certificate.
fn refusal(version: u64, serial: &[u8], one_algorithm: bool) -> Option<Refusal> {
    if version > 3 {
        Some(Refusal::Version)
    } else if !is_integer(serial) {
        Some(Refusal::NotACertificate)
    } else if serial.first().is_some_and(|first| first & 0x80 != 0) {
        Some(Refusal::NegativeSerial)
    } else {
        (!one_algorithm).then_some(Refusal::AlgorithmsDiffer)
    }
}

/// The inside of the Extensions, after the unique identifiers that nobody uses.
fn extensions(mut fields: Reader<'_>) -> Result<Option<Reader<'_>>, Malformed> {
    fields.optional(implicit(1))?;
    fields.optional(implicit(2))?;
    match fields.optional(explicit(3))? {
        Some(inside) => Reader::new(inside).sequence().map(Some),
        None => Ok(None),
    }
}

/// Whether the bytes are those of a DER integer: without needless zeros or ones before it.
pub(crate) fn is_integer(bytes: &[u8]) -> bool {
    !matches!(bytes, [] | [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..])
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
