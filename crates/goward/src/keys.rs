//! Keys in PEM files: what statements and cache entries are signed with, and verified.

use anyhow::{Context as _, bail};
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _};
use std::path::Path;

/// More than any key has, in bytes.
const MAX_KEY: u64 = 64 << 10;

/// A private key in PEM (PKCS #8): Ed25519, or ECDSA on P-256.
pub(crate) enum Key {
    /// Ed25519.
    Ed25519(Box<ed25519_dalek::SigningKey>),
    /// ECDSA on P-256 with SHA-256.
    P256(Box<p256::ecdsa::SigningKey>),
}

impl Key {
    /// Reads it from a file.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        Self::parse(&text(path)?).with_context(|| path.display().to_string())
    }

    fn parse(pem: &str) -> anyhow::Result<Self> {
        if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_pem(pem) {
            return Ok(Self::Ed25519(Box::new(key)));
        }
        if let Ok(key) = p256::ecdsa::SigningKey::from_pkcs8_pem(pem) {
            return Ok(Self::P256(Box::new(key)));
        }
        bail!(
            "no Ed25519 or P-256 private key in PKCS #8 PEM; make one with `openssl genpkey -algorithm ed25519 -out FILE`"
        )
    }

    /// Signs a message; ECDSA's signature is in DER.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => ed25519_dalek::Signer::sign(&**key, message).to_bytes().to_vec(),
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature =
                    p256::ecdsa::signature::Signer::sign(&**key, message);
                signature.to_der().as_bytes().to_vec()
            }
        }
    }
}

/// A private key where only Ed25519 will do.
pub(crate) fn signing(path: &Path) -> anyhow::Result<ed25519_dalek::SigningKey> {
    match Key::read(path)? {
        Key::Ed25519(key) => Ok(*key),
        Key::P256(_) => bail!(
            "{}: a P-256 key; entries are signed with Ed25519: `openssl genpkey -algorithm ed25519 -out FILE`",
            path.display()
        ),
    }
}

/// A public key in PEM (SubjectPublicKeyInfo): Ed25519, or ECDSA on P-256.
pub(crate) enum PublicKey {
    /// Ed25519.
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
    /// ECDSA on P-256 with SHA-256.
    P256(Box<p256::ecdsa::VerifyingKey>),
}

impl PublicKey {
    /// Reads it from a file.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        Self::parse(&text(path)?).with_context(|| path.display().to_string())
    }

    fn parse(pem: &str) -> anyhow::Result<Self> {
        if let Ok(key) = ed25519_dalek::VerifyingKey::from_public_key_pem(pem) {
            return Ok(Self::Ed25519(Box::new(key)));
        }
        if let Ok(key) = p256::ecdsa::VerifyingKey::from_public_key_pem(pem) {
            return Ok(Self::P256(Box::new(key)));
        }
        bail!(
            "no Ed25519 or P-256 public key in PEM; make it of the private one with `openssl pkey -in KEY -pubout -out FILE`"
        )
    }

    /// Whether it is this key's signature of the message; ECDSA's is in DER.
    pub(crate) fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Self::P256(key) => p256::ecdsa::Signature::from_der(signature).is_ok_and(|signature| {
                p256::ecdsa::signature::Verifier::verify(&**key, message, &signature).is_ok()
            }),
        }
    }
}

/// A public key where only Ed25519 will do.
pub(crate) fn verifying(path: &Path) -> anyhow::Result<ed25519_dalek::VerifyingKey> {
    match PublicKey::read(path)? {
        PublicKey::Ed25519(key) => Ok(*key),
        PublicKey::P256(_) => bail!(
            "{}: a P-256 key; entries are signed with Ed25519: `openssl genpkey -algorithm ed25519 -out FILE`",
            path.display()
        ),
    }
}

/// Also through a pipe: keys come out of vaults.
fn text(path: &Path) -> anyhow::Result<String> {
    crate::files::read(path, MAX_KEY)
}
