//! Signature algorithms of certificates: which one, how strong, and whether Go verifies it.

use crate::der::{Malformed, Reader, explicit};
use std::fmt;

/// The digest that a signature is made over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Md2,
    Md4,
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Md2 => "MD2",
            Self::Md4 => "MD4",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// Broken for signatures: RFC 9155, and `x509.InsecureAlgorithmError` of Go.
    pub(crate) const fn is_broken(self) -> bool {
        matches!(self, Self::Md2 | Self::Md4 | Self::Md5 | Self::Sha1)
    }

    /// The length of the digest, in bytes.
    pub(crate) const fn len(self) -> usize {
        match self {
            Self::Md2 | Self::Md4 | Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// How a certificate is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Signing {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(Hash),
    /// RSASSA-PSS with the same digest for MGF1 and a salt as long as the digest, the only kind Go verifies.
    RsaPss(Hash),
    /// RSASSA-PSS with other parameters.
    RsaPssOdd(Hash),
    Ecdsa(Hash),
    Dsa(Hash),
    Ed25519,
    /// Anything else, by its object identifier.
    Other(String),
}

impl Signing {
    /// The digest, where the algorithm has a choice of it.
    pub(crate) const fn hash(&self) -> Option<Hash> {
        match self {
            Self::RsaPkcs1(hash) | Self::RsaPss(hash) | Self::RsaPssOdd(hash) => Some(*hash),
            Self::Ecdsa(hash) | Self::Dsa(hash) => Some(*hash),
            Self::Ed25519 | Self::Other(_) => None,
        }
    }

    pub(crate) fn is_weak(&self) -> bool {
        self.hash().is_some_and(Hash::is_broken)
    }
}

impl fmt::Display for Signing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RsaPkcs1(hash) => write!(f, "{} with RSA", hash.name()),
            Self::RsaPss(hash) => write!(f, "{} with RSA-PSS", hash.name()),
            Self::RsaPssOdd(hash) => {
                write!(f, "{} with RSA-PSS and unusual parameters", hash.name())
            }
            Self::Ecdsa(hash) => write!(f, "{} with ECDSA", hash.name()),
            Self::Dsa(hash) => write!(f, "{} with DSA", hash.name()),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Other(oid) => write!(f, "algorithm {oid}"),
        }
    }
}

const RSA_PSS: &str = "1.2.840.113549.1.1.10";
const MGF1: &str = "1.2.840.113549.1.1.8";

static SIGNINGS: [(&str, Signing); 21] = [
    ("1.2.840.113549.1.1.2", Signing::RsaPkcs1(Hash::Md2)),
    ("1.2.840.113549.1.1.3", Signing::RsaPkcs1(Hash::Md4)),
    ("1.2.840.113549.1.1.4", Signing::RsaPkcs1(Hash::Md5)),
    ("1.2.840.113549.1.1.5", Signing::RsaPkcs1(Hash::Sha1)),
    ("1.3.14.3.2.29", Signing::RsaPkcs1(Hash::Sha1)),
    ("1.2.840.113549.1.1.14", Signing::RsaPkcs1(Hash::Sha224)),
    ("1.2.840.113549.1.1.11", Signing::RsaPkcs1(Hash::Sha256)),
    ("1.2.840.113549.1.1.12", Signing::RsaPkcs1(Hash::Sha384)),
    ("1.2.840.113549.1.1.13", Signing::RsaPkcs1(Hash::Sha512)),
    ("1.2.840.10045.4.1", Signing::Ecdsa(Hash::Sha1)),
    ("1.2.840.10045.4.3.1", Signing::Ecdsa(Hash::Sha224)),
    ("1.2.840.10045.4.3.2", Signing::Ecdsa(Hash::Sha256)),
    ("1.2.840.10045.4.3.3", Signing::Ecdsa(Hash::Sha384)),
    ("1.2.840.10045.4.3.4", Signing::Ecdsa(Hash::Sha512)),
    ("1.2.840.10040.4.3", Signing::Dsa(Hash::Sha1)),
    ("1.3.14.3.2.27", Signing::Dsa(Hash::Sha1)),
    ("2.16.840.1.101.3.4.3.1", Signing::Dsa(Hash::Sha224)),
    ("2.16.840.1.101.3.4.3.2", Signing::Dsa(Hash::Sha256)),
    ("2.16.840.1.101.3.4.3.3", Signing::Dsa(Hash::Sha384)),
    ("2.16.840.1.101.3.4.3.4", Signing::Dsa(Hash::Sha512)),
    ("1.3.101.112", Signing::Ed25519),
];

static HASHES: [(&str, Hash); 6] = [
    ("1.2.840.113549.2.5", Hash::Md5),
    ("1.3.14.3.2.26", Hash::Sha1),
    ("2.16.840.1.101.3.4.2.4", Hash::Sha224),
    ("2.16.840.1.101.3.4.2.1", Hash::Sha256),
    ("2.16.840.1.101.3.4.2.2", Hash::Sha384),
    ("2.16.840.1.101.3.4.2.3", Hash::Sha512),
];

/// Which algorithm an AlgorithmIdentifier names; `contents` is the inside of its SEQUENCE.
pub(crate) fn signing(contents: &[u8]) -> Result<Signing, Malformed> {
    let mut reader = Reader::new(contents);
    let id = reader.oid()?;
    if !reader.is_empty() {
        // Whatever the parameters are, they must be an element.
        { reader }.any()?;
    }
    if id == RSA_PSS {
        // Parameters that do not parse make an algorithm that nobody knows, as in Go.
        return Ok(pss(reader).unwrap_or(Signing::Other(id)));
    }
    Ok(match SIGNINGS.iter().find(|(known, _)| *known == id) {
        Some((_, signing)) => signing.clone(),
        None => Signing::Other(id),
    })
}

/// RSASSA-PSS-params of RFC 4055, section 3.1; everything in it has a default, and the default digest is SHA-1.
fn pss(mut reader: Reader<'_>) -> Result<Signing, Malformed> {
    if reader.is_empty() {
        return Ok(Signing::RsaPss(Hash::Sha1));
    }
    let mut params = reader.sequence()?;
    let hash = match params.optional(explicit(0))? {
        Some(inside) => hash(Reader::new(inside).sequence()?)?,
        None => Hash::Sha1,
    };
    let mask_hash = match params.optional(explicit(1))? {
        Some(inside) => {
            let mut mask = Reader::new(inside).sequence()?;
            if mask.oid()? != MGF1 {
                return Err(Malformed);
            }
            self::hash(mask.sequence()?)?
        }
        None => Hash::Sha1,
    };
    let salt = match params.optional(explicit(2))? {
        Some(inside) => Reader::new(inside).small()?,
        None => 20,
    };
    let trailer = match params.optional(explicit(3))? {
        Some(inside) => Reader::new(inside).small()?,
        None => 1,
    };
    let usual = mask_hash == hash && u64::try_from(hash.len()) == Ok(salt) && trailer == 1;
    Ok(if usual { Signing::RsaPss(hash) } else { Signing::RsaPssOdd(hash) })
}

fn hash(mut identifier: Reader<'_>) -> Result<Hash, Malformed> {
    let id = identifier.oid()?;
    HASHES.iter().find(|(known, _)| *known == id).map(|(_, hash)| *hash).ok_or(Malformed)
}
