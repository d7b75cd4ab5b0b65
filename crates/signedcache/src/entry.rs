//! What is signed: this action made this output.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use gocache::Id;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// The first line: what is signed here is never another kind of text.
const HEAD: &str = "goward cache entry v1";
/// Longer is no entry, in bytes.
pub const MAX_SIGNED: usize = 512;

/// What an action made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The action.
    pub action: Id,
    /// The SHA-256 of what it made.
    pub output: Id,
    /// Its size in bytes.
    pub size: u64,
    /// When, in nanoseconds since 1970.
    pub time: u64,
}

/// The first 64 bits of the SHA-256 of a public key: names it, and proves nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId(pub [u8; 8]);

impl KeyId {
    fn of(key: &VerifyingKey) -> Self {
        let hash: [u8; 32] = Sha256::digest(key.as_bytes()).into();
        Self(std::array::from_fn(|at| hash.get(at).copied().unwrap_or_default()))
    }

    /// From 16 small hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let number = u64::from_str_radix(text, 16).ok()?;
        let id = Self(number.to_be_bytes());
        (id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A statement as it is kept and sent: text of seven lines, in one way of writing only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// What is stated.
    pub statement: Statement,
    /// By whom, as it says itself.
    pub key: KeyId,
    signature: [u8; 64],
}

/// Why an entry is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Not the text of an entry.
    #[error("it does not have the form of a signed entry")]
    Form,
    /// Of another action than it is kept for.
    #[error("it is the entry of action {0}")]
    OtherAction(Id),
    /// By nobody whom we trust.
    #[error("it is signed by key {0}, which is not trusted here")]
    UnknownKey(KeyId),
    /// The signature is not that of this text.
    #[error("its signature by key {0} is wrong")]
    Signature(KeyId),
}

impl Statement {
    /// What is signed; the key's name is part of it.
    fn text(&self, key: KeyId) -> String {
        let Self { action, output, size, time } = self;
        format!("{HEAD}\naction {action}\noutput {output}\nsize {size}\ntime {time}\nkey {key}\n")
    }
}

impl Signed {
    /// Reads an entry; whether it is true is [`Trusted::check`]'s question.
    ///
    /// # Errors
    /// [`EntryError::Form`] for all that [`Signed::text`] does not write.
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        Self::read(bytes).filter(|read| read.text().as_bytes() == bytes).ok_or(EntryError::Form)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= MAX_SIGNED)?;
        let mut lines = text.strip_prefix(HEAD)?.strip_prefix('\n')?.lines();
        let mut field = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
        Some(Self {
            statement: Statement {
                action: Id::from_hex(field("action")?.as_bytes())?,
                output: Id::from_hex(field("output")?.as_bytes())?,
                size: field("size")?.parse().ok()?,
                time: field("time")?.parse().ok()?,
            },
            key: KeyId::from_hex(field("key")?)?,
            signature: STANDARD.decode(field("signature")?).ok()?.try_into().ok()?,
        })
    }

    /// As it is kept and sent.
    pub fn text(&self) -> String {
        let signature = STANDARD.encode(self.signature);
        format!("{}signature {signature}\n", self.statement.text(self.key))
    }
}

/// Signs what is built here.
pub struct Signer {
    key: SigningKey,
    id: KeyId,
}

impl Signer {
    /// With this key.
    pub fn new(key: SigningKey) -> Self {
        let id = KeyId::of(&key.verifying_key());
        Self { key, id }
    }

    /// The key that its signatures are verified with.
    pub fn public(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    /// Signs a statement.
    pub fn sign(&self, statement: Statement) -> Signed {
        let signature = self.key.sign(statement.text(self.id).as_bytes()).to_bytes();
        Signed { statement, key: self.id, signature }
    }
}

/// Whose signatures count.
#[derive(Clone, Debug, Default)]
pub struct Trusted {
    keys: Vec<(KeyId, VerifyingKey)>,
}

impl Trusted {
    /// Those of these keys.
    pub fn new(keys: impl IntoIterator<Item = VerifyingKey>) -> Self {
        Self { keys: keys.into_iter().map(|key| (KeyId::of(&key), key)).collect() }
    }

    /// Whether there is a key at all.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether a key of this name is among them.
    pub fn knows(&self, key: KeyId) -> bool {
        self.keys.iter().any(|(id, _)| *id == key)
    }

    /// Holds an entry against the action that it is kept for, and its signature against the keys.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub fn check(&self, action: &Id, signed: &Signed) -> Result<(), EntryError> {
        if signed.statement.action != *action {
            return Err(EntryError::OtherAction(signed.statement.action));
        }
        let (id, text) = (signed.key, signed.statement.text(signed.key));
        let signature = Signature::from_bytes(&signed.signature);
        let mut mine = self.keys.iter().filter(|(known, _)| *known == id).peekable();
        if mine.peek().is_none() {
            return Err(EntryError::UnknownKey(id));
        }
        // Strict: no signature that some verifiers take and others do not (RFC 8032, 8.4).
        match mine.any(|(_, key)| key.verify_strict(text.as_bytes(), &signature).is_ok()) {
            true => Ok(()),
            false => Err(EntryError::Signature(id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn statement() -> Statement {
        Statement { action: Id([1; 32]), output: Id([2; 32]), size: 3, time: 4 }
    }

    fn signer(seed: u8) -> Signer {
        Signer::new(SigningKey::from_bytes(&[seed; 32]))
    }

    #[test]
    fn only_a_trusted_key_and_the_own_action_count() {
        let signed = signer(1).sign(statement());
        let trusted = Trusted::new([signer(1).public()]);
        assert_eq!(trusted.check(&Id([1; 32]), &signed), Ok(()));
        let other = trusted.check(&Id([9; 32]), &signed);
        assert_eq!(other, Err(EntryError::OtherAction(Id([1; 32]))));
        let foreign = signer(2).sign(statement());
        let unknown = trusted.check(&Id([1; 32]), &foreign);
        assert_eq!(unknown, Err(EntryError::UnknownKey(foreign.key)));
        let claimed = Signed { key: signed.key, ..foreign };
        let wrong = trusted.check(&Id([1; 32]), &claimed);
        assert_eq!(wrong, Err(EntryError::Signature(signed.key)));
    }

    #[test]
    fn every_field_is_signed() {
        let signed = signer(1).sign(statement());
        let trusted = Trusted::new([signer(1).public()]);
        for changed in [
            Statement { output: Id([8; 32]), ..statement() },
            Statement { size: 8, ..statement() },
            Statement { time: 8, ..statement() },
        ] {
            let changed = Signed { statement: changed, ..signed.clone() };
            let found = trusted.check(&Id([1; 32]), &changed);
            assert_eq!(found, Err(EntryError::Signature(signed.key)));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_written_is_read(action: [u8; 32], output: [u8; 32], size: u64, time: u64) {
            let signed = signer(1).sign(Statement { action: Id(action), output: Id(output), size, time });
            let text = signed.text();
            prop_assert!(text.len() <= MAX_SIGNED);
            prop_assert_eq!(Signed::parse(text.as_bytes()), Ok(signed));
        }

        #[test]
        fn no_changed_byte_is_believed(at in 0usize..400, with: u8) {
            let mut text = signer(1).sign(statement()).text().into_bytes();
            let at = at % text.len();
            prop_assume!(text[at] != with);
            text[at] = with;
            let trusted = Trusted::new([signer(1).public()]);
            let believed = Signed::parse(&text).is_ok_and(|read| trusted.check(&Id([1; 32]), &read).is_ok());
            prop_assert!(!believed);
        }
    }
}
