//! Signed notes (`golang.org/x/mod/sumdb/note`): a text, a blank line, and lines `— name base64`, each the signature of
//! a key that the reader knows or does not.

use crate::base64;
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;
use std::fmt;

/// The only algorithm there is (`note.algEd25519`).
pub(crate) const ED25519: u8 = 1;

/// Signature lines beyond this are refused, as in Go.
const MAX_SIGNATURES: usize = 100;

/// What begins a signature line: an em dash and a space.
pub(crate) const SIGNATURE_PREFIX: &str = "— ";

/// What is wrong with a key or a note, in Go's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The verifier key has not the form `name+hash+base64`.
    #[error("malformed verifier id")]
    MalformedKey,
    /// The verifier key is for another algorithm than Ed25519.
    #[error("unknown verifier algorithm")]
    UnknownAlgorithm,
    /// The hash in the verifier key is not that of its name and key.
    #[error("invalid verifier hash")]
    KeyHash,
    /// The text is no note: no blank line, no signature line, a control character, no UTF-8.
    #[error("malformed note")]
    Malformed,
    /// No known key has signed the note.
    #[error("note has no verifiable signatures")]
    Unverified(Box<Note>),
    /// A known key has not made the signature that bears its name.
    #[error("invalid signature for key {0}")]
    InvalidSignature(KeyId),
    /// Two of the known keys have the same name and hash.
    #[error("ambiguous key {0}")]
    Ambiguous(KeyId),
}

/// How a signature names its key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyId {
    /// The name of the server.
    pub name: String,
    /// The first four bytes of SHA-256 of name, line end, algorithm and key.
    pub hash: u32,
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{:08x}", self.name, self.hash)
    }
}

/// A public key with the name of its server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    id: KeyId,
    key: [u8; 32],
}

impl Verifier {
    /// Reads a verifier key: `name+hash+base64`, the hash in eight hexadecimal digits (`note.NewVerifier`).
    ///
    /// # Errors
    /// [`Error::MalformedKey`], [`Error::KeyHash`], [`Error::UnknownAlgorithm`].
    pub fn new(vkey: &str) -> Result<Self, Error> {
        let (name, rest) = vkey.split_once('+').unwrap_or((vkey, ""));
        let (hash, key) = rest.split_once('+').unwrap_or((rest, ""));
        let good_hash = hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit());
        let hash = u32::from_str_radix(hash, 16).ok().filter(|_| good_hash);
        let (Some(hash), Some(key)) = (hash, base64::decode(key.as_bytes())) else {
            return Err(Error::MalformedKey);
        };
        let Some((algorithm, point)) = key.split_first().filter(|_| is_name(name)) else {
            return Err(Error::MalformedKey);
        };
        if hash != key_hash(name, &key) {
            return Err(Error::KeyHash);
        }
        if *algorithm != ED25519 {
            return Err(Error::UnknownAlgorithm);
        }
        let key = point.try_into().map_err(|_| Error::MalformedKey)?;
        Ok(Self { id: KeyId { name: name.to_owned(), hash }, key })
    }

    /// The name of the server.
    pub fn name(&self) -> &str {
        &self.id.name
    }

    /// Name and hash.
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    /// Whether `signature` is this key's signature of `message`, for Go's `crypto/ed25519`.
    ///
    /// Go decodes the key as most do (unreduced coordinates and a signed zero are taken), refuses an unreduced S, and
    /// compares the encoding of `[S]B - [k]A` with the R of the signature. That is dalek's `verify`. `verify_strict`
    /// would also refuse keys and R of small order, with which Go verifies; such a key is the choice of whoever
    /// configured it, and two readers that disagree on a note are worse than one lax rule. A key that is no point of
    /// the curve verifies nothing, but is no error, as in Go.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
        let key = VerifyingKey::from_bytes(&self.key);
        let (Ok(key), Ok(signature)) = (key, Signature::from_slice(signature)) else {
            return false;
        };
        key.verify(message, &signature).is_ok()
    }
}

/// `note.keyHash`; `key` begins with the byte of the algorithm.
pub(crate) fn key_hash(name: &str, key: &[u8]) -> u32 {
    let digest = Sha256::new().chain_update(name).chain_update(b"\n").chain_update(key).finalize();
    digest.iter().take(4).fold(0, |hash, byte| hash << 8 | u32::from(*byte))
}

/// `note.isValidName`. Rust's white space is that of Go: the Unicode property.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c == '+')
}

/// A note whose signatures have been looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text; it ends in a line end.
    pub text: String,
    /// Signatures of known keys: they hold.
    pub sigs: Vec<Signature>,
    /// Signatures of other keys: they prove nothing.
    pub unverified_sigs: Vec<Signature>,
}

/// A signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The key that the line names.
    pub key: KeyId,
    /// The key's hash and the signature, as the line has them.
    pub base64: String,
}

/// Reads a note and verifies the signatures of the known keys (`note.Open`).
///
/// Time is linear: a key verifies once, and a note of more than 100 signatures is refused. As in Go, the length of a
/// note has no limit here; [`crate::Client`] has one.
///
/// # Errors
/// [`Error::Malformed`], [`Error::Ambiguous`], [`Error::InvalidSignature`], and [`Error::Unverified`] with the note if
/// nothing else is wrong.
pub fn open(message: &[u8], known: &[Verifier]) -> Result<Note, Error> {
    let message = std::str::from_utf8(message).map_err(|_| Error::Malformed)?;
    if message.bytes().any(|b| b < 0x20 && b != b'\n') {
        return Err(Error::Malformed);
    }
    let blank = message.rfind("\n\n").ok_or(Error::Malformed)?;
    let (text, lines) = message.split_at_checked(blank + 1).ok_or(Error::Malformed)?;
    let lines = lines.strip_prefix('\n').and_then(|lines| lines.strip_suffix('\n'));
    let mut note = Note { text: text.to_owned(), sigs: Vec::new(), unverified_sigs: Vec::new() };
    let (mut verified, mut unverified) = (HashSet::new(), HashSet::new());
    for (index, line) in lines.ok_or(Error::Malformed)?.split('\n').enumerate() {
        let (signature, raw) = signature_line(line).ok_or(Error::Malformed)?;
        if index >= MAX_SIGNATURES {
            return Err(Error::Malformed);
        }
        match verifier(known, &signature.key)? {
            // Repeated: the same line of an unknown key, any other line of a known one.
            None if !unverified.insert(line) => {}
            None => note.unverified_sigs.push(signature),
            Some(_) if !verified.insert(signature.key.clone()) => {}
            Some(key) if key.verify(text.as_bytes(), &raw) => note.sigs.push(signature),
            Some(_) => return Err(Error::InvalidSignature(signature.key)),
        }
    }
    if note.sigs.is_empty() { Err(Error::Unverified(Box::new(note))) } else { Ok(note) }
}

/// The signature, and its bytes without the hash of the key.
fn signature_line(line: &str) -> Option<(Signature, Vec<u8>)> {
    let (name, base64) = line.strip_prefix(SIGNATURE_PREFIX)?.split_once(' ')?;
    let raw = base64::decode(base64.as_bytes())?;
    let (hash, raw) = raw.split_first_chunk()?;
    if !is_name(name) || raw.is_empty() {
        return None;
    }
    let key = KeyId { name: name.to_owned(), hash: u32::from_be_bytes(*hash) };
    Some((Signature { key, base64: base64.to_owned() }, raw.to_vec()))
}

/// The known key that a signature names (`note.VerifierList`).
fn verifier<'a>(known: &'a [Verifier], id: &KeyId) -> Result<Option<&'a Verifier>, Error> {
    let mut found = known.iter().filter(|verifier| verifier.id == *id);
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => Err(Error::Ambiguous(id.clone())),
        (first, _) => Ok(first),
    }
}

/// Reads a note and verifies that the owner of one verifier key has signed it.
///
/// # Errors
/// What is wrong with the key, else what is wrong with the note.
pub fn verify(vkey: &str, message: &[u8]) -> Result<Note, Error> {
    open(message, &[Verifier::new(vkey)?])
}
