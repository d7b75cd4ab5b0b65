//! Private keys: PKCS#8, PKCS#1 and SEC 1, and the public key that belongs to each.
//!
//! The public key is derived from the private number, as Go does; a public key that the file itself claims
//! is believed only for curves that cannot be computed here.

use crate::der::{self, Malformed, Reader, explicit};
use crate::detail::{Fault, FileKind};
use crate::pem::{Block, PemFile};
use crate::public_key::{self, Curve, PublicKey, kind_of};
use num_bigint::BigUint;
use p256::elliptic_curve::sec1::ToSec1Point as _;

/// The longest number that is calculated with, in bytes; RSA keys over 8192 bits are refused by Go's TLS.
const LONGEST: usize = 2048;

/// The longest DSA prime that is calculated with, in bytes.
const LONGEST_DSA: usize = 512;

/// What is known of a private key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PrivateKey {
    /// Its public half; `None` when it cannot be derived (Ed448, or an odd curve without the public part).
    pub(crate) public: Option<PublicKey>,
    /// What kind it is, to say in a message.
    pub(crate) kind: String,
    /// Where its `BEGIN` line is, 1-based.
    pub(crate) line: usize,
}

/// Reads the first private key of a file, which is the one that Go's `tls.X509KeyPair` takes.
/// The line is that of the faulty block.
pub(crate) fn read(file: &PemFile) -> Result<PrivateKey, (Fault, Option<usize>)> {
    let is_key = |label: &str| label == "PRIVATE KEY" || label.ends_with(" PRIVATE KEY");
    let damaged = file.damaged.iter().find(|damaged| is_key(&damaged.label));
    let block = file.blocks.iter().find(|block| is_key(&block.label));
    match (block, damaged) {
        (block, Some(damaged)) if block.is_none_or(|block| damaged.line < block.line) => Err((
            Fault::Damaged { label: damaged.label.clone(), damage: damaged.damage },
            Some(damaged.line),
        )),
        (Some(block), _) => parse(block).map_err(|fault| (fault, Some(block.line))),
        (None, _) => Err((Fault::nothing_in(FileKind::Key, file), None)),
    }
}

fn parse(block: &Block) -> Result<PrivateKey, Fault> {
    if block.encrypted || block.label == "ENCRYPTED PRIVATE KEY" {
        return Err(Fault::KeyEncrypted);
    }
    if block.label == "OPENSSH PRIVATE KEY" {
        return Err(Fault::KeyOpenSsh);
    }
    let (public, kind) = from_der(&block.der).map_err(|Malformed| Fault::KeyMalformed)??;
    Ok(PrivateKey { public, kind, line: block.line })
}

type Derived = Result<(Option<PublicKey>, String), Fault>;

/// Go tries PKCS#1, PKCS#8 and SEC 1 whatever the label says; the second element tells them apart.
fn from_der(der: &[u8]) -> Result<Derived, Malformed> {
    let mut file = Reader::new(der);
    let mut key = file.sequence()?;
    let mut ahead = key;
    ahead.read(der::INTEGER)?;
    if ahead.next_is(der::SEQUENCE) {
        pkcs8(key)
    } else if ahead.next_is(der::OCTET_STRING) {
        sec1(key, None).map(Ok)
    } else if !file.is_empty() {
        // Only here does Go mind what follows.
        Err(Malformed)
    } else {
        let version = key.small()?;
        let numbers = integers(key)?;
        if numbers.len() == 5 { dsa(&numbers).map(Ok) } else { rsa(version, &numbers).map(Ok) }
    }
}

/// PrivateKeyInfo of RFC 5208 and OneAsymmetricKey of RFC 5958.
fn pkcs8(mut key: Reader<'_>) -> Result<Derived, Malformed> {
    key.small()?;
    let mut algorithm = key.sequence()?;
    let id = algorithm.oid()?;
    let private = key.read(der::OCTET_STRING)?;
    if id == public_key::RSA || id == public_key::RSA_PSS {
        let mut inner = Reader::new(private).sequence()?;
        let version = inner.small()?;
        let (public, kind) = rsa(version, &integers(inner)?)?;
        return Ok(Ok(match public {
            Some(PublicKey::Rsa { modulus, exponent }) if id == public_key::RSA_PSS => {
                (Some(PublicKey::RsaPss { modulus, exponent }), kind)
            }
            public => (public, kind),
        }));
    }
    if id == public_key::EC {
        let curve = Curve::read(&mut algorithm)?;
        return sec1(Reader::new(private).sequence()?, Some(curve)).map(Ok);
    }
    if id == public_key::ED25519 {
        if !algorithm.is_empty() {
            return Err(Malformed);
        }
        let seed = Reader::new(private).only(|seed| seed.read(der::OCTET_STRING))?;
        let seed = <[u8; 32]>::try_from(seed).map_err(|_| Malformed)?;
        let public = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key().to_bytes();
        return Ok(Ok((Some(PublicKey::Ed25519(public)), "Ed25519".to_owned())));
    }
    if id == public_key::DSA {
        let mut params = algorithm.sequence()?;
        let (p, q, g) = (params.unsigned()?, params.unsigned()?, params.unsigned()?);
        let x = Reader::new(private).unsigned()?;
        return dsa(&[p, q, g, &[], x]).map(Ok);
    }
    match kind_of(&id) {
        // A signature key, though none that Go or this crate can use: its certificate is judged instead.
        "Ed448" => Ok(Ok((None, "Ed448".to_owned()))),
        other => Ok(Err(Fault::KeyUnusable { kind: other.to_owned() })),
    }
}

fn integers(mut reader: Reader<'_>) -> Result<Vec<&[u8]>, Malformed> {
    let mut numbers = Vec::new();
    while reader.next_is(der::INTEGER) {
        let number = reader.unsigned()?;
        if number.len() > LONGEST || numbers.len() > 8 {
            return Err(Malformed);
        }
        numbers.push(number);
    }
    Ok(numbers)
}

/// RSAPrivateKey of RFC 8017, appendix A.1.2, with the checks of Go's `rsa.PrivateKey.Validate`.
fn rsa(version: u64, numbers: &[&[u8]]) -> Result<(Option<PublicKey>, String), Malformed> {
    let [n, e, d, p, q, dp, dq, q_inverse] =
        <[&[u8]; 8]>::try_from(numbers).map_err(|_| Malformed)?.map(BigUint::from_bytes_be);
    let one = BigUint::from(1_u8);
    let odd_exponent = e.bit(0) && e > one && e.bits() < 32;
    if version > 1
        || !n.bit(0)
        || !odd_exponent
        || [&d, &p, &q].into_iter().any(|number| *number <= one)
    {
        return Err(Malformed);
    }
    // Version 1 has more primes, which Go does not check against each other either.
    if version == 0 {
        let fits = |prime: &BigUint, remainder: &BigUint| {
            let order = prime - &one;
            &d % &order == *remainder && (&e * remainder) % &order == one
        };
        let close = if p > q { &p - &q } else { &q - &p };
        let coefficient = (&q * &q_inverse) % &p == one && q_inverse < p;
        let strong = close.bits() + 100 > n.bits() / 2 && d.bits() > n.bits() / 2;
        if &p * &q != n || d >= n || !fits(&p, &dp) || !fits(&q, &dq) || !coefficient || !strong {
            return Err(Malformed);
        }
    }
    let public = PublicKey::Rsa { modulus: n.to_bytes_be(), exponent: e.to_bytes_be() };
    let kind = public.to_string();
    Ok((Some(public), kind))
}

/// The traditional form of OpenSSL: p, q, g, y, x.
fn dsa(numbers: &[&[u8]]) -> Result<(Option<PublicKey>, String), Malformed> {
    let [p, _, g, _, x] = numbers else { return Err(Malformed) };
    if p.is_empty() || [p, g, x].iter().any(|number| number.len() > LONGEST_DSA) {
        return Err(Malformed);
    }
    let number = |bytes: &[u8]| BigUint::from_bytes_be(bytes);
    let value = number(g).modpow(&number(x), &number(p)).to_bytes_be();
    let public = PublicKey::Dsa { prime: p.to_vec(), value };
    let kind = public.to_string();
    Ok((Some(public), kind))
}

/// ECPrivateKey of RFC 5915; `outer` is the curve that PKCS#8 names around it.
fn sec1(
    mut key: Reader<'_>,
    outer: Option<Curve>,
) -> Result<(Option<PublicKey>, String), Malformed> {
    if key.small()? != 1 {
        return Err(Malformed);
    }
    let scalar = key.read(der::OCTET_STRING)?;
    let inner = match key.optional(explicit(0))? {
        Some(params) if outer.is_none() => Some(Curve::read(&mut Reader::new(params))?),
        _ => None,
    };
    let claimed = match key.optional(explicit(1))? {
        Some(public) => Some(Reader::new(public).bits()?.0),
        None => None,
    };
    let curve = outer.or(inner).ok_or(Malformed)?;
    let kind = format!("ECDSA {curve}");
    Ok((times_generator(curve, scalar, claimed)?, kind))
}

/// The point that a private number makes.
fn times_generator(
    curve: Curve,
    scalar: &[u8],
    claimed: Option<Vec<u8>>,
) -> Result<Option<PublicKey>, Malformed> {
    let point = match &curve {
        Curve::P256 => p256::SecretKey::from_slice(&padded(scalar, 32)?)
            .map(|key| key.public_key().to_sec1_point(false).as_bytes().to_vec()),
        Curve::P384 => p384::SecretKey::from_slice(&padded(scalar, 48)?)
            .map(|key| key.public_key().to_sec1_point(false).as_bytes().to_vec()),
        Curve::P521 => p521::SecretKey::from_slice(&padded(scalar, 66)?)
            .map(|key| key.public_key().to_sec1_point(false).as_bytes().to_vec()),
        Curve::P224 | Curve::Other(_) => {
            return Ok(claimed.map(|point| PublicKey::Ec { curve, point }));
        }
    };
    let point = point.map_err(|_| Malformed)?;
    Ok(Some(PublicKey::Ec { curve, point }))
}

/// Go strips zeros before a scalar that is too long, and pads one that is too short.
fn padded(scalar: &[u8], length: usize) -> Result<Vec<u8>, Malformed> {
    let zeros = scalar.len().saturating_sub(length);
    let (before, scalar) = scalar.split_at_checked(zeros).ok_or(Malformed)?;
    if before.iter().any(|b| *b != 0) {
        return Err(Malformed);
    }
    let mut padded = vec![0; length - scalar.len()];
    padded.extend_from_slice(scalar);
    Ok(padded)
}
