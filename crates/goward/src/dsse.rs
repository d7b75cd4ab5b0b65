//! Signed envelopes.
//! Source: <https://github.com/secure-systems-lab/dsse/blob/master/protocol.md>.

use crate::keys::{Key, PublicKey};
use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

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

/// What is in an envelope. With keys, a signature of one of them must hold; without any nothing is checked.
pub(crate) fn open(text: &[u8], kind: &str, keys: &[PublicKey]) -> anyhow::Result<Vec<u8>> {
    let envelope: Envelope =
        serde_json::from_slice(text).context("damaged: no DSSE envelope; take it again")?;
    if envelope.payload_type != kind {
        bail!("it holds {:?}, not {kind:?}", envelope.payload_type);
    }
    let payload = STANDARD
        .decode(&envelope.payload)
        .context("damaged: its payload is no base64; take it again")?;
    if !keys.is_empty() {
        let message = encoded(&payload, kind);
        let holds = |it: &Signature| {
            let signature = STANDARD.decode(&it.sig).unwrap_or_default();
            keys.iter().any(|key| key.holds(&message, &signature))
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
        let (public, other) = (&[public], &[other]);
        assert_eq!(open(text.as_bytes(), "k", public).unwrap(), b"text");
        assert!(open(text.as_bytes(), "k", other).is_err());
        assert!(open(text.as_bytes(), "other", public).is_err());
        let altered = text.replace(&STANDARD.encode("text"), &STANDARD.encode("tent"));
        assert!(open(altered.as_bytes(), "k", public).is_err());
        assert_eq!(open(altered.as_bytes(), "k", &[]).unwrap(), b"tent");
    }
}
