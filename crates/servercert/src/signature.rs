//! Verifies the signature of one certificate with the key of another.
//!
//! Verification works on public values only. RSA is written out here, on top of `num-bigint`, because a
//! judge has to follow links that serving libraries refuse to look at (1024-bit keys, MD5 and SHA-1), so as
//! to report the weak algorithm and not a broken chain. The elliptic curves are RustCrypto's.

use crate::algorithm::{Hash, Signing};
use crate::public_key::{Curve, PublicKey};
use ed25519_dalek::Verifier as _;
use md5::Md5;
use num_bigint::BigUint;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// The longest RSA modulus that is calculated with, in bytes.
const LONGEST_MODULUS: usize = 2048;

/// What came of verifying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// This key made this signature.
    Verified,
    /// This key did not make this signature.
    Failed,
    /// Neither this crate nor Go implements the algorithm.
    Unverifiable,
}

/// Whether `key` made `signature` over `message`.
pub(crate) fn verify(
    signing: &Signing,
    key: &PublicKey,
    message: &[u8],
    signature: &[u8],
) -> Verdict {
    let made = match (signing, key) {
        (Signing::Other(_) | Signing::RsaPssOdd(_) | Signing::Dsa(_), _) => None,
        (_, PublicKey::RsaPss { .. } | PublicKey::Dsa { .. } | PublicKey::Other { .. }) => None,
        (_, PublicKey::Ec { curve: Curve::P224 | Curve::Other(_), .. }) => None,
        (Signing::RsaPkcs1(hash), PublicKey::Rsa { modulus, exponent }) => {
            pkcs1(*hash, modulus, exponent, message, signature)
        }
        (Signing::RsaPss(hash), PublicKey::Rsa { modulus, exponent }) => {
            pss(*hash, modulus, exponent, message, signature)
        }
        (Signing::Ecdsa(hash), PublicKey::Ec { curve, point }) => {
            digest(*hash, message).map(|digest| ecdsa(curve, point, &digest, signature))
        }
        (Signing::Ed25519, PublicKey::Ed25519(point)) => Some(ed25519(point, message, signature)),
        _ => Some(false),
    };
    match made {
        Some(true) => Verdict::Verified,
        Some(false) => Verdict::Failed,
        None => Verdict::Unverifiable,
    }
}

/// `None` for digests that Go has no certificate algorithm for.
fn digest(hash: Hash, message: &[u8]) -> Option<Vec<u8>> {
    match hash {
        Hash::Md5 => Some(Md5::digest(message).to_vec()),
        Hash::Sha1 => Some(Sha1::digest(message).to_vec()),
        Hash::Sha256 => Some(Sha256::digest(message).to_vec()),
        Hash::Sha384 => Some(Sha384::digest(message).to_vec()),
        Hash::Sha512 => Some(Sha512::digest(message).to_vec()),
        Hash::Md2 | Hash::Md4 | Hash::Sha224 => None,
    }
}

/// The DER of DigestInfo up to the digest: RFC 8017, section 9.2, note 1.
const fn digest_info(hash: Hash) -> &'static [u8] {
    match hash {
        Hash::Md5 => b"\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05\x05\x00\x04\x10",
        Hash::Sha1 => b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14",
        Hash::Sha256 => {
            b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
        }
        Hash::Sha384 => {
            b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"
        }
        Hash::Sha512 => {
            b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"
        }
        Hash::Md2 | Hash::Md4 | Hash::Sha224 => b"",
    }
}

/// RSAVP1 of RFC 8017: the signature to the power of the exponent, as long as the modulus.
/// The outer `None` is a key that is too long to calculate with, or too short.
fn opened(modulus: &[u8], exponent: &[u8], signature: &[u8]) -> Option<Option<Vec<u8>>> {
    if modulus.len() > LONGEST_MODULUS || exponent.len() > 8 {
        return None;
    }
    let n = BigUint::from_bytes_be(modulus);
    // Go's crypto/rsa works with nothing below 1024 bits.
    if n.bits() < 1024 {
        return None;
    }
    let s = BigUint::from_bytes_be(signature);
    if signature.len() != modulus.len() || s >= n {
        return Some(None);
    }
    let short = s.modpow(&BigUint::from_bytes_be(exponent), &n).to_bytes_be();
    let mut message = vec![0; modulus.len().saturating_sub(short.len())];
    message.extend(short);
    Some(Some(message))
}

/// RSASSA-PKCS1-v1_5: the encoding is made anew and compared, so no laxity in reading it can be abused.
fn pkcs1(
    hash: Hash,
    modulus: &[u8],
    exponent: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let digest = digest(hash, message)?;
    let Some(encoded) = opened(modulus, exponent, signature)? else { return Some(false) };
    let tail = [digest_info(hash), &digest].concat();
    // At least eight bytes of padding: RFC 8017, section 9.2, step 3.
    let Some(padding) = encoded.len().checked_sub(tail.len() + 3).filter(|n| *n >= 8) else {
        return Some(false);
    };
    let expected = [&[0, 1][..], &vec![0xff; padding], &[0], &tail].concat();
    Some(encoded == expected)
}

/// RSASSA-PSS, RFC 8017, section 9.1.2, with a salt as long as the digest.
fn pss(
    hash: Hash,
    modulus: &[u8],
    exponent: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let digest = digest(hash, message)?;
    let Some(opened) = opened(modulus, exponent, signature)? else { return Some(false) };
    // The encoding has one bit less than the modulus; the bits above it are zero.
    let bits = BigUint::from_bytes_be(modulus).bits().saturating_sub(1);
    let unused = u32::try_from((8 - bits % 8) % 8).unwrap_or_default();
    let encoded =
        if bits.is_multiple_of(8) { opened.get(1..).unwrap_or_default() } else { &opened };
    Some(pss_encoding_holds(hash, encoded, unused, &digest))
}

fn pss_encoding_holds(hash: Hash, encoded: &[u8], unused: u32, digest: &[u8]) -> bool {
    let size = hash.len();
    let Some((0xbc, encoded)) = encoded.split_last() else { return false };
    let Some(split) = encoded.len().checked_sub(size).filter(|split| *split > size) else {
        return false;
    };
    let Some((masked, seed)) = encoded.split_at_checked(split) else { return false };
    let Some(mask) = mask(hash, seed, masked.len()) else { return false };
    let mut block: Vec<u8> = masked.iter().zip(mask).map(|(a, b)| a ^ b).collect();
    let keep = 0xff_u8.checked_shr(unused).unwrap_or_default();
    match (block.first_mut(), masked.first()) {
        (Some(first), Some(raw)) if raw & !keep == 0 => *first &= keep,
        _ => return false,
    }
    let Some((start, salt)) = block.split_at_checked(block.len().saturating_sub(size)) else {
        return false;
    };
    let Some((1, zeros)) = start.split_last() else { return false };
    if zeros.iter().any(|b| *b != 0) {
        return false;
    }
    self::digest(hash, &[&[0; 8], digest, salt].concat()).is_some_and(|made| made == seed)
}

/// MGF1 of RFC 8017, appendix B.2.1.
fn mask(hash: Hash, seed: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut mask = Vec::with_capacity(length + hash.len());
    for counter in 0_u32.. {
        if mask.len() >= length {
            break;
        }
        mask.extend(digest(hash, &[seed, &counter.to_be_bytes()].concat())?);
    }
    mask.truncate(length);
    Some(mask)
}

fn ecdsa(curve: &Curve, point: &[u8], digest: &[u8], signature: &[u8]) -> bool {
    // The curves refuse a digest under half their size; zeros before it leave its number as it is.
    let zeros = curve.field_bytes().unwrap_or_default().saturating_sub(digest.len());
    let digest = &[&vec![0; zeros], digest].concat();
    match curve {
        Curve::P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok_and(|key| {
            p256::ecdsa::DerSignature::from_bytes(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok())
        }),
        Curve::P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok_and(|key| {
            p384::ecdsa::DerSignature::from_bytes(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok())
        }),
        Curve::P521 => p521::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok_and(|key| {
            p521::ecdsa::DerSignature::from_bytes(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok())
        }),
        Curve::P224 | Curve::Other(_) => false,
    }
}

fn ed25519(point: &[u8; 32], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (
        ed25519_dalek::VerifyingKey::from_bytes(point),
        ed25519_dalek::Signature::from_slice(signature),
    ) else {
        return false;
    };
    key.verify(message, &signature).is_ok()
}
