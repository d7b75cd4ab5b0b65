//! Signed envelopes, and the keys for them.
//! Source: <https://github.com/secure-systems-lab/dsse/blob/master/protocol.md>.

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _};
use serde::Deserialize;
use serde_json::{Value, json};

/// A private key in PEM (PKCS #8): Ed25519, or ECDSA on P-256.
pub(crate) enum Key {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    P256(Box<p256::ecdsa::SigningKey>),
}

impl Key {
    /// Reads it.
    pub(crate) fn parse(pem: &str) -> anyhow::Result<Self> {
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

    fn sign(&self, message: &[u8]) -> Vec<u8> {
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

/// A public key in PEM (SubjectPublicKeyInfo).
pub(crate) enum PublicKey {
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
    P256(Box<p256::ecdsa::VerifyingKey>),
}

impl PublicKey {
    /// Reads it.
    pub(crate) fn parse(pem: &str) -> anyhow::Result<Self> {
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

    fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Self::P256(key) => p256::ecdsa::Signature::from_der(signature).is_ok_and(|signature| {
                p256::ecdsa::signature::Verifier::verify(&**key, message, &signature).is_ok()
            }),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    payload_type: String,
    payload: String,
    signatures: Vec<Signature>,
}

#[derive(Deserialize)]
struct Signature {
    sig: String,
}

/// The payload in a signed envelope.
pub(crate) fn envelope(payload: &[u8], kind: &str, key: &Key) -> Value {
    json!({
        "payloadType": kind,
        "payload": STANDARD.encode(payload),
        "signatures": [{"sig": STANDARD.encode(key.sign(&encoded(payload, kind)))}],
    })
}

/// Whether a document is an envelope; what is in it may be anything.
pub(crate) fn is_envelope(text: &[u8]) -> bool {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head {
        #[serde(rename = "payloadType")]
        _kind: String,
    }
    serde_json::from_slice::<Head>(text).is_ok()
}

/// What is in an envelope. With a key, one of its signatures must hold; without one nothing is checked.
pub(crate) fn open(text: &[u8], kind: &str, key: Option<&PublicKey>) -> anyhow::Result<Vec<u8>> {
    let envelope: Envelope =
        serde_json::from_slice(text).context("damaged: no DSSE envelope; take it again")?;
    if envelope.payload_type != kind {
        bail!("it holds {:?}, not {kind:?}", envelope.payload_type);
    }
    let payload = STANDARD
        .decode(&envelope.payload)
        .context("damaged: its payload is no base64; take it again")?;
    if let Some(key) = key {
        let message = encoded(&payload, kind);
        let holds = |it: &Signature| {
            STANDARD.decode(&it.sig).is_ok_and(|signature| key.holds(&message, &signature))
        };
        if !envelope.signatures.iter().any(holds) {
            bail!(
                "no signature of this key holds: it was altered, or signed by another key; do not use it"
            );
        }
    }
    Ok(payload)
}

/// DSSE's pre-authentication encoding.
fn encoded(payload: &[u8], kind: &str) -> Vec<u8> {
    let mut out = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
    out.extend_from_slice(payload);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_that_of_the_protocol() {
        // The protocol's own example.
        let wanted = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world";
        assert_eq!(encoded(b"hello world", "http://example.com/HelloWorld"), wanted);
    }

    #[test]
    fn what_was_altered_is_refused() {
        let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
        let public = PublicKey::Ed25519(Box::new(key.verifying_key()));
        let other = ed25519_dalek::SigningKey::from_bytes(&[8; 32]).verifying_key();
        let other = PublicKey::Ed25519(Box::new(other));
        let signed = envelope(b"text", "k", &Key::Ed25519(Box::new(key)));
        let text = signed.to_string();
        assert!(is_envelope(text.as_bytes()));
        assert_eq!(open(text.as_bytes(), "k", Some(&public)).unwrap(), b"text");
        assert!(open(text.as_bytes(), "k", Some(&other)).is_err());
        assert!(open(text.as_bytes(), "other", Some(&public)).is_err());
        let altered = text.replace(&STANDARD.encode("text"), &STANDARD.encode("tent"));
        assert!(open(altered.as_bytes(), "k", Some(&public)).is_err());
        assert_eq!(open(altered.as_bytes(), "k", None).unwrap(), b"tent");
    }
}
