//! Public keys: read from a certificate as Go's `x509.parsePublicKey` reads them, compared and weighed.

use crate::der::{self, Malformed, Reader};
use crate::detail::{Refusal, Weakness};
use num_bigint::BigUint;
use std::fmt;

pub(crate) const RSA: &str = "1.2.840.113549.1.1.1";
pub(crate) const RSA_PSS: &str = "1.2.840.113549.1.1.10";
pub(crate) const EC: &str = "1.2.840.10045.2.1";
pub(crate) const DSA: &str = "1.2.840.10040.4.1";
pub(crate) const ED25519: &str = "1.3.101.112";

/// The shortest RSA key that is not weak, in bits (NIST SP 800-57, CA/Browser Forum BR 6.1.5).
const RSA_SHORTEST: u64 = 2048;

/// The longest RSA key that Go's TLS clients accept, in bits (`crypto/tls`, `defaultMaxRSAKeySize`).
const RSA_LONGEST: u64 = 8192;

/// An elliptic curve, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Curve {
    P224,
    P256,
    P384,
    P521,
    /// A curve that Go does not know, by its usual name or else its object identifier.
    Other(String),
}

impl Curve {
    /// How long a coordinate is, in bytes; `None` for a curve that is not known here.
    pub(crate) const fn field_bytes(&self) -> Option<usize> {
        match self {
            Self::P224 => Some(28),
            Self::P256 => Some(32),
            Self::P384 => Some(48),
            Self::P521 => Some(66),
            Self::Other(_) => None,
        }
    }

    /// The curve that ECParameters name. Explicit parameters are refused (RFC 5480, section 2.1.1; Go).
    pub(crate) fn read(params: &mut Reader<'_>) -> Result<Self, Malformed> {
        let id = params.oid()?;
        Ok(match CURVES.iter().find(|(known, _)| *known == id) {
            Some((_, "P-224")) => Self::P224,
            Some((_, "P-256")) => Self::P256,
            Some((_, "P-384")) => Self::P384,
            Some((_, "P-521")) => Self::P521,
            Some((_, name)) => Self::Other((*name).to_owned()),
            None => Self::Other(id),
        })
    }
}

static CURVES: [(&str, &str); 9] = [
    ("1.3.132.0.33", "P-224"),
    ("1.2.840.10045.3.1.7", "P-256"),
    ("1.3.132.0.34", "P-384"),
    ("1.3.132.0.35", "P-521"),
    ("1.3.132.0.10", "secp256k1"),
    ("1.2.840.10045.3.1.1", "P-192"),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
];

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::P224 => "P-224",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Other(name) => name,
        })
    }
}

/// A public key. Numbers are big-endian without zeros before them, so equal keys are equal values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PublicKey {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// An RSA key that its identifier reserves for PSS (RFC 4055, `id-RSASSA-PSS`).
    RsaPss {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    Ec {
        curve: Curve,
        point: Vec<u8>,
    },
    Ed25519([u8; 32]),
    Dsa {
        prime: Vec<u8>,
        value: Vec<u8>,
    },
    Other {
        algorithm: String,
        value: Vec<u8>,
    },
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo.
    pub(crate) fn read(spki: &[u8]) -> Result<Self, Refusal> {
        Self::parse(spki).map_err(|Malformed| Refusal::PublicKey)?
    }

    fn parse(spki: &[u8]) -> Result<Result<Self, Refusal>, Malformed> {
        let mut outer = Reader::new(spki).sequence()?;
        let mut algorithm = outer.sequence()?;
        let id = algorithm.oid()?;
        if !algorithm.is_empty() {
            // Whatever the parameters are, they must be an element.
            { algorithm }.any()?;
        }
        let (value, _) = outer.bits()?;
        if id == RSA {
            // RFC 3279, section 2.3.1: the parameters are NULL, and Go insists.
            if !algorithm.read(der::NULL)?.is_empty() {
                return Err(Malformed);
            }
            let (modulus, exponent) = rsa_numbers(&value)?;
            return Ok(Ok(Self::Rsa { modulus, exponent }));
        }
        if id == RSA_PSS {
            let (modulus, exponent) = rsa_numbers(&value)?;
            return Ok(Ok(Self::RsaPss { modulus, exponent }));
        }
        if id == EC {
            if !algorithm.next_is(der::OID) {
                return Ok(Err(Refusal::ExplicitCurve));
            }
            return Ok(Self::on_curve(Curve::read(&mut algorithm)?, &value));
        }
        if id == ED25519 {
            let point = <[u8; 32]>::try_from(value.as_slice()).map_err(|_| Malformed)?;
            return if algorithm.is_empty() {
                Ok(Ok(Self::Ed25519(point)))
            } else {
                Err(Malformed)
            };
        }
        if id == DSA {
            let value = Reader::new(&value).unsigned()?.to_vec();
            // The parameters may be left out and taken over from the issuer.
            let prime =
                if algorithm.is_empty() { &[] } else { algorithm.sequence()?.unsigned()? };
            return Ok(Ok(Self::Dsa { prime: prime.to_vec(), value }));
        }
        Ok(Ok(Self::Other { algorithm: id, value }))
    }

    /// A point on a curve; one on a curve that Go knows must be written uncompressed, as Go insists.
    pub(crate) fn on_curve(curve: Curve, point: &[u8]) -> Result<Self, Refusal> {
        let valid = match &curve {
            Curve::P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok(),
            Curve::P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok(),
            Curve::P521 => p521::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok(),
            Curve::P224 | Curve::Other(_) => !point.is_empty(),
        };
        if !valid {
            return Err(Refusal::PublicKey);
        }
        if let Some(bytes) = curve.field_bytes() {
            if matches!(point.first(), Some(2 | 3)) {
                return Err(Refusal::CompressedPoint);
            }
            if point.first() != Some(&4) || point.len() != 2 * bytes + 1 {
                return Err(Refusal::PublicKey);
            }
        }
        Ok(Self::Ec { curve, point: point.to_vec() })
    }

    /// The length that measures the strength: of an RSA modulus, a DSA prime or a curve's field, in bits.
    pub(crate) fn bits(&self) -> Option<u64> {
        match self {
            Self::Rsa { modulus, .. } | Self::RsaPss { modulus, .. } => Some(bits(modulus)),
            Self::Dsa { prime, .. } => Some(bits(prime)).filter(|bits| *bits > 0),
            Self::Ec { curve, .. } => match curve {
                Curve::P224 => Some(224),
                Curve::P256 => Some(256),
                Curve::P384 => Some(384),
                Curve::P521 => Some(521),
                Curve::Other(_) => None,
            },
            Self::Ed25519(_) => Some(256),
            Self::Other { .. } => None,
        }
    }

    /// Why a Go server with this key does not serve, or not safely.
    pub(crate) fn weakness(&self) -> Option<Weakness> {
        match self {
            Self::Rsa { modulus, .. } => match bits(modulus) {
                bits if bits < RSA_SHORTEST => Some(Weakness::RsaShort { bits }),
                bits if bits > RSA_LONGEST => Some(Weakness::RsaLong { bits }),
                _ => None,
            },
            Self::RsaPss { .. } => Some(Weakness::RsaPssOnly),
            Self::Ec { curve: Curve::P256 | Curve::P384 | Curve::P521, .. } => None,
            Self::Ec { curve, .. } => Some(Weakness::Curve { name: curve.to_string() }),
            Self::Ed25519(_) => None,
            Self::Dsa { .. } | Self::Other { .. } => {
                Some(Weakness::Kind { name: self.to_string() })
            }
        }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { modulus, .. } => write!(f, "RSA {}", bits(modulus)),
            Self::RsaPss { modulus, .. } => write!(f, "RSA-PSS {}", bits(modulus)),
            Self::Ec { curve, .. } => write!(f, "ECDSA {curve}"),
            Self::Ed25519(_) => f.write_str("Ed25519"),
            Self::Dsa { prime, .. } if prime.is_empty() => f.write_str("DSA"),
            Self::Dsa { prime, .. } => write!(f, "DSA {}", bits(prime)),
            Self::Other { algorithm, .. } => f.write_str(kind_of(algorithm)),
        }
    }
}

/// The usual name of a kind of key that is named by its object identifier.
pub(crate) fn kind_of(algorithm: &str) -> &str {
    match algorithm {
        "1.3.101.110" => "X25519",
        "1.3.101.111" => "X448",
        "1.3.101.113" => "Ed448",
        "1.2.840.113549.1.3.1" => "DH",
        other => other,
    }
}

/// RSAPublicKey of RFC 8017, appendix A.1.1. Go holds the exponent in 63 bits.
fn rsa_numbers(value: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Malformed> {
    let mut numbers = Reader::new(value).sequence()?;
    let modulus = numbers.unsigned()?;
    let exponent = numbers.unsigned()?;
    if modulus.is_empty() || exponent.is_empty() || bits(exponent) > 63 {
        return Err(Malformed);
    }
    Ok((modulus.to_vec(), exponent.to_vec()))
}

fn bits(number: &[u8]) -> u64 {
    BigUint::from_bytes_be(number).bits()
}
